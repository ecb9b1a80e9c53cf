//! What was asked of a run, as the ledger keeps it.

use super::job::PackJob;
use super::readers::{Addressee, PackReaders};
use crate::run::loaded_config::Selection;
use crate::store::records::Record;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What was asked of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::run) struct RunRequest {
    to: RequestedReaders,
    pub addressees: Vec<Addressee>,
    only: Selection,
    draft: bool,
    /// The reason for which an earlier issue is corrected.
    pub reissue: Option<String>,
    version: String,
    output: PathBuf,
}

impl Record for RunRequest {
    const NAME: &'static str = "what was asked of the run";
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RequestedReaders {
    Nobody,
    List(String),
    These,
    Operators,
}

impl RunRequest {
    pub fn new(job: &PackJob, addressees: Vec<Addressee>, only: &Selection, output: &Path) -> Self {
        let to = match &job.recipients {
            PackReaders::Nobody => RequestedReaders::Nobody,
            PackReaders::List(name) => RequestedReaders::List(name.clone()),
            PackReaders::These(_) => RequestedReaders::These,
            PackReaders::Operators => RequestedReaders::Operators,
        };
        Self {
            to,
            addressees,
            only: only.clone(),
            draft: job.draft,
            reissue: job.reissue.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            output: output.to_owned(),
        }
    }

    /// The same was asked before. A list is the same by its name: those who were in it when its pack was ready are sent that.
    pub fn is_asked_by(&self, other: &RunRequest) -> bool {
        let Self { to, addressees, only, draft, reissue, version, output } = other;
        let same = *to == self.to && (matches!(to, RequestedReaders::List(_)) || *addressees == self.addressees);
        same && *only == self.only
            && *draft == self.draft
            && *reissue == self.reissue
            && *version == self.version
            && *output == self.output
    }
}

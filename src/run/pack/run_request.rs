//! What was asked of a run, as the ledger keeps it, and a run that goes on from where it was cut off.

use super::request::{Addressee, Request, To};
use crate::run::checkpoints::RENDER;
use crate::run::error::RunError;
use crate::run::loaded_config::Selection;
use crate::run::message_kinds::PACK;
use crate::store::records::{self, Record};
use crate::store::{Ledger, LedgerError, NewRun, RunId};
use jiff::Timestamp;
use jiff::civil::Date;
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

/// A run that has begun, now or before it was cut off.
pub(in crate::run) struct StartedRun {
    pub run: RunId,
    pub as_at: Date,
    pub asked: RunRequest,
    /// The stages that it had finished.
    pub finished: Vec<String>,
}

impl RunRequest {
    pub fn new(request: &Request, addressees: Vec<Addressee>, only: &Selection, output: &Path) -> Self {
        let to = match &request.recipients {
            To::Nobody => RequestedReaders::Nobody,
            To::List(name) => RequestedReaders::List(name.clone()),
            To::These(_) => RequestedReaders::These,
            To::Operators => RequestedReaders::Operators,
        };
        Self {
            to,
            addressees,
            only: only.clone(),
            draft: request.draft,
            reissue: request.reissue.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            output: output.to_owned(),
        }
    }

    /// The same was asked before. A list is the same by its name: those who were in it when its pack was ready are sent that.
    fn is_asked_by(&self, other: &RunRequest) -> bool {
        let Self { to, addressees, only, draft, reissue, version, output } = other;
        let same = *to == self.to && (matches!(to, RequestedReaders::List(_)) || *addressees == self.addressees);
        same && *only == self.only
            && *draft == self.draft
            && *reissue == self.reissue
            && *version == self.version
            && *output == self.output
    }
}

impl StartedRun {
    /// Goes on with a run of the quarter that was cut off, or starts a new one. Selection whoever has the lease may do so.
    ///
    /// A run whose pack is ready is gone on with whatever day it is; one that was not so far, if it is of the same day.
    /// Any other that was cut off is recorded as such, one whose request this version cannot read among them.
    pub async fn or_resumed(ledger: &Ledger, new: &NewRun<'_>, asked: RunRequest, now: Timestamp) -> Result<Self, RunError> {
        let mut resumed = None;
        for earlier in ledger.unfinished_runs(PACK, new.period).await? {
            let finished: Vec<String> = ledger.stages(earlier.id).await?.into_iter().map(|stage| stage.name).collect();
            let before: Option<RunRequest> = records::read(earlier.request.as_bytes()).ok();
            let day: Option<Date> = earlier.as_at.parse().ok();
            let is_ready = finished.iter().any(|stage| stage == RENDER);
            match (before, day) {
                (Some(before), Some(as_at))
                    if resumed.is_none()
                        && before.is_asked_by(&asked)
                        && earlier.edition == new.edition
                        && (is_ready || as_at == new.as_at) =>
                {
                    let asked = if is_ready { before } else { asked.clone() };
                    resumed = Some(Self { run: earlier.id, as_at, asked, finished });
                }
                _ => ledger.end_run(earlier.id, "failed: it was cut off, and another was asked for after it", now).await?,
            }
        }
        let begun = match resumed {
            Some(begun) => begun,
            None => {
                let run = ledger.start_run(new, now).await?;
                Self { run, as_at: new.as_at, asked, finished: Vec::new() }
            }
        };
        let request = records::write(&begun.asked).map_err(LedgerError::from)?;
        ledger.record_request(begun.run, &request).await?;
        Ok(begun)
    }

    pub fn was_cut_off(&self) -> bool {
        !self.finished.is_empty()
    }
}

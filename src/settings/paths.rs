//! Where things lie.

use super::values::{not_empty, unset_if_empty};
use schemars::JsonSchema;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Where things lie.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// A folder whose files replace the built-in `config/`: frameworks, areas, partners and the others.
    #[serde(deserialize_with = "unset_if_empty")]
    pub config: Option<PathBuf>,
    /// The same for `report_templates/`.
    #[serde(deserialize_with = "unset_if_empty")]
    pub templates: Option<PathBuf>,
    /// The same for `fonts/`.
    #[serde(deserialize_with = "unset_if_empty")]
    pub fonts: Option<PathBuf>,
    /// Where the partners' workbooks lie.
    #[serde(deserialize_with = "not_empty")]
    pub returns: PathBuf,
    /// Where packs are written, a folder a quarter.
    #[serde(deserialize_with = "not_empty")]
    pub output: PathBuf,
    /// A folder for what boardpack keeps and nobody but its user may read. It is apart from the packs.
    #[serde(deserialize_with = "not_empty")]
    pub state: PathBuf,
    /// The file that records runs, figures and messages. Not set: `ledger.sqlite` in `state`. The messages of
    /// `mail.transport = "file"` (`messages/`) and the secret of `[disclosure]` lie beside it.
    pub ledger: PathBuf,
    /// The folder that keeps every input as received, named by its SHA-256. Not set: `archive` in `state`.
    pub archive: PathBuf,
    /// Where this command writes packs in place of `output`, which says all the same whose they are.
    #[serde(skip)]
    pub out: Option<PathBuf>,
}

impl Paths {
    /// Where this command writes packs.
    pub fn packs(&self) -> &Path {
        self.out.as_deref().unwrap_or(&self.output)
    }

    /// Where messages that go to files are written.
    pub fn messages(&self) -> PathBuf {
        self.ledger.with_file_name("messages")
    }

    pub(crate) fn ledger_in_state(&self) -> PathBuf {
        self.state.join("ledger.sqlite")
    }

    pub(crate) fn archive_in_state(&self) -> PathBuf {
        self.state.join("archive")
    }
}

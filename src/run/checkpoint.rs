//! What was asked of a run and what its stages left, so that one that was cut off goes on from there, with the very bytes.

use super::issues::Addressee;
use super::materials::Only;
use super::memory::RENDER;
use super::{Made, PACK, Published, Request, RunError, To};
use crate::area::AreaCode;
use crate::collect::{Finding, ReturnReceipt};
use crate::evaluate::Revision;
use crate::fault::Fault;
use crate::store::records::{self, Record};
use crate::store::{Document, Ledger, LedgerError, NewRun, RunId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What was asked of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Asked {
    to: AskedTo,
    pub addressees: Vec<Addressee>,
    only: Only,
    draft: bool,
    /// The reason for which an earlier issue is corrected.
    pub reissue: Option<String>,
    version: String,
    output: PathBuf,
}

impl Record for Asked {
    const NAME: &'static str = "what was asked of the run";
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AskedTo {
    Nobody,
    List(String),
    These,
    Operators,
}

/// After `evaluate`: all that packs and messages are made from.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Judged {
    pub published: Published,
    /// What became of each return, in the words that its partner is told; `published` has what may be told to all.
    #[serde(default)]
    pub receipts: Vec<ReturnReceipt>,
    pub since_last_run: Vec<Revision>,
    pub figures: usize,
    pub findings: Vec<Finding>,
    pub illustrative: bool,
    /// Returns that were accepted and whose figures are lost with the archive, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost_returns: Vec<String>,
}

impl Record for Judged {
    const NAME: &'static str = "what was judged";
}

/// After `render`: the packs, less their bytes, which the archive has.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Ready {
    /// The first is the whole system's, but for a run of one place.
    pub packs: Vec<ReadyPack>,
    pub warnings: Vec<Fault>,
    /// Which issue of the quarter's pack it is.
    pub issue: u32,
    /// It was made before returns were in.
    #[serde(default)]
    pub interim: bool,
    /// Why it is not sent; empty where it is, or where nobody is to get it.
    pub withheld: Vec<String>,
    /// Everything that readers get, each once; empty where nothing is sent, and in what an older version left.
    #[serde(default)]
    pub documents: Vec<Document>,
    /// The run whose packs go out in place of these, for some have them already under the number of this issue.
    #[serde(default)]
    pub issued_by: Option<RunId>,
    /// The run by whose number a person approves the documents, where they wait for that: this one, or an earlier one that
    /// made the very same.
    #[serde(default)]
    pub waits_as: Option<RunId>,
    /// The documents as drafts for whoever approves them; none where an earlier run has them.
    #[serde(default)]
    pub drafts: Vec<Document>,
}

impl Record for Ready {
    const NAME: &'static str = "what was ready to be sent";
}

/// One pack.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReadyPack {
    /// What it is called.
    pub stem: String,
    pub pages: usize,
    /// The part of the system that it is about; none for the whole.
    pub part: Option<AreaCode>,
    /// Of its PDF.
    pub sha256: String,
    /// The name by which its readers get it; empty in what an older version left.
    #[serde(default)]
    pub file: String,
    /// How many of its ambitions have each status that any has.
    #[serde(default)]
    pub counts: Vec<(String, usize)>,
    /// How much it says otherwise than the pack whose place it takes.
    #[serde(default)]
    pub changes: usize,
}

impl ReadyPack {
    /// What is left of a pack when its bytes are in the archive.
    pub fn of(made: &Made, sha256: String) -> Self {
        let counts = made.counts.iter().filter(|(_, count)| *count > 0);
        Self {
            stem: made.stem.clone(),
            pages: made.rendered.pages,
            part: made.part.clone(),
            sha256,
            file: made.file.clone(),
            counts: counts.map(|(status, count)| (status.label().to_owned(), count)).collect(),
            changes: made.changes,
        }
    }
}

impl Ready {
    pub fn has_pack_of(&self, part: &AreaCode) -> bool {
        self.packs.iter().any(|pack| pack.part.as_ref() == Some(part))
    }

    /// Whether readers get the file of that SHA-256.
    pub fn sends(&self, sha256: &str) -> bool {
        match self.documents.is_empty() {
            true => self.packs.iter().any(|pack| pack.sha256 == sha256),
            false => self.documents.iter().any(|document| document.sha256 == sha256),
        }
    }
}

/// A run that has begun, now or before it was cut off.
pub(super) struct Begun {
    pub run: RunId,
    pub as_at: Date,
    pub asked: Asked,
    /// The stages that it had finished.
    pub finished: Vec<String>,
}

impl Asked {
    pub fn new(request: &Request, addressees: Vec<Addressee>, only: &Only, output: &Path) -> Self {
        let to = match &request.recipients {
            To::Nobody => AskedTo::Nobody,
            To::List(name) => AskedTo::List(name.clone()),
            To::These(_) => AskedTo::These,
            To::Operators => AskedTo::Operators,
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
    fn is_asked_by(&self, other: &Asked) -> bool {
        let Self { to, addressees, only, draft, reissue, version, output } = other;
        let same = *to == self.to && (matches!(to, AskedTo::List(_)) || *addressees == self.addressees);
        same && *only == self.only
            && *draft == self.draft
            && *reissue == self.reissue
            && *version == self.version
            && *output == self.output
    }
}

impl Begun {
    /// Goes on with a run of the quarter that was cut off, or starts a new one. Only whoever has the lease may do so.
    ///
    /// A run whose pack is ready is gone on with whatever day it is; one that was not so far, if it is of the same day.
    /// Any other that was cut off is recorded as such, one whose request this version cannot read among them.
    pub async fn or_resumed(ledger: &Ledger, new: &NewRun<'_>, asked: Asked, now: Timestamp) -> Result<Self, RunError> {
        let mut resumed = None;
        for earlier in ledger.unfinished_runs(PACK, new.period).await? {
            let finished: Vec<String> = ledger.stages(earlier.id).await?.into_iter().map(|stage| stage.name).collect();
            let before: Option<Asked> = records::read(earlier.request.as_bytes()).ok();
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

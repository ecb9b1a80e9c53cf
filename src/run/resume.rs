//! What a run leaves after each stage, so that one that was cut off goes on from there, with the very bytes.

use super::issues::Addressee;
use super::materials::Only;
use super::{PACK, Published, Request, RunError, To};
use crate::area::AreaCode;
use crate::collect::{Archive, Finding, ReturnReceipt, sha256};
use crate::evaluate::Restatement;
use crate::fault::Fault;
use crate::store::{Ledger, LedgerError, Made, MessageRow, NewRun, RunId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where what a stage left stands among a run's files in the ledger; such a file is in the archive only.
const KEPT: &str = "stage/";

/// The stages that leave something.
pub(super) const COLLECT: &str = "collect";
pub(super) const EVALUATE: &str = "evaluate";
pub(super) const RENDER: &str = "render";

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
    pub since_last_run: Vec<Restatement>,
    pub figures: usize,
    pub findings: Vec<Finding>,
    pub illustrative: bool,
}

/// After `render`: the packs, less their bytes, which the archive has.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ready {
    /// The first is the whole system's, but for a run of one place.
    pub packs: Vec<ReadyPack>,
    pub warnings: Vec<Fault>,
    /// Which issue of the quarter's pack it is.
    pub issue: u32,
    /// Why it is not sent; empty where it is, or where nobody is to get it.
    pub withheld: Vec<String>,
    /// The draft's SHA-256, where the pack waits for approval.
    pub draft: Option<String>,
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
}

/// A run that has begun, now or before it was cut off.
pub(super) struct Begun {
    pub run: RunId,
    pub as_at: Date,
    pub asked: Asked,
    /// The stages that it had finished.
    pub finished: Vec<String>,
    /// Messages whose sending was cut off.
    pub held: u64,
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
    /// Any other that was cut off is recorded as such.
    pub async fn or_resumed(ledger: &Ledger, new: &NewRun<'_>, asked: Asked, now: Timestamp) -> Result<Self, RunError> {
        let held = ledger.hold_cut_off(PACK, new.period, now).await?;
        let mut resumed = None;
        for earlier in ledger.unfinished_runs(PACK, new.period).await? {
            let finished: Vec<String> = ledger.stages(earlier.id).await?.into_iter().map(|stage| stage.name).collect();
            let before: Option<Asked> = serde_json::from_str(&earlier.request).ok();
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
                    resumed = Some(Self { run: earlier.id, as_at, asked, finished, held });
                }
                _ => ledger.end_run(earlier.id, "failed: it was cut off, and another was asked for after it", now).await?,
            }
        }
        let begun = match resumed {
            Some(begun) => begun,
            None => {
                let run = ledger.start_run(new, now).await?;
                Self { run, as_at: new.as_at, asked, finished: Vec::new(), held }
            }
        };
        let request = serde_json::to_string(&begun.asked).map_err(LedgerError::from)?;
        ledger.record_request(begun.run, &request).await?;
        Ok(begun)
    }

    pub fn was_cut_off(&self) -> bool {
        !self.finished.is_empty()
    }
}

/// What is attached to messages, by its SHA-256.
pub(super) struct Attached<'m>(BTreeMap<&'m str, Vec<u8>>);

impl Attached<'_> {
    /// Nothing where a message says where its pack is to be found.
    pub fn of(&self, message: &MessageRow) -> &[u8] {
        self.0.get(message.attachment_sha256.as_str()).map_or(&[], Vec::as_slice)
    }
}

/// The archive as a run's own memory.
pub(super) struct Memory<'a> {
    pub ledger: &'a Ledger,
    pub archive: Archive,
    pub run: RunId,
}

impl Memory<'_> {
    /// Keeps what a stage left, before the stage is recorded as finished.
    pub async fn keep(&self, stage: &str, left: &impl Serialize) -> Result<(), RunError> {
        let bytes = serde_json::to_vec(left).map_err(LedgerError::from)?;
        let made = self.keep_file(&format!("{KEPT}{stage}.json"), &bytes)?;
        Ok(self.ledger.record_output(self.run, &made).await?)
    }

    /// Keeps a draft, for the operators only.
    pub fn keep_draft(&self, stem: &str, bytes: &[u8]) -> Result<Made, RunError> {
        self.keep_file(&format!("{KEPT}{stem}-draft.pdf"), bytes)
    }

    /// Keeps a file; the ledger is not told of it yet.
    pub fn keep_file(&self, name: &str, bytes: &[u8]) -> Result<Made, RunError> {
        let failed = |e: std::io::Error| RunError::Output { path: self.archive.path(&sha256(bytes)), problem: e.to_string() };
        Ok(Made { name: name.to_owned(), sha256: self.archive.keep(bytes).map_err(failed)?, bytes: bytes.len() })
    }

    /// What a stage left.
    ///
    /// # Errors
    /// It is not in the archive, or not as it was.
    pub async fn recall<T: DeserializeOwned>(&self, stage: &str) -> Result<T, RunError> {
        let name = format!("{KEPT}{stage}.json");
        let made = self.ledger.made(self.run).await?.into_iter().find(|made| made.name == name);
        let made = made.ok_or_else(|| self.lost(&name, "the ledger does not name it"))?;
        let bytes = self.read(&made.sha256)?;
        serde_json::from_slice(&bytes).map_err(|e| self.lost(&name, &format!("it cannot be read: {e}")))
    }

    /// Every file that the run made for its readers.
    pub async fn files(&self) -> Result<Vec<Made>, RunError> {
        let mut made = self.ledger.made(self.run).await?;
        made.retain(|one| !one.name.starts_with(KEPT));
        Ok(made)
    }

    /// What is attached to these messages: each pack once, however many get it.
    pub fn attached<'m>(&self, messages: impl IntoIterator<Item = &'m MessageRow>) -> Result<Attached<'m>, RunError> {
        let mut attached = BTreeMap::new();
        for sha256 in messages.into_iter().map(|message| message.attachment_sha256.as_str()) {
            if !sha256.is_empty() && !attached.contains_key(sha256) {
                attached.insert(sha256, self.read(sha256)?);
            }
        }
        Ok(Attached(attached))
    }

    /// The bytes of that SHA-256, and no others.
    pub fn read(&self, digest: &str) -> Result<Vec<u8>, RunError> {
        let path = self.archive.path(digest);
        let bytes = std::fs::read(&path).map_err(|e| self.lost(&path.display().to_string(), &e.to_string()))?;
        if sha256(&bytes) == digest {
            Ok(bytes)
        } else {
            Err(self.lost(&path.display().to_string(), "it is not what was kept under this name"))
        }
    }

    fn lost(&self, what: &str, problem: &str) -> RunError {
        RunError::Lost { run: self.run, problem: format!("{what}: {problem}") }
    }
}

//! What the stages of a run of the pack leave, so that one that was cut off goes on from there, with the very bytes.

use super::packs::{Published, RenderedPack};
use super::withhold_reason::WithholdReason;
use crate::area::AreaCode;
use crate::collect::{Finding, ReturnReceipt};
use crate::evaluate::{CountMarks, Revision};
use crate::fault::Fault;
use crate::store::records::Record;
use crate::store::{IssuedDocument, RunId};
use serde::{Deserialize, Serialize};

/// After `evaluate`: all that packs and messages are made from.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EvaluatedRun {
    pub published: Published,
    /// By which a later run knows which of the figures that were hidden are what they were.
    #[serde(default)]
    pub marks: CountMarks,
    /// What became of each return, in the words that its partner is told; `published` has what may be told to all.
    #[serde(default)]
    pub receipts: Vec<ReturnReceipt>,
    pub since_last_run: Vec<Revision>,
    pub figures: usize,
    pub findings: Vec<Finding>,
    /// Counts that earlier packs give away, which the operators are told of by this run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given_away: Vec<Finding>,
    pub illustrative: bool,
    /// What is lost with the archive so that nothing is sent, in words: returns that were accepted, and what earlier packs showed.
    #[serde(default, rename = "lost_returns", skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<String>,
}

impl Record for EvaluatedRun {
    const NAME: &'static str = "what was judged";
}

/// After `render`: the packs, less their bytes, which the archive has.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct RenderedRun {
    /// The first is the whole system's, but for a run of one place.
    pub packs: Vec<ReadyPack>,
    pub warnings: Vec<Fault>,
    /// Which issue of the quarter's pack it is.
    pub issue: u32,
    /// It was made before returns were in.
    #[serde(default)]
    pub interim: bool,
    /// Why it is not sent; empty where it is, or where nobody is to get it.
    pub withheld: Vec<WithholdReason>,
    /// Everything that readers get, each once; empty where nothing is sent, and in what an older version left.
    #[serde(default)]
    pub documents: Vec<IssuedDocument>,
    /// The run whose packs go out in place of these, for some have them already under the number of this issue.
    #[serde(default)]
    pub issued_by: Option<RunId>,
    /// The run by whose number a person approves the documents, where they wait for that: this one, or an earlier one that
    /// made an identical pack.
    #[serde(default)]
    pub waits_as: Option<RunId>,
    /// The documents as drafts for whoever approves them; none where an earlier run has them.
    #[serde(default)]
    pub drafts: Vec<IssuedDocument>,
}

impl Record for RenderedRun {
    const NAME: &'static str = "what was ready to be sent";
}

/// One pack.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReadyPack {
    /// The folder of its templates; empty, as what follows from them, in what an older version left.
    #[serde(default)]
    pub folder: String,
    /// What its readers know it by, and what it is about.
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub subject: String,
    /// As its files are called, without an ending.
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
    /// What a board is told first.
    #[serde(default)]
    pub messages: Vec<String>,
    /// What the board is asked.
    #[serde(default)]
    pub asks: Vec<String>,
    /// Any of its figures is made up; none in what an older version left.
    #[serde(default)]
    pub illustrative: Option<bool>,
}

impl ReadyPack {
    /// What is left of a pack when its bytes are in the archive.
    pub fn of(made: &RenderedPack, sha256: String) -> Self {
        let counts = made.counts.iter().filter(|(_, count)| *count > 0);
        Self {
            folder: made.folder.clone(),
            title: made.rendered.title.clone(),
            subject: made.rendered.subject.clone(),
            stem: made.stem.clone(),
            pages: made.rendered.pages,
            part: made.part.clone(),
            sha256,
            file: made.file.clone(),
            counts: counts.map(|(status, count)| (status.label().to_owned(), count)).collect(),
            changes: made.changes,
            messages: made.rendered.messages.clone(),
            asks: made.rendered.asks.clone(),
            illustrative: Some(made.rendered.illustrative),
        }
    }
}

impl RenderedRun {
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

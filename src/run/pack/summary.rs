//! What a run of the pack did, for whoever asked for it.

use super::delivery_report::DeliveryReport;
use crate::collect::{Finding, IndicatorReceipt, ReturnReceipt};
use crate::evaluate::{Movements, Revision, Tally};
use crate::fault::Fault;
use crate::period::Period;
use crate::run::return_cycle::notice::Notice;
use crate::run::withhold_reason::WithholdReason;
use crate::store::RunId;
use jiff::civil::Date;
use std::path::PathBuf;

/// What a run did.
#[derive(Debug)]
pub struct Summary {
    pub run: RunId,
    pub period: Period,
    pub as_at: Date,
    pub figures: usize,
    /// For those who run it, not for publication.
    pub returns: Vec<ReturnReceipt>,
    /// Files of other quarters that lie in the inbox, and what could not be filed; empty of a run that was gone on with.
    pub other_files: Vec<String>,
    pub indicators: Vec<IndicatorReceipt>,
    /// What is doubtful about public figures, or is to be asked of their sources.
    pub findings: Vec<Finding>,
    /// Of these, the counts that earlier packs give away.
    pub given_away: Vec<Finding>,
    /// The comments on ambitions that the packs leave out, and why.
    pub left_out: Vec<Finding>,
    /// Figures that were revised since the run before.
    pub revisions: Vec<Revision>,
    /// Measures by status.
    pub counts: Tally,
    /// Since the last pack of an earlier quarter.
    pub movements: Option<Movements>,
    /// The packs that were made: what each is called, and its pages. The first is the one that is sent.
    pub packs: Vec<(String, usize)>,
    /// The names of the parts of the system of which no pack was made, for want of figures.
    pub without_pack: Vec<String>,
    pub illustrative: bool,
    /// Nothing lost, but worth an analyst's look: overfull boxes, missing glyphs.
    pub warnings: Vec<Fault>,
    pub files: Vec<PathBuf>,
    pub deliveries: Vec<DeliveryReport>,
    /// Receipts to partners for what they sent.
    pub told: Vec<Notice>,
    /// Why the pack is not sent to those who were to get it; empty where it is.
    pub withheld: Vec<WithholdReason>,
    /// Of a pack that nobody asked to send: why it would not be sent as it is.
    pub would_withhold: Vec<String>,
    /// The pack is sent once a person has approved it.
    pub waits: bool,
    /// It was made before returns were due, with some awaited.
    pub interim: bool,
    pub issue: u32,
    /// The run whose pack is sent in place of this one, for some readers have it already as the same issue.
    pub issued_by: Option<RunId>,
    /// Why the run is only partly complete, whatever becomes of its messages: what withholds the pack among it.
    pub partial: Vec<String>,
    /// What of its messages was not sent, for whatever reason, as the run ended.
    pub unsent: Vec<String>,
}

impl Summary {
    /// Why the run is only partly complete as it ends; empty where it is done.
    pub fn shortfalls(&self) -> Vec<String> {
        self.partial.iter().chain(&self.unsent).cloned().collect()
    }
}

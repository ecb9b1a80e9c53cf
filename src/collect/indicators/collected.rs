//! All that the public sources answered.

use crate::collect::indicators::page::ResponsePage;
use crate::collect::indicators::vintage::VintageChange;
use crate::collect::{Distribution, Finding, IndicatorReceipt};
use crate::figure::Observation;
use crate::framework::MeasureId;

/// All that the public sources answered.
#[derive(Debug, Clone, Default)]
pub struct Indicators {
    /// In the order of the questions, then of the lines of their answers.
    pub observations: Vec<Observation>,
    /// The figures of all areas of a kind for the latest period, where an answer has them; in the order of the questions.
    pub distributions: Vec<Distribution>,
    /// One for each page of an answer with figures, in the order in which the framework first asks for it; and one for each
    /// measure that an answer does not serve, or for a question without an answer.
    pub receipts: Vec<IndicatorReceipt>,
    /// What live answers say otherwise than the last good ones before them.
    pub changes: Vec<VintageChange>,
    /// What is doubtful or could not be used, and what the admin should look at.
    pub findings: Vec<Finding>,
    /// What was read, for recordings of it.
    pub(super) pages: Vec<RecordedPage>,
}

/// A page that was read.
#[derive(Debug, Clone)]
pub(super) struct RecordedPage {
    /// The source's name in the settings.
    pub source: String,
    pub indicator: String,
    pub page: ResponsePage,
}

impl Indicators {
    /// Leaves out what an answer held for other measures.
    pub(super) fn keep_only(&mut self, only: &[MeasureId]) {
        self.observations.retain(|observation| only.contains(&observation.measure));
        self.distributions.retain(|distribution| only.contains(&distribution.measure));
        self.receipts.retain(|receipt| receipt.measures.iter().any(|id| only.contains(id)));
        self.changes.retain(|change| only.contains(&change.measure));
    }
}

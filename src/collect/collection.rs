//! All that was collected for a run.

use super::action_report::ActionReport;
use super::ambition_comment::AmbitionComment;
use super::distribution::Distribution;
use super::finding::Finding;
use super::indicator_receipt::IndicatorReceipt;
use super::return_receipt::ReturnReceipt;
use crate::figure::Observation;
use crate::period::Period;
use serde::{Deserialize, Serialize};

/// That a partner had nothing to report for a quarter, with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NothingToReport {
    /// Its id.
    pub partner: String,
    pub quarter: Period,
    pub reason: String,
}

/// All that was collected for a run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Collection {
    pub observations: Vec<Observation>,
    /// What public sources give of all areas of a kind, for the latest period of each measure.
    #[serde(default)]
    pub distributions: Vec<Distribution>,
    /// Figures of earlier versions of a return that a later one gave otherwise, in the order in which they came.
    pub replaced: Vec<Observation>,
    pub action_reports: Vec<ActionReport>,
    /// What partners say of ambitions in their returns of this quarter, in the order of the partners.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<AmbitionComment>,
    pub returns: Vec<ReturnReceipt>,
    /// Of returns of other quarters whose figures are in use: what was asked about these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_returns: Vec<ReturnReceipt>,
    /// The first quarter for which returns are known; none in records of versions of boardpack that did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_round: Option<Period>,
    /// What partners said, for this quarter and those before it, who had nothing to report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nothing_to_report: Vec<NothingToReport>,
    pub indicators: Vec<IndicatorReceipt>,
    /// What is doubtful about public figures, or could not be used.
    pub findings: Vec<Finding>,
    /// Returns that were accepted and whose figures are lost with the archive, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost_returns: Vec<String>,
}

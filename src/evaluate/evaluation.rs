//! All that a run judged.

use super::assessment::MeasureAssessment;
use super::movement::Movements;
use super::status::{Flag, Status};
use crate::collect::ActionReport;
use crate::framework::{ActionId, MeasureId, Role};
use crate::period::Period;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How an ambition stands, by its deciding measures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AmbitionAssessment {
    /// The ambition's id.
    pub ambition: String,
    pub status: Status,
    /// One sentence.
    pub reason: String,
    pub flags: Vec<Flag>,
    /// Whether leads or stand-ins decided; none where there is neither.
    pub by: Option<Role>,
    /// Deciding measures: met, judged, and all of them.
    pub met: usize,
    pub judged: usize,
    pub of: usize,
    /// The measure whose status it is, where one decides.
    pub decided_by: Option<MeasureId>,
}

/// One key action judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActionAssessment {
    pub action: ActionId,
    pub status: Status,
    pub reason: String,
    pub flags: Vec<Flag>,
    /// What the lead partner said, where it said anything; of several who lead it together, what the status is based on.
    pub report: Option<ActionReport>,
    /// What others who lead it said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<ActionReport>,
}

/// All judgements of a run, in the order of the framework.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The quarter of the pack.
    pub period: Period,
    /// What "today" was.
    pub as_at: Date,
    /// The edition's id.
    pub edition: String,
    /// Made while a return is awaited whose last day has not passed: that of all, or the later one of a partner.
    #[serde(default)]
    pub interim: bool,
    /// In the order of the framework.
    #[serde(default)]
    pub ambitions: Vec<AmbitionAssessment>,
    /// In the order of the ambitions' measures.
    pub measures: Vec<MeasureAssessment>,
    pub actions: Vec<ActionAssessment>,
    /// How the measures have moved since the last pack of an earlier period; none where there is no such pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub movements: Option<Movements>,
}

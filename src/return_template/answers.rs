//! What stands in the open cells of a workbook.

use crate::figure::{FigureKey, ReportKey};
use crate::value::{Limits, Value};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// How an action stands that is done.
pub(super) const COMPLETE: &str = "Complete";

/// The words for how an action goes, as the list in the sheet has them.
pub const STATUSES: [&str; 5] = ["Not started", "On track", "At risk", "Off track", COMPLETE];

/// What stands in the open cells. The default is a blank workbook.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// Whether the figures are made up.
    pub illustrative: bool,
    /// Who filled it in.
    pub completed_by: String,
    /// Why there is nothing to report, where there is not; may be empty.
    pub nothing_to_report: Option<String>,
    /// Those that are not asked for go into the rows for earlier periods.
    pub figures: BTreeMap<FigureKey, FigureAnswer>,
    /// On key actions as a whole, and on their steps.
    pub reports: BTreeMap<ReportKey, ActionAnswer>,
    /// On ambitions, by their ids.
    pub comments: BTreeMap<String, CommentAnswer>,
}

/// One row of figures, in the measure's unit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FigureAnswer {
    /// None leaves the cell blank.
    pub value: Option<Value>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// 95% limits.
    pub limits: Option<Limits>,
    pub note: String,
}

/// What is said of one key action, or of a step of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActionAnswer {
    /// One of [`STATUSES`].
    pub status: String,
    pub forecast: Option<Date>,
    pub completed: Option<Date>,
    pub commentary: String,
}

/// What is said of one ambition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommentAnswer {
    pub words: String,
    /// Who says so, by role or name.
    pub by: String,
    pub on: Option<Date>,
}

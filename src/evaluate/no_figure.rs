//! Why there is no figure.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Why there is no figure that could be judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum NoFigure {
    /// It was due, and did not come.
    Overdue {
        /// The names of those who were to give it.
        whose: Vec<String>,
        since: Date,
    },
    /// The public source could not be read.
    SourceFailed { reason: String },
    /// Two cadences late.
    TooOld,
    /// It exists and may not be shown.
    Withheld,
    /// Too few of the organisations that make it up have given theirs, or too few people live in areas with one.
    Incomplete,
    /// The figure of the baseline period is not there.
    NoBaseline,
    /// The comparator has no figure of the same period.
    NoComparator,
    /// All who were asked for it said that they have nothing to report, and why.
    NothingToReport,
    /// Nobody publishes or returns it yet.
    NoSource,
    /// It is given for the whole system, or for other parts of it, and not for the one that a pack is about.
    NotGivenHere,
}

impl NoFigure {
    /// The word in data: `overdue`.
    pub fn code(&self) -> &'static str {
        match self {
            NoFigure::Overdue { .. } => "overdue",
            NoFigure::SourceFailed { .. } => "source_failed",
            NoFigure::TooOld => "too_old",
            NoFigure::Withheld => "withheld",
            NoFigure::Incomplete => "incomplete",
            NoFigure::NoBaseline => "no_baseline",
            NoFigure::NoComparator => "no_comparator",
            NoFigure::NothingToReport => "nothing_to_report",
            NoFigure::NoSource => "no_source",
            NoFigure::NotGivenHere => "not_given_here",
        }
    }

    /// The words on the page.
    pub fn label(&self) -> &'static str {
        match self {
            NoFigure::Overdue { .. } => "overdue",
            NoFigure::SourceFailed { .. } => "source failed",
            NoFigure::TooOld => "too old",
            NoFigure::Withheld => "withheld",
            NoFigure::Incomplete => "incomplete",
            NoFigure::NoBaseline => "no baseline",
            NoFigure::NoComparator => "no figure to compare with",
            NoFigure::NothingToReport => "nothing to report",
            NoFigure::NoSource => "nobody gives it",
            NoFigure::NotGivenHere => "not given here",
        }
    }
}

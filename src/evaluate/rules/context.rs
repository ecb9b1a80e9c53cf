//! What every rule is told.

use crate::evaluate::change::{Change, TestableFigure};
use crate::evaluate::wording::format_month;
use crate::evaluate::{AssessedTarget, Status};
use crate::framework::Uncertainty;
use crate::value::{Limits, Unit};
use indicator_stats::tolerance;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What every rule is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleContext {
    /// The figure that is judged.
    pub latest: TestableFigure,
    /// +1 where high is good, −1 where low is.
    pub sign: f64,
    pub due: Date,
    /// The due date has passed, and no later period could end by it.
    pub closed: bool,
    /// Judged past its date as before it.
    pub beyond_due: bool,
    /// There is a figure of the baseline period, and it is by another definition: nobody owes one.
    #[serde(default)]
    pub baseline_redefined: bool,
    /// The recent trend, or the control chart, shows a significant change for the worse.
    pub worsening: bool,
    /// What part chance has in the figures.
    pub uncertainty: Uncertainty,
    pub unit: Unit,
    pub decimals: u8,
}

impl RuleContext {
    /// How a figure stands that is held to a line of which the start is not known.
    pub(super) fn without_baseline(&self) -> Status {
        if self.baseline_redefined { Status::CannotBeJudged } else { Status::NoFigure }
    }

    /// A figure of a period that ends on the due date or later is the last that counts, whatever today is.
    pub(super) fn is_final(&self) -> bool {
        !self.beyond_due && (self.closed || self.latest.ends >= self.due)
    }

    /// All of a finite set is counted, so that limits are not missed.
    pub(super) fn is_whole(&self) -> bool {
        self.uncertainty == Uncertainty::None
    }

    /// True where a rule that needs limits lacks them.
    pub(super) fn lacks_limits(&self) -> bool {
        !self.is_whole() && self.latest.limits.is_none()
    }

    /// The limits, or for a whole count the figure itself.
    pub(super) fn limits(&self) -> Option<Limits> {
        let value = self.latest.value;
        if self.is_whole() { Some(Limits { lower: value, upper: value }) } else { self.latest.limits }
    }

    /// How far the figure is on the good side of `other`.
    pub(super) fn lead(&self, other: f64) -> f64 {
        self.sign * (self.latest.value - other)
    }

    /// The figure is `other` or on its good side.
    pub(super) fn reaches(&self, other: f64) -> bool {
        tolerance::at_least(self.sign * self.latest.value, self.sign * other)
    }

    /// The figure is on the good side of `other`, and not the same.
    pub(super) fn passes(&self, other: f64) -> bool {
        !tolerance::at_least(self.sign * other, self.sign * self.latest.value)
    }

    /// The change from `start`, tested at 95%.
    pub(super) fn change_from(&self, start: &TestableFigure) -> Change {
        Change::between(start, &self.latest, self.uncertainty)
    }

    /// Writes figures that stand beside each other with enough places to tell apart those that differ. One that is stated as it is
    /// set ([`Unit::stated`]) is told apart from the others by these too.
    pub(super) fn figures<const N: usize>(&self, values: [f64; N]) -> [String; N] {
        let differ = |decimals: u8| {
            values.iter().enumerate().all(|(i, a)| {
                values[..i].iter().all(|b| a == b || self.unit.format(*a, decimals) != self.unit.format(*b, decimals))
            })
        };
        let enough = (self.decimals..=self.decimals.saturating_add(9)).find(|d| differ(*d)).unwrap_or(self.decimals);
        values.map(|value| self.unit.format(value, enough))
    }

    /// A figure as it is printed where it stands for itself.
    pub(super) fn figure(&self, value: f64) -> String {
        self.unit.format(value, self.decimals)
    }

    /// `words` do not depend on the figure that is judged: they stand where that is hidden too.
    pub(super) fn target(&self, value: Option<f64>, words: String, expected_now: Option<f64>) -> AssessedTarget {
        AssessedTarget { value, due: self.due, words, expected_now }
    }

    /// `by March 2028`.
    pub(super) fn by_due(&self) -> String {
        format!("by {}", format_month(self.due))
    }
}

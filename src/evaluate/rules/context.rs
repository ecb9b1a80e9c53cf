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

    /// Writes figures that stand beside the first of them. Each has one rounding wherever it stands: one that differs from the
    /// first and looks like it says by how much.
    pub(super) fn figures<const N: usize>(&self, values: [f64; N]) -> [String; N] {
        let first = values.first().copied().unwrap_or_default();
        values.map(|value| self.told_apart(value, first, self.figure(value)))
    }

    /// The `words` of a value that stands beside `first`, and where both look alike and differ by how much.
    pub(super) fn told_apart(&self, value: f64, first: f64, words: String) -> String {
        if tolerance::equal(value, first) || self.figure(value) != self.figure(first) {
            return words;
        }
        let way = if value > first { "higher" } else { "lower" };
        format!("{words} (itself {way}, {})", self.unit.less_than_a_step(self.unit.places(value, self.decimals)))
    }

    /// A figure as it is printed wherever it stands.
    pub(super) fn figure(&self, value: f64) -> String {
        self.unit.format(value, self.unit.places(value, self.decimals))
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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_figure_has_one_rounding_wherever_it_stands() {
        let ends = date(2026, 3, 31);
        let scene = RuleContext {
            latest: TestableFigure { value: 7.09, limits: None, counts: None, season: None, period: "2025/26".into(), ends },
            sign: -1.0,
            due: date(2028, 3, 31),
            closed: false,
            beyond_due: false,
            baseline_redefined: false,
            worsening: false,
            uncertainty: Uncertainty::Binomial,
            unit: Unit::Percent,
            decimals: 1,
        };
        let said = scene.figures([7.09, 5.7, 7.13, 7.09]);
        assert_eq!(said, ["7.1%", "5.7%", "7.1% (itself higher, by less than 0.1 percentage points)", "7.1%"]);
        assert_eq!(scene.told_apart(10.0, 9.98, "10%".to_owned()), "10% (itself higher, by less than 0.1 percentage points)");
        // All is told from nearly all by the figure itself.
        assert_eq!(scene.figures([99.96, 100.0]), ["99.96%", "100.0%"]);
    }
}

//! The rules by which a status is given, one small pure function a kind of target: figures in, [`RuleOutcome`] out.
//!
//! A figure reaches a target within a relative tolerance of 10⁻⁹, so that 55 is 50 and a tenth. At the due date a rule
//! is final. Where a rule needs limits and there are none, it goes by the publisher's own comparison, or else by the
//! figure itself; it then carries [`Flag::NoLimits`] and says nothing of significance. Before the due date it then says
//! no more than On track or At risk, but for a value to be reached: short of the line by more than a tenth of the whole
//! change is Off track.

mod against_growth;
mod annual_target;
mod cap_rise;
mod close_gap;
mod comparator;
mod direction;
mod level;
mod milestone;
mod question;
mod reduction_band;
mod standing;
mod sustained_reduction;

pub use against_growth::{against_growth, against_scenario};
pub use annual_target::{annual_target, annual_target_so_far, meets_annual};
pub use cap_rise::{RiseCap, cap_rise, stabilise};
pub use close_gap::close_gap;
pub use comparator::{Comparator, better_than_comparator, similar_or_better};
pub use direction::{direction, distance_from_zero, narrow_gap};
pub use level::{InterimValue, compliance, level, level_by_way_of, percent_change};
pub use milestone::{Milestone, Reporter, StepProgress, milestone};
pub use question::{ComparatorValue, RuleInput};
pub use reduction_band::{PercentBand, reduction_band};
pub use standing::{PeriodMet, standing};
pub use sustained_reduction::sustained_reduction;

use super::change::Change;
pub use super::change::{Counts, TestableFigure};
use super::{Flag, Goal, Status};
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

/// What a rule finds.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleOutcome {
    pub status: Status,
    /// One sentence, without a full stop.
    pub reason: String,
    pub flags: Vec<Flag>,
    pub goal: Option<Goal>,
}

impl RuleOutcome {
    pub(super) fn new(status: Status, reason: impl Into<String>) -> Self {
        RuleOutcome { status, reason: reason.into(), flags: Vec::new(), goal: None }
    }

    pub(super) fn flag(mut self, flag: Flag, when: bool) -> Self {
        if when {
            self.flags.push(flag);
        }
        self
    }

    fn goal(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }
}

impl RuleContext {
    /// How a figure stands that is held to a line of which the start is not known.
    fn without_baseline(&self) -> Status {
        if self.baseline_redefined { Status::CannotBeJudged } else { Status::NoFigure }
    }

    /// A figure of a period that ends on the due date or later is the last that counts, whatever today is.
    fn is_final(&self) -> bool {
        !self.beyond_due && (self.closed || self.latest.ends >= self.due)
    }

    /// All of a finite set is counted, so that limits are not missed.
    fn is_whole(&self) -> bool {
        self.uncertainty == Uncertainty::None
    }

    /// True where a rule that needs limits lacks them.
    fn lacks_limits(&self) -> bool {
        !self.is_whole() && self.latest.limits.is_none()
    }

    /// The limits, or for a whole count the figure itself.
    fn limits(&self) -> Option<Limits> {
        let value = self.latest.value;
        if self.is_whole() { Some(Limits { lower: value, upper: value }) } else { self.latest.limits }
    }

    /// How far the figure is on the good side of `other`.
    fn lead(&self, other: f64) -> f64 {
        self.sign * (self.latest.value - other)
    }

    /// The figure is `other` or on its good side.
    fn reaches(&self, other: f64) -> bool {
        tolerance::at_least(self.sign * self.latest.value, self.sign * other)
    }

    /// The figure is on the good side of `other`, and not the same.
    fn passes(&self, other: f64) -> bool {
        !tolerance::at_least(self.sign * other, self.sign * self.latest.value)
    }

    /// The change from `start`, tested at 95%.
    fn change_from(&self, start: &TestableFigure) -> Change {
        Change::between(start, &self.latest, self.uncertainty)
    }

    /// Writes figures that stand beside each other with enough places to tell apart those that differ.
    fn figures<const N: usize>(&self, values: [f64; N]) -> [String; N] {
        let differ = |decimals: u8| {
            values.iter().enumerate().all(|(i, a)| {
                values[..i].iter().all(|b| a == b || self.unit.format(*a, decimals) != self.unit.format(*b, decimals))
            })
        };
        let enough = (self.decimals..=self.decimals.saturating_add(9)).find(|d| differ(*d)).unwrap_or(self.decimals);
        values.map(|value| self.unit.format(value, enough))
    }

    fn goal(&self, value: Option<f64>, words: String, expected_now: Option<f64>) -> Goal {
        Goal { value, due: self.due, words, expected_now }
    }

    /// `by March 2028`.
    fn by_due(&self) -> String {
        format!("by {}", month_and_year(self.due))
    }
}

/// `March 2028`.
pub fn month_and_year(date: Date) -> String {
    date.strftime("%B %Y").to_string()
}

/// `31 March 2028`.
pub fn in_full(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

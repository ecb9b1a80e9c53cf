//! The rules by which a status is given, one small pure function a kind of target: figures in, [`RuleOutcome`] out.
//!
//! A figure reaches a target within a relative tolerance of 10⁻⁹, so that 55 is 50 and a tenth. At the due date a rule
//! is final. Where a rule needs limits and there are none, it goes by the publisher's own comparison, or else by the
//! figure itself; it then carries [`super::Flag::NoLimits`] and says nothing of significance. Before the due date it then says
//! no more than On track or At risk, but for a value to be reached: short of the line by more than a tenth of the whole
//! change is Off track.

mod against_growth;
mod annual_target;
mod cap_rise;
mod close_gap;
mod comparator;
mod context;
mod direction;
mod input;
mod level;
mod milestone;
mod outcome;
mod reduction_band;
mod standing;
mod sustained_reduction;

pub use super::change::{TestableFigure, TestedCounts};
pub use against_growth::{against_growth, against_scenario, grown, growth_allowed};
pub use annual_target::{annual_target, annual_target_so_far, meets_annual};
pub use cap_rise::{RiseCap, cap_rise, stabilise};
pub use close_gap::{close_gap, gap_allowed};
pub use comparator::{Comparator, better_than_comparator, similar_or_better};
pub use context::RuleContext;
pub use direction::{direction, distance_from_zero, narrow_gap};
pub use input::{ComparatorValue, RuleInput};
pub use level::{InterimValue, compliance, level, level_by_way_of, percent_change};
pub use milestone::{Milestone, Reporter, StepProgress, milestone};
pub use outcome::RuleOutcome;
pub use reduction_band::{PercentBand, reduction_band};
pub use standing::{PeriodMet, standing};
pub use sustained_reduction::sustained_reduction;

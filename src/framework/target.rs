//! What an ambition aims at: the kinds of target, and what each is told.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a measure is judged against, by kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Target {
    /// Reach a value by a date.
    Level {
        value: f64,
        due: Option<Date>,
        baseline: Option<Baseline>,
        #[serde(default)]
        strict: bool,
    },
    /// Close the gap to the comparator by a date.
    CloseGap { due: Option<Date>, baseline: Baseline },
    /// Rise by no more than a share of the baseline. Negative never.
    CapRise { percent: f64, due: Option<Date>, baseline: Baseline },
    /// Not significantly above the baseline and no rising trend.
    Stabilise { due: Option<Date>, baseline: Baseline },
    /// Statistically better than the comparator.
    BetterThanComparator { due: Option<Date> },
    /// Statistically similar to the comparator, or better.
    SimilarOrBetter { due: Option<Date> },
    /// A fall in every year since the baseline.
    SustainedReduction { due: Option<Date>, baseline: Baseline },
    /// A change by a share of the baseline: `percent = -10` is a fall by a tenth.
    PercentChange { percent: f64, due: Option<Date>, baseline: Baseline },
    /// Stay below an unmitigated-growth scenario by a share; the scenario is an input.
    AgainstGrowth { percent: f64, due: Option<Date>, baseline: Baseline, annual_growth_percent: Option<f64> },
    /// A target that a national body sets for each year: `[{ period = "2025/26", value = 17900 }]`.
    AnnualTarget {
        targets: Vec<YearTarget>,
        #[serde(default)]
        exceed: bool,
    },
    /// Better than the baseline.
    Direction { due: Option<Date>, baseline: Baseline },
    /// Closer to zero than the baseline.
    NarrowGap { due: Option<Date>, baseline: Baseline },
    /// All (`full = 100`) or none (`full = 0`).
    Compliance { full: f64, due: Option<Date>, baseline: Option<Baseline> },
    /// A reduction by `percent` of the baseline between two dates.
    ReductionBand { percent: f64, early: Date, late: Date, baseline: Baseline },
    /// The text gives nothing to judge by; says what would be needed.
    NotJudged { needed: String },
}

/// Where a target starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// A label; the measure's kind of year reads it.
    pub period: String,
    /// The value that the strategy itself states; otherwise the figure of that period is used.
    pub value: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearTarget {
    pub period: String,
    pub value: f64,
}

impl Target {
    /// When it is due, where it says so itself.
    pub fn due(&self) -> Option<Date> {
        match self {
            Target::Level { due, .. }
            | Target::CloseGap { due, .. }
            | Target::CapRise { due, .. }
            | Target::Stabilise { due, .. }
            | Target::BetterThanComparator { due }
            | Target::SimilarOrBetter { due }
            | Target::SustainedReduction { due, .. }
            | Target::PercentChange { due, .. }
            | Target::AgainstGrowth { due, .. }
            | Target::Direction { due, .. }
            | Target::NarrowGap { due, .. }
            | Target::Compliance { due, .. } => *due,
            Target::ReductionBand { late, .. } => Some(*late),
            Target::AnnualTarget { .. } | Target::NotJudged { .. } => None,
        }
    }

    /// What it starts from, where it does.
    pub fn baseline(&self) -> Option<&Baseline> {
        match self {
            Target::Level { baseline, .. } | Target::Compliance { baseline, .. } => baseline.as_ref(),
            Target::CloseGap { baseline, .. }
            | Target::CapRise { baseline, .. }
            | Target::Stabilise { baseline, .. }
            | Target::SustainedReduction { baseline, .. }
            | Target::PercentChange { baseline, .. }
            | Target::AgainstGrowth { baseline, .. }
            | Target::Direction { baseline, .. }
            | Target::NarrowGap { baseline, .. }
            | Target::ReductionBand { baseline, .. } => Some(baseline),
            Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::AnnualTarget { .. }
            | Target::NotJudged { .. } => None,
        }
    }
}

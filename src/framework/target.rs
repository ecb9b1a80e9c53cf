//! What an ambition aims at: the kinds of target, and what each is told.

use super::MeasureId;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a measure is judged against, by kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Target {
    /// Reach a value by a date.
    Level {
        /// The value to reach, in the measure's unit: 8 for 8%.
        value: f64,
        /// The last day to meet it; `default_due` of the edition where it is left out.
        due: Option<Date>,
        /// What it starts from; the last whole period before the edition where it is left out.
        baseline: Option<Baseline>,
        /// Reaching the value is not enough: it must be passed.
        #[serde(default)]
        strict: bool,
    },
    /// Close the gap to the comparator by a date.
    CloseGap {
        /// The last day to meet it; `default_due` of the edition where it is left out.
        due: Option<Date>,
        /// What it starts from.
        baseline: Baseline,
    },
    /// Rise by no more than a share of the baseline, or by no more than so many points. Negative never.
    CapRise {
        /// The most that it may rise, 0 or more: per cent of the baseline, or percentage points.
        percent: f64,
        /// How `percent` is meant.
        #[serde(default)]
        change_type: ChangeType,
        /// Whether the strategy's owner has confirmed `change_type`; until then both readings are shown.
        #[serde(default)]
        confirmed: bool,
        /// The last day to meet it; `default_due` of the edition where it is left out.
        due: Option<Date>,
        /// What it starts from.
        baseline: Baseline,
    },
    /// Not significantly above the baseline and no rising trend.
    Stabilise {
        /// The last day to meet it; `default_due` of the edition where it is left out.
        due: Option<Date>,
        /// What it starts from.
        baseline: Baseline,
    },
    /// Statistically better than the comparator.
    BetterThanComparator {
        /// The last day to meet it; `default_due` of the edition where it is left out.
        due: Option<Date>,
    },
    /// Statistically similar to the comparator, or better.
    SimilarOrBetter {
        /// The last day to meet it; `default_due` of the edition where it is left out.
        due: Option<Date>,
    },
    /// A fall in every year since the baseline.
    SustainedReduction {
        /// The last day to meet it; `default_due` of the edition where it is left out.
        due: Option<Date>,
        /// What it starts from.
        baseline: Baseline,
    },
    /// A change by a share of the baseline: `percent = -10` is a fall by a tenth.
    PercentChange {
        /// Per cent of the baseline; a fall has a minus sign.
        percent: f64,
        /// The last day to meet it; `default_due` of the edition where it is left out.
        due: Option<Date>,
        /// What it starts from.
        baseline: Baseline,
    },
    /// Stay below unmitigated growth by a share. The growth is an input: a measure that holds the projected figure
    /// of each period, or else one agreed yearly growth.
    AgainstGrowth {
        /// How far below the growth, in per cent.
        percent: f64,
        /// The last day to meet it; `default_due` of the edition where it is left out.
        due: Option<Date>,
        /// What it starts from.
        baseline: Baseline,
        /// The measure that holds the projected figure of each period.
        scenario: Option<MeasureId>,
        /// The agreed growth of each year, in per cent, where there is no `scenario`.
        annual_growth_percent: Option<f64>,
    },
    /// A target that a national body sets for each year: `[{ period = "2025/26", value = 17900 }]`.
    AnnualTarget {
        /// The target of each year.
        targets: Vec<YearTarget>,
        /// The standard of every year that has no target of its own in `targets`.
        #[serde(default)]
        every_year: Option<f64>,
        /// Reaching the target is not enough: it must be passed.
        #[serde(default)]
        exceed: bool,
    },
    /// Better than the baseline. With `beyond_due` it is judged after its date as before it.
    Direction {
        /// The last day to meet it; `default_due` of the edition where it is left out.
        due: Option<Date>,
        /// What it starts from.
        baseline: Baseline,
        /// It is judged after its date as before it.
        #[serde(default)]
        beyond_due: bool,
    },
    /// Closer to zero than the baseline.
    NarrowGap {
        /// The last day to meet it; `default_due` of the edition where it is left out.
        due: Option<Date>,
        /// What it starts from.
        baseline: Baseline,
        /// It is judged after its date as before it.
        #[serde(default)]
        beyond_due: bool,
    },
    /// A condition that holds in every period from a day on: all (`full = 100`) or none (`full = 0`).
    Standing {
        /// 100 for all, 0 for none.
        full: f64,
        /// The day from which it is to hold.
        from: Date,
    },
    /// All (`full = 100`) or none (`full = 0`).
    Compliance {
        /// 100 for all, 0 for none.
        full: f64,
        /// The last day to meet it; `default_due` of the edition where it is left out.
        due: Option<Date>,
        /// What it starts from; the last whole period before the edition where it is left out.
        baseline: Option<Baseline>,
    },
    /// A reduction by `percent` of the baseline between two dates.
    ReductionBand {
        /// How much less, in per cent of the baseline.
        percent: f64,
        /// The first of the two dates.
        early: Date,
        /// The second.
        late: Date,
        /// What it starts from.
        baseline: Baseline,
    },
    /// The text gives nothing to judge by; says what would be needed.
    NotJudged {
        /// What would be needed to judge it.
        needed: String,
    },
}

/// Where a target starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// As the measure's periods are labelled: `2024/25`, `2025/26 Q1`.
    pub period: String,
    /// The value that the strategy itself states, in the measure's unit; otherwise the figure of that period is used.
    pub value: Option<f64>,
}

/// The target of one year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct YearTarget {
    /// The year, as the measure's periods are labelled: `2025/26`.
    pub period: String,
    /// The value to reach in it, in the measure's unit.
    pub value: f64,
}

/// How a change in percent is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeType {
    /// A share of the baseline.
    #[default]
    Relative,
    /// Percentage points.
    Points,
}

/// The properties of the kinds of target: the only lists of them, so that a new kind cannot be half added.
impl Target {
    /// True where it is to be met by a date; the edition's where it names none.
    pub fn is_dated(&self) -> bool {
        match self {
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. } => true,
            Target::AnnualTarget { .. } | Target::Standing { .. } | Target::NotJudged { .. } => false,
        }
    }

    /// True where the text gives something to judge by.
    pub fn is_judged(&self) -> bool {
        match self {
            Target::NotJudged { .. } => false,
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Standing { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. } => true,
        }
    }

    /// True where nothing can be judged without a figure of the baseline period.
    pub fn needs_baseline(&self) -> bool {
        match self {
            Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::ReductionBand { .. } => true,
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::AnnualTarget { .. }
            | Target::Compliance { .. }
            | Target::Standing { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where a straight line from the baseline says what is expected by now.
    pub fn has_trajectory(&self) -> bool {
        match self {
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. } => true,
            Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Standing { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where it is met or missed beside the comparator's figure.
    pub fn compares(&self) -> bool {
        match self {
            Target::CloseGap { .. } | Target::BetterThanComparator { .. } | Target::SimilarOrBetter { .. } => true,
            Target::Level { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Compliance { .. }
            | Target::Standing { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where the figure is tested against the baseline's, so that the two must share no day.
    pub fn tests_change(&self) -> bool {
        match self {
            Target::Direction { .. } | Target::NarrowGap { .. } | Target::Stabilise { .. } => true,
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Compliance { .. }
            | Target::Standing { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where it is one value to be reached by a date, which may start from an unstated baseline.
    pub fn is_a_value(&self) -> bool {
        match self {
            Target::Level { .. } | Target::Compliance { .. } => true,
            Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Standing { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where the value itself does not meet it: it is to be exceeded.
    pub fn is_strict(&self) -> bool {
        match self {
            Target::Level { strict, .. } => *strict,
            Target::AnnualTarget { exceed, .. } => *exceed,
            Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Standing { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where it is a value to be reached, or passed, by a date.
    pub fn is_level(&self) -> bool {
        match self {
            Target::Level { .. } => true,
            Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Standing { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where not a single one is wanted.
    pub fn wants_none(&self) -> bool {
        match self {
            Target::Compliance { full, .. } | Target::Standing { full, .. } => *full == 0.0,
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where only the measure's polarity says which way is good.
    pub fn needs_polarity(&self) -> bool {
        match self {
            Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::NarrowGap { .. }
            | Target::Compliance { .. }
            | Target::Standing { .. }
            | Target::NotJudged { .. } => false,
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::ReductionBand { .. } => true,
        }
    }

    /// The day from which it is to hold in every period, where it is a condition.
    pub fn holds_from(&self) -> Option<Date> {
        match self {
            Target::Standing { from, .. } => Some(*from),
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => None,
        }
    }

    /// True where every single one counts.
    pub fn is_all_or_none(&self) -> bool {
        match self {
            Target::Compliance { .. } | Target::Standing { .. } => true,
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where the value to be reached does not rest on the baseline's figure.
    pub fn states_its_value(&self) -> bool {
        match self {
            Target::Level { .. } | Target::Compliance { .. } | Target::AnnualTarget { .. } | Target::Standing { .. } => true,
            Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where the straight line from the baseline to the value to be reached is what figures are held against.
    pub fn has_straight_line(&self) -> bool {
        match self {
            Target::Level { .. } | Target::Compliance { .. } | Target::PercentChange { .. } | Target::CapRise { .. } => true,
            Target::CloseGap { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Standing { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where it goes on being judged past its date as before it.
    pub fn goes_beyond_due(&self) -> bool {
        match self {
            Target::Direction { beyond_due, .. } | Target::NarrowGap { beyond_due, .. } => *beyond_due,
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Standing { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

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
            Target::AnnualTarget { .. } | Target::Standing { .. } | Target::NotJudged { .. } => None,
        }
    }

    /// The measure that holds the growth it is set against, where it names one.
    pub fn scenario(&self) -> Option<&MeasureId> {
        match self {
            Target::AgainstGrowth { scenario, .. } => scenario.as_ref(),
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Standing { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => None,
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
            | Target::Standing { .. }
            | Target::NotJudged { .. } => None,
        }
    }
}

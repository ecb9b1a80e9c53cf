//! What an ambition aims at: the kinds of target, and what each is told.

use super::MeasureId;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumDiscriminants, IntoStaticStr, VariantArray};

/// What a measure is judged against, by kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, EnumDiscriminants)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[strum_discriminants(name(TargetKind), doc = "A kind of target, by the word for it in the files.")]
#[strum_discriminants(derive(IntoStaticStr, VariantArray), strum(serialize_all = "snake_case"))]
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

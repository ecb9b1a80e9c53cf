//! A rule together with everything it is told, as data: what an assessment keeps of how it was judged, so that
//! anyone can put the same question again.

use super::{Comparator, InterimValue, PercentBand, PeriodMet, RiseCap, RuleContext, RuleOutcome, TestableFigure};
use crate::evaluate::NoFigure;
use indicator_stats::Comparison;
use serde::{Deserialize, Serialize};

/// One of the rules of this module with its inputs beside the [`RuleContext`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum RuleInput {
    Level {
        target: f64,
        strict: bool,
        start: Option<TestableFigure>,
        /// Values on the way, in the order of their dates.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        interim: Vec<InterimValue>,
    },
    CloseGap {
        comparator: ComparatorValue,
        start: Option<TestableFigure>,
        comparator_at_start: Option<f64>,
    },
    CapRise {
        cap: RiseCap,
        start: TestableFigure,
    },
    Stabilise {
        start: TestableFigure,
    },
    BetterThanComparator {
        comparator: ComparatorValue,
    },
    SimilarOrBetter {
        comparator: ComparatorValue,
    },
    SustainedReduction {
        earlier: Vec<f64>,
        /// The latest against the one before it.
        significant_rise: bool,
    },
    PercentChange {
        percent: f64,
        start: TestableFigure,
    },
    /// `unmitigated` is what the scenario projects for the latest period.
    AgainstScenario {
        percent: f64,
        unmitigated: Option<f64>,
        start: TestableFigure,
    },
    AgainstGrowth {
        percent: f64,
        annual_growth_percent: Option<f64>,
        start: TestableFigure,
    },
    AnnualTarget {
        target: f64,
        exceed: bool,
        streak: usize,
    },
    AnnualTargetSoFar {
        target: f64,
        exceed: bool,
        share: f64,
        /// In words; none in what was stored before it was kept.
        #[serde(default)]
        year: Option<String>,
    },
    Direction {
        start: TestableFigure,
    },
    NarrowGap {
        start: TestableFigure,
    },
    Compliance {
        full: f64,
        counts: Option<(f64, f64)>,
        start: Option<TestableFigure>,
    },
    /// Every period from the condition's first day on, oldest first.
    Standing {
        full: f64,
        periods: Vec<PeriodMet>,
    },
    ReductionBand {
        band: PercentBand,
        start: TestableFigure,
    },
}

/// A [`Comparator`] that owns its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparatorValue {
    pub name: String,
    pub value: Option<f64>,
    pub published: Option<Comparison>,
}

impl ComparatorValue {
    fn comparator(&self) -> Comparator<'_> {
        Comparator { name: &self.name, value: self.value, published: self.published }
    }
}

impl RuleInput {
    /// What the rule lacks where it finds no figure to judge by: a figure to compare with, or one to start from.
    pub(in crate::evaluate) fn lacks(&self) -> NoFigure {
        match self {
            RuleInput::Level { .. } | RuleInput::Compliance { .. } => NoFigure::NoBaseline,
            RuleInput::CloseGap { comparator, .. } if comparator.value.is_some() => NoFigure::NoBaseline,
            RuleInput::CloseGap { .. }
            | RuleInput::CapRise { .. }
            | RuleInput::Stabilise { .. }
            | RuleInput::BetterThanComparator { .. }
            | RuleInput::SimilarOrBetter { .. }
            | RuleInput::SustainedReduction { .. }
            | RuleInput::PercentChange { .. }
            | RuleInput::AgainstScenario { .. }
            | RuleInput::AgainstGrowth { .. }
            | RuleInput::AnnualTarget { .. }
            | RuleInput::AnnualTargetSoFar { .. }
            | RuleInput::Direction { .. }
            | RuleInput::NarrowGap { .. }
            | RuleInput::Standing { .. }
            | RuleInput::ReductionBand { .. } => NoFigure::NoComparator,
        }
    }

    /// Where the straight line starts that the figure is held against; none where there is no such line.
    pub(in crate::evaluate) fn line_start(&self) -> Option<&TestableFigure> {
        match self {
            RuleInput::Level { start, .. } | RuleInput::Compliance { start, .. } => start.as_ref(),
            RuleInput::PercentChange { start, .. } | RuleInput::CapRise { start, .. } => Some(start),
            RuleInput::CloseGap { .. }
            | RuleInput::Stabilise { .. }
            | RuleInput::BetterThanComparator { .. }
            | RuleInput::SimilarOrBetter { .. }
            | RuleInput::SustainedReduction { .. }
            | RuleInput::AgainstScenario { .. }
            | RuleInput::AgainstGrowth { .. }
            | RuleInput::AnnualTarget { .. }
            | RuleInput::AnnualTargetSoFar { .. }
            | RuleInput::Direction { .. }
            | RuleInput::NarrowGap { .. }
            | RuleInput::Standing { .. }
            | RuleInput::ReductionBand { .. } => None,
        }
    }

    /// The values on the way to the one that is to be reached.
    pub(in crate::evaluate) fn interim(&self) -> &[InterimValue] {
        match self {
            RuleInput::Level { interim, .. } => interim,
            RuleInput::CloseGap { .. }
            | RuleInput::CapRise { .. }
            | RuleInput::Stabilise { .. }
            | RuleInput::BetterThanComparator { .. }
            | RuleInput::SimilarOrBetter { .. }
            | RuleInput::SustainedReduction { .. }
            | RuleInput::PercentChange { .. }
            | RuleInput::AgainstScenario { .. }
            | RuleInput::AgainstGrowth { .. }
            | RuleInput::AnnualTarget { .. }
            | RuleInput::AnnualTargetSoFar { .. }
            | RuleInput::Direction { .. }
            | RuleInput::NarrowGap { .. }
            | RuleInput::Compliance { .. }
            | RuleInput::Standing { .. }
            | RuleInput::ReductionBand { .. } => &[],
        }
    }

    /// Asks the rule.
    pub fn ask(&self, scene: &RuleContext) -> RuleOutcome {
        match self {
            RuleInput::Level { target, strict, start, interim } => {
                super::level_by_way_of(scene, *target, *strict, start.as_ref(), interim)
            }
            RuleInput::CloseGap { comparator, start, comparator_at_start } => {
                super::close_gap(scene, &comparator.comparator(), start.as_ref(), *comparator_at_start)
            }
            RuleInput::CapRise { cap, start } => super::cap_rise(scene, *cap, start),
            RuleInput::Stabilise { start } => super::stabilise(scene, start),
            RuleInput::BetterThanComparator { comparator } => super::better_than_comparator(scene, &comparator.comparator()),
            RuleInput::SimilarOrBetter { comparator } => super::similar_or_better(scene, &comparator.comparator()),
            RuleInput::SustainedReduction { earlier, significant_rise } => {
                super::sustained_reduction(scene, earlier, *significant_rise)
            }
            RuleInput::PercentChange { percent, start } => super::percent_change(scene, *percent, start),
            RuleInput::AgainstScenario { percent, unmitigated, start } => {
                super::against_scenario(scene, *percent, *unmitigated, start)
            }
            RuleInput::AgainstGrowth { percent, annual_growth_percent, start } => {
                super::against_growth(scene, *percent, *annual_growth_percent, start)
            }
            RuleInput::AnnualTarget { target, exceed, streak } => super::annual_target(scene, *target, *exceed, *streak),
            RuleInput::AnnualTargetSoFar { target, exceed, share, year } => {
                let year = year.as_deref().unwrap_or(&scene.latest.period);
                super::annual_target_so_far(scene, *target, *exceed, *share, year)
            }
            RuleInput::Direction { start } => super::direction(scene, start),
            RuleInput::NarrowGap { start } => super::narrow_gap(scene, start),
            RuleInput::Compliance { full, counts, start } => super::compliance(scene, *full, *counts, start.as_ref()),
            RuleInput::Standing { full, periods } => super::standing(scene, *full, periods),
            RuleInput::ReductionBand { band, start } => super::reduction_band(scene, *band, start),
        }
    }
}

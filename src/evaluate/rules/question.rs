//! A rule together with everything it is told, as data: what an assessment keeps of how it was judged, so that
//! anyone can put the same question again.

use super::{Band, Cap, Comparator, Figure, Interim, PeriodMet, Scene, Verdict};
use crate::evaluate::{Comparison, NoFigure};
use serde::{Deserialize, Serialize};

/// One of the rules of this module with its inputs beside the [`Scene`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Question {
    Level {
        target: f64,
        strict: bool,
        start: Option<Figure>,
        /// Values on the way, in the order of their dates.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        interim: Vec<Interim>,
    },
    CloseGap {
        comparator: Beside,
        start: Option<Figure>,
        comparator_at_start: Option<f64>,
    },
    CapRise {
        cap: Cap,
        start: Figure,
    },
    Stabilise {
        start: Figure,
    },
    BetterThanComparator {
        comparator: Beside,
    },
    SimilarOrBetter {
        comparator: Beside,
    },
    SustainedReduction {
        earlier: Vec<f64>,
        /// The latest against the one before it.
        significant_rise: bool,
    },
    PercentChange {
        percent: f64,
        start: Figure,
    },
    /// `unmitigated` is what the scenario projects for the latest period.
    AgainstScenario {
        percent: f64,
        unmitigated: Option<f64>,
        start: Figure,
    },
    AgainstGrowth {
        percent: f64,
        annual_growth_percent: Option<f64>,
        start: Figure,
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
    },
    Direction {
        start: Figure,
    },
    NarrowGap {
        start: Figure,
    },
    Compliance {
        full: f64,
        counts: Option<(f64, f64)>,
        start: Option<Figure>,
    },
    /// Every period from the condition's first day on, oldest first.
    Standing {
        full: f64,
        periods: Vec<PeriodMet>,
    },
    ReductionBand {
        band: Band,
        start: Figure,
    },
}

/// A [`Comparator`] that owns its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    pub name: String,
    pub value: Option<f64>,
    pub published: Option<Comparison>,
}

impl Beside {
    fn comparator(&self) -> Comparator<'_> {
        Comparator { name: &self.name, value: self.value, published: self.published }
    }
}

impl Question {
    /// What the rule lacks where it finds no figure to judge by: a figure to compare with, or one to start from.
    pub(in crate::evaluate) fn lacks(&self) -> NoFigure {
        match self {
            Question::Level { .. } | Question::Compliance { .. } => NoFigure::NoBaseline,
            Question::CloseGap { comparator, .. } if comparator.value.is_some() => NoFigure::NoBaseline,
            _ => NoFigure::NoComparator,
        }
    }

    /// Asks the rule.
    pub fn ask(&self, scene: &Scene) -> Verdict {
        match self {
            Question::Level { target, strict, start, interim } => {
                super::level_by_way_of(scene, *target, *strict, start.as_ref(), interim)
            }
            Question::CloseGap { comparator, start, comparator_at_start } => {
                super::close_gap(scene, &comparator.comparator(), start.as_ref(), *comparator_at_start)
            }
            Question::CapRise { cap, start } => super::cap_rise(scene, *cap, start),
            Question::Stabilise { start } => super::stabilise(scene, start),
            Question::BetterThanComparator { comparator } => super::better_than_comparator(scene, &comparator.comparator()),
            Question::SimilarOrBetter { comparator } => super::similar_or_better(scene, &comparator.comparator()),
            Question::SustainedReduction { earlier, significant_rise } => {
                super::sustained_reduction(scene, earlier, *significant_rise)
            }
            Question::PercentChange { percent, start } => super::percent_change(scene, *percent, start),
            Question::AgainstScenario { percent, unmitigated, start } => {
                super::against_scenario(scene, *percent, *unmitigated, start)
            }
            Question::AgainstGrowth { percent, annual_growth_percent, start } => {
                super::against_growth(scene, *percent, *annual_growth_percent, start)
            }
            Question::AnnualTarget { target, exceed, streak } => super::annual_target(scene, *target, *exceed, *streak),
            Question::AnnualTargetSoFar { target, exceed, share } => super::annual_target_so_far(scene, *target, *exceed, *share),
            Question::Direction { start } => super::direction(scene, start),
            Question::NarrowGap { start } => super::narrow_gap(scene, start),
            Question::Compliance { full, counts, start } => super::compliance(scene, *full, *counts, start.as_ref()),
            Question::Standing { full, periods } => super::standing(scene, *full, periods),
            Question::ReductionBand { band, start } => super::reduction_band(scene, *band, start),
        }
    }
}

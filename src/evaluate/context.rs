//! The inputs, arranged to be found.

use super::deprivation::ByDeprivation;
use super::distribution::Ranking;
use super::inputs::EvaluationInputs;
use super::series_index::SeriesIndex;
use crate::framework::MeasureId;
use crate::value::Polarity;
use std::collections::HashMap;

/// The inputs, arranged to be found.
pub(super) struct EvaluationContext<'a> {
    pub inputs: &'a EvaluationInputs<'a>,
    pub headlines: SeriesIndex<'a>,
    pub by_deprivation: ByDeprivation<'a>,
    /// By measure, every distribution with its areas in order.
    pub rankings: HashMap<&'a MeasureId, Vec<Ranking<'a>>>,
}

impl<'a> EvaluationContext<'a> {
    pub(super) fn of(inputs: &'a EvaluationInputs<'a>) -> Self {
        EvaluationContext {
            inputs,
            headlines: SeriesIndex::of(inputs.observations, inputs.framework, inputs.areas, inputs.period.end()),
            by_deprivation: ByDeprivation::of(inputs.observations, inputs.period.end()),
            rankings: rankings(inputs),
        }
    }

    pub(super) fn comparator_name(&self) -> &str {
        self.inputs.areas.name(&self.inputs.framework.edition.comparator)
    }
}

/// Distributions with too few areas to rank give none.
fn rankings<'a>(inputs: &EvaluationInputs<'a>) -> HashMap<&'a MeasureId, Vec<Ranking<'a>>> {
    let mut found: HashMap<&MeasureId, Vec<Ranking<'_>>> = HashMap::new();
    for distribution in inputs.distributions {
        let polarity = inputs.framework.measure(&distribution.measure).map_or(Polarity::None, |measure| measure.polarity);
        if let Ok(ranking) = Ranking::of(distribution, polarity) {
            found.entry(&distribution.measure).or_default().push(ranking);
        }
    }
    found
}

//! The inputs, arranged to be found.

use super::Assessment;
use super::deprivation::ByDeprivation;
use super::distribution::Ranking;
use super::inputs::EvaluationInputs;
use super::placing::RankAmongPeers;
use super::series_index::SeriesIndex;
use crate::collect::Finding;
use crate::figure::FigureKey;
use crate::framework::{Measure, MeasureId};
use crate::value::Polarity;
use std::collections::HashMap;

/// The inputs, arranged to be found.
pub(super) struct EvaluationContext<'a> {
    pub inputs: &'a EvaluationInputs<'a>,
    pub headlines: SeriesIndex<'a>,
    pub by_deprivation: ByDeprivation<'a>,
    /// By measure, every distribution with its areas in order.
    rankings: HashMap<&'a MeasureId, Vec<Ranking<'a>>>,
    /// By measure, what was found of its figures (and not of those of groups of people), each with its place among all findings.
    findings: HashMap<&'a MeasureId, Vec<(usize, FigureFinding<'a>)>>,
}

/// A finding and the figure that it is of.
pub(super) type FigureFinding<'a> = (&'a Finding, &'a FigureKey);

impl<'a> EvaluationContext<'a> {
    pub(super) fn of(inputs: &'a EvaluationInputs<'a>) -> Self {
        EvaluationContext {
            inputs,
            headlines: SeriesIndex::of(inputs.observations, inputs.framework, inputs.areas, inputs.period.end()),
            by_deprivation: ByDeprivation::of(inputs.observations, inputs.period.end()),
            rankings: rankings(inputs),
            findings: findings(inputs.findings),
        }
    }

    /// Where an assessment's latest figure stands among those of all areas of its kind, where a source gave them.
    pub(super) fn rank_among_like(&self, of: &Assessment) -> Option<RankAmongPeers> {
        let rankings = self.rankings.get(&of.measure).map_or(&[][..], Vec::as_slice);
        rankings.iter().find_map(|ranking| ranking.place(of).ok())
    }

    /// What was found of a measure's figures and of those that it is the sum of, in the order in which it was found.
    pub(super) fn findings_of(&self, measure: &Measure) -> Vec<FigureFinding<'a>> {
        let of = std::iter::once(&measure.id).chain(measure.summed());
        let mut found: Vec<_> = of.filter_map(|id| self.findings.get(id)).flatten().copied().collect();
        found.sort_by_key(|(place, _)| *place);
        found.into_iter().map(|(_, found)| found).collect()
    }

    pub(super) fn comparator_name(&self) -> &str {
        self.inputs.areas.name(&self.inputs.framework.edition.comparator)
    }
}

fn findings(all: &[Finding]) -> HashMap<&MeasureId, Vec<(usize, FigureFinding<'_>)>> {
    let mut found: HashMap<&MeasureId, Vec<(usize, FigureFinding<'_>)>> = HashMap::new();
    for (place, finding) in all.iter().enumerate() {
        if let Some(about) = finding.about.as_ref().filter(|about| about.category.is_none()) {
            found.entry(&about.measure).or_default().push((place, (finding, about)));
        }
    }
    found
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

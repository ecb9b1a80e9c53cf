//! Shares and rates given as a value alone, where the counts of all organisations or areas are added up.

use super::doubt::{ReturnFigures, place};
use crate::area::AreaCode;
use crate::collect::{Finding, Grade};
use crate::fault::Fault;
use crate::figure::{FigureKey, Observation};
use crate::framework::{Framework, Measure, MeasureId};
use std::collections::BTreeMap;

/// The latest figure of each measure and area that is a value without counts where the figure of the whole is made from those of its
/// parts: it stands for its own area only. In the order of measures.
pub fn standing_alone<'o>(
    framework: &'o Framework,
    observations: impl Iterator<Item = &'o Observation>,
) -> Vec<(&'o Measure, &'o Observation)> {
    let mut latest: BTreeMap<(&MeasureId, &AreaCode), (&Measure, &Observation)> = BTreeMap::new();
    for of in observations.filter(|of| of.category.is_none() && of.value.number().is_some()) {
        let Some(measure) = framework.measure(&of.measure).filter(|measure| measure.is_pooled_with(&of.area)) else { continue };
        let known = latest.entry((&of.measure, &of.area)).or_insert((measure, of));
        if known.1.period < of.period {
            *known = (measure, of);
        }
    }
    latest.into_values().filter(|(_, of)| of.numerator.zip(of.denominator).is_none()).collect()
}

pub(super) fn without_counts(given: &ReturnFigures<'_>, framework: &Framework) -> Vec<Finding> {
    let told = |(measure, of): (&Measure, &Observation)| {
        let problem = format!(
            "{}: {} of {} is a value without its numerator and denominator: it is shown, and cannot be added to those of the others",
            measure.title.trim(),
            measure.unit.format(of.value.number().unwrap_or_default(), measure.decimals),
            of.period
        );
        let remedy = "give both, where you have them: the figure of all is made from them";
        Finding::new(Grade::Note, Fault::new(place(of), problem, remedy)).about(FigureKey::of(of))
    };
    standing_alone(framework, given.values().copied()).into_iter().map(told).collect()
}

//! Means that are given with their standard deviation and the number of people.

use super::figure::{GivenFigures, GroupName, MadeFigure};
use super::index::MadeFigureIndex;
use crate::area::AreaCode;
use crate::component::Component;
use crate::evaluate::revision::newest;
use crate::figure::Observation;
use crate::framework::Measure;
use crate::period::Period;
use indicator_stats::{Confidence, mean};
use std::collections::BTreeMap;

type Key<'a> = (&'a AreaCode, Period, GroupName<'a>);

/// Adds the limits of the means of `measure` whose standard deviation is given.
pub(super) fn add<'a>(made: &mut MadeFigureIndex<'a>, of: &GivenFigures<'a>, measure: &'a Measure) {
    if !measure.is_mean() {
        return;
    }
    let mut means: BTreeMap<Key<'a>, Vec<&'a Observation>> = BTreeMap::new();
    let mut deviations: BTreeMap<Key<'a>, Vec<&'a Observation>> = BTreeMap::new();
    for one in of.observations.iter().filter(|o| o.measure == measure.id && o.period.end() <= of.until) {
        match (one.component(), &one.category) {
            (Some(place), _) if place.component == Component::StandardDeviation => {
                deviations.entry((&one.area, one.period, place.group)).or_default().push(one);
            }
            (Some(_), _) => {}
            (None, category) => {
                let group = category.as_ref().map(|category| (category.scheme.as_str(), category.group.as_str()));
                means.entry((&one.area, one.period, group)).or_default().push(one);
            }
        }
    }
    for (key, given) in &deviations {
        let mean = means.get(key).and_then(|given| newest(given));
        let Some((mean, deviation)) = mean.zip(newest(given)) else { continue };
        let numbers = (mean.value.number(), deviation.value.number(), mean.denominator);
        let (Some(value), Some(spread), Some(people)) = numbers else { continue };
        let figure = MadeFigure {
            period: mean.period,
            figure: mean::of_summary(value, spread, people, Confidence::P95).map_err(Into::into),
            numerator: None,
            population: mean.denominator,
            illustrative: mean.illustrative,
            sources: vec![mean.provenance.clone(), deviation.provenance.clone()],
        };
        made.push(&measure.id, key.0, key.2, figure);
    }
}

//! Figures that are made from counts by age band, of which a band is lacking.

use super::doubt::{ReturnFigures, place_of};
use crate::area::AreaCode;
use crate::collect::{Finding, Grade};
use crate::component::{Component, GroupComponent};
use crate::fault::Fault;
use crate::figure::{Category, Observation, Provenance};
use crate::framework::{Framework, Measure, MeasureId};
use crate::period::Period;
use std::collections::BTreeMap;

/// Bands that a message names.
const MOST_NAMED: usize = 4;

/// The figure that counts by age band are of.
type Whole<'a> = (&'a MeasureId, &'a AreaCode, Period, Option<(&'a str, &'a str)>);

pub(super) fn incomplete(given: &ReturnFigures<'_>, framework: &Framework) -> Vec<Finding> {
    let mut wholes: BTreeMap<Whole<'_>, Vec<(GroupComponent<'_>, &Observation)>> = BTreeMap::new();
    for (key, of) in given {
        let Some(place) = key.category.as_ref().and_then(Category::component) else { continue };
        wholes.entry((&key.measure, &key.area, key.period, place.group)).or_default().push((place, of));
    }
    let finding = |(whole, given): (&Whole<'_>, &Vec<_>)| lacking(framework.measure(whole.0)?, whole, given);
    wholes.iter().filter_map(finding).collect()
}

fn lacking(
    measure: &Measure,
    (_, area, period, group): &Whole<'_>,
    given: &[(GroupComponent<'_>, &Observation)],
) -> Option<Finding> {
    let bands = measure.age_bands();
    let has = |band| given.iter().any(|(place, _)| place.component == Component::Events(band));
    let lacking: Vec<String> = bands.iter().filter(|band| !has(**band)).map(ToString::to_string).collect();
    if lacking.is_empty() {
        return None;
    }
    let more = lacking.len().saturating_sub(MOST_NAMED);
    let named = lacking[..lacking.len() - more].join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() };
    let group = group.map_or(String::new(), |(by, group)| format!(" ({by}: {group})"));
    let problem = format!(
        "{}{group}: {} of {} age bands {} missing for {area} in {} ({named}), so the figure is not made",
        measure.title.trim(),
        lacking.len(),
        bands.len(),
        if lacking.len() == 1 { "is" } else { "are" },
        period.in_short()
    );
    let place = match &given.first()?.1.provenance {
        Provenance::Cell { file, sheet, .. } => format!("{file}, sheet {sheet}"),
        other @ Provenance::Answer { .. } => place_of(other),
    };
    Some(Finding::new(Grade::Error, Fault::new(place, problem, "give every age band, 0 where there was no event")))
}

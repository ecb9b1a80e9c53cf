//! Measures of which some figures were given and some that were asked for were not.

use super::past::Past;
use super::{Against, Given};
use crate::ask::{Asked, Request};
use crate::collect::{FigureKey, Finding, Grade, Provenance};
use crate::fault::Fault;
use std::collections::BTreeMap;

/// Figures that a message names.
const MOST_NAMED: usize = 4;

pub(super) fn given_in_part(given: &Given<'_>, against: &Against<'_>) -> Vec<Finding> {
    let asked = Request::new(against.framework, against.areas, against.partner, against.period).figures();
    let mut of_measure: BTreeMap<&str, Vec<&Asked<'_>>> = BTreeMap::new();
    for one in asked.iter().filter(|one| one.component().is_none()) {
        of_measure.entry(&one.measure.id.0).or_default().push(one);
    }
    of_measure.values().filter_map(|asked| lacking(asked, given, &against.past)).collect()
}

fn lacking(asked: &[&Asked<'_>], given: &Given<'_>, past: &Past<'_>) -> Option<Finding> {
    let answers = |one: &Asked<'_>| given.get(&FigureKey::of_asked(one));
    let first = asked.iter().find_map(|one| answers(one))?;
    let areas_differ = asked.iter().any(|one| one.series.area != asked[0].series.area);
    let lacking: Vec<String> = asked
        .iter()
        .filter(|one| answers(one).is_none() && !past.has(&FigureKey::of_asked(one)))
        .map(|one| {
            let group = one.series.group.as_ref().map_or(String::new(), |group| format!("{} of ", group.name));
            let area = if areas_differ { format!(" for {}", one.series.area) } else { String::new() };
            format!("{group}{}{area}", one.period)
        })
        .collect();
    if lacking.is_empty() {
        return None;
    }
    let more = lacking.len().saturating_sub(MOST_NAMED);
    let named = lacking[..lacking.len() - more].join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() };
    let problem = format!(
        "{}: {} of {} figures that were asked for {} lacking: {named}",
        asked[0].measure.title.trim(),
        lacking.len(),
        asked.len(),
        if lacking.len() == 1 { "is" } else { "are" }
    );
    let place = match &first.provenance {
        Provenance::Cell { file, sheet, .. } => format!("{file}, sheet {sheet}"),
        Provenance::Answer { url, .. } => url.clone(),
    };
    Some(Finding::new(Grade::Note, Fault::new(place, problem, "give them if they are to be had")))
}

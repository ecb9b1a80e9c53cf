//! Measures of which some figures were given and some that were asked for were not.

use super::{Against, Given};
use crate::area::AreaCode;
use crate::ask::{Asked, Earlier, Request, Series};
use crate::collect::{Category, FigureKey, Finding, Grade, Provenance};
use crate::fault::Fault;
use std::collections::BTreeMap;

/// Figures that a message names.
const MOST_NAMED: usize = 4;

pub(super) fn given_in_part(given: &Given<'_>, against: &Against<'_>) -> Vec<Finding> {
    let nothing = Earlier::new();
    let Against { framework, areas, partner, period, .. } = *against;
    let asked =
        Request { framework, areas, partner, period, earlier: &nothing, secretariat: "", deadline: period.end() }.figures();
    let mut of_measure: BTreeMap<&str, Vec<&Asked<'_>>> = BTreeMap::new();
    for one in &asked {
        of_measure.entry(&one.measure.id.0).or_default().push(one);
    }
    of_measure.values().filter_map(|asked| lacking(asked, given, &partner.area)).collect()
}

fn lacking(asked: &[&Asked<'_>], given: &Given<'_>, own: &AreaCode) -> Option<Finding> {
    let answers = |one: &Asked<'_>| {
        let Series { measure, area, group } = one.series.clone();
        let category = group.map(|group| Category { scheme: group.by, group: group.name });
        given.get(&FigureKey { measure, area, period: one.period, category })
    };
    let first = asked.iter().find_map(|one| answers(one))?;
    let lacking: Vec<String> = asked
        .iter()
        .filter(|one| answers(one).is_none())
        .map(|one| {
            let group = one.series.group.as_ref().map_or(String::new(), |group| format!("{} of ", group.name));
            let elsewhere = if one.series.area == *own { String::new() } else { format!(" for {}", one.series.area) };
            format!("{group}{}{elsewhere}", one.period)
        })
        .collect();
    if lacking.is_empty() {
        return None;
    }
    let more = lacking.len().saturating_sub(MOST_NAMED);
    let named = lacking[..lacking.len() - more].join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() };
    let problem =
        format!("{}: {} of {} figures that were asked for are lacking: {named}", asked[0].measure.id, lacking.len(), asked.len());
    let place = match &first.provenance {
        Provenance::Cell { file, sheet, .. } => format!("{file}, sheet {sheet}"),
        Provenance::Answer { url, .. } => url.clone(),
    };
    Some(Finding::new(Grade::Note, Fault::new(place, problem, "give them if they are to be had")))
}

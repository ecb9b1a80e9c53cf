//! What must hold of what begins, ends and takes another's place: partners, measures, targets and those who lead actions.

use super::findings::{Findings, Input, expect_area, name_one_of};
use super::{Action, Aspiration, Edition, Measure, MeasureId, Partner, Target};
use crate::area::Areas;
use crate::document::Entries;
use crate::explanation::no_reason;
use crate::fault::Faults;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Partners: their days are in order, and each that takes another's place begins after that one ended.
pub(super) fn partners(entries: &Entries<Partner>, faults: &mut Faults) {
    let by_id: BTreeMap<&str, &Partner> = entries.all().map(|(_, partner)| (partner.id.as_str(), partner)).collect();
    for (place, partner) in entries.all() {
        for (key, is_empty) in [("kind", partner.kinds.is_empty()), ("area", partner.areas.is_empty())] {
            if is_empty {
                faults.push(format!("{place}, {key}"), "is an empty list", "give at least one");
            }
        }
        if let (Some(from), Some(until)) = (partner.from, partner.until)
            && until < from
        {
            faults.push(format!("{place}, until"), format!("is {until}, before from, {from}"), "correct one of the two");
        }
        for (key, id, (before, after)) in successions(partner, &by_id) {
            let place = format!("{place}, {key}");
            match (before, after) {
                _ if id == partner.id => faults.push(place, "names the partner itself", "name another partner"),
                (Some(before), Some(after)) => apart(&place, before, after, faults),
                _ if entries.is_incomplete || entries.broken.contains(id) => {}
                _ => {
                    let remedy = name_one_of(id, by_id.keys().copied(), "it to partners.toml");
                    faults.push(place, format!("there is no partner {id:?}"), remedy);
                }
            }
        }
    }
}

type Pair<'a> = (Option<&'a Partner>, Option<&'a Partner>);

/// Each partner that this one names, under its key, with which of the two was there before.
fn successions<'a>(partner: &'a Partner, by_id: &BTreeMap<&str, &'a Partner>) -> Vec<(&'static str, &'a str, Pair<'a>)> {
    let known = |id: &String| by_id.get(id.as_str()).copied();
    let after = partner.replaced_by.iter().map(|id| ("replaced_by", id.as_str(), (Some(partner), known(id))));
    let before = partner.continues.iter().map(|id| ("continues", id.as_str(), (known(id), Some(partner))));
    after.chain(before).collect()
}

/// One may go on while another is merged into it, so that only the end is asked for.
fn apart(place: &str, before: &Partner, after: &Partner, faults: &mut Faults) {
    match (before.until, after.from) {
        (None, _) => {
            let problem = format!("{} has no last day (until)", before.id);
            faults.push(place, problem, "give the last day on which it is a partner");
        }
        (Some(until), Some(from)) if from <= until => {
            let problem = format!("{} begins on {from}, and {} ends on {until}", after.id, before.id);
            faults.push(place, problem, "give the one a last day before the other's first day");
        }
        _ => {}
    }
}

/// What an edition says of times and successors.
pub(super) fn check(input: &Input, areas: Option<&Areas>, partners: &Entries<Partner>, findings: &mut Findings) {
    let (place, edition) = &input.edition;
    check_areas_beside(place, edition, areas, &mut findings.faults);
    for (place, action) in input.actions.all() {
        leads(place, action, edition, partners, findings);
        also_under(place, action, input, &mut findings.faults);
    }
    let definitions: BTreeMap<&MeasureId, &Measure> = input.definitions.good.iter().map(|(_, m)| (&m.id, m)).collect();
    let mut used: BTreeSet<&MeasureId> = BTreeSet::new();
    for (place, ambition) in input.ambitions.all() {
        for aspiration in &ambition.measures {
            used.insert(&aspiration.id);
            let Some(measure) = definitions.get(&aspiration.id) else { continue };
            let place = format!("{place}, measure {}", aspiration.id);
            interim(&place, aspiration, edition, measure, findings);
            area_targets(&place, aspiration, edition, measure, areas, findings);
        }
    }
    for (place, measure) in input.definitions.all().filter(|(_, measure)| used.contains(&measure.id)) {
        redefinitions(place, measure, &mut findings.faults);
        retired(place, measure, &definitions, &input.definitions.broken, &used, findings);
    }
}

fn check_areas_beside(place: &str, edition: &Edition, areas: Option<&Areas>, faults: &mut Faults) {
    let place = format!("{place}, beside");
    let mut seen = BTreeSet::from([&edition.system, &edition.comparator]);
    seen.extend(&edition.region);
    for area in &edition.beside {
        expect_area(area, &place, areas, faults);
        if !seen.insert(area) {
            faults.push(&place, format!("{area} is shown already"), "remove it: system, comparator and region are always shown");
        }
    }
}

fn leads(place: &str, action: &Action, edition: &Edition, partners: &Entries<Partner>, findings: &mut Findings) {
    let co_leads = format!("{place}, co_leads");
    let mut seen = BTreeSet::from([action.lead.as_str()]);
    for id in action.co_leads.iter().filter(|id| !seen.insert(id.as_str())) {
        findings.faults.push(&co_leads, format!("{id:?} is named twice"), "name each partner who leads it once");
    }
    let find = |id: &str| partners.all().map(|(_, partner)| partner).find(|partner| partner.id == id);
    for id in &action.co_leads {
        match find(id) {
            Some(partner) if partner.asked => {}
            Some(_) => findings.note(
                &co_leads,
                format!("the partner {id:?} is not asked, so it reports nothing of the action"),
                "name a partner that is asked, or ask this one (asked in partners.toml)",
            ),
            None if partners.is_incomplete || partners.broken.contains(id) => {}
            None => {
                let remedy = name_one_of(id, partners.all().map(|(_, partner)| partner.id.as_str()), "it to partners.toml");
                findings.faults.push(&co_leads, format!("there is no partner {id:?}"), remedy);
            }
        }
    }
    let last = edition.effective_until.unwrap_or(Date::MAX);
    let ended = action.leads().filter_map(find);
    for partner in ended {
        let Some(until) = partner.until.filter(|until| *until < last) else { continue };
        // Whoever replaces it leads its actions too.
        if partner.replaced_by.is_some() {
            continue;
        }
        let others = action.leads().filter(|id| *id != partner.id);
        let goes_on = others.filter_map(find).any(|p| p.until.is_none_or(|end| until < end));
        if !goes_on {
            let problem = format!("the partner {:?} ends on {until}, and nobody reports on the action after that", partner.id);
            let remedy = "name who leads it after that (co_leads), or who replaces the partner (replaced_by in partners.toml)";
            findings.note(format!("{place}, lead"), problem, remedy);
        }
    }
}

fn also_under(place: &str, action: &Action, input: &Input, faults: &mut Faults) {
    let place = format!("{place}, also_under");
    let known: BTreeSet<&str> = input.priorities.all().map(|(_, priority)| priority.id.as_str()).collect();
    let mut seen = BTreeSet::from([action.priority.as_str()]);
    for id in &action.also_under {
        if !known.contains(id.as_str()) && !input.priorities.is_incomplete && !input.priorities.broken.contains(id) {
            let remedy = name_one_of(id, known.iter().copied(), "[[priority]]");
            faults.push(&place, format!("there is no priority {id:?}"), remedy);
        }
        if !seen.insert(id) {
            faults.push(&place, format!("{id:?} is named twice"), "name each priority once, and not that of `priority`");
        }
    }
}

/// Values on the way belong to a level, come before it one after the other, and lead to it.
fn interim(place: &str, aspiration: &Aspiration, edition: &Edition, measure: &Measure, findings: &mut Findings) {
    let place = format!("{place}, interim");
    let Some(first) = aspiration.interim.first() else { return };
    let Target::Level { value, due, baseline, .. } = &aspiration.target else {
        findings.faults.push(
            place,
            "is given to a target of another kind than level",
            "leave it out, or give a level to be reached",
        );
        return;
    };
    let due = due.unwrap_or(edition.default_due);
    let mut before = (first.due, first.value);
    for (i, one) in aspiration.interim.iter().enumerate() {
        if i > 0 && one.due <= before.0 {
            let problem = format!("{} is not after the one before, {}", one.due, before.0);
            findings.faults.push(&place, problem, "list them in the order of their dates");
        }
        if one.due >= due {
            let problem = format!("{} is not before the target's own date, {due}", one.due);
            findings.faults.push(&place, problem, "an interim target lies on the way to the target");
        }
        let is_impossible = measure.expected_for(one.value);
        if let Some(expected) = is_impossible {
            findings.faults.push(&place, format!("is {}; {expected} was expected", one.value), "correct the number");
        }
        let start = baseline.as_ref().and_then(|baseline| baseline.value);
        let sign = measure.polarity.sign().or(start.map(|start| (value - start).signum()));
        let is_beyond = sign.is_some_and(|sign| sign * (one.value - value) > 0.0 || i > 0 && sign * (one.value - before.1) < 0.0);
        if is_beyond && is_impossible.is_none() {
            findings.note(
                &place,
                format!("{} by {} does not lie between what comes before it and the target, {value}", one.value, one.due),
                "check the values, and the measure's polarity",
            );
        }
        before = (one.due, one.value);
    }
}

fn area_targets(
    place: &str,
    aspiration: &Aspiration,
    edition: &Edition,
    measure: &Measure,
    areas: Option<&Areas>,
    findings: &mut Findings,
) {
    let mut seen = BTreeSet::from([&edition.system]);
    for own in &aspiration.area_targets {
        let place = format!("{place}, area_target {}", own.area);
        expect_area(&own.area, &format!("{place}, area"), areas, &mut findings.faults);
        if !seen.insert(&own.area) {
            let problem = format!("{} has a target already", own.area);
            findings.faults.push(&place, problem, "keep one; that of the system is the measure's own target");
        }
        super::check_target::TargetCheck { place: &place, measure, edition, target: &own.target }.check(findings);
        super::check_target::earlier(&place, measure, edition, &own.earlier, findings);
    }
}

fn redefinitions(place: &str, measure: &Measure, faults: &mut Faults) {
    let mut before = None;
    for redefined in &measure.redefinitions {
        let place = format!("{place}, redefined {}", redefined.from);
        if let Some(problem) = no_reason(&redefined.reason) {
            faults.push(format!("{place}, reason"), problem, "say what is counted differently");
        }
        match measure.period(&redefined.from) {
            Ok(from) if before.is_some_and(|before| from <= before) => {
                faults.push(&place, "is not after the one before", "list them in the order of their periods");
            }
            Ok(from) => before = Some(from),
            Err(e) => faults.push(format!("{place}, from"), e.to_string(), "write the period as the measure's source does"),
        }
    }
}

fn retired(
    place: &str,
    measure: &Measure,
    definitions: &BTreeMap<&MeasureId, &Measure>,
    broken: &BTreeSet<String>,
    used: &BTreeSet<&MeasureId>,
    findings: &mut Findings,
) {
    let Some(retired) = &measure.retired else { return };
    if let Some(problem) = no_reason(&retired.reason) {
        findings.faults.push(format!("{place}, retired.reason"), problem, "say why it is no longer collected");
    }
    let place = format!("{place}, retired.successors");
    for id in &retired.successors {
        if *id == measure.id {
            findings.faults.push(&place, "names the measure itself", "name the measures that take its place");
        } else if !definitions.contains_key(id) && !broken.contains(&id.0) {
            let problem = format!("there is no measure {:?}", id.0);
            findings.faults.push(&place, problem, "define it under frameworks/measures/, or correct the id");
        } else if !used.contains(id) {
            findings.note(
                &place,
                format!("no ambition of the edition names {id}, so nothing is shown of it"),
                "add it to the ambition of the measure that it follows",
            );
        }
    }
}

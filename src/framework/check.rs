//! What must hold between the entries of an edition: ids, references, definitions. [`super::check_target`] has
//! what must hold of a target, [`super::check_roles`] of the measures of one ambition, [`super::check_measure`] of a measure.

use super::check_made_from;
use super::check_measure::{asked, definition, overlaps};
use super::check_roles::roles;
use super::check_sense;
use super::check_target::TargetCheck;
use super::findings::{Findings, Input, expect_area, name_one_of};
use super::ids::{check_id, check_words};
use super::{Action, Edition, EditionState, Measure, MeasureId, Partner};
use crate::area::Areas;
use crate::document::{Entries, Places, words};
use crate::fault::Faults;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Checks an edition. Areas and partners that could not be read themselves are not held against it.
pub(super) fn check(
    input: &Input,
    folder: &str,
    areas: Option<&Areas>,
    partners: &Entries<Partner>,
    places: &Places,
) -> Findings {
    let mut findings = Findings::default();
    let (place, described) = &input.edition;
    if described.id != folder {
        let problem = format!("is {:?}; {folder:?} was expected", described.id);
        findings.faults.push(format!("{place}, id"), problem, "give it the name of its folder");
    }
    let aims = ids(&input.aims, |aim| &aim.id, &mut findings.faults);
    let priorities = ids(&input.priorities, |priority| &priority.id, &mut findings.faults);
    let known_ambitions = ids(&input.ambitions, |ambition| &ambition.id, &mut findings.faults);
    ids(&input.actions, |action| &action.id.0, &mut findings.faults);
    ids(&input.definitions, |measure| &measure.id.0, &mut findings.faults);
    printed(input, &mut findings.faults);

    edition(input, areas, &mut findings);
    for (place, priority) in input.priorities.all() {
        aims.expect(&priority.aim, &format!("{place}, aim"), "aim", &mut findings.faults);
    }
    actions(input, &priorities, partners, &mut findings);
    for (place, action) in input.actions.all() {
        let place = format!("{place}, ambitions");
        action.ambitions.iter().for_each(|id| known_ambitions.expect(id, &place, "ambition", &mut findings.faults));
    }
    let used = ambitions(input, &priorities, places, &mut findings);
    // A definition that no ambition names may be another system's, with areas and partners that are not here.
    let in_use = || input.definitions.all().filter(|(_, measure)| used.contains(&measure.id));
    let told = super::check_partners::not_asked(
        in_use().map(|(place, measure)| (place.as_str(), measure)),
        areas,
        (partners, &input.definitions),
        &mut findings,
    );
    for (place, measure) in in_use() {
        definition(place, measure, areas, &mut findings);
        let is_read = |key: &&str| !places.is_told(place, key) && !places.is_told_within(place, key);
        check_sense::measure(place, measure, MADE_BY.iter().all(is_read), &mut findings);
        check_made_from::check(place, measure, &mut findings.faults);
        asked(place, measure, partners, &told, &mut findings);
    }
    overlaps(in_use(), &mut findings.faults);
    super::check_time::check(input, areas, partners, &mut findings);
    findings
}

/// What says together how a figure is made.
const MADE_BY: [&str; 6] = ["unit", "statistic", "multiplier", "denominator", "decimals", "uncertainty"];

/// The ids that an entry may name.
struct Known<'a> {
    good: BTreeSet<&'a str>,
    broken: &'a BTreeSet<String>,
    is_incomplete: bool,
}

impl Known<'_> {
    fn expect(&self, id: &str, place: &str, what: &str, faults: &mut Faults) {
        if !self.good.contains(id) && !self.broken.contains(id) && !self.is_incomplete {
            let problem = format!("there is no {what} {id:?}");
            faults.push(place, problem, name_one_of(id, self.good.iter().copied(), &format!("[[{what}]]")));
        }
    }
}

fn ids<'a, T>(entries: &'a Entries<T>, id: impl Fn(&'a T) -> &'a String, faults: &mut Faults) -> Known<'a> {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for (place, entry) in entries.all() {
        let id = id(entry).as_str();
        check_id(id, place, "give it an id that stays the same in every edition", faults);
        if let Some(earlier) = first.insert(id, place) {
            faults.push(place.clone(), format!("the id {id:?} is given already by {earlier}"), "give each an id of its own");
        }
    }
    Known { good: first.into_keys().collect(), broken: &entries.broken, is_incomplete: entries.is_incomplete }
}

/// What stands in a pack for each entry.
fn printed(input: &Input, faults: &mut Faults) {
    let (place, edition) = &input.edition;
    check_words(place, &[("title", &edition.title)], faults);
    input.aims.all().for_each(|(place, aim)| check_words(place, &[("title", &aim.title)], faults));
    for (place, priority) in input.priorities.all() {
        check_words(place, &[("title", &priority.title), ("short", &priority.short)], faults);
    }
    input.ambitions.all().for_each(|(place, of)| check_words(place, &[("statement", &of.statement)], faults));
    input.actions.all().for_each(|(place, of)| check_words(place, &[("statement", &of.statement)], faults));
    input.definitions.all().for_each(|(place, of)| check_words(place, &[("title", &of.title)], faults));
}

fn edition(input: &Input, areas: Option<&Areas>, findings: &mut Findings) {
    let (place, edition) = &input.edition;
    let faults = &mut findings.faults;
    expect_area(&edition.system, &format!("{place}, system"), areas, faults);
    expect_area(&edition.comparator, &format!("{place}, comparator"), areas, faults);
    if edition.comparator == edition.system {
        let problem = format!("is {}, the system itself: it would be compared with itself", edition.comparator);
        faults.push(format!("{place}, comparator"), problem, "name the whole that it is set beside, such as the country");
    }
    edition.region.iter().for_each(|region| expect_area(region, &format!("{place}, region"), areas, faults));
    for (key, date, remedy) in [
        ("default_due", Some(edition.default_due), "give the last day of the strategy"),
        ("effective_until", edition.effective_until, "give the day before the next edition took effect, or leave it out"),
    ] {
        if let Some(date) = date.filter(|date| *date <= edition.effective_from) {
            let problem = format!("is {date}, not after effective_from, {}", edition.effective_from);
            faults.push(format!("{place}, {key}"), problem, remedy);
        }
    }
    if edition.baseline_before.is_some_and(|day| day >= edition.default_due) {
        let problem = format!("is {}, not before default_due, {}", edition.baseline_before(), edition.default_due);
        faults.push(format!("{place}, baseline_before"), problem, "give the first day of the strategy's first year");
    }
    let mut chapters = BTreeSet::new();
    for chapter in edition.chapters.iter().filter(|chapter| chapter.id.is_empty() || !chapters.insert(&chapter.id)) {
        let problem = format!("the id {:?} is empty or given twice", chapter.id);
        faults.push(format!("{place}, chapter"), problem, "give each chapter an id of its own");
    }
    if input.ambitions.all().next().is_none() && !input.ambitions.is_incomplete {
        faults.push(place.clone(), "the edition has no ambition", "add an entry [[ambition]]");
    }
    let standing = &edition.standing;
    if standing.state == EditionState::Superseded {
        findings.note(
            format!("{place}, standing"),
            "the edition is superseded: a pack made of it says so",
            "add the text that took its place as an edition of its own",
        );
    }
    if standing.state == EditionState::Agreed && standing.by.is_empty() {
        findings.note(format!("{place}, standing.by"), "the edition is agreed, and nobody is named", "say who agreed it");
    }
}

fn actions(input: &Input, priorities: &Known<'_>, partners: &Entries<Partner>, findings: &mut Findings) {
    for (place, action) in input.actions.all() {
        priorities.expect(&action.priority, &format!("{place}, priority"), "priority", &mut findings.faults);
        steps(place, action, &mut findings.faults);
        let (_, edition) = &input.edition;
        if let Some(due) = action.due.filter(|due| *due < edition.effective_from && action.first_due.is_none()) {
            let problem = format!("{due} had passed when the edition took effect, {}", edition.effective_from);
            findings.note(format!("{place}, due"), problem, "correct the year, unless the strategy says so");
        }
        moved(place, action.due, action.first_due, &mut findings.faults);
        match partners.all().map(|(_, partner)| partner).find(|partner| partner.id == action.lead) {
            Some(partner) if partner.asked => {}
            Some(_) => findings.note(
                format!("{place}, lead"),
                format!("the partner {:?} is not asked, so nobody reports on the action", action.lead),
                "name a partner that is asked, or ask this one (asked in partners.toml)",
            ),
            None if partners.is_incomplete || partners.broken.contains(&action.lead) => {}
            None => {
                let remedy =
                    name_one_of(&action.lead, partners.all().map(|(_, partner)| partner.id.as_str()), "it to partners.toml");
                findings.faults.push(format!("{place}, lead"), format!("there is no partner {:?}", action.lead), remedy);
            }
        }
    }
}

/// There is more than one step, those with a day are in the order of their days, and the last is due with the whole.
fn steps(place: &str, action: &Action, faults: &mut Faults) {
    let Some(last) = action.steps.last() else { return };
    let place = format!("{place}, steps");
    action.steps.iter().for_each(|step| moved(&place, step.due, step.first_due, faults));
    if action.steps.len() == 1 {
        faults.push(&place, "has one step; two or more were expected", "an action of one step needs only its own due date");
    }
    let days: Vec<Date> = action.steps.iter().filter_map(|step| step.due).collect();
    if let Some([before, after]) = days.array_windows().find(|[before, after]| before > after) {
        faults.push(&place, format!("{before} comes before {after}"), "put them in the order of their days");
    } else if action.due != last.due {
        let day = |due: Option<Date>| due.map_or("no date".to_owned(), |due| due.to_string());
        faults.push(
            place,
            format!("the last has {} and the action {}", day(last.due), day(action.due)),
            "the action is done when the last step is: give it the date of its last step, or none",
        );
    }
}

/// A first date is there only where the edition has another one, or none.
fn moved(place: &str, due: Option<Date>, first: Option<Date>, faults: &mut Faults) {
    if let Some(first) = first.filter(|first| due == Some(*first)) {
        faults.push(
            format!("{place}, first_due"),
            format!("is {first}, the same as due"),
            "leave it out where no date was moved",
        );
    }
}

/// The edition, due far in the future where its own date is told to be at fault: so is no target's for that.
fn with_sound_dates(edition: &Edition) -> Edition {
    let is_sound = edition.default_due > edition.effective_from;
    Edition { default_due: if is_sound { edition.default_due } else { Date::MAX }, ..edition.clone() }
}

/// Checks each ambition and its targets; gives the measures that some ambition names.
fn ambitions<'a>(input: &'a Input, priorities: &Known<'_>, places: &Places, findings: &mut Findings) -> BTreeSet<&'a MeasureId> {
    // A target is held against what of a measure could be read.
    const NEEDED: [&str; 6] = ["unit", "decimals", "polarity", "year", "cadence_months", "source"];
    let is_sound = |place: &str| NEEDED.iter().all(|key| !places.is_told(place, key) && !places.is_told_within(place, key));
    let mended = input.definitions.mended.iter().filter(|(place, _)| is_sound(place));
    let definitions: BTreeMap<&MeasureId, &Measure> =
        mended.chain(&input.definitions.good).map(|(_, measure)| (&measure.id, measure)).collect();
    let mut used: BTreeMap<&MeasureId, &str> = BTreeMap::new();
    let edition = &with_sound_dates(&input.edition.1);
    // Measures that are named wrongly, and looked at all the same.
    let mut meant: Vec<&MeasureId> = Vec::new();
    for (place, ambition) in input.ambitions.all() {
        if let Some(priority) = &ambition.priority {
            priorities.expect(priority, &format!("{place}, priority"), "priority", &mut findings.faults);
        }
        if ambition.measures.is_empty() {
            findings.faults.push(
                place.clone(),
                "it has no measure",
                "add [[ambition.measure]]; where nothing can be judged, one whose target is of the kind not_judged",
            );
        }
        roles(place, ambition, findings);
        for aspiration in &ambition.measures {
            let place = format!("{place}, measure {}", aspiration.id);
            if let Some(earlier) = used.insert(&aspiration.id, &ambition.id) {
                findings.faults.push(
                    place.clone(),
                    format!("the measure has a target already, under the ambition {earlier}"),
                    "define a second measure for the second target: a status belongs to one measure",
                );
                continue;
            }
            match definitions.get(&aspiration.id) {
                Some(measure) => {
                    TargetCheck { place: &place, measure, edition, target: &aspiration.target }.check(findings);
                    super::check_target::earlier(&place, measure, edition, &aspiration.earlier, findings);
                }
                None if input.definitions.is_incomplete || input.definitions.broken.contains(&aspiration.id.0) => {}
                None => meant.extend(no_measure(&place, &aspiration.id, &definitions, &mut findings.faults)),
            }
        }
    }
    let scenarios: Vec<&MeasureId> = scenarios(input, &definitions, &used, &mut findings.faults);
    let mut all: BTreeSet<&MeasureId> = used.into_keys().chain(scenarios).chain(meant).collect();
    for (place, measure) in input.definitions.all().filter(|(_, measure)| all.contains(&measure.id)).collect::<Vec<_>>() {
        for part in measure.summed() {
            match definitions.get(part) {
                Some(part) => {
                    super::check_measure::part_of_sum(place, measure, part, &mut findings.faults);
                    all.insert(&part.id);
                }
                None if input.definitions.is_incomplete || input.definitions.broken.contains(&part.0) => {}
                None => drop(no_measure(&format!("{place}, source.of"), part, &definitions, &mut findings.faults)),
            }
        }
    }
    all
}

/// Tells that there is no such measure; gives the one that may be meant.
fn no_measure<'a>(
    place: &str,
    id: &MeasureId,
    definitions: &BTreeMap<&'a MeasureId, &'a Measure>,
    faults: &mut Faults,
) -> Option<&'a MeasureId> {
    let ids: Vec<&str> = definitions.keys().map(|id| id.0.as_str()).collect();
    let meant = words::nearest(&id.0, &ids);
    let remedy = match meant {
        Some(id) => format!("did you mean {id:?}?"),
        None => "define it under frameworks/measures/, or correct the id".to_owned(),
    };
    faults.push(place, format!("there is no measure {:?}", id.0), remedy);
    definitions.keys().find(|id| Some(id.0.as_str()) == meant).copied()
}

/// The measures that targets are set against: each has to be there, to count what is judged, and to be no ambition itself.
fn scenarios<'a>(
    input: &'a Input,
    definitions: &BTreeMap<&MeasureId, &Measure>,
    used: &BTreeMap<&MeasureId, &str>,
    faults: &mut Faults,
) -> Vec<&'a MeasureId> {
    let mut found = Vec::new();
    for (place, ambition) in input.ambitions.all() {
        for aspiration in &ambition.measures {
            let Some(id) = aspiration.target.scenario() else { continue };
            let place = format!("{place}, measure {}, target.scenario", aspiration.id);
            found.push(id);
            if let Some(ambition) = used.get(id) {
                let problem = format!("{id} has a target of its own, under the ambition {ambition}");
                faults.push(place, problem, "name a measure that holds the projection and nothing else");
                continue;
            }
            match (definitions.get(id), definitions.get(&aspiration.id)) {
                (Some(scenario), Some(judged)) if (&scenario.unit, scenario.year) != (&judged.unit, judged.year) => faults.push(
                    place,
                    format!("{id} is in another unit or kind of year than {}", judged.id),
                    "project the figure that is judged",
                ),
                (None, _) if !input.definitions.is_incomplete && !input.definitions.broken.contains(&id.0) => {
                    no_measure(&place, id, definitions, faults);
                }
                _ => {}
            }
        }
    }
    found
}

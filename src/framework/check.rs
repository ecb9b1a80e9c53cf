//! What must hold between the entries of an edition: ids, references, definitions. [`super::check_target`] has
//! what must hold of a target.

use super::check_made_from;
use super::check_target::Target;
use super::read::Entries;
use super::{Action, Aim, Ambition, Breakdown, Edition, Framework, Measure, MeasureId, Partner, Priority, Source};
use crate::area::{AreaCode, Areas};
use crate::fault::{Fault, Faults};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Longer waits for a figure than this are misprints.
const MOST_MONTHS: i32 = 120;
const MOST_YEARS: i32 = 10;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What makes the edition unusable.
    pub faults: Faults,
    /// What is allowed and an owner should know: it mostly ends as "no data".
    pub notes: Vec<Fault>,
}

impl Findings {
    pub(super) fn note(&mut self, place: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) {
        self.notes.push(Fault::new(place, problem, remedy));
    }
}

/// The entries of an edition as they were read, each with its place.
pub(super) struct Input {
    pub edition: (String, Edition),
    pub definitions: Entries<Measure>,
    pub aims: Entries<Aim>,
    pub priorities: Entries<Priority>,
    pub ambitions: Entries<Ambition>,
    pub actions: Entries<Action>,
}

impl Input {
    /// The edition, with those measures that its ambitions name, in their order.
    pub fn into_framework(self) -> Framework {
        let mut definitions: BTreeMap<MeasureId, Measure> =
            self.definitions.values().into_iter().map(|measure| (measure.id.clone(), measure)).collect();
        let ambitions = self.ambitions.values();
        let named = ambitions.iter().flat_map(|ambition| &ambition.measures);
        let with_scenario = named.flat_map(|aspiration| [Some(&aspiration.id), aspiration.target.scenario()]);
        let mut measures: Vec<Measure> = Vec::new();
        for id in with_scenario.flatten() {
            let Some(measure) = definitions.remove(id) else { continue };
            let parts: Vec<Measure> = measure.summed().iter().filter_map(|part| definitions.remove(part)).collect();
            measures.push(measure);
            measures.extend(parts);
        }
        Framework {
            edition: self.edition.1,
            aims: self.aims.values(),
            priorities: self.priorities.values(),
            ambitions,
            measures,
            actions: self.actions.values(),
        }
    }
}

/// Checks an edition. Areas and partners that could not be read themselves are not held against it.
pub(super) fn check(input: &Input, areas: Option<&Areas>, partners: Option<&[Partner]>) -> Findings {
    let mut findings = Findings::default();
    let aims = ids(&input.aims, |aim| &aim.id, &mut findings.faults);
    let priorities = ids(&input.priorities, |priority| &priority.id, &mut findings.faults);
    ids(&input.ambitions, |ambition| &ambition.id, &mut findings.faults);
    ids(&input.actions, |action| &action.id.0, &mut findings.faults);
    ids(&input.definitions, |measure| &measure.id.0, &mut findings.faults);

    edition(input, areas, &mut findings.faults);
    for (place, priority) in &input.priorities.good {
        aims.expect(&priority.aim, &format!("{place}, aim"), "aim", &mut findings.faults);
    }
    actions(input, &priorities, partners, &mut findings);
    let used = ambitions(input, &priorities, &mut findings);
    // A definition that no ambition names may be another system's, with areas and partners that are not here.
    let in_use = || input.definitions.good.iter().filter(|(_, measure)| used.contains(&measure.id));
    for (place, measure) in in_use() {
        definition(place, measure, areas, &mut findings.faults);
        check_made_from::check(place, measure, &mut findings.faults);
        asked(place, measure, partners, &mut findings);
    }
    overlaps(in_use(), &mut findings.faults);
    findings
}

/// The ids that an entry may name.
struct Known<'a> {
    good: BTreeSet<&'a str>,
    broken: &'a BTreeSet<String>,
}

impl Known<'_> {
    fn expect(&self, id: &str, place: &str, what: &str, faults: &mut Faults) {
        if !self.good.contains(id) && !self.broken.contains(id) {
            let ids = if self.good.is_empty() { "none".to_owned() } else { join(self.good.iter().copied()) };
            faults.push(place, format!("there is no {what} {id:?}"), format!("name one of: {ids}"));
        }
    }
}

fn join<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

fn ids<'a, T>(entries: &'a Entries<T>, id: impl Fn(&'a T) -> &'a String, faults: &mut Faults) -> Known<'a> {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for (place, entry) in &entries.good {
        let id = id(entry).as_str();
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            faults.push(
                format!("{place}, id"),
                format!("{id:?} is no id: lower-case letters, digits and hyphens were expected"),
                "give it an id that stays the same in every edition",
            );
        }
        if let Some(earlier) = first.insert(id, place) {
            faults.push(place.clone(), format!("the id {id:?} is given already by {earlier}"), "give each an id of its own");
        }
    }
    Known { good: first.into_keys().collect(), broken: &entries.broken }
}

fn edition(input: &Input, areas: Option<&Areas>, faults: &mut Faults) {
    let (place, edition) = &input.edition;
    expect_area(&edition.system, &format!("{place}, system"), areas, faults);
    expect_area(&edition.comparator, &format!("{place}, comparator"), areas, faults);
    if edition.default_due <= edition.effective_from {
        faults.push(
            format!("{place}, default_due"),
            format!("is {}, not after effective_from, {}", edition.default_due, edition.effective_from),
            "give the last day of the strategy",
        );
    }
    if input.ambitions.good.is_empty() && input.ambitions.broken.is_empty() {
        faults.push(place.clone(), "the edition has no ambition", "add an entry [[ambition]]");
    }
}

fn expect_area(code: &AreaCode, place: &str, areas: Option<&Areas>, faults: &mut Faults) {
    if areas.is_some_and(|areas| areas.get(code).is_none()) {
        faults.push(place, format!("{code} is not an area of areas.toml"), "add it there, or correct the code");
    }
}

fn actions(input: &Input, priorities: &Known<'_>, partners: Option<&[Partner]>, findings: &mut Findings) {
    for (place, action) in &input.actions.good {
        priorities.expect(&action.priority, &format!("{place}, priority"), "priority", &mut findings.faults);
        steps(place, action, &mut findings.faults);
        if let Some(partners) = partners.filter(|partners| partners.iter().all(|partner| partner.id != action.lead)) {
            let ids = join(partners.iter().map(|partner| partner.id.as_str()));
            findings.faults.push(
                format!("{place}, lead"),
                format!("there is no partner {:?}", action.lead),
                format!("name one of: {ids}"),
            );
        }
    }
}

/// There is more than one step, those with a day are in the order of their days, and the last is due with the whole.
fn steps(place: &str, action: &Action, faults: &mut Faults) {
    let Some(last) = action.steps.last() else { return };
    let place = format!("{place}, steps");
    if action.steps.len() == 1 {
        faults.push(&place, "has one step; two or more were expected", "an action of one step needs only its own due date");
    }
    let days: Vec<Date> = action.steps.iter().filter_map(|step| step.due).collect();
    if let Some([before, after]) = days.array_windows().find(|[before, after]| before > after) {
        faults.push(&place, format!("{before} comes before {after}"), "put them in the order of their days");
    }
    if action.due != last.due {
        let day = |due: Option<Date>| due.map_or("no date".to_owned(), |due| due.to_string());
        faults.push(
            place,
            format!("the last has {} and the action {}", day(last.due), day(action.due)),
            "the action is done when the last step is: give it the date of its last step, or none",
        );
    }
}

/// Checks each ambition and its targets; gives the measures that some ambition names.
fn ambitions<'a>(input: &'a Input, priorities: &Known<'_>, findings: &mut Findings) -> BTreeSet<&'a MeasureId> {
    let definitions: BTreeMap<&MeasureId, &Measure> = input.definitions.good.iter().map(|(_, m)| (&m.id, m)).collect();
    let mut used: BTreeMap<&MeasureId, &str> = BTreeMap::new();
    for (place, ambition) in &input.ambitions.good {
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
        for aspiration in &ambition.measures {
            let place = format!("{place}, measure {}", aspiration.id);
            if let Some(earlier) = used.insert(&aspiration.id, &ambition.id) {
                findings.faults.push(
                    place.clone(),
                    format!("the measure has a target already, under the ambition {earlier}"),
                    "define a second measure for the second target: a status belongs to one measure",
                );
            }
            match definitions.get(&aspiration.id) {
                Some(measure) => {
                    Target { place: &place, measure, edition: &input.edition.1, target: &aspiration.target }.check(findings)
                }
                None if input.definitions.broken.contains(&aspiration.id.0) => {}
                None => no_measure(&place, &aspiration.id, &mut findings.faults),
            }
        }
    }
    let scenarios: Vec<&MeasureId> = scenarios(input, &definitions, &used, &mut findings.faults);
    let mut all: BTreeSet<&MeasureId> = used.into_keys().chain(scenarios).collect();
    for (place, measure) in input.definitions.good.iter().filter(|(_, measure)| all.contains(&measure.id)).collect::<Vec<_>>() {
        for part in measure.summed() {
            match definitions.get(part) {
                Some(part) if (part.unit, part.year) != (measure.unit, measure.year) => findings.faults.push(
                    format!("{place}, source.of"),
                    format!("{} is in another unit or kind of year", part.id),
                    "add up figures of one unit",
                ),
                Some(part) => {
                    all.insert(&part.id);
                }
                None => no_measure(&format!("{place}, source.of"), part, &mut findings.faults),
            }
        }
    }
    all
}

fn no_measure(place: &str, id: &MeasureId, faults: &mut Faults) {
    faults.push(place, format!("there is no measure {:?}", id.0), "define it under frameworks/measures/, or correct the id");
}

/// The measures that targets are set against: each has to be there, to count what is judged, and to be no ambition itself.
fn scenarios<'a>(
    input: &'a Input,
    definitions: &BTreeMap<&MeasureId, &Measure>,
    used: &BTreeMap<&MeasureId, &str>,
    faults: &mut Faults,
) -> Vec<&'a MeasureId> {
    let mut found = Vec::new();
    for (place, ambition) in &input.ambitions.good {
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
                (Some(scenario), Some(judged)) if (scenario.unit, scenario.year) != (judged.unit, judged.year) => faults.push(
                    place,
                    format!("{id} is in another unit or kind of year than {}", judged.id),
                    "project the figure that is judged",
                ),
                (None, _) if !input.definitions.broken.contains(&id.0) => no_measure(&place, id, faults),
                _ => {}
            }
        }
    }
    found
}

/// What must hold of a measure by itself.
fn definition(place: &str, measure: &Measure, areas: Option<&Areas>, faults: &mut Faults) {
    if !(measure.multiplier.is_finite() && measure.multiplier > 0.0) {
        faults.push(
            format!("{place}, multiplier"),
            format!("is {}; a number above 0 was expected", measure.multiplier),
            "correct it",
        );
    }
    for (key, months, from, remedy) in [
        ("cadence_months", measure.cadence_months, 1, "give the months from one figure to the next: 12 for a yearly one"),
        (
            "publication_lag_months",
            measure.publication_lag_months,
            0,
            "give the months from the end of a period to its publication",
        ),
    ] {
        if !(from..=MOST_MONTHS).contains(&months) {
            faults.push(format!("{place}, {key}"), format!("is {months}; {from} to {MOST_MONTHS} was expected"), remedy);
        }
    }
    for (i, part) in measure.parts.iter().enumerate() {
        expect_area(part, &format!("{place}, parts"), areas, faults);
        if measure.parts[..i].contains(part) {
            faults.push(format!("{place}, parts"), format!("{part} is listed twice"), "remove one: it would be summed twice");
        }
    }
    match &measure.source {
        Source::Indicator { source, indicator, years, aggregate, .. } => {
            for (key, text) in [("source", source), ("indicator", indicator)] {
                if text.trim().is_empty() {
                    faults.push(format!("{place}, source.{key}"), "is empty", "name the source and its indicator");
                }
            }
            if !(1..=MOST_YEARS).contains(years) {
                let problem = format!("is {years}; 1 to {MOST_YEARS} was expected");
                faults.push(format!("{place}, source.years"), problem, "write 3 for three-year periods");
            }
            if aggregate.is_some() && !matches!(measure.statistic, super::Statistic::Count | super::Statistic::Quantity) {
                let problem = "only a number of events or a quantity is the sum of its parts";
                faults.push(format!("{place}, source.aggregate"), problem, "leave it out, or correct the statistic");
            }
        }
        Source::Return { partners, areas: given_for, breakdowns, first } => {
            groups(place, breakdowns, faults);
            if let Some(Err(e)) = first.as_deref().map(|label| measure.period(label)) {
                faults.push(format!("{place}, source.first"), e.to_string(), "write the first period that partners return");
            }
            if partners.is_empty() {
                faults.push(format!("{place}, source.partners"), "is empty", "name the kinds of partner that return the measure");
            }
            for (i, area) in given_for.iter().enumerate() {
                expect_area(area, &format!("{place}, source.areas"), areas, faults);
                if given_for[..i].contains(area) {
                    faults.push(format!("{place}, source.areas"), format!("{area} is listed twice"), "remove one");
                }
            }
        }
        Source::Sum { of } if of.len() < 2 => {
            faults.push(format!("{place}, source.of"), "names fewer than two measures", "name those that are added up");
        }
        Source::Sum { .. } | Source::None => {}
    }
}

/// Each breakdown has a name and two groups or more, and none stands twice: a row of a return names them.
fn groups(place: &str, breakdowns: &[Breakdown], faults: &mut Faults) {
    let place = format!("{place}, source.breakdowns");
    let plain = |name: &str| name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let mut names = BTreeSet::new();
    for breakdown in breakdowns {
        if plain(&breakdown.by).is_empty() || !names.insert(plain(&breakdown.by)) {
            let problem = format!("by = {:?} is empty or stands twice", breakdown.by);
            faults.push(&place, problem, "give each breakdown a name of its own, such as Deprivation");
        }
        if breakdown.groups.len() < 2 {
            let problem = format!("{:?} has fewer than two groups", breakdown.by);
            faults.push(&place, problem, "list the groups that the figure is split into");
        }
        let mut groups = BTreeSet::new();
        if let Some(group) = breakdown.groups.iter().find(|group| plain(group).is_empty() || !groups.insert(plain(group))) {
            let problem = format!("the group {group:?} of {:?} is empty or stands twice", breakdown.by);
            faults.push(&place, problem, "give each group a name of its own");
        }
    }
}

/// Whether anyone is there to return a measure.
fn asked(place: &str, measure: &Measure, partners: Option<&[Partner]>, findings: &mut Findings) {
    let (Source::Return { partners: kinds, .. }, Some(partners)) = (&measure.source, partners) else { return };
    for kind in kinds.iter().filter(|kind| partners.iter().all(|partner| partner.kind != **kind)) {
        let there: BTreeSet<&str> = partners.iter().map(|partner| partner.kind.as_str()).collect();
        findings.note(
            format!("{place}, source.partners"),
            format!("no partner is of the kind {kind:?}, so none is asked for it"),
            format!("the kinds in partners.toml are: {}", join(there.into_iter())),
        );
    }
}

/// Two measures of the same figures would count one thing twice.
fn overlaps<'a>(definitions: impl Iterator<Item = &'a (String, Measure)>, faults: &mut Faults) {
    let mut seen: BTreeMap<(&str, &str, _, &str, i32, bool), &MeasureId> = BTreeMap::new();
    for (place, measure) in definitions {
        let Source::Indicator { source, indicator, sex, age, years, aggregate, .. } = &measure.source else { continue };
        if let Some(earlier) = seen.insert((source, indicator, *sex, age, *years, aggregate.is_some()), &measure.id) {
            faults.push(
                format!("{place}, source"),
                format!("is the same series as that of the measure {earlier}: {source} {indicator}, {sex}, {years} year(s)"),
                "use the one measure, or tell the two apart by sex, age or years",
            );
        }
    }
}

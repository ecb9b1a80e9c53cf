//! What is measured, what is to be done, and where.

use super::{Cell, Column, Table, count_places};
use crate::collect::ActionReport;
use crate::evaluate::{ActionAssessment, ambition_rows};
use crate::framework::{Action, ActionId, ActionStep, Ambition, Aspiration, Measure, Source};
use crate::report::Pack;
use crate::report::content::place;
use std::collections::BTreeMap;

const AMBITIONS: &[Column] = &[
    Column::words("ambition", "Id of the ambition, the same in every edition of the strategy"),
    Column::words("aim", "Title of the aim; empty for an overarching ambition"),
    Column::words("priority", "Title of the priority; empty for an overarching ambition"),
    Column::words("statement", "What the strategy says, in short; the wording is ours"),
    Column::words("verbatim", "The text itself, where its owner has entered it"),
    Column::words("place", "Where in the strategy's text it stands"),
    Column::words("status", "How it stands"),
    Column::words("reason", "Why, in one sentence"),
    Column::words("flags", "What a reader must know beside the status, parted by ;"),
    Column::words("combine", "How its leads make one status: worst, or tally for how many are met"),
    Column::words("judged_by", "Whether leads or stand-ins decided; empty where there is neither"),
    Column::number("met", "Deciding measures that are met"),
    Column::number("judged", "Deciding measures that were judged"),
    Column::number("of", "Deciding measures"),
    Column::words("decided_by", "Id of the measure whose status it is, where one decides"),
];

pub fn ambitions(pack: &Pack<'_>) -> Table {
    let rows = pack.framework.ambitions.iter().zip(ambition_rows(pack.evaluation, pack.framework)).map(|(ambition, row)| {
        let (aim, priority) = titles(pack, ambition);
        vec![
            Cell::words(&ambition.id),
            Cell::words(aim),
            Cell::words(priority),
            Cell::words(&ambition.statement),
            Cell::words(&ambition.text.verbatim),
            Cell::words(place(&ambition.text)),
            Cell::words(row.status.code()),
            Cell::words(row.reason),
            super::figures::flags(row.flags),
            Cell::word(ambition.combine),
            Cell::word(row.judged_by),
            Cell::whole(row.met),
            Cell::whole(row.judged),
            Cell::whole(row.of),
            Cell::words(row.decided_by.map_or("", |id| &id.0)),
        ]
    });
    Table {
        name: "Ambitions",
        what: "An ambition of the strategy, which the board counts",
        columns: AMBITIONS,
        rows: rows.collect(),
    }
}

/// Titles of an ambition's aim and priority; both empty for an overarching one.
fn titles<'a>(pack: &Pack<'a>, ambition: &Ambition) -> (&'a str, &'a str) {
    let framework = pack.framework;
    let priority = ambition.priority.as_ref().and_then(|id| framework.priorities.iter().find(|p| p.id == *id));
    let aim = priority.and_then(|priority| framework.aims.iter().find(|aim| aim.id == priority.aim));
    (aim.map_or("", |aim| &aim.title), priority.map_or("", |priority| &priority.title))
}

const MEASURES: &[Column] = &[
    Column::words("measure", "Id of the measure, the same in every edition of the strategy"),
    Column::words("title", "Name as printed"),
    Column::words("aim", "Title of the aim; empty for an overarching ambition"),
    Column::words("priority", "Title of the priority; empty for an overarching ambition"),
    Column::words("ambition", "What the strategy says, in short; the wording is ours"),
    Column::words("role", "lead decides; stand_in decides only while no lead is judged; supporting never does"),
    Column::words("target", "The target in words"),
    Column::date("target_due", "The last day for it"),
    Column::words("target_document", "The document that set the target, where it is not the strategy itself"),
    Column::words("definition", "In plain words"),
    Column::words("numerator", "What is counted above the line"),
    Column::words("denominator", "What is counted below the line"),
    Column::number("multiplier", "A value is the multiplier times the numerator by the denominator"),
    Column::words("unit", "What its figures count in"),
    Column::number("decimals", "Places that its figures are printed with"),
    Column::words("statistic", "Kind of figure, which decides how limits are made and what may be summed"),
    Column::words("good_direction", "high, low or none"),
    Column::number("months_between_figures", "From one figure to the next"),
    Column::number("months_to_publication", "From the end of a period to its publication"),
    Column::words(
        "protection",
        "How small numbers are protected: none, standard (1 to 4), hospital-episodes (1 to 7, others rounded to 5)",
    ),
    Column::words("source", "Where its figures come from"),
    Column::words("owner", "Who answers for it"),
    Column::words("retired", "Where it is no longer collected: since when, why, and what takes its place"),
    Column::words("redefined", "The periods from which it is counted otherwise, and how, parted by ;"),
    Column::words("proxy", "Where it stands in for the measure that the ambition names, how they differ"),
    Column::words("notes", "Readings chosen where the text leaves a choice"),
];

pub fn measures(pack: &Pack<'_>) -> Table {
    let rows = pack.framework.aspirations().map(|(ambition, aspiration)| measure(pack, ambition, aspiration));
    Table {
        name: "Measures",
        what: "A measure with the target that the edition sets it; one named by two ambitions has two rows",
        columns: MEASURES,
        rows: rows.collect(),
    }
}

fn measure(pack: &Pack<'_>, ambition: &Ambition, aspiration: &Aspiration) -> Vec<Cell> {
    let framework = pack.framework;
    let measure = framework.measure(&aspiration.id);
    let (aim, priority) = titles(pack, ambition);
    let text = |of: fn(&Measure) -> &str| Cell::words(measure.map_or("", of));
    let number = |value: Option<f64>| Cell::number_or(value, count_places, Cell::NotAvailable);
    let notes = [ambition.notes.as_str(), &aspiration.notes, measure.map_or("", |m| &m.notes)];
    vec![
        Cell::words(&aspiration.id.0),
        text(|m| &m.title),
        Cell::words(aim),
        Cell::words(priority),
        Cell::words(&ambition.statement),
        Cell::word(aspiration.role),
        Cell::words(framework.target_in_words(aspiration, pack.areas)),
        Cell::Date(framework.due(aspiration)),
        Cell::words(&aspiration.document),
        text(|m| &m.definition),
        text(|m| &m.numerator),
        text(|m| &m.denominator),
        number(measure.map(|m| m.multiplier)),
        text(|m| m.unit.name()),
        number(measure.map(|m| f64::from(m.decimals))),
        Cell::word(measure.map(|m| m.statistic)),
        Cell::word(measure.map(|m| m.polarity)),
        number(measure.map(|m| f64::from(m.cadence_months))),
        number(measure.map(|m| f64::from(m.publication_lag_months))),
        Cell::word(measure.map(|m| m.disclosure)),
        Cell::words(measure.map_or(String::new(), |m| source(&m.source))),
        Cell::words(&aspiration.owner),
        Cell::words(measure.and_then(|m| m.retired.as_ref()).map_or(String::new(), |retired| retired.in_words())),
        Cell::words(measure.map_or(String::new(), redefined)),
        text(|m| &m.proxy),
        Cell::words(notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join(" ")),
    ]
}

fn redefined(measure: &Measure) -> String {
    let each = measure.redefinitions.iter().map(|redefined| format!("from {}: {}", redefined.from, redefined.reason));
    each.collect::<Vec<_>>().join("; ")
}

fn source(source: &Source) -> String {
    match source {
        Source::Indicator { source, indicator, .. } => format!("{source}, indicator {indicator}"),
        Source::Return { partners, .. } => format!("returned by partners: {}", partners.join(", ")),
        Source::Sum { of } => format!("the sum of {}", of.iter().map(|id| id.0.as_str()).collect::<Vec<_>>().join(", ")),
        Source::None => "nobody publishes or returns it yet".to_owned(),
    }
}

const ACTIONS: &[Column] = &[
    Column::words("action", "Id of the key action, the same in every edition of the strategy"),
    Column::words("priority", "Title of its priority; of several, parted by ;"),
    Column::words("statement", "What is to be done"),
    Column::date("due", "The last day by which it is to be done; not applicable where the strategy gives none"),
    Column::date("first_due", "The day that an earlier edition gave it, where this one moved it; else not applicable"),
    Column::words("steps", "Its parts in order, each with its day, parted by ;"),
    Column::words("lead", "Id of the partner who leads it"),
    Column::words("lead_name", "Its name"),
    Column::words("evidence", "How its completion is shown"),
    Column::yes_no("proposed", "Whether lead and evidence are our proposal, the text naming none"),
    Column::words("status", "How it stands"),
    Column::words("reason", "Why, in one sentence"),
    Column::words("flags", "What a reader must know beside the status, parted by ;"),
    Column::words("progress", "What the lead reported; empty where it reported nothing"),
    Column::date("forecast", "When the lead expects it to be done"),
    Column::date("completed", "When the lead says it was done"),
    Column::words("commentary", "What the lead said, as it was said"),
    Column::words("reported_by", "Id of the partner who said it"),
    Column::words("reported_for", "The quarter of the return that said it, where that is known"),
    Column::date("reported_on", "The day on which that return came"),
    Column::yes_no("illustrative", "Whether the report was made up to show how the pack works"),
    Column::words("source", "Where the report came from"),
    Column::words("co_leads", "Ids of the partners who lead it with that one, parted by ;"),
    Column::words(
        "co_leads_said",
        "What others who lead it reported, each with its id, the step that it speaks of, status, forecast and words, parted by ;",
    ),
];

pub fn actions(pack: &Pack<'_>) -> Table {
    let judged: BTreeMap<&ActionId, &ActionAssessment> = pack.evaluation.actions.iter().map(|a| (&a.action, a)).collect();
    let rows = pack.framework.actions.iter().map(|action| self::action(pack, action, judged.get(&action.id).copied()));
    Table { name: "Key actions", what: "A key action of the strategy", columns: ACTIONS, rows: rows.collect() }
}

fn action(pack: &Pack<'_>, action: &Action, judged: Option<&ActionAssessment>) -> Vec<Cell> {
    let report = judged.and_then(|judged| judged.report.as_ref());
    let returned = report.and_then(|report| report.returned);
    let others = judged.map_or(&[][..], |judged| judged.others.as_slice());
    let title = |id: &String| {
        let priority = pack.framework.priorities.iter().find(|priority| priority.id == *id);
        priority.map_or_else(|| id.clone(), |priority| priority.title.clone())
    };
    let priorities: Vec<String> = std::iter::once(&action.priority).chain(&action.also_under).map(title).collect();
    // A day that could have been told and was not is unknown; without a report there is none to tell.
    let day = |day: Option<jiff::civil::Date>| {
        Cell::date_or(day, if report.is_some() { Cell::NotAvailable } else { Cell::NotApplicable })
    };
    vec![
        Cell::words(&action.id.0),
        Cell::words(priorities.join("; ")),
        Cell::words(&action.statement),
        Cell::date_or(action.due, Cell::NotApplicable),
        Cell::date_or(action.first_due, Cell::NotApplicable),
        Cell::words(action.steps.iter().map(step).collect::<Vec<_>>().join("; ")),
        Cell::words(&action.lead),
        Cell::words(partner_name(pack, &action.lead)),
        Cell::words(&action.evidence),
        Cell::YesNo(action.proposed),
        Cell::words(judged.map_or("", |judged| judged.status.code())),
        Cell::words(judged.map_or("", |judged| &judged.reason)),
        super::figures::flags(judged.map_or(&[], |judged| &judged.flags)),
        Cell::word(report.map(|report| report.progress)),
        day(report.and_then(|report| report.forecast)),
        day(report.and_then(|report| report.completed)),
        Cell::words(report.map_or("", |report| &report.commentary)),
        Cell::words(report.map_or("", |report| &report.partner)),
        Cell::words(returned.map_or(String::new(), |returned| returned.quarter.slug())),
        day(returned.map(|returned| returned.on)),
        Cell::YesNo(report.is_some_and(|report| report.illustrative)),
        Cell::words(report.map_or(String::new(), |report| crate::evaluate::trace(&report.provenance))),
        Cell::words(action.co_leads.join(";")),
        Cell::words(others.iter().map(told).collect::<Vec<_>>().join("; ")),
    ]
}

/// `city-council: step 2, On track, forecast 2027-03-31, the hubs are open`.
fn told(report: &ActionReport) -> String {
    let forecast = report.forecast.map_or(String::new(), |day| format!(", forecast {day}"));
    let words =
        Some(report.commentary.trim()).filter(|words| !words.is_empty()).map_or(String::new(), |words| format!(", {words}"));
    let step = report.step.map_or(String::new(), |step| format!("step {step}, "));
    format!("{}: {step}{}{forecast}{words}", report.partner, report.progress.in_words())
}

/// `Induction (2024-03-31, first 2023-09-30)`.
fn step(step: &ActionStep) -> String {
    let due = step.due.map_or("no date set".to_owned(), |due| due.to_string());
    let first = step.first_due.filter(|first| Some(*first) != step.due).map_or(String::new(), |first| format!(", first {first}"));
    format!("{} ({due}{first})", step.statement)
}

/// A partner's name, or its id where it is not known.
pub fn partner_name<'a>(pack: &Pack<'a>, id: &'a str) -> &'a str {
    pack.partners.iter().find(|partner| partner.id == id).map_or(id, |partner| &partner.name)
}

const AREAS: &[Column] = &[
    Column::words("area", "GSS code of an area or ODS code of an organisation; places have a local one"),
    Column::words("name", "Name as printed"),
    Column::words("kind", "country, region, system, authority, district, place, neighbourhood or organisation"),
    Column::words("parts", "Codes of the areas whose whole makes it, parted by ;"),
    Column::words("note", "What a reader of its figures must know"),
];

pub fn areas(pack: &Pack<'_>) -> Table {
    let rows = pack.areas.iter().map(|area| {
        let parts: Vec<&str> = area.parts.iter().map(|part| part.as_str()).collect();
        vec![
            Cell::words(area.code.as_str()),
            Cell::words(&area.name),
            Cell::word(area.kind),
            Cell::words(parts.join(";")),
            Cell::words(&area.note),
        ]
    });
    Table { name: "Areas", what: "An area or an organisation that a figure can be about", columns: AREAS, rows: rows.collect() }
}

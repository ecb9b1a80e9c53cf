//! What is measured, what is to be done, and where.

use super::table::{AnnexCell, AnnexColumn, AnnexTable, count_places};
use crate::collect::ActionReport;
use crate::evaluate::{ActionAssessment, Flag, ambition_rows};
use crate::framework::{Action, ActionId, ActionStep, Ambition, Aspiration, Measure, MeasureSource};
use crate::report::PackInputs;
use crate::report::content::place;
use std::collections::BTreeMap;

const AMBITIONS: &[AnnexColumn] = &[
    AnnexColumn::words("ambition", "Id of the ambition, the same in every edition of the strategy"),
    AnnexColumn::words("aim", "Title of the aim; empty for an overarching ambition"),
    AnnexColumn::words("priority", "Title of the priority; empty for an overarching ambition"),
    AnnexColumn::words("statement", "What the strategy says, in short; the wording is ours"),
    AnnexColumn::words("verbatim", "The text itself, where its owner has entered it"),
    AnnexColumn::words("place", "Where in the strategy's text it stands"),
    AnnexColumn::words("status", "How it stands"),
    AnnexColumn::words("reason", "Why, in one sentence"),
    AnnexColumn::words("flags", "What a reader must know beside the status, separated by ;"),
    AnnexColumn::words("combine", "How its leads make one status: worst, or tally for how many are met"),
    AnnexColumn::words("judged_by", "Whether leads or stand-ins decided; empty where there is neither"),
    AnnexColumn::number("met", "Deciding measures that are met"),
    AnnexColumn::number("judged", "Deciding measures that were judged"),
    AnnexColumn::number("of", "Deciding measures"),
    AnnexColumn::words("decided_by", "Id of the measure whose status it is, where one decides"),
];

pub fn ambitions(pack: &PackInputs<'_>) -> AnnexTable {
    let rows = pack.framework.ambitions.iter().zip(ambition_rows(pack.evaluation, pack.framework)).map(|(ambition, row)| {
        let (aim, priority) = titles(pack, ambition);
        vec![
            AnnexCell::words(&ambition.id),
            AnnexCell::words(aim),
            AnnexCell::words(priority),
            AnnexCell::words(&ambition.statement),
            AnnexCell::words(&ambition.text.verbatim),
            AnnexCell::words(place(&ambition.text)),
            AnnexCell::words(row.status.code()),
            AnnexCell::words(row.reason),
            super::figures::flags(&row.flags),
            AnnexCell::word(ambition.combine),
            AnnexCell::word(row.judged_by),
            AnnexCell::whole(row.met),
            AnnexCell::whole(row.judged),
            AnnexCell::whole(row.of),
            AnnexCell::words(row.decided_by.map_or("", |id| &id.0)),
        ]
    });
    AnnexTable {
        name: "Ambitions",
        what: "An ambition of the strategy, which the board counts",
        columns: AMBITIONS,
        rows: rows.collect(),
    }
}

/// Titles of an ambition's aim and priority; both empty for an overarching one.
fn titles<'a>(pack: &PackInputs<'a>, ambition: &Ambition) -> (&'a str, &'a str) {
    let framework = pack.framework;
    let priority = ambition.priority.as_ref().and_then(|id| framework.priorities.iter().find(|p| p.id == *id));
    let aim = priority.and_then(|priority| framework.aims.iter().find(|aim| aim.id == priority.aim));
    (aim.map_or("", |aim| &aim.title), priority.map_or("", |priority| &priority.title))
}

const MEASURES: &[AnnexColumn] = &[
    AnnexColumn::words("measure", "Id of the measure, the same in every edition of the strategy"),
    AnnexColumn::words("title", "Name as printed"),
    AnnexColumn::words("aim", "Title of the aim; empty for an overarching ambition"),
    AnnexColumn::words("priority", "Title of the priority; empty for an overarching ambition"),
    AnnexColumn::words("ambition", "What the strategy says, in short; the wording is ours"),
    AnnexColumn::words("role", "lead decides; stand_in decides only while no lead is judged; supporting never does"),
    AnnexColumn::words("target", "The target in words"),
    AnnexColumn::date("target_due", "The last day for it"),
    AnnexColumn::words("target_document", "The document that set the target, where it is not the strategy itself"),
    AnnexColumn::words("definition", "In plain words"),
    AnnexColumn::words("numerator", "What is counted above the line"),
    AnnexColumn::words("denominator", "What is counted below the line"),
    AnnexColumn::number("multiplier", "A value is the multiplier times the numerator by the denominator"),
    AnnexColumn::words("unit", "What its figures count in"),
    AnnexColumn::number("decimals", "Places that its figures are printed with"),
    AnnexColumn::words("statistic", "Kind of figure, which decides how limits are made and what may be summed"),
    AnnexColumn::words("good_direction", "high, low or none"),
    AnnexColumn::number("months_between_figures", "From one figure to the next"),
    AnnexColumn::number("months_to_publication", "From the end of a period to its publication"),
    AnnexColumn::words(
        "protection",
        "How small numbers are protected: none, standard (1 to 4), hospital-episodes (1 to 7, others rounded to 5)",
    ),
    AnnexColumn::words("source", "Where its figures come from"),
    AnnexColumn::words("owner", "Who answers for it"),
    AnnexColumn::words("retired", "Where it is no longer collected: since when, why, and what takes its place"),
    AnnexColumn::words("redefined", "The periods from which it is counted otherwise, and how, separated by ;"),
    AnnexColumn::words("proxy", "Where it stands in for the measure that the ambition names, how they differ"),
    AnnexColumn::words("notes", "Readings chosen where the text leaves a choice"),
];

pub fn measures(pack: &PackInputs<'_>) -> AnnexTable {
    let rows = pack.framework.aspirations().map(|(ambition, aspiration)| measure(pack, ambition, aspiration));
    AnnexTable {
        name: "Measures",
        what: "A measure with the target that the edition sets it; one named by two ambitions has two rows",
        columns: MEASURES,
        rows: rows.collect(),
    }
}

fn measure(pack: &PackInputs<'_>, ambition: &Ambition, aspiration: &Aspiration) -> Vec<AnnexCell> {
    let framework = pack.framework;
    let measure = framework.measure(&aspiration.id);
    let (aim, priority) = titles(pack, ambition);
    let text = |of: fn(&Measure) -> &str| AnnexCell::words(measure.map_or("", of));
    let number = |value: Option<f64>| AnnexCell::number_or(value, count_places, AnnexCell::NotAvailable);
    let notes = [ambition.notes.as_str(), &aspiration.notes, measure.map_or("", |m| &m.notes)];
    vec![
        AnnexCell::words(&aspiration.id.0),
        text(|m| &m.title),
        AnnexCell::words(aim),
        AnnexCell::words(priority),
        AnnexCell::words(&ambition.statement),
        AnnexCell::word(aspiration.role),
        AnnexCell::words(framework.target_in_words(aspiration, pack.areas)),
        AnnexCell::Date(framework.due(aspiration)),
        AnnexCell::words(&aspiration.document),
        text(|m| &m.definition),
        text(|m| &m.numerator),
        text(|m| &m.denominator),
        number(measure.map(|m| m.multiplier)),
        text(|m| m.unit.name()),
        number(measure.map(|m| f64::from(m.decimals))),
        AnnexCell::word(measure.map(|m| m.statistic)),
        AnnexCell::word(measure.map(|m| m.polarity)),
        number(measure.map(|m| f64::from(m.cadence_months))),
        number(measure.map(|m| f64::from(m.publication_lag_months))),
        AnnexCell::word(measure.map(|m| m.disclosure)),
        AnnexCell::words(measure.map_or(String::new(), |m| source(&m.source))),
        AnnexCell::words(&aspiration.owner),
        AnnexCell::words(measure.and_then(|m| m.retired.as_ref()).map_or(String::new(), |retired| retired.in_words())),
        AnnexCell::words(measure.map_or(String::new(), redefined)),
        text(|m| &m.proxy),
        AnnexCell::words(notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join(" ")),
    ]
}

fn redefined(measure: &Measure) -> String {
    let from = |label| measure.period_in_short(label);
    let each = measure.redefinitions.iter().map(|redefined| format!("from {}: {}", from(&redefined.from), redefined.reason));
    each.collect::<Vec<_>>().join("; ")
}

fn source(source: &MeasureSource) -> String {
    match source {
        MeasureSource::Indicator { source, indicator, .. } => format!("{source}, indicator {indicator}"),
        MeasureSource::Return { partners, .. } => format!("returned by partners: {}", partners.join(", ")),
        MeasureSource::Sum { of } => format!("the sum of {}", of.iter().map(|id| id.0.as_str()).collect::<Vec<_>>().join(", ")),
        MeasureSource::None => "nobody publishes or returns it yet".to_owned(),
    }
}

const ACTIONS: &[AnnexColumn] = &[
    AnnexColumn::words("action", "Id of the key action, the same in every edition of the strategy"),
    AnnexColumn::words("priority", "Title of its priority; of several, separated by ;"),
    AnnexColumn::words("statement", "What is to be done"),
    AnnexColumn::date("due", "The last day by which it is to be done; not applicable where the strategy gives none"),
    AnnexColumn::date("first_due", "The day that an earlier edition gave it, where this one moved it; else not applicable"),
    AnnexColumn::words("steps", "Its parts in order, each with its day, separated by ;"),
    AnnexColumn::words("lead", "Id of the partner who leads it"),
    AnnexColumn::words("lead_name", "Its name"),
    AnnexColumn::words("evidence", "How its completion is shown"),
    AnnexColumn::yes_no("proposed", "Whether lead and evidence are our proposal, the text naming none"),
    AnnexColumn::words("status", "How it stands"),
    AnnexColumn::words("reason", "Why, in one sentence"),
    AnnexColumn::words("flags", "What a reader must know beside the status, separated by ;"),
    AnnexColumn::words("progress", "What the lead reported; empty where it reported nothing"),
    AnnexColumn::date("forecast", "When the lead expects it to be done"),
    AnnexColumn::date("completed", "When the lead says it was done"),
    AnnexColumn::words("commentary", "What the lead said, as it was said"),
    AnnexColumn::words("reported_by", "Id of the partner who said it"),
    AnnexColumn::words("reported_for", "The quarter of the return that said it, where that is known"),
    AnnexColumn::date("reported_on", "The day on which that return came"),
    AnnexColumn::yes_no("illustrative", "Whether the report was made up to show how the pack works"),
    AnnexColumn::words("source", "Where the report came from"),
    AnnexColumn::words("co_leads", "Ids of the partners who lead it with that one, separated by ;"),
    AnnexColumn::words(
        "co_leads_said",
        "What others who lead it reported, each with its id, the step that it speaks of, status, forecast and words, separated by \
         ;",
    ),
];

pub fn actions(pack: &PackInputs<'_>) -> AnnexTable {
    let judged: BTreeMap<&ActionId, &ActionAssessment> = pack.evaluation.actions.iter().map(|a| (&a.action, a)).collect();
    let rows = pack.framework.actions.iter().map(|action| self::action(pack, action, judged.get(&action.id).copied()));
    AnnexTable { name: "Key actions", what: "A key action of the strategy", columns: ACTIONS, rows: rows.collect() }
}

fn action(pack: &PackInputs<'_>, action: &Action, judged: Option<&ActionAssessment>) -> Vec<AnnexCell> {
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
        AnnexCell::date_or(day, if report.is_some() { AnnexCell::NotAvailable } else { AnnexCell::NotApplicable })
    };
    vec![
        AnnexCell::words(&action.id.0),
        AnnexCell::words(priorities.join("; ")),
        AnnexCell::words(&action.statement),
        AnnexCell::date_or(action.due, AnnexCell::NotApplicable),
        AnnexCell::date_or(action.first_due, AnnexCell::NotApplicable),
        AnnexCell::words(action.steps.iter().map(step).collect::<Vec<_>>().join("; ")),
        AnnexCell::words(&action.lead),
        AnnexCell::words(partner_name(pack, &action.lead)),
        AnnexCell::words(&action.evidence),
        AnnexCell::YesNo(action.proposed),
        AnnexCell::words(judged.map_or("", |judged| judged.status.code())),
        AnnexCell::words(judged.map_or("", |judged| &judged.reason)),
        super::figures::flags(&judged.map_or(Vec::new(), |judged| Flag::said_beside(&judged.flags, judged.status))),
        AnnexCell::word(report.map(|report| report.progress)),
        day(report.and_then(|report| report.forecast)),
        day(report.and_then(|report| report.completed)),
        AnnexCell::words(report.map_or("", |report| &report.commentary)),
        AnnexCell::words(report.map_or("", |report| &report.partner)),
        AnnexCell::words(returned.map_or(String::new(), |returned| returned.quarter.slug())),
        day(returned.map(|returned| returned.on)),
        AnnexCell::YesNo(report.is_some_and(|report| report.illustrative)),
        AnnexCell::words(report.map_or(String::new(), |report| crate::evaluate::citation(&report.provenance))),
        AnnexCell::words(action.co_leads.join(";")),
        AnnexCell::words(others.iter().map(report_in_words).collect::<Vec<_>>().join("; ")),
    ]
}

/// `city-council: step 2, On track, forecast 2027-03-31, the hubs are open`.
fn report_in_words(report: &ActionReport) -> String {
    let given_in = report.forecast_in.map_or(String::new(), |of| format!(" (return for {})", of.slug()));
    let forecast = report.forecast.map_or(String::new(), |day| format!(", forecast {day}{given_in}"));
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
pub fn partner_name<'a>(pack: &PackInputs<'a>, id: &'a str) -> &'a str {
    pack.partners.iter().find(|partner| partner.id == id).map_or(id, |partner| &partner.name)
}

const AREAS: &[AnnexColumn] = &[
    AnnexColumn::words("area", "GSS code of an area or ODS code of an organisation; places have a local one"),
    AnnexColumn::words("name", "Name as printed"),
    AnnexColumn::words("kind", "country, region, system, authority, district, place, neighbourhood or organisation"),
    AnnexColumn::words("parts", "Codes of the areas whose whole makes it, separated by ;"),
    AnnexColumn::words("note", "What a reader of its figures must know"),
];

pub fn areas(pack: &PackInputs<'_>) -> AnnexTable {
    let rows = pack.areas.iter().map(|area| {
        let parts: Vec<&str> = area.parts.iter().map(|part| part.as_str()).collect();
        vec![
            AnnexCell::words(area.code.as_str()),
            AnnexCell::words(&area.name),
            AnnexCell::word(area.kind),
            AnnexCell::words(parts.join(";")),
            AnnexCell::words(&area.note),
        ]
    });
    AnnexTable {
        name: "Areas",
        what: "An area or an organisation that a figure can be about",
        columns: AREAS,
        rows: rows.collect(),
    }
}

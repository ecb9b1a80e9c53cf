//! What is measured, what is to be done, and where.

use super::table::{AnnexCell, AnnexColumn, AnnexTable, count_places};
use crate::area::AreaCode;
use crate::collect::ActionReport;
use crate::evaluate::{ActionAssessment, Flag, ambition_rows};
use crate::framework::{Action, ActionId, ActionStep, Ambition, Aspiration, Measure, MeasureSource};
use crate::report::PackInputs;
use crate::report::content::place;
use std::collections::BTreeMap;

pub(super) const AMBITIONS: &[AnnexColumn] = &[
    AnnexColumn::identifier("ambition", "Id of the ambition, the same in every edition of the strategy")
        .headed("Ambition identifier"),
    AnnexColumn::words("aim", "Title of the aim; empty for an overarching ambition"),
    AnnexColumn::words("priority", "Title of the priority; empty for an overarching ambition"),
    AnnexColumn::words("statement", "What the strategy says, in short; the wording is ours").headed("Ambition"),
    AnnexColumn::words("verbatim", "The text itself, where its owner has entered it").headed("Text of the strategy").given(),
    AnnexColumn::words("place", "Where in the strategy's text it stands").headed("Place in the strategy").given(),
    AnnexColumn::words("status", "How it stands"),
    AnnexColumn::words("reason", "Why, in one sentence"),
    AnnexColumn::words("flags", "What a reader must know beside the status, separated by ;"),
    AnnexColumn::words("combine", "How its leads make one status: worst, or tally for how many are met")
        .headed("How leads count"),
    AnnexColumn::words("judged_by", "Whether leads or stand-ins decided; empty where there is neither"),
    AnnexColumn::number("met", "Deciding measures that are met").headed("Measures met"),
    AnnexColumn::number("judged", "Deciding measures that were judged").headed("Measures judged"),
    AnnexColumn::number("of", "Deciding measures").headed("Deciding measures"),
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
            AnnexCell::status(row.status),
            AnnexCell::words(row.reason),
            AnnexCell::flags(&row.flags, row.status),
            AnnexCell::word(ambition.combine),
            AnnexCell::word(row.judged_by),
            AnnexCell::whole(row.met),
            AnnexCell::whole(row.judged),
            AnnexCell::whole(row.of),
            row.decided_by.map_or(AnnexCell::words(""), |id| AnnexCell::named(&id.0, pack.title_of(id))),
        ]
    });
    AnnexTable {
        name: "Ambitions",
        what: "an ambition of the strategy, which the board counts",
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

pub(super) const MEASURES: &[AnnexColumn] = &[
    AnnexColumn::identifier("measure", "Id of the measure, the same in every edition of the strategy")
        .headed("Measure identifier"),
    AnnexColumn::words("title", "Name as printed").headed("Measure").given(),
    AnnexColumn::words("aim", "Title of the aim; empty for an overarching ambition"),
    AnnexColumn::words("priority", "Title of the priority; empty for an overarching ambition"),
    AnnexColumn::words("ambition", "What the strategy says, in short; the wording is ours"),
    AnnexColumn::words("role", "lead decides; stand_in decides only while no lead is judged; supporting never does"),
    AnnexColumn::words("target", "The target in words"),
    AnnexColumn::date("target_due", "The last day for it").headed("Target date"),
    AnnexColumn::words("target_document", "The document that set the target, where it is not the strategy itself"),
    AnnexColumn::words("definition", "In plain words").given(),
    AnnexColumn::words("numerator", "What is counted above the line"),
    AnnexColumn::words("denominator", "What is counted below the line"),
    AnnexColumn::number("multiplier", "A value is the multiplier times the numerator by the denominator"),
    AnnexColumn::words("unit", "What its figures count in").given(),
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
    AnnexColumn::words("owner", "Who answers for it").given(),
    AnnexColumn::words("retired", "Where it is no longer collected: since when, why, and what takes its place"),
    AnnexColumn::words("redefined", "The periods from which it is counted otherwise, and how, separated by ;"),
    AnnexColumn::words("proxy", "Where it stands in for the measure that the ambition names, how they differ"),
    AnnexColumn::words("notes", "Readings chosen where the text leaves a choice"),
];

pub fn measures(pack: &PackInputs<'_>) -> AnnexTable {
    let rows = pack.framework.aspirations().map(|(ambition, aspiration)| measure(pack, ambition, aspiration));
    AnnexTable {
        name: "Measures",
        what: "a measure with the target that the edition sets it; one named by two ambitions has two rows",
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
        measure.map_or(AnnexCell::words(""), |m| source(pack, m)),
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

fn source(pack: &PackInputs<'_>, measure: &Measure) -> AnnexCell {
    match &measure.source {
        MeasureSource::Indicator { source, indicator, .. } => {
            let asked =
                pack.indicators.iter().find(|receipt| receipt.source == *source && receipt.measures.contains(&measure.id));
            let publisher = asked.map_or(source, |receipt| &receipt.publisher);
            AnnexCell::named(format!("{source}, indicator {indicator}"), format!("{publisher}, indicator {indicator}"))
        }
        MeasureSource::Return { partners, .. } => {
            let kinds = partners.join(", ");
            AnnexCell::named(
                format!("returned by partners: {kinds}"),
                format!("Returned by partners: {}", kinds.replace('-', " ")),
            )
        }
        MeasureSource::Sum { of } => {
            let ids: Vec<&str> = of.iter().map(|id| id.0.as_str()).collect();
            let titles: Vec<String> = of.iter().map(|id| pack.title_of(id)).collect();
            AnnexCell::named(format!("the sum of {}", ids.join(", ")), format!("The sum of {}", titles.join("; ")))
        }
        MeasureSource::None => AnnexCell::named("nobody publishes or returns it yet", "Nobody publishes or returns it yet"),
    }
}

pub(super) const ACTIONS: &[AnnexColumn] = &[
    AnnexColumn::identifier("action", "Id of the key action, the same in every edition of the strategy")
        .headed("Key action identifier"),
    AnnexColumn::words("priority", "Title of its priority; of several, separated by ;"),
    AnnexColumn::words("statement", "What is to be done").headed("Key action"),
    AnnexColumn::date("due", "The last day by which it is to be done; not applicable where the strategy gives none"),
    AnnexColumn::date("first_due", "The day that an earlier edition gave it, where this one moved it; else not applicable"),
    AnnexColumn::words("steps", "Its parts in order, each with its day, separated by ;"),
    AnnexColumn::identifier("lead", "Id of the partner who leads it").headed("Lead identifier"),
    AnnexColumn::words("lead_name", "Its name").headed("Lead"),
    AnnexColumn::words("evidence", "How its completion is shown").given(),
    AnnexColumn::yes_no("proposed", "Whether lead and evidence are our proposal, the text naming none"),
    AnnexColumn::words("status", "How it stands"),
    AnnexColumn::words("reason", "Why, in one sentence"),
    AnnexColumn::words("flags", "What a reader must know beside the status, separated by ;"),
    AnnexColumn::words("progress", "What the lead reported; empty where it reported nothing").given(),
    AnnexColumn::date("forecast", "When the lead expects it to be done"),
    AnnexColumn::date("completed", "When the lead says it was done"),
    AnnexColumn::words("commentary", "What the lead said, as it was said").given(),
    AnnexColumn::words("reported_by", "Id of the partner who said it").given(),
    AnnexColumn::words("reported_for", "The quarter of the return that said it, where that is known").given(),
    AnnexColumn::date("reported_on", "The day on which that return came"),
    AnnexColumn::yes_no("illustrative", "Whether the report was made up to show how the pack works"),
    AnnexColumn::words("source", "Where the report came from").given(),
    AnnexColumn::words("co_leads", "Ids of the partners who lead it with that one, separated by ;").headed("Others who lead it"),
    AnnexColumn::words(
        "co_leads_said",
        "What others who lead it reported, each with its id, the step that it speaks of, status, forecast and words, separated by \
         ;",
    )
    .headed("What others who lead it said"),
];

pub fn actions(pack: &PackInputs<'_>) -> AnnexTable {
    let judged: BTreeMap<&ActionId, &ActionAssessment> = pack.evaluation.actions.iter().map(|a| (&a.action, a)).collect();
    let rows = pack.framework.actions.iter().map(|action| self::action(pack, action, judged.get(&action.id).copied()));
    AnnexTable { name: "Key actions", what: "a key action of the strategy", columns: ACTIONS, rows: rows.collect() }
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
        AnnexCell::words(pack.partner_name(&action.lead)),
        AnnexCell::words(&action.evidence),
        AnnexCell::YesNo(action.proposed),
        judged.map_or(AnnexCell::words(""), |judged| AnnexCell::status(judged.status)),
        AnnexCell::words(judged.map_or("", |judged| &judged.reason)),
        judged.map_or(AnnexCell::words(""), |judged| {
            AnnexCell::flags(&Flag::said_beside(&judged.flags, judged.status), judged.status)
        }),
        AnnexCell::word(report.map(|report| report.progress)),
        day(report.and_then(|report| report.forecast)),
        day(report.and_then(|report| report.completed)),
        AnnexCell::words(report.map_or("", |report| &report.commentary)),
        report.map_or(AnnexCell::words(""), |report| AnnexCell::named(&report.partner, pack.partner_name(&report.partner))),
        AnnexCell::words(returned.map_or(String::new(), |returned| returned.quarter.slug())),
        day(returned.map(|returned| returned.on)),
        AnnexCell::YesNo(report.is_some_and(|report| report.illustrative)),
        AnnexCell::words(report.map_or(String::new(), |report| crate::evaluate::citation(&report.provenance))),
        AnnexCell::all_named(action.co_leads.iter().map(String::as_str), |id| pack.partner_name(id).to_owned()),
        AnnexCell::named(
            others.iter().map(|report| report_in_words(report, &report.partner)).collect::<Vec<_>>().join("; "),
            others
                .iter()
                .map(|report| report_in_words(report, pack.partner_name(&report.partner)))
                .collect::<Vec<_>>()
                .join("; "),
        ),
    ]
}

/// `City Council: step 2, On track, forecast 2027-03-31, the hubs are open`.
fn report_in_words(report: &ActionReport, partner: &str) -> String {
    let given_in = report.forecast_in.map_or(String::new(), |of| format!(" (return for {})", of.slug()));
    let forecast = report.forecast.map_or(String::new(), |day| format!(", forecast {day}{given_in}"));
    let words =
        Some(report.commentary.trim()).filter(|words| !words.is_empty()).map_or(String::new(), |words| format!(", {words}"));
    let step = report.step.map_or(String::new(), |step| format!("step {step}, "));
    format!("{partner}: {step}{}{forecast}{words}", report.progress.in_words())
}

/// `Induction (2024-03-31, first 2023-09-30)`.
fn step(step: &ActionStep) -> String {
    let due = step.due.map_or("no date set".to_owned(), |due| due.to_string());
    let first = step.first_due.filter(|first| Some(*first) != step.due).map_or(String::new(), |first| format!(", first {first}"));
    format!("{} ({due}{first})", step.statement)
}

const AREAS: &[AnnexColumn] = &[
    AnnexColumn::identifier("area", "GSS code of an area or ODS code of an organisation; places have a local one")
        .headed("Area code"),
    AnnexColumn::words("name", "Name as printed").headed("Area"),
    AnnexColumn::words("kind", "country, region, system, authority, district, place, neighbourhood or organisation"),
    AnnexColumn::words("parts", "Codes of the areas whose whole makes it, separated by ;"),
    AnnexColumn::words("note", "What a reader of its figures must know"),
];

pub fn areas(pack: &PackInputs<'_>) -> AnnexTable {
    let rows = pack.areas.iter().map(|area| {
        vec![
            AnnexCell::words(area.code.as_str()),
            AnnexCell::words(&area.name),
            AnnexCell::word(area.kind),
            AnnexCell::named(
                area.parts.iter().map(AreaCode::as_str).collect::<Vec<_>>().join(";"),
                area.parts.iter().map(|part| pack.areas.name(part)).collect::<Vec<_>>().join("; "),
            ),
            AnnexCell::words(&area.note),
        ]
    });
    AnnexTable {
        name: "Areas",
        what: "an area or an organisation that a figure can be about",
        columns: AREAS,
        rows: rows.collect(),
    }
}

//! What was received, what was not, and what was given anew.

use super::figures::Figures;
use super::table::{AnnexCell, AnnexColumn, AnnexTable};
use crate::collect::{Arrival, IndicatorOutcome};
use crate::evaluate::citation;
use crate::framework::MeasureId;
use crate::report::PackInputs;
use crate::report::content::sentences::NO_NEW_SOURCE;

const RETURNS: &[AnnexColumn] = &[
    AnnexColumn::identifier("partner", "Id of the partner").headed("Partner identifier"),
    AnnexColumn::words("name", "Its name").headed("Partner"),
    AnnexColumn::words("outcome", "accepted, accepted_in_part, nil, blank, refused or not_received"),
    AnnexColumn::date("arrived", "The day on which this version came"),
    AnnexColumn::words(
        "arrival",
        "in time, corrected after the deadline (a version after one in time), late, refused, withdrawn, blank, not due yet or missing",
    ),
    AnnexColumn::words("file", "Name of its workbook; empty where none came").given(),
    AnnexColumn::words("sha256", "SHA-256 of the workbook").headed("SHA-256").given(),
    AnnexColumn::number("figures", "Figures used").headed("Figures used"),
    AnnexColumn::number("actions", "Reports on key actions used").headed("Reports on key actions used"),
    AnnexColumn::words("superseded_by", "File of the partner's next version, which replaces this one figure by figure")
        .headed("Replaced by"),
    AnnexColumn::number("faults", "Things that were found: see Return faults").headed("Things found"),
    AnnexColumn::words("lacking", "Ids of measures and actions that were asked for but not given, separated by ;")
        .headed("Asked for and not given"),
    AnnexColumn::yes_no("illustrative", "Whether its figures were made up to show how the pack works"),
    AnnexColumn::words("completed_by", "Who filled it in, where it says so").given(),
    AnnexColumn::words("nil_reason", "Why there is nothing to report, of a return that says so")
        .headed("Why there is nothing to report"),
    AnnexColumn::number("unsettled", "Figures and reports that another workbook of the same collection gives differently"),
    AnnexColumn::date("due", "The extended deadline of this partner; not applicable where it has none")
        .headed("Extended deadline"),
];

pub fn returns(pack: &PackInputs<'_>) -> AnnexTable {
    let rows = pack.returns.iter().map(|receipt| {
        vec![
            AnnexCell::words(&receipt.partner),
            AnnexCell::words(pack.partner_name(&receipt.partner)),
            AnnexCell::word(receipt.outcome),
            AnnexCell::date_or(receipt.arrived, AnnexCell::NotAvailable),
            AnnexCell::words(Arrival::label_among(receipt, pack.returns, pack.returns_due, pack.evaluation.as_at)),
            AnnexCell::words(receipt.file.as_deref().unwrap_or_default()),
            AnnexCell::words(receipt.sha256.as_deref().unwrap_or_default()),
            AnnexCell::whole(receipt.figures),
            AnnexCell::whole(receipt.actions),
            AnnexCell::words(receipt.superseded_by.as_deref().unwrap_or_default()),
            AnnexCell::whole(receipt.findings.len()),
            AnnexCell::all_named(receipt.lacking.iter().map(String::as_str), |id| asked(pack, id)),
            AnnexCell::YesNo(receipt.illustrative),
            AnnexCell::words(&receipt.by),
            AnnexCell::words(receipt.nil.as_deref().unwrap_or_default()),
            AnnexCell::whole(receipt.unsettled),
            AnnexCell::date_or(receipt.due, AnnexCell::NotApplicable),
        ]
    });
    AnnexTable {
        name: "Returns",
        what: "a version of the return of a partner, or a partner from whom none came",
        columns: RETURNS,
        rows: rows.collect(),
    }
}

/// The title of a measure or the words of a key action that was asked for.
fn asked(pack: &PackInputs<'_>, id: &str) -> String {
    let action = pack.framework.actions.iter().find(|action| action.id.0 == id);
    action.map_or_else(|| pack.title_of(&MeasureId(id.to_owned())), |action| action.statement.clone())
}

const FAULTS: &[AnnexColumn] = &[
    AnnexColumn::words("partner", "Id of the partner"),
    AnnexColumn::words("grade", "error (not used), question (used, and the partner is asked) or note"),
    AnnexColumn::words("place", "File, sheet and cell"),
    AnnexColumn::words("problem", "What was found there"),
    AnnexColumn::words("remedy", "What to do about it"),
];

pub fn faults(pack: &PackInputs<'_>) -> AnnexTable {
    let all = pack.returns.iter().flat_map(|receipt| receipt.findings.iter().map(move |fault| (receipt, fault)));
    let rows = all.map(|(receipt, fault)| {
        vec![
            AnnexCell::named(&receipt.partner, pack.partner_name(&receipt.partner)),
            AnnexCell::word(fault.grade),
            AnnexCell::words(&fault.place),
            AnnexCell::words(&fault.problem),
            AnnexCell::words(&fault.remedy),
        ]
    });
    AnnexTable { name: "Return faults", what: "something found in a return", columns: FAULTS, rows: rows.collect() }
}

const SOURCES: &[AnnexColumn] = &[
    AnnexColumn::identifier("source", "Name of the source in the settings").headed("Source identifier"),
    AnnexColumn::words("publisher", "Its name as printed"),
    AnnexColumn::words("indicator", "The source's own name or number for it"),
    AnnexColumn::words("measures", "Ids of the measures that it serves, separated by ;"),
    AnnexColumn::words("outcome", "received, not_available or failed"),
    AnnexColumn::moment("retrieved", "When the answer was received").headed("Retrieved (UTC)"),
    AnnexColumn::number("figures", "Figures in the answer").headed("Figures in the answer"),
    AnnexColumn::words("licence", "What the figures may be used under").given(),
    AnnexColumn::words("sha256", "SHA-256 of the answer").headed("SHA-256").given(),
    AnnexColumn::words("reason", "Why there is no answer, or an earlier one"),
    AnnexColumn::words("url", "The address that was asked").headed("Address").given(),
];

pub fn sources(pack: &PackInputs<'_>) -> AnnexTable {
    let rows = pack.indicators.iter().map(|receipt| {
        let mut cells = vec![
            AnnexCell::words(&receipt.source),
            AnnexCell::words(&receipt.publisher),
            AnnexCell::words(&receipt.indicator),
            AnnexCell::all_named(receipt.measures.iter().map(|id| id.0.as_str()), |id| pack.title_of(&MeasureId(id.to_owned()))),
        ];
        cells.extend(match &receipt.outcome {
            IndicatorOutcome::Received { retrieved, sha256, figures, licence, instead_of } => [
                AnnexCell::word("received"),
                AnnexCell::Moment(*retrieved),
                AnnexCell::whole(*figures),
                AnnexCell::words(licence),
                AnnexCell::words(sha256),
                AnnexCell::words(instead_of.as_deref().unwrap_or_default()),
            ],
            IndicatorOutcome::NotAvailable { reason } => without_answer("not_available", reason),
            IndicatorOutcome::Failed { reason } => without_answer("failed", reason),
        });
        cells.push(AnnexCell::words(&receipt.url));
        cells
    });
    AnnexTable { name: "Sources", what: "a question that was put to a public source", columns: SOURCES, rows: rows.collect() }
}

fn without_answer(outcome: &str, reason: &str) -> [AnnexCell; 6] {
    let nothing = || AnnexCell::words("");
    [AnnexCell::word(outcome), AnnexCell::NotAvailable, AnnexCell::NotAvailable, nothing(), nothing(), AnnexCell::words(reason)]
}

const REVISIONS: &[AnnexColumn] = &[
    AnnexColumn::identifier("measure", "Id of the measure").headed("Measure identifier"),
    AnnexColumn::words("title", "Name as printed").headed("Measure"),
    AnnexColumn::words("unit", "What the figures count in"),
    AnnexColumn::identifier("area", "Code of the area").headed("Area code"),
    AnnexColumn::words("area_name", "Its name").headed("Area"),
    AnnexColumn::words("period", "Period, as its publisher labels it"),
    AnnexColumn::date("period_start", "Its first day"),
    AnnexColumn::date("period_end", "Its last day"),
    AnnexColumn::words("sex", "Whom the figure is about"),
    AnnexColumn::words("age", "The source's own label; empty where it gives none"),
    AnnexColumn::words("scheme", "How people are grouped, for the figure of a group"),
    AnnexColumn::words("group", "The group"),
    AnnexColumn::number("old", "What it was").headed("Old value"),
    AnnexColumn::number("new", "What it is now; a mark where it was withdrawn").headed("New value"),
    AnnexColumn::words("old_source", "Where the old figure came from"),
    AnnexColumn::words("new_source", "Where the new one came from"),
];

/// What was revised, both figures as readers have them in a pack.
pub fn revisions(pack: &PackInputs<'_>) -> AnnexTable {
    let rows = pack.revisions.iter().map(|revised| {
        let figures = Figures::of(pack, &revised.measure);
        let value = |value| AnnexCell::value(value, |number| figures.places(number));
        let (scheme, group) = revised.category.as_ref().map_or(("", ""), |category| (&category.scheme, &category.group));
        let mut cells = figures.names(pack, &revised.measure, &revised.area);
        cells.extend([
            AnnexCell::words(revised.period.to_string()),
            AnnexCell::Date(revised.period.start()),
            AnnexCell::Date(revised.period.end()),
            AnnexCell::words(revised.sex.to_string()),
            AnnexCell::words(&revised.age),
            AnnexCell::words(scheme),
            AnnexCell::words(group),
            value(revised.old),
            value(revised.new),
            AnnexCell::words(citation(&revised.old_source)),
            AnnexCell::words(match revised.is_of_gone() {
                true => NO_NEW_SOURCE.to_owned(),
                false => citation(&revised.new_source),
            }),
        ]);
        cells
    });
    AnnexTable {
        name: "Revisions",
        what: "a figure that differs from the last pack's at the precision of publication",
        columns: REVISIONS,
        rows: rows.collect(),
    }
}

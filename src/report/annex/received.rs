//! What was received, what was not, and what was given anew.

use super::figures::Figures;
use super::framework::partner_name;
use super::{Cell, Column, Kind, Table};
use crate::collect::{Arrival, IndicatorOutcome};
use crate::evaluate::trace;
use crate::report::Pack;

const RETURNS: &[Column] = &[
    Column::words("partner", "Id of the partner"),
    Column::words("name", "Its name"),
    Column::words("outcome", "accepted, accepted_in_part, nil, blank, refused or not_received"),
    Column::date("arrived", "The day on which this version came"),
    Column::words(
        "arrival",
        "in time, corrected after the deadline (a version after one in time), late, refused, withdrawn, blank, not due yet or missing",
    ),
    Column::words("file", "Name of its workbook; empty where none came"),
    Column::words("sha256", "SHA-256 of the workbook"),
    Column::number("figures", "Figures used"),
    Column::number("actions", "Reports on key actions used"),
    Column::words("superseded_by", "File of the partner's next version, which stands over this one figure by figure"),
    Column::number("faults", "Things that were found: see Return faults"),
    Column::words("lacking", "Ids of measures and actions that were asked for and not given, parted by ;"),
    Column::yes_no("illustrative", "Whether its figures were made up to show how the pack works"),
    Column::words("completed_by", "Who filled it in, where it says so"),
    Column::words("nil_reason", "Why there is nothing to report, of a return that says so"),
    Column::number("unsettled", "Figures and reports that another workbook of the same look gives differently"),
    Column::date("due", "The last day in time, where this partner has longer than the others"),
];

pub fn returns(pack: &Pack<'_>) -> Table {
    let rows = pack.returns.iter().map(|receipt| {
        vec![
            Cell::words(&receipt.partner),
            Cell::words(partner_name(pack, &receipt.partner)),
            Cell::word(receipt.outcome),
            receipt.arrived.map_or(Cell::NotAvailable, Cell::Date),
            Cell::words(Arrival::label_among(receipt, pack.returns, pack.returns_due, pack.evaluation.as_at)),
            Cell::words(receipt.file.as_deref().unwrap_or_default()),
            Cell::words(receipt.sha256.as_deref().unwrap_or_default()),
            Cell::whole(receipt.figures),
            Cell::whole(receipt.actions),
            Cell::words(receipt.superseded_by.as_deref().unwrap_or_default()),
            Cell::whole(receipt.findings.len()),
            Cell::words(receipt.lacking.join(";")),
            Cell::YesNo(receipt.illustrative),
            Cell::words(&receipt.by),
            Cell::words(receipt.nil.as_deref().unwrap_or_default()),
            Cell::whole(receipt.unsettled),
            receipt.due.map_or(Cell::NotAvailable, Cell::Date),
        ]
    });
    Table {
        name: "Returns",
        what: "A version of the return of a partner, or a partner from whom none came",
        columns: RETURNS,
        rows: rows.collect(),
    }
}

const FAULTS: &[Column] = &[
    Column::words("partner", "Id of the partner"),
    Column::words("grade", "error (not used), question (used, and the partner is asked) or note"),
    Column::words("place", "File, sheet and cell"),
    Column::words("problem", "What was found there"),
    Column::words("remedy", "What would mend it"),
];

pub fn faults(pack: &Pack<'_>) -> Table {
    let all = pack.returns.iter().flat_map(|receipt| receipt.findings.iter().map(move |fault| (receipt, fault)));
    let rows = all.map(|(receipt, fault)| {
        vec![
            Cell::words(&receipt.partner),
            Cell::word(fault.grade),
            Cell::words(&fault.place),
            Cell::words(&fault.problem),
            Cell::words(&fault.remedy),
        ]
    });
    Table { name: "Return faults", what: "Something found in a return", columns: FAULTS, rows: rows.collect() }
}

const SOURCES: &[Column] = &[
    Column::words("source", "Name of the source in the settings"),
    Column::words("publisher", "Its name as printed"),
    Column::words("indicator", "The source's own name or number for it"),
    Column::words("measures", "Ids of the measures that it serves, parted by ;"),
    Column::words("outcome", "received, not_available or failed"),
    Column { name: "retrieved", kind: Kind::Moment, what: "When the answer was received" },
    Column::number("figures", "Figures in the answer"),
    Column::words("licence", "What the figures may be used under"),
    Column::words("sha256", "SHA-256 of the answer"),
    Column::words("reason", "Why there is no answer, or an earlier one"),
    Column::words("url", "The address that was asked"),
];

pub fn sources(pack: &Pack<'_>) -> Table {
    let rows = pack.indicators.iter().map(|receipt| {
        let measures: Vec<&str> = receipt.measures.iter().map(|id| id.0.as_str()).collect();
        let mut cells = vec![
            Cell::words(&receipt.source),
            Cell::words(&receipt.publisher),
            Cell::words(&receipt.indicator),
            Cell::words(measures.join(";")),
        ];
        cells.extend(match &receipt.outcome {
            IndicatorOutcome::Received { retrieved, sha256, figures, licence, instead_of } => [
                Cell::words("received"),
                Cell::Moment(*retrieved),
                Cell::whole(*figures),
                Cell::words(licence),
                Cell::words(sha256),
                Cell::words(instead_of.as_deref().unwrap_or_default()),
            ],
            IndicatorOutcome::NotAvailable { reason } => without_answer("not_available", reason),
            IndicatorOutcome::Failed { reason } => without_answer("failed", reason),
        });
        cells.push(Cell::words(&receipt.url));
        cells
    });
    Table { name: "Sources", what: "A question that was put to a public source", columns: SOURCES, rows: rows.collect() }
}

fn without_answer(outcome: &str, reason: &str) -> [Cell; 6] {
    let nothing = || Cell::words("");
    [Cell::words(outcome), Cell::NotAvailable, Cell::NotAvailable, nothing(), nothing(), Cell::words(reason)]
}

const REVISIONS: &[Column] = &[
    Column::words("measure", "Id of the measure"),
    Column::words("title", "Name as printed"),
    Column::words("unit", "What the figures count in"),
    Column::words("area", "Code of the area"),
    Column::words("area_name", "Its name"),
    Column::words("period", "Period, as its publisher labels it"),
    Column::date("period_start", "Its first day"),
    Column::date("period_end", "Its last day"),
    Column::words("sex", "Whom the figure is about"),
    Column::words("age", "The source's own label; empty where it gives none"),
    Column::words("scheme", "How people are grouped, for the figure of a group"),
    Column::words("group", "The group"),
    Column::number("old", "What it was"),
    Column::number("new", "What it is now; a mark where it was withdrawn"),
    Column::words("old_source", "Where the old figure came from"),
    Column::words("new_source", "Where the new one came from"),
];

/// What was revised, both figures as readers have them in a pack.
pub fn revisions(pack: &Pack<'_>) -> Table {
    let rows = pack.revisions.iter().map(|revised| {
        let figures = Figures::of(pack, &revised.measure);
        let value = |value| Cell::value(value, |number| figures.places(number));
        let (scheme, group) = revised.category.as_ref().map_or(("", ""), |category| (&category.scheme, &category.group));
        let mut cells = figures.names(pack, &revised.measure, &revised.area);
        cells.extend([
            Cell::words(revised.period.to_string()),
            Cell::Date(revised.period.start()),
            Cell::Date(revised.period.end()),
            Cell::words(revised.sex.to_string()),
            Cell::words(&revised.age),
            Cell::words(scheme),
            Cell::words(group),
            value(revised.old),
            value(revised.new),
            Cell::words(trace(&revised.old_source)),
            Cell::words(trace(&revised.new_source)),
        ]);
        cells
    });
    Table {
        name: "Revisions",
        what: "A figure that differs from the last pack's at the precision of publication",
        columns: REVISIONS,
        rows: rows.collect(),
    }
}

//! What came and what did not.

use super::blocks::{break_run, followed, heads, illustrative_mark, wide};
use crate::collect::Arrival;
use crate::report::content::View;
use crate::report::content::figures::NONE;
use tagged_document::model::{Block, Cell, Column, Row, Run};

pub fn returns_table(view: &View) -> Block {
    let rows = view.returns.iter().map(|receipt| {
        let mut wrong: Vec<Run> = Vec::new();
        for fault in &receipt.faults {
            if !wrong.is_empty() {
                wrong.push(break_run());
            }
            wrong.push(Run::bold(format!("{}, {}: ", fault.grade, fault.place)));
            wrong.push(Run::text(fault.problem.clone()));
            if fault.mended {
                wrong.push(Run::quiet(" (put right since)"));
            } else if !fault.remedy.is_empty() {
                wrong.push(Run::quiet(format!(" ({})", fault.remedy)));
            }
        }
        if !receipt.lacking.is_empty() {
            if !wrong.is_empty() {
                wrong.push(break_run());
            }
            wrong.push(Run::bold("Still needed: "));
            wrong.push(Run::text(receipt.lacking.join("; ")));
        }
        if wrong.is_empty() {
            wrong.push(Run::quiet("nothing"));
        }
        let mut outcome = vec![Run::text(receipt.outcome.clone())];
        if receipt.arrived.is_empty() {
            outcome.push(Run::text(format!(", {}", receipt.arrival)));
        } else {
            let arrived = match receipt.arrival {
                "refused" | "withdrawn" | "blank" => receipt.arrived.clone(),
                Arrival::CORRECTED => format!("{} on {}", receipt.arrival, receipt.arrived),
                arrival => format!("{}, {arrival}", receipt.arrived),
            };
            outcome.extend([break_run(), Run::text(arrived), break_run(), Run::quiet(receipt.file.clone())]);
        }
        for (words, of) in [("Completed by", &receipt.by), ("Due by", &receipt.extended)] {
            if !of.is_empty() {
                outcome.extend([break_run(), Run::quiet(format!("{words} {of}"))]);
            }
        }
        if !receipt.nil_reason.is_empty() {
            outcome.extend([break_run(), Run::text(receipt.nil_reason.clone())]);
        }
        if !receipt.superseded_by.is_empty() {
            let how = if receipt.nil_reason.is_empty() { "Replaced figure by figure by" } else { "Replaced by" };
            outcome.extend([break_run(), Run::quiet(format!("{how} {}", receipt.superseded_by))]);
        }
        if receipt.illustrative {
            outcome.extend([break_run(), illustrative_mark()]);
        }
        let cells = vec![
            Cell::head(vec![Run::bold(receipt.partner.clone())]),
            Cell::new(outcome),
            Cell::text(receipt.figures.to_string()),
            Cell::text(receipt.actions.to_string()),
            Cell::new(wrong),
        ];
        Row { cells, illustrative: receipt.illustrative }
    });
    let columns = vec![
        Column::left().at_most(0.22),
        Column::left().at_most(0.2),
        Column::right(),
        Column::right(),
        Column::left().at_most(0.46),
    ];
    let head = heads(&["Partner", "Outcome", "Figures", "Actions", "What was found or is still needed"]);
    Block::Table(wide(columns, head, rows.collect()))
}

/// What was found in figures of public sources.
pub fn source_faults_table(view: &View) -> Block {
    let rows = view.source_faults.iter().map(|fault| {
        let remedy = Run::quiet(format!(" ({})", fault.remedy));
        let cells = vec![
            Cell::head(vec![Run::bold(fault.grade)]),
            Cell::text(fault.place.clone()),
            Cell::new(vec![Run::text(fault.problem.clone()), remedy]),
        ];
        Row { cells, illustrative: false }
    });
    let columns = vec![Column::left().at_most(0.15), Column::left().at_most(0.3), Column::left().at_most(0.6)];
    Block::Table(wide(columns, heads(&["Grade", "Where", "What was found"]), rows.collect()))
}

/// Each question to a public source: its answer, how fresh it is, and when the next is due.
pub fn freshness_table(view: &View) -> Block {
    let or_none = |words: &str| if words.is_empty() { NONE.to_owned() } else { words.to_owned() };
    let rows = view.indicators.iter().map(|receipt| {
        let measures = if receipt.measures.is_empty() { receipt.indicator.clone() } else { receipt.measures.join("; ") };
        let mut latest = vec![Run::text(or_none(&receipt.latest_period))];
        if receipt.stale {
            latest.extend([break_run(), Run::bold("stale")]);
        }
        let cells = vec![
            Cell::head(vec![Run::bold(measures)]),
            Cell::new(vec![
                Run::text(receipt.publisher.clone()),
                break_run(),
                Run { link: followed(&receipt.url), ..Run::quiet(receipt.indicator.clone()) },
            ]),
            Cell::text(receipt.outcome.clone()),
            Cell::new(latest),
            Cell::text(or_none(&receipt.retrieved)),
            Cell::text(or_none(&receipt.next_due)),
        ];
        Row { cells, illustrative: false }
    });
    let columns = vec![
        Column::left().at_most(0.25),
        Column::left().at_most(0.2),
        Column::left().at_most(0.2),
        Column::left().at_most(0.13),
        Column::left().at_most(0.15),
        Column::left().at_most(0.15),
    ];
    let head = heads(&["Measure", "Publisher, indicator", "Outcome", "Latest", "Retrieved", "Next due"]);
    Block::Table(wide(columns, head, rows.collect()))
}

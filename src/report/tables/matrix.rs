//! The matrix of variation and assurance, as NHS England's Making Data Count has it.

use super::blocks::{break_run, illustrative_mark, measure_anchor, small, wide};
use super::keys::icon;
use crate::counted::counted;
use crate::report::content::{Control, MeasureView, View};
use crate::report::icons::Icon;
use indicator_stats::spc::{Assurance, Variation};
use tagged_document::model::{Block, Cell, Column, Row, Run, Table};

const COLUMNS: [Option<Assurance>; 4] = [Some(Assurance::Pass), Some(Assurance::HitAndMiss), Some(Assurance::Fail), None];
/// Variations that share a row, the one whose icon stands for it first.
const ROWS: [&[Variation]; 4] = [
    &[Variation::ImprovementHigh, Variation::ImprovementLow],
    &[Variation::CommonCause],
    &[Variation::ConcernHigh, Variation::ConcernLow],
    &[Variation::NeutralHigh, Variation::NeutralLow],
];

/// Measures with a control chart, and how many have none and why.
pub fn matrix(view: &View) -> Vec<Block> {
    let charted: Vec<(&MeasureView, Variation, Option<Assurance>)> = view
        .measures()
        .filter_map(|m| match m.control {
            Control::Chart { variation, assurance, .. } => Some((m, variation, assurance)),
            Control::NoFigure | Control::Yearly | Control::TooFew | Control::TooOld => None,
        })
        .collect();
    let mut blocks = Vec::new();
    if !charted.is_empty() {
        let rows =
            ROWS.iter().filter(|row| row.len() == 1 || **row != ROWS[3] || charted.iter().any(|(_, v, _)| row.contains(v)));
        let rows = rows.map(|row| {
            let mut cells = vec![Cell::head(icon(Icon::Variation(row[0])))];
            let of_row: Vec<_> = charted.iter().filter(|(_, variation, _)| row.contains(variation)).collect();
            for column in COLUMNS {
                let here = of_row.iter().filter(|(_, _, assurance)| *assurance == column).map(|(m, ..)| *m);
                cells.push(Cell::new(links(here)));
            }
            Row { cells, illustrative: of_row.iter().any(|(m, ..)| m.illustrative) }
        });
        let mut head = vec![vec![Run::text("Variation")]];
        head.extend(COLUMNS.map(|a| a.map_or_else(|| vec![Run::text("cannot be said")], |a| icon(Icon::Assurance(a)))));
        let columns = vec![Column::left().at_most(0.2); 5];
        blocks.push(Block::Table(Table { grid: true, ..wide(columns, head, rows.collect()) }));
    }
    blocks.push(small(vec![Run::text(without_chart(view, charted.len()))]));
    blocks
}

fn links<'a>(measures: impl Iterator<Item = &'a MeasureView>) -> Vec<Run> {
    let mut runs = Vec::new();
    for measure in measures {
        if !runs.is_empty() {
            runs.push(break_run());
        }
        runs.push(Run::text(measure.title.clone()).linked(&measure_anchor(measure)));
        if let Control::Chart { without, .. } = measure.control
            && !without.is_empty()
        {
            runs.push(Run::quiet(format!(" ({without})")));
        }
        if measure.illustrative {
            runs.extend([Run::text(" "), illustrative_mark()]);
        }
    }
    if runs.is_empty() { vec![Run::quiet("none")] } else { runs }
}

fn without_chart(view: &View, charted: usize) -> String {
    let number = |wanted: Control| view.measures().filter(|m| m.control == wanted).count();
    let why: Vec<String> = [
        (number(Control::Yearly), "with yearly figures, which say nothing of variation within a year"),
        (number(Control::TooFew), "with fewer than 13 monthly or quarterly figures, too few for limits"),
        (number(Control::TooOld), "with a last figure that is too old to say how things are now"),
        (number(Control::NoFigure), "without a figure for the whole system"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, why)| format!("{n} {why}"))
    .collect();
    let total = counted(view.pack.measures, "measure has", "measures have");
    let rest = if why.is_empty() { String::new() } else { format!(" The others: {}.", why.join("; ")) };
    format!("{charted} of {total} a control chart.{rest}")
}

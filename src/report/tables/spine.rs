//! The figures of a place by aim: what its spine chart draws, and what it has no room for.

use super::blocks::{break_run, drop_empty, heading_row, heads, illustrative_mark, paragraph, wide};
use crate::report::content::figures::{NONE, NOT_COMPARED};
use crate::report::content::{MeasureView, SpineFigure, View, sentences, spine_charts, spine_parts};
use crate::report::signs;
use tagged_document::model::{Block, Cell, Column, ParagraphKind, Row, Run};

pub fn spine(view: &View) -> Vec<Block> {
    let (of, with) = (&view.pack.system, &view.pack.comparator);
    let charts = spine_charts(&spine_parts(view), of, with);
    if charts.is_empty() {
        let words = format!("There is no figure of {of} beside one of {with}.");
        return vec![paragraph(ParagraphKind::Body, vec![Run::text(words)], false)];
    }
    charts.into_iter().map(Block::Figure).collect()
}

/// Every figure of the chart, and those that it does not draw; with targets and statuses.
pub fn spine_table(view: &View) -> Vec<Block> {
    let parts = spine_parts(view);
    if parts.is_empty() {
        let words = format!("There is no figure of {} to show.", view.pack.system);
        return vec![paragraph(ParagraphKind::Body, vec![Run::text(words)], false)];
    }
    let beside = format!("Beside {}", view.pack.comparator);
    let columns = ["Measure", "Figure, with limits", &beside, "All areas, and the middle half", "Neighbours"];
    let head = heads(&[&columns[..], &["Target", "Status"]].concat());
    let shares = [0.3, 0.12, 0.12, 0.12, 0.1, 0.14, 0.13];
    let columns = shares.iter().enumerate().map(|(i, share)| match i {
        0 | 2 | 5 | 6 => Column::left().at_most(*share),
        _ => Column::right().at_most(*share),
    });
    let width = shares.len();
    let mut rows = Vec::new();
    for part in &parts {
        rows.push(heading_row(vec![Run::text(part.title.clone())], width));
        rows.extend(part.measures.iter().flat_map(|measure| rows_of(measure, width)));
    }
    let mut table = wide(columns.collect(), head, rows);
    // The headings span the columns that are left.
    let headings: Vec<usize> = (0..table.rows.len()).filter(|i| table.rows[*i].cells.len() == 1).collect();
    let mut headed = Vec::new();
    for i in headings.iter().rev() {
        headed.push(table.rows.remove(*i));
    }
    drop_empty(&mut table, &[3, 4, 5]);
    for (i, mut row) in headings.into_iter().zip(headed.into_iter().rev()) {
        row.cells.iter_mut().for_each(|cell| cell.span = table.columns.len());
        table.rows.insert(i, row);
    }
    vec![Block::Table(table)]
}

/// A row a figure; where areas have figures and the whole has none, below a row with what they have in common.
fn rows_of(measure: &MeasureView, columns: usize) -> Vec<Row> {
    let Some(first) = measure.spine.first() else { return Vec::new() };
    let unit = |figure: &SpineFigure| format!("{}, {}{}", measure.unit, figure.period, if figure.old { ", old" } else { "" });
    let title = Run::bold(measure.title.clone());
    let rows = measure.spine.iter().map(|figure| {
        let mut name = match figure.area.is_empty() {
            true => vec![title.clone(), break_run(), Run::quiet(unit(figure))],
            false => vec![Run::text(figure.area.clone())],
        };
        if !figure.area.is_empty() && unit(figure) != unit(first) {
            name.push(Run::quiet(format!(" {}", unit(figure))));
        }
        if figure.illustrative {
            name.extend([Run::text(" "), illustrative_mark()]);
        }
        let mut cells = vec![Cell::head(name)];
        cells.extend(figures(figure, measure).map(Cell::new));
        Row { cells, illustrative: figure.illustrative }
    });
    let common =
        || heading_row(vec![title.clone(), Run::quiet(format!(" {}; target: {}", unit(first), measure.target))], columns);
    let common = (!first.area.is_empty()).then(common);
    common.into_iter().chain(rows).collect()
}

fn figures(figure: &SpineFigure, measure: &MeasureView) -> [Vec<Run>; 6] {
    let or_none = |words: &str| vec![if words.is_empty() { Run::quiet(NONE) } else { Run::text(words) }];
    let is_own = figure.area.is_empty();
    // Areas of one measure have a line each.
    let below = |words: &str| match is_own {
        true => vec![break_run(), Run::quiet(words)],
        false => vec![Run::quiet(format!(" ({words})"))],
    };
    let mut value = vec![Run::bold(figure.value.clone())];
    if figure.limits != NONE {
        value.extend(below(&figure.limits));
    }
    if !figure.count.is_empty() {
        value.extend(below(&format!("count {}", figure.count)));
    }
    let mut all = or_none(&figure.all);
    if !figure.middle_half.is_empty() {
        all.extend(below(&figure.middle_half));
    }
    // `worse than 61.3`.
    let beside = match sentences::comparison_in_words(figure.comparison, &figure.comparator, None) {
        Some(words) => Run::text(words),
        None if figure.comparator == NONE => Run::quiet(NOT_COMPARED),
        None => Run::quiet(format!("{NOT_COMPARED} ({})", figure.comparator)),
    };
    [
        value,
        vec![beside],
        all,
        or_none(&figure.neighbours),
        or_none(if is_own { &measure.target } else { "" }),
        signs::status(figure.status),
    ]
}

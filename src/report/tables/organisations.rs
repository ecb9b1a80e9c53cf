//! The measures of organisations, a column each.

use super::blocks::{break_run, measure_anchor, small, wide};
use crate::report::content::{OrganisationFigure, OrganisationsPart, View, organisations_parts};
use crate::report::theme::{BETTER, WORSE};
use tagged_document::model::{Block, Cell, Column, Row, Run, Table};

/// The shares of the width that the names of the measures and the pooled figures have.
const NAMES: f32 = 0.3;
const POOLED: f32 = 0.14;

/// A table an aim: a row a measure, a column an organisation, the pooled figure with its coverage last. Below them what the letters
/// and the short names mean.
pub fn by_organisation(view: &View) -> Vec<Block> {
    let parts = organisations_parts(view);
    let mut blocks: Vec<Block> = parts.iter().map(|part| Block::Table(table(part, view))).collect();
    if !parts.is_empty() {
        blocks.push(small(vec![Run::text(key(&parts))]));
    }
    blocks
}

fn table(part: &OrganisationsPart<'_>, view: &View) -> Table {
    let rows = part.rows.iter().map(|(measure, of)| {
        let mut name = vec![Run::bold(measure.title.clone()).linked(&measure_anchor(measure))];
        name.extend([break_run(), Run::quiet(format!("{}, {}; target: {}", measure.unit, of.period, measure.target))]);
        let mut cells = vec![Cell::head(name)];
        cells.extend(part.columns.iter().map(|column| of.of(&column.code).map_or_else(none, |figure| cell(figure, &of.period))));
        let mut pooled = of.whole.as_ref().map_or_else(none, |figure| cell(figure, &of.period));
        if !of.coverage.is_empty() {
            pooled.runs.extend([break_run(), Run::quiet(of.coverage.clone())]);
        }
        cells.push(pooled);
        Row { cells, illustrative: measure.illustrative }
    });
    let mut head = vec![vec![Run::text("Measure")]];
    head.extend(part.columns.iter().map(|column| vec![Run::text(column.short.clone())]));
    head.push(vec![Run::text(format!("All together, {}", view.pack.system))]);
    let each = (1.0 - NAMES - POOLED) / part.columns.len().max(1) as f32;
    let mut columns = vec![Column::left().at_most(NAMES)];
    columns.extend(vec![Column::right().at_most(each); part.columns.len()]);
    columns.push(Column::right().at_most(POOLED));
    let caption = format!("{}: {}", part.title, part.finding());
    Table { caption, grid: true, ..wide(columns, head, rows.collect()) }
}

fn none() -> Cell {
    Cell::new(vec![Run::quiet("\u{2013}")])
}

/// A figure of another period than the row's says so.
fn cell(of: &OrganisationFigure, period: &str) -> Cell {
    let (letter, ground) = match of.meets_target {
        Some(true) => (Some("M"), Some(BETTER)),
        Some(false) => (Some("N"), Some(WORSE)),
        None => (None, None),
    };
    let mut runs = vec![Run::text(of.value.clone())];
    runs.extend(letter.map(|letter| Run::bold(format!("\u{a0}{letter}"))));
    if of.illustrative {
        runs.push(Run::quiet("\u{a0}i"));
    }
    if of.period != period {
        runs.extend([break_run(), Run::quiet(of.period.clone())]);
    }
    Cell { ground, ..Cell::new(runs) }
}

/// What the letters mean, and whom the short names.
fn key(parts: &[OrganisationsPart<'_>]) -> String {
    const LETTERS: &str = "M: meets its target. N: does not meet it yet, or missed it. i: illustrative.";
    let mut named: Vec<String> = Vec::new();
    for column in parts.iter().flat_map(|part| &part.columns).filter(|column| column.short != column.name) {
        let words = format!("{}: {}.", column.short, column.name);
        if !named.contains(&words) {
            named.push(words);
        }
    }
    std::iter::once(LETTERS.to_owned()).chain(named).collect::<Vec<_>>().join(" ")
}

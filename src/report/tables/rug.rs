//! Every measure in every area, beside the comparator.

use super::blocks::{break_run, heading_row, measure_anchor, wide};
use crate::evaluate::Trend;
use crate::report::content::rug_cells::marks;
use crate::report::content::{RugCell, RugRow, View};
use tagged_document::model::{Block, Cell, Column, Row, Run, Table};

/// The share of the width that the names of the measures have.
const NAMES: f32 = 0.26;

/// A row a measure, a column an area, a letter and a ground for how it stands beside the comparator, an arrow for its trend.
pub fn rug(view: &View) -> Vec<Block> {
    let rug = &view.brief.rug;
    if rug.parts.is_empty() {
        return Vec::new();
    }
    let columns = rug.columns.len();
    let mut rows = Vec::new();
    for part in &rug.parts {
        rows.push(heading_row(vec![Run::text(part.title.clone())], columns + 1));
        rows.extend(part.rows.iter().map(|of| row(of, view)));
    }
    let mut head = vec![vec![Run::text("Measure")]];
    head.extend(rug.columns.iter().map(|name| vec![Run::text(name.clone())]));
    let each = (1.0 - NAMES) / columns.max(1) as f32;
    let shares = std::iter::once(Column::left().at_most(NAMES)).chain(vec![Column::right().at_most(each); columns]).collect();
    vec![Block::Table(Table { grid: true, ..wide(shares, head, rows) })]
}

fn row(of: &RugRow, view: &View) -> Row {
    let measure = view.measures().find(|measure| measure.key == of.measure);
    let title = Run::bold(of.title.clone());
    let mut name = vec![measure.map_or(title.clone(), |measure| title.linked(&measure_anchor(measure)))];
    name.extend([break_run(), Run::quiet(format!("{}, {}{}", of.unit, of.period, if of.old { ", old" } else { "" }))]);
    let figure = |cell: &RugCell| figure(cell, &of.period);
    let cells = std::iter::once(Cell::head(name)).chain(of.cells.iter().map(|cell| cell.as_ref().map_or_else(empty, figure)));
    Row { cells: cells.collect(), illustrative: of.illustrative }
}

fn empty() -> Cell {
    Cell::new(vec![Run::quiet("\u{2013}")])
}

/// A figure of another period than the row's says so.
fn figure(of: &RugCell, period: &str) -> Cell {
    let (letter, ground) = marks(of.comparison);
    let arrow = match of.trend {
        Trend::IncreasingBetter | Trend::IncreasingWorse | Trend::Increasing => Some("\u{2191}"),
        Trend::DecreasingBetter | Trend::DecreasingWorse | Trend::Decreasing => Some("\u{2193}"),
        Trend::NoSignificantChange | Trend::CannotBeCalculated => None,
    };
    let mut runs = vec![Run::text(of.value.clone())];
    let marks: Vec<&str> = letter.into_iter().chain(arrow).collect();
    if !marks.is_empty() {
        runs.push(Run::bold(format!("\u{a0}{}", marks.join("\u{a0}"))));
    }
    if of.illustrative {
        runs.push(Run::quiet("\u{a0}i"));
    }
    if of.period != period {
        runs.extend([break_run(), Run::quiet(of.period.clone())]);
    }
    Cell { ground, ..Cell::new(runs) }
}

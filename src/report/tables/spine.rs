//! The figures of a place by aim: what its spine chart draws, and what it has no room for.

use super::blocks::{break_run, drop_empty, heading_row, heads, illustrative_mark, judged, paragraph, wide};
use crate::report::content::figures::{NONE, NOT_COMPARED};
use crate::report::content::{MeasureView, SpineFigure, View, sentences, spine_charts, spine_parts};
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
    // Where one measure has a line an area, all stand below headings of their own.
    let by_area = parts.iter().flat_map(|part| &part.measures).flat_map(|measure| &measure.spine).any(|of| !of.area.is_empty());
    let all = if by_area { "All areas, and the middle half" } else { "All areas, middle half; neighbours" };
    let head = heads(&["Measure", "Figure, with limits", "Baseline", &beside, all, "Neighbours", "Target", "Status"]);
    let shares = [0.3, 0.15, 0.1, 0.15, 0.25, 0.12, 0.16, 0.14];
    let columns = shares.iter().enumerate().map(|(i, share)| match i {
        0 | 3 | 6 | 7 => Column::left().at_most(*share),
        _ => Column::right().at_most(*share),
    });
    let width = shares.len();
    let mut rows = Vec::new();
    for part in &parts {
        rows.push(heading_row(vec![Run::text(part.title.clone())], width));
        for measure in &part.measures {
            rows.extend(by_area.then(|| common(measure, width)));
            rows.extend(measure.spine.iter().map(|figure| row(figure, measure, by_area.then_some(view.pack.system.as_str()))));
        }
    }
    let mut table = wide(columns.collect(), head, rows);
    // The headings span the columns that are left.
    let headings: Vec<usize> = (0..table.rows.len()).filter(|i| table.rows[*i].cells.len() == 1).collect();
    let mut headed = Vec::new();
    for i in headings.iter().rev() {
        headed.push(table.rows.remove(*i));
    }
    drop_empty(&mut table, &[2, 4, 5, 6]);
    for (i, mut row) in headings.into_iter().zip(headed.into_iter().rev()) {
        row.cells.iter_mut().for_each(|cell| cell.span = table.columns.len());
        table.rows.insert(i, row);
    }
    vec![Block::Table(table)]
}

/// What the figures of a measure have in common, above its areas.
fn common(measure: &MeasureView, columns: usize) -> Row {
    let mut said: Vec<String> = Vec::new();
    if let Some(first) = measure.spine.first() {
        said.push(unit(measure, first));
        said.extend((alike(measure) && !first.no_figure.is_empty()).then(|| format!("no figure: {}", first.no_figure)));
        said.extend((!first.baseline_period.is_empty()).then(|| format!("baseline: {}", first.baseline_period)));
    }
    said.push(format!("target: {}", measure.target));
    heading_row(vec![Run::bold(measure.title.clone()), Run::quiet(format!(" {}", said.join("; ")))], columns)
}

/// True where all areas lack a figure to judge by for the same reason, or none does.
fn alike(measure: &MeasureView) -> bool {
    measure.spine.windows(2).all(|pair| pair[0].no_figure == pair[1].no_figure)
}

fn unit(measure: &MeasureView, figure: &SpineFigure) -> String {
    format!("{}, {}{}", measure.unit, figure.period, if figure.old { ", old" } else { "" })
}

/// The row of a figure: the measure's, or below its heading an area's, of which the whole is `place`.
fn row(figure: &SpineFigure, measure: &MeasureView, place: Option<&str>) -> Row {
    let own_unit = unit(measure, figure);
    let mut name = match place {
        None => vec![Run::bold(measure.title.clone()), break_run(), Run::quiet(own_unit)],
        Some(place) => {
            let mut name = vec![Run::text(if figure.area.is_empty() { place } else { &figure.area })];
            let is_common = measure.spine.first().is_some_and(|first| unit(measure, first) == own_unit);
            name.extend((!is_common).then(|| Run::quiet(format!(" {own_unit}"))));
            name
        }
    };
    if figure.illustrative {
        name.extend([Run::text(" "), illustrative_mark()]);
    }
    let mut cells = vec![Cell::head(name)];
    cells.extend(figures(figure, measure, place.is_none()).map(Cell::new));
    Row { cells, illustrative: figure.illustrative }
}

fn figures(figure: &SpineFigure, measure: &MeasureView, is_own: bool) -> [Vec<Run>; 7] {
    let or_none = |words: &str| vec![if words.is_empty() { Run::quiet(NONE) } else { Run::text(words) }];
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
    let mut baseline = or_none(&figure.baseline);
    // Its heading has the period that areas have in common.
    let is_said = !is_own && measure.spine.first().is_some_and(|first| first.baseline_period == figure.baseline_period);
    if !figure.baseline_period.is_empty() && !is_said {
        baseline.extend(below(&figure.baseline_period));
    }
    let mut all = or_none(&figure.all);
    if !figure.middle_half.is_empty() {
        all.extend(below(&figure.middle_half));
    }
    if is_own && !figure.neighbours.is_empty() {
        all.extend(below(&format!("neighbours {}", figure.neighbours)));
    }
    // `worse than 61.3`.
    let beside = match sentences::comparison_in_words(figure.comparison, &figure.comparator, None) {
        Some(words) => Run::text(words),
        None if figure.comparator == NONE => Run::quiet(NOT_COMPARED),
        None => Run::quiet(format!("{NOT_COMPARED} ({})", figure.comparator)),
    };
    [
        value,
        baseline,
        vec![beside],
        all,
        or_none(if is_own { "" } else { &figure.neighbours }),
        or_none(if is_own { &measure.target } else { "" }),
        judged(figure.status, if !is_own && alike(measure) { "" } else { &figure.no_figure }, figure.is_adverse),
    ]
}

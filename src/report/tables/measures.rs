//! Many measures, a row each.

use super::blocks::{ambition_anchor, break_run, heading_row, heads, illustrative_mark, judged, measure_anchor, wide};
use crate::counted::counted;
use crate::evaluate::Status;
use crate::report::content::figures::NONE;
use crate::report::content::rug_cells::last_period;
use crate::report::content::sentences;
use crate::report::content::{AmbitionView, Control, MeasureView, RugCell, View};
use crate::report::icons::Icon;
use crate::report::signs;
use tagged_document::model::{Block, Cell, Column, Inline, Row, Run};

pub fn measures_table(measures: &[&MeasureView], view: &View) -> Vec<Block> {
    if measures.is_empty() {
        return Vec::new();
    }
    let mut rows: Vec<Row> = Vec::new();
    let mut last = None;
    for m in measures {
        if last != Some(m.ambition_key) {
            rows.extend(view.ambitions().find(|a| a.key == m.ambition_key).map(ambition_row));
            last = Some(m.ambition_key);
        }
        rows.push(row(m));
    }
    let columns = vec![
        Column::left().at_most(0.3),
        Column::right().at_most(0.15),
        Column::right().at_most(0.11),
        Column::left().at_most(0.2),
        Column::right().at_most(0.1),
        Column::left().at_most(0.13),
        Column::left().at_most(0.13),
    ];
    let head = heads(&["Measure", "Latest, with limits", "Baseline", "Target", &view.pack.comparator, "Trend", "Status"]);
    vec![Block::Table(wide(columns, head, rows))]
}

/// The ambition with its status, above its measures.
fn ambition_row(ambition: &AmbitionView) -> Row {
    let mut words = vec![Run::text(ambition.title.clone()).linked(&ambition_anchor(ambition)), Run::text(" \u{2013} ")];
    words.extend(signs::status(ambition.of));
    Row { illustrative: ambition.illustrative, ..heading_row(words, 7) }
}

fn row(m: &MeasureView) -> Row {
    let mut title = vec![Run::bold(m.title.clone()).linked(&measure_anchor(m)), Run::quiet(format!(" ({})", m.role))];
    // Without a figure there is nothing to set in columns.
    if !m.has_figures && m.baseline == NONE && m.spark.is_none() {
        let target = if m.of == Status::CannotBeJudged { String::new() } else { format!("; target: {}", m.target) };
        title.push(Run::text(format!(": no figure{target}")));
        let cells = vec![Cell { span: 6, ..Cell::head(title) }, Cell::new(judged(m.of, &m.no_figure, false))];
        return Row { cells, illustrative: m.illustrative };
    }
    let mut baseline = vec![Run::text(m.baseline.clone())];
    if !m.baseline_period.is_empty() {
        baseline.extend([break_run(), Run::quiet(m.baseline_period.clone())]);
    }
    let mut target = vec![Run::text(m.target.clone())];
    if m.judged_by_illustrative {
        target.extend([break_run(), illustrative_mark()]);
    }
    let cells = vec![
        Cell::head(title),
        Cell::new(latest(m)),
        Cell::new(baseline),
        Cell::new(target),
        Cell::text(m.comparator.clone()),
        Cell::new(trend(m)),
        Cell::new(judged(m.of, &m.no_figure, false)),
    ];
    Row { cells, illustrative: m.illustrative }
}

/// The latest figure with its period, its limits and who gave it.
pub(super) fn latest(m: &MeasureView) -> Vec<Run> {
    let mut latest = vec![Run::bold(m.latest.clone())];
    if !m.latest_period.is_empty() {
        latest.extend([break_run(), Run::quiet(m.latest_period.clone())]);
    }
    if m.stale && !m.latest_period.is_empty() {
        latest.extend([break_run(), Run::bold("old")]);
    }
    if m.limits != NONE {
        latest.extend([break_run(), Run::quiet(m.limits.clone())]);
    }
    if !m.judged.is_empty() {
        latest.extend([break_run(), Run::quiet(format!("judged on {} ({})", m.judged, m.judged_period))]);
    }
    if !m.coverage.is_empty() {
        latest.extend([break_run(), Run::quiet(m.coverage.clone())]);
    }
    // By area the figures stand elsewhere, each with its own mark.
    if m.latest_illustrative || m.illustrative && !m.judged_by_illustrative && m.latest_period.is_empty() {
        latest.extend([break_run(), illustrative_mark()]);
    }
    latest
}

/// The latest figure and its period, in one line; where only areas have figures, from the lowest to the highest of them.
pub(super) fn figure_and_period(m: &MeasureView) -> Vec<Run> {
    let period = last_period(&m.rug);
    let mut areas: Vec<&RugCell> = m.rug.iter().filter(|cell| !cell.is_comparator && cell.period == period).collect();
    areas.retain(|cell| cell.figure.is_some());
    areas.sort_by(|a, b| a.figure.unwrap_or_default().total_cmp(&b.figure.unwrap_or_default()));
    if let (true, [low, .., high]) = (m.latest_period.is_empty(), areas.as_slice()) {
        let old = if m.stale || areas.iter().any(|cell| cell.old) { ", old" } else { "" };
        let of = counted(areas.len(), "area", "areas");
        let (range, of) = match low.value == high.value {
            true => (low.value.clone(), format!("in each of {of}")),
            // Limits stand in the same column.
            false => (format!("{} to {}", low.value, high.value), format!("lowest to highest of {of}")),
        };
        return vec![Run::bold(range), Run::quiet(format!(" {}, {of} ({period}{old})", m.unit))];
    }
    let mut runs = vec![Run::bold(m.latest.clone())];
    if !m.latest_period.is_empty() {
        runs.push(Run::quiet(format!(" ({}{})", m.latest_period, if m.stale { ", old" } else { "" })));
    }
    runs
}

/// The small chart and what can be said of it.
pub(super) fn trend(measure: &MeasureView) -> Vec<Run> {
    let mut runs: Vec<Run> = measure.spark.clone().into_iter().collect();
    let words = match measure.control {
        Control::Chart { variation, .. } => {
            vec![
                Run { inline: Inline::Sign(Icon::Variation(variation).name()), ..Run::default() },
                Run::quiet(format!("\u{a0}{}", sentences::variation(variation))),
            ]
        }
        _ if measure.trend.is_empty() => Vec::new(),
        _ => vec![Run::quiet(measure.trend)],
    };
    if !runs.is_empty() && !words.is_empty() {
        runs.push(break_run());
    }
    runs.extend(words);
    if runs.is_empty() { vec![Run::quiet("not calculated")] } else { runs }
}

//! Many ambitions, a row each.

use super::blocks::{ambition_anchor, ambition_judged, break_run, heads, illustrative_mark, measure_anchor, wide};
use crate::report::content::{AmbitionView, MeasureView, View};
use tagged_document::model::{Block, Cell, Column, Row, Run};

/// Each with its status, why, and the latest figure of the measure that decides it.
pub fn ambitions_table(ambitions: &[&AmbitionView], view: &View) -> Vec<Block> {
    if ambitions.is_empty() {
        return Vec::new();
    }
    let rows = ambitions.iter().map(|ambition| {
        let decides = ambition.decided_by.and_then(|key| view.measures().find(|m| m.key == key));
        let mut title = vec![Run::bold(ambition.title.clone()).linked(&ambition_anchor(ambition))];
        if ambition.illustrative {
            title.extend([break_run(), illustrative_mark()]);
        }
        let cells = vec![
            Cell::head(title),
            Cell::new(ambition_judged(ambition, decides)),
            Cell::text(ambition.reason.clone()),
            Cell::new(decides.map_or_else(|| vec![Run::quiet("none decides")], figure)),
        ];
        Row { cells, illustrative: ambition.illustrative }
    });
    let columns = vec![
        Column::left().at_most(0.27),
        Column::left().at_most(0.14),
        Column::left().at_most(0.36),
        Column::left().at_most(0.25),
    ];
    vec![Block::Table(wide(columns, heads(&["Ambition", "Status", "Why", "Decided by"]), rows.collect()))]
}

fn figure(measure: &MeasureView) -> Vec<Run> {
    let mut runs = vec![Run::text(measure.title.clone()).linked(&measure_anchor(measure)), break_run()];
    if !measure.judged.is_empty() {
        runs.push(Run::quiet(format!("judged on {} ({}); ", measure.judged, measure.judged_period)));
    }
    let period = if measure.latest_period.is_empty() { String::new() } else { format!(" ({})", measure.latest_period) };
    runs.push(Run::quiet(format!("latest {}{period}", measure.latest)));
    runs
}

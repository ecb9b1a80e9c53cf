//! What a measure's own section holds.

use super::blocks::{
    break_run, comment_runs, drop_empty, followed, heads, illustrative_mark, judged, marked, paragraph, small, wide,
};
use crate::report::content::figures::{NONE, NOT_GIVEN};
use crate::report::content::{AmbitionView, AreaLine, CommentView, MeasureView, RemarkView};
use tagged_document::model::{Block, Cell, Column, ParagraphKind, Row, Run, Table};

pub fn figures_table(measure: &MeasureView) -> Block {
    let rows = measure.lines.iter().map(|line| {
        let cells = vec![
            Cell::head(vec![Run::text(line.role.label())]),
            Cell::text(line.period.clone()),
            Cell::new(marked(&line.value, line.illustrative)),
            Cell::text(line.limits.clone()),
            Cell::text(line.comparator.clone()),
        ];
        Row { cells, illustrative: line.illustrative }
    });
    let columns = vec![Column::left(), Column::left(), Column::right(), Column::right(), Column::right()];
    let head = heads(&["Figure", "Period", "Value", "95% limits", &measure.compared_with]);
    let mut table = wide(columns, head, rows.collect());
    drop_empty(&mut table, &[3, 4]);
    table.rows.push(target_row(measure, table.columns.len()));
    Block::Table(table)
}

/// The table, and below it where each area stands beside others than the comparator.
pub fn areas_table(measure: &MeasureView) -> Vec<Block> {
    if measure.areas.is_empty() {
        return Vec::new();
    }
    let mut rows: Vec<Row> = Vec::new();
    for area in &measure.areas {
        let cells = vec![
            Cell::head(vec![Run::text(area.name.clone())]),
            Cell::text(area.people.clone()),
            Cell::new(period(area)),
            Cell::new(marked(&area.value, area.illustrative)),
            Cell::text(area.limits.clone()),
            Cell::text(area.previous.clone()),
            Cell::text(area.baseline.clone()),
            Cell::text(area.comparison.clone()),
            Cell::new(judged(area.of, &area.no_figure, area.is_adverse)),
        ];
        rows.push(Row { cells, illustrative: area.illustrative });
    }
    if let Some(line) = &measure.comparator_line {
        let cells = vec![
            Cell::head(vec![Run::text(measure.compared_with.clone())]),
            Cell::text(NOT_GIVEN),
            Cell::text(line.period.clone()),
            Cell::text(line.value.clone()),
            Cell::text(line.limits.clone()),
            Cell::text(line.previous.clone()),
            Cell::text(line.baseline.clone()),
            Cell::text(NONE),
            Cell::new(vec![Run::quiet("not judged")]),
        ];
        rows.push(Row { cells, illustrative: false });
    }
    let mut columns = vec![Column::left().at_most(0.26), Column::right(), Column::left()];
    columns.extend([Column::right(); 4]);
    columns.extend([Column::left().at_most(0.2), Column::left()]);
    let head = heads(&[
        measure.area_noun,
        "All residents",
        "Period",
        "Latest",
        "95% limits",
        "Previous",
        "Baseline",
        "Compared",
        "Status",
    ]);
    let mut table = Table {
        caption: format!("Figures by {}, {}", measure.area_noun.to_lowercase(), measure.unit),
        ..wide(columns, head, rows)
    };
    drop_empty(&mut table, &[1, 4, 5, 6, 7]);
    let placed = measure.areas.iter().filter(|area| !area.placings.is_empty());
    let placed: Vec<String> = placed.map(|area| format!("{} is {}.", area.name, area.placings.join("; it is "))).collect();
    let mut blocks = vec![Block::Table(table)];
    if !placed.is_empty() {
        blocks.push(small(vec![Run::text(placed.join(" "))]));
    }
    blocks
}

/// The period of the latest figure, and that this is old.
fn period(area: &AreaLine) -> Vec<Run> {
    let mut runs = vec![Run::text(area.period.clone())];
    if area.is_old {
        runs.extend([break_run(), Run::bold("old")]);
    }
    runs
}

fn target_row(measure: &MeasureView, columns: usize) -> Row {
    let target = Cell { span: columns.saturating_sub(1).max(1), ..Cell::text(measure.target.clone()) };
    Row { cells: vec![Cell::head(vec![Run::text("Target")]), target], illustrative: false }
}

pub fn sources(measure: &MeasureView) -> Vec<Block> {
    let mut runs = Vec::new();
    for source in &measure.sources {
        let link = source.url.as_deref().and_then(followed);
        runs.push(if runs.is_empty() { Run::bold("Source: ") } else { Run::quiet("; ") });
        // Each says its own end; within the sentence it has none.
        runs.push(Run { link, ..Run::quiet(source.words.trim_end_matches('.').to_owned()) });
    }
    if runs.is_empty() {
        return Vec::new();
    }
    runs.push(Run::quiet("."));
    vec![small(runs)]
}

/// What those who answer for an ambition say of it, with who said it and when.
pub fn comments(ambition: &AmbitionView) -> Vec<Block> {
    let said = |comment: &CommentView| paragraph(ParagraphKind::CallOut, comment_runs(comment), comment.illustrative);
    ambition.comments.iter().map(said).collect()
}

/// Questions to partners that are not answered yet; what they said, in their own words, with who said it and of which figure.
pub fn commentary(measure: &MeasureView) -> Vec<Block> {
    let remark = |r: &RemarkView| {
        let mut runs = if r.question {
            vec![Run::bold(format!("Question to {}: ", r.partner)), Run::text(r.words.clone())]
        } else {
            vec![
                Run::text(format!("\u{201c}{}\u{201d}", r.words)),
                break_run(),
                Run::quiet(format!("{}, of {}", r.partner, r.period)),
            ]
        };
        if r.illustrative {
            runs.extend([Run::quiet(" "), illustrative_mark()]);
        }
        paragraph(ParagraphKind::CallOut, runs, r.illustrative)
    };
    measure.remarks.iter().map(remark).collect()
}

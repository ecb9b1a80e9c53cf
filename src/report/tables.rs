//! The tables and notes that templates bring in, built from what there is to say.

use super::content::figures::{NONE, NOT_COMPARED};
use super::content::{CountView, GroupView, MeasureView, View};
use super::model::{Align, Block, Cell, Column, Inline, Link, Paragraph, ParagraphKind, Row, Run, Table, plain_text};
use crate::evaluate::Status;

/// The name of a heading: kind, place in the pack and id, in letters, digits and hyphens.
pub fn named(kind: &str, number: Option<usize>, id: &str) -> String {
    let number = number.map_or(String::new(), |number| format!("-{number}"));
    let id: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    format!("{kind}{number}-{id}")
}

fn measure_anchor(measure: &MeasureView) -> String {
    named("measure", Some(measure.key), &measure.id)
}

fn group_anchor(group: &GroupView) -> String {
    named("priority", Some(group.key), &group.id)
}

fn paragraph(kind: ParagraphKind, runs: Vec<Run>, illustrative: bool) -> Block {
    Block::Paragraph(Paragraph { kind, runs, keep_next: false, illustrative })
}

pub fn small(runs: Vec<Run>) -> Block {
    paragraph(ParagraphKind::Small, runs, false)
}

pub fn illustrative_note() -> Block {
    let runs = vec![
        Run::bold("Illustrative figures. "),
        Run::text("Some figures here were made up to show how the pack works. They say nothing about any organisation or place."),
    ];
    Block::Paragraph(Paragraph { kind: ParagraphKind::Warning, runs, keep_next: true, illustrative: true })
}

fn break_run() -> Run {
    Run { inline: Inline::Break, ..Run::default() }
}

/// A figure, with its mark before it where it was made up: the digits stay aligned.
fn marked(value: &str, illustrative: bool) -> Vec<Run> {
    let mark = illustrative.then(|| Run { italic: true, ..Run::quiet("illustrative ") });
    mark.into_iter().chain([Run::text(value)]).collect()
}

fn heads(words: &[&str]) -> Vec<Vec<Run>> {
    words.iter().map(|word| vec![Run::text(*word)]).collect()
}

pub fn measures_table(measures: &[&MeasureView], view: &View) -> Vec<Block> {
    if measures.is_empty() {
        return Vec::new();
    }
    let rows = measures.iter().map(|m| {
        let mut title = vec![Run::bold(m.title.clone()).linked(&measure_anchor(m))];
        if !m.area.is_empty() {
            title.extend([break_run(), Run::quiet(m.area.clone())]);
        }
        let mut latest = vec![Run::bold(m.latest.clone())];
        if !m.latest_period.is_empty() {
            latest.extend([break_run(), Run::quiet(m.latest_period.clone())]);
        }
        if m.illustrative {
            latest.extend([break_run(), Run { italic: true, ..Run::quiet("illustrative") }]);
        }
        let cells = vec![
            Cell::head(title),
            Cell::new(latest),
            Cell::text(m.target.clone()),
            Cell::text(m.comparator.clone()),
            Cell::new(Run::status(m.of)),
        ];
        Row { cells, illustrative: m.illustrative }
    });
    let columns = vec![
        Column::left().at_most(0.42),
        Column::right().at_most(0.19),
        Column::left().at_most(0.26),
        Column::right().at_most(0.19),
        Column::left(),
    ];
    let head = heads(&["Measure", "Latest", "Target", &view.pack.comparator, "Status"]);
    vec![Block::Table(Table { caption: String::new(), full_width: true, grid: false, columns, head, rows: rows.collect() })]
}

pub fn figures_table(measure: &MeasureView) -> Block {
    let rows = measure.lines.iter().map(|line| {
        let cells = vec![
            Cell::head(vec![Run::text(line.name)]),
            Cell::text(line.period.clone()),
            Cell::new(marked(&line.value, line.illustrative)),
            Cell::text(line.limits.clone()),
            Cell::text(line.comparator.clone()),
        ];
        Row { cells, illustrative: line.illustrative }
    });
    let columns = vec![Column::left(), Column::left(), Column::right(), Column::right(), Column::right()];
    let head = heads(&["Figure", "Period", "Value", "95% limits", &measure.compared_with]);
    let caption = if measure.area.is_empty() { String::new() } else { format!("Figures for {}", measure.area) };
    let mut table = Table { caption, full_width: true, grid: false, columns, head, rows: rows.collect() };
    drop_empty(&mut table, &[3, 4]);
    table.rows.push(target_row(measure, table.columns.len()));
    Block::Table(table)
}

pub fn areas_table(measure: &MeasureView) -> Option<Block> {
    if measure.areas.is_empty() {
        return None;
    }
    let mut rows: Vec<Row> = Vec::new();
    for area in &measure.areas {
        let cells = vec![
            Cell::head(vec![Run::text(area.name.clone())]),
            Cell::text(area.period.clone()),
            Cell::new(marked(&area.value, area.illustrative)),
            Cell::text(area.limits.clone()),
            Cell::text(area.previous.clone()),
            Cell::text(area.baseline.clone()),
            Cell::text(area.comparison.clone()),
            Cell::new(Run::status(area.of)),
        ];
        rows.push(Row { cells, illustrative: area.illustrative });
    }
    if let Some((period, value)) = &measure.comparator_line {
        let mut cells = vec![
            Cell::head(vec![Run::text(measure.compared_with.clone())]),
            Cell::text(period.clone()),
            Cell::text(value.clone()),
        ];
        cells.extend([NONE; 4].map(Cell::text));
        cells.push(Cell::new(vec![Run::quiet("not judged")]));
        rows.push(Row { cells, illustrative: false });
    }
    let mut columns = vec![Column::left().at_most(0.26), Column::left()];
    columns.extend([Column::right(); 4]);
    columns.extend([Column::left().at_most(0.2), Column::left()]);
    let head = heads(&["Area", "Period", "Latest", "95% limits", "Previous", "Baseline", "Compared", "Status"]);
    let caption = format!("Figures by area, {}", measure.unit);
    let mut table = Table { caption, full_width: true, grid: false, columns, head, rows };
    drop_empty(&mut table, &[3, 4, 5, 6]);
    if measure.only_areas {
        table.rows.push(target_row(measure, table.columns.len()));
    }
    Some(Block::Table(table))
}

fn target_row(measure: &MeasureView, columns: usize) -> Row {
    let target = Cell { span: columns.saturating_sub(1).max(1), ..Cell::text(measure.target.clone()) };
    Row { cells: vec![Cell::head(vec![Run::text("Target")]), target], illustrative: false }
}

/// Leaves out those of the named columns in which no row says anything.
fn drop_empty(table: &mut Table, droppable: &[usize]) {
    let says_nothing = |cell: &Cell| [NONE, NOT_COMPARED].contains(&plain_text(&cell.runs).as_str());
    for column in droppable.iter().rev() {
        if table.rows.iter().all(|row| row.cells.get(*column).is_none_or(says_nothing)) {
            table.columns.remove(*column);
            table.head.remove(*column);
            for row in &mut table.rows {
                row.cells.remove(*column);
            }
        }
    }
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

/// An address as a link, where a reader could follow it.
fn followed(url: &str) -> Option<Link> {
    (url.starts_with("https://") || url.starts_with("http://")).then(|| Link::Url(url.to_owned()))
}

pub fn actions_table(group: &GroupView) -> Vec<Block> {
    if group.actions.is_empty() {
        return Vec::new();
    }
    let rows = group.actions.iter().map(|action| {
        let mut said =
            if action.said.is_empty() { vec![Run::quiet("Nothing was said.")] } else { vec![Run::text(action.said.clone())] };
        if !action.said_by.is_empty() && action.said_by != action.lead {
            said.extend([break_run(), Run { italic: true, ..Run::quiet(action.said_by.clone()) }]);
        }
        if action.illustrative {
            said.extend([break_run(), Run { italic: true, ..Run::quiet("illustrative") }]);
        }
        let cells = vec![
            Cell::head(vec![Run::text(action.statement.clone())]),
            Cell::text(action.lead.clone()),
            Cell::text(action.due.clone()),
            Cell::new(Run::status(action.of)),
            Cell::new(said),
        ];
        Row { cells, illustrative: action.illustrative }
    });
    let columns = vec![
        Column::left().at_most(0.36),
        Column::left().at_most(0.18),
        Column::left(),
        Column::left(),
        Column::left().at_most(0.36),
    ];
    let head = heads(&["Key action", "Lead", "Due", "Status", "What the lead said"]);
    vec![Block::Table(Table { caption: String::new(), full_width: true, grid: false, columns, head, rows: rows.collect() })]
}

/// What each status means, in a line each.
const MEANINGS: [(Status, &str); 8] = [
    (Status::Achieved, "The target is met."),
    (Status::AchievedLate, "The target is met, but after the date it was due."),
    (Status::OnTrack, "Not met yet; the latest figure is where it needs to be by now."),
    (Status::AtRisk, "Short of where it needs to be by now, but not clearly so; or on track and getting significantly worse."),
    (Status::OffTrack, "Clearly short of where it needs to be by now, or the target was missed."),
    (Status::NotYetDue, "The first figure after the starting point has not been published, or nothing is due yet."),
    (Status::NoData, "There is no figure that it could be judged by."),
    (Status::CannotBeJudged, "The strategy gives nothing to judge it by; the reason says what would be needed."),
];

pub fn status_key() -> Block {
    let rows = MEANINGS
        .map(|(status, meaning)| Row { cells: vec![Cell::head(Run::status(status)), Cell::text(meaning)], illustrative: false });
    let columns = vec![Column::left().at_most(0.28), Column::left()];
    Block::Table(Table {
        caption: String::new(),
        full_width: true,
        grid: false,
        columns,
        head: heads(&["Status", "What it means"]),
        rows: rows.to_vec(),
    })
}

pub fn summary_table(view: &View) -> Block {
    const SHOWN: [Status; 4] = [Status::Achieved, Status::OnTrack, Status::AtRisk, Status::OffTrack];
    let of = |counts: &[CountView], wanted: &[Status]| -> usize {
        counts.iter().filter(|c| wanted.contains(&c.of)).map(|c| c.count).sum()
    };
    let row = |group: &GroupView| {
        let mut cells = vec![Cell::head(vec![Run::bold(group.short.clone()).linked(&group_anchor(group))])];
        let mut groups: Vec<Vec<Status>> = vec![vec![Status::Achieved, Status::AchievedLate]];
        groups.extend(SHOWN[1..].iter().map(|status| vec![*status]));
        groups.push(vec![Status::NotYetDue]);
        groups.push(vec![Status::NoData, Status::CannotBeJudged]);
        for wanted in groups {
            let count = of(&group.counts, &wanted);
            cells.push(Cell::new(vec![if count == 0 { Run::quiet("0") } else { Run::bold(count.to_string()) }]));
        }
        Row { cells, illustrative: group.illustrative }
    };
    let mut rows = vec![row(&view.overarching)];
    for aim in &view.aims {
        let title = Cell { header: true, span: 7, ..Cell::text(format!("Aim {}: {}", aim.number, aim.title)) };
        rows.push(Row { cells: vec![title], illustrative: false });
        rows.extend(aim.priorities.iter().map(row));
    }
    let mut head = vec![vec![Run::text("Priority")]];
    head.extend(SHOWN.map(Run::status));
    head.extend(heads(&["Not yet due", "No data or not judged"]));
    let number = Column { align: Align::Centre, at_most: 0.12 };
    let columns = std::iter::once(Column::left()).chain([number; 6]).collect();
    Block::Table(Table {
        caption: "Measures of each priority by status".to_owned(),
        full_width: true,
        grid: false,
        columns,
        head,
        rows,
    })
}

pub fn returns_table(view: &View) -> Block {
    let rows = view.returns.iter().map(|receipt| {
        let mut wrong: Vec<Run> = Vec::new();
        for fault in &receipt.faults {
            if !wrong.is_empty() {
                wrong.push(break_run());
            }
            wrong.push(Run::bold(format!("{}: ", fault.place)));
            wrong.push(Run::text(fault.problem.clone()));
            if !fault.remedy.is_empty() {
                wrong.push(Run::quiet(format!(" ({})", fault.remedy)));
            }
        }
        if !receipt.lacking.is_empty() {
            if !wrong.is_empty() {
                wrong.push(break_run());
            }
            wrong.push(Run::bold("Not given: "));
            wrong.push(Run::text(receipt.lacking.join("; ")));
        }
        if wrong.is_empty() {
            wrong.push(Run::quiet("nothing"));
        }
        let mut outcome = vec![Run::text(receipt.outcome.clone()), break_run(), Run::quiet(receipt.file.clone())];
        if receipt.illustrative {
            outcome.extend([break_run(), Run { italic: true, ..Run::quiet("illustrative") }]);
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
    let head = heads(&["Partner", "Outcome", "Figures", "Actions", "What was wrong or not given"]);
    Block::Table(Table { caption: String::new(), full_width: true, grid: false, columns, head, rows: rows.collect() })
}

pub fn indicators_table(view: &View) -> Block {
    let rows = view.indicators.iter().map(|receipt| {
        let retrieved = if receipt.retrieved.is_empty() { NONE.to_owned() } else { receipt.retrieved.clone() };
        let measures = if receipt.measures.is_empty() { receipt.indicator.clone() } else { receipt.measures.join("; ") };
        let cells = vec![
            Cell::head(vec![Run::bold(measures)]),
            Cell::new(vec![
                Run::text(receipt.publisher.clone()),
                break_run(),
                Run { link: followed(&receipt.url), ..Run::quiet(receipt.indicator.clone()) },
            ]),
            Cell::text(receipt.outcome.clone()),
            Cell::text(retrieved),
        ];
        Row { cells, illustrative: false }
    });
    let columns = vec![Column::left().at_most(0.3), Column::left().at_most(0.3), Column::left().at_most(0.26), Column::left()];
    let head = heads(&["Measure", "Publisher and indicator", "Outcome", "Retrieved"]);
    Block::Table(Table { caption: String::new(), full_width: true, grid: false, columns, head, rows: rows.collect() })
}

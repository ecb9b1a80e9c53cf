//! The tables, lists and notes that templates bring in, built from what there is to say.

mod actions;
mod ambitions;
mod annex;
mod board;
mod inputs;
mod keys;
mod matrix;
mod measure;
mod measures;
mod overview;

pub use actions::actions_table;
pub use ambitions::ambitions_table;
pub use annex::{abbreviations_table, changes_table, corrections_table, definitions, revisions_table, without_list};
pub use board::{alert_list, board_table, movements_list, movements_table};
pub use inputs::{freshness_table, returns_table, source_faults_table};
pub use keys::{icon_key, status_key};
pub use matrix::matrix;
pub use measure::{areas_table, commentary, figures_table, sources};
pub use measures::measures_table;
pub use overview::{plan, summary_table};

use super::content::figures::{NONE, NOT_COMPARED, NOT_GIVEN};
use super::content::{AmbitionView, GroupView, MeasureView};
use crate::evaluate::Status;
use tagged_document::model::{Block, Cell, Column, Inline, Link, Paragraph, ParagraphKind, Row, Run, Table, Tone, plain_text};

/// The name of a heading: kind, place in the pack and id, in letters, digits and hyphens.
pub fn named(kind: &str, number: Option<usize>, id: &str) -> String {
    let number = number.map_or(String::new(), |number| format!("-{number}"));
    let id: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    format!("{kind}{number}-{id}")
}

pub fn measure_anchor(measure: &MeasureView) -> String {
    named("measure", Some(measure.key), &measure.id)
}

pub fn ambition_anchor(ambition: &AmbitionView) -> String {
    named("ambition", Some(ambition.key), &ambition.id)
}

pub fn group_anchor(group: &GroupView) -> String {
    named("priority", Some(group.key), &group.id)
}

pub fn paragraph(kind: ParagraphKind, runs: Vec<Run>, illustrative: bool) -> Block {
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

/// The mark of a figure that was made up.
fn illustrative_mark() -> Run {
    Run { italic: true, ..Run::quiet("illustrative") }
}

/// A figure, with its mark before it where it was made up: the digits stay aligned.
fn marked(value: &str, illustrative: bool) -> Vec<Run> {
    let mark = illustrative.then(|| Run { italic: true, ..Run::quiet("illustrative ") });
    mark.into_iter().chain([Run::text(value)]).collect()
}

/// A status's sign with words of one's own, on one line.
fn signed(status: Status, words: &str) -> Vec<Run> {
    let tone = Tone::Named(status.code());
    let words = format!("\u{a0}{}", words.replace(' ', "\u{a0}"));
    vec![Run { inline: Inline::Sign(status.code()), tone, ..Run::default() }, Run { tone, ..Run::text(words) }]
}

fn heads(words: &[&str]) -> Vec<Vec<Run>> {
    words.iter().map(|word| vec![Run::text(*word)]).collect()
}

/// A table as wide as the page, without a caption.
fn wide(columns: Vec<Column>, head: Vec<Vec<Run>>, rows: Vec<Row>) -> Table {
    Table { caption: String::new(), full_width: true, grid: false, columns, head, rows }
}

/// A row that names those below it.
fn heading_row(words: Vec<Run>, columns: usize) -> Row {
    Row { cells: vec![Cell { span: columns.max(1), ..Cell::head(words) }], illustrative: false }
}

/// Leaves out those of the named columns in which no row says anything.
fn drop_empty(table: &mut Table, droppable: &[usize]) {
    let says_nothing = |cell: &Cell| [NONE, NOT_COMPARED, NOT_GIVEN].contains(&plain_text(&cell.runs).as_str());
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

/// An address as a link, where a reader could follow it.
fn followed(url: &str) -> Option<Link> {
    (url.starts_with("https://") || url.starts_with("http://")).then(|| Link::Url(url.to_owned()))
}

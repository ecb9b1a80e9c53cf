//! The parts that tables and notes have in common.

use crate::evaluate::Status;
use crate::report::content::figures::{NONE, NOT_COMPARED, NOT_GIVEN};
use crate::report::content::{AmbitionView, CommentView, GroupView, MeasureView};
use crate::report::signs;
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

pub(super) fn break_run() -> Run {
    Run { inline: Inline::Break, ..Run::default() }
}

/// The mark of a figure that was made up.
pub(super) fn illustrative_mark() -> Run {
    Run { italic: true, ..Run::quiet("illustrative") }
}

/// A figure, with its mark before it where it was made up: the digits stay aligned.
pub(super) fn marked(value: &str, illustrative: bool) -> Vec<Run> {
    let mark = illustrative.then(|| Run { italic: true, ..Run::quiet("illustrative ") });
    mark.into_iter().chain([Run::text(value)]).collect()
}

/// A comment with who gave it and when.
pub(super) fn comment_runs(comment: &CommentView) -> Vec<Run> {
    let mut runs = vec![Run::text(comment.words.clone()), break_run(), Run { italic: true, ..Run::quiet(comment.by.clone()) }];
    if comment.illustrative {
        runs.extend([Run::text(" "), illustrative_mark()]);
    }
    runs
}

/// Who answers for an ambition, before what else is said; nothing where nobody is named.
pub(super) fn with_lead(ambition: Option<&AmbitionView>, said: Vec<Run>) -> Vec<Run> {
    let Some(lead) = ambition.map(|ambition| &ambition.lead).filter(|lead| !lead.is_empty()) else { return said };
    let lead = vec![Run::text(format!("Lead: {lead}. "))];
    if plain_text(&said) == NONE { lead } else { [lead, said].concat() }
}

/// Where nobody has said anything of an ambition.
pub(super) const NO_COMMENT: &str = "No comment was given.";
pub(super) const COMMENT_WITHHELD: &str = "The comment is not shown beside a figure that is withheld.";

/// A status's sign and word; below them why there is no figure, where there is none, and that it is significantly on the wrong side.
pub(super) fn judged(status: Status, no_figure: &str, is_adverse: bool) -> Vec<Run> {
    let mut runs = signs::status(status);
    for words in [no_figure, if is_adverse { "significantly adverse" } else { "" }] {
        if !words.is_empty() {
            runs.extend([break_run(), Run::quiet(words)]);
        }
    }
    runs
}

/// How an ambition stands, beside the figure of the measure that decides it or is shown for it.
pub(super) fn ambition_judged(ambition: &AmbitionView, measure: Option<&MeasureView>) -> Vec<Run> {
    let no_figure = measure.filter(|_| ambition.of == Status::NoFigure).map_or("", |measure| &measure.no_figure_in_short);
    judged(ambition.of, no_figure, false)
}

/// A status's sign with words of one's own, on one line.
pub(super) fn signed(status: Status, words: &str) -> Vec<Run> {
    let tone = Tone::Named(status.code());
    let words = format!("\u{a0}{}", words.replace(' ', "\u{a0}"));
    vec![Run { inline: Inline::Sign(status.code()), tone, ..Run::default() }, Run { tone, ..Run::text(words) }]
}

pub(super) fn heads(words: &[&str]) -> Vec<Vec<Run>> {
    words.iter().map(|word| vec![Run::text(*word)]).collect()
}

/// A table as wide as the page, without a caption.
pub(super) fn wide(columns: Vec<Column>, head: Vec<Vec<Run>>, rows: Vec<Row>) -> Table {
    Table { caption: String::new(), full_width: true, grid: false, columns, head, rows }
}

/// A row that names those below it.
pub(super) fn heading_row(words: Vec<Run>, columns: usize) -> Row {
    Row { cells: vec![Cell { span: columns.max(1), ..Cell::head(words) }], illustrative: false }
}

/// Leaves out those of the named columns in which no row says anything.
pub(super) fn drop_empty(table: &mut Table, droppable: &[usize]) {
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
pub(super) fn followed(url: &str) -> Option<Link> {
    (url.starts_with("https://") || url.starts_with("http://")).then(|| Link::Url(url.to_owned()))
}

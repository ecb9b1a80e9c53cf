//! What the annexes hold: definitions, revised figures, changes of the framework, abbreviations.

use super::blocks::{break_run, heading_row, heads, measure_anchor, small, wide};
use crate::report::content::{MeasureView, View};
use tagged_document::model::{Block, Cell, Column, Heading, Item, List, Row, Run};

/// Every measure: what it is, how it is counted, and what its target says; a paragraph each, under its priority.
pub fn definitions(view: &View) -> Vec<Block> {
    let mut blocks = Vec::new();
    for group in view.groups().filter(|group| !group.measures.is_empty()) {
        blocks.push(Block::Heading(Heading { level: 3, runs: vec![Run::text(group.title.clone())], anchor: None }));
        blocks.extend(group.measures.iter().map(definition));
    }
    blocks
}

fn definition(measure: &MeasureView) -> Block {
    let method = &measure.method;
    let mut runs = vec![
        Run::bold(measure.title.clone()).linked(&measure_anchor(measure)),
        Run::quiet(format!(" ({})", measure.role)),
        Run::text(format!(". {}", method.definition)),
    ];
    if !measure.proxy.is_empty() {
        runs.push(Run::text(format!(" Stands in for what the ambition names: {}", lower_first(&measure.proxy))));
    }
    let counted = match (method.numerator.as_str(), method.denominator.as_str()) {
        ("", "") => format!("Unit: {}", method.unit),
        (numerator, "") => format!("Counted: {} ({})", lower_first(numerator), method.unit),
        (numerator, denominator) => {
            format!("Counted: {} over {} ({})", lower_first(numerator), lower_first(denominator), method.unit)
        }
    };
    runs.push(Run::text(format!(" {counted}. {}. Limits: {}.", method.polarity, method.limits)));
    if !method.disclosure.is_empty() {
        runs.push(Run::text(format!(" {}.", method.disclosure)));
    }
    runs.extend([Run { italic: true, ..Run::text(" Target: ") }, Run::text(lower_first(&method.target))]);
    if !method.document.is_empty() {
        runs.push(Run::text(format!(" Set by: {}.", method.document)));
    }
    for (i, note) in method.notes.iter().enumerate() {
        if i == 0 {
            runs.push(Run { italic: true, ..Run::text(" Note:") });
        }
        runs.push(Run::text(format!(" {note}")));
    }
    small(runs)
}

/// `NHS trusts` keeps its capitals; `People` does not.
fn lower_first(words: &str) -> String {
    let mut chars = words.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(words.chars().skip(1)).collect(),
        _ => words.to_owned(),
    }
}

pub fn revisions_table(view: &View) -> Vec<Block> {
    if view.revisions.is_empty() {
        return Vec::new();
    }
    let rows = view.revisions.iter().map(|r| {
        let cells = vec![
            Cell::head(vec![Run::bold(r.measure.clone()), break_run(), Run::quiet(r.area.clone())]),
            Cell::text(r.period.clone()),
            Cell::text(r.old.clone()),
            Cell::text(r.new.clone()),
            Cell::new(vec![
                Run::quiet(format!("Before: {}", r.old_source)),
                break_run(),
                Run::quiet(format!("Now: {}", r.new_source)),
            ]),
        ];
        Row { cells, illustrative: false }
    });
    let columns =
        vec![Column::left().at_most(0.32), Column::left(), Column::right(), Column::right(), Column::left().at_most(0.36)];
    let head = heads(&["Measure and area", "Period", "Was", "Is now", "Sources"]);
    vec![Block::Table(wide(columns, head, rows.collect()))]
}

pub fn corrections_table(view: &View) -> Vec<Block> {
    if view.corrections.is_empty() {
        return Vec::new();
    }
    let rows = view.corrections.iter().map(|correction| {
        let mut named = vec![Run::bold(correction.title.clone())];
        if !correction.area.is_empty() {
            named.extend([break_run(), Run::quiet(correction.area.clone())]);
        }
        let said = [&correction.what, &correction.before, &correction.now].map(|words| Cell::text(words.clone()));
        Row { cells: std::iter::once(Cell::head(named)).chain(said).collect(), illustrative: false }
    });
    let columns = vec![Column::left().at_most(0.4), Column::left().at_most(0.24), Column::left(), Column::left()];
    let head = heads(&["Measure and area, or key action", "What", "Was", "Is now"]);
    vec![Block::Table(wide(columns, head, rows.collect()))]
}

pub fn changes_table(view: &View) -> Vec<Block> {
    let mut rows = Vec::new();
    let mut last = "";
    for change in &view.changes {
        if change.how != last {
            rows.push(heading_row(vec![Run::text(change.how)], 3));
            last = change.how;
        }
        let mut named = vec![Run::bold(change.what)];
        if !change.part.is_empty() {
            named.extend([Run::quiet(format!(", {}", change.part)), break_run(), Run::text(change.title.clone())]);
        }
        let said = |words: &str| {
            let runs = if words.is_empty() { vec![Run::quiet("none")] } else { vec![Run::text(words)] };
            Cell::new(runs)
        };
        let cells = vec![Cell::head(named), said(&change.before), said(&change.after)];
        rows.push(Row { cells, illustrative: false });
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = vec![Column::left().at_most(0.3), Column::left().at_most(0.36), Column::left().at_most(0.36)];
    let before = format!("In edition {}", view.pack.edition_before);
    vec![Block::Table(wide(columns, heads(&["What", &before, "In this edition"]), rows))]
}

pub fn abbreviations_table(abbreviations: &[(String, String)]) -> Vec<Block> {
    if abbreviations.is_empty() {
        return Vec::new();
    }
    let rows = abbreviations.iter().map(|(short, full)| Row {
        cells: vec![Cell::head(vec![Run::text(short.clone())]), Cell::text(full.clone())],
        illustrative: false,
    });
    let columns = vec![Column::left().at_most(0.3), Column::left()];
    let mut table = wide(columns, heads(&["Short", "In full"]), rows.collect());
    table.full_width = false;
    vec![Block::Table(table)]
}

/// Measures that have no figure for the area that the pack is about.
pub fn without_list(view: &View) -> Vec<Block> {
    if view.without.is_empty() {
        return Vec::new();
    }
    let items = view.without.iter().map(|title| Item { runs: vec![Run::text(title.clone())], inner: None }).collect();
    vec![Block::List(List { ordered: false, items })]
}

//! What the annexes hold: definitions, restated figures, changes of the framework, abbreviations.

use super::{break_run, heading_row, heads, measure_anchor, wide};
use crate::report::content::{MeasureView, View};
use crate::report::model::{Block, Cell, Column, Item, List, Row, Run};

/// Every measure: what it is, how it is counted, and what its target says.
pub fn definitions(view: &View) -> Vec<Block> {
    let mut rows = Vec::new();
    for group in view.groups().filter(|group| !group.measures.is_empty()) {
        rows.push(heading_row(vec![Run::text(group.title.clone())], 4));
        rows.extend(group.measures.iter().map(definition));
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        Column::left().at_most(0.2),
        Column::left().at_most(0.27),
        Column::left().at_most(0.25),
        Column::left().at_most(0.28),
    ];
    let head = heads(&["Measure", "What it is", "How it is counted", "Target, and how the text was read"]);
    vec![Block::Table(wide(columns, head, rows))]
}

fn definition(measure: &MeasureView) -> Row {
    let method = &measure.method;
    let mut what = vec![Run::text(method.definition.clone())];
    if !measure.proxy.is_empty() {
        what.extend([break_run(), Run::quiet(format!("Stands in for what the ambition names: {}", measure.proxy))]);
    }
    let counted = match (method.numerator.as_str(), method.denominator.as_str()) {
        ("", "") => method.unit.clone(),
        (numerator, "") => format!("{numerator} ({})", method.unit),
        (numerator, denominator) => format!("{numerator}, over {} ({})", lower_first(denominator), method.unit),
    };
    let mut how = vec![Run::text(format!("{counted}. {}.", method.polarity))];
    how.extend([break_run(), Run::quiet(format!("Limits: {}.", lower_first(&method.limits)))]);
    if !method.disclosure.is_empty() {
        how.push(Run::quiet(format!(" {}.", method.disclosure)));
    }
    let mut target = vec![Run::text(method.target.clone())];
    for note in &method.notes {
        target.extend([break_run(), Run::quiet(note.clone())]);
    }
    let title = Run::bold(measure.title.clone()).linked(&measure_anchor(measure));
    Row { cells: vec![Cell::head(vec![title]), Cell::new(what), Cell::new(how), Cell::new(target)], illustrative: false }
}

/// `NHS trusts` keeps its capitals; `People` does not.
fn lower_first(words: &str) -> String {
    let mut chars = words.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(words.chars().skip(1)).collect(),
        _ => words.to_owned(),
    }
}

pub fn restatements_table(view: &View) -> Vec<Block> {
    if view.restatements.is_empty() {
        return Vec::new();
    }
    let rows = view.restatements.iter().map(|r| {
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

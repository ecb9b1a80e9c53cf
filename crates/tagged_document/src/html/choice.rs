//! Which rows of a long table show, chosen by their status without a script: a browser that cannot do that shows all rows and
//! no buttons.

use super::page::Page;
use super::placed::Placed;
use crate::escape::words;
use crate::look::Look;
use crate::model::{Cell, Inline, Tone, plain_text};
use std::fmt::Write;

/// A table of no more rows is seen at a glance.
const FEW_ROWS: usize = 8;

/// The statuses of a table's rows.
pub struct Choice {
    column: usize,
    /// Each with its word and its rows, in the order of the look.
    statuses: Vec<(&'static str, String, usize)>,
    rows: usize,
}

/// The column that has a status in most rows; the first column names the rows.
pub fn column_of_statuses(groups: &[Vec<Vec<Placed<'_>>>], columns: usize, look: &Look) -> Option<usize> {
    let has_status = |column: usize| rows(groups).filter(|row| status_in(row, column, look).is_some()).count();
    (1..columns).find(|column| has_status(*column) * 2 > rows(groups).count())
}

/// Rows but headings across the table.
fn rows<'a, 'b>(groups: &'b [Vec<Vec<Placed<'a>>>]) -> impl Iterator<Item = &'b Vec<Placed<'a>>> {
    groups.iter().flatten().filter(|row| row.len() > 1)
}

impl Choice {
    /// By the column of statuses; none for a table that is short, has one status or cells that cover rows.
    pub fn of(groups: &[Vec<Vec<Placed<'_>>>], column: Option<usize>, look: &Look) -> Option<Self> {
        let column = column?;
        let rows: Vec<&Vec<Placed<'_>>> = rows(groups).collect();
        if rows.len() <= FEW_ROWS || groups.iter().flatten().flatten().any(|placed| placed.rows > 1) {
            return None;
        }
        let found = |column: usize| rows.iter().filter_map(move |row| status_in(row, column, look));
        let statuses: Vec<(&'static str, String, usize)> = look
            .tones
            .iter()
            .filter_map(|tone| {
                let word = found(column).find(|(name, _)| *name == tone.name)?.1;
                Some((tone.name, word, found(column).filter(|(name, _)| *name == tone.name).count()))
            })
            .collect();
        (statuses.len() > 1).then_some(Choice { column, statuses, rows: rows.len() })
    }

    /// The status that a cell gives: the name of its sign, which is that of a tone, and its word.
    fn status(cell: &Cell, look: &Look) -> Option<(&'static str, String)> {
        let at = cell.runs.iter().position(|run| matches!(run.inline, Inline::Sign(name) if run.tone == Tone::Named(name)))?;
        let Tone::Named(name) = cell.runs[at].tone else { return None };
        let rest = &cell.runs[at + 1..];
        let end = rest.iter().position(|run| run.tone != Tone::Named(name)).unwrap_or(rest.len());
        let word = plain_text(&rest[..end]);
        (look.tones.iter().any(|tone| tone.name == name) && !word.is_empty()).then_some((name, word))
    }

    /// That of a row, by which it is chosen.
    pub fn class(&self, row: &[Placed<'_>], look: &Look) -> Option<String> {
        let status = status_in(row, self.column, look);
        (row.len() > 1).then(|| status.map_or("row".to_owned(), |(name, _)| format!("row is-{name}")))
    }
}

fn status_in(row: &[Placed<'_>], column: usize, look: &Look) -> Option<(&'static str, String)> {
    Choice::status(row.iter().find(|placed| placed.column == column)?.cell?, look)
}

impl Page<'_> {
    /// The buttons, and the start of what they choose from.
    pub fn choice(&mut self, choice: &Choice, table: &str) {
        self.choices += 1;
        let group = self.ids.fresh(&format!("rows-{}", self.choices));
        let of = if table.is_empty() { String::new() } else { format!("<span class=\"unseen\"> of {}</span>", words(table)) };
        let _ = write!(self.out, "<div class=\"choice\">\n<fieldset><legend>Show rows{of}</legend>");
        let mut button = |class: &str, said: &str, rows: usize, checked: &str| {
            let noun = if rows == 1 { "row" } else { "rows" };
            let _ = write!(
                self.out,
                "<label><input type=\"radio\" name=\"{group}\" class=\"{class}\"{checked}> {} <span>({rows} {noun})</span></label>",
                words(said)
            );
        };
        button("all", "All", choice.rows, " checked=\"\"");
        for (name, word, rows) in &choice.statuses {
            button(&format!("by-{name}"), word, *rows, "");
        }
        self.chosen_by.extend(choice.statuses.iter().map(|(name, ..)| *name));
        self.out.push_str("</fieldset>\n");
    }
}

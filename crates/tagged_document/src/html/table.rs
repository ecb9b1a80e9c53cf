//! Tables: what heads what. On a narrow screen a table that has no room is a card a row, whose cells say what heads them; on others
//! it scrolls.

use super::choice::{Choice, column_of_statuses};
use super::fit::fits_a_phone;
use super::page::Page;
use super::placed::{Placed, fill, groups, place};
use crate::escape::words;
use crate::model::{Align, Inline, Run, Table, plain_text};
use std::fmt::Write;

/// In a table of no more columns long words are broken before it scrolls.
const FEW_COLUMNS: usize = 3;

/// What the rows of a table are written by.
struct Columns<'a> {
    table: &'a Table,
    count: usize,
    /// What heads each column, in words.
    labels: Vec<String>,
    /// No room on a narrow screen: rows become cards.
    wide: bool,
    /// The column that says how the rows stand.
    state: Option<usize>,
    choice: Option<Choice>,
}

impl Page<'_> {
    /// `caption` is written above it; where it is empty, the heading that it stands under names it for a screen reader.
    pub fn table(&mut self, table: &Table, caption: &[Run]) {
        let columns = table.columns.len().max(table.head.len());
        let mut groups: Vec<Vec<Vec<Placed<'_>>>> =
            groups(&table.rows, columns).into_iter().map(|rows| place(rows, columns)).collect();
        let ends = groups.iter().flatten().flatten().map(|cell| cell.column + cell.span);
        let columns = ends.fold(columns, usize::max);
        groups.iter_mut().for_each(|rows| fill(rows, columns));
        if columns == 0 {
            return;
        }
        let labels = (0..columns).map(|column| table.head.get(column).map(|runs| plain_text(runs)).unwrap_or_default()).collect();
        let state = column_of_statuses(&groups, columns, self.look);
        let columns = Columns {
            table,
            count: columns,
            labels,
            wide: !fits_a_phone(table),
            state,
            choice: Choice::of(&groups, state, self.look),
        };
        let name = if caption.is_empty() { self.here.clone() } else { plain_text(caption) };
        if let Some(choice) = &columns.choice {
            self.choice(choice, &name);
        }
        if columns.wide {
            let name = if name.is_empty() { "Table".to_owned() } else { format!("Table: {name}") };
            let few = if columns.count <= FEW_COLUMNS { " few" } else { "" };
            // A group and not a region: a document may have a hundred tables, too many for landmarks.
            let _ =
                writeln!(self.out, "<div class=\"scroll{few}\" role=\"group\" aria-label=\"{}\" tabindex=\"0\">", words(&name));
        } else {
            self.out.push_str("<div class=\"held\">\n");
        }
        let class = match (table.grid, table.full_width) {
            (true, _) => "grid",
            (false, true) => "full",
            (false, false) => "plain",
        };
        let _ = writeln!(self.out, "<table class=\"{class}\"{}>", columns.role("table"));
        if !caption.is_empty() {
            self.out.push_str("<caption>");
            self.runs(caption);
            self.out.push_str("</caption>\n");
        }
        self.table_head(&columns);
        for rows in &groups {
            let _ = writeln!(self.out, "<tbody{}>", columns.role("rowgroup"));
            for row in rows {
                self.row(&columns, row);
            }
            self.out.push_str("</tbody>\n");
        }
        self.out.push_str("</table>\n</div>\n");
        if columns.choice.is_some() {
            self.out.push_str("</div>\n");
        }
    }

    fn table_head(&mut self, columns: &Columns<'_>) {
        let head = &columns.table.head;
        if head.iter().all(|runs| is_blank(runs)) {
            return;
        }
        let _ = write!(self.out, "<thead{}>\n<tr{}>", columns.role("rowgroup"), columns.role("row"));
        for column in 0..columns.count {
            match head.get(column).filter(|runs| !is_blank(runs)) {
                Some(runs) => {
                    let align = classes(align(columns.table, column), None, "");
                    let _ = write!(self.out, "<th scope=\"col\"{align}{}>", columns.role("columnheader"));
                    self.runs(runs);
                    self.out.push_str("</th>");
                }
                None => {
                    let _ = write!(self.out, "<td{}></td>", columns.role("cell"));
                }
            }
        }
        self.out.push_str("</tr>\n</thead>\n");
    }

    fn row(&mut self, columns: &Columns<'_>, row: &[Placed<'_>]) {
        let is_group = matches!(row, [Placed { cell: Some(cell), span, .. }] if cell.header && *span >= columns.count);
        let class = match columns.choice.as_ref().and_then(|choice| choice.class(row, self.look)) {
            _ if is_group => " class=\"group\"".to_owned(),
            Some(class) => format!(" class=\"{class}\""),
            None => String::new(),
        };
        let _ = write!(self.out, "<tr{class}{}>", columns.role("row"));
        for Placed { cell, column, span, rows } in row {
            let Some(cell) = cell else {
                let _ = write!(self.out, "<td{}></td>", columns.role("cell"));
                continue;
            };
            let whole = *span >= columns.count && columns.count > 1;
            let (tag, scope) = match (cell.header && !is_blank(&cell.runs), whole) {
                (true, true) => ("th", " scope=\"rowgroup\""),
                (true, false) => ("th", " scope=\"row\""),
                (false, _) => ("td", ""),
            };
            let role = columns.role(if tag == "th" { "rowheader" } else { "cell" });
            // What covers several columns is words, whatever the columns hold.
            let align = if *span > 1 { None } else { align(columns.table, *column) };
            let state = if columns.wide && columns.state == Some(*column) { "state" } else { "" };
            let _ = write!(self.out, "<{tag}{scope}{}{role}", classes(align, cell.ground, state));
            for (name, count) in [("colspan", *span), ("rowspan", *rows)] {
                if count > 1 {
                    let _ = write!(self.out, " {name}=\"{count}\"");
                }
            }
            if let Some(label) = columns.label(*column).filter(|_| tag == "td" && *span == 1) {
                let _ = write!(self.out, " data-label=\"{}\"", words(label));
            }
            self.out.push('>');
            self.runs(&cell.runs);
            let _ = write!(self.out, "</{tag}>");
        }
        self.out.push_str("</tr>\n");
    }
}

impl Columns<'_> {
    /// The attribute of a role, which a table needs where its rows may become cards: what is no table to a browser has no roles.
    fn role(&self, role: &str) -> String {
        if self.wide { format!(" role=\"{role}\"") } else { String::new() }
    }

    /// What heads a column, for a card.
    fn label(&self, column: usize) -> Option<&str> {
        self.labels.get(column).map(String::as_str).filter(|label| self.wide && !label.is_empty())
    }
}

fn align(table: &Table, column: usize) -> Option<&'static str> {
    match table.columns.get(column).map(|column| column.align) {
        Some(Align::Right) => Some("r"),
        Some(Align::Centre) => Some("c"),
        Some(Align::Left) | None => None,
    }
}

/// The attribute of a cell's classes; empty where it has none.
fn classes(align: Option<&str>, ground: Option<&str>, state: &str) -> String {
    let ground = ground.map(|name| format!("ground-{name}"));
    let state = Some(state).filter(|state| !state.is_empty());
    let all: Vec<&str> = align.into_iter().chain(ground.as_deref()).chain(state).collect();
    if all.is_empty() { String::new() } else { format!(" class=\"{}\"", all.join(" ")) }
}

fn is_blank(runs: &[Run]) -> bool {
    runs.iter().all(|run| match &run.inline {
        Inline::Text(text) => text.trim().is_empty(),
        Inline::Break => true,
        Inline::Sign(_) | Inline::PageOf(_) | Inline::Note(_) | Inline::Spark { .. } => false,
    })
}

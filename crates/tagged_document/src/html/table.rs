//! Tables: what heads what, and room to scroll where a screen is narrow.

use super::page::Page;
use crate::escape::words;
use crate::model::{Align, Cell, Inline, Row, Run, Table, plain_text};
use std::fmt::Write;

/// Tables of more columns than this scroll on a narrow screen, rather than break their words.
const FEW_COLUMNS: usize = 3;

/// A cell with its place; none where the row is too short.
struct Placed<'a> {
    cell: Option<&'a Cell>,
    column: usize,
    span: usize,
    rows: usize,
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
        let wide = columns > FEW_COLUMNS;
        if wide {
            let name = if caption.is_empty() { self.here.clone() } else { plain_text(caption) };
            let name = if name.is_empty() { "Table".to_owned() } else { format!("Table: {name}") };
            // A group and not a region: a document may have a hundred tables, too many for landmarks.
            let _ = writeln!(self.out, "<div class=\"scroll\" role=\"group\" aria-label=\"{}\" tabindex=\"0\">", words(&name));
        } else {
            self.out.push_str("<div class=\"held\">\n");
        }
        let class = match (table.grid, table.full_width) {
            (true, _) => "grid",
            (false, true) => "full",
            (false, false) => "plain",
        };
        let _ = writeln!(self.out, "<table class=\"{class}\">");
        if !caption.is_empty() {
            self.out.push_str("<caption>");
            self.runs(caption);
            self.out.push_str("</caption>\n");
        }
        self.table_head(table, columns);
        for rows in &groups {
            self.out.push_str("<tbody>\n");
            for row in rows {
                self.row(table, row, columns);
            }
            self.out.push_str("</tbody>\n");
        }
        self.out.push_str("</table>\n</div>\n");
    }

    fn table_head(&mut self, table: &Table, columns: usize) {
        if table.head.iter().all(|runs| is_blank(runs)) {
            return;
        }
        self.out.push_str("<thead>\n<tr>");
        for column in 0..columns {
            let align = classes(align(table, column), None);
            match table.head.get(column).filter(|runs| !is_blank(runs)) {
                Some(runs) => {
                    let _ = write!(self.out, "<th scope=\"col\"{align}>");
                    self.runs(runs);
                    self.out.push_str("</th>");
                }
                None => self.out.push_str("<td></td>"),
            }
        }
        self.out.push_str("</tr>\n</thead>\n");
    }

    fn row(&mut self, table: &Table, row: &[Placed<'_>], columns: usize) {
        self.out.push_str("<tr>");
        for Placed { cell, column, span, rows } in row {
            let Some(cell) = cell else {
                self.out.push_str("<td></td>");
                continue;
            };
            let whole = *span >= columns && columns > 1;
            let (tag, scope) = match (cell.header && !is_blank(&cell.runs), whole) {
                (true, true) => ("th", " scope=\"rowgroup\""),
                (true, false) => ("th", " scope=\"row\""),
                (false, _) => ("td", ""),
            };
            // What covers several columns is words, whatever the columns hold.
            let align = if *span > 1 { None } else { align(table, *column) };
            let _ = write!(self.out, "<{tag}{scope}{}", classes(align, cell.ground));
            for (name, count) in [("colspan", *span), ("rowspan", *rows)] {
                if count > 1 {
                    let _ = write!(self.out, " {name}=\"{count}\"");
                }
            }
            self.out.push('>');
            self.runs(&cell.runs);
            let _ = write!(self.out, "</{tag}>");
        }
        self.out.push_str("</tr>\n");
    }
}

/// Rows in groups: a heading across the table starts a new one, which it names.
fn groups(rows: &[Row], columns: usize) -> Vec<&[Row]> {
    let starts = |row: &Row| matches!(row.cells.as_slice(), [cell] if cell.header && cell.span >= columns && columns > 1);
    rows.chunk_by(|_, next| !starts(next)).collect()
}

/// The cells of a group in their columns: each stands in the first that no cell above it covers. Where a row has more
/// cells than the table has columns, the table is as wide as the row.
fn place(rows: &[Row], columns: usize) -> Vec<Vec<Placed<'_>>> {
    // How many more rows each column is covered for.
    let mut covered: Vec<usize> = Vec::new();
    let mut placed = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let mut column = 0;
        let mut cells = Vec::with_capacity(row.cells.len());
        for cell in &row.cells {
            while covered.get(column).is_some_and(|rows| *rows > 0) {
                column += 1;
            }
            let free = covered.get(column..).unwrap_or_default().iter().take_while(|rows| **rows == 0).count();
            let to_end = column + free >= covered.len();
            let span = cell.span.clamp(1, if to_end { columns.saturating_sub(column).max(1) } else { free });
            let deep = cell.rows.clamp(1, rows.len() - i);
            if covered.len() < column + span {
                covered.resize(column + span, 0);
            }
            covered[column..column + span].fill(deep);
            cells.push(Placed { cell: Some(cell), column, span, rows: deep });
            column += span;
        }
        covered.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
        placed.push(cells);
    }
    placed
}

/// Puts cells that say nothing where a row of the group has none, so that every row is as wide as the table.
fn fill(rows: &mut [Vec<Placed<'_>>], columns: usize) {
    let mut covered = vec![0; columns];
    for row in rows {
        for cell in row.iter() {
            covered[cell.column..cell.column + cell.span].fill(cell.rows);
        }
        let bare = (0..columns).filter(|column| covered[*column] == 0);
        row.extend(bare.map(|column| Placed { cell: None, column, span: 1, rows: 1 }));
        row.sort_by_key(|cell| cell.column);
        covered.iter_mut().for_each(|rows: &mut usize| *rows = rows.saturating_sub(1));
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
fn classes(align: Option<&str>, ground: Option<&str>) -> String {
    let ground = ground.map(|name| format!("ground-{name}"));
    let all: Vec<&str> = align.into_iter().chain(ground.as_deref()).collect();
    if all.is_empty() { String::new() } else { format!(" class=\"{}\"", all.join(" ")) }
}

fn is_blank(runs: &[Run]) -> bool {
    runs.iter().all(|run| match &run.inline {
        Inline::Text(text) => text.trim().is_empty(),
        Inline::Break => true,
        Inline::Sign(_) | Inline::PageOf(_) | Inline::Note(_) | Inline::Spark { .. } => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(usize, usize)]) -> Row {
        let cells = cells.iter().map(|(span, rows)| Cell { span: *span, rows: *rows, ..Cell::text("x") }).collect();
        Row { cells, illustrative: false }
    }

    fn places(rows: &[Row], columns: usize) -> Vec<Vec<(usize, usize, usize)>> {
        let mut placed = place(rows, columns);
        fill(&mut placed, columns);
        placed.iter().map(|row| row.iter().map(|cell| (cell.column, cell.span, cell.rows)).collect()).collect()
    }

    #[test]
    fn cells_stand_beside_row_spans() {
        let rows = [row(&[(1, 2), (1, 1), (1, 1)]), row(&[(2, 1)]), row(&[(1, 1)])];
        let expected = [vec![(0, 1, 2), (1, 1, 1), (2, 1, 1)], vec![(1, 2, 1)], vec![(0, 1, 1), (1, 1, 1), (2, 1, 1)]];
        assert_eq!(places(&rows, 3), expected);
    }

    #[test]
    fn spans_that_reach_too_far_are_cut() {
        let rows = [row(&[(1, 1), (1, 9)]), row(&[(usize::MAX, 1)]), row(&[(1, 0)])];
        assert_eq!(places(&rows, 2), [vec![(0, 1, 1), (1, 1, 3)], vec![(0, 1, 1)], vec![(0, 1, 1)]]);
    }
}

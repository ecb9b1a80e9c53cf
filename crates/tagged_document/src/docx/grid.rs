//! Each row of a table as cells that together are as wide as the table.

use crate::model::{Cell, Row};

/// A cell in its place.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'a> {
    /// None where the row is too short.
    pub cell: Option<&'a Cell>,
    pub column: usize,
    /// Columns that it covers.
    pub span: usize,
    /// Rows that it covers, itself among them.
    pub rows: usize,
    /// Goes on from the row above.
    pub is_below: bool,
}

/// The columns of a table (more than were given, where a row has more cells) and its cells by row.
pub fn place(rows: &[Row], columns: usize) -> (usize, Vec<Vec<Placed<'_>>>) {
    let placed = place_in(rows, columns);
    let widest = placed.iter().flatten().map(|cell| cell.column + cell.span).fold(columns, usize::max);
    if widest > columns { (widest, place_in(rows, widest)) } else { (columns, placed) }
}

fn place_in(rows: &[Row], columns: usize) -> Vec<Vec<Placed<'_>>> {
    // Cells that go on in the row below.
    let mut tall: Vec<Placed<'_>> = Vec::new();
    let mut all = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let mut placed: Vec<Placed<'_>> = Vec::new();
        let mut column = 0;
        let mut cells = row.cells.iter();
        loop {
            if let Some(above) = tall.iter().find(|above| above.column == column) {
                placed.push(Placed { rows: above.rows - 1, is_below: true, ..*above });
                column += above.span;
                continue;
            }
            let cell = cells.next();
            if cell.is_none() && column >= columns && tall.iter().all(|above| above.column < column) {
                break;
            }
            let next = tall.iter().map(|above| above.column).filter(|start| *start > column).min();
            let free = next.unwrap_or(columns).saturating_sub(column).max(1);
            let span = cell.map_or(1, |cell| cell.span.clamp(1, free));
            let deep = cell.map_or(1, |cell| cell.rows.clamp(1, rows.len() - i));
            placed.push(Placed { cell, column, span, rows: deep, is_below: false });
            column += span;
        }
        tall = placed.iter().filter(|cell| cell.rows > 1).copied().collect();
        all.push(placed);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(usize, usize)]) -> Row {
        let cells = cells.iter().map(|(span, rows)| Cell { span: *span, rows: *rows, ..Cell::text("x") }).collect();
        Row { cells, illustrative: false }
    }

    /// Columns that each cell covers; below 0 where it goes on from the row above, in brackets where there is none.
    fn places(rows: &[Row], columns: usize) -> Vec<String> {
        let of = |cell: &Placed<'_>| match (cell.is_below, cell.cell) {
            (true, _) => format!("^{}", cell.span),
            (false, None) => format!("({})", cell.span),
            (false, Some(_)) => cell.span.to_string(),
        };
        place(rows, columns).1.iter().map(|row| row.iter().map(of).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn every_row_is_as_wide_as_the_table() {
        let rows = [row(&[(1, 2), (1, 1), (1, 1)]), row(&[(2, 1)]), row(&[(1, 1)]), row(&[])];
        assert_eq!(places(&rows, 3), ["1 1 1", "^1 2", "1 (1) (1)", "(1) (1) (1)"]);
        assert_eq!(places(&[row(&[(1, 1); 3]), row(&[(1, 1)])], 2), ["1 1 1", "1 (1) (1)"]);
    }

    #[test]
    fn spans_that_reach_too_far_are_cut() {
        let rows = [row(&[(1, 1), (1, 9)]), row(&[(usize::MAX, 1)]), row(&[(1, 0)])];
        assert_eq!(places(&rows, 2), ["1 1", "1 ^1", "1 ^1"]);
    }
}

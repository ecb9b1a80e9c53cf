//! The cells of a table in their columns, whatever covers several of them.

use crate::model::{Cell, Row};

/// A cell with its place; none where the row is too short.
pub struct Placed<'a> {
    pub cell: Option<&'a Cell>,
    pub column: usize,
    pub span: usize,
    pub rows: usize,
}

/// Rows in groups: a heading across the table starts a new one, which it names.
pub fn groups(rows: &[Row], columns: usize) -> Vec<&[Row]> {
    let starts = |row: &Row| matches!(row.cells.as_slice(), [cell] if cell.header && cell.span >= columns && columns > 1);
    rows.chunk_by(|_, next| !starts(next)).collect()
}

/// The cells of a group in their columns: each stands in the first that no cell above it covers. Where a row has more
/// cells than the table has columns, the table is as wide as the row.
pub fn place(rows: &[Row], columns: usize) -> Vec<Vec<Placed<'_>>> {
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
pub fn fill(rows: &mut [Vec<Placed<'_>>], columns: usize) {
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

//! One sheet of an .ods as its rows and cells go by; repeats are counted, not expanded.

use super::prepared::{MOST_COLUMNS, MOST_ROWS, Mark, Marks};

#[derive(Debug, Default)]
pub(super) struct Grid {
    next_row: u64,
    row_repeats: u64,
    next_column: u64,
    /// Cells that would be held for the rows as written, before the rows are repeated.
    written: u64,
    row_is_filled: bool,
    first_row: Option<u64>,
    last_row: u64,
    last_column: u64,
    /// Rows from and how many, columns from and how many.
    marked: Vec<([u64; 4], Mark)>,
    marked_cells: u64,
}

impl Grid {
    /// Gives the repeats that there is room for.
    pub fn begin_row(&mut self, repeats: u64) -> u64 {
        self.row_repeats = repeats.min(u64::from(MOST_ROWS).saturating_sub(self.next_row));
        self.next_column = 0;
        self.row_is_filled = false;
        self.row_repeats
    }

    /// Row and column of the next cell, counted from 0.
    pub fn next(&self) -> (u32, u32) {
        let within = |place: u64| u32::try_from(place).unwrap_or(u32::MAX);
        (within(self.next_row), within(self.next_column))
    }

    pub fn column(&self) -> u64 {
        self.next_column
    }

    /// Gives the repeats that there is room for.
    pub fn cell(&mut self, repeats: u64, filled: bool, mark: Option<Mark>) -> u64 {
        let repeats = repeats.min(u64::from(MOST_COLUMNS).saturating_sub(self.next_column));
        if filled && repeats > 0 {
            self.row_is_filled = true;
            self.last_column = self.last_column.max(self.next_column + repeats - 1);
            if let Some(mark) = mark {
                self.marked.push(([self.next_row, self.row_repeats, self.next_column, repeats], mark));
                self.marked_cells = self.marked_cells.saturating_add(self.row_repeats * repeats);
            }
        }
        self.next_column += repeats;
        if filled {
            // The blanks before it are held as well.
            self.written = self.written.saturating_add(self.next_column);
        }
        repeats
    }

    pub fn end_row(&mut self) {
        if self.row_is_filled && self.row_repeats > 0 {
            self.first_row.get_or_insert(self.next_row);
            self.last_row = self.next_row + self.row_repeats - 1;
        }
        self.next_row += self.row_repeats;
    }

    /// True where more than `cells` would be held.
    pub fn is_wider_than(&self, cells: u64) -> bool {
        self.spread().max(self.written).max(self.marked_cells) > cells
    }

    /// How many cells the smallest rectangle with all filled cells has, from column A.
    fn spread(&self) -> u64 {
        self.first_row.map_or(0, |first| (self.last_row - first + 1).saturating_mul(self.last_column + 1))
    }

    pub fn marks(&self) -> Marks {
        let index = |n: u64| u32::try_from(n).expect("held to the rows and columns of a worksheet");
        let cells = self.marked.iter().flat_map(|([row, rows, column, columns], mark)| {
            (*row..row + rows).flat_map(move |r| (*column..column + columns).map(move |c| ((index(r), index(c)), mark.clone())))
        });
        cells.collect()
    }
}

//! Finding a block's table in a sheet: its header row, its columns, its rows.

use super::block::{Block, Column};
use super::pattern::Pattern;
use workbook_reader::{Cell, Row, Sheet, cell_name, clip};

/// Banners and notes above a header are read past, but not for ever.
const LAST_HEADER_ROW: u32 = 200;

/// How far above a header a heading over several columns may stand.
const MOST_ROWS_ABOVE: u32 = 4;

/// Headings that a message lists.
const MOST_LISTED: usize = 20;

pub(super) struct Table<'s> {
    pub sheet: &'s Sheet,
    /// Counted from 0.
    pub header_row: u32,
    /// The header's rows.
    header: Vec<Row<'s>>,
    /// The rows above it that may hold headings over several columns, then its own.
    groups: Vec<Row<'s>>,
    /// The rows below it within what the block asks for.
    pub rows: Vec<Row<'s>>,
}

impl<'s> Table<'s> {
    /// The table below the first row that has all texts of the block's header; none where no row has.
    pub fn find(block: &Block, sheet: &'s Sheet) -> Option<Self> {
        let in_row = |row: &Row<'_>, text: &Pattern| row.cells.iter().any(|cell| text.matches(&cell.text()));
        let near = || sheet.rows().take_while(|row| row.number <= LAST_HEADER_ROW);
        let header_row = near().find(|row| block.header.iter().all(|text| in_row(row, text)))?.number;
        let below = header_row + block.header_rows;
        let header = sheet.rows().filter(|row| (header_row..below).contains(&row.number)).collect();
        let groups =
            sheet.rows().filter(|row| (header_row.saturating_sub(MOST_ROWS_ABOVE)..below).contains(&row.number)).collect();
        let mut rows: Vec<Row<'_>> = sheet.rows().filter(|row| row.number >= below).collect();
        if let Some(after) = &block.after {
            let start = rows.iter().position(|row| in_row(row, after)).map_or(rows.len(), |at| at + 1);
            rows.drain(..start);
        }
        if let Some(before) = &block.before {
            let end = rows.iter().position(|row| in_row(row, before)).unwrap_or(rows.len());
            rows.truncate(end);
        }
        Some(Self { sheet, header_row, header, groups, rows })
    }

    /// The cells of the header, in the order of its rows.
    pub fn headings(&self) -> impl Iterator<Item = &'s Cell> {
        self.header.iter().flat_map(|row| row.cells)
    }

    /// Where a column is, with its heading's cell where it has one.
    ///
    /// # Errors
    /// A heading that is not there, or stands more than once.
    pub fn column(&self, column: &Column) -> Result<(u32, Option<&'s Cell>), String> {
        let (heading, under) = match column {
            Column::Lettered(column) => return Ok((*column, self.headings().find(|cell| cell.column == *column))),
            Column::Headed { heading, under } => (heading, under.as_ref()),
        };
        let like: Vec<&Cell> = self
            .headings()
            .filter(|cell| heading.matches(&cell.text()))
            .filter(|cell| under.is_none_or(|under| self.is_under(cell, under)))
            .collect();
        match like[..] {
            [cell] => Ok((cell.column, Some(cell))),
            [] => Err(format!("the header in row {} has no {}; it has {}", self.header_row + 1, column.written(), self.listed())),
            [first, second, ..] => {
                let (first, second) = (cell_name(first.row, first.column), cell_name(second.row, second.column));
                Err(format!("the heading {} appears in {first} and in {second}", column.written()))
            }
        }
    }

    /// True where the nearest heading at or left of the cell, in some row above it, has the text.
    fn is_under(&self, cell: &Cell, text: &Pattern) -> bool {
        let over = |row: &Row<'_>| {
            row.cells.iter().rfind(|over| over.column <= cell.column).is_some_and(|over| text.matches(&over.text()))
        };
        self.groups.iter().filter(|row| row.number < cell.row).any(over)
    }

    fn listed(&self) -> String {
        let texts: Vec<String> = self.headings().map(|cell| format!("{:?}", clip(&cell.text(), 40))).collect();
        match texts.split_at_checked(MOST_LISTED) {
            Some((shown, rest)) if !rest.is_empty() => format!("{} and {} more", shown.join(", "), rest.len()),
            _ => texts.join(", "),
        }
    }

    pub fn cell(&self, row: u32, column: u32) -> Option<&'s Cell> {
        self.sheet.rows().find(|found| found.number == row).and_then(|found| found.get(column))
    }

    /// The first cell to the right of the first that has the text.
    pub fn beside(&self, text: &Pattern) -> Option<&'s Cell> {
        self.sheet.rows().find_map(|row| {
            let at = row.cells.iter().position(|cell| text.matches(&cell.text()))?;
            row.cells[at + 1..].iter().find(|cell| !cell.text().is_empty())
        })
    }
}

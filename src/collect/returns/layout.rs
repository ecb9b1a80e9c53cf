//! Finding a table in a worksheet by the names of its columns, wherever it stands and in whatever order they are.

use crate::collect::entry::squeeze;
use crate::fault::Fault;
use std::collections::BTreeMap;
use workbook_reader::{Cell, Row, Sheet, cell_name};

/// A column that a table may have.
#[derive(Debug, Clone, Copy)]
pub(super) struct ColumnHeading {
    /// As the template writes it.
    pub name: &'static str,
    /// Other wordings that mean the same.
    pub also: &'static [&'static str],
    pub needed: bool,
}

/// Where the columns of a table are.
#[derive(Debug)]
pub(super) struct Table {
    header_row: u32,
    columns: BTreeMap<&'static str, u32>,
}

/// Banners and guidance above a header are read past, but not for ever.
const LAST_HEADER_ROW: u32 = 200;

impl Table {
    /// The first row that has every needed heading is the header.
    ///
    /// # Errors
    /// Where no row has them all, says which the nearest row lacks; where one heading stands twice, says where.
    pub fn find(sheet: &Sheet, headings: &[ColumnHeading], place: &str) -> Result<Self, Fault> {
        let mut nearest: Option<Table> = None;
        for row in sheet.rows().take_while(|row| row.number <= LAST_HEADER_ROW) {
            let table = Table::of_row(row, headings, place)?;
            if table.lacking(headings).next().is_none() {
                return Ok(table);
            }
            if nearest.as_ref().is_none_or(|best| table.columns.len() > best.columns.len()) {
                nearest = Some(table);
            }
        }
        let expected = headings.iter().map(|h| h.name).collect::<Vec<_>>().join(" | ");
        let problem = match nearest.filter(|table| !table.columns.is_empty()) {
            Some(table) => {
                let lacking: Vec<_> = table.lacking(headings).map(|name| format!("{name:?}")).collect();
                format!("row {} has no heading {}; {expected} was expected", table.header_row + 1, lacking.join(" or "))
            }
            None => format!("no row of headings was found; {expected} was expected"),
        };
        Err(Fault::new(place, problem, "put the headings of the template back"))
    }

    fn of_row(row: Row<'_>, headings: &[ColumnHeading], place: &str) -> Result<Self, Fault> {
        let mut columns = BTreeMap::new();
        let named = row.cells.iter().filter_map(|cell| Some((cell, name_of(cell, headings)?)));
        let named: Vec<_> = named.collect();
        // A sentence of guidance may hold one such word; a header holds several.
        if named.len() > 1 {
            for (cell, name) in named {
                if let Some(first) = columns.insert(name, cell.column) {
                    let (first, second) = (cell_name(row.number, first), cell_name(row.number, cell.column));
                    let problem = format!("the heading {name:?} appears twice, in {first} and {second}");
                    return Err(Fault::new(place, problem, "keep the one that is meant"));
                }
            }
        }
        Ok(Self { header_row: row.number, columns })
    }

    fn lacking<'h>(&self, headings: &'h [ColumnHeading]) -> impl Iterator<Item = &'static str> + use<'_, 'h> {
        headings.iter().filter(|h| h.needed && !self.columns.contains_key(h.name)).map(|h| h.name)
    }

    pub fn column(&self, name: &str) -> Option<u32> {
        self.columns.get(name).copied()
    }

    /// Where a row has what is called `name`: `cell J4`; the row alone where the table has no such column.
    pub fn place(&self, row: Row<'_>, name: &str) -> String {
        match self.column(name) {
            Some(column) => format!("cell {}", cell_name(row.number, column)),
            None => format!("row {}", row.number + 1),
        }
    }

    /// The rows below the header that hold something in one of the table's columns.
    pub fn rows<'s>(&self, sheet: &'s Sheet) -> impl Iterator<Item = Row<'s>> + use<'_, 's> {
        sheet
            .rows()
            .skip_while(|row| row.number <= self.header_row)
            .filter(|row| self.columns.values().any(|column| row.get(*column).is_some_and(|cell| !cell.text().is_empty())))
    }
}

/// The value beside a key, in whichever columns they stand.
pub(super) fn value_beside<'s>(sheet: &'s Sheet, name: &str) -> Option<&'s Cell> {
    let said = |row: Row<'s>| {
        let mut cells = row.cells.iter().filter(|cell| !cell.text().is_empty());
        let key = cells.next()?;
        (squeeze(&key.text()) == squeeze(name)).then(|| cells.next())
    };
    sheet.rows().find_map(said).flatten()
}

fn name_of(cell: &Cell, headings: &[ColumnHeading]) -> Option<&'static str> {
    let text = squeeze(&cell.text());
    let is = |name: &str| squeeze(name) == text;
    headings.iter().find(|h| is(h.name) || h.also.iter().any(|also| is(also))).map(|h| h.name)
}

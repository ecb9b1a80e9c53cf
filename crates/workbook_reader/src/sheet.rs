//! A worksheet as rows of cells, and what one cell says.

use crate::text::{clip, one_line};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// A worksheet's cells that hold something, in the order of rows, then columns.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// As the workbook writes it.
    pub name: String,
    /// Not to be seen in Excel unless it is asked for.
    pub hidden: bool,
    cells: Vec<Cell>,
    /// What stands in the workbook beside the cells of this sheet; of the first sheet, also beside all of them.
    pub beside: Vec<Beside>,
}

/// A text of a workbook that is in no cell: for a caller that must know all that a file holds, as who looks for personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// `comment`, `text box`.
    pub name: String,
    /// The cell of a comment: row and column, counted from 0.
    pub at: Option<(u32, u32)>,
    /// A line a row, its cells parted by tabs.
    pub text: String,
}

/// A cell that holds something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Counted from 0, as the column is.
    pub row: u32,
    pub column: u32,
    pub content: CellContent,
    pub shown: NumberFormat,
}

/// What was saved in a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CellContent {
    Text(String),
    Number(f64),
    Date(Date),
    /// A date or a time that is no day of the calendar.
    Time,
    Logical(bool),
    /// `#REF!`
    Error(String),
    /// A formula whose result was not saved with it: its figure is not known.
    Uncached,
    /// Something is written here that could not be read.
    Unreadable,
}

/// How a number is shown, which decides whether 0.123 means 12.3%; and whether a date is a day or a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NumberFormat {
    Plain,
    Percent,
    /// A date, as its month: 1 July 2026 as Jul-26.
    Month,
    /// A number in its thousands or millions, `#,##0,`: 1200000 as 1,200.
    Scaled,
}

impl Beside {
    const EMBEDDED: &str = "embedded file";
    const CHART: &str = "chart";

    /// None where there is no text.
    pub fn named(name: &str, at: Option<(u32, u32)>, text: String) -> Option<Self> {
        (!text.trim().is_empty()).then(|| Self { name: name.to_owned(), at, text })
    }

    /// A file or a data model within the workbook, whose texts cannot be looked at.
    pub fn embedded() -> Self {
        Self { name: Self::EMBEDDED.to_owned(), at: None, text: String::new() }
    }

    /// The texts and numbers of a chart, which are mostly those of cells.
    pub fn is_chart(&self) -> bool {
        self.name == Self::CHART
    }

    pub fn is_embedded(&self) -> bool {
        self.name == Self::EMBEDDED
    }

    /// `comment on Figures!B4`, `text box on sheet Figures`.
    pub fn place(&self, sheet: &str) -> String {
        match self.at {
            Some((row, column)) => format!("{} on {sheet}!{}", self.name, cell_name(row, column)),
            None => format!("{} on sheet {sheet}", self.name),
        }
    }
}

impl Sheet {
    pub fn new(name: String, hidden: bool, mut cells: Vec<Cell>) -> Self {
        cells.sort_by_key(|cell| (cell.row, cell.column));
        // A cell written twice is a fault of the writing program; the later stands, as in Excel.
        cells.reverse();
        cells.dedup_by_key(|cell| (cell.row, cell.column));
        cells.reverse();
        Self { name, hidden, cells, beside: Vec::new() }
    }

    /// Puts another text in the place of each for which there is one.
    pub fn replace_texts(&mut self, mut other: impl FnMut(&Cell, &str) -> Option<String>) {
        for cell in &mut self.cells {
            let CellContent::Text(text) = &cell.content else { continue };
            if let Some(other) = other(cell, text) {
                cell.content = CellContent::Text(other);
            }
        }
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.cells.chunk_by(|a, b| a.row == b.row).map(|cells| Row { number: cells[0].row, cells })
    }

    /// The cells that could not be read.
    pub fn unreadable(&self) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|cell| cell.content == CellContent::Unreadable)
    }

    /// True where no cell holds anything.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }
}

/// The cells of one row that hold something; never empty.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub number: u32,
    pub cells: &'a [Cell],
}

impl<'a> Row<'a> {
    pub fn get(&self, column: u32) -> Option<&'a Cell> {
        self.cells.binary_search_by_key(&column, |cell| cell.column).ok().map(|at| &self.cells[at])
    }

    /// The text of a cell, on one line; empty where there is none.
    pub fn text(&self, column: Option<u32>) -> String {
        column.and_then(|column| self.get(column)).map_or_else(String::new, Cell::text)
    }
}

impl Cell {
    /// Its text on one line, or its number as a person would type it.
    pub fn text(&self) -> String {
        match &self.content {
            CellContent::Text(text) => one_line(text),
            CellContent::Number(number) => number.to_string(),
            CellContent::Date(date) => date.to_string(),
            CellContent::Time => String::new(),
            CellContent::Logical(logical) => logical.to_string().to_uppercase(),
            CellContent::Error(error) => error.clone(),
            // Not empty, or the row would pass for a blank one.
            CellContent::Uncached => "(formula without a result)".to_owned(),
            CellContent::Unreadable => "(not read)".to_owned(),
        }
    }

    /// What it holds, short enough for a message.
    pub fn found(&self) -> String {
        match &self.content {
            CellContent::Text(text) => format!("the text {:?}", clip(&one_line(text), 40)),
            CellContent::Number(number) if self.shown == NumberFormat::Percent => format!("{}%", as_percent(*number)),
            CellContent::Number(number) => number.to_string(),
            CellContent::Date(date) => format!("the date {date}"),
            CellContent::Time => "a time".to_owned(),
            CellContent::Logical(logical) => logical.to_string().to_uppercase(),
            CellContent::Error(error) => format!("the error {error}"),
            CellContent::Uncached => "a formula whose result was not saved".to_owned(),
            CellContent::Unreadable => "a cell that could not be read".to_owned(),
        }
    }
}

/// A share as a percentage, without the last bits that multiplying by 100 disturbs: 0.57 is 57, not 56.999….
pub fn as_percent(share: f64) -> f64 {
    let scaled = (share * 1e12).round() / 1e10;
    if scaled.is_finite() { scaled } else { share * 100.0 }
}

/// `C7` for row 6, column 2, both counted from 0.
pub fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).expect("below 26");
        letters.push(char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    let mut name: String = letters.into_iter().rev().collect();
    write!(name, "{}", u64::from(row) + 1).expect("writing to a String does not fail");
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(content: CellContent, shown: NumberFormat) -> Cell {
        Cell { row: 0, column: 0, content, shown }
    }

    #[test]
    fn cells_are_named_as_excel_names_them() {
        for (row, column, name) in
            [(6, 2, "C7"), (0, 25, "Z1"), (0, 26, "AA1"), (0, 701, "ZZ1"), (1_048_575, 16_383, "XFD1048576")]
        {
            assert_eq!(cell_name(row, column), name);
        }
    }

    #[test]
    fn cell_contents_are_described_briefly() {
        for (content, found) in [
            (CellContent::Error("#REF!".to_owned()), "the error #REF!"),
            (CellContent::Text("see\n note".to_owned()), "the text \"see note\""),
            (CellContent::Date(jiff::civil::date(2026, 7, 1)), "the date 2026-07-01"),
            (CellContent::Number(f64::INFINITY), "inf"),
            (CellContent::Number(0.123), "0.123"),
            (CellContent::Uncached, "a formula whose result was not saved"),
        ] {
            assert_eq!(cell(content, NumberFormat::Plain).found(), found);
        }
        assert_eq!(cell(CellContent::Number(0.57), NumberFormat::Percent).found(), "57%");
    }

    #[test]
    fn the_last_value_of_a_cell_counts() {
        let text = |t: &str| Cell { row: 1, column: 1, content: CellContent::Text(t.to_owned()), shown: NumberFormat::Plain };
        let sheet = Sheet::new("s".to_owned(), false, vec![text("first"), text("last")]);
        assert_eq!(sheet.rows().map(|row| row.text(Some(1))).collect::<Vec<_>>(), ["last"]);
    }
}

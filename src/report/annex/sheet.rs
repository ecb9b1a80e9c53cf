//! A table laid out as a sheet, for every kind of workbook: what stands above it, its headings in words, and no blank cells.

use super::sheet_cell::SheetCell;
use super::table::{AnnexCell, AnnexColumn, AnnexTable};
use super::tables::AnnexTables;
use super::widths::{lines, lines_of_row, widths};
use crate::visible::in_lines;
use std::borrow::Cow;

/// Rows above the table: the sheet's title, how many tables it has and what a row is, and where to look for more.
pub(super) const ABOVE: usize = 3;

/// Stands for words that are lacking where there cannot be any, and in the row of a table that has none.
const NOT_APPLICABLE: &str = match AnnexCell::NotApplicable.shown_as() {
    Some(mark) => mark,
    None => "",
};
/// Stands for words that are lacking where there could have been some.
const NOT_AVAILABLE: &str = match AnnexCell::NotAvailable.shown_as() {
    Some(mark) => mark,
    None => "",
};

/// A table, or some of its columns, laid out as a sheet.
pub(super) struct Sheet<'a> {
    pub name: &'static str,
    pub above: [String; ABOVE],
    pub what: &'static str,
    pub columns: Vec<SheetColumn>,
    /// Each as long as `columns`, without blanks; never none.
    pub rows: Vec<Vec<SheetCell<'a>>>,
    /// Lines that the headings take, and each of the rows.
    pub heading_lines: usize,
    pub lines: Vec<usize>,
    /// Cells of the first column lead to the sheets that they name.
    pub leads: bool,
}

pub(super) struct SheetColumn {
    pub heading: String,
    /// In characters.
    pub width: usize,
}

impl Sheet<'_> {
    /// The name of its table, by which formulas and readers of a file find it.
    pub(super) fn table_name(&self) -> String {
        self.name.replace(' ', "_")
    }
}

impl AnnexTables {
    /// Every sheet in order: the cover and the contents, then the tables.
    pub(super) fn sheets<'a>(&'a self, front: &'a [AnnexTable]) -> Vec<Sheet<'a>> {
        front.iter().chain(&self.tables).flat_map(|table| self.sheets_of(table)).collect()
    }

    fn sheets_of<'a>(&self, table: &'a AnnexTable) -> Vec<Sheet<'a>> {
        let each = table.sheets().into_iter().map(|of| {
            let nothing = || of.columns.iter().map(|_| SheetCell::Mark(NOT_APPLICABLE)).collect();
            let row =
                |row: &'a Vec<AnnexCell>| of.columns.iter().map(|index| cell(&table.columns[*index], &row[*index])).collect();
            let rows: Vec<Vec<SheetCell<'a>>> = match table.rows.is_empty() {
                true => vec![nothing()],
                false => table.rows.iter().map(row).collect(),
            };
            let columns: Vec<&AnnexColumn> = of.columns.iter().map(|index| &table.columns[*index]).collect();
            let widths = widths(&columns, table.is_prose(), &rows);
            let lines_of = |row: &Vec<SheetCell<'_>>| lines_of_row(row, &widths);
            let row_lines = rows.iter().map(lines_of).collect();
            let headed = |(column, width): (&&AnnexColumn, &usize)| SheetColumn { heading: column.heading(), width: *width };
            let columns: Vec<SheetColumn> = columns.iter().zip(&widths).map(headed).collect();
            // Bold letters are wider.
            let heading_lines = columns.iter().map(|column| lines(&column.heading, column.width - 2)).max().unwrap_or(1);
            let title = match of.name {
                "Cover" => self.title.clone(),
                name => format!("{name}: {}", self.of),
            };
            let how_many = match table.rows.len() {
                0 => "It has nothing to list this time, which a row of [z] says".to_owned(),
                1 => "It has 1 row".to_owned(),
                rows => format!("It has {rows} rows"),
            };
            let more = match of.name {
                "Cover" | "Contents" => "The sheet Contents leads to every sheet.",
                _ => "The sheet Notes explains the marks, such as [c] and [x]; the sheet Columns what each column holds.",
            };
            Sheet {
                name: of.name,
                above: [title, format!("This sheet has one table. {how_many}. A row is {}.", of.what), more.to_owned()],
                what: of.what,
                columns,
                rows,
                heading_lines,
                lines: row_lines,
                leads: of.name == "Contents",
            }
        });
        each.collect()
    }
}

fn cell<'a>(column: &AnnexColumn, of: &'a AnnexCell) -> SheetCell<'a> {
    match of {
        AnnexCell::Words(words) | AnnexCell::Coded { words, .. } if words.trim().is_empty() => {
            SheetCell::Words(Cow::Borrowed(if column.is_given { NOT_AVAILABLE } else { NOT_APPLICABLE }))
        }
        AnnexCell::Words(words) | AnnexCell::Coded { words, .. } => SheetCell::Words(in_lines(words)),
        AnnexCell::YesNo(yes) => SheetCell::Words(if *yes { "yes" } else { "no" }.into()),
        other => other.shown_as().map_or(SheetCell::Other(other), SheetCell::Mark),
    }
}

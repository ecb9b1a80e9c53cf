//! Looking over an .ods before calamine parses it whole: that it ends, that it is not too wide, and what calamine does not tell.
//!
//! calamine expands every repeated row and cell, waits for end tags that may never come, and does not tell a
//! percentage from a number, an error from a text, or a formula without a result from a blank. One pass settles all.

use super::container::{damaged, encrypted};
use crate::fault::Fault;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor, Read};
use zip::ZipArchive;

/// What calamine does not tell of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Percent,
    /// An error such as `#REF!`, which comes as a text.
    Error,
    /// A formula whose result was not saved, which comes as nothing.
    Uncached,
}

/// The marked cells of a sheet, by row and column from 0.
pub(super) type Marks = BTreeMap<(u32, u32), Mark>;

/// The marked cells of each sheet, by its name.
pub(super) type Looks = BTreeMap<String, Marks>;

/// No worksheet has more rows, and calamine reads no more.
const MOST_ROWS: u64 = 1_048_576;
const MOST_COLUMNS: u64 = 16_384;
/// It names the parts of the file, in bytes; what encrypts them is said beside each.
const LONGEST_MANIFEST: u64 = 1024 * 1024;

/// # Errors
/// A password, XML that is not well formed, or sheets that spread over more than `max_cells`.
pub(super) fn look_over(bytes: &[u8], place: &str, max_cells: u64) -> Result<Looks, Fault> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(place, &e))?;
    let mut manifest = Vec::new();
    if let Ok(part) = zip.by_name("META-INF/manifest.xml") {
        part.take(LONGEST_MANIFEST).read_to_end(&mut manifest).map_err(|e| damaged(place, &e))?;
    }
    if String::from_utf8_lossy(&manifest).contains("encryption-data") {
        return Err(encrypted(place));
    }
    let content = zip.by_name("content.xml").map_err(|e| damaged(place, &e))?;
    scan(BufReader::new(content), place, max_cells)
}

fn scan(content: impl BufRead, place: &str, max_cells: u64) -> Result<Looks, Fault> {
    let mut reader = quick_xml::Reader::from_reader(content);
    reader.config_mut().expand_empty_elements = true;
    let mut found = Looks::new();
    let mut sheet = Grid::default();
    let mut depth: u64 = 0;
    // Where the cell that is being read began; what is inside it is no cell of the sheet.
    let mut in_cell: Option<u64> = None;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|e| damaged(place, &e))? {
            Event::Start(element) => {
                depth += 1;
                match element.name().0 {
                    _ if in_cell.is_some() => {}
                    "table:table" => sheet = Grid { name: attribute(&element, "table:name"), ..Grid::default() },
                    "table:table-row" => sheet.begin_row(repeated(&element, "table:number-rows-repeated")),
                    "table:table-cell" | "table:covered-table-cell" => {
                        in_cell = Some(depth);
                        sheet.cell(&element);
                    }
                    _ => {}
                }
            }
            Event::End(element) => {
                match element.name().0 {
                    _ if in_cell.is_some_and(|began| depth > began) => {}
                    "table:table-row" => sheet.end_row(),
                    "table:table" => {
                        let sheet = std::mem::take(&mut sheet);
                        if sheet.spread() > max_cells || sheet.written > max_cells {
                            let problem = format!("sheet {} spreads over more than {max_cells} cells", sheet.name);
                            let remedy = "take away what stands far from the tables, or raise returns.max_cells";
                            return Err(Fault::new(place, problem, remedy));
                        }
                        found.entry(sheet.name.clone()).or_insert_with(|| sheet.marks());
                    }
                    _ => {}
                }
                if in_cell == Some(depth) {
                    in_cell = None;
                }
                depth = depth.saturating_sub(1);
            }
            Event::Eof if depth == 0 => return Ok(found),
            Event::Eof => return Err(damaged(place, &"content.xml breaks off")),
            _ => {}
        }
    }
}

/// One sheet as its rows and cells go by; repeats are counted, not expanded.
#[derive(Debug, Default)]
struct Grid {
    name: String,
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
}

impl Grid {
    fn begin_row(&mut self, repeats: u64) {
        self.row_repeats = repeats.min(MOST_ROWS.saturating_sub(self.next_row));
        self.next_column = 0;
        self.row_is_filled = false;
    }

    fn cell(&mut self, element: &BytesStart<'_>) {
        let repeats = repeated(element, "table:number-columns-repeated").min(MOST_COLUMNS.saturating_sub(self.next_column));
        let holds = |key: &str| key.starts_with("office:") || key == "table:formula" || key == "calcext:value-type";
        let filled = element.attributes().with_checks(false).flatten().any(|attribute| holds(attribute.key.0));
        if filled && repeats > 0 {
            self.row_is_filled = true;
            self.last_column = self.last_column.max(self.next_column + repeats - 1);
            if let Some(mark) = mark(element) {
                self.marked.push(([self.next_row, self.row_repeats, self.next_column, repeats], mark));
            }
        }
        self.next_column += repeats;
        if filled {
            // The blanks before it are held as well.
            self.written = self.written.saturating_add(self.next_column);
        }
    }

    fn end_row(&mut self) {
        if self.row_is_filled && self.row_repeats > 0 {
            self.first_row.get_or_insert(self.next_row);
            self.last_row = self.next_row + self.row_repeats - 1;
        }
        self.next_row += self.row_repeats;
    }

    /// How many cells the smallest rectangle with all filled cells has, from column A.
    fn spread(&self) -> u64 {
        self.first_row.map_or(0, |first| (self.last_row - first + 1).saturating_mul(self.last_column + 1))
    }

    fn marks(&self) -> Marks {
        let index = |n: u64| u32::try_from(n).expect("held to the rows and columns of a worksheet");
        let cells = self.marked.iter().flat_map(|([row, rows, column, columns], mark)| {
            (*row..row + rows).flat_map(move |r| (*column..column + columns).map(move |c| ((index(r), index(c)), *mark)))
        });
        cells.collect()
    }
}

fn mark(element: &BytesStart<'_>) -> Option<Mark> {
    match attribute(element, "office:value-type").as_str() {
        _ if attribute(element, "calcext:value-type") == "error" => Some(Mark::Error),
        "percentage" => Some(Mark::Percent),
        "" if !attribute(element, "table:formula").is_empty() => Some(Mark::Uncached),
        _ => None,
    }
}

/// The value of an attribute; empty where it has none that can be read.
fn attribute(element: &BytesStart<'_>, name: &str) -> String {
    let found = element.attributes().with_checks(false).flatten().find(|attribute| attribute.key.0 == name);
    found.and_then(|found| found.normalized_value(XmlVersion::Explicit1_0).ok().map(Into::into)).unwrap_or_default()
}

fn repeated(element: &BytesStart<'_>, name: &str) -> u64 {
    let repeats = attribute(element, name);
    if repeats.is_empty() { 1 } else { repeats.parse().unwrap_or(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan_rows(rows: &str) -> Result<Looks, String> {
        let xml = format!("<office:spreadsheet><table:table table:name=\"A &amp; B\">{rows}</table:table></office:spreadsheet>");
        scan(xml.as_bytes(), "file.ods", 1000).map_err(|fault| fault.problem)
    }

    const FILLED: &str = "<table:table-cell office:value-type=\"float\" office:value=\"1\"/>";
    const PERCENT: &str =
        "<table:table-cell office:value-type=\"percentage\" office:value=\"0.1\"><text:p>10%</text:p></table:table-cell>";

    #[test]
    fn percent_cells_are_found_behind_repeated_rows_and_columns() {
        let rows = format!(
            "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>\
             <table:table-row><table:table-cell table:number-columns-repeated=\"2\"/>{PERCENT}{FILLED}{PERCENT}</table:table-row>"
        );
        let found = scan_rows(&rows).unwrap();
        assert_eq!(found["A & B"], BTreeMap::from([((3, 2), Mark::Percent), ((3, 4), Mark::Percent)]));
    }

    #[test]
    fn blank_repeats_to_the_edge_of_the_sheet_are_no_spread() {
        let rows = format!(
            "<table:table-row>{FILLED}<table:table-cell table:number-columns-repeated=\"16383\"/></table:table-row>\
             <table:table-row table:number-rows-repeated=\"1048575\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>"
        );
        assert!(scan_rows(&rows).is_ok());
    }

    #[test]
    fn what_would_be_expanded_without_end_is_refused() {
        let row = format!("<table:table-row>{FILLED}</table:table-row>");
        let wide = FILLED.replace("/>", " table:number-columns-repeated=\"16384\"/>");
        for rows in [
            format!("{row}<table:table-row table:number-rows-repeated=\"999999\"/>{row}"),
            format!("<table:table-row>{wide}</table:table-row>"),
            format!("<table:table-row table:number-rows-repeated=\"99999999999\">{FILLED}</table:table-row>"),
        ] {
            assert!(scan_rows(&rows).unwrap_err().contains("spreads over more than 1000 cells"), "{rows}");
        }
    }

    #[test]
    fn a_document_that_breaks_off_is_damaged() {
        for xml in ["<table:table table:name=\"A\"><table:table-row>", "<a><b></a>", "<a", "</a>"] {
            assert!(scan(xml.as_bytes(), "file.ods", 1000).is_err(), "{xml}");
        }
    }
}

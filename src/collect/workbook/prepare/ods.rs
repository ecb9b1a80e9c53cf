//! An .ods made ready: gone through once, cell by cell, and written anew with what a cell holds and nothing else.
//!
//! Calamine expands every repeated row and cell, waits for end tags that may never come, refuses white space between
//! cells, reads the copies of linked workbooks' sheets as the sender's, and does not tell a percentage from a number, an
//! error from a text or a nought, or a formula without a result from a blank. One pass settles all.

use super::cell_text::{Paragraphs, error_word, is_error};
use super::ods_grid::Grid;
use super::package::Package;
use super::xlsx::Written;
use super::xml::{self, Reader, escaped, prefixed, referred};
use super::{Mark, Marks, Most, Prepared, PreparedSheet, key_of};
use crate::collect::workbook::container::{damaged, encrypted};
use crate::fault::Fault;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Read, Write};

const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";
/// It names the parts of the file, in bytes; what encrypts them is said beside each.
const LONGEST_MANIFEST: u64 = 1024 * 1024;

/// # Errors
/// A password, XML that is not well formed, more sheets than are read, or sheets that spread over more cells than are
/// read.
pub(in crate::collect::workbook) fn prepare(package: &mut Package<'_>, most: Most) -> Result<Prepared<'static>, Fault> {
    let place = package.place();
    let mut manifest = Vec::new();
    if package.has("META-INF/manifest.xml") {
        let part = package.open("META-INF/manifest.xml")?;
        part.take(LONGEST_MANIFEST).read_to_end(&mut manifest).map_err(|e| damaged(place, &e))?;
    }
    if String::from_utf8_lossy(&manifest).contains("encryption-data") {
        return Err(encrypted(place));
    }
    let mut styles = Styles::default();
    if package.has("styles.xml") {
        styles.read(package.open("styles.xml")?).map_err(|e| damaged(place, &e))?;
    }
    let mut out = Written::new(place);
    out.add("mimetype", KIND)?;
    out.add("META-INF/manifest.xml", "<manifest:manifest/>")?;
    let sheets = rewrite(package.open("content.xml")?, styles, out.start("content.xml")?, most, place)?;
    Ok(Prepared { bytes: Cow::Owned(out.finish()?), sheets })
}

fn rewrite(
    content: impl BufRead,
    mut styles: Styles,
    to: &mut impl Write,
    most: Most,
    place: &str,
) -> Result<Vec<PreparedSheet>, Fault> {
    let mut reader = xml::reader(content);
    let mut sheets = Vec::new();
    let mut count = 0;
    let mut depth: u64 = 0;
    let mut buffer = Vec::new();
    let fault = |e: io::Error| damaged(place, &e);
    write!(to, "<office:spreadsheet>").map_err(fault)?;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|e| damaged(place, &e))? {
            Event::Start(element) => {
                depth += 1;
                match element.name().0 {
                    // What links brought, and what was there before it was changed.
                    "table:dde-links" | "table:tracked-changes" => {
                        depth -= 1;
                        xml::skip(&mut reader, &element).map_err(|e| damaged(place, &e))?;
                    }
                    "table:table" => {
                        depth -= 1;
                        count += 1;
                        let name = prefixed(&element, "table:name").unwrap_or_default();
                        if is_copy(&name, &element) || count > most.sheets {
                            xml::skip(&mut reader, &element).map_err(|e| damaged(place, &e))?;
                            continue;
                        }
                        let key = key_of(sheets.len());
                        write!(to, "<table:table table:name=\"{key}\">").map_err(fault)?;
                        let hidden = prefixed(&element, "table:style-name").is_some_and(|style| styles.hidden.contains(&style));
                        let marks = Table::new(&styles, to).read(&mut reader, &name, most.cells, place)?;
                        sheets.push(PreparedSheet { name, hidden, key, marks });
                        write!(to, "</table:table>").map_err(fault)?;
                    }
                    _ => styles.take(&element),
                }
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof if depth == 0 => break,
            Event::Eof => return Err(damaged(place, &"content.xml breaks off")),
            _ => {}
        }
    }
    most.hold_to_sheets(count, place)?;
    write!(to, "</office:spreadsheet>").map_err(fault)?;
    Ok(sheets)
}

/// True for what LibreOffice keeps of a linked workbook's sheet: it is called after the file that it is a copy of,
/// `'file:///C:/other.ods'#Sheet`, and no sheet that a person makes can begin with that sign.
fn is_copy(name: &str, element: &BytesStart<'_>) -> bool {
    name.is_empty()
        || name.starts_with('\'') && name.contains("'#")
        || prefixed(element, "table:style-name").as_deref() == Some("ta_extref")
}

/// What styles say that matters here.
#[derive(Debug, Default)]
struct Styles {
    /// Of sheets that are not to be seen.
    hidden: BTreeSet<String>,
    /// The format of each style of cells.
    formats: BTreeMap<String, String>,
    /// Formats of dates: whether a month, a day and hours are shown.
    dates: BTreeMap<String, [bool; 3]>,
    /// The style, and the format of dates, that are being read.
    style: String,
    date: String,
}

impl Styles {
    /// Those that sheets have in common have a part of their own.
    fn read(&mut self, part: impl BufRead) -> Result<(), quick_xml::Error> {
        let mut reader = xml::reader(part);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer)? {
                Event::Start(element) => self.take(&element),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn take(&mut self, element: &BytesStart<'_>) {
        let mut shows = |part: usize| {
            if let Some(shown) = self.dates.get_mut(&self.date) {
                shown[part] = true;
            }
        };
        match element.name().0 {
            "style:style" => {
                self.style = prefixed(element, "style:name").unwrap_or_default();
                if let Some(format) = prefixed(element, "style:data-style-name") {
                    self.formats.insert(self.style.clone(), format);
                }
            }
            "style:table-properties" if prefixed(element, "table:display").as_deref() == Some("false") => {
                self.hidden.insert(self.style.clone());
            }
            "number:date-style" => {
                self.date = prefixed(element, "style:name").unwrap_or_default();
                self.dates.insert(self.date.clone(), [false; 3]);
            }
            "number:month" => shows(0),
            "number:day" => shows(1),
            "number:hours" => shows(2),
            "number:number-style" | "number:percentage-style" | "number:time-style" => self.date.clear(),
            _ => {}
        }
    }

    fn shows_month(&self, style: &str) -> bool {
        self.formats.get(style).and_then(|format| self.dates.get(format)) == Some(&[true, false, false])
    }
}

/// A sheet that is being read.
struct Table<'a, W> {
    grid: Grid,
    styles: &'a Styles,
    to: &'a mut W,
    /// Up to which column which style is meant for cells without one.
    columns: Vec<(u64, String)>,
    row_style: Option<String>,
    /// False in rows past the last that there can be.
    has_room: bool,
}

impl<'a, W: Write> Table<'a, W> {
    fn new(styles: &'a Styles, to: &'a mut W) -> Self {
        Self { grid: Grid::default(), styles, to, columns: Vec::new(), row_style: None, has_room: true }
    }

    fn read(mut self, reader: &mut Reader<impl BufRead>, name: &str, max_cells: u64, place: &str) -> Result<Marks, Fault> {
        let fault = |e: io::Error| damaged(place, &e);
        let mut buffer = Vec::new();
        let mut in_row = false;
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer).map_err(|e| damaged(place, &e))? {
                Event::Start(element) => match element.name().0 {
                    "table:table-row" if !in_row => {
                        in_row = true;
                        self.row_style = prefixed(&element, "table:default-cell-style-name");
                        let repeats = self.grid.begin_row(repeated(&element, "table:number-rows-repeated"));
                        self.has_room = repeats > 0;
                        if self.has_room {
                            write!(self.to, "<table:table-row table:number-rows-repeated=\"{repeats}\">").map_err(fault)?;
                        }
                    }
                    "table:table-cell" | "table:covered-table-cell" if in_row => {
                        let cell = read_cell(reader, &element).map_err(|e| damaged(place, &e))?;
                        self.cell(&cell).map_err(fault)?;
                    }
                    "table:table-column" => {
                        let to = self
                            .columns
                            .last()
                            .map_or(0, |(to, _)| *to)
                            .saturating_add(repeated(&element, "table:number-columns-repeated"));
                        self.columns.push((to, prefixed(&element, "table:default-cell-style-name").unwrap_or_default()));
                    }
                    // Rows lie in the sheet or in groups of rows.
                    "table:table-row-group"
                    | "table:table-rows"
                    | "table:table-header-rows"
                    | "table:table-column-group"
                    | "table:table-columns"
                    | "table:table-header-columns" => {}
                    // Drawings, forms, names and what else is no cell.
                    _ => xml::skip(reader, &element).map_err(|e| damaged(place, &e))?,
                },
                Event::End(element) => match element.name().0 {
                    "table:table-row" => {
                        in_row = false;
                        self.grid.end_row();
                        if self.has_room {
                            write!(self.to, "</table:table-row>").map_err(fault)?;
                        }
                    }
                    "table:table" => break,
                    _ => {}
                },
                Event::Eof => return Err(damaged(place, &"content.xml breaks off")),
                _ => {}
            }
        }
        if self.grid.is_wider_than(max_cells) {
            let problem = format!("sheet {name} spreads over more than {max_cells} cells");
            return Err(Fault::new(place, problem, "take away what stands far from the tables, or raise returns.max_cells"));
        }
        Ok(self.grid.marks())
    }

    fn cell(&mut self, cell: &Cell) -> io::Result<()> {
        let style = cell.style.as_deref().or(self.row_style.as_deref()).or_else(|| {
            let column = self.grid.column();
            let after = self.columns.partition_point(|(to, _)| *to <= column);
            self.columns.get(after).map(|(_, style)| style.as_str())
        });
        let (content, mut mark) = cell.understood();
        if matches!(content, Content::Date(_)) && style.is_some_and(|style| self.styles.shows_month(style)) {
            mark = Some(Mark::Month);
        }
        let filled = mark.is_some() || !matches!(content, Content::Blank);
        let repeats = self.grid.cell(cell.repeats, filled, mark);
        if repeats == 0 || !self.has_room {
            return Ok(());
        }
        write!(self.to, "<table:table-cell table:number-columns-repeated=\"{repeats}\"")?;
        match content {
            Content::Blank => Ok(()),
            Content::Text(text) => write!(self.to, " office:string-value=\"{}\"", escaped(text)),
            Content::Number(number) => write!(self.to, " office:value=\"{number}\""),
            Content::Date(date) => write!(self.to, " office:date-value=\"{}\"", escaped(date)),
            Content::Time(time) => write!(self.to, " office:time-value=\"{}\"", escaped(time)),
            Content::Logical(logical) => write!(self.to, " office:boolean-value=\"{logical}\""),
        }?;
        write!(self.to, "/>")
    }
}

/// A cell as it is written.
#[derive(Debug, Default)]
struct Cell {
    repeats: u64,
    style: Option<String>,
    kind: String,
    is_error: bool,
    has_formula: bool,
    /// `office:value` and its kin.
    value: Option<String>,
    /// As it is shown; none where nothing says how.
    text: Option<String>,
}

enum Content<'a> {
    Blank,
    Text(&'a str),
    Number(f64),
    Date(&'a str),
    Time(&'a str),
    Logical(bool),
}

impl Cell {
    /// What it holds, and what is to be known of it beside that.
    fn understood(&self) -> (Content<'_>, Option<Mark>) {
        let is_text = matches!(self.kind.as_str(), "string" | "");
        let text = self.text.as_deref().unwrap_or_default();
        // Excel writes 0 for an error and shows its word; a person may type such a word as a text.
        if self.is_error || is_error(text) && (!is_text || self.has_formula) {
            let word = error_word(text);
            return (Content::Blank, Some(if word.is_empty() { Mark::Unreadable } else { Mark::Error(word) }));
        }
        let value = self.value.as_deref().map(str::trim);
        let unreadable = (Content::Blank, Some(Mark::Unreadable));
        match (self.kind.as_str(), value) {
            ("string", _) => (Content::Text(self.value.as_deref().unwrap_or(text)), None),
            ("float" | "currency" | "percentage", Some(value)) => {
                let Ok(number) = value.parse() else { return unreadable };
                let mark = (self.kind == "percentage" || is_percentage(number, text)).then_some(Mark::Percent);
                (Content::Number(number), mark)
            }
            ("date", Some(date)) => (Content::Date(date), None),
            ("time", Some(time)) => (Content::Time(time), None),
            ("boolean", Some(logical)) => match logical.to_ascii_lowercase().as_str() {
                "true" => (Content::Logical(true), None),
                "false" => (Content::Logical(false), None),
                _ => unreadable,
            },
            // A formula with an empty text as its result shows that.
            _ if self.has_formula && self.text.is_none() => (Content::Blank, Some(Mark::Uncached)),
            ("" | "void", _) if text.is_empty() && !self.has_formula => (Content::Blank, None),
            ("" | "void", _) => (Content::Text(text), None),
            _ => unreadable,
        }
    }
}

/// True where 0.118 is shown as 11.8%: some programs (SheetJS) call every number a float. A format may put the sign after
/// 11.8 as well, which is no percentage then.
fn is_percentage(number: f64, shown: &str) -> bool {
    let shown = shown.strip_suffix('%').and_then(|shown| shown.trim().parse::<f64>().ok());
    shown.is_some_and(|shown| (shown - number * 100.0).abs() < (shown - number).abs())
}

fn read_cell(reader: &mut Reader<impl BufRead>, element: &BytesStart<'_>) -> Result<Cell, quick_xml::Error> {
    let mut cell = Cell {
        repeats: repeated(element, "table:number-columns-repeated"),
        style: prefixed(element, "table:style-name"),
        kind: prefixed(element, "office:value-type").unwrap_or_default(),
        is_error: prefixed(element, "calcext:value-type").as_deref() == Some("error"),
        has_formula: prefixed(element, "table:formula").is_some_and(|formula| !formula.is_empty()),
        ..Cell::default()
    };
    let value = match cell.kind.as_str() {
        "string" => "office:string-value",
        "date" => "office:date-value",
        "time" => "office:time-value",
        "boolean" => "office:boolean-value",
        _ => "office:value",
    };
    cell.value = prefixed(element, value);
    let mut text = Paragraphs::default();
    let mut depth: u64 = 0;
    // Only what stands in a paragraph is text of the cell.
    let mut in_paragraph: Option<u64> = None;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(part) => match part.name().0 {
                // A comment, a drawing or a sheet within the cell.
                "office:annotation" | "table:table" | "text:ruby-text" => xml::skip(reader, &part)?,
                drawing if drawing.starts_with("draw:") => xml::skip(reader, &part)?,
                name => {
                    depth += 1;
                    match name {
                        "text:p" | "text:h" if in_paragraph.is_none() => {
                            in_paragraph = Some(depth);
                            text.begin();
                        }
                        "text:s" => {
                            let count = prefixed(&part, "text:c").and_then(|count| count.parse().ok()).unwrap_or(1);
                            (0..u16::min(count, MOST_SPACES)).for_each(|_| text.put(' '));
                        }
                        "text:tab" => text.put('\t'),
                        "text:line-break" => text.put('\n'),
                        _ => {}
                    }
                }
            },
            Event::Text(part) if in_paragraph.is_some() => text.text(&part.xml10_content()),
            Event::CData(part) if in_paragraph.is_some() => text.text(&part.xml10_content()),
            Event::GeneralRef(reference) if in_paragraph.is_some() => {
                let mut referenced = String::new();
                referred(&reference, &mut referenced);
                text.text(&referenced);
            }
            Event::End(_) if depth == 0 => {
                cell.text = text.take();
                return Ok(cell);
            }
            Event::End(_) => {
                if in_paragraph == Some(depth) {
                    in_paragraph = None;
                }
                depth -= 1;
            }
            Event::Eof => return Err(quick_xml::Error::Io(io::Error::from(io::ErrorKind::UnexpectedEof).into())),
            _ => {}
        }
    }
}

/// Nobody types more in a row.
const MOST_SPACES: u16 = 1000;

fn repeated(element: &BytesStart<'_>, name: &str) -> u64 {
    prefixed(element, name).and_then(|repeats| repeats.trim().parse().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(sheets: &str) -> Result<(Vec<PreparedSheet>, String), String> {
        let xml = format!("<office:spreadsheet>{sheets}</office:spreadsheet>");
        let mut written = Vec::new();
        let most = Most { sheets: 10, cells: 1000 };
        let sheets = rewrite(xml.as_bytes(), Styles::default(), &mut written, most, "file.ods").map_err(|fault| fault.problem)?;
        Ok((sheets, String::from_utf8(written).unwrap()))
    }

    fn of_rows(rows: &str) -> Result<(Vec<PreparedSheet>, String), String> {
        rewritten(&format!("<table:table table:name=\"A &amp; B\">{rows}</table:table>"))
    }

    const FILLED: &str = "<table:table-cell office:value-type=\"float\" office:value=\"1\"/>";
    const PERCENT: &str =
        "<table:table-cell office:value-type=\"percentage\" office:value=\"0.1\"><text:p>10%</text:p></table:table-cell>";

    fn marks(rows: &str) -> Marks {
        of_rows(rows).unwrap().0.remove(0).marks
    }

    #[test]
    fn percent_cells_are_found_behind_repeated_rows_and_columns() {
        let rows = format!(
            "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>\n\
             <table:table-row> <table:table-cell table:number-columns-repeated=\"2\"/>{PERCENT}<!-- -->{FILLED}\n{PERCENT}</table:table-row>"
        );
        assert_eq!(of_rows(&rows).unwrap().0[0].name, "A & B");
        assert_eq!(marks(&rows), Marks::from([((3, 2), Mark::Percent), ((3, 4), Mark::Percent)]));
    }

    #[test]
    fn a_number_shown_with_a_percent_sign_is_a_percentage_where_it_was_multiplied_for_it() {
        for (number, shown, mark) in [
            ("0.118", "11.8%", Some(Mark::Percent)),
            ("0.1179", "11.8 %", Some(Mark::Percent)),
            ("11.8", "11.8%", None),
            ("0", "0%", None),
            ("0.118", "0.1", None),
        ] {
            let cell = format!(
                "<table:table-cell office:value-type=\"float\" office:value=\"{number}\"><text:p>{shown}</text:p></table:table-cell>"
            );
            assert_eq!(marks(&format!("<table:table-row>{cell}</table:table-row>")).remove(&(0, 0)), mark, "{number} as {shown}");
        }
    }

    #[test]
    fn an_error_is_one_whatever_number_is_written_behind_it() {
        let error = |attributes: &str, text: &str| {
            let cell = format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>");
            marks(&format!("<table:table-row>{cell}</table:table-row>")).remove(&(0, 0))
        };
        let nought = "office:value-type=\"float\" office:value=\"0\"";
        for (attributes, text) in [
            (nought, "#DIV/0!"),
            ("office:value-type=\"percentage\" office:value=\"0\" table:formula=\"of:=0/0\"", "#REF!"),
            ("office:value-type=\"date\" office:date-value=\"1899-12-30\"", "#N/A"),
            ("office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"", "Err:502"),
            ("office:value-type=\"string\" table:formula=\"of:=NV()\"", "#NV"),
            (nought, "#WERT!"),
        ] {
            assert_eq!(error(attributes, text), Some(Mark::Error(text.to_owned())), "{attributes} {text}");
        }
        assert_eq!(error("table:formula=\"of:=1+1\"", ""), None, "an empty text is a result");
        assert_eq!(error(nought, "0"), None);
        assert_eq!(error(nought, "###"), None, "a column that is too narrow");
        assert_eq!(error("office:value-type=\"string\"", "#NV"), None, "typed as a text");
        assert_eq!(error("office:value-type=\"float\" office:value=\"1,5\"", "1,5"), Some(Mark::Unreadable));
    }

    #[test]
    fn a_cell_is_its_paragraphs_without_comments_and_drawings() {
        let cell = "<table:table-cell office:value-type=\"string\">\n\
            <office:annotation><text:p>a comment</text:p></office:annotation>\n\
            <draw:frame><draw:text-box><text:p>a box</text:p></draw:text-box></draw:frame>\n\
            <text:p>a<text:s text:c=\"2\"/>b<text:tab/>c<text:line-break/>d &amp; <text:span>e</text:span></text:p>\n<text:p>f</text:p></table:table-cell>";
        let (_, written) = of_rows(&format!("<table:table-row>{cell}</table:table-row>")).unwrap();
        assert!(written.contains("office:string-value=\"a  b&#9;c&#10;d &amp; e&#10;f\""), "{written}");
    }

    #[test]
    fn sheets_of_other_workbooks_are_not_the_senders() {
        let row = format!("<table:table-row>{FILLED}</table:table-row>");
        let (sheets, written) = rewritten(&format!(
            "<table:dde-links><table:dde-link><table:table>{row}</table:table></table:dde-link></table:dde-links>\
             <table:table table:name=\"'file:///S:/other.ods'#Dashboard\">{row}</table:table>\
             <table:table table:name=\"http\" table:style-name=\"ta_extref\">{row}</table:table>\
             <table:table table:name=\"Dashboard\">{row}</table:table>"
        ))
        .unwrap();
        assert_eq!(sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), ["Dashboard"]);
        assert_eq!(written.matches("office:value").count(), 1);
    }

    #[test]
    fn a_date_is_shown_as_a_month_by_its_cell_its_row_or_its_column() {
        let styles = "<number:date-style style:name=\"N1\"><number:month/><number:year/></number:date-style>\
            <number:date-style style:name=\"N2\"><number:day/><number:month/></number:date-style>\
            <style:style style:name=\"ce1\" style:data-style-name=\"N1\"/><style:style style:name=\"ce2\" style:data-style-name=\"N2\"/>";
        let date =
            |style: &str| format!("<table:table-cell {style} office:value-type=\"date\" office:date-value=\"2026-07-01\"/>");
        let (ce1, ce2) = (date("table:style-name=\"ce1\""), date("table:style-name=\"ce2\""));
        let none = date("");
        let xml = format!(
            "<document>{styles}<office:spreadsheet><table:table table:name=\"A\">\
             <table:table-column table:number-columns-repeated=\"2\" table:default-cell-style-name=\"ce2\"/>\
             <table:table-column table:default-cell-style-name=\"ce1\"/>\
             <table:table-row>{ce1}{ce2}{none}</table:table-row>\
             <table:table-row table:default-cell-style-name=\"ce1\">{ce2}{none}</table:table-row>\
             </table:table></office:spreadsheet></document>"
        );
        let sheets =
            rewrite(xml.as_bytes(), Styles::default(), &mut Vec::new(), Most { sheets: 1, cells: 100 }, "file.ods").unwrap();
        let at: Vec<_> = sheets[0].marks.iter().map(|(at, mark)| (*at, mark.clone())).collect();
        assert_eq!(at, [((0, 0), Mark::Month), ((0, 2), Mark::Month), ((1, 1), Mark::Month)]);
    }

    #[test]
    fn blank_repeats_to_the_edge_of_the_sheet_are_no_spread() {
        let rows = format!(
            "<table:table-row>{FILLED}<table:table-cell table:number-columns-repeated=\"16383\"/></table:table-row>\
             <table:table-row table:number-rows-repeated=\"1048575\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>"
        );
        assert!(of_rows(&rows).is_ok());
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
            assert!(of_rows(&rows).unwrap_err().contains("spreads over more than 1000 cells"), "{rows}");
        }
    }

    #[test]
    fn a_document_that_breaks_off_is_damaged() {
        for xml in ["<table:table table:name=\"A\"><table:table-row>", "<a><b></a>", "<a", "</a>"] {
            assert!(
                rewrite(xml.as_bytes(), Styles::default(), &mut Vec::new(), Most { sheets: 1, cells: 1000 }, "file.ods").is_err(),
                "{xml}"
            );
        }
    }
}

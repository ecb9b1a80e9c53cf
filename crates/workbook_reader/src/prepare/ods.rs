//! An .ods made ready: gone through once, cell by cell, and written anew with what a cell holds and nothing else.
//!
//! Calamine expands every repeated row and cell, waits for end tags that may never come, refuses white space between
//! cells, reads the copies of linked workbooks' sheets as the sender's, and does not tell a percentage from a number, an
//! error from a text or a nought, or a formula without a result from a blank. One pass settles all.

use super::ods_sheet::Table;
use super::ods_styles::Styles;
use super::package::Package;
use super::prepared::{Most, Prepared, PreparedSheet, key_of};
use super::xlsx::Written;
use super::xml::{self, prefixed};
use crate::problem::{Problem, damaged, encrypted};
use crate::sheet::Beside;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::io::{self, BufRead, Read, Write};

const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";
/// It names the parts of the file, in bytes; what encrypts them is said beside each.
const LONGEST_MANIFEST: u64 = 1024 * 1024;

/// # Errors
/// A password, XML that is not well formed, more sheets than are read, or sheets that spread over more cells than are
/// read.
pub(crate) fn prepare(package: &mut Package<'_>, most: Most) -> Result<Prepared<'static>, Problem> {
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
    let mut margins = None;
    if package.has("styles.xml") {
        styles.read(package.open("styles.xml")?).map_err(|e| damaged(place, &e))?;
        margins = headers_and_footers(package.open("styles.xml")?);
    }
    let mut out = Written::new(place);
    out.add("mimetype", KIND)?;
    out.add("META-INF/manifest.xml", "<manifest:manifest/>")?;
    let mut sheets = rewrite(package.open("content.xml")?, styles, out.start("content.xml")?, most, place)?;
    if let Some(first) = sheets.first_mut() {
        first.beside.extend(margins);
        for object in package.objects() {
            first.beside.extend(texts_of_object(package.open(&object)?));
        }
    }
    Ok(Prepared { bytes: Cow::Owned(out.finish()?), sheets })
}

/// What a chart or another document within the workbook shows.
fn texts_of_object(content: impl BufRead) -> Option<Beside> {
    let mut reader = xml::reader(content);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element) => return Beside::named("chart", None, xml::paragraphs(&mut reader, &element).ok()?),
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// A part that makes no sense here costs nobody a return.
fn headers_and_footers(styles: impl BufRead) -> Option<Beside> {
    let mut reader = xml::reader(styles);
    let mut text = String::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element)
                if element.name().0.starts_with("style:header") || element.name().0.starts_with("style:footer") =>
            {
                text.push_str(&xml::paragraphs(&mut reader, &element).ok()?);
            }
            Event::Eof => return Beside::named("header or footer", None, text),
            _ => {}
        }
    }
}

fn rewrite(
    content: impl BufRead,
    mut styles: Styles,
    to: &mut impl Write,
    most: Most,
    place: &str,
) -> Result<Vec<PreparedSheet>, Problem> {
    let mut reader = xml::reader(content);
    let mut sheets: Vec<PreparedSheet> = Vec::new();
    // What stands beside all sheets.
    let mut beside = Vec::new();
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
                        let text = xml::paragraphs(&mut reader, &element).map_err(|e| damaged(place, &e))?;
                        beside.extend(Beside::named("data of a link or an earlier version", None, text));
                    }
                    "table:content-validation" => {
                        let condition = prefixed(&element, "table:condition").unwrap_or_default();
                        let list = condition.split_once("is-in-list(").map_or("", |(_, list)| list);
                        let choices = list.replace(['"', ')'], "").replace(';', "\n");
                        beside.extend(Beside::named("list to choose from", None, choices));
                    }
                    "table:table" => {
                        depth -= 1;
                        count += 1;
                        let name = prefixed(&element, "table:name").unwrap_or_default();
                        if is_copy(&name, &element) || count > most.sheets {
                            let text = xml::paragraphs(&mut reader, &element).map_err(|e| damaged(place, &e))?;
                            beside.extend(Beside::named("data of a linked workbook", None, text));
                            continue;
                        }
                        let key = key_of(sheets.len());
                        write!(to, "<table:table table:name=\"{key}\">").map_err(fault)?;
                        let hidden = prefixed(&element, "table:style-name").is_some_and(|style| styles.hidden.contains(&style));
                        let (marks, beside) = Table::new(&styles, to).read(&mut reader, &name, most.cells, place)?;
                        sheets.push(PreparedSheet { name, hidden, key, marks, beside });
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
    if let Some(first) = sheets.first_mut() {
        first.beside.extend(beside);
    }
    Ok(sheets)
}

/// True for what LibreOffice keeps of a linked workbook's sheet: it is called after the file that it is a copy of,
/// `'file:///C:/other.ods'#Sheet`, and no sheet that a person makes can begin with that sign.
fn is_copy(name: &str, element: &BytesStart<'_>) -> bool {
    name.is_empty()
        || name.starts_with('\'') && name.contains("'#")
        || prefixed(element, "table:style-name").as_deref() == Some("ta_extref")
}

#[cfg(test)]
mod tests {
    use super::super::{Mark, Marks};
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
    fn percent_cells_are_found_behind_repeats() {
        let rows = format!(
            "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>\n\
             <table:table-row> <table:table-cell table:number-columns-repeated=\"2\"/>{PERCENT}<!-- -->{FILLED}\n{PERCENT}</table:table-row>"
        );
        assert_eq!(of_rows(&rows).unwrap().0[0].name, "A & B");
        assert_eq!(marks(&rows), Marks::from([((3, 2), Mark::Percent), ((3, 4), Mark::Percent)]));
    }

    #[test]
    fn multiplied_numbers_shown_in_percent_are_percentages() {
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
    fn an_error_overrides_its_stored_number() {
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
    fn cell_text_excludes_comments_and_drawings() {
        let cell = "<table:table-cell office:value-type=\"string\">\n\
            <office:annotation><text:p>a comment</text:p></office:annotation>\n\
            <draw:frame><draw:text-box><text:p>a box</text:p></draw:text-box></draw:frame>\n\
            <text:p>a<text:s text:c=\"2\"/>b<text:tab/>c<text:line-break/>d &amp; <text:span>e</text:span></text:p>\n<text:p>f</text:p></table:table-cell>";
        let (_, written) = of_rows(&format!("<table:table-row>{cell}</table:table-row>")).unwrap();
        assert!(written.contains("office:string-value=\"a  b&#9;c&#10;d &amp; e&#10;f\""), "{written}");
    }

    #[test]
    fn what_stands_beside_the_cells_is_looked_at() {
        let comment = "<office:annotation><dc:creator>A Writer</dc:creator><text:p>one</text:p><text:p>two &amp; three</text:p></office:annotation>";
        let rows = format!(
            "<table:shapes><draw:frame><draw:text-box><text:p>a box</text:p></draw:text-box></draw:frame></table:shapes>\
             <table:table-row><table:table-cell table:number-columns-repeated=\"2\"/><table:table-cell>{comment}<text:p>4</text:p></table:table-cell></table:table-row>"
        );
        let copied = "<table:table-row><table:table-cell><text:p>Member number</text:p></table:table-cell><table:table-cell><text:p>Born</text:p></table:table-cell></table:table-row>";
        let (sheets, _) = rewritten(&format!(
            "<table:content-validation table:condition=\"of:cell-content-is-in-list(&quot;Yes&quot;;&quot;No&quot;)\"/>\
             <table:table table:name=\"A\">{rows}</table:table><table:table table:name=\"'file:///S:/other.ods'#D\">{copied}</table:table>"
        ))
        .unwrap();
        let found: Vec<String> = sheets[0].beside.iter().map(|one| format!("{}: {}", one.place("A"), one.text.trim())).collect();
        assert_eq!(
            found,
            [
                "text box on sheet A: a box",
                "comment on A!C1: one\ntwo & three",
                "list to choose from on sheet A: Yes\nNo",
                "data of a linked workbook on sheet A: Member number \tBorn"
            ]
        );
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
    fn months_come_from_cell_row_or_column() {
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
    fn blank_repeats_do_not_enlarge_the_sheet() {
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

//! The annex as an OpenDocument spreadsheet, version 1.3.

use super::front::Imprint;
use super::ods_styles::{self, MOST_PLACES, column_style, row_style};
use super::sheet::{ABOVE, Sheet};
use super::sheet_cell::SheetCell;
use super::table::AnnexCell;
use super::tables::AnnexTables;
use super::xml::Xml;
use crate::fault::Fault;
use crate::value::format_number;
use std::io::{self, Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";
const NAMESPACES: [(&str, &str); 11] = [
    ("xmlns:office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
    ("xmlns:table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
    ("xmlns:text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
    ("xmlns:style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"),
    ("xmlns:number", "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"),
    ("xmlns:fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"),
    ("xmlns:svg", "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"),
    ("xmlns:meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"),
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:xlink", "http://www.w3.org/1999/xlink"),
    ("office:version", "1.3"),
];
const MANIFEST: [(&str, &str); 2] =
    [("xmlns:manifest", "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"), ("manifest:version", "1.3")];

impl AnnexTables {
    /// One OpenDocument spreadsheet, with the sheets of [`AnnexTables::to_xlsx`]. The same tables and imprint give the same bytes.
    ///
    /// # Errors
    /// None that figures can bring about.
    pub fn to_ods(&self, imprint: Imprint<'_>) -> Result<Vec<u8>, Fault> {
        let front = self.front(imprint);
        let sheets = self.sheets(&front);
        let parts = [
            ("content.xml", document("office:document-content", |xml| content(xml, &sheets))),
            ("styles.xml", document("office:document-styles", |xml| ods_styles::of_pages(xml, &sheets))),
            ("meta.xml", document("office:document-meta", |xml| self.meta(xml, imprint.publisher))),
            ("META-INF/manifest.xml", manifest()),
        ];
        packed(&parts).map_err(|e| Fault::new("data annex", e.to_string(), ""))
    }

    fn meta(&self, xml: &mut Xml, publisher: &str) {
        let day = format!("{}T00:00:00", self.as_at);
        xml.open("office:meta", &[]);
        xml.said("meta:generator", &[], "boardpack");
        xml.said("dc:title", &[], &self.title);
        xml.said("dc:subject", &[], super::SUBJECT);
        xml.said("meta:initial-creator", &[], publisher);
        xml.said("dc:creator", &[], publisher);
        xml.said("dc:language", &[], super::LANGUAGE);
        xml.said("meta:creation-date", &[], &day);
        xml.said("dc:date", &[], &day);
        xml.close("office:meta");
    }
}

/// The parts behind the kind of file, which stands first and is not compressed, so that programs know it by its first bytes.
fn packed(parts: &[(&str, Vec<u8>)]) -> io::Result<Vec<u8>> {
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("mimetype", options.compression_method(CompressionMethod::Stored))?;
    archive.write_all(KIND.as_bytes())?;
    for (name, bytes) in parts {
        archive.start_file(*name, options.compression_method(CompressionMethod::Deflated))?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn document(kind: &str, inside: impl FnOnce(&mut Xml)) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open(kind, &NAMESPACES);
    inside(&mut xml);
    xml.close(kind);
    xml.into_bytes()
}

fn manifest() -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("manifest:manifest", &MANIFEST);
    let files = ["content.xml", "styles.xml", "meta.xml"].map(|part| (part, "text/xml"));
    for (path, kind) in [("/", KIND)].into_iter().chain(files) {
        xml.empty("manifest:file-entry", &[("manifest:full-path", path), ("manifest:media-type", kind)]);
    }
    xml.close("manifest:manifest");
    xml.into_bytes()
}

fn content(xml: &mut Xml, sheets: &[Sheet<'_>]) {
    ods_styles::of_cells(xml, sheets);
    xml.open("office:body", &[]);
    xml.open("office:spreadsheet", &[]);
    for of in sheets {
        sheet(xml, of);
    }
    xml.open("table:database-ranges", &[]);
    for of in sheets {
        let (first, last) = (ABOVE + 1, ABOVE + 1 + of.rows.len());
        let right = letters(of.columns.len().saturating_sub(1));
        let range = format!("'{0}'.A{first}:'{0}'.{right}{last}", of.name);
        let attributes = [
            ("table:name", of.table_name()),
            ("table:target-range-address", range),
            ("table:contains-header", "true".to_owned()),
            ("table:display-filter-buttons", "false".to_owned()),
        ];
        xml.empty("table:database-range", &attributes.each_ref().map(|(name, value)| (*name, value.as_str())));
    }
    xml.close("table:database-ranges");
    xml.close("office:spreadsheet");
    xml.close("office:body");
}

fn sheet(xml: &mut Xml, sheet: &Sheet<'_>) {
    xml.open("table:table", &[("table:name", sheet.name), ("table:style-name", &sheet.table_name())]);
    xml.said("table:title", &[], &sheet.above[0]);
    xml.said("table:desc", &[], sheet.what);
    for column in &sheet.columns {
        xml.empty("table:table-column", &[("table:style-name", &column_style(column.width))]);
    }
    for (line, style) in sheet.above.iter().zip(["title", "line", "line"]) {
        xml.open("table:table-row", &[("table:style-name", if style == "title" { "title_row" } else { "row1" })]);
        words(xml, line, style);
        xml.close("table:table-row");
    }
    xml.open("table:table-header-rows", &[]);
    open_row(xml, sheet.heading_lines);
    sheet.columns.iter().for_each(|column| words(xml, &column.heading, "head"));
    xml.close("table:table-row");
    xml.close("table:table-header-rows");
    for (row, lines) in sheet.rows.iter().zip(&sheet.lines) {
        open_row(xml, *lines);
        for (column, of) in row.iter().enumerate() {
            match of {
                SheetCell::Words(name) if sheet.leads && column == 0 => link(xml, name),
                of => cell(xml, of),
            }
        }
        xml.close("table:table-row");
    }
    xml.close("table:table");
}

fn open_row(xml: &mut Xml, lines: usize) {
    xml.open("table:table-row", &[("table:style-name", &row_style(lines))]);
}

fn link(xml: &mut Xml, name: &str) {
    xml.open("table:table-cell", &[("table:style-name", "link"), ("office:value-type", "string")]);
    xml.open("text:p", &[]);
    xml.said("text:a", &[("xlink:type", "simple"), ("xlink:href", &format!("#'{name}'.A1"))], name);
    xml.close("text:p");
    xml.close("table:table-cell");
}

fn words(xml: &mut Xml, words: &str, style: &str) {
    xml.open("table:table-cell", &[("table:style-name", style), ("office:value-type", "string")]);
    for line in words.lines() {
        xml.open("text:p", &[]);
        spaced(xml, line);
        xml.close("text:p");
    }
    xml.close("table:table-cell");
}

fn cell(xml: &mut Xml, of: &SheetCell<'_>) {
    let of = match of {
        SheetCell::Words(said) => return words(xml, said, "words"),
        SheetCell::Mark(mark) => return words(xml, mark, "mark"),
        SheetCell::Other(of) => of,
    };
    let (style, kind, attribute, value, shown) = match of {
        AnnexCell::Number(value, places) => {
            let style = format!("number{}", (*places).min(MOST_PLACES));
            (style, "float", "office:value", value.to_string(), format_number(*value, (*places).min(MOST_PLACES)))
        }
        AnnexCell::Date(date) => ("date".to_owned(), "date", "office:date-value", date.to_string(), date.to_string()),
        AnnexCell::Moment(moment) => {
            let at = moment.strftime("%Y-%m-%dT%H:%M:%S").to_string();
            let shown = at.replace('T', " ");
            ("moment".to_owned(), "date", "office:date-value", at, shown)
        }
        other => return words(xml, other.shown_as().unwrap_or_default(), "mark"),
    };
    xml.open("table:table-cell", &[("table:style-name", &style), ("office:value-type", kind), (attribute, &value)]);
    xml.said("text:p", &[], &shown);
    xml.close("table:table-cell");
}

/// Spaces that readers of the file would take for one are counted, and tabs are elements.
fn spaced(xml: &mut Xml, line: &str) {
    for (index, part) in line.split('\t').enumerate() {
        if index > 0 {
            xml.empty("text:tab", &[]);
        }
        let mut rest = part;
        while !rest.is_empty() {
            let spaces = rest.len() - rest.trim_start_matches(' ').len();
            if spaces > 0 {
                xml.empty("text:s", &[("text:c", &spaces.to_string())]);
                rest = &rest[spaces..];
            }
            // Up to where two spaces follow each other, or one is the last.
            let end = rest.find("  ").unwrap_or(rest.trim_end_matches(' ').len());
            if end > 0 {
                xml.text(&rest[..end]);
                rest = &rest[end..];
            }
        }
    }
}

/// `A`, `Z`, `AA`: the name of a column by its place.
fn letters(index: usize) -> String {
    let last = char::from(b'A' + u8::try_from(index % 26).unwrap_or_default());
    if index < 26 { last.to_string() } else { letters(index / 26 - 1) + &last.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_do() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn spaces_survive() {
        let written = |line: &str| {
            let mut xml = Xml::new();
            spaced(&mut xml, line);
            String::from_utf8(xml.into_bytes()).unwrap().split_once("?>").unwrap().1.to_owned()
        };
        assert_eq!(written("a & b"), "a &amp; b");
        assert_eq!(written("  a   b "), "<text:s text:c=\"2\"/>a<text:s text:c=\"3\"/>b<text:s text:c=\"1\"/>");
        assert_eq!(written("a\tb"), "a<text:tab/>b");
        assert_eq!(written(" "), "<text:s text:c=\"1\"/>");
    }
}

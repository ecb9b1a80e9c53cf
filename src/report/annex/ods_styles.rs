//! How cells look and pages are printed in an OpenDocument spreadsheet: as in the Excel workbook.

use super::sheet::Sheet;
use super::widths::{TITLE_HEIGHT, row_height};
use super::xml::Xml;
use std::collections::BTreeSet;

/// Decimal places that a number is shown with at most.
pub(super) const MOST_PLACES: u8 = 8;

const TOP: (&str, &str) = ("style:vertical-align", "top");
const WRAPPED: (&str, &str) = ("fo:wrap-option", "wrap");
const BOLD: (&str, &str) = ("fo:font-weight", "bold");

type Attributes<'a> = &'a [(&'a str, &'a str)];

/// The name of the style of columns that are so many characters wide.
pub(super) fn column_style(width: usize) -> String {
    format!("wide{width}")
}

/// The name of the style of rows of so many lines.
pub(super) fn row_style(lines: usize) -> String {
    format!("row{lines}")
}

/// The styles of cells, columns, rows and tables.
pub(super) fn of_cells(xml: &mut Xml, sheets: &[Sheet<'_>]) {
    fonts(xml);
    xml.open("office:automatic-styles", &[]);
    let places: Vec<String> = (0..=MOST_PLACES).map(|places| places.to_string()).collect();
    for places in &places {
        xml.open("number:number-style", &[("style:name", &format!("N{places}"))]);
        let attributes = [
            ("number:decimal-places", places.as_str()),
            ("number:min-decimal-places", places),
            ("number:min-integer-digits", "1"),
            ("number:grouping", "true"),
        ];
        xml.empty("number:number", &attributes);
        xml.close("number:number-style");
    }
    day(xml, "ND", false);
    day(xml, "NM", true);
    let indented = [("fo:text-align", "start"), ("fo:margin-left", "2.4mm")];
    cell(xml, ("words", ""), &[TOP, WRAPPED], &indented, &[]);
    cell(xml, ("mark", ""), &[TOP], &[("fo:text-align", "end")], &[]);
    cell(xml, ("line", ""), &[TOP], &[], &[]);
    cell(xml, ("title", ""), &[TOP], &[], &[("fo:font-size", "14pt"), BOLD]);
    let underlined = [("fo:color", "#0000ff"), ("style:text-underline-style", "solid")];
    cell(xml, ("link", ""), &[TOP], &indented, &underlined);
    let head = [("style:vertical-align", "bottom"), WRAPPED, ("fo:border-bottom", "0.75pt solid #000000")];
    cell(xml, ("head", ""), &head, &indented, &[BOLD]);
    cell(xml, ("date", "ND"), &[TOP], &[], &[]);
    cell(xml, ("moment", "NM"), &[TOP], &[], &[]);
    for places in &places {
        cell(xml, (&format!("number{places}"), &format!("N{places}")), &[TOP], &[], &[]);
    }
    let widths: BTreeSet<usize> = sheets.iter().flat_map(|sheet| &sheet.columns).map(|column| column.width).collect();
    for width in widths {
        xml.open("style:style", &[("style:name", &column_style(width)), ("style:family", "table-column")]);
        xml.empty("style:table-column-properties", &[("style:column-width", &in_millimetres(width))]);
        xml.close("style:style");
    }
    row(xml, "title_row", TITLE_HEIGHT);
    let all = sheets.iter().flat_map(|sheet| sheet.lines.iter().copied().chain([sheet.heading_lines]));
    for lines in all.chain([1]).collect::<BTreeSet<usize>>() {
        row(xml, &row_style(lines), row_height(lines));
    }
    for sheet in sheets {
        let name = sheet.table_name();
        let attributes =
            [("style:name", name.as_str()), ("style:family", "table"), ("style:master-page-name", &format!("Page_{name}"))];
        xml.open("style:style", &attributes);
        xml.empty("style:table-properties", &[("table:display", "true")]);
        xml.close("style:style");
    }
    xml.close("office:automatic-styles");
}

fn row(xml: &mut Xml, name: &str, points: f64) {
    xml.open("style:style", &[("style:name", name), ("style:family", "table-row")]);
    let height = format!("{points}pt");
    let properties = [("style:row-height", height.as_str()), ("style:use-optimal-row-height", "false")];
    xml.empty("style:table-row-properties", &properties);
    xml.close("style:style");
}

/// As wide as Excel makes a column of one character more: 7 points of the screen each and 5 beside them, of which an inch has 96.
fn in_millimetres(characters: usize) -> String {
    let hundredths = ((characters + 1) * 7 + 5) * 2540 / 96;
    format!("{}.{:02}mm", hundredths / 100, hundredths % 100)
}

fn fonts(xml: &mut Xml) {
    xml.open("office:font-face-decls", &[]);
    let (font, _) = super::FONT;
    xml.empty("style:font-face", &[("style:name", font), ("svg:font-family", font), ("style:font-family-generic", "swiss")]);
    xml.close("office:font-face-decls");
}

/// `2026-11-20`, with its time where that is known.
fn day(xml: &mut Xml, name: &str, with_time: bool) {
    let long = [("number:style", "long")];
    let date = [("", "number:year"), ("-", "number:month"), ("-", "number:day")];
    let time = [(" ", "number:hours"), (":", "number:minutes"), (":", "number:seconds")];
    xml.open("number:date-style", &[("style:name", name)]);
    for (before, part) in date.into_iter().chain(time.into_iter().filter(|_| with_time)) {
        if !before.is_empty() {
            xml.said("number:text", &[], before);
        }
        xml.empty(part, &long);
    }
    xml.close("number:date-style");
}

/// A style of cells, with the style of its numbers where it has one.
fn cell(xml: &mut Xml, (name, numbers): (&str, &str), cell: Attributes<'_>, paragraph: Attributes<'_>, text: Attributes<'_>) {
    let mut attributes = vec![("style:name", name), ("style:family", "table-cell"), ("style:parent-style-name", "Default")];
    attributes.extend((!numbers.is_empty()).then_some(("style:data-style-name", numbers)));
    xml.open("style:style", &attributes);
    let kinds = ["style:table-cell-properties", "style:paragraph-properties", "style:text-properties"];
    for (kind, of) in kinds.into_iter().zip([cell, paragraph, text]).filter(|(_, of)| !of.is_empty()) {
        xml.empty(kind, of);
    }
    xml.close("style:style");
}

/// The language, and how the pages of each sheet are laid out.
pub(super) fn of_pages(xml: &mut Xml, sheets: &[Sheet<'_>]) {
    fonts(xml);
    xml.open("office:styles", &[]);
    xml.open("style:default-style", &[("style:family", "table-cell")]);
    let (font, size) = super::FONT;
    let size = format!("{size}pt");
    let text = [("style:font-name", font), ("fo:font-size", size.as_str()), ("fo:language", "en"), ("fo:country", "GB")];
    xml.empty("style:text-properties", &text);
    xml.close("style:default-style");
    xml.empty("style:style", &[("style:name", "Default"), ("style:family", "table-cell")]);
    xml.close("office:styles");
    xml.open("office:automatic-styles", &[]);
    page_layout(xml);
    xml.close("office:automatic-styles");
    xml.open("office:master-styles", &[]);
    for sheet in sheets {
        let name = format!("Page_{}", sheet.table_name());
        xml.open("style:master-page", &[("style:name", &name), ("style:page-layout-name", "page")]);
        xml.empty("style:header", &[("style:display", "false")]);
        xml.open("style:footer", &[]);
        xml.open("style:region-left", &[]);
        xml.said("text:p", &[], sheet.name);
        xml.close("style:region-left");
        xml.open("style:region-right", &[]);
        xml.open("text:p", &[]);
        xml.text("Page ");
        xml.said("text:page-number", &[], "1");
        xml.text(" of ");
        xml.said("text:page-count", &[], "1");
        xml.close("text:p");
        xml.close("style:region-right");
        xml.close("style:footer");
        xml.close("style:master-page");
    }
    xml.close("office:master-styles");
}

/// A4 on its side, as many pages long as it takes and one wide.
fn page_layout(xml: &mut Xml) {
    xml.open("style:page-layout", &[("style:name", "page")]);
    let page = [
        ("fo:page-width", "297mm"),
        ("fo:page-height", "210mm"),
        ("style:print-orientation", "landscape"),
        ("fo:margin-left", "10.16mm"),
        ("fo:margin-right", "10.16mm"),
        ("fo:margin-top", "12.7mm"),
        ("fo:margin-bottom", "6.35mm"),
        ("style:print-page-order", "ttb"),
        ("style:scale-to-X", "1"),
        ("style:scale-to-Y", "0"),
    ];
    xml.empty("style:page-layout-properties", &page);
    xml.empty("style:header-style", &[]);
    xml.open("style:footer-style", &[]);
    xml.empty("style:header-footer-properties", &[("svg:height", "6.35mm"), ("fo:margin-top", "1mm")]);
    xml.close("style:footer-style");
    xml.close("style:page-layout");
}

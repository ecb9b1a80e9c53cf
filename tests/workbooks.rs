//! Workbooks of any kind, as sheets of cells.

use boardpack::collect::workbook::{Cell, Content, Sheet, Shown, cell_name, open_all};
use boardpack::settings;
use rust_xlsxwriter::{Format, Formula, Workbook};
use std::collections::BTreeMap;
use std::io::Write;

fn sheets_of(bytes: &[u8]) -> Vec<Sheet> {
    open_all(bytes, "file", &settings::load(None, &BTreeMap::new()).unwrap().returns.limits).unwrap()
}

/// The cells of a sheet by their names, as a message would tell them.
fn told(sheet: &Sheet) -> Vec<(String, String)> {
    let told = |cell: &Cell| (cell_name(cell.row, cell.column), cell.found());
    sheet.rows().flat_map(|row| row.cells.iter().map(told)).collect()
}

fn cells(told: &[(&str, &str)]) -> Vec<(String, String)> {
    told.iter().map(|(name, found)| ((*name).to_owned(), (*found).to_owned())).collect()
}

fn zip_of(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// An .xlsx of one sheet with these rows; `calculation` goes into workbook.xml.
fn xlsx_of(rows: &str, workbook: &str) -> Vec<u8> {
    zip_of(&[
        (
            "_rels/.rels",
            &format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"r1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns:r=\"{OFFICE}\">{workbook}<sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"r1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                 <Relationship Id=\"r2\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        ("xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
        ("xl/worksheets/sheet1.xml", &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
    ])
}

#[test]
fn every_worksheet_is_read_with_its_name_and_whether_it_is_hidden() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("Guidance").unwrap().write_string(0, 0, "Read me").unwrap();
    workbook.add_worksheet().set_name("Blank").unwrap();
    let hidden = workbook.add_worksheet().set_name("metadata").unwrap();
    hidden.set_hidden(true).write_number(2, 1, 3.5).unwrap();
    let sheets = sheets_of(&workbook.save_to_buffer().unwrap());
    let named: Vec<_> = sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.hidden)).collect();
    assert_eq!(named, [("Guidance", false), ("Blank", false), ("metadata", true)]);
    assert_eq!(told(&sheets[0]), cells(&[("A1", "the text \"Read me\"")]));
    assert_eq!(told(&sheets[1]), []);
    assert_eq!(told(&sheets[2]), cells(&[("B3", "3.5")]));
}

#[test]
fn percentages_dates_errors_and_calculated_cells_are_told_apart() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_number_with_format(0, 0, 0.412, &Format::new().set_num_format("0.0%")).unwrap();
    sheet.write_number_with_format(0, 1, 46204, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
    sheet.write_boolean(0, 2, true).unwrap();
    sheet.write_formula(0, 3, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write_blank(0, 4, &Format::new().set_bold()).unwrap();
    let sheets = sheets_of(&workbook.save_to_buffer().unwrap());
    let expected = cells(&[("A1", "41.2%"), ("B1", "the date 2026-07-01"), ("C1", "TRUE"), ("D1", "2")]);
    assert_eq!(told(&sheets[0]), expected);
}

#[test]
fn a_formula_without_a_result_is_neither_blank_nor_nought() {
    let rows = "<row r=\"1\"><c r=\"A1\"><f>1+1</f></c><c r=\"B1\"><f>1+1</f><v></v></c><c r=\"C1\" s=\"1\"/>\
        <c r=\"D1\"><f>1-1</f><v>0</v></c><c r=\"E1\" t=\"str\"><f>\"\"</f><v></v></c><c r=\"F1\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c></row>";
    let uncached = "a formula whose result was not saved";
    let rest = [("E1", "the text \"\""), ("F1", "the error #DIV/0!")];
    let calculated = [&[("A1", uncached), ("B1", uncached), ("D1", "0")][..], &rest].concat();
    assert_eq!(told(&sheets_of(&xlsx_of(rows, ""))[0]), cells(&calculated));
    // Programs that cannot calculate write 0 and ask Excel to do it.
    let not_yet = [&[("A1", uncached), ("B1", uncached), ("D1", uncached)][..], &rest].concat();
    assert_eq!(told(&sheets_of(&xlsx_of(rows, "<calcPr fullCalcOnLoad=\"1\"/>"))[0]), cells(&not_yet));
}

#[test]
fn dates_are_counted_from_1904_where_the_workbook_says_so() {
    let rows = "<row r=\"1\"><c r=\"A1\" s=\"1\"><v>44742</v></c></row>";
    for (setting, day) in [("", "2022-06-30"), ("<workbookPr date1904=\"1\"/>", "2026-07-01")] {
        let sheets = sheets_of(&xlsx_of(rows, setting));
        assert_eq!(told(&sheets[0]), cells(&[("A1", &format!("the date {day}"))]));
    }
}

#[test]
fn an_open_document_tells_errors_percentages_and_formulas_without_results() {
    let cell =
        |attributes: &str, text: &str| format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>");
    let row = [
        cell("office:value-type=\"percentage\" office:value=\"0.1\"", "10%"),
        cell(
            "table:formula=\"of:=1/0\" office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"",
            "#DIV/0!",
        ),
        "<table:table-cell table:formula=\"of:=1+1\"/>".to_owned(),
        cell("office:value-type=\"date\" office:date-value=\"2026-07-01\"", "1 July"),
    ];
    let style = "<style:style style:name=\"ta1\"><style:table-properties table:display=\"false\"/></style:style>";
    let table = format!(
        "<table:table table:name=\"S\" table:style-name=\"ta1\"><table:table-row>{}</table:table-row></table:table>",
        row.concat()
    );
    let bytes = zip_of(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        (
            "content.xml",
            &format!(
                "<office:document-content>{style}<office:spreadsheet>{table}</office:spreadsheet></office:document-content>"
            ),
        ),
    ]);
    let sheets = sheets_of(&bytes);
    let expected = [
        ("A1", "10%"),
        ("B1", "the error #DIV/0!"),
        ("C1", "a formula whose result was not saved"),
        ("D1", "the date 2026-07-01"),
    ];
    assert!(sheets[0].hidden);
    assert_eq!(told(&sheets[0]), cells(&expected));
}

#[test]
fn the_number_of_a_percent_cell_is_kept_as_it_is_stored() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write_number_with_format(0, 0, 0.5, &Format::new().set_num_format("0%")).unwrap();
    let sheets = sheets_of(&workbook.save_to_buffer().unwrap());
    let row = sheets[0].rows().next().unwrap();
    assert_eq!(row.cells, [Cell { row: 0, column: 0, content: Content::Number(0.5), shown: Shown::Percent }]);
}

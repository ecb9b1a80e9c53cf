//! Workbooks of the OpenDocument format.

use crate::builders::{cells, sheets_of, told, zip_of};

#[test]
fn open_documents_tell_errors_percentages_and_formulas() {
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

/// An .ods of these sheets.
fn ods_of(sheets: &str) -> Vec<u8> {
    zip_of(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        (
            "content.xml",
            &format!("<office:document-content><office:spreadsheet>{sheets}</office:spreadsheet></office:document-content>"),
        ),
    ])
}

#[test]
fn open_documents_of_any_program_are_read() {
    let sheet = "\n <table:table table:name=\"S\">\n  <table:table-column/>\n  <table:table-header-rows>\n   <table:table-row>\n    \
        <table:table-cell office:value-type=\"string\">\n     <text:p>Measure<text:s/>ID</text:p>\n    </table:table-cell>\n    \
        <table:covered-table-cell table:number-columns-repeated=\"2\"/>\n    <!-- x -->\n    \
        <table:table-cell office:value-type=\"float\" office:value=\"4.9\"><text:p>4.9</text:p></table:table-cell>\n   </table:table-row>\n  \
        </table:table-header-rows>\n  <table:table-row table:number-rows-repeated=\"2\">\n   \
        <table:table-cell office:value-type=\"float\" office:value=\"0\" table:formula=\"of:=1/0\"><text:p>#DIV/0!</text:p></table:table-cell>\n  \
        </table:table-row>\n </table:table>\n <table:named-expressions>\n  <table:named-range table:name=\"x\"/>\n </table:named-expressions>\n";
    let copy = "<table:table table:name=\"'file:///S:/other.ods'#S\"><table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row></table:table>";
    let sheets = sheets_of(&ods_of(&format!("{copy}{sheet}{copy}")));
    assert_eq!(sheets.len(), 1, "copies of other workbooks are not the sender's");
    let error = "the error #DIV/0!";
    assert_eq!(told(&sheets[0]), cells(&[("A1", "the text \"Measure ID\""), ("D1", "4.9"), ("A2", error), ("A3", error)]));
}

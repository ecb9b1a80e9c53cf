//! Workbooks made part by part, and what is read of them.

use std::io::Write;
use workbook_reader::{Cell, Sheet, WorkbookLimits, cell_name};

pub fn sheets_of(bytes: &[u8]) -> Vec<Sheet> {
    workbook_reader::read(bytes, "file", &WorkbookLimits::default()).unwrap()
}

/// The cells of a sheet by their names, as a message would tell them.
pub fn told(sheet: &Sheet) -> Vec<(String, String)> {
    let told = |cell: &Cell| (cell_name(cell.row, cell.column), cell.found());
    sheet.rows().flat_map(|row| row.cells.iter().map(told)).collect()
}

pub fn cells(told: &[(&str, &str)]) -> Vec<(String, String)> {
    told.iter().map(|(name, found)| ((*name).to_owned(), (*found).to_owned())).collect()
}

pub fn zip_of(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
pub const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// An .xlsx of one sheet with these rows; `calculation` goes into workbook.xml.
pub fn xlsx_of(rows: &str, workbook: &str) -> Vec<u8> {
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

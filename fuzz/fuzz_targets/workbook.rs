//! Reads any bytes as a workbook, in this process.
//!
//! The first byte says what the rest is: the file itself, or the parts of one in a sound zip file, since changed bytes
//! hardly ever make a zip file that opens. A panic inside calamine is caught by the reader, so it is no finding.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};
use workbook_reader::{WorkbookLimits, read};

const LIMITS: WorkbookLimits =
    WorkbookLimits { max_file_mb: 1, max_unzipped_mb: 4, max_cells: 10_000, max_sheets: 10, max_seconds: 2, max_memory_mb: 64 };

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Stands between the parts.
const BETWEEN: &[u8] = b"\n----\n";

fuzz_target!(
    init: std::panic::set_hook(Box::new(|_| ())),
    |data: &[u8]| {
        let Some((kind, rest)) = data.split_first() else { return };
        let _ = match kind % 4 {
            0 => read(rest, "file", &LIMITS),
            1 => read(&xlsx(rest), "file", &LIMITS),
            2 => read(&ods(rest), "file", &LIMITS),
            _ => read(&xlsb(rest), "file", &LIMITS),
        };
    }
);

fn parts(data: &[u8]) -> [&[u8]; 4] {
    let mut rest = data;
    [(); 4].map(|()| {
        let end = rest.windows(BETWEEN.len()).position(|window| window == BETWEEN);
        let (part, after) = end.map_or((rest, &[][..]), |end| (&rest[..end], &rest[end + BETWEEN.len()..]));
        rest = after;
        part
    })
}

fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts {
        zip.start_file(*name, options).expect("the names differ");
        zip.write_all(bytes).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

fn relations(of: &[(&str, &str)]) -> String {
    let one =
        |(kind, target): &(&str, &str)| format!("<Relationship Id=\"{kind}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>");
    format!("<Relationships>{}</Relationships>", of.iter().map(one).collect::<String>())
}

fn xlsx(data: &[u8]) -> Vec<u8> {
    let [workbook, sheet, strings, styles] = parts(data);
    let relations_of_workbook =
        [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")];
    zip_of(&[
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.xml")]).as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations(&relations_of_workbook).as_bytes()),
        ("xl/workbook.xml", workbook),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
    ])
}

fn xlsb(data: &[u8]) -> Vec<u8> {
    let [workbook, sheet, strings, styles] = parts(data);
    let relations_of_workbook =
        [("worksheet", "worksheets/sheet1.bin"), ("sharedStrings", "sharedStrings.bin"), ("styles", "styles.bin")];
    zip_of(&[
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.bin")]).as_bytes()),
        ("xl/_rels/workbook.bin.rels", relations(&relations_of_workbook).as_bytes()),
        ("xl/workbook.bin", workbook),
        ("xl/worksheets/sheet1.bin", sheet),
        ("xl/sharedStrings.bin", strings),
        ("xl/styles.bin", styles),
    ])
}

fn ods(data: &[u8]) -> Vec<u8> {
    let [content, manifest, ..] = parts(data);
    zip_of(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", content),
    ])
}

//! Workbooks in binary forms: .xlsb and .xls.

use crate::builders::{OFFICE, cells, sheets_of, told};
use std::io::Write;
use workbook_reader::NumberFormat;

/// A record of an .xlsb.
fn record(kind: u16, body: &[&[u8]]) -> Vec<u8> {
    let body = body.concat();
    let kind = kind.to_le_bytes();
    let kind: &[u8] = if kind[1] == 0 && kind[0] < 0x80 { &kind[..1] } else { &[kind[0] | 0x80, kind[1] << 1 | kind[0] >> 7] };
    [kind, &[u8::try_from(body.len()).unwrap()], &body].concat()
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [&u32::try_from(text.len()).unwrap().to_le_bytes(), units.as_slice()].concat()
}

/// An .xlsb with one worksheet of these records, a macro sheet before it and the shared texts `a` and `b`.
fn xlsb_of(records: &[Vec<u8>]) -> Vec<u8> {
    xlsb_with(records, "", &[])
}

/// The same with more relations of the workbook, and more parts.
fn xlsb_with(records: &[Vec<u8>], relations: &str, parts: &[(&str, &[u8])]) -> Vec<u8> {
    let sheet = |id: &str| record(0x9c, &[&[0; 8], &wide(id), &wide(id)]);
    let workbook = [sheet("m"), sheet("none"), sheet("S"), record(0x90, &[]), record(0x9d, &[&[0; 26]])].concat();
    let texts =
        [record(0x9f, &[&[2, 0, 0, 0, 2, 0, 0, 0]]), record(0x13, &[&[0], &wide("a")]), record(0x13, &[&[0], &wide("b")])];
    // Styles: as it is, 0.00%, a format of the workbook's own, mmm-yy.
    let style = |format: u16| record(0x2f, &[&[0; 2], &format.to_le_bytes(), &[0; 12]]);
    let own = record(0x2c, &[&164_u16.to_le_bytes(), &wide("0.0%;[Red]-0.0%")]);
    let styles = [own, record(0x269, &[&[4, 0, 0, 0]]), style(0), style(10), style(164), style(17), record(0x26a, &[])];
    let sheet = [&record(0x91, &[]), records.concat().as_slice(), &record(0x92, &[])].concat();
    let relations = format!(
        "<Relationships>{relations}<Relationship Id=\"S\" Type=\"{OFFICE}/worksheet\" Target=\"/xl/sheets/s.bin\"/>\
         <Relationship Id=\"m\" Type=\"x/xlMacrosheet\" Target=\"macrosheets/m.bin\"/>\
         <Relationship Id=\"f\" Type=\"{OFFICE}/styles\" Target=\"styles.bin\"/>\
         <Relationship Id=\"t\" Type=\"{OFFICE}/sharedStrings\" Target=\"texts.bin\"/></Relationships>"
    );
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("xl/workbook.bin", workbook.as_slice()),
        ("xl/_rels/workbook.bin.rels", relations.as_bytes()),
        ("xl/texts.bin", &texts.concat()),
        ("xl/styles.bin", &styles.concat()),
        ("xl/sheets/s.bin", &sheet),
        ("xl/macrosheets/m.bin", b""),
    ]
    .iter()
    .chain(parts)
    {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn every_binary_record_is_read_or_reported() {
    let row = |row: u32| record(0x00, &[&row.to_le_bytes()]);
    let cell = |kind: u16, column: u32, value: &[u8]| record(kind, &[&column.to_le_bytes(), &[0; 4], value]);
    let short = |kind: u16, value: &[u8]| record(kind, &[&[0; 4], value]);
    let half = 0.5_f64.to_le_bytes();
    let formula = [0; 8];
    let sheets = sheets_of(&xlsb_of(&[
        row(0),
        cell(0x07, 1, &[0, 0, 0, 0]),
        short(0x12, &[1, 0, 0, 0]),
        short(0x0c, &[]),
        short(0x10, &half),
        short(0x0d, &[42 << 2 | 2, 0, 0, 0]),
        short(0x11, &wide("text")),
        short(0x0f, &[1]),
        short(0x0e, &[0x2a]),
        row(1),
        cell(0x0b, 0, &[&[0x07], formula.as_slice()].concat()),
        cell(0x03, 1, &[0x2b]),
        cell(0x03, 2, &[0x99]),
        cell(0x09, 3, &[half.as_slice(), &formula].concat()),
        cell(0x3e, 4, &[&[1], wide("rich").as_slice(), &[0; 4]].concat()),
        row(2),
        cell(0x05, 0, &half[..4]),
        cell(0x07, 1, &[9, 0, 0, 0]),
        short(0x15, &[1, 2, 3]),
        cell(0x05, 3, &half),
    ]));
    let unread = "a cell that could not be read";
    assert_eq!(sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), ["S"]);
    let expected = [
        ("B1", "the text \"a\""),
        ("C1", "the text \"b\""),
        ("E1", "0.5"),
        ("F1", "42"),
        ("G1", "the text \"text\""),
        ("H1", "TRUE"),
        ("I1", "the error #N/A"),
        ("A2", "the error #DIV/0!"),
        ("B2", "the error #GETTING_DATA"),
        ("C2", "the error of number 153"),
        ("D2", "0.5"),
        ("E2", "the text \"rich\""),
        ("A3", unread),
        ("B3", unread),
        ("C3", unread),
        ("D3", "0.5"),
    ];
    assert_eq!(told(&sheets[0]), cells(&expected));
}

#[test]
fn binary_workbooks_show_texts_beside_cells() {
    let relation =
        |kind: &str, target: &str| format!("<Relationship Id=\"{kind}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>");
    let of_sheet = format!("<Relationships>{}</Relationships>", relation("threadedComment", "../tc.xml"));
    let comment = "<ThreadedComments><threadedComment ref=\"B4\"><text>four of nine</text></threadedComment></ThreadedComments>";
    let field = [record(0xb7, &[&[0; 20], &wide("Ward")]), record(0x18, &[&wide("North")])].concat();
    let link = [record(0x16e, &[&[0; 4]]), record(0x173, &[&[0; 4], &wide("Ward")])].concat();
    let more = [relation("pivotCacheDefinition", "p.bin"), relation("externalLink", "l.bin")].concat();
    let parts: [(&str, &[u8]); 4] = [
        ("xl/sheets/_rels/s.bin.rels", of_sheet.as_bytes()),
        ("xl/tc.xml", comment.as_bytes()),
        ("xl/p.bin", &field),
        ("xl/l.bin", &link),
    ];
    let sheets = sheets_of(&xlsb_with(&[record(0x00, &[&[0; 4]])], &more, &parts));
    let found: Vec<String> = sheets[0].beside.iter().map(|one| format!("{}: {}", one.place("S"), one.text)).collect();
    let expected = [
        "comment on S!B4: four of nine",
        "data of a pivot table on sheet S: Ward\nNorth\n",
        "data of a linked workbook on sheet S: Ward\n",
    ];
    assert_eq!(found, expected);
}

#[test]
fn binary_workbooks_tell_percentages_and_months() {
    let cell = |kind: u16, column: u32, style: u8, value: &[u8]| record(kind, &[&column.to_le_bytes(), &[style, 0, 0, 0], value]);
    let (share, day) = (0.06_f64.to_le_bytes(), 46_204_f64.to_le_bytes());
    let sheets = sheets_of(&xlsb_of(&[
        record(0x00, &[&[0; 4]]),
        cell(0x05, 0, 0, &share),
        cell(0x05, 1, 1, &share),
        cell(0x09, 2, 2, &[share.as_slice(), &[0; 8]].concat()),
        cell(0x02, 3, 2, &(600_u32 << 2 | 3).to_le_bytes()),
        record(0x10, &[&[1, 0, 0, 0], &share]),
        cell(0x06, 5, 1, &wide("6%")),
        cell(0x05, 6, 3, &day),
    ]));
    let expected = [
        ("A1", "0.06"),
        ("B1", "6%"),
        ("C1", "6%"),
        ("D1", "600%"),
        ("E1", "6%"),
        ("F1", "the text \"6%\""),
        ("G1", "the date 2026-07-01"),
    ];
    assert_eq!(told(&sheets[0]), cells(&expected));
    let month = sheets[0].rows().flat_map(|row| row.cells).last().map(|cell| cell.shown);
    assert_eq!(month, Some(NumberFormat::Month));
}

/// The .xls that LibreOffice saved, with the record of this kind changed in place.
fn xls_with(kind: u16, length: usize, change: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let mut bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/saved.xls")).unwrap();
    let head = [kind.to_le_bytes(), u16::try_from(length).unwrap().to_le_bytes()].concat();
    let at = bytes.windows(4).position(|window| window == head).unwrap() + 4;
    change(&mut bytes[at..at + length]);
    bytes
}

#[test]
fn xls_code_pages_of_any_kind_are_read() {
    let as_saved = sheets_of(&xls_with(0x42, 2, |_| {})).iter().flat_map(told).collect::<Vec<_>>();
    assert!(as_saved.iter().any(|(_, found)| found.starts_with("the text")));
    for page in [1252_u16, 437, 850, 0x8000, 0] {
        let bytes = xls_with(0x42, 2, |body| body.copy_from_slice(&page.to_le_bytes()));
        assert_eq!(sheets_of(&bytes).iter().flat_map(told).collect::<Vec<_>>(), as_saved, "code page {page}");
    }
}

#[test]
fn xls_errors_of_any_number_are_told() {
    let errors = |bytes: &[u8]| {
        let told = sheets_of(bytes).iter().flat_map(told).collect::<Vec<_>>();
        (told.iter().filter(|(_, found)| found.starts_with("the error")).cloned().collect::<Vec<_>>(), told.len())
    };
    let (before, count) = errors(&xls_with(0x42, 2, |_| {}));
    assert!(!before.is_empty());
    // A formula with the error #DIV/0! becomes one with an error that nobody knows.
    let mut bytes = xls_with(0x42, 2, |_| {});
    let result = [0x02, 0x00, 0x07, 0x00, 0x00, 0x00, 0xff, 0xff];
    let at = bytes.windows(8).position(|window| window == result).unwrap();
    bytes[at + 2] = 0x99;
    let (after, count_after) = errors(&bytes);
    assert!(after.iter().any(|(_, found)| found == "the error of number 153"), "{after:?}");
    assert_eq!((after.len(), count_after), (before.len(), count));
}

//! Files made to do harm, or damaged beyond use: each is refused with a clear reason, soon, and in little memory.
//!
//! Every one is read as a run reads it: by a process of the program itself. That the process stays under its 200 MB is
//! held by the system (an address-space limit), so a test needs only to see that it was held to.

use boardpack::collect::workbook::{ReaderProcess, Refusal};
use boardpack::settings;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use workbook_reader::{Sheet, WorkbookLimits};

/// Seconds that any of these may take. Without optimisation reading takes many times as long.
const SOON: u64 = if cfg!(debug_assertions) { 15 } else { 2 };

fn limits() -> WorkbookLimits {
    settings::load(None, &BTreeMap::new()).unwrap().returns.limits
}

fn open(bytes: &[u8], limits: &WorkbookLimits) -> Result<Vec<Sheet>, Refusal> {
    ReaderProcess::Apart(env!("CARGO_BIN_EXE_boardpack").into()).open(bytes, "nuh.xlsx", limits)
}

/// Why a file is refused, which must be soon.
fn refused(what: &str, bytes: &[u8]) -> String {
    refused_within(&limits(), what, bytes)
}

fn refused_within(limits: &WorkbookLimits, what: &str, bytes: &[u8]) -> String {
    let began = Instant::now();
    let refusal = open(bytes, limits).map(|_| ()).expect_err(what);
    let took = began.elapsed();
    assert!(took < Duration::from_secs(SOON), "{what} took {took:?}");
    let fault = refusal.into_fault();
    assert!(fault.place.starts_with("nuh.xlsx") && !fault.remedy.is_empty(), "{what}: {fault}");
    println!("{what}: {took:?}: {fault}");
    fault.problem
}

/// What `boardpack returns check` says of a file: it ends with exit 65 and one clear fault.
fn checked(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, bytes).unwrap();
    let began = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_boardpack"))
        .args(["returns", "check", "--period", "2026-27-Q2"])
        .arg(&file)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let took = began.elapsed();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(65), "{name}: {said}");
    assert!(output.stderr.is_empty(), "what is wrong is told once: {}", String::from_utf8_lossy(&output.stderr));
    assert!(took < Duration::from_secs(SOON), "{name} took {took:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is kept");
    let faults: Vec<&str> = said.lines().filter(|line| line.starts_with("- ")).collect();
    assert_eq!(faults.len(), 1, "{said}");
    faults[0].to_owned()
}

#[test]
fn hostile_files_are_refused_quickly_and_clearly() {
    let zeros = vec![0; 300 * 1024 * 1024];
    let far =
        xlsx_of_rows("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>");
    let good = xlsx_of_rows("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>");
    for (name, bytes, words) in [
        ("empty.xlsx", vec![], "the file is empty"),
        ("bomb.xlsx", zip_of(&[("xl/workbook.xml", &zeros)]), "unpacks to more than 200 MB"),
        ("far.xlsx", far, "stands far from any table"),
        ("cut.xlsx", good[..good.len() / 2].to_vec(), "is damaged"),
        ("locked.xlsx", data("locked.xlsx"), "is protected by a password"),
        ("locked.ods", data("locked.ods"), "is protected by a password"),
        ("circle.xls", circle(), "its table of sectors leads round in a circle"),
        ("letter.xlsx", b"%PDF-1.7\n".to_vec(), "is not a workbook but a PDF"),
        ("other.xlsx", good, "has no sheet called About"),
    ] {
        let said = checked(name, &bytes);
        // One that was opened is named above, and its fault by the sheet and cell.
        let place = if name == "far.xlsx" { "- sheet S, cell XFD1048576".to_owned() } else { format!("- {name}") };
        assert!(said.starts_with(&place) && said.contains(words), "{words:?}: {said}");
    }
}

/// An old .xls of two sectors, of which the one with the names of its streams says that it is followed by itself.
fn circle() -> Vec<u8> {
    const END: u32 = 0xffff_fffe;
    const FREE: u32 = 0xffff_ffff;
    let mut file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    file.resize(24, 0);
    for half in [0x3e_u16, 3, 0xfffe, 9, 6, 0, 0, 0] {
        file.extend(half.to_le_bytes());
    }
    // One sector of the table of sectors, the directory in sector 1, nothing small, the table in sector 0.
    for word in [0, 1, 1, 0, 4096, END, 0, END, 0, 0] {
        file.extend(word.to_le_bytes());
    }
    file.resize(512, 0xff);
    for word in [0xffff_fffd, 1, FREE] {
        file.extend(u32::to_le_bytes(word));
    }
    file.resize(1024, 0xff);
    file.resize(1536, 0);
    file
}

#[track_caller]
fn assert_refused(what: &str, bytes: &[u8], problem: &str) {
    let found = refused(what, bytes);
    assert!(found.contains(problem), "{what}: {found:?} does not say {problem:?}");
}

fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn relations(of: &[(&str, &str)]) -> String {
    let one = |(index, (kind, target)): (usize, &(&str, &str))| {
        format!("<Relationship Id=\"r{index}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
    };
    let all: String = of.iter().enumerate().map(one).collect();
    format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{all}</Relationships>")
}

/// An .xlsx with one worksheet and, where they are not empty, shared strings.
fn xlsx_of(sheet: &[u8], strings: &[u8]) -> Vec<u8> {
    let workbook =
        format!("<workbook xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r0\"/></sheets></workbook>");
    let parts = [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")];
    zip_of(&[
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.xml")]).as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations(&parts).as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", if strings.is_empty() { b"<sst></sst>" } else { strings }),
    ])
}

fn xlsx_of_rows(rows: &str) -> Vec<u8> {
    xlsx_of(format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").as_bytes(), b"")
}

fn ods_of(content: &str) -> Vec<u8> {
    zip_of(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

fn ods_of_rows(rows: &str) -> Vec<u8> {
    ods_of(&format!("<office:document-content><table:table table:name=\"S\">{rows}</table:table></office:document-content>"))
}

fn data(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/workbook_reader/tests/data").join(name)).unwrap()
}

#[test]
fn sandboxed_reading_gives_the_same_cells() {
    for name in ["saved.xls", "saved.ods"] {
        let here = ReaderProcess::Here.open(&data(name), "nuh.xlsx", &limits()).unwrap();
        let apart = open(&data(name), &limits()).unwrap();
        assert_eq!(format!("{here:?}"), format!("{apart:?}"));
        assert_eq!(
            apart.iter().map(|sheet| (sheet.name.as_str(), sheet.hidden)).collect::<Vec<_>>(),
            [("Figures", false), ("metadata", true)]
        );
        let shown: Vec<_> = apart[0].rows().map(|row| row.cells[1].found()).collect();
        assert_eq!(shown, ["the text \"Value\"", "41.2%", "the date 2026-07-01", "2", "the error #DIV/0!", "TRUE"], "{name}");
    }
}

#[test]
fn zip_bombs_are_refused_before_they_are_unpacked() {
    // A tenth of what is allowed by default, since a large bomb takes long to make.
    let mut limits = limits();
    limits.max_unzipped_mb = 20;
    let flat = xlsx_of(&vec![b' '; 21 << 20], b"");
    assert!(refused_within(&limits, "flat", &flat).contains("unpacks to more than 20 MB"));
    // The sizes that are declared may lie: the same, said to be small in both places where it is said.
    let mut lying = flat;
    for at in 0..lying.len() - 4 {
        if lying[at..at + 4] == (21_u32 << 20).to_le_bytes() {
            lying[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
        }
    }
    assert!(refused_within(&limits, "lying", &lying).contains("is damaged"));
    let inner = zip_of(&[("0.bin", &vec![0; 8 << 20])]);
    let middle = zip_of(&[("0.zip", &inner[..]), ("1.zip", &inner)]);
    assert_refused("nested", &zip_of(&[("0.zip", &middle[..]), ("1.zip", &middle)]), "is not a workbook but a zip file");
}

#[test]
fn entities_are_named_and_never_expanded() {
    let mut definitions = "<!ENTITY a0 \"lollollollollollollollollollol\">".to_owned();
    for level in 1..10 {
        let below = format!("&a{};", level - 1).repeat(10);
        definitions.push_str(&format!("<!ENTITY a{level} \"{below}\">"));
    }
    let strings = format!("<!DOCTYPE sst [{definitions}]><sst><si><t>&a9;</t></si></sst>");
    let sheet = b"<worksheet><sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData></worksheet>";
    assert_refused("in an .xlsx", &xlsx_of(sheet, strings.as_bytes()), "defines XML entities");
    let cell = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>&a9;</text:p></table:table-cell></table:table-row>";
    let content = format!(
        "<!DOCTYPE x [{definitions}]><office:document-content><table:table table:name=\"S\">{cell}</table:table></office:document-content>"
    );
    assert_refused("in an .ods", &ods_of(&content), "defines XML entities");
}

#[test]
fn distant_cells_take_no_memory() {
    let far =
        xlsx_of_rows("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>");
    assert_refused("a cell", &far, "stands far from any table");
    let declared = b"<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>";
    assert_eq!(open(&xlsx_of(declared, b""), &limits()).unwrap()[0].rows().count(), 1, "dimensions are not gone by");
    // Nor in an .xls: the record of dimensions is set to 2^31 rows.
    let mut declared = data("saved.xls");
    let record = declared.windows(4).position(|bytes| bytes == [0x00, 0x02, 0x0e, 0x00]).unwrap();
    declared[record + 8..record + 12].copy_from_slice(&0x7fff_ffff_u32.to_le_bytes());
    let rows = |bytes: &[u8]| open(bytes, &limits()).unwrap()[0].rows().count();
    assert_eq!(rows(&declared), rows(&data("saved.xls")));
    let all = "<table:table-row table:number-rows-repeated=\"1048576\">\
        <table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"16384\"/></table:table-row>";
    assert_refused("repeats of an .ods", &ods_of_rows(all), "spreads over more than 1000000 cells");
    let strings = b"<sst uniqueCount=\"500000000\"><si><t>a</t></si></sst>";
    assert_refused(
        "shared strings",
        &xlsx_of(b"<worksheet><sheetData/></worksheet>", strings),
        "needs more than 200 MB of memory",
    );
}

#[test]
fn shared_texts_count_each_time() {
    let cells: String = (1..=200_000).map(|row| format!("<row r=\"{row}\"><c t=\"s\"><v>0</v></c></row>")).collect();
    let sheet = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
    let strings = format!("<sst><si><t>{}</t></si></sst>", "long ".repeat(6000));
    assert_refused(
        "30,000 letters 200,000 times",
        &xlsx_of(sheet.as_bytes(), strings.as_bytes()),
        "holds more than 50 MB of text",
    );
}

#[test]
fn a_workbook_that_breaks_off_anywhere_is_refused() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().write_number(0, 0, 1).unwrap();
    let xlsx = workbook.save_to_buffer().unwrap();
    for (name, whole) in [("xlsx", &xlsx), ("xls", &data("saved.xls")), ("ods", &data("saved.ods"))] {
        for part in 0..8 {
            let end = whole.len() * part / 8;
            refused(&format!("{end} bytes of an .{name}"), &whole[..end]);
        }
    }
}

#[test]
fn protected_workbooks_are_told_from_damaged_ones() {
    for name in ["locked.xls", "locked.xlsx", "locked.ods"] {
        assert_refused(name, &data(name), "is protected by a password");
    }
    assert_refused("a newer .ods", &zip_of(&[("mimetype", b""), ("encrypted-package", b"")]), "is protected by a password");
}

#[test]
fn ten_thousand_sheets_are_too_many() {
    let mut sheets = String::new();
    let mut parts = Vec::new();
    for index in 0..10_000 {
        sheets.push_str(&format!("<sheet name=\"{index}\" sheetId=\"{index}\" r:id=\"r{index}\"/>"));
        parts.push(("worksheet", "worksheets/sheet1.xml"));
    }
    let xlsx = zip_of(&[
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.xml")]).as_bytes()),
        ("xl/workbook.xml", format!("<workbook xmlns:r=\"{OFFICE}\"><sheets>{sheets}</sheets></workbook>").as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations(&parts).as_bytes()),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData/></worksheet>"),
    ]);
    assert_refused("in an .xlsx", &xlsx, "has 10000 sheets; 50 is the most that is read");
    let tables: String = (0..10_000).map(|index| format!("<table:table table:name=\"{index}\"></table:table>")).collect();
    let ods = ods_of(&format!("<office:document-content>{tables}</office:document-content>"));
    assert_refused("in an .ods", &ods, "has 10000 sheets; 50 is the most that is read");
}

#[test]
fn other_files_are_called_by_their_kind() {
    let word = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "WordDocument".encode_utf16().flat_map(u16::to_le_bytes).collect()]
        .concat();
    let cases: [(&[u8], &str); 11] = [
        (b"", "the file is empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "is not a workbook but a PDF"),
        (b"Measure ID,Value\ndischarge,70\n", "is not a workbook but a text file, such as CSV"),
        (b"\xef\xbb\xbf<html><table><tr><td>70</td></tr></table></html>", "is not a workbook but a web page"),
        (b"<?xml version=\"1.0\"?><Workbook/>", "is not a workbook but an XML file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is not a workbook but something else"),
        (&[0; 4096], "is not a workbook but something else"),
        (&word, "is not a workbook but a Word document"),
        (&zip_of(&[("word/document.xml", b"<w:document/>")]), "is not a workbook but a Word document"),
        (&zip_of(&[("letter.txt", b"Dear all")]), "is not a workbook but a zip file with no workbook in it"),
        (b"PK", "is damaged"),
    ];
    for (bytes, problem) in cases {
        assert_refused(problem, bytes, problem);
    }
}

#[test]
fn xml_that_is_no_xml_is_damaged() {
    assert_refused(
        "no UTF-8",
        &xlsx_of(b"<worksheet><sheetData><row><c t=\"str\"><v>\xff\xfe\xfd</v></c></row></sheetData></worksheet>", b""),
        "is damaged",
    );
    assert_refused(
        "no UTF-8 in an .ods",
        &zip_of(&[("mimetype", b""), ("content.xml", b"<office:document-content>\xff</office:document-content>")]),
        "is damaged",
    );
    let deep = "<a>".repeat(200_000);
    assert_eq!(open(&xlsx_of_rows(&deep), &limits()).unwrap()[0].rows().count(), 0, "nothing in it is a cell");
    assert_refused("deep, in an .ods", &ods_of_rows(&deep), "is damaged");
}

#[test]
fn parts_that_point_in_a_circle_lead_nowhere() {
    let workbook =
        format!("<workbook xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r0\"/></sheets></workbook>");
    let circle = zip_of(&[
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.xml")]).as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        (
            "xl/_rels/workbook.xml.rels",
            relations(&[("worksheet", "workbook.xml"), ("officeDocument", "workbook.xml")]).as_bytes(),
        ),
    ]);
    assert_refused("a sheet that is the workbook", &circle, "has no worksheets");
    // The table of sectors of an .xls, each of which says that it comes after itself.
    let mut circle = data("saved.xls");
    let sector = u32::from_le_bytes(circle[76..80].try_into().unwrap()) as usize;
    for (next, entry) in circle[(sector + 1) * 512..(sector + 2) * 512].chunks_exact_mut(4).enumerate() {
        entry.copy_from_slice(&u32::try_from(next).unwrap().to_le_bytes());
    }
    refused("sectors of an .xls", &circle);
}

#[test]
fn slow_workbooks_are_given_up() {
    let mut hurried = limits();
    hurried.max_seconds = 0;
    let fault = open(&data("saved.xls"), &hurried).unwrap_err().into_fault();
    assert_eq!(fault.problem, "takes longer to read than 0 seconds");
}

#[test]
fn an_unstartable_reader_accuses_no_workbook() {
    let nowhere = ReaderProcess::Apart("/nowhere/at/all".into());
    let fault = nowhere.open(&data("saved.xls"), "nuh.xlsx", &limits()).unwrap_err().into_fault();
    assert!(
        fault.problem.contains("could not be started") && fault.remedy.contains("nothing is wrong with the workbook"),
        "{fault}"
    );
}

//! Workbooks of any kind, as sheets of cells.

use rust_xlsxwriter::{Format, Formula, Workbook};
use std::io::Write;
use workbook_reader::{Cell, Content, Limits, Sheet, Shown, cell_name};

fn sheets_of(bytes: &[u8]) -> Vec<Sheet> {
    workbook_reader::read(bytes, "file", &Limits::default()).unwrap()
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
fn every_worksheet_has_its_name_and_visibility() {
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
fn percentages_dates_errors_and_formulas_differ() {
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
fn a_formula_without_result_is_not_blank() {
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
fn dates_from_1904_are_read() {
    let rows = "<row r=\"1\"><c r=\"A1\" s=\"1\"><v>44742</v></c></row>";
    for (setting, day) in [("", "2022-06-30"), ("<workbookPr date1904=\"1\"/>", "2026-07-01")] {
        let sheets = sheets_of(&xlsx_of(rows, setting));
        assert_eq!(told(&sheets[0]), cells(&[("A1", &format!("the date {day}"))]));
    }
}

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

#[test]
fn percent_cells_keep_the_stored_number() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write_number_with_format(0, 0, 0.5, &Format::new().set_num_format("0%")).unwrap();
    let sheets = sheets_of(&workbook.save_to_buffer().unwrap());
    let row = sheets[0].rows().next().unwrap();
    assert_eq!(row.cells, [Cell { row: 0, column: 0, content: Content::Number(0.5), shown: Shown::Percent }]);
}

/// An .xlsx or .xlsm with parts where `parts` puts them; the workbook's part is the first.
fn package(workbook: &str, relations: &[(&str, &str, &str)], parts: &[(&str, &str)]) -> Vec<u8> {
    let (path, content) = parts[0];
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let listed: String = relations
        .iter()
        .map(|(id, kind, target)| format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"/>"))
        .collect();
    let of_package =
        format!("<Relationships><Relationship Id=\"w\" Type=\"{OFFICE}/officeDocument\" Target=\"{path}\"/></Relationships>");
    let of_workbook = format!("<Relationships>{listed}</Relationships>");
    let relations_path = format!("{folder}/_rels/{name}.rels");
    let content = content.replace("SHEETS", workbook);
    let mut entries = vec![
        ("_rels/.rels", of_package.as_str()),
        (relations_path.trim_start_matches('/'), of_workbook.as_str()),
        (path, content.as_str()),
    ];
    entries.extend(&parts[1..]);
    zip_of(&entries)
}

const BOOK: &str = "<workbook xmlns:r=\"r\"><sheets>SHEETS</sheets></workbook>";
const ONE: &str = "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>";

#[test]
fn parts_are_found_by_their_relationships() {
    let sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"><v>0.5</v></c></row></sheetData></worksheet>";
    let texts = "<sst><si><r><t>Me</t></r><rPh><t>x</t></rPh><r><t><![CDATA[asure]]></t></r></si></sst>";
    let styles = "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"10\"/></cellXfs></styleSheet>";
    let strict = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    for (office, workbook, paths, targets) in [
        (OFFICE, "xl/workbook.xml", ["xl/worksheets/a.xml", "xl/t.xml", "xl/s.xml"], ["worksheets/a.xml", "t.xml", "/xl/s.xml"]),
        (
            OFFICE,
            "workbook.xml",
            ["sheets/a.xml", "sharedStrings.xml", "styles.xml"],
            ["sheets/a.xml", "sharedStrings.xml", "styles.xml"],
        ),
        (strict, "book/main.xml", ["a.xml", "book/in/t.xml", "look/s.xml"], ["../a.xml", "./in/t.xml", "/look/s.xml"]),
        (OFFICE, "XL/Workbook.xml", ["xl\\worksheets\\A.xml", "xl/T.xml", "xl/s.xml"], ["worksheets/a.xml", "t.xml", "s.xml"]),
    ] {
        let kinds = ["worksheet", "sharedStrings", "styles"].map(|kind| format!("{office}/{kind}"));
        let relations = [("r1", kinds[0].as_str(), targets[0]), ("r2", &kinds[1], targets[1]), ("r3", &kinds[2], targets[2])];
        let parts = [(workbook, BOOK), (paths[0], sheet), (paths[1], texts), (paths[2], styles)];
        let sheets = sheets_of(&package("<sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/>", &relations, &parts));
        assert_eq!(told(&sheets[0]), cells(&[("A1", "the text \"Measure\""), ("B1", "50%")]), "{workbook}");
    }
}

#[test]
fn sheets_without_cells_are_passed_over() {
    let sheet = |name: &str| format!("<sheet name=\"{name}\" sheetId=\"1\" state=\"veryHidden\" r:id=\"{name}\"/>");
    let names = ["macro", "international", "dialog", "chart", "chart2", "gone", "nowhere", "S", "outside"];
    let listed: String = names.iter().map(|name| sheet(name)).collect();
    let microsoft = "http://schemas.microsoft.com/office/2006/relationships";
    let kinds = [
        ("macro", format!("{microsoft}/xlMacrosheet"), "macrosheets/m.xml"),
        ("international", format!("{microsoft}/xlIntlMacrosheet"), "macrosheets/m.xml"),
        ("dialog", format!("{OFFICE}/dialogsheet"), "dialogsheets/d.xml"),
        ("chart", format!("{OFFICE}/chartsheet"), "chartsheets/c.xml"),
        ("chart2", format!("{OFFICE}/worksheet"), "chartsheets/c.xml"),
        ("gone", format!("{OFFICE}/worksheet"), "worksheets/none.xml"),
        ("S", format!("{OFFICE}/worksheet"), "worksheets/s.xml"),
        ("outside", format!("{OFFICE}/externalLink"), "externalLinks/e.xml"),
    ];
    let relations: Vec<_> = kinds.iter().map(|(id, kind, target)| (*id, kind.as_str(), *target)).collect();
    let parts = [
        ("xl/workbook.xml", BOOK),
        ("xl/worksheets/s.xml", ONE),
        ("xl/macrosheets/m.xml", "<xm:macrosheet><sheetData><row><c><v>9</v></c></row></sheetData></xm:macrosheet>"),
        ("xl/dialogsheets/d.xml", "<dialogsheet/>"),
        ("xl/chartsheets/c.xml", "<chartsheet/>"),
        ("xl/externalLinks/e.xml", "<externalLink><sheetData><row><c><v>9</v></c></row></sheetData></externalLink>"),
    ];
    let sheets = sheets_of(&package(&listed, &relations, &parts));
    let read: Vec<_> = sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.hidden, told(sheet))).collect();
    assert_eq!(read, [("S", true, cells(&[("A1", "1")]))]);
}

#[test]
fn an_unreadable_cell_spares_the_others() {
    let of_row = |cell: &str| sheets_of(&xlsx_of(&format!("<row r=\"1\"><c r=\"A1\"><v>1</v></c>{cell}</row>"), ""));
    let words = ["#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#ERROR!"];
    for word in words.into_iter().chain(["#N/A", "#DIV/0!"]) {
        let sheets = of_row(&format!("<c r=\"B1\" t=\"e\"><f>X()</f><v>{word}</v></c>"));
        assert_eq!(told(&sheets[0]), cells(&[("A1", "1"), ("B1", &format!("the error {word}"))]));
        assert_eq!(sheets[0].unreadable().count(), 0, "an error is read");
    }
    for cell in ["t=\"s\"><v>7</v>", "t=\"b\"><v>7</v>", "t=\"new\"><v>7</v>"] {
        let sheets = of_row(&format!("<c r=\"B1\" {cell}</c>"));
        assert_eq!(told(&sheets[0]), cells(&[("A1", "1"), ("B1", "a cell that could not be read")]));
        assert_eq!(sheets[0].unreadable().map(|cell| (cell.row, cell.column)).collect::<Vec<_>>(), [(0, 1)]);
    }
}

#[test]
fn a_number_is_read_whatever_stands_around_it() {
    for value in [
        "<v><![CDATA[4.9]]></v>",
        "<v><!-- x -->4.9</v>",
        "<v>4.9<!-- x --></v>",
        "<v>4.<?x y?>9</v>",
        "<v>4&#x2e;9</v>",
        "<v>\n  4.9\n</v>",
        "<!-- x --><?x y?><v>4.9</v><extLst><ext/></extLst>",
    ] {
        let sheets = sheets_of(&xlsx_of(&format!("<row r=\"1\"><c r=\"A1\">{value}</c></row>"), ""));
        assert_eq!(told(&sheets[0]), cells(&[("A1", "4.9")]), "{value}");
    }
}

#[test]
fn a_nought_beside_other_results_was_calculated() {
    let row = |c1: &str| format!("<row r=\"1\"><c r=\"A1\"><f>4-4</f><v>0</v></c><c r=\"B1\"><v>7</v></c>{c1}</row>");
    let first = |rows: &str| told(&sheets_of(&xlsx_of(rows, "<calcPr fullCalcOnLoad=\"1\"/>"))[0]).swap_remove(0).1;
    let uncached = "a formula whose result was not saved";
    assert_eq!(first(&row("<c r=\"C1\"><f>2+2</f><v>4</v></c>")), "0");
    assert_eq!(first(&row("<c r=\"C1\"><f>0*1</f><v>0</v></c>")), uncached, "noughts only");
    assert_eq!(first(&row("<c r=\"C1\"><v>4</v></c>")), uncached, "a number that was typed is no result");
}

#[test]
fn dates_show_whether_month_or_day() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, format) in ["mmm-yy", "mmmm yyyy", "dd/mm/yyyy", "[$-809]mmm\\ yy;@"].into_iter().enumerate() {
        let column = u16::try_from(column).unwrap();
        sheet.write_number_with_format(0, column, 46204, &Format::new().set_num_format(format)).unwrap();
    }
    sheet.write_string_with_format(0, 4, "Jul-26", &Format::new().set_num_format("mmm-yy")).unwrap();
    let sheets = sheets_of(&workbook.save_to_buffer().unwrap());
    let shown: Vec<Shown> = sheets[0].rows().flat_map(|row| row.cells).map(|cell| cell.shown).collect();
    assert_eq!(shown, [Shown::Month, Shown::Month, Shown::Plain, Shown::Month, Shown::Plain]);
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
    assert_eq!(month, Some(Shown::Month));
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

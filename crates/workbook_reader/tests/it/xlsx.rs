//! Workbooks of the .xlsx format.

use crate::builders::{OFFICE, cells, sheets_of, told, xlsx_of, zip_of};
use rust_xlsxwriter::{Format, Formula, Workbook};
use workbook_reader::{Cell, CellContent, NumberFormat};

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
fn percent_cells_keep_the_stored_number() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write_number_with_format(0, 0, 0.5, &Format::new().set_num_format("0%")).unwrap();
    let sheets = sheets_of(&workbook.save_to_buffer().unwrap());
    let row = sheets[0].rows().next().unwrap();
    assert_eq!(row.cells, [Cell { row: 0, column: 0, content: CellContent::Number(0.5), shown: NumberFormat::Percent }]);
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
    let shown: Vec<NumberFormat> = sheets[0].rows().flat_map(|row| row.cells).map(|cell| cell.shown).collect();
    assert_eq!(shown, [NumberFormat::Month, NumberFormat::Month, NumberFormat::Plain, NumberFormat::Month, NumberFormat::Plain]);
}

//! The workbooks of the data annex by the checklist for accessible spreadsheets of the Government Analysis Function.

use crate::support::demonstration::DEMONSTRATION;
use crate::support::sample_pack::Sample;
use boardpack::period::Period;
use boardpack::report::annex::{AnnexTables, Imprint};
use calamine::{Data, Ods, Range, Reader, Xlsx, open_workbook_from_rs};
use jiff::civil::date;
use quick_xml::events::Event;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

/// Rows above the table of a sheet.
const ABOVE: u32 = 3;
/// What stands in place of a figure or of words.
const MARKS: [&str; 6] = ["[c]", "[x]", "[z]", "[low]", "[r]", "[p]"];

fn imprint() -> Imprint<'static> {
    Imprint {
        publisher: "A <partnership>",
        contact: "figures@example.org",
        next: (Period::financial_quarter(2026, 3), date(2027, 3, 1)),
    }
}

/// The parts of a file, by name.
fn parts(file: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        parts.insert(part.name().unwrap().into_owned(), text);
    }
    parts
}

/// An element: its name, and its attributes by theirs.
type Element = (String, BTreeMap<String, String>);

fn elements(xml: &str) -> Vec<Element> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let attributes = tag.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
                    (attribute.key.as_ref().to_owned(), value)
                });
                found.push((tag.name().as_ref().to_owned(), attributes.collect()));
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn named<'a>(elements: &'a [Element], name: &str) -> Vec<&'a BTreeMap<String, String>> {
    elements.iter().filter(|(of, _)| of == name).map(|(_, attributes)| attributes).collect()
}

fn said(sheet: &Range<Data>, row: u32, column: u32) -> String {
    sheet.get_value((row, column)).map(ToString::to_string).unwrap_or_default()
}

/// The sheets of a workbook as they stand in it.
fn in_order<R: Reader<Cursor<Vec<u8>>>>(book: &mut R) -> Vec<(String, Range<Data>)> {
    let names = book.sheet_names();
    names.into_iter().filter_map(|name| book.worksheet_range(&name).ok().map(|sheet| (name, sheet))).collect()
}

/// `A4:K56`, from the headings to the last cell.
fn range_of(sheet: &Range<Data>) -> String {
    let (rows, columns) = sheet.end().unwrap();
    let letter = |index: u32| char::from(b'A' + u8::try_from(index).unwrap());
    let right = if columns < 26 { letter(columns).to_string() } else { format!("A{}", letter(columns - 26)) };
    format!("A{}:{right}{}", ABOVE + 1, rows + 1)
}

/// What any reader of the cells finds, whatever the format.
fn assert_sheets(title: &str, sheets: &[(String, Range<Data>)]) {
    let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[..4], ["Cover", "Contents", "Notes", "Columns"]);
    for (name, sheet) in sheets {
        assert_sheet(name, title, sheet);
    }
    let items: BTreeMap<String, String> =
        sheets[0].1.rows().skip(4).map(|row| (row[0].to_string(), row[1].to_string())).collect();
    for item in ["What this is", "Quarter", "Figures as at", "Standing", "Licence", "How to read it"] {
        assert!(items.contains_key(item), "{item} in {items:?}");
    }
    assert_eq!((items["Publisher"].as_str(), items["Contact"].as_str()), ("A <partnership>", "figures@example.org"));
    assert_eq!(items["Next release"], "After the returns for October to December 2026, which are due by 1 March 2027");
    let listed: Vec<String> = sheets[1].1.rows().skip(4).map(|row| row[0].to_string()).collect();
    let others: Vec<&str> = names.iter().copied().filter(|name| *name != "Contents").collect();
    assert_eq!(listed, others);
    for ((_, sheet), row) in sheets.iter().filter(|(name, _)| name != "Contents").zip(sheets[1].1.rows().skip(4)) {
        let rows = sheet
            .rows()
            .skip(4)
            .filter(|row| row.iter().any(|cell| !matches!(cell, calamine::Data::String(words) if words == "[z]")))
            .count();
        assert_eq!(row[2], Data::Float(f64::from(u32::try_from(rows).unwrap())), "{}", row[0]);
    }
    let notes: BTreeSet<String> = sheets[2].1.rows().skip(4).map(|row| row[0].to_string()).collect();
    for mark in MARKS {
        assert!(notes.contains(mark), "{mark} is not explained");
    }
}

fn assert_sheet(name: &str, title: &str, sheet: &Range<Data>) {
    let first = said(sheet, 0, 0);
    assert!(first.starts_with(&if name == "Cover" { title.to_owned() } else { format!("{name}: ") }), "{name}: {first}");
    let second = said(sheet, 1, 0);
    assert!(second.starts_with("This sheet has one table. ") && second.contains(" A row is "), "{name}: {second}");
    assert!(said(sheet, 2, 0).contains("The sheet "), "{name}: {}", said(sheet, 2, 0));
    let (rows, columns) = sheet.end().unwrap();
    assert!(rows > ABOVE, "{name} has no row");
    let mut headings = BTreeSet::new();
    for column in 0..=columns {
        assert!(
            (0..ABOVE).all(|row| column == 0 || said(sheet, row, column).is_empty()),
            "{name}: a second cell above the table"
        );
        let heading = said(sheet, ABOVE, column);
        assert!(heading.starts_with(char::is_uppercase) && !heading.contains('_'), "{name}: {heading:?}");
        // Where the words of the data are meant, they stand in their own columns.
        let has_codes = ["identifier", "code", "CSV", "ource", "File", "Superseded", "Address", "SHA", "Where", "Place", "Note"]
            .iter()
            .any(|word| heading.contains(word));
        for row in ABOVE + 1..=rows {
            let words = said(sheet, row, column);
            assert!(!words.trim().is_empty(), "{name}: row {row}, {heading} is blank");
            let is_code = words.contains('_') && words.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == ';');
            assert!(has_codes || !is_code, "{name}: row {row}, {heading} has the code {words}");
            if words.starts_with('[') && words.ends_with(']') && name != "Notes" {
                assert!(words.split(' ').all(|mark| MARKS.contains(&mark)), "{name}: row {row}, {heading}: {words}");
            }
        }
        assert!(headings.insert(heading.clone()), "{name}: two columns are headed {heading}");
    }
}

/// In a column of numbers there is nothing but numbers and marks.
fn assert_numbers(tables: &AnnexTables, sheets: &[(String, Range<Data>)]) {
    use boardpack::report::annex::ColumnKind::Number;
    let series = tables.tables.iter().find(|table| table.name == "Series").unwrap();
    let numbers: BTreeSet<String> =
        series.columns.iter().filter(|column| column.kind == Number).map(|column| column.heading()).collect();
    let (_, sheet) = sheets.iter().find(|(name, _)| name == "Series").unwrap();
    let mut seen = 0;
    for column in 0..=sheet.end().unwrap().1 {
        if numbers.contains(&said(sheet, ABOVE, column)) {
            for row in ABOVE + 1..=sheet.end().unwrap().0 {
                match sheet.get_value((row, column)).unwrap() {
                    Data::Float(_) => seen += 1,
                    Data::String(mark) => assert!(MARKS[..3].contains(&mark.as_str()), "row {row}: {mark}"),
                    other => panic!("row {row}: {other:?}"),
                }
            }
        }
    }
    assert!(seen > 5);
}

fn assert_xlsx(tables: &AnnexTables) {
    let file = tables.to_xlsx(imprint()).unwrap();
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(file.clone())).unwrap();
    let sheets = in_order(&mut book);
    assert_sheets(&tables.title, &sheets);
    assert_numbers(tables, &sheets);
    let files = parts(&file);
    let properties = &files["docProps/core.xml"];
    for wanted in [
        &format!("<dc:title>{}</dc:title>", tables.title),
        "<dc:creator>A &lt;partnership&gt;</dc:creator>",
        "<dc:language>en-GB</dc:language>",
    ] {
        assert!(properties.contains(wanted), "{wanted} in {properties}");
    }
    let workbook = elements(&files["xl/workbook.xml"]);
    let repeated = named(&workbook, "definedName").into_iter().filter(|name| name["name"] == "_xlnm.Print_Titles").count();
    assert_eq!(repeated, sheets.len());
    for (index, (name, sheet)) in (1..).zip(&sheets) {
        let of_sheet = elements(&files[&format!("xl/worksheets/sheet{index}.xml")]);
        for unwanted in ["pane", "mergeCell", "autoFilter", "f"] {
            assert!(named(&of_sheet, unwanted).is_empty(), "{name}: {unwanted}");
        }
        assert!(of_sheet.iter().all(|(_, attributes)| !attributes.contains_key("hidden")), "{name}: something is hidden");
        assert_eq!(named(&of_sheet, "tablePart").len(), 1, "{name}");
        assert_eq!(named(&of_sheet, "pageSetUpPr")[0]["fitToPage"], "1", "{name}");
        let page = named(&of_sheet, "pageSetup")[0];
        assert_eq!((page["paperSize"].as_str(), page["orientation"].as_str()), ("9", "landscape"), "{name}");
        assert_eq!((page.get("fitToWidth").map_or("1", String::as_str), page["fitToHeight"].as_str()), ("1", "0"), "{name}");
        assert!(files[&format!("xl/worksheets/sheet{index}.xml")].contains("Page &amp;P of &amp;N"), "{name}");
        let of_table = elements(&files[&format!("xl/tables/table{index}.xml")]);
        let table = named(&of_table, "table")[0];
        assert_eq!((table["ref"].as_str(), table["displayName"].as_str()), (range_of(sheet).as_str(), &*name.replace(' ', "_")));
        assert!(named(&of_table, "autoFilter").is_empty(), "{name}: a filter");
    }
    let links = elements(&files["xl/worksheets/sheet2.xml"]);
    let leads: Vec<String> = named(&links, "hyperlink").into_iter().map(|link| link["location"].clone()).collect();
    let others = sheets.iter().map(|(name, _)| name).filter(|name| *name != "Contents");
    assert_eq!(leads, others.map(|name| format!("'{name}'!A1")).collect::<Vec<_>>());
}

fn assert_ods(tables: &AnnexTables) {
    let file = tables.to_ods(imprint()).unwrap();
    assert!(file[30..].starts_with(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), "the kind of file is not first");
    let mut book: Ods<_> = open_workbook_from_rs(Cursor::new(file.clone())).unwrap();
    let sheets = in_order(&mut book);
    assert_sheets(&tables.title, &sheets);
    assert_numbers(tables, &sheets);
    let files = parts(&file);
    let manifest = elements(&files["META-INF/manifest.xml"]);
    let listed: BTreeSet<&str> =
        named(&manifest, "manifest:file-entry").into_iter().map(|of| of["manifest:full-path"].as_str()).collect();
    assert_eq!(listed, BTreeSet::from(["/", "content.xml", "meta.xml", "styles.xml"]));
    for wanted in [
        &format!("<dc:title>{}</dc:title>", tables.title),
        "<dc:creator>A &lt;partnership&gt;</dc:creator>",
        "<dc:language>en-GB</dc:language>",
    ] {
        assert!(files["meta.xml"].contains(wanted), "{wanted}");
    }
    let styles = elements(&files["styles.xml"]);
    let language = named(&styles, "style:text-properties")[0];
    assert_eq!((language["fo:language"].as_str(), language["fo:country"].as_str()), ("en", "GB"));
    let page = named(&styles, "style:page-layout-properties")[0];
    let of_page = ["fo:page-width", "fo:page-height", "style:scale-to-X", "style:scale-to-Y"].map(|name| page[name].as_str());
    assert_eq!(of_page, ["297mm", "210mm", "1", "0"]);
    for counted in ["text:page-number", "text:page-count"] {
        assert_eq!(named(&styles, counted).len(), sheets.len(), "{counted}");
    }
    let content = elements(&files["content.xml"]);
    let unwanted = ["table:covered-table-cell", "table:filter", "table:table-row-group"];
    assert!(content.iter().all(|(name, _)| !unwanted.contains(&name.as_str())));
    let unwanted = ["table:number-columns-spanned", "table:number-rows-spanned", "table:visibility", "table:formula"];
    assert!(content.iter().all(|(_, attributes)| unwanted.iter().all(|name| !attributes.contains_key(*name))));
    for wanted in ["table:table", "table:title", "table:table-header-rows", "table:database-range"] {
        assert_eq!(named(&content, wanted).len(), sheets.len(), "{wanted}");
    }
    for (range, (name, sheet)) in named(&content, "table:database-range").into_iter().zip(&sheets) {
        let place = range_of(sheet).replace(':', &format!(":'{name}'."));
        assert_eq!(range["table:target-range-address"], format!("'{name}'.{place}"));
        assert_eq!(
            (range["table:name"].as_str(), range["table:display-filter-buttons"].as_str()),
            (&*name.replace(' ', "_"), "false")
        );
    }
    let leads: Vec<String> = named(&content, "text:a").into_iter().map(|link| link["xlink:href"].clone()).collect();
    let others = sheets.iter().map(|(name, _)| name).filter(|name| *name != "Contents");
    assert_eq!(leads, others.map(|name| format!("#'{name}'.A1")).collect::<Vec<_>>());
}

#[test]
fn excel_workbooks_follow_the_checklist() {
    assert_xlsx(&AnnexTables::new(&DEMONSTRATION.pack()));
}

#[test]
fn opendocument_spreadsheets_follow_the_checklist() {
    assert_ods(&AnnexTables::new(&DEMONSTRATION.pack()));
}

#[test]
fn awkward_and_empty_tables_follow_it_too() {
    let mut sample = Sample::new(1);
    let tables = AnnexTables::new(&sample.pack());
    assert_xlsx(&tables);
    assert_ods(&tables);
    sample.framework.actions.clear();
    sample.evaluation.actions.clear();
    let tables = AnnexTables::new(&sample.pack());
    assert!(tables.tables.iter().any(|table| table.name == "Key actions" && table.rows.is_empty()));
    assert_xlsx(&tables);
    assert_ods(&tables);
}

/// Excel shrinks a sheet to the width of a page: at less than 45% nobody can read it.
#[test]
fn printed_pages_can_be_read() {
    let file = AnnexTables::new(&DEMONSTRATION.pack()).to_xlsx(imprint()).unwrap();
    let book: Xlsx<_> = open_workbook_from_rs(Cursor::new(file.clone())).unwrap();
    let names = book.sheet_names();
    let files = parts(&file);
    for (index, name) in (1..).zip(&names) {
        let of_sheet = elements(&files[&format!("xl/worksheets/sheet{index}.xml")]);
        let characters: f64 = named(&of_sheet, "col")
            .into_iter()
            .map(|of| {
                let number = |name: &str| of[name].parse::<f64>().unwrap();
                number("width") * (number("max") - number("min") + 1.0)
            })
            .sum();
        // 276 mm of paper, and 7 of 96 parts of an inch a character.
        let scale = 276.0 / (characters * 7.0 / 96.0 * 25.4);
        assert!(scale >= 0.45, "{name} is printed at {scale:.2}");
    }
}

//! A workbook as a person has it on the screen, and the files that Excel makes of it: .xlsx, .ods and .xlsb.
//!
//! What is written is laid out as Excel lays it out: an .ods whose sheets run on to their last row and column, with a 0 behind
//! each error; an .xlsb of binary records, with its texts in a part of their own. Styles are left out.

use boardpack::collect::workbook::open_all;
use boardpack::settings;
use rust_xlsxwriter::Workbook as Xlsx;
use std::collections::BTreeMap;
use std::io::Write;
use workbook_reader::CellContent;

/// Rows and columns of a sheet of Excel.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// The kinds of records of an .xlsb that are written here ([MS-XLSB] 2.3.2).
mod kind {
    pub const ROW: u16 = 0x0000;
    pub const ERROR: u16 = 0x0003;
    pub const REAL: u16 = 0x0005;
    pub const SHARED_TEXT: u16 = 0x0007;
    pub const SST_ITEM: u16 = 0x0013;
    pub const BEGIN_SHEET: u16 = 0x0081;
    pub const END_SHEET: u16 = 0x0082;
    pub const BEGIN_BOOK: u16 = 0x0083;
    pub const END_BOOK: u16 = 0x0084;
    pub const BEGIN_BUNDLE: u16 = 0x008f;
    pub const END_BUNDLE: u16 = 0x0090;
    pub const BEGIN_DATA: u16 = 0x0091;
    pub const END_DATA: u16 = 0x0092;
    pub const DIMENSION: u16 = 0x0094;
    pub const BUNDLE_SH: u16 = 0x009c;
    pub const BEGIN_SST: u16 = 0x009f;
    pub const END_SST: u16 = 0x00a0;
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(String),
    Number(f64),
    /// `#N/A`
    NotAvailable,
}

#[derive(Debug, Clone)]
pub struct Sheet {
    pub name: String,
    /// By row and column, counted from 0.
    pub cells: BTreeMap<(u32, u32), Cell>,
}

#[derive(Debug, Clone)]
pub struct Workbook {
    pub sheets: Vec<Sheet>,
}

impl Workbook {
    /// What stands in a workbook of texts and numbers.
    pub fn open(bytes: &[u8]) -> Self {
        let limits = settings::load(None, &BTreeMap::new()).unwrap().returns.limits;
        let sheets = open_all(bytes, "file", &limits).unwrap().into_iter().map(|sheet| {
            let cells = sheet.rows().flat_map(|row| row.cells.iter()).map(|cell| {
                let content = match &cell.content {
                    CellContent::Text(text) => Cell::Text(text.clone()),
                    CellContent::Number(number) => Cell::Number(*number),
                    other => panic!("{other:?} stands in {}", sheet.name),
                };
                ((cell.row, cell.column), content)
            });
            Sheet { cells: cells.collect(), name: sheet.name.clone() }
        });
        Self { sheets: sheets.collect() }
    }

    pub fn sheet(&mut self, name: &str) -> Option<&mut Sheet> {
        self.sheets.iter_mut().find(|sheet| sheet.name == name)
    }

    pub fn as_xlsx(&self) -> Vec<u8> {
        let mut workbook = Xlsx::new();
        for Sheet { name, cells } in &self.sheets {
            let sheet = workbook.add_worksheet();
            sheet.set_name(name).unwrap();
            for ((row, column), cell) in cells {
                let column = u16::try_from(*column).unwrap();
                match cell {
                    Cell::Text(text) => sheet.write_string(*row, column, text),
                    Cell::Number(number) => sheet.write_number(*row, column, *number),
                    Cell::NotAvailable => {
                        sheet.write_formula(*row, column, rust_xlsxwriter::Formula::new("NA()").set_result("#N/A"))
                    }
                }
                .unwrap();
            }
        }
        workbook.save_to_buffer().unwrap()
    }

    pub fn as_ods(&self) -> Vec<u8> {
        let sheets: String = self.sheets.iter().map(ods_sheet).collect();
        let content = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<office:document-content \
             xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
             xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
             xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.3\"><office:body><office:spreadsheet>\
             <table:calculation-settings table:case-sensitive=\"false\"/>{sheets}</office:spreadsheet></office:body>\
             </office:document-content>"
        );
        let manifest = "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">\
             <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>\
             <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/></manifest:manifest>";
        zip_of(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", content.as_bytes()),
            ("META-INF/manifest.xml", manifest.as_bytes()),
        ])
    }

    pub fn as_xlsb(&self) -> Vec<u8> {
        let texts = Texts::of(self);
        let mut bundle = Vec::new();
        let mut relations = String::new();
        let mut parts = Vec::new();
        for (number, sheet) in (1u32..).zip(&self.sheets) {
            let id = format!("rId{number}");
            bundle.extend(record(kind::BUNDLE_SH, &[&[0; 4], &number.to_le_bytes(), &wide(&id), &wide(&sheet.name)]));
            relations.push_str(&relation(&id, "worksheet", &format!("worksheets/sheet{number}.bin")));
            parts.push((format!("xl/worksheets/sheet{number}.bin"), xlsb_sheet(sheet, &texts)));
        }
        relations.push_str(&relation("rId99", "sharedStrings", "sharedStrings.bin"));
        let book = [
            record(kind::BEGIN_BOOK, &[]),
            record(kind::BEGIN_BUNDLE, &[]),
            bundle,
            record(kind::END_BUNDLE, &[]),
            record(kind::END_BOOK, &[]),
        ];
        let root = relation("rId1", "officeDocument", "xl/workbook.bin");
        let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
             <Default Extension=\"bin\" ContentType=\"application/vnd.ms-excel.sheet.binary.macroEnabled.main\"/>\
             <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/></Types>";
        parts.extend([
            ("[Content_Types].xml".to_owned(), types.as_bytes().to_vec()),
            ("_rels/.rels".to_owned(), relationships(&root).into_bytes()),
            ("xl/workbook.bin".to_owned(), book.concat()),
            ("xl/_rels/workbook.bin.rels".to_owned(), relationships(&relations).into_bytes()),
            ("xl/sharedStrings.bin".to_owned(), texts.part()),
        ]);
        let entries: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        zip_of(&entries)
    }
}

impl Sheet {
    pub fn text(&self, row: u32, column: u32) -> &str {
        match self.cells.get(&(row, column)) {
            Some(Cell::Text(text)) => text,
            _ => "",
        }
    }

    /// Where a text stands that is the whole of its cell.
    pub fn find(&self, text: &str) -> Option<(u32, u32)> {
        self.cells.iter().find(|(_, cell)| matches!(cell, Cell::Text(found) if found == text)).map(|(at, _)| *at)
    }

    /// Writes beside the cell that has this text.
    pub fn write_beside(&mut self, key: &str, text: &str) {
        let (row, column) = self.find(key).unwrap_or_else(|| panic!("there is no {key:?} on {}", self.name));
        self.cells.insert((row, column + 1), Cell::Text(text.to_owned()));
    }

    fn by_row(&self) -> BTreeMap<u32, Vec<(u32, &Cell)>> {
        let mut rows: BTreeMap<u32, Vec<(u32, &Cell)>> = BTreeMap::new();
        for ((row, column), cell) in &self.cells {
            rows.entry(*row).or_default().push((*column, cell));
        }
        rows
    }
}

fn ods_sheet(sheet: &Sheet) -> String {
    let mut rows = String::new();
    let mut next = 0;
    for (row, cells) in sheet.by_row() {
        if row > next {
            rows.push_str(&format!(
                "<table:table-row table:number-rows-repeated=\"{}\">{}</table:table-row>",
                row - next,
                blanks(COLUMNS)
            ));
        }
        rows.push_str("<table:table-row>");
        let mut beside = 0;
        for (column, cell) in cells {
            rows.push_str(&blanks(column - beside));
            rows.push_str(&ods_cell(cell));
            beside = column + 1;
        }
        rows.push_str(&format!("{}</table:table-row>", blanks(COLUMNS - beside)));
        next = row + 1;
    }
    rows.push_str(&format!(
        "<table:table-row table:number-rows-repeated=\"{}\">{}</table:table-row>",
        ROWS - next,
        blanks(COLUMNS)
    ));
    format!(
        "<table:table table:name=\"{}\"><table:table-column table:number-columns-repeated=\"{COLUMNS}\"/>{rows}</table:table>",
        escaped(&sheet.name)
    )
}

fn ods_cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => {
            let lines: String = text.lines().map(|line| format!("<text:p>{}</text:p>", escaped(line))).collect();
            format!("<table:table-cell office:value-type=\"string\">{lines}</table:table-cell>")
        }
        Cell::Number(number) => {
            format!(
                "<table:table-cell office:value-type=\"float\" office:value=\"{number}\"><text:p>{number}</text:p></table:table-cell>"
            )
        }
        Cell::NotAvailable => "<table:table-cell table:formula=\"of:=NA()\" office:value-type=\"float\" office:value=\"0\">\
             <text:p>#N/A</text:p></table:table-cell>"
            .to_owned(),
    }
}

fn blanks(count: u32) -> String {
    match count {
        0 => String::new(),
        1 => "<table:table-cell/>".to_owned(),
        _ => format!("<table:table-cell table:number-columns-repeated=\"{count}\"/>"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// The texts of a workbook, each once, in the order in which they are first met.
struct Texts {
    listed: Vec<String>,
    places: BTreeMap<String, u32>,
}

impl Texts {
    fn of(workbook: &Workbook) -> Self {
        let mut texts = Self { listed: Vec::new(), places: BTreeMap::new() };
        for cell in workbook.sheets.iter().flat_map(|sheet| sheet.cells.values()) {
            if let Cell::Text(text) = cell
                && !texts.places.contains_key(text)
            {
                texts.places.insert(text.clone(), u32::try_from(texts.listed.len()).unwrap());
                texts.listed.push(text.clone());
            }
        }
        texts
    }

    fn part(&self) -> Vec<u8> {
        let count = u32::try_from(self.listed.len()).unwrap().to_le_bytes();
        let mut part = record(kind::BEGIN_SST, &[&count, &count]);
        for text in &self.listed {
            part.extend(record(kind::SST_ITEM, &[&[0], &wide(text)]));
        }
        part.extend(record(kind::END_SST, &[]));
        part
    }
}

fn xlsb_sheet(sheet: &Sheet, texts: &Texts) -> Vec<u8> {
    let mut part = record(kind::BEGIN_SHEET, &[]);
    part.extend(record(kind::DIMENSION, &[&[0; 16]]));
    part.extend(record(kind::BEGIN_DATA, &[]));
    for (row, cells) in sheet.by_row() {
        part.extend(record(kind::ROW, &[&row.to_le_bytes(), &[0; 13]]));
        for (column, cell) in cells {
            let place = [column.to_le_bytes(), [0; 4]].concat();
            part.extend(match cell {
                Cell::Text(text) => record(kind::SHARED_TEXT, &[&place, &texts.places[text].to_le_bytes()]),
                Cell::Number(number) => record(kind::REAL, &[&place, &number.to_le_bytes()]),
                Cell::NotAvailable => record(kind::ERROR, &[&place, &[0x2a]]),
            });
        }
    }
    part.extend(record(kind::END_DATA, &[]));
    part.extend(record(kind::END_SHEET, &[]));
    part
}

/// A record: its kind and its length in groups of seven bits, and its body.
fn record(kind: u16, body: &[&[u8]]) -> Vec<u8> {
    let body = body.concat();
    let kind = kind.to_le_bytes();
    let mut record =
        if kind[1] == 0 && kind[0] < 0x80 { vec![kind[0]] } else { vec![kind[0] | 0x80, kind[1] << 1 | kind[0] >> 7] };
    let mut length = body.len();
    while length >= 0x80 {
        record.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    record.push(u8::try_from(length).unwrap());
    record.extend(body);
    record
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    [&u32::try_from(units.len()).unwrap().to_le_bytes(), bytes.as_slice()].concat()
}

fn relation(id: &str, kind: &str, target: &str) -> String {
    format!(
        "<Relationship Id=\"{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/>"
    )
}

fn relationships(all: &str) -> String {
    format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{all}</Relationships>")
}

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

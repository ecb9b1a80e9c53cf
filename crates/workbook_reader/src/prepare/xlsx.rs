//! An .xlsx or .xlsm made ready: its parts under the names by which calamine looks for them, its worksheets only.

use super::beside;
use super::gathered::Gathered;
use super::package::{Book, Listed, Package, part_beside, worksheet};
use super::prepared::{Most, Prepared, PreparedSheet};
use super::xlsx_sheet;
use super::xml::{self, attribute, escaped};
use crate::problem::{Problem, damaged};
use quick_xml::events::Event;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// # Errors
/// XML that is not well formed, more sheets than are read, or more marked cells than a workbook may have cells.
pub(crate) fn prepare(package: &mut Package<'_>, workbook: &str, most: Most) -> Result<Prepared<'static>, Problem> {
    let place = package.place();
    let book = read_book(package, workbook)?;
    most.hold_to_sheets(book.sheets.len(), place)?;
    let relations = package.relations(workbook)?;
    let strings = part_beside(package, &relations, "sharedStrings", workbook, "sharedStrings.xml");
    let texts = strings.as_deref().map_or(Ok(0), |part| count_texts(package, part))?;
    let mut out = Written::new(place);
    if let Some(index) = strings.and_then(|part| package.index(&part)) {
        out.copy(package, index, "xl/sharedStrings.xml")?;
    }
    if let Some(part) = part_beside(package, &relations, "styles", workbook, "styles.xml") {
        out.add("xl/styles.xml", &number_formats(package, &part)?)?;
    }
    let mut gathered = Gathered::new(book.asks_to_be_calculated, most.cells);
    for listed in book.sheets {
        let Some(part) = worksheet(package, &relations, &listed) else { continue };
        let Some(index) = package.index(&part) else { continue };
        let most = gathered.cells_left;
        let Some((mut look, is_odd)) = xlsx_sheet::look(package.open(&part)?, &mut io::sink(), texts, most, place)? else {
            continue;
        };
        let path = format!("xl/worksheets/{}.xml", gathered.next_key());
        if is_odd {
            xlsx_sheet::look(package.open(&part)?, out.start(&path)?, texts, most, place)?;
        } else {
            out.copy(package, index, &path)?;
        }
        look.beside.extend(beside::of_sheet(package, &part));
        gathered.take(listed.name, listed.hidden, look);
    }
    gathered.take_beside_all(book.texts);
    gathered.take_beside_all(beside::of_book(package, &relations));
    let sheets = gathered.finish();
    out.add_book(&sheets, book.is_1904)?;
    Ok(Prepared { bytes: Cow::Owned(out.finish()?), sheets })
}

fn read_book(package: &mut Package<'_>, workbook: &str) -> Result<Book, Problem> {
    let place = package.place();
    let mut reader = xml::lenient(package.open(workbook)?);
    let mut book = Book::default();
    let is_true = |value: Option<String>| value.is_some_and(|value| matches!(value.as_str(), "1" | "true"));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|e| damaged(place, &e))? {
            Event::Start(element) => match element.local_name().as_ref() {
                "sheet" => book.sheets.push(Listed {
                    name: attribute(&element, "name").unwrap_or_default(),
                    hidden: attribute(&element, "state").is_some_and(|state| state != "visible"),
                    relation: attribute(&element, "id").unwrap_or_default(),
                }),
                "workbookPr" => book.is_1904 |= is_true(attribute(&element, "date1904")),
                "definedName" => book.texts.extend(beside::name_text(&mut reader, &element)),
                "calcPr" => book.asks_to_be_calculated |= is_true(attribute(&element, "fullCalcOnLoad")),
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "workbook" => return Ok(book),
            Event::Eof => return Err(damaged(place, &"the list of its sheets breaks off")),
            _ => {}
        }
    }
}

/// How many shared texts there are.
fn count_texts(package: &mut Package<'_>, part: &str) -> Result<usize, Problem> {
    let place = package.place();
    let mut reader = xml::lenient(package.open(part)?);
    let mut count = 0;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|e| damaged(place, &e))? {
            Event::Start(element) if element.local_name().as_ref() == "si" => count += 1,
            Event::End(element) if element.local_name().as_ref() == "sst" => return Ok(count),
            Event::Eof => return Err(damaged(place, &"the list of its texts breaks off")),
            _ => {}
        }
    }
}

/// The styles with nothing but how numbers are shown, so that no font or colour can keep the figures from being read.
fn number_formats(package: &mut Package<'_>, part: &str) -> Result<String, Problem> {
    let place = package.place();
    let mut reader = xml::lenient(package.open(part)?);
    let mut formats = String::new();
    let mut cells = String::new();
    let mut in_cells = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|e| damaged(place, &e))? {
            Event::Start(element) => match element.local_name().as_ref() {
                "cellXfs" => in_cells = true,
                "numFmt" => {
                    let [id, code] = ["numFmtId", "formatCode"].map(|name| attribute(&element, name).unwrap_or_default());
                    let _ = write!(formats, "<numFmt numFmtId=\"{}\" formatCode=\"{}\"/>", escaped(&id), escaped(&code));
                }
                "xf" if in_cells => {
                    let id = attribute(&element, "numFmtId").unwrap_or_default();
                    let _ = write!(cells, "<xf numFmtId=\"{}\"/>", escaped(&id));
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => in_cells = false,
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(format!("<styleSheet><numFmts>{formats}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>"))
}

/// The zip file that calamine is given.
pub(super) struct Written<'a> {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    place: &'a str,
}

impl<'a> Written<'a> {
    pub fn new(place: &'a str) -> Self {
        Self { zip: ZipWriter::new(Cursor::new(Vec::new())), place }
    }

    pub fn place(&self) -> &'a str {
        self.place
    }

    /// Starts a part; what is written then is of it.
    ///
    /// # Errors
    /// The zip file would be too large.
    pub fn start(&mut self, part: &str) -> Result<&mut ZipWriter<Cursor<Vec<u8>>>, Problem> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(Some(1));
        self.zip.start_file(part, options).map_err(|e| damaged(self.place, &e))?;
        Ok(&mut self.zip)
    }

    /// # Errors
    /// As [`Self::start`].
    pub fn add(&mut self, part: &str, content: impl AsRef<[u8]>) -> Result<(), Problem> {
        let place = self.place;
        self.start(part)?.write_all(content.as_ref()).map_err(|e| damaged(place, &e))
    }

    /// Takes over a part as it is packed.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn copy(&mut self, package: &mut Package<'_>, index: usize, part: &str) -> Result<(), Problem> {
        let entry = package.zip.by_index_raw(index).map_err(|e| damaged(self.place, &e))?;
        self.zip.raw_copy_file_rename(entry, part).map_err(|e| damaged(self.place, &e))
    }

    /// # Errors
    /// As [`Self::start`].
    pub fn finish(self) -> Result<Vec<u8>, Problem> {
        Ok(self.zip.finish().map_err(|e| damaged(self.place, &e))?.into_inner())
    }

    fn add_book(&mut self, sheets: &[PreparedSheet], is_1904: bool) -> Result<(), Problem> {
        let mut listed = String::new();
        let mut relations = String::new();
        for PreparedSheet { key, .. } in sheets {
            let _ = write!(listed, "<sheet name=\"{key}\" r:id=\"{key}\"/>");
            let _ = write!(relations, "<Relationship Id=\"{key}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/{key}.xml\"/>");
        }
        let of_package = format!("<Relationship Id=\"w\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/>");
        let date1904 = u8::from(is_1904);
        self.add("_rels/.rels", format!("<Relationships>{of_package}</Relationships>"))?;
        self.add("xl/_rels/workbook.xml.rels", format!("<Relationships>{relations}</Relationships>"))?;
        self.add(
            "xl/workbook.xml",
            format!("<workbook><workbookPr date1904=\"{date1904}\"/><sheets>{listed}</sheets></workbook>"),
        )
    }
}

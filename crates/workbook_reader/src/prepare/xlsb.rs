//! An .xlsb made ready: its parts under the names by which calamine looks for them, with the records that it reads.

use super::beside;
use super::gathered::Gathered;
use super::package::{Book, Listed, Package, part_beside, worksheet};
use super::prepared::{Most, Prepared, PreparedSheet};
use super::records::{self, number, put_text, text};
use super::xlsx::Written;
use super::{xlsb_beside, xlsb_sheet};
use crate::problem::{Problem, damaged};
use crate::sheet::NumberFormat;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::BufRead;

/// Kinds of records ([MS-XLSB] 2.3.2) of the workbook, the texts and the styles.
mod kind {
    pub const SST_ITEM: u16 = 0x0013;
    pub const NAME: u16 = 0x0027;
    pub const FMT: u16 = 0x002c;
    pub const XF: u16 = 0x002f;
    pub const END_BUNDLE: u16 = 0x0090;
    pub const WB_PROP: u16 = 0x0099;
    pub const BUNDLE_SH: u16 = 0x009c;
    pub const CALC_PROP: u16 = 0x009d;
    pub const BEGIN_SST: u16 = 0x009f;
    pub const BEGIN_FMTS: u16 = 0x0267;
    pub const BEGIN_CELL_XFS: u16 = 0x0269;
    pub const END_CELL_XFS: u16 = 0x026a;
}

/// Where the flag lies in the record about calculation, and its bit ([MS-XLSB] BrtCalcProp, fFullCalcOnLoad).
const FULL_CALCULATION: (usize, u8) = (24, 0x01);

/// # Errors
/// Records that break off, more sheets than are read, or more marked cells than a workbook may have cells.
pub(crate) fn prepare(package: &mut Package<'_>, workbook: &str, most: Most) -> Result<Prepared<'static>, Problem> {
    let place = package.place();
    let book = read_book(&mut package.open(workbook)?, place)?;
    most.hold_to_sheets(book.sheets.len(), place)?;
    let relations = package.relations(workbook)?;
    let mut out = Written::new(place);
    let texts = match part_beside(package, &relations, "sharedStrings", workbook, "sharedStrings.bin") {
        Some(part) => write_texts(&mut package.open(&part)?, &mut out, place)?,
        None => 0,
    };
    let shown = match part_beside(package, &relations, "styles", workbook, "styles.bin") {
        Some(part) => write_formats(&mut package.open(&part)?, &mut out, place)?,
        None => Vec::new(),
    };
    let mut gathered = Gathered::new(book.asks_to_be_calculated, most.cells);
    for listed in book.sheets {
        let Some(part) = worksheet(package, &relations, &listed) else { continue };
        let to = out.start(&format!("xl/worksheets/{}.bin", gathered.next_key()))?;
        let mut look = xlsb_sheet::rewrite(&mut package.open(&part)?, to, texts, &shown, gathered.cells_left, place)?;
        look.beside.extend(beside::of_sheet(package, &part));
        gathered.take(listed.name, listed.hidden, look);
    }
    gathered.take_beside_all(book.texts);
    gathered.take_beside_all(beside::of_book(package, &relations));
    let sheets = gathered.finish();
    write_book(&mut out, &sheets, book.is_1904)?;
    Ok(Prepared { bytes: Cow::Owned(out.finish()?), sheets })
}

fn read_book(part: &mut impl BufRead, place: &str) -> Result<Book, Problem> {
    let mut book = Book::default();
    let mut body = Vec::new();
    while let Some(kind) = records::next(part, &mut body).map_err(|e| damaged(place, &e))? {
        match kind {
            kind::WB_PROP => book.is_1904 = body.first().is_some_and(|flags| flags & 1 != 0),
            kind::CALC_PROP => {
                let (at, bit) = FULL_CALCULATION;
                book.asks_to_be_calculated = body.get(at).is_some_and(|flags| flags & bit != 0);
            }
            kind::NAME => book.texts.extend(xlsb_beside::name(&body)),
            kind::BUNDLE_SH => {
                // A sheet without a relationship has no part.
                let Some((relation, end)) = text(&body, 8) else { continue };
                let name = text(&body, end).map(|(name, _)| name).unwrap_or_default();
                book.sheets.push(Listed { name, hidden: number(&body, 0) != Some(0), relation });
            }
            _ => {}
        }
    }
    Ok(book)
}

/// How many shared texts there are.
fn write_texts(part: &mut impl BufRead, out: &mut Written<'_>, place: &str) -> Result<u32, Problem> {
    let mut items = Vec::new();
    let mut count: u32 = 0;
    let mut body = Vec::new();
    while let Some(kind) = records::next(part, &mut body).map_err(|e| damaged(place, &e))? {
        if kind == kind::SST_ITEM {
            // A text that cannot be read is still counted: the others are called by their numbers.
            let mut plain = vec![0];
            put_text(&mut plain, &text(&body, 1).map(|(text, _)| text).unwrap_or_default());
            records::write(&mut items, kind::SST_ITEM, &plain).map_err(|e| damaged(place, &e))?;
            count = count.saturating_add(1);
        }
    }
    let mut texts = Vec::new();
    let counts = [count.to_le_bytes(), count.to_le_bytes()].concat();
    records::write(&mut texts, kind::BEGIN_SST, &counts).map_err(|e| damaged(place, &e))?;
    texts.extend(items);
    out.add("xl/sharedStrings.bin", texts)?;
    Ok(count)
}

/// Writes how numbers are shown and nothing else of the styles; gives it for each style of cells.
fn write_formats(part: &mut impl BufRead, out: &mut Written<'_>, place: &str) -> Result<Vec<NumberFormat>, Problem> {
    let mut codes: BTreeMap<u16, String> = BTreeMap::new();
    let mut cells: Vec<u16> = Vec::new();
    let mut in_cells = false;
    let mut body = Vec::new();
    while let Some(kind) = records::next(part, &mut body).map_err(|e| damaged(place, &e))? {
        match kind {
            kind::FMT => {
                if let (Some(id), Some((code, _))) = (short(&body, 0), text(&body, 2)) {
                    codes.insert(id, code);
                }
            }
            kind::BEGIN_CELL_XFS => in_cells = true,
            kind::END_CELL_XFS => in_cells = false,
            kind::XF if in_cells => cells.push(short(&body, 2).unwrap_or_default()),
            _ => {}
        }
    }
    let mut styles = Vec::new();
    let mut put = |kind: u16, body: &[u8]| records::write(&mut styles, kind, body).map_err(|e| damaged(place, &e));
    let count = |of: usize| u32::try_from(of).unwrap_or_default().to_le_bytes();
    put(kind::BEGIN_FMTS, &count(codes.len()))?;
    for (id, code) in &codes {
        let mut body = id.to_le_bytes().to_vec();
        put_text(&mut body, code);
        put(kind::FMT, &body)?;
    }
    put(kind::BEGIN_CELL_XFS, &count(cells.len()))?;
    for id in &cells {
        put(kind::XF, &[[0, 0], id.to_le_bytes()].concat())?;
    }
    out.add("xl/styles.bin", styles)?;
    Ok(cells.iter().map(|id| super::number_formats::shown_by_number(*id, codes.get(id).map(String::as_str))).collect())
}

fn short(body: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(body.get(at..at + 2)?.try_into().ok()?))
}

fn write_book(out: &mut Written<'_>, sheets: &[PreparedSheet], is_1904: bool) -> Result<(), Problem> {
    let place = out.place();
    let mut book = Vec::new();
    let mut relations = String::new();
    let mut put = |kind: u16, body: &[u8]| records::write(&mut book, kind, body).map_err(|e| damaged(place, &e));
    put(kind::WB_PROP, &[u8::from(is_1904), 0, 0, 0])?;
    for PreparedSheet { key, .. } in sheets {
        let mut body = vec![0; 8];
        put_text(&mut body, key);
        put_text(&mut body, key);
        put(kind::BUNDLE_SH, &body)?;
        let _ = write!(relations, "<Relationship Id=\"{key}\" Target=\"worksheets/{key}.bin\"/>");
    }
    put(kind::END_BUNDLE, &[])?;
    put(kind::CALC_PROP, &[])?;
    out.add("xl/workbook.bin", book)?;
    out.add("xl/_rels/workbook.bin.rels", format!("<Relationships>{relations}</Relationships>"))
}

//! An .xls made ready: what calamine refuses the whole file for is taken out of it, record by record ([MS-XLS] 2.1.4).
//!
//! Its records stay where they are, since its sheets are found by their places: a record that is taken out keeps its length and
//! becomes one of a kind that is passed over. They are handed over in a container that holds nothing else.

use super::compound::{self, Compound, Senseless};
use super::number_formats::shown_by_number;
use super::prepared::{Mark, Marks};
use super::xls_beside::{self, Texts};
use super::xls_records::{Record, kind, records};
use super::xlsb_sheet::error_of;
use crate::problem::{Problem, damaged};
use crate::sheet::{Beside, NumberFormat};
use std::collections::BTreeMap;

/// Texts are told by two bytes a character, or by the low ones of these (BIFF8).
const UNICODE: u16 = 1200;
const WESTERN: u16 = 1252;
const MACINTOSH: u16 = 10_000;
/// The code pages that calamine has tables for, among those that Excel wrote.
const CODE_PAGES: [u16; 20] =
    [866, 874, 932, 936, 949, 950, 1200, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 10_000, 10_007, 10_017, 65_001];

/// What the record that begins a chart says that it is.
const CHART: u16 = 0x0020;

/// What calamine is given, and what is known beside it.
#[derive(Debug)]
pub(crate) struct PreparedXls {
    pub bytes: Vec<u8>,
    /// By which texts are read, whatever the workbook says.
    pub code_page: Option<u16>,
    /// Of each sheet of any kind, in the workbook's order.
    pub marks: Vec<Marks>,
    /// The same of what stands beside its cells.
    pub beside: Vec<Vec<Beside>>,
    /// What stands beside all of them.
    pub beside_all: Vec<Beside>,
}

/// The streams that hold a workbook, of which the second is of Excel 5 and 95.
const STREAMS: [&str; 2] = ["Workbook", "Book"];

/// # Errors
/// A file whose streams cannot be found.
pub(crate) fn prepare(bytes: &[u8], place: &str) -> Result<PreparedXls, Problem> {
    let senseless = |why: Senseless| damaged(place, &why);
    let file = Compound::open(bytes).map_err(senseless)?;
    let found = STREAMS.iter().find_map(|name| file.stream(name).map(|stream| (name, stream)));
    let (name, stream) = found.ok_or_else(|| damaged(place, &"the part that lists its sheets is missing"))?;
    let mut stream = stream.map_err(senseless)?;
    // One that is protected is handed over as it is, to be told so.
    let mut looked = XlsScan::over(&stream).unwrap_or_default();
    for (at, change) in &looked.changes {
        if let Some(place) = stream.get_mut(*at..*at + change.len()) {
            place.copy_from_slice(change);
        }
    }
    let caches = file.streams(is_pivot_cache).filter_map(|cache| xls_beside::pivot_cache(&cache));
    looked.beside_all.extend(caches);
    if file.has_storage(|name| name.starts_with(EMBEDDED)) {
        looked.beside_all.push(Beside::embedded());
    }
    let bytes = compound::container(name, &stream).ok_or_else(|| damaged(place, &"it is too large"))?;
    let code_page = looked.code_page();
    Ok(PreparedXls { bytes, code_page, marks: looked.marks, beside: looked.beside, beside_all: looked.beside_all })
}

/// How the folders of embedded files are called.
const EMBEDDED: &str = "MBD";

/// The rows behind pivot tables lie in streams that are called by numbers of four digits.
fn is_pivot_cache(name: &str) -> bool {
    name.len() == 4 && name.bytes().all(|digit| digit.is_ascii_hexdigit())
}

#[derive(Debug, Default)]
struct XlsScan {
    is_biff8: bool,
    said_code_page: Option<u16>,
    /// What to write where.
    changes: Vec<(usize, Vec<u8>)>,
    marks: Vec<Marks>,
    beside: Vec<Vec<Beside>>,
    beside_all: Vec<Beside>,
    texts: u32,
    /// Of each style of cells, how it shows a number or a date.
    shown: Vec<NumberFormat>,
    /// Formulas, by sheet, without a result: an empty text, or none.
    without_result: Vec<(usize, (u32, u32))>,
    has_results: bool,
    /// The formula whose text is to follow in a record of its own.
    awaits_text: Option<(u32, u32)>,
}

impl XlsScan {
    /// None where the workbook is protected or is none.
    fn over(stream: &[u8]) -> Option<Self> {
        let mut look = Self::default();
        let sheets = look.globals(stream)?;
        for from in sheets {
            look.marks.push(Marks::new());
            look.sheet(stream, from);
        }
        if !look.has_results {
            for (sheet, at) in std::mem::take(&mut look.without_result) {
                look.marks[sheet].insert(at, Mark::Uncached);
            }
        }
        Some(look)
    }

    fn code_page(&self) -> Option<u16> {
        match self.said_code_page {
            // What it says then is of its user's computer.
            _ if self.is_biff8 => Some(UNICODE),
            Some(0x8000) => Some(MACINTOSH),
            Some(said) if CODE_PAGES.contains(&said) => None,
            _ => Some(WESTERN),
        }
    }

    /// Gives where each sheet begins.
    fn globals(&mut self, stream: &[u8]) -> Option<Vec<usize>> {
        let mut sheets = Vec::new();
        let mut codes: BTreeMap<u16, String> = BTreeMap::new();
        let mut formats: Vec<u16> = Vec::new();
        let mut texts = Texts::default();
        for record in records(stream, 0) {
            texts.take(record, false);
            match record.kind {
                kind::BOF => {
                    self.is_biff8 = record.short(0) == Some(0x0600);
                    texts = Texts::new(self.is_biff8);
                }
                kind::FILE_PASS => return None,
                kind::CODE_PAGE => self.said_code_page = record.short(0),
                // Names and the sheets that they lead to are of no use here, and one that is odd would end the reading.
                kind::NAME | kind::EXTERN_SHEET => self.take_out(record),
                kind::SST => self.texts = record.long(4).unwrap_or_default(),
                kind::XF => formats.push(record.short(2).unwrap_or_default()),
                kind::FORMAT => {
                    if let Some(id) = record.short(0) {
                        codes.insert(id, code_of(record.body, self.is_biff8));
                    }
                }
                kind::BOUND_SHEET => {
                    let from = record.long(0).and_then(|from| usize::try_from(from).ok());
                    match from.filter(|from| records(stream, *from).next().is_some_and(|first| first.kind == kind::BOF)) {
                        Some(from) => {
                            sheets.push(from);
                            self.hold_to_known_kinds(record);
                        }
                        // A sheet without a part.
                        None => self.take_out(record),
                    }
                }
                kind::EOF => break,
                _ => {}
            }
        }
        self.beside_all = texts.finish();
        self.shown = formats.iter().map(|id| shown_by_number(*id, codes.get(id).map(String::as_str))).collect();
        Some(sheets)
    }

    /// Calamine knows worksheets (0), macro sheets (1), charts (2) and modules (6); what is none of these is not read.
    fn hold_to_known_kinds(&mut self, record: Record<'_>) {
        if let [.., state, kind] = record.body[..record.body.len().min(6)] {
            if !matches!(kind, 0 | 1 | 2 | 6) {
                self.changes.push((record.at + 4 + 5, vec![2]));
            }
            if state & 0x3f > 2 {
                self.changes.push((record.at + 4 + 4, vec![1]));
            }
        }
    }

    fn sheet(&mut self, stream: &[u8], from: usize) {
        // Charts and the like lie within a sheet and have cells of their own.
        let mut open: Vec<bool> = Vec::new();
        let mut texts = Texts::new(self.is_biff8);
        for record in records(stream, from) {
            match record.kind {
                kind::BOF => open.push(record.short(2) == Some(CHART)),
                kind::EOF => {
                    open.pop();
                    if open.is_empty() {
                        break;
                    }
                }
                _ => {
                    texts.take(record, open.last() == Some(&true));
                    if open.len() == 1 {
                        self.record(record);
                    }
                }
            }
        }
        self.beside.push(texts.finish());
        self.give_up_text();
    }

    /// A formula whose text did not follow.
    fn give_up_text(&mut self) {
        if let Some(at) = self.awaits_text.take() {
            self.mark(at, Mark::Unreadable);
        }
    }

    fn record(&mut self, record: Record<'_>) {
        let length = record.body.len();
        let is_sound = match record.kind {
            kind::DIMENSIONS | kind::MERGED => return self.take_out(record),
            kind::FORMULA => length >= 20,
            kind::NUMBER => length >= 14,
            kind::RK => length >= 10,
            kind::MUL_RK => is_whole(record),
            kind::BOOL_ERR => length >= 8 && record.body[7] <= 1,
            kind::LABEL | kind::RICH_TEXT => length >= if self.is_biff8 { 9 } else { 8 },
            kind::STRING => length >= if self.is_biff8 { 3 } else { 2 },
            kind::LABEL_SST => record.long(6).is_some_and(|text| text < self.texts),
            _ => return,
        };
        if record.kind == kind::STRING {
            // It has no place of its own.
            if is_sound {
                self.awaits_text = None;
            } else {
                self.take_out(record);
            }
            return;
        }
        let Some(at) = record.cell() else { return self.take_out(record) };
        if !is_sound {
            self.mark(at, Mark::Unreadable);
            return self.take_out(record);
        }
        match record.kind {
            kind::FORMULA => self.formula(record, at),
            kind::BOOL_ERR if record.body[7] == 1 => self.error(record, at, record.body[6]),
            kind::NUMBER | kind::RK => self.number(record.short(4), at),
            kind::MUL_RK => {
                for (column, cell) in (at.1..).zip(record.body[4..length - 2].chunks_exact(6)) {
                    self.number(Some(u16::from_le_bytes([cell[0], cell[1]])), (at.0, column));
                }
            }
            _ => {}
        }
    }

    /// A formula with its result: a number, or what the first of its eight bytes says where the last two are set.
    fn formula(&mut self, record: Record<'_>, at: (u32, u32)) {
        self.give_up_text();
        let result = &record.body[6..14];
        if result[6..] != [0xff, 0xff] {
            self.has_results = true;
            return self.number(record.short(4), at);
        }
        match result[0] {
            0 => {
                self.has_results = true;
                self.awaits_text = Some(at);
            }
            1 => self.has_results = true,
            2 => {
                self.has_results = true;
                self.error(record, at, result[2]);
            }
            // An empty text, and what programs write that cannot calculate.
            3 => self.without_result.push((self.marks.len() - 1, at)),
            _ => {
                self.mark(at, Mark::Unreadable);
                self.take_out(record);
            }
        }
    }

    fn error(&mut self, record: Record<'_>, at: (u32, u32), code: u8) {
        self.mark(at, Mark::Error(error_of(code)));
        self.take_out(record);
    }

    /// A number or a date, of which the style says how it is shown.
    fn number(&mut self, style: Option<u16>, at: (u32, u32)) {
        let shown = style.and_then(|style| self.shown.get(usize::from(style)));
        if let Some(mark) = shown.and_then(|shown| Mark::new(*shown)) {
            self.mark(at, mark);
        }
    }

    fn mark(&mut self, at: (u32, u32), mark: Mark) {
        if let Some(marks) = self.marks.last_mut() {
            marks.insert(at, mark);
        }
    }

    fn take_out(&mut self, record: Record<'_>) {
        self.changes.push((record.at, kind::NONE.to_le_bytes().to_vec()));
    }
}

/// True where a row of numbers is as long as its columns say.
fn is_whole(record: Record<'_>) -> bool {
    let length = record.body.len();
    let (Some(first), Some(last)) = (record.short(2), length.checked_sub(2).and_then(|at| record.short(at))) else {
        return false;
    };
    last >= first && length == 6 + 6 * (usize::from(last - first) + 1)
}

/// The code of a number format; its letters are ASCII, whatever the code page.
fn code_of(body: &[u8], is_biff8: bool) -> String {
    let text = body.get(if is_biff8 { 5 } else { 3 }..).unwrap_or_default();
    let is_wide = is_biff8 && body.get(4).is_some_and(|flags| flags & 1 != 0);
    text.iter().step_by(if is_wide { 2 } else { 1 }).map(|byte| char::from(*byte)).collect()
}

//! A worksheet of an .xlsb gone through record by record and written anew with the records that calamine reads.

use super::gathered::SheetScan;
use super::prepared::{MOST_COLUMNS, MOST_ROWS, Mark};
use super::records::{self, number, put_text, text};
use super::xlsb_beside;
use crate::problem::{Problem, damaged};
use crate::sheet::NumberFormat;
use std::io::{self, BufRead, Write};

/// Kinds of records ([MS-XLSB] 2.3.2) of a sheet. The short ones have no column: they follow the cell before them.
mod kind {
    pub const ROW: u16 = 0x0000;
    pub const BLANK: u16 = 0x0001;
    pub const RK: u16 = 0x0002;
    pub const ERROR: u16 = 0x0003;
    pub const BOOL: u16 = 0x0004;
    pub const REAL: u16 = 0x0005;
    pub const TEXT: u16 = 0x0006;
    pub const SHARED_TEXT: u16 = 0x0007;
    pub const FORMULA_TEXT: u16 = 0x0008;
    pub const FORMULA_NUMBER: u16 = 0x0009;
    pub const FORMULA_BOOL: u16 = 0x000a;
    pub const FORMULA_ERROR: u16 = 0x000b;
    pub const SHORT_BLANK: u16 = 0x000c;
    pub const SHORT_RK: u16 = 0x000d;
    pub const SHORT_ERROR: u16 = 0x000e;
    pub const SHORT_BOOL: u16 = 0x000f;
    pub const SHORT_REAL: u16 = 0x0010;
    pub const SHORT_TEXT: u16 = 0x0011;
    pub const SHORT_SHARED_TEXT: u16 = 0x0012;
    pub const RICH_TEXT: u16 = 0x003e;
    pub const BEGIN_DATA: u16 = 0x0091;
    pub const END_DATA: u16 = 0x0092;
    pub const DIMENSION: u16 = 0x0094;
    /// Between rows and cells without being one: extensions from 0x0023 to 0x0026, and what belongs to the next cell.
    pub const BESIDE_CELLS: [u16; 6] = [0x0023, 0x0024, 0x0025, 0x0026, 0x0031, 0x0032];
    /// Cells have lower numbers.
    pub const PAST_CELLS: u16 = 0x0040;
}

/// Where the column, the style and the value of a cell's record begin.
const STYLE: usize = 4;
const VALUE: usize = 8;

/// Writes the sheet `part` to `to`. In its workbook there are `texts` shared texts; `shown` says of each style
/// how it shows a number or a date.
///
/// # Errors
/// Records that break off, or more than `most` marked cells.
pub(super) fn rewrite(
    part: &mut impl BufRead,
    to: &mut impl Write,
    texts: u32,
    shown: &[NumberFormat],
    most: u64,
    place: &str,
) -> Result<SheetScan, Problem> {
    let fault = |e: io::Error| damaged(place, &e);
    records::write(to, kind::DIMENSION, &[0; 16]).map_err(fault)?;
    records::write(to, kind::BEGIN_DATA, &[]).map_err(fault)?;
    let mut scan = Scan { to, texts, shown, row: 0, column: 0, look: SheetScan::default() };
    let mut in_data = false;
    let mut body = Vec::new();
    loop {
        match records::next(part, &mut body).map_err(fault)? {
            Some(kind::BEGIN_DATA) => in_data = true,
            Some(kind::END_DATA) => break,
            Some(kind) if in_data => scan.record(kind, &mut body).map_err(fault)?,
            Some(_) => {}
            None => return Err(damaged(place, &"a worksheet breaks off")),
        }
        scan.look.hold_to(most, place)?;
    }
    records::write(scan.to, kind::END_DATA, &[]).map_err(fault)?;
    scan.look.beside = xlsb_beside::after_cells(part);
    Ok(scan.look)
}

struct Scan<'a, W> {
    to: &'a mut W,
    texts: u32,
    shown: &'a [NumberFormat],
    row: u32,
    /// Of the next cell, where its record does not say.
    column: u32,
    look: SheetScan,
}

impl<W: Write> Scan<'_, W> {
    fn record(&mut self, kind: u16, body: &mut Vec<u8>) -> io::Result<()> {
        match kind {
            kind::ROW => {
                let row = number(body, 0).filter(|row| *row < MOST_ROWS);
                self.row = row.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
                self.column = 0;
                records::write(self.to, kind::ROW, &self.row.to_le_bytes())
            }
            kind::SHORT_BLANK..=kind::SHORT_SHARED_TEXT => {
                body.splice(0..0, self.column.to_le_bytes());
                self.cell(long(kind), body)
            }
            kind::BLANK..=kind::FORMULA_ERROR | kind::RICH_TEXT => self.cell(kind, body),
            other if other < kind::PAST_CELLS && !kind::BESIDE_CELLS.contains(&other) => {
                // A cell of a kind that is not known, at the next place for all that can be told.
                let at = (self.row, self.column);
                self.mark(at, Mark::Unreadable);
                self.column = self.column.saturating_add(1);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn cell(&mut self, kind: u16, body: &mut Vec<u8>) -> io::Result<()> {
        let said = number(body, 0).filter(|column| *column < MOST_COLUMNS);
        let at = (self.row, said.unwrap_or(self.column));
        self.column = at.1.saturating_add(1);
        if kind == kind::BLANK {
            return Ok(());
        }
        if said.is_none() {
            self.mark(at, Mark::Unreadable);
            return Ok(());
        }
        if let Some(error) = body.get(VALUE).filter(|_| matches!(kind, kind::ERROR | kind::FORMULA_ERROR)) {
            self.mark(at, Mark::Error(error_of(*error)));
            return Ok(());
        }
        if !self.is_sound(kind, body) {
            self.mark(at, Mark::Unreadable);
            return Ok(());
        }
        if kind == kind::FORMULA_NUMBER {
            let bytes = body[VALUE..VALUE + 8].try_into().unwrap_or_default();
            self.look.result(at, f64::from_le_bytes(bytes));
        }
        let style = u32::from_le_bytes([body[STYLE], body[STYLE + 1], body[STYLE + 2], 0]);
        let is_number = matches!(kind, kind::RK | kind::REAL | kind::FORMULA_NUMBER);
        let shown = usize::try_from(style).ok().and_then(|style| self.shown.get(style)).filter(|_| is_number);
        if let Some(mark) = shown.and_then(|shown| Mark::new(*shown)) {
            self.mark(at, mark);
        }
        if kind == kind::RICH_TEXT {
            let (text, _) = text(body, VALUE + 1).unwrap_or_default();
            body.truncate(VALUE);
            put_text(body, &text);
            return records::write(self.to, kind::TEXT, body);
        }
        records::write(self.to, kind, body)
    }

    /// True where the record holds what its kind says.
    fn is_sound(&self, kind: u16, body: &[u8]) -> bool {
        match kind {
            kind::RK => body.len() >= VALUE + 4,
            kind::BOOL | kind::FORMULA_BOOL => body.len() > VALUE,
            kind::REAL | kind::FORMULA_NUMBER => body.len() >= VALUE + 8,
            kind::TEXT | kind::FORMULA_TEXT => text(body, VALUE).is_some(),
            kind::RICH_TEXT => text(body, VALUE + 1).is_some(),
            kind::SHARED_TEXT => number(body, VALUE).is_some_and(|text| text < self.texts),
            _ => false,
        }
    }

    fn mark(&mut self, at: (u32, u32), mark: Mark) {
        if at.0 < MOST_ROWS && at.1 < MOST_COLUMNS {
            self.look.marks.insert(at, mark);
        }
    }
}

/// The kind of the same cell with its column.
fn long(short: u16) -> u16 {
    match short {
        kind::SHORT_RK => kind::RK,
        kind::SHORT_ERROR => kind::ERROR,
        kind::SHORT_BOOL => kind::BOOL,
        kind::SHORT_REAL => kind::REAL,
        kind::SHORT_TEXT => kind::TEXT,
        kind::SHORT_SHARED_TEXT => kind::SHARED_TEXT,
        _ => kind::BLANK,
    }
}

/// The word of an error's number ([MS-XLSB] BErr; the same in .xls).
pub(super) fn error_of(code: u8) -> String {
    let word = match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        0x2b => "#GETTING_DATA",
        other => return format!("of number {other}"),
    };
    word.to_owned()
}

//! How the cells of a workbook come back from the process that reads it: a stream of records, each a byte that says what
//! it is and then its parts. Whole numbers are little-endian.
//!
//! | byte | record | parts |
//! |---|---|---|
//! | `S` | a sheet; the cells that follow are of it | 1 if hidden, else 0 (a byte); its name (text) |
//! | `T` | a text | position; how shown; text |
//! | `N` | a number | position; how shown; the double's eight bytes |
//! | `D` | a day | position; how shown; year (2 bytes), month, day (a byte each) |
//! | `H` | a time that is no day | position; how shown |
//! | `L` | TRUE or FALSE | position; how shown; 1 or 0 (a byte) |
//! | `E` | an error | position; how shown; text |
//! | `F` | a formula without a result | position; how shown |
//! | `X` | a cell that could not be read | position; how shown |
//! | `B` | a text beside the cells | 1 and a position, or 0; its name; text |
//! | `.` | the end of a workbook that was read whole; nothing follows | |
//! | `U` | the workbook cannot be read; nothing follows | place, problem, remedy (texts) |
//!
//! A position is a row and a column, counted from 0, in four bytes each. How shown is a byte: 0 plain, 1 as a
//! percentage, 2 unknown, 3 as a month. A text is its length in bytes, in four bytes, and UTF-8. A stream that ends before
//! `.` or `U` is of a reader that died.

use super::sheet::{Beside, Cell, Content, Sheet, Shown};
use super::{Broken, Found, Gathered, Refusal};
use crate::fault::Fault;
use jiff::civil::Date;
use std::io::{self, Read, Write};

/// Writes what is found as it comes. The first failure is kept for [`Self::finish`]; nothing is written after it.
pub(super) struct Writer<W: Write> {
    to: W,
    result: io::Result<()>,
}

impl<W: Write> Writer<W> {
    pub fn new(to: W) -> Self {
        Self { to, result: Ok(()) }
    }

    pub fn tell(&mut self, found: &Found<'_>) {
        if self.result.is_ok() {
            self.result = match found {
                Found::Sheet { name, hidden } => self.sheet(name, *hidden),
                Found::Cell(cell) => self.cell(cell),
                Found::Beside(beside) => self.beside(beside),
            };
        }
    }

    /// # Errors
    /// The stream could not be written, now or before.
    pub fn finish(mut self, outcome: Result<(), Refusal>) -> io::Result<()> {
        self.result?;
        match outcome {
            Ok(()) => self.to.write_all(b".")?,
            Err(refusal) => {
                self.to.write_all(b"U")?;
                let fault = refusal.into_fault();
                for part in [&fault.place, &fault.problem, &fault.remedy] {
                    write_text(&mut self.to, part)?;
                }
            }
        }
        self.to.flush()
    }

    fn sheet(&mut self, name: &str, hidden: bool) -> io::Result<()> {
        self.to.write_all(&[b'S', u8::from(hidden)])?;
        write_text(&mut self.to, name)
    }

    fn beside(&mut self, beside: &Beside) -> io::Result<()> {
        self.to.write_all(&[b'B', u8::from(beside.at.is_some())])?;
        for part in beside.at.into_iter().flat_map(<[u32; 2]>::from) {
            self.to.write_all(&part.to_le_bytes())?;
        }
        write_text(&mut self.to, &beside.name)?;
        write_text(&mut self.to, &beside.text)
    }

    fn cell(&mut self, cell: &Cell) -> io::Result<()> {
        let sign = match &cell.content {
            Content::Text(_) => b'T',
            Content::Number(_) => b'N',
            Content::Date(_) => b'D',
            Content::Time => b'H',
            Content::Logical(_) => b'L',
            Content::Error(_) => b'E',
            Content::Uncached => b'F',
            Content::Unreadable => b'X',
        };
        let shown = match cell.shown {
            Shown::Plain => 0,
            Shown::Percent => 1,
            Shown::Month => 2,
            Shown::Scaled => 3,
        };
        let mut head = [sign, 0, 0, 0, 0, 0, 0, 0, 0, shown];
        head[1..5].copy_from_slice(&cell.row.to_le_bytes());
        head[5..9].copy_from_slice(&cell.column.to_le_bytes());
        self.to.write_all(&head)?;
        match &cell.content {
            Content::Text(text) | Content::Error(text) => write_text(&mut self.to, text),
            Content::Number(number) => self.to.write_all(&number.to_le_bytes()),
            Content::Date(date) => {
                self.to.write_all(&date.year().to_le_bytes())?;
                self.to.write_all(&[date.month().unsigned_abs(), date.day().unsigned_abs()])
            }
            Content::Logical(logical) => self.to.write_all(&[u8::from(*logical)]),
            Content::Time | Content::Uncached | Content::Unreadable => Ok(()),
        }
    }
}

fn write_text(to: &mut impl Write, text: &str) -> io::Result<()> {
    let length = u32::try_from(text.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(text.as_bytes())
}

/// Reads a stream back; at most `max_cells` cells and `max_sheets` sheets are taken from it. The inner result is the
/// workbook's, as it was told.
///
/// # Errors
/// The stream breaks off, holds too much, or is none.
pub fn read(mut from: impl Read, max_cells: u64, max_sheets: usize) -> io::Result<Result<Vec<Sheet>, Broken>> {
    let mut gathered = Gathered::default();
    let mut sheets_left = max_sheets;
    let mut cells_left = max_cells;
    loop {
        let sign = byte(&mut from)?;
        match sign {
            b'S' if sheets_left > 0 => {
                sheets_left -= 1;
                let hidden = byte(&mut from)? == 1;
                gathered.take(Found::Sheet { name: &text(&mut from)?, hidden });
            }
            b'T' | b'N' | b'D' | b'H' | b'L' | b'E' | b'F' | b'X' | b'B' => {
                cells_left = cells_left.checked_sub(1).ok_or_else(senseless)?;
                if sheets_left == max_sheets {
                    return Err(senseless());
                }
                gathered.take(match sign {
                    b'B' => Found::Beside(beside(&mut from)?),
                    _ => Found::Cell(cell(sign, &mut from)?),
                });
            }
            b'.' => return Ok(Ok(gathered.sheets())),
            b'U' => {
                let fault = Fault::new(text(&mut from)?, text(&mut from)?, text(&mut from)?);
                return Ok(Err(Broken { fault, sheets: gathered.sheets() }));
            }
            _ => return Err(senseless()),
        }
    }
}

fn beside(from: &mut impl Read) -> io::Result<Beside> {
    let at = match byte(from)? {
        0 => None,
        _ => Some((u32::from_le_bytes(bytes(from)?), u32::from_le_bytes(bytes(from)?))),
    };
    Ok(Beside { name: text(from)?, at, text: text(from)? })
}

fn cell(sign: u8, from: &mut impl Read) -> io::Result<Cell> {
    let (row, column) = (u32::from_le_bytes(bytes(from)?), u32::from_le_bytes(bytes(from)?));
    let shown = match byte(from)? {
        0 => Shown::Plain,
        1 => Shown::Percent,
        2 => Shown::Month,
        3 => Shown::Scaled,
        _ => return Err(senseless()),
    };
    let content = match sign {
        b'T' => Content::Text(text(from)?),
        b'N' => Content::Number(f64::from_le_bytes(bytes(from)?)),
        b'D' => {
            let (year, [month, day]) = (i16::from_le_bytes(bytes(from)?), bytes(from)?);
            let small = |part: u8| i8::try_from(part).map_err(|_| senseless());
            Content::Date(Date::new(year, small(month)?, small(day)?).map_err(|_| senseless())?)
        }
        b'H' => Content::Time,
        b'L' => Content::Logical(byte(from)? == 1),
        b'E' => Content::Error(text(from)?),
        b'F' => Content::Uncached,
        _ => Content::Unreadable,
    };
    Ok(Cell { row, column, content, shown })
}

fn byte(from: &mut impl Read) -> io::Result<u8> {
    bytes(from).map(|[byte]| byte)
}

fn bytes<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn text(from: &mut impl Read) -> io::Result<String> {
    let length = u32::from_le_bytes(bytes(from)?);
    let mut bytes = Vec::new();
    // Room is made for what comes, not for what is announced.
    if from.take(length.into()).read_to_end(&mut bytes)? < length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    String::from_utf8(bytes).map_err(|_| senseless())
}

fn senseless() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(outcome: Result<(), Refusal>) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = Writer::new(&mut bytes);
        writer.tell(&Found::Sheet { name: "Zahlen \u{2013} 1", hidden: true });
        for (row, content) in contents().into_iter().enumerate() {
            let shown = [Shown::Plain, Shown::Percent, Shown::Month, Shown::Scaled][row % 4];
            writer.tell(&Found::Cell(Cell { row: u32::try_from(row).unwrap(), column: 16_383, content, shown }));
        }
        writer.tell(&Found::Beside(remark()));
        writer.tell(&Found::Sheet { name: "", hidden: false });
        writer.finish(outcome).unwrap();
        bytes
    }

    fn remark() -> Beside {
        Beside { name: "comment".to_owned(), at: Some((3, 1)), text: "a\nb".to_owned() }
    }

    fn contents() -> Vec<Content> {
        vec![
            Content::Text("a\nb".to_owned()),
            Content::Number(-0.1),
            Content::Date(jiff::civil::date(2026, 7, 31)),
            Content::Time,
            Content::Logical(true),
            Content::Error("#REF!".to_owned()),
            Content::Uncached,
            Content::Unreadable,
        ]
    }

    #[test]
    fn what_is_written_is_read_back() {
        let sheets = read(&*stream(Ok(())), 9, 2).unwrap().unwrap();
        let named: Vec<_> = sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.hidden)).collect();
        assert_eq!(named, [("Zahlen \u{2013} 1", true), ("", false)]);
        let read: Vec<_> = sheets[0].rows().flat_map(|row| row.cells).map(|cell| cell.content.clone()).collect();
        assert_eq!(read, contents());
        assert_eq!((&sheets[0].beside[..], sheets[1].beside.len()), (&[remark()][..], 0));
        let cells = || sheets[0].rows().flat_map(|row| row.cells);
        assert!(cells().zip(0..).all(|(cell, row)| (cell.row, cell.column) == (row, 16_383)));
        let count = |shown| cells().filter(|cell| cell.shown == shown).count();
        assert!([Shown::Plain, Shown::Percent, Shown::Month, Shown::Scaled].iter().all(|shown| count(*shown) == 2));
    }

    proptest::proptest! {
        #[test]
        fn a_number_comes_back_bit_for_bit(number in proptest::num::f64::ANY) {
            let mut bytes = Vec::new();
            let mut writer = Writer::new(&mut bytes);
            writer.tell(&Found::Sheet { name: "S", hidden: false });
            writer.tell(&Found::Cell(Cell { row: 0, column: 0, content: Content::Number(number), shown: Shown::Plain }));
            writer.finish(Ok(())).unwrap();
            let sheets = read(&*bytes, 1, 1).unwrap().unwrap();
            let read = sheets[0].rows().flat_map(|row| row.cells).map(|cell| cell.content.clone()).next();
            let Some(Content::Number(read)) = read else { panic!("{read:?}") };
            proptest::prop_assert_eq!(read.to_bits(), number.to_bits());
        }
    }

    #[test]
    fn a_refusal_is_read_back_whatever_came_before_it() {
        let fault = Fault::new("file, sheet S", "is damaged", "send it again");
        let broken = read(&*stream(Err(fault.clone().into())), 9, 2).unwrap().unwrap_err();
        assert_eq!((broken.fault, broken.sheets.len()), (fault, 2));
    }

    #[test]
    fn a_stream_that_breaks_off_or_holds_too_much_is_no_workbook() {
        let whole = stream(Ok(()));
        assert!((0..whole.len()).all(|end| read(&whole[..end], 9, 2).is_err()));
        assert!(read(&*whole, 8, 2).is_err() && read(&*whole, 9, 1).is_err());
    }

    #[test]
    fn a_length_that_is_only_announced_takes_no_memory() {
        assert_eq!(read(&b"S\0\xff\xff\xff\xffabc"[..], 1, 1).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}

//! What the process that reads a workbook and its parent tell each other: records, each its length in bytes (four, little-endian)
//! and then its postcard form.
//!
//! The parent sends a [`Request`] and, after it, the workbook as it is. What comes back is a record for each sheet, cell and text
//! beside the cells as they are come upon, and last [`Record::End`] or [`Record::Problem`]. A stream that ends before that is of a
//! reader that died.

use crate::found::{SheetCollector, WorkbookItem};
use crate::limits::WorkbookLimits;
use crate::problem::{Broken, Problem};
use crate::sheet::{Beside, Cell, Sheet};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// What the process is to read, and within which limits.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    /// How the workbook is named in messages.
    pub place: String,
    pub limits: WorkbookLimits,
}

/// Written as [`RecordRef`], whose variants must be in the same order.
#[derive(Debug, Deserialize)]
enum Record {
    /// The cells and texts that follow are of it.
    Sheet {
        name: String,
        hidden: bool,
    },
    Cell(Cell),
    Beside(Beside),
    /// The workbook was read whole.
    End,
    /// It cannot be read, or not to its end.
    Problem(Problem),
}

#[derive(Debug, Serialize)]
enum RecordRef<'a> {
    Sheet { name: &'a str, hidden: bool },
    Cell(&'a Cell),
    Beside(&'a Beside),
    End,
    Problem(&'a Problem),
}

/// Writes what is found as it comes. The first failure is kept for [`Self::finish`]; nothing is written after it.
pub(crate) struct Writer<W: Write> {
    to: W,
    buffer: Vec<u8>,
    result: io::Result<()>,
}

impl<W: Write> Writer<W> {
    pub fn new(to: W) -> Self {
        Self { to, buffer: Vec::new(), result: Ok(()) }
    }

    pub fn tell(&mut self, found: &WorkbookItem<'_>) {
        if self.result.is_ok() {
            self.result = self.write(&match found {
                WorkbookItem::Sheet { name, hidden } => RecordRef::Sheet { name, hidden: *hidden },
                WorkbookItem::Cell(cell) => RecordRef::Cell(cell),
                WorkbookItem::Beside(beside) => RecordRef::Beside(beside),
            });
        }
    }

    /// # Errors
    /// The stream could not be written, now or before.
    pub fn finish(mut self, outcome: Result<(), Problem>) -> io::Result<()> {
        std::mem::replace(&mut self.result, Ok(()))?;
        match outcome {
            Ok(()) => self.write(&RecordRef::End)?,
            Err(problem) => self.write(&RecordRef::Problem(&problem))?,
        }
        self.to.flush()
    }

    fn write(&mut self, record: &RecordRef<'_>) -> io::Result<()> {
        write(&mut self.to, record, &mut self.buffer)
    }
}

/// Writes one record; `buffer` is taken again for the next.
///
/// # Errors
/// The stream could not be written, or the record is longer than 4 GB.
pub(crate) fn write(to: &mut impl Write, record: &impl Serialize, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    postcard::to_io(record, &mut *buffer).map_err(io::Error::other)?;
    let length = u32::try_from(buffer.len()).map_err(|_| senseless())?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(buffer)
}

/// Reads one record. Room is made for what comes, not for what is announced.
///
/// # Errors
/// The stream breaks off, or holds something else.
pub(crate) fn read<T: DeserializeOwned>(from: &mut impl Read, buffer: &mut Vec<u8>) -> io::Result<T> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    buffer.clear();
    if from.take(length.into()).read_to_end(buffer)? < length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    match postcard::take_from_bytes(buffer) {
        Ok((record, [])) => Ok(record),
        _ => Err(senseless()),
    }
}

/// Reads what the process answers; at most as many cells and sheets as `limits` allow are taken from it. The inner result is the
/// workbook's, as it was told. Open to be held to any bytes.
///
/// # Errors
/// The stream breaks off, holds too much, or is none.
#[doc(hidden)]
pub fn read_answer(mut from: impl Read, limits: &WorkbookLimits) -> io::Result<Result<Vec<Sheet>, Broken>> {
    let mut gathered = SheetCollector::default();
    let mut buffer = Vec::new();
    let (mut sheets_left, mut cells_left) = (limits.max_sheets, limits.max_cells);
    loop {
        match read(&mut from, &mut buffer)? {
            Record::Sheet { name, hidden } => {
                sheets_left = sheets_left.checked_sub(1).ok_or_else(senseless)?;
                gathered.take(WorkbookItem::Sheet { name: &name, hidden });
            }
            Record::Cell(_) | Record::Beside(_) if sheets_left == limits.max_sheets => return Err(senseless()),
            Record::Cell(cell) => {
                cells_left = cells_left.checked_sub(1).ok_or_else(senseless)?;
                gathered.take(WorkbookItem::Cell(cell));
            }
            Record::Beside(beside) => {
                cells_left = cells_left.checked_sub(1).ok_or_else(senseless)?;
                gathered.take(WorkbookItem::Beside(beside));
            }
            Record::End => return Ok(Ok(gathered.sheets())),
            Record::Problem(problem) => return Ok(Err(Broken { problem, sheets: gathered.sheets() })),
        }
    }
}

fn senseless() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::ProblemKind;
    use crate::sheet::{CellContent, NumberFormat};

    fn limits(max_cells: u64, max_sheets: usize) -> WorkbookLimits {
        WorkbookLimits { max_cells, max_sheets, ..WorkbookLimits::default() }
    }

    fn stream(outcome: Result<(), Problem>) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = Writer::new(&mut bytes);
        writer.tell(&WorkbookItem::Sheet { name: "Zahlen \u{2013} 1", hidden: true });
        for (row, content) in contents().into_iter().enumerate() {
            let shown = [NumberFormat::Plain, NumberFormat::Percent, NumberFormat::Month, NumberFormat::Scaled][row % 4];
            writer.tell(&WorkbookItem::Cell(Cell { row: u32::try_from(row).unwrap(), column: 16_383, content, shown }));
        }
        writer.tell(&WorkbookItem::Beside(remark()));
        writer.tell(&WorkbookItem::Sheet { name: "", hidden: false });
        writer.finish(outcome).unwrap();
        bytes
    }

    fn remark() -> Beside {
        Beside { name: "comment".to_owned(), at: Some((3, 1)), text: "a\nb".to_owned() }
    }

    fn contents() -> Vec<CellContent> {
        vec![
            CellContent::Text("a\nb".to_owned()),
            CellContent::Number(-0.1),
            CellContent::Date(jiff::civil::date(2026, 7, 31)),
            CellContent::Time,
            CellContent::Logical(true),
            CellContent::Error("#REF!".to_owned()),
            CellContent::Uncached,
            CellContent::Unreadable,
        ]
    }

    #[test]
    fn what_is_written_is_read_back() {
        let sheets = read_answer(&*stream(Ok(())), &limits(9, 2)).unwrap().unwrap();
        let named: Vec<_> = sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.hidden)).collect();
        assert_eq!(named, [("Zahlen \u{2013} 1", true), ("", false)]);
        let read: Vec<_> = sheets[0].rows().flat_map(|row| row.cells).map(|cell| cell.content.clone()).collect();
        assert_eq!(read, contents());
        assert_eq!((&sheets[0].beside[..], sheets[1].beside.len()), (&[remark()][..], 0));
        let cells = || sheets[0].rows().flat_map(|row| row.cells);
        assert!(cells().zip(0..).all(|(cell, row)| (cell.row, cell.column) == (row, 16_383)));
        let count = |shown| cells().filter(|cell| cell.shown == shown).count();
        assert!(
            [NumberFormat::Plain, NumberFormat::Percent, NumberFormat::Month, NumberFormat::Scaled]
                .iter()
                .all(|shown| count(*shown) == 2)
        );
    }

    proptest::proptest! {
        #[test]
        fn a_number_comes_back_bit_for_bit(number in proptest::num::f64::ANY) {
            let mut bytes = Vec::new();
            let mut writer = Writer::new(&mut bytes);
            writer.tell(&WorkbookItem::Sheet { name: "S", hidden: false });
            writer.tell(&WorkbookItem::Cell(Cell { row: 0, column: 0, content: CellContent::Number(number), shown: NumberFormat::Plain }));
            writer.finish(Ok(())).unwrap();
            let sheets = read_answer(&*bytes, &limits(1, 1)).unwrap().unwrap();
            let read = sheets[0].rows().flat_map(|row| row.cells).map(|cell| cell.content.clone()).next();
            let Some(CellContent::Number(read)) = read else { panic!("{read:?}") };
            proptest::prop_assert_eq!(read.to_bits(), number.to_bits());
        }
    }

    #[test]
    fn a_problem_is_read_after_anything() {
        for kind in ProblemKind::ALL {
            let problem = Problem::new("file, sheet S", kind, "is damaged");
            let broken = read_answer(&*stream(Err(problem.clone())), &limits(9, 2)).unwrap().unwrap_err();
            assert_eq!((broken.problem, broken.sheets.len()), (problem, 2));
        }
    }

    #[test]
    fn a_broken_or_oversized_stream_is_refused() {
        let whole = stream(Ok(()));
        assert!((0..whole.len()).all(|end| read_answer(&whole[..end], &limits(9, 2)).is_err()));
        assert!(read_answer(&*whole, &limits(8, 2)).is_err() && read_answer(&*whole, &limits(9, 1)).is_err());
    }

    #[test]
    fn misplaced_cells_and_trailing_bytes_are_refused() {
        let mut bytes = Vec::new();
        let mut writer = Writer::new(&mut bytes);
        writer.tell(&WorkbookItem::Beside(remark()));
        writer.finish(Ok(())).unwrap();
        assert!(read_answer(&*bytes, &limits(9, 2)).is_err());
        // The record of an end, and one with a byte more.
        assert!(read_answer(&[1, 0, 0, 0, 3][..], &limits(9, 2)).unwrap().unwrap().is_empty());
        assert!(read_answer(&[2, 0, 0, 0, 3, 3][..], &limits(9, 2)).is_err());
    }

    #[test]
    fn an_announced_length_takes_no_memory() {
        let mut buffer = Vec::new();
        let error = read::<Record>(&mut &b"\xff\xff\xff\xffabc"[..], &mut buffer).unwrap_err();
        assert_eq!((error.kind(), buffer.len()), (io::ErrorKind::UnexpectedEof, 3));
        // The same of a text within a record.
        assert!(read_answer(&b"\x06\0\0\0\0\xff\xff\xff\xff\x0f"[..], &limits(1, 1)).is_err());
        assert!(buffer.capacity() < 1024);
    }
}

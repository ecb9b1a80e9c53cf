//! An answer as lines of a CSV table with named columns, read as it comes and told from an error page.

use crate::collect::decode::text;
use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::collect::indicators::readers::excerpt::excerpt;
use csv::{ByteRecord, StringRecord, Terminator};
use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// No publisher's row is near it; a quote that is never closed would make the rest of an answer one row.
const LONGEST_ROW: usize = 1024 * 1024;

/// What csv reads ahead.
const BUFFER: usize = 64 * 1024;

/// As much of an answer as tells what it is.
const HEAD: usize = 200;

/// A table of which the header has been read.
pub(in crate::collect::indicators) struct CsvRows<'a> {
    reader: csv::Reader<Rows<'a>>,
    /// Bytes read since the last row began.
    unread: Rc<Cell<usize>>,
    columns: Vec<String>,
    row: ByteRecord,
}

impl<'a> CsvRows<'a> {
    /// # Errors
    /// What the answer is instead of a table; a header that lacks a needed column, the columns named.
    pub fn open(body: &'a mut dyn Read, needed: &[&str]) -> Result<Self, AnswerError> {
        let mut head = Vec::new();
        body.take(HEAD as u64).read_to_end(&mut head).map_err(|e| AnswerError::BrokenOff(e.to_string()))?;
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            return Err(AnswerError::Utf16);
        }
        if head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
        }
        tell_from_error_page(&head)?;
        let unread = Rc::new(Cell::new(0));
        let rows = Rows { head: io::Cursor::new(head), body, unread: Rc::clone(&unread) };
        // The CR of a CR LF stays in the last cell, and is trimmed off it: so a line's number is that of its LF. The cells
        // of a row are counted below, in words that say what may have happened.
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(BUFFER)
            .from_reader(rows);
        let mut row = ByteRecord::new();
        reader.read_byte_record(&mut row).map_err(|e| AnswerError::NoFirstLine(reason(&e)))?;
        let columns = row.iter().map(|name| text(name).trim().to_owned()).collect();
        let lines = Self { reader, unread, columns, row };
        let lacking: Vec<String> =
            needed.iter().filter(|name| lines.column(name).is_none()).map(|name| (*name).to_owned()).collect();
        if lacking.is_empty() {
            return Ok(lines);
        }
        Err(AnswerError::NoColumn { lacking, first: excerpt(&lines.columns.join(",")) })
    }

    /// Where a column is; names are compared without case.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.eq_ignore_ascii_case(name.trim()))
    }

    /// Reads the next row and gives its line, the header being 1; none at the end.
    ///
    /// # Errors
    /// A row that is cut short or without end.
    pub fn next(&mut self) -> Result<Option<u64>, AnswerError> {
        loop {
            self.unread.set(0);
            let read = self.reader.read_byte_record(&mut self.row);
            if !read.map_err(|e| AnswerError::BrokenTable(reason(&e)))? {
                return Ok(None);
            }
            let line = self.row.position().map_or(0, csv::Position::line);
            if self.row.len() == self.columns.len() {
                return Ok(Some(line));
            }
            if self.row.len() > 1 || !self.cell(0).is_empty() {
                let (cells, columns) = (self.row.len(), self.columns.len());
                return Err(AnswerError::BrokenLine { line, cells, columns });
            }
        }
    }

    /// A cell of the row that was read last, as it came but for the space around it.
    pub fn cell(&self, column: usize) -> &[u8] {
        self.row.get(column).unwrap_or_default().trim_ascii()
    }

    /// The row that was read last, as text.
    pub fn text(&self, into: &mut StringRecord) {
        into.clear();
        self.row.iter().for_each(|cell| into.push_field(text(cell).trim()));
    }
}

fn tell_from_error_page(head: &[u8]) -> Result<(), AnswerError> {
    let head = text(head);
    let is = |what| Err(AnswerError::AnotherForm { what, expected: "a table", begins: excerpt(&head) });
    match head.trim_start().chars().next() {
        None => Err(AnswerError::Empty),
        Some('<') => is("a web page or XML"),
        Some('{' | '[') => is("JSON"),
        Some(_) => Ok(()),
    }
}

/// The innermost cause: csv adds where it stands in its own buffer.
fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) => error.to_string(),
        _ => error.to_string(),
    }
}

/// The body, with what was read of it already before it, and an end to rows that have none.
struct Rows<'a> {
    head: io::Cursor<Vec<u8>>,
    body: &'a mut dyn Read,
    unread: Rc<Cell<usize>>,
}

impl Read for Rows<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = match self.head.read(into)? {
            0 => self.body.read(into)?,
            read => read,
        };
        self.unread.set(self.unread.get() + read);
        if self.unread.get() > LONGEST_ROW + BUFFER {
            let problem = format!("a row is longer than {LONGEST_ROW} bytes: a quote in it may never be closed");
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        Ok(read)
    }
}

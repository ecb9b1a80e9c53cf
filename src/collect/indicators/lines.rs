//! An answer as lines of a CSV table with named columns, told from an error page.

use super::gather::clip;
use csv::StringRecord;

/// A table of which the header has been read.
pub(super) struct Lines<'a> {
    body: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
    columns: Vec<String>,
}

impl<'a> Lines<'a> {
    /// # Errors
    /// What the answer is instead of a table; a header that lacks a needed column, the columns named.
    pub fn open(bytes: &'a [u8], needed: &[&str]) -> Result<Self, String> {
        let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let head = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
        let is = |what: &str| Err(format!("{what} came instead of a table: {:?}", clip(&head)));
        match head.trim_start().chars().next() {
            None => return Err("the answer is empty".to_owned()),
            Some('<') => return is("a web page or XML"),
            Some('{' | '[') => return is("JSON"),
            Some(_) => {}
        }
        // A row of another length than the header is a fault: the end of an answer that broke off looks like that.
        let mut reader = csv::Reader::from_reader(body);
        let header = reader.headers().map_err(|e| format!("the first line cannot be read: {e}"))?;
        let columns = header.iter().map(|name| name.trim().to_owned()).collect();
        let lines = Self { body, reader, columns };
        let lacking: Vec<String> =
            needed.iter().filter(|name| lines.column(name).is_none()).map(|name| format!("{name:?}")).collect();
        if lacking.is_empty() {
            return Ok(lines);
        }
        let first = clip(&lines.columns.join(","));
        Err(format!("the table has no column {}; its first line is {first:?}", lacking.join(" and no column ")))
    }

    /// Where a column is; names are compared without case.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.eq_ignore_ascii_case(name.trim()))
    }

    /// Reads the next row and gives its line, the header being 1; none at the end.
    ///
    /// # Errors
    /// A row that is cut short, or not UTF-8.
    pub fn next(&mut self, row: &mut StringRecord) -> Result<Option<u64>, String> {
        if !self.reader.read_record(row).map_err(|e| format!("the table cannot be read: {e}"))? {
            return Ok(None);
        }
        let position = row.position().expect("a row that was read has a position");
        // The position of a row is taken before the LF of a CR LF that ended the last.
        let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        Ok(Some(position.line() + u64::from(self.body.get(start) == Some(&b'\n'))))
    }
}

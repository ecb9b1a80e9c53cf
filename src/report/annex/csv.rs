//! The annex as CSV files.

use super::table::{AnnexCell, AnnexTable};
use super::tables::AnnexTables;
use crate::evaluate::escape_formula;

/// Without it, Excel takes the file for Windows-1252 and prints `–` as three other signs. Readers that do not know it see
/// it before the first column's name.
const MARK: &[u8] = b"\xEF\xBB\xBF";

impl AnnexTables {
    /// A file a table: its name and its bytes. UTF-8 with a byte order mark, lines that end in CR LF.
    ///
    /// Numbers are whole and as they are, negative ones too. An apostrophe stands before words that a spreadsheet would
    /// take for a formula: unlike a tab it shows, so that nobody takes the changed word for the given one.
    pub fn to_csv(&self) -> Vec<(String, Vec<u8>)> {
        self.tables.iter().map(file).collect()
    }
}

impl AnnexTable {
    /// `key-actions`.
    fn file_name(&self) -> String {
        self.name.to_lowercase().replace(' ', "-")
    }
}

/// A table as a file: its name and its bytes.
pub(super) fn file(table: &AnnexTable) -> (String, Vec<u8>) {
    let mut sheet = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).flexible(true).from_writer(MARK.to_vec());
    let header = table.columns.iter().map(|column| column.name.to_owned());
    for record in std::iter::once(header.collect::<Vec<_>>()).chain(table.rows.iter().map(|row| row.iter().map(text).collect())) {
        sheet.write_record(record).expect("memory takes every record");
    }
    (format!("{}.csv", table.file_name()), sheet.into_inner().expect("memory takes every record"))
}

fn text(cell: &AnnexCell) -> String {
    match cell {
        AnnexCell::Words(words) | AnnexCell::Coded { code: words, .. } => escape_formula(words.clone()),
        AnnexCell::Number(value, _) => value.to_string(),
        AnnexCell::Date(date) => date.to_string(),
        AnnexCell::Moment(moment) => moment.to_string(),
        AnnexCell::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        AnnexCell::Withheld | AnnexCell::NotAvailable | AnnexCell::NotApplicable => {
            cell.shown_as().unwrap_or_default().to_owned()
        }
    }
}

//! What stands before the tables of a workbook: its cover, and which sheets it has.

use super::table::{AnnexCell, AnnexColumn, AnnexTable};
use super::tables::AnnexTables;
use crate::period::Period;
use crate::report::content::figures::date;
use jiff::civil::Date;

/// Who publishes the annex, whom to ask about it, and when the next one comes.
#[derive(Debug, Clone, Copy)]
pub struct Imprint<'a> {
    pub publisher: &'a str,
    /// May be empty.
    pub contact: &'a str,
    /// The quarter of the next pack, and the last day on which its returns are in time.
    pub next: (Period, Date),
}

const COVER: &[AnnexColumn] =
    &[AnnexColumn::words("item", "What is said"), AnnexColumn::words("information", "What there is to say of it")];

const CONTENTS: &[AnnexColumn] = &[
    AnnexColumn::words("sheet", "Name of the sheet"),
    AnnexColumn::words("row", "What a row of its table is").headed("What a row is"),
    AnnexColumn::number("rows", "How many rows it has"),
];

impl AnnexTables {
    /// The cover and the contents of a workbook.
    pub(super) fn front(&self, imprint: Imprint<'_>) -> [AnnexTable; 2] {
        let contact = match imprint.contact.trim() {
            "" => format!("{}, who published it", imprint.publisher),
            contact => contact.to_owned(),
        };
        let (quarter, due) = imprint.next;
        let next = format!("After the returns for {}, which are due by {}", quarter.in_words(), date(due));
        let (first, rest) = self.cover.split_at(1.min(self.cover.len()));
        let imprint = [("Publisher", imprint.publisher.to_owned()), ("Contact", contact), ("Next release", next)];
        let said = first.iter().cloned().chain(imprint).chain(rest.iter().cloned());
        let cover: Vec<Vec<AnnexCell>> =
            said.map(|(item, words)| vec![AnnexCell::words(item), AnnexCell::Words(words)]).collect();
        let of_cover = ("Cover", "something to know of this workbook", cover.len());
        let of_tables =
            self.tables.iter().flat_map(|table| table.sheets().into_iter().map(|of| (of.name, of.what, table.rows.len())));
        let contents = std::iter::once(of_cover).chain(of_tables);
        let contents =
            contents.map(|(name, what, rows)| vec![AnnexCell::words(name), AnnexCell::words(what), AnnexCell::whole(rows)]);
        [
            AnnexTable { name: "Cover", what: "something to know of this workbook", columns: COVER, rows: cover },
            AnnexTable { name: "Contents", what: "a sheet of this workbook", columns: CONTENTS, rows: contents.collect() },
        ]
    }
}

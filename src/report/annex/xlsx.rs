//! The annex as a workbook.

use super::table::{AnnexCell, AnnexTable};
use super::tables::AnnexTables;
use crate::fault::Fault;
use crate::visible::in_lines;
use jiff::civil::Date;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Table as SheetTable, TableColumn, TableStyle, Workbook, Worksheet,
    XlsxError,
};
use std::borrow::Cow;

/// A sheet's rows, and a cell's characters, in Excel.
const MOST_ROWS: usize = 1_048_575;
const MOST_CHARACTERS: usize = 32_767;
/// Characters that a column is at most wide.
const WIDEST: usize = 60;
/// The same where words are wrapped.
const WIDEST_PROSE: usize = 100;
const CUT: &str = " … (cut here; whole in the CSV file)";

impl AnnexTables {
    /// One workbook, a sheet a table. The same tables and publisher give the same bytes.
    ///
    /// # Errors
    /// A table of more rows than a sheet has; a day before 1900.
    pub fn to_xlsx(&self, publisher: &str) -> Result<Vec<u8>, Fault> {
        let mut workbook = Workbook::new();
        let as_at = serial(self.as_at)
            .ok_or_else(|| Fault::new("data annex", format!("{} has no place in a workbook", self.as_at), ""))?;
        // Without a day of its own the file would have the clock's.
        let properties = DocProperties::new()
            .set_title(&self.title)
            .set_author(publisher)
            .set_subject("Figures, judgements and sources of the outcomes framework board pack")
            .set_creation_datetime(&as_at);
        workbook.set_properties(&properties);
        for table in &self.tables {
            let fault = |problem: String| Fault::new(format!("data annex, table {}", table.name), problem, "use the CSV files");
            if table.rows.len() > MOST_ROWS {
                return Err(fault(format!("has {} rows, more than a sheet's {MOST_ROWS}", table.rows.len())));
            }
            sheet(workbook.add_worksheet(), table).map_err(|e| fault(e.to_string()))?;
        }
        workbook.save_to_buffer().map_err(|e| Fault::new("data annex", e.to_string(), ""))
    }
}

fn sheet(sheet: &mut Worksheet, table: &AnnexTable) -> Result<(), XlsxError> {
    sheet.set_name(table.name)?;
    let formats = Formats::of(table);
    let widest = if table.is_prose() { WIDEST_PROSE } else { WIDEST };
    let mut widths: Vec<usize> = table.columns.iter().map(|column| column.name.len() + 3).collect();
    for (row, cells) in (1_u32..).zip(&table.rows) {
        for ((column, cell), width) in (0_u16..).zip(cells).zip(&mut widths) {
            let length = write(sheet, row, column, cell, &formats)?;
            *width = (*width).max(length.min(widest));
        }
    }
    for (column, width) in (0_u16..).zip(&widths) {
        #[allow(clippy::cast_precision_loss)]
        sheet.set_column_width(column, *width as f64 + 1.0)?;
    }
    let header = Format::new().set_bold().set_align(FormatAlign::Left);
    let columns: Vec<TableColumn> =
        table.columns.iter().map(|column| TableColumn::new().set_header(column.name).set_header_format(header.clone())).collect();
    let marked = SheetTable::new()
        .set_name(table.name.replace(' ', "_"))
        .set_columns(&columns)
        .set_style(TableStyle::Light1)
        .set_alt_text_title(table.name)
        .set_alt_text(table.what);
    // A table has at least one row below its header, be it empty.
    let last_row = u32::try_from(table.rows.len()).unwrap_or(u32::MAX).max(1);
    let last_column = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.add_table(0, 0, last_row, last_column, &marked)?;
    sheet.set_freeze_panes(1, 1)?;
    Ok(())
}

/// Writes a cell, and tells how many characters it shows.
fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &AnnexCell, formats: &Formats) -> Result<usize, XlsxError> {
    match cell {
        AnnexCell::Words(words) if words.is_empty() => return Ok(0),
        AnnexCell::Words(words) => {
            // As in the CSV files.
            let words = in_lines(words);
            sheet.write_string_with_format(row, column, fitting(&words), &formats.words)?;
            return Ok(words.chars().count());
        }
        AnnexCell::Number(value, places) => {
            sheet.write_number_with_format(row, column, *value, formats.number(*places))?;
        }
        AnnexCell::Date(date) => match serial(*date) {
            Some(serial) => drop(sheet.write_datetime_with_format(row, column, &serial, &formats.date)?),
            None => drop(sheet.write_string(row, column, date.to_string())?),
        },
        AnnexCell::Moment(moment) => match ExcelDateTime::from_timestamp(moment.as_second()) {
            Ok(time) => drop(sheet.write_datetime_with_format(row, column, &time, &formats.moment)?),
            Err(_) => drop(sheet.write_string(row, column, moment.to_string())?),
        },
        AnnexCell::YesNo(yes) => drop(sheet.write_string(row, column, if *yes { "yes" } else { "no" })?),
        AnnexCell::Withheld | AnnexCell::NotAvailable | AnnexCell::NotApplicable => {
            sheet.write_string_with_format(row, column, cell.shown_as().unwrap_or_default(), &formats.mark)?;
        }
    }
    Ok(PLAIN)
}

/// Characters that a date with its time takes, and few numbers more.
const PLAIN: usize = 16;

/// A day as Excel counts it; none before 1900.
fn serial(date: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok().filter(|year| *year >= 1900)?;
    ExcelDateTime::from_ymd(year, date.month().unsigned_abs(), date.day().unsigned_abs()).ok()
}

/// The words as far as a cell holds them.
fn fitting(words: &str) -> Cow<'_, str> {
    // Excel counts in UTF-16.
    if words.encode_utf16().count() <= MOST_CHARACTERS {
        return Cow::Borrowed(words);
    }
    let mut room = MOST_CHARACTERS - CUT.encode_utf16().count();
    let kept: String = words
        .chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= room;
            room = room.saturating_sub(c.len_utf16());
            fits
        })
        .collect();
    Cow::Owned(kept + CUT)
}

/// The formats of one sheet.
struct Formats {
    words: Format,
    /// By decimal places.
    numbers: Vec<Format>,
    date: Format,
    moment: Format,
    mark: Format,
}

impl Formats {
    fn of(table: &AnnexTable) -> Self {
        let top = Format::new().set_align(FormatAlign::Top);
        // Notes are read; the long words of the other tables would make their rows too high to look through.
        let words = if table.is_prose() { top.clone().set_text_wrap() } else { top.clone() };
        let number = |places: usize| {
            let fraction = if places == 0 { String::new() } else { format!(".{}", "0".repeat(places)) };
            top.clone().set_num_format(format!("#,##0{fraction}"))
        };
        Formats {
            words,
            numbers: (0..=8).map(number).collect(),
            date: top.clone().set_num_format("yyyy-mm-dd"),
            moment: top.clone().set_num_format("yyyy-mm-dd hh:mm:ss"),
            mark: top.clone().set_align(FormatAlign::Right),
        }
    }

    fn number(&self, places: u8) -> &Format {
        &self.numbers[usize::from(places).min(self.numbers.len() - 1)]
    }
}

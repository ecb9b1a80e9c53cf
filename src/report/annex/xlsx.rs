//! The annex as a workbook.

use super::front::Imprint;
use super::sheet::{ABOVE, Sheet};
use super::sheet_cell::SheetCell;
use super::table::AnnexCell;
use super::tables::AnnexTables;
use super::widths::{TITLE_HEIGHT, row_height};
use crate::fault::Fault;
use jiff::civil::Date;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatUnderline, Table as SheetTable, TableColumn,
    TableStyle, Workbook, Worksheet, XlsxError,
};
use std::borrow::Cow;
use std::io::{self, Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// A sheet's rows, and a cell's characters, in Excel.
const MOST_ROWS: usize = 1_048_576;
const MOST_CHARACTERS: usize = 32_767;
const CUT: &str = " … (cut here; whole in the CSV file)";
const A4: u8 = 9;
/// How high a row and wide a column is for which nothing else is said, in points of the screen.
const DEFAULT_SIZE: (u32, u32) = (20, 64);
/// Around what is printed, in inches: at the sides, above and below, and of the foot of the page.
const MARGINS: (f64, f64, f64) = (0.4, 0.5, 0.25);

impl AnnexTables {
    /// One Excel workbook, with the sheets of [`AnnexTables::to_ods`]. The same tables and imprint give the same bytes.
    ///
    /// # Errors
    /// A table of more rows than a sheet has; a day before 1900.
    pub fn to_xlsx(&self, imprint: Imprint<'_>) -> Result<Vec<u8>, Fault> {
        let mut workbook = Workbook::new();
        let as_at = serial(self.as_at)
            .ok_or_else(|| Fault::new("data annex", format!("{} has no place in a workbook", self.as_at), ""))?;
        // Without a day of its own the file would have the clock's.
        let properties = DocProperties::new()
            .set_title(&self.title)
            .set_author(imprint.publisher)
            .set_subject(super::SUBJECT)
            .set_creation_datetime(&as_at);
        workbook.set_properties(&properties);
        let formats = Formats::new();
        // The widths of columns are told in digits of the workbook's own font.
        let (row, column) = DEFAULT_SIZE;
        workbook
            .set_default_format(&formats.plain, row, column)
            .map_err(|e| Fault::new("data annex", e.to_string(), "use the CSV files"))?;
        let front = self.front(imprint);
        for of in self.sheets(&front) {
            let fault = |problem: String| Fault::new(format!("data annex, table {}", of.name), problem, "use the CSV files");
            if of.rows.len() + ABOVE + 1 > MOST_ROWS {
                return Err(fault(format!("has {} rows, more than a sheet of {MOST_ROWS} has room for", of.rows.len())));
            }
            sheet(workbook.add_worksheet(), &of, &formats).map_err(|e| fault(e.to_string()))?;
        }
        let bytes = workbook.save_to_buffer().map_err(|e| Fault::new("data annex", e.to_string(), ""))?;
        in_english(&bytes).map_err(|e| Fault::new("data annex", e.to_string(), ""))
    }
}

/// The same workbook with its language among its properties, which the writer of workbooks has no word for.
fn in_english(workbook: &[u8]) -> io::Result<Vec<u8>> {
    const PROPERTIES: &str = "docProps/core.xml";
    let mut from = ZipArchive::new(Cursor::new(workbook))?;
    let mut to = ZipWriter::new(Cursor::new(Vec::with_capacity(workbook.len())));
    for index in 0..from.len() {
        let part = from.by_index_raw(index)?;
        if part.name()? != PROPERTIES {
            to.raw_copy_file(part)?;
            continue;
        }
        drop(part);
        let mut text = String::new();
        from.by_index(index)?.read_to_string(&mut text)?;
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
        to.start_file(PROPERTIES, options.compression_method(CompressionMethod::Deflated))?;
        let end = "</cp:coreProperties>";
        to.write_all(text.replace(end, &format!("<dc:language>{}</dc:language>{end}", super::LANGUAGE)).as_bytes())?;
    }
    Ok(to.finish()?.into_inner())
}

fn sheet(sheet: &mut Worksheet, of: &Sheet<'_>, formats: &Formats) -> Result<(), XlsxError> {
    sheet.set_name(of.name)?;
    for ((row, line), format) in (0_u32..).zip(&of.above).zip([&formats.title, &formats.line, &formats.line]) {
        sheet.write_string_with_format(row, 0, line, format)?;
    }
    let head = u32::try_from(ABOVE).unwrap_or(u32::MAX);
    sheet.set_row_height(0, TITLE_HEIGHT)?;
    sheet.set_row_height(head, row_height(of.heading_lines))?;
    for (row, lines) in (head + 1..).zip(&of.lines) {
        sheet.set_row_height(row, row_height(*lines))?;
    }
    for (row, cells) in (head + 1..).zip(&of.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                SheetCell::Words(name) if of.leads && column == 0 => {
                    let place = format!("internal:'{name}'!A1");
                    sheet.write_url_with_options(row, column, place.as_str(), name.as_ref(), "", Some(&formats.link))?;
                }
                cell => write(sheet, row, column, cell, formats)?,
            }
        }
    }
    for (index, column) in (0_u16..).zip(&of.columns) {
        #[allow(clippy::cast_precision_loss)]
        sheet.set_column_width(index, column.width as f64 + 1.0)?;
    }
    let headed = |heading: &String| TableColumn::new().set_header(heading).set_header_format(formats.head.clone());
    let columns: Vec<TableColumn> = of.columns.iter().map(|column| headed(&column.heading)).collect();
    let marked = SheetTable::new()
        .set_name(of.table_name())
        .set_columns(&columns)
        .set_autofilter(false)
        .set_style(TableStyle::Light1)
        .set_alt_text_title(of.name)
        .set_alt_text(of.what);
    let last_row = head + u32::try_from(of.rows.len()).unwrap_or(u32::MAX - head);
    let last_column = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.add_table(head, 0, last_row, last_column, &marked)?;
    sheet.set_paper_size(A4);
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    let (sides, ends, foot) = MARGINS;
    sheet.set_margins(sides, sides, ends, ends, foot, foot);
    sheet.set_repeat_rows(head, head)?;
    sheet.set_footer("&L&A&RPage &P of &N");
    Ok(())
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &SheetCell<'_>, formats: &Formats) -> Result<(), XlsxError> {
    let of = match cell {
        SheetCell::Words(words) => {
            return sheet.write_string_with_format(row, column, fitting(words), &formats.words).map(drop);
        }
        SheetCell::Mark(mark) => return sheet.write_string_with_format(row, column, *mark, &formats.mark).map(drop),
        SheetCell::Other(of) => of,
    };
    match of {
        AnnexCell::Number(value, places) => sheet.write_number_with_format(row, column, *value, formats.number(*places)),
        AnnexCell::Date(date) => match serial(*date) {
            Some(serial) => sheet.write_datetime_with_format(row, column, &serial, &formats.date),
            None => sheet.write_string(row, column, date.to_string()),
        },
        AnnexCell::Moment(moment) => match ExcelDateTime::from_timestamp(moment.as_second()) {
            Ok(time) => sheet.write_datetime_with_format(row, column, &time, &formats.moment),
            Err(_) => sheet.write_string(row, column, moment.to_string()),
        },
        other => sheet.write_string_with_format(row, column, other.shown_as().unwrap_or_default(), &formats.mark),
    }
    .map(drop)
}

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

/// The formats of cells.
struct Formats {
    plain: Format,
    title: Format,
    line: Format,
    head: Format,
    link: Format,
    words: Format,
    /// By decimal places.
    numbers: Vec<Format>,
    date: Format,
    moment: Format,
    mark: Format,
}

impl Formats {
    fn new() -> Self {
        let (font, size) = super::FONT;
        let plain = Format::new().set_font_name(font).set_font_size(size);
        let top = plain.clone().set_align(FormatAlign::Top);
        let number = |places: usize| {
            let fraction = if places == 0 { String::new() } else { format!(".{}", "0".repeat(places)) };
            top.clone().set_num_format(format!("#,##0{fraction}"))
        };
        let head = plain.clone().set_bold().set_align(FormatAlign::Left).set_indent(1).set_text_wrap();
        Formats {
            plain,
            title: top.clone().set_bold().set_font_size(14.0),
            line: top.clone(),
            head: head.set_border_bottom(FormatBorder::Thin),
            link: top
                .clone()
                .set_align(FormatAlign::Left)
                .set_indent(1)
                .set_font_color(0x00_00_FF)
                .set_underline(FormatUnderline::Single),
            words: top.clone().set_align(FormatAlign::Left).set_indent(1).set_text_wrap(),
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

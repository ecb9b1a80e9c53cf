//! Going through a workbook with calamine, a file format at a time.

use super::container::{self, Kind};
use super::sheet::Shown;
use super::taking::Taking;
use super::{Found, Refusal, ods, xlsx};
use crate::fault::Fault;
use crate::settings::ReturnLimits;
use calamine::{Data, DataRef, Ods, OdsError, Range, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx};
use calamine::{Style, XlsxError};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Tells `found` of each worksheet of `bytes` and of its cells.
///
/// .xlsx and .xlsb are read cell by cell, so that a cell in the farthest corner costs no more than one at A1. .ods is
/// looked over before calamine parses it whole; .xls is held only by the limit on its size.
///
/// # Errors
/// As [`super::open_all`]; some cells may have been told of by then.
pub(super) fn read(bytes: &[u8], place: &str, limits: &ReturnLimits, found: &mut dyn FnMut(Found<'_>)) -> Result<(), Refusal> {
    let kind = container::inspect(bytes, place, limits)?;
    let mut taking = Taking::new(place, limits, found);
    // calamine is not proof against every hostile file; what it panics over is a refused workbook, not a failed run.
    catch_unwind(AssertUnwindSafe(|| match kind {
        Kind::Xlsx => read_xlsx(bytes, &mut taking),
        Kind::Xlsb => read_xlsb(bytes, &mut taking),
        Kind::Xls => read_xls(bytes, &mut taking),
        Kind::Ods => read_ods(bytes, &mut taking),
    }))
    .unwrap_or_else(|_| Err(container::damaged(place, &"its contents make no sense").into()))?;
    Ok(taking.hold_to_one_sheet()?)
}

fn read_xlsx(bytes: &[u8], taking: &mut Taking<'_>) -> Result<(), Refusal> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|e| fault_of_xlsx(taking.place(), e))?;
    let is_calculated = !xlsx::is_calculated_on_opening(bytes);
    for (name, hidden) in worksheets(workbook.sheets_metadata(), taking)? {
        let mut reader = match workbook.worksheet_cells_reader(&name) {
            Ok(reader) => reader,
            // A chart sheet has no cells.
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(fault_of_xlsx(taking.place(), error).into()),
        };
        taking.begin(&name, hidden);
        let shown: Vec<Shown> = reader.styles().iter().map(shown_by).collect();
        // A formula without a result comes as a blank cell.
        let mut has_blanks = false;
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|e| fault_of_xlsx(&taking.sheet_place(), e))? {
            has_blanks |= matches!(cell.get_value(), DataRef::Empty);
            taking.take(cell.get_position(), cell.get_value(), shown.get(style).copied().unwrap_or(Shown::Plain))?;
        }
        drop(reader);
        if has_blanks || !is_calculated {
            take_uncached(&mut workbook, &name, is_calculated, taking)?;
        }
    }
    Ok(())
}

/// Goes through a sheet again for its formulas, since calamine gives either these or how numbers are shown.
fn take_uncached(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    is_calculated: bool,
    taking: &mut Taking<'_>,
) -> Result<(), Refusal> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|e| fault_of_xlsx(&taking.sheet_place(), e))?;
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(|e| fault_of_xlsx(&taking.sheet_place(), e))? {
        taking.in_time()?;
        let is_zero = matches!(cell.value, DataRef::Float(0.0) | DataRef::Int(0));
        if cell.formula.is_some() && (matches!(cell.value, DataRef::Empty) || is_zero && !is_calculated) {
            taking.take_uncached(cell.pos)?;
        }
    }
    Ok(())
}

fn read_xlsb(bytes: &[u8], taking: &mut Taking<'_>) -> Result<(), Refusal> {
    let mut workbook = Xlsb::new(Cursor::new(bytes)).map_err(|e| fault_of_xlsb(taking.place(), e))?;
    for (name, hidden) in worksheets(workbook.sheets_metadata(), taking)? {
        let mut reader = workbook.worksheet_cells_reader(&name).map_err(|e| fault_of_xlsb(taking.place(), e))?;
        taking.begin(&name, hidden);
        while let Some(cell) = reader.next_cell().map_err(|e| fault_of_xlsb(&taking.sheet_place(), e))? {
            taking.take(cell.get_position(), cell.get_value(), Shown::Unknown)?;
        }
    }
    Ok(())
}

fn read_xls(bytes: &[u8], taking: &mut Taking<'_>) -> Result<(), Refusal> {
    let mut workbook: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|e| match e {
        XlsError::Password => container::encrypted(taking.place()),
        other => container::damaged(taking.place(), &other),
    })?;
    for (name, hidden) in worksheets(workbook.sheets_metadata(), taking)? {
        let range = workbook.worksheet_range(&name).map_err(|e| container::damaged(taking.place(), &e))?;
        taking.begin(&name, hidden);
        for (position, value) in used_cells(&range) {
            taking.take(position, &borrowed(value), Shown::Unknown)?;
        }
    }
    Ok(())
}

fn read_ods(bytes: &[u8], taking: &mut Taking<'_>) -> Result<(), Refusal> {
    let looks = ods::look_over(bytes, taking.place(), taking.limits().max_cells)?;
    let mut workbook: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(|e| match e {
        OdsError::Password => container::encrypted(taking.place()),
        other => container::damaged(taking.place(), &other),
    })?;
    let unmarked = ods::Marks::new();
    for (name, hidden) in worksheets(workbook.sheets_metadata(), taking)? {
        let range = workbook.worksheet_range(&name).map_err(|e| container::damaged(taking.place(), &e))?;
        let marks = looks.get(&name).unwrap_or(&unmarked);
        taking.begin(&name, hidden);
        for (position, value) in used_cells(&range) {
            match (marks.get(&position), value) {
                (Some(ods::Mark::Percent), value) => taking.take(position, &borrowed(value), Shown::Percent)?,
                (Some(ods::Mark::Error), Data::String(error)) => taking.take_error(position, error)?,
                (_, value) => taking.take(position, &borrowed(value), Shown::Plain)?,
            }
        }
        for (position, _) in marks.iter().filter(|(_, mark)| **mark == ods::Mark::Uncached) {
            taking.take_uncached(*position)?;
        }
    }
    Ok(())
}

/// The names of the worksheets, and whether they are hidden.
///
/// # Errors
/// More than are read.
fn worksheets(sheets: &[calamine::Sheet], taking: &Taking<'_>) -> Result<Vec<(String, bool)>, Fault> {
    taking.hold_to_sheets(sheets.len())?;
    let worksheets = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    Ok(worksheets.map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible)).collect())
}

/// The cells of a range that hold something, by row and column of the sheet.
fn used_cells(range: &Range<Data>) -> impl Iterator<Item = ((u32, u32), &Data)> {
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let at = |first: u32, offset: usize| first.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
    range.used_cells().map(move |(row, column, value)| ((at(first_row, row), at(first_column, column)), value))
}

fn fault_of_xlsx(place: &str, error: XlsxError) -> Fault {
    match error {
        XlsxError::Password => container::encrypted(place),
        other => container::damaged(place, &other),
    }
}

fn fault_of_xlsb(place: &str, error: XlsbError) -> Fault {
    match error {
        XlsbError::Password => container::encrypted(place),
        other => container::damaged(place, &other),
    }
}

fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(logical) => DataRef::Bool(*logical),
        Data::DateTime(time) => DataRef::DateTime(*time),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

fn shown_by(style: &Style) -> Shown {
    let percent = style.number_format.as_ref().is_some_and(|format| xlsx::shows_percent(&format.format_code));
    if percent { Shown::Percent } else { Shown::Plain }
}

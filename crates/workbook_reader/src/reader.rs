//! Going through a workbook with calamine, a file format at a time.

use crate::container::{self, ContainerKind};
use crate::found::WorkbookItem;
use crate::limits::{Taking, WorkbookLimits};
use crate::prepare::{self, Mark, Most, Package, Prepared, PreparedSheet, PreparedXls};
use crate::problem::{Problem, damaged, encrypted};
use crate::sheet::{Beside, CellContent, NumberFormat};
use calamine::{Data, DataRef, Ods, Range, Reader, SheetType, SheetVisible, Xls, XlsError, XlsOptions, Xlsb, Xlsx};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Tells `found` of each worksheet of `bytes` and of its cells.
///
/// Before calamine reads a workbook it is made ready, which also finds out what calamine does not tell. .xlsx and .xlsb
/// are read cell by cell, so that a cell in the farthest corner costs no more than one at A1. .ods is parsed whole, once
/// it is known how wide its sheets are; .xls is held only by the limit on its size.
///
/// # Errors
/// As [`crate::read`]; some cells may have been told of by then.
pub(crate) fn read(
    bytes: &[u8],
    place: &str,
    limits: &WorkbookLimits,
    found: &mut dyn FnMut(WorkbookItem<'_>),
) -> Result<(), Problem> {
    let kind = container::inspect(bytes, place, limits)?;
    let mut taking = Taking::new(place, limits, found);
    // Neither calamine nor what is beside it is proof against every hostile file; what they panic over is a refused
    // workbook, not a failed run.
    catch_unwind(AssertUnwindSafe(|| match kind {
        ContainerKind::Xlsx(package, workbook) => read_xlsx(package, &workbook, &mut taking),
        ContainerKind::Xlsb(package, workbook) => read_xlsb(package, &workbook, &mut taking),
        ContainerKind::Xls => read_xls(bytes, &mut taking),
        ContainerKind::Ods(package) => read_ods(package, &mut taking),
    }))
    .unwrap_or_else(|_| Err(damaged(place, &"its contents make no sense")))?;
    taking.hold_to_one_sheet()
}

fn most(limits: &WorkbookLimits) -> Most {
    Most { sheets: limits.max_sheets, cells: limits.max_cells }
}

fn read_xlsx(mut package: Package<'_>, workbook: &str, taking: &mut Taking<'_>) -> Result<(), Problem> {
    let Prepared { bytes, sheets } = prepare::xlsx(&mut package, workbook, most(taking.limits()))?;
    drop(package);
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|e| damaged(taking.place(), &e))?;
    for PreparedSheet { name, hidden, key, marks, beside } in sheets {
        let mut reader = workbook.worksheet_cells_reader(&key).map_err(|e| damaged(taking.place(), &e))?;
        taking.begin(&name, hidden);
        let formats = reader.styles().iter().map(|style| style.number_format.as_ref());
        let shown: Vec<NumberFormat> =
            formats.map(|format| format.map_or(NumberFormat::Plain, |format| prepare::shown_by(&format.format_code))).collect();
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|e| damaged(&taking.sheet_place(), &e))? {
            let shown = shown.get(style).copied().unwrap_or(NumberFormat::Plain);
            taking.take(cell.get_position(), cell.get_value(), shown)?;
        }
        take_marked(&marks, taking)?;
        taking.take_beside(beside)?;
    }
    Ok(())
}

fn read_xlsb(mut package: Package<'_>, workbook: &str, taking: &mut Taking<'_>) -> Result<(), Problem> {
    let Prepared { bytes, sheets } = prepare::xlsb(&mut package, workbook, most(taking.limits()))?;
    drop(package);
    let mut workbook = Xlsb::new(Cursor::new(bytes)).map_err(|e| damaged(taking.place(), &e))?;
    for PreparedSheet { name, hidden, key, marks, beside } in sheets {
        let mut reader = workbook.worksheet_cells_reader(&key).map_err(|e| damaged(taking.place(), &e))?;
        taking.begin(&name, hidden);
        while let Some(cell) = reader.next_cell().map_err(|e| damaged(&taking.sheet_place(), &e))? {
            let at = cell.get_position();
            taking.take(at, cell.get_value(), shown(&marks, at))?;
        }
        take_marked(&marks, taking)?;
        taking.take_beside(beside)?;
    }
    Ok(())
}

fn read_xls(bytes: &[u8], taking: &mut Taking<'_>) -> Result<(), Problem> {
    let PreparedXls { bytes, code_page, marks, mut beside, beside_all } = prepare::xls(bytes, taking.place())?;
    let mut options = XlsOptions::default();
    options.force_codepage = code_page;
    let mut workbook = Xls::new_with_options(Cursor::new(bytes), options).map_err(|e| match e {
        XlsError::Password => encrypted(taking.place()),
        other => damaged(taking.place(), &other),
    })?;
    let sheets = workbook.sheets_metadata().to_vec();
    most(taking.limits()).hold_to_sheets(sheets.len(), taking.place())?;
    let unmarked = prepare::Marks::new();
    let is_worksheet = |index: usize| sheets.get(index).is_some_and(|sheet| sheet.typ == SheetType::WorkSheet);
    // What stands beside all sheets, and in charts that are sheets, is looked at with the first.
    let of_charts = beside.iter_mut().enumerate().filter(|(index, _)| !is_worksheet(*index));
    let mut of_first: Vec<Beside> = of_charts.flat_map(|(_, beside)| std::mem::take(beside)).chain(beside_all).collect();
    for (index, sheet) in sheets.iter().enumerate().filter(|(_, sheet)| sheet.typ == SheetType::WorkSheet) {
        let range = workbook.worksheet_range(&sheet.name).map_err(|e| damaged(taking.place(), &e))?;
        let marks = marks.get(index).unwrap_or(&unmarked);
        taking.begin(&sheet.name, sheet.visible != SheetVisible::Visible);
        for (at, value) in used_cells(&range) {
            taking.take(at, &borrowed(value), shown(marks, at))?;
        }
        take_marked(marks, taking)?;
        taking.take_beside(beside.get_mut(index).map(std::mem::take).unwrap_or_default())?;
        taking.take_beside(std::mem::take(&mut of_first))?;
    }
    Ok(())
}

fn read_ods(mut package: Package<'_>, taking: &mut Taking<'_>) -> Result<(), Problem> {
    let Prepared { bytes, sheets } = prepare::ods(&mut package, most(taking.limits()))?;
    drop(package);
    let mut workbook = Ods::new(Cursor::new(bytes)).map_err(|e| damaged(taking.place(), &e))?;
    for PreparedSheet { name, hidden, key, marks, beside } in sheets {
        let range = workbook.worksheet_range(&key).map_err(|e| damaged(taking.place(), &e))?;
        taking.begin(&name, hidden);
        for (at, value) in used_cells(&range) {
            taking.take(at, &borrowed(value), shown(&marks, at))?;
        }
        take_marked(&marks, taking)?;
        taking.take_beside(beside)?;
    }
    Ok(())
}

/// How a cell is shown, as its mark says.
fn shown(marks: &prepare::Marks, at: (u32, u32)) -> NumberFormat {
    match marks.get(&at) {
        Some(Mark::Percent) => NumberFormat::Percent,
        Some(Mark::Month) => NumberFormat::Month,
        Some(Mark::Scaled) => NumberFormat::Scaled,
        _ => NumberFormat::Plain,
    }
}

/// The cells that calamine was not given, or gave as something else: of two, the later stands.
fn take_marked(marks: &prepare::Marks, taking: &mut Taking<'_>) -> Result<(), Problem> {
    for (at, mark) in marks {
        match mark {
            Mark::Percent | Mark::Month | Mark::Scaled => {}
            Mark::Error(word) => taking.take_error(*at, word)?,
            Mark::Uncached => taking.take_without_value(*at, CellContent::Uncached)?,
            Mark::Unreadable => taking.take_without_value(*at, CellContent::Unreadable)?,
        }
    }
    Ok(())
}

/// The cells of a range that hold something, by row and column of the sheet.
fn used_cells(range: &Range<Data>) -> impl Iterator<Item = ((u32, u32), &Data)> {
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let at = |first: u32, offset: usize| first.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
    range.used_cells().map(move |(row, column, value)| ((at(first_row, row), at(first_column, column)), value))
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

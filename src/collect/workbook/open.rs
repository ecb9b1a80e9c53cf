//! Opening a workbook within limits, whatever it holds, and taking out the sheets of a return.

use super::container::{self, Kind};
use super::identifiers::Watch;
use super::ods;
use super::sheet::{Cell, Content, Sheet, Shown, cell_name};
use crate::fault::Fault;
use crate::settings::ReturnLimits;
use calamine::{Data, DataRef, ExcelDateTime, Ods, OdsError, Range, Reader, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError};
use jiff::civil::Date;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// The sheets of a return, by their names.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    pub about: Option<Sheet>,
    pub figures: Option<Sheet>,
    pub actions: Option<Sheet>,
}

/// Why a workbook is refused.
#[derive(Debug)]
pub(super) enum Refusal {
    Unreadable(Fault),
    /// It must not be kept either.
    Personal(Fault),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Refusal::Unreadable(fault)
    }
}

/// Reads the sheets of a return out of `bytes`; `place` is the file's name.
///
/// .xlsx and .xlsb are read cell by cell, so that a cell in the farthest corner costs no more than one at A1. .ods is
/// looked over before calamine parses it whole; .xls is held only by the limit on its size.
///
/// # Errors
/// What is no workbook, is over a limit, is protected, or looks like data about persons one by one.
pub(super) fn open(bytes: &[u8], place: &str, limits: &ReturnLimits) -> Result<Workbook, Refusal> {
    let kind = container::inspect(bytes, place, limits)?;
    // calamine is not proof against every hostile file; what it panics over is a refused workbook, not a failed run.
    catch_unwind(AssertUnwindSafe(|| read(kind, bytes, place, limits)))
        .unwrap_or_else(|_| Err(container::damaged(place, &"its contents make no sense").into()))
}

fn read(kind: Kind, bytes: &[u8], place: &str, limits: &ReturnLimits) -> Result<Workbook, Refusal> {
    let cursor = Cursor::new(bytes);
    let mut taking = Taking::new(place, limits);
    match kind {
        Kind::Xlsx => {
            let mut workbook = Xlsx::new(cursor).map_err(|e| fault_of_xlsx(place, e))?;
            for name in taking.sheet_names(workbook.sheet_names())? {
                let mut reader = match workbook.worksheet_cells_reader(&name) {
                    Ok(reader) => reader,
                    // A chart sheet has no cells.
                    Err(XlsxError::NotAWorksheet(_)) => continue,
                    Err(error) => return Err(fault_of_xlsx(place, error).into()),
                };
                taking.begin(&name);
                while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|e| fault_of_xlsx(place, e))? {
                    let format = reader.styles().get(style).and_then(|style| style.number_format.as_ref());
                    let percent = format.is_some_and(|format| shows_percent(&format.format_code));
                    let shown = if percent { Shown::Percent } else { Shown::Plain };
                    taking.take(cell.get_position(), cell.get_value(), shown)?;
                }
                taking.end();
            }
        }
        Kind::Xlsb => {
            let mut workbook = Xlsb::new(cursor).map_err(|e| fault_of_xlsb(place, e))?;
            for name in taking.sheet_names(workbook.sheet_names())? {
                let mut reader = workbook.worksheet_cells_reader(&name).map_err(|e| fault_of_xlsb(place, e))?;
                taking.begin(&name);
                while let Some(cell) = reader.next_cell().map_err(|e| fault_of_xlsb(place, e))? {
                    taking.take(cell.get_position(), cell.get_value(), Shown::Unknown)?;
                }
                taking.end();
            }
        }
        Kind::Xls => {
            let mut workbook: Xls<_> = Xls::new(cursor).map_err(|e| match e {
                XlsError::Password => container::encrypted(place),
                other => container::damaged(place, &other),
            })?;
            for name in taking.sheet_names(workbook.sheet_names())? {
                let range = workbook.worksheet_range(&name).map_err(|e| container::damaged(place, &e))?;
                taking.whole(&name, &range, |_| Shown::Unknown)?;
            }
        }
        Kind::Ods => {
            let percent = ods::look_over(bytes, place, limits.max_cells)?;
            let mut workbook: Ods<_> = Ods::new(cursor).map_err(|e| match e {
                OdsError::Password => container::encrypted(place),
                other => container::damaged(place, &other),
            })?;
            for name in taking.sheet_names(workbook.sheet_names())? {
                let range = workbook.worksheet_range(&name).map_err(|e| container::damaged(place, &e))?;
                let cells = percent.get(&name);
                let is_percent = |at| cells.is_some_and(|cells| cells.contains(&at));
                taking.whole(&name, &range, |at| if is_percent(at) { Shown::Percent } else { Shown::Plain })?;
            }
        }
    }
    Ok(taking.workbook)
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

/// Takes cells in, counting them against the limits.
struct Taking<'a> {
    place: &'a str,
    limits: &'a ReturnLimits,
    deadline: Instant,
    seen: u64,
    cells_left: u64,
    /// A text shared by a million cells is small in the file and large when copied out.
    text_left: u64,
    sheet: String,
    watch: Watch,
    cells: Option<Vec<Cell>>,
    workbook: Workbook,
}

impl<'a> Taking<'a> {
    fn new(place: &'a str, limits: &'a ReturnLimits) -> Self {
        Self {
            place,
            limits,
            deadline: Instant::now() + Duration::from_secs(limits.max_seconds),
            seen: 0,
            cells_left: limits.max_cells,
            text_left: limits.max_unzipped_mb.saturating_mul(1024 * 1024),
            sheet: String::new(),
            watch: Watch::default(),
            cells: None,
            workbook: Workbook::default(),
        }
    }

    fn sheet_names(&self, names: Vec<String>) -> Result<Vec<String>, Fault> {
        let most = self.limits.max_sheets;
        if names.len() > most {
            let problem = format!("has {} sheets; {most} is the most that is read", names.len());
            return Err(Fault::new(self.place, problem, "send a workbook with the return only, or raise returns.max_sheets"));
        }
        Ok(names)
    }

    fn slot(&mut self) -> Option<&mut Option<Sheet>> {
        match super::layout::squeeze(&self.sheet).as_str() {
            "about" => Some(&mut self.workbook.about),
            "figures" => Some(&mut self.workbook.figures),
            "keyactions" => Some(&mut self.workbook.actions),
            _ => None,
        }
    }

    fn begin(&mut self, name: &str) {
        name.clone_into(&mut self.sheet);
        self.watch = Watch::default();
        // Of two sheets whose names differ in case only, the first is read.
        self.cells = self.slot().is_some_and(|slot| slot.is_none()).then(Vec::new);
    }

    fn end(&mut self) {
        if let Some(cells) = self.cells.take() {
            let sheet = Sheet::new(self.sheet.clone(), cells);
            if let Some(slot) = self.slot() {
                *slot = Some(sheet);
            }
        }
    }

    fn take(&mut self, (row, column): (u32, u32), value: &DataRef<'_>, shown: Shown) -> Result<(), Refusal> {
        self.seen += 1;
        if self.seen.is_multiple_of(4096) && Instant::now() > self.deadline {
            let problem = format!("takes longer to read than {} seconds", self.limits.max_seconds);
            let remedy = "send a workbook with the return only, or raise returns.max_seconds";
            return Err(Fault::new(self.place, problem, remedy).into());
        }
        if matches!(value, DataRef::Empty) {
            return Ok(());
        }
        self.cells_left = self.cells_left.checked_sub(1).ok_or_else(|| {
            let problem = format!("has more than {} cells, the most that is read", self.limits.max_cells);
            Fault::new(self.place, problem, "send a workbook with the return only, or raise returns.max_cells")
        })?;
        let personal = match value {
            DataRef::String(text) => self.watch.text(column, text),
            DataRef::SharedString(text) => self.watch.text(column, text),
            DataRef::Float(number) => self.watch.number(column, *number),
            #[expect(clippy::cast_precision_loss, reason = "NHS numbers are far below 2^53")]
            DataRef::Int(number) => self.watch.number(column, *number as f64),
            _ => None,
        };
        if let Some(sign) = personal {
            let place = format!("{}, sheet {}, cell {}", self.place, self.sheet, cell_name(row, column));
            let problem = format!("{sign} was found: the workbook looks like data about persons one by one, and was not kept");
            let remedy = "take all data about single persons out and send counts only; delete the copy that was sent";
            return Err(Refusal::Personal(Fault::new(place, problem, remedy)));
        }
        if self.cells.is_some() {
            let content = self.content(value)?;
            if let (Some(cells), Some(content)) = (&mut self.cells, content) {
                cells.push(Cell { row, column, content, shown });
            }
        }
        Ok(())
    }

    fn content(&mut self, value: &DataRef<'_>) -> Result<Option<Content>, Fault> {
        Ok(Some(match value {
            DataRef::Empty => return Ok(None),
            #[expect(clippy::cast_precision_loss, reason = "Excel itself holds every number as a double")]
            DataRef::Int(number) => Content::Number(*number as f64),
            DataRef::Float(number) => Content::Number(*number),
            DataRef::String(text) => Content::Text(self.text(text)?),
            DataRef::SharedString(text) => Content::Text(self.text(text)?),
            DataRef::Bool(logical) => Content::Logical(*logical),
            DataRef::DateTime(time) => date_of(*time).map_or(Content::Time, Content::Date),
            DataRef::DateTimeIso(text) => text.get(..10).and_then(|day| day.parse().ok()).map_or(Content::Time, Content::Date),
            DataRef::DurationIso(_) => Content::Time,
            DataRef::Error(error) => Content::Error(error.to_string()),
        }))
    }

    fn text(&mut self, text: &str) -> Result<String, Fault> {
        self.text_left = self.text_left.checked_sub(text.len() as u64).ok_or_else(|| {
            let problem = format!("holds more than {} MB of text", self.limits.max_unzipped_mb);
            Fault::new(self.place, problem, "send a workbook with the return only, or raise returns.max_unzipped_mb")
        })?;
        Ok(text.to_owned())
    }

    fn whole(&mut self, name: &str, range: &Range<Data>, shown: impl Fn((u32, u32)) -> Shown) -> Result<(), Refusal> {
        self.begin(name);
        let (first_row, first_column) = range.start().unwrap_or((0, 0));
        for (row, column, value) in range.used_cells() {
            let at = |first: u32, offset: usize| first.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
            let position = (at(first_row, row), at(first_column, column));
            self.take(position, &borrowed(value), shown(position))?;
        }
        self.end();
        Ok(())
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

fn date_of(time: ExcelDateTime) -> Option<Date> {
    if time.is_duration() || !(1.0..2_958_466.0).contains(&time.as_f64()) {
        return None;
    }
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// True where a number format shows a share as a percentage: a `%` that is not quoted or escaped.
fn shows_percent(code: &str) -> bool {
    let mut quoted = false;
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted = !quoted,
            '\\' | '_' | '*' if !quoted => {
                characters.next();
            }
            '%' if !quoted => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percent_sign_counts_only_where_excel_multiplies_by_it() {
        assert!(["0%", "0.0%", "#,##0.0%;[Red]-0.0%"].iter().all(|code| shows_percent(code)));
        assert!(["General", "0.0", "0\"%\"", "0\\%"].iter().all(|code| !shows_percent(code)));
    }
}

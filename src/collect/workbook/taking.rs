//! Taking cells in as they go by, counted against the limits.

use super::sheet::{Beside, Cell, Content, Shown, cell_name};
use super::{Found, Refusal};
use crate::fault::Fault;
use crate::settings::ReturnLimits;
use calamine::{DataRef, ExcelDateTime};
use jiff::civil::Date;
use std::time::{Duration, Instant};

/// A cell astray below a table or beside it does no harm; in the corner of the sheet it is no slip of a hand. So this
/// many blanks are let pass for each cell that may be filled.
const MOST_BLANKS: u64 = 100;

/// Counts what a workbook gives, and passes it on.
pub(super) struct Taking<'a> {
    place: &'a str,
    limits: &'a ReturnLimits,
    deadline: Instant,
    seen: u64,
    cells_left: u64,
    /// A text shared by a million cells is small in the file and large when copied out.
    text_left: u64,
    has_sheets: bool,
    sheet: String,
    /// The last row and column of the sheet so far, counted from 0.
    reach: (u32, u32),
    found: &'a mut dyn FnMut(Found<'_>),
}

impl<'a> Taking<'a> {
    pub fn new(place: &'a str, limits: &'a ReturnLimits, found: &'a mut dyn FnMut(Found<'_>)) -> Self {
        Self {
            place,
            limits,
            deadline: Instant::now() + Duration::from_secs(limits.max_seconds),
            seen: 0,
            cells_left: limits.max_cells,
            text_left: most_text_mb(limits).saturating_mul(1024 * 1024),
            has_sheets: false,
            sheet: String::new(),
            reach: (0, 0),
            found,
        }
    }

    pub fn place(&self) -> &'a str {
        self.place
    }

    pub fn limits(&self) -> &'a ReturnLimits {
        self.limits
    }

    /// The file and the sheet that is being read.
    pub fn sheet_place(&self) -> String {
        format!("{}, sheet {}", self.place, self.sheet)
    }

    /// # Errors
    /// No sheet with cells was come upon.
    pub fn hold_to_one_sheet(&self) -> Result<(), Fault> {
        let none = || Fault::new(self.place, "has no worksheets", "send the Excel workbook of the return");
        if self.has_sheets { Ok(()) } else { Err(none()) }
    }

    /// The cells that follow are of this sheet.
    pub fn begin(&mut self, name: &str, hidden: bool) {
        name.clone_into(&mut self.sheet);
        self.has_sheets = true;
        self.reach = (0, 0);
        (self.found)(Found::Sheet { name, hidden });
    }

    /// # Errors
    /// A limit that is passed.
    pub fn take(&mut self, at: (u32, u32), value: &DataRef<'_>, shown: Shown) -> Result<(), Refusal> {
        self.in_time()?;
        if matches!(value, DataRef::Empty) {
            return Ok(());
        }
        let content = match value {
            DataRef::Empty => return Ok(()),
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
        };
        // Formats of dates lie about over texts and numbers as well.
        let shown = if shown == Shown::Month && !matches!(content, Content::Date(_)) { Shown::Plain } else { shown };
        self.pass_on(at, content, shown)
    }

    /// # Errors
    /// As [`Self::take`].
    pub fn take_error(&mut self, at: (u32, u32), error: &str) -> Result<(), Refusal> {
        self.in_time()?;
        let error = self.text(error)?;
        self.pass_on(at, Content::Error(error), Shown::Plain)
    }

    /// A cell that holds something without a value that is known.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub fn take_without_value(&mut self, at: (u32, u32), content: Content) -> Result<(), Refusal> {
        self.in_time()?;
        self.pass_on(at, content, Shown::Plain)
    }

    /// What stands beside the cells of the sheet.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub fn take_beside(&mut self, beside: Vec<Beside>) -> Result<(), Refusal> {
        for one in beside {
            self.in_time()?;
            self.count_cell()?;
            let text = self.text(&one.text)?;
            (self.found)(Found::Beside(Beside { text, ..one }));
        }
        Ok(())
    }

    /// Counts a step of the reading, whatever came of it.
    ///
    /// # Errors
    /// The time is up.
    pub fn in_time(&mut self) -> Result<(), Fault> {
        self.seen += 1;
        if self.seen.is_multiple_of(4096) && Instant::now() > self.deadline {
            return Err(too_slow(self.place, self.limits));
        }
        Ok(())
    }

    fn pass_on(&mut self, (row, column): (u32, u32), content: Content, shown: Shown) -> Result<(), Refusal> {
        self.count_cell()?;
        self.reach = (self.reach.0.max(row), self.reach.1.max(column));
        let spread = (u64::from(self.reach.0) + 1).saturating_mul(u64::from(self.reach.1) + 1);
        if spread / MOST_BLANKS > self.limits.max_cells {
            let place = format!("{}, cell {}", self.sheet_place(), cell_name(row, column));
            let problem = "stands far from any table: the sheet would spread over more cells than a return can have";
            return Err(Fault::new(place, problem, "take the cell away, or move it to the table that it belongs to").into());
        }
        (self.found)(Found::Cell(Cell { row, column, content, shown }));
        Ok(())
    }

    fn count_cell(&mut self) -> Result<(), Fault> {
        self.cells_left = self.cells_left.checked_sub(1).ok_or_else(|| {
            let problem = format!("has more than {} cells, the most that is read", self.limits.max_cells);
            Fault::new(self.place, problem, "send a workbook with the return only, or raise returns.max_cells")
        })?;
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<String, Fault> {
        self.text_left = self.text_left.checked_sub(text.len() as u64).ok_or_else(|| {
            let problem = format!("holds more than {} MB of text, the most that is read", most_text_mb(self.limits));
            let remedy = "send a workbook with the return only, or raise returns.max_unzipped_mb and returns.max_memory_mb";
            Fault::new(self.place, problem, remedy)
        })?;
        Ok(text.to_owned())
    }
}

/// The texts of a workbook are held at once when it has been read, and something must be left for the rest.
fn most_text_mb(limits: &ReturnLimits) -> u64 {
    limits.max_unzipped_mb.min(limits.max_memory_mb / 4)
}

pub(super) fn too_slow(place: &str, limits: &ReturnLimits) -> Fault {
    let problem = format!("takes longer to read than {} seconds", limits.max_seconds);
    Fault::new(place, problem, "send a workbook with the return only, or raise returns.max_seconds")
}

pub(super) fn too_much_memory(place: &str, limits: &ReturnLimits) -> Fault {
    let problem = format!("needs more than {} MB of memory to read", limits.max_memory_mb);
    Fault::new(place, problem, "send a workbook with the return only, or raise returns.max_memory_mb")
}

/// The day of a date-time; none for a duration, a time of day alone, or a day after 9999.
fn date_of(time: ExcelDateTime) -> Option<Date> {
    if time.is_duration() || !(1.0..2_958_466.0).contains(&time.as_f64()) {
        return None;
    }
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

//! What a workbook may cost, and cells counted against it as they go by.

use crate::found::WorkbookItem;
use crate::problem::{Problem, ProblemKind};
use crate::sheet::{Beside, Cell, CellContent, NumberFormat, cell_name};
use calamine::{DataRef, ExcelDateTime};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

/// What one workbook may cost; one that costs more is refused. Megabytes are of 1024 × 1024 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkbookLimits {
    /// The file itself. A caller does well not to read more of it than that and a byte.
    pub max_file_mb: u64,
    /// What a zip file unpacks to.
    pub max_unzipped_mb: u64,
    /// Cells that hold something, and texts beside cells.
    pub max_cells: u64,
    /// Sheets of any kind.
    pub max_sheets: usize,
    pub max_seconds: u64,
    /// Of the process that reads it. A quarter of it may be text.
    pub max_memory_mb: u64,
}

impl Default for WorkbookLimits {
    /// Room for a table of some 100,000 rows.
    fn default() -> Self {
        Self { max_file_mb: 20, max_unzipped_mb: 200, max_cells: 1_000_000, max_sheets: 50, max_seconds: 20, max_memory_mb: 200 }
    }
}

pub(crate) const MIB: u64 = 1024 * 1024;

/// A cell astray below a table or beside it does no harm; in the corner of the sheet it is no slip of a hand. So this
/// many blanks are let pass for each cell that may be filled.
const MOST_BLANKS: u64 = 100;

/// Counts what a workbook gives, and passes it on.
pub(crate) struct Taking<'a> {
    place: &'a str,
    limits: &'a WorkbookLimits,
    deadline: Instant,
    seen: u64,
    cells_left: u64,
    /// A text shared by a million cells is small in the file and large when copied out.
    text_left: u64,
    has_sheets: bool,
    sheet: String,
    /// The last row and column of the sheet so far, counted from 0.
    reach: (u32, u32),
    found: &'a mut dyn FnMut(WorkbookItem<'_>),
}

impl<'a> Taking<'a> {
    pub fn new(place: &'a str, limits: &'a WorkbookLimits, found: &'a mut dyn FnMut(WorkbookItem<'_>)) -> Self {
        Self {
            place,
            limits,
            deadline: Instant::now() + Duration::from_secs(limits.max_seconds),
            seen: 0,
            cells_left: limits.max_cells,
            text_left: most_text_mb(limits).saturating_mul(MIB),
            has_sheets: false,
            sheet: String::new(),
            reach: (0, 0),
            found,
        }
    }

    pub fn place(&self) -> &'a str {
        self.place
    }

    pub fn limits(&self) -> &'a WorkbookLimits {
        self.limits
    }

    /// The file and the sheet that is being read.
    pub fn sheet_place(&self) -> String {
        format!("{}, sheet {}", self.place, self.sheet)
    }

    /// # Errors
    /// No sheet with cells was come upon.
    pub fn hold_to_one_sheet(&self) -> Result<(), Problem> {
        let none = || Problem::new(self.place, ProblemKind::NoWorksheets, "has no worksheets");
        if self.has_sheets { Ok(()) } else { Err(none()) }
    }

    /// The cells that follow are of this sheet.
    pub fn begin(&mut self, name: &str, hidden: bool) {
        name.clone_into(&mut self.sheet);
        self.has_sheets = true;
        self.reach = (0, 0);
        (self.found)(WorkbookItem::Sheet { name, hidden });
    }

    /// # Errors
    /// A limit that is passed.
    pub fn take(&mut self, at: (u32, u32), value: &DataRef<'_>, shown: NumberFormat) -> Result<(), Problem> {
        self.in_time()?;
        if matches!(value, DataRef::Empty) {
            return Ok(());
        }
        let content = match value {
            DataRef::Empty => return Ok(()),
            #[expect(clippy::cast_precision_loss, reason = "Excel itself holds every number as a double")]
            DataRef::Int(number) => CellContent::Number(*number as f64),
            DataRef::Float(number) => CellContent::Number(*number),
            DataRef::String(text) => CellContent::Text(self.text(text)?),
            DataRef::SharedString(text) => CellContent::Text(self.text(text)?),
            DataRef::Bool(logical) => CellContent::Logical(*logical),
            DataRef::DateTime(time) => date_of(*time).map_or(CellContent::Time, CellContent::Date),
            DataRef::DateTimeIso(text) => {
                text.get(..10).and_then(|day| day.parse().ok()).map_or(CellContent::Time, CellContent::Date)
            }
            DataRef::DurationIso(_) => CellContent::Time,
            DataRef::Error(error) => CellContent::Error(error.to_string()),
        };
        // Formats of dates lie about over texts and numbers as well.
        let shown =
            if shown == NumberFormat::Month && !matches!(content, CellContent::Date(_)) { NumberFormat::Plain } else { shown };
        self.pass_on(at, content, shown)
    }

    /// # Errors
    /// As [`Self::take`].
    pub fn take_error(&mut self, at: (u32, u32), error: &str) -> Result<(), Problem> {
        self.in_time()?;
        let error = self.text(error)?;
        self.pass_on(at, CellContent::Error(error), NumberFormat::Plain)
    }

    /// A cell that holds something without a value that is known.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub fn take_without_value(&mut self, at: (u32, u32), content: CellContent) -> Result<(), Problem> {
        self.in_time()?;
        self.pass_on(at, content, NumberFormat::Plain)
    }

    /// What stands beside the cells of the sheet.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub fn take_beside(&mut self, beside: Vec<Beside>) -> Result<(), Problem> {
        for one in beside {
            self.in_time()?;
            self.count_cell()?;
            let text = self.text(&one.text)?;
            (self.found)(WorkbookItem::Beside(Beside { text, ..one }));
        }
        Ok(())
    }

    /// Counts a step of the reading, whatever came of it.
    ///
    /// # Errors
    /// The time is up.
    pub fn in_time(&mut self) -> Result<(), Problem> {
        self.seen += 1;
        if self.seen.is_multiple_of(4096) && Instant::now() > self.deadline {
            return Err(too_slow(self.place, self.limits));
        }
        Ok(())
    }

    fn pass_on(&mut self, (row, column): (u32, u32), content: CellContent, shown: NumberFormat) -> Result<(), Problem> {
        self.count_cell()?;
        self.reach = (self.reach.0.max(row), self.reach.1.max(column));
        let spread = (u64::from(self.reach.0) + 1).saturating_mul(u64::from(self.reach.1) + 1);
        if spread / MOST_BLANKS > self.limits.max_cells {
            let place = format!("{}, cell {}", self.sheet_place(), cell_name(row, column));
            let problem = "stands far from any table: the sheet would spread over more cells than are read";
            return Err(Problem::new(place, ProblemKind::FarCell, problem));
        }
        (self.found)(WorkbookItem::Cell(Cell { row, column, content, shown }));
        Ok(())
    }

    fn count_cell(&mut self) -> Result<(), Problem> {
        self.cells_left = self.cells_left.checked_sub(1).ok_or_else(|| {
            let problem = format!("has more than {} cells, the most that is read", self.limits.max_cells);
            Problem::new(self.place, ProblemKind::TooManyCells, problem)
        })?;
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<String, Problem> {
        self.text_left = self.text_left.checked_sub(text.len() as u64).ok_or_else(|| {
            let problem = format!("holds more than {} MB of text, the most that is read", most_text_mb(self.limits));
            Problem::new(self.place, ProblemKind::TooMuchText, problem)
        })?;
        Ok(text.to_owned())
    }
}

/// The texts of a workbook are held at once when it has been read, and something must be left for the rest.
fn most_text_mb(limits: &WorkbookLimits) -> u64 {
    limits.max_unzipped_mb.min(limits.max_memory_mb / 4)
}

pub(crate) fn too_slow(place: &str, limits: &WorkbookLimits) -> Problem {
    let problem = format!("takes longer to read than {} seconds", limits.max_seconds);
    Problem::new(place, ProblemKind::TooSlow, problem)
}

pub(crate) fn too_much_memory(place: &str, limits: &WorkbookLimits) -> Problem {
    let problem = format!("needs more than {} MB of memory to read", limits.max_memory_mb);
    Problem::new(place, ProblemKind::TooMuchMemory, problem)
}

/// The day of a date-time; none for a duration, a time of day alone, or a day after 9999.
fn date_of(time: ExcelDateTime) -> Option<Date> {
    if time.is_duration() || !(1.0..2_958_466.0).contains(&time.as_f64()) {
        return None;
    }
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

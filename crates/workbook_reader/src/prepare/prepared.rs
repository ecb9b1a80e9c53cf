//! What is made of a workbook: sheets that calamine reads right, and what it does not tell of their cells.

use crate::problem::{Problem, ProblemKind};
use crate::sheet::{Beside, NumberFormat};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What calamine is given, and what is known beside it.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    pub bytes: Cow<'a, [u8]>,
    /// The worksheets that are read, in the workbook's order.
    pub sheets: Vec<PreparedSheet>,
}

#[derive(Debug)]
pub(crate) struct PreparedSheet {
    /// As its sender called it.
    pub name: String,
    pub hidden: bool,
    /// As calamine finds it.
    pub key: String,
    pub marks: Marks,
    pub beside: Vec<Beside>,
}

/// What is known of a cell beside what calamine tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A number shown as a percentage.
    Percent,
    /// A date shown as a month.
    Month,
    /// A number shown in its thousands or millions.
    Scaled,
    /// An error and its word, `#REF!`.
    Error(String),
    /// A formula whose result was not saved.
    Uncached,
    /// Something is written here that could not be read.
    Unreadable,
}

impl Mark {
    /// None where a number is shown as it is.
    pub(super) fn new(shown: NumberFormat) -> Option<Self> {
        match shown {
            NumberFormat::Percent => Some(Mark::Percent),
            NumberFormat::Month => Some(Mark::Month),
            NumberFormat::Scaled => Some(Mark::Scaled),
            NumberFormat::Plain => None,
        }
    }
}

/// The marked cells of a sheet, by row and column from 0.
pub(crate) type Marks = BTreeMap<(u32, u32), Mark>;

/// No worksheet has more.
pub(super) const MOST_ROWS: u32 = 1_048_576;
pub(super) const MOST_COLUMNS: u32 = 16_384;

/// Where sheets and cells are counted while a workbook is made ready.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Most {
    pub sheets: usize,
    pub cells: u64,
}

impl Most {
    /// # Errors
    /// More sheets, of any kind, than the limit allows.
    pub fn hold_to_sheets(self, count: usize, place: &str) -> Result<(), Problem> {
        if count > self.sheets {
            let problem = format!("has {count} sheets; {} is the most that is read", self.sheets);
            return Err(Problem::new(place, ProblemKind::TooManySheets, problem));
        }
        Ok(())
    }
}

/// The name by which calamine finds a sheet: the names that people give may be there twice.
pub(super) fn key_of(sheet: usize) -> String {
    format!("s{}", sheet + 1)
}

//! A workbook made ready for calamine: what it reads wrong, passes over in silence or refuses the whole file for is put
//! into a form that it reads right, and what it does not tell of a cell is found out on the way.
//!
//! A part that calamine reads right is handed over as it is. Sheets that are no worksheets, sheets without a part and
//! copies of other workbooks' sheets are left out.

mod beside;
mod cell_text;
mod compound;
mod gathered;
mod number_formats;
mod ods;
mod ods_cell;
mod ods_grid;
mod ods_sheet;
mod ods_styles;
mod package;
mod records;
mod xls;
mod xls_beside;
mod xlsb;
mod xlsb_beside;
mod xlsb_sheet;
mod xlsx;
mod xlsx_sheet;
mod xml;

pub(super) use number_formats::shown_by;
pub(super) use ods::prepare as ods;
pub(super) use package::{Package, is_binary};
pub(super) use xls::{PreparedXls, prepare as xls};
pub(super) use xlsb::prepare as xlsb;
pub(super) use xlsx::prepare as xlsx;

use super::sheet::{Beside, Shown};
use crate::problem::{Problem, ProblemKind};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What calamine is given, and what is known beside it.
#[derive(Debug)]
pub(super) struct Prepared<'a> {
    pub bytes: Cow<'a, [u8]>,
    /// The worksheets that are read, in the workbook's order.
    pub sheets: Vec<PreparedSheet>,
}

#[derive(Debug)]
pub(super) struct PreparedSheet {
    /// As its sender called it.
    pub name: String,
    pub hidden: bool,
    /// As calamine finds it.
    pub key: String,
    pub marks: Marks,
    pub beside: Vec<Beside>,
}

impl Mark {
    /// None where a number is shown as it is.
    fn of(shown: Shown) -> Option<Self> {
        match shown {
            Shown::Percent => Some(Mark::Percent),
            Shown::Month => Some(Mark::Month),
            Shown::Scaled => Some(Mark::Scaled),
            Shown::Plain => None,
        }
    }
}

/// What is known of a cell beside what calamine tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
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

/// The marked cells of a sheet, by row and column from 0.
pub(super) type Marks = BTreeMap<(u32, u32), Mark>;

/// No worksheet has more.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;

/// Where sheets and cells are counted while a workbook is made ready.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most {
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
fn key_of(sheet: usize) -> String {
    format!("s{}", sheet + 1)
}

//! Workbooks of any kind and of any sender, as sheets of cells: what a cell holds, and nothing about what it means.
//!
//! `container` says what a file is by its content and how large it becomes; `prepare` makes it ready for calamine, with
//! which `reader` goes through its sheets; `taking` counts what comes out against the limits; `sheet` is what is left, and is looked over for persons
//! before it is handed on. `apart` does all this in a process of its own, and `wire` is how the cells come back from there.

mod apart;
mod container;
mod prepare;
mod reader;
mod sheet;
mod taking;
mod wire;

pub use apart::{COMMAND, serve};
pub(in crate::collect) use container::may_be_workbook;
pub use sheet::{
    Beside, Cell, Content, Entry, Number, Row, Sheet, Shown, as_percent, cell_name, cells_in_words, clip, one_line, squeeze,
};
pub use wire::read as read_answer;

use crate::collect::persons;
use crate::fault::Fault;
use crate::settings::ReturnLimits;
use std::collections::HashSet;
use std::path::PathBuf;

/// Why a workbook is refused.
#[derive(Debug, Clone)]
pub enum Refusal {
    Unreadable(Fault),
    /// It looks like data about persons one by one, and must not be kept either.
    Personal {
        fault: Fault,
        /// For somebody who knows better. None where the rest of the workbook could not be read.
        sheets: Option<Vec<Sheet>>,
    },
}

/// A workbook that could not be read to its end.
#[derive(Debug, Clone)]
pub struct Broken {
    pub fault: Fault,
    /// What had come by then.
    pub sheets: Vec<Sheet>,
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Self {
        Self { fault, sheets: Vec::new() }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Refusal::Unreadable(fault)
    }
}

impl Refusal {
    pub fn into_fault(self) -> Fault {
        match self {
            Refusal::Unreadable(fault) | Refusal::Personal { fault, .. } => fault,
        }
    }
}

/// Where a workbook is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// In this process, which a hostile workbook can end.
    Here,
    /// In a process of the program at this path, which is boardpack.
    Apart(PathBuf),
}

impl Reading {
    /// Apart where the program is known.
    pub fn with(program: Option<PathBuf>) -> Self {
        program.map_or(Reading::Here, Reading::Apart)
    }

    /// # Errors
    /// As [`open_all`]; apart, also a workbook that its reader did not survive.
    pub fn open(&self, bytes: &[u8], place: &str, limits: &ReturnLimits) -> Result<Vec<Sheet>, Refusal> {
        match self {
            Reading::Here => open_all(bytes, place, limits),
            Reading::Apart(program) => looked_over(apart::read(program, bytes, place, limits), place),
        }
    }
}

/// Reads every worksheet of the workbook `bytes`, in the workbook's order; `place` is the file's name.
///
/// Chart, dialog and macro sheets, sheets without a part and copies of other workbooks' sheets are left out, hidden sheets
/// are not. An external link is not followed and no macro is run: a cell holds what was saved in it. A cell that cannot
/// be read is [`Content::Unreadable`], and the others are read.
///
/// # Errors
/// What is no workbook, is over a limit, is protected, or looks like data about persons one by one.
pub fn open_all(bytes: &[u8], place: &str, limits: &ReturnLimits) -> Result<Vec<Sheet>, Refusal> {
    let mut gathered = Gathered::default();
    let read = reader::read(bytes, place, limits, &mut |found| gathered.take(found));
    let sheets = gathered.sheets();
    let read = match read {
        Ok(()) => Ok(sheets),
        Err(refusal) => Err(Broken { fault: refusal.into_fault(), sheets }),
    };
    looked_over(read, place)
}

/// Holds back a workbook that looks like data about persons, one that broke off after such data too.
fn looked_over(read: Result<Vec<Sheet>, Broken>, place: &str) -> Result<Vec<Sheet>, Refusal> {
    let sheets = read.as_ref().unwrap_or_else(|broken| &broken.sheets);
    let in_cells = |sheet: &Sheet| {
        let sign = persons::find(sheet)?;
        Some((format!("{place}, sheet {}, cell {}", sheet.name, cell_name(sign.row, sign.column)), sign.words))
    };
    // Looked at only where there are charts, which repeat them.
    let has_charts = sheets.iter().any(|sheet| sheet.beside.iter().any(Beside::is_chart));
    let with_charts = sheets.iter().filter(|_| has_charts);
    let in_all_cells: HashSet<String> = with_charts.flat_map(Sheet::rows).flat_map(|row| row.cells).map(Cell::text).collect();
    let beside = |sheet: &Sheet| {
        let (beside, words) = persons::find_beside(sheet, &in_all_cells)?;
        Some((format!("{place}, {}", beside.place(&sheet.name)), words))
    };
    let Some((place, words)) = sheets.iter().find_map(|sheet| in_cells(sheet).or_else(|| beside(sheet))) else {
        return read.map_err(|broken| broken.fault.into());
    };
    let problem = format!("{words} was found: the workbook looks like data about persons one by one, and was not kept");
    let remedy = "take all data about single persons out and send counts only; delete the copy that was sent";
    Err(Refusal::Personal { fault: Fault::new(place, problem, remedy), sheets: read.ok() })
}

/// What a reader comes upon as it goes through a workbook: a sheet, then the cells of it, in any order.
#[derive(Debug)]
enum Found<'a> {
    Sheet { name: &'a str, hidden: bool },
    Cell(Cell),
    Beside(Beside),
}

/// The sheets as a reader comes upon them.
#[derive(Default)]
struct Gathered(Vec<(Sheet, Vec<Cell>)>);

impl Gathered {
    fn take(&mut self, found: Found<'_>) {
        match (found, self.0.last_mut()) {
            (Found::Sheet { name, hidden }, _) => self.0.push((Sheet::new(name.to_owned(), hidden, Vec::new()), Vec::new())),
            (Found::Cell(cell), Some((_, cells))) => cells.push(cell),
            (Found::Beside(beside), Some((sheet, _))) => sheet.beside.push(beside),
            (_, None) => {}
        }
    }

    fn sheets(self) -> Vec<Sheet> {
        let made = |(sheet, cells): (Sheet, Vec<Cell>)| {
            let mut made = Sheet::new(sheet.name, sheet.hidden, cells);
            made.beside = sheet.beside;
            made
        };
        self.0.into_iter().map(made).collect()
    }
}

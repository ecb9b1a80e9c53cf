//! Workbooks of any kind and of any sender, as sheets of cells: what a cell holds, and nothing about what it means.
//!
//! `container` says what a file is by its content and how large it becomes; `reader` goes through its sheets with
//! calamine; `taking` counts what comes out against the limits and watches for data about persons; `sheet` is what is left.
//! `apart` does all this in a process of its own, and `wire` is how the cells come back from there.

mod apart;
mod container;
mod identifiers;
mod names;
mod ods;
mod reader;
mod sheet;
mod taking;
mod wire;
mod xlsx;

pub use apart::{COMMAND, serve};
pub use sheet::{Cell, Content, Entry, Number, Row, Sheet, Shown, as_percent, cell_name, clip, one_line, squeeze};
pub use wire::read as read_answer;

use crate::fault::Fault;
use crate::settings::ReturnLimits;
use std::path::PathBuf;

/// Why a workbook is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    Unreadable(Fault),
    /// It must not be kept either.
    Personal(Fault),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Refusal::Unreadable(fault)
    }
}

impl Refusal {
    pub fn into_fault(self) -> Fault {
        match self {
            Refusal::Unreadable(fault) | Refusal::Personal(fault) => fault,
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
            Reading::Apart(program) => apart::read(program, bytes, place, limits),
        }
    }
}

/// Reads every worksheet of the workbook `bytes`, in the workbook's order; `place` is the file's name.
///
/// Chart and macro sheets are left out, hidden sheets are not. An external link is not followed and no macro is run:
/// a cell holds what was saved in it.
///
/// # Errors
/// What is no workbook, is over a limit, is protected, or looks like data about persons one by one.
pub fn open_all(bytes: &[u8], place: &str, limits: &ReturnLimits) -> Result<Vec<Sheet>, Refusal> {
    let mut sheets: Vec<(String, bool, Vec<Cell>)> = Vec::new();
    reader::read(bytes, place, limits, &mut |found| match found {
        Found::Sheet { name, hidden } => sheets.push((name.to_owned(), hidden, Vec::new())),
        Found::Cell(cell) => {
            if let Some((.., cells)) = sheets.last_mut() {
                cells.push(cell);
            }
        }
    })?;
    Ok(sheets.into_iter().map(|(name, hidden, cells)| Sheet::new(name, hidden, cells)).collect())
}

/// What a reader comes upon as it goes through a workbook: a sheet, then the cells of it, in any order.
#[derive(Debug)]
enum Found<'a> {
    Sheet { name: &'a str, hidden: bool },
    Cell(Cell),
}

#![doc = include_str!("../README.md")]
//!
//! `container` says what a file is by its content and how large it becomes; `prepare` makes it ready for calamine, with
//! which `reader` goes through its sheets; `limits` counts what comes out; [`sheet`] is what is left. [`sandbox`] does all this in a
//! process of its own, and `ipc` is how the cells come back from there.

mod container;
mod found;
mod ipc;
mod limits;
mod prepare;
mod problem;
mod reader;
pub mod sandbox;
pub mod sheet;
mod text;

pub use container::may_be_workbook;
#[doc(hidden)]
pub use ipc::read_answer;
pub use limits::WorkbookLimits;
pub use problem::{Broken, Problem, ProblemKind};
pub use sandbox::Sandbox;
pub use sheet::{Beside, Cell, CellContent, NumberFormat, Row, Sheet, as_percent, cell_name};
pub use text::{clip, one_line};

/// Reads every worksheet of the workbook `bytes`, in the workbook's order; `place` is how the file is named in messages. This is done in
/// this process, which a hostile workbook can end: see [`Sandbox`].
///
/// Chart, dialog and macro sheets, sheets without a part and copies of other workbooks' sheets are left out, hidden sheets
/// are not. An external link is not followed and no macro is run: a cell holds what was saved in it. A cell that cannot
/// be read is [`CellContent::Unreadable`], and the others are read.
///
/// # Errors
/// What is no workbook, is over a limit, is protected or damaged.
pub fn read(bytes: &[u8], place: &str, limits: &WorkbookLimits) -> Result<Vec<Sheet>, Broken> {
    let mut gathered = found::SheetCollector::default();
    let read = reader::read(bytes, place, limits, &mut |found| gathered.take(found));
    let sheets = gathered.sheets();
    match read {
        Ok(()) => Ok(sheets),
        Err(problem) => Err(Broken { problem, sheets }),
    }
}

//! Workbooks that others send, opened: `workbook_reader` reads them as sheets of cells, and what looks like data about persons one
//! by one is held back before anything is handed on.

use super::persons;
use crate::fault::Fault;
use std::collections::HashSet;
use std::path::PathBuf;
use workbook_reader::{Beside, Broken, Cell, Problem, ProblemKind, Sandbox, Sheet, WorkbookLimits, cell_name};

/// The name of the command that reads one workbook, in a process of its own.
pub const COMMAND: &str = "read-workbook";

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

impl Refusal {
    pub fn into_fault(self) -> Fault {
        match self {
            Refusal::Unreadable(fault) | Refusal::Personal { fault, .. } => fault,
        }
    }
}

/// Where a workbook is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReaderProcess {
    /// In this process, which a hostile workbook can end.
    Here,
    /// In a process of the program at this path, which is boardpack.
    Apart(PathBuf),
}

impl ReaderProcess {
    /// Apart where the program is known.
    pub fn with(program: Option<PathBuf>) -> Self {
        program.map_or(ReaderProcess::Here, ReaderProcess::Apart)
    }

    /// # Errors
    /// As [`open_all`]; apart, also a workbook that its reader did not survive.
    pub fn open(&self, bytes: &[u8], place: &str, limits: &WorkbookLimits) -> Result<Vec<Sheet>, Refusal> {
        match self {
            ReaderProcess::Here => open_all(bytes, place, limits),
            ReaderProcess::Apart(program) => {
                // Of the program's allocator: it takes memory as it is needed, so that the limit is one of what is used.
                let sandbox = Sandbox::new(program).arg(COMMAND).env("MIMALLOC_ARENA_RESERVE", "0");
                looked_over(sandbox.read(bytes, place, limits), place)
            }
        }
    }
}

/// Reads every worksheet of the workbook `bytes` in this process, as [`workbook_reader::read`] does; `place` is the file's name.
///
/// # Errors
/// What is no workbook, is over a limit, is protected, or looks like data about persons one by one.
pub fn open_all(bytes: &[u8], place: &str, limits: &WorkbookLimits) -> Result<Vec<Sheet>, Refusal> {
    looked_over(workbook_reader::read(bytes, place, limits), place)
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
        return read.map_err(|broken| Refusal::Unreadable(fault_of(broken.problem)));
    };
    let problem = format!("{words} was found: the workbook looks like data about persons one by one, and was not kept");
    let remedy = "take all data about single persons out and send counts only; delete the copy that was sent";
    Err(Refusal::Personal { fault: Fault::new(place, problem, remedy), sheets: read.ok() })
}

/// Why a workbook cannot be read, told to whoever sent it or runs this installation.
fn fault_of(problem: Problem) -> Fault {
    let remedy = match problem.kind {
        ProblemKind::Empty => "send the workbook again",
        ProblemKind::NotAWorkbook => "send the Excel workbook itself, as .xlsx",
        ProblemKind::Encrypted => "take the password off (File, Info, Protect Workbook) and send it again",
        ProblemKind::Damaged => "open it in Excel, save it again as .xlsx, and send that",
        ProblemKind::NoWorksheets => "send the Excel workbook of the return",
        ProblemKind::FileTooLarge => "send a workbook with the return only, or raise returns.max_file_mb",
        ProblemKind::UnpackedTooLarge => "send a workbook with the return only, or raise returns.max_unzipped_mb",
        ProblemKind::TooManySheets => "send a workbook with the return only, or raise returns.max_sheets",
        ProblemKind::TooManyCells => "send a workbook with the return only, or raise returns.max_cells",
        ProblemKind::TooWide => "remove what is far from the tables, or raise returns.max_cells",
        ProblemKind::FarCell => "take the cell away, or move it to the table that it belongs to",
        ProblemKind::TooMuchText => {
            "send a workbook with the return only, or raise returns.max_unzipped_mb and returns.max_memory_mb"
        }
        ProblemKind::TooSlow => "send a workbook with the return only, or raise returns.max_seconds",
        ProblemKind::TooMuchMemory => "send a workbook with the return only, or raise returns.max_memory_mb",
        ProblemKind::NotStarted => "nothing is wrong with the workbook: see that processes can be started here, and run again",
    };
    Fault::new(problem.place, problem.problem, remedy)
}

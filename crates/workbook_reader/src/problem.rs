//! Why a workbook cannot be read.

use crate::sheet::Sheet;
use serde::{Deserialize, Serialize};

/// One problem: where it is, and what it is. What to do about it is for the caller to say, by its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Problem {
    /// The file, and where it is known the sheet and the cell. Names are as the workbook writes them.
    pub place: String,
    pub kind: ProblemKind,
    /// What was found, in English: it follows on the place, as `is protected by a password`.
    pub problem: String,
}

impl Problem {
    pub(crate) fn new(place: impl Into<String>, kind: ProblemKind, problem: impl Into<String>) -> Self {
        Self { place: place.into(), kind, problem: problem.into() }
    }
}

pub(crate) fn encrypted(place: &str) -> Problem {
    Problem::new(place, ProblemKind::Encrypted, "is protected by a password")
}

pub(crate) fn damaged(place: &str, error: &dyn std::fmt::Display) -> Problem {
    Problem::new(place, ProblemKind::Damaged, format!("the workbook is damaged and cannot be read: {error}"))
}

pub(crate) fn damaged_beyond_reading(place: &str, ending: &dyn std::fmt::Display) -> Problem {
    let problem = format!("the workbook is damaged, or made to do harm: reading it ended with {ending}");
    Problem::new(place, ProblemKind::Damaged, problem)
}

/// What a caller may say different things about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ProblemKind {
    /// A file of 0 bytes.
    Empty,
    /// Another kind of file by its content, whatever it is called.
    NotAWorkbook,
    /// Protected by a password.
    Encrypted,
    /// Damaged, or made to do harm.
    Damaged,
    /// Not one worksheet.
    NoWorksheets,
    /// Larger than [`WorkbookLimits::max_file_mb`](crate::WorkbookLimits::max_file_mb) as it is.
    FileTooLarge,
    /// Unpacks to more than [`WorkbookLimits::max_unzipped_mb`](crate::WorkbookLimits::max_unzipped_mb).
    UnpackedTooLarge,
    /// More than [`WorkbookLimits::max_sheets`](crate::WorkbookLimits::max_sheets).
    TooManySheets,
    /// More than [`WorkbookLimits::max_cells`](crate::WorkbookLimits::max_cells).
    TooManyCells,
    /// A sheet spreads over more than [`WorkbookLimits::max_cells`](crate::WorkbookLimits::max_cells), blank ones counted.
    TooWide,
    /// One cell stands so far from the others that nobody meant it to.
    FarCell,
    /// More text than [`WorkbookLimits::max_unzipped_mb`](crate::WorkbookLimits::max_unzipped_mb) or a quarter of
    /// [`WorkbookLimits::max_memory_mb`](crate::WorkbookLimits::max_memory_mb).
    TooMuchText,
    /// Takes longer than [`WorkbookLimits::max_seconds`](crate::WorkbookLimits::max_seconds).
    TooSlow,
    /// Needs more than [`WorkbookLimits::max_memory_mb`](crate::WorkbookLimits::max_memory_mb).
    TooMuchMemory,
    /// The process that reads could not be started, which is no fault of the workbook.
    NotStarted,
}

impl ProblemKind {
    /// Every kind, in the order in which they are declared.
    pub const ALL: [Self; 15] = [
        Self::Empty,
        Self::NotAWorkbook,
        Self::Encrypted,
        Self::Damaged,
        Self::NoWorksheets,
        Self::FileTooLarge,
        Self::UnpackedTooLarge,
        Self::TooManySheets,
        Self::TooManyCells,
        Self::TooWide,
        Self::FarCell,
        Self::TooMuchText,
        Self::TooSlow,
        Self::TooMuchMemory,
        Self::NotStarted,
    ];
}

/// A workbook that could not be read to its end.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{problem}")]
pub struct Broken {
    pub problem: Problem,
    /// What had come by then: a caller that must keep certain data out can look through it.
    pub sheets: Vec<Sheet>,
}

impl From<Problem> for Broken {
    fn from(problem: Problem) -> Self {
        Self { problem, sheets: Vec::new() }
    }
}

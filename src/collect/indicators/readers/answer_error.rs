//! Why an answer of a public source, or a row of it, cannot be read.

use crate::period::Period;

/// Why an answer, or a row of it, cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(in crate::collect::indicators) enum AnswerError {
    /// The archive or the folder of recordings does not give it.
    #[error("{0}")]
    Unopened(String),
    #[error("the answer cannot be read: {0}")]
    BrokenOff(String),
    #[error("the answer is empty")]
    Empty,
    #[error("{what} came instead of {expected}: {begins:?}")]
    AnotherForm { what: &'static str, expected: &'static str, begins: String },
    #[error("the answer is in UTF-16, where UTF-8 was expected")]
    Utf16,
    #[error("the answer was cut short: its JSON does not end")]
    CutShort,
    #[error("the answer is not JSON: {0}")]
    NotJson(String),
    /// With the pointer to where it was looked for.
    #[error("the answer holds no list at {0:?}")]
    NoList(String),
    #[error("the first line cannot be read: {0}")]
    NoFirstLine(String),
    #[error("the table has no column {}; its first line is {first:?}", quoted(lacking))]
    NoColumn { lacking: Vec<String>, first: String },
    #[error("the table cannot be read: {0}")]
    BrokenTable(String),
    #[error("line {line} is broken, or the answer was cut short in it: {cells} cells under {columns} columns")]
    BrokenLine { line: u64, cells: usize, columns: usize },
    /// A number that its column cannot hold.
    #[error("{at}, {column:?}: {problem}")]
    WrongNumber { at: String, column: String, problem: String },
    #[error("{at}: {found:?} is in {column:?} where a number was expected")]
    NoNumber { at: String, found: String, column: String },
    #[error("{at}: {problem}")]
    NoPeriod { at: String, problem: String },
    #[error("{at}: {first} and {second} both lie in {period}: daily or weekly figures are not added up")]
    TwoDays { at: String, first: String, second: String, period: Period },
    #[error("{at} has nothing at {column:?} (sources.{name}.columns says where its fields are)")]
    NoField { at: String, column: String, name: String },
    #[error("not one of the {rows} rows has a value at {column:?} (sources.{name}.columns says where its fields are)")]
    NoValues { rows: u64, column: String, name: String },
    #[error("the source left rows out of its answer: ask for less, or set api.paging")]
    LeftOut,
    #[error("it does not speak of indicator {0}")]
    NotDescribed(String),
    /// A published file, or the mapping that says where its figures are.
    #[error("{0}")]
    PublishedFile(String),
    /// A table whose columns the settings of the source `name` give.
    #[error("{error} (sources.{name}.columns says which it should have)")]
    OfSettings { error: Box<AnswerError>, name: String },
}

impl AnswerError {
    /// Whether it is about this column or pointer.
    pub fn is_about(&self, text: &str) -> bool {
        match self {
            AnswerError::NoList(pointer) => pointer == text,
            AnswerError::NoColumn { lacking, .. } => lacking.iter().any(|column| column == text),
            AnswerError::WrongNumber { column, .. }
            | AnswerError::NoNumber { column, .. }
            | AnswerError::NoField { column, .. }
            | AnswerError::NoValues { column, .. } => column == text,
            AnswerError::OfSettings { error, .. } => error.is_about(text),
            AnswerError::Unopened(_)
            | AnswerError::BrokenOff(_)
            | AnswerError::Empty
            | AnswerError::AnotherForm { .. }
            | AnswerError::Utf16
            | AnswerError::CutShort
            | AnswerError::NotJson(_)
            | AnswerError::NoFirstLine(_)
            | AnswerError::BrokenTable(_)
            | AnswerError::BrokenLine { .. }
            | AnswerError::NoPeriod { .. }
            | AnswerError::TwoDays { .. }
            | AnswerError::LeftOut
            | AnswerError::NotDescribed(_)
            | AnswerError::PublishedFile(_) => false,
        }
    }
}

fn quoted(columns: &[String]) -> String {
    columns.iter().map(|column| format!("{column:?}")).collect::<Vec<_>>().join(" and no column ")
}

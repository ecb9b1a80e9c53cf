//! Public sources: what the settings say of each, by its kind.
//!
//! What is here can be asked and read: [`read()`] tells everything that a kind lacks, and every key that it has no use for.

mod check;
mod guarded;
mod kinds;
mod pointer;
mod read;
mod reading;
mod secret;
mod written;

pub use kinds::{
    Api, Columns, Dashboard, Format, Json, PageNumbering, Paging, PeriodFormat, Rows, Source, SourceKind, Table, Workbook,
};
pub(super) use read::{kept, read};
pub use secret::{Access, PLACEHOLDER, Secret};
pub(super) use written::Written;

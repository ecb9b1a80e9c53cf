//! The pack's figures as tables for analysts: one description of each table, written as a workbook and as CSV files.

mod attached;
mod csv;
mod figures;
mod framework;
mod notes;
mod received;
mod table;
mod tables;
mod xlsx;

pub use attached::AttachedData;
pub(super) use attached::attached;
pub use table::{AnnexCell, AnnexColumn, AnnexTable, ColumnKind};
pub use tables::AnnexTables;

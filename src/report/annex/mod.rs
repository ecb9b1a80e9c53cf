//! The pack's figures as tables for analysts: one description of each table, written as workbooks (Excel and OpenDocument) and as
//! CSV files.

mod attached;
mod comments;
mod cover;
mod csv;
mod figures;
mod framework;
mod front;
mod notes;
mod ods;
mod ods_styles;
mod received;
mod sheet;
mod sheet_cell;
mod sheet_parts;
mod table;
mod tables;
mod widths;
mod xlsx;
mod xml;

pub use attached::AttachedData;
pub(super) use attached::attached;
pub use front::Imprint;
pub use table::{AnnexCell, AnnexColumn, AnnexTable, ColumnKind};
pub use tables::AnnexTables;

/// The font of the workbooks, which every office program has or has one of the same widths for, and its size in points.
const FONT: (&str, f64) = ("Arial", 10.0);
/// The language of the workbooks, and what their properties say of them.
const LANGUAGE: &str = "en-GB";
const SUBJECT: &str = "Figures, judgements and sources of the outcomes framework board pack";

//! Workbooks of any kind, as sheets of cells.

mod binary;
mod builders;
mod open_documents;
mod xlsx;

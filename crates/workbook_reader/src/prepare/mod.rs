//! A workbook made ready for calamine: what it reads wrong, passes over in silence or refuses the whole file for is put
//! into a form that it reads right, and what it does not tell of a cell is found out on the way.
//!
//! A part that calamine reads right is handed over as it is. Sheets that are no worksheets, sheets without a part and
//! copies of other workbooks' sheets are left out.

mod beside;
mod cell_reference;
mod cell_text;
mod compound;
mod gathered;
mod lines;
mod number_formats;
mod ods;
mod ods_cell;
mod ods_grid;
mod ods_sheet;
mod ods_styles;
mod package;
mod prepared;
mod records;
mod xls;
mod xls_beside;
mod xls_records;
mod xlsb;
mod xlsb_beside;
mod xlsb_sheet;
mod xlsx;
mod xlsx_sheet;
mod xml;

pub(super) use number_formats::shown_by;
pub(super) use ods::prepare as ods;
pub(super) use package::{Package, is_binary};
pub(super) use prepared::{Mark, Marks, Most, Prepared, PreparedSheet};
pub(super) use xls::{PreparedXls, prepare as xls};
pub(super) use xlsb::prepare as xlsb;
pub(super) use xlsx::prepare as xlsx;

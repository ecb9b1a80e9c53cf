//! A cell of a sheet as it is shown, whatever the kind of workbook.

use super::table::AnnexCell;
use std::borrow::Cow;

/// A cell as it is shown; words are never empty.
pub(super) enum SheetCell<'a> {
    Words(Cow<'a, str>),
    /// A mark in place of a figure; in place of words it is one.
    Mark(&'static str),
    /// A number, a date or a moment.
    Other(&'a AnnexCell),
}

//! One table of the annex: what a row is, its columns and cells.

use crate::evaluate::{SeriesPoint, citation};
use crate::value::Value;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// One tidy table: a header, a row a thing.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnexTable {
    /// The sheet's name; in small letters with hyphens, the file's.
    pub name: &'static str,
    /// What a row is.
    pub what: &'static str,
    pub columns: &'static [AnnexColumn],
    /// Each as long as `columns`.
    pub rows: Vec<Vec<AnnexCell>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnnexColumn {
    pub name: &'static str,
    pub kind: ColumnKind,
    /// What stands in it.
    pub what: &'static str,
}

/// What a column holds. Where a number or a date is lacking a mark says why; words may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    Words,
    Number,
    Date,
    /// Date and time, UTC.
    Moment,
    /// `yes` or `no`.
    YesNo,
}

#[derive(Debug, Clone, PartialEq)]
pub enum AnnexCell {
    Words(String),
    /// A finite number, whole, and the decimal places that it is shown with.
    Number(f64, u8),
    Date(Date),
    Moment(Timestamp),
    YesNo(bool),
    /// Withheld to protect people.
    Withheld,
    /// There is none: not published, not returned, not computed.
    NotAvailable,
    /// There cannot be one.
    NotApplicable,
}

impl AnnexTable {
    /// True where it is there to be read rather than computed with.
    pub(super) fn is_prose(&self) -> bool {
        ["Notes", "Columns"].contains(&self.name)
    }
}

impl AnnexColumn {
    pub(super) const fn words(name: &'static str, what: &'static str) -> Self {
        AnnexColumn { name, kind: ColumnKind::Words, what }
    }

    pub(super) const fn number(name: &'static str, what: &'static str) -> Self {
        AnnexColumn { name, kind: ColumnKind::Number, what }
    }

    pub(super) const fn date(name: &'static str, what: &'static str) -> Self {
        AnnexColumn { name, kind: ColumnKind::Date, what }
    }

    pub(super) const fn yes_no(name: &'static str, what: &'static str) -> Self {
        AnnexColumn { name, kind: ColumnKind::YesNo, what }
    }
}

impl AnnexCell {
    pub(super) fn words(words: impl Into<String>) -> Self {
        AnnexCell::Words(words.into())
    }

    /// A word of the data, such as `on_track`; empty for none.
    pub(super) fn word(of: impl Serialize) -> Self {
        let word = serde_json::to_value(of).ok().and_then(|value| value.as_str().map(str::to_owned));
        AnnexCell::Words(word.unwrap_or_default())
    }

    /// What is not a finite number is none.
    pub(super) fn number(value: f64, places: u8) -> Self {
        if value.is_finite() { AnnexCell::Number(value, places) } else { AnnexCell::NotAvailable }
    }

    pub(super) fn whole(count: usize) -> Self {
        // Counts of things in a pack are far below 2^53.
        #[allow(clippy::cast_precision_loss)]
        AnnexCell::Number(count as f64, 0)
    }

    /// `true` or `false` as the data say it; empty where it is neither.
    pub(super) fn yes_no_or_nothing(of: Option<bool>) -> Self {
        AnnexCell::Words(of.map_or(String::new(), |of| of.to_string()))
    }

    /// A number, or the mark that stands for none.
    pub(super) fn number_or(value: Option<f64>, places: impl Fn(f64) -> u8, otherwise: AnnexCell) -> Self {
        value.map_or(otherwise, |value| AnnexCell::number(value, places(value)))
    }

    pub(super) fn date_or(date: Option<Date>, otherwise: AnnexCell) -> Self {
        date.map_or(otherwise, AnnexCell::Date)
    }

    /// What stands for a figure without a number; for a number, what stands for one that is not there.
    pub(super) fn mark(of: Value) -> Self {
        match of {
            Value::Number(_) | Value::Missing => AnnexCell::NotAvailable,
            Value::Suppressed => AnnexCell::Withheld,
            Value::NotApplicable => AnnexCell::NotApplicable,
        }
    }

    pub(super) fn value(value: Value, places: impl Fn(f64) -> u8) -> Self {
        AnnexCell::number_or(value.number(), places, AnnexCell::mark(value))
    }

    /// Where a figure came from, all on one line.
    pub(super) fn sources(point: Option<&SeriesPoint>) -> Self {
        let sources = point.map_or(&[][..], |point| &point.sources);
        AnnexCell::Words(sources.iter().map(citation).collect::<Vec<_>>().join("; "))
    }

    /// The mark that the cell shows in place of a number or a date.
    pub(super) fn shown_as(&self) -> Option<&'static str> {
        match self {
            AnnexCell::Withheld => Some("[c]"),
            AnnexCell::NotAvailable => Some("[x]"),
            AnnexCell::NotApplicable => Some("[z]"),
            _ => None,
        }
    }
}

/// Places of a count: none, unless it was given with some.
pub(super) fn count_places(count: f64) -> u8 {
    if count.fract() == 0.0 { 0 } else { 1 }
}

//! One table of the annex: what a row is, its columns and cells.

use crate::evaluate::{Flag, SeriesPoint, Status, citation};
use crate::value::Value;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// One tidy table: a header, a row a thing.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnexTable {
    /// The name of its sheet, or of the first of its sheets; in small letters with hyphens, the file's.
    pub name: &'static str,
    /// What a row is.
    pub what: &'static str,
    pub columns: &'static [AnnexColumn],
    /// Each as long as `columns`.
    pub rows: Vec<Vec<AnnexCell>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnnexColumn {
    /// As the CSV files call it.
    pub name: &'static str,
    /// As the workbooks head it; empty where that is the name in words.
    heading: &'static str,
    pub kind: ColumnKind,
    /// What stands in it.
    pub what: &'static str,
    /// An id or a code, by which rows of several tables belong together; it stands last in a sheet.
    pub(super) is_identifier: bool,
    /// Where words are lacking, there could have been some: not available rather than not applicable.
    pub(super) is_given: bool,
}

/// What a column holds. Where a number or a date is lacking a mark says why. Words may be empty: workbooks have a mark there too.
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
    /// A word or an id of the data, as the CSV files have it, and what people read in its place.
    Coded {
        code: String,
        words: String,
    },
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
        ["Cover", "Contents", "Notes", "Columns"].contains(&self.name)
    }
}

impl AnnexColumn {
    const fn new(name: &'static str, kind: ColumnKind, what: &'static str) -> Self {
        AnnexColumn { name, heading: "", kind, what, is_identifier: false, is_given: false }
    }

    pub(super) const fn words(name: &'static str, what: &'static str) -> Self {
        AnnexColumn::new(name, ColumnKind::Words, what)
    }

    pub(super) const fn identifier(name: &'static str, what: &'static str) -> Self {
        AnnexColumn { is_identifier: true, ..AnnexColumn::new(name, ColumnKind::Words, what) }
    }

    pub(super) const fn number(name: &'static str, what: &'static str) -> Self {
        AnnexColumn::new(name, ColumnKind::Number, what)
    }

    pub(super) const fn date(name: &'static str, what: &'static str) -> Self {
        AnnexColumn::new(name, ColumnKind::Date, what)
    }

    pub(super) const fn moment(name: &'static str, what: &'static str) -> Self {
        AnnexColumn::new(name, ColumnKind::Moment, what)
    }

    pub(super) const fn yes_no(name: &'static str, what: &'static str) -> Self {
        AnnexColumn::new(name, ColumnKind::YesNo, what)
    }

    /// With a heading that says more than its name.
    pub(super) const fn headed(self, heading: &'static str) -> Self {
        AnnexColumn { heading, ..self }
    }

    /// Words that could always be there: where they are not, they are not available.
    pub(super) const fn given(self) -> Self {
        AnnexColumn { is_given: true, ..self }
    }

    /// What heads it where people read: `Change significant at 99.8%`.
    pub fn heading(&self) -> String {
        if self.heading.is_empty() { in_words(self.name) } else { self.heading.to_owned() }
    }
}

/// `on_track` as `On track`.
fn in_words(code: &str) -> String {
    let words = code.replace(['_', '-'], " ");
    let first = words.chars().take(1).flat_map(char::to_uppercase);
    first.chain(words.chars().skip(1)).collect()
}

impl AnnexCell {
    pub(super) fn words(words: impl Into<String>) -> Self {
        AnnexCell::Words(words.into())
    }

    /// A word of the data, such as `on_track`; empty for none.
    pub(super) fn word(of: impl Serialize) -> Self {
        let word = serde_json::to_value(of).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        AnnexCell::Coded { words: in_words(&word), code: word }
    }

    /// An id, and the name that it stands for.
    pub(super) fn named(id: impl Into<String>, name: impl Into<String>) -> Self {
        AnnexCell::Coded { code: id.into(), words: name.into() }
    }

    /// Several ids, and their names.
    pub(super) fn all_named<'a>(ids: impl IntoIterator<Item = &'a str>, name: impl Fn(&str) -> String) -> Self {
        let (ids, names): (Vec<&str>, Vec<String>) = ids.into_iter().map(|id| (id, name(id))).unzip();
        AnnexCell::named(ids.join(";"), names.join("; "))
    }

    pub(super) fn status(status: Status) -> Self {
        AnnexCell::named(status.code(), status.label())
    }

    /// What a reader must know beside a status.
    pub(super) fn flags(flags: &[Flag], status: Status) -> Self {
        let codes = flags.iter().filter_map(|flag| serde_json::to_value(flag).ok()?.as_str().map(str::to_owned));
        let words: Vec<&str> = flags.iter().filter_map(|flag| flag.in_words(status)).collect();
        AnnexCell::named(codes.collect::<Vec<_>>().join(";"), words.join("; "))
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
        of.map_or_else(|| AnnexCell::words(""), |of| AnnexCell::named(of.to_string(), if of { "yes" } else { "no" }))
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
    pub(super) const fn shown_as(&self) -> Option<&'static str> {
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

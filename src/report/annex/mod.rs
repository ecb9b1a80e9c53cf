//! The pack's figures as tables for analysts: one description of each table, written as a workbook and as CSV files.

mod csv;
mod figures;
mod framework;
mod notes;
mod received;
mod xlsx;

use super::Pack;
use crate::evaluate::{Point, trace};
use crate::value::Value;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// Every table of the annex, in order: first what it is and how to read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Tables {
    /// `Nottingham and Nottinghamshire, July to September 2026: data annex`.
    pub title: String,
    /// What "today" was when the figures were judged.
    pub as_at: Date,
    pub tables: Vec<Table>,
}

/// One tidy table: a header, a row a thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The sheet's name; in small letters with hyphens, the file's.
    pub name: &'static str,
    /// What a row is.
    pub what: &'static str,
    pub columns: &'static [Column],
    /// Each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    /// What stands in it.
    pub what: &'static str,
}

/// What a column holds. Where a number or a date is lacking a mark says why; words may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Words,
    Number,
    Date,
    /// Date and time, UTC.
    Moment,
    /// `yes` or `no`.
    YesNo,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
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

impl Tables {
    /// The tables of a pack. What the pack's evaluation withholds is withheld here.
    pub fn of(pack: &Pack<'_>) -> Self {
        let mut tables = vec![
            framework::ambitions(pack),
            figures::assessments(pack),
            figures::series(pack),
            figures::breakdowns(pack),
            figures::slopes(pack),
            framework::measures(pack),
            framework::actions(pack),
            framework::areas(pack),
            received::returns(pack),
            received::faults(pack),
            received::sources(pack),
            received::revisions(pack),
        ];
        tables.insert(0, notes::columns(&tables));
        tables.insert(0, notes::notes(pack, &tables));
        let quarter = pack.evaluation.period.in_words();
        let title = format!("{}, {quarter}: data annex", pack.areas.name(&pack.framework.edition.system));
        Tables { title, as_at: pack.evaluation.as_at, tables }
    }
}

impl Table {
    /// True where it is there to be read rather than computed with.
    fn is_prose(&self) -> bool {
        ["Notes", "Columns"].contains(&self.name)
    }
}

impl Column {
    const fn words(name: &'static str, what: &'static str) -> Self {
        Column { name, kind: Kind::Words, what }
    }

    const fn number(name: &'static str, what: &'static str) -> Self {
        Column { name, kind: Kind::Number, what }
    }

    const fn date(name: &'static str, what: &'static str) -> Self {
        Column { name, kind: Kind::Date, what }
    }

    const fn yes_no(name: &'static str, what: &'static str) -> Self {
        Column { name, kind: Kind::YesNo, what }
    }
}

impl Cell {
    fn words(words: impl Into<String>) -> Self {
        Cell::Words(words.into())
    }

    /// A word of the data, such as `on_track`; empty for none.
    fn word(of: impl Serialize) -> Self {
        let word = serde_json::to_value(of).ok().and_then(|value| value.as_str().map(str::to_owned));
        Cell::Words(word.unwrap_or_default())
    }

    /// What is not a finite number is none.
    fn number(value: f64, places: u8) -> Self {
        if value.is_finite() { Cell::Number(value, places) } else { Cell::NotAvailable }
    }

    fn whole(count: usize) -> Self {
        // Counts of things in a pack are far below 2^53.
        #[allow(clippy::cast_precision_loss)]
        Cell::Number(count as f64, 0)
    }

    /// `true` or `false` as the data say it; empty where it is neither.
    fn yes_no_or_nothing(of: Option<bool>) -> Self {
        Cell::Words(of.map_or(String::new(), |of| of.to_string()))
    }

    /// A number, or the mark that stands for none.
    fn number_or(value: Option<f64>, places: impl Fn(f64) -> u8, otherwise: Cell) -> Self {
        value.map_or(otherwise, |value| Cell::number(value, places(value)))
    }

    fn date_or(date: Option<Date>, otherwise: Cell) -> Self {
        date.map_or(otherwise, Cell::Date)
    }

    /// What stands for a figure without a number; for a number, what stands for one that is not there.
    fn mark(of: Value) -> Self {
        match of {
            Value::Number(_) | Value::Missing => Cell::NotAvailable,
            Value::Suppressed => Cell::Withheld,
            Value::NotApplicable => Cell::NotApplicable,
        }
    }

    fn value(value: Value, places: impl Fn(f64) -> u8) -> Self {
        Cell::number_or(value.number(), places, Cell::mark(value))
    }

    /// Where a figure came from, all on one line.
    fn sources(point: Option<&Point>) -> Self {
        let sources = point.map_or(&[][..], |point| &point.sources);
        Cell::Words(sources.iter().map(trace).collect::<Vec<_>>().join("; "))
    }

    /// The mark that the cell shows in place of a number or a date.
    fn shown_as(&self) -> Option<&'static str> {
        match self {
            Cell::Withheld => Some("[c]"),
            Cell::NotAvailable => Some("[x]"),
            Cell::NotApplicable => Some("[z]"),
            _ => None,
        }
    }
}

/// Places of a count: none, unless it was given with some.
fn count_places(count: f64) -> u8 {
    if count.fract() == 0.0 { 0 } else { 1 }
}

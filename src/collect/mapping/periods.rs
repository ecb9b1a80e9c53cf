//! Dates that stand for a period, beside and above a publisher's figures.

use super::grammar::Span;
use super::pattern::plain;
use crate::period::{Period, YearKind, month_number};
use jiff::civil::Date;

/// The period that a day stands for.
pub(super) fn holding(date: Date, span: Span, kind: YearKind) -> Option<Period> {
    match span {
        Span::Month => Period::containing(date, 1, kind),
        // Quarters of academic years are those of the financial one.
        Span::Quarter if kind == YearKind::Academic => Period::containing(date, 3, YearKind::Financial),
        Span::Quarter => Period::containing(date, 3, kind),
        Span::Year => Period::containing(date, 12, kind),
    }
}

/// `30 September 2016`, `30/09/2016`, `2016-09-30`, each perhaps followed by more.
pub(super) fn date(text: &str) -> Option<Date> {
    let text = text.trim().trim_start_matches(':').trim();
    let words: Vec<&str> = text.split([' ', '\u{a0}', ',']).filter(|word| !word.is_empty()).collect();
    if let [day, month, year, ..] = words[..] {
        let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let (month, year) = (plain(month), year.get(..4)?);
        let number = month_number(&month)? + 1;
        return Date::new(year.parse().ok()?, i8::try_from(number).ok()?, day.parse().ok()?).ok();
    }
    let first = words.first()?;
    if let [day, month, year] = first.split('/').collect::<Vec<_>>()[..] {
        return Date::new(year.parse().ok().filter(|year| *year > 999)?, month.parse().ok()?, day.parse().ok()?).ok();
    }
    first.get(..10)?.parse().ok()
}

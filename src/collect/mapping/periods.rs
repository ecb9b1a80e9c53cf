//! Periods as publishers write them beside and above their figures, and dates that stand for one.

use super::grammar::Span;
use super::pattern::plain;
use crate::framework::Measure;
use crate::period::{Period, Step, YearKind};
use jiff::civil::Date;

/// Reads the words of a period for `measure`; none where they name none.
///
/// Beside what [`Period::parse`] reads: `2012 to 2013`, which for a measure of split years is one of them; `April to June
/// 2020`; `Q1 2020/21` and `Quarter 1 2020-21`.
pub(super) fn label(text: &str, measure: &Measure) -> Option<Period> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = reordered(&text).unwrap_or(text);
    if let Ok(period) = measure.period(&text) {
        return Some(settled(period, measure));
    }
    let (from, to) = text.split_once(" to ").or_else(|| text.split_once('-')).or_else(|| text.split_once('\u{2013}'))?;
    let (from, to) = (from.trim(), to.trim());
    if let (Some(first), Some(last)) = (year(from), year(to))
        && last == first + 1
        && measure.year != YearKind::Calendar
    {
        return Some(Period::year(measure.year, first));
    }
    // The first month of `April to June 2020` leaves out the year that the last has.
    let ends_in = to.rsplit_once(' ').and_then(|(_, last)| year(last)).filter(|_| !from.contains(' ') && year(from).is_none());
    let from = ends_in.map_or(from.to_owned(), |year| format!("{from} {year}"));
    measure.period(&format!("{from} - {to}")).ok().map(|period| settled(period, measure))
}

/// The period that a day stands for.
pub(super) fn holding(date: Date, span: Span, kind: YearKind) -> Option<Period> {
    let (year, month) = (i32::from(date.year()), i32::from(date.month()));
    let first_month = match kind {
        YearKind::Calendar => 1,
        YearKind::Financial => 4,
        YearKind::Academic => 9,
    };
    let start_year = if month >= first_month { year } else { year - 1 };
    // A day outside the years that a label may name is a misprint.
    match span {
        Span::Month => Period::parse_iso_month(&format!("{year:04}-{month:02}")).ok(),
        Span::Quarter if kind == YearKind::Calendar => Period::parse(&format!("{year} Q{}", (month - 1) / 3 + 1), kind).ok(),
        Span::Quarter => {
            let start_year = if month >= 4 { year } else { year - 1 };
            Period::parse(&format!("{}-Q{}", split(start_year), (month + 8) % 12 / 3 + 1), YearKind::Financial).ok()
        }
        Span::Year if kind == YearKind::Calendar => Period::parse(&format!("{year:04}"), kind).ok(),
        Span::Year => Period::parse(&split(start_year), kind).ok(),
    }
}

/// `30 September 2016`, `30/09/2016`, `2016-09-30`, each perhaps followed by more.
pub(super) fn date(text: &str) -> Option<Date> {
    let text = text.trim().trim_start_matches(':').trim();
    let words: Vec<&str> = text.split([' ', '\u{a0}', ',']).filter(|word| !word.is_empty()).collect();
    if let [day, month, year, ..] = words[..] {
        let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let (month, year) = (plain(month), year.get(..4)?);
        let number = MONTHS.iter().position(|name| month.len() >= 3 && name.starts_with(&month))? + 1;
        return Date::new(year.parse().ok()?, i8::try_from(number).ok()?, day.parse().ok()?).ok();
    }
    let first = words.first()?;
    if let [day, month, year] = first.split('/').collect::<Vec<_>>()[..] {
        return Date::new(year.parse().ok().filter(|year| *year > 999)?, month.parse().ok()?, day.parse().ok()?).ok();
    }
    first.get(..10)?.parse().ok()
}

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// `2020/21 Q1` for `Q1 2020/21`, `Quarter 1 2020/21` and `2020/21 Quarter 1`.
fn reordered(text: &str) -> Option<String> {
    let words: Vec<String> = text.split(' ').map(str::to_lowercase).collect();
    let number = |word: &str| word.strip_prefix('q').unwrap_or(word).parse::<u8>().ok().filter(|q| (1..=4).contains(q));
    match &words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["quarter", q, year] | [year, "quarter", q] => Some(format!("{year} Q{}", number(q)?)),
        [q, year] if q.starts_with('q') => Some(format!("{year} Q{}", number(q)?)),
        _ => None,
    }
}

/// Three months that a quarterly measure is counted in are its quarter, and twelve its year: else they would make a series
/// of their own.
fn settled(period: Period, measure: &Measure) -> Period {
    if period.step() != Step::Month {
        return period;
    }
    let span = match (period.months(), measure.cadence_months) {
        (3, 3) => Span::Quarter,
        (12, 12 | 24) => Span::Year,
        _ => return period,
    };
    holding(period.start(), span, measure.year)
        .filter(|p| p.start() == period.start() && p.end() == period.end())
        .unwrap_or(period)
}

fn split(start_year: i32) -> String {
    format!("{start_year:04}-{:02}", (start_year + 1).rem_euclid(100))
}

fn year(text: &str) -> Option<i32> {
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())?
        .filter(|y| (1900..=2200).contains(y))
}

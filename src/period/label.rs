//! The one reading of a period's label, however it is written: in a return, a published file, an answer or the settings.
//!
//! What might mean two things is not read: `Q2 2026` beside financial years, `26-Jul`, `11/12`.

use super::{LONGEST_ACROSS, MONTHS, Period, PeriodError, PeriodStep, YEARS, YearKind};
use jiff::civil::Date;

/// Years of two digits below this are of the 21st century, as POSIX has it (`strptime`, %y).
const PIVOT: i32 = 69;

impl Period {
    /// Reads a label. `split_year` is the kind of year that `2021/22` means here.
    ///
    /// # Errors
    /// The label itself, where it is none of the forms in the module's tests, or might mean two things.
    pub fn parse(label: &str, split_year: YearKind) -> Result<Self, PeriodError> {
        parse(&plain(label), split_year).ok_or_else(|| PeriodError { label: label.to_owned() })
    }

    /// Reads a month written `2022-04`, a form that [`Period::parse`] takes for a split year where it can.
    ///
    /// # Errors
    /// The label itself, where it is not a year, a hyphen and a month.
    pub fn parse_iso_month(label: &str) -> Result<Self, PeriodError> {
        iso_month(&plain(label)).ok_or_else(|| PeriodError { label: label.to_owned() })
    }

    /// The month that a spreadsheet shows for `day` where a month was typed: Excel makes the first of July of `Jul 2026`, and
    /// of `Jul-26` the first or the 26th of July. A month's last day stands for it as well. None for any other day.
    pub fn month_shown(day: Date) -> Option<Self> {
        let is_last = day.tomorrow().is_ok_and(|next| next.day() == 1);
        let is_short_year = i32::from(day.day()) == i32::from(day.year()).rem_euclid(100);
        let stands = day.day() == 1 || is_last || is_short_year;
        stands.then(|| Self::containing(day, 1, YearKind::Calendar)).flatten()
    }

    /// The same days as a quarter or a year, where they are one and figures come every `cadence_months`: else the months
    /// would make a series of their own.
    #[must_use]
    pub fn counted_in(self, cadence_months: i32, split_year: YearKind) -> Self {
        if self.step != PeriodStep::Month || self.months() > cadence_months {
            return self;
        }
        let whole = match self.months() {
            3 => quarter_of(self.start(), split_year),
            12 => Self::containing(self.start(), 12, split_year),
            _ => None,
        };
        whole.filter(|whole| whole.same_days(self)).unwrap_or(self)
    }
}

/// One line in lower case, with one kind of dash and of space.
fn plain(label: &str) -> String {
    let dash = |c| if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { c };
    let spaced: String = label.to_lowercase().chars().map(dash).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn parse(text: &str, kind: YearKind) -> Option<Period> {
    // `2026/27 Q2 (Jul-Sep 2026)` says the same twice, or nothing.
    if let Some((said, again)) = text.strip_suffix(')').and_then(|text| text.split_once(" (")) {
        let period = parse(said, kind)?;
        let again = range(again, kind).or_else(|| range(&format!("{again} {}", period.end().year()), kind))?;
        return again.same_days(period).then_some(period);
    }
    up_to(text, kind).or_else(|| range(text, kind))
}

/// `year to March 2027`, `12 months ending 31 March 2027`, `quarter ended Sep 2026`.
fn up_to(text: &str, kind: YearKind) -> Option<Period> {
    let (length, end) = [" to ", " ending ", " ended "].iter().find_map(|word| text.split_once(word))?;
    let months = match length {
        "year" | "the year" => 12,
        "quarter" | "the quarter" => 3,
        _ => length.strip_suffix(" months")?.parse().ok().filter(|months| (1..=120).contains(months))?,
    };
    let last = match day(end) {
        Some(day) => Period::containing(day, 1, kind).filter(|month| month.end() == day)?,
        None => month(end)?,
    };
    let run = Period { first: last.first - months + 1, count: months, ..last };
    Some(run.counted_in(months, kind))
}

fn range(text: &str, kind: YearKind) -> Option<Period> {
    if let Some((from, to)) = text.split_once(" to ") {
        // `2012 to 2013` is one year where years are split, and two where they are not.
        if let (Some(first), Some(last)) = (four_digits(from), four_digits(to))
            && last == first + 1
            && kind != YearKind::Calendar
        {
            return Some(Period::year(kind, first));
        }
        return between(from, to, kind);
    }
    if let Some((from, to)) = text.split_once(" - ") {
        return between(from, to, kind);
    }
    if let Some(single) = one(text, kind) {
        return Some(single);
    }
    // Without spaces: `2018-20`, `2021/22 Q1-Q3`.
    let mut dashes = text.rmatch_indices('-');
    let run = dashes.find_map(|(at, _)| between(&text[..at], &text[at + 1..], kind));
    run.or_else(|| iso_month(text))
}

/// From the start of one to the end of the other, which are counted alike.
fn between(from: &str, to: &str, kind: YearKind) -> Option<Period> {
    if let (Some(first), Some(last)) = (day(from), day(to)) {
        return between_days(first, last);
    }
    let one = |text: &str| one(text, kind).or_else(|| iso_month(text));
    if let Some(first) = one(from) {
        return join(first, rest_of_range(to, first, kind).or_else(|| one(to))?);
    }
    // `Jul-Sep 2026`, `Q1 to Q3 2026/27`: the first leaves out the year that the last has.
    let last = one(to)?;
    let first = match last.step {
        PeriodStep::Month => Period { first: last.first.div_euclid(12) * 12 + month_number(from)?, ..last },
        PeriodStep::Quarter => Period { first: last.first.div_euclid(4) * 4 + quarter_number(from)? - 1, ..last },
        PeriodStep::Year => return None,
    };
    join(first, last)
}

fn between_days(first: Date, last: Date) -> Option<Period> {
    let month = |day| Period::containing(day, 1, YearKind::Calendar);
    let (from, to) = (month(first)?, month(last)?);
    let whole = from.start() == first && to.end() == last && to.first >= from.first;
    whole.then(|| Period { count: to.first - from.first + 1, ..from })
}

/// The end of a range that leaves out what it shares with the start: `20`, `22/23`, `Q3`.
fn rest_of_range(text: &str, first: Period, kind: YearKind) -> Option<Period> {
    match first.step {
        PeriodStep::Year if matches!(text.len(), 2 | 5) && text.as_bytes()[0].is_ascii_digit() => {
            let century = first.first.div_euclid(100);
            let within = one(&format!("{century}{text}"), kind)?;
            // `1999 - 01` goes on into the next century; what would be longer than any pool is a misprint.
            let next = || one(&format!("{}{text}", century + 1), kind);
            if within.first > first.first {
                Some(within)
            } else {
                next().filter(|last| last.first - first.first < LONGEST_ACROSS)
            }
        }
        PeriodStep::Quarter => {
            let number = quarter_number(text)?;
            Some(Period { first: first.first.div_euclid(4) * 4 + number - 1, ..first })
        }
        PeriodStep::Year | PeriodStep::Month => None,
    }
}

fn join(first: Period, last: Period) -> Option<Period> {
    let alike = first.same_series(last) && first.count == 1 && last.first > first.first;
    alike.then(|| Period { count: last.first - first.first + 1, ..first })
}

/// A single year, quarter or month.
fn one(text: &str, kind: YearKind) -> Option<Period> {
    year(text, kind).or_else(|| quarter(text, kind)).or_else(|| month(text))
}

/// `2021`, `2021/22`, `2021-22`, `2021/2022`, `25/26`, `FY2026/27`.
fn year(text: &str, kind: YearKind) -> Option<Period> {
    let financial = ["fy", "financial year"].iter().find_map(|word| text.strip_prefix(word));
    if let Some(rest) = financial {
        let split = split_year(rest.trim_start())?;
        // Where a split year is an academic one, nobody knows which is meant.
        return (kind != YearKind::Academic).then(|| Period::year(YearKind::Financial, split));
    }
    if let Some(rest) = text.strip_prefix("academic year") {
        let split = split_year(rest.trim_start())?;
        return (kind == YearKind::Academic).then(|| Period::year(kind, split));
    }
    if let Some(year) = four_digits(text) {
        return Some(Period::year(YearKind::Calendar, year));
    }
    // A measure of calendar years has no split one.
    split_year(text).filter(|_| kind != YearKind::Calendar).map(|start| Period::year(kind, start))
}

/// The year in which it starts.
fn split_year(text: &str) -> Option<i32> {
    let (start, end) = text.split_once(['/', '-'])?;
    if let Some(start) = four_digits(start) {
        let next = start + 1;
        return (end == next.to_string() || end == format!("{:02}", next.rem_euclid(100))).then_some(start);
    }
    // `25/26` can be no day or month; `11/12` can.
    let (start, end) = (two_digits(start)?, two_digits(end)?);
    (start > 12 && end == start + 1).then(|| full_year(start))
}

/// `2026-27-Q2`, `2021/22 Q1`, `2021 Q1`, `Q2 2026/27`, `Quarter 2, 2026-27`. `Q2 2026` is one only where years are those of
/// the calendar.
fn quarter(text: &str, kind: YearKind) -> Option<Period> {
    let text = text.replace("quarter ", "q").replace("qtr ", "q");
    let (before, after) = text.split_once('q')?;
    let (number, labelled, leads) = match before {
        "" => (after.get(..1)?, after.get(1..)?, true),
        before => (after, before, false),
    };
    let number = quarter_number(&format!("q{number}"))?;
    let labelled = labelled.trim_matches([' ', ',', '-', ':']);
    let year = year(labelled.strip_prefix("of ").unwrap_or(labelled), YearKind::Financial)?;
    if leads && year.year_kind == YearKind::Calendar && kind != YearKind::Calendar {
        return None;
    }
    Some(Period { step: PeriodStep::Quarter, first: year.first * 4 + number - 1, ..year })
}

/// From 1 to 4.
fn quarter_number(text: &str) -> Option<i32> {
    match text.strip_prefix('q')?.as_bytes() {
        [digit @ b'1'..=b'4'] => Some(i32::from(digit - b'0')),
        _ => None,
    }
}

/// The quarter that a day lies in: of academic years the financial one, as labels have it.
fn quarter_of(day: Date, kind: YearKind) -> Option<Period> {
    let kind = if kind == YearKind::Calendar { kind } else { YearKind::Financial };
    Period::containing(day, 3, kind)
}

/// `Mar 2021`, `March 2021`, `Jul-26`, `Jul '26`, `2026 JUL`, `07/2026`. `26-Jul` may be a day.
fn month(text: &str) -> Option<Period> {
    let (first, second) = text.split_once([' ', '-', '/'])?;
    let (first, second) = (first.trim_end_matches(['.', ',']), second.trim_start_matches(['\'', '\u{2019}']));
    let short = || two_digits(second).map(full_year);
    let (month, year) = if let Some(month) = month_number(first) {
        (month, four_digits(second).or_else(short)?)
    } else if let Some(year) = four_digits(first) {
        (month_number(second)?, year)
    } else {
        let number = two_digits(first).filter(|number| (1..=12).contains(number) && text.contains('/'))?;
        (number - 1, four_digits(second)?)
    };
    Some(Period { year_kind: YearKind::Calendar, step: PeriodStep::Month, first: year * 12 + month, count: 1 })
}

/// `2022-04`.
fn iso_month(text: &str) -> Option<Period> {
    let (year, month) = text.split_once('-')?;
    let month = two_digits(month).filter(|month| (1..=12).contains(month))?;
    Some(Period { year_kind: YearKind::Calendar, step: PeriodStep::Month, first: four_digits(year)? * 12 + month - 1, count: 1 })
}

/// From 0 to 11, by the name or its first letters, three or more, in small letters.
pub(crate) fn month_number(name: &str) -> Option<i32> {
    let number = (name.len() >= 3).then(|| MONTHS.iter().position(|month| month.to_lowercase().starts_with(name)))??;
    i32::try_from(number).ok()
}

/// `30 September 2026`, `30/09/2026`, `2026-09-30`.
fn day(text: &str) -> Option<Date> {
    let forms = ["%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%Y-%m-%d"];
    let read = forms.iter().find_map(|form| Date::strptime(form, text).ok());
    read.filter(|day| YEARS.contains(&i32::from(day.year())))
}

fn four_digits(text: &str) -> Option<i32> {
    digits(text, 4).filter(|year| YEARS.contains(year))
}

fn two_digits(text: &str) -> Option<i32> {
    digits(text, 2)
}

fn digits(text: &str, length: usize) -> Option<i32> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn full_year(short: i32) -> i32 {
    if short < PIVOT { 2000 + short } else { 1900 + short }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(label: &str) -> Period {
        Period::parse(label, YearKind::Financial).unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn other_spellings_mean_the_same() {
        for (label, spellings) in [
            (
                "2016/17",
                &["2016-17", "2016/2017", "2016 to 2017", "FY2016/17", "fy 2016-17", "Financial year 2016/17", "16/17"][..],
            ),
            ("2026/27", &["year to March 2027", "Year ending 31 March 2027", "12 months to Mar-27"]),
            ("2018 - 20", &["2018-20", "2018 \u{2013} 20", "2018 to 2020", "2018\u{2013}2020"]),
            ("1999 - 01", &["1999-01", "1999-2001", "1999 \u{2013} 2001"]),
            ("1998/99 - 00/01", &["1998/99-00/01", "1998/99 to 2000/01"]),
            ("2011/12", &["2011-12"]),
            ("1999/00", &["1999/00", "1999-2000"]),
            (
                "2026/27 Q2",
                &[
                    "2026-27-Q2",
                    "2026/27 q2",
                    "Q2 2026/27",
                    "Q2 2026-27",
                    "Q2, 2026/27",
                    "Q2 of 2026/27",
                    "Quarter 2 2026/27",
                    "2026/27 Quarter 2",
                    "2026/27\u{a0}Q2",
                    "2026/27Q2",
                    "Q2 FY2026/27",
                    "Q2 26/27",
                    "Q2 2026/27 (Jul-Sep 2026)",
                    "2026/27 Q2 (July to September)",
                    "Quarter ending September 2026",
                    "3 months to 30 September 2026",
                ],
            ),
            ("2026/27 Q1-Q3", &["Q1-Q3 2026/27", "Q1 to Q3 2026-27", "2026/27 Q1 to Q3", "2026/27 Q1 - 2026/27 Q3"]),
            (
                "Jul 2026 - Sep 2026",
                &[
                    "Jul-Sep 2026",
                    "July to September 2026",
                    "July 2026 to September 2026",
                    "Jul\u{2013}Sep 2026",
                    "Jul-26 to Sep-26",
                    "Jul-26-Sep-26",
                    "2026-07 to 2026-09",
                    "1 July 2026 to 30 September 2026",
                    "01/07/2026 - 30/09/2026",
                ],
            ),
            (
                "Jul 2026",
                &["July 2026", "Jul-26", "Jul 26", "July-26", "Jul '26", "JUL 2026", "2026 JUL", "2026-07", "07/2026", "Jul/26"],
            ),
            ("Sep 2026", &["Sept 2026", "sept. 26"]),
            ("Dec 1988", &["Dec-88"]),
        ] {
            for spelling in spellings {
                assert_eq!(parse(spelling).to_string(), label, "{spelling}");
            }
        }
    }

    #[test]
    fn calendar_quarters_may_come_first() {
        assert_eq!(Period::parse("Q2 2026", YearKind::Calendar).unwrap().to_string(), "2026 Q2");
        assert!(Period::parse("Q2 2026", YearKind::Financial).is_err());
    }

    #[test]
    fn ambiguous_and_unknown_periods_are_refused() {
        for label in [
            "",
            "Q2",
            "2021/23",
            "2021-22-Q5",
            "20 - 18",
            "2020 - 18",
            "2001 - 00",
            "1990 - 30",
            "2021/22 - 19/20",
            "Ma 2021",
            "9999",
            "2021/22 - 2021",
            "\u{e9}",
            "2021 Q1 - \u{e9}",
            "\u{e9}-26",
            "Q\u{e9}",
            "Jul",
            "26-Jul",
            "Jul-6",
            "Q1-26",
            "Julx 26",
            "11/12",
            "FY26",
            "07/26",
            "2026/07",
            "2026-07-01",
            "01/07/2026",
            "Nov-Jan 2027",
            "2025/26 2024/25",
            "2025/26, 2024/25",
            "Q2 Q3 2026/27",
            "Jul 2026 Aug 2026",
            "2026/27 Q2 (Apr-Jun 2026)",
            "year to date",
            "year to 30 March 2027",
            "0 months to Mar 2027",
            "2026-07-15 to 2026-09-30",
            "Week 3 2026",
            "2026.5",
            "July",
        ] {
            assert!(Period::parse(label, YearKind::Financial).is_err(), "{label}");
        }
        assert!(Period::parse("2021/22", YearKind::Calendar).is_err());
        assert!(Period::parse("FY2021/22", YearKind::Academic).is_err());
    }

    #[test]
    fn hyphenated_year_and_month_are_a_month() {
        assert_eq!(Period::parse_iso_month("2011-12").unwrap().to_string(), "Dec 2011");
        assert!(Period::parse_iso_month("2011-13").is_err());
    }

    #[test]
    fn a_date_stands_for_its_month() {
        for (day, month) in [("2026-07-01", Some("Jul 2026")), ("2026-07-26", Some("Jul 2026")), ("2026-09-30", Some("Sep 2026"))]
        {
            assert_eq!(Period::month_shown(day.parse().unwrap()).map(|period| period.to_string()).as_deref(), month);
        }
        // `Jul-25` typed in 2026 may have become the 25th of July 2026.
        for day in ["2026-07-25", "2026-07-15", "1899-12-31"] {
            assert_eq!(Period::month_shown(day.parse().unwrap()), None, "{day}");
        }
    }

    #[test]
    fn months_are_counted_as_figures_come() {
        let counted = |label: &str, months, kind| parse(label).counted_in(months, kind).to_string();
        assert_eq!(counted("Jul-Sep 2026", 3, YearKind::Financial), "2026/27 Q2");
        assert_eq!(counted("Jul-Sep 2026", 3, YearKind::Calendar), "2026 Q3");
        assert_eq!(counted("Aug-Oct 2026", 3, YearKind::Financial), "Aug 2026 - Oct 2026");
        assert_eq!(counted("Apr 2026 to Mar 2027", 12, YearKind::Financial), "2026/27");
        assert_eq!(counted("Sep 2026 to Aug 2027", 24, YearKind::Academic), "2026/27");
        assert_eq!(counted("Apr 2026 to Mar 2027", 3, YearKind::Financial), "Apr 2026 - Mar 2027");
    }
}

//! Periods as the field writes them: months, quarters, years of three kinds, and several of them pooled.
//!
//! A label such as `2021/22` does not say whether it is a financial or an academic year; the measure's
//! definition does, so [`Period::parse`] is told.

mod label;

pub(crate) use label::month_number;

use jiff::civil::{Date, date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;

/// When a year starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum YearKind {
    /// 1 January to 31 December.
    Calendar,
    /// 1 April to 31 March, the NHS and local government year.
    Financial,
    /// 1 September to 31 August.
    Academic,
}

impl YearKind {
    /// Its years, in words.
    pub fn label(self) -> &'static str {
        match self {
            YearKind::Calendar => "calendar years",
            YearKind::Financial => "financial years",
            YearKind::Academic => "academic years",
        }
    }

    fn first_month(self) -> i32 {
        match self {
            YearKind::Calendar => 0,
            YearKind::Financial => 3,
            YearKind::Academic => 8,
        }
    }
}

/// What a period is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodStep {
    Month,
    Quarter,
    Year,
}

impl PeriodStep {
    /// Months in one step.
    pub fn months(self) -> i32 {
        match self {
            PeriodStep::Month => 1,
            PeriodStep::Quarter => 3,
            PeriodStep::Year => 12,
        }
    }
}

/// A run of whole months, quarters or years.
///
/// Ordered by its end, then its start, so that the last of a sorted series is the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    year_kind: YearKind,
    step: PeriodStep,
    /// Number of the first step, counted from the start of year 0 of its kind.
    first: i32,
    /// How many steps, at least one.
    count: i32,
}

/// A label that names no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{label:?} is not a period: a year (2021), a split year (2021/22), pooled years (2018 - 20), a quarter (2026/27 Q2), a month (Sep 2026) or a range of them (Jul 2026 - Sep 2026) was expected"
)]
pub struct PeriodError {
    pub label: String,
}

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// Years that a label such as `1999 - 01` pools across the turn of a century stay below this.
const LONGEST_ACROSS: i32 = 20;

/// The years that a label may name; what lies outside is a misprint.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

impl Period {
    pub fn year(year_kind: YearKind, start_year: i32) -> Self {
        Self { year_kind, step: PeriodStep::Year, first: start_year, count: 1 }
    }

    /// Quarter `quarter` (1 to 4) of the financial year that starts in April of `start_year`.
    pub fn financial_quarter(start_year: i32, quarter: i32) -> Self {
        Self { year_kind: YearKind::Financial, step: PeriodStep::Quarter, first: start_year * 4 + quarter - 1, count: 1 }
    }

    /// The last whole financial quarter that ended before `today`.
    pub fn last_quarter_before(today: Date) -> Self {
        let month = i32::from(today.year()) * 12 + i32::from(today.month()) - 1;
        let current = (month - YearKind::Financial.first_month()).div_euclid(3);
        Self { year_kind: YearKind::Financial, step: PeriodStep::Quarter, first: current - 1, count: 1 }
    }

    /// The month, quarter or year that `day` lies in; none for another number of months, or a year that no label may name.
    pub fn containing(day: Date, months: i32, year_kind: YearKind) -> Option<Self> {
        let step = [PeriodStep::Month, PeriodStep::Quarter, PeriodStep::Year].into_iter().find(|step| step.months() == months)?;
        if !YEARS.contains(&i32::from(day.year())) {
            return None;
        }
        // Months are counted alike in every kind of year.
        let year_kind = if step == PeriodStep::Month { YearKind::Calendar } else { year_kind };
        let month = i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
        Some(Self { year_kind, step, first: (month - year_kind.first_month()).div_euclid(months), count: 1 })
    }

    pub fn year_kind(self) -> YearKind {
        self.year_kind
    }

    pub fn step(self) -> PeriodStep {
        self.step
    }

    /// How many months, quarters or years it pools.
    pub fn count(self) -> i32 {
        self.count
    }

    /// Its length in months.
    pub fn months(self) -> i32 {
        self.count * self.step.months()
    }

    fn first_month(self) -> i32 {
        let offset = if self.step == PeriodStep::Month { 0 } else { self.year_kind.first_month() };
        self.first * self.step.months() + offset
    }

    /// The number of its last month, counted from January of the year 0.
    pub(crate) fn last_month(self) -> i32 {
        self.first_month() + self.months() - 1
    }

    /// Its first day.
    pub fn start(self) -> Date {
        first_of(self.first_month())
    }

    /// Its last day.
    pub fn end(self) -> Date {
        first_of(self.last_month()).last_of_month()
    }

    /// The period of the same length and kind that ends where this one starts.
    pub fn previous(self) -> Self {
        Self { first: self.first - self.count, ..self }
    }

    /// The period of the same length and kind that starts one step later.
    pub fn next_step(self) -> Self {
        Self { first: self.first + 1, ..self }
    }

    /// True where the two are counted alike, so that a series may hold both.
    pub fn same_series(self, other: Self) -> bool {
        self.year_kind == other.year_kind && self.step == other.step && self.count == other.count
    }

    /// True where the two are the same days, however they are counted.
    pub fn same_days(self, other: Self) -> bool {
        self.start() == other.start() && self.end() == other.end()
    }

    /// True where the two share no day.
    pub fn is_apart_from(self, other: Self) -> bool {
        self.end() < other.start() || other.end() < self.start()
    }

    /// Words for a sentence: `2018 to 2020`, `2021/22`, `July to September 2026`.
    pub fn in_words(self) -> String {
        match (self.step, self.year_kind) {
            (PeriodStep::Year, _) if self.count == 1 => self.to_string(),
            (PeriodStep::Year, YearKind::Calendar) => format!("{} to {}", self.first, self.first + self.count - 1),
            (PeriodStep::Year, _) => {
                format!("{} to {}", split_year_label(self.first), split_year_label(self.first + self.count - 1))
            }
            (PeriodStep::Quarter | PeriodStep::Month, _) => {
                let (start, end) = (self.start(), self.end());
                let month = |d: Date| MONTHS[d.month() as usize - 1];
                if self.months() == 1 {
                    format!("{} {}", month(start), start.year())
                } else if start.year() == end.year() {
                    format!("{} to {} {}", month(start), month(end), end.year())
                } else {
                    format!("{} {} to {} {}", month(start), start.year(), month(end), end.year())
                }
            }
        }
    }

    /// Short enough for a table, and for a sentence that goes on after it: `2018–20`, `2021/22`, `2026/27 Q2`.
    pub fn in_short(self) -> String {
        self.to_string().replace(" - ", "–")
    }

    /// The form that stands in file names and on the command line: `2026-27-Q2`; other periods give
    /// their label with anything but letters and digits turned into hyphens.
    pub fn slug(self) -> String {
        if self.step == PeriodStep::Quarter && self.year_kind == YearKind::Financial && self.count == 1 {
            return format!("{}-Q{}", split_year_label(self.first.div_euclid(4)).replace('/', "-"), self.first.rem_euclid(4) + 1);
        }
        let hyphened: String = self.to_string().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        hyphened.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
    }
}

/// Whether `date` lies between the two days or is one of them; one that is not given is no bound.
pub(crate) fn lies_within(date: Date, from: Option<Date>, until: Option<Date>) -> bool {
    from.is_none_or(|from| from <= date) && until.is_none_or(|until| date <= until)
}

fn first_of(month: i32) -> Date {
    let year = i16::try_from(month.div_euclid(12)).expect("labels are held to YEARS");
    date(year, i8::try_from(month.rem_euclid(12) + 1).expect("1 to 12"), 1)
}

fn split_year_label(start: i32) -> String {
    format!("{start}/{:02}", (start + 1).rem_euclid(100))
}

/// Publishers' labels: `2021`, `2018 - 20`, `2021/22 Q1-Q3`, `Aug 2019 - Jul 2020`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.first + self.count - 1;
        // The end of a long pool keeps its century where it would not be read back without.
        let short = self.first.div_euclid(100) == last.div_euclid(100) || self.count <= LONGEST_ACROSS;
        match (self.step, self.year_kind) {
            (PeriodStep::Year, YearKind::Calendar) if self.count == 1 => write!(f, "{}", self.first),
            (PeriodStep::Year, YearKind::Calendar) if short => write!(f, "{} - {:02}", self.first, last.rem_euclid(100)),
            (PeriodStep::Year, YearKind::Calendar) => write!(f, "{} - {last}", self.first),
            (PeriodStep::Year, _) if self.count == 1 => f.write_str(&split_year_label(self.first)),
            (PeriodStep::Year, _) if short => write!(f, "{} - {}", split_year_label(self.first), &split_year_label(last)[2..]),
            (PeriodStep::Year, _) => write!(f, "{} - {}", split_year_label(self.first), split_year_label(last)),
            (PeriodStep::Quarter, kind) => {
                let year = |q: i32| match kind {
                    YearKind::Calendar => q.div_euclid(4).to_string(),
                    YearKind::Financial | YearKind::Academic => split_year_label(q.div_euclid(4)),
                };
                let quarter = |q: i32| q.rem_euclid(4) + 1;
                write!(f, "{} Q{}", year(self.first), quarter(self.first))?;
                match (self.count, year(self.first) == year(last)) {
                    (1, _) => Ok(()),
                    (_, true) => write!(f, "-Q{}", quarter(last)),
                    (_, false) => write!(f, " - {} Q{}", year(last), quarter(last)),
                }
            }
            (PeriodStep::Month, _) => {
                let month = |m: i32| format!("{} {}", &MONTHS[m.rem_euclid(12) as usize][..3], m.div_euclid(12));
                f.write_str(&month(self.first))?;
                if self.count > 1 { write!(f, " - {}", month(last)) } else { Ok(()) }
            }
        }
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> Ordering {
        // In months, for days are made at some cost and maps are full of periods.
        let key = |of: &Self| (of.last_month(), of.first_month(), of.year_kind, of.step);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Stored as its label with the kind of year before it where the label does not tell: `academic 2021/22`.
impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let prefix = if self.year_kind == YearKind::Academic { "academic " } else { "" };
        serializer.collect_str(&format_args!("{prefix}{self}"))
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (label, kind) =
            text.strip_prefix("academic ").map_or((text.as_str(), YearKind::Financial), |label| (label, YearKind::Academic));
        let period = Period::parse(label, kind).map_err(serde::de::Error::custom)?;
        // A label's quarters are those of a financial year unless it is stored otherwise.
        let academic_quarter = kind == YearKind::Academic && period.step == PeriodStep::Quarter;
        Ok(if academic_quarter { Period { year_kind: kind, ..period } } else { period })
    }
}

/// A place for every period from the first to the last of `given`, which is in order; none where it has nothing for one. A gap
/// of more than 60 periods is filled with 60: it is no less a gap.
pub fn with_gaps<T>(given: impl IntoIterator<Item = (Period, T)>) -> Vec<(Period, Option<T>)> {
    const WIDEST_GAP: usize = 60;
    let mut all: Vec<(Period, Option<T>)> = Vec::new();
    for (period, one) in given {
        if let Some((last, _)) = all.last() {
            let skipped = std::iter::successors(Some(last.next_step()), |p| Some(p.next_step()));
            let skipped = skipped.take_while(|p| p.end() < period.end()).take(WIDEST_GAP);
            all.extend(skipped.map(|period| (period, None)).collect::<Vec<_>>());
        }
        all.push((period, Some(one)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(label: &str) -> Period {
        Period::parse(label, YearKind::Financial).unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn publishers_labels_print_as_they_were_read() {
        for (label, start, end) in [
            ("2021", "2021-01-01", "2021-12-31"),
            ("2021/22", "2021-04-01", "2022-03-31"),
            ("2018 - 20", "2018-01-01", "2020-12-31"),
            ("2020/21 - 22/23", "2020-04-01", "2023-03-31"),
            ("2021 Q1", "2021-01-01", "2021-03-31"),
            ("2021/22 Q1", "2021-04-01", "2021-06-30"),
            ("2021/22 Q1-Q3", "2021-04-01", "2021-12-31"),
            ("2021/22 Q1 - 2025/26 Q3", "2021-04-01", "2025-12-31"),
            ("1999 - 01", "1999-01-01", "2001-12-31"),
            ("1998 - 00", "1998-01-01", "2000-12-31"),
            ("1998/99 - 00/01", "1998-04-01", "2001-03-31"),
            ("1999/00 - 01/02", "1999-04-01", "2002-03-31"),
            ("1999/00", "1999-04-01", "2000-03-31"),
            ("1999/00 Q3 - 2000/01 Q2", "1999-10-01", "2000-09-30"),
            ("Nov 1999 - Jan 2000", "1999-11-01", "2000-01-31"),
            ("1950 - 2010", "1950-01-01", "2010-12-31"),
            ("Mar 2021", "2021-03-01", "2021-03-31"),
            ("Aug 2019 - Jul 2020", "2019-08-01", "2020-07-31"),
        ] {
            let period = parse(label);
            assert_eq!(period.to_string(), label);
            assert_eq!((period.start().to_string(), period.end().to_string()), (start.to_owned(), end.to_owned()), "{label}");
        }
    }

    #[test]
    fn an_academic_year_ends_in_august() {
        let year = Period::parse("2024/25", YearKind::Academic).unwrap();
        assert_eq!(year.end().to_string(), "2025-08-31");
        let stored = serde_json::to_string(&year).unwrap();
        assert_eq!(serde_json::from_str::<Period>(&stored).unwrap(), year);
    }

    proptest::proptest! {
        #[test]
        fn a_period_is_stored_and_read_back(kind in 0..3_usize, step in 0..3_usize, first in 1900..2150_i32, within in 0..12_i32, count in 1..50_i32) {
            let year_kind = [YearKind::Calendar, YearKind::Financial, YearKind::Academic][kind];
            let step = [PeriodStep::Month, PeriodStep::Quarter, PeriodStep::Year][step];
            let a_year = 12 / step.months();
            let year_kind = if step == PeriodStep::Month { YearKind::Calendar } else { year_kind };
            let period = Period { year_kind, step, first: first * a_year + within % a_year, count };
            let stored = serde_json::to_string(&period).unwrap();
            proptest::prop_assert_eq!(serde_json::from_str::<Period>(&stored).unwrap(), period, "{}", stored);
        }
    }

    #[test]
    fn a_missing_period_is_a_gap() {
        let given = [("Nov 2025", 1), ("Feb 2026", 2)].map(|(label, value)| (parse(label), value));
        let found: Vec<_> = with_gaps(given).iter().map(|(period, value)| (period.to_string(), *value)).collect();
        let wanted = [("Nov 2025", Some(1)), ("Dec 2025", None), ("Jan 2026", None), ("Feb 2026", Some(2))];
        assert_eq!(found, wanted.map(|(label, value)| (label.to_owned(), value)));
    }

    #[test]
    fn the_latest_period_sorts_last() {
        let mut labels = ["2023", "2021 - 23", "2022", "2022/23", "Dec 2023"].map(parse);
        labels.sort();
        assert_eq!(labels.map(|p| p.to_string()), ["2022", "2022/23", "2021 - 23", "2023", "Dec 2023"]);
    }

    #[test]
    fn a_packs_quarter_is_the_last_ended() {
        for (today, quarter) in [
            ("2026-11-21", "2026-27-Q2"),
            ("2026-10-01", "2026-27-Q2"),
            ("2026-09-30", "2026-27-Q1"),
            ("2026-01-15", "2025-26-Q3"),
            ("2026-04-01", "2025-26-Q4"),
        ] {
            assert_eq!(Period::last_quarter_before(today.parse().unwrap()).slug(), quarter, "{today}");
        }
        assert_eq!(parse("2026-27-Q2").in_words(), "July to September 2026");
        assert_eq!(parse("2025-26-Q4").in_words(), "January to March 2026");
    }
}

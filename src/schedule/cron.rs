//! Cron expressions in a time zone.
//!
//! croner finds the next time on the wall clock, where there are no zones; jiff says which instant that is.

use croner::parser::{CronParser, Year};
use jiff::Timestamp;
use jiff::civil::{DateTime, date};
use jiff::tz::{AmbiguousOffset, TimeZone};
use std::fmt;
use std::str::FromStr;

/// Longer than any expression that a person would write.
const LONGEST: usize = 200;

/// An expression of five fields, or of six with seconds in front, that names at least one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    text: String,
    pattern: croner::Cron,
}

impl FromStr for Cron {
    type Err = String;

    /// Says what is wrong with the expression, without its place.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("is {} characters long, over {LONGEST}", text.len()));
        }
        let fields = text.split_whitespace().count();
        if !text.trim_start().starts_with('@') && !(5..=6).contains(&fields) {
            return Err(format!(
                "{text:?} has {fields} fields; five were expected (minute, hour, day of the month, month, day of the week), or six with seconds in front"
            ));
        }
        let pattern = parse(text)
            .map_err(|problem| format!("{text:?} is not a cron expression: {}", field_at_fault(text).unwrap_or(problem)))?;
        // The calendar repeats within 400 years, and every day that a pattern can name comes within 40 of them.
        if pattern.find_next_occurrence(&date(2000, 1, 1).at(0, 0, 0, 0), true).is_err() {
            return Err(format!("{text:?} names a day that never comes"));
        }
        Ok(Self { text: text.to_owned(), pattern })
    }
}

fn parse(text: &str) -> Result<croner::Cron, String> {
    CronParser::builder().year(Year::Disallowed).build().parse(text).map_err(|e| {
        let problem = e.to_string();
        problem.trim_start_matches("Component error: ").trim_end_matches('.').to_owned()
    })
}

/// The fields of an expression with seconds, and what each may be.
const FIELDS: [(&str, &str); 6] = [
    ("second", "0 to 59"),
    ("minute", "0 to 59"),
    ("hour", "0 to 23"),
    ("day of the month", "1 to 31, or L for the last"),
    ("month", "1 to 12 or JAN to DEC"),
    ("day of the week", "0 to 7 or SUN to SAT"),
];

/// The first field that is at fault whatever stands in the others: `the hour is 25; 0 to 23 was expected`.
fn field_at_fault(text: &str) -> Option<String> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let names = FIELDS.get(FIELDS.len().checked_sub(fields.len())?..)?;
    fields.iter().zip(names).enumerate().find_map(|(place, (field, (name, expected)))| {
        let mut alone = vec!["*"; fields.len()];
        alone[place] = field;
        parse(&alone.join(" ")).err()?;
        Some(format!("the {name} is {field:?}; {expected} was expected"))
    })
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Cron {
    /// The first occurrence after `instant` on the clocks of `zone`; `None` beyond the year 5000, where croner ends.
    pub fn next_after(&self, instant: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        first_after(instant, zone, |clock| self.next_on_the_clock(clock))
    }

    /// The first time on a wall clock that never changes, `clock` itself among them.
    pub fn at_or_after(&self, clock: DateTime) -> Option<DateTime> {
        self.pattern.find_next_occurrence(&clock, true).ok()
    }

    /// The next time on a wall clock that never changes.
    pub fn next_on_the_clock(&self, clock: DateTime) -> Option<DateTime> {
        self.pattern.find_next_occurrence(&clock, false).ok()
    }
}

/// The first instant after `instant` at which the clocks of `zone` show a time of those that `next` gives, each later than
/// the one it is given.
pub(super) fn first_after(instant: Timestamp, zone: &TimeZone, next: impl Fn(DateTime) -> Option<DateTime>) -> Option<Timestamp> {
    let mut clock = zone.to_datetime(instant);
    loop {
        clock = next(clock)?;
        let found = first_instant(clock, zone)?;
        // Not after it where a time comes twice and `instant` lies in its second coming, or where
        // several times fall in one gap.
        if found > instant {
            return Some(found);
        }
    }
}

/// When a clock of `zone` first shows `clock`, or where it never does, the first instant after the gap.
pub(super) fn first_instant(clock: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(clock);
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => offset.to_timestamp(clock).ok(),
        // Read by the clock after the change, the time lies before the change itself.
        AmbiguousOffset::Gap { after, .. } => {
            let before_the_change = after.to_timestamp(clock).ok()?;
            zone.following(before_the_change).next().map(|change| change.timestamp())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn london() -> TimeZone {
        TimeZone::get("Europe/London").unwrap()
    }

    fn next(cron: &str, after: &str) -> String {
        cron.parse::<Cron>().unwrap().next_after(after.parse().unwrap(), &london()).unwrap().to_string()
    }

    #[test]
    fn times_follow_the_local_clock() {
        assert_eq!(next("0 7 15 1,4,7,10 *", "2027-01-01T00:00:00Z"), "2027-01-15T07:00:00Z");
        assert_eq!(next("0 7 15 1,4,7,10 *", "2027-01-15T07:00:00Z"), "2027-04-15T06:00:00Z");
    }

    #[test]
    fn a_skipped_time_runs_after_the_gap() {
        // Clocks went from 01:00 to 02:00 on 29 March 2026.
        assert_eq!(next("30 1 * * *", "2026-03-28T12:00:00Z"), "2026-03-29T01:00:00Z");
        assert_eq!(next("0 1 * * *", "2026-03-28T12:00:00Z"), "2026-03-29T01:00:00Z");
        assert_eq!(next("30 1 * * *", "2026-03-29T01:00:00Z"), "2026-03-30T00:30:00Z");
    }

    #[test]
    fn a_repeated_time_runs_once() {
        // Clocks went from 02:00 back to 01:00 on 25 October 2026.
        assert_eq!(next("30 1 * * *", "2026-10-24T12:00:00Z"), "2026-10-25T00:30:00Z");
        for in_the_second_coming in ["2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z"] {
            assert_eq!(next("30 1 * * *", in_the_second_coming), "2026-10-26T01:30:00Z");
        }
    }

    #[test]
    fn times_that_share_a_gap_are_one_occurrence() {
        assert_eq!(next("*/15 1 * * *", "2026-03-29T00:59:00Z"), "2026-03-29T01:00:00Z");
        assert_eq!(next("*/15 1 * * *", "2026-03-29T01:00:00Z"), "2026-03-30T00:00:00Z");
    }

    #[test]
    fn last_days_weekdays_names_and_seconds_work() {
        assert_eq!(next("0 7 L * *", "2028-02-10T00:00:00Z"), "2028-02-29T07:00:00Z");
        assert_eq!(next("0 7 * JAN MON#2", "2026-12-10T00:00:00Z"), "2027-01-11T07:00:00Z");
        assert_eq!(next("0 7 * * FRI#L", "2026-11-10T00:00:00Z"), "2026-11-27T07:00:00Z");
        assert_eq!(next("30 0 7 1 1 *", "2026-11-10T00:00:00Z"), "2027-01-01T07:00:30Z");
        assert_eq!(next("@yearly", "2026-11-10T00:00:00Z"), "2027-01-01T00:00:00Z");
    }

    #[test]
    fn impossible_expressions_are_refused_plainly() {
        for (text, part) in [
            ("0 7 15 *", "has 4 fields; five were expected"),
            ("0 0 7 15 * * 2027", "has 7 fields"),
            ("0 25 * * *", "is not a cron expression: the hour is \"25\"; 0 to 23 was expected"),
            ("61 7 1 * *", "the minute is \"61\"; 0 to 59 was expected"),
            ("0 7 32 * *", "the day of the month is \"32\"; 1 to 31, or L for the last was expected"),
            ("0 7 1 13 *", "the month is \"13\"; 1 to 12 or JAN to DEC was expected"),
            ("0 7 * * FRO", "the day of the week is \"FRO\"; 0 to 7 or SUN to SAT was expected"),
            ("99 0 7 1 * *", "the second is \"99\"; 0 to 59 was expected"),
            ("0 7 31 2 *", "names a day that never comes"),
            ("0 7 30 FEB *", "names a day that never comes"),
            ("", "has 0 fields"),
            ("@whenever", "is not a cron expression"),
            ("é é é é é", "is not a cron expression"),
        ] {
            let problem = text.parse::<Cron>().unwrap_err();
            assert!(problem.contains(part), "{text:?}: {problem}");
        }
        assert!("1,".repeat(200).parse::<Cron>().is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(fields in proptest::collection::vec("(\\*|[0-9]{1,3}|L|[A-Z]{3})[-,/#LW+]{0,2}[0-9L]{0,2}", 5..7)) {
            let text = fields.join(" ");
            if let Ok(cron) = text.parse::<Cron>() {
                let _ = cron.next_after(Timestamp::UNIX_EPOCH, &london());
            }
        }
    }
}

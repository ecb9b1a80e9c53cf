//! Days on which nobody is at work: weekends, and the holidays of `holidays.toml`.

use crate::assets::Assets;
use crate::document::read_list;
use crate::fault::Faults;
use jiff::civil::{Date, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeSet;

const FILE: &str = "holidays.toml";

/// The holidays of a country or a house; weekends are off anyway.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holidays(BTreeSet<Date>);

/// A day on which nobody works; weekends are known.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawHoliday {
    /// The day: `2026-12-25`.
    #[serde(deserialize_with = "day")]
    #[schemars(with = "Date")]
    date: Date,
    /// What it is called, for the reader of the file.
    #[serde(rename = "name")]
    _name: String,
}

/// A date with or without quotation marks: TOML has dates of its own.
pub(super) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = match toml::Value::deserialize(deserializer)? {
        toml::Value::String(text) => text,
        toml::Value::Datetime(date) => date.to_string(),
        other => other.to_string(),
    };
    text.parse().map_err(|_| serde::de::Error::custom(format!("{text:?} is not a date, such as 2026-12-25")))
}

impl Holidays {
    /// Reads `holidays.toml`.
    ///
    /// # Errors
    /// What is wrong in it: syntax, unknown keys, a date that is none.
    pub fn load(config: &Assets) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let holidays = Self::read(config, &mut faults);
        faults.into_result().map(|()| holidays)
    }

    /// The holidays that can be read.
    pub(crate) fn read(config: &Assets, faults: &mut Faults) -> Self {
        let (entries, _) = read_list::<RawHoliday>(config, FILE, "holiday", faults);
        Self(entries.values().into_iter().map(|holiday| holiday.date).collect())
    }

    /// The last day that the list speaks of; after it only weekends are known to be off.
    pub fn last(&self) -> Option<Date> {
        self.0.last().copied()
    }

    pub fn is_day_off(&self, day: Date) -> bool {
        matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) || self.0.contains(&day)
    }

    /// The day itself, or the first working day after it; `None` beyond the year 9999.
    pub fn working_day_from(&self, mut day: Date) -> Option<Date> {
        while self.is_day_off(day) {
            day = day.tomorrow().ok()?;
        }
        Some(day)
    }

    /// The first of the days off without a break that lead up to `day`; the day itself where the one before was worked.
    pub fn first_day_off_before(&self, mut day: Date) -> Date {
        while let Some(before) = day.yesterday().ok().filter(|before| self.is_day_off(*before)) {
            day = before;
        }
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;

    fn built_in() -> Holidays {
        Holidays::load(&Assets::config(None)).unwrap()
    }

    /// Easter Sunday by the rule of the Gregorian calendar (Butcher, 1876).
    fn easter(year: i16) -> Date {
        let (a, b, c) = (year % 19, year / 100, year % 100);
        let (d, e) = (b / 4, b % 4);
        let g = (8 * b + 13) / 25;
        let h = (19 * a + b - d - g + 15) % 30;
        let (i, k) = (c / 4, c % 4);
        let l = (32 + 2 * e + 2 * i - h - k) % 7;
        let m = (a + 11 * h + 19 * l) / 433;
        let month = (h + l - 7 * m + 90) / 25;
        let day = (h + l - 7 * m + 33 * month + 19) % 32;
        date(year, i8::try_from(month).unwrap(), i8::try_from(day).unwrap())
    }

    /// The bank holidays of England and Wales by their rules: one that falls at a weekend is kept on the next weekday.
    fn by_rule(year: i16) -> BTreeSet<Date> {
        let nth_monday = |month, nth| date(year, month, 1).nth_weekday_of_month(nth, Weekday::Monday).unwrap();
        let mut days = BTreeSet::from([
            easter(year).saturating_sub(2.days()),
            easter(year).saturating_add(1.day()),
            nth_monday(5, 1),
            nth_monday(5, -1),
            nth_monday(8, -1),
        ]);
        for mut day in [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)] {
            while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) || days.contains(&day) {
                day = day.tomorrow().unwrap();
            }
            days.insert(day);
        }
        days
    }

    #[test]
    fn bank_holidays_follow_their_rules() {
        let Holidays(listed) = built_in();
        let (first, last) = (listed.first().unwrap().year(), listed.last().unwrap().year());
        assert_eq!(listed, (first..=last).flat_map(by_rule).collect());
    }

    #[test]
    fn days_off_move_to_the_next_working_day() {
        let holidays = built_in();
        let working = |day| holidays.working_day_from(day).unwrap();
        assert_eq!(working(date(2026, 4, 1)), date(2026, 4, 1));
        assert_eq!(working(date(2026, 4, 3)), date(2026, 4, 7), "Good Friday to the Tuesday after Easter");
        assert_eq!(working(date(2027, 12, 25)), date(2027, 12, 29), "both days after Christmas stand in for a weekend");
        assert_eq!(holidays.first_day_off_before(date(2026, 4, 7)), date(2026, 4, 3));
        assert_eq!(holidays.first_day_off_before(date(2026, 4, 3)), date(2026, 4, 3));
    }
}

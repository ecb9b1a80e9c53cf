//! For which quarter the configuration is read, and which edition is used at its end.

use crate::fault::{Fault, Faults};
use crate::framework::{self, Choice, Framework};
use crate::period::{Period, PeriodStep, YearKind};
use crate::settings::Settings;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The quarter and the day that are asked for; what is not is as the settings pin it, or by the clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QuarterChoice {
    pub period: Option<Period>,
    /// What "today" is.
    pub as_at: Option<Date>,
}

/// What the settings pin, and whose calendar "today" is taken from.
pub(super) struct Pinned {
    pub period: Option<Period>,
    pub as_at: Option<Date>,
    pub time_zone: TimeZone,
}

impl Pinned {
    /// # Errors
    /// All of the three settings that cannot be read.
    pub fn from_settings(settings: &Settings) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let pinned = Self::read(settings, &mut faults);
        faults.into_result().map(|()| pinned)
    }

    /// What can be read of the three settings; what cannot is as if it were not given.
    pub fn read(settings: &Settings, faults: &mut Faults) -> Self {
        let pack = &settings.pack;
        let mut keep = |fault: Fault| faults.0.push(fault);
        let period = pinned("pack.period", pack.period.as_deref(), parse_quarter).map_err(&mut keep).unwrap_or_default();
        let as_at = pinned("pack.as_at", pack.as_at.as_deref(), parse_date).map_err(&mut keep).unwrap_or_default();
        let time_zone = TimeZone::get(&pack.time_zone).unwrap_or_else(|_| {
            let problem = format!("{:?} is not a time zone, such as Europe/London", pack.time_zone);
            keep(Fault::new("pack.time_zone", problem, "correct the setting"));
            TimeZone::UTC
        });
        Self { period, as_at, time_zone }
    }

    /// The quarter that is asked for or pinned, or the last that ended.
    pub fn quarter(&self, when: QuarterChoice, now: fn() -> Timestamp) -> Period {
        when.period.or(self.period).unwrap_or_else(|| Period::last_quarter_before(self.today(when, now)))
    }

    /// The day that is asked for or pinned, or the clock's.
    pub fn today(&self, when: QuarterChoice, now: fn() -> Timestamp) -> Date {
        when.as_at.or(self.as_at).unwrap_or_else(|| now().to_zoned(self.time_zone.clone()).date())
    }
}

fn pinned<T>(key: &str, text: Option<&str>, parse: fn(&str) -> Result<T, String>) -> Result<Option<T>, Fault> {
    text.map(|text| parse(text).map_err(|problem| Fault::new(key, problem, "correct the setting, or leave it empty"))).transpose()
}

/// The quarter that is asked for or pinned, or the last that ended.
///
/// # Errors
/// A quarter, a day or a time zone of the settings that cannot be read.
pub fn quarter_for(settings: &Settings, when: QuarterChoice, now: fn() -> Timestamp) -> Result<Period, Faults> {
    Ok(Pinned::from_settings(settings)?.quarter(when, now))
}

/// The edition that is used at the end of the quarter, whole and with the targets that hold then, and why that one.
///
/// # Errors
/// A quarter that the settings pin and that cannot be read; as [`framework::choose`] and [`framework::load`].
pub fn framework_for(settings: &Settings, when: QuarterChoice, now: fn() -> Timestamp) -> Result<(Framework, Choice), Faults> {
    let end = quarter_for(settings, when, now)?.end();
    let config = settings.config_assets();
    let choice = framework::choose(&config, settings.pack.edition.as_deref(), end)?;
    Ok((framework::load_on(&config, &choice.id, end)?, choice))
}

/// A financial quarter, as `2026-27-Q2` or however else periods are written.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_quarter(text: &str) -> Result<Period, String> {
    let read = Period::parse(text, YearKind::Financial).ok().map(|period| period.counted_in(3, YearKind::Financial));
    read.filter(|period| period.step() == PeriodStep::Quarter && period.count() == 1 && period.year_kind() == YearKind::Financial)
        .ok_or_else(|| format!("{text:?} is not a financial quarter, such as 2026-27-Q2"))
}

/// A date: `2026-11-20`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("{text:?} is not a date, such as 2026-11-20"))
}

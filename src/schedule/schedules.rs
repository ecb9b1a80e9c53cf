//! Schedules, and the times at which each falls.

use super::cron::{self, Cron};
use super::holidays::Holidays;
use super::job_kind::JobKind;
use super::period_rule::PeriodRule;
use super::ping::Ping;
use crate::period::Period;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One schedule.
#[derive(Debug, Clone)]
pub struct Schedule {
    pub name: String,
    pub kind: JobKind,
    pub cron: Cron,
    pub time_zone: TimeZone,
    /// The name of a list of recipients; none where partners' own contacts are written to.
    pub recipients: Option<String>,
    pub missed: Missed,
    /// How late an occurrence may still run.
    pub grace: SignedDuration,
    /// Which quarter an occurrence is about.
    pub period: PeriodRule,
    /// The first day on which it may run, in its zone.
    pub active_from: Option<Date>,
    /// The last.
    pub active_until: Option<Date>,
    /// The days that it keeps clear of, with every weekend; none where it runs on any day.
    pub holidays: Option<Arc<Holidays>>,
    /// The monitor that is told how each occurrence ended.
    pub ping: Option<Ping>,
}

/// What becomes of occurrences that fell while nothing was running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// The last of them runs, if it is within the grace.
    #[default]
    RunOnce,
    /// None of them runs.
    Skip,
}

/// Every schedule, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Schedules(pub(super) Vec<Schedule>);

impl Schedules {
    pub fn iter(&self) -> impl Iterator<Item = &Schedule> {
        self.0.iter()
    }

    pub fn get(&self, name: &str) -> Option<&Schedule> {
        self.0.iter().find(|schedule| schedule.name == name)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Schedule {
    /// The first occurrence after `instant`; `None` where it is no longer active, and beyond the year 5000.
    pub fn next_after(&self, instant: Timestamp) -> Option<Timestamp> {
        let midnight = |day: Date| cron::first_instant(day.to_datetime(Time::midnight()), &self.time_zone);
        // Midnight itself is one of its times.
        let begins = self.active_from.and_then(midnight).map_or(Timestamp::MIN, |at| at - SignedDuration::from_secs(1));
        let found = cron::first_after(instant.max(begins), &self.time_zone, |clock| self.next_on_the_clock(clock))?;
        let day = self.time_zone.to_datetime(found).date();
        self.active_until.is_none_or(|last| day <= last).then_some(found)
    }

    /// The next time on a wall clock that never changes.
    fn next_on_the_clock(&self, clock: DateTime) -> Option<DateTime> {
        let Some(holidays) = &self.holidays else { return self.cron.next_on_the_clock(clock) };
        // A time put off from earlier days off may come before the next that is not put off, and after others of its day.
        let mut time = self.cron.at_or_after(holidays.first_day_off_before(clock.date()).to_datetime(Time::midnight()));
        let mut first: Option<DateTime> = None;
        while let Some(nominal) = time.filter(|nominal| first.is_none_or(|first| *nominal < first)) {
            let put_off = holidays.working_day_from(nominal.date())?.to_datetime(nominal.time());
            if put_off > clock {
                first = Some(first.map_or(put_off, |first| first.min(put_off)));
            }
            time = self.cron.next_on_the_clock(nominal);
        }
        first
    }

    /// When it would run on `day`, or on the working day that this is put off to: at the time of day of its next occurrence.
    pub fn time_on(&self, day: Date) -> Option<Timestamp> {
        let day = match &self.holidays {
            Some(holidays) => holidays.working_day_from(day)?,
            None => day,
        };
        let next = self.cron.at_or_after(day.to_datetime(Time::midnight()));
        let time = next.map_or(Time::midnight(), DateTime::time);
        cron::first_instant(day.to_datetime(time), &self.time_zone)
    }

    /// What its times depend on, as one text: with another, it is another schedule to the ledger.
    pub fn times(&self) -> String {
        format!("{} {}", self.cron, self.time_zone.iana_name().unwrap_or_default())
    }

    /// The quarter that an occurrence is about.
    pub fn period_at(&self, scheduled_for: Timestamp) -> Period {
        self.period.quarter_on(self.time_zone.to_datetime(scheduled_for).date())
    }
}

//! What is to happen by itself, and when.
//!
//! [`due`] works out from the last time settled which occurrences are due now; [`heartbeat`] asks it to, once a
//! minute. Neither remembers anything: each occurrence has a key (schedule name, scheduled instant) by which the
//! ledger claims it once.

pub mod cron;
pub mod due;
pub mod heartbeat;
mod load;

pub use due::{Due, Occurrence};
pub use heartbeat::{Drained, Heartbeat, Pace};

use crate::period::Period;
use cron::Cron;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// One schedule.
#[derive(Debug, Clone)]
pub struct Schedule {
    pub name: String,
    pub kind: Kind,
    pub cron: Cron,
    pub time_zone: TimeZone,
    /// The name of a list of recipients; none where partners' own contacts are written to.
    pub recipients: Option<String>,
    pub missed: Missed,
    /// How late an occurrence may still run.
    pub grace: SignedDuration,
}

/// What a schedule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Make the pack of the last quarter that ended, and send it.
    Pack,
    /// Send each partner its workbook for the last quarter that ended, once.
    OpenReturns,
    /// Look for partners' workbooks, record new versions and send their receipts.
    CollectReturns,
    /// Collect, and then remind those partners who owe something.
    Remind,
}

/// What becomes of occurrences that fell while nothing was running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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
pub struct Schedules(Vec<Schedule>);

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
    /// The first occurrence after `instant`; `None` beyond the year 9999.
    pub fn next_after(&self, instant: Timestamp) -> Option<Timestamp> {
        self.cron.next_after(instant, &self.time_zone)
    }

    /// The quarter that an occurrence is about: the last that had ended on its day, in the schedule's zone.
    pub fn period_at(&self, scheduled_for: Timestamp) -> Period {
        Period::last_quarter_before(scheduled_for.to_zoned(self.time_zone.clone()).date())
    }
}

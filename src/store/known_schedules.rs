//! Which schedules were looked after and which of their times were dealt with, as the archive's record has it: a ledger that lost
//! that makes up for what fell since, and does nothing a second time.

use super::LedgerError;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

/// A schedule, and since when it has had its times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub(super) struct ScheduleRecord {
    pub name: String,
    pub times: String,
    pub since: String,
}

/// A time of a schedule that was dealt with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub(super) struct SettledRecord {
    pub schedule: String,
    pub scheduled_for: String,
    pub ended_at: String,
    /// In one word.
    pub outcome: String,
}

/// What a ledger or the record says of them.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownSchedules {
    /// By its name.
    schedules: BTreeMap<String, ScheduleRecord>,
    /// By its schedule and time.
    settled: BTreeMap<(String, String), SettledRecord>,
}

impl KnownSchedules {
    pub fn add_schedule(&mut self, record: ScheduleRecord) {
        self.schedules.insert(record.name.clone(), record);
    }

    pub fn add_settled(&mut self, record: SettledRecord) {
        self.settled.insert((record.schedule.clone(), record.scheduled_for.clone()), record);
    }

    /// What a ledger has, of which this lacks it or has it otherwise.
    pub fn without(&self, here: KnownSchedules) -> (Vec<ScheduleRecord>, Vec<SettledRecord>) {
        let schedules = here.schedules.into_iter().filter(|(name, one)| self.schedules.get(name) != Some(one));
        let settled = here.settled.into_iter().filter(|(time, _)| !self.settled.contains_key(time));
        (schedules.map(|(_, one)| one).collect(), settled.map(|(_, one)| one).collect())
    }

    /// Puts them into a ledger.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn restore(&self, connection: &mut SqliteConnection) -> Result<(), LedgerError> {
        for ScheduleRecord { name, times, since } in self.schedules.values() {
            sqlx::query(
                "INSERT INTO schedule (name, times, since) VALUES ($1, $2, $3)
                 ON CONFLICT (name) DO UPDATE SET times = excluded.times, since = excluded.since WHERE excluded.since > since",
            )
            .bind(name)
            .bind(times)
            .bind(since)
            .execute(&mut *connection)
            .await?;
        }
        for SettledRecord { schedule, scheduled_for, ended_at, outcome } in self.settled.values() {
            sqlx::query(
                "INSERT INTO occurrence (schedule, scheduled_for, claimed_at, ended_at, outcome, outcome_kind)
                 VALUES ($1, $2, $3, $3, $4, $4)
                 ON CONFLICT (schedule, scheduled_for) DO UPDATE
                     SET ended_at = excluded.ended_at, outcome = excluded.outcome, outcome_kind = excluded.outcome_kind
                     WHERE ended_at IS NULL",
            )
            .bind(schedule)
            .bind(scheduled_for)
            .bind(ended_at)
            .bind(outcome)
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }
}

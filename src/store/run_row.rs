//! Runs and their stages as the ledger has them.

use super::{LedgerError, RunOutcome};
use crate::period::Period;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// The number of a run in its ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunId(pub i64);

impl std::fmt::Display for RunId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A file that a run made, which the archive has by its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeFile {
    pub name: String,
    pub sha256: String,
    pub bytes: usize,
}

/// A run as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    pub id: RunId,
    pub pack: String,
    pub period: String,
    pub as_at: String,
    pub edition: String,
    pub trigger: String,
    pub started_at: String,
    pub ended_at: Option<String>,
    pub outcome: Option<RunOutcome>,
    /// What was asked, as json.
    pub request: String,
    /// The partners whose returns its interim pack awaits, by id; none of a final one.
    pub awaited: Vec<String>,
}

/// A stage that a run finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageRow {
    pub name: String,
    pub ended_at: String,
    pub detail: String,
}

/// What is known of a run as it starts.
#[derive(Debug, Clone, Copy)]
pub struct NewRun<'a> {
    /// The packs that it makes; for one that looks after returns and makes none, what it does.
    pub pack: &'a str,
    pub period: Period,
    pub as_at: Date,
    pub edition: &'a str,
    /// `by hand`, or the name of the schedule.
    pub trigger: &'a str,
}

/// The columns of a [`RunRow`].
pub(super) const RUN_COLUMNS: &str = "id, pack, period, as_at, edition, trigger, started_at, ended_at, outcome, request, awaited";

pub(super) fn run_row(row: &SqliteRow) -> Result<RunRow, LedgerError> {
    Ok(RunRow {
        id: RunId(row.try_get("id")?),
        pack: row.try_get("pack")?,
        period: row.try_get("period")?,
        as_at: row.try_get("as_at")?,
        edition: row.try_get("edition")?,
        trigger: row.try_get("trigger")?,
        started_at: row.try_get("started_at")?,
        ended_at: row.try_get("ended_at")?,
        outcome: row.try_get::<Option<&str>, _>("outcome")?.map(RunOutcome::parse).transpose()?,
        request: row.try_get("request")?,
        awaited: row.try_get::<&str, _>("awaited")?.split_whitespace().map(str::to_owned).collect(),
    })
}

//! What runs made whose packs go out, as the archive's record of what was sent has it: a ledger that lost it takes it in, and
//! knows the issues that readers have, why they were made, and their files.

use super::run_row::{MadeFile, RunId};
use super::schedules::parse;
use super::sent::MadeRun;
use super::{Ledger, LedgerError, LostApproval, RunOutcome};
use jiff::Timestamp;
use sqlx::SqliteConnection;

/// How a run ended that is known by the record alone.
const TAKEN_IN: &str = "taken in from the archive's record of what was sent";

/// What asked for a run that no schedule did.
const BY_HAND: &str = "by hand";

/// The stage of an interim pack that did not go out and is known by the record alone: nothing of it is kept but that it was made.
pub(super) const INTERIM: &str = "interim";

impl MadeRun {
    /// A run as it stands: its packs are ready at `at`.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn of(connection: &mut SqliteConnection, run: RunId, at: Timestamp) -> Result<Self, LedgerError> {
        let (pack, period, as_at, edition, trigger, awaited): (String, String, String, String, String, String) =
            sqlx::query_as("SELECT pack, period, as_at, edition, trigger, awaited FROM run WHERE id = $1")
                .bind(run.0)
                .fetch_one(&mut *connection)
                .await?;
        let waits = "SELECT EXISTS (SELECT 1 FROM message WHERE run_id = $1 AND state = 'waiting')";
        let waits: bool = sqlx::query_scalar(waits).bind(run.0).fetch_one(&mut *connection).await?;
        let files: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT name, sha256, bytes FROM output WHERE run_id = $1 ORDER BY rowid")
                .bind(run.0)
                .fetch_all(&mut *connection)
                .await?;
        let made = |(name, sha256, bytes)| MadeFile { name, sha256, bytes: usize::try_from(bytes).unwrap_or_default() };
        let (number, files) = (run.0, files.into_iter().map(made).collect());
        Ok(Self { number, pack, period, as_at, edition, at, trigger, awaited, waits, files })
    }

    /// The same of a run whose packs do not go out: a final pack follows an interim one of a schedule all the same. None of any
    /// other.
    pub fn unsent(self) -> Option<Self> {
        let is_followed = !self.awaited.is_empty() && self.trigger != BY_HAND;
        is_followed.then_some(Self { files: Vec::new(), ..self })
    }

    /// Puts it into a ledger that does not have it, as a run that has ended; `lost` where its packs waited for approval.
    pub async fn restore(&self, connection: &mut SqliteConnection, lost: Option<&LostApproval>) -> Result<(), LedgerError> {
        let outcome = lost.map_or_else(|| RunOutcome::DoneFor(TAKEN_IN.to_owned()), LostApproval::outcome);
        let trigger = if self.trigger.is_empty() { BY_HAND } else { &self.trigger };
        let inserted = sqlx::query(
            "INSERT INTO run (id, pack, period, as_at, edition, trigger, awaited, version, started_at, ended_at, outcome, outcome_kind)
             VALUES ($1, $2, $3, $4, $5, $10, $11, $6, $7, $7, $8, $9) ON CONFLICT DO NOTHING",
        )
        .bind(self.number)
        .bind(&self.pack)
        .bind(&self.period)
        .bind(&self.as_at)
        .bind(&self.edition)
        .bind(env!("CARGO_PKG_VERSION"))
        .bind(self.at.to_string())
        .bind(outcome.to_string())
        .bind(outcome.kind().name())
        .bind(trigger)
        .bind(&self.awaited)
        .execute(&mut *connection)
        .await?;
        // One that is there is as it was when the ledger was copied, and may go on.
        if inserted.rows_affected() == 0 {
            return Ok(());
        }
        for made in &self.files {
            insert_output(&mut *connection, RunId(self.number), made).await?;
        }
        let left = self.files.iter().filter_map(|made| made.name.strip_prefix("stage/")?.strip_suffix(".json"));
        for stage in left.chain(self.files.is_empty().then_some(INTERIM)) {
            sqlx::query("INSERT INTO stage (run_id, name, ended_at, detail) VALUES ($1, $2, $3, $4)")
                .bind(self.number)
                .bind(stage)
                .bind(self.at.to_string())
                .bind(TAKEN_IN)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }
}

impl Ledger {
    /// Every run whose packs a message carries.
    pub(super) async fn made_runs(&self) -> Result<Vec<MadeRun>, LedgerError> {
        let mut connection = self.pool.acquire().await?;
        let ready: Vec<(i64, String)> = sqlx::query_as(
            "SELECT run_id, MAX(ended_at) FROM stage
             WHERE name = 'render' AND run_id IN (SELECT run_id FROM message) AND run_id IN (SELECT run_id FROM output)
             GROUP BY run_id ORDER BY run_id",
        )
        .fetch_all(&mut *connection)
        .await?;
        let mut made = Vec::new();
        for (run, at) in ready {
            made.push(MadeRun::of(&mut connection, RunId(run), parse(&at)?).await?);
        }
        Ok(made)
    }
}

/// Records a file of a run.
pub(super) async fn insert_output(connection: &mut SqliteConnection, run: RunId, made: &MadeFile) -> Result<(), LedgerError> {
    sqlx::query(
        "INSERT INTO output (run_id, name, sha256, bytes) VALUES ($1, $2, $3, $4)
         ON CONFLICT (run_id, name) DO UPDATE SET sha256 = excluded.sha256, bytes = excluded.bytes",
    )
    .bind(run.0)
    .bind(&made.name)
    .bind(&made.sha256)
    .bind(i64::try_from(made.bytes).unwrap_or(i64::MAX))
    .execute(connection)
    .await?;
    Ok(())
}

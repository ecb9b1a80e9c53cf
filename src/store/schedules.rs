//! Occurrences of schedules, each claimed once, and the heartbeat of the server.

use super::{Ledger, LedgerError};
use jiff::Timestamp;

impl Ledger {
    /// Claims an occurrence; true for the one caller whose it is.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn claim_occurrence(&self, schedule: &str, scheduled_for: Timestamp, now: Timestamp) -> Result<bool, LedgerError> {
        let inserted = sqlx::query(
            "INSERT INTO occurrence (schedule, scheduled_for, claimed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(schedule)
        .bind(scheduled_for.to_string())
        .bind(now.to_string())
        .execute(&self.pool)
        .await?;
        Ok(inserted.rows_affected() == 1)
    }

    pub async fn end_occurrence(
        &self,
        schedule: &str,
        scheduled_for: Timestamp,
        outcome: &str,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        sqlx::query("UPDATE occurrence SET ended_at = $1, outcome = $2 WHERE schedule = $3 AND scheduled_for = $4")
            .bind(now.to_string())
            .bind(outcome)
            .bind(schedule)
            .bind(scheduled_for.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The latest time of the schedule that anyone claimed.
    pub async fn last_occurrence(&self, schedule: &str) -> Result<Option<Timestamp>, LedgerError> {
        let times: Vec<String> = sqlx::query_scalar("SELECT scheduled_for FROM occurrence WHERE schedule = $1")
            .bind(schedule)
            .fetch_all(&self.pool)
            .await?;
        let parse = |time: &String| time.parse().map_err(|e: jiff::Error| LedgerError::Failed(e.to_string()));
        Ok(times.iter().map(parse).collect::<Result<Vec<Timestamp>, _>>()?.into_iter().max())
    }

    /// Records that the server is alive.
    pub async fn beat(&self, now: Timestamp) -> Result<(), LedgerError> {
        sqlx::query("INSERT INTO heartbeat (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at")
            .bind(now.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// When the server was last known to be alive.
    pub async fn last_beat(&self) -> Result<Option<Timestamp>, LedgerError> {
        let at: Option<String> = sqlx::query_scalar("SELECT at FROM heartbeat").fetch_optional(&self.pool).await?;
        at.map(|at| at.parse().map_err(|e: jiff::Error| LedgerError::Failed(e.to_string()))).transpose()
    }
}

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

    /// Gives back an occurrence that was claimed and not finished, so that it is due again.
    pub async fn release_occurrence(&self, schedule: &str, scheduled_for: Timestamp) -> Result<(), LedgerError> {
        sqlx::query("DELETE FROM occurrence WHERE schedule = $1 AND scheduled_for = $2 AND ended_at IS NULL")
            .bind(schedule)
            .bind(scheduled_for.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The occurrences that were claimed and whose end was never recorded.
    pub async fn unfinished_occurrences(&self) -> Result<Vec<(String, String)>, LedgerError> {
        Ok(sqlx::query_as(
            "SELECT schedule, scheduled_for FROM occurrence WHERE ended_at IS NULL ORDER BY scheduled_for, schedule",
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// The instant after which times of a schedule are still to be settled: its last that was claimed, or, for a
    /// schedule that is new or has new `times`, when it was first seen so, which is recorded as `now`.
    pub async fn unsettled_since(&self, schedule: &str, times: &str, now: Timestamp) -> Result<Timestamp, LedgerError> {
        // Instants of occurrences are whole seconds, so that their texts sort as they do.
        let known: Option<(String, String, Option<String>)> = sqlx::query_as(
            "SELECT times, since, (SELECT MAX(scheduled_for) FROM occurrence WHERE schedule = name) FROM schedule WHERE name = $1",
        )
        .bind(schedule)
        .fetch_optional(&self.pool)
        .await?;
        if let Some((_, since, last)) = known.as_ref().filter(|(known, ..)| known == times) {
            let since = parse(since)?;
            return last.as_deref().map_or(Ok(since), |last| Ok(parse(last)?.max(since)));
        }
        sqlx::query(
            "INSERT INTO schedule (name, times, since) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET times = excluded.times, since = excluded.since WHERE times <> excluded.times",
        )
        .bind(schedule)
        .bind(times)
        .bind(now.to_string())
        .execute(&self.pool)
        .await?;
        known.and_then(|(.., last)| last).map_or(Ok(now), |last| Ok(parse(&last)?.max(now)))
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
        at.map(|at| parse(&at)).transpose()
    }
}

pub(super) fn parse(at: &str) -> Result<Timestamp, LedgerError> {
    at.parse().map_err(|e: jiff::Error| LedgerError::Failed(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn a_schedule_is_unsettled_since_its_last_time_or_since_it_was_first_seen_with_its_times() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
        let (first, later) = (at("2026-01-01T00:00:00Z"), at("2026-06-01T00:00:00Z"));
        let since = async |times, now| ledger.unsettled_since("q", times, now).await.unwrap();
        assert_eq!(since("0 7 * * *", first).await, first);
        assert_eq!(since("0 7 * * *", later).await, first, "a restart keeps it");
        let time = at("2026-02-01T07:00:00Z");
        assert!(ledger.claim_occurrence("q", time, later).await.unwrap());
        assert_eq!(since("0 7 * * *", later).await, time);
        ledger.release_occurrence("q", time).await.unwrap();
        assert_eq!(since("0 7 * * *", later).await, first, "what was given back is due again");
        assert_eq!(since("0 8 * * *", later).await, later, "new times count from when they were first seen");
    }
}

//! Occurrences of schedules, each claimed once, and the heartbeat of the server.

use super::known_schedules::{KnownSchedules, ScheduleRecord, SettledRecord};
use super::{Ledger, LedgerError, RunOutcome};
use jiff::{SignedDuration, Timestamp};

/// An occurrence that was claimed and whose end was never recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    pub schedule: String,
    pub scheduled_for: Timestamp,
    /// By the name under which it [joined](Ledger::join); empty where the occurrence was given back.
    pub holder: String,
    /// When it was claimed or taken over last.
    pub claimed_at: Timestamp,
    /// How often it was taken over from a holder that was gone.
    pub cut_off: u32,
}

impl Ledger {
    /// Claims an occurrence for `holder`; true for the one caller whose it is.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn claim_occurrence(
        &self,
        schedule: &str,
        scheduled_for: Timestamp,
        holder: &str,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let inserted = sqlx::query(
            "INSERT INTO occurrence (schedule, scheduled_for, claimed_at, holder) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(schedule)
        .bind(scheduled_for.to_string())
        .bind(now.to_string())
        .bind(holder)
        .execute(&self.pool)
        .await?;
        Ok(inserted.rows_affected() == 1)
    }

    /// Claims an occurrence that is not run and ends it in one, so that none is ever left half noted; true for the one
    /// caller that noted it.
    pub async fn note_missed(
        &self,
        schedule: &str,
        scheduled_for: Timestamp,
        outcome: &RunOutcome,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let inserted = sqlx::query(
            "INSERT INTO occurrence (schedule, scheduled_for, claimed_at, ended_at, outcome, outcome_kind)
             VALUES ($1, $2, $3, $3, $4, $5)
             ON CONFLICT DO NOTHING",
        )
        .bind(schedule)
        .bind(scheduled_for.to_string())
        .bind(now.to_string())
        .bind(outcome.to_string())
        .bind(outcome.kind().name())
        .execute(&self.pool)
        .await?;
        self.record_schedules().await?;
        Ok(inserted.rows_affected() == 1)
    }

    /// Whether an occurrence was claimed or noted before.
    pub async fn is_noted(&self, schedule: &str, scheduled_for: Timestamp) -> Result<bool, LedgerError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM occurrence WHERE schedule = $1 AND scheduled_for = $2)";
        Ok(sqlx::query_scalar(sql).bind(schedule).bind(scheduled_for.to_string()).fetch_one(&self.pool).await?)
    }

    /// Takes over an occurrence that was cut off from the holder that it was seen with; true for the one caller whose it is.
    pub async fn take_over_occurrence(&self, cut_off: &Unfinished, holder: &str, now: Timestamp) -> Result<bool, LedgerError> {
        let taken = sqlx::query(
            "UPDATE occurrence SET holder = $1, claimed_at = $2, cut_off = cut_off + (holder <> '')
             WHERE schedule = $3 AND scheduled_for = $4 AND ended_at IS NULL AND holder = $5",
        )
        .bind(holder)
        .bind(now.to_string())
        .bind(&cut_off.schedule)
        .bind(cut_off.scheduled_for.to_string())
        .bind(&cut_off.holder)
        .execute(&self.pool)
        .await?;
        Ok(taken.rows_affected() == 1)
    }

    /// Records how an occurrence ended; it is nobody's then. What another has taken over meanwhile is the other's to end.
    pub async fn end_occurrence(
        &self,
        schedule: &str,
        scheduled_for: Timestamp,
        holder: &str,
        outcome: &RunOutcome,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        sqlx::query(
            "UPDATE occurrence SET ended_at = $1, outcome = $2, outcome_kind = $6
             WHERE schedule = $3 AND scheduled_for = $4 AND holder = $5",
        )
        .bind(now.to_string())
        .bind(outcome.to_string())
        .bind(schedule)
        .bind(scheduled_for.to_string())
        .bind(holder)
        .bind(outcome.kind().name())
        .execute(&self.pool)
        .await?;
        self.record_schedules().await
    }

    /// Gives back whatever `holder` has in hand and did not finish: whoever looks next takes it up.
    pub async fn release_occurrences(&self, holder: &str) -> Result<(), LedgerError> {
        sqlx::query("UPDATE occurrence SET holder = '' WHERE holder = $1 AND ended_at IS NULL")
            .bind(holder)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The occurrences that were claimed and whose end was never recorded, the earliest first.
    pub async fn unfinished_occurrences(&self) -> Result<Vec<Unfinished>, LedgerError> {
        let rows: Vec<(String, String, String, String, u32)> = sqlx::query_as(
            "SELECT schedule, scheduled_for, holder, claimed_at, cut_off FROM occurrence WHERE ended_at IS NULL
             ORDER BY scheduled_for, schedule",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|(schedule, scheduled_for, holder, claimed_at, cut_off)| {
                let (scheduled_for, claimed_at) = (parse(&scheduled_for)?, parse(&claimed_at)?);
                Ok(Unfinished { schedule, scheduled_for, holder, claimed_at, cut_off })
            })
            .collect()
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
        self.record_schedules().await?;
        known.and_then(|(.., last)| last).map_or(Ok(now), |last| Ok(parse(&last)?.max(now)))
    }

    /// Records that the schedules are looked at, and gives since when they have been without a break: beats that are more
    /// than `break_after` apart have one between them, after which it counts from `now`.
    pub async fn beat(&self, now: Timestamp, break_after: SignedDuration) -> Result<Timestamp, LedgerError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let before: Option<(String, String)> =
            sqlx::query_as("SELECT at, since FROM heartbeat").fetch_optional(&mut *transaction).await?;
        let since = match before {
            // Of a clock that was set back nothing is known but what it says now.
            Some((at, since)) if !since.is_empty() && now.duration_since(parse(&at)?) <= break_after => parse(&since)?.min(now),
            _ => now,
        };
        sqlx::query(
            "INSERT INTO heartbeat (id, at, since) VALUES (1, $1, $2)
             ON CONFLICT (id) DO UPDATE SET at = excluded.at, since = excluded.since",
        )
        .bind(now.to_string())
        .bind(since.to_string())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(since)
    }

    /// When the server was last known to be alive.
    pub async fn last_beat(&self) -> Result<Option<Timestamp>, LedgerError> {
        let at: Option<String> = sqlx::query_scalar("SELECT at FROM heartbeat").fetch_optional(&self.pool).await?;
        at.map(|at| parse(&at)).transpose()
    }
}

impl Ledger {
    /// The schedules, and the last time of each that was dealt with.
    pub(super) async fn known_schedules(&self) -> Result<KnownSchedules, LedgerError> {
        let schedules: Vec<ScheduleRecord> =
            sqlx::query_as("SELECT name, times, since FROM schedule").fetch_all(&self.pool).await?;
        let settled: Vec<SettledRecord> = sqlx::query_as(
            "SELECT schedule, MAX(scheduled_for) AS scheduled_for, ended_at, COALESCE(outcome_kind, 'done') AS outcome
             FROM occurrence WHERE ended_at IS NOT NULL GROUP BY schedule",
        )
        .fetch_all(&self.pool)
        .await?;
        let mut known = KnownSchedules::default();
        schedules.into_iter().for_each(|one| known.add_schedule(one));
        settled.into_iter().for_each(|one| known.add_settled(one));
        Ok(known)
    }

    /// Has the archive record what the ledger has of them and the record has not. Where that fails the next opening makes up for
    /// it.
    pub(super) async fn record_schedules(&self) -> Result<(), LedgerError> {
        if self.is_worked_with() {
            let here = self.known_schedules().await?;
            self.make_up("which times of schedules were dealt with", |known| known.lines_of_schedules(here));
        }
        Ok(())
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
    async fn schedules_are_unsettled_since_their_last_time() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
        let (first, later) = (at("2026-01-01T00:00:00Z"), at("2026-06-01T00:00:00Z"));
        let since = async |times, now| ledger.unsettled_since("q", times, now).await.unwrap();
        assert_eq!(since("0 7 * * *", first).await, first);
        assert_eq!(since("0 7 * * *", later).await, first, "a restart keeps it");
        let time = at("2026-02-01T07:00:00Z");
        assert!(ledger.claim_occurrence("q", time, "a", later).await.unwrap());
        assert_eq!(since("0 7 * * *", later).await, time);
        assert_eq!(since("0 8 * * *", later).await, later, "new times count from when they were first seen");
    }

    #[tokio::test]
    async fn an_occurrence_belongs_to_its_holder() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
        let (now, time) = (at("2026-02-01T07:00:10Z"), at("2026-02-01T07:00:00Z"));
        assert!(ledger.claim_occurrence("q", time, "a", now).await.unwrap());
        assert!(!ledger.claim_occurrence("q", time, "b", now).await.unwrap());
        let unfinished = async || ledger.unfinished_occurrences().await.unwrap().remove(0);
        let seen =
            Unfinished { schedule: "q".to_owned(), scheduled_for: time, holder: "a".to_owned(), claimed_at: now, cut_off: 0 };
        assert_eq!(unfinished().await, seen);
        assert!(ledger.take_over_occurrence(&seen, "b", now).await.unwrap());
        assert!(!ledger.take_over_occurrence(&seen, "c", now).await.unwrap(), "it is no longer a's");
        ledger.end_occurrence("q", time, "a", &RunOutcome::Done, now).await.unwrap();
        assert_eq!((unfinished().await.holder.as_str(), unfinished().await.cut_off), ("b", 1), "a cannot end what b has");
        ledger.release_occurrences("b").await.unwrap();
        assert_eq!(unfinished().await.holder, "");
        assert!(ledger.take_over_occurrence(&unfinished().await, "c", now).await.unwrap());
        assert_eq!(unfinished().await.cut_off, 1, "what was given back was not cut off");
        ledger.end_occurrence("q", time, "c", &RunOutcome::Done, now).await.unwrap();
        assert_eq!(ledger.unfinished_occurrences().await.unwrap(), []);
        assert!(!ledger.note_missed("q", time, &RunOutcome::Missed(0), now).await.unwrap(), "it was run");
    }

    #[tokio::test]
    async fn beats_join_unless_too_far_apart() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
        let since = async |now: &str| ledger.beat(at(now), SignedDuration::from_mins(3)).await.unwrap().to_string();
        assert_eq!(since("2026-02-01T07:00:00Z").await, "2026-02-01T07:00:00Z");
        assert_eq!(since("2026-02-01T07:03:00Z").await, "2026-02-01T07:00:00Z", "a restart of minutes is no break");
        assert_eq!(since("2026-03-01T07:03:00Z").await, "2026-03-01T07:03:00Z", "nor is a clock that was set on a month a beat");
        assert_eq!(since("2026-03-01T06:03:00Z").await, "2026-03-01T06:03:00Z", "an hour back it begins where the clock is");
        assert_eq!(since("2026-03-01T06:04:00Z").await, "2026-03-01T06:03:00Z");
    }
}

//! Runs, their stages, and what they read, judged and made.

use super::made_runs::{INTERIM, insert_output};
use super::outbox::{self, Existing, OutboxEntry};
use super::run_row::{MadeFile, NewRun, RUN_COLUMNS, RunId, RunRow, StageRow, run_row};
use super::sent::{MadeRun, RecordLine};
use super::{Ledger, LedgerError, MessageState, RunOutcome, lost_approvals};
use crate::collect::{Collection, IndicatorOutcome};
use crate::evaluate::Evaluation;
use crate::period::Period;
use jiff::Timestamp;

impl Ledger {
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn start_run(&self, run: &NewRun<'_>, now: Timestamp) -> Result<RunId, LedgerError> {
        // Not by RETURNING, which gives the number before the row is on the disk.
        let inserted = sqlx::query(
            "INSERT INTO run (pack, period, as_at, edition, trigger, version, started_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(run.pack)
        .bind(run.period.slug())
        .bind(run.as_at.to_string())
        .bind(run.edition)
        .bind(run.trigger)
        .bind(env!("CARGO_PKG_VERSION"))
        .bind(now.to_string())
        .execute(&self.pool)
        .await?;
        let run = RunId(inserted.last_insert_rowid());
        self.record_run(run, now)?;
        Ok(run)
    }

    /// Records what was asked of a run, as json.
    pub async fn record_request(&self, run: RunId, request: &str) -> Result<(), LedgerError> {
        sqlx::query("UPDATE run SET request = $1 WHERE id = $2").bind(request).bind(run.0).execute(&self.pool).await?;
        Ok(())
    }

    /// Records whose returns the pack of a run awaits, by the partners' ids; none of a final one.
    pub async fn record_awaited(&self, run: RunId, partners: &[String]) -> Result<(), LedgerError> {
        let sql = "UPDATE run SET awaited = $1 WHERE id = $2";
        sqlx::query(sql).bind(partners.join(" ")).bind(run.0).execute(&self.pool).await?;
        Ok(())
    }

    /// Runs of a pack and a quarter whose end was never recorded, the latest first.
    pub async fn unfinished_runs(&self, pack: &str, period: Period) -> Result<Vec<RunRow>, LedgerError> {
        let sql = format!("SELECT {RUN_COLUMNS} FROM run WHERE pack = $1 AND period = $2 AND ended_at IS NULL ORDER BY id DESC");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(pack).bind(period.slug()).fetch_all(&self.pool).await?;
        rows.iter().map(run_row).collect()
    }

    pub async fn run(&self, run: RunId) -> Result<Option<RunRow>, LedgerError> {
        let sql = format!("SELECT {RUN_COLUMNS} FROM run WHERE id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(run.0).fetch_optional(&self.pool).await?;
        row.as_ref().map(run_row).transpose()
    }

    /// The last runs of whatever kind, the latest first.
    pub async fn last_runs(&self, count: u32) -> Result<Vec<RunRow>, LedgerError> {
        let sql = format!("SELECT {RUN_COLUMNS} FROM run ORDER BY id DESC LIMIT $1");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(count).fetch_all(&self.pool).await?;
        rows.iter().map(run_row).collect()
    }

    /// The last run of a trigger, such as a schedule, that made packs.
    pub async fn last_made_by(&self, trigger: &str) -> Result<Option<RunRow>, LedgerError> {
        let sql = format!(
            "SELECT {RUN_COLUMNS} FROM run WHERE trigger = $1 AND id IN (SELECT run_id FROM stage WHERE name IN ('render', $2))
             ORDER BY id DESC LIMIT 1"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(trigger).bind(INTERIM).fetch_optional(&self.pool).await?;
        row.as_ref().map(run_row).transpose()
    }

    /// The stages that a run finished, in their order.
    pub async fn stages(&self, run: RunId) -> Result<Vec<StageRow>, LedgerError> {
        let rows: Vec<(String, String, String)> =
            sqlx::query_as("SELECT name, ended_at, detail FROM stage WHERE run_id = $1 ORDER BY rowid")
                .bind(run.0)
                .fetch_all(&self.pool)
                .await?;
        Ok(rows.into_iter().map(|(name, ended_at, detail)| StageRow { name, ended_at, detail }).collect())
    }

    /// The files that a run made, in the order in which they were recorded.
    pub async fn made(&self, run: RunId) -> Result<Vec<MadeFile>, LedgerError> {
        let rows: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT name, sha256, bytes FROM output WHERE run_id = $1 ORDER BY rowid")
                .bind(run.0)
                .fetch_all(&self.pool)
                .await?;
        let made = |(name, sha256, bytes)| MadeFile { name, sha256, bytes: usize::try_from(bytes).unwrap_or_default() };
        Ok(rows.into_iter().map(made).collect())
    }

    /// What a run read: kind, name and SHA-256 of each input, in order.
    pub async fn inputs(&self, run: RunId) -> Result<Vec<(String, String, Option<String>)>, LedgerError> {
        Ok(sqlx::query_as("SELECT kind, name, sha256 FROM input WHERE run_id = $1 ORDER BY kind, name, sha256")
            .bind(run.0)
            .fetch_all(&self.pool)
            .await?)
    }

    /// Records the end of a stage with a few words on what it did. One that had ended when the run was cut off, and was gone
    /// through again, ends again.
    pub async fn end_stage(&self, run: RunId, name: &str, detail: &str, now: Timestamp) -> Result<(), LedgerError> {
        self.check_in_place().await?;
        sqlx::query(
            "INSERT INTO stage (run_id, name, ended_at, detail) VALUES ($1, $2, $3, $4)
             ON CONFLICT (run_id, name) DO UPDATE SET ended_at = excluded.ended_at, detail = excluded.detail",
        )
        .bind(run.0)
        .bind(name)
        .bind(now.to_string())
        .bind(detail)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    pub async fn end_run(&self, run: RunId, outcome: &RunOutcome, now: Timestamp) -> Result<(), LedgerError> {
        sqlx::query("UPDATE run SET ended_at = $1, outcome = $2, outcome_kind = $3 WHERE id = $4")
            .bind(now.to_string())
            .bind(outcome.to_string())
            .bind(outcome.kind().name())
            .bind(run.0)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Lists every input of a run, all or none, in place of any that it listed before it was cut off. What was in them is in
    /// the archive, with what the run's stages left.
    pub async fn record_inputs(&self, run: RunId, collection: &Collection) -> Result<(), LedgerError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("DELETE FROM input WHERE run_id = $1").bind(run.0).execute(&mut *transaction).await?;
        for receipt in &collection.returns {
            sqlx::query("INSERT INTO input (run_id, kind, name, sha256, outcome) VALUES ($1, 'return', $2, $3, $4)")
                .bind(run.0)
                .bind(&receipt.partner)
                .bind(&receipt.sha256)
                .bind(receipt.outcome.code())
                .execute(&mut *transaction)
                .await?;
        }
        for receipt in &collection.indicators {
            let (retrieved, sha256) = match &receipt.outcome {
                IndicatorOutcome::Received { retrieved, sha256, .. } => (Some(retrieved.to_string()), Some(sha256)),
                IndicatorOutcome::NotAvailable { .. } | IndicatorOutcome::Failed { .. } => (None, None),
            };
            sqlx::query(
                "INSERT INTO input (run_id, kind, name, sha256, outcome, source, retrieved)
                 VALUES ($1, 'indicator', $2, $3, $4, $5, $6)",
            )
            .bind(run.0)
            .bind(format!("{} {}", receipt.source, receipt.indicator))
            .bind(sha256)
            .bind(receipt.outcome.code())
            .bind(&receipt.source)
            .bind(retrieved)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Lists the status of every measure and action of a run as it was judged, with the one that `published` gives it, all or
    /// none, in place of any that it listed before it was cut off.
    pub async fn record_evaluation(
        &self,
        run: RunId,
        evaluation: &Evaluation,
        published: &Evaluation,
    ) -> Result<(), LedgerError> {
        let mut transaction = self.pool.begin().await?;
        for clear in ["DELETE FROM assessment WHERE run_id = $1", "DELETE FROM action_assessment WHERE run_id = $1"] {
            sqlx::query(clear).bind(run.0).execute(&mut *transaction).await?;
        }
        for (measure, published) in evaluation.measures.iter().zip(&published.measures) {
            let headline = &measure.headline;
            sqlx::query("INSERT INTO assessment (run_id, measure, status, reason, published) VALUES ($1, $2, $3, $4, $5)")
                .bind(run.0)
                .bind(&headline.measure.0)
                .bind(headline.status.code())
                .bind(&headline.reason)
                .bind(published.headline.status.code())
                .execute(&mut *transaction)
                .await?;
        }
        for action in &evaluation.actions {
            sqlx::query("INSERT INTO action_assessment (run_id, action, status, reason) VALUES ($1, $2, $3, $4)")
                .bind(run.0)
                .bind(&action.action.0)
                .bind(action.status.code())
                .bind(&action.reason)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Records a file that the run made, which the archive has by its SHA-256.
    pub async fn record_output(&self, run: RunId, made: &MadeFile) -> Result<(), LedgerError> {
        let mut connection = self.pool.acquire().await?;
        insert_output(&mut connection, run, made).await
    }

    /// Records at once that the packs are ready, every file of the run, and the messages that carry them: either all of
    /// it is so, or nothing is and the stage is to be done again.
    pub async fn record_ready(
        &self,
        run: RunId,
        (stage, detail): (&str, &str),
        made: &[MadeFile],
        (messages, state): (&[OutboxEntry], MessageState),
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        self.check_in_place().await?;
        let mut transaction = self.pool.begin().await?;
        for one in made {
            insert_output(&mut transaction, run, one).await?;
        }
        for message in messages {
            outbox::insert(&mut transaction, run, message, state, Existing::Rewritten, now).await?;
        }
        sqlx::query("INSERT INTO stage (run_id, name, ended_at, detail) VALUES ($1, $2, $3, $4)")
            .bind(run.0)
            .bind(stage)
            .bind(now.to_string())
            .bind(detail)
            .execute(&mut *transaction)
            .await?;
        if self.is_worked_with() {
            let made = MadeRun::of(&mut transaction, run, now).await?;
            // In the archive before any of them goes.
            let made = if messages.is_empty() { made.unsent() } else { Some(made) };
            self.record_lines(made.into_iter().map(RecordLine::Made).collect())?;
        }
        if !messages.is_empty() {
            lost_approvals::made_again(&mut transaction, run).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

//! Packs that wait for a person's word, and who gave it.

use super::{Ledger, LedgerError, RunId, outbox};
use crate::period::Period;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Of the first document.
    pub sha256: String,
    /// Of what they were made from.
    pub inputs: String,
    /// The run that last made an identical pack, by whose record what has changed since is known.
    pub made_by: RunId,
    /// All that is sent with it, in order; empty in what an older version recorded.
    pub documents: Vec<IssuedDocument>,
    pub approved_by: Option<String>,
    pub approved_at: Option<String>,
}

/// A file that readers get.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IssuedDocument {
    /// The name by which they get it.
    pub file: String,
    pub sha256: String,
}

type Row = (String, String, Option<i64>, Option<String>, Option<String>);

impl Ledger {
    /// Records that a run's documents, at least one, wait for approval.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn ask_approval(
        &self,
        run: RunId,
        documents: &[IssuedDocument],
        inputs: &str,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO approval (run_id, sha256, inputs, asked_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (run_id) DO UPDATE SET sha256 = excluded.sha256, inputs = excluded.inputs, asked_at = excluded.asked_at",
        )
        .bind(run.0)
        .bind(documents.first().map_or("", |first| &first.sha256))
        .bind(inputs)
        .bind(now.to_string())
        .execute(&mut *transaction)
        .await?;
        sqlx::query("DELETE FROM approval_document WHERE run_id = $1").bind(run.0).execute(&mut *transaction).await?;
        for (place, document) in (1..).zip(documents) {
            sqlx::query("INSERT INTO approval_document (run_id, place, file, sha256) VALUES ($1, $2, $3, $4)")
                .bind(run.0)
                .bind::<i64>(place)
                .bind(&document.file)
                .bind(&document.sha256)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    pub async fn approval(&self, run: RunId) -> Result<Option<Approval>, LedgerError> {
        let row: Option<Row> =
            sqlx::query_as("SELECT sha256, inputs, made_again_by, approved_by, approved_at FROM approval WHERE run_id = $1")
                .bind(run.0)
                .fetch_optional(&self.pool)
                .await?;
        let Some((sha256, inputs, made_again_by, approved_by, approved_at)) = row else { return Ok(None) };
        let documents: Vec<(String, String)> =
            sqlx::query_as("SELECT file, sha256 FROM approval_document WHERE run_id = $1 ORDER BY place")
                .bind(run.0)
                .fetch_all(&self.pool)
                .await?;
        let documents = documents.into_iter().map(|(file, sha256)| IssuedDocument { file, sha256 }).collect();
        let made_by = made_again_by.map_or(run, RunId);
        Ok(Some(Approval { sha256, inputs, made_by, documents, approved_by, approved_at }))
    }

    /// The last run of a pack and a quarter whose messages wait for approval.
    pub async fn waiting_for_approval(&self, pack: &str, period: Period) -> Result<Option<RunId>, LedgerError> {
        let run: Option<i64> = sqlx::query_scalar(
            "SELECT MAX(run.id) FROM run JOIN approval ON approval.run_id = run.id AND approved_by IS NULL
             WHERE pack = $1 AND period = $2 AND run.id IN (SELECT run_id FROM message WHERE state = 'waiting')",
        )
        .bind(pack)
        .bind(period.slug())
        .fetch_one(&self.pool)
        .await?;
        Ok(run.map(RunId))
    }

    /// The first run of a pack and a quarter after that one for whose documents an approval was asked.
    pub async fn asked_after(&self, run: RunId, pack: &str, period: Period) -> Result<Option<RunId>, LedgerError> {
        let sql = "SELECT MIN(run.id) FROM run JOIN approval ON approval.run_id = run.id WHERE pack = $1 AND period = $2 AND run.id > $3";
        let next: Option<i64> = sqlx::query_scalar(sql).bind(pack).bind(period.slug()).bind(run.0).fetch_one(&self.pool).await?;
        Ok(next.map(RunId))
    }

    /// Records that a later run has made the very documents that wait under the number of an earlier one.
    pub async fn made_again(&self, waiting: RunId, by: RunId, inputs: &str) -> Result<(), LedgerError> {
        sqlx::query("UPDATE approval SET inputs = $1, made_again_by = $2 WHERE run_id = $3 AND approved_by IS NULL")
            .bind(inputs)
            .bind(by.0)
            .bind(waiting.0)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Whether a person has approved the file of that SHA-256.
    pub async fn is_approved(&self, sha256: &str) -> Result<bool, LedgerError> {
        let sql =
            "SELECT EXISTS (SELECT 1 FROM approval LEFT JOIN approval_document ON approval_document.run_id = approval.run_id
                                  WHERE approved_by IS NOT NULL AND $1 IN (approval.sha256, approval_document.sha256))";
        Ok(sqlx::query_scalar(sql).bind(sha256).fetch_one(&self.pool).await?)
    }

    /// Records who approved it, and at once releases the messages that waited for that.
    pub async fn approve(&self, run: RunId, by: &str, now: Timestamp) -> Result<(), LedgerError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("UPDATE approval SET approved_by = $1, approved_at = $2 WHERE run_id = $3 AND approved_by IS NULL")
            .bind(by)
            .bind(now.to_string())
            .bind(run.0)
            .execute(&mut *transaction)
            .await?;
        outbox::approve(&mut transaction, run, now).await?;
        transaction.commit().await?;
        self.record_answered(run, now);
        Ok(())
    }
}

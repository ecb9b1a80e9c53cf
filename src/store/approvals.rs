//! Packs that wait for a person's word, and who gave it.

use super::{Ledger, LedgerError, RunId};
use jiff::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Of the pack.
    pub sha256: String,
    /// Of what it was made from.
    pub inputs: String,
    pub approved_by: Option<String>,
    pub approved_at: Option<String>,
}

impl Ledger {
    /// Records that a run's pack waits for approval.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn ask_approval(&self, run: RunId, sha256: &str, inputs: &str, now: Timestamp) -> Result<(), LedgerError> {
        sqlx::query(
            "INSERT INTO approval (run_id, sha256, inputs, asked_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (run_id) DO UPDATE SET sha256 = excluded.sha256, inputs = excluded.inputs, asked_at = excluded.asked_at",
        )
        .bind(run.0)
        .bind(sha256)
        .bind(inputs)
        .bind(now.to_string())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    pub async fn approval(&self, run: RunId) -> Result<Option<Approval>, LedgerError> {
        let row: Option<(String, String, Option<String>, Option<String>)> =
            sqlx::query_as("SELECT sha256, inputs, approved_by, approved_at FROM approval WHERE run_id = $1")
                .bind(run.0)
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map(|(sha256, inputs, approved_by, approved_at)| Approval { sha256, inputs, approved_by, approved_at }))
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
        sqlx::query("UPDATE message SET state = 'pending', changed_at = $1 WHERE run_id = $2 AND state = 'waiting'")
            .bind(now.to_string())
            .bind(run.0)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}

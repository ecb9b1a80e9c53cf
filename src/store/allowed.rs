//! Personal data that is none: what an admin let through, who, when and why.

use super::{Ledger, LedgerError};
use crate::collect::Allowed;
use jiff::Timestamp;
use sqlx::Row;

/// One decision to let something through.
#[derive(Debug, Clone, Copy)]
pub struct Allowance<'a> {
    /// Of the workbook, in hexadecimal.
    pub sha256: &'a str,
    /// `Figures!H7`; none for the workbook as a whole.
    pub cell: Option<&'a str>,
    pub by: &'a str,
    pub reason: &'a str,
}

impl Ledger {
    /// Records a decision; false where it had been made before, and stands as it was.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn allow(&self, allowance: &Allowance<'_>, now: Timestamp) -> Result<bool, LedgerError> {
        let recorded = sqlx::query(
            "INSERT INTO allowed (sha256, cell, allowed_by, reason, allowed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(allowance.sha256)
        .bind(allowance.cell.unwrap_or_default())
        .bind(allowance.by)
        .bind(allowance.reason)
        .bind(now.to_string())
        .execute(&self.pool)
        .await?;
        self.record_decisions().await?;
        Ok(recorded.rows_affected() > 0)
    }

    /// All that was let through.
    pub async fn allowed(&self) -> Result<Allowed, LedgerError> {
        let rows = sqlx::query("SELECT sha256, cell FROM allowed").fetch_all(&self.pool).await?;
        let pairs: Result<Vec<(String, String)>, sqlx::Error> =
            rows.iter().map(|row| Ok((row.try_get("sha256")?, row.try_get("cell")?))).collect();
        Ok(Allowed::new(pairs?))
    }
}

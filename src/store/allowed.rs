//! Personal data that is none: what an admin let through, who, when and why.

use super::{AllowanceRecord, Ledger, LedgerError};
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
        let record = AllowanceRecord {
            sha256: allowance.sha256.to_owned(),
            cell: allowance.cell.unwrap_or_default().to_owned(),
            allowed_by: allowance.by.to_owned(),
            reason: allowance.reason.to_owned(),
            allowed_at: now.to_string(),
        };
        let is_new = record.write(&mut *self.pool.acquire().await?).await?;
        self.record_decisions().await?;
        Ok(is_new)
    }

    /// All that was let through.
    pub async fn allowed(&self) -> Result<Allowed, LedgerError> {
        let rows = sqlx::query("SELECT sha256, cell FROM allowed").fetch_all(&self.pool).await?;
        let pairs: Result<Vec<(String, String)>, sqlx::Error> =
            rows.iter().map(|row| Ok((row.try_get("sha256")?, row.try_get("cell")?))).collect();
        Ok(Allowed::new(pairs?))
    }
}

//! Which secret decides what is hidden: the ledger and the archive's record know it by a SHA-256, so that one that is lost is
//! missed, and another is not taken in silence.

use super::sent::RecordLine;
use super::{Ledger, LedgerError};
use jiff::Timestamp;

impl Ledger {
    /// The SHA-256 that was recorded of the secret; none where none was.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn secret(&self) -> Result<Option<String>, LedgerError> {
        let last = "SELECT digest FROM disclosure_secret ORDER BY id DESC LIMIT 1";
        Ok(sqlx::query_scalar(last).fetch_optional(&self.pool).await?)
    }

    /// Records which secret decides from now on; `by` and `reason` are empty of the first.
    pub async fn take_secret(&self, digest: &str, (by, reason): (&str, &str), now: Timestamp) -> Result<(), LedgerError> {
        self.record_lines(vec![RecordLine::Secret { digest: digest.to_owned(), at: now }])?;
        sqlx::query("INSERT INTO disclosure_secret (digest, taken_at, taken_by, reason) VALUES ($1, $2, $3, $4)")
            .bind(digest)
            .bind(now.to_string())
            .bind(by)
            .bind(reason)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

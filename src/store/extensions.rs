//! Later deadlines for single partners' returns: who granted each, and why.

use super::{Ledger, LedgerError};
use crate::period::Period;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::Row;
use std::collections::BTreeMap;

/// A later deadline for one partner's return of a quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The last day in time.
    pub until: Date,
    /// Who granted it.
    pub by: String,
    pub reason: String,
}

impl Ledger {
    /// Records an extension; a later one for the same partner and quarter stands before it.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn extend(&self, period: Period, partner: &str, extension: &Extension, now: Timestamp) -> Result<(), LedgerError> {
        sqlx::query(
            "INSERT INTO return_extension (period, partner, until, granted_by, reason, granted_at) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(period.slug())
        .bind(partner)
        .bind(extension.until.to_string())
        .bind(&extension.by)
        .bind(&extension.reason)
        .bind(now.to_string())
        .execute(&self.pool)
        .await?;
        self.record_decisions().await
    }

    /// The extension of each partner's return of a quarter, by the partner's id.
    pub async fn extensions(&self, period: Period) -> Result<BTreeMap<String, Extension>, LedgerError> {
        let rows =
            sqlx::query("SELECT * FROM return_extension WHERE period = $1 ORDER BY id").bind(period.slug()).fetch_all(&self.pool);
        let extension = |row: &sqlx::sqlite::SqliteRow| {
            let until = row.try_get::<&str, _>("until")?.parse();
            let until = until.map_err(|e: jiff::Error| LedgerError::Failed(e.to_string()))?;
            Ok((row.try_get("partner")?, Extension { until, by: row.try_get("granted_by")?, reason: row.try_get("reason")? }))
        };
        rows.await?.iter().map(extension).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[tokio::test]
    async fn the_last_extension_stands() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
        let quarter = Period::financial_quarter(2026, 2);
        let until = |day| Extension { until: day, by: "Ada Hill".to_owned(), reason: "a flood".to_owned() };
        for (period, partner, day) in [
            (quarter, "nuh", date(2026, 11, 10)),
            (quarter, "nuh", date(2026, 11, 14)),
            (quarter.next_step(), "sfh", date(2027, 2, 20)),
        ] {
            ledger.extend(period, partner, &until(day), Timestamp::UNIX_EPOCH).await.unwrap();
        }
        let all = ledger.extensions(quarter).await.unwrap();
        assert_eq!(all, BTreeMap::from([("nuh".to_owned(), until(date(2026, 11, 14)))]));
    }
}

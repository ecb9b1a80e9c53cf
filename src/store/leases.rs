//! Leases: who is at work on the packs of a quarter, one process at a time.

use super::schedules::parse;
use super::{Ledger, LedgerError};
use crate::period::Period;
use jiff::Timestamp;
use sqlx::SqliteConnection;

/// What became of asking for a lease. Holders are as they wrote themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// Nobody had it.
    Free,
    /// Another had it, and is gone or let it expire.
    Over { holder: String },
    /// Another has it.
    Not { holder: String, until: Timestamp },
}

impl Ledger {
    /// Takes the lease until `until` where nobody has it, where `holds` says that its holder does not hold it any more, or,
    /// where that cannot tell, where its time is over. A lease that would last longer than one taken now, since a clock was
    /// set back, is cut to that: a holder that lives renews it.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn take_lease(
        &self,
        (pack, period): (&str, Period),
        holder: &str,
        now: Timestamp,
        until: Timestamp,
        holds: impl Fn(&str) -> Option<bool>,
    ) -> Result<Taken, LedgerError> {
        // Looked at and taken under one lock, so that of two who find it free one takes it.
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let before: Option<(String, String)> =
            sqlx::query_as("SELECT holder, expires_at FROM lease WHERE pack = $1 AND period = $2")
                .bind(pack)
                .bind(period.slug())
                .fetch_optional(&mut *transaction)
                .await?;
        let taken = match before {
            None => Taken::Free,
            Some((holder, expires)) => {
                let expires = parse(&expires)?;
                if holds(&holder).unwrap_or(expires > now) {
                    if expires > until {
                        write(&mut transaction, (pack, period), &holder, until).await?;
                        transaction.commit().await?;
                    }
                    return Ok(Taken::Not { holder, until: expires.min(until) });
                }
                Taken::Over { holder }
            }
        };
        write(&mut transaction, (pack, period), holder, until).await?;
        transaction.commit().await?;
        Ok(taken)
    }

    /// Whether a lease of whatever quarter is in force: somebody is at work, or was two minutes ago.
    pub async fn is_at_work(&self, now: Timestamp) -> Result<bool, LedgerError> {
        let all: Vec<String> = sqlx::query_scalar("SELECT expires_at FROM lease").fetch_all(&self.pool).await?;
        let all = all.iter().map(|at| parse(at)).collect::<Result<Vec<_>, _>>()?;
        Ok(all.into_iter().any(|until| until > now))
    }

    /// Holds on to a lease until `until`; false where another has taken it over.
    pub async fn renew_lease(&self, (pack, period): (&str, Period), holder: &str, until: Timestamp) -> Result<bool, LedgerError> {
        let renewed = sqlx::query("UPDATE lease SET expires_at = $1 WHERE pack = $2 AND period = $3 AND holder = $4")
            .bind(until.to_string())
            .bind(pack)
            .bind(period.slug())
            .bind(holder)
            .execute(&self.pool)
            .await?;
        Ok(renewed.rows_affected() == 1)
    }

    pub async fn release_lease(&self, (pack, period): (&str, Period), holder: &str) -> Result<(), LedgerError> {
        sqlx::query("DELETE FROM lease WHERE pack = $1 AND period = $2 AND holder = $3")
            .bind(pack)
            .bind(period.slug())
            .bind(holder)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

async fn write(
    connection: &mut SqliteConnection,
    (pack, period): (&str, Period),
    holder: &str,
    until: Timestamp,
) -> Result<(), LedgerError> {
    sqlx::query(
        "INSERT INTO lease (pack, period, holder, expires_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (pack, period) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at",
    )
    .bind(pack)
    .bind(period.slug())
    .bind(holder)
    .bind(until.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_lease_is_taken_over_when_its_holder_is_gone_or_its_time_is_over_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
        let (pack, q2) = ("p", Period::financial_quarter(2026, 2));
        let at = |second| Timestamp::from_second(second).unwrap();
        let take =
            async |holder, now, holds| ledger.take_lease((pack, q2), holder, at(now), at(now + 120), |_| holds).await.unwrap();
        let (unclear, lives, gone) = (None, Some(true), Some(false));
        assert_eq!(take("a", 0, unclear).await, Taken::Free);
        assert_eq!(take("b", 1, unclear).await, Taken::Not { holder: "a".to_owned(), until: at(120) });
        assert!(ledger.renew_lease((pack, q2), "a", at(180)).await.unwrap());
        assert_eq!(take("b", 179, unclear).await, Taken::Not { holder: "a".to_owned(), until: at(180) });
        assert_eq!(take("b", 2, gone).await, Taken::Over { holder: "a".to_owned() });
        assert!(!ledger.renew_lease((pack, q2), "a", at(300)).await.unwrap(), "a has lost it");
        assert_eq!(take("c", 122, unclear).await, Taken::Over { holder: "b".to_owned() });
        ledger.release_lease((pack, q2), "b").await.unwrap();
        assert!(ledger.renew_lease((pack, q2), "c", at(300)).await.unwrap(), "only its holder can give it back");
        assert_eq!(take("d", 9999, lives).await, Taken::Not { holder: "c".to_owned(), until: at(300) });
        ledger.release_lease((pack, q2), "c").await.unwrap();
        assert_eq!(take("d", 123, unclear).await, Taken::Free);
    }

    #[tokio::test]
    async fn a_clock_that_was_set_back_makes_no_lease_last_longer_and_takes_none_from_a_holder_that_lives() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
        let packs = ("p", Period::financial_quarter(2026, 2));
        let at = |second| Timestamp::from_second(second).unwrap();
        let take = async |holder, now| ledger.take_lease(packs, holder, at(now), at(now + 120), |_| None).await.unwrap();
        let hour = 3600;
        assert_eq!(take("a", hour).await, Taken::Free);
        // The clock goes back an hour. Whoever looks first cuts the lease short; nobody has it sooner than by any other.
        assert_eq!(take("b", 0).await, Taken::Not { holder: "a".to_owned(), until: at(120) });
        assert_eq!(take("b", 119).await, Taken::Not { holder: "a".to_owned(), until: at(120) });
        assert!(ledger.renew_lease(packs, "a", at(119 + 120)).await.unwrap(), "it lives");
        assert_eq!(take("b", 121).await, Taken::Not { holder: "a".to_owned(), until: at(239) });
        assert_eq!(take("b", 240).await, Taken::Over { holder: "a".to_owned() });
        assert!(ledger.is_at_work(at(300)).await.unwrap() && !ledger.is_at_work(at(360)).await.unwrap());
    }
}

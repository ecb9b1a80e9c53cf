//! The versions of partners' returns: each is recorded when it is first seen, and never forgotten.

use super::{Ledger, LedgerError, RunId, records};
use crate::collect::{ReturnReceipt, ReturnVersion, Standing};
use crate::period::{Period, YearKind};
use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// A version as a look found it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    pub version: &'a ReturnVersion,
    pub receipt: &'a ReturnReceipt,
    /// The SHA-256 of the record of what it gave; none of what was not accepted.
    pub contents: Option<&'a str>,
}

/// A version as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedVersion {
    pub version: ReturnVersion,
    pub seen_at: Timestamp,
    /// The SHA-256 of the record of what it gave, where there is one.
    pub contents: Option<String>,
}

/// What became of taking a version out of use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Withdrawal {
    Withdrawn(ReturnVersion),
    /// It had been before; the first reason stands.
    Before(ReturnVersion),
    /// No version's SHA-256 begins so.
    Unknown,
    /// Several do.
    Ambiguous(Vec<ReturnVersion>),
}

impl Ledger {
    /// Records the versions of a quarter's returns that are not there yet, and what each gave as it was read last, all or none.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn record_versions(
        &self,
        run: RunId,
        period: Period,
        inbox: &str,
        seen: &[Seen<'_>],
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let mut transaction = self.pool.begin().await?;
        for Seen { version, receipt, contents } in seen {
            sqlx::query(
                "INSERT INTO return_version (period, sha256, partner, file, inbox, arrived, seen_at, run_id, accepted, receipt, contents)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                 ON CONFLICT (period, sha256) DO UPDATE SET contents = excluded.contents
                     WHERE excluded.contents IS NOT NULL AND contents IS NOT excluded.contents",
            )
            .bind(period.slug())
            .bind(&version.sha256)
            .bind(&version.partner)
            .bind(&version.file)
            .bind(inbox)
            .bind(version.arrived.to_string())
            .bind(now.to_string())
            .bind(run.0)
            .bind(version.standing != Standing::Refused)
            .bind(records::write(*receipt)?)
            .bind(contents)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Every version of a quarter's returns, in the order in which they came.
    pub async fn versions(&self, period: Period) -> Result<Vec<RecordedVersion>, LedgerError> {
        let rows = sqlx::query("SELECT * FROM return_version WHERE period = $1 ORDER BY id")
            .bind(period.slug())
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(recorded).collect()
    }

    /// Every version of every quarter's returns, in the order in which they came.
    pub async fn all_versions(&self) -> Result<Vec<RecordedVersion>, LedgerError> {
        let rows = sqlx::query("SELECT * FROM return_version ORDER BY arrived, id").fetch_all(&self.pool).await?;
        rows.iter().map(recorded).collect()
    }

    /// Takes the version whose SHA-256 begins with `prefix` out of use, of whatever quarter.
    pub async fn withdraw_version(&self, prefix: &str, reason: &str, now: Timestamp) -> Result<Withdrawal, LedgerError> {
        let rows = sqlx::query("SELECT * FROM return_version WHERE substr(sha256, 1, length($1)) = $1 ORDER BY id")
            .bind(prefix)
            .fetch_all(&self.pool)
            .await?;
        let mut found: Vec<RecordedVersion> = rows.iter().map(recorded).collect::<Result<_, _>>()?;
        // The same file sent for two quarters is one wrong file.
        if found.iter().any(|other| other.version.sha256 != found[0].version.sha256) {
            return Ok(Withdrawal::Ambiguous(found.into_iter().map(|one| one.version).collect()));
        }
        let Some(RecordedVersion { version, .. }) = found.pop() else { return Ok(Withdrawal::Unknown) };
        let withdrawn = sqlx::query(
            "UPDATE return_version SET withdrawn_at = $1, withdrawn_for = $2 WHERE sha256 = $3 AND withdrawn_at IS NULL",
        )
        .bind(now.to_string())
        .bind(reason)
        .bind(&version.sha256)
        .execute(&self.pool)
        .await?;
        Ok(if withdrawn.rows_affected() == 0 { Withdrawal::Before(version) } else { Withdrawal::Withdrawn(version) })
    }
}

fn recorded(row: &SqliteRow) -> Result<RecordedVersion, LedgerError> {
    let unreadable = |e: jiff::Error| LedgerError::Failed(e.to_string());
    let standing = match row.try_get::<Option<String>, _>("withdrawn_for")? {
        Some(reason) => Standing::Withdrawn { reason },
        None if row.try_get("accepted")? => Standing::Accepted,
        None => Standing::Refused,
    };
    let slug: &str = row.try_get("period")?;
    let quarter = Period::parse(slug, YearKind::Financial)
        .map_err(|e| LedgerError::Failed(format!("the quarter {slug:?} of a return: {e}")))?;
    let version = ReturnVersion {
        partner: row.try_get("partner")?,
        file: row.try_get("file")?,
        sha256: row.try_get("sha256")?,
        quarter,
        arrived: row.try_get::<&str, _>("arrived")?.parse().map_err(unreadable)?,
        standing,
    };
    let seen_at = row.try_get::<&str, _>("seen_at")?.parse().map_err(unreadable)?;
    Ok(RecordedVersion { version, seen_at, contents: row.try_get("contents")? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::ReturnOutcome;
    use crate::store::NewRun;
    use jiff::civil::date;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn quarter() -> Period {
        Period::financial_quarter(2026, 2)
    }

    async fn ledger(folder: &std::path::Path) -> (Ledger, RunId) {
        let ledger = Ledger::open(&folder.join("ledger.sqlite")).await.unwrap();
        let new = NewRun { pack: "returns", period: quarter(), as_at: date(2026, 11, 1), edition: "2024", trigger: "by hand" };
        let run = ledger.start_run(&new, NOW).await.unwrap();
        (ledger, run)
    }

    fn version(sha256: &str, standing: Standing) -> ReturnVersion {
        let file = format!("nuh_{sha256}.xlsx");
        let (partner, sha256) = ("nuh".to_owned(), sha256.to_owned());
        ReturnVersion { partner, file, sha256, quarter: quarter(), arrived: date(2026, 11, 1), standing }
    }

    fn receipt(of: &ReturnVersion) -> ReturnReceipt {
        ReturnReceipt {
            partner: of.partner.clone(),
            outcome: ReturnOutcome::Accepted,
            file: Some(of.file.clone()),
            sha256: Some(of.sha256.clone()),
            figures: 1,
            actions: 0,
            illustrative: false,
            arrived: Some(of.arrived),
            findings: Vec::new(),
            lacking: Vec::new(),
            not_kept: None,
            withheld: Vec::new(),
            superseded_by: None,
        }
    }

    async fn record(ledger: &Ledger, run: RunId, version: &ReturnVersion) {
        let receipt = receipt(version);
        let seen = [Seen { version, receipt: &receipt, contents: None }];
        ledger.record_versions(run, quarter(), "returns", &seen, NOW).await.unwrap();
    }

    #[tokio::test]
    async fn a_version_is_recorded_once_with_the_day_it_first_came() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, run) = ledger(folder.path()).await;
        let first = version("aa11", Standing::Refused);
        let second = version("bb22", Standing::Accepted);
        record(&ledger, run, &first).await;
        record(&ledger, run, &second).await;
        record(&ledger, run, &ReturnVersion { arrived: date(2026, 12, 1), ..first.clone() }).await;
        let all: Vec<ReturnVersion> = ledger.versions(quarter()).await.unwrap().into_iter().map(|v| v.version).collect();
        assert_eq!(all, [first, second]);
        assert!(ledger.versions(Period::financial_quarter(2026, 1)).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_version_is_withdrawn_by_the_beginning_of_its_sha256_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, run) = ledger(folder.path()).await;
        for sha256 in ["aa11", "aa22"] {
            record(&ledger, run, &version(sha256, Standing::Accepted)).await;
        }
        let withdraw = async |prefix: &str, reason: &str| ledger.withdraw_version(prefix, reason, NOW).await.unwrap();
        assert_eq!(withdraw("cc", "x").await, Withdrawal::Unknown);
        assert!(matches!(withdraw("aa", "x").await, Withdrawal::Ambiguous(both) if both.len() == 2));
        assert!(matches!(withdraw("aa1", "the wrong year").await, Withdrawal::Withdrawn(_)));
        assert!(matches!(withdraw("aa1", "again").await, Withdrawal::Before(_)));
        let standings: Vec<Standing> =
            ledger.versions(quarter()).await.unwrap().into_iter().map(|v| v.version.standing).collect();
        assert_eq!(standings, [Standing::Withdrawn { reason: "the wrong year".to_owned() }, Standing::Accepted]);
    }
}

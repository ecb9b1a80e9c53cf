//! The versions of partners' returns: each is recorded when it is first seen, and never forgotten.

use super::decisions::{self, NotKeptRecord};
use super::{Ledger, LedgerError, ReturnRecord, RunId, records};
use crate::collect::{ReturnOutcome, ReturnReceipt, ReturnVersion, VersionStanding};
use crate::period::{Period, YearKind};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};
use std::collections::BTreeMap;

/// A version as a look found it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    pub version: &'a ReturnVersion,
    pub receipt: &'a ReturnReceipt,
    /// The SHA-256 of the record of what it gave; none of what was not accepted.
    pub contents: Option<&'a str>,
}

/// A file that a look found and did not keep.
#[derive(Debug, Clone, Copy)]
pub struct NotKept<'a> {
    pub sha256: &'a str,
    /// The day of the look.
    pub arrived: Date,
    /// It looks like data about persons; otherwise it could not be opened as a workbook, or waits for its quarter.
    pub looks_personal: bool,
}

/// A version as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedVersion {
    pub version: ReturnVersion,
    pub seen_at: Timestamp,
    /// The SHA-256 of the record of what it gave, where there is one.
    pub contents: Option<String>,
    pub withdrawn: Option<Withdrawal>,
}

/// That a version was taken out of use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// Empty of one that an earlier version of boardpack recorded.
    pub by: String,
    pub reason: String,
    /// Until then it had been in use.
    pub was_accepted: bool,
}

/// What became of a word on one version, whose SHA-256 was given by its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    Done(ReturnVersion),
    /// It had been said before; what was said first stands.
    Before(ReturnVersion),
    /// No other version came in the same look, so there is nothing to settle.
    Alone(ReturnVersion),
    /// It is not in use: it was withdrawn or refused, or is blank.
    NotInUse(ReturnVersion),
    /// No version's SHA-256 begins so.
    Unknown,
    /// Several do.
    Ambiguous(Vec<ReturnVersion>),
}

impl Ledger {
    /// Records the versions of a quarter's returns that are not there yet, and what each gave as it was read last, all or none.
    /// One that was refused and can be used now is recorded as accepted, as the partner's and by the name of now; it was first
    /// seen when it was.
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
        // What a run knew from before without a row here did not come with what is new, nor all of it together.
        let mut looks: Vec<&str> = Vec::new();
        for Seen { version, receipt, contents } in seen {
            let before = version.look.as_deref().map(|look| {
                looks.iter().position(|other| *other == look).unwrap_or_else(|| {
                    looks.push(look);
                    looks.len() - 1
                })
            });
            let seen_at = before.map_or(now, |at| now - SignedDuration::from_secs(1 + i64::try_from(at).unwrap_or_default()));
            let record = ReturnRecord {
                period: period.slug(),
                sha256: version.sha256.clone(),
                partner: version.partner.clone(),
                file: version.file.clone(),
                inbox: inbox.to_owned(),
                arrived: version.arrived.to_string(),
                seen_at: seen_at.to_string(),
                accepted: version.standing == VersionStanding::Accepted,
                outcome: receipt.outcome.code().to_owned(),
                completed_by: version.by.clone(),
                contents: contents.map(str::to_owned),
                withdrawn_at: None,
                withdrawn_by: String::new(),
                withdrawn_for: None,
                settled_at: None,
                settled_by: None,
            };
            record.write(&mut transaction, run.0, &records::write(*receipt)?, true).await?;
        }
        transaction.commit().await?;
        self.record_decisions().await
    }

    /// Every version of a quarter's returns, in the order in which they came. A file that was first seen as one of another
    /// quarter is none of this.
    pub async fn versions(&self, period: Period) -> Result<Vec<RecordedVersion>, LedgerError> {
        let rows = sqlx::query("SELECT * FROM version_by_quarter WHERE period = $1 ORDER BY id")
            .bind(period.slug())
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(recorded).collect()
    }

    /// Every version of every quarter's returns, in the order in which they came.
    pub async fn all_versions(&self) -> Result<Vec<RecordedVersion>, LedgerError> {
        let rows = sqlx::query("SELECT * FROM version_by_quarter ORDER BY arrived, id").fetch_all(&self.pool).await?;
        rows.iter().map(recorded).collect()
    }

    /// Takes the version whose SHA-256 begins with `prefix` out of use, of whatever quarter.
    pub async fn withdraw_version(&self, prefix: &str, by: &str, reason: &str, now: Timestamp) -> Result<Word, LedgerError> {
        let version = match self.version_beginning(prefix).await? {
            Ok(version) => version,
            Err(none) => return Ok(none),
        };
        let is_new =
            decisions::withdraw(&mut *self.pool.acquire().await?, &version.sha256, &now.to_string(), (by, reason)).await?;
        self.record_decisions().await?;
        Ok(if is_new { Word::Done(version) } else { Word::Before(version) })
    }

    /// Records who says that the figures of the version whose SHA-256 begins with `prefix` stand where others of its look give
    /// them differently. What was said of one of the others stands no more.
    pub async fn settle_version(&self, prefix: &str, by: &str, now: Timestamp) -> Result<Word, LedgerError> {
        let version = match self.version_beginning(prefix).await? {
            Ok(version) => version,
            Err(none) => return Ok(none),
        };
        if version.standing != VersionStanding::Accepted {
            return Ok(Word::NotInUse(version));
        }
        let mut transaction = self.pool.begin().await?;
        let unsettle = format!(
            "UPDATE return_version SET settled_by = NULL, settled_at = NULL
             WHERE sha256 <> $1 AND accepted = 1 AND withdrawn_at IS NULL AND {}",
            decisions::in_look_of("sha256 = $1")
        );
        let others = sqlx::query(AssertSqlSafe(unsettle)).bind(&version.sha256).execute(&mut *transaction).await?;
        if others.rows_affected() == 0 {
            return Ok(Word::Alone(version));
        }
        let settled = sqlx::query(
            "UPDATE return_version SET settled_by = $1, settled_at = $2 WHERE sha256 = $3 AND settled_by IS NULL AND accepted = 1",
        )
        .bind(by)
        .bind(now.to_string())
        .bind(&version.sha256)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        self.record_decisions().await?;
        Ok(if settled.rows_affected() == 0 { Word::Before(version) } else { Word::Done(version) })
    }

    /// Records files that were not kept, each by its SHA-256 with the day on which it was seen; the first day stands.
    pub async fn record_not_kept(&self, period: Period, seen: &[NotKept<'_>]) -> Result<(), LedgerError> {
        let mut transaction = self.pool.begin().await?;
        for NotKept { sha256, arrived, looks_personal } in seen {
            let (sha256, arrived, looks_personal) = ((*sha256).to_owned(), arrived.to_string(), *looks_personal);
            let record = NotKeptRecord { sha256, period: period.slug(), arrived, looks_personal };
            record.write(&mut transaction).await?;
        }
        transaction.commit().await?;
        self.record_decisions().await
    }

    /// The day on which each file that was not kept was first seen, by its SHA-256.
    pub async fn not_kept(&self) -> Result<BTreeMap<String, Date>, LedgerError> {
        let rows = sqlx::query("SELECT sha256, arrived FROM not_kept").fetch_all(&self.pool).await?;
        let day = |row: &SqliteRow| -> Result<(String, Date), LedgerError> {
            let unreadable = |e: jiff::Error| LedgerError::Failed(e.to_string());
            Ok((row.try_get("sha256")?, row.try_get::<&str, _>("arrived")?.parse().map_err(unreadable)?))
        };
        rows.iter().map(day).collect()
    }

    /// True of a file that was not kept because it looks like data about persons.
    pub async fn looked_personal(&self, sha256: &str) -> Result<bool, LedgerError> {
        let found = sqlx::query("SELECT 1 FROM not_kept WHERE sha256 = $1 AND looks_personal").bind(sha256);
        Ok(found.fetch_optional(&self.pool).await?.is_some())
    }

    /// The one version whose SHA-256 begins so, or why there is not one.
    async fn version_beginning(&self, prefix: &str) -> Result<Result<ReturnVersion, Word>, LedgerError> {
        let rows = sqlx::query("SELECT * FROM return_version WHERE substr(sha256, 1, length($1)) = $1 ORDER BY id")
            .bind(prefix)
            .fetch_all(&self.pool)
            .await?;
        let mut found: Vec<RecordedVersion> = rows.iter().map(recorded).collect::<Result<_, _>>()?;
        // The same file sent for two quarters is one file.
        if found.iter().any(|other| other.version.sha256 != found[0].version.sha256) {
            return Ok(Err(Word::Ambiguous(found.into_iter().map(|one| one.version).collect())));
        }
        Ok(found.pop().map(|one| one.version).ok_or(Word::Unknown))
    }
}

fn recorded(row: &SqliteRow) -> Result<RecordedVersion, LedgerError> {
    let unreadable = |e: jiff::Error| LedgerError::Failed(e.to_string());
    let outcome: &str = row.try_get("outcome")?;
    let is_accepted: bool = row.try_get("accepted")?;
    let standing = match row.try_get::<Option<String>, _>("withdrawn_for")? {
        Some(reason) => VersionStanding::Withdrawn { reason },
        None if is_accepted => VersionStanding::Accepted,
        None if outcome == ReturnOutcome::Blank.code() => VersionStanding::Blank,
        None => VersionStanding::Refused,
    };
    let slug: &str = row.try_get("period")?;
    let quarter = Period::parse(slug, YearKind::Financial)
        .map_err(|e| LedgerError::Failed(format!("the quarter {slug:?} of a return: {e}")))?;
    let (run, seen_at): (i64, &str) = (row.try_get("run_id")?, row.try_get("seen_at")?);
    let version = ReturnVersion {
        partner: row.try_get("partner")?,
        file: row.try_get("file")?,
        sha256: row.try_get("sha256")?,
        quarter,
        arrived: row.try_get::<&str, _>("arrived")?.parse().map_err(unreadable)?,
        standing,
        by: row.try_get("completed_by")?,
        look: Some(format!("{run}, {seen_at}")),
        settled_by: row.try_get("settled_by")?,
        refused_first: is_accepted && outcome == ReturnOutcome::Refused.code(),
    };
    let seen_at = seen_at.parse().map_err(unreadable)?;
    let withdrawn = match row.try_get::<Option<String>, _>("withdrawn_for")? {
        Some(reason) => Some(Withdrawal { by: row.try_get("withdrawn_by")?, reason, was_accepted: is_accepted }),
        None => None,
    };
    Ok(RecordedVersion { version, seen_at, contents: row.try_get("contents")?, withdrawn })
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

    fn version(sha256: &str, standing: VersionStanding) -> ReturnVersion {
        let file = format!("nuh_{sha256}.xlsx");
        ReturnVersion {
            partner: "nuh".to_owned(),
            file,
            sha256: sha256.to_owned(),
            quarter: quarter(),
            arrived: date(2026, 11, 1),
            standing,
            by: "Ada Hill".to_owned(),
            look: Some(format!("1, {NOW}")),
            settled_by: None,
            refused_first: false,
        }
    }

    fn receipt(of: &ReturnVersion) -> ReturnReceipt {
        ReturnReceipt {
            file: Some(of.file.clone()),
            sha256: Some(of.sha256.clone()),
            figures: 1,
            arrived: Some(of.arrived),
            ..ReturnReceipt::new(
                &of.partner,
                if of.standing == VersionStanding::Refused { ReturnOutcome::Refused } else { ReturnOutcome::Accepted },
            )
        }
    }

    async fn record(ledger: &Ledger, run: RunId, version: &ReturnVersion) {
        let receipt = receipt(version);
        // What comes in a look has no earlier one.
        let new = ReturnVersion { look: None, ..version.clone() };
        let seen = [Seen { version: &new, receipt: &receipt, contents: None }];
        ledger.record_versions(run, quarter(), "returns", &seen, NOW).await.unwrap();
    }

    #[tokio::test]
    async fn a_version_is_recorded_on_its_first_day() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, run) = ledger(folder.path()).await;
        let first = version("aa11", VersionStanding::Refused);
        let second = version("bb22", VersionStanding::Accepted);
        record(&ledger, run, &first).await;
        record(&ledger, run, &second).await;
        record(&ledger, run, &ReturnVersion { arrived: date(2026, 12, 1), ..first.clone() }).await;
        let all: Vec<ReturnVersion> = ledger.versions(quarter()).await.unwrap().into_iter().map(|v| v.version).collect();
        assert_eq!(all, [first, second]);
        assert!(ledger.versions(Period::financial_quarter(2026, 1)).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn withdrawal_takes_a_hash_prefix() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, run) = ledger(folder.path()).await;
        for sha256 in ["aa11", "aa22"] {
            record(&ledger, run, &version(sha256, VersionStanding::Accepted)).await;
        }
        let withdraw = async |prefix: &str, reason: &str| ledger.withdraw_version(prefix, "Ada Hill", reason, NOW).await.unwrap();
        assert_eq!(withdraw("cc", "x").await, Word::Unknown);
        assert!(matches!(withdraw("aa", "x").await, Word::Ambiguous(both) if both.len() == 2));
        assert!(matches!(withdraw("aa1", "the wrong year").await, Word::Done(_)));
        assert!(matches!(withdraw("aa1", "again").await, Word::Before(_)));
        let standings: Vec<VersionStanding> =
            ledger.versions(quarter()).await.unwrap().into_iter().map(|v| v.version.standing).collect();
        assert_eq!(standings, [VersionStanding::Withdrawn { reason: "the wrong year".to_owned() }, VersionStanding::Accepted]);
    }
}

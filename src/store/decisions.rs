//! What came from partners and what was decided about it, as the archive's record has it: a ledger that is lost or older takes it
//! in, so that a workbook that was withdrawn does not count again.

use super::LedgerError;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};

/// A version of a return, with what was decided about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct ReturnRecord {
    /// `2026-27-Q2`
    pub period: String,
    pub sha256: String,
    /// Its id.
    pub partner: String,
    pub file: String,
    pub inbox: String,
    pub arrived: String,
    pub seen_at: String,
    pub accepted: bool,
    pub outcome: String,
    pub completed_by: String,
    /// The SHA-256 of the record of what it gave.
    pub contents: Option<String>,
    pub withdrawn_at: Option<String>,
    pub withdrawn_by: String,
    pub withdrawn_for: Option<String>,
    pub settled_at: Option<String>,
    pub settled_by: Option<String>,
}

/// A later deadline for one partner's return of a quarter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::FromRow)]
pub struct ExtensionRecord {
    pub period: String,
    pub partner: String,
    pub until: String,
    pub granted_by: String,
    pub reason: String,
    pub granted_at: String,
}

/// What looks like personal data and was let through.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::FromRow)]
pub struct AllowanceRecord {
    pub sha256: String,
    /// Empty where it is the workbook as a whole.
    pub cell: String,
    pub allowed_by: String,
    pub reason: String,
    pub allowed_at: String,
}

/// A file that was not kept, with its first day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::FromRow)]
pub(super) struct NotKeptRecord {
    pub sha256: String,
    pub period: String,
    pub arrived: String,
    pub looks_personal: bool,
}

/// What came from partners and was decided about it.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// In the order in which they came.
    pub returns: Vec<ReturnRecord>,
    /// In the order in which they were granted.
    pub extensions: Vec<ExtensionRecord>,
    pub allowances: Vec<AllowanceRecord>,
    pub(super) not_kept: Vec<NotKeptRecord>,
}

/// The same as a record says it, of which the last line on each version counts.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownDecisions {
    all: Decisions,
    /// The place of each version by its quarter and SHA-256.
    places: BTreeMap<(String, String), usize>,
}

impl KnownDecisions {
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub fn add_return(&mut self, record: ReturnRecord) {
        match self.places.get(&record.key()) {
            Some(place) => self.all.returns[*place] = record,
            None => {
                self.places.insert(record.key(), self.all.returns.len());
                self.all.returns.push(record);
            }
        }
    }

    pub fn add_extension(&mut self, record: ExtensionRecord) {
        self.all.extensions.push(record);
    }

    pub fn add_allowance(&mut self, record: AllowanceRecord) {
        self.all.allowances.push(record);
    }

    pub fn add_not_kept(&mut self, record: NotKeptRecord) {
        self.all.not_kept.push(record);
    }

    /// What of it a ledger lacks that has `here`.
    pub fn lacking_in(&self, here: &Decisions) -> Decisions {
        let theirs: BTreeMap<(String, String), &ReturnRecord> = here.returns.iter().map(|one| (one.key(), one)).collect();
        let last_settled = here.returns.iter().filter_map(|one| one.settled_at.as_ref()).max();
        let lacks = |record: &&ReturnRecord| {
            theirs.get(&record.key()).is_none_or(|other| {
                record.accepted && !other.accepted
                    || record.withdrawn_at.is_some() && other.withdrawn_at.is_none()
                    || record.settled_at.is_some() && record.settled_at.as_ref() > last_settled
            })
        };
        Decisions {
            returns: self.all.returns.iter().filter(lacks).cloned().collect(),
            extensions: beside(&self.all.extensions, &here.extensions),
            allowances: beside(&self.all.allowances, &here.allowances),
            not_kept: beside_by_content(&self.all.not_kept, &here.not_kept),
        }
    }

    /// What a ledger has, of which this lacks it or has it otherwise.
    pub fn without(&self, here: Decisions) -> Decisions {
        let is_new = |record: &ReturnRecord| {
            self.places.get(&record.key()).and_then(|place| self.all.returns.get(*place)).is_none_or(|known| known != record)
        };
        Decisions {
            returns: here.returns.into_iter().filter(is_new).collect(),
            extensions: beside(&here.extensions, &self.all.extensions),
            allowances: beside(&here.allowances, &self.all.allowances),
            not_kept: beside_by_content(&here.not_kept, &self.all.not_kept),
        }
    }

    /// Puts it into a ledger, under the number of the run in which that is done. Of what both have, `is_newer` says that the
    /// record was read last.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn restore(&self, connection: &mut SqliteConnection, run: i64, is_newer: bool) -> Result<(), LedgerError> {
        for record in &self.all.returns {
            record.restore(&mut *connection, run, is_newer).await?;
        }
        // The last decision on the workbooks of a look is the one that stands.
        let mut settled: Vec<&ReturnRecord> = self.all.returns.iter().filter(|one| one.settled_at.is_some()).collect();
        settled.sort_by_key(|one| &one.settled_at);
        for record in settled {
            record.restore_choice(&mut *connection).await?;
        }
        for ExtensionRecord { period, partner, until, granted_by, reason, granted_at } in &self.all.extensions {
            sqlx::query(
                "INSERT INTO return_extension (period, partner, until, granted_by, reason, granted_at)
                 SELECT $1, $2, $3, $4, $5, $6 WHERE NOT EXISTS
                     (SELECT 1 FROM return_extension WHERE period = $1 AND partner = $2
                          AND (granted_at > $6 OR granted_at = $6 AND until = $3))",
            )
            .bind(period)
            .bind(partner)
            .bind(until)
            .bind(granted_by)
            .bind(reason)
            .bind(granted_at)
            .execute(&mut *connection)
            .await?;
        }
        for allowance in &self.all.allowances {
            allowance.write(&mut *connection).await?;
        }
        for not_kept in &self.all.not_kept {
            not_kept.write(&mut *connection).await?;
        }
        Ok(())
    }
}

impl Decisions {
    pub fn is_empty(&self) -> bool {
        self.returns.is_empty() && self.extensions.is_empty() && self.allowances.is_empty() && self.not_kept.is_empty()
    }

    /// Less the first days of files that were not kept, which decide nothing.
    pub(super) fn count(&self) -> usize {
        self.returns.len() + self.extensions.len() + self.allowances.len()
    }
}

/// Those of `all` that are not among `others`.
fn beside<T: Ord + Clone>(all: &[T], others: &[T]) -> Vec<T> {
    let others: BTreeSet<&T> = others.iter().collect();
    all.iter().filter(|one| !others.contains(one)).cloned().collect()
}

/// The same of files, by their content: the first day stands.
fn beside_by_content(all: &[NotKeptRecord], others: &[NotKeptRecord]) -> Vec<NotKeptRecord> {
    let others: BTreeSet<&str> = others.iter().map(|one| one.sha256.as_str()).collect();
    all.iter().filter(|one| !others.contains(one.sha256.as_str())).cloned().collect()
}

/// Picks the versions that came in one look with those that `which` picks.
pub(super) fn in_look_of(which: &str) -> String {
    format!(
        "(period, partner, run_id, seen_at, arrived) IN
             (SELECT period, partner, run_id, seen_at, arrived FROM return_version WHERE {which})"
    )
}

/// Takes the version of this SHA-256 out of use, of whatever quarter; false where it was before, and stands as it was.
pub(super) async fn withdraw(
    connection: &mut SqliteConnection,
    sha256: &str,
    at: &str,
    (by, reason): (&str, &str),
) -> Result<bool, LedgerError> {
    let withdrawn = sqlx::query(
        "UPDATE return_version SET withdrawn_at = $1, withdrawn_for = $2, withdrawn_by = $3
         WHERE sha256 = $4 AND withdrawn_at IS NULL",
    )
    .bind(at)
    .bind(reason)
    .bind(by)
    .bind(sha256)
    .execute(connection)
    .await?;
    Ok(withdrawn.rows_affected() > 0)
}

impl ReturnRecord {
    fn key(&self) -> (String, String) {
        (self.period.clone(), self.sha256.clone())
    }

    /// Writes the version with its receipt, but not what a person decided about it. One that is there and was refused becomes
    /// accepted where this is; of what it gave, this stands before another where it was `read_last`.
    pub(super) async fn write(
        &self,
        connection: &mut SqliteConnection,
        run: i64,
        receipt: &str,
        read_last: bool,
    ) -> Result<(), LedgerError> {
        sqlx::query(
            "INSERT INTO return_version (period, sha256, partner, file, inbox, arrived, seen_at, run_id, accepted, receipt, contents,
                                         outcome, completed_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (period, sha256) DO UPDATE
                 SET contents = COALESCE(excluded.contents, contents), accepted = MAX(accepted, excluded.accepted),
                     partner = CASE WHEN excluded.accepted > accepted THEN excluded.partner ELSE partner END,
                     file = CASE WHEN excluded.accepted > accepted THEN excluded.file ELSE file END
                 WHERE excluded.accepted > accepted OR contents IS NULL OR $14",
        )
        .bind(&self.period)
        .bind(&self.sha256)
        .bind(&self.partner)
        .bind(&self.file)
        .bind(&self.inbox)
        .bind(&self.arrived)
        .bind(&self.seen_at)
        .bind(run)
        .bind(self.accepted)
        .bind(receipt)
        .bind(&self.contents)
        .bind(&self.outcome)
        .bind(&self.completed_by)
        .bind(read_last)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Puts it into a ledger with its withdrawal.
    async fn restore(&self, connection: &mut SqliteConnection, run: i64, read_last: bool) -> Result<(), LedgerError> {
        self.write(&mut *connection, run, "", read_last).await?;
        if let (Some(at), Some(reason)) = (&self.withdrawn_at, &self.withdrawn_for) {
            withdraw(connection, &self.sha256, at, (&self.withdrawn_by, reason)).await?;
        }
        Ok(())
    }

    /// Puts into a ledger that it stands before others of its look, unless another decision on those came later.
    async fn restore_choice(&self, connection: &mut SqliteConnection) -> Result<(), LedgerError> {
        let in_look = in_look_of("period = $1 AND sha256 = $2");
        let later = format!("SELECT EXISTS (SELECT 1 FROM return_version WHERE settled_at > $3 AND {in_look})");
        let is_later: bool = sqlx::query_scalar(AssertSqlSafe(later))
            .bind(&self.period)
            .bind(&self.sha256)
            .bind(&self.settled_at)
            .fetch_one(&mut *connection)
            .await?;
        if is_later {
            return Ok(());
        }
        let settle = format!(
            "UPDATE return_version SET settled_at = CASE WHEN sha256 = $2 THEN $3 END, settled_by = CASE WHEN sha256 = $2 THEN $4 END
             WHERE {in_look}"
        );
        sqlx::query(AssertSqlSafe(settle))
            .bind(&self.period)
            .bind(&self.sha256)
            .bind(&self.settled_at)
            .bind(&self.settled_by)
            .execute(&mut *connection)
            .await?;
        Ok(())
    }
}

impl AllowanceRecord {
    /// False where it was there before, and stands as it was.
    pub(super) async fn write(&self, connection: &mut SqliteConnection) -> Result<bool, LedgerError> {
        let sql = "INSERT INTO allowed (sha256, cell, allowed_by, reason, allowed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let query = sqlx::query(sql).bind(&self.sha256).bind(&self.cell).bind(&self.allowed_by);
        let written = query.bind(&self.reason).bind(&self.allowed_at).execute(connection).await?;
        Ok(written.rows_affected() > 0)
    }
}

impl NotKeptRecord {
    /// The first day stands.
    pub(super) async fn write(&self, connection: &mut SqliteConnection) -> Result<(), LedgerError> {
        let sql = "INSERT INTO not_kept (sha256, period, arrived, looks_personal) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        let query = sqlx::query(sql).bind(&self.sha256).bind(&self.period).bind(&self.arrived).bind(self.looks_personal);
        query.execute(connection).await?;
        Ok(())
    }
}

//! What earlier runs hold, for a later one to be held against.

use super::{Ledger, LedgerError, RunId};
use crate::evaluate::{Revision, Status};
use crate::framework::{ActionId, MeasureId};
use crate::period::{Period, YearKind};
use jiff::civil::Date;
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// A record that a version wrote to the ledger itself, before there was a file for each stage. They are of format 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OlderRecord {
    Observation,
    Action,
}

/// Of each quarter, the last run that judged what it collected.
pub(super) const LAST_COLLECTIONS: &str = "
    last_collection AS (SELECT MAX(run.id) AS run_id, run.pack, run.period
                        FROM run JOIN stage ON stage.run_id = run.id AND stage.name = 'evaluate'
                        GROUP BY run.pack, run.period)";

impl Ledger {
    /// The last run of the pack before this one that collected, of whatever period.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn last_collection_before(&self, run: RunId, pack: &str) -> Result<Option<RunId>, LedgerError> {
        let id = sqlx::query_scalar(
            "SELECT run.id FROM run JOIN stage ON stage.run_id = run.id AND stage.name = 'collect' \
             WHERE run.pack = $1 AND run.id < $2 ORDER BY run.id DESC LIMIT 1",
        )
        .bind(pack)
        .bind(run.0)
        .fetch_optional(&self.pool)
        .await?;
        Ok(id.map(RunId))
    }

    /// The last run of each quarter that judged what it collected, with its quarter and day, the earliest quarter first. A run
    /// counts from when it judged, so that one that was cut off leaves the one before it standing.
    pub async fn last_collections(&self, pack: &str) -> Result<Vec<(RunId, Period, Date)>, LedgerError> {
        let sql = format!(
            "WITH {LAST_COLLECTIONS}
             SELECT run.id, run.period, run.as_at FROM run JOIN last_collection ON last_collection.run_id = run.id
             WHERE run.pack = $1 ORDER BY run.period"
        );
        let rows: Vec<(i64, String, String)> = sqlx::query_as(AssertSqlSafe(sql)).bind(pack).fetch_all(&self.pool).await?;
        let unreadable = |id: i64, problem: String| LedgerError::Unreadable { place: format!("run {id}"), problem };
        let read = |(id, slug, day): (i64, String, String)| {
            let period = Period::parse(&slug, YearKind::Financial).map_err(|e| unreadable(id, e.to_string()))?;
            Ok((RunId(id), period, day.parse().map_err(|e: jiff::Error| unreadable(id, e.to_string()))?))
        };
        rows.into_iter().map(read).collect()
    }

    /// The records of one kind that an older version wrote of a run, as json, in its order; none of a run whose stages left
    /// files.
    pub async fn older_records(&self, run: RunId, kind: OlderRecord) -> Result<Vec<String>, LedgerError> {
        let kind = match kind {
            OlderRecord::Observation => "observation",
            OlderRecord::Action => "action",
        };
        let sql = "SELECT whole FROM older_record WHERE run_id = $1 AND kind = $2 ORDER BY rowid";
        Ok(sqlx::query_scalar(sql).bind(run.0).bind(kind).fetch_all(&self.pool).await?)
    }

    /// True where the file of that SHA-256 was removed since, its time being over.
    pub async fn is_purged(&self, sha256: &str) -> Result<bool, LedgerError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM purged WHERE sha256 = $1)";
        Ok(sqlx::query_scalar(sql).bind(sha256).fetch_one(&self.pool).await?)
    }

    /// The last run that judged what it collected for a quarter, or for the latest quarter of which there is one.
    pub async fn last_judged(&self, period: Option<Period>, pack: &str) -> Result<Option<RunId>, LedgerError> {
        let id = sqlx::query_scalar(
            "SELECT run.id FROM run JOIN stage ON stage.run_id = run.id AND stage.name = 'evaluate' \
             WHERE run.pack = $1 AND ($2 IS NULL OR run.period = $2) ORDER BY run.period DESC, run.id DESC LIMIT 1",
        )
        .bind(pack)
        .bind(period.map(Period::slug))
        .fetch_optional(&self.pool)
        .await?;
        Ok(id.map(RunId))
    }

    /// The last run of the latest quarter before `period` whose pack was sent or, where none of that quarter was, that made one;
    /// with its quarter. `kinds` are those of messages with packs. Other runs of the same quarter as `period` do not count, so
    /// that a pack made twice is the same twice.
    pub async fn last_pack_before(
        &self,
        period: Period,
        pack: &str,
        kinds: [&str; 2],
    ) -> Result<Option<(RunId, Period)>, LedgerError> {
        // The slugs of quarters sort as the quarters do.
        let found: Option<(i64, String)> = sqlx::query_as(
            "SELECT run.id, run.period FROM run JOIN stage ON stage.run_id = run.id AND stage.name = 'render' \
             WHERE run.pack = $1 AND run.period < $2 AND run.ended_at IS NOT NULL AND run.outcome_kind <> 'failed' \
             ORDER BY run.period DESC,
                      (SELECT MAX(CASE WHEN message.state IN ('accepted', 'sending', 'unknown') THEN 2 ELSE 1 END) FROM message
                       WHERE message.run_id = run.id AND message.kind IN ($3, $4)
                         AND message.state IN ('accepted', 'sending', 'unknown', 'written')) DESC NULLS LAST,
                      run.id DESC LIMIT 1",
        )
        .bind(pack)
        .bind(period.slug())
        .bind(kinds[0])
        .bind(kinds[1])
        .fetch_optional(&self.pool)
        .await?;
        let read = |(id, slug): (i64, String)| match Period::parse(&slug, YearKind::Financial) {
            Ok(period) => Ok((RunId(id), period)),
            Err(e) => Err(LedgerError::Unreadable { place: format!("the period {slug:?} of run {id}"), problem: e.to_string() }),
        };
        found.map(read).transpose()
    }

    /// The statuses of a run's measures as they were published.
    pub async fn published_statuses(&self, run: RunId) -> Result<BTreeMap<MeasureId, Status>, LedgerError> {
        let statuses =
            self.statuses("SELECT measure, COALESCE(published, status) FROM assessment WHERE run_id = $1", run).await?;
        Ok(statuses.into_iter().map(|(id, status)| (MeasureId(id), status)).collect())
    }

    /// The statuses of a run's key actions.
    pub async fn action_statuses(&self, run: RunId) -> Result<BTreeMap<ActionId, Status>, LedgerError> {
        let statuses = self.statuses("SELECT action, status FROM action_assessment WHERE run_id = $1", run).await?;
        Ok(statuses.into_iter().map(|(id, status)| (ActionId(id), status)).collect())
    }

    /// Ids and statuses of a run, by a query of its number.
    async fn statuses(&self, query: &'static str, run: RunId) -> Result<Vec<(String, Status)>, LedgerError> {
        let rows: Vec<(String, String)> = sqlx::query_as(query).bind(run.0).fetch_all(&self.pool).await?;
        let read = |(id, code): (String, String)| match Status::of_code(&code) {
            Some(status) => Ok((id, status)),
            None => Err(LedgerError::Unreadable {
                place: format!("the status of {id} in run {run}"),
                problem: format!("{code:?} is not a status that this version knows"),
            }),
        };
        rows.into_iter().map(read).collect()
    }

    /// Lists every revised figure of a run, all or none, in place of any that it listed before it was cut off. The whole of
    /// each is in what the run judged.
    pub async fn record_revisions(&self, run: RunId, revisions: &[Revision]) -> Result<(), LedgerError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("DELETE FROM revision WHERE run_id = $1").bind(run.0).execute(&mut *transaction).await?;
        for revision in revisions {
            sqlx::query("INSERT INTO revision (run_id, measure, area, period, old, new) VALUES ($1, $2, $3, $4, $5, $6)")
                .bind(run.0)
                .bind(&revision.measure.0)
                .bind(revision.area.as_str())
                .bind(revision.period.to_string())
                .bind(revision.old.number())
                .bind(revision.new.number())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// How many revised figures a run listed.
    pub async fn count_revisions(&self, run: RunId) -> Result<i64, LedgerError> {
        let sql = "SELECT COUNT(*) FROM revision WHERE run_id = $1";
        Ok(sqlx::query_scalar(sql).bind(run.0).fetch_one(&self.pool).await?)
    }
}

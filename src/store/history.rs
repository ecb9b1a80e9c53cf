//! What earlier runs hold, for a later one to be held against.

use super::{Ledger, LedgerError, RunId};
use crate::collect::{ActionReport, Observation};
use crate::evaluate::{ActionAssessment, Restatement, Status};
use crate::framework::MeasureId;
use crate::period::{Period, YearKind};
use std::collections::BTreeMap;

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

    /// The last run that collected for each quarter before `period`, the earliest quarter first. A run counts from when it
    /// judged what it collected, so that one that was cut off leaves the one before it standing.
    pub async fn collections_before(&self, period: Period, pack: &str) -> Result<Vec<RunId>, LedgerError> {
        let ids: Vec<i64> = sqlx::query_scalar(
            "SELECT MAX(run.id) FROM run JOIN stage ON stage.run_id = run.id AND stage.name = 'evaluate' \
             WHERE run.pack = $1 AND run.period < $2 GROUP BY run.period ORDER BY run.period",
        )
        .bind(pack)
        .bind(period.slug())
        .fetch_all(&self.pool)
        .await?;
        Ok(ids.into_iter().map(RunId).collect())
    }

    /// What partners reported of the key actions that a run judged.
    pub async fn action_reports(&self, run: RunId) -> Result<Vec<ActionReport>, LedgerError> {
        let rows: Vec<String> = sqlx::query_scalar("SELECT whole FROM action_assessment WHERE run_id = $1 ORDER BY action")
            .bind(run.0)
            .fetch_all(&self.pool)
            .await?;
        let judged = rows.iter().filter_map(|whole| serde_json::from_str::<ActionAssessment>(whole).ok());
        Ok(judged.filter_map(|action| action.report).collect())
    }

    /// The last run of the latest quarter before `period` that made a pack, with its quarter. Other runs of the same
    /// quarter do not count, so that a pack made twice is the same twice.
    pub async fn last_pack_before(&self, period: Period, pack: &str) -> Result<Option<(RunId, Period)>, LedgerError> {
        // The slugs of quarters sort as the quarters do.
        let found: Option<(i64, String)> = sqlx::query_as(
            "SELECT run.id, run.period FROM run JOIN stage ON stage.run_id = run.id AND stage.name = 'render' \
             WHERE run.pack = $1 AND run.period < $2 AND run.ended_at IS NOT NULL AND run.outcome NOT LIKE 'failed%' \
             ORDER BY run.period DESC, run.id DESC LIMIT 1",
        )
        .bind(pack)
        .bind(period.slug())
        .fetch_optional(&self.pool)
        .await?;
        // A period that another version wrote otherwise is not one to compare with.
        Ok(found.and_then(|(id, slug)| Some((RunId(id), Period::parse(&slug, YearKind::Financial).ok()?))))
    }

    /// The figures of one measure in a run, in the order in which they were recorded. One that an older version wrote
    /// in a way that is no longer read is passed over.
    pub async fn observations(&self, run: RunId, measure: &MeasureId) -> Result<Vec<Observation>, LedgerError> {
        let rows: Vec<String> =
            sqlx::query_scalar("SELECT whole FROM observation WHERE run_id = $1 AND measure = $2 ORDER BY rowid")
                .bind(run.0)
                .bind(&measure.0)
                .fetch_all(&self.pool)
                .await?;
        Ok(rows.iter().filter_map(|whole| serde_json::from_str(whole).ok()).collect())
    }

    /// The statuses of a run's measures as they were published.
    pub async fn published_statuses(&self, run: RunId) -> Result<BTreeMap<MeasureId, Status>, LedgerError> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT measure, COALESCE(published, status) FROM assessment WHERE run_id = $1")
                .bind(run.0)
                .fetch_all(&self.pool)
                .await?;
        Ok(rows.into_iter().filter_map(|(measure, code)| Some((MeasureId(measure), Status::of_code(&code)?))).collect())
    }

    /// Records every restated figure of a run, all or none, in place of any that it recorded before it was cut off.
    pub async fn record_restatements(&self, run: RunId, restatements: &[Restatement]) -> Result<(), LedgerError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("DELETE FROM restatement WHERE run_id = $1").bind(run.0).execute(&mut *transaction).await?;
        for restatement in restatements {
            sqlx::query(
                "INSERT INTO restatement (run_id, measure, area, period, old, new, whole) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(run.0)
            .bind(&restatement.measure.0)
            .bind(restatement.area.as_str())
            .bind(restatement.period.to_string())
            .bind(restatement.old.number())
            .bind(restatement.new.number())
            .bind(serde_json::to_string(restatement)?)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The restated figures that a run recorded, in its order.
    pub async fn restatements(&self, run: RunId) -> Result<Vec<Restatement>, LedgerError> {
        let rows: Vec<String> = sqlx::query_scalar("SELECT whole FROM restatement WHERE run_id = $1 ORDER BY rowid")
            .bind(run.0)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|whole| Ok(serde_json::from_str(whole)?)).collect()
    }
}

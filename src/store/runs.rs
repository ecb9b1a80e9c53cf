//! Runs, their stages, and what they read, judged and made.

use super::{Ledger, LedgerError};
use crate::collect::{Collection, IndicatorOutcome};
use crate::evaluate::Evaluation;
use crate::period::Period;
use jiff::{Timestamp, civil::Date};

/// The number of a run in its ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId(pub i64);

impl std::fmt::Display for RunId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What is known of a run as it starts.
#[derive(Debug, Clone, Copy)]
pub struct NewRun<'a> {
    /// The packs that it makes; for one that looks after returns and makes none, what it does.
    pub pack: &'a str,
    pub period: Period,
    pub as_at: Date,
    pub edition: &'a str,
    /// `by hand`, or the name of the schedule.
    pub trigger: &'a str,
}

impl Ledger {
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn start_run(&self, run: &NewRun<'_>, now: Timestamp) -> Result<RunId, LedgerError> {
        let id = sqlx::query_scalar(
            "INSERT INTO run (pack, period, as_at, edition, trigger, version, started_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        )
        .bind(run.pack)
        .bind(run.period.slug())
        .bind(run.as_at.to_string())
        .bind(run.edition)
        .bind(run.trigger)
        .bind(env!("CARGO_PKG_VERSION"))
        .bind(now.to_string())
        .fetch_one(&self.pool)
        .await?;
        Ok(RunId(id))
    }

    /// Records the end of a stage with a few words on what it did.
    pub async fn end_stage(&self, run: RunId, name: &str, detail: &str, now: Timestamp) -> Result<(), LedgerError> {
        sqlx::query("INSERT INTO stage (run_id, name, ended_at, detail) VALUES ($1, $2, $3, $4)")
            .bind(run.0)
            .bind(name)
            .bind(now.to_string())
            .bind(detail)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    pub async fn end_run(&self, run: RunId, outcome: &str, now: Timestamp) -> Result<(), LedgerError> {
        sqlx::query("UPDATE run SET ended_at = $1, outcome = $2 WHERE id = $3")
            .bind(now.to_string())
            .bind(outcome)
            .bind(run.0)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Records every input and every figure of a run, all or none.
    pub async fn record_collection(&self, run: RunId, collection: &Collection) -> Result<(), LedgerError> {
        let mut transaction = self.pool.begin().await?;
        let returns =
            collection.returns.iter().map(|r| Ok(("return", r.partner.clone(), r.sha256.clone(), serde_json::to_string(r)?)));
        let indicators = collection.indicators.iter().map(|i| {
            let sha256 = match &i.outcome {
                IndicatorOutcome::Received { sha256, .. } => Some(sha256.clone()),
                _ => None,
            };
            Ok(("indicator", format!("{} {}", i.source, i.indicator), sha256, serde_json::to_string(i)?))
        });
        for input in returns.chain(indicators) {
            let (kind, name, sha256, receipt) = input.map_err(|e: serde_json::Error| LedgerError::from(e))?;
            sqlx::query("INSERT INTO input (run_id, kind, name, sha256, receipt) VALUES ($1, $2, $3, $4, $5)")
                .bind(run.0)
                .bind(kind)
                .bind(name)
                .bind(sha256)
                .bind(receipt)
                .execute(&mut *transaction)
                .await?;
        }
        for observation in &collection.observations {
            sqlx::query("INSERT INTO observation (run_id, measure, area, period, value, whole) VALUES ($1, $2, $3, $4, $5, $6)")
                .bind(run.0)
                .bind(&observation.measure.0)
                .bind(observation.area.as_str())
                .bind(observation.period.to_string())
                .bind(observation.value.number())
                .bind(serde_json::to_string(observation)?)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Records every judgement of a run as it was made, with the status that `published` gives it, all or none.
    pub async fn record_evaluation(
        &self,
        run: RunId,
        evaluation: &Evaluation,
        published: &Evaluation,
    ) -> Result<(), LedgerError> {
        let mut transaction = self.pool.begin().await?;
        for (measure, published) in evaluation.measures.iter().zip(&published.measures) {
            let headline = &measure.headline;
            sqlx::query(
                "INSERT INTO assessment (run_id, measure, status, reason, whole, published) VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(run.0)
            .bind(&headline.measure.0)
            .bind(headline.status.code())
            .bind(&headline.reason)
            .bind(serde_json::to_string(measure)?)
            .bind(published.headline.status.code())
            .execute(&mut *transaction)
            .await?;
        }
        for action in &evaluation.actions {
            sqlx::query("INSERT INTO action_assessment (run_id, action, status, reason, whole) VALUES ($1, $2, $3, $4, $5)")
                .bind(run.0)
                .bind(&action.action.0)
                .bind(action.status.code())
                .bind(&action.reason)
                .bind(serde_json::to_string(action)?)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Records a file that the run made, by its SHA-256.
    pub async fn record_output(&self, run: RunId, name: &str, sha256: &str, bytes: usize) -> Result<(), LedgerError> {
        sqlx::query("INSERT INTO output (run_id, name, sha256, bytes) VALUES ($1, $2, $3, $4)")
            .bind(run.0)
            .bind(name)
            .bind(sha256)
            .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

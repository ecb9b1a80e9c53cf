//! How things stand, for whoever watches the server: counts and instants only, no name or address of a person.

use super::ledger::MIGRATIONS;
use super::schedules::parse;
use super::{Ledger, LedgerError};
use jiff::Timestamp;

/// A run's or an occurrence's outcome in one word.
const OUTCOME: &str = "CASE WHEN outcome IS NULL THEN 'unfinished' ELSE outcome_kind END";

/// What the ledger holds, summed up. Lists are in order of their words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overview {
    /// Runs by outcome: `done`, `partial`, `failed`, or `unfinished` while one runs or where it was cut off.
    pub runs: Vec<(String, i64)>,
    pub last_run_ended: Option<Timestamp>,
    /// Each stage with the seconds that it took in the last run that came to its end, in order of those runs.
    pub stages: Vec<(String, f64)>,
    /// The returns of the last collection by outcome.
    pub returns: Vec<(String, i64)>,
    /// The public figures of the last collection or fetch: source, indicator, and when they were fetched.
    pub indicators: Vec<(String, String, Timestamp)>,
    /// Messages by state.
    pub messages: Vec<(String, i64)>,
    /// Occurrences by schedule and outcome, `missed` among them.
    pub occurrences: Vec<(String, String, i64)>,
}

impl Ledger {
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn overview(&self) -> Result<Overview, LedgerError> {
        let runs = sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {OUTCOME}, COUNT(*) FROM run GROUP BY 1 ORDER BY 1")));
        let occurrences = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT schedule, {OUTCOME}, COUNT(*) FROM occurrence GROUP BY 1, 2 ORDER BY 1, 2"
        )));
        let last_ended: Option<String> =
            sqlx::query_scalar("SELECT ended_at FROM run WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT 1")
                .fetch_optional(&self.pool)
                .await?;
        let last_collection: Option<i64> =
            sqlx::query_scalar("SELECT MAX(run_id) FROM stage WHERE name = 'collect'").fetch_one(&self.pool).await?;
        let returns =
            sqlx::query_as("SELECT outcome, COUNT(*) FROM input WHERE kind = 'return' AND run_id = $1 GROUP BY 1 ORDER BY 1")
                .bind(last_collection);
        // What two measures share is one answer; the earlier instant is the safe one to warn by.
        let indicators: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT source, substr(name, length(source) + 2), MIN(retrieved)
             FROM input WHERE kind = 'indicator' AND run_id = (SELECT MAX(run_id) FROM input WHERE kind = 'indicator')
               AND retrieved IS NOT NULL
             GROUP BY 1, 2 ORDER BY 1, 2",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(Overview {
            runs: runs.fetch_all(&self.pool).await?,
            last_run_ended: last_ended.as_deref().map(parse).transpose()?,
            stages: self.stage_seconds().await?,
            returns: returns.fetch_all(&self.pool).await?,
            indicators: indicators
                .into_iter()
                .map(|(source, indicator, at)| Ok((source, indicator, parse(&at)?)))
                .collect::<Result<_, LedgerError>>()?,
            messages: sqlx::query_as("SELECT state, COUNT(*) FROM message GROUP BY 1 ORDER BY 1").fetch_all(&self.pool).await?,
            occurrences: occurrences.fetch_all(&self.pool).await?,
        })
    }

    /// A stage began when the one before it in its run ended.
    async fn stage_seconds(&self) -> Result<Vec<(String, f64)>, LedgerError> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT name, began_at, ended_at FROM (
                 SELECT name, run_id, stage.rowid AS place, stage.ended_at,
                        COALESCE(LAG(stage.ended_at) OVER (PARTITION BY run_id ORDER BY stage.rowid), run.started_at) AS began_at,
                        ROW_NUMBER() OVER (PARTITION BY name ORDER BY run_id DESC) AS age
                 FROM stage JOIN run ON run.id = stage.run_id)
             WHERE age = 1 ORDER BY run_id, place",
        )
        .fetch_all(&self.pool)
        .await?;
        let seconds = |(name, began, ended): (String, String, String)| {
            Ok((name, parse(&ended)?.duration_since(parse(&began)?).as_secs_f64()))
        };
        rows.into_iter().map(seconds).collect()
    }

    /// Whether its tables are those that this program knows: a newer program may have brought them forward since it was opened.
    pub async fn is_of_this_version(&self) -> Result<bool, LedgerError> {
        let applied: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")
            .fetch_all(&self.pool)
            .await?;
        Ok(applied.into_iter().eq(MIGRATIONS.iter().map(|migration| migration.version)))
    }
}

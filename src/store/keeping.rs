//! What the ledger says there is to keep, a copy of the ledger itself, and what is let go when its time is over.

use super::history::LAST_COLLECTIONS;
use super::schedules::parse;
use super::sent::RecordLine;
use super::shown::SHOWN;
use super::{Ledger, LedgerError, RunId};
use crate::period::Period;
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};
use std::collections::BTreeSet;
use std::path::Path;

/// What a file of the archive is to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileUse {
    /// It was read.
    Input,
    /// It holds what a run collected or judged.
    Figures,
    /// It was made.
    Output,
}

/// A file that the ledger knows by its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    pub kind: FileUse,
    pub sha256: String,
    /// Whose return or which indicator it was, or the file's path below the folder of packs.
    pub name: String,
    /// The last run that read or made it.
    pub run: RunId,
    /// When that run started.
    pub used: Timestamp,
    /// It was removed since, its time being over.
    pub purged: bool,
    /// A run that is not at its end, a message that is not sent, or any later look at returns may ask for it; or it is what a pack
    /// showed, by which later ones know what to hide.
    pub needed: bool,
    /// By whom it is accepted that it is lost, when and why.
    pub accepted: Option<String>,
}

impl Ledger {
    /// Every file that a run read or made, by kind, name and SHA-256.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn kept(&self) -> Result<Vec<KeptFile>, LedgerError> {
        let sql = format!(
            "WITH unfinished AS (SELECT id FROM run WHERE ended_at IS NULL
                                 UNION SELECT run_id FROM message WHERE state IN ('waiting', 'pending', 'sending')
                                 UNION SELECT made_again_by FROM approval WHERE made_again_by IS NOT NULL
                                       AND run_id IN (SELECT run_id FROM message WHERE state = 'waiting')),
                  {LAST_COLLECTIONS},
                  fallback AS (SELECT last.run_id FROM last_collection AS last
                               JOIN return_version AS version ON version.period = last.period
                               WHERE version.accepted AND version.withdrawn_at IS NULL AND version.contents IS NULL),
                  {SHOWN},
                  needed AS (SELECT sha256 FROM input WHERE sha256 IS NOT NULL AND run_id IN unfinished
                             UNION SELECT sha256 FROM output WHERE run_id IN unfinished
                             UNION SELECT contents FROM return_version WHERE contents IS NOT NULL
                             UNION SELECT sha256 FROM output WHERE name = 'stage/collect.json' AND run_id IN fallback
                             UNION SELECT sha256 FROM output WHERE name = 'stage/evaluate.json'
                                   AND run_id IN (SELECT run_id FROM shown))
             SELECT kind, name, sha256, run.id, run.started_at,
                    (SELECT purged_at FROM purged WHERE purged.sha256 = file.sha256) AS purged_at, sha256 IN needed AS needed,
                    (SELECT loss.accepted_by || ' on ' || substr(loss.accepted_at, 1, 10) || ': ' || loss.reason
                     FROM accepted_loss AS loss JOIN output ON output.run_id = loss.run_id
                     WHERE output.name = 'stage/evaluate.json' AND output.sha256 = file.sha256) AS accepted
             FROM (SELECT 0 AS kind, name, sha256, MAX(run_id) AS run_id
                   FROM (SELECT name, sha256, run_id FROM input WHERE sha256 IS NOT NULL
                         UNION ALL SELECT partner, sha256, run_id FROM return_version) GROUP BY 2, 3
                   UNION ALL
                   SELECT 1, period || '/return of ' || partner, contents, MAX(run_id)
                   FROM return_version WHERE contents IS NOT NULL GROUP BY 2, 3
                   UNION ALL
                   SELECT CASE WHEN substr(output.name, 1, 6) = 'stage/' THEN 1 ELSE 2 END, run.period || '/' || output.name, output.sha256,
                          MAX(run.id)
                   FROM output JOIN run ON run.id = output.run_id GROUP BY 2, 3) AS file
             JOIN run ON run.id = file.run_id ORDER BY 1, 2, 4"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&self.pool).await?;
        rows.iter().map(kept_row).collect()
    }

    /// The files that runs of a quarter made for their readers and that were not purged, by name and SHA-256.
    pub async fn files_of(&self, period: Period) -> Result<BTreeSet<(String, String)>, LedgerError> {
        let made: Vec<(String, String)> = sqlx::query_as(
            "SELECT output.name, output.sha256 FROM output JOIN run ON run.id = output.run_id
             WHERE run.period = $1 AND substr(output.name, 1, 6) <> 'stage/' AND output.sha256 NOT IN (SELECT sha256 FROM purged)",
        )
        .bind(period.slug())
        .fetch_all(&self.pool)
        .await?;
        Ok(made.into_iter().collect())
    }

    /// Writes the whole ledger as it is now to a new file, while others read and write it.
    pub async fn back_up(&self, to: &Path) -> Result<(), LedgerError> {
        let failed = |problem: String| LedgerError::Failed(format!("{} cannot be written: {problem}", to.display()));
        let name = to.to_str().ok_or_else(|| failed("its name is not Unicode".to_owned()))?;
        sqlx::query("VACUUM INTO $1").bind(name).execute(&self.pool).await.map_err(|e| match LedgerError::from(e) {
            LedgerError::Failed(problem) => failed(problem),
            // It is the ledger that cannot be read.
            other => other,
        })?;
        let written = std::fs::File::open(to).and_then(|file| file.sync_all());
        written.map_err(|e| failed(e.to_string()))
    }

    /// Notes that a file of the archive is about to be removed for good, in the archive's record too: a ledger that is lost does
    /// not make it one that is missed.
    pub async fn note_purged(&self, sha256: &str, now: Timestamp) -> Result<(), LedgerError> {
        self.record_lines(vec![RecordLine::Purged { sha256: sha256.to_owned(), at: now }])?;
        sqlx::query(
            "INSERT INTO purged (sha256, purged_at) VALUES ($1, $2)
             ON CONFLICT (sha256) DO UPDATE SET purged_at = excluded.purged_at",
        )
        .bind(sha256)
        .bind(now.to_string())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The files that were removed because their time was over, each with when.
    pub(super) async fn purged(&self) -> Result<Vec<(String, Timestamp)>, LedgerError> {
        let sql = "SELECT sha256, purged_at FROM purged ORDER BY purged_at, sha256";
        let rows: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&self.pool).await?;
        rows.into_iter().map(|(sha256, at)| Ok((sha256, parse(&at)?))).collect()
    }

    /// Has the archive record those of which it does not know: an earlier version left them out.
    pub(super) async fn record_purged(&self) -> Result<(), LedgerError> {
        if self.is_worked_with() {
            let here = self.purged().await?;
            self.make_up("which files were purged", |known| known.lines_of_purged(here));
        }
        Ok(())
    }

    /// The runs started before `before` whose figures and judgements are still there.
    pub async fn runs_with_figures_before(&self, before: Timestamp) -> Result<Vec<RunId>, LedgerError> {
        let rows: Vec<(i64, String)> = sqlx::query_as(
            "SELECT id, started_at FROM run WHERE ended_at IS NOT NULL AND id NOT IN (SELECT run_id FROM purged_run) ORDER BY id",
        )
        .fetch_all(&self.pool)
        .await?;
        let started = rows.into_iter().map(|(id, at)| Ok((RunId(id), parse(&at)?))).collect::<Result<Vec<_>, LedgerError>>()?;
        Ok(started.into_iter().filter(|(_, at)| *at < before).map(|(id, _)| id).collect())
    }

    /// Removes a run's judgements, revisions and older records, all or none. That it ran, with what and to what end, stays.
    pub async fn purge_figures(&self, run: RunId, now: Timestamp) -> Result<(), LedgerError> {
        let mut transaction = self.pool.begin().await?;
        for table in [
            "DELETE FROM older_record WHERE run_id = $1",
            "DELETE FROM assessment WHERE run_id = $1",
            "DELETE FROM action_assessment WHERE run_id = $1",
            "DELETE FROM revision WHERE run_id = $1",
        ] {
            sqlx::query(table).bind(run.0).execute(&mut *transaction).await?;
        }
        sqlx::query("INSERT INTO purged_run (run_id, purged_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(run.0)
            .bind(now.to_string())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}

fn kept_row(row: &SqliteRow) -> Result<KeptFile, LedgerError> {
    let used = parse(row.try_get("started_at")?)?;
    let purged = row.try_get::<Option<&str>, _>("purged_at")?.map(parse).transpose()?;
    Ok(KeptFile {
        kind: match row.try_get::<i64, _>("kind")? {
            0 => FileUse::Input,
            1 => FileUse::Figures,
            _ => FileUse::Output,
        },
        sha256: row.try_get("sha256")?,
        name: row.try_get("name")?,
        run: RunId(row.try_get("id")?),
        used,
        // What a run used after that is there again.
        purged: purged.is_some_and(|at| at >= used),
        needed: row.try_get("needed")?,
        accepted: row.try_get("accepted")?,
    })
}

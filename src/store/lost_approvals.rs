//! Packs that waited for approval in a ledger that was lost: the word on them is asked again when they are made again, and until
//! then somebody is to be told.

use super::sent::{KnownMessages, MadeRun, RecordLine};
use super::{Ledger, LedgerError, RunId, RunOutcome};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use std::fmt;

/// A pack that waited for approval in a ledger that was lost.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LostApproval {
    /// The run that made it.
    pub run_id: i64,
    /// `2026-27-Q2`
    pub period: String,
}

impl fmt::Display for LostApproval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LostApproval { run_id, period } = self;
        write!(
            f,
            "the pack of {period} that run {run_id} made waited for approval, and the ledger does not know of it: it cannot be \
             approved any more, and nobody was sent it"
        )
    }
}

/// How the outcome of such a run begins.
const WAITED: &str = "its pack waited for approval when the ledger was lost";

impl LostApproval {
    /// How a run ended that is known by the record alone and whose pack waited.
    pub(super) fn outcome(&self) -> RunOutcome {
        let reason = format!("{WAITED}: it was not sent, and cannot be approved any more ({})", self.remedy());
        RunOutcome::Partial(vec![reason])
    }

    /// Whether a run is recorded as ended in this way.
    pub fn is_outcome(outcome: &RunOutcome) -> bool {
        matches!(outcome, RunOutcome::Partial(reasons) if reasons.iter().any(|reason| reason.starts_with(WAITED)))
    }

    pub(super) fn of(made: &MadeRun) -> Self {
        LostApproval { run_id: made.number, period: made.period.clone() }
    }

    /// What a person enters to have it made again.
    pub fn remedy(&self) -> String {
        format!("`boardpack run --period {}` makes the pack again and asks for approval", self.period)
    }

    /// Keeps in mind that somebody is to be told.
    pub(super) async fn keep(&self, connection: &mut SqliteConnection) -> Result<(), LedgerError> {
        sqlx::query("INSERT INTO lost_approval (run_id, period) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(self.run_id)
            .bind(&self.period)
            .execute(connection)
            .await?;
        Ok(())
    }
}

impl Ledger {
    /// Those that were neither made again nor told.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn lost_approvals(&self) -> Result<Vec<LostApproval>, LedgerError> {
        Ok(sqlx::query_as("SELECT run_id, period FROM lost_approval ORDER BY run_id").fetch_all(&self.pool).await?)
    }

    /// What the record says waits, and the ledger does not know of.
    pub(super) async fn approvals_lacking(&self, known: &KnownMessages) -> Result<Vec<LostApproval>, LedgerError> {
        let mut lacking = Vec::new();
        for made in known.waiting() {
            if self.approval(RunId(made.number)).await?.is_none() {
                lacking.push(LostApproval::of(made));
            }
        }
        Ok(lacking)
    }

    /// Records that the operators were told of all of them.
    pub async fn note_lost_approvals_told(&self) -> Result<(), LedgerError> {
        sqlx::query("DELETE FROM lost_approval").execute(&self.pool).await?;
        Ok(())
    }

    /// Records in the archive that what waited by the number of a run waits no more. Where that fails it is told as lost after a
    /// loss, and nothing worse.
    pub(super) fn record_answered(&self, run: RunId, now: Timestamp) {
        if let Err(error) = self.record_lines(vec![RecordLine::Answered { number: run.0, at: now }]) {
            tracing::warn!(%error, "a person's word on a pack is in the ledger but could not be recorded in the archive");
        }
    }
}

/// A run has made packs of its quarter that go out or wait.
pub(super) async fn made_again(connection: &mut SqliteConnection, run: RunId) -> Result<(), LedgerError> {
    let sql = "DELETE FROM lost_approval WHERE period = (SELECT period FROM run WHERE id = $1)";
    sqlx::query(sql).bind(run.0).execute(connection).await?;
    Ok(())
}

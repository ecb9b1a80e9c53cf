//! Which archive a ledger belongs to, by its id and those of the ledgers that it goes on from: a person who adopts one means to go
//! on with it, and not to mix two installations.

use super::{Ledger, LedgerError};
use crate::counted::counted;
use crate::settings::Paths;
use sqlx::SqliteConnection;

/// In the ledger: the name of the run in which what was sent was taken in.
pub(super) const ADOPTION: &str = "ledger-adoption";

/// What to do about a ledger that is another archive's.
pub(super) const REMEDY: &str = "correct paths.ledger or paths.archive if one of them names the wrong place; otherwise `boardpack \
    ledger restore FILE` restores a backup of this archive's own ledger; without a backup, move this one to its own archive, with the \
    files beside it that begin with its name, and adopt again: a new ledger takes in what the archive records";

impl Ledger {
    /// Whether an archive that belonged to the ledgers of these ids is its own, as far as one can tell.
    pub(super) async fn is_known_to(&self, ledgers: &[String]) -> Result<bool, LedgerError> {
        let Some(id) = self.id().await? else { return Ok(true) };
        if ledgers.is_empty() || ledgers.contains(&id) {
            return Ok(true);
        }
        let earlier: Vec<String> = sqlx::query_scalar("SELECT id FROM earlier_identity").fetch_all(&self.pool).await?;
        Ok(earlier.iter().any(|id| ledgers.contains(id)))
    }

    /// Why it is another archive's than the one that belonged to the ledgers of these ids; none where it is that one's own, or new.
    pub(super) async fn of_another(&self, paths: &Paths, ledgers: &[String]) -> Result<Option<String>, LedgerError> {
        if self.is_known_to(ledgers).await? {
            return Ok(None);
        }
        // What an earlier version adopted does not know what it went on from.
        let sql = "SELECT COUNT(*), COALESCE(MAX(started_at), ''),
                          EXISTS (SELECT 1 FROM run WHERE pack = $1) AND NOT EXISTS (SELECT 1 FROM earlier_identity)
                   FROM run";
        let (runs, last, is_unknown): (i64, String, bool) = sqlx::query_as(sql).bind(ADOPTION).fetch_one(&self.pool).await?;
        Ok((runs > 0 && !is_unknown).then(|| {
            format!(
                "the ledger {} has worked with another archive: {}, the last begun at {last}, and the archive {} never belonged to it",
                paths.ledger.display(),
                counted(usize::try_from(runs).unwrap_or_default(), "run", "runs"),
                paths.archive.display()
            )
        }))
    }
}

/// Keeps the ids of ledgers that this one goes on from.
pub(super) async fn keep(connection: &mut SqliteConnection, ids: impl IntoIterator<Item = &String>) -> Result<(), LedgerError> {
    for id in ids {
        sqlx::query("INSERT INTO earlier_identity (id) VALUES ($1) ON CONFLICT DO NOTHING")
            .bind(id)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

//! Messages that were cut off while they were being sent: nobody knows whether they went, so that they are held.

use super::run_row::RunId;
use super::{Ledger, LedgerError};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Messages of a run and a kind that were cut off while they were being sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutOff {
    pub run: RunId,
    pub kind: String,
    pub count: i64,
}

impl Ledger {
    /// Of messages whose sender is gone records that nobody knows what became of them, and gives them, with those that were
    /// found so before and of which [nobody was told](Self::note_said). What was being written to a file is written again.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn settle_cut_off(&self, now: Timestamp) -> Result<Vec<CutOff>, LedgerError> {
        let senders = "SELECT DISTINCT sender FROM message WHERE state = 'sending' ORDER BY sender";
        let senders: Vec<String> = sqlx::query_scalar(senders).fetch_all(&self.pool).await?;
        for sender in senders {
            if !self.lives(&sender)? {
                self.hold_sent_by(&sender, true, now).await?;
            }
        }
        let unsaid =
            "SELECT run_id, kind, COUNT(*) FROM message WHERE unsaid = 1 AND state = 'unknown' GROUP BY 1, 2 ORDER BY 1, 2";
        let found: Vec<(i64, String, i64)> = sqlx::query_as(unsaid).fetch_all(&self.pool).await?;
        Ok(found.into_iter().map(|(run, kind, count)| CutOff { run: RunId(run), kind, count }).collect())
    }

    /// The same to look at: nothing is recorded, so that each who looks finds them until somebody works with the ledger.
    pub async fn cut_off(&self) -> Result<Vec<CutOff>, LedgerError> {
        let sql = "SELECT run_id, kind, sender, state = 'sending', COUNT(*) FROM message
                   WHERE (state = 'sending' AND transport <> 'file') OR (state = 'unknown' AND unsaid = 1)
                   GROUP BY 1, 2, 3, 4";
        let rows: Vec<(i64, String, String, bool, i64)> = sqlx::query_as(sql).fetch_all(&self.pool).await?;
        let mut found: BTreeMap<(i64, String), i64> = BTreeMap::new();
        for (run, kind, sender, is_sending, count) in rows {
            if !is_sending || !self.lives(&sender)? {
                *found.entry((run, kind)).or_default() += count;
            }
        }
        Ok(found.into_iter().map(|((run, kind), count)| CutOff { run: RunId(run), kind, count }).collect())
    }

    /// Records that somebody was told of all that was found cut off.
    pub async fn note_said(&self) -> Result<(), LedgerError> {
        sqlx::query("UPDATE message SET unsaid = 0 WHERE unsaid = 1").execute(&self.pool).await?;
        Ok(())
    }
}

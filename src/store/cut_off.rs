//! Messages that were cut off while they were being sent: nobody knows whether they went, so that they are held.

use super::{Ledger, LedgerError, RunId};
use crate::distribute::MessageKey;
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
                self.hold(&sender, true, now).await?;
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

    /// Holds what this process was sending and gave up; it says so itself.
    pub async fn hold_own(&self, now: Timestamp) -> Result<(), LedgerError> {
        self.hold(self.process(), false, now).await
    }

    async fn hold(&self, sender: &str, unsaid: bool, now: Timestamp) -> Result<(), LedgerError> {
        sqlx::query(
            "UPDATE message SET state = CASE transport WHEN 'file' THEN 'pending' ELSE 'unknown' END,
                                detail = 'cut off while it was being sent', unsaid = $1, changed_at = $2
             WHERE state = 'sending' AND sender = $3",
        )
        .bind(unsaid)
        .bind(now.to_string())
        .bind(sender)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Of one that may have arrived, and is not sent again by itself: since when, and why; none of any other.
    pub async fn held_since(&self, key: &MessageKey) -> Result<Option<(String, String)>, LedgerError> {
        let sql = "SELECT changed_at, detail FROM message WHERE kind = $1 AND period = $2 AND about = $3 AND issue = $4
                                  AND recipient = $5 AND state = 'unknown'";
        let held = sqlx::query_as(sql)
            .bind(&key.kind)
            .bind(key.period.slug())
            .bind(&key.about)
            .bind(key.issue)
            .bind(key.address.to_lowercase());
        Ok(held.fetch_optional(&self.pool).await?)
    }
}

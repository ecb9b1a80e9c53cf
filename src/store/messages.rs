//! The outbox's record: a message is here before it is sent, and what became of it after.

use super::{Ledger, LedgerError, RunId};
use crate::distribute::{MessageKey, Outcome};
use jiff::Timestamp;
use sqlx::Row;

/// A message about to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    pub key: &'a MessageKey,
    /// With its angle brackets, as it stands in the header.
    pub message_id: &'a str,
    pub attachment_sha256: &'a str,
}

/// Whether a message may be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It is this caller's to send, and recorded as being sent.
    Granted,
    /// The recipient has it.
    AlreadyAccepted { at: String, attachment_sha256: String },
    /// It may or may not have arrived, or another process is sending it now.
    Held { since: String },
}

impl Ledger {
    /// Records the message where it is new, and claims it for sending.
    ///
    /// Of several callers one is granted it. What was accepted is never granted again; what was refused may be tried
    /// again; what may have arrived is granted only where `even_if_unknown`, a person's decision.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn claim_message(
        &self,
        run: RunId,
        delivery: &Delivery<'_>,
        even_if_unknown: bool,
        now: Timestamp,
    ) -> Result<Claim, LedgerError> {
        let key = delivery.key;
        sqlx::query(
            "INSERT INTO message (pack, period, area, issue, recipient, message_id, run_id, attachment_sha256, state, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', $9) ON CONFLICT DO NOTHING",
        )
        .bind(&key.pack)
        .bind(key.period.slug())
        .bind(key.area.as_str())
        .bind(key.issue)
        .bind(key.address.to_lowercase())
        .bind(delivery.message_id)
        .bind(run.0)
        .bind(delivery.attachment_sha256)
        .bind(now.to_string())
        .execute(&self.pool)
        .await?;
        let claimed = sqlx::query(
            "UPDATE message SET state = 'sending', attempts = attempts + 1, run_id = $1, attachment_sha256 = $2, changed_at = $3
             WHERE pack = $4 AND period = $5 AND area = $6 AND issue = $7 AND recipient = $8
               AND (state IN ('pending', 'refused') OR ($9 AND state IN ('sending', 'unknown')))",
        )
        .bind(run.0)
        .bind(delivery.attachment_sha256)
        .bind(now.to_string())
        .bind(&key.pack)
        .bind(key.period.slug())
        .bind(key.area.as_str())
        .bind(key.issue)
        .bind(key.address.to_lowercase())
        .bind(even_if_unknown)
        .execute(&self.pool)
        .await?;
        if claimed.rows_affected() == 1 {
            return Ok(Claim::Granted);
        }
        let row = sqlx::query(
            "SELECT state, changed_at, attachment_sha256 FROM message
             WHERE pack = $1 AND period = $2 AND area = $3 AND issue = $4 AND recipient = $5",
        )
        .bind(&key.pack)
        .bind(key.period.slug())
        .bind(key.area.as_str())
        .bind(key.issue)
        .bind(key.address.to_lowercase())
        .fetch_one(&self.pool)
        .await?;
        let at = row.try_get("changed_at")?;
        Ok(match row.try_get::<&str, _>("state")? {
            "accepted" => Claim::AlreadyAccepted { at, attachment_sha256: row.try_get("attachment_sha256")? },
            _ => Claim::Held { since: at },
        })
    }

    /// Records what became of a claimed message.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn settle_message(&self, message_id: &str, outcome: &Outcome, now: Timestamp) -> Result<(), LedgerError> {
        let (state, detail) = match outcome {
            Outcome::Accepted => ("accepted", ""),
            Outcome::Refused { reason, .. } => ("refused", reason.as_str()),
            Outcome::Unknown { reason } => ("unknown", reason.as_str()),
        };
        sqlx::query("UPDATE message SET state = $1, detail = $2, changed_at = $3 WHERE message_id = $4 AND state = 'sending'")
            .bind(state)
            .bind(detail)
            .bind(now.to_string())
            .bind(message_id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

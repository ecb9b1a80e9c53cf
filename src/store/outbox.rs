//! The outbox: a message is here before it is sent, and what became of it after. Everything that changes the state of a message is
//! in this file; [`Transition`] says what may happen to it in which state.

use super::message_state::Transition;
use super::messages::{MessageRow, message_row};
use super::run_row::RunId;
use super::sent::SentMessage;
use super::{Ledger, LedgerError, MessageState};
use crate::distribute::{DeliveryResult, MessageKey};
use crate::period::Period;
use crate::settings::TransportKind;
use jiff::Timestamp;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

/// A message as it is written to the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    pub key: MessageKey,
    /// With its angle brackets, as it stands in the header.
    pub message_id: String,
    /// Empty where nothing is attached.
    pub attachment_sha256: String,
    /// What is needed beside the key and the attachment to write it again, as json.
    pub content: String,
}

/// How a message is about to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Sending {
    pub by: TransportKind,
    /// A person has decided to send even what may have arrived.
    pub even_if_unknown: bool,
}

/// Whether a message may be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It is this caller's to send, and recorded as being sent.
    Granted,
    /// It is not to be sent, for this reason.
    Denied(DeliveryResult),
}

/// What becomes of a message with the same key that is in the outbox already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    Stays,
    /// It becomes the new one, where its state allows that; what was begun stays.
    Rewritten,
}

/// Where the message of a key is, bound as the first five parameters.
const OF_KEY: &str = "kind = $1 AND period = $2 AND about = $3 AND issue = $4 AND recipient = $5";

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, SqliteArguments>;

/// A statement with the parts of a key as its first five parameters.
fn of_key(sql: String, key: &MessageKey) -> Query<'static> {
    let query = sqlx::query(AssertSqlSafe(sql)).bind(key.kind.clone()).bind(key.period.slug());
    query.bind(key.about.clone()).bind(key.issue).bind(key.address.to_lowercase())
}

impl OutboxEntry {
    /// The same words to the same recipient, with the same attached.
    pub fn is_same_as(&self, row: &MessageRow) -> bool {
        self.content == row.content && self.attachment_sha256 == row.attachment_sha256
    }
}

impl Ledger {
    /// Records the message where it is new, and claims it for sending.
    ///
    /// Of several callers one is granted it. What was accepted is never granted again, to whatever transport; what was
    /// refused, or only written to a file, may be sent again. What may have arrived is granted only where a person has decided
    /// so, and to a transport that reaches people: a file would hide that it may have.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn claim_message(
        &self,
        run: RunId,
        entry: &OutboxEntry,
        sending: Sending,
        now: Timestamp,
    ) -> Result<Claim, LedgerError> {
        self.check_in_place().await?;
        let mut connection = self.pool.acquire().await?;
        insert(&mut connection, run, entry, MessageState::Pending, Existing::Stays, now).await?;
        drop(connection);
        let is_recorded = sending.by.reaches_people() && self.is_worked_with();
        let before = if is_recorded { Some(self.state_of(&entry.key).await?) } else { None };
        let again = sending.even_if_unknown && sending.by.reaches_people();
        let transition = if again { Transition::ClaimAgain } else { Transition::Claim };
        let sql = format!(
            "UPDATE message SET state = $6, attempts = attempts + 1, run_id = $7, attachment_sha256 = $8, changed_at = $9,
                                letter = $10, message_id = $11, transport = $12, sender = $13
             WHERE {OF_KEY} AND state IN ({})",
            transition.allowed_in_sql()
        );
        let claimed = of_key(sql, &entry.key)
            .bind(MessageState::Sending)
            .bind(run.0)
            .bind(&entry.attachment_sha256)
            .bind(now.to_string())
            .bind(&entry.content)
            .bind(&entry.message_id)
            .bind(sending.by.name())
            .bind(self.process())
            .execute(&self.pool)
            .await?;
        if claimed.rows_affected() == 1 {
            if let Some(before) = before {
                self.record_claimed(&entry.message_id, before, now).await?;
            }
            return Ok(Claim::Granted);
        }
        let sql = format!("SELECT state, detail, changed_at, attachment_sha256 FROM message WHERE {OF_KEY}");
        let row = of_key(sql, &entry.key).fetch_one(&self.pool).await?;
        let at: String = row.try_get("changed_at")?;
        Ok(Claim::Denied(match row.try_get("state")? {
            MessageState::Accepted => {
                let changed = row.try_get::<&str, _>("attachment_sha256")? != entry.attachment_sha256;
                DeliveryResult::AcceptedBefore { at, changed }
            }
            MessageState::Cancelled => DeliveryResult::Cancelled,
            MessageState::Waiting => DeliveryResult::AwaitsApproval,
            MessageState::Unknown => DeliveryResult::Unknown { reason: held_reason(&at, row.try_get("detail")?) },
            // By another, or it was sent by another between the two looks.
            MessageState::Sending | MessageState::Pending | MessageState::Written | MessageState::Refused => {
                DeliveryResult::Unknown { reason: format!("sending it began at {at}, and its end is not recorded yet") }
            }
        }))
    }

    async fn state_of(&self, key: &MessageKey) -> Result<MessageState, LedgerError> {
        let row = of_key(format!("SELECT state FROM message WHERE {OF_KEY}"), key).fetch_one(&self.pool).await?;
        Ok(row.try_get("state")?)
    }

    /// Records in the archive that a message is about to go, before it does. Where that cannot be it does not go, and is as it was
    /// `before`.
    async fn record_claimed(&self, message_id: &str, before: MessageState, now: Timestamp) -> Result<(), LedgerError> {
        let row = sqlx::query("SELECT * FROM message WHERE message_id = $1").bind(message_id).fetch_one(&self.pool).await?;
        let row = MessageRow { changed_at: now.to_string(), ..message_row(&row)? };
        let recorded = self.record_begun(&row.key, row.sent()?);
        if recorded.is_err() {
            let sql = format!(
                "UPDATE message SET state = $1, attempts = attempts - 1 WHERE id = $2 AND state IN ({})",
                Transition::Unclaim.allowed_in_sql()
            );
            sqlx::query(AssertSqlSafe(sql)).bind(before).bind(row.id).execute(&self.pool).await?;
        }
        recorded
    }

    /// Whether a message is still to be sent: it was not begun, or was refused; or it was only written to a file, and would
    /// go by a way that reaches people now.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn may_be_sent(&self, key: &MessageKey, reaches_people: bool) -> Result<bool, LedgerError> {
        let row = of_key(format!("SELECT state FROM message WHERE {OF_KEY}"), key).fetch_optional(&self.pool).await?;
        let state = row.map(|row| row.try_get("state")).transpose()?;
        Ok(state.is_none_or(|state| match state {
            MessageState::Pending | MessageState::Refused => true,
            MessageState::Written => reaches_people,
            MessageState::Waiting
            | MessageState::Sending
            | MessageState::Accepted
            | MessageState::Unknown
            | MessageState::Cancelled => false,
        }))
    }

    /// Of a message that may have arrived, and is not sent again by itself: why; none of any other.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn held_message(&self, key: &MessageKey) -> Result<Option<String>, LedgerError> {
        let sql = format!("SELECT changed_at, detail FROM message WHERE {OF_KEY} AND state = $6");
        let row = of_key(sql, key).bind(MessageState::Unknown).fetch_optional(&self.pool).await?;
        row.map(|row| Ok(held_reason(row.try_get("changed_at")?, row.try_get("detail")?))).transpose()
    }

    /// Records what became of a claimed message.
    pub async fn settle_message(&self, message_id: &str, result: &DeliveryResult, now: Timestamp) -> Result<(), LedgerError> {
        let (state, detail) = match result {
            DeliveryResult::Accepted => (MessageState::Accepted, ""),
            DeliveryResult::Written => (MessageState::Written, ""),
            DeliveryResult::Refused { reason, .. } => (MessageState::Refused, reason.as_str()),
            DeliveryResult::Unknown { reason } => (MessageState::Unknown, reason.as_str()),
            // It was not sent, so that nothing has changed.
            DeliveryResult::AcceptedBefore { .. } | DeliveryResult::Cancelled | DeliveryResult::AwaitsApproval => return Ok(()),
        };
        let sql = format!(
            "UPDATE message SET state = $1, detail = $2, changed_at = $3 WHERE message_id = $4 AND state IN ({})",
            Transition::Settle.allowed_in_sql()
        );
        let settled = sqlx::query(AssertSqlSafe(sql)).bind(state).bind(detail).bind(now.to_string()).bind(message_id);
        settled.execute(&self.pool).await?;
        if self.is_worked_with() && state != MessageState::Written {
            let row =
                sqlx::query("SELECT * FROM message WHERE message_id = $1").bind(message_id).fetch_optional(&self.pool).await?;
            if let Some(row) = row {
                self.record_ended(message_row(&row)?.sent()?);
            }
        }
        Ok(())
    }

    /// Takes out of the outbox what nobody has of a kind about one area: another kind takes its place.
    pub async fn replace_unsent(&self, kind: &str, period: Period, about: &str, now: Timestamp) -> Result<(), LedgerError> {
        let sql = format!(
            "UPDATE message SET state = $1, detail = 'another pack took its place', changed_at = $2
             WHERE kind = $3 AND period = $4 AND about = $5 AND state IN ({})",
            Transition::Replace.allowed_in_sql()
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(MessageState::Cancelled)
            .bind(now.to_string())
            .bind(kind)
            .bind(period.slug())
            .bind(about)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Takes the messages of a run that have not been begun out of the outbox; how many there were.
    pub async fn cancel_messages(&self, run: RunId, now: Timestamp) -> Result<u64, LedgerError> {
        let mut connection = self.pool.acquire().await?;
        let cancelled = of_run(&mut connection, run, Transition::Cancel, MessageState::Cancelled, now).await?;
        if cancelled > 0 {
            self.record_answered(run, now);
        }
        Ok(cancelled)
    }

    /// Holds what this process was sending and gave up; it says so itself.
    pub async fn hold_own(&self, now: Timestamp) -> Result<(), LedgerError> {
        self.hold_sent_by(self.process(), false, now).await
    }

    /// Of what `sender` was sending nobody knows what became of it; what it was writing to a file is written again. `unsaid` is
    /// true where somebody is still to be told.
    pub(super) async fn hold_sent_by(&self, sender: &str, unsaid: bool, now: Timestamp) -> Result<(), LedgerError> {
        let transitions = [(Transition::Release, MessageState::Pending), (Transition::Hold, MessageState::Unknown)];
        for (transition, state) in transitions {
            let is_file = if transition == Transition::Release { "=" } else { "<>" };
            let sql = format!(
                "UPDATE message SET state = $1, detail = 'cut off while it was being sent', unsaid = $2, changed_at = $3
                 WHERE state IN ({}) AND sender = $4 AND transport {is_file} $5",
                transition.allowed_in_sql()
            );
            sqlx::query(AssertSqlSafe(sql))
                .bind(state)
                .bind(unsaid)
                .bind(now.to_string())
                .bind(sender)
                .bind(TransportKind::File.name())
                .execute(&self.pool)
                .await?;
        }
        Ok(())
    }
}

/// Since when and why a message is held.
fn held_reason(at: &str, detail: &str) -> String {
    let detail = if detail.is_empty() { "how sending it ended is not known" } else { detail };
    format!("{detail} ({at})")
}

/// Releases what waited for the approval of a run's packs.
pub(super) async fn approve(connection: &mut SqliteConnection, run: RunId, now: Timestamp) -> Result<(), LedgerError> {
    of_run(connection, run, Transition::Approve, MessageState::Pending, now).await.map(drop)
}

/// What happens to all messages of a run whose state allows it; how many there were.
async fn of_run(
    connection: &mut SqliteConnection,
    run: RunId,
    transition: Transition,
    state: MessageState,
    now: Timestamp,
) -> Result<u64, LedgerError> {
    let from = transition.allowed_in_sql();
    let sql = format!("UPDATE message SET state = $1, changed_at = $2 WHERE run_id = $3 AND state IN ({from})");
    let changed = sqlx::query(AssertSqlSafe(sql)).bind(state).bind(now.to_string()).bind(run.0).execute(connection).await?;
    Ok(changed.rows_affected())
}

/// Writes a message to the outbox.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    run: RunId,
    entry: &OutboxEntry,
    state: MessageState,
    existing: Existing,
    now: Timestamp,
) -> Result<(), LedgerError> {
    let sql = format!(
        "INSERT INTO message (kind, period, about, issue, recipient, message_id, run_id, attachment_sha256, letter, state, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (kind, period, about, issue, recipient) DO UPDATE SET run_id = excluded.run_id, state = excluded.state,
             attachment_sha256 = excluded.attachment_sha256, letter = excluded.letter, changed_at = excluded.changed_at
         WHERE $12 AND state IN ({})",
        Transition::Rewrite.allowed_in_sql()
    );
    of_key(sql, &entry.key)
        .bind(&entry.message_id)
        .bind(run.0)
        .bind(&entry.attachment_sha256)
        .bind(&entry.content)
        .bind(state)
        .bind(now.to_string())
        .bind(existing == Existing::Rewritten)
        .execute(connection)
        .await?;
    Ok(())
}

/// A message that the archive records comes into the outbox as sent, whatever the ledger knew of it: it goes on from there.
pub(super) async fn restore_sent(
    connection: &mut SqliteConnection,
    run: i64,
    sent: &SentMessage,
    now: Timestamp,
) -> Result<(), LedgerError> {
    let (state, detail, at) = match sent.state {
        MessageState::Accepted => (MessageState::Accepted, "", sent.at),
        _ => (MessageState::Unknown, "the archive records that it was being sent, but not the result", now),
    };
    sqlx::query(
        "INSERT INTO message (kind, period, about, issue, recipient, message_id, run_id, attachment_sha256, letter, state,
                              transport, detail, attempts, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, 'smtp', $10, $11, $12)
         ON CONFLICT (kind, period, about, issue, recipient) DO UPDATE SET state = excluded.state, detail = excluded.detail,
             transport = excluded.transport, attempts = excluded.attempts, changed_at = excluded.changed_at,
             attachment_sha256 = excluded.attachment_sha256,
             run_id = CASE WHEN attachment_sha256 = excluded.attachment_sha256 THEN run_id ELSE excluded.run_id END,
             letter = CASE WHEN attachment_sha256 = excluded.attachment_sha256 THEN letter ELSE '' END",
    )
    .bind(&sent.kind)
    .bind(&sent.period)
    .bind(&sent.about)
    .bind(sent.issue)
    .bind(sent.address.to_lowercase())
    .bind(&sent.message_id)
    .bind(run)
    .bind(&sent.attachment_sha256)
    .bind(state)
    .bind(detail)
    .bind(sent.attempt)
    .bind(at.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests;

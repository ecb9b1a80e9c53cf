//! The messages of the outbox, to look at.

use super::run_row::{RunId, RunRow};
use super::schedules::parse;
use super::sent::SentMessage;
use super::{Ledger, LedgerError, MessageState};
use crate::distribute::MessageKey;
use crate::period::{Period, YearKind};
use jiff::civil::Date;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// A message as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    pub id: i64,
    pub key: MessageKey,
    /// With its angle brackets, as it stands in the header.
    pub message_id: String,
    pub run: RunId,
    pub attachment_sha256: String,
    /// What is needed beside the key and the attachments to write it again, as json; empty for what an older version sent.
    pub content: String,
    pub state: MessageState,
    /// How it was last sent, such as `smtp` or `file`; empty where it was not, or by an older version.
    pub transport: String,
    pub detail: String,
    pub attempts: i64,
    pub changed_at: String,
}

impl MessageRow {
    /// Its state, with how it was sent; that a file is no delivery is said.
    pub fn state_in_words(&self) -> String {
        match (self.state, self.transport.as_str()) {
            (MessageState::Written, _) => "written, not sent,".to_owned(),
            (MessageState::Unknown, _) => "held, for it may have arrived,".to_owned(),
            (MessageState::Accepted, transport) if !transport.is_empty() => format!("accepted by {transport}"),
            (state, _) => state.to_string(),
        }
    }

    /// What the record of the archive has of it.
    pub(super) fn sent(&self) -> Result<SentMessage, LedgerError> {
        Ok(SentMessage {
            kind: self.key.kind.clone(),
            period: self.key.period.slug(),
            about: self.key.about.clone(),
            issue: self.key.issue,
            address: self.key.address.clone(),
            message_id: self.message_id.clone(),
            attachment_sha256: self.attachment_sha256.clone(),
            attempt: self.attempts,
            state: self.state,
            at: parse(&self.changed_at)?,
        })
    }
}

impl Ledger {
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn message(&self, id: i64) -> Result<Option<MessageRow>, LedgerError> {
        let row = sqlx::query("SELECT * FROM message WHERE id = $1").bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(message_row).transpose()
    }

    /// The messages that a run was the last to write or to send, in the order in which they were first written.
    pub async fn messages(&self, run: RunId) -> Result<Vec<MessageRow>, LedgerError> {
        let rows = sqlx::query("SELECT * FROM message WHERE run_id = $1 ORDER BY id").bind(run.0).fetch_all(&self.pool).await?;
        rows.iter().map(message_row).collect()
    }

    /// The messages that a run wrote or tried to send and another took over, each as it stands now.
    pub async fn messages_taken_over(&self, run: RunId) -> Result<Vec<MessageRow>, LedgerError> {
        let sql = "SELECT message.* FROM message JOIN earlier_run_of_message AS earlier ON earlier.message_id = message.id \
                   WHERE earlier.run_id = $1 AND message.run_id <> $1 ORDER BY message.id";
        let rows = sqlx::query(sql).bind(run.0).fetch_all(&self.pool).await?;
        rows.iter().map(message_row).collect()
    }

    /// How many messages of a run's quarter are held as those of an earlier run, for they may have arrived.
    pub async fn held_of_others(&self, run: &RunRow) -> Result<usize, LedgerError> {
        let sql = "SELECT COUNT(*) FROM message WHERE state = 'unknown' AND period = $1 AND run_id < $2";
        let count: i64 = sqlx::query_scalar(sql).bind(&run.period).bind(run.id.0).fetch_one(&self.pool).await?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// Every message of a kind in one quarter, of every issue, in the order of issues and of writing.
    pub async fn messages_of(&self, kind: &str, period: Period) -> Result<Vec<MessageRow>, LedgerError> {
        let rows = sqlx::query("SELECT * FROM message WHERE kind = $1 AND period = $2 ORDER BY issue, id")
            .bind(kind)
            .bind(period.slug())
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(message_row).collect()
    }

    /// The first quarter, up to `period`, for which a run of a day up to `day` sent messages of these kinds: partners were asked
    /// for its returns, or readers told of them. A message in a file counts as long as nobody was ever sent one.
    pub async fn first_round(&self, kinds: &[&str], period: Period, day: Date) -> Result<Option<Period>, LedgerError> {
        let first: Option<String> = sqlx::query_scalar(
            "SELECT MIN(message.period) FROM message JOIN run ON run.id = message.run_id
             WHERE message.kind IN (SELECT value FROM json_each($1)) AND message.period <= $2 AND run.as_at <= $3
               AND (state IN ('accepted', 'sending', 'unknown')
                    OR state = 'written' AND NOT EXISTS (SELECT 1 FROM message WHERE state IN ('accepted', 'unknown')))",
        )
        .bind(serde_json::to_string(kinds)?)
        .bind(period.slug())
        .bind(day.to_string())
        .fetch_one(&self.pool)
        .await?;
        let read = |slug: String| Period::parse(&slug, YearKind::Financial).map_err(|_| not_a_quarter(&slug));
        first.map(read).transpose()
    }
}

fn not_a_quarter(slug: &str) -> LedgerError {
    LedgerError::Failed(format!("a message is of {slug:?}, which is not a quarter"))
}

pub(super) fn message_row(row: &SqliteRow) -> Result<MessageRow, LedgerError> {
    let period: String = row.try_get("period")?;
    let period = Period::parse(&period, YearKind::Financial).map_err(|_| not_a_quarter(&period))?;
    Ok(MessageRow {
        id: row.try_get("id")?,
        key: MessageKey {
            kind: row.try_get("kind")?,
            period,
            about: row.try_get("about")?,
            issue: row.try_get("issue")?,
            address: row.try_get("recipient")?,
        },
        message_id: row.try_get("message_id")?,
        run: RunId(row.try_get("run_id")?),
        attachment_sha256: row.try_get("attachment_sha256")?,
        content: row.try_get("letter")?,
        state: row.try_get("state")?,
        transport: row.try_get("transport")?,
        detail: row.try_get("detail")?,
        attempts: row.try_get("attempts")?,
        changed_at: row.try_get("changed_at")?,
    })
}

//! The outbox's record: a message is here before it is sent, and what became of it after.

use super::{Ledger, LedgerError, RunId, RunRow, Sent};
use crate::distribute::{MessageKey, Outcome};
use crate::period::{Period, YearKind};
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

/// A message about to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    pub key: &'a MessageKey,
    /// With its angle brackets, as it stands in the header.
    pub message_id: &'a str,
    /// Empty where nothing is attached.
    pub attachment_sha256: &'a str,
    /// What is needed beside the key and the attachment to write it again, as json.
    pub letter: &'a str,
    /// It waits for a person's word and is not to be sent before.
    pub waits: bool,
}

/// How a message is about to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    /// The transport, for the record: `smtp`.
    pub transport: &'a str,
    /// False where the message is only written to a file, which is no delivery.
    pub reaches_people: bool,
    /// A person has decided to send even what may have arrived.
    pub even_if_unknown: bool,
}

/// A message as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    pub id: i64,
    pub key: MessageKey,
    pub run: RunId,
    pub attachment_sha256: String,
    /// As json; empty for what an older version sent.
    pub letter: String,
    /// `waiting`, `pending`, `sending`, `written`, `accepted`, `refused`, `unknown` or `cancelled`.
    pub state: String,
    /// How it was last sent, such as `smtp` or `file`; empty where it was not, or by an older version.
    pub transport: String,
    pub detail: String,
    pub attempts: i64,
    pub changed_at: String,
}

impl MessageRow {
    /// Its state, with how it was sent; that a file is no delivery is said.
    pub fn state_in_words(&self) -> String {
        match (self.state.as_str(), self.transport.as_str()) {
            ("written", _) => "written, not sent,".to_owned(),
            ("unknown", _) => "held, for it may have arrived,".to_owned(),
            (state, "") => state.to_owned(),
            ("accepted", transport) => format!("accepted by {transport}"),
            (state, _) => state.to_owned(),
        }
    }
}

/// Whether a message may be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It is this caller's to send, and recorded as being sent.
    Granted,
    /// The recipient has it.
    AlreadyAccepted { at: String, attachment_sha256: String },
    /// It may have arrived: sending it ended then so that nobody knows, for the reason given.
    Held { since: String, reason: String },
    /// Sending it began then and has not ended.
    BeingSent { since: String },
    /// A person decided that it is not to be sent.
    Cancelled { at: String },
    /// It waits for a person's word.
    Waits,
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
        delivery: &Delivery<'_>,
        sending: Sending<'_>,
        now: Timestamp,
    ) -> Result<Claim, LedgerError> {
        let key = delivery.key;
        self.check_in_place().await?;
        let mut connection = self.pool.acquire().await?;
        insert(&mut connection, run, delivery, Existing::Stays, now).await?;
        drop(connection);
        let before = self.state_of(key).await?;
        let claimed = sqlx::query(
            "UPDATE message SET state = 'sending', attempts = attempts + 1, run_id = $1, attachment_sha256 = $2, changed_at = $3,
                                letter = $10, message_id = $11, transport = $12, sender = $13
             WHERE kind = $4 AND period = $5 AND about = $6 AND issue = $7 AND recipient = $8
               AND (state IN ('pending', 'written', 'refused') OR ($9 AND state IN ('sending', 'unknown')))",
        )
        .bind(run.0)
        .bind(delivery.attachment_sha256)
        .bind(now.to_string())
        .bind(&key.kind)
        .bind(key.period.slug())
        .bind(&key.about)
        .bind(key.issue)
        .bind(key.address.to_lowercase())
        .bind(sending.even_if_unknown && sending.reaches_people)
        .bind(delivery.letter)
        .bind(delivery.message_id)
        .bind(sending.transport)
        .bind(self.process())
        .execute(&self.pool)
        .await?;
        if claimed.rows_affected() == 1 {
            if sending.reaches_people && self.is_worked_with() {
                self.record_claimed(delivery, &before, now).await?;
            }
            return Ok(Claim::Granted);
        }
        let row = sqlx::query(
            "SELECT state, detail, changed_at, attachment_sha256 FROM message
             WHERE kind = $1 AND period = $2 AND about = $3 AND issue = $4 AND recipient = $5",
        )
        .bind(&key.kind)
        .bind(key.period.slug())
        .bind(&key.about)
        .bind(key.issue)
        .bind(key.address.to_lowercase())
        .fetch_one(&self.pool)
        .await?;
        let at = row.try_get("changed_at")?;
        Ok(match row.try_get::<&str, _>("state")? {
            "accepted" => Claim::AlreadyAccepted { at, attachment_sha256: row.try_get("attachment_sha256")? },
            "cancelled" => Claim::Cancelled { at },
            "waiting" => Claim::Waits,
            "unknown" => Claim::Held { since: at, reason: row.try_get("detail")? },
            _ => Claim::BeingSent { since: at },
        })
    }

    async fn state_of(&self, key: &MessageKey) -> Result<String, LedgerError> {
        let sql = "SELECT state FROM message WHERE kind = $1 AND period = $2 AND about = $3 AND issue = $4 AND recipient = $5";
        let state = sqlx::query_scalar(sql)
            .bind(&key.kind)
            .bind(key.period.slug())
            .bind(&key.about)
            .bind(key.issue)
            .bind(key.address.to_lowercase());
        Ok(state.fetch_one(&self.pool).await?)
    }

    /// Records in the archive that a message is about to go, before it does. Where that cannot be it does not go, and is as it was
    /// `before`.
    async fn record_claimed(&self, delivery: &Delivery<'_>, before: &str, now: Timestamp) -> Result<(), LedgerError> {
        let row =
            sqlx::query("SELECT * FROM message WHERE message_id = $1").bind(delivery.message_id).fetch_one(&self.pool).await?;
        let row = MessageRow { changed_at: now.to_string(), ..message_row(&row)? };
        let recorded = self.record_begun(&row.key, Sent::of(&row, delivery.message_id)?);
        if recorded.is_err() {
            sqlx::query("UPDATE message SET state = $1, attempts = attempts - 1 WHERE id = $2 AND state = 'sending'")
                .bind(before)
                .bind(row.id)
                .execute(&self.pool)
                .await?;
        }
        recorded
    }

    /// Whether a message is still to be sent: it was not begun, or was refused; or it was only written to a file, and would
    /// go by a way that reaches people now.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn may_be_sent(&self, key: &MessageKey, reaches_people: bool) -> Result<bool, LedgerError> {
        let taken: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM message WHERE kind = $1 AND period = $2 AND about = $3 AND issue = $4
                            AND recipient = $5 AND state NOT IN ('pending', 'refused') AND NOT ($6 AND state = 'written'))",
        )
        .bind(&key.kind)
        .bind(key.period.slug())
        .bind(&key.about)
        .bind(key.issue)
        .bind(key.address.to_lowercase())
        .bind(reaches_people)
        .fetch_one(&self.pool)
        .await?;
        Ok(!taken)
    }

    /// Records what became of a claimed message.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn settle_message(&self, message_id: &str, outcome: &Outcome, now: Timestamp) -> Result<(), LedgerError> {
        let (state, detail) = match outcome {
            Outcome::Accepted => ("accepted", ""),
            Outcome::Written => ("written", ""),
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
        if self.is_worked_with() && state != "written" {
            let row =
                sqlx::query("SELECT * FROM message WHERE message_id = $1").bind(message_id).fetch_optional(&self.pool).await?;
            if let Some(row) = row {
                self.record_ended(Sent::of(&message_row(&row)?, message_id)?);
            }
        }
        Ok(())
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
    pub async fn first_round(&self, kinds: &[&str; 4], period: Period, day: Date) -> Result<Option<Period>, LedgerError> {
        let first: Option<String> = sqlx::query_scalar(
            "SELECT MIN(message.period) FROM message JOIN run ON run.id = message.run_id
             WHERE message.kind IN ($1, $2, $3, $4) AND message.period <= $5 AND run.as_at <= $6
               AND (state IN ('accepted', 'sending', 'unknown')
                    OR state = 'written' AND NOT EXISTS (SELECT 1 FROM message WHERE state IN ('accepted', 'unknown')))",
        )
        .bind(kinds[0])
        .bind(kinds[1])
        .bind(kinds[2])
        .bind(kinds[3])
        .bind(period.slug())
        .bind(day.to_string())
        .fetch_one(&self.pool)
        .await?;
        let read = |slug: String| Period::parse(&slug, YearKind::Financial).map_err(|_| not_a_quarter(&slug));
        first.map(read).transpose()
    }

    /// Takes out of the outbox what nobody has of a kind about one area: another kind takes its place.
    pub async fn replace_unsent(&self, kind: &str, period: Period, about: &str, now: Timestamp) -> Result<(), LedgerError> {
        sqlx::query(
            "UPDATE message SET state = 'cancelled', detail = 'another pack took its place', changed_at = $1
             WHERE kind = $2 AND period = $3 AND about = $4 AND state IN ('waiting', 'pending', 'refused')",
        )
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
        let cancelled = sqlx::query(
            "UPDATE message SET state = 'cancelled', changed_at = $1 WHERE run_id = $2 AND state IN ('waiting', 'pending')",
        )
        .bind(now.to_string())
        .bind(run.0)
        .execute(&self.pool)
        .await?;
        Ok(cancelled.rows_affected())
    }
}

/// What becomes of a message with the same key that is in the outbox already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    Stays,
    /// It becomes the new one where it was not begun, was refused or cancelled, or only written to a file; what was begun stays.
    Replaced,
}

/// Writes a message to the outbox.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    run: RunId,
    delivery: &Delivery<'_>,
    existing: Existing,
    now: Timestamp,
) -> Result<(), LedgerError> {
    let key = delivery.key;
    sqlx::query(
        "INSERT INTO message (kind, period, about, issue, recipient, message_id, run_id, attachment_sha256, letter, state, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (kind, period, about, issue, recipient) DO UPDATE SET run_id = excluded.run_id, state = excluded.state,
             attachment_sha256 = excluded.attachment_sha256, letter = excluded.letter, changed_at = excluded.changed_at
         WHERE $12 AND state IN ('waiting', 'pending', 'written', 'refused', 'cancelled')",
    )
    .bind(&key.kind)
    .bind(key.period.slug())
    .bind(&key.about)
    .bind(key.issue)
    .bind(key.address.to_lowercase())
    .bind(delivery.message_id)
    .bind(run.0)
    .bind(delivery.attachment_sha256)
    .bind(delivery.letter)
    .bind(if delivery.waits { "waiting" } else { "pending" })
    .bind(now.to_string())
    .bind(existing == Existing::Replaced)
    .execute(connection)
    .await?;
    Ok(())
}

fn not_a_quarter(slug: &str) -> LedgerError {
    LedgerError::Failed(format!("a message is of {slug:?}, which is no quarter"))
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
        run: RunId(row.try_get("run_id")?),
        attachment_sha256: row.try_get("attachment_sha256")?,
        letter: row.try_get("letter")?,
        state: row.try_get("state")?,
        transport: row.try_get("transport")?,
        detail: row.try_get("detail")?,
        attempts: row.try_get("attempts")?,
        changed_at: row.try_get("changed_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{CutOff, NewRun};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const SMTP: Sending<'static> = Sending { transport: "smtp", reaches_people: true, even_if_unknown: false };
    const FILE: Sending<'static> = Sending { transport: "file", reaches_people: false, even_if_unknown: false };

    async fn ledger(folder: &std::path::Path) -> (Ledger, RunId) {
        let ledger = Ledger::open(&folder.join("ledger.sqlite")).await.unwrap();
        let period = Period::financial_quarter(2026, 2);
        let run = NewRun { pack: "p", period, as_at: period.end(), edition: "2024", trigger: "by hand" };
        let run = ledger.start_run(&run, NOW).await.unwrap();
        (ledger, run)
    }

    fn key(address: &str) -> MessageKey {
        MessageKey {
            kind: "p".to_owned(),
            period: Period::financial_quarter(2026, 2),
            about: "E54000060".to_owned(),
            issue: 1,
            address: address.to_owned(),
        }
    }

    fn refused() -> Outcome {
        Outcome::Refused { reason: "550 no such user".to_owned(), permanent: true }
    }

    fn held() -> Claim {
        Claim::Held { since: NOW.to_string(), reason: "silence after DATA".to_owned() }
    }

    fn unknown() -> Outcome {
        Outcome::Unknown { reason: "silence after DATA".to_owned() }
    }

    #[tokio::test]
    async fn accepted_messages_are_never_granted_again() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, run) = ledger(folder.path()).await;
        let (first, second) = (key("chair@example.org"), key("Chair@Example.org"));
        let delivery = |key| Delivery { key, message_id: "<1@x>", attachment_sha256: "aa", letter: "", waits: false };
        assert_eq!(ledger.claim_message(run, &delivery(&first), SMTP, NOW).await.unwrap(), Claim::Granted);
        ledger.settle_message("<1@x>", &Outcome::Accepted, NOW).await.unwrap();
        for even_if_unknown in [false, true] {
            let claim = ledger.claim_message(run, &delivery(&second), Sending { even_if_unknown, ..SMTP }, NOW).await.unwrap();
            assert_eq!(claim, Claim::AlreadyAccepted { at: NOW.to_string(), attachment_sha256: "aa".to_owned() });
        }
    }

    #[tokio::test]
    async fn uncertain_messages_are_granted_only_on_request() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, run) = ledger(folder.path()).await;
        let key = key("chair@example.org");
        let delivery = Delivery { key: &key, message_id: "<1@x>", attachment_sha256: "aa", letter: "", waits: false };
        // Cut off while sending, and then sent with no answer.
        assert_eq!(ledger.claim_message(run, &delivery, SMTP, NOW).await.unwrap(), Claim::Granted);
        assert_eq!(ledger.claim_message(run, &delivery, SMTP, NOW).await.unwrap(), Claim::BeingSent { since: NOW.to_string() });
        ledger.settle_message("<1@x>", &unknown(), NOW).await.unwrap();
        assert_eq!(ledger.claim_message(run, &delivery, SMTP, NOW).await.unwrap(), held());
        assert_eq!(
            ledger.claim_message(run, &delivery, Sending { even_if_unknown: true, ..SMTP }, NOW).await.unwrap(),
            Claim::Granted
        );
    }

    #[tokio::test]
    async fn written_messages_can_be_sent_but_not_rewritten() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, run) = ledger(folder.path()).await;
        let key = key("chair@example.org");
        let delivery = Delivery { key: &key, message_id: "<1@x>", attachment_sha256: "aa", letter: "", waits: false };
        let claim = async |sending| ledger.claim_message(run, &delivery, sending, NOW).await.unwrap();
        assert_eq!(claim(FILE).await, Claim::Granted);
        ledger.settle_message("<1@x>", &Outcome::Written, NOW).await.unwrap();
        assert!(!ledger.may_be_sent(&key, false).await.unwrap() && ledger.may_be_sent(&key, true).await.unwrap());
        assert_eq!(claim(SMTP).await, Claim::Granted);
        ledger.settle_message("<1@x>", &Outcome::Accepted, NOW).await.unwrap();
        assert!(!ledger.may_be_sent(&key, true).await.unwrap());
        for sending in [FILE, SMTP, Sending { even_if_unknown: true, ..FILE }] {
            assert!(matches!(claim(sending).await, Claim::AlreadyAccepted { .. }), "{sending:?}");
        }
        assert_eq!(ledger.messages(run).await.unwrap()[0].transport, "smtp");
    }

    #[tokio::test]
    async fn writing_to_files_leaves_uncertain_messages_uncertain() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, run) = ledger(folder.path()).await;
        let key = key("chair@example.org");
        let delivery = Delivery { key: &key, message_id: "<1@x>", attachment_sha256: "aa", letter: "", waits: false };
        assert_eq!(ledger.claim_message(run, &delivery, SMTP, NOW).await.unwrap(), Claim::Granted);
        ledger.settle_message("<1@x>", &unknown(), NOW).await.unwrap();
        let anyway = Sending { even_if_unknown: true, ..FILE };
        assert_eq!(ledger.claim_message(run, &delivery, anyway, NOW).await.unwrap(), held());
    }

    #[tokio::test]
    async fn interrupted_file_writing_is_repeated() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, run) = ledger(folder.path()).await;
        let (by_file, by_smtp) = (key("chair@example.org"), key("vice@example.org"));
        for (key, message_id, sending) in [(&by_file, "<1@x>", FILE), (&by_smtp, "<2@x>", SMTP)] {
            let delivery = Delivery { key, message_id, attachment_sha256: "aa", letter: "", waits: false };
            assert_eq!(ledger.claim_message(run, &delivery, sending, NOW).await.unwrap(), Claim::Granted);
        }
        assert_eq!(ledger.settle_cut_off(NOW).await.unwrap(), [CutOff { run, kind: "p".to_owned(), count: 1 }]);
        let states: Vec<String> = ledger.messages(run).await.unwrap().into_iter().map(|row| row.state).collect();
        assert_eq!(states, ["pending", "unknown"]);
    }

    #[tokio::test]
    async fn only_sending_completes_a_round() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
        let quarter = |q| Period::financial_quarter(2026, q);
        let first =
            async |period: Period, day: Date| ledger.first_round(&["return_request", "a", "b", "c"], period, day).await.unwrap();
        let send = async |q, kind: &str, sending: Sending<'static>, outcome: Outcome| {
            let period = quarter(q);
            let new = NewRun { pack: "p", period, as_at: period.end(), edition: "2024", trigger: "by hand" };
            let run = ledger.start_run(&new, NOW).await.unwrap();
            let key = MessageKey { kind: kind.to_owned(), period, ..key("trust@example.org") };
            let message_id = format!("<{q} {kind}@x>");
            let delivery = Delivery { key: &key, message_id: &message_id, attachment_sha256: "", letter: "", waits: false };
            assert_eq!(ledger.claim_message(run, &delivery, sending, NOW).await.unwrap(), Claim::Granted);
            ledger.settle_message(&message_id, &outcome, NOW).await.unwrap();
        };
        let day = quarter(4).end();
        assert_eq!(first(quarter(4), day).await, None);
        send(2, "return_request", FILE, Outcome::Written).await;
        assert_eq!(first(quarter(4), day).await, Some(quarter(2)), "nobody was ever sent anything: files are the way");
        send(3, "return_request", SMTP, Outcome::Accepted).await;
        assert_eq!(first(quarter(4), day).await, Some(quarter(3)), "what came before was tried in files");
        assert_eq!(first(quarter(2), day).await, None, "it is of a later quarter");
        assert_eq!(first(quarter(4), quarter(2).end()).await, None, "it was not sent yet on that day");
        send(2, "operators", SMTP, Outcome::Accepted).await;
        send(1, "return_request", SMTP, refused()).await;
        assert_eq!(first(quarter(4), day).await, Some(quarter(3)), "nobody was asked by either");
    }

    #[tokio::test]
    async fn what_was_refused_may_be_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, run) = ledger(folder.path()).await;
        let key = key("chair@example.org");
        let delivery = Delivery { key: &key, message_id: "<1@x>", attachment_sha256: "aa", letter: "", waits: false };
        for _ in 0..3 {
            assert_eq!(ledger.claim_message(run, &delivery, SMTP, NOW).await.unwrap(), Claim::Granted);
            ledger.settle_message("<1@x>", &refused(), NOW).await.unwrap();
        }
    }

    #[tokio::test]
    async fn another_sender_is_recorded() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, run) = ledger(folder.path()).await;
        let key = key("chair@example.org");
        for (message_id, outcome) in [("<1@before.example>", refused()), ("<1@after.example>", Outcome::Accepted)] {
            let delivery = Delivery { key: &key, message_id, attachment_sha256: "aa", letter: "", waits: false };
            assert_eq!(ledger.claim_message(run, &delivery, SMTP, NOW).await.unwrap(), Claim::Granted);
            ledger.settle_message(message_id, &outcome, NOW).await.unwrap();
        }
        assert_eq!(ledger.messages(run).await.unwrap()[0].state, "accepted");
    }

    #[tokio::test]
    async fn concurrent_claims_have_one_winner() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, run) = ledger(folder.path()).await;
        let other = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
        let mut claims = tokio::task::JoinSet::new();
        for n in 0..8 {
            let ledger = if n % 2 == 0 { ledger.clone() } else { other.clone() };
            claims.spawn(async move {
                let key = key("chair@example.org");
                let delivery = Delivery { key: &key, message_id: "<1@x>", attachment_sha256: "aa", letter: "", waits: false };
                let message = ledger.claim_message(run, &delivery, SMTP, NOW).await.unwrap() == Claim::Granted;
                (message, ledger.claim_occurrence("quarterly", NOW, &n.to_string(), NOW).await.unwrap())
            });
        }
        let granted = claims.join_all().await;
        assert_eq!(granted.iter().filter(|(message, _)| *message).count(), 1);
        assert_eq!(granted.iter().filter(|(_, occurrence)| *occurrence).count(), 1);
    }
}

//! Sending each message once: the ledger holds that it is being sent before a byte of it leaves, and how that ended after.

use super::error::RunError;
use super::lease::Lease;
use super::mail_config::MailConfig;
use super::stop;
use crate::archive;
use crate::distribute::templates::Words;
use crate::distribute::{self, Attachment, Message, MessageKey, Outcome, Recipient, Transport};
use crate::fault::Faults;
use crate::period::Period;
use crate::settings::{self, Settings};
use crate::store::records::{self, Record as StoredRecord, UnreadableRecord};
use crate::store::{Claim, Delivery, Ledger, LedgerError, MessageRow, RunId, Sending};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    Now,
    /// To a file, and to nobody.
    Written,
    /// By an earlier run; `changed` where what is attached is no longer what was sent.
    Before {
        at: String,
        changed: bool,
    },
    Refused {
        reason: String,
    },
    /// It may have arrived: it is not sent again unasked.
    Held {
        reason: String,
    },
    /// A person took it out of the outbox.
    Cancelled,
    /// Its pack waits for a person's word.
    Waits,
}

/// The way out for a run's messages.
pub(super) struct Post<'a> {
    pub ledger: &'a Ledger,
    pub run: RunId,
    pub mail: &'a MailConfig,
    pub transport: Transport,
    /// A person has decided to send even what may have arrived before, now or in the settings. What may have arrived by this
    /// very sending is not sent by it again.
    pub even_if_unknown: bool,
    pub pace: Pace,
    /// Of the packs that the messages carry, where there are any.
    pub lease: Option<&'a Lease>,
    pub now: fn() -> Timestamp,
}

/// How often a message is tried, and how fast they follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    pub attempts: u32,
    /// Doubled after each attempt.
    pub first_retry: Duration,
    /// At least one.
    pub a_minute: usize,
}

/// A message to one recipient.
#[derive(Debug, Clone)]
pub(super) struct Letter<'a> {
    pub key: MessageKey,
    pub recipient: Recipient,
    pub words: Words,
    pub attachments: Vec<Attachment<'a>>,
}

/// What is attached to messages, by its SHA-256: each once, however many get it.
pub(super) struct Attached(pub(super) BTreeMap<String, Vec<u8>>);

impl Attached {
    pub fn of(&self, sha256: &str) -> &[u8] {
        self.0.get(sha256).map_or(&[], Vec::as_slice)
    }
}

/// A letter as the outbox keeps it, beside its key and the bytes of what is attached.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub recipient: Recipient,
    pub words: Words,
    /// Name and media type of what is attached, whose SHA-256 stands with the message.
    pub attachment: Option<(String, String)>,
    /// What else is attached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<Further>,
}

/// An attachment that is not the first of its message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Further {
    name: String,
    media_type: String,
    sha256: String,
}

impl StoredRecord for Kept {
    const NAME: &'static str = "a message";
}

/// What the ledger is told of a letter.
pub(super) struct Record {
    message_id: String,
    sha256: String,
    kept: String,
}

impl Pace {
    pub fn of(mail: &settings::Mail) -> Self {
        Self {
            attempts: mail.attempts.max(1),
            first_retry: Duration::from_secs(mail.first_retry_seconds),
            a_minute: mail.messages_per_minute.max(1),
        }
    }
}

impl Letter<'_> {
    pub fn record(&self, mail: &MailConfig) -> Result<Record, LedgerError> {
        let mut attachments = self.attachments.iter();
        let first = attachments.next();
        let kept = Kept {
            recipient: self.recipient.clone(),
            words: self.words.clone(),
            attachment: first.map(|attached| (attached.name.to_owned(), attached.media_type.to_owned())),
            further: attachments
                .map(|attached| Further {
                    name: attached.name.to_owned(),
                    media_type: attached.media_type.to_owned(),
                    sha256: archive::sha256(attached.bytes),
                })
                .collect(),
        };
        Ok(Record {
            message_id: self.key.message_id(mail.sender.domain()).as_str().to_owned(),
            sha256: first.map_or(String::new(), |attached| archive::sha256(attached.bytes)),
            kept: records::write(&kept)?,
        })
    }
}

impl Kept {
    /// # Errors
    /// The ledger holds no words of what an older version sent.
    pub fn of(row: &MessageRow) -> Result<Self, LedgerError> {
        if row.letter.is_empty() {
            return Err(LedgerError::Failed(format!(
                "the text of message {} is not kept, so it cannot be sent again: ask its recipient, or send all the pack anew (`boardpack run --reissue REASON`)",
                row.id
            )));
        }
        let unreadable =
            |e: UnreadableRecord| LedgerError::Unreadable { place: format!("message {}", row.id), problem: e.to_string() };
        records::read(row.letter.as_bytes()).map_err(unreadable)
    }

    /// The SHA-256 of everything that is attached.
    pub fn attached<'a>(&'a self, row: &'a MessageRow) -> impl Iterator<Item = &'a str> {
        let first = Some(row.attachment_sha256.as_str()).filter(|sha256| !sha256.is_empty());
        first.into_iter().chain(self.further.iter().map(|one| one.sha256.as_str()))
    }

    /// The message once more, with what is attached to it by its SHA-256.
    pub fn letter<'a>(&'a self, row: &MessageRow, attached: &'a Attached) -> Letter<'a> {
        let first = self.attachment.iter().map(|(name, media_type)| (name, media_type, &row.attachment_sha256));
        let further = self.further.iter().map(|one| (&one.name, &one.media_type, &one.sha256));
        let all = first.chain(further);
        let attachments = all.map(|(name, media_type, sha256)| Attachment { name, media_type, bytes: attached.of(sha256) });
        let attachments = attachments.collect();
        Letter { key: row.key.clone(), recipient: self.recipient.clone(), words: self.words.clone(), attachments }
    }
}

impl Record {
    /// The same words to the same recipient, with the same attached.
    pub fn is_of(&self, row: &MessageRow) -> bool {
        self.kept == row.letter && self.sha256 == row.attachment_sha256
    }

    pub fn delivery<'a>(&'a self, key: &'a MessageKey, waits: bool) -> Delivery<'a> {
        Delivery { key, message_id: &self.message_id, attachment_sha256: &self.sha256, letter: &self.kept, waits }
    }
}

impl<'a> Post<'a> {
    /// For messages with packs of a quarter, in the way of the settings.
    ///
    /// # Errors
    /// Mail settings that cannot be used.
    pub fn of_packs(
        settings: &Settings,
        mail: &'a MailConfig,
        ledger: &'a Ledger,
        (run, period): (RunId, Period),
        lease: &'a Lease,
        now: fn() -> Timestamp,
    ) -> Result<Self, Faults> {
        Ok(Self {
            ledger,
            run,
            mail,
            transport: Transport::new(&settings.mail, &settings.paths.messages().join(period.slug()))?,
            even_if_unknown: settings.mail.at_least_once,
            pace: Pace::of(&settings.mail),
            lease: Some(lease),
            now,
        })
    }

    /// What became of each message, and the file that it was written to now, where it goes to files. What is refused for
    /// the moment is tried again, after a pause that doubles; what is refused for good, or may have arrived, is not.
    ///
    /// # Errors
    /// The ledger's; an attachment that cannot be put in a message; a lease that was lost.
    pub async fn send(&self, letters: &[Letter<'_>]) -> Result<Vec<(Delivered, Option<PathBuf>)>, RunError> {
        let mut results: Vec<Option<(Delivered, Option<PathBuf>)>> = vec![None; letters.len()];
        let mut again: Vec<usize> = (0..letters.len()).collect();
        let mut sent = VecDeque::new();
        let mut pause = self.pace.first_retry;
        for attempt in 1..=self.pace.attempts {
            let mut refused = Vec::new();
            for i in again {
                let (outcome, file) = self.send_one(&letters[i], &mut sent).await?;
                let later = match &outcome {
                    Tried::Ended(_) => false,
                    Tried::NotNow { .. } => attempt < self.pace.attempts && self.transport.is_worth_retrying(),
                };
                results[i] = Some((outcome.delivered(), file));
                if later {
                    refused.push(i);
                }
            }
            again = refused;
            if again.is_empty() {
                break;
            }
            tracing::info!(
                run = self.run.0,
                messages = again.len(),
                ?pause,
                "refused for the moment; trying again after a pause"
            );
            stop::or(sleep(pause)).await?;
            pause = pause.saturating_mul(2);
        }
        Ok(results.into_iter().flatten().collect())
    }

    async fn send_one(&self, letter: &Letter<'_>, sent: &mut VecDeque<Instant>) -> Result<(Tried, Option<PathBuf>), RunError> {
        // Only then is it said to be on its way: what ends meanwhile must not leave it held.
        stop::or(self.wait_for_turn(sent)).await?;
        if let Some(lease) = self.lease {
            lease.check()?;
        }
        let record = letter.record(self.mail)?;
        let message = compose(self.mail, letter, (self.now)())?;
        let kind = self.transport.kind();
        let (transport, reaches_people, even_if_unknown) = (kind.name(), kind.reaches_people(), self.even_if_unknown);
        let sending = Sending { transport, reaches_people, even_if_unknown };
        match self.ledger.claim_message(self.run, &record.delivery(&letter.key, false), sending, (self.now)()).await? {
            Claim::Granted => {}
            taken => return Ok((Tried::Ended(Delivered::by_claim(taken, &record.sha256)), None)),
        }
        sent.push_back(Instant::now());
        let outcome = self.transport.send(&message).await;
        self.ledger.settle_message(message.id.as_str(), &outcome, (self.now)()).await?;
        Ok(match outcome {
            Outcome::Accepted => (Tried::Ended(Delivered::Now), None),
            Outcome::Written => (Tried::Ended(Delivered::Written), self.transport.file_of(&message)),
            Outcome::Refused { reason, permanent: true } => (Tried::Ended(Delivered::Refused { reason }), None),
            Outcome::Refused { reason, permanent: false } => (Tried::NotNow { delivered: Delivered::Refused { reason } }, None),
            Outcome::Unknown { reason } => (Tried::Ended(Delivered::Held { reason }), None),
        })
    }

    /// Waits until one more message is within the number of a minute.
    async fn wait_for_turn(&self, sent: &mut VecDeque<Instant>) {
        const MINUTE: Duration = Duration::from_secs(60);
        if sent.len() >= self.pace.a_minute
            && let Some(first) = sent.pop_front()
        {
            sleep_until(first + MINUTE).await;
        }
    }
}

/// Sends messages of which no ledger can be told, once each.
///
/// # Errors
/// An attachment that cannot be put in a message.
pub(super) async fn send_unrecorded(
    mail: &MailConfig,
    transport: &Transport,
    letters: &[Letter<'_>],
    now: Timestamp,
) -> Result<Vec<Delivered>, RunError> {
    let mut delivered = Vec::new();
    for letter in letters {
        delivered.push(match transport.send(&compose(mail, letter, now)?).await {
            Outcome::Accepted => Delivered::Now,
            Outcome::Written => Delivered::Written,
            Outcome::Refused { reason, .. } => Delivered::Refused { reason },
            Outcome::Unknown { reason } => Delivered::Held { reason },
        });
    }
    Ok(delivered)
}

fn compose(mail: &MailConfig, letter: &Letter<'_>, now: Timestamp) -> Result<Message, RunError> {
    let Letter { key, recipient, words, attachments } = letter;
    let message = distribute::compose(&mail.sender, recipient, key, words, attachments.iter().copied(), now);
    Ok(message.map_err(Faults::from)?)
}

/// How one attempt ended.
enum Tried {
    Ended(Delivered),
    /// Another attempt may go better.
    NotNow {
        delivered: Delivered,
    },
}

impl Tried {
    fn delivered(self) -> Delivered {
        match self {
            Tried::Ended(delivered) | Tried::NotNow { delivered } => delivered,
        }
    }
}

/// How a message that is held was last sent.
pub(super) fn ended_unknown(at: &str, reason: &str) -> String {
    let reason = if reason.is_empty() { "how sending it ended is not known" } else { reason };
    format!("{reason} ({at})")
}

impl Delivered {
    fn by_claim(claim: Claim, sha256: &str) -> Self {
        match claim {
            Claim::Granted => Delivered::Now,
            Claim::AlreadyAccepted { at, attachment_sha256 } => Delivered::Before { at, changed: attachment_sha256 != sha256 },
            Claim::Held { since, reason } => Delivered::Held { reason: ended_unknown(&since, &reason) },
            Claim::BeingSent { since } => {
                Delivered::Held { reason: format!("sending it began at {since}, and its end is not recorded yet") }
            }
            Claim::Cancelled { .. } => Delivered::Cancelled,
            Claim::Waits => Delivered::Waits,
        }
    }

    /// The recipient has it.
    pub fn arrived(&self) -> bool {
        matches!(self, Delivered::Now | Delivered::Before { .. })
    }

    /// What was to be done with it was not done: the recipient lacks it, and no file was asked for in its place.
    pub fn fell_short(&self) -> bool {
        !self.arrived() && *self != Delivered::Written
    }
}

impl fmt::Display for Delivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Delivered::Now => f.write_str("sent"),
            Delivered::Written => f.write_str("written, not sent"),
            Delivered::Before { at, changed: false } => write!(f, "not sent again: delivered at {at}"),
            Delivered::Before { at, changed: true } => {
                write!(f, "not sent again: one was delivered at {at}, and this one differs from it")
            }
            Delivered::Refused { reason } => write!(f, "not delivered: {reason}"),
            Delivered::Held { reason } => write!(f, "held, for it may have arrived: {reason}"),
            Delivered::Cancelled => f.write_str("not sent: it was cancelled"),
            Delivered::Waits => f.write_str("not sent: its pack waits for approval"),
        }
    }
}

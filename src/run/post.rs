//! Sending each message once: the ledger holds that it is being sent before a byte of it leaves, and how that ended after.

use super::RunError;
use super::materials::MailMaterials;
use crate::collect;
use crate::distribute::templates::Words;
use crate::distribute::{self, Attachment, MessageKey, Outcome, Recipient, Transport};
use crate::fault::Faults;
use crate::store::{Claim, Delivery, Ledger, RunId};
use jiff::Timestamp;
use std::fmt;
use std::path::PathBuf;

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    Now,
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
}

/// The way out for a run's messages.
pub(super) struct Post<'a> {
    pub ledger: &'a Ledger,
    pub run: RunId,
    pub mail: &'a MailMaterials,
    pub transport: Transport,
    /// A person has decided to send even what may have arrived.
    pub even_if_unknown: bool,
    pub now: fn() -> Timestamp,
}

/// A message to one recipient.
pub(super) struct Letter<'a> {
    pub key: &'a MessageKey,
    pub recipient: &'a Recipient,
    pub words: &'a Words,
    pub attachment: Option<Attachment<'a>>,
}

impl Post<'_> {
    /// What became of the message, and the file that it was written to now, where it goes to files.
    ///
    /// # Errors
    /// The ledger's; an attachment that cannot be put in a message.
    pub async fn send(&self, letter: &Letter<'_>) -> Result<(Delivered, Option<PathBuf>), RunError> {
        let Letter { key, recipient, words, attachment } = *letter;
        let sha256 = attachment.map_or(String::new(), |attachment| collect::sha256(attachment.bytes));
        let message =
            distribute::compose(&self.mail.sender, recipient, key, words, attachment, (self.now)()).map_err(Faults::from)?;
        let delivery = Delivery { key, message_id: message.id.as_str(), attachment_sha256: &sha256 };
        match self.ledger.claim_message(self.run, &delivery, self.even_if_unknown, (self.now)()).await? {
            Claim::Granted => {}
            taken => return Ok((Delivered::by_claim(taken, &sha256), None)),
        }
        let outcome = self.transport.send(&message).await;
        self.ledger.settle_message(message.id.as_str(), &outcome, (self.now)()).await?;
        Ok(match outcome {
            Outcome::Accepted => (Delivered::Now, self.transport.file_of(&message)),
            Outcome::Refused { reason, .. } => (Delivered::Refused { reason }, None),
            Outcome::Unknown { reason } => (Delivered::Held { reason }, None),
        })
    }
}

impl Delivered {
    fn by_claim(claim: Claim, sha256: &str) -> Self {
        match claim {
            Claim::Granted => Delivered::Now,
            Claim::AlreadyAccepted { at, attachment_sha256 } => Delivered::Before { at, changed: attachment_sha256 != sha256 },
            Claim::Held { since } => {
                Delivered::Held { reason: format!("sending it began at {since} and its end was not recorded") }
            }
        }
    }

    /// The recipient has it.
    pub fn arrived(&self) -> bool {
        matches!(self, Delivered::Now | Delivered::Before { .. })
    }
}

impl fmt::Display for Delivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Delivered::Now => f.write_str("sent"),
            Delivered::Before { at, changed: false } => write!(f, "not sent again: delivered at {at}"),
            Delivered::Before { at, changed: true } => {
                write!(f, "not sent again: one was delivered at {at}, and this one differs from it")
            }
            Delivered::Refused { reason } => write!(f, "not delivered: {reason}"),
            Delivered::Held { reason } => write!(f, "held, for it may have arrived: {reason}"),
        }
    }
}

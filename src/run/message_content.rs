//! A message as the outbox keeps it: what is needed beside its key and the bytes of what is attached to write it again.

use super::mail_config::MailConfig;
use crate::archive::sha256;
use crate::distribute::templates::MessageWords;
use crate::distribute::{Attachment, OutgoingMessage, Recipient};
use crate::store::records::{self, Record as StoredRecord, UnreadableRecord};
use crate::store::{LedgerError, MessageRow, OutboxEntry};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is attached to messages, by its SHA-256: each once, however many get it.
pub(super) struct Attached(pub(super) BTreeMap<String, Vec<u8>>);

impl Attached {
    pub fn of(&self, sha256: &str) -> &[u8] {
        self.0.get(sha256).map_or(&[], Vec::as_slice)
    }
}

/// A message as the outbox keeps it, beside its key and the bytes of what is attached.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct MessageContent {
    pub recipient: Recipient,
    pub words: MessageWords,
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

impl StoredRecord for MessageContent {
    const NAME: &'static str = "a message";
}

impl MessageContent {
    /// # Errors
    /// The ledger holds no words of what an older version sent.
    pub fn of(row: &MessageRow) -> Result<Self, LedgerError> {
        if row.content.is_empty() {
            return Err(LedgerError::Refused(format!(
                "the text of message {} is not kept, so it cannot be sent again: ask its recipient, or send the pack to everybody \
                 again (`boardpack run --reissue REASON`)",
                row.id
            )));
        }
        let unreadable =
            |e: UnreadableRecord| LedgerError::Unreadable { place: format!("message {}", row.id), problem: e.to_string() };
        records::read(row.content.as_bytes()).map_err(unreadable)
    }

    /// The SHA-256 of everything that is attached.
    pub fn attached<'a>(&'a self, row: &'a MessageRow) -> impl Iterator<Item = &'a str> {
        let first = Some(row.attachment_sha256.as_str()).filter(|sha256| !sha256.is_empty());
        first.into_iter().chain(self.further.iter().map(|one| one.sha256.as_str()))
    }

    /// The message once more, with what is attached to it by its SHA-256.
    pub fn message<'a>(&'a self, row: &MessageRow, attached: &'a Attached) -> OutgoingMessage<'a> {
        let first = self.attachment.iter().map(|(name, media_type)| (name, media_type, &row.attachment_sha256));
        let further = self.further.iter().map(|one| (&one.name, &one.media_type, &one.sha256));
        let all = first.chain(further);
        let attachments = all.map(|(name, media_type, sha256)| Attachment { name, media_type, bytes: attached.of(sha256) });
        let attachments = attachments.collect();
        OutgoingMessage { key: row.key.clone(), recipient: self.recipient.clone(), words: self.words.clone(), attachments }
    }
}

/// What the outbox is told of a message.
///
/// # Errors
/// See [`LedgerError`].
pub(super) fn entry(message: &OutgoingMessage<'_>, mail: &MailConfig) -> Result<OutboxEntry, LedgerError> {
    let mut attachments = message.attachments.iter();
    let first = attachments.next();
    let content = MessageContent {
        recipient: message.recipient.clone(),
        words: message.words.clone(),
        attachment: first.map(|attached| (attached.name.to_owned(), attached.media_type.to_owned())),
        further: attachments
            .map(|attached| Further {
                name: attached.name.to_owned(),
                media_type: attached.media_type.to_owned(),
                sha256: sha256(attached.bytes),
            })
            .collect(),
    };
    Ok(OutboxEntry {
        key: message.key.clone(),
        message_id: message.key.message_id(mail.sender.domain()).as_str().to_owned(),
        attachment_sha256: first.map_or(String::new(), |attached| sha256(attached.bytes)),
        content: records::write(&content)?,
    })
}

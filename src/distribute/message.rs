//! One message as it is sent: headers, text and HTML, and what is attached.

use super::message_key::{MessageId, MessageKey};
use super::recipients::Recipient;
use super::sender::Sender;
use super::templates::MessageWords;
use crate::fault::Fault;
use jiff::Timestamp;
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment as AttachedPart, Body, MultiPart, MultiPartKind, SinglePart};
use lettre::{Address, Message as Letter};
use std::time::SystemTime;

/// Keeps out-of-office answers away (RFC 3834).
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

/// A file that goes with a message.
#[derive(Debug, Clone, Copy)]
pub struct Attachment<'a> {
    /// Letters, digits, dots and hyphens of ASCII only: other names reach some readers mangled.
    pub name: &'a str,
    /// Such as `application/pdf`.
    pub media_type: &'a str,
    pub bytes: &'a [u8],
}

/// A message to one recipient, before it is put together.
#[derive(Debug, Clone)]
pub struct OutgoingMessage<'a> {
    pub key: MessageKey,
    pub recipient: Recipient,
    pub words: MessageWords,
    pub attachments: Vec<Attachment<'a>>,
}

/// A message that is ready to be sent, once or again: it never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    pub from: Address,
    pub to: Address,
    /// The whole as it goes over the wire, before dots are doubled. ASCII, lines ended by CR LF.
    pub bytes: Vec<u8>,
}

/// Puts a message together. The same arguments give the same bytes.
///
/// # Errors
/// An attachment whose name or media type cannot stand in a header; a message that cannot be signed.
pub fn compose(sender: &Sender, message: &OutgoingMessage<'_>, sent_at: Timestamp) -> Result<Message, Fault> {
    let OutgoingMessage { key, recipient, words, attachments } = message;
    let id = key.message_id(sender.domain());
    // The header's type holds nothing before 1970.
    let sent_at = sent_at.max(Timestamp::UNIX_EPOCH);
    let boundary = |kind: &str| format!("{kind}-{}", id.local_part());
    let alternatives = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(boundary("words"))
        .singlepart(SinglePart::plain(words.text.clone()))
        .singlepart(SinglePart::html(words.html.clone()));
    let parts = attachments.iter().copied().map(attached).collect::<Result<Vec<_>, _>>()?;
    let whole = if parts.is_empty() {
        alternatives
    } else {
        let mixed = MultiPart::builder().kind(MultiPartKind::Mixed).boundary(boundary("parts")).multipart(alternatives);
        parts.into_iter().fold(mixed, MultiPart::singlepart)
    };
    let envelope = Envelope::new(Some(sender.from.email.clone()), vec![recipient.address.clone()])
        .map_err(|e| Fault::new(format!("the message {id}"), e.to_string(), ""))?;
    let mut letter = Letter::builder()
        // Given rather than left to be read back from the headers, which not every display name survives.
        .envelope(envelope)
        .from(sender.from.clone())
        .to(recipient.mailbox())
        .subject(words.subject.clone())
        .message_id(Some(id.as_str().to_owned()))
        .date(SystemTime::from(sent_at))
        .raw_header(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()));
    for header in sender.list_headers(&key.kind) {
        letter = letter.raw_header(header);
    }
    if let Some(reply_to) = &sender.reply_to {
        letter = letter.reply_to(reply_to.clone());
    }
    let letter = letter
        .multipart(whole)
        .map_err(|e| Fault::new(format!("the message {id}"), format!("cannot be put together: {e}"), ""))?;
    let mut bytes = letter.formatted();
    if let Some(signer) = &sender.signer {
        let signature = signer.sign(&bytes, sent_at).map_err(|problem| Fault::new(format!("the message {id}"), problem, ""))?;
        bytes.splice(0..0, signature.into_bytes());
    }
    Ok(Message { id, from: sender.from.email.clone(), to: recipient.address.clone(), bytes })
}

fn attached(attachment: Attachment<'_>) -> Result<SinglePart, Fault> {
    let Attachment { name, media_type, bytes } = attachment;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if name.is_empty() || !name.chars().all(plain) {
        let problem = "is not a name for an attachment: ASCII letters, digits, dots, hyphens and underscores were expected";
        return Err(Fault::new(name, problem, ""));
    }
    let media_type =
        ContentType::parse(media_type).map_err(|e| Fault::new(name, format!("{media_type:?} is not a media type: {e}"), ""))?;
    let body = Body::new_with_encoding(bytes.to_vec(), ContentTransferEncoding::Base64)
        .map_err(|_| Fault::new(name, "cannot be encoded", ""))?;
    Ok(AttachedPart::new(name.to_owned()).body(body, media_type))
}

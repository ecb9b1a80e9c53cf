//! One message as it is sent: headers, text and HTML, and what is attached.

use super::outbox::{MessageId, MessageKey};
use super::recipients::Recipient;
use super::templates::Words;
use crate::fault::{Fault, Faults};
use crate::settings;
use jiff::Timestamp;
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment as AttachedPart, Body, Mailbox, MultiPart, MultiPartKind, SinglePart};
use lettre::{Address, Message as Letter};
use std::error::Error;
use std::time::SystemTime;

/// Who messages are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    pub from: Mailbox,
    pub reply_to: Option<Mailbox>,
}

/// A file that goes with a message.
#[derive(Debug, Clone, Copy)]
pub struct Attachment<'a> {
    /// Letters, digits, dots and hyphens of ASCII only: other names reach some readers mangled.
    pub name: &'a str,
    /// Such as `application/pdf`.
    pub media_type: &'a str,
    pub bytes: &'a [u8],
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

impl Sender {
    /// # Errors
    /// `mail.from` that is not given, and either setting that is not an address.
    pub fn new(mail: &settings::Mail) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut read = |key: &str, text: &str| match Recipient::parse(text) {
            Ok(person) => Some(person.mailbox()),
            Err(problem) => {
                faults.push(key, problem, "write it as \"Name <address>\" or as the address alone");
                None
            }
        };
        let reply_to = mail.reply_to.as_deref().and_then(|text| read("mail.reply_to", text));
        let from = match mail.from.as_deref() {
            Some(text) => read("mail.from", text),
            None => {
                faults.push("mail.from", "is not given", "set it, such as \"ICP secretariat <secretariat@example.org>\"");
                None
            }
        };
        match from {
            Some(from) if faults.0.is_empty() => Ok(Self { from, reply_to }),
            _ => Err(faults),
        }
    }

    /// The domain of the address, which Message-IDs end in and the server is greeted with.
    pub fn domain(&self) -> &str {
        self.from.email.domain()
    }
}

/// `Auto-Submitted: auto-generated` (RFC 3834) keeps out-of-office answers away.
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Puts a message together. The same arguments give the same bytes.
///
/// # Errors
/// An attachment whose name or media type cannot stand in a header.
pub fn compose(
    sender: &Sender,
    recipient: &Recipient,
    key: &MessageKey,
    words: &Words,
    attachment: Option<Attachment<'_>>,
    sent_at: Timestamp,
) -> Result<Message, Fault> {
    let id = key.message_id(sender.domain());
    let boundary = |kind: &str| format!("{kind}-{}", id.local_part());
    let alternatives = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(boundary("words"))
        .singlepart(SinglePart::plain(words.text.clone()))
        .singlepart(SinglePart::html(words.html.clone()));
    let whole = match attachment {
        None => alternatives,
        Some(attachment) => MultiPart::builder()
            .kind(MultiPartKind::Mixed)
            .boundary(boundary("parts"))
            .multipart(alternatives)
            .singlepart(attached(attachment)?),
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
        // The header's type holds nothing before 1970.
        .date(SystemTime::from(sent_at.max(Timestamp::UNIX_EPOCH)))
        .header(AutoSubmitted);
    if let Some(reply_to) = &sender.reply_to {
        letter = letter.reply_to(reply_to.clone());
    }
    let letter = letter
        .multipart(whole)
        .map_err(|e| Fault::new(format!("the message {id}"), format!("cannot be put together: {e}"), ""))?;
    Ok(Message { id, from: sender.from.email.clone(), to: recipient.address.clone(), bytes: letter.formatted() })
}

fn attached(attachment: Attachment<'_>) -> Result<SinglePart, Fault> {
    let Attachment { name, media_type, bytes } = attachment;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if name.is_empty() || !name.chars().all(plain) {
        let problem = "is no name for an attachment: ASCII letters, digits, dots, hyphens and underscores were expected";
        return Err(Fault::new(name, problem, ""));
    }
    let media_type =
        ContentType::parse(media_type).map_err(|e| Fault::new(name, format!("{media_type:?} is no media type: {e}"), ""))?;
    let body = Body::new_with_encoding(bytes.to_vec(), ContentTransferEncoding::Base64)
        .map_err(|_| Fault::new(name, "cannot be encoded", ""))?;
    Ok(AttachedPart::new(name.to_owned()).body(body, media_type))
}

//! Messages to send, and servers of the settings to send them by.

// Each test binary uses a part of this.

use boardpack::distribute::smtp::MailServer;
use boardpack::distribute::templates::MessageWords;
use boardpack::distribute::{
    Attachment, BoardPack, DeliveryResult, Message, MessageKey, MessageTemplate, MessageTemplates, OutgoingMessage, Recipient,
    Sender, board_pack, compose,
};
use boardpack::period::Period;
use boardpack::settings::{self, Mail};
use jiff::Timestamp;
use jiff::civil::date;
use std::collections::BTreeMap;
use std::time::Duration;

/// 09:30 UTC on 20 November 2026.
pub const AT: Timestamp = Timestamp::constant(1_795_167_000, 0);

/// For servers that answer: no load of the machine uses it up.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Bytes that look like nothing in particular, and hold every byte.
pub fn pdf() -> Vec<u8> {
    (0..20_000u32).map(|i| (i * i / 7) as u8).collect()
}

/// Settings under `mail`, the keys as the environment has them.
pub fn mail(pairs: &[(&str, &str)]) -> Mail {
    let mut variables: BTreeMap<String, String> =
        pairs.iter().map(|(key, value)| (format!("BOARDPACK__MAIL__{key}"), (*value).to_owned())).collect();
    variables.entry("BOARDPACK__MAIL__FROM".into()).or_insert_with(|| "ICP secretariat <secretariat@example.org>".into());
    settings::load(None, &variables).unwrap().mail
}

pub fn smtp(port: u16, tls: &str, more: &[(&str, &str)]) -> MailServer {
    let port = port.to_string();
    let mut pairs = vec![("SMTP__HOST", "localhost"), ("SMTP__PORT", port.as_str()), ("SMTP__TLS", tls)];
    pairs.extend(more);
    MailServer::new(&mail(&pairs).smtp, "example.org").unwrap().with_deadline(PATIENCE)
}

pub fn words() -> MessageWords {
    let mut content = BoardPack::new("Example partnership", Period::financial_quarter(2026, 2), date(2026, 11, 20), "2024");
    content.count("On track", 4);
    content.missing.push("Café Trust: no return".to_owned());
    content.missing.push("A very long sentence. ".repeat(100));
    let templates = MessageTemplates::load(&boardpack::assets::Assets::templates(None)).unwrap();
    templates.words(MessageTemplate::BoardPack, &content, "Zoë Ó Briain").unwrap()
}

pub fn key(address: &str) -> MessageKey {
    MessageKey {
        kind: board_pack::NAME.to_owned(),
        period: Period::financial_quarter(2026, 2),
        about: "E54000010".to_owned(),
        issue: 1,
        address: address.to_owned(),
    }
}

pub fn outgoing<'a>(recipient: &Recipient, words: MessageWords, attachment: Option<Attachment<'a>>) -> OutgoingMessage<'a> {
    let key = key(recipient.address.as_ref());
    OutgoingMessage { key, recipient: recipient.clone(), words, attachments: attachment.into_iter().collect() }
}

/// A message to Zoë of that address.
pub fn letter(address: &str, pdf: &[u8]) -> Message {
    letter_from(&[("REPLY_TO", "Office <office@example.org>")], address, pdf)
}

pub fn letter_from(settings: &[(&str, &str)], address: &str, pdf: &[u8]) -> Message {
    let sender = Sender::new(&mail(settings)).unwrap();
    let recipient = Recipient::new("Zoë Ó Briain", address).unwrap();
    let attachment = Attachment { name: "board-pack-2026-27-Q2.pdf", media_type: "application/pdf", bytes: pdf };
    compose(&sender, &outgoing(&recipient, words(), Some(attachment)), AT).unwrap()
}

#[track_caller]
pub fn refused(outcome: DeliveryResult, permanent: bool) -> String {
    match outcome {
        DeliveryResult::Refused { reason, permanent: found } if found == permanent => reason,
        other => panic!("expected a refusal with permanent = {permanent}, found {other:?}"),
    }
}

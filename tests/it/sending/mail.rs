//! Messages reach a server whole, and a server that misbehaves is told apart by what it may have delivered.
//!
//! The servers here speak SMTP over a real socket and do as their script says.

mod broken_conversations;
use crate::support::alone::is_alone;
use crate::support::smtp_server;

use crate::support::messages::*;
use crate::support::smtp_server::real::RealServer;
use crate::support::smtp_server::{Act, Script, decode_base64};
use boardpack::distribute::templates::MessageWords;
use boardpack::distribute::{Attachment, DeliveryResult, Message, Recipient, Sender, Transport, compose};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// For servers that fall silent; all others get one that no load of the machine uses up.
const DEADLINE: Duration = Duration::from_millis(500);
async fn outcome(script: Script) -> DeliveryResult {
    let server = smtp_server::start(script).await;
    let deadline = if script.has_silence() { DEADLINE } else { PATIENCE };
    let began = Instant::now();
    let outcome = smtp(server.port, "none", &[]).with_deadline(deadline).send(&letter("zoe@example.org", &pdf())).await;
    assert!(began.elapsed() < deadline * 4, "took {:?}", began.elapsed());
    outcome
}

/// The outcomes of conversations held at the same time.
async fn outcomes(scripts: Vec<Script>) -> Vec<DeliveryResult> {
    scripts.into_iter().map(outcome).collect::<tokio::task::JoinSet<_>>().join_all().await
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn the_same_message_has_the_same_bytes() {
    assert_eq!(letter("zoe@example.org", &pdf()), letter("zoe@example.org", &pdf()));
}

#[test]
fn headers_are_automatic_and_plain_ascii() {
    let message = letter("zoe@example.org", b"%PDF");
    assert!(message.bytes.is_ascii());
    let headers = headers(&message);
    for header in [
        "From: \"ICP secretariat\" <secretariat@example.org>",
        "Reply-To: Office <office@example.org>",
        "Subject: Outcomes framework board pack: Example partnership, July to",
        "Date: Fri, 20 Nov 2026 09:30:00 +0000",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "To: =?utf-8?b?",
    ] {
        assert!(headers.contains(header), "{header} is not in:\n{headers}");
    }
    assert!(headers.contains(&format!("Message-ID: {}", message.id)), "{headers}");
    assert!(message.bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 999), "a line is longer than SMTP allows");
}

#[test]
fn list_messages_name_their_list() {
    let settings = [
        ("REPLY_TO", "Office <a+b%c@example.org>"),
        ("LIST_ID", "icp.example.org"),
        ("LIST_HELP", "https://icp.example.org/about-the-pack?from=the-very-message-that-says-so#how-to-get-no-more-of-them"),
    ];
    let headers = headers(&letter_from(&settings, "zoe@example.org", b""));
    for header in [
        "List-Id: <board_pack.icp.example.org>",
        "List-Help: <https://icp.example.org/about-the-pack?from=the-very-message-that-says-so#how-to-get-no-more-of-them>",
        "List-Owner: <mailto:a+b%25c@example.org>",
    ] {
        assert!(headers.contains(header), "{header} is not in:\n{headers}");
    }
    assert!(!headers.contains("Unsubscribe"));
    let faults = |pairs: &[(&str, &str)]| Sender::new(&mail(pairs)).unwrap_err().to_string();
    let found = faults(&[("LIST_ID", "no domain\r\nBcc: x"), ("LIST_HELP", "http://example.org"), ("FROM", "nobody")]);
    for key in ["mail.list_id: ", "mail.list_help: ", "mail.from: "] {
        assert!(found.contains(key), "{key} is not in:\n{found}");
    }
    assert!(faults(&[("LIST_HELP", "mailto:a@example.org")]).contains("mail.list_id is not"));
}

#[test]
fn recipients_stay_private_and_names_whole() {
    let sender = Sender::new(&mail(&[("FROM", "Swyddfa Iechyd – Powys ⚕ <secretariat@example.org>")])).unwrap();
    let recipient = Recipient::new("Σωκράτης, \"the\" 王 (chair)", "chair@example.org").unwrap();
    let words = MessageWords { subject: "Canlyniadau – 第二季 🙂 ".repeat(8), ..words() };
    let message = compose(&sender, &outgoing(&recipient, words, None), AT).unwrap();
    let headers = headers(&message);
    assert_eq!(message.to.to_string(), "chair@example.org");
    assert!(headers.split([' ', '\n']).filter(|word| word.starts_with("=?")).all(|word| word.len() <= 76), "{headers}");
    assert!(!headers.contains("cc:") && !headers.contains("Cc:"), "{headers}");
    assert_eq!(headers.matches('@').count() - headers.matches("@example.org>").count(), 0, "{headers}");
    assert_eq!(headers.matches("@example.org>").count(), 3, "sender, recipient, Message-ID:\n{headers}");
}

fn headers(message: &Message) -> String {
    let text = String::from_utf8(message.bytes.clone()).unwrap();
    text.split_once("\r\n\r\n").unwrap().0.to_owned()
}

#[test]
fn unsafe_attachment_names_are_refused() {
    let sender = Sender::new(&mail(&[])).unwrap();
    let recipient = Recipient::new("", "a@example.org").unwrap();
    for name in ["", "a\"; x=\"b.pdf", "a\r\nBcc: b@example.org", "päck.pdf"] {
        let attachment = Attachment { name, media_type: "application/pdf", bytes: b"" };
        assert!(compose(&sender, &outgoing(&recipient, words(), Some(attachment)), Timestamp::MIN).is_err(), "{name}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn names_and_subjects_add_no_header(name in "\\PC{0,80}", subject in "\\PC{1,80}") {
        let sender = Sender::new(&mail(&[])).unwrap();
        let recipient = Recipient::new(&name, "zoe@example.org").unwrap();
        let attachment = Attachment { name: "pack.pdf", media_type: "application/pdf", bytes: b"%PDF" };
        let words = MessageWords { subject, text: name.clone(), html: name };
        let message = compose(&sender, &outgoing(&recipient, words, Some(attachment)), AT).unwrap();
        assert!(message.bytes.is_ascii());
        let text = String::from_utf8(message.bytes).unwrap();
        let (headers, _) = text.split_once("\r\n\r\n").unwrap();
        let names: Vec<&str> = headers
            .split("\r\n")
            .filter(|line| !line.starts_with(' '))
            .map(|line| line.split(':').next().unwrap())
            .collect();
        let ours = ["From", "To", "Subject", "Message-ID", "Date", "Auto-Submitted", "MIME-Version", "Content-Type"];
        assert_eq!(names, ours, "{headers}");
    }
}

#[tokio::test]
async fn attachments_arrive_byte_for_byte() {
    let server = smtp_server::start(Script::default()).await;
    let sent = letter("zoe@example.org", &pdf());
    assert_eq!(smtp(server.port, "none", &[]).send(&sent).await, DeliveryResult::Accepted);
    let heard = server.heard().await;
    assert_eq!(
        heard.commands,
        ["EHLO example.org", "MAIL FROM:<secretariat@example.org>", "RCPT TO:<zoe@example.org>", "DATA", "NOOP", "QUIT"]
    );
    let text = String::from_utf8(heard.text).unwrap();
    let part = text.split("filename=\"board-pack-2026-27-Q2.pdf\"").nth(1).unwrap();
    let encoded = part.split("\r\n\r\n").nth(1).unwrap().split("\r\n--").next().unwrap();
    assert_eq!(Sha256::digest(decode_base64(encoded)), Sha256::digest(pdf()));
}

#[tokio::test]
async fn permanent_refusals_are_not_retried() {
    let unknown = outcome(Script { rcpt: Act::Say("550 5.1.1 no such user"), ..Script::default() }).await;
    let reason = refused(unknown, true);
    assert!(reason.ends_with("refused the recipient: 550 5.1.1 no such user"), "{reason}");
    let named = outcome(Script { rcpt: Act::Say("550 <ZOE@example.org>: no such user"), ..Script::default() }).await;
    assert!(refused(named, true).ends_with("550 <(the recipient)>: no such user"));
    let content = outcome(Script { text: Act::Say("554 5.7.1 looks like spam"), ..Script::default() }).await;
    assert!(refused(content, true).contains("refused the text: 554"));
}

#[tokio::test]
async fn temporary_refusals_may_be_retried() {
    for script in [
        Script { greeting: Act::Say("421 busy"), ..Script::default() },
        Script { rcpt: Act::Say("451 4.7.1 greylisted"), ..Script::default() },
        Script { data: Act::Say("452 no room"), ..Script::default() },
        Script { text: Act::Say("451 try later"), ..Script::default() },
    ] {
        refused(outcome(script).await, false);
    }
}

#[tokio::test]
async fn silence_before_the_text_is_temporary() {
    let scripts = vec![
        Script { greeting: Act::Silent, ..Script::default() },
        Script { ehlo: Act::Silent, ..Script::default() },
        Script { mail: Act::Silent, ..Script::default() },
        Script { rcpt: Act::Silent, ..Script::default() },
        Script { data: Act::Silent, ..Script::default() },
    ];
    for outcome in outcomes(scripts).await {
        let reason = refused(outcome, false);
        assert!(reason.contains("did not answer within 500ms"), "{reason}");
    }
}

#[tokio::test]
async fn a_dropped_connection_is_temporary() {
    for script in [
        Script { greeting: Act::Drop, ..Script::default() },
        Script { ehlo: Act::Drop, ..Script::default() },
        Script { mail: Act::Drop, ..Script::default() },
        Script { rcpt: Act::Drop, ..Script::default() },
        Script { data: Act::Drop, ..Script::default() },
    ] {
        let reason = refused(outcome(script).await, false);
        assert!(reason.ends_with("it hung up"), "{reason}");
    }
}

#[tokio::test]
async fn a_missing_server_is_temporary() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let reason = refused(smtp(free, "none", &[]).send(&letter("zoe@example.org", b"")).await, false);
    assert!(reason.contains("onnection refused"), "{reason}");
}

#[tokio::test]
async fn after_the_text_only_an_answer_decides() {
    for act in [Act::Silent, Act::Drop, Act::Say("hello"), Act::Say("354 go on")] {
        let outcome = outcome(Script { text: act, ..Script::default() }).await;
        assert!(matches!(outcome, DeliveryResult::Unknown { .. }), "{act:?} gave {outcome:?}");
    }
}

#[tokio::test]
async fn answers_out_of_turn_are_not_believed() {
    refused(outcome(Script { data: Act::Say("250 ok"), ..Script::default() }).await, false);
}

#[tokio::test]
async fn a_missing_goodbye_is_still_acceptance() {
    assert_eq!(outcome(Script { quit: Act::Silent, ..Script::default() }).await, DeliveryResult::Accepted);
}

#[tokio::test]
async fn required_tls_precedes_everything() {
    let credentials = [("SMTP__USERNAME", "robot"), ("SMTP__PASSWORD", "hunter2")];
    let plain = smtp_server::start(Script::default()).await;
    let reason = refused(smtp(plain.port, "starttls", &credentials).send(&letter("zoe@example.org", b"")).await, false);
    assert!(reason.contains("does not offer STARTTLS"), "{reason}");
    assert_eq!(plain.heard().await.commands, ["EHLO example.org"]);

    let faking = smtp_server::start(Script { ehlo: Act::Say("250-hello\r\n250 STARTTLS"), ..Script::default() }).await;
    refused(smtp(faking.port, "starttls", &credentials).send(&letter("zoe@example.org", b"")).await, false);
    let heard = faking.heard().await;
    assert!(heard.commands.iter().all(|line| !line.contains("AUTH") && !line.contains("MAIL")), "{:?}", heard.commands);
}

#[test]
fn settings_that_cannot_work_are_faults_told_together() {
    let faults = |pairs: &[(&str, &str)]| Transport::new(&mail(pairs), Path::new("out")).unwrap_err().to_string();
    let found = faults(&[
        ("TRANSPORT", "smtp"),
        ("FROM", "nobody"),
        ("SMTP__HOST", "mail.example.org"),
        ("SMTP__TLS", "none"),
        ("SMTP__USERNAME", "robot"),
        ("SMTP__DEADLINE_SECONDS", "0"),
    ]);
    for part in [
        "mail.smtp.deadline_seconds: is 0",
        "mail.from: \"nobody\"",
        "mail.smtp.tls: is \"none\"",
        "mail.smtp.password: is not given",
    ] {
        assert!(found.contains(part), "{part} is not in:\n{found}");
    }
    let found = faults(&[("TRANSPORT", "smtp"), ("FROM", ""), ("SMTP__CA_FILE", "no/such.pem")]);
    for part in ["mail.from: is not given", "mail.smtp.host: is not given", "mail.smtp.ca_file, no/such.pem: cannot be read"] {
        assert!(found.contains(part), "{part} is not in:\n{found}");
    }
    let found = faults(&[("TRANSPORT", "smtp"), ("SMTP__HOST", "mail server")]);
    assert!(found.contains("mail.smtp.host: \"mail server\" is neither a name nor an address of a server"), "{found}");
    for host in ["localhost", "127.0.0.1", "::1"] {
        let pairs = [("TRANSPORT", "smtp"), ("SMTP__HOST", host), ("SMTP__TLS", "none")];
        assert!(Transport::new(&mail(&pairs), Path::new("out")).is_ok(), "{host}");
    }
}

#[tokio::test]
async fn oversized_messages_are_refused_unwritten() {
    let out = folder();
    let transport = Transport::new(&mail(&[("MAX_MESSAGE_MB", "1")]), out.path()).unwrap();
    // Under the limit as a file, over it as base64.
    let reason = refused(transport.send(&letter("zoe@example.org", &vec![7; 800_000])).await, true);
    assert!(reason.contains("1.1 MB as sent, over the 1 MB of mail.max_message_mb"), "{reason}");
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn the_file_transport_writes_repeatable_files() {
    let out = folder();
    let transport = Transport::new(&mail(&[]), &out.path().join("2026-27-Q2")).unwrap();
    let message = letter("Zoe.OBriain@example.org", &pdf());
    for _ in 0..2 {
        assert_eq!(transport.send(&message).await, DeliveryResult::Written);
        let written = files(&out.path().join("2026-27-Q2"));
        assert_eq!(written, [transport.file_of(&message).unwrap()]);
        let name = written[0].file_name().unwrap().to_string_lossy().to_lowercase();
        assert!(!name.contains("zoe") && !name.contains("example"), "an address is in the message alone: {name}");
        assert_eq!(std::fs::read(&written[0]).unwrap(), message.bytes);
    }
}

#[tokio::test]
async fn hostile_addresses_stay_in_the_folder_and_apart() {
    let out = folder();
    let transport = Transport::new(&mail(&[]), &out.path().join("pack")).unwrap();
    for address in ["a/b@example.org", "a.b@example.org", "a@[127.0.0.1]", "con@example.org", "{}|&$@example.org"] {
        assert_eq!(transport.send(&letter(address, b"")).await, DeliveryResult::Written, "{address}");
    }
    assert_eq!(files(&out.path().join("pack")).len(), 5);
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn an_unwritable_folder_is_temporary() {
    let out = folder();
    std::fs::write(out.path().join("pack"), "a file").unwrap();
    let transport = Transport::new(&mail(&[]), &out.path().join("pack")).unwrap();
    let reason = refused(transport.send(&letter("a@example.org", b"")).await, false);
    assert!(reason.contains("cannot be written"), "{reason}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn assert_whole(received: &serde_json::Value, message: &Message) {
    use serde_json::json;
    assert_eq!(received["authenticated"], true);
    assert_eq!(received["defects"], json!([]));
    assert_eq!((&received["from"], &received["to"]), (&json!("secretariat@example.org"), &json!(["zoe@example.org"])));
    assert_eq!(received["headers"]["To"], "Zoë Ó Briain <zoe@example.org>");
    assert_eq!(received["headers"]["Message-ID"], message.id.as_str());
    assert_eq!(received["headers"]["Auto-Submitted"], "auto-generated");
    assert_eq!(received["text"].as_str().unwrap().replace("\r\n", "\n"), words().text);
    assert_eq!(received["html"].as_str().unwrap().replace("\r\n", "\n"), words().html);
    let digest: String = Sha256::digest(pdf()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        received["attachments"],
        json!([{"name": "board-pack-2026-27-Q2.pdf", "type": "application/pdf", "sha256": digest}])
    );
}

#[tokio::test]
#[ignore = "heavy: needs python3 with aiosmtpd, and openssl"]
async fn heavy_starttls_server_receives_the_message() {
    let server = RealServer::start("starttls", "plain");
    let (ca, message) = (server.ca(), letter("zoe@example.org", &pdf()));
    let send = async |ca: &str, password: &str| {
        let pairs = [("SMTP__CA_FILE", ca), ("SMTP__USERNAME", "robot"), ("SMTP__PASSWORD", password)];
        smtp(server.port, "starttls", &pairs).send(&message).await
    };
    let reason = refused(send("", "hunter2").await, false);
    assert!(reason.contains("UnknownIssuer"), "{reason}");
    let reason = refused(send(&ca, "guess").await, true);
    assert!(reason.contains("refused the sign-in: 535"), "{reason}");
    assert_eq!(send(&ca, "hunter2").await, DeliveryResult::Accepted);
    let received = server.received();
    assert_eq!(received["starttls"], true);
    assert_whole(&received, &message);
}

#[tokio::test]
#[ignore = "heavy: needs python3 with aiosmtpd, and openssl"]
async fn heavy_tls_server_receives_the_message() {
    let server = RealServer::start("implicit", "plain");
    let message = letter("zoe@example.org", &pdf());
    let pairs = [("SMTP__CA_FILE", server.ca()), ("SMTP__USERNAME", "robot".into()), ("SMTP__PASSWORD", "hunter2".into())];
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(key, value)| (*key, value.as_str())).collect();
    assert_eq!(smtp(server.port, "implicit", &pairs).send(&message).await, DeliveryResult::Accepted);
    assert_whole(&server.received(), &message);
}

#[tokio::test]
#[ignore = "heavy: needs python3 with aiosmtpd, and openssl"]
async fn heavy_30_mb_messages_are_not_copied() {
    if !is_alone("sending::mail::heavy_30_mb_messages_are_not_copied") {
        return;
    }
    let server = RealServer::start("starttls", "plain");
    let pack: Vec<u8> = (0..22_000_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let key = [("DKIM__SELECTOR", "packs"), ("DKIM__KEY_FILE", "tests/data/dkim/rsa_pkcs8.pem")];
    let message = letter_from(&key, "zoe@example.org", &pack);
    assert!((30_000_000..33_000_000).contains(&message.bytes.len()), "{} bytes", message.bytes.len());
    let pairs = [("SMTP__CA_FILE", server.ca()), ("SMTP__USERNAME", "robot".into()), ("SMTP__PASSWORD", "hunter2".into())];
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let by = smtp(server.port, "starttls", &pairs).with_deadline(Duration::from_secs(120));
    // The peak counts from here.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = peak_memory();
    assert_eq!(by.send(&message).await, DeliveryResult::Accepted);
    let grown = peak_memory() - before;
    println!("{grown} bytes more were held");
    assert!(grown < 8_000_000, "{grown} bytes more were held");
    assert_eq!(server.received()["attachments"][0]["sha256"], boardpack::archive::sha256(&pack));
}

/// The most bytes that this process has held at once.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

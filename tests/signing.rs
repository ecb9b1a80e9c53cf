//! Messages signed by DKIM: what is said in the signature, and whether another program finds it good.

mod letters;
mod smtp_server;

use boardpack::distribute::templates::Words;
use boardpack::distribute::{Message, Outcome, Recipient, Sender, message};
use letters::*;
use smtp_server::real::RealServer;
use std::io::Write;
use std::process::{Command, Stdio};

#[test]
fn a_signature_is_put_before_a_message_that_is_otherwise_the_same_and_is_the_same_each_time() {
    for (file, algorithm, digits) in
        [("rsa_pkcs1.pem", "rsa", 344), ("rsa_pkcs8.pem", "rsa", 344), ("ed25519.pem", "ed25519", 88)]
    {
        let signed = |domain: &str| {
            let file = format!("tests/data/dkim/{file}");
            let settings = [("DKIM__SELECTOR", "packs"), ("DKIM__DOMAIN", domain), ("DKIM__KEY_FILE", &file)];
            String::from_utf8(letter_from(&settings, "zoe@example.org", &pdf()).bytes).unwrap()
        };
        let plain = String::from_utf8(letter_from(&[], "zoe@example.org", &pdf()).bytes).unwrap();
        let signature = signed("").strip_suffix(&plain).unwrap().to_owned();
        assert_eq!(signed(""), format!("{signature}{plain}"));
        for part in [
            &format!(
                "DKIM-Signature: v=1; a={algorithm}-sha256; c=relaxed/relaxed; d=example.org;\r\n s=packs; t=1795167000;\r\n"
            ),
            " h=From:From:To:To:Cc:Reply-To:\r\n Subject:Subject:Date:Date:Message-ID:Message-ID:\r\n",
        ] {
            assert!(signature.contains(part), "{part} is not in:\n{signature}");
        }
        let (_, digest) = signature.split_once("\r\n b=").unwrap();
        assert_eq!(digest.split_whitespace().map(str::len).sum::<usize>(), digits, "{signature}");
        assert!(signature.lines().all(|line| line.len() <= 90), "{signature}");
        assert!(signed("Example.ORG").contains("d=example.org;"));
    }
}

#[test]
fn a_signature_that_cannot_be_made_or_would_count_for_nothing_is_a_fault_of_the_settings() {
    let faults = |pairs: &[(&str, &str)]| Sender::new(&mail(pairs)).unwrap_err().to_string();
    let found = faults(&[("DKIM__SELECTOR", "two words"), ("DKIM__DOMAIN", "ample.org")]);
    for part in [
        "mail.dkim.selector: \"two words\" cannot be",
        "mail.dkim.key_file: is not given",
        "mail.dkim.domain: is \"ample.org\", and mail.from is of \"example.org\"",
    ] {
        assert!(found.contains(part), "{part} is not in:\n{found}");
    }
    for (file, problem) in [
        ("tests/data/dkim/rsa_1024.pem", "holds a key that cannot be used (name a PEM file with an RSA key of 2048 to 4096 bits"),
        ("tests/data/tls/localhost.key", "holds a key of a kind that DKIM does not know"),
        ("tests/data/dkim/README.md", "holds no private key in PEM"),
        ("no/such.pem", "cannot be read"),
    ] {
        let found = faults(&[("DKIM__KEY_FILE", file)]);
        assert!(found.contains(&format!("mail.dkim.key_file, {file}: {problem}")), "{found}");
        assert!(found.contains("mail.dkim.selector: is not given, and mail.dkim.key_file is"), "{found}");
    }
}

/// The record in DNS of that key's public half.
fn record(file: &str, kind: &str) -> String {
    let output =
        Command::new("openssl").args(["pkey", "-in", &format!("tests/data/dkim/{file}"), "-pubout"]).output().unwrap().stdout;
    let key = String::from_utf8(output).unwrap().lines().filter(|line| !line.starts_with('-')).collect::<String>();
    // Of an Ed25519 key the 32 bytes alone (RFC 8463, 4), which the last 44 digits of 60 hold.
    let key = if kind == "ed25519" { key[key.len() - 44..].to_owned() } else { key };
    format!("v=DKIM1; k={kind}; p={key}")
}

fn is_good(message: &[u8], record: &str) -> bool {
    let mut process = Command::new("python3")
        .args(["tests/heavy/dkim_verify.py", "packs._domainkey.example.org", record])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(message).unwrap();
    let output = process.wait_with_output().unwrap();
    match String::from_utf8(output.stdout).unwrap().trim() {
        "yes" => true,
        "no" => false,
        other => panic!("dkimpy said {other:?}"),
    }
}

fn replaced(message: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(message.to_vec()).unwrap();
    assert!(text.contains(from), "{from:?} is not in:\n{text}");
    text.replacen(from, to, 1).into_bytes()
}

/// Lines that signing or SMTP could trip over: dots, blanks at the end, empty lines, letters of all sorts.
fn awkward(key_file: &str) -> Message {
    let settings = [
        ("FROM", "Swyddfa Iechyd – Powys ⚕ <secretariat@example.org>"),
        ("REPLY_TO", "Office <office@example.org>"),
        ("LIST_ID", "icp.example.org"),
        ("LIST_HELP", "https://icp.example.org/about"),
        ("DKIM__SELECTOR", "packs"),
        ("DKIM__KEY_FILE", key_file),
    ];
    let sender = Sender::new(&mail(&settings)).unwrap();
    let recipient = Recipient::new("Σωκράτης, \"the\" 王 (chair)", "chair@example.org").unwrap();
    let text = ".\n..\n.dot \t \n  two  blanks  \n\n\nend\n\n \n".to_owned();
    let words = Words { subject: "Canlyniadau – 第二季 🙂".repeat(6), html: format!("<pre>{text}</pre>"), text };
    message::compose(&sender, &recipient, &key("chair@example.org"), &words, None, AT).unwrap()
}

#[tokio::test]
#[ignore = "heavy: needs python3 with aiosmtpd, dkimpy and PyNaCl, and openssl"]
async fn heavy_another_program_finds_a_signature_good_until_something_signed_is_changed() {
    for (file, kind) in [("rsa_pkcs1.pem", "rsa"), ("rsa_pkcs8.pem", "rsa"), ("ed25519.pem", "ed25519")] {
        let server = RealServer::start("starttls", "plain");
        let ca = server.ca();
        let pairs = [("SMTP__CA_FILE", ca.as_str()), ("SMTP__USERNAME", "robot"), ("SMTP__PASSWORD", "hunter2")];
        let message = awkward(&format!("tests/data/dkim/{file}"));
        assert_eq!(smtp(server.port, "starttls", &pairs).send(&message).await, Outcome::Accepted);
        let arrived = std::fs::read(server.message()).unwrap();
        let record = record(file, kind);
        assert!(is_good(&message.bytes, &record) && is_good(&arrived, &record), "{}", String::from_utf8_lossy(&arrived));
        for (from, to) in [
            ("blanks", "blankS"),
            ("Subject: C", "Subject: D"),
            ("To: =", "To: x ="),
            ("office@", "orifice@"),
            ("List-Help: <https:", "List-Help: <http:"),
            ("From: =", "From: Somebody else <a@example.com>\r\nFrom: ="),
            ("Subject: C", "Cc: a@example.com\r\nSubject: C"),
            ("t=1795167000", "t=1795167001"),
        ] {
            assert!(!is_good(&replaced(&arrived, from, to), &record), "{from} made {to}");
        }
        // A list that the message passes through may fold its lines another way, and add what is its own.
        let passed_on = replaced(&arrived, "Subject: ", "Received: by a.example\r\nList-Post: <x>\r\nsubject:   ");
        assert!(is_good(&passed_on, &record));
        let received = server.received();
        assert_eq!(received["headers"]["From"], "Swyddfa Iechyd – Powys ⚕ <secretariat@example.org>");
        assert_eq!(received["headers"]["To"], "\"Σωκράτης, \\\"the\\\" 王 (chair)\" <chair@example.org>");
        assert_eq!(received["headers"]["Subject"], "Canlyniadau – 第二季 🙂".repeat(6));
        assert_eq!(received["headers"]["List-Id"], "<board_pack.icp.example.org>");
        assert_eq!((&received["to"][0], &received["to"][1]), (&"chair@example.org".into(), &serde_json::Value::Null));
        assert_eq!(received["defects"], serde_json::json!([]));
    }
}

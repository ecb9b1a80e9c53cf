//! Messages signed by DKIM: what is said in the signature, and whether another program finds it good.

use crate::support::messages::*;
use crate::support::smtp_server::real::RealServer;
use boardpack::distribute::templates::MessageWords;
use boardpack::distribute::{DeliveryResult, Message, Recipient, Sender, compose};
use std::process::Command;

#[test]
fn signatures_are_repeatable_and_change_nothing_else() {
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
fn unusable_signatures_are_settings_faults() {
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

/// What dkimpy makes of each message.
fn verdicts(messages: &[Vec<u8>], record: &str) -> Vec<bool> {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("python3");
    command.args(["tests/heavy/dkim_verify.py", "packs._domainkey.example.org", record]);
    for (number, message) in messages.iter().enumerate() {
        let file = folder.path().join(number.to_string());
        std::fs::write(&file, message).unwrap();
        command.arg(file);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(|line| line == "yes").collect()
}

fn replaced(message: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(message.to_vec()).unwrap();
    assert!(text.contains(from), "{from:?} is not in:\n{text}");
    text.replacen(from, to, 1).into_bytes()
}

fn signed(key_file: &str, name: &str, subject: &str, text: &str) -> Message {
    let settings = [
        ("FROM", "Swyddfa Iechyd – Powys ⚕ <secretariat@example.org>"),
        ("REPLY_TO", "Office <office@example.org>"),
        ("LIST_ID", "icp.example.org"),
        ("LIST_HELP", "https://icp.example.org/about"),
        ("DKIM__SELECTOR", "packs"),
        ("DKIM__KEY_FILE", &format!("tests/data/dkim/{key_file}")),
    ];
    let sender = Sender::new(&mail(&settings)).unwrap();
    let recipient = Recipient::new(name, "chair@example.org").unwrap();
    let words = MessageWords { subject: subject.to_owned(), html: format!("<pre>{text}</pre>"), text: text.to_owned() };
    compose(&sender, &outgoing(&recipient, words, None), AT).unwrap()
}

#[tokio::test]
#[ignore = "heavy: needs python3 with aiosmtpd, dkimpy and PyNaCl, and openssl"]
async fn heavy_signatures_verify_until_something_changes() {
    for (file, kind) in [("rsa_pkcs1.pem", "rsa"), ("rsa_pkcs8.pem", "rsa"), ("ed25519.pem", "ed25519")] {
        let server = RealServer::start("starttls", "plain");
        let ca = server.ca();
        let pairs = [("SMTP__CA_FILE", ca.as_str()), ("SMTP__USERNAME", "robot"), ("SMTP__PASSWORD", "hunter2")];
        // Lines that signing or SMTP could trip over: dots, blanks at the end, empty ones.
        let text = ".\n..\n.dot \t \n  two  blanks  \n\n\nend\n\n \n";
        let subject = "Canlyniadau – 第二季 🙂".repeat(6);
        let message = signed(file, "Σωκράτης, \"the\" 王 (chair)", &subject, text);
        assert_eq!(smtp(server.port, "starttls", &pairs).send(&message).await, DeliveryResult::Accepted);
        let arrived = std::fs::read(server.message()).unwrap();
        let record = record(file, kind);
        let changed = [
            ("blanks", "blankS"),
            ("Subject: C", "Subject: D"),
            ("To: =", "To: x ="),
            ("office@", "orifice@"),
            ("List-Help: <https:", "List-Help: <http:"),
            ("From: =", "From: Somebody else <a@example.com>\r\nFrom: ="),
            ("Subject: C", "Cc: a@example.com\r\nSubject: C"),
            ("t=1795167000", "t=1795167001"),
        ]
        .map(|(from, to)| replaced(&arrived, from, to));
        assert_eq!(verdicts(&changed, &record), [false; 8]);
        // A list that the message passes through may fold its lines another way, and add what is its own.
        let passed_on = replaced(&arrived, "Subject: ", "Received: by a.example\r\nList-Post: <x>\r\nsubject:   ");
        assert_eq!(verdicts(&[message.bytes, arrived, passed_on], &record), [true; 3]);
        let received = server.received();
        assert_eq!(received["headers"]["From"], "Swyddfa Iechyd – Powys ⚕ <secretariat@example.org>");
        assert_eq!(received["headers"]["To"], "\"Σωκράτης, \\\"the\\\" 王 (chair)\" <chair@example.org>");
        assert_eq!(received["headers"]["Subject"], subject);
        assert_eq!(received["headers"]["List-Id"], "<board_pack.icp.example.org>");
        assert_eq!((&received["to"][0], &received["to"][1]), (&"chair@example.org".into(), &serde_json::Value::Null));
        assert_eq!(received["defects"], serde_json::json!([]));
    }
}

#[test]
#[ignore = "heavy: needs python3 with dkimpy and PyNaCl, and openssl"]
fn heavy_signatures_of_any_words_verify() {
    const PIECES: [&str; 18] = [
        " ",
        "  ",
        "\t",
        ".",
        "=",
        "é",
        "第二季",
        "🙂",
        "=?utf-8?b?",
        "?=",
        "word",
        "longer-than-most",
        ",",
        "\"",
        "(",
        ">",
        ":",
        "\u{a0}",
    ];
    let mut state = 1u32;
    let mut some = |pieces: &[&str], most: u32| -> String {
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        };
        let number = next() % most;
        (0..number).map(|_| pieces[next() as usize % pieces.len()]).collect()
    };
    let in_texts = [PIECES.as_slice(), &["\n", "\r\n", "\n.\n", " \n"]].concat();
    // A name has no control characters.
    let in_names: Vec<&str> = PIECES.into_iter().filter(|piece| *piece != "\t").collect();
    let messages: Vec<Vec<u8>> =
        (0..200).map(|_| signed("ed25519.pem", &some(&in_names, 20), &some(&PIECES, 60), &some(&in_texts, 300)).bytes).collect();
    let verdicts = verdicts(&messages, &record("ed25519.pem", "ed25519"));
    for (message, is_good) in messages.iter().zip(&verdicts) {
        assert!(is_good, "{}", String::from_utf8_lossy(message));
    }
    assert_eq!(verdicts.len(), 200);
}

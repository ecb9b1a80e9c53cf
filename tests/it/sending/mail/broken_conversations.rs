//! Servers, and whoever is on the line to them, that answer before they are asked, or without end: nothing is taken for an
//! answer that is none, and nothing is held that was not.

use crate::support::alone::is_alone;
use crate::support::messages::*;
use crate::support::smtp_server::{self, Act, CA, Heard, Script};
use boardpack::distribute::DeliveryResult;
use std::time::{Duration, Instant};

/// What was made of a message of so many bytes, and what the server heard.
async fn exchange(script: Script, bytes: usize, deadline: Duration) -> (DeliveryResult, Heard) {
    let tls = match (script.implicit, script.ehlo) {
        (true, _) => "implicit",
        (false, Act::Say(answer)) if answer.contains("STARTTLS") => "starttls",
        _ => "none",
    };
    let server = smtp_server::start(script).await;
    let credentials = [("SMTP__CA_FILE", CA), ("SMTP__USERNAME", "robot"), ("SMTP__PASSWORD", "hunter2")];
    let by = smtp(server.port, tls, &credentials).with_deadline(deadline);
    let began = Instant::now();
    let outcome = by.send(&letter("zoe@example.org", &vec![7; bytes])).await;
    assert!(began.elapsed() < deadline + Duration::from_secs(2), "{:?}: {outcome:?}", began.elapsed());
    (outcome, server.heard().await)
}

fn holds_no_secret(heard: &Heard) -> bool {
    heard.commands.iter().all(|line| !line.starts_with("AUTH") && !line.starts_with("MAIL"))
}

#[tokio::test]
async fn by_either_kind_of_tls_a_message_arrives() {
    for script in [Script::upgrading(), Script::implicit()] {
        let (outcome, heard) = exchange(script, 200_000, PATIENCE).await;
        assert_eq!(outcome, DeliveryResult::Accepted);
        assert!(heard.is_secured && heard.is_whole);
        assert!(heard.commands.iter().any(|line| line == "AUTH PLAIN AHJvYm90AGh1bnRlcjI="));
    }
}

#[tokio::test]
async fn words_before_tls_are_no_answers_within() {
    for injected in [
        "220 go ahead\r\n250-test.invalid\r\n250 AUTH PLAIN\r\n235 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n250 2.0.0 taken\r\n221 bye",
        "220 go ahead\r\n250 test.invalid",
        "220 go ahead\r\n550 no",
        "220 go ahead\r\n421 4.3.2 shutting down",
        "220 go ahead\r\n2",
        "220 go ahead\r\n\r\n",
        "220 go ahead\r\n\u{16}\u{3}\u{3}",
    ] {
        let script = Script { starttls: Act::Say(injected), ..Script::upgrading() };
        let (outcome, heard) = exchange(script, 100, PATIENCE).await;
        let reason = refused(outcome, false);
        assert!(reason.ends_with("at STARTTLS: it answered before it was asked, and the message was not sent"), "{reason}");
        assert_eq!(heard.commands, ["EHLO example.org", "STARTTLS"], "{injected:?}");
    }
    // An offer that only who is on the line made is none.
    let bare = Script { secured_ehlo: Act::Say("250 test.invalid"), ..Script::upgrading() };
    let (outcome, heard) = exchange(bare, 100, PATIENCE).await;
    assert!(refused(outcome, false).contains("does not offer to sign in"));
    assert!(holds_no_secret(&heard));
}

#[tokio::test]
async fn early_answers_end_the_conversation() {
    let secured_ehlo = "250-test.invalid\r\n250 AUTH PLAIN\r\n235 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n250 2.0.0 taken";
    for (step, plain) in [
        ("the greeting", Script { greeting: Act::Say("220 hello\r\n250 AUTH PLAIN"), ..Script::default() }),
        ("the greeting", Script { ehlo: Act::Say("250-test.invalid\r\n250 AUTH PLAIN\r\n235 ok"), ..Script::default() }),
        ("STARTTLS", Script { secured_ehlo: Act::Say(secured_ehlo), ..Script::upgrading() }),
        ("the sign-in", Script { auth: |_| Act::Say("235 ok\r\n250 ok"), ..Script::default() }),
        ("the sender", Script { mail: Act::Say("250 ok\r\n250 ok"), ..Script::default() }),
        ("the sender", Script { mail: Act::Say("250 ok\r\n550 5.1.1 no such user"), ..Script::default() }),
        ("the recipient", Script { rcpt: Act::Say("250 ok\r\n354 go on\r\n250 taken"), ..Script::default() }),
        ("the recipient", Script { rcpt: Act::Say("550 no\r\n250 ok"), ..Script::default() }),
        ("the start of the text", Script { data: Act::Say("354 go on\r\n250 2.0.0 taken"), ..Script::default() }),
        ("the start of the text", Script { data: Act::Say("354 go on\r\n2"), ..Script::default() }),
    ] {
        let both = [plain, Script { implicit: true, ..plain }];
        for script in if step == "STARTTLS" { &both[..1] } else { &both[..] } {
            let (outcome, heard) = exchange(*script, 100_000, PATIENCE).await;
            let reason = refused(outcome, false);
            let expected = format!("at {step}: it answered before it was asked, and the message was not sent");
            assert!(reason.ends_with(&expected), "{reason}");
            assert!(!heard.is_whole && heard.text.is_empty(), "{step}");
        }
    }
}

#[tokio::test]
async fn answers_within_the_text_withhold_its_end() {
    // More than lies on the line at a time, so that the server has spoken, at each line, before the end.
    let text = 5_000_000;
    for says in ["250 a", "hello"] {
        let script = Script { in_text: Some(Act::Say(says)), ..Script::default() };
        let (outcome, heard) = exchange(script, text, PATIENCE).await;
        let reason = refused(outcome, false);
        let expected = "at the text: it answered before it was asked, and the message was not sent";
        assert!(reason.ends_with(expected) && !heard.is_whole, "{says}: {reason}");
    }
    // One no is the server's own; several are no answer to anything.
    let (outcome, heard) = exchange(Script { in_text: Some(Act::Say("552 a")), ..Script::default() }, text, PATIENCE).await;
    assert!(matches!(outcome, DeliveryResult::Refused { .. }) && !heard.is_whole, "{outcome:?}");
    for says in ["421 4.3.2 shutting down", "552 5.3.4 too large", "250 taken"] {
        let script = Script { in_text: Some(Act::LastWord(says)), ..Script::default() };
        let (outcome, heard) = exchange(script, text, PATIENCE).await;
        // The line is cut, perhaps before what was said last is heard.
        assert!(!heard.is_whole && outcome != DeliveryResult::Accepted, "{says}: {outcome:?}");
    }
}

#[tokio::test]
async fn early_answers_never_confirm_the_text() {
    for at_the_end in [Act::Say("550 5.7.1 not taken"), Act::Say("250 2.0.0 taken"), Act::Drop, Act::Silent] {
        let script = Script { after_first_line: Some("250 2.0.0 taken"), text: at_the_end, ..Script::default() };
        for script in [script, Script { implicit: true, ..script }] {
            let (outcome, heard) = exchange(script, 100, PATIENCE).await;
            let reason = refused(outcome, false);
            assert!(reason.ends_with("at the text: it answered before it was asked, and the message was not sent"), "{reason}");
            assert!(!heard.is_whole);
        }
    }
}

#[tokio::test]
async fn late_early_answers_are_one_too_many() {
    let lag = Duration::from_millis(300);
    let early = Script { after_first_line: Some("250 2.0.0 taken"), lag, ..Script::default() };
    let deadline = Duration::from_millis(1500);
    for script in [
        Script { text: Act::Drop, ..early },
        Script { text: Act::LastWord("421 4.3.2 shutting down"), ..early },
        Script { text: Act::Say("550 5.7.1 not taken"), ..early },
        Script { text: Act::LastWord("550 5.7.1 not taken"), ..early },
        Script { text: Act::Say("451 later"), ..early },
        Script { text: Act::Silent, noop: Act::Silent, quit: Act::Silent, ..early },
        Script { text: Act::Say("354 go on"), ..early },
        Script { text: Act::Say("no SMTP"), ..early },
        // It took the message, and said so in an order in which that cannot be known.
        Script { text: Act::Say("250 2.0.0 taken"), ..early },
        Script { after_first_line: Some("552 5.3.4 too large"), ..early },
    ] {
        for script in [script, Script { implicit: true, ..script }] {
            let (outcome, heard) = exchange(script, 100, deadline).await;
            assert!(heard.is_whole, "the end of the text was said before the early answer came");
            assert!(matches!(outcome, DeliveryResult::Unknown { .. }), "{:?}: {outcome:?}", script.text);
        }
    }
}

#[tokio::test]
async fn acceptance_needs_the_next_answer_in_turn() {
    let unconfirmed = ["550 no", "451 later", "354 go on", "no SMTP", "221 bye", "421 4.3.2 shutting down", "250 ok\r\n250 ok"];
    for answer in unconfirmed.map(Act::Say).into_iter().chain([Act::Drop]) {
        let script = Script { noop: answer, quit: Act::Say("250 2.0.0 ok"), ..Script::default() };
        let (outcome, _) = exchange(script, 100, PATIENCE).await;
        assert!(matches!(outcome, DeliveryResult::Unknown { .. }), "{answer:?}: {outcome:?}");
    }
    for parting in ["550 5.7.1 not taken", "250 2.0.0 taken", "354 go on", "no SMTP"] {
        let (outcome, _) = exchange(Script { quit: Act::Say(parting), ..Script::default() }, 100, PATIENCE).await;
        assert!(matches!(outcome, DeliveryResult::Unknown { .. }), "{parting}: {outcome:?}");
    }
    // How the conversation ends after that says nothing of the text.
    for parting in [Act::Say("221 bye"), Act::Say("421 4.3.2 shutting down"), Act::Drop, Act::Silent] {
        let (outcome, _) = exchange(Script { quit: parting, ..Script::default() }, 100, PATIENCE).await;
        assert_eq!(outcome, DeliveryResult::Accepted, "{parting:?}");
    }
    let knows_no_noop = Script { noop: Act::Say("502 5.5.1 not implemented"), ..Script::default() };
    assert_eq!(exchange(knows_no_noop, 100, PATIENCE).await.0, DeliveryResult::Accepted);
    let (outcome, _) = exchange(Script { quit: Act::Drop, ..knows_no_noop }, 100, PATIENCE).await;
    assert!(matches!(outcome, DeliveryResult::Unknown { .. }), "{outcome:?}");
}

#[tokio::test]
async fn two_answers_leave_the_outcome_unknown() {
    for answers in [
        "250 taken\r\n250 taken",
        "250 taken\r\n550 not taken",
        "550 not taken\r\n250 taken",
        "250 taken\r\n5",
        "451 later\r\n250 ok",
    ] {
        let (outcome, _) = exchange(Script { text: Act::Say(answers), ..Script::default() }, 100, PATIENCE).await;
        assert!(matches!(outcome, DeliveryResult::Unknown { .. }), "{answers:?}: {outcome:?}");
    }
    // What no server means by "taken".
    for answer in
        ["220 hello", "221 bye", "235 ok", "251 ok", "252 ok", "334 ", "354 go on", "250_taken", "25 taken", "HTTP/1.1 200 OK"]
    {
        let (outcome, _) = exchange(Script { text: Act::Say(answer), ..Script::default() }, 100, PATIENCE).await;
        assert!(matches!(outcome, DeliveryResult::Unknown { .. }), "{answer:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn servers_may_announce_shutdown_anytime() {
    let last = Script { noop: Act::LastWord("250 ok\r\n421 4.3.2 shutting down"), ..Script::default() };
    assert_eq!(exchange(last, 100, PATIENCE).await.0, DeliveryResult::Accepted);
    // With the answer to the text it may be the true one, after an early one.
    let at_once = Script { text: Act::LastWord("250 taken\r\n421 4.3.2 shutting down"), ..Script::default() };
    assert!(matches!(exchange(at_once, 100, PATIENCE).await.0, DeliveryResult::Unknown { .. }));
    for script in [
        Script { greeting: Act::Say("220 hello\r\n421 4.3.2 shutting down"), ..Script::default() },
        Script { rcpt: Act::Say("250 ok\r\n421 4.3.2 shutting down"), ..Script::default() },
        Script { rcpt: Act::LastWord("250 ok\r\n421 4.3.2 shutting down"), ..Script::default() },
    ] {
        let reason = refused(exchange(script, 100, PATIENCE).await.0, false);
        assert!(reason.ends_with("421 4.3.2 shutting down"), "{reason}");
    }
}

#[tokio::test]
async fn codes_for_other_commands_are_not_believed() {
    for script in [
        Script { greeting: Act::Say("250 ok"), ..Script::default() },
        Script { ehlo: Act::Say("220 AUTH PLAIN"), ..Script::default() },
        Script { starttls: Act::Say("250 go ahead"), ..Script::upgrading() },
        Script { auth: |_| Act::Say("250 ok"), ..Script::default() },
        Script { mail: Act::Say("235 ok"), ..Script::default() },
        Script { rcpt: Act::Say("354 go on"), ..Script::default() },
        Script { data: Act::Say("250 ok"), ..Script::default() },
    ] {
        let (outcome, heard) = exchange(script, 100, PATIENCE).await;
        let reason = refused(outcome, false);
        assert!(reason.contains("it answered ") && reason.contains(" was expected"), "{reason}");
        assert!(heard.text.is_empty());
    }
}

/// At each step, by its name in reasons; the last may have delivered.
fn at_each_step(act: Act) -> [(&'static str, Script); 6] {
    [
        ("the greeting", Script { greeting: act, ..Script::default() }),
        ("the greeting", Script { ehlo: act, ..Script::default() }),
        ("the sender", Script { mail: act, ..Script::default() }),
        ("the recipient", Script { rcpt: act, ..Script::default() }),
        ("the start of the text", Script { data: act, ..Script::default() }),
        ("the text", Script { text: act, ..Script::default() }),
    ]
}

fn reason_at(step: &str, outcome: DeliveryResult) -> String {
    match outcome {
        DeliveryResult::Unknown { reason } if step == "the text" => reason,
        outcome => {
            assert_ne!(step, "the text", "{outcome:?}");
            refused(outcome, false)
        }
    }
}

#[tokio::test]
async fn endless_answers_are_cut_off() {
    if !is_alone("sending::mail::broken_conversations::endless_answers_are_cut_off") {
        return;
    }
    const LINE: &str = "250-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n";
    // What the program itself takes when it first does this is not counted.
    for (_, script) in at_each_step(Act::Endless(LINE)) {
        exchange(script, 100, PATIENCE).await;
    }
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = super::peak_memory();
    for endless in [LINE, "250-\r\n", "250 no end of the line ", "\0"] {
        for (step, script) in at_each_step(Act::Endless(endless)) {
            let began = Instant::now();
            let (outcome, _) = exchange(script, 100, PATIENCE).await;
            let reason = reason_at(step, outcome);
            assert!(reason.contains("its answer is over 64 KB or 100 lines"), "{endless:?}: {reason}");
            assert!(began.elapsed() < PATIENCE / 4, "{endless:?}: {:?}", began.elapsed());
        }
    }
    let grown = super::peak_memory() - before;
    assert!(grown < 50_000_000, "{grown} bytes more were held");
}

#[tokio::test]
async fn deadlines_hold_against_slow_bytes() {
    for (step, script) in at_each_step(Act::Drip(
        "250-a reply that takes more than three seconds to say whole, by a byte each\r\n250 x\r\n250-a\r\n250-b\r\n250-c\r\n250-d\r\n250-e\r\n250-f",
    )) {
        let (outcome, _) = exchange(script, 100, Duration::from_millis(700)).await;
        let reason = reason_at(step, outcome);
        assert!(reason.contains("it did not answer within 700ms"), "{step}: {reason}");
    }
}

#[tokio::test]
async fn messages_beyond_the_offered_size_are_not_begun() {
    let limited = "250-test.invalid\r\n250-SIZE 20000\r\n250 AUTH PLAIN";
    for script in [
        Script { ehlo: Act::Say(limited), ..Script::default() },
        Script { secured_ehlo: Act::Say(limited), ..Script::upgrading() },
        Script { ehlo: Act::Say(limited), ..Script::implicit() },
    ] {
        let (outcome, heard) = exchange(script, 20_000, PATIENCE).await;
        let reason = refused(outcome, true);
        let bytes = letter("zoe@example.org", &[7; 20_000]).bytes.len();
        assert!(reason.contains(&format!("takes messages of up to 20000 bytes, and this one has {bytes} as sent")), "{reason}");
        assert!(heard.commands.iter().all(|line| !line.starts_with("MAIL")), "{:?}", heard.commands);
        assert_eq!(heard.commands.last().unwrap(), "QUIT");
    }
    let in_mb = Script { ehlo: Act::Say("250-test.invalid\r\n250-SIZE 1500000\r\n250 AUTH PLAIN"), ..Script::default() };
    let reason = refused(exchange(in_mb, 1_500_000, PATIENCE).await.0, true);
    assert!(reason.contains("set mail.max_message_mb to 1 or less, and mail.pack_location or mail.smaller_pack"), "{reason}");
}

#[tokio::test]
async fn servers_offering_size_are_told_it() {
    let bytes = letter("zoe@example.org", &[7; 20_000]).bytes.len();
    let exactly: &'static str = format!("250-test.invalid\r\n250-SIZE {bytes}\r\n250 AUTH PLAIN").leak();
    for (ehlo, told) in [
        (exactly, true),
        ("250-test.invalid\r\n250-SIZE 0\r\n250 AUTH PLAIN", true),
        ("250-test.invalid\r\n250-SIZE\r\n250 AUTH PLAIN", true),
        ("250-test.invalid\r\n250 AUTH PLAIN", false),
    ] {
        let (outcome, heard) = exchange(Script { ehlo: Act::Say(ehlo), ..Script::default() }, 20_000, PATIENCE).await;
        assert_eq!(outcome, DeliveryResult::Accepted, "{ehlo}");
        let size = if told { format!(" SIZE={bytes}") } else { String::new() };
        let expected = format!("MAIL FROM:<secretariat@example.org>{size}");
        assert!(heard.commands.contains(&expected), "{:?}", heard.commands);
        assert_eq!(heard.text.len(), bytes, "what is announced is what is sent");
    }
}

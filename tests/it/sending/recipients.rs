//! What is sent to whom, and how often: the whole program against a mail server that does as it is told.

use crate::support::small_system::SmallSystem;
use crate::support::smtp_server::{Act, Heard, Script};
use boardpack::period::Period;
use boardpack::store::{Leased, Ledger};
use std::process::Output;

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
fn assert_exit(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}", text(output));
}

fn to(heard: &Heard) -> String {
    let to = heard.commands.iter().find_map(|line| line.strip_prefix("RCPT TO:<")?.split('>').next());
    to.expect("a conversation names its recipient").to_owned()
}

fn recipients(heard: &[Heard]) -> Vec<String> {
    heard.iter().map(to).collect()
}

/// Headers and words, with soft line ends undone.
fn words(heard: &Heard) -> String {
    String::from_utf8_lossy(&heard.text).replace("=\r\n", "").replace("\r\n", "\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_are_sent_once_and_corrections_to_all() {
    let system = SmallSystem::new(Script::default(), 2).await;
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert_eq!(recipients(&system.post.take()), ["reader0@example.org", "reader1@example.org"]);
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert!(system.post.take().is_empty());

    // One leaves the list and another joins: whoever had what was wrong is told all the same.
    let lists = std::fs::read_to_string(system.path("config/recipients.toml")).unwrap();
    std::fs::write(system.path("config/recipients.toml"), lists.replace("reader1", "reader9")).unwrap();
    assert_exit(&system.run(&["run", "--reissue", "A gate was not counted."], &[]).await, 0);
    let corrected = system.post.take();
    assert_eq!(recipients(&corrected), ["reader0@example.org", "reader9@example.org", "reader1@example.org"]);
    for letter in &corrected {
        let words = words(letter);
        for part in
            ["Subject: [CORRECTED] ", "issue 2 of the pack", "A gate was not counted.", "board-pack-2026-27-Q2-issue-2.pdf"]
        {
            assert!(words.contains(part), "{part}");
        }
    }
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert!(system.post.take().is_empty());

    // What a person sends elsewhere, and a preview, are deliveries of their own.
    assert_exit(&system.run(&["run", "--to", "reader0@example.org"], &[]).await, 0);
    assert_eq!(recipients(&system.post.take()), ["reader0@example.org"]);
    assert_exit(&system.run(&["run", "--send-to-me"], &[]).await, 0);
    let preview = system.post.take();
    assert_eq!(recipients(&preview), ["desk@example.org"]);
    assert!(words(&preview[0]).contains("Subject: [DRAFT] "));
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_below_a_gate_are_not_sent() {
    let system = SmallSystem::new(Script::default(), 2).await;
    for expected in [1, 0] {
        let output = system.run(&["run"], &[("GATES__OLDEST_INDICATOR_DAYS", "7")]).await;
        assert_exit(&output, 3);
        assert!(text(&output).contains("the pack was not sent: indicator visits of Rivers was fetched 18 days ago"));
        let told = system.post.take();
        assert_eq!(recipients(&told), vec!["desk@example.org"; expected]);
        for part in ["the pack was not sent", "fetched 18 days ago", "Get what is missing"] {
            assert!(told.iter().all(|letter| words(letter).contains(part)), "{part}");
        }
    }
    // Whoever asks to send nothing hears of it before the day.
    let output = system.run(&["run", "--no-send"], &[("GATES__OLDEST_INDICATOR_DAYS", "7")]).await;
    assert_exit(&output, 0);
    let line = "  not asked to send it; it would be withheld: indicator visits of Rivers was fetched 18 days ago";
    assert_eq!(text(&output).lines().filter(|said| said.starts_with(line)).count(), 1, "{}", text(&output));
    assert!(system.post.take().is_empty());
    let output = system.run(&["run", "--no-send"], &[]).await;
    assert!(!text(&output).contains("would be withheld"), "{}", text(&output));
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert_eq!(system.post.take().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn temporary_refusals_are_retried_permanent_ones_not() {
    for (answer, tries) in [("450 4.2.1 later", 3), ("550 5.1.1 nobody here", 1)] {
        let system = SmallSystem::new(Script { rcpt: Act::Say(answer), ..Script::default() }, 1).await;
        let output = system.run(&["run"], &[("MAIL__ATTEMPTS", "3")]).await;
        assert_exit(&output, 3);
        let to_board = recipients(&system.post.take()).iter().filter(|to| *to == "reader0@example.org").count();
        assert_eq!(to_board, tries, "{answer}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains('@'), "{}", text(&output));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn uncertain_messages_wait_for_a_decision() {
    let system = SmallSystem::new(Script { text: Act::Drop, ..Script::default() }, 1).await;
    let to_board = || recipients(&system.post.take()).iter().filter(|to| *to == "reader0@example.org").count();
    let output = system.run(&["run"], &[]).await;
    assert_exit(&output, 3);
    assert!(text(&output).contains("reader0@example.org: held"), "{}", text(&output));
    assert!(!String::from_utf8_lossy(&output.stderr).contains('@'), "{}", text(&output));
    assert_eq!(to_board(), 1);
    assert_exit(&system.run(&["run"], &[]).await, 3);
    assert_eq!(to_board(), 0);
    let shown = text(&system.run(&["runs", "show", "1"], &[]).await);
    assert!(shown.contains("reader0@example.org  board-pack, issue 1  held, for it may have arrived, at"), "{shown}");
    system.run(&["runs", "resend", "1"], &[]).await;
    assert_eq!(to_board(), 1);
    // Each run sends one copy more, however often it would try again what is refused.
    for _ in 0..2 {
        assert_exit(&system.run(&["run"], &[("MAIL__AT_LEAST_ONCE", "true"), ("MAIL__ATTEMPTS", "5")]).await, 3);
        assert_eq!(to_board(), 1);
    }
    assert_exit(&system.run(&["runs", "resend", "99"], &[]).await, 64);
}

#[tokio::test(flavor = "multi_thread")]
async fn oversized_packs_are_refused_or_announced() {
    let system = SmallSystem::new(Script::default(), 2).await;
    system.make_packs_large(550);
    let templates = system.path("templates");
    let templates = ("PATHS__TEMPLATES", templates.to_str().unwrap());
    // Under the limit as it lies there, over it as base64.
    let limit = ("MAIL__MAX_MESSAGE_MB", "1");
    let output = system.run(&["run"], &[templates, limit]).await;
    assert_exit(&output, 3);
    let reason = "MB as sent, over the 1 MB of mail.max_message_mb";
    assert!(text(&output).contains(reason), "{}", text(&output));
    let told = system.post.take();
    assert_eq!(recipients(&told), ["desk@example.org"]);
    assert!(words(&told[0]).contains(reason), "{}", words(&told[0]));
    let pack = std::fs::metadata(system.path("out/2026-27-Q2/board-pack-2026-27-Q2.pdf")).unwrap().len();
    assert!((750_000..1_000_000).contains(&pack), "{pack} bytes");

    // Of a draft that waits for approval, too, the operators are told.
    assert_exit(&system.run(&["run"], &[templates, limit, ("PACK__APPROVAL", "true")]).await, 3);
    let told = system.post.take();
    assert_eq!(recipients(&told), ["desk@example.org"]);
    let too_large =
        "board-pack-2026-27-Q2-draft.pdf is too large to be attached here; `boardpack render --draft` makes it again.";
    assert!(words(&told[0]).contains(too_large), "{}", words(&told[0]));
    assert_exit(&system.run(&["runs", "cancel", "2"], &[]).await, 0);

    let place = ("MAIL__PACK_LOCATION", "https://example.org/packs");
    assert_exit(&system.run(&["run"], &[templates, limit, place]).await, 0);
    let sent = system.post.take();
    assert_eq!(recipients(&sent), ["reader0@example.org", "reader1@example.org"]);
    for letter in &sent {
        let words = words(letter);
        let notice = "It is here: https://example.org/packs (board-pack-2026-27-Q2.pdf)";
        assert!(words.contains(notice) && !words.contains("application/pdf"), "{words}");
    }
    // With another pack to send in its place, the notice comes with that.
    let smaller = [templates, limit, place, ("PACK__MAKE", "board_pack,public_summary"), ("MAIL__SMALLER_PACK", "true")];
    assert_exit(&system.run(&["run", "--to", "reader7@example.org"], &smaller).await, 0);
    let words = words(&system.post.take()[0]);
    for part in [
        "A smaller pack is attached instead: public-summary-2026-27-Q2.pdf. The whole pack is here: https://example.org/packs",
        "filename=\"public-summary-2026-27-Q2.pdf\"",
    ] {
        assert!(words.contains(part), "{words}");
    }
    // Who has the notice has the pack.
    assert_exit(&system.run(&["run"], &[templates]).await, 0);
    assert!(system.post.take().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn second_runs_wait_whatever_the_clock() {
    let system = SmallSystem::new(Script::default(), 1).await;
    let ledger = Ledger::open(&system.path("ledger.sqlite")).await.unwrap();
    let packs = ("board-pack", Period::financial_quarter(2026, 2));
    // As one that was begun long ago: nothing but its end frees it.
    let lease = ledger.take_lease(packs, "process 7 on elsewhere, since 2020-11-20T07:00:00Z").unwrap();
    assert!(matches!(lease, Leased::Ours { .. }));
    let output = system.run(&["run"], &[]).await;
    assert_exit(&output, 75);
    let by = "error: another run of 2026-27-Q2 is in progress (process 7 on elsewhere, since 2020-11-20T07:00:00Z): try again \
        later";
    assert!(text(&output).contains(by), "{}", text(&output));
    drop(lease);
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert_eq!(recipients(&system.post.take()), ["reader0@example.org"]);
    ledger.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn approved_packs_need_unchanged_inputs() {
    let system = SmallSystem::new(Script::default(), 2).await;
    let approval = [("PACK__APPROVAL", "true")];
    assert_exit(&system.run(&["run"], &approval).await, 3);
    let draft = system.post.take();
    assert_eq!(recipients(&draft), ["desk@example.org"]);
    assert!(words(&draft[0]).contains("boardpack runs approve 1 --by NAME"), "{}", words(&draft[0]));
    let made = std::fs::read(system.path("out/2026-27-Q2/board-pack-2026-27-Q2.pdf")).unwrap();
    assert!(words(&draft[0]).contains(&boardpack::archive::sha256(&made)));

    // A setting that bears on the pack is another now: what was shown is no longer what would be made.
    let changed = [("PACK__APPROVAL", "true"), ("RETURNS__DEADLINE_DAYS", "40")];
    let lapsed = system.run(&["runs", "approve", "1", "--by", "Avery"], &changed).await;
    assert_exit(&lapsed, 3);
    assert!(text(&lapsed).contains("setting returns.deadline_days was 31, is 40"), "{}", text(&lapsed));
    assert!(system.post.take().is_empty());

    assert_exit(&system.run(&["run"], &changed).await, 3);
    system.post.take();
    assert_exit(&system.run(&["runs", "approve", "2", "--by", "Avery"], &changed).await, 0);
    let sent = system.post.take();
    assert_eq!(recipients(&sent), ["reader0@example.org", "reader1@example.org"]);
    let shown = text(&system.run(&["runs", "show", "2"], &[]).await);
    assert!(shown.contains("approved by Avery"), "{shown}");
    assert_exit(&system.run(&["runs", "approve", "2", "--by", "Avery"], &changed).await, 0);
    assert!(system.post.take().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn file_messages_are_no_deliveries() {
    const FILES: [(&str, &str); 1] = [("MAIL__TRANSPORT", "file")];
    let system = SmallSystem::new(Script::default(), 2).await;
    // An older quarter and this one are tried out, and corrected for practice.
    assert_exit(&system.run(&["run", "--period", "2026-27-Q1"], &FILES).await, 0);
    for arguments in [&["run"][..], &["run"], &["run", "--reissue", "Practice."]] {
        let tried = system.run(arguments, &FILES).await;
        assert_exit(&tried, 0);
        let said = text(&tried);
        assert!(said.contains("reader0@example.org: written, not sent") && said.contains("so nothing was sent"), "{said}");
        assert!(!said.contains("delivered at"), "{said}");
    }
    let shown = text(&system.run(&["runs", "show", "2"], &[]).await);
    assert!(shown.contains("0 of 2 recipients have it; written, not sent: 2"), "{shown}");
    let shown = text(&system.run(&["runs", "show", "3"], &[]).await);
    assert!(shown.contains("written, not sent, at "), "{shown}");
    assert!(system.post.take().is_empty());

    // The first real one is issue 1, to everybody, of the quarter that is run.
    assert_exit(&system.run(&["run"], &[]).await, 0);
    let heard = system.post.take();
    assert_eq!(recipients(&heard), ["reader0@example.org", "reader1@example.org"]);
    assert!(heard.iter().all(|heard| words(heard).contains("2026-27-Q2") && !words(heard).contains("CORRECTED")));
    let shown = text(&system.run(&["runs", "show", "5"], &[]).await);
    assert!(shown.contains("accepted by smtp at "), "{shown}");

    // Back to files, and to the server once more: they have it.
    for settings in [&FILES[..], &[]] {
        let again = system.run(&["run"], settings).await;
        assert_exit(&again, 0);
        assert!(text(&again).contains("reader0@example.org: not sent again: delivered at"), "{}", text(&again));
    }
    assert!(system.post.take().is_empty());
}

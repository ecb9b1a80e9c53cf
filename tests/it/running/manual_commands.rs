//! What people do beside each other and to runs: two at once, cancelling, sending again, previews, corrections asked for twice.

use crate::support::small_system::SmallSystem;
use crate::support::smtp_server::{Act, PostOffice, Script};
use crate::support::whole_runs::{assert_exit, assert_sound, everybody, messages, readers, states, tables, words};
use sqlx::Executor;
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

const READERS: usize = 3;

/// A run that is sending when this gives it back, to a server that takes its time.
async fn at_work(system: &SmallSystem) -> Child {
    let run = system.command(&["run"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    let sending = "SELECT COUNT(*) FROM message WHERE state = 'sending'";
    while !system.path("ledger.sqlite").exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut tables = tables(system).await;
    while sqlx::query_scalar::<_, i64>(sending).fetch_one(&mut tables).await.unwrap_or_default() == 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing was ever being sent");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    run
}

async fn ended(run: Child) -> Output {
    tokio::task::spawn_blocking(move || run.wait_with_output().unwrap()).await.unwrap()
}

async fn slow() -> SmallSystem {
    SmallSystem::new(Script { pause: Duration::from_millis(150), ..Script::default() }, READERS).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_says_so_and_ends() {
    let system = slow().await;
    let first = at_work(&system).await;
    let process = first.id();
    for arguments in [&["run"][..], &["run", "--send-to-me"], &["runs", "resend", "1"]] {
        let said = assert_exit(&system.run(arguments, &[]).await, 75);
        let line = format!("error: another run of 2026-27-Q2 is in progress (process {process} on ");
        assert!(said.contains(&line) && said.contains("try again later"), "{said}");
    }
    // Another quarter's is another matter.
    assert_exit(&system.run(&["run", "--period", "2026-27-Q1", "--no-send"], &[]).await, 0);
    assert_exit(&ended(first).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(READERS));
    assert_sound(&system).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn simultaneous_starts_send_one_pack_each() {
    let system = slow().await;
    let start = || system.command(&["run"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (one, other) = (start(), start());
    let ended = [ended(one).await, ended(other).await];
    let mut codes = ended.each_ref().map(|output| output.status.code().unwrap());
    codes.sort();
    // The second may come so late that all is done.
    assert!(
        codes == [0, 75] || codes == [0, 0],
        "{}",
        ended.map(|output| String::from_utf8_lossy(&output.stderr).into_owned()).concat()
    );
    assert_eq!(readers(&system.post.take()), everybody(READERS));
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_runs_send_no_more() {
    let system = slow().await;
    let first = at_work(&system).await;
    let said = assert_exit(&system.run(&["runs", "cancel", "1"], &[]).await, 0);
    assert!(said.contains("run 1: 2 messages will not be sent; messages already sent or being sent are not affected"), "{said}");
    let said = assert_exit(&ended(first).await, 3);
    assert!(said.contains("reader1@example.org: not sent: it was cancelled"), "{said}");
    assert_eq!(readers(&system.post.take()), everybody(1));
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(READERS)[1..]);
    // Of one that is done there is nothing to cancel.
    let said = assert_exit(&system.run(&["runs", "cancel", "2"], &[]).await, 0);
    assert!(said.contains("run 2: 0 messages will not be sent"), "{said}");
    assert_exit(&system.run(&["runs", "cancel", "99"], &[]).await, 64);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_interrupted_runs_do_not_resume() {
    let post = PostOffice::by_turn(|turn| Script {
        rcpt: Act::Say(if turn < READERS { "550 5.1.1 nobody here" } else { "250 ok" }),
        ..Script::default()
    });
    let system = SmallSystem::with(post.await, READERS);
    assert_exit(&system.run(&["run"], &[]).await, 3);
    system.post.take();
    // As it is left by a process that is killed before it sends.
    let mut tables = tables(&system).await;
    tables
        .execute("UPDATE run SET ended_at = NULL, outcome = NULL; UPDATE message SET state = 'pending' WHERE kind = 'board-pack'")
        .await
        .unwrap();
    assert_exit(&system.run(&["runs", "cancel", "1"], &[]).await, 0);
    let runs = assert_exit(&system.run(&["runs", "list"], &[]).await, 0);
    assert!(runs.contains("cancelled: it was cut off, and what it had not sent is not sent"), "{runs}");
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(READERS));
    assert!(messages(&system).await.iter().all(|message| message.run.0 == 2));
    let shown = assert_exit(&system.run(&["runs", "show", "1"], &[]).await, 0);
    assert!(shown.contains("reader0@example.org  board-pack, issue 1  taken over by run 2: accepted by smtp"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn previews_and_copies_are_no_deliveries() {
    let system = SmallSystem::new(Script::default(), READERS).await;
    for arguments in [
        &["run", "--no-send"][..],
        &["run", "--draft"],
        &["run", "--send-to-me"],
        &["run", "--to", "reader0@example.org"],
        &["run", "--to", "Reader1@Example.org", "--to", "friend@example.net"],
    ] {
        assert_exit(&system.run(arguments, &[]).await, 0);
        assert_eq!(messages(&system).await, [], "{arguments:?}");
    }
    system.post.take();
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(READERS));

    // A copy of what was sent is a delivery of its own, and each that is asked for is one.
    for _ in 0..2 {
        let first = messages(&system).await[0].id.to_string();
        let said = assert_exit(&system.run(&["runs", "resend", &first, "--to", "friend@example.net"], &[]).await, 0);
        assert!(said.contains(": sent"), "{said}");
        assert_eq!(readers(&system.post.take()), ["friend@example.net"]);
        let again = assert_exit(&system.run(&["runs", "resend", &first], &[]).await, 0);
        assert!(again.contains("not sent again: delivered at"), "{again}");
        assert!(system.post.take().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn superseded_messages_are_not_resent() {
    // The second reader's first message is held.
    let post = PostOffice::by_turn(|turn| Script {
        text: if turn == 1 { Act::Drop } else { Script::default().text },
        ..Script::default()
    });
    let system = SmallSystem::with(post.await, READERS);
    assert_exit(&system.run(&["run"], &[]).await, 3);
    let first = messages(&system).await.remove(1);
    system.change("parks/visits.csv", "Q2,950", "Q2,960");
    assert_exit(&system.run(&["run", "--reissue", "A gate was not counted."], &[]).await, 0);
    let corrected = words(&system.post.take().pop().unwrap());
    let told = corrected.lines().find(|line| line.starts_with("Figures and statuses")).unwrap_or_default();
    assert_eq!(told, "Figures and statuses that have changed: 1. They are listed near its beginning.");

    let number = first.id.to_string();
    let later = messages(&system).await.into_iter().find(|row| row.key.issue == 2 && row.key.address == first.key.address);
    let later = later.unwrap().id;
    let refused = "issue 2 of the pack has taken the place of issue 1, which it carries";
    for (command, remedy) in [
        (&["runs", "resend", &number][..], format!("its recipient has that: message {later}")),
        (
            &["runs", "resend", &number, "--to", "friend@example.net"],
            format!("`boardpack runs resend {later} --to ADDRESS` sends a copy of that"),
        ),
    ] {
        let said = assert_exit(&system.run(command, &[]).await, 3);
        assert!(said.contains(&format!("message {number} is not sent: {refused} ({remedy})")), "{said}");
        assert!(system.post.take().is_empty());
    }
    assert_exit(&system.run(&["runs", "resend", &later.to_string(), "--to", "friend@example.net"], &[]).await, 0);
    assert_eq!(readers(&system.post.take()), ["friend@example.net"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn repeated_corrections_are_one_correction() {
    // The first reader's corrected message is refused at first.
    let post = PostOffice::by_turn(|turn| Script {
        rcpt: Act::Say(if turn == 2 { "550 5.1.1 nobody here" } else { "250 ok" }),
        ..Script::default()
    });
    let system = SmallSystem::with(post.await, 2);
    assert_exit(&system.run(&["run"], &[]).await, 0);
    let correct = ["run", "--reissue", "A gate was not counted."];
    assert_exit(&system.run(&correct, &[]).await, 3);
    system.post.take();
    // By a run that says nothing of it.
    assert_exit(&system.run(&["run"], &[]).await, 0);
    let heard = system.post.take();
    assert_eq!(readers(&heard), everybody(1));
    let words = words(&heard[0]);
    assert!(words.contains("Subject: [CORRECTED] ") && words.contains("A gate was not counted."), "{words}");
    for _ in 0..2 {
        assert_exit(&system.run(&correct, &[]).await, 0);
        assert!(system.post.take().is_empty(), "it was corrected already");
    }
    assert_exit(&system.run(&["run", "--reissue", "Another gate was not counted."], &[]).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(2));
    let issues: Vec<u32> = messages(&system).await.iter().map(|message| message.key.issue).collect();
    assert_eq!(issues, [1, 1, 2, 2, 3, 3]);
    assert_eq!(states(&system).await, ["accepted"; 6]);
}

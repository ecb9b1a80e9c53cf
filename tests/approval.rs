//! A pack that needs a person's word: what lapses and what does not, who may give it and how often, and that what is sent is
//! what was approved, whatever comes in between.

mod small_system;
mod smtp_server;
mod whole_runs;

use boardpack::collect::sha256;
use boardpack::store::RunId;
use jiff::Timestamp;
use small_system::SmallSystem;
use smtp_server::{Act, PostOffice, Script};
use sqlx::Executor;
use std::fs;
use whole_runs::{assert_exit, assert_sound, attached, everybody, ledger, readers, states, tables, told};

const APPROVAL: [(&str, &str); 1] = [("PACK__APPROVAL", "true")];
const READERS: usize = 2;

/// A system whose run 1 waits, and the SHA-256 of the pack that waits.
async fn waiting(system: &SmallSystem) -> String {
    assert_exit(&system.run(&["run"], &APPROVAL).await, 3);
    assert_eq!(readers(&system.post.take()), [""; 0]);
    assert_eq!(states(system).await, ["waiting"; READERS]);
    sha256(&fs::read(system.path("out/2026-27-Q2/board-pack-2026-27-Q2.pdf")).unwrap())
}

async fn approve(system: &SmallSystem, run: &str, code: i32) -> String {
    assert_exit(&system.run(&["runs", "approve", run, "--by", "Avery"], &APPROVAL).await, code)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_lapses_when_what_the_pack_was_made_from_changes_and_not_when_something_else_does() {
    let system = SmallSystem::new(Script::default(), READERS).await;
    let recordings = fs::read_to_string(system.path("config/areas.toml")).unwrap();
    let changes: [(&str, &dyn Fn()); 3] = [
        ("other returns have come in since", &|| {
            fs::create_dir_all(system.path("inbox")).unwrap();
            fs::write(system.path("inbox/late.xlsx"), "a partner's figures, as far as anybody knows").unwrap();
        }),
        ("the settings or the configuration have changed since", &|| {
            fs::write(system.path("config/areas.toml"), format!("# looked over\n{recordings}")).unwrap();
        }),
        ("the settings or the configuration have changed since", &|| {
            let folder = system.path("templates/email/board_pack");
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("subject.txt.j2"), "{{ quarter }}").unwrap();
        }),
    ];
    let templates = system.path("templates");
    fs::create_dir_all(&templates).unwrap();
    let settings = [APPROVAL[0], ("PATHS__TEMPLATES", templates.to_str().unwrap())];
    for (run, (why, change)) in (1..).zip(changes) {
        let run = run.to_string();
        assert_exit(&system.run(&["run"], &settings).await, 3);
        change();
        for _ in 0..2 {
            let arguments = ["runs", "approve", &run, "--by", "Avery"];
            let said = assert_exit(&system.run(&arguments, &settings).await, 3);
            assert!(said.contains(&format!("the pack of run {run} can no longer be approved")), "{said}");
            assert!(said.contains(why) || said.contains("nothing of it waits"), "{said}");
        }
        assert_eq!(states(&system).await, ["cancelled"; READERS]);
    }
    // How it is sent has no part in what is in it.
    assert_exit(&system.run(&["run"], &settings).await, 3);
    let other = [settings[0], settings[1], ("MAIL__ATTEMPTS", "2"), ("KEEP__PACKS_DAYS", "400"), ("LOG__FORMAT", "json")];
    assert_exit(&system.run(&["runs", "approve", "4", "--by", "Avery"], &other).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(READERS));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_last_pack_that_waits_can_be_approved_by_somebody_and_it_is_sent_once() {
    let system = SmallSystem::new(Script::default(), READERS).await;
    waiting(&system).await;
    waiting(&system).await;
    let said = approve(&system, "1", 3).await;
    assert!(said.contains("nothing of it waits: it was cancelled, or a later run took its place"), "{said}");
    for nobody in ["", "  "] {
        let said = assert_exit(&system.run(&["runs", "approve", "2", "--by", nobody], &APPROVAL).await, 64);
        assert!(said.contains("say who approves it"), "{said}");
    }
    assert_exit(&system.run(&["runs", "approve", "7", "--by", "Avery"], &APPROVAL).await, 78);
    // What waits cannot be had round the gate either.
    let said = assert_exit(&system.run(&["runs", "resend", "1"], &APPROVAL).await, 3);
    assert!(said.contains("not sent: its pack waits for approval"), "{said}");
    assert_exit(&system.run(&["runs", "resend", "1", "--to", "friend@example.org"], &APPROVAL).await, 3);
    assert!(system.post.take().is_empty());
    approve(&system, "2", 0).await;
    assert_eq!(readers(&system.post.take()), everybody(READERS));
    let again = approve(&system, "2", 0).await;
    assert!(again.contains("recipient 1: not sent again: delivered at"), "{again}");
    assert!(system.post.take().is_empty());
    let runs = assert_exit(&system.run(&["runs", "list"], &[]).await, 0);
    assert!(runs.lines().next().unwrap().ends_with("by hand  done"), "an approved run waits no more: {runs}");
    assert_sound(&system).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_pack_cannot_be_approved_and_a_new_run_asks_again() {
    let system = SmallSystem::new(Script::default(), READERS).await;
    waiting(&system).await;
    let said = assert_exit(&system.run(&["runs", "cancel", "1"], &[]).await, 0);
    assert!(said.contains("run 1: 2 messages will not be sent"), "{said}");
    approve(&system, "1", 3).await;
    waiting(&system).await;
    approve(&system, "2", 0).await;
    assert_eq!(readers(&system.post.take()), everybody(READERS));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_cut_off_between_the_word_and_the_sending_is_sent_as_it_was_approved() {
    // By approving again, and by the run itself, which was cut off before its own end was recorded.
    for by_run in [false, true] {
        let system = SmallSystem::new(Script::default(), READERS).await;
        let pack = waiting(&system).await;
        let ledger = ledger(&system).await;
        ledger.approve(RunId(1), "Avery", Timestamp::now()).await.unwrap();
        ledger.close().await;
        // Whatever lies in the output folder now, and however the figures read.
        fs::write(system.path("out/2026-27-Q2/board-pack-2026-27-Q2.pdf"), "another").unwrap();
        fs::write(system.path("parks/visits.csv"), "what,area,period,value\nvisits,X2,2026/27 Q2,1\n").unwrap();
        if by_run {
            tables(&system).await.execute("UPDATE run SET ended_at = NULL, outcome = NULL").await.unwrap();
            assert_exit(&system.run(&["run"], &APPROVAL).await, 0);
        } else {
            assert_exit(&system.run(&["runs", "approve", "1", "--by", "Blake"], &APPROVAL).await, 0);
        }
        let mut heard = system.post.take();
        heard.retain(|heard| !readers(std::slice::from_ref(heard)).is_empty());
        assert_eq!(readers(&heard), everybody(READERS));
        assert!(heard.iter().all(|heard| sha256(&attached(heard)) == pack), "by the run: {by_run}");
        let shown = assert_exit(&system.run(&["runs", "show", "1"], &[]).await, 0);
        assert!(shown.contains("approved by Avery at") && shown.contains(&pack), "{shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_refuses_of_an_approved_pack_is_told_and_sent_when_it_is_approved_again() {
    // The first conversation is the draft to the operators.
    let post = PostOffice::by_turn(|turn| match turn {
        1 => Script { rcpt: Act::Say("550 5.1.1 nobody here"), ..Script::default() },
        2 => Script { text: Act::Drop, ..Script::default() },
        _ => Script::default(),
    });
    let system = SmallSystem::with(post.await, READERS);
    let pack = waiting(&system).await;
    let said = approve(&system, "1", 3).await;
    assert!(said.contains("recipient 1: not delivered: ") && said.contains("recipient 2: held, "), "{said}");
    let heard = system.post.take();
    let told = told(&heard);
    assert!(told.contains("recipient 1: not delivered") && told.contains("boardpack runs resend"), "{told}");
    assert_eq!(readers(&heard), everybody(READERS)[1..]);
    let said = approve(&system, "1", 3).await;
    assert!(said.contains("recipient 1: sent") && said.contains("recipient 2: held, "), "{said}");
    let mut heard = system.post.take();
    heard.retain(|heard| !readers(std::slice::from_ref(heard)).is_empty());
    assert_eq!(readers(&heard), everybody(READERS)[..1]);
    assert_eq!(sha256(&attached(&heard[0])), pack);
    assert_eq!(states(&system).await, ["accepted", "unknown"]);
}

//! A pack that needs a person's word: what lapses and what does not, who may give it and how often, and that what is sent is
//! what was approved, whatever comes in between.

use crate::support::small_system::SmallSystem;
use crate::support::smtp_server::{Act, PostOffice, Script};
use crate::support::whole_runs::{assert_exit, assert_sound, attached, everybody, ledger, readers, states, tables, told};
use boardpack::archive::sha256;
use boardpack::store::{MessageState, RunId};
use jiff::Timestamp;
use sqlx::Executor;
use std::fs;

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

/// How `runs list` says that a run stands; `runs show` says the same.
async fn outcome(system: &SmallSystem, run: &str) -> String {
    let listed = assert_exit(&system.run(&["runs", "list"], &[]).await, 0);
    let line = listed.lines().find(|line| line.trim_start().starts_with(&format!("{run} "))).unwrap();
    let outcome = line.split_once("by hand  ").unwrap().1.to_owned();
    let shown = assert_exit(&system.run(&["runs", "show", run], &[]).await, 0);
    assert!(shown.contains(&format!("\n  outcome {outcome}\n")), "{shown}");
    outcome
}

const WAITS: &str = "partial: the pack waits for approval: `boardpack runs approve 1 --by NAME` sends it";

#[tokio::test(flavor = "multi_thread")]
async fn refused_approvals_name_what_changed() {
    let system = SmallSystem::new(Script::default(), READERS).await;
    let areas = fs::read_to_string(system.path("config/areas.toml")).unwrap();
    let templates = system.path("templates");
    let (late, subject) = (system.path("inbox/late.xlsx"), templates.join("email/board_pack/subject.txt.j2"));
    fs::create_dir_all(late.parent().unwrap()).unwrap();
    fs::create_dir_all(subject.parent().unwrap()).unwrap();
    type Step<'a> = &'a dyn Fn();
    // Of nobody that is known, and a workbook all the same.
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().write(0, 0, "figures").unwrap();
    let workbook = workbook.save_to_buffer().unwrap();
    let was_and_is =
        |was: &str, is: &str| format!("{}, is SHA-256 {}", &sha256(was.as_bytes())[..12], &sha256(is.as_bytes())[..12]);
    let looked_over = format!("# looked over\n{areas}");
    let changes: [(String, Step<'_>, Step<'_>); 3] = [
        (
            "the return late.xlsx of late.xlsx has arrived since (SHA-256 ".to_owned(),
            &|| fs::write(&late, &workbook).unwrap(),
            &|| {
                fs::remove_file(&late).unwrap();
            },
        ),
        (
            format!("file config/areas.toml was SHA-256 {}", was_and_is(&areas, &looked_over)),
            &|| fs::write(system.path("config/areas.toml"), &looked_over).unwrap(),
            &|| fs::write(system.path("config/areas.toml"), &areas).unwrap(),
        ),
        (
            "file report_templates/email/board_pack/subject.txt.j2 was SHA-256 ".to_owned(),
            &|| fs::write(&subject, "{{ quarter.id }}").unwrap(),
            &|| fs::remove_file(&subject).unwrap(),
        ),
    ];
    let settings = [APPROVAL[0], ("PATHS__TEMPLATES", templates.to_str().unwrap())];
    assert_exit(&system.run(&["run"], &settings).await, 3);
    system.post.take();
    let arguments = ["runs", "approve", "1", "--by", "Avery"];
    for (what, change, undo) in changes {
        change();
        for _ in 0..2 {
            let said = assert_exit(&system.run(&arguments, &settings).await, 3);
            assert!(said.contains("the pack of run 1 is not approved, and nothing was sent or changed: "), "{said}");
            assert!(said.contains(&what), "{what} is not in {said}");
            assert_eq!(said.matches(" was SHA-256 ").count() + said.matches("has arrived since").count(), 1, "{said}");
        }
        assert_eq!(states(&system).await, ["waiting"; READERS]);
        undo();
    }
    assert!(system.post.take().is_empty());
    // A setting that bears on the pack is told by its name.
    let other = [settings[0], settings[1], ("PACK__ALLOW_ILLUSTRATIVE", "true")];
    let said = assert_exit(&system.run(&arguments, &other).await, 3);
    assert!(said.contains("setting pack.allow_illustrative was false, is true"), "{said}");
    // How it is sent has no part in what is in it.
    let other = [settings[0], settings[1], ("MAIL__ATTEMPTS", "2"), ("KEEP__PACKS_DAYS", "400"), ("LOG__FORMAT", "json")];
    assert_exit(&system.run(&arguments, &other).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(READERS));
}

#[tokio::test(flavor = "multi_thread")]
async fn identical_runs_keep_the_pending_number() {
    let system = SmallSystem::new(Script::default(), READERS).await;
    let pack = waiting(&system).await;
    // Nothing of the pack changes, though a file that it is made from does.
    let areas = fs::read_to_string(system.path("config/areas.toml")).unwrap();
    fs::write(system.path("config/areas.toml"), format!("# looked over\n{areas}")).unwrap();
    let said = assert_exit(&system.run(&["run"], &APPROVAL).await, 3);
    assert!(said.contains("the pack waits for approval: `boardpack runs approve 1 --by NAME` sends it"), "{said}");
    assert!(told(&system.post.take()).is_empty(), "they were told of it already");
    let shown = assert_exit(&system.run(&["runs", "show", "1"], &[]).await, 0);
    assert!(shown.contains("waits for approval:") && shown.contains("run 2 made an identical pack"), "{shown}");
    assert_eq!([outcome(&system, "1").await, outcome(&system, "2").await], [WAITS, WAITS]);
    // By either number.
    approve(&system, "2", 0).await;
    let heard = system.post.take();
    assert_eq!(readers(&heard), everybody(READERS));
    assert!(heard.iter().all(|heard| sha256(&attached(heard)) == pack));
    let again = approve(&system, "1", 0).await;
    assert!(again.contains("recipient 1: not sent again"), "{again}");
    assert_eq!([outcome(&system, "1").await, outcome(&system, "2").await], ["done", "done"]);
    assert_sound(&system).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_last_pending_pack_is_approved() {
    let system = SmallSystem::new(Script::default(), READERS).await;
    waiting(&system).await;
    system.change("parks/visits.csv", "Q2,950", "Q2,960");
    waiting(&system).await;
    assert_eq!(outcome(&system, "1").await, "replaced: run 2 took its place");
    assert_eq!(outcome(&system, "2").await, WAITS.replace("approve 1", "approve 2"));
    let said = approve(&system, "1", 3).await;
    assert!(said.contains("run 2 has made another pack, which replaces it"), "{said}");
    assert!(said.contains("`boardpack runs approve 2 --by NAME` approves that"), "{said}");
    for nobody in ["", "  "] {
        let said = assert_exit(&system.run(&["runs", "approve", "2", "--by", nobody], &APPROVAL).await, 64);
        assert!(said.contains("say who decides this"), "{said}");
    }
    assert_exit(&system.run(&["runs", "approve", "7", "--by", "Avery"], &APPROVAL).await, 64);
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
    assert_eq!([outcome(&system, "1").await, outcome(&system, "2").await], ["replaced: run 2 took its place", "done"]);
    // Whichever run has the messages by now.
    system.change("parks/visits.csv", "Q2,960", "Q2,970");
    system.run(&["run", "--reissue", "visits were wrong"], &APPROVAL).await;
    assert_eq!(outcome(&system, "1").await, "replaced: run 2 took its place");
    assert_sound(&system).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_packs_need_a_new_run() {
    let system = SmallSystem::new(Script::default(), READERS).await;
    waiting(&system).await;
    let said = assert_exit(&system.run(&["runs", "cancel", "1"], &[]).await, 0);
    assert!(said.contains("run 1: 2 messages will not be sent"), "{said}");
    assert_eq!(outcome(&system, "1").await, "cancelled: its pack was not approved and is not sent");
    approve(&system, "1", 3).await;
    waiting(&system).await;
    assert_eq!(outcome(&system, "1").await, "replaced: run 2 took its place");
    approve(&system, "2", 0).await;
    assert_eq!(readers(&system.post.take()), everybody(READERS));
}

#[tokio::test(flavor = "multi_thread")]
async fn interrupted_approvals_send_what_was_approved() {
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
async fn refused_messages_are_resent_on_approval() {
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
    let held = "1 message is held, for it may have arrived";
    assert_eq!(outcome(&system, "1").await, format!("partial: 1 message was refused; {held}"));
    let said = approve(&system, "1", 3).await;
    assert!(said.contains("recipient 1: sent") && said.contains("recipient 2: held, "), "{said}");
    let mut heard = system.post.take();
    heard.retain(|heard| !readers(std::slice::from_ref(heard)).is_empty());
    assert_eq!(readers(&heard), everybody(READERS)[..1]);
    assert_eq!(sha256(&attached(&heard[0])), pack);
    assert_eq!(states(&system).await, ["accepted", "unknown"]);
    assert_eq!(outcome(&system, "1").await, format!("partial: {held}"));
    let messages = ledger(&system).await.messages(RunId(1)).await.unwrap();
    let id = messages.iter().find(|row| row.state == MessageState::Unknown).unwrap().id.to_string();
    assert_exit(&system.run(&["runs", "resend", &id], &[]).await, 0);
    assert_eq!(outcome(&system, "1").await, "done");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_document_is_approved_by_hash() {
    let system = SmallSystem::new(Script::default(), READERS).await;
    system.make_packs_of_parts(&["ranger"]);
    assert_exit(&system.run(&["run"], &APPROVAL).await, 3);
    let heard = system.post.take();
    let told = told(&heard);
    let made = |name: &str| sha256(&fs::read(system.path("out/2026-27-Q2").join(name)).unwrap());
    let sent = ["board-pack-2026-27-Q2", "board-pack-2026-27-Q2-X2"];
    let shown = assert_exit(&system.run(&["runs", "show", "1"], &[]).await, 0);
    for stem in sent {
        assert!(told.contains(&format!("{stem}-draft.pdf")), "{told:.3000}");
        let file = format!("{stem}.pdf");
        assert!(told.contains(&format!("To be sent: {file}, SHA-256 {}.", made(&file))), "{told}");
        assert!(shown.contains(&format!("    {}  {file}", made(&file))), "{shown}");
    }
    // The summary is made and goes to nobody.
    assert!(!told.contains("public-summary"), "{told}");
    assert_eq!(told.matches("Content-Disposition: attachment").count(), sent.len());
    approve(&system, "1", 0).await;
    let mut hashes: Vec<String> = system.post.take().iter().map(|heard| sha256(&attached(heard))).collect();
    hashes.sort();
    hashes.dedup();
    let mut expected = sent.map(|stem| made(&format!("{stem}.pdf")));
    expected.sort();
    assert_eq!(hashes, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_that_never_waited_are_named() {
    let system = SmallSystem::new(Script::default(), READERS).await;
    assert_exit(&system.run(&["run"], &[]).await, 0);
    let said = approve(&system, "1", 3).await;
    assert!(said.contains("it does not wait for approval; its outcome is: done") && !said.contains("there is none"), "{said}");
    assert_exit(&system.run(&["runs", "approve", "7", "--by", "Avery"], &APPROVAL).await, 64);
}

//! A ledger of each earlier version goes forward as a file that the program is given; one that cannot be used is refused in a
//! line that says what to do.

mod earlier_ledgers;
mod lineage;
mod lost_approvals;
mod records;
mod secrets;
mod shown;

use crate::support::small_system::SmallSystem;
use crate::support::smtp_server::Script;
use crate::support::whole_runs::{assert_exit, everybody, messages, readers, tables, text, told, until_told};
use boardpack::archive::Archive;
use boardpack::period::Period;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{Executor, SqliteConnection};
use std::fs;

/// What each version added, with rows in it as that version wrote them.
const ROWS: [&str; 5] = [
    "INSERT INTO run (pack, period, as_at, edition, trigger, version, started_at, ended_at, outcome)
         VALUES ('board-pack', '2026-27-Q1', '2026-08-20', 'threeshire', 'quarterly', '0.0.1', '2026-08-20T06:00:00Z',
                 '2026-08-20T06:00:09Z', 'done');
     INSERT INTO stage VALUES (1, 'collect', '2026-08-20T06:00:02Z', '1 of 1 indicators, 1 figures');
     INSERT INTO stage VALUES (1, 'evaluate', '2026-08-20T06:00:03Z', '1 measures');
     INSERT INTO stage VALUES (1, 'render', '2026-08-20T06:00:08Z', '12 pages');
     INSERT INTO input VALUES (1, 'indicator', 'parks visits', NULL, '{}');
     INSERT INTO observation VALUES (1, 'park-visits', 'X2', '2026/27 Q1', 930, '{}');
     INSERT INTO assessment (run_id, measure, status, reason, whole) VALUES (1, 'park-visits', 'on_track', 'as planned', '{}');
     INSERT INTO action_assessment VALUES (1, 'a-path', 'on_track', 'begun', '{}');
     INSERT INTO message (pack, period, area, issue, recipient, message_id, run_id, attachment_sha256, state, changed_at)
         VALUES ('board-pack', '2026-27-Q2', 'X1', 1, 'reader0@example.org', '<0@example.org>', 1, 'aa', 'accepted',
                 '2026-11-19T06:00:09Z');
     INSERT INTO schedule VALUES ('quarterly', '0 7 20 2,5,8,11 * Europe/London', '2026-08-01T00:00:00Z');
     INSERT INTO occurrence VALUES ('quarterly', '2026-08-20T06:00:00Z', '2026-08-20T06:00:00Z', '2026-08-20T06:00:09Z', 'done');
     INSERT INTO heartbeat VALUES (1, '2026-11-19T06:00:09Z');",
    "UPDATE assessment SET published = 'on_track';
     INSERT INTO restatement VALUES (1, 'park-visits', 'X2', '2026/27 Q1', 920, 930, '{}');",
    "INSERT INTO return_version (period, sha256, partner, file, inbox, arrived, seen_at, run_id, accepted, receipt)
         VALUES ('2026-27-Q1', 'bb', 'parks', 'parks.xlsx', 'inbox', '2026-08-01', '2026-08-01T06:00:00Z', 1, 0, '{}');",
    "UPDATE run SET request = '{}';
     INSERT INTO approval VALUES (1, 'aa', 'cc', '2026-08-20T06:00:09Z', 'Avery', '2026-08-20T07:00:00Z');",
    "INSERT INTO purged VALUES ('bb', '2026-11-01T00:00:00Z'); INSERT INTO purged_run VALUES (1, '2026-11-01T00:00:00Z');",
];

async fn count(tables: &mut SqliteConnection, table: &str) -> i64 {
    let count = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
    sqlx::query_scalar(count).fetch_one(tables).await.unwrap()
}

const THREE: usize = 3;

/// A ledger with a backup, and another system's beside it.
async fn backed_up(script: Script, readers: usize) -> SmallSystem {
    let (system, other) = (SmallSystem::new(script, readers).await, SmallSystem::new(script, 1).await);
    assert_exit(&other.run(&["run", "--no-send"], &[]).await, 0);
    fs::copy(other.path("ledger.sqlite"), system.path("other.sqlite")).unwrap();
    assert_exit(&system.run(&["run", "--no-send", "--period", "2026-27-Q1"], &[]).await, 0);
    assert_exit(&system.run(&["ledger", "backup", system.path("backup.sqlite").to_str().unwrap()], &[]).await, 0);
    system
}

/// The same after a run has sent everybody the pack.
async fn sent() -> SmallSystem {
    let system = backed_up(Script::default(), THREE).await;
    fs::write(system.path("config/schedules.toml"), SCHEDULE).unwrap();
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(THREE));
    system
}

/// The ledger with what SQLite has beside it.
fn take_away(system: &SmallSystem) {
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(system.path(&format!("ledger.sqlite{end}")));
    }
}

/// Nothing is sent by anything, and the operators are told each time.
async fn assert_stopped(system: &SmallSystem, what: &str) {
    for command in [&["run"][..], &["run", "--to", "reader0@example.org"], &["run", "--due"], &["returns", "open"]] {
        let said = assert_exit(&system.run(command, &[]).await, 69);
        let line = said.lines().find(|line| line.starts_with("error: ")).unwrap_or_default();
        assert!(line.contains("cannot be trusted, so nothing is sent") && line.contains("ledger adopt"), "{what}: {said}");
        let heard = until_told(system).await;
        assert_eq!(readers(&heard), [""; 0], "{what}");
        let told = told(&heard);
        assert!(
            told.contains("the ledger cannot be used") && told.contains("ledger restore FILE"),
            "{what}, {command:?}: {told}"
        );
    }
}

/// Whatever is run after a person's decision, nobody gets the pack again.
async fn assert_nobody_gets_it_again(system: &SmallSystem, what: &str) {
    for _ in 0..2 {
        let again = system.run(&["run"], &[]).await;
        assert!(matches!(again.status.code(), Some(0 | 3)), "{what}: {}", text(&again));
        assert_eq!(readers(&system.post.take()), [""; 0], "{what}: {}", text(&again));
    }
    // And what nobody has goes out.
    assert_exit(&system.run(&["run", "--period", "2026-27-Q1"], &[]).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(THREE), "{what}");
}

const SCHEDULE: &str = "[[schedule]]\nname = \"daily\"\nkind = \"purge\"\ncron = \"0 7 * * *\"\n";

/// Goes on without what earlier packs showed.
const ACCEPT_LOSS: [&str; 6] = ["disclosure", "accept-loss", "--by", "Avery", "--reason", "There is no backup."];

/// What may happen to a ledger, and how.
const HARMS: [&str; 6] = ["deleted", "cut to nothing", "emptied", "its messages deleted", "an older copy", "another's"];

async fn harm(system: &SmallSystem, how: &str) {
    let path = system.path("ledger.sqlite");
    match how {
        "deleted" => take_away(system),
        "cut to nothing" => {
            take_away(system);
            fs::write(path, "").unwrap();
        }
        "emptied" => {
            let all = "DELETE FROM identity; DELETE FROM output; DELETE FROM input; DELETE FROM stage; DELETE FROM message;
                       DELETE FROM assessment; DELETE FROM revision; DELETE FROM action_assessment; DELETE FROM run";
            tables(system).await.execute(all).await.unwrap();
        }
        "its messages deleted" => drop(tables(system).await.execute("DELETE FROM message").await.unwrap()),
        "an older copy" => {
            take_away(system);
            fs::copy(system.path("backup.sqlite"), path).unwrap();
        }
        _ => {
            take_away(system);
            fs::copy(system.path("other.sqlite"), path).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_or_other_ledger_stops_everything() {
    for how in HARMS {
        let system = sent().await;
        harm(&system, how).await;
        assert_stopped(&system, how).await;
        assert_exit(&system.run(&["serve"], &[]).await, 69);
        if matches!(how, "its messages deleted" | "an older copy") {
            let verified = assert_exit(&system.run(&["archive", "verify"], &[]).await, 65);
            assert!(verified.contains("cannot be trusted") && verified.contains("ledger restore FILE"), "{how}: {verified}");
        }
        if how == "deleted" {
            let checked = assert_exit(&system.run(&["config", "check"], &[]).await, 78);
            assert!(checked.contains("error: paths.state: the ledger ") && checked.contains("cannot be trusted"), "{checked}");
            assert!(!system.path("ledger.sqlite").exists(), "{how}");
        }
        let shown = assert_exit(&system.run(&["ledger", "adopt", "--dry-run"], &[]).await, 0);
        for reader in everybody(THREE) {
            assert!(shown.contains(&format!("{reader}  board-pack of 2026-27-Q2, X1, issue 1: accepted")), "{how}: {shown}");
        }
        system.post.take();
        // To have looked changes nothing.
        assert_exit(&system.run(&["run"], &[]).await, 69);
        let adopted = ["ledger", "adopt", "--by", "Avery", "--reason", "The disk was changed."];
        if how == "another's" {
            lineage::assert_refused(&system, &shown).await;
            take_away(&system);
        }
        assert_exit(&system.run(&adopted, &[]).await, 0);
        assert_nobody_gets_it_again(&system, how).await;
        let runs = assert_exit(&system.run(&["runs", "list"], &[]).await, 0);
        assert!(runs.contains("by Avery: The disk was changed."), "{runs}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn purge_refuses_an_unreliable_ledger() {
    const DOUBT: &str = "cannot be trusted, so nothing is sent";
    for how in HARMS {
        let system = sent().await;
        harm(&system, how).await;
        system.change("boardpack.toml", "[mail]\n", "[keep]\ninputs_days = 400\npacks_days = 400\nfigures_days = 400\n[mail]\n");
        let kept = || {
            let folders = fs::read_dir(system.path("archive")).unwrap().map(|folder| folder.unwrap().path());
            folders.flat_map(|folder| fs::read_dir(folder).unwrap()).count()
        };
        let before = kept();
        let purged = assert_exit(&system.run(&["purge"], &[]).await, 69);
        assert!(purged.contains(DOUBT), "{how}: {purged}");
        assert_eq!(kept(), before, "{how}");
        let is_there = !matches!(how, "deleted");
        for (code, looked) in [(0, &["runs", "list"][..]), (3, &["ledger", "backup", "copy.sqlite"])] {
            let mut command = system.command(looked);
            command.current_dir(system.path("."));
            let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
            let said = assert_exit(&output, if is_there { code } else { 69 });
            assert!(said.contains(DOUBT), "{how}, {looked:?}: {said}");
        }
        let judged = system.run(&["evaluate"], &[]).await;
        assert!(text(&judged).contains(DOUBT), "{how}: {}", text(&judged));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_run_nothing_is_lost() {
    let system = SmallSystem::new(Script::default(), 1).await;
    for (command, code, says) in [
        (&["runs", "list"][..], 0, "nothing has been run yet: there is no ledger "),
        (&["purge", "--dry-run"], 0, "nothing has been run yet: there is no ledger "),
        (&["evaluate"], 0, "park-visits"),
        (&["runs", "show", "1"], 64, "there is no run 1"),
        (&["runs", "approve", "1", "--by", "Avery"], 64, "there is no run 1"),
        (&["archive", "verify"], 69, "run boardpack first, or correct paths.ledger"),
    ] {
        let said = assert_exit(&system.run(command, &[]).await, code);
        assert!(said.contains(says), "{command:?}: {said}");
        assert!(!system.path("ledger.sqlite").exists(), "{command:?}");
    }
    // The same of packs that an earlier version made and whose ledger is gone.
    assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
    take_away(&system);
    fs::remove_dir_all(system.path("archive")).unwrap();
    fs::remove_file(system.path("out/.boardpack-ledger.json")).unwrap();
    for command in [&["runs", "list"][..], &["evaluate"], &["runs", "show", "1"]] {
        let said = assert_exit(&system.run(command, &[]).await, 69);
        assert!(said.contains("out holds packs of a ledger, and this one is missing or empty"), "{command:?}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn restored_backups_take_in_later_messages() {
    for how in [HARMS[0], HARMS[3], HARMS[5]] {
        let system = sent().await;
        harm(&system, how).await;
        let backup = system.path("backup.sqlite");
        let restored = assert_exit(&system.run(&["ledger", "restore", backup.to_str().unwrap()], &[]).await, 0);
        assert!(restored.contains("3 messages taken in"), "{how}: {restored}");
        assert_eq!(restored.contains("the ledger from before is "), how != "deleted", "{how}: {restored}");
        let runs = assert_exit(&system.run(&["runs", "list"], &[]).await, 0);
        assert!(runs.contains("2026-27-Q1"), "what the backup knew is there: {runs}");
        assert_nobody_gets_it_again(&system, how).await;
    }
    // What is no backup of it changes nothing.
    let (system, other) = (sent().await, sent().await);
    fs::write(system.path("prose.txt"), "These are not the tables you are looking for.\n".repeat(200)).unwrap();
    for file in [system.path("prose.txt"), other.path("backup.sqlite"), system.path("nowhere")] {
        assert_exit(&system.run(&["ledger", "restore", file.to_str().unwrap()], &[]).await, 69);
    }
    let again = assert_exit(&system.run(&["run"], &[]).await, 0);
    assert!(again.contains("reader0@example.org: not sent again"), "{again}");
    let left: Vec<_> = fs::read_dir(system.path(".")).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("restoring")), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_swapped_in_a_run_stops_it() {
    const READERS: usize = 8;
    for how in ["deleted", "an older copy", "another's", "its log deleted"] {
        let script = Script { pause: std::time::Duration::from_millis(10), ..Script::default() };
        let system = backed_up(script, READERS).await;
        let mut command = system.command(&["run"]);
        let running = tokio::task::spawn_blocking(move || command.output().unwrap());
        let mut heard = system.post.heard(2).await;
        match how {
            "its log deleted" => fs::remove_file(system.path("ledger.sqlite-wal")).unwrap(),
            _ => harm(&system, how).await,
        }
        let stopped = running.await.unwrap();
        let said = assert_exit(&stopped, 69);
        assert!(said.contains("cannot be trusted, so nothing is sent"), "{how}: {said}");
        heard.extend(until_told(&system).await);
        assert!(told(&heard).contains("cannot be trusted"), "{how}: {}", told(&heard));
        assert!(readers(&heard).len() < READERS, "{how}: it went on");
        // Whoever starts it again stops too, for the archive knows what was sent. What was in the log alone, the process that
        // had it open may have written into the ledger as it ended.
        if how != "its log deleted" {
            assert_exit(&system.run(&["run"], &[]).await, 69);
            if how == "another's" {
                take_away(&system);
            }
            assert_exit(&system.run(&["ledger", "adopt", "--by", "Avery", "--reason", "It was changed."], &[]).await, 0);
        }
        system.run(&["run"], &[]).await;
        heard.extend(system.post.take());
        let mut all = readers(&heard);
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count, "{how}: {all:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_log_shows_in_the_archive() {
    let script = Script { pause: std::time::Duration::from_millis(10), ..Script::default() };
    let system = SmallSystem::new(script, THREE).await;
    let mut process = system.command(&["run"]).spawn().unwrap();
    let mut heard = system.post.heard(2).await;
    process.kill().unwrap();
    process.wait().unwrap();
    for end in ["wal", "shm"] {
        fs::remove_file(system.path(&format!("ledger.sqlite-{end}"))).unwrap();
    }
    assert_exit(&system.run(&["run"], &[]).await, 69);
    heard.extend(system.post.take());
    let shown = assert_exit(&system.run(&["ledger", "adopt", "--dry-run"], &[]).await, 0);
    assert!(shown.contains("reader0@example.org  board-pack of 2026-27-Q2"), "{shown}");
    assert_exit(&system.run(&["ledger", "adopt", "--by", "Avery", "--reason", "The log is gone."], &[]).await, 0);
    system.run(&["run"], &[]).await;
    heard.extend(system.post.take());
    let (mut all, count) = (readers(&heard), readers(&heard).len());
    all.dedup();
    assert_eq!(all.len(), count, "{all:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_ledgers_name_the_recovering_command() {
    for (how, bytes) in [("random", vec![0xA5; 20_000]), ("nothing but noughts", vec![0; 20_000]), ("cut", Vec::new())] {
        let system = sent().await;
        let path = system.path("ledger.sqlite");
        let bytes = if how == "cut" { fs::read(&path).unwrap()[..9000].to_vec() } else { bytes };
        take_away(&system);
        fs::write(&path, bytes).unwrap();
        let said = assert_exit(&system.run(&["run"], &[]).await, 69);
        assert!(said.contains("`boardpack ledger restore FILE`"), "{how}: {said}");
        assert!(told(&until_told(&system).await).contains("`boardpack ledger restore FILE`"), "{how}");
        let backup = system.path("backup.sqlite");
        let restored = assert_exit(&system.run(&["ledger", "restore", backup.to_str().unwrap()], &[]).await, 0);
        assert!(restored.contains("3 messages taken in"), "{how}: {restored}");
        assert_nobody_gets_it_again(&system, how).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn adopting_waits_for_other_work() {
    let system = sent().await;
    let ledger = boardpack::store::Ledger::open(&system.path("ledger.sqlite")).await.unwrap();
    let lease = ledger.take_lease(("board-pack", Period::financial_quarter(2026, 2)), "process 7").unwrap();
    let adopt = ["ledger", "adopt", "--by", "Avery", "--reason", "The disk was changed."];
    assert_exit(&system.run(&adopt, &[]).await, 75);
    drop(lease);
    let (_, serving) = ledger.join("process 8 on elsewhere").await.unwrap();
    for command in [&adopt[..], &["ledger", "restore", system.path("backup.sqlite").to_str().unwrap()]] {
        let said = assert_exit(&system.run(command, &[]).await, 75);
        assert!(said.contains("is using this ledger (process 8 on elsewhere): stop it first"), "{said}");
    }
    drop(serving);
    assert_exit(&system.run(&adopt, &[]).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn writing_elsewhere_does_not_bypass_a_loss() {
    let system = sent().await;
    let (elsewhere, further) = (system.path("elsewhere"), system.path("further"));
    let (elsewhere, further) = (elsewhere.to_str().unwrap(), further.to_str().unwrap());
    assert_exit(&system.run(&["run", "--no-send", "--out", elsewhere], &[]).await, 0);
    fs::remove_dir_all(system.path("archive")).unwrap();
    take_away(&system);
    for out in [elsewhere, further] {
        let said = assert_exit(&system.run(&["run", "--out", out], &[]).await, 69);
        assert!(said.contains(&format!("the folder of packs {} belongs to a ledger", system.path("out").display())), "{said}");
        assert_eq!(readers(&until_told(&system).await), [""; 0], "{out}");
    }
    // Nor where the folder of the settings is the one that is lost.
    fs::remove_dir_all(system.path("out")).unwrap();
    let said = assert_exit(&system.run(&["run", "--out", elsewhere], &[]).await, 69);
    assert!(said.contains(&format!("the folder of packs {elsewhere} belongs to a ledger")), "{said}");
    assert_eq!(readers(&system.post.take()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn adopted_ledgers_may_write_packs_elsewhere() {
    let system = sent().await;
    let elsewhere = system.path("elsewhere");
    let out = ["run", "--no-send", "--out", elsewhere.to_str().unwrap()];
    assert_exit(&system.run(&out, &[]).await, 0);
    assert_exit(&system.run(&["ledger", "adopt", "--by", "Avery", "--reason", "The disk was changed."], &[]).await, 0);
    assert_exit(&system.run(&out, &[]).await, 0);
    let marks = ["out", "elsewhere"].map(|folder| fs::read(system.path(folder).join(".boardpack-ledger.json")).unwrap());
    assert_eq!(marks[0], marks[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_state_is_made_among_packs() {
    for (state, folder) in [("out/state", "out"), ("inbox", "inbox"), ("out", "out")] {
        let system = SmallSystem::new(Script::default(), 1).await;
        system.change("boardpack.toml", "ledger = \"ledger.sqlite\"\narchive = \"archive\"\n", &format!("state = \"{state}\"\n"));
        for command in [
            &["config", "check"][..],
            &["run"],
            &["run", "--no-send"],
            &["run", "--due"],
            &["serve"],
            &["returns", "collect"],
            &["evaluate"],
            &["disclosure", "audit"],
            &["ledger", "adopt", "--by", "Avery", "--reason", "The disk was changed."],
        ] {
            let said = assert_exit(&system.run(command, &[]).await, 78);
            assert!(said.contains("paths.state: ") && said.contains("is or lies within the folder of"), "{command:?}: {said}");
            assert!(!system.path(folder).exists(), "{command:?}");
        }
        assert_eq!(readers(&system.post.take()), [""; 0]);
    }
    let system = SmallSystem::new(Script::default(), 1).await;
    system.change("boardpack.toml", "ledger = \"ledger.sqlite\"\narchive = \"archive\"\n", "state = \"elsewhere/state\"\n");
    let said =
        assert_exit(&system.run(&["run", "--no-send", "--out", system.path("elsewhere").to_str().unwrap()], &[]).await, 78);
    assert!(said.contains("lies within the folder of --out, "), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_archived_packs_are_kept_afresh() {
    let system = sent().await;
    let first = messages(&system).await.remove(0);
    let file = Archive::new(system.path("archive")).path(&first.attachment_sha256);
    let whole = fs::read(&file).unwrap();
    for damaged in [whole.iter().map(|byte| byte ^ 1).collect::<Vec<u8>>(), whole[..100].to_vec()] {
        fs::write(&file, &damaged).unwrap();
        let said = assert_exit(&system.run(&["runs", "resend", &first.id.to_string()], &[]).await, 69);
        assert!(said.contains(file.to_str().unwrap()) && said.contains("restore it from a backup of the archive"), "{said}");
        assert!(!said.contains("cannot resume"), "{said}");
        assert_exit(&system.run(&["run"], &[]).await, 0);
        assert_eq!(fs::read(&file).unwrap(), whole);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_ledgers_and_backups_are_named() {
    let system = sent().await;
    let mut tables = tables(&system).await;
    tables.execute("PRAGMA ignore_check_constraints = 1; PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    tables.execute("UPDATE message SET letter = CAST(x'ff00fe' AS TEXT), detail = CAST(x'ff' AS TEXT)").await.unwrap();
    drop(tables);
    let path = system.path("ledger.sqlite");
    for command in [&["run"][..], &["runs", "show", "2"]] {
        let said = assert_exit(&system.run(command, &[]).await, 69);
        let line = said.lines().find(|line| line.starts_with("error: ")).unwrap_or_default();
        assert!(line.contains(path.to_str().unwrap()) && line.contains("its file is damaged"), "{said}");
        assert!(line.contains("`boardpack ledger restore FILE`") && !said.contains("decoding"), "{said}");
    }
    let bad = system.path("bad.sqlite");
    for bytes in [vec![0xA5; 20_000], fs::read(system.path("backup.sqlite")).unwrap()[..9000].to_vec()] {
        fs::write(&bad, bytes).unwrap();
        let said = assert_exit(&system.run(&["ledger", "restore", bad.to_str().unwrap()], &[]).await, 69);
        let line = said.lines().find(|line| line.starts_with("error: ")).unwrap_or_default();
        assert!(line.contains(bad.to_str().unwrap()) && line.contains("nothing was changed"), "{said}");
        assert!(!line.contains("-restoring") && !line.contains("ledger restore"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_marks_and_records_are_harmless() {
    let system = sent().await;
    let mark = system.path("out/.boardpack-ledger.json");
    fs::write(&mark, r#"{"ledger":"another","run":9223372036854775807}"#).unwrap();
    let said = assert_exit(&system.run(&["run"], &[]).await, 69);
    assert!(said.contains("cannot be trusted"), "{said}");
    let adopt = ["ledger", "adopt", "--by", "Avery", "--reason", "The mark was changed.", "--without-record"];
    assert_exit(&system.run(&adopt, &[]).await, 0);
    assert_nobody_gets_it_again(&system, "a mark").await;
    fs::remove_file(&mark).unwrap();
    std::os::unix::fs::symlink("/dev/full", &mark).unwrap();
    assert_exit(&system.run(&["run"], &[]).await, 0);
    let record = system.path("archive/sent/record.jsonl");
    fs::rename(&record, system.path("kept")).unwrap();
    std::os::unix::fs::symlink("/dev/full", &record).unwrap();
    let said = assert_exit(&system.run(&["run"], &[]).await, 69);
    assert!(said.contains("record.jsonl cannot be read: it is not a plain file"), "{said}");
}

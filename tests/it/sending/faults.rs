//! Whole runs against a mail server that hangs up at each step, a disk that is full, a ledger that is locked and a server
//! without end: nobody gets a pack twice, whoever may not have it is retried or held, the operators hear of it, and the next
//! run does what is left.

use crate::support::small_system::SmallSystem;
use crate::support::smtp_server::{Act, PostOffice, Script};
use crate::support::whole_runs::{
    assert_exit, assert_sound, everybody, messages, quarter, readers, states, tables, text, told, until_told,
};
use sqlx::{Connection, Executor};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const READERS: usize = 3;

const SCHEDULE: &str = "[[schedule]]\nname = \"daily\"\nkind = \"purge\"\ncron = \"0 7 * * *\"\n";

/// The first conversation goes by this script, and all others well.
async fn at_first(script: Script) -> SmallSystem {
    let post = PostOffice::by_turn(move |turn| if turn == 0 { script } else { Script::default() }).await;
    SmallSystem::with(post, READERS)
}

#[tokio::test(flavor = "multi_thread")]
async fn early_hang_ups_lead_to_one_delivery() {
    let well = Script::default;
    let steps = [
        ("greeting", Script { greeting: Act::Drop, ..well() }),
        ("EHLO", Script { ehlo: Act::Drop, ..well() }),
        ("AUTH", Script { auth: |_| Act::Drop, ..well() }),
        ("MAIL", Script { mail: Act::Drop, ..well() }),
        ("RCPT", Script { rcpt: Act::Drop, ..well() }),
        ("DATA", Script { data: Act::Drop, ..well() }),
        ("a last word", Script { rcpt: Act::LastWord("421 4.3.2 shutting down"), ..well() }),
    ];
    let settings = [("MAIL__SMTP__USERNAME", "robot"), ("MAIL__SMTP__PASSWORD", "hunter2")];
    for (step, script) in steps {
        let system = at_first(script).await;
        let output = system.run(&["run"], &settings).await;
        assert_eq!(output.status.code(), Some(0), "{step}: {}", text(&output));
        assert_eq!(readers(&system.post.take()), everybody(READERS), "{step}");
        assert_eq!(states(&system).await, ["accepted"; READERS], "{step}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_before_a_hang_up_count() {
    for script in
        [Script { noop: Act::LastWord("250 2.0.0 ok"), ..Script::default() }, Script { quit: Act::Drop, ..Script::default() }]
    {
        let system = SmallSystem::new(script, READERS).await;
        assert_exit(&system.run(&["run"], &[]).await, 0);
        assert_eq!(readers(&system.post.take()), everybody(READERS));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_in_doubt_are_held_and_told() {
    for (arrived, script) in [
        (READERS - 1, Script { in_text: Some(Act::Drop), ..Script::default() }),
        (READERS, Script { text: Act::Drop, ..Script::default() }),
        (READERS, Script { text: Act::LastWord("250 2.0.0 taken"), ..Script::default() }),
    ] {
        let system = at_first(script).await;
        let said = assert_exit(&system.run(&["run"], &[]).await, 3);
        assert!(said.contains("reader0@example.org: held, for it may have arrived"), "{said}");
        let heard = system.post.take();
        assert_eq!(readers(&heard).len(), arrived);
        assert_eq!(states(&system).await, ["unknown", "accepted", "accepted"]);
        let told = told(&heard);
        assert!(told.contains("recipient 1: held") && told.contains("boardpack runs resend"), "{told}");
        let shown = assert_exit(&system.run(&["runs", "show", "1"], &[]).await, 0);
        assert!(shown.contains("2 of 3 recipients have it; 1 held: it is not known if they have it"), "{shown}");
        // It is not sent again unasked, and not told again on the same day.
        assert_exit(&system.run(&["run"], &[]).await, 3);
        assert_eq!(readers(&system.post.take()), [""; 0]);
        assert_sound(&system).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn echoed_passwords_are_never_recorded() {
    let echo = Script { rcpt: Act::Say("550 5.1.1 robot:hunter2 AHJvYm90AGh1bnRlcjI= aHVudGVyMg=="), ..Script::default() };
    let post = PostOffice::by_turn(move |turn| if turn < READERS { echo } else { Script::default() }).await;
    let system = SmallSystem::with(post, READERS);
    let settings = [("MAIL__SMTP__USERNAME", "robot"), ("MAIL__SMTP__PASSWORD", "hunter2"), ("LOG__LEVEL", "trace")];
    let mut said = assert_exit(&system.run(&["run"], &settings).await, 3);
    assert!(said.contains("550 5.1.1 (its text contains our credentials and is left out)"), "{said}");
    said.push_str(&assert_exit(&system.run(&["runs", "show", "1"], &[]).await, 0));
    said.push_str(&told(&system.post.take()));
    assert!(said.contains("recipient 1: not delivered"), "{said}");
    for file in ["ledger.sqlite", "ledger.sqlite-wal"] {
        said.push_str(&String::from_utf8_lossy(&std::fs::read(system.path(file)).unwrap_or_default()));
    }
    for secret in ["hunter2", "AHJvYm90AGh1bnRlcjI", "aHVudGVyMg"] {
        assert!(!said.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tls_nothing_is_sent() {
    let script = Script { ehlo: Act::Say("250-test.invalid\r\n250 STARTTLS"), starttls: Act::Drop, ..Script::default() };
    let system = SmallSystem::new(script, READERS).await;
    let starttls = [("MAIL__SMTP__TLS", "starttls"), ("MAIL__ATTEMPTS", "2")];
    let said = assert_exit(&system.run(&["run"], &starttls).await, 3);
    assert!(said.contains("at STARTTLS: it hung up"), "{said}");
    let heard = system.post.take();
    // Two attempts for each, and one to tell the operators.
    assert_eq!((heard.len(), readers(&heard).len()), (2 * READERS + 1, 0));
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(READERS));
}

/// The program with files that cannot grow over so many bytes, which a write then tells.
fn limited(system: &SmallSystem, bytes: u64, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    let blocks = bytes / 512;
    command.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""));
    command.arg(env!("CARGO_BIN_EXE_boardpack")).args(arguments).arg("--config").arg(system.path("boardpack.toml"));
    command
}

async fn output(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn full_files_fail_runs_that_then_recover() {
    // The last is a little more than the tables of a new ledger take.
    for kilobytes in [4, 64, 160, 600] {
        let system = SmallSystem::new(Script::default(), READERS).await;
        if kilobytes < 300 {
            // A ledger that is there already takes little more, and it is other files that are too long.
            assert_exit(&system.run(&["run", "--period", "2026-27-Q1", "--no-send"], &[]).await, 0);
        }
        let failed = output(limited(&system, kilobytes * 1024, &["run"])).await;
        let said = text(&failed);
        let heard = system.post.take();
        if failed.status.code() != Some(0) {
            assert_eq!(failed.status.code(), Some(69), "{kilobytes} KB: {said}");
            let line = said.lines().find(|line| line.starts_with("error: ")).unwrap_or_default();
            assert!(line.contains("ledger") || line.contains("cannot be written"), "{kilobytes} KB: {said}");
            // Where it could not even open its ledger, whoever started it is all who can be told.
            let began = !line.contains("cannot be opened");
            assert_eq!(told(&heard).contains("the run failed"), began, "{kilobytes} KB: {said}");
        }
        let before = readers(&heard);
        let again = system.run(&["run"], &[]).await;
        // A message whose end could not be recorded may have arrived, and is held.
        let said = text(&again);
        let mut held: Vec<String> = said
            .lines()
            .filter_map(|line| line.trim().split_once(": held, "))
            .map(|(who, _)| who.to_owned())
            .filter(|who| who.contains('@') && !who.contains(' '))
            .collect();
        assert_exit(&again, if held.is_empty() { 0 } else { 3 });
        held.retain(|who| !before.contains(who));
        let mut all = [before, held, readers(&system.post.take())].concat();
        all.sort();
        assert_eq!(all, everybody(READERS), "{kilobytes} KB");
        assert_sound(&system).await;
    }
}

/// Holds the ledger so that nobody else can write to it.
async fn lock(system: &SmallSystem, time: Duration) {
    let mut other = tables(system).await;
    other.execute("BEGIN EXCLUSIVE").await.unwrap();
    tokio::time::sleep(time).await;
    other.execute("ROLLBACK").await.unwrap();
    other.close().await.unwrap();
}

/// Waits until messages to the board are in this state.
async fn until_any_is(system: &SmallSystem, state: &str) {
    let began = Instant::now();
    let query = "SELECT COUNT(*) FROM message WHERE kind = 'board-pack' AND state = $1";
    let mut tables = tables(system).await;
    while sqlx::query_scalar::<_, i64>(query).bind(state).fetch_one(&mut tables).await.unwrap_or_default() == 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "no message was ever {state}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn briefly_locked_ledgers_are_waited_for() {
    let slowly = Script { pause: Duration::from_millis(10), ..Script::default() };
    let system = SmallSystem::new(slowly, READERS).await;
    // There must be one to lock.
    assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
    let mut run = system.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    lock(&system, Duration::from_millis(300)).await;
    until_any_is(&system, "accepted").await;
    lock(&system, Duration::from_millis(300)).await;
    let ended = tokio::task::spawn_blocking(move || run.wait().unwrap()).await.unwrap();
    assert_eq!(ended.code(), Some(0));
    assert_eq!(readers(&system.post.take()), everybody(READERS));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "heavy: waits until a ledger is given up, twice"]
async fn heavy_a_locked_ledger_ends_the_run() {
    let slowly = Script { pause: Duration::from_millis(30), ..Script::default() };
    let system = SmallSystem::new(slowly, READERS).await;
    assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
    let long = Duration::from_secs(14);
    let (locked, ()) = tokio::join!(system.run(&["run"], &[]), lock(&system, long));
    let said = assert_exit(&locked, 75);
    assert!(said.contains("error: the ledger is in use by another process (try again)"), "{said}");
    assert_eq!(readers(&system.post.take()), [""; 0]);

    let sends = async {
        until_any_is(&system, "sending").await;
        lock(&system, long).await;
    };
    let (locked, ()) = tokio::join!(system.run(&["run"], &[]), sends);
    assert_exit(&locked, 75);
    let heard = system.post.take();
    // The ledger could not be told of that either, and they hear of it all the same.
    assert!(told(&heard).contains("the run failed"), "{}", text(&locked));
    let before = readers(&heard);
    let said = assert_exit(&system.run(&["run"], &[]).await, 3);
    let mut all = [before, readers(&system.post.take())].concat();
    all.sort();
    assert_eq!(all, everybody(READERS), "{said}");
    assert_eq!(states(&system).await, ["unknown", "accepted", "accepted"]);
    assert_sound(&system).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_runs_are_ended_told_and_resumed() {
    let endless = Script { pause: Duration::from_secs(2), ..Script::default() };
    let system = at_first(endless).await;
    // In its stages: the time until they begin is not counted.
    let said = assert_exit(&system.run(&["run"], &[("RUN__DEADLINE_SECONDS", "3")]).await, 69);
    assert!(said.contains("error: the run was stopped because it took longer than 3 seconds"), "{said}");
    assert_eq!(states(&system).await, ["unknown", "pending", "pending"]);
    let mut heard = system.post.heard(2).await;
    let told = told(&heard);
    assert!(
        told.contains("stopped because it took longer than 3 seconds") && told.contains("1 may have been: it is held"),
        "{told}"
    );
    let runs = assert_exit(&system.run(&["runs", "list"], &[]).await, 0);
    assert!(runs.contains("failed: the run was stopped because it took longer"), "{runs}");
    assert_exit(&system.run(&["run"], &[]).await, 3);
    heard.extend(system.post.take());
    assert_eq!(readers(&heard), everybody(READERS)[1..]);
    assert_sound(&system).await;
}

/// The places that a run writes to, and the room in KB that is too little for each; a temporary file system can be as small.
const ROOMS: [(&str, &str, u32); 3] = [("LEDGER", "small/ledger.sqlite", 300), ("OUTPUT", "small", 60), ("ARCHIVE", "small", 60)];

#[tokio::test(flavor = "multi_thread")]
#[ignore = "heavy: mounts file systems, for which it must be root"]
async fn heavy_a_full_disk_fails_the_run() {
    for (place, path, kilobytes) in ROOMS {
        let system = SmallSystem::new(Script::default(), READERS).await;
        let small = system.path("small");
        std::fs::create_dir(&small).unwrap();
        let mount = |arguments: &[&str]| Command::new("mount").args(arguments).arg(&small).status().unwrap().success();
        if !mount(&["-t", "tmpfs", "-o", &format!("size={kilobytes}k"), "none"]) {
            eprintln!("not tried: no file system can be mounted here");
            return;
        }
        let path = system.path(path);
        let setting = [(format!("PATHS__{place}"), path.to_str().unwrap().to_owned())];
        let setting: Vec<(&str, &str)> = setting.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let failed = system.run(&["run"], &setting).await;
        let heard = system.post.take();
        let grown = mount(&["-o", "remount,size=64m"]);
        let again = system.run(&["run"], &setting).await;
        let verified = system.run(&["archive", "verify"], &setting).await;
        let unmounted = Command::new("umount").arg(&small).status().unwrap().success();
        assert!(grown && unmounted);
        let said = assert_exit(&failed, 69);
        assert!(
            said.contains("error: ") && (said.contains("no room on the disk") || said.contains("No space left")),
            "{place}: {said}"
        );
        let words = told(&heard);
        assert!(words.contains("the run failed") || words.contains("the ledger cannot be used"), "{place}: {said}");
        assert_exit(&again, 0);
        let mut all = [readers(&heard), readers(&system.post.take())].concat();
        all.sort();
        assert_eq!(all, everybody(READERS), "{place}");
        assert_exit(&verified, 0);
    }
}

/// A temporary file system; none where this user may mount none.
struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    fn new(system: &SmallSystem, kilobytes: u32) -> Option<Self> {
        let disk = Self { path: system.path("disk") };
        std::fs::create_dir(&disk.path).unwrap();
        disk.mount(&["-t", "tmpfs", "-o", &format!("size={kilobytes}k"), "none"]).then_some(disk)
    }

    fn mount(&self, arguments: &[&str]) -> bool {
        Command::new("mount").args(arguments).arg(&self.path).status().unwrap().success()
    }

    fn grow(&self) {
        assert!(self.mount(&["-o", "remount,size=64m"]));
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.path).status();
    }
}

/// From a disk that holds nothing to one that holds everything, in KB.
const SIZES: [u32; 18] = [4, 8, 16, 24, 32, 48, 64, 96, 128, 160, 200, 250, 300, 350, 400, 500, 700, 1000];

#[tokio::test(flavor = "multi_thread")]
#[ignore = "heavy: mounts file systems, for which it must be root"]
async fn heavy_small_disks_make_no_partial_ledger() {
    let mut codes = BTreeSet::new();
    for kilobytes in SIZES {
        let system = SmallSystem::new(Script::default(), READERS).await;
        let Some(disk) = SmallDisk::new(&system, kilobytes) else {
            eprintln!("not tried: no file system can be mounted here");
            return;
        };
        let path = disk.path.join("ledger.sqlite");
        let setting = [("PATHS__LEDGER", path.to_str().unwrap())];
        let (mut last, mut said) = (None, String::new());
        for _ in 0..2 {
            let tried = system.run(&["run"], &setting).await;
            let code = tried.status.code();
            codes.insert(code);
            (last, said) = (code, text(&tried));
            assert!(matches!(code, Some(0 | 69)), "{kilobytes} KB: {code:?}: {said}");
            assert!(code == Some(0) || said.contains("error: no room on the disk of "), "{kilobytes} KB: {said}");
            assert!(!said.contains("in use") && !said.contains("no such table"), "{kilobytes} KB: {said}");
        }
        let mut heard = system.post.take();
        if last == Some(69) {
            assert!(told(&heard).contains("no room on the disk of"), "{kilobytes} KB: {said}");
        }
        disk.grow();
        assert_exit(&system.run(&["run"], &setting).await, 0);
        heard.extend(system.post.take());
        assert_eq!(readers(&heard), everybody(READERS), "{kilobytes} KB");
    }
    assert_eq!(codes, BTreeSet::from([Some(0), Some(69)]), "the sizes are on both sides of what is enough");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "heavy: mounts file systems, for which it must be root"]
async fn heavy_servers_survive_a_full_disk() {
    for kilobytes in [8, 64, 128, 250] {
        for grows in [false, true] {
            let system = SmallSystem::new(Script::default(), READERS).await;
            std::fs::write(system.path("config/schedules.toml"), SCHEDULE).unwrap();
            let Some(disk) = SmallDisk::new(&system, kilobytes) else { return };
            let path = disk.path.join("ledger.sqlite");
            let mut command = system.command(&["serve"]);
            command.env("BOARDPACK__SERVE__LISTEN", "").env("BOARDPACK__PATHS__LEDGER", &path);
            let server = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let heard = system.post.heard(1).await;
            let words = told(&heard);
            assert!(words.contains("the ledger cannot be used") && words.contains("no room on the disk of"), "{words}");
            if grows {
                disk.grow();
                let alive = async || system.run(&["health"], &[("PATHS__LEDGER", path.to_str().unwrap())]).await.status.success();
                for _ in 0..300 {
                    if alive().await {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                assert!(alive().await, "{kilobytes} KB");
            }
            let code = stopped(server).await;
            assert_eq!(code, Some(if grows { 0 } else { 69 }), "{kilobytes} KB");
            assert!(system.post.take().is_empty(), "it is told once");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unopenable_ledgers_are_told_to_operators() {
    for (path, says) in
        [("prose.txt", "its file is not a ledger, or its start is damaged"), ("folder", "unable to open database file")]
    {
        let system = SmallSystem::new(Script::default(), 1).await;
        std::fs::write(system.path("config/schedules.toml"), SCHEDULE).unwrap();
        std::fs::write(system.path("prose.txt"), "These are not the tables you are looking for.\n".repeat(200)).unwrap();
        std::fs::create_dir(system.path("folder")).unwrap();
        let path = system.path(path);
        for command in [&["run"][..], &["run", "--due"], &["serve"], &["returns", "remind"]] {
            assert_exit(&system.run(command, &[("PATHS__LEDGER", path.to_str().unwrap())]).await, 69);
            let words = told(&until_told(&system).await);
            assert!(words.contains("the ledger cannot be used") && words.contains(says), "{command:?}: {words}");
        }
        // However often a service manager starts the server again.
        assert_exit(&system.run(&["serve"], &[("PATHS__LEDGER", path.to_str().unwrap())]).await, 69);
        assert!(system.post.take().is_empty());
        assert_exit(&system.run(&["run", "--no-send"], &[("PATHS__LEDGER", path.to_str().unwrap())]).await, 69);
        assert!(system.post.take().is_empty(), "what sends nothing is looked at by whoever started it");
    }
}

/// A run that is killed while it sends to the first of its readers.
async fn killed() -> SmallSystem {
    let slowly = Script { pause: Duration::from_millis(20), ..Script::default() };
    let system = SmallSystem::new(slowly, READERS).await;
    // There must be a ledger to look into.
    assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
    let mut run = system.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until_any_is(&system, "sending").await;
    run.kill().unwrap();
    run.wait().unwrap();
    system
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_after_a_kill_report_held_messages() {
    for command in [&["run", "--no-send"][..], &["returns", "open"], &["returns", "remind"], &["run", "--due"]] {
        let system = killed().await;
        std::fs::write(system.path("config/schedules.toml"), SCHEDULE).unwrap();
        system.post.take();
        let said = assert_exit(&system.run(command, &[]).await, 3);
        let line = "partial: 1 board pack message was cut off while being sent, and is held: it may have arrived \
                    (`boardpack runs show 2`)";
        assert_eq!(said.matches(line).count(), 1, "{command:?}: {said}");
        if command[1] != "--no-send" {
            let told = told(&until_told(&system).await);
            assert!(told.contains("1 board pack message was cut off while being sent, and is held"), "{command:?}: {told}");
        }
        assert_eq!(states(&system).await[0], "unknown");
        // Where nothing is due there is no run but the one that told the operators.
        if command[1] != "--due" {
            let runs = assert_exit(&system.run(&["runs", "list", "--count", "1"], &[]).await, 0);
            assert!(
                runs.contains("partial: 1 message of an earlier run is held, for it may have arrived"),
                "{command:?}: {runs}"
            );
        }
        // Said once, but by a run, of which it is a shortfall as long as it is held.
        assert_exit(&system.run(command, &[]).await, 0);
        let said = assert_exit(&system.run(&["run"], &[]).await, 3);
        assert!(said.contains("reader0@example.org: held"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_runs_finish_the_message_in_hand() {
    let slowly = Script { pause: Duration::from_millis(20), ..Script::default() };
    for signal in ["TERM", "INT"] {
        let system = SmallSystem::new(slowly, 2 * READERS).await;
        assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
        let run = system.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        until_any_is(&system, "accepted").await;
        let id = run.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        let stopped = tokio::task::spawn_blocking(move || run.wait_with_output().unwrap()).await.unwrap();
        let said = assert_exit(&stopped, 75);
        assert!(said.contains("error: it was told to stop, and stopped after the current message"), "{said}");
        let states = states(&system).await;
        assert!(states.iter().all(|state| state == "accepted" || state == "pending"), "{states:?}");
        assert!(states.contains(&"pending".to_owned()), "it was told in the middle of it");
        assert_exit(&system.run(&["run"], &[]).await, 0);
        let heard = system.post.take();
        assert_eq!(readers(&heard), everybody(2 * READERS));
        assert!(!told(&heard).contains("failed"), "to be stopped in order needs nobody");
    }
}

/// Asks a process to end in order; with which code it does.
async fn stopped(mut process: Child) -> Option<i32> {
    let id = process.id().to_string();
    assert!(Command::new("kill").arg(&id).status().unwrap().success());
    tokio::task::spawn_blocking(move || process.wait().unwrap()).await.unwrap().code()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_quarters_messages_do_not_count() {
    let system = SmallSystem::new(Script::default(), 1).await;
    assert_exit(&system.run(&["run", "--period", "2026-27-Q1"], &[]).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(1));
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(1));
    assert!(messages(&system).await.iter().all(|message| message.key.period == quarter()));
}

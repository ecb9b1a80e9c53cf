//! What was kept is as it was, can be backed up while in use, and is let go only when its time is over.

use crate::support::demo::{Demo, assert_exit, text};
use boardpack::retention::{self, Purge};
use boardpack::settings::{self, Settings};
use boardpack::store::{FileUse, Ledger};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Output;

fn told(demo: &Demo, arguments: &[&str]) -> Output {
    demo.command(arguments).output().unwrap()
}

fn settings_of(demo: &Demo) -> Settings {
    let mut settings = settings::load(None, &BTreeMap::new()).unwrap();
    for path in [&mut settings.paths.output, &mut settings.paths.ledger, &mut settings.paths.archive] {
        *path = demo.path(path.to_str().unwrap());
    }
    settings
}

/// Every file of the archive, by its SHA-256.
fn archived(demo: &Demo) -> BTreeMap<String, PathBuf> {
    let folders = fs::read_dir(demo.path("state/archive")).unwrap().map(|folder| folder.unwrap().path());
    let folders = folders.filter(|folder| !folder.ends_with("sent"));
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    files.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path)).collect()
}

#[test]
fn verify_finds_changed_and_missing_files() {
    let demo = Demo::new();
    assert_exit(&demo.run(&["--no-send"]), 0);
    let sound = told(&demo, &["archive", "verify"]);
    assert_exit(&sound, 0);
    let files = archived(&demo);
    assert!(text(&sound).contains(&format!("{} archived files are unchanged", files.len())), "{}", text(&sound));
    // A pack that was moved to where it is wanted is still in the archive.
    let pack = demo.pack().join("board-pack-2026-27-Q2.pdf");
    let bytes = fs::read(&pack).unwrap();
    fs::remove_file(&pack).unwrap();
    assert_exit(&told(&demo, &["archive", "verify"]), 0);
    fs::write(&pack, [&bytes[..], b"\n"].concat()).unwrap();
    // Answers of sources: what a run made lies in the output folder too.
    let mut paths = files.values().filter(|path| path.extension().is_some_and(|ending| ending == "gz"));
    let (damaged, gone) = (paths.next().unwrap(), paths.next().unwrap());
    let mut bytes = fs::read(damaged).unwrap();
    bytes[0] ^= 1;
    fs::write(damaged, bytes).unwrap();
    fs::remove_file(gone).unwrap();
    fs::write(demo.path("state/archive/notes.txt"), "mine").unwrap();
    let found = told(&demo, &["archive", "verify"]);
    assert_exit(&found, 65);
    for (path, says) in [
        (damaged.clone(), "has changed since it was archived"),
        (gone.clone(), "is not there; run 1"),
        (pack, "is not as a run made it"),
        (demo.path("state/archive/notes.txt"), "does not belong to the archive"),
    ] {
        // What is packed in the archive is named by what it holds.
        let name = path.file_name().unwrap().to_str().unwrap().trim_end_matches(".gz").to_owned();
        let line = text(&found).lines().any(|line| line.starts_with("error: ") && line.contains(&name) && line.contains(says));
        assert!(line, "{name}: {says} is not in:\n{}", text(&found));
    }
}

#[test]
fn what_returns_gave_is_put_back_from_their_workbooks() {
    let demo = Demo::new();
    assert_exit(&demo.run(&["--no-send"]), 0);
    let collect = ["returns", "collect", "--no-send", "--period", "2026-27-Q2"];
    let said = text(&told(&demo, &collect));
    assert!(!said.contains("has it again"), "{said}");
    let kept = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let ledger = Ledger::open(&demo.path("state/ledger.sqlite")).await.unwrap();
        let kept = ledger.kept().await.unwrap();
        ledger.close().await;
        kept
    });
    let given: BTreeSet<String> =
        kept.into_iter().filter(|file| file.name.starts_with("2026-27-Q2/return of ")).map(|file| file.sha256).collect();
    let files = archived(&demo);
    given.iter().for_each(|sha256| fs::remove_file(&files[sha256]).unwrap());
    assert!(!given.is_empty());
    let said = text(&told(&demo, &collect));
    let count = if given.len() == 1 { "1 return".to_owned() } else { format!("{} returns", given.len()) };
    assert!(said.contains(&format!("the archive had lost what {count} of 2026-27-Q2 gave, and has it again")), "{said}");
    assert_exit(&told(&demo, &["archive", "verify"]), 0);
}

#[test]
fn backups_are_complete_and_never_overwrite() {
    let demo = Demo::new();
    let none = told(&demo, &["ledger", "backup", "copy.sqlite"]);
    assert_exit(&none, 69);
    assert!(text(&none).contains("nothing has been run yet: there is no ledger"), "{}", text(&none));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let now = Timestamp::now();
    let ledger = runtime.block_on(Ledger::open(&demo.path("state/ledger.sqlite"))).unwrap();
    runtime.block_on(async {
        for second in 0..50 {
            assert!(ledger.claim_occurrence("q", now + SignedDuration::from_secs(second), "a", now).await.unwrap());
        }
    });
    // Open and in write-ahead mode: a mere copy of the file would lack what was written last.
    assert_exit(&told(&demo, &["ledger", "backup", "copy.sqlite"]), 0);
    runtime.block_on(async {
        let copy = Ledger::open(&demo.path("copy.sqlite")).await.unwrap();
        assert_eq!(copy.unfinished_occurrences().await.unwrap(), ledger.unfinished_occurrences().await.unwrap());
        copy.close().await;
        ledger.beat(now, SignedDuration::from_mins(3)).await.unwrap();
        ledger.close().await;
    });
    let before = fs::read(demo.path("copy.sqlite")).unwrap();
    let again = told(&demo, &["ledger", "backup", "copy.sqlite"]);
    assert_exit(&again, 69);
    assert!(text(&again).contains("copy.sqlite: cannot be written: it already exists"), "{}", text(&again));
    assert_eq!(fs::read(demo.path("copy.sqlite")).unwrap(), before);
    let left: Vec<_> = fs::read_dir(demo.path(".")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".part")), "{left:?}");
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(fs::metadata(demo.path("copy.sqlite")).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn newer_ledgers_are_refused_and_left_unchanged() {
    let demo = Demo::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        Ledger::open(&demo.path("state/ledger.sqlite")).await.unwrap().close().await;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(demo.path("state/ledger.sqlite"));
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)";
        sqlx::query(later).execute(&pool).await.unwrap();
        pool.close().await;
    });
    for arguments in [&["run", "--no-send"][..], &["health"], &["archive", "verify"], &["ledger", "backup", "copy.sqlite"]] {
        let output = told(&demo, arguments);
        assert_exit(&output, 69);
        let says = "was made by a newer boardpack: its tables are of version 9999";
        assert!(
            text(&output).lines().any(|line| line.starts_with("error: the ledger") && line.contains(says)),
            "{}",
            text(&output)
        );
    }
    assert!(!demo.path("copy.sqlite").exists());
}

#[test]
fn retention_keeps_everything_unless_told_otherwise() {
    let demo = Demo::new();
    assert_exit(&demo.run(&["--no-send"]), 0);
    let kept = told(&demo, &["purge"]);
    assert_exit(&kept, 0);
    assert!(text(&kept).contains("0 files and the figures of 0 runs removed"), "{}", text(&kept));
    let short = demo.command(&["purge"]).env("BOARDPACK__KEEP__INPUTS_DAYS", "30").output().unwrap();
    assert_exit(&short, 78);
    assert!(text(&short).contains("BOARDPACK__KEEP__INPUTS_DAYS, keep.inputs_days: 30 days is too short"), "{}", text(&short));
}

#[tokio::test(flavor = "multi_thread")]
async fn purge_removes_what_its_dry_run_named() {
    let demo = Demo::new();
    assert_exit(&demo.run(&["--no-send"]), 0);
    let mut settings = settings_of(&demo);
    settings.keep.inputs_days = 400;
    settings.keep.figures_days = 800;
    let ledger = Ledger::open(&settings.paths.ledger).await.unwrap();
    let due = async |days: i64| {
        let now = Timestamp::now() + SignedDuration::from_hours(24 * days);
        Purge::due(&ledger, &settings.paths, &settings.keep, now).await.unwrap()
    };
    assert_eq!(due(399).await, Purge::default());
    let inputs = due(401).await;
    assert!(inputs.files.len() > 10 && inputs.runs.is_empty(), "{inputs:?}");
    assert!(inputs.files.iter().all(|over| over.file.kind == FileUse::Input), "packs are kept for ever");
    assert_eq!(
        archived(&demo).len(),
        retention::verify(&settings.paths, &ledger.kept().await.unwrap()).sound,
        "looking removes nothing"
    );

    let later = Timestamp::now() + SignedDuration::from_hours(24 * 801);
    let all = due(801).await;
    assert_eq!(all.runs.len(), 1);
    let figures: Vec<&str> =
        all.files.iter().filter(|over| over.file.kind == FileUse::Figures).map(|over| over.file.name.as_str()).collect();
    let stages = ["collect", "render"].map(|stage| format!("2026-27-Q2/stage/{stage}.json"));
    assert_eq!(figures, stages, "figures are let go wherever they are, but for what packs showed");
    assert!(all.files.iter().all(|over| over.file.kind != FileUse::Output), "packs are kept for ever");
    let before = archived(&demo).len();
    all.carry_out(&ledger, later).await.unwrap();
    assert_eq!(archived(&demo).len(), before - all.files.len());
    let verified = retention::verify(&settings.paths, &ledger.kept().await.unwrap());
    assert!(verified.faults.0.is_empty(), "{}", verified.faults);
    assert!(verified.purged >= all.files.len());
    let overview = ledger.overview().await.unwrap();
    assert_eq!(overview.runs, [("done".to_owned(), 1)], "that it ran is known still");
    assert_eq!(due(801).await, Purge::default());
    ledger.close().await;
    // What was let go is nothing to compare with, and no fault.
    let again = demo.run(&["--no-send"]);
    assert_exit(&again, 0);
    assert!(!text(&again).contains("be read"), "{}", text(&again));
}

#[test]
fn packs_missing_archived_returns_are_withheld() {
    let demo = Demo::new();
    assert_exit(&demo.run(&["--no-send"]), 0);
    let inbox = demo.path("examples/demo/returns");
    let file = fs::read_dir(&inbox).unwrap().map(|file| file.unwrap().path());
    let file = file.filter(|path| path.extension().is_some_and(|ending| ending == "xlsx")).min().unwrap();
    let taken = demo.path("taken.xlsx");
    fs::rename(&file, &taken).unwrap();
    // As long as the archive has it nothing is lacking.
    assert_exit(&demo.run(&["--no-send"]), 0);
    fs::remove_dir_all(demo.path("state/archive")).unwrap();
    assert_exit(&told(&demo, &["ledger", "adopt", "--by", "Avery", "--reason", "The disk was changed."]), 0);
    let lost = "was accepted, but the archive has lost it";
    for arguments in [&["--no-send"][..], &[]] {
        let run = demo.run(arguments);
        assert_exit(&run, 3);
        assert_eq!(text(&run).matches(lost).count(), 1, "{}", text(&run));
    }
    assert!(demo.files("eml").iter().all(|path| !fs::read_to_string(path).unwrap().contains("application/pdf")));
    fs::rename(&taken, &file).unwrap();
    let run = demo.run(&["--no-send"]);
    assert_exit(&run, 0);
    assert!(!text(&run).contains(lost), "{}", text(&run));
}

//! A run that ends abruptly after any stage and is gone on with leaves the same bytes in every file as one that nobody
//! disturbed.

use crate::support::demo::Demo;
use crate::support::folders::{copy, files_below};
use boardpack::run::{LoadedConfig, PackJob, PackReaders, Progress, QuarterChoice, Setup, Trigger, run_job};
use boardpack::settings;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

/// In the environment of a process that makes a run: where it ends abruptly, and the quarter.
const ABORT: &str = "RESUMED_ABORT";
const QUARTER: &str = "RESUMED_QUARTER";

/// When a run is ended: as a stage starts, or when it has ended and was recorded.
const INSTANTS: [&str; 7] =
    ["starts collect", "ends collect", "starts evaluate", "ends evaluate", "starts render", "ends render", "ends distribute"];

/// Ends the process at one instant, as a power cut would.
struct Abort(Option<String>);

impl Abort {
    fn at(&self, instant: &str) {
        if self.0.as_deref() == Some(instant) {
            std::process::abort();
        }
    }
}

impl Progress for Abort {
    fn stage_starts(&self, name: &str) {
        self.at(&format!("starts {name}"));
    }
    fn counted(&self, _: usize, _: usize, _: &str) {}
    fn stage_ends(&self, name: &str, _: &str) {
        self.at(&format!("ends {name}"));
    }
}

/// A clock that stands still: what a message says of when it was sent must not tell two runs apart.
fn noon() -> Timestamp {
    Timestamp::from_second(1_795_176_000).unwrap()
}

#[test]
#[ignore = "the other test starts it in a process of its own"]
fn in_a_process_of_its_own() {
    // `cargo test -- --ignored` starts it too, with no quarter to make.
    let Ok(quarter) = std::env::var(QUARTER) else { return };
    let file = Path::new("examples/demo/boardpack.toml");
    let only = ["BOARDPACK__PACK__MAKE", "BOARDPACK__PACK__PARTS"].map(str::to_owned);
    let environment = BTreeMap::from_iter(only.into_iter().zip(["board_pack", ""].map(str::to_owned)));
    let settings = settings::load(Some(file), &environment).unwrap_or_else(|faults| panic!("{faults}"));
    let period = boardpack::run::parse_quarter(&quarter).unwrap();
    let when = QuarterChoice { period: Some(period), as_at: None };
    let config = LoadedConfig::load(&settings, true, when, noon).unwrap_or_else(|faults| panic!("{faults}"));
    let job = PackJob { recipients: PackReaders::List("board".to_owned()), draft: false, reissue: None };
    let progress = Abort(std::env::var(ABORT).ok());
    let setup = Setup { settings: &settings, config: &config, now: noon, progress: &progress };
    let trigger = Trigger::by_hand(None);
    let running = run_job(&job, &setup, &trigger);
    let summary = tokio::runtime::Runtime::new().unwrap().block_on(running).unwrap_or_else(|e| panic!("{e}"));
    assert!(summary.partial.is_empty(), "{:?}", summary.partial);
    assert!(summary.revisions.is_empty(), "{:?}", summary.revisions);
}

fn make(demo: &Demo, quarter: &str, abort: Option<&str>) -> ExitStatus {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["running::resumed::in_a_process_of_its_own", "--exact", "--ignored", "--quiet"])
        .current_dir(demo.path("."))
        .env(QUARTER, quarter);
    command.envs(abort.map(|instant| (ABORT, instant)));
    let output = command.output().unwrap();
    let failed = abort.is_none() && !output.status.success();
    assert!(!failed, "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    output.status
}

/// Every file below a folder with its bytes, by its path within the folder.
fn below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let within = |path: &Path| path.strip_prefix(folder).unwrap().to_owned();
    files_below(folder).into_iter().map(|path| (within(&path), fs::read(&path).unwrap())).collect()
}

#[test]
fn runs_ended_anywhere_resume_to_identical_files() {
    // The quarter before, so that there is something to move from and to be revised.
    let before = Demo::new();
    make(&before, "2026-27-Q1", None);
    let quarter = |abort: Option<&str>| {
        let demo = Demo::new();
        for folder in ["out", "state"] {
            copy(&before.path(folder), &demo.path(folder));
        }
        if abort.is_some() {
            assert!(!make(&demo, "2026-27-Q2", abort).success(), "it was to end: {abort:?}");
        }
        make(&demo, "2026-27-Q2", None);
        let archive: BTreeSet<PathBuf> = below(&demo.path("state/archive")).into_keys().collect();
        let mut made = below(&demo.pack());
        made.extend(below(&demo.path("state/messages")));
        (made, archive)
    };
    let (undisturbed, archive) = quarter(None);
    let kinds: BTreeSet<_> = undisturbed.keys().filter_map(|name| name.extension()?.to_str()).collect();
    assert_eq!(kinds, BTreeSet::from(["csv", "eml", "html", "json", "ods", "pdf", "xlsx"]));
    for instant in INSTANTS {
        let (resumed, kept) = quarter(Some(instant));
        assert_eq!(resumed.keys().collect::<Vec<_>>(), undisturbed.keys().collect::<Vec<_>>(), "{instant}");
        for (name, bytes) in &undisturbed {
            assert!(resumed[name] == *bytes, "{instant}: {} differs", name.display());
        }
        // What stages leave is named by its content there.
        assert_eq!(kept, archive, "{instant}");
    }
}

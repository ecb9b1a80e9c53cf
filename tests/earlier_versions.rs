//! What earlier versions left is opened by this one: nothing is sent again, nothing is called revised that was not, and old
//! packs verify.

mod demo;
mod folders;

use boardpack::store::{Ledger, RunId};
use demo::{Demo, assert_exit, text};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder that a version left after the demonstration, laid where it was.
fn left_by(version: &str) -> Demo {
    let demo = Demo::new();
    // With the inputs of then: those of the demonstration have been revised since.
    fs::remove_dir_all(demo.path("examples")).unwrap();
    for packed in ["examples.tar.gz", "out.tar.gz"] {
        let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/earlier_versions").join(version).join(packed);
        let unpacked = Command::new("tar").arg("-xzf").arg(&packed).arg("-C").arg(demo.path(".")).status().unwrap();
        assert!(unpacked.success(), "{}", packed.display());
    }
    demo
}

fn november() -> Demo {
    left_by("0.1.0-november-2026")
}

fn told(demo: &Demo, arguments: &[&str]) -> String {
    let output = demo.whole_command(arguments).output().unwrap();
    assert_exit(&output, 0);
    text(&output)
}

fn messages(demo: &Demo) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = ["2026-27-Q1", "2026-27-Q2"]
        .iter()
        .flat_map(|quarter| fs::read_dir(demo.path("out").join(quarter)).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .collect();
    all.sort();
    all
}

/// The figures that the last run's pack lists as revised.
fn revised(demo: &Demo) -> usize {
    fs::read_to_string(demo.pack().join("data/revisions.csv")).unwrap().lines().count() - 1
}

fn assert_unsaid(output: &Output) {
    assert_exit(output, 0);
    let said = text(output);
    for word in ["revised since", "could not be read", "cannot be read"] {
        assert!(!said.contains(word), "{word} is in:\n{said}");
    }
}

#[test]
fn old_packs_verify_and_old_runs_are_shown() {
    let demo = november();
    let verified = told(&demo, &["archive", "verify"]);
    assert!(verified.contains("89 of 89 inputs and outputs of the ledger are there"), "{verified}");
    let runs = told(&demo, &["runs", "list"]);
    for quarter in ["2026-27-Q1", "2026-27-Q2"] {
        assert!(runs.contains(&format!("board-pack  {quarter}  by hand  done")), "{runs}");
    }
    let shown = told(&demo, &["runs", "show", "2"]);
    assert!(shown.contains("board@example.org  board-pack, issue 1  accepted"), "{shown}");
}

#[test]
fn nothing_is_sent_again_and_nothing_unchanged_is_called_revised() {
    let demo = november();
    let before = messages(&demo);
    assert_eq!(before.len(), 2);
    let bytes: Vec<Vec<u8>> = before.iter().map(|path| fs::read(path).unwrap()).collect();
    for arguments in [&["run"][..], &["run"], &["run", "--period", "2026-27-Q1"]] {
        let output = demo.whole_command(arguments).output().unwrap();
        assert_unsaid(&output);
        assert!(
            text(&output).contains("board@example.org: not sent again: delivered at")
                || text(&output).contains("board@example.org: not sent again: one was delivered at"),
            "{}",
            text(&output)
        );
        assert_eq!(revised(&demo), 0);
    }
    assert_eq!(messages(&demo), before);
    assert_eq!(before.iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>(), bytes);
}

#[tokio::test]
async fn statuses_and_what_an_old_issue_stated_are_read_whole() {
    let demo = november();
    let ledger = Ledger::open(&demo.path("out/ledger.sqlite")).await.unwrap();
    for run in [1, 2] {
        assert_eq!(ledger.published_statuses(RunId(run)).await.unwrap().len(), 85, "run {run}");
    }
    ledger.close().await;
    // A corrected issue is held against the old one: no figure of unchanged inputs is another.
    let output = demo.command(&["run", "--reissue", "A word in a footnote."]).output().unwrap();
    assert_unsaid(&output);
    let page = fs::read_to_string(demo.pack().join("board-pack-2026-27-Q2.html")).unwrap();
    let section = page.split("What this issue corrects</h").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(section.contains("A word in a footnote."), "{section}");
    assert!(!section.contains("no longer kept"), "{section}");
}

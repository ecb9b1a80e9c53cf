//! What earlier versions left is opened by this one: nothing is sent again, nothing is called revised that was not, and old
//! packs verify.

use crate::support::folders;

use crate::support::demo::{Demo, assert_exit, text};
use boardpack::store::{Ledger, RunId};
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
fn earlier_messages_and_figures_are_not_repeated() {
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
async fn earlier_statuses_and_issues_are_read_whole() {
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

/// The same with settings that say nothing of the ledger and the archive, which lie where those versions put them by default.
fn november_by_default() -> Demo {
    let demo = november();
    let path = demo.path("examples/demo/boardpack.toml");
    let settings = fs::read_to_string(&path).unwrap();
    let is_named = |line: &&str| !line.starts_with("ledger =") && !line.starts_with("archive =") && !line.starts_with("output =");
    fs::write(&path, settings.lines().filter(is_named).collect::<Vec<_>>().join("\n")).unwrap();
    demo
}

fn files(folder: &Path) -> Vec<String> {
    let mut all: Vec<String> =
        folders::files_below(folder).into_iter().map(|path| path.strip_prefix(folder).unwrap().display().to_string()).collect();
    all.sort();
    all
}

#[test]
fn state_among_packs_is_moved_before_sending() {
    let demo = november_by_default();
    let before = files(&demo.path("out"));
    // Working, looking and deciding: nobody makes a second ledger beside the first.
    for arguments in [
        &["run"][..],
        &["returns", "collect"],
        &["runs", "list"],
        &["ledger", "adopt", "--by", "A", "--reason", "The disk was changed."],
        &["ledger", "backup", "copy.sqlite"],
        &["purge"],
        &["evaluate"],
        &["disclosure", "audit"],
        &["indicators", "status"],
    ] {
        let output = demo.command(arguments).output().unwrap();
        assert_exit(&output, 69);
        let said = text(&output);
        assert!(
            said.contains("found among the packs, where earlier versions kept private files: out/ledger.sqlite and out/archive"),
            "{arguments:?}: {said}"
        );
        assert!(said.contains("`boardpack ledger move`"), "{arguments:?}: {said}");
    }
    let checked = demo.command(&["config", "check"]).output().unwrap();
    assert_exit(&checked, 78);
    assert!(text(&checked).contains("kept private files, there is out/ledger.sqlite and out/archive"), "{}", text(&checked));
    assert!(text(&checked).contains("`boardpack ledger move` moves all of it"), "{}", text(&checked));
    assert_eq!(files(&demo.path("out")), before);
    let kept = files(&demo.path("out/archive"));

    let moved = told(&demo, &["ledger", "move"]);
    assert!(moved.contains("out/ledger.sqlite is state/ledger.sqlite now"), "{moved}");
    assert!(moved.contains("2 messages in files moved to state/messages"), "{moved}");
    assert_eq!(files(&demo.path("state/archive")), kept);
    let left = files(&demo.path("out"));
    let is_kept = |path: &String| path.contains("archive/") || path.contains("ledger") || path.ends_with(".eml");
    assert!(!left.is_empty() && !left.iter().any(is_kept), "{left:?}");
    let verified = told(&demo, &["archive", "verify"]);
    assert!(verified.contains("89 of 89 inputs and outputs of the ledger are there"), "{verified}");
    let again = told(&demo, &["run"]);
    assert!(again.contains("not sent again"), "{again}");
    assert!(told(&demo, &["ledger", "move"]).contains("there is nothing to move"));
}

#[test]
fn interrupted_moves_resume_and_conflicts_stay() {
    let demo = november_by_default();
    // The archive is on its way; the ledger was copied, and its old place not yet cleared.
    let half = files(&demo.path("out/archive")).into_iter().step_by(2);
    for file in half {
        let to = demo.path("state/archive").join(&file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(demo.path("out/archive").join(&file), to).unwrap();
    }
    fs::copy(demo.path("out/ledger.sqlite"), demo.path("state/ledger.sqlite")).unwrap();
    assert_exit(&demo.command(&["run"]).output().unwrap(), 69);

    let same = fs::read(demo.path("state/ledger.sqlite")).unwrap();
    fs::write(demo.path("state/ledger.sqlite"), "another").unwrap();
    let refused = demo.command(&["ledger", "move"]).output().unwrap();
    assert_exit(&refused, 69);
    let said = text(&refused);
    assert!(said.contains("both exist and differ, so nothing was moved"), "{said}");
    assert!(said.contains("out/ledger.sqlite: the last run is ") && said.contains("state/ledger.sqlite: "), "{said}");
    fs::write(demo.path("state/ledger.sqlite"), same).unwrap();

    told(&demo, &["ledger", "move"]);
    assert!(!demo.path("out/ledger.sqlite").exists() && !demo.path("out/archive").exists());
    told(&demo, &["archive", "verify"]);
}

#[test]
fn packs_without_a_ledger_stop_runs() {
    let demo = november_by_default();
    told(&demo, &["ledger", "move"]);
    // As where a container has another volume by now. That version left no mark among the packs.
    fs::remove_dir_all(demo.path("state")).unwrap();
    let output = demo.command(&["run"]).output().unwrap();
    assert_exit(&output, 69);
    assert!(text(&output).contains("out holds packs of a ledger, and this one is missing or empty"), "{}", text(&output));
    assert!(text(&output).contains("`boardpack ledger adopt"), "{}", text(&output));
    let adopt = ["ledger", "adopt", "--by", "A", "--reason", "The disk was changed.", "--without-record"];
    assert_exit(&demo.command(&adopt).output().unwrap(), 0);
    assert_exit(&demo.command(&["run"]).output().unwrap(), 0);
}

#[test]
fn what_the_settings_name_stays_where_it_is() {
    let demo = november();
    let said = told(&demo, &["run"]);
    assert!(said.contains("messages in files of an earlier version lie among the packs"), "{said}");
    assert!(demo.path("out/ledger.sqlite").exists() && !demo.path("state").exists());
    // The messages alone are moved, to beside the ledger.
    told(&demo, &["ledger", "move"]);
    assert_eq!(files(&demo.path("out/messages")).len(), 2);
    assert!(!told(&demo, &["run"]).contains("earlier version"));
}

#[test]
fn secrets_are_moved_where_the_ledger_is_gone() {
    let demo = november_by_default();
    let secret = "thirty-two bytes of a secret ...";
    fs::write(demo.path("out/disclosure.secret"), secret).unwrap();
    fs::remove_file(demo.path("out/ledger.sqlite")).unwrap();
    let refused = demo.command(&["run"]).output().unwrap();
    assert_exit(&refused, 69);
    assert!(text(&refused).contains("out/archive and out/disclosure.secret. It belongs in"), "{}", text(&refused));
    let moved = told(&demo, &["ledger", "move"]);
    assert!(moved.contains("out/disclosure.secret is state/disclosure.secret now"), "{moved}");
    assert!(!demo.path("out/disclosure.secret").exists());
    assert_eq!(fs::read_to_string(demo.path("state/disclosure.secret")).unwrap(), secret);
    // One that was made since is not in its way.
    fs::write(demo.path("out/disclosure.secret"), "another, of an earlier ledger ...").unwrap();
    assert!(told(&demo, &["ledger", "move"]).contains("there is nothing to move"));
}

//! Nothing unchanged is called revised or corrected, whenever and however often packs are made; what changed at the precision of
//! publication is listed, old and new with both sources.

use crate::support::demo::{Demo, assert_exit, text};
use std::fs;

/// What a run with these arguments says.
fn said(demo: &Demo, arguments: &[&str]) -> String {
    let output = demo.run(arguments);
    assert_exit(&output, 0);
    text(&output)
}

/// The lines of the pack's list of revisions, below its heading.
fn listed(demo: &Demo, quarter: &str) -> Vec<String> {
    let list = fs::read_to_string(demo.path("out").join(quarter).join("data/revisions.csv")).unwrap();
    list.lines().skip(1).map(str::to_owned).collect()
}

fn letters(demo: &Demo) -> Vec<String> {
    let letters = demo.files("eml").into_iter().map(|path| fs::read(path).unwrap());
    letters.map(|bytes| String::from_utf8_lossy(&bytes).replace("=\r\n", "")).collect()
}

fn change(demo: &Demo, file: &str, from: &str, to: &str) {
    let path = demo.path("examples/demo/indicators").join(file);
    let before = fs::read_to_string(&path).unwrap();
    assert!(before.contains(from), "{from} is not in {file}");
    fs::write(path, before.replace(from, to)).unwrap();
}

#[test]
fn unchanged_figures_are_not_revised() {
    let demo = Demo::new();
    said(&demo, &["--period", "2026-27-Q1"]);
    assert_eq!(listed(&demo, "2026-27-Q1"), [""; 0]);
    for arguments in [&["--no-send"][..], &[], &[], &["--reissue", "A word in a footnote."]] {
        let said = said(&demo, arguments);
        assert!(!said.contains("revised since"), "{arguments:?}: {said}");
        assert_eq!(listed(&demo, "2026-27-Q2"), [""; 0], "{arguments:?}");
    }
    let page = fs::read_to_string(demo.pack().join("board-pack-2026-27-Q2.html")).unwrap();
    assert!(page.contains("A word in a footnote.") && page.contains("No figure and no status has changed."));
    let letters = letters(&demo);
    assert_eq!(letters.len(), 2);
    assert!(letters.iter().all(|letter| !letter.contains("have changed")), "{letters:?}");
}

#[test]
fn revisions_count_at_the_published_precision() {
    let demo = Demo::new();
    said(&demo, &["--period", "2026-27-Q1"]);
    change(&demo, "hcai/hcai_rates_icb_annual.csv", ",93.87767132345081,", ",93.8776713234512,");
    change(&demo, "fingertips/92517_breastfeeding_6_8_weeks.csv", ",2015/16,43.15,", ",2015/16,43.16,");
    let first = said(&demo, &[]);
    assert!(first.contains("1 figure revised since the last run"), "{first}");
    let one = listed(&demo, "2026-27-Q2");
    let [line] = &one[..] else { panic!("{one:#?}") };
    let parts = ["breastfeeding-6-to-8-weeks", "E92000001", "2015/16", ",43.15,43.16,", "92517_breastfeeding_6_8_weeks.csv"];
    for part in parts {
        assert!(line.contains(part), "{part} is not in {line}");
    }
    // The pack still says so when it is made again; nothing changed since the last run.
    let again = said(&demo, &[]);
    assert!(!again.contains("revised since"), "{again}");
    assert_eq!(listed(&demo, "2026-27-Q2"), one);
}

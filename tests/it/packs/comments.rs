//! What those who answer for ambitions say of them.

use crate::support::demo::{Demo, assert_exit, text};
use crate::support::sample_pack::Sample;
use boardpack::assets::Assets;
use boardpack::evaluate::SeriesPoint;
use boardpack::framework::Comment;
use boardpack::report::{PackInputs, ReportTemplates, render};
use boardpack::value::Value;
use jiff::civil::date;
use std::fs;

fn brief(pack: &PackInputs<'_>) -> String {
    let templates = ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), "board_brief").unwrap();
    render(pack, &templates).unwrap_or_else(|faults| panic!("{faults}")).html
}

fn comment(ambition: &str) -> Comment {
    Comment {
        quarter: "2026-27-Q2".to_owned(),
        ambition: ambition.to_owned(),
        words: "Two clinics closed".to_owned(),
        by: "Director of Public Health".to_owned(),
        on: date(2026, 11, 10),
        illustrative: false,
    }
}

#[test]
fn comments_are_printed_with_who_said_so_and_when() {
    let mut sample = Sample::new(1);
    let ambition = sample.framework.ambitions[0].clone();
    let comments = [comment(&ambition.id)];
    let said = "Two clinics closed.";
    let html = brief(&PackInputs { comments: &comments, ..sample.pack() });
    assert!(html.contains(said) && html.contains("Director of Public Health, 10 November 2026"));
    assert!(html.contains("No comment was given."));
    let without = brief(&sample.pack());
    assert!(!without.contains(said) && without.contains("No comment was given."));

    // Beside a figure that is withheld it could tell what that is.
    let measure = ambition.measures[0].id.clone();
    let judged = sample.evaluation.measures.iter_mut().find(|judged| judged.headline.measure == measure).unwrap();
    let mut hide = |point: &mut SeriesPoint| point.value = Value::Suppressed;
    judged.headline.latest.iter_mut().for_each(&mut hide);
    judged.headline.series.iter_mut().for_each(&mut hide);
    let html = brief(&PackInputs { comments: &comments, ..sample.pack() });
    assert!(!html.contains(said));
}

#[test]
fn what_is_wrong_in_the_file_is_told_with_its_line() {
    let demo = Demo::new();
    let file = demo.path("examples/demo/config/comments.toml");
    let entry = |quarter: &str, ambition: &str, words: &str| {
        format!(
            "[[comment]]\nquarter = {quarter:?}\nambition = {ambition:?}\nwords = {words:?}\nby = \"A director\"\non = 2026-11-10\n"
        )
    };
    let all = [
        entry("2026-27-Q2", "breast-feeding", "Well."),
        entry("last summer", "breastfeeding", "Well."),
        entry("2026-27-Q2", "breastfeeding", "Well."),
        entry("2026-27-Q2", "breastfeeding", " "),
        // What was said of an ambition that an earlier edition had may stay.
        entry("2023-24-Q2", "of-an-earlier-edition", "Well."),
    ];
    fs::write(&file, all.concat()).unwrap();
    let output = demo.command(&["config", "check"]).output().unwrap();
    assert_exit(&output, 78);
    for told in [
        "line 3, [[comment]] number 1, ambition: there is no ambition \"breast-feeding\"",
        "line 8, [[comment]] number 2, quarter: \"last summer\" is no quarter",
        "[[comment]] number 4, words: is empty",
        "[[comment]] number 4, ambition: breastfeeding has a comment already",
    ] {
        assert!(text(&output).contains(told), "{told}: {}", text(&output));
    }
    assert!(!text(&output).contains("of-an-earlier-edition"), "{}", text(&output));
}

//! What those who answer for ambitions say of them.

use crate::support::demo::{Demo, assert_exit, text};
use crate::support::demonstration::DEMONSTRATION;
use crate::support::sample_pack::Sample;
use boardpack::assets::Assets;
use boardpack::collect::AmbitionComment;
use boardpack::evaluate::SeriesPoint;
use boardpack::figure::Provenance;
use boardpack::framework::{AmbitionLead, Comment};
use boardpack::period::Period;
use boardpack::report::annex::AnnexTables;
use boardpack::report::{PackInputs, ReportTemplates, render};
use boardpack::value::Value;
use jiff::civil::date;
use std::fs;

fn brief(pack: &PackInputs<'_>) -> String {
    made("board_brief", pack)
}

fn made(folder: &str, pack: &PackInputs<'_>) -> String {
    let templates = ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), folder).unwrap();
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

/// As a return has it.
fn returned(ambition: &str, partner: &str, words: &str, by: &str) -> AmbitionComment {
    AmbitionComment {
        ambition: ambition.to_owned(),
        partner: partner.to_owned(),
        quarter: Period::financial_quarter(2026, 2),
        words: words.to_owned(),
        by: by.to_owned(),
        on: date(2026, 10, 12),
        illustrative: partner == "city",
        provenance: Provenance::Cell {
            partner: partner.to_owned(),
            file: "a.xlsx".to_owned(),
            sha256: "aa".to_owned(),
            sheet: "Comments".to_owned(),
            cell: "C4".to_owned(),
            by: String::new(),
        },
    }
}

#[test]
fn returns_comments_stand_after_the_files_and_all_in_the_evidence() {
    let sample = Sample::new(1);
    let ambition = &sample.framework.ambitions[0].id;
    // One whose name has no short form, which the page would explain.
    let [second, first, _] = &sample.partners[..] else { panic!() };
    let returns = [
        returned(ambition, &first.id, "Beds were <closed>", "Medical Director"),
        returned(ambition, &second.id, "Visits rose", ""),
    ];
    let by_first = format!("Medical Director, {}, 12 October 2026", first.name);
    let pack = PackInputs { returned_comments: &returns, ..sample.pack() };
    let html = brief(&pack);
    assert!(html.contains("Beds were &lt;closed") && html.contains(&by_first), "the first partner's");
    assert!(!html.contains("Visits rose"), "a row has room for one");
    let evidence = made("evidence", &pack);
    for words in ["Beds were &lt;closed", &by_first, "Visits rose."] {
        assert!(evidence.contains(words), "{words}");
    }

    // The secretariat has the last word.
    let entered = [comment(ambition)];
    let pack = PackInputs { comments: &entered, ..pack };
    let html = brief(&pack);
    assert!(html.contains("Two clinics closed.") && !html.contains("Beds were"));
    let evidence = made("evidence", &pack);
    let places: Vec<usize> =
        ["Two clinics closed.", "Beds were", "Visits rose."].iter().map(|words| evidence.find(words).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn the_data_annex_has_who_answers_and_what_is_said() {
    let mut sample = Sample::new(1);
    let ambition = sample.framework.ambitions[0].clone();
    let partner = sample.partners[0].clone();
    let entered = [comment(&ambition.id)];
    let returns = [returned(&ambition.id, &partner.id, "=Beds were closed", "Medical Director")];
    let leads = [AmbitionLead {
        ambition: ambition.id.clone(),
        lead: "Director of Children's Services".to_owned(),
        from: None,
        until: None,
        illustrative: true,
    }];
    let csv = |pack: &PackInputs<'_>| {
        let (_, bytes) = AnnexTables::new(pack).to_csv().into_iter().find(|(name, _)| name == "comments.csv").unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let pack = PackInputs { comments: &entered, returned_comments: &returns, leads: &leads, ..sample.pack() };
    let lines = csv(&pack);
    let of_ambition: Vec<&str> = lines.lines().filter(|line| line.starts_with(&ambition.id)).collect();
    let [first, second] = &of_ambition[..] else { panic!("{lines}") };
    let lead = "Director of Children's Services,yes,";
    assert!(
        first.contains(&format!("{lead}Two clinics closed,Director of Public Health,,2026-11-10,no,comments.toml")),
        "{first}"
    );
    let returned = format!("{lead}'=Beds were closed,Medical Director,{},2026-10-12,", partner.id);
    assert!(second.contains(&returned) && second.contains("a.xlsx, sheet Comments, cell C4"), "{second}");
    assert_eq!(lines.lines().count(), 1 + 1 + sample.framework.ambitions.len(), "one without a comment has a row");

    let judged = sample.evaluation.measures.iter_mut().find(|judged| judged.headline.measure == ambition.measures[0].id).unwrap();
    judged.headline.series.iter_mut().for_each(|point| point.value = Value::Suppressed);
    let lines = csv(&PackInputs { comments: &entered, returned_comments: &returns, leads: &leads, ..sample.pack() });
    assert!(lines.contains(&format!("{lead}[c],,,[z],no,")) && !lines.contains("closed"), "{lines}");
}

#[test]
fn what_partners_say_comes_from_their_workbooks_to_the_brief() {
    let html = brief(&DEMONSTRATION.pack());
    assert!(html.contains("Director of Urgent Care, 10 November 2026"), "entered by the secretariat");
    let trust = "Director of Workforce, Nottingham University Hospitals NHS Trust, 12 October 2026";
    assert!(html.contains(trust), "in a return");
    assert!(!html.contains("Chief Nurse"), "of the second partner that returned one");
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
        entry("2026-27-Q2", "emergency-admissions", "Well.").replace("A director", &"x".repeat(101)),
        entry("2026-27-Q2", "smoke-free-generation", "Well.").replace("2026-11-10", "2099-11-10"),
    ];
    fs::write(&file, all.concat()).unwrap();
    let output = demo.command(&["config", "check"]).output().unwrap();
    assert_exit(&output, 78);
    for told in [
        "line 3, [[comment]] number 1, ambition: there is no ambition \"breast-feeding\"",
        "line 8, [[comment]] number 2, quarter: \"last summer\" is no quarter",
        "[[comment]] number 4, words: is empty",
        "[[comment]] number 4, ambition: breastfeeding has a comment already",
        "[[comment]] number 6, by: has 101 characters, and 100 is the most",
        "[[comment]] number 7, on: is 2099-11-10, and today is ",
    ] {
        assert!(text(&output).contains(told), "{told}: {}", text(&output));
    }
    assert!(!text(&output).contains("of-an-earlier-edition"), "{}", text(&output));
}

//! What the pack says, read from its HTML edition, which is made from the same document as the PDF.

mod figures_shown;
mod views;

use crate::support::page_text;

use crate::support::sample_pack::{Sample, assessment, code, made, point};
use boardpack::area::Areas;
use boardpack::assets::Assets;
use boardpack::collect::{ActionReport, IndicatorOutcome};
use boardpack::evaluate::{ActionMovement, AmbitionMovement, Coverage, MovementKind, Movements, Revision, Status};
use boardpack::framework::{self, EarlierTarget, EditionStanding, EditionState, MeasureId, PartsAre, Redefinition, Target};
use boardpack::period::{Period, YearKind};
use boardpack::report::{PackInputs, Remark, ReportTemplates, render};
use boardpack::value::{Sex, Unit, Value};
use jiff::civil::date;

fn year(start: i32) -> Period {
    Period::year(YearKind::Financial, start)
}

/// The pack's words with one space between them, tags left out.
fn words(pack: &PackInputs<'_>) -> String {
    let templates = ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), "board_pack")
        .unwrap_or_else(|faults| panic!("{faults}"));
    let html = render(pack, &templates).unwrap_or_else(|faults| panic!("{faults}")).html;
    page_text::words(html.find("<body").map_or(html.as_str(), |body| &html[body..]))
}

fn assert_says(words: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(words.contains(wanted), "{wanted:?} in {words}");
    }
}

/// One measure of the system with these figures a year from 2021/22 on, limits `spread` either way.
fn plain(values: &[Value], spread: Option<f64>, status: Status) -> Sample {
    let series = (2021..).zip(values).map(|(start, value)| point(year(start), *value, spread, None)).collect();
    let mut sample = Sample::of(vec![made(
        "one",
        "Babies who are breastfed",
        Unit::Percent,
        1,
        assessment("one", "E54000060", series, status),
        vec![],
    )]);
    sample.evaluation.actions.clear();
    sample.framework.actions.clear();
    sample.returns.clear();
    sample
}

#[test]
fn archived_answers_are_dated_and_explained() {
    let mut sample = Sample::new(1);
    let IndicatorOutcome::Received { instead_of, .. } = &mut sample.indicators[0].outcome else { panic!() };
    *instead_of = Some("answered 500 Internal Server Error (asked 4 times)".to_owned());
    let expected = "As at 3 November 2026, 12 figures, because the source gave none since: answered 500 Internal Server Error";
    assert_says(&words(&sample.pack()), &[expected]);
}

#[test]
fn the_summary_alerts_advises_and_assures() {
    let said = words(&Sample::new(1).pack());
    assert_says(
        &said,
        &[
            "Of 13 ambitions for Nottingham and Nottinghamshire",
            "Alert off track (2) Ambition 1: raise the share of people",
            "Alert an area is significantly adverse (1) Ambition 2: raise",
            "by Year 6 children who are overweight or living with obesity",
            "Alert key actions off track (1) Set up a family hub in each of the four places",
            "tests of a change in figures of Nottingham and Nottinghamshire as a whole were made: ",
            "at 95%. If nothing had changed, chance alone would call about 0.",
            "Advise at risk (1) ",
            "Advise no figure: overdue (1) ",
            "Assure achieved (2) ",
            "There is no pack of an earlier quarter to compare with.",
            "1 of 3 returns not received: ",
            "1 of 2 public indicators not received.",
        ],
    );
}

#[test]
fn moves_show_both_statuses() {
    let mut sample = plain(&[Value::Number(60.0), Value::Number(61.0)], Some(2.0), Status::OffTrack);
    let movement = |kind, from| AmbitionMovement { ambition: "ambition-0".into(), from: Some(from), to: Status::OffTrack, kind };
    let since = Period::financial_quarter(2026, 1);
    let moved = |ambition| Movements { since, ambitions: vec![ambition], measures: Vec::new(), actions: Vec::new() };
    sample.evaluation.movements = Some(moved(movement(MovementKind::Worsened, Status::OnTrack)));
    let said = words(&sample.pack());
    assert_says(
        &said,
        &[
            "Moved since April to June 2026:",
            "worsened (1) Ambition 0: raise the share of people, and close the gap to the England average, by March 2028 (was on track, now off track).",
            "What has moved since April to June 2026",
        ],
    );
    sample.evaluation.movements = Some(moved(movement(MovementKind::Same, Status::OffTrack)));
    let said = words(&sample.pack());
    assert_says(&said, &["No ambition and no key action has moved since April to June 2026."]);
    assert!(!said.contains("worsened ("), "{said}");
    // A key action that has moved is told of, whatever the ambitions did.
    let mut sample = Sample::new(1);
    let action = sample.evaluation.actions[0].action.clone();
    let actions = vec![ActionMovement { action, from: Some(Status::AtRisk), to: Status::OnTrack, kind: MovementKind::Improved }];
    sample.evaluation.movements = Some(Movements { since, ambitions: Vec::new(), measures: Vec::new(), actions });
    let table = ["Ambition or key action Change", "Key action, led by ", "Improved At risk On track"];
    let said = words(&sample.pack());
    assert_says(&said, &["No ambition has moved since April to June 2026; these key actions have.", "key actions improved (1)"]);
    assert_says(&said, &["(was at risk, now on track)"]);
    assert_says(&said, &table);
}

#[test]
fn pages_tell_revisions_redefinitions_and_owners() {
    let mut sample = plain(&[Value::Number(50.0), Value::Number(51.0), Value::Number(62.0)], Some(1.0), Status::OnTrack);
    let earlier = |until| EarlierTarget {
        target: Target::Level { value: 60.0, due: None, baseline: None, strict: false },
        until,
        document: "The strategy".into(),
        ended_by: "the review of March 2025".into(),
    };
    sample.framework.aims[0].owner = "Chief Nurse".into();
    let aspiration = &mut sample.framework.ambitions[0].measures[0];
    aspiration.owner = "Director of Public Health".into();
    aspiration.earlier = vec![earlier(date(2025, 3, 31))];
    let reason = "children who are fed both ways count too".to_owned();
    sample.framework.measures[0].redefinitions = vec![Redefinition { from: "2023/24".into(), reason }];
    let said = words(&sample.pack());
    assert_says(
        &said,
        &[
            "Owner: Chief Nurse.",
            "Owner: Director of Public Health.",
            "Target revised on 1 April 2025 (the review of March 2025); it was 60% by 31 March 2028.",
            "From 2023/24 it is counted differently (children who are fed both ways count too): figures before are not compared",
            "The upright line marks a break: from 2023/24 it is counted differently",
        ],
    );
    // What was revised before the edition took effect, or after the quarter, is not told.
    for until in [date(2023, 3, 31), date(2026, 12, 31)] {
        sample.framework.ambitions[0].measures[0].earlier = vec![earlier(until)];
        assert!(!words(&sample.pack()).contains("Target revised"), "{until}");
    }
}

#[test]
fn actions_show_what_each_lead_said() {
    let mut sample = Sample::new(1);
    let other = sample.framework.priorities[1].clone();
    let (action, judged) = (&mut sample.framework.actions[0], &mut sample.evaluation.actions[0]);
    action.co_leads = vec!["city".into()];
    action.also_under = vec![other.id.clone()];
    let report = judged.report.clone().unwrap();
    judged.others = vec![ActionReport { partner: "city".into(), commentary: "Two hubs wait for staff.".into(), ..report }];
    let said = words(&sample.pack());
    assert_says(
        &said,
        &[
            "Nottingham University Hospitals NHS Trust and Nottingham City Council",
            "On track. Two hubs wait for staff. Nottingham City Council",
            &format!("Also under: {}", other.title),
        ],
    );
    assert_eq!(said.matches("Two hubs wait for staff.").count(), 2, "under both priorities");
}

#[test]
fn only_tested_changes_are_significant() {
    let two = [Value::Number(60.0), Value::Number(66.0)];
    for (spread, wanted) in [
        (Some(1.0), "It was 60.0% in 2021/22 and is 66.0% in 2022/23: significantly higher (95%)."),
        (Some(5.0), "It was 60.0% in 2021/22 and is 66.0% in 2022/23: higher, no significant change (95%)."),
        (None, "It was 60.0% in 2021/22 and is 66.0% in 2022/23: higher, not tested because there are no limits."),
    ] {
        let said = words(&plain(&two, spread, Status::OnTrack).pack());
        assert_says(&said, &[wanted]);
        assert_eq!(said.contains("significantly higher (95%)"), spread == Some(1.0), "{said}");
        assert_eq!(said.contains("significantly better than the period before, at 95% (1)"), spread == Some(1.0), "{said}");
        assert!(!said.contains(" rose from "), "{said}");
    }
}

#[test]
fn missing_suppressed_and_zero_read_differently() {
    for (value, wanted) in [
        (Value::Missing, "missing 2022/23"),
        (Value::Suppressed, "suppressed 2022/23"),
        (Value::NotApplicable, "not applicable 2022/23"),
        (Value::Number(0.0), "0.0% 2022/23"),
    ] {
        assert_says(&words(&plain(&[Value::Number(60.0), value], None, Status::NoFigure).pack()), &[wanted]);
    }
}

#[test]
fn the_matrix_needs_enough_figures() {
    let said = words(&Sample::new(1).pack());
    assert_says(&said, &["Ambulance handovers over 60 minutes", "1 of 13 measures have a control chart. The others: "]);
    assert_says(&said, &["with yearly figures", "with fewer than 13 monthly or quarterly figures", "without a figure"]);
    let said = words(&plain(&[Value::Number(60.0)], None, Status::OnTrack).pack());
    assert!(!said.contains("Variation and assurance"), "a page that would say nothing is left out: {said}");
}

fn remark(start: i32, words: &str) -> Remark {
    Remark {
        measure: MeasureId("one".into()),
        area: code("E54000060"),
        period: year(start),
        partner: "nuh".into(),
        words: words.into(),
        illustrative: false,
        question: false,
    }
}

#[test]
fn partners_are_quoted_except_beside_withheld_figures() {
    let sample = plain(&[Value::Number(60.0), Value::Suppressed, Value::Number(61.0)], Some(2.0), Status::OnTrack);
    let remarks = [remark(2023, "New clinics opened."), remark(2022, "Only three of four."), remark(2021, "New clinics opened.")];
    let said = words(&PackInputs { remarks: &remarks, ..sample.pack() });
    assert_says(&said, &["\u{201c}New clinics opened.\u{201d} Nottingham University Hospitals NHS Trust, of 2023/24, 2021/22"]);
    assert!(!said.contains("Only three of four"), "{said}");
}

#[test]
fn queried_figures_show_their_question() {
    let sample = plain(&[Value::Number(60.0), Value::Number(61.0)], Some(2.0), Status::OnTrack);
    let question = Remark { question: true, ..remark(2022, "one is 61.0% and was 30.0% in 2021/22") };
    let said = words(&PackInputs { remarks: &[remark(2022, "All counted."), question], ..sample.pack() });
    let asked = "Question to Nottingham University Hospitals NHS Trust: one is 61.0% and was 30.0% in 2021/22";
    assert_says(&said, &["with a figure in question", asked, "\u{201c}All counted.\u{201d}"]);
    assert!(said.find(asked) < said.find("All counted"), "the question comes first");
}

#[test]
fn revisions_show_sources_and_protect_figures() {
    let sample = plain(&[Value::Number(60.0), Value::Number(61.5)], Some(2.0), Status::OnTrack);
    let source = sample.evaluation.measures[0].headline.series[0].sources[0].clone();
    let revision = Revision {
        measure: MeasureId("one".into()),
        area: code("E54000060"),
        period: year(2022),
        sex: Sex::Persons,
        age: String::new(),
        category: None,
        old: Value::Number(58.7),
        new: Value::Number(61.5),
        old_source: source.clone(),
        new_source: source,
    };
    let revisions = [revision];
    let said = words(&PackInputs { revisions: &revisions, ..sample.pack() });
    assert_says(&said, &["58.7%", "Before: OHID Fingertips, retrieved 3 November 2026, line 7 Now: OHID Fingertips"]);
    assert_says(&words(&sample.pack()), &["No figure was revised."]);

    // An old figure that no pack showed.
    let revisions = revisions.map(|revision| Revision { old: Value::Suppressed, ..revision });
    let said = words(&PackInputs { revisions: &revisions, ..sample.pack() });
    assert!(!said.contains("58.7%"), "{said}");
    assert_says(&said, &["2022/23 not shown, to protect people 61.5% Before"]);
}

#[test]
fn the_change_log_quotes_what_the_edition_changed() {
    let sample = plain(&[Value::Number(60.0)], None, Status::OnTrack);
    let mut before = sample.framework.clone();
    before.edition.id = "2023".into();
    before.ambitions[0].statement = "We will raise it a little.".into();
    let differences = framework::diff(&before, &sample.framework, &sample.areas);
    let said = words(&PackInputs { changes: Some(&differences), ..sample.pack() });
    assert_says(
        &said,
        &["From edition 2023 to Integrated Care Strategy", "Changed", "Ambition, statement", "We will raise it a little."],
    );
    assert_says(&words(&sample.pack()), &["There is no earlier edition to compare with."]);
}

#[test]
fn the_cover_tells_draft_final_or_interim() {
    let mut sample = plain(&[Value::Number(60.0)], None, Status::OnTrack);
    assert_says(&words(&PackInputs { draft: true, ..sample.pack() }), &["Draft. This pack has not been approved."]);
    let said = words(&sample.pack());
    assert_says(&said, &["Final Figures as at 20 November 2026", "Measured against “", "”, which is a draft, not agreed."]);
    assert!(!said.contains("not been approved") && !said.contains("Interim"), "{said}");

    sample.evaluation.interim = true;
    sample.framework.edition.standing = EditionStanding {
        state: EditionState::Superseded,
        by: "the partnership".into(),
        on: Some(jiff::civil::date(2024, 3, 22)),
        note: "An update took its place.".into(),
    };
    let pack = sample.pack();
    assert_eq!(pack.marks(), ["Interim"]);
    let said = words(&pack);
    assert_says(
        &said,
        &[
            "Interim. This pack was made before all returns were complete; they are due by 31 October 2026.",
            "has been superseded. An update took its place.",
        ],
    );
    assert!(!said.contains("Final"), "{said}");
}

#[test]
fn late_interim_packs_name_who_is_late() {
    let mut sample = Sample::new(1);
    sample.evaluation.interim = true;
    sample.returns[1].arrived = Some(date(2026, 11, 5));
    sample.returns[2].due = Some(date(2026, 11, 30));
    let said = words(&sample.pack());
    let longest = &sample.partners[2].name;
    let stands =
        format!("Returns were due on 31 October 2026; {longest} has until 30 November 2026; late: {}.", sample.partners[1].name);
    assert_says(
        &said,
        &[
            &format!("Interim. This pack was made before all returns were complete. {stands} A final pack will follow."),
            &format!("This pack is interim. {stands} Of 13 ambitions"),
            &format!("{stands} A figure with an error is not used"),
        ],
    );
    for untrue in ["nobody is late", "is not late", "are due by"] {
        assert!(!said.contains(untrue), "{untrue}");
    }
}

#[test]
fn a_places_pack_admits_earlier_packs() {
    let sample = Sample::new(1);
    let mut whole = sample.framework.clone();
    whole.edition.system = code("E92000001");
    let said = words(&PackInputs { whole: &whole, ..sample.pack() });
    assert_says(&said, &["What has moved is told in the pack of the whole system."]);
    assert!(!said.contains("earlier quarter to compare with"));
}

#[test]
fn earlier_deciding_figures_are_shown_too() {
    let mut sample = plain(&[Value::Number(60.0), Value::Number(66.0)], Some(1.0), Status::AchievedLate);
    let headline = &mut sample.evaluation.measures[0].headline;
    headline.judged = Some(headline.series[0].clone());
    let said = words(&sample.pack());
    assert_says(
        &said,
        &[
            "It is judged on 60.0% in 2021/22; the latest figure is 66.0% in 2022/23.",
            "66.0% 2022/23",
            "judged on 60.0% (2021/22)",
        ],
    );
}

#[test]
fn organisations_keep_their_names_and_coverage() {
    let series = |value: f64| {
        vec![
            point(year(2021), Value::Number(value - 1.0), Some(1.0), None),
            point(year(2022), Value::Number(value), Some(1.0), None),
        ]
    };
    let council = assessment("one", "E06000018", series(6.2), Status::AtRisk);
    let trust = assessment("one", "RXX", series(5.0), Status::OnTrack);
    let mut whole = assessment("one", "E54000060", series(5.4), Status::OnTrack);
    whole.coverage = Some(Coverage {
        given: vec![code("E06000018"), code("RXX")],
        absent: vec![code("E10000024")],
        left_out: Vec::new(),
        share: 0.97,
        by_denominator: true,
        is_enough: true,
    });
    let mut made = made("one", "Staff turnover", Unit::Percent, 1, whole, vec![council, trust]);
    made.measure.parts_are = PartsAre::Organisations;
    made.measure.denominator = "Staff".into();
    let mut sample = Sample::of(vec![made]);
    let areas = "area = [\n{ code = \"E54000060\", name = \"Nottingham and Nottinghamshire\", kind = \"system\" },\n{ code = \"E92000001\", name = \"England\", kind = \"country\" },\n{ code = \"E06000018\", name = \"Nottingham\", kind = \"authority\", body = \"Nottingham City Council\" },\n{ code = \"E10000024\", name = \"Nottinghamshire\", kind = \"authority\" },\n{ code = \"RXX\", name = \"A trust\", kind = \"organisation\" },\n]";
    sample.areas = Areas::parse(areas, "areas.toml").unwrap();
    let said = words(&sample.pack());
    assert_says(
        &said,
        &[
            "Figures by organisation",
            "Organisation Period Latest",
            "Nottingham City Council 2022/23",
            "two of three organisations, 97% of staff",
        ],
    );
    assert!(!said.contains("Nottingham 2022/23"), "{said}");
}

#[test]
fn statuses_from_areas_show_each_area() {
    let mut sample = Sample::new(1);
    let areas = "area = [\n{ code = \"E54000060\", name = \"Nottingham and Nottinghamshire\", kind = \"system\" },\n{ code = \"E92000001\", name = \"England\", kind = \"country\" },\n{ code = \"E06000018\", name = \"Nottingham\", kind = \"authority\", population = 323632, population_source = \"Census\" },\n{ code = \"E10000024\", name = \"Nottinghamshire\", kind = \"authority\", population = 824830, population_source = \"Census\" },\n]";
    sample.areas = Areas::parse(areas, "areas.toml").unwrap();
    let said = words(&sample.pack());
    assert_says(
        &said,
        &[
            "Healthy life expectancy at birth (female) (lead) by area by area",
            "Area All residents Period Latest",
            "Nottingham 323,632 2020–22",
        ],
    );
    assert!(!said.to_lowercase().contains("least favourable area"), "{said}");
}

#[test]
fn measures_missing_for_a_place_are_listed() {
    let sample = plain(&[Value::Number(60.0)], None, Status::OnTrack);
    let without = [MeasureId("one".into()), MeasureId("not-in-the-framework".into())];
    let said = words(&PackInputs { without: &without, ..sample.pack() });
    assert_says(&said, &["Measures without a figure for Nottingham and Nottinghamshire", "not-in-the-framework"]);
    assert!(!words(&sample.pack()).contains("Measures without a figure"));
}

#[test]
fn measures_are_defined_in_full() {
    let mut sample = plain(&[Value::Number(60.0)], None, Status::OnTrack);
    sample.framework.measures[0].numerator = "Babies breastfed".into();
    sample.framework.measures[0].denominator = "Babies reviewed".into();
    assert_says(
        &words(&sample.pack()),
        &[
            "Babies who are breastfed (lead). A share of people. Counted: babies breastfed over babies reviewed (per cent). Higher is better.",
            "Target: statistically better than England by 31 March 2028.",
        ],
    );
}

#[test]
fn the_public_summary_has_two_pages() {
    let templates = ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), "public_summary").unwrap();
    for sample in [Sample::new(1), plain(&[Value::Number(60.0)], None, Status::OnTrack)] {
        let pack = render(&sample.pack(), &templates).unwrap();
        assert!(pack.pages <= 2, "{} pages", pack.pages);
        assert!(pack.html.contains("How healthy are we?"));
    }
}

/// A templates' folder with one file in it, and what loading a pack from it tells.
fn loading(path: &str, text: &str, pack: &str) -> (Option<ReportTemplates>, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, text).unwrap();
    match ReportTemplates::load(&Assets::templates(Some(folder.path().to_path_buf())), &Assets::fonts(None), pack) {
        Ok(templates) => (Some(templates), String::new()),
        Err(faults) => (None, faults.to_string()),
    }
}

#[test]
fn own_packs_need_only_sections() {
    let list = "title = \"Mine\"\nsubject = \"x\"\n[[section]]\ntemplate = \"summary.md\"\n";
    let (templates, told) = loading("mine/pack.toml", list, "mine");
    let templates = templates.unwrap_or_else(|| panic!("{told}"));
    let pack = render(&Sample::new(1).pack(), &templates).unwrap();
    assert!(pack.html.contains("Alert") && !pack.html.contains("How to read this pack"));
    let (_, told) = loading("mine/other.md", "# Other\n", "mine");
    assert!(told.contains("mine/pack.toml") && told.contains("there is no such file"), "{told}");
}

#[test]
fn directive_mistakes_say_what_is_accepted() {
    for (line, wanted) in [
        ("{{ cards(returns) }}", "cards(list): each with label, value"),
        ("{{ alert_list(off_track) }}", "alert_list(alert | advise | assure)"),
        ("{{ dumbbell(pack) }}", "dumbbell(priority)"),
    ] {
        let (templates, told) = loading("board_pack/alerts.md", &format!("# Alerts\n\n{line}\n"), "board_pack");
        let templates = templates.unwrap_or_else(|| panic!("{told}"));
        let told = render(&Sample::new(1).pack(), &templates).unwrap_err().to_string();
        assert!(told.contains("alerts.md, line 3") && told.contains(wanted), "{told}");
    }
    let (_, told) = loading("board_pack/abbreviations.toml", "NHS = \"National Health Service\"\nICB = 3\n", "board_pack");
    assert!(told.contains("abbreviations.toml, line 2"), "{told}");
}

//! Several workbooks of one partner: which figures stand.

use super::*;
use boardpack::area::AreaCode;
use boardpack::collect::ReturnReceipt;

#[test]
fn later_versions_replace_figure_by_figure() {
    let mut desk = Desk::new();
    desk.send("nuh_1.xlsx", "nuh", &[(FRONTLINE, HALF), (TURNOVER, TENTH)]);
    let first = desk.look_and_remember(DAY);
    assert_eq!((first.versions.len(), first.receipts[0].arrived), (1, Some(DAY)));
    // The first file is gone, and is read from the archive.
    fs::remove_file(desk.inbox("nuh_1.xlsx")).unwrap();
    desk.send("nuh_2.xlsx", "nuh", &[(FRONTLINE, MORE)]);
    let second = desk.look_and_remember(LATER);
    assert_eq!(values(&second), [(FRONTLINE, MORE), (TURNOVER, TENTH)], "what is left blank stays as it was");
    let old: Vec<_> = second.replaced.iter().map(|o| (o.measure.0.as_str(), o.value)).collect();
    assert_eq!(old, [(FRONTLINE, HALF)]);
    let [revised] = &FigureVintages::of(&second.observations).replacing(&second.replaced).revisions()[..] else { panic!() };
    assert_eq!((revised.old, revised.new), (HALF, MORE));
    // A run after the one that told of it has nothing to tell; nor has a pack whose readers never had the old one.
    let mut vintages = FigureVintages::of(&second.observations).replacing(&second.replaced);
    assert_eq!(vintages.revisions_since(), []);
    second.observations.iter().for_each(|figure| vintages.add_earlier(figure.clone()));
    assert_eq!((vintages.revisions(), vintages.revisions_since()), (vec![], vec![]));
    let told: Vec<_> = second.receipts[..2].iter().map(|r| (r.file.as_deref(), r.arrived, r.superseded_by.as_deref())).collect();
    assert_eq!(told, [(Some("nuh_1.xlsx"), Some(DAY), Some("nuh_2.xlsx")), (Some("nuh_2.xlsx"), Some(LATER), None)]);
    assert!(!second.receipts[1].lacking.contains(&TURNOVER.to_owned()), "it was given before");
    // Looked at again, nothing has changed.
    let again = desk.look_and_remember(date(2026, 11, 9));
    assert_eq!((again.observations, again.receipts, desk.known.versions.len()), (second.observations, second.receipts, 2));
}

#[test]
fn only_usable_entries_replace_figures() {
    let mut desk = Desk::new();
    desk.send("nuh_1.xlsx", "nuh", &[(FRONTLINE, HALF), (TURNOVER, TENTH)]);
    desk.look_and_remember(DAY);
    desk.send("nuh_2.xlsx", "nuh", &[(FRONTLINE, Value::Suppressed), (TURNOVER, Value::Number(150.0))]);
    let second = desk.look_and_remember(LATER);
    assert_eq!(values(&second), [(FRONTLINE, Value::Suppressed), (TURNOVER, TENTH)]);
    assert_eq!(second.receipts[1].outcome, ReturnOutcome::AcceptedInPart);
}

#[test]
fn known_versions_are_no_second_workbook() {
    let mut desk = Desk::new();
    desk.send("nuh_1.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    fs::copy(desk.inbox("nuh_1.xlsx"), desk.inbox("nuh_copy.xlsx")).unwrap();
    assert_eq!(outcomes(&desk.look_and_remember(DAY)).len(), 1, "the same file under two names is one version");
    desk.send("nuh_2.xlsx", "nuh", &[(FRONTLINE, MORE)]);
    let both = desk.look(LATER);
    assert_eq!(outcomes(&both), [("nuh_1.xlsx", ReturnOutcome::Accepted), ("nuh_2.xlsx", ReturnOutcome::Accepted)]);
    assert_eq!(values(&both), [(FRONTLINE, MORE)]);
}

#[test]
fn receipts_of_older_versions_owe_the_same() {
    let mut desk = Desk::new();
    desk.send("nuh_1.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    let first = desk.look_and_remember(DAY);
    assert!(first.receipts[0].lacking.contains(&TURNOVER.to_owned()));
    desk.send("nuh_2.xlsx", "nuh", &[(TURNOVER, TENTH)]);
    let [old, new, ..] = &desk.look_and_remember(LATER).receipts[..] else { panic!() };
    assert_eq!((old.file.as_deref(), &old.owed), (Some("nuh_1.xlsx"), &new.owed));
    assert!(!old.lacking.contains(&TURNOVER.to_owned()));
    assert_eq!((&old.superseded_by, &new.superseded_by), (&None, &None), "neither gives what the other does");
}

#[test]
fn faults_found_again_are_told_once() {
    let mut desk = Desk::new();
    let impossible = Value::Number(150.0);
    desk.send("nuh_1.xlsx", "nuh", &[(FRONTLINE, HALF), (TURNOVER, impossible)]);
    desk.look_and_remember(DAY);
    desk.send("nuh_2.xlsx", "nuh", &[(FRONTLINE, MORE), (TURNOVER, impossible)]);
    let again = desk.look_and_remember(LATER);
    let mended = |receipt: &ReturnReceipt| {
        let errors = receipt.findings.iter().filter(|found| found.grade == Grade::Error);
        errors.map(|found| found.mended).collect::<Vec<_>>()
    };
    assert_eq!((mended(&again.receipts[0]), mended(&again.receipts[1])), (vec![true], vec![false]));
    // What is given in a later quarter's workbook is given.
    let answers = desk.answers("nuh", &[(TURNOVER, TENTH)]);
    fs::write(desk.inbox("nuh_3.xlsx"), desk.filled(next_quarter(), "nuh", &answers)).unwrap();
    desk.look_for_and_remember(next_quarter(), date(2027, 1, 5));
    let known = desk.look(date(2027, 1, 6));
    assert_eq!((mended(&known.receipts[0]), mended(&known.receipts[1])), (vec![true], vec![true]));
}

/// Two workbooks came in one look, after a first; they agree on nothing but what they leave blank.
fn two_that_differ() -> Desk {
    let mut desk = Desk::new();
    desk.send("nuh_1.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    desk.look_and_remember(DAY);
    desk.send("nuh_2.xlsx", "nuh", &[(FRONTLINE, MORE)]);
    desk.send("nuh_3.xlsx", "nuh", &[(FRONTLINE, Value::Number(60.0)), (TURNOVER, TENTH)]);
    desk.look_and_remember(LATER);
    desk
}

#[test]
fn conflicting_workbooks_leave_the_earlier_figures() {
    let desk = two_that_differ();
    let later = desk.look(LATER);
    let in_part = ReturnOutcome::AcceptedInPart;
    assert_eq!(
        outcomes(&later),
        [("nuh_1.xlsx", ReturnOutcome::Accepted), ("nuh_2.xlsx", in_part), ("nuh_3.xlsx", in_part)],
        "neither is refused"
    );
    assert_eq!(values(&later), [(FRONTLINE, HALF), (TURNOVER, TENTH)], "what one alone gives is used");
    assert_eq!(unsettled(&later), [0, 1, 1]);
    let open: Vec<_> = later.differing.iter().map(|one| (one.is_open(), one.given.len())).collect();
    assert_eq!(open, [(true, 2)]);
    for (receipt, other) in later.receipts[1..3].iter().zip(["nuh_3.xlsx", "nuh_2.xlsx"]) {
        let told = format!("is given differently in {other}, which arrived with it; neither is used");
        assert!(receipt.findings[0].problem.contains(&told), "{}", receipt.findings[0].problem);
    }
    // What is remembered of them in the next quarter is what stood.
    let next = desk.look_for(next_quarter(), FEBRUARY);
    assert_eq!(values(&next), [(FRONTLINE, HALF), (TURNOVER, TENTH)]);
}

#[test]
fn conflicting_figures_name_their_area() {
    let desk = Desk::new();
    for (name, value) in [("icb_1.xlsx", 8.0), ("icb_2.xlsx", 9.0)] {
        let england = SeriesKey::new(MeasureId("smoking-at-delivery-local".into()), AreaCode::new("E92000001").unwrap(), None);
        let answer = FigureAnswer { value: Some(Value::Number(value)), ..FigureAnswer::default() };
        let figures = BTreeMap::from([(england.at(Period::year(YearKind::Financial, 2025)), answer)]);
        let answers = Answers { figures, ..Answers::default() };
        fs::write(desk.inbox(name), desk.filled(quarter(), "icb", &answers)).unwrap();
    }
    let returns = desk.look(DAY);
    let findings = returns.receipts.iter().flat_map(|receipt| &receipt.findings);
    let told: Vec<&str> = findings.map(|f| f.problem.as_str()).filter(|told| told.contains("differently")).collect();
    assert!(told[0].contains(" (England) for 2025/26 is given differently in icb_2.xlsx"), "{told:?}");
}

#[test]
fn a_decision_settles_conflicting_workbooks() {
    let sixty = Value::Number(60.0);
    let mut said = two_that_differ();
    said.known.versions[2].settled_by = Some("Ada Hill".to_owned());
    let returns = said.look(LATER);
    assert_eq!(values(&returns), [(FRONTLINE, sixty), (TURNOVER, TENTH)]);
    assert_eq!(unsettled(&returns), [0, 0, 0]);
    let loser = returns.receipts.iter().find(|receipt| receipt.file.as_deref() == Some("nuh_2.xlsx")).unwrap();
    assert_eq!((loser.outcome, loser.findings[0].grade), (ReturnOutcome::Accepted, Grade::Note));
    assert!(loser.findings[0].problem.ends_with("which arrived with it and is used, as Ada Hill decided"));

    let mut withdrawn = two_that_differ();
    withdrawn.known.versions[1].standing = VersionStanding::Withdrawn { reason: "a draft".to_owned() };
    assert_eq!(values(&withdrawn.look(LATER)), [(FRONTLINE, sixty), (TURNOVER, TENTH)]);

    let mut third = two_that_differ();
    third.send("nuh_4.xlsx", "nuh", &[(FRONTLINE, Value::Number(58.0))]);
    let returns = third.look_and_remember(date(2026, 11, 9));
    assert_eq!(values(&returns), [(FRONTLINE, Value::Number(58.0)), (TURNOVER, TENTH)]);
    assert_eq!(unsettled(&returns), [0, 0, 0, 0]);
    assert!(returns.differing.iter().all(|one| !one.is_open()));
}

#[test]
fn the_later_of_two_early_workbooks_counts() {
    // By name the later one comes first.
    let (earlier, later) = (date(2026, 9, 10), date(2026, 9, 20));
    for (other_day, expected) in [(earlier, Some(MORE)), (later, None)] {
        let mut desk = Desk::new();
        for (name, value, day) in [("nuh_a.xlsx", MORE, later), ("nuh_b.xlsx", HALF, other_day)] {
            desk.send(name, "nuh", &[(FRONTLINE, value)]);
            desk.known.not_kept.insert(sha256(&fs::read(desk.inbox(name)).unwrap()), day);
        }
        // In the look that records them, in the next, and in a later quarter.
        for _ in 0..2 {
            let returns = desk.look_and_remember(DAY);
            assert_eq!(stands(&returns, FRONTLINE), expected, "the other came on {other_day}");
            let asked = returns.differing.iter().filter(|one| one.is_open()).count();
            assert_eq!(asked, usize::from(expected.is_none()), "of one day the partner is asked which stands");
            assert_eq!(returns.replaced.len(), usize::from(expected.is_some()));
        }
        assert_eq!(stands(&desk.look_for(next_quarter(), FEBRUARY), FRONTLINE), expected);
    }
}

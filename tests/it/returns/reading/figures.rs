//! Figures of a return: values, counts, limits, periods, areas and groups.

use super::*;
use boardpack::area::AreaCode;
use boardpack::figure::SeriesKey;
use boardpack::framework::MeasureId;
use boardpack::return_template::{PartnerHistory, PriorFigure};

#[test]
fn figures_are_taken_as_they_were_meant() {
    for (cells, expected) in [
        ([Blank, Blank, Percent(0.123)], 12.3),
        ([Blank, Blank, Percent(0.57)], 57.0),
        ([Blank, Blank, Number(12.3)], 12.3),
        ([Blank, Blank, Text("12.3%")], 12.3),
        ([Blank, Blank, Text("0.4 %")], 0.4),
        ([Blank, Blank, Number(0.0)], 0.0),
        ([Number(45.0), Number(60.0), Blank], 75.0),
        ([Text("1,234"), Text("2,468"), Blank], 50.0),
        ([Number(45.0), Number(60.0), Number(75.0)], 75.0),
        ([Number(2.0), Number(3.0), Number(67.0)], 67.0),
        ([Number(2.0), Number(3.0), Number(66.7)], 66.7),
        ([Number(2.0), Number(3.0), Percent(0.667)], 66.7),
        // The counts show that the plain 0.75 is a share.
        ([Number(45.0), Number(60.0), Number(0.75)], 75.0),
        ([Number(3.0), Number(600.0), Number(0.5)], 0.5),
        // Rounded to the decimals that it shows, 0.815 is 81.5% and is what 212 of 260 (81.54%) make.
        ([Number(212.0), Number(260.0), Number(0.815)], 81.5),
        ([Number(212.0), Number(260.0), Percent(0.815)], 81.5),
        ([Number(212.0), Number(260.0), Text("81.5%")], 81.5),
        ([Number(212.0), Number(260.0), Number(82.0)], 82.0),
    ] {
        let [numerator, denominator, value] = cells;
        let row = [Text("discharge"), Blank, Text("2026/27 Q2"), numerator, denominator, value];
        let (returns, receipt) = send(&[&row], &[]);
        assert_eq!(receipt.findings, [], "{expected}");
        assert_eq!(values(&returns), [Value::Number(expected)]);
    }
}

#[test]
fn suppressed_missing_and_not_applicable_stay_distinct() {
    for (cell, expected) in [
        (Text("*"), Value::Suppressed),
        (Text("<5"), Value::Suppressed),
        (Text("[c]"), Value::Suppressed),
        (Text(".."), Value::Missing),
        (Text("[x]"), Value::Missing),
        (Blank, Value::Missing),
        (Text("n/a"), Value::NotApplicable),
    ] {
        let row = [Text("admissions"), Blank, Text("2026/27 Q2"), Blank, Blank, cell];
        let (returns, receipt) = send(&[&row], &[]);
        assert_eq!((receipt.findings.len(), values(&returns)), (0, vec![expected]));
        let given = expected != Value::Missing;
        assert_eq!(receipt.figures, usize::from(given));
        assert_eq!(receipt.lacking.contains(&"admissions".to_owned()), !given);
    }
}

#[test]
fn counts_beside_suppressed_values_are_dropped() {
    let row = [Text("discharge"), Blank, Text("2026/27 Q2"), Number(3.0), Number(60.0), Text("*")];
    let (returns, _) = send(&[&row], &[]);
    assert_eq!((returns.observations[0].value, returns.observations[0].numerator), (Value::Suppressed, None));
}

#[test]
fn one_suppression_hides_the_whole_figure() {
    let star = Text("*");
    for [numerator, denominator, value] in [
        [star, Number(320.0), Number(1.25)],
        [Text("<5"), Number(320.0), Text("1.25%")],
        [Number(4.0), Text("[c]"), Number(1.25)],
        [Number(4.0), star, Blank],
        [star, star, Number(1.25)],
        [star, Blank, Text("..")],
    ] {
        let row = [Text("discharge"), Blank, Text("2026/27 Q2"), numerator, denominator, value];
        let (returns, receipt) = send(&[&row], &[]);
        let figure = &returns.observations[0];
        assert_eq!((figure.value, figure.numerator, figure.limits), (Value::Suppressed, None, None));
        assert_eq!((receipt.findings, receipt.figures), (vec![], 1));
    }
}

#[test]
fn figures_carry_their_owner_and_cell() {
    let computed = [Text("discharge"), Blank, Text("2026/27 Q2"), Number(45.0), Number(60.0), Blank, Text(" as at\n30 Sept ")];
    let given = [Text(" DISCHARGE "), Blank, Text("Q4 2025-26"), Blank, Blank, Number(70.0)];
    let (returns, receipt) = send(&[&computed, &[Blank], &given, &[Text("Source: our own records")]], &[]);
    assert_eq!((receipt.outcome, receipt.figures, receipt.findings.len()), (ReturnOutcome::Accepted, 2, 0));
    let [first, second] = &returns.observations[..] else { panic!() };
    assert_eq!((first.measure.0.as_str(), first.area.as_str(), first.illustrative), ("discharge", "RX1", true));
    assert_eq!((first.numerator, first.denominator, first.note.as_str()), (Some(45.0), Some(60.0), "as at 30 Sept"));
    assert_eq!((first.period.slug().as_str(), second.period.to_string().as_str()), ("2026-27-Q2", "2025/26 Q4"));
    let cell = |provenance: &Provenance| match provenance {
        Provenance::Cell { partner, file, sha256, sheet, cell, .. } => {
            assert_eq!((partner.as_str(), file.as_str(), sheet.as_str()), ("nuh", "nuh_2026-27-Q2.xlsx", "Figures"));
            assert_eq!(Some(sha256), receipt.sha256.as_ref());
            cell.clone()
        }
        Provenance::Answer { .. } => panic!(),
    };
    assert_eq!((cell(&first.provenance), cell(&second.provenance)), ("D4".to_owned(), "F6".to_owned()));
}

#[test]
fn faulty_figures_are_told_and_unused() {
    let q2 = Text("2026/27 Q2");
    let cases: [(&[Put], &str, &str); 22] = [
        (
            &[Text("discharge"), Blank, q2, Blank, Blank, Text("about half")],
            "F4",
            "the text \"about half\" was found where a number",
        ),
        (&[Text("discharge"), Blank, q2, Blank, Blank, Text("12,5")], "F4", "the text \"12,5\""),
        (&[Text("discharge"), Blank, q2, Blank, Blank, Put::Error("#REF!")], "F4", "the error #REF!"),
        (&[Text("discharge"), Blank, q2, Blank, Blank, Put::Date(2026, 7, 1)], "F4", "the date 2026-07-01"),
        (&[Text("discharge"), Blank, q2, Number(61.0), Number(60.0)], "D4", "the numerator 61 is above the denominator 60"),
        (&[Text("discharge"), Blank, q2, Number(-1.0), Number(60.0)], "D4", "-1 was found; a count is not below 0"),
        (&[Text("discharge"), Blank, q2, Percent(0.5), Number(60.0)], "D4", "50% was found where a number"),
        (&[Text("discharge"), Blank, q2, Number(0.0), Number(0.0)], "E4", "the denominator is 0"),
        (&[Text("discharge"), Blank, q2, Number(45.0)], "E4", "neither a value nor a denominator"),
        (&[Text("discharge"), Blank, q2, Blank, Blank, Number(101.0)], "F4", "101% was found; a percentage from 0 to 100"),
        (&[Text("discharge"), Blank, q2, Blank, Blank, Percent(45.0)], "F4", "4500% was found; a percentage from 0 to 100"),
        (&[Text("discharge"), Blank, q2, Blank, Blank, Number(-3.0)], "F4", "-3% was found; a percentage from 0 to 100"),
        (&[Text("discharge"), Blank, q2, Blank, Blank, Number(0.45)], "F4", "0.45 may mean 0.45% or 45%"),
        (
            &[Text("discharge"), Blank, q2, Number(45.0), Number(60.0), Number(76.0)],
            "F4",
            "the value 76 is not what the counts beside it make, 75",
        ),
        (
            &[Text("admissions"), Blank, q2, Number(40.0), Blank, Number(41.0)],
            "F4",
            "the value 41 is not what the counts beside it make, 40",
        ),
        (&[Text("admissions"), Blank, q2, Blank, Blank, Number(-3.0)], "F4", "-3 was found; 0 or more"),
        (&[Text("admissions"), Blank, q2, Blank, Blank, Text("3%")], "F4", "3% was found; admissions is counted in another unit"),
        (&[Text("smoking"), Blank, q2, Blank, Blank, Number(3.0)], "A4", "\"smoking\" is not a measure of the 2024 framework"),
        (&[Blank, Blank, q2, Blank, Blank, Number(3.0)], "A4", "without a measure ID"),
        (
            &[Text("reablement"), Blank, q2, Blank, Blank, Number(80.0)],
            "A4",
            "not asked of a partner of kind acute-trust, but of council",
        ),
        (
            &[Text("discharge"), Blank, Text("last summer"), Blank, Blank, Number(80.0)],
            "C4",
            "the text \"last summer\" is not a period",
        ),
        (
            &[Text("discharge"), Blank, Text("2026/27 Q3"), Blank, Blank, Number(80.0)],
            "C4",
            "2026/27 Q3 ends on 2026-12-31, after the quarter of the pack",
        ),
    ];
    for (row, cell, problem) in cases {
        let good = [Text("discharge"), Blank, Text("2026/27 Q1"), Blank, Blank, Number(70.0)];
        let (returns, receipt) = send(&[row, &good], &[]);
        assert_eq!(receipt.outcome, ReturnOutcome::AcceptedInPart, "{problem}");
        assert_eq!(values(&returns), [Value::Number(70.0)], "the other figures are used: {problem}");
        let [fault] = &receipt.findings[..] else { panic!("{problem}: {:?}", receipt.findings) };
        assert_eq!(fault.place, format!("nuh_2026-27-Q2.xlsx, sheet Figures, cell {cell}"), "{problem}");
        assert!(fault.problem.contains(problem), "{:?} does not say {problem:?}", fault.problem);
        assert!(!fault.remedy.is_empty(), "{problem}");
    }
}

#[test]
fn protected_faults_reach_only_the_partner() {
    let (_, receipt) = send(&[&[Text("discharge"), Blank, Text("2026/27 Q2"), Number(3.0), Number(2.0)]], &[]);
    let (mut framework, _) = framework(FRAMEWORK);
    let nothing = Evaluation {
        period: quarter(),
        as_at: date(2026, 11, 20),
        edition: "2024".to_owned(),
        interim: false,
        ambitions: Vec::new(),
        measures: Vec::new(),
        actions: Vec::new(),
        movements: None,
    };
    let told = "the numerator 3 is above the denominator 2";
    let published = |framework: &Framework| disclose_receipts(std::slice::from_ref(&receipt), &nothing, framework).remove(0);
    assert_eq!(receipt.findings[0].problem, told);
    assert_eq!(published(&framework).findings[0].problem, told);
    framework.measures[0].disclosure = Disclosure::Standard;
    let found = &published(&framework).findings[0];
    assert_eq!(found.problem, "the numerator \u{2026} is above the denominator \u{2026}");
    assert_eq!(found.place, "nuh_2026-27-Q2.xlsx, sheet Figures, cell D4");
}

#[test]
fn conflicting_values_are_unused_and_repeats_allowed() {
    let row = |value| [Text("discharge"), Blank, Text("2026/27 Q2"), Blank, Blank, Number(value)];
    let (returns, receipt) = send(&[&row(70.0), &row(71.0)], &[]);
    assert_eq!(returns.observations, []);
    assert_eq!(receipt.findings[0].place, "nuh_2026-27-Q2.xlsx, sheet Figures, cell F5");
    assert!(receipt.findings[0].problem.contains("differently, in cell F4; neither is used"));
    let (returns, receipt) = send(&[&row(70.0), &row(70.0)], &[]);
    assert_eq!((returns.observations.len(), receipt.findings.len()), (1, 0));
}

#[test]
fn a_hundred_faults_are_told_the_rest_counted() {
    let row = [Text("smoking"), Blank, Text("2026/27 Q2"), Blank, Blank, Number(3.0)];
    let rows: Vec<&[Put]> = vec![&row; 130];
    let (_, receipt) = send(&rows, &[]);
    assert_eq!(receipt.findings.len(), 101);
    assert_eq!(receipt.findings[100].problem, "30 more figures or reports are not used");
}

/// Sends figures with columns for area and limits, of a framework that asks for discharges by trust and for the
/// system, and for admissions of the system and of England.
fn send_wide(figures: &[&[Put]]) -> (Returns, ReturnReceipt) {
    let framework = FRAMEWORK.replacen(
        "partners = [\"acute-trust\"] }",
        "partners = [\"acute-trust\"], areas = [\"E54000060\"] }\nparts = [\"RX1\"]",
        1,
    );
    let asked = "partners = [\"acute-trust\"], areas = [\"E54000060\", \"E92000001\"] }";
    let framework = framework.replacen("partners = [\"acute-trust\"] }", asked, 1);
    let folder = tempfile::tempdir().unwrap();
    let mut workbook = Sending { about: &ABOUT, figures, actions: &[] }.workbook();
    let header =
        ["Measure ID", "Area code", "Period", "Numerator", "Denominator", "Value", "Lower", "Upper limit", "Breakdown", "Group"]
            .map(Text);
    fill(workbook.worksheet_from_name("Figures").unwrap(), 2, &[&header]);
    workbook.save(folder.path().join("nuh.xlsx")).unwrap();
    let mut returns = collect_for(&framework, folder.path(), &limits());
    let receipt = returns.receipts.remove(0);
    (returns, receipt)
}

#[test]
fn figures_belong_to_the_rows_area() {
    let q2 = Text("2026/27 Q2");
    let rows: [&[Put]; 4] = [
        &[Text("discharge"), Blank, q2, Blank, Blank, Number(70.0)],
        &[Text("discharge"), Text("rx1"), Text("2026/27 Q1"), Blank, Blank, Number(69.0)],
        &[Text("discharge"), Text("E54000060"), q2, Blank, Blank, Number(71.0)],
        &[Text("admissions"), Text("E92000001"), q2, Number(500.0)],
    ];
    let (returns, receipt) = send_wide(&rows);
    assert_eq!(receipt.findings, []);
    let areas: Vec<_> = returns.observations.iter().map(|o| o.area.as_str()).collect();
    assert_eq!(areas, ["RX1", "RX1", "E54000060", "E92000001"], "the same measure and period for two areas is no repeat");
}

#[test]
fn owed_figures_name_missing_areas() {
    let (_, partners) = framework(FRAMEWORK);
    let q2 = Text("2026/27 Q2");
    let (_, receipt) = send_wide(&[
        &[Text("discharge"), Blank, q2, Blank, Blank, Number(70.0)],
        &[Text("admissions"), Text("E92000001"), q2, Number(500.0)],
        &[Text("admissions"), Text("E54000060"), q2, Blank, Blank, Text("..")],
    ]);
    let owed: Vec<String> = receipt.owed.iter().map(OwedItem::in_words).collect();
    assert_eq!(
        owed[..2],
        [
            "Discharged within a day: 1 of 2 figures in use (missing: Nottingham and Nottinghamshire)",
            "Admissions: 1 of 2 figures in use (missing: Nottingham and Nottinghamshire)",
        ],
        "{owed:?}"
    );
    assert_eq!(receipt.lacking, ["discharge", "admissions", "hub"]);
    assert_eq!(receipt.outcome, ReturnOutcome::Accepted);
    let receipts = [receipt];
    let came = PartnerReturn::of(&receipts, &partners[0], date(2026, 10, 31), date(2026, 10, 20)).unwrap();
    assert_eq!((came.is_returned(), came.is_complete(), came.owes()), (true, false, true));
}

#[test]
fn group_figures_stay_apart_from_the_whole() {
    let row = |value, scheme, group| {
        let limits = [Blank, Blank];
        let start = [Text("discharge"), Blank, Text("2026/27 Q2"), Blank, Blank, Number(value)];
        [start.as_slice(), &limits, &[scheme, group]].concat()
    };
    let fifths = Text("Deprivation quintiles");
    let rows = [row(70.0, Blank, Blank), row(60.0, fifths, Text("1")), row(80.0, fifths, Text("5"))];
    let (returns, receipt) = send_wide(&rows.each_ref().map(Vec::as_slice));
    assert_eq!(receipt.findings, []);
    let groups: Vec<_> = returns.observations.iter().map(|o| o.category.as_ref().map(|c| (&*c.scheme, &*c.group))).collect();
    assert_eq!(groups, [None, Some(("Deprivation quintiles", "1")), Some(("Deprivation quintiles", "5"))]);

    let (returns, receipt) = send_wide(&[&row(60.0, fifths, Blank), &row(60.0, Blank, Text("1"))]);
    assert_eq!(returns.observations, []);
    let told: Vec<_> = receipt.findings.iter().map(|fault| (fault.place.as_str(), fault.problem.as_str())).collect();
    let place = |cell: &str| format!("nuh.xlsx, sheet Figures, cell {cell}");
    assert_eq!(told[0], (place("J4").as_str(), "a figure of a breakdown has no group"));
    assert_eq!(told[1], (place("I5").as_str(), "a figure of a group has no breakdown"));
}

#[test]
fn unasked_areas_are_told_at_their_cell() {
    for (measure, area, problem) in [
        ("discharge", Text("E92000001"), "\"E92000001\" was found; RX1 or E54000060 was expected for discharge"),
        ("discharge", Text("Nottingham"), "\"Nottingham\" was found"),
        // The trust's own admissions would be no part of anything.
        ("admissions", Blank, "no area is given, which means RX1; E54000060 or E92000001 was expected for admissions"),
        ("admissions", Text("RX1"), "\"RX1\" was found; E54000060 or E92000001"),
    ] {
        let (returns, receipt) = send_wide(&[&[Text(measure), area, Text("2026/27 Q2"), Blank, Blank, Number(70.0)]]);
        assert_eq!(returns.observations, []);
        assert_eq!(receipt.findings[0].place, "nuh.xlsx, sheet Figures, cell B4");
        assert!(receipt.findings[0].problem.contains(problem), "{:?}", receipt.findings[0]);
    }
}

#[test]
fn limits_share_the_unit_of_their_value() {
    let q2 = Text("2026/27 Q2");
    for (value, lower, upper, expected) in [
        (Number(45.0), Number(41.0), Number(49.5), Some((41.0, 49.5))),
        (Percent(0.45), Percent(0.41), Percent(0.495), Some((41.0, 49.5))),
        (Percent(0.45), Number(0.41), Number(0.495), Some((41.0, 49.5))),
        (Text("0.5%"), Number(0.4), Number(0.9), Some((0.4, 0.9))),
        (Number(45.0), Blank, Text(".."), None),
        // They would give away what the mark protects.
        (Text("*"), Number(41.0), Number(49.0), None),
    ] {
        let (returns, receipt) = send_wide(&[&[Text("discharge"), Blank, q2, Blank, Blank, value, lower, upper]]);
        assert_eq!(receipt.findings, []);
        assert_eq!(returns.observations[0].limits.map(|l| (l.lower, l.upper)), expected);
    }
}

#[test]
fn impossible_limits_need_not_cost_the_value() {
    let q2 = Text("2026/27 Q2");
    let used = vec![Value::Number(45.0)];
    for (value, lower, upper, cell, problem, values_used) in [
        (Number(45.0), Number(41.0), Blank, "H4", "a lower limit and no upper; the value is used without it", &used),
        (Number(45.0), Blank, Number(49.0), "G4", "an upper limit and no lower", &used),
        (Number(45.0), Number(46.0), Number(49.0), "G4", "the value 45 does not lie within its limits, 46 to 49", &vec![]),
        (Number(45.0), Number(49.0), Number(41.0), "G4", "the lower limit 49 is above the upper limit 41", &used),
        (Number(45.0), Number(-2.0), Number(49.0), "G4", "-2% was found; a percentage from 0 to 100", &used),
        (Number(45.0), Number(41.0), Number(490.0), "H4", "490% was found", &used),
        (Number(45.0), Text("low"), Number(49.0), "G4", "the text \"low\"", &used),
        (Number(45.0), Text("41\n49"), Blank, "G4", "the text \"41 49\"", &used),
        (Blank, Number(41.0), Number(49.0), "F4", "there are limits and no value", &vec![]),
    ] {
        let (returns, receipt) = send_wide(&[&[Text("discharge"), Blank, q2, Blank, Blank, value, lower, upper]]);
        assert_eq!(values(&returns), *values_used, "{problem}");
        assert!(returns.observations.iter().all(|o| o.limits.is_none()), "{problem}");
        let [fault] = &receipt.findings[..] else { panic!("{:?}", receipt.findings) };
        assert_eq!(fault.place, format!("nuh.xlsx, sheet Figures, cell {cell}"), "{problem}");
        assert!(fault.problem.contains(problem), "{fault:?}");
    }
}

#[test]
fn what_stands_for_no_limit_is_none() {
    let q2 = Text("2026/27 Q2");
    for (lower, upper) in [(-1.0, -1.0), (9999.0, 9999.0), (-99.0, -99.0)] {
        let row = [Text("discharge"), Blank, q2, Blank, Blank, Number(45.0), Number(lower), Number(upper)];
        let (returns, receipt) = send_wide(&[&row]);
        assert_eq!((receipt.findings.len(), returns.observations[0].limits), (0, None), "{lower}");
    }
}

#[test]
fn unreadable_counts_do_not_cost_values() {
    let q2 = Text("2026/27 Q2");
    let row = [Text("discharge"), Blank, q2, Text("92\n95"), Number(120.0), Number(76.7)];
    let (returns, receipt) = send(&[&row], &[]);
    assert_eq!((values(&returns), returns.observations[0].numerator), (vec![Value::Number(76.7)], None));
    let [fault] = &receipt.findings[..] else { panic!("{:?}", receipt.findings) };
    assert!(fault.place.ends_with("cell D4") && fault.problem.contains("\"92 95\""), "{fault:?}");
    let row = [Text("discharge"), Blank, q2, Text("92\n95"), Number(120.0)];
    assert_eq!(values(&send(&[&row], &[]).0), [], "nothing is left to make a value of");
}

#[test]
fn periods_of_other_lengths_are_queried() {
    for (label, problem) in [
        ("2025/26", "2025/26 is 12 months, and a figure is asked for a period such as 2026/27 Q2"),
        ("Sep 2026", "Sep 2026 is 1 month"),
        ("Q1-Q2 2026/27", "2026/27 Q1-Q2 is 6 months"),
    ] {
        let (returns, receipt) = send(&[&[Text("discharge"), Blank, Text(label), Blank, Blank, Number(45.0)]], &[]);
        assert_eq!((values(&returns), receipt.outcome), (vec![Value::Number(45.0)], ReturnOutcome::Accepted), "{label}");
        let [question] = &receipt.findings[..] else { panic!("{:?}", receipt.findings) };
        assert!(question.grade == Grade::Question && question.problem.contains(problem), "{question:?}");
    }
}

#[test]
fn the_right_period_answers_for_the_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let row = |period| [Text("discharge"), Blank, Text(period), Blank, Blank, Number(45.0)];
    Sending { about: &ABOUT, figures: &[&row("2025/26")], actions: &[] }.save(folder.path(), "nuh_1.xlsx");
    let first = collect(folder.path());
    let is_asked = |returns: &Returns| {
        let findings = &returns.receipts[0].findings;
        findings.iter().map(|of| (of.grade, of.mended)).collect::<Vec<_>>()
    };
    assert_eq!(is_asked(&first), [(Grade::Question, false)]);
    for (period, is_answered) in [("2024/25", false), ("2026/27 Q2", true)] {
        let versions = first.versions.iter().map(|one| ReturnVersion { look: Some("first".to_owned()), ..one.clone() });
        let contents = first.contents.iter().map(|(sha256, contents)| ((quarter(), sha256.clone()), contents.clone()));
        let known = PriorReturns { versions: versions.collect(), contents: contents.collect(), ..PriorReturns::default() };
        Sending { about: &ABOUT, figures: &[&row(period)], actions: &[] }.save(folder.path(), "nuh_2.xlsx");
        let second = collect_knowing(FRAMEWORK, folder.path(), &limits(), &known);
        assert_eq!(is_asked(&second), [(Grade::Question, is_answered)], "{period}");
    }
}

#[test]
fn a_corrected_past_takes_its_question_back() {
    let row = |period, value| [Text("admissions"), Blank, Text(period), Blank, Blank, Number(value)];
    let (now, before) = (row("2026/27 Q2", 400.0), row("2026/27 Q1", 390.0));
    // The partner has returned 100 for the quarter before.
    let series = SeriesKey::new(MeasureId("admissions".into()), AreaCode::new("RX1").unwrap(), None);
    let given = PriorFigure { value: Value::Number(100.0), illustrative: true };
    let gave = PartnerHistory::from([(series, BTreeMap::from([(Period::financial_quarter(2026, 1), given)]))]);
    let known = PriorReturns { figures: BTreeMap::from([("nuh".to_owned(), gave)]), ..PriorReturns::default() };
    let asked = |workbooks: &[&[&[Put]]]| -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (number, figures) in (1..).zip(workbooks) {
            Sending { about: &ABOUT, figures, actions: &[] }.save(folder.path(), &format!("nuh_{number}.xlsx"));
        }
        let returns = collect_knowing(FRAMEWORK, folder.path(), &limits(), &known);
        let findings = returns.receipts.iter().flat_map(|receipt| &receipt.findings);
        let of_now = findings.filter(|f| f.about.as_ref().is_some_and(|about| about.period == quarter()));
        of_now.filter(|f| f.grade == Grade::Question).map(|f| f.problem.clone()).collect()
    };
    let alone = asked(&[&[&now]]);
    assert!(alone.len() == 1 && alone[0].contains("400"), "{alone:?}");
    assert_eq!(asked(&[&[&before, &now]]), [""; 0], "corrected in the same workbook");
    assert_eq!(asked(&[&[&now], &[&before]]), [""; 0], "corrected in another");
    // A correction that leaves the figure as far away leaves the question.
    let as_far = row("2026/27 Q1", 101.0);
    assert_eq!(asked(&[&[&now], &[&as_far]]).len(), 1);
}

#[test]
fn a_period_is_read_however_it_is_written() {
    for label in
        ["Q2 2026/27", "Jul 2026 - Sep 2026", "July to September 2026", "Jul-26 to Sep-26", "Quarter ending September 2026"]
    {
        let (returns, receipt) = send(&[&[Text("discharge"), Blank, Text(label), Blank, Blank, Number(45.0)]], &[]);
        assert_eq!((receipt.findings.len(), returns.observations[0].period.slug().as_str()), (0, "2026-27-Q2"), "{label}");
    }
}

#[test]
fn only_projections_may_be_future() {
    let ambition = r#"
id = "growth"
statement = "Less than growth"
[[measure]]
id = "discharge"
target = { kind = "against_growth", percent = 5, baseline = { period = "2022/23" }, scenario = "admissions" }
"#;
    let framework = format!("{FRAMEWORK}\n[[ambition]]{}", ambition.replace("[[measure]]", "[[ambition.measure]]"));
    let folder = tempfile::tempdir().unwrap();
    let ahead = |id| [Text(id), Blank, Text("2027/28 Q1"), Blank, Blank, Number(70.0)];
    Sending { about: &ABOUT, figures: &[&ahead("admissions"), &ahead("discharge")], actions: &[] }
        .save(folder.path(), "nuh.xlsx");
    let returns = collect_for(&framework, folder.path(), &limits());
    assert_eq!(values(&returns), [Value::Number(70.0)]);
    assert_eq!(returns.observations[0].measure.0, "admissions");
    assert!(returns.receipts[0].findings[0].problem.contains("after the quarter of the pack"));
}

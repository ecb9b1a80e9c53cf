//! What becomes of partners' workbooks: figures as they were meant, every fault at its cell, and no file that stops a run.

use boardpack::archive::Archive;
use boardpack::assets::Assets;
use boardpack::collect::workbook::Reading;
use boardpack::collect::{
    Allowed, Grade, Intake, Known, Owed, PartnerReturn, Progress, ReturnOutcome, ReturnReceipt, Returns, Wanted, collect_returns,
};
use boardpack::evaluate::{Evaluation, disclose_receipts};
use boardpack::figure::Provenance;
use boardpack::framework::{self, Action, Ambition, Disclosure, Edition, Framework, Measure, Partner};
use boardpack::period::{Period, YearKind};
use boardpack::settings;
use boardpack::value::Value;
use jiff::civil::{Date, date};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use workbook_reader::Limits;

const FRAMEWORK: &str = r#"
[edition]
id = "2024"
title = "Strategy"
system = "E54000060"
comparator = "E92000001"
effective_from = "2024-04-01"
default_due = "2029-03-31"
vision = "v"
status_rules = "proposed"

[[measure]]
id = "discharge"
title = "Discharged within a day"
definition = "d"
multiplier = 100
unit = "percent"
statistic = "proportion"
polarity = "high"
year = "financial"
cadence_months = 3
publication_lag_months = 1
source = { kind = "return", partners = ["acute-trust"] }

[[measure]]
id = "admissions"
title = "Admissions"
definition = "d"
unit = "count"
statistic = "count"
polarity = "low"
year = "financial"
cadence_months = 3
publication_lag_months = 1
source = { kind = "return", partners = ["acute-trust"] }

[[measure]]
id = "reablement"
title = "Reablement"
definition = "d"
unit = "percent"
statistic = "proportion"
multiplier = 100
polarity = "high"
year = "financial"
cadence_months = 3
publication_lag_months = 1
source = { kind = "return", partners = ["council"] }

[[action]]
id = "hub"
priority = "p"
statement = "Open the hub"
lead = "nuh"

[[action]]
id = "plan"
priority = "p"
statement = "Write the plan"
lead = "city"

[[partner]]
id = "nuh"
name = "NUH"
kind = "acute-trust"
area = "RX1"
contact = "nuh@example.org"

[[partner]]
id = "city"
name = "City"
kind = "council"
area = "E06000018"
contact = "city@example.org"

[[partner]]
id = "observer"
name = "Observer"
kind = "voluntary"
area = "V1"
contact = "o@example.org"
"#;

#[derive(serde::Deserialize)]
struct File {
    edition: Edition,
    #[serde(default)]
    ambition: Vec<Ambition>,
    measure: Vec<Measure>,
    action: Vec<Action>,
    partner: Vec<Partner>,
}

fn limits() -> Limits {
    settings::load(None, &BTreeMap::new()).unwrap().returns.limits
}

/// Collects the folder for 2026-27-Q2.
fn collect_within(folder: &Path, limits: &Limits) -> Returns {
    collect_for(FRAMEWORK, folder, limits)
}

fn framework(text: &str) -> (Framework, Vec<Partner>) {
    let File { edition, ambition: ambitions, measure: measures, action: actions, partner } = toml::from_str(text).unwrap();
    (Framework { edition, aims: vec![], priorities: vec![], ambitions, measures, actions }, partner)
}

fn quarter() -> Period {
    Period::parse("2026-27-Q2", YearKind::Financial).unwrap()
}

fn collect_for(text: &str, folder: &Path, limits: &Limits) -> Returns {
    collect_knowing(text, folder, limits, &Known::default())
}

fn collect_knowing(text: &str, folder: &Path, limits: &Limits, known: &Known) -> Returns {
    let (framework, partners) = framework(text);
    let wanted = Wanted { framework: &framework, partners: &partners, period: quarter(), as_at: date(2026, 11, 20) };
    let areas = framework::read_areas(&Assets::config(None)).unwrap();
    let intake = Intake {
        folder,
        limits,
        reading: &Reading::Here,
        archive: &Archive::new(folder.join("archive")),
        areas: &areas,
        mappings: &BTreeMap::new(),
        now: "2026-11-20T09:00:00Z".parse().unwrap(),
        wait: &|| {},
    };
    let mut returns = collect_returns(&intake, &wanted, known);
    // What else was asked for is no matter here.
    returns.receipts.iter_mut().for_each(|receipt| receipt.findings.retain(|finding| finding.grade != Grade::Note));
    returns
}

fn collect(folder: &Path) -> Returns {
    collect_within(folder, &limits())
}

/// What a cell is given.
#[derive(Clone, Copy)]
enum Put {
    Text(&'static str),
    Number(f64),
    /// A share shown as a percentage.
    Percent(f64),
    Error(&'static str),
    Date(u16, u8, u8),
    Blank,
}
use Put::{Blank, Number, Percent, Text};

fn put(sheet: &mut Worksheet, row: u32, column: u16, what: Put) {
    let percent = Format::new().set_num_format("0.0%");
    let day = Format::new().set_num_format("dd/mm/yyyy");
    match what {
        Text(text) => sheet.write_string(row, column, text).unwrap(),
        Number(number) => sheet.write_number(row, column, number).unwrap(),
        Percent(share) => sheet.write_number_with_format(row, column, share, &percent).unwrap(),
        Put::Error(error) => sheet.write_formula(row, column, Formula::new("=1/0").set_result(error)).unwrap(),
        Put::Date(y, m, d) => {
            let date = ExcelDateTime::from_ymd(y, m, d).unwrap();
            sheet.write_datetime_with_format(row, column, &date, &day).unwrap()
        }
        Blank => sheet,
    };
}

fn fill(sheet: &mut Worksheet, first_row: u32, rows: &[&[Put]]) {
    for (row, cells) in (first_row..).zip(rows) {
        for (column, cell) in (0u16..).zip(*cells) {
            put(sheet, row, column, *cell);
        }
    }
}

struct Sending<'a> {
    about: &'a [[&'static str; 2]],
    /// From row 4 on, below the header in row 3: so the first has its value in F4.
    figures: &'a [&'a [Put]],
    actions: &'a [&'a [Put]],
}

const ABOUT: [[&str; 2]; 5] = [
    ["Partner", "nuh"],
    ["Period", "2026-27-Q2"],
    ["Edition", "2024"],
    ["Data status", "Illustrative"],
    ["Prepared by", "A. Analyst"],
];
const FIGURES: [Put; 7] =
    [Text("Measure ID"), Text("Measure"), Text("Period"), Text("Numerator"), Text("Denominator"), Text("Value"), Text("Note")];
const ACTIONS: [Put; 6] =
    [Text("Action ID"), Text("Action"), Text("Status"), Text("Forecast date"), Text("Completed date"), Text("Commentary")];

impl Sending<'_> {
    fn workbook(&self) -> Workbook {
        let mut workbook = Workbook::new();
        let about = workbook.add_worksheet().set_name("About").unwrap();
        for (row, [key, value]) in (0u32..).zip(self.about) {
            about.write_string(row, 0, *key).unwrap();
            about.write_string(row, 1, *value).unwrap();
        }
        let figures = workbook.add_worksheet().set_name("Figures").unwrap();
        figures.write_string(0, 0, "ILLUSTRATIVE FIGURES").unwrap();
        fill(figures, 2, &[&FIGURES]);
        fill(figures, 3, self.figures);
        let actions = workbook.add_worksheet().set_name("Key actions").unwrap();
        fill(actions, 0, &[&ACTIONS]);
        fill(actions, 1, self.actions);
        workbook
    }

    fn save(&self, folder: &Path, name: &str) {
        self.workbook().save(folder.join(name)).unwrap();
    }
}

/// Sends one workbook of NUH with these rows and collects it.
fn send(figures: &[&[Put]], actions: &[&[Put]]) -> (Returns, ReturnReceipt) {
    let folder = tempfile::tempdir().unwrap();
    Sending { about: &ABOUT, figures, actions }.save(folder.path(), "nuh_2026-27-Q2.xlsx");
    let returns = collect(folder.path());
    let receipt = returns.receipts[0].clone();
    (returns, receipt)
}

fn values(returns: &Returns) -> Vec<Value> {
    returns.observations.iter().map(|o| o.value).collect()
}

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
    let owed: Vec<String> = receipt.owed.iter().map(Owed::in_words).collect();
    assert_eq!(
        owed[..2],
        [
            "Discharged within a day: 1 of 2 figures given (missing: Nottingham and Nottinghamshire)",
            "Admissions: 1 of 2 figures given (missing: Nottingham and Nottinghamshire)",
        ],
        "{owed:?}"
    );
    assert_eq!(receipt.lacking, ["discharge", "admissions", "hub"]);
    assert_eq!(receipt.outcome, ReturnOutcome::Accepted);
    let receipts = [receipt];
    let came = PartnerReturn::of(&receipts, &partners[0], date(2026, 10, 31), date(2026, 10, 20)).unwrap();
    assert_eq!((came.is_returned(), came.is_whole(), came.owes()), (true, false, true));
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

#[test]
fn columns_are_found_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut workbook = Workbook::new();
    let figures = workbook.add_worksheet().set_name("FIGURES").unwrap();
    let header = [Blank, Text(" VALUE "), Text("measure\u{a0}id"), Text("Unit"), Text("period")];
    fill(figures, 7, &[&header, &[Blank, Number(70.0), Text("discharge"), Text("%"), Text("2026-27-Q2")]]);
    let about = workbook.add_worksheet().set_name("about ").unwrap();
    fill(about, 1, &[&[Blank, Text("partner:"), Text("NUH")], &[Blank, Text("PERIOD"), Text("2026/27 Q2")]]);
    fill(about, 3, &[&[Blank, Text("Data Status"), Text("real")]]);
    workbook.save(folder.path().join("x.xlsx")).unwrap();
    let returns = collect(folder.path());
    assert_eq!(returns.receipts[0].findings, []);
    assert_eq!((values(&returns), returns.observations[0].illustrative), (vec![Value::Number(70.0)], false));
}

#[test]
fn key_actions_are_reported_with_their_dates() {
    let row = [Text("hub"), Text("Open the hub"), Text("at risk"), Put::Date(2027, 3, 31), Blank, Text("Staff  are short")];
    let (returns, receipt) = send(&[], &[&row]);
    let report = &returns.action_reports[0];
    assert_eq!((report.action.0.as_str(), report.progress, report.illustrative), ("hub", Progress::AtRisk, true));
    assert_eq!((report.forecast, report.completed), (Some(date(2027, 3, 31)), None));
    assert_eq!((report.commentary.as_str(), receipt.actions), ("Staff are short", 1));
    assert_eq!(receipt.lacking, ["discharge", "admissions"]);
}

#[test]
fn reports_without_action_are_told_and_unused() {
    let cases: [(&[Put], &str, &str); 3] = [
        (&[Text("bridge"), Blank, Text("On track")], "A2", "\"bridge\" is not a key action"),
        (&[Blank, Blank, Text("On track")], "A2", "without an action ID"),
        (&[Text("plan"), Blank, Text("On track")], "A2", "plan is led by city, not by nuh"),
    ];
    for (row, cell, problem) in cases {
        let (returns, receipt) = send(&[], &[row]);
        assert_eq!(returns.action_reports, [], "{problem}");
        assert_eq!(receipt.findings[0].place, format!("nuh_2026-27-Q2.xlsx, sheet Key actions, cell {cell}"), "{problem}");
        assert!(receipt.findings[0].problem.contains(problem), "{:?} does not say {problem:?}", receipt.findings[0].problem);
    }
}

#[test]
fn one_bad_field_costs_only_itself() {
    let (date_2026, date_2027) = (Put::Date(2026, 7, 1), Put::Date(2027, 7, 1));
    let day = Some(date(2027, 7, 1));
    /// Status, forecast and completed date as typed; the cell and words of what is told; what is used all the same.
    type Case = ([Put; 3], &'static str, &'static str, Progress, Option<Date>);
    let cases: [Case; 7] = [
        ([Text("nearly"), date_2027, Blank], "C2", "\"nearly\" was found; Not started, On track", Progress::NotGiven, day),
        ([Blank, date_2027, Blank], "C2", "no status was found", Progress::NotGiven, day),
        ([Text("Off track"), Text("spring"), Blank], "D2", "the text \"spring\" is not a date", Progress::OffTrack, None),
        ([Text("Off track"), Text("March 2027"), Blank], "D2", "the text \"March 2027\" is not a date", Progress::OffTrack, None),
        ([Text("Off track"), date_2027, Text("soon")], "E2", "the text \"soon\" is not a date", Progress::OffTrack, day),
        ([Text("On track"), Blank, date_2026], "E2", "a completed date is given (2026-07-01)", Progress::OnTrack, None),
        ([Text("Complete"), Blank, date_2027], "E2", "2027-07-01 is later than 2026-11-20", Progress::Complete, None),
    ];
    for ([status, forecast, completed], cell, problem, progress, expected) in cases {
        let row = [Text("hub"), Blank, status, forecast, completed, Text("Staff are short")];
        let (returns, receipt) = send(&[], &[&row]);
        let [report] = &returns.action_reports[..] else { panic!("{problem}") };
        assert_eq!((report.progress, report.forecast, report.completed), (progress, expected, None), "{problem}");
        assert_eq!(report.commentary, "Staff are short", "{problem}");
        assert_eq!(receipt.outcome, ReturnOutcome::AcceptedInPart, "{problem}");
        let [fault] = &receipt.findings[..] else { panic!("{:?}", receipt.findings) };
        assert_eq!(fault.place, format!("nuh_2026-27-Q2.xlsx, sheet Key actions, cell {cell}"), "{problem}");
        assert!(fault.problem.contains(problem), "{fault:?}");
        assert_eq!(receipt.lacking.contains(&"hub".to_owned()), progress == Progress::NotGiven, "a status is owed");
    }
}

#[test]
fn conflicting_reports_leave_no_status() {
    let off = [Text("hub"), Blank, Text("Off track"), Blank, Blank, Text("No site.")];
    let on = [Text("hub"), Blank, Text("On track"), Blank, Blank, Text("Site found.")];
    let (returns, receipt) = send(&[], &[&off, &on]);
    assert_eq!(returns.action_reports[0].progress, Progress::NotGiven);
    assert_eq!((returns.action_reports[0].commentary.as_str(), returns.action_reports.len()), ("No site. Site found.", 1));
    assert!(receipt.findings[0].problem.contains("was reported before, with another status, in row 2; neither is used"));
    let (returns, receipt) = send(&[], &[&off, &off]);
    assert_eq!((returns.action_reports[0].progress, receipt.findings.len()), (Progress::OffTrack, 0), "once is enough");
}

#[test]
fn only_asked_partners_owe_figures() {
    let folder = tempfile::tempdir().unwrap();
    let returns = collect(folder.path());
    let receipts: Vec<_> = returns.receipts.iter().map(|r| (r.partner.as_str(), r.outcome, r.lacking.join(" "))).collect();
    assert_eq!(
        receipts,
        [
            ("nuh", ReturnOutcome::NotReceived, "discharge admissions hub".to_owned()),
            ("city", ReturnOutcome::NotReceived, "reablement plan".to_owned())
        ]
    );
}

#[test]
fn a_missing_folder_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let returns = collect(&folder.path().join("none"));
    let told = returns.receipts.last().unwrap();
    assert_eq!((told.outcome, returns.receipts.len()), (ReturnOutcome::Refused, 3));
    assert!(told.findings[0].problem.contains("the folder of returns cannot be read"));
}

/// Collects a folder that `make` fills, and gives the receipt that it is about.
fn refused(make: impl FnOnce(&Path)) -> ReturnReceipt {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    let mut returns = collect(folder.path());
    assert_eq!(returns.observations, []);
    returns.receipts.retain(|receipt| receipt.outcome == ReturnOutcome::Refused);
    let [receipt] = &returns.receipts[..] else { panic!("{:?}", returns.receipts) };
    receipt.clone()
}

fn about(changes: &[(&str, &'static str)]) -> Vec<[&'static str; 2]> {
    let change = |[key, value]: [&'static str; 2]| match changes.iter().find(|(changed, _)| *changed == key) {
        Some((_, changed)) => [key, changed],
        None => [key, value],
    };
    ABOUT.into_iter().map(change).filter(|[_, value]| !value.is_empty()).collect()
}

#[test]
fn unusable_workbooks_are_refused_with_reason() {
    type Case = (&'static [(&'static str, &'static str)], &'static str, &'static str, &'static str);
    let cases: [Case; 6] = [
        (&[("Partner", "xyz")], "new.xlsx", "cell B1", "the text \"xyz\" is not the id of a partner; one of nuh, city, observer"),
        (&[("Partner", "")], "new.xlsx", "sheet About", "\"Partner\" is not given"),
        (&[("Period", "summer")], "nuh", "cell B2", "\"summer\" is not a quarter"),
        (&[("Period", "")], "nuh", "sheet About", "\"Period\" is not given"),
        (&[("Data status", "draft")], "nuh", "cell B4", "Illustrative or Real was expected"),
        (&[("Data status", "")], "nuh", "sheet About", "\"Data status\" is not given"),
    ];
    for (changes, partner, place, problem) in cases {
        let receipt = refused(|folder| {
            let row = [Text("discharge"), Blank, Text("2026/27 Q2"), Blank, Blank, Number(70.0)];
            Sending { about: &about(changes), figures: &[&row], actions: &[] }.save(folder, "new.xlsx");
        });
        assert_eq!(receipt.partner, partner, "{problem}");
        assert!(receipt.findings[0].place.ends_with(place), "{:?}", receipt.findings[0]);
        assert!(receipt.findings[0].problem.contains(problem), "{:?} does not say {problem:?}", receipt.findings[0].problem);
        assert!(receipt.sha256.is_some(), "it is kept");
    }
}

#[test]
fn file_contents_decide_what_is_refused() {
    let whole = Sending { about: &ABOUT, figures: &[], actions: &[] }.workbook().save_to_buffer().unwrap();
    let encrypted: Vec<u8> = {
        let marker = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes);
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".iter().copied().chain([0; 512]).chain(marker).chain([0; 512]).collect()
    };
    let cases: [(&str, &[u8], &str); 8] = [
        ("nuh.xlsx", b"", "the file is empty"),
        ("nuh.xlsx", b"Measure ID,Value\ndischarge,70\n", "is not a workbook but a text file, such as CSV"),
        ("nuh.xlsx", &whole[..whole.len() / 2], "is damaged"),
        ("nuh.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing more", "is damaged"),
        ("nuh.xlsx", &encrypted, "is protected by a password"),
        ("nuh.ods", &zip_of(&[("content.xml", b"<office:document")]), "is damaged"),
        ("nuh.xlsb", &zip_of(&[("xl/workbook.bin", b"\x80\x80\x80\x80\x80")]), "is damaged"),
        ("nuh.xlsx", &zip_of(&[("letter.txt", b"Dear all")]), "is not a workbook but a zip file with no workbook in it"),
    ];
    for (name, bytes, problem) in cases {
        let receipt = refused(|folder| std::fs::write(folder.join(name), bytes).unwrap());
        assert_eq!((receipt.partner.as_str(), receipt.lacking.len()), ("nuh", 3), "laid to its sender by its name");
        assert!(receipt.findings[0].problem.contains(problem), "{:?} does not say {problem:?}", receipt.findings[0].problem);
    }
}

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn missing_sheets_and_headers_are_told() {
    let receipt = refused(|folder| {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().set_name("Sheet1").unwrap();
        workbook.save(folder.join("nuh.xlsx")).unwrap();
    });
    assert_eq!(receipt.findings[0].problem, "has no sheet called About; found: \"Sheet1\"");
    let receipt = refused(|folder| {
        let mut workbook = Sending { about: &ABOUT, figures: &[], actions: &[] }.workbook();
        workbook.worksheet_from_name("Figures").unwrap().set_name("Figurs").unwrap();
        workbook.save(folder.join("nuh.xlsx")).unwrap();
    });
    let problem = &receipt.findings[0].problem;
    assert!(problem.starts_with("has no sheet called Figures; found: \"About\", \"Figurs\""), "{problem}");
    let receipt = refused(|folder| {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet().set_name("About").unwrap();
        fill(
            sheet,
            0,
            &[&[Text("Partner"), Text("nuh")], &[Text("Period"), Text("2026-27-Q2")], &[Text("Data status"), Text("Real")]],
        );
        let sheet = workbook.add_worksheet().set_name("Figures").unwrap();
        fill(sheet, 4, &[&[Text("Measure ID"), Text("Quarter"), Text("Value")]]);
        workbook.save(folder.join("nuh.xlsx")).unwrap();
    });
    assert!(receipt.findings[0].problem.contains("row 5 has no heading \"Period\""), "{:?}", receipt.findings[0]);
}

#[test]
fn an_unreadable_cell_prevents_full_acceptance() {
    let folder = tempfile::tempdir().unwrap();
    let row = [Text("discharge"), Blank, Text("2026/27 Q2"), Blank, Blank, Number(70.0)];
    let mut workbook = Sending { about: &ABOUT, figures: &[&row], actions: &[] }.workbook();
    let sheet = workbook.worksheet_from_name("Figures").unwrap();
    sheet.write_boolean(30, 20, true).unwrap();
    let saved = workbook.save_to_buffer().unwrap();
    // TRUE becomes 7, which is neither TRUE nor FALSE.
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(saved)).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut bytes).unwrap();
        let name = part.name().unwrap().into_owned();
        let text = String::from_utf8_lossy(&bytes).replace("t=\"b\"><v>1</v>", "t=\"b\"><v>7</v>");
        parts.push((name, text.into_bytes()));
    }
    let entries: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    std::fs::write(folder.path().join("nuh.xlsx"), zip_of(&entries)).unwrap();
    let returns = collect(folder.path());
    let receipt = &returns.receipts[0];
    assert_eq!(receipt.outcome, ReturnOutcome::AcceptedInPart);
    assert_eq!(returns.observations.len(), 1, "the figure is used");
    assert!(receipt.findings.iter().any(|finding| finding.place.ends_with("sheet Figures, cell U31")), "{:?}", receipt.findings);
}

#[test]
fn conflicting_workbooks_are_queried_not_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value) in [("nuh-a.xlsx", 70.0), ("nuh-b.xlsx", 71.0)] {
        let row = [Text("discharge"), Blank, Text("2026/27 Q2"), Blank, Blank, Number(value)];
        Sending { about: &ABOUT, figures: &[&row], actions: &[] }.save(folder.path(), name);
    }
    let returns = collect(folder.path());
    assert_eq!(values(&returns), []);
    for (receipt, (file, other)) in returns.receipts.iter().zip([("nuh-a.xlsx", "nuh-b.xlsx"), ("nuh-b.xlsx", "nuh-a.xlsx")]) {
        let told = (receipt.partner.as_str(), receipt.outcome, receipt.file.as_deref());
        assert_eq!(told, ("nuh", ReturnOutcome::AcceptedInPart, Some(file)));
        assert!(receipt.findings[0].problem.contains(&format!("is given differently in {other}")), "{:?}", receipt.findings[0]);
    }
}

#[test]
fn workbooks_about_persons_are_refused() {
    for (heading, beneath) in [("NHS Number", "999 000 0026"), ("Hospital no", "H1234567"), ("Date of birth", "03/04/1961")] {
        let folder = tempfile::tempdir().unwrap();
        let mut workbook = Sending { about: &ABOUT, figures: &[], actions: &[] }.workbook();
        let working = workbook.add_worksheet().set_name("Working").unwrap();
        working.write_string(3, 2, heading).unwrap().write_string(4, 2, beneath).unwrap();
        workbook.save(folder.path().join("nuh.xlsx")).unwrap();
        let returns = collect(folder.path());
        let receipt = &returns.receipts[0];
        assert_eq!((receipt.outcome, receipt.sha256.as_ref()), (ReturnOutcome::Refused, None));
        assert!(receipt.findings[0].place.ends_with("sheet Working, cell C4") && receipt.findings[0].problem.contains(heading));
        assert!(!folder.path().join("archive").exists(), "nothing was archived");
    }
}

/// A row of the figures that is accepted; a note comes next.
const ROW: &[Put] = &[Text("discharge"), Blank, Text("2026/27 Q2"), Number(45.0), Number(60.0), Blank];

#[test]
fn released_workbooks_are_read_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut workbook = Sending { about: &ABOUT, figures: &[ROW], actions: &[] }.workbook();
    let working = workbook.add_worksheet().set_name("Working").unwrap();
    working.write_string(3, 2, "Hospital no").unwrap().write_string(4, 2, "SITE-12345").unwrap();
    workbook.save(folder.path().join("nuh.xlsx")).unwrap();
    let refused = collect(folder.path()).receipts.remove(0);
    let sha256 = refused.not_kept.unwrap();
    assert_eq!(sha256, boardpack::archive::sha256(&std::fs::read(folder.path().join("nuh.xlsx")).unwrap()));
    let allowed = Allowed::new([(sha256.clone(), String::new())]);
    let returns = collect_knowing(FRAMEWORK, folder.path(), &limits(), &Known { allowed, ..Known::default() });
    assert_eq!((returns.receipts[0].outcome, returns.receipts[0].sha256.as_ref()), (ReturnOutcome::Accepted, Some(&sha256)));
    assert_eq!(returns.observations.len(), 1);
}

#[test]
fn identifying_comments_wait_for_release() {
    const NOTE: &str = "Checked by Ann Sample (3/4/1961) NHS 999 000 0026";
    let folder = tempfile::tempdir().unwrap();
    let noted = &[ROW, &[Text(NOTE)]].concat();
    let report: &[Put] = &[Text("hub"), Blank, Text("On track"), Blank, Blank, Text("Patient Ann Sample, born 3 April 1961")];
    let sending = Sending { about: &[&ABOUT[..], &[["Remark", NOTE]]].concat(), figures: &[noted], actions: &[report] };
    sending.save(folder.path(), "nuh.xlsx");
    let returns = collect(folder.path());
    let receipt = &returns.receipts[0];
    assert_eq!(receipt.withheld, ["About!B6", "Figures!G4", "Key actions!F2"]);
    assert_eq!((receipt.outcome, returns.observations.len()), (ReturnOutcome::Accepted, 1), "the figure is used");
    let said = format!("{returns:?}");
    assert!(!said.contains("999 000") && !said.contains("1961") && !said.contains("Ann"), "{said}");
    assert!(said.contains("withheld") && receipt.findings.iter().all(|finding| finding.grade == Grade::Question));
    assert_eq!(receipt.findings[0].place, "nuh.xlsx, sheet About, cell B6");

    let allowed = Allowed::new([(receipt.sha256.clone().unwrap(), "Figures!G4".to_owned())]);
    let returns = collect_knowing(FRAMEWORK, folder.path(), &limits(), &Known { allowed, ..Known::default() });
    assert_eq!(returns.observations[0].note, NOTE);
    assert_eq!(returns.receipts[0].withheld, ["About!B6", "Key actions!F2"]);
}

#[test]
fn other_workbooks_are_archived_by_hash() {
    let (_, receipt) = {
        let folder = tempfile::tempdir().unwrap();
        Sending { about: &ABOUT, figures: &[], actions: &[] }.save(folder.path(), "nuh.xlsx");
        let receipt = collect(folder.path()).receipts.remove(0);
        let sha256 = receipt.sha256.clone().unwrap();
        let kept = std::fs::read(Archive::new(folder.path().join("archive")).path(&sha256)).unwrap();
        assert_eq!(kept, std::fs::read(folder.path().join("nuh.xlsx")).unwrap());
        (kept, receipt)
    };
    assert_eq!(receipt.outcome, ReturnOutcome::Blank);
}

#[test]
fn what_lies_beside_the_workbooks_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["~$nuh.xlsx", ".nuh.xlsx", "nuh.xlsx.tmp", "notes.txt", "nuh.csv"] {
        std::fs::write(folder.path().join(name), "x").unwrap();
    }
    std::fs::create_dir(folder.path().join("folder.xlsx")).unwrap();
    assert!(collect(folder.path()).receipts.iter().all(|receipt| receipt.outcome == ReturnOutcome::NotReceived));
}

#[test]
fn distant_return_cells_cost_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let row = [Text("discharge"), Blank, Text("2026/27 Q2"), Blank, Blank, Number(70.0)];
    let mut workbook = Sending { about: &ABOUT, figures: &[&row], actions: &[] }.workbook();
    for (name, row, column) in [("Figures", 1_048_575, 0), ("About", 0, 16_383)] {
        workbook.worksheet_from_name(name).unwrap().write_string(row, column, "far").unwrap();
    }
    workbook.save(folder.path().join("nuh.xlsx")).unwrap();
    let returns = collect(folder.path());
    assert_eq!((values(&returns), returns.receipts[0].findings.len()), (vec![Value::Number(70.0)], 0));
}

/// An .ods with these sheets, each a name and its rows.
fn ods_of(sheets: &[(&str, &str)]) -> Vec<u8> {
    let tables: String =
        sheets.iter().map(|(name, rows)| format!("<table:table table:name=\"{name}\">{rows}</table:table>")).collect();
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    zip_of(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

fn ods_row(cells: &[&str]) -> String {
    let cell = |text: &&str| match text.strip_suffix('%').map(|share| share.parse::<f64>().unwrap() / 100.0) {
        Some(share) => format!("<table:table-cell office:value-type=\"percentage\" office:value=\"{share}\"/>"),
        None if text.is_empty() => "<table:table-cell/>".to_owned(),
        None => format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"),
    };
    format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>())
}

#[test]
fn open_document_percent_cells_are_read() {
    let about = ABOUT.iter().map(|pair| ods_row(pair)).collect::<String>();
    let figures =
        [ods_row(&["Banner"]), ods_row(&["Measure ID", "Period", "Value"]), ods_row(&["discharge", "2026/27 Q2", "41.2%"])];
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("nuh.ods"), ods_of(&[("About", &about), ("Figures", &figures.concat())])).unwrap();
    let returns = collect(folder.path());
    assert_eq!((values(&returns), &returns.receipts[0].findings[..]), (vec![Value::Number(41.2)], &[][..]));
}

#[test]
fn endless_open_documents_are_refused() {
    let wide = "<table:table-row table:number-rows-repeated=\"1000000\">\
        <table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"16000\"/></table:table-row>";
    let cases = [
        (ods_of(&[("Figures", wide)]), "sheet Figures spreads over more than"),
        (zip_of(&[("content.xml", b"<office:document-content><table:table table:name=\"About\">")]), "is damaged"),
    ];
    for (bytes, problem) in cases {
        let receipt = refused(|folder| std::fs::write(folder.join("nuh.ods"), bytes).unwrap());
        assert!(receipt.findings[0].problem.contains(problem), "{:?} does not say {problem:?}", receipt.findings[0].problem);
    }
}

#[test]
fn oversized_workbooks_name_the_setting() {
    let tight = |change: fn(&mut Limits)| {
        let mut limits = limits();
        change(&mut limits);
        limits
    };
    for (limits, setting) in [
        (tight(|l| l.max_file_mb = 0), "returns.max_file_mb"),
        (tight(|l| l.max_unzipped_mb = 0), "returns.max_unzipped_mb"),
        (tight(|l| l.max_cells = 5), "returns.max_cells"),
        (tight(|l| l.max_sheets = 2), "returns.max_sheets"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        Sending { about: &ABOUT, figures: &[], actions: &[] }.save(folder.path(), "nuh.xlsx");
        let receipt = collect_within(folder.path(), &limits).receipts.remove(0);
        assert_eq!(receipt.outcome, ReturnOutcome::Refused);
        assert!(receipt.findings[0].remedy.contains(setting), "{setting}: {:?}", receipt.findings);
    }
}

#[test]
fn zip_bombs_are_refused_before_unpacking() {
    let zeros = vec![0; 3 * 1024 * 1024];
    let mut bomb = zip_of(&[("xl/workbook.xml", &zeros)]);
    let mut limits = limits();
    limits.max_unzipped_mb = 2;
    let refusal = |bytes: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("nuh.xlsx"), bytes).unwrap();
        collect_within(folder.path(), &limits).receipts[0].findings[0].problem.clone()
    };
    assert!(refusal(&bomb).contains("unpacks to more than 2 MB"));
    // The same with a directory that lies about the size: what comes out is held against it.
    let size = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    for at in (0..bomb.len() - 4).rev() {
        if bomb[at..at + 4] == size {
            bomb[at..at + 4].copy_from_slice(&1000u32.to_le_bytes());
        }
    }
    let problem = refusal(&bomb);
    assert!(problem.contains("larger than its declared"), "{problem}");
}

#[test]
fn same_folder_same_figures_and_receipts() {
    let folder = tempfile::tempdir().unwrap();
    let row = [Text("discharge"), Blank, Text("2026/27 Q2"), Number(45.0), Number(60.0)];
    Sending { about: &ABOUT, figures: &[&row], actions: &[] }.save(folder.path(), "nuh.xlsx");
    std::fs::write(folder.path().join("city.xlsx"), "no workbook").unwrap();
    let (first, second) = (collect(folder.path()), collect(folder.path()));
    assert_eq!((first.observations, first.receipts), (second.observations, second.receipts));
}

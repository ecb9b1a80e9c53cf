//! Every kind of mistake that a partner can make in the template, put into one, and what is said of it at which cell.

use boardpack::archive::Archive;
use boardpack::area::{AreaCode, Areas};
use boardpack::assets::Assets;
use boardpack::collect::workbook::{ReaderProcess, open_all};
use boardpack::collect::{
    Finding, Grade, Intake, PriorReturns, Progress, ReturnOutcome, ReturnReceipt, Returns, RunScope, collect_returns,
};
use boardpack::figure::{ReportKey, SeriesKey};
use boardpack::framework::{self, ActionId, Framework, MeasureId, Partner};
use boardpack::period::{Period, YearKind};
use boardpack::return_template::{Answers, PartnerHistory, PriorCounts, PriorFigure, ReturnRequest};
use boardpack::settings;
use boardpack::value::Value;
use indicator_stats::spc;
use jiff::civil::date;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use workbook_reader::{CellContent, WorkbookLimits};

const FILE: &str = "icb_2026-27-Q2.xlsx";

struct System {
    framework: Framework,
    areas: Areas,
    partners: Vec<Partner>,
    limits: WorkbookLimits,
    /// The blank template of the ICB: per sheet, what each cell holds.
    template: BTreeMap<String, BTreeMap<(u32, u16), CellContent>>,
    known: PriorReturns,
}

static SYSTEM: LazyLock<System> = LazyLock::new(|| {
    let config = Assets::config(None);
    let framework = framework::load(&config, "2024").unwrap_or_else(|faults| panic!("{faults}"));
    let areas = framework::read_areas(&config).unwrap();
    let partners = framework::load_partners(&config).unwrap();
    let limits = settings::load(None, &BTreeMap::new()).unwrap().returns.limits;
    let partner = partners.iter().find(|partner| partner.id == "icb").unwrap();
    let nothing = PartnerHistory::new();
    let request = ReturnRequest {
        framework: &framework,
        areas: &areas,
        partner,
        period: quarter(),
        earlier: &nothing,
        secretariat: "",
        deadline: date(2026, 10, 31),
    };
    let blank = request.workbook(&Answers::default()).unwrap();
    let mut template: BTreeMap<String, BTreeMap<_, _>> = BTreeMap::new();
    for sheet in open_all(&blank, FILE, &limits).unwrap() {
        let cells = sheet.rows().flat_map(|row| row.cells);
        let cells = cells.map(|cell| ((cell.row, u16::try_from(cell.column).unwrap()), cell.content.clone()));
        template.insert(sheet.name.clone(), cells.collect());
    }
    System { framework, areas, partners, limits, template, known: known() }
});

fn quarter() -> Period {
    Period::parse("2026-27-Q2", YearKind::Financial).unwrap()
}

/// What the ICB gave in earlier quarters.
fn known() -> PriorReturns {
    let mut earlier = PartnerHistory::new();
    let mut gave = |measure: &str, area: &str, years: &[(i32, f64)]| {
        let given = |value| PriorFigure { value: Value::Number(value), illustrative: false };
        let by_period = years.iter().map(|(year, value)| (Period::year(YearKind::Financial, *year), given(*value)));
        let series = SeriesKey::new(MeasureId(measure.to_owned()), AreaCode::new(area).unwrap(), None);
        earlier.insert(series, by_period.collect());
    };
    gave("mecc-training-frontline", "QT1", &[(2023, 44.0), (2024, 45.0)]);
    gave("workforce-under-25", "QT1", &[(2024, 5.6)]);
    let under_25 = SeriesKey::new(MeasureId("workforce-under-25".to_owned()), AreaCode::new("QT1").unwrap(), None);
    gave("mrsa-cases", "E54000060", &[(2024, 40.0)]);
    gave("c-difficile-cases", "E54000060", &[(2025, 300.0)]);
    gave("inhaler-emissions", "E54000060", &[(2024, 12_000.0)]);
    let run: Vec<(i32, f64)> = (2010..2025).map(|year| (year, 500.0 + f64::from(year % 3))).collect();
    gave("e-coli-cases", "E54000060", &run);
    let given = PriorFigure { value: Value::Number(5.6), illustrative: false };
    let counts = PriorCounts { numerator: Some(560.0), denominator: Some(10_000.0), limits: None };
    earlier.give_with(under_25, Period::year(YearKind::Financial, 2024), given, counts);
    PriorReturns {
        figures: BTreeMap::from([("icb".to_owned(), earlier)]),
        progress: BTreeMap::from([(
            "icb".to_owned(),
            BTreeMap::from([(ReportKey::new(ActionId("estates-strategy".to_owned()), None), Progress::OnTrack)]),
        )]),
        expected: Some(spc::limits_after),
        ..PriorReturns::default()
    }
}

/// What is put into a cell.
#[derive(Debug, Clone, Copy)]
enum Put {
    T(&'static str),
    N(f64),
    /// A share shown as a percentage.
    P(f64),
    Error(&'static str),
    Date(u16, u8, u8),
    Logical,
    /// As a program writes it that cannot calculate.
    Formula,
}
use Put::{N, P, T};

/// `K4` as row and column, both counted from 0.
fn at(cell: &str) -> (u32, u16) {
    let column = cell.bytes().next().map(|letter| u16::from(letter - b'A')).unwrap();
    (cell[1..].parse::<u32>().unwrap() - 1, column)
}

/// The template with `injected`, as sheet, cell and content.
fn workbook(injected: &[(&str, &str, Put)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let mut names: Vec<&str> = SYSTEM.template.keys().map(String::as_str).collect();
    names.extend(injected.iter().map(|(sheet, ..)| *sheet).filter(|name| !SYSTEM.template.contains_key(*name)));
    names.dedup();
    for name in names {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        let is_replaced = |place| injected.iter().any(|(sheet, cell, _)| *sheet == name && at(cell) == place);
        let cells = SYSTEM.template.get(name).into_iter().flatten().filter(|(place, _)| !is_replaced(**place));
        for ((row, column), content) in cells {
            match content {
                CellContent::Text(text) => sheet.write_string(*row, *column, text).unwrap(),
                CellContent::Number(number) => sheet.write_number(*row, *column, *number).unwrap(),
                other => panic!("{other:?}"),
            };
        }
        for (_, cell, put) in injected.iter().filter(|(sheet, ..)| *sheet == name) {
            let (row, column) = at(cell);
            let format = |code| Format::new().set_num_format(code);
            match *put {
                T(text) => sheet.write_string(row, column, text).unwrap(),
                N(number) => sheet.write_number(row, column, number).unwrap(),
                P(share) => sheet.write_number_with_format(row, column, share, &format("0.0%")).unwrap(),
                Put::Error(error) => sheet.write_formula(row, column, Formula::new("=A1/0").set_result(error)).unwrap(),
                Put::Date(year, month, day) => {
                    let date = ExcelDateTime::from_ymd(year, month, day).unwrap();
                    sheet.write_datetime_with_format(row, column, &date, &format("dd/mm/yyyy")).unwrap()
                }
                Put::Logical => sheet.write_boolean(row, column, true).unwrap(),
                Put::Formula => sheet.write_formula(row, column, "=SUM(K4:L4)").unwrap(),
            };
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn collected(injected: &[(&str, &str, Put)]) -> Returns {
    let System { framework, areas, partners, limits, known, .. } = &*SYSTEM;
    let (folder, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(folder.path().join(FILE), workbook(injected)).unwrap();
    let wanted = RunScope { framework, partners, period: quarter(), as_at: date(2026, 11, 20) };
    let intake = Intake {
        folder: folder.path(),
        limits,
        reading: &ReaderProcess::Here,
        archive: &Archive::new(kept.path().to_owned()),
        areas,
        mappings: &BTreeMap::new(),
        now: "2026-11-20T09:00:00Z".parse().unwrap(),
        wait: &|| {},
    };
    collect_returns(&intake, &wanted, known)
}

fn receipt(injected: &[(&str, &str, Put)]) -> ReturnReceipt {
    collected(injected).receipts.into_iter().find(|receipt| receipt.file.is_some()).unwrap()
}

const F: &str = "Figures";
const A: &str = "About";
const K: &str = "Key actions";

/// What is put where, the cell at which it is told, and words of what is told.
type Case = (&'static [(&'static str, &'static str, Put)], &'static str, &'static str);

/// The one finding of each case that is not a mere note, or that is one where notes are looked for.
fn assert_told(cases: &[Case], grade: Grade, outcome: ReturnOutcome) {
    for (injected, cell, words) in cases {
        let receipt = receipt(injected);
        let found: Vec<&Finding> = receipt.findings.iter().filter(|finding| finding.grade <= grade).collect();
        let place = match injected.iter().find(|(_, put, _)| put == cell).or(injected.first()) {
            Some((sheet, ..)) if cell.is_empty() => format!("{FILE}, sheet {sheet}"),
            Some((sheet, ..)) => format!("{FILE}, sheet {sheet}, cell {cell}"),
            None => unreachable!("each case puts something somewhere"),
        };
        let is_it = |finding: &&&Finding| finding.place == place && finding.problem.contains(words);
        assert!(found.iter().any(|finding| is_it(&finding)), "{words:?} at {place}: {:?}", receipt.findings);
        assert!(found.len() == 1 || grade == Grade::Note, "only {words:?}: {found:?}");
        assert!(found.iter().all(|finding| finding.grade == grade), "{words:?}: {found:?}");
        assert!(found.iter().all(|finding| grade == Grade::Note || !finding.remedy.is_empty()), "{words:?} says what to do");
        // Where nothing else is given, nothing of the workbook can be used.
        let is_nothing = grade == Grade::Error && receipt.figures + receipt.actions == 0;
        assert_eq!(receipt.outcome, if is_nothing { ReturnOutcome::Refused } else { outcome }, "{words:?}");
    }
}

#[test]
fn impossible_figures_are_told_and_unused() {
    let cases: &[Case] = &[
        (&[(F, "M12", T("about half"))], "M12", "the text \"about half\" was found where a number"),
        (&[(F, "M12", T("12,5"))], "M12", "the text \"12,5\""),
        (&[(F, "M12", T("3m"))], "M12", "the text \"3m\""),
        (&[(F, "M12", Put::Error("#REF!"))], "M12", "the error #REF!"),
        (&[(F, "M12", Put::Formula)], "M12", "a formula whose result was not saved"),
        (&[(F, "M12", Put::Date(2026, 7, 1))], "M12", "the date 2026-07-01"),
        (&[(F, "M12", Put::Logical)], "M12", "TRUE"),
        (&[(F, "M12", N(-3.0))], "M12", "-3 was found; 0 or more"),
        (&[(F, "M12", T("3%"))], "M12", "is counted in another unit"),
        (&[(F, "M13", T("£3.5m"))], "M13", "an amount of money was found"),
        (&[(F, "M13", T("45 per 1,000"))], "M13", "the text \"45 per 1,000\""),
        (&[(F, "M13", N(101.0))], "M13", "a percentage from 0 to 100"),
        (&[(F, "M13", N(0.45))], "M13", "0.45 may mean 0.45% or 45%"),
        (&[(F, "M24", N(0.45))], "M24", "0.45 may mean 0.45% or 45%; it was 45% in 2024/25"),
        (&[(F, "M24", T("0.45%"))], "M24", "0.45% was found, about 1/100 of the 45% of 2024/25: it may be in another unit"),
        (&[(F, "M64", N(12.0))], "M64", "about 1/1000 of the 12,000 tonnes"),
        (&[(F, "M64", N(13e9))], "M64", "about 1000000 times the 12,000 tonnes"),
        (&[(F, "K13", N(61.0)), (F, "L13", N(60.0))], "K13", "the numerator 61 is above the denominator 60"),
        (&[(F, "K13", N(-1.0)), (F, "L13", N(60.0))], "K13", "-1 was found; a count is not below 0"),
        (&[(F, "M18", N(118.5))], "M18", "118.5 was found; a count is a whole number"),
        (&[(F, "M18", T("43.5"))], "M18", "43.5 was found; a count is a whole number"),
        (&[(F, "K18", N(43.5))], "K18", "43.5 was found; a count is a whole number"),
        (&[(F, "K13", N(45.5)), (F, "L13", N(60.0))], "K13", "45.5 was found; a count is a whole number"),
        (&[(F, "K13", N(45.0)), (F, "L13", N(60.5))], "L13", "60.5 was found; a count is a whole number"),
        (&[(F, "L13", N(0.0)), (F, "M13", N(75.8))], "L13", "the denominator is above 0; the value is used without it"),
        (&[(F, "K13", N(45.5)), (F, "L13", N(60.0)), (F, "M13", N(75.8))], "K13", "whole number; the value is used without it"),
        (&[(F, "K13", P(0.5)), (F, "L13", N(60.0))], "K13", "50% was found where a number"),
        (&[(F, "K13", N(0.0)), (F, "L13", N(0.0))], "L13", "the denominator is 0"),
        (&[(F, "L13", N(60.0)), (F, "K13", N(45.0)), (F, "M13", N(76.0))], "M13", "is not what the counts beside it make, 75"),
        (&[(F, "N11", N(120.0)), (F, "O11", N(130.0)), (F, "M11", N(100.0))], "N11", "does not lie within its limits"),
        (&[(F, "M11", N(100.0)), (F, "N11", N(90.0)), (F, "O11", T(""))], "O11", "a lower limit and no upper"),
        (&[(F, "K13", N(45.0)), (F, "L13", T(""))], "L13", "neither a value nor a denominator"),
        (&[(F, "A85", T("smoking")), (F, "E85", T("2025/26")), (F, "M85", N(3.0))], "A85", "\"smoking\" is not a measure"),
        (
            &[(F, "A85", T("discharged-by-next-day")), (F, "E85", T("2025/26")), (F, "M85", N(3.0))],
            "A85",
            "not asked of a partner of kind icb",
        ),
        (&[(F, "A85", T("")), (F, "E85", T("2025/26")), (F, "M85", N(3.0))], "A85", "without a measure ID"),
        (&[(F, "E12", T("last summer")), (F, "M12", N(3.0))], "E12", "the text \"last summer\" is not a period"),
        (&[(F, "E12", T("2027/28")), (F, "M12", N(3.0))], "E12", "2027/28 ends on 2028-03-31, after the quarter"),
        (&[(F, "F12", T("E06000018")), (F, "M12", N(3.0))], "F12", "\"E06000018\" was found; E54000060 was expected"),
        (
            &[
                (F, "M18", N(40.0)),
                (F, "A85", T("mrsa-cases")),
                (F, "E85", T("2025/26")),
                (F, "F85", T("E54000060")),
                (F, "M85", N(41.0)),
            ],
            "M85",
            "was given before, differently, in cell M18; neither is used",
        ),
        (&[(F, "I5", T("Middle fifth")), (F, "M5", N(12.0))], "I5", "one of 1 - most deprived"),
        (&[(F, "H5", T("Age")), (F, "M5", N(12.0))], "H5", "\"Age\" was found; Deprivation quintiles"),
        (&[(F, "I5", Put::Error("#REF!")), (F, "M5", N(12.0))], "I5", "the error #REF! was found where the name of a group"),
        (&[(F, "I5", T("")), (F, "M5", N(12.0))], "I5", "a figure of a breakdown has no group"),
        (&[(K, "E4", T("Going well"))], "E4", "\"Going well\" was found; Not started, On track"),
        (&[(K, "A4", T("zzz")), (K, "E4", T("On track"))], "A4", "\"zzz\" is not a key action"),
        (&[(K, "A4", T("digital-staff-passport")), (K, "E4", T("On track"))], "A4", "is led by nuh, not by icb"),
        (&[(K, "E4", T("On track")), (K, "G4", Put::Date(2026, 1, 31))], "G4", "a completed date is given (2026-01-31)"),
        (&[(K, "E4", T("Complete")), (K, "G4", Put::Date(2027, 1, 31))], "G4", "is later than 2026-11-20"),
        (&[(K, "E4", T("On track")), (K, "F4", T("soon"))], "F4", "the text \"soon\" is not a date"),
        (&[(K, "A5", T("prevention-spend")), (K, "E5", T("On track")), (K, "E6", T("At risk"))], "A6", "neither is used"),
        (
            &[(K, "C9", T("1")), (K, "E8", T("On track")), (K, "E9", T("At risk"))],
            "A9",
            "step 1 of workforce-reflects-population",
        ),
        (
            &[(K, "C9", T("3. Targets met")), (K, "E9", T("On track"))],
            "C9",
            "is not a step of workforce-reflects-population: 1 to 2",
        ),
        (&[(K, "C4", T("1. A start")), (K, "E4", T("On track"))], "C4", "the action has no steps"),
    ];
    assert!(cases.len() >= 30);
    assert_told(cases, Grade::Error, ReturnOutcome::AcceptedInPart);
}

#[test]
fn doubtful_figures_are_used_and_queried() {
    let cases: &[Case] = &[
        (&[(F, "M18", N(90.0))], "M18", "90 was found; it was 40 in 2024/25"),
        (&[(F, "M63", N(20.0))], "M63", "Workforce under 25: 20.0% was found; it was 5.6% in 2024/25"),
        (&[(F, "M63", N(12.6))], "M63", "12.6% was found; it was 5.6% in 2024/25"),
        (
            &[(F, "K63", N(56.0)), (F, "L63", N(1000.0))],
            "K63",
            "the denominator 1,000 was found; it was 10,000 in 2024/25, about 10 times as much; the numerator 56 was found; it was 560",
        ),
        (&[(F, "K63", N(5_700.0)), (F, "L63", N(100_000.0))], "K63", "the denominator 100,000 was found; it was 10,000"),
        (&[(F, "M18", N(4.0))], "M18", "4 was found; it was 40 in 2024/25, about 10 times as much"),
        // Given for the first time it is held against what the same workbook gives for the year before.
        (
            &[
                (F, "M21", N(1860.0)),
                (F, "A22", T("klebsiella-cases")),
                (F, "B22", T("Klebsiella bloodstream infections")),
                (F, "E22", T("2024/25")),
                (F, "M22", N(183.0)),
            ],
            "M21",
            "1,860 was found; it was 183 in 2024/25, about 1/10 of that",
        ),
        (&[(F, "M20", N(600.0))], "M20", "600 was found; by the 15 figures before,"),
        (&[(F, "M64", N(12.0)), (F, "P64", T("Now counted otherwise"))], "M64", "it is used, for a note stands beside it"),
        (
            &[
                (F, "K4", N(100.0)),
                (F, "L4", N(1000.0)),
                (F, "K5", N(60.0)),
                (F, "L5", N(200.0)),
                (F, "K6", N(60.0)),
                (F, "L6", N(200.0)),
            ],
            "K4",
            "the numerator is 100; over Deprivation quintiles (IMD 2019) it adds up to 120",
        ),
        (
            &[
                (F, "M4", N(50.0)),
                (F, "M5", N(10.0)),
                (F, "M6", N(11.0)),
                (F, "M7", N(12.0)),
                (F, "M8", N(13.0)),
                (F, "M9", N(14.0)),
            ],
            "M4",
            "50.0% was found, outside 10.0% to 14.0%",
        ),
        // What is no word explains nothing, nor does what could not be worked out.
        (&[(F, "M18", N(90.0)), (F, "P18", T("n/a"))], "M18", "90 was found; it was 40 in 2024/25"),
        (&[(F, "M13", N(45.0)), (F, "P13", Put::Error("#REF!"))], "P13", "the error #REF! was found where words were expected"),
        (&[(F, "M13", N(45.0)), (F, "P13", Put::Formula)], "P13", "a formula whose result was not saved was found where words"),
        (
            &[(K, "E4", T("On track")), (K, "H4", Put::Error("#N/A"))],
            "H4",
            "the error #N/A was found where words were expected; nothing is shown in its place",
        ),
        (&[(K, "E7", T("Complete")), (K, "E9", T("At risk"))], "E9", "the action as a whole is given as Complete"),
        (
            &[(K, "E23", T("Off track"))],
            "E23",
            "Finish the estates strategy, with a prioritised list of schemes, by March 2025 was On track by your last return and is Off track, without commentary",
        ),
    ];
    assert_told(cases, Grade::Question, ReturnOutcome::Accepted);
    let used = receipt(&[(F, "M18", N(90.0))]);
    assert_eq!((used.figures, used.findings[0].about.as_ref().unwrap().measure.0.as_str()), (1, "mrsa-cases"));
}

#[test]
fn every_unreadable_cell_is_told() {
    let told = receipt(&[(F, "K13", T("tbc")), (F, "L13", T("95 000")), (F, "M13", Put::Error("#REF!"))]);
    let places: Vec<(&str, &str)> =
        told.findings.iter().map(|f| (f.place.rsplit(' ').next().unwrap(), f.remedy.as_str())).collect();
    let expected = [("K13", "correct the cell"), ("L13", "give one number, without spaces"), ("M13", "correct the cell")];
    assert_eq!(places, expected, "{:?}", told.findings);
}

#[test]
fn what_is_only_worth_knowing_is_a_note() {
    let cases: &[Case] = &[
        (&[(F, "M19", N(310.0))], "M19", "for 2025/26 was 300 before and is 310 now"),
        (
            &[(F, "M18", N(90.0)), (F, "P18", T("An outbreak in May"))],
            "M18",
            "90 was found; it was 40 in 2024/25; the row's note says why",
        ),
        (
            &[(F, "M24", N(45.0))],
            "M24",
            "45.0% of 2025/26 is a value without its numerator and denominator: it is shown, and cannot be added to those of the others",
        ),
        (&[(A, "B14", T("2023")), (F, "M19", N(300.0))], "B14", "the workbook was made for the 2023 framework; 2024 is in force"),
        (
            &[
                (F, "K4", N(155.0)),
                (F, "L4", N(1000.0)),
                (F, "K5", N(20.0)),
                (F, "L5", N(200.0)),
                (F, "K6", N(30.0)),
                (F, "L6", N(200.0)),
                (F, "K7", N(40.0)),
                (F, "L7", N(200.0)),
                (F, "K8", N(30.0)),
                (F, "L8", N(200.0)),
                (F, "K9", N(30.0)),
                (F, "L9", N(200.0)),
            ],
            "K4",
            "the numerator is 155; over Deprivation quintiles (IMD 2019) it adds up to 150",
        ),
    ];
    assert_told(cases, Grade::Note, ReturnOutcome::Accepted);
}

#[test]
fn owed_figures_are_told_one_by_one() {
    let told = |changes: &[(&str, &str, Put)]| -> Vec<String> {
        receipt(changes).owed.iter().map(|owed| owed.in_words()).filter(|words| words.contains("missing")).collect()
    };
    let cells: &[(&str, &str, Put)] = &[(F, "M14", N(310.0))];
    let told = told(cells);
    assert!(told.iter().any(|words| words.ends_with(": 1 of 3 figures in use (missing: 2026/27, 2027/28)")), "{told:?}");
}

#[test]
fn wrong_or_personal_workbooks_are_refused_whole() {
    let cases: &[Case] = &[
        (&[(A, "B4", T("xyz"))], "B4", "the text \"xyz\" is not the id of a partner"),
        (&[(A, "B12", T("nuh"))], "B12", "the workbook was made for nuh; icb was expected"),
        (&[(A, "B7", T("2026-27-Q1"))], "B7", "the return is for 2026-27-Q1; 2026-27-Q2 was expected"),
        (&[(A, "B13", T("2026-27-Q1"))], "B13", "the workbook was made for 2026-27-Q1"),
        (&[(A, "B8", T("draft"))], "B8", "Illustrative or Real was expected"),
        (&[("Working", "C3", T("NHS Number")), ("Working", "C4", N(9_990_000_027.0))], "C3", "under the heading \"NHS Number\""),
        (
            &[("Working", "C3", T("999 000 0026")), ("Working", "C4", T("9990000034")), ("Working", "C5", T("999-000-0042"))],
            "C3",
            "a column of numbers that pass the check of NHS numbers",
        ),
        (
            &[
                ("Working", "B3", T("Olivia Example")),
                ("Working", "B4", T("Harry Sample-Jones")),
                ("Working", "B5", T("Priya K Test")),
                ("Working", "B6", T("Mohammed Specimen")),
                ("Working", "B7", T("Zara O'Model")),
            ],
            "B3",
            "a column of names of people",
        ),
    ];
    assert_told(cases, Grade::Error, ReturnOutcome::Refused);
}

#[test]
fn one_bad_report_field_costs_no_other() {
    type Said = (Progress, Option<jiff::civil::Date>, Option<jiff::civil::Date>, &'static str);
    let forecast = Put::Date(2027, 3, 31);
    let due = Some(date(2027, 3, 31));
    let words = (K, "H4", T("Two of three sites"));
    let second = [(K, "A5", T("prevention-spend")), (K, "A6", T("prevention-spend")), (K, "C5", T("")), (K, "C6", T(""))];
    type Rows = Vec<(&'static str, &'static str, Put)>;
    let cases: &[(Rows, Said)] = &[
        (
            vec![(K, "E4", T("Complete")), (K, "G4", Put::Date(2027, 1, 31)), words],
            (Progress::Complete, None, None, "Two of three sites"),
        ),
        (vec![(K, "E4", T("Complete")), (K, "G4", T("soon")), words], (Progress::Complete, None, None, "Two of three sites")),
        (
            vec![(K, "E4", T("On track")), (K, "F4", forecast), (K, "G4", Put::Date(2026, 1, 31))],
            (Progress::OnTrack, due, None, ""),
        ),
        (vec![(K, "E4", T("On track")), (K, "F4", T("spring")), words], (Progress::OnTrack, None, None, "Two of three sites")),
        (vec![(K, "E4", T("Nearly")), (K, "F4", forecast), words], (Progress::NotGiven, due, None, "Two of three sites")),
        // Of two rows for one action what they agree on, and what only one of them says.
        (
            [
                &second[..],
                &[
                    (K, "E5", T("At risk")),
                    (K, "E6", T("At risk")),
                    (K, "F6", forecast),
                    (K, "H5", T("One")),
                    (K, "H6", T("Two")),
                ],
            ]
            .concat(),
            (Progress::AtRisk, due, None, "One Two"),
        ),
        (
            [&second[..], &[(K, "E5", T("At risk")), (K, "E6", T("On track")), (K, "F5", forecast), (K, "F6", forecast)]]
                .concat(),
            (Progress::NotGiven, due, None, ""),
        ),
        (
            [
                &second[..],
                &[(K, "E5", T("At risk")), (K, "E6", T("At risk")), (K, "F5", forecast), (K, "F6", Put::Date(2028, 3, 31))],
            ]
            .concat(),
            (Progress::AtRisk, None, None, ""),
        ),
    ];
    for (injected, expected) in cases {
        let returns = collected(injected);
        let [report] = &returns.action_reports[..] else { panic!("{injected:?}: {:?}", returns.receipts) };
        let said = (report.progress, report.forecast, report.completed, report.commentary.as_str());
        assert_eq!(said, *expected, "{injected:?}");
    }
}

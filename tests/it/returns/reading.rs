//! What becomes of partners' workbooks: figures as they were meant, every fault at its cell, and no file that stops a run.

mod figures;
mod refusals;

use boardpack::archive::Archive;
use boardpack::assets::Assets;
use boardpack::collect::workbook::ReaderProcess;
use boardpack::collect::{
    Allowed, Grade, Intake, OwedItem, PartnerReturn, PriorReturns, Progress, ReturnOutcome, ReturnReceipt, ReturnVersion,
    Returns, RunScope, collect_returns,
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
use workbook_reader::WorkbookLimits;

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

fn limits() -> WorkbookLimits {
    settings::load(None, &BTreeMap::new()).unwrap().returns.limits
}

/// Collects the folder for 2026-27-Q2.
fn collect_within(folder: &Path, limits: &WorkbookLimits) -> Returns {
    collect_for(FRAMEWORK, folder, limits)
}

fn framework(text: &str) -> (Framework, Vec<Partner>) {
    let File { edition, ambition: ambitions, measure: measures, action: actions, partner } = toml::from_str(text).unwrap();
    (Framework { edition, aims: vec![], priorities: vec![], ambitions, measures, actions }, partner)
}

fn quarter() -> Period {
    Period::parse("2026-27-Q2", YearKind::Financial).unwrap()
}

fn collect_for(text: &str, folder: &Path, limits: &WorkbookLimits) -> Returns {
    collect_knowing(text, folder, limits, &PriorReturns::default())
}

fn collect_knowing(text: &str, folder: &Path, limits: &WorkbookLimits, known: &PriorReturns) -> Returns {
    let (framework, partners) = framework(text);
    let wanted = RunScope { framework: &framework, partners: &partners, period: quarter(), as_at: date(2026, 11, 20) };
    let areas = framework::read_areas(&Assets::config(None)).unwrap();
    let intake = Intake {
        folder,
        limits,
        reading: &ReaderProcess::Here,
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

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
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
    let tight = |change: fn(&mut WorkbookLimits)| {
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

//! What the workbook for a partner promises: it asks for what is due of that partner, and whatever is written into it is
//! read back as just that.

mod other_programs;
mod requested;

use boardpack::archive::Archive;
use boardpack::area::{AreaCode, Areas};
use boardpack::assets::Assets;
use boardpack::collect::workbook::ReaderProcess;
use boardpack::collect::{
    Collection, Grade, Intake, PriorReturns, Progress, ReturnOutcome, ReturnReceipt, Returns, RunScope, collect_returns,
};
use boardpack::figure::{Category, FigureKey, Observation, ReportKey, SeriesKey};
use boardpack::framework::{self, Framework, Measure, MeasureId, Partner, Statistic};
use boardpack::period::{Period, YearKind};
use boardpack::return_template::{
    ActionAnswer, Answers, FigureAnswer, PartnerHistory, PriorCounts, PriorFigure, ReportedAction, RequestedFigure,
    ReturnRequest, STATUSES, periods_due,
};
use boardpack::settings;
use boardpack::store::{Ledger, MadeFile, NewRun, records};
use boardpack::value::{Limits, Unit, Value};
use calamine::{Data, Reader, Xlsx};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

const AS_AT: Date = date(2026, 11, 20);

/// The framework, areas and partners that are built in.
struct System {
    framework: Framework,
    areas: Areas,
    partners: Vec<Partner>,
}

static SYSTEM: LazyLock<System> = LazyLock::new(|| {
    let config = Assets::config(None);
    System {
        framework: framework::load(&config, "2024").unwrap_or_else(|faults| panic!("{faults}")),
        areas: framework::read_areas(&config).unwrap(),
        partners: framework::load_partners(&config).unwrap(),
    }
});

static NOTHING: PartnerHistory = PartnerHistory::new();

fn quarter(label: &str) -> Period {
    Period::parse(label, YearKind::Financial).unwrap()
}

fn request(partner: &str) -> ReturnRequest<'static> {
    let System { framework, areas, partners } = &*SYSTEM;
    let partner = partners.iter().find(|one| one.id == partner).unwrap();
    ReturnRequest {
        framework,
        areas,
        partner,
        period: quarter("2026-27-Q2"),
        earlier: &NOTHING,
        secretariat: "desk@example.org",
        deadline: jiff::civil::date(2026, 10, 31),
    }
}

/// Collects a folder in which one partner's workbook lies.
fn collect(folder: &Path, partner: &str) -> (Returns, ReturnReceipt) {
    let System { framework, areas, partners } = &*SYSTEM;
    let limits = settings::load(None, &BTreeMap::new()).unwrap().returns.limits;
    let wanted = RunScope { framework, partners, period: quarter("2026-27-Q2"), as_at: AS_AT };
    let kept = tempfile::tempdir().unwrap();
    let intake = Intake {
        folder,
        limits: &limits,
        reading: &ReaderProcess::Here,
        archive: &Archive::new(kept.path().to_owned()),
        areas,
        mappings: &BTreeMap::new(),
        now: "2026-11-20T09:00:00Z".parse().unwrap(),
        wait: &|| {},
    };
    let returns = collect_returns(&intake, &wanted, &PriorReturns::default());
    let receipt = returns.receipts.iter().find(|receipt| receipt.partner == partner).unwrap().clone();
    (returns, receipt)
}

fn read_back(request: &ReturnRequest<'_>, answers: &Answers) -> (Returns, ReturnReceipt) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(request.file_name()), request.workbook(answers).unwrap()).unwrap();
    collect(folder.path(), &request.partner.id)
}

fn by_key(observations: &[Observation]) -> BTreeMap<FigureKey, Observation> {
    observations.iter().map(|o| (FigureKey::of(o), o.clone())).collect()
}

/// The cells of a sheet as text, row by row.
fn cells(workbook: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(workbook)).unwrap();
    let range = workbook.worksheet_range(sheet).unwrap();
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

#[test]
fn blank_templates_say_nothing() {
    for partner in SYSTEM.partners.iter().filter(|partner| partner.asked) {
        let request = request(&partner.id);
        let (returns, receipt) = read_back(&request, &Answers::default());
        assert_eq!((receipt.outcome, &receipt.findings[..]), (ReturnOutcome::Blank, &[][..]), "{}", partner.id);
        assert_eq!((receipt.figures, receipt.actions, receipt.illustrative), (0, 0, false));
        assert!(returns.observations.iter().all(|o| o.value == Value::Missing && o.numerator.is_none() && o.note.is_empty()));
        let asked: BTreeSet<String> = request.figures().iter().map(|asked| asked.series.measure.0.clone()).collect();
        let led = request.actions().into_iter().map(|action| action.id.0.clone());
        assert_eq!(receipt.lacking.iter().cloned().collect::<BTreeSet<_>>(), asked.into_iter().chain(led).collect());
    }
}

#[test]
fn a_half_filled_workbook_says_just_that_half() {
    let request = request("city-council");
    let asked = request.figures();
    let half: BTreeMap<_, _> =
        asked.iter().step_by(2).map(|one| (one.key(), figure(one.measure, (2, 0.5, 0.25, String::new())))).collect();
    let (returns, receipt) = read_back(&request, &Answers { figures: half.clone(), ..Answers::default() });
    assert!(receipt.findings.iter().all(|finding| finding.grade == Grade::Note), "{:?}", receipt.findings);
    assert_eq!(receipt.figures, half.len());
    let given = by_key(&returns.observations).into_iter().filter(|(_, o)| o.value != Value::Missing).map(|(key, _)| key);
    assert!(given.eq(half.into_keys()));
    let left: Vec<&str> = asked.iter().skip(1).step_by(2).map(|one| one.series.measure.0.as_str()).collect();
    assert!(left.iter().all(|id| receipt.lacking.iter().any(|lacking| lacking == id)));
}

/// What may be typed into one row: how it is answered, two numbers from 0 to 1, and a note.
type Typed = (u8, f64, f64, String);

/// Shapes what is typed into a figure that this measure can have.
fn figure(measure: &Measure, (how, first, second, note): Typed) -> FigureAnswer {
    let divides = matches!(measure.statistic, Statistic::Proportion | Statistic::CrudeRate | Statistic::Estimate);
    let has_limits = matches!(measure.statistic, Statistic::StandardisedRate | Statistic::Estimate);
    let signed = matches!(measure.statistic, Statistic::Estimate | Statistic::Quantity);
    let most = if measure.unit == Unit::Percent { 100.0 } else { 1e8 };
    let value = if signed { most * (2.0 * first - 1.0) } else { most * first };
    let value = if measure.statistic == Statistic::Count { value.round() } else { value };
    let limits = || {
        let off = 0.1 * value.abs() * second;
        Limits { lower: (value - off).max(-most), upper: (value + off).min(most) }
    };
    let blank = FigureAnswer { note, ..FigureAnswer::default() };
    match how {
        0 => blank,
        1 if divides => {
            let denominator = (1e6 * first).floor() + 1.0;
            FigureAnswer { numerator: Some((denominator * second).floor()), denominator: Some(denominator), ..blank }
        }
        1 | 2 => FigureAnswer { value: Some(Value::Number(value)), ..blank },
        // Of counts they are worked out.
        3 if !has_limits => FigureAnswer { value: Some(Value::Number(value)), ..blank },
        3 => FigureAnswer { value: Some(Value::Number(value)), limits: Some(limits()), ..blank },
        4 => FigureAnswer { value: Some(Value::Suppressed), ..blank },
        5 => FigureAnswer { value: Some(Value::Missing), ..blank },
        _ => FigureAnswer { value: Some(Value::NotApplicable), ..blank },
    }
}

/// Value, numerator, denominator, limits and note.
type Received = (Value, Option<f64>, Option<f64>, Option<Limits>, String);

fn received(observation: &Observation) -> Received {
    let Observation { value, numerator, denominator, limits, note, .. } = observation.clone();
    (value, numerator, denominator, limits, note)
}

/// What a figure is to be received as: the value worked out where counts are given alone, no stray spaces in the note.
fn expected(measure: &Measure, figure: &FigureAnswer) -> Received {
    let worked_out = figure.numerator.zip(figure.denominator).map(|(n, d)| Value::Number(measure.multiplier * n / d));
    let value = figure.value.or(worked_out).unwrap_or(Value::Missing);
    let note = figure.note.split_whitespace().collect::<Vec<_>>().join(" ");
    (value, figure.numerator, figure.denominator, figure.limits, note)
}

fn typed() -> impl Strategy<Value = Typed> {
    // Small shares too: 0.4% must not be taken for 40%.
    let number = prop_oneof![4 => 0.0..1.0, 1 => 0.0..0.01, 1 => Just(0.0), 1 => Just(1.0)];
    (0u8..7, number.clone(), number, "([A-Z][a-zé%£,.=+ ]{0,40})?")
}

fn told() -> impl Strategy<Value = ActionAnswer> {
    let statuses = STATUSES.map(str::to_owned).to_vec();
    let day = || prop::option::of((0i32..9000).prop_map(|days| date(2002, 1, 1).saturating_add(days.days())));
    (prop::sample::select(statuses), day(), day(), "([A-Z][a-z .]{0,80})?").prop_map(
        |(status, forecast, completed, commentary)| {
            let completed = completed.filter(|_| status == "Complete");
            ActionAnswer { status, forecast, completed, commentary }
        },
    )
}

/// A figure for every one asked, some for earlier periods, and a report on every action.
fn filled(request: &ReturnRequest<'_>, typed: &[Typed], told: &[ActionAnswer], illustrative: bool) -> Answers {
    let mut figures = BTreeMap::new();
    for (one, typed) in request.figures().iter().zip(typed.iter().cycle()) {
        figures.insert(one.key(), figure(one.measure, typed.clone()));
        if typed.0 == 2 {
            let before = one.series.at(one.period.previous());
            figures.insert(before, figure(one.measure, (2, typed.2, typed.1, String::new())));
        }
    }
    let told = told.iter().cycle().cloned();
    let whole = request.actions().into_iter().map(|action| ReportKey::new(action.id.clone(), None));
    let steps =
        request.actions().into_iter().flat_map(|of| (1..=of.steps.len()).map(|step| ReportKey::new(of.id.clone(), Some(step))));
    Answers { illustrative, figures, reports: whole.chain(steps).zip(told).collect(), ..Answers::default() }
}

fn assert_reads_back(request: &ReturnRequest<'_>, answers: &Answers, (returns, receipt): &(Returns, ReturnReceipt)) {
    // Figures at random may raise questions, and not all that is asked for is given: nothing of it is left out for that.
    let lost: Vec<_> = receipt.findings.iter().filter(|finding| finding.grade == Grade::Error).collect();
    assert_eq!((receipt.outcome, &lost[..]), (ReturnOutcome::Accepted, &[][..]));
    assert_eq!(receipt.illustrative, answers.illustrative);
    let read = by_key(&returns.observations);
    assert_eq!(read.len(), returns.observations.len());
    // Rows for earlier periods and baselines that were left blank say nothing.
    let mut wanted: BTreeMap<FigureKey, FigureAnswer> =
        request.figures().iter().map(|asked| (asked.key(), FigureAnswer::default())).collect();
    wanted.extend(answers.figures.clone());
    assert_eq!(read.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
    for (key, figure) in &wanted {
        let measure = request.framework.measure(&key.measure).unwrap();
        assert_eq!(received(&read[key]), expected(measure, figure), "{key:?}");
        assert_eq!(read[key].illustrative, answers.illustrative);
    }
    let reports: BTreeMap<ReportKey, ActionAnswer> = returns
        .action_reports
        .iter()
        .map(|report| {
            let status = match report.progress {
                Progress::NotStarted => STATUSES[0],
                Progress::OnTrack => STATUSES[1],
                Progress::AtRisk => STATUSES[2],
                Progress::OffTrack => STATUSES[3],
                Progress::Complete => STATUSES[4],
                Progress::NotGiven => panic!("every status was one that can be used: {report:?}"),
            };
            let commentary = report.commentary.clone();
            let answer =
                ActionAnswer { status: status.to_owned(), forecast: report.forecast, completed: report.completed, commentary };
            (report.key(), answer)
        })
        .collect();
    let mut told = answers.reports.clone();
    for answer in told.values_mut() {
        answer.commentary = answer.commentary.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    assert_eq!(reports, told);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn figures_written_into_templates_read_back_equal(
        partner in prop::sample::select(vec!["nuh", "nhc", "icb", "city-council", "citycare"]),
        typed in prop::collection::vec(typed(), 40),
        told in prop::collection::vec(told(), 12),
        illustrative: bool,
    ) {
        let request = request(partner);
        let answers = filled(&request, &typed, &told, illustrative);
        assert_reads_back(&request, &answers, &read_back(&request, &answers));
    }
}

#[test]
fn partners_are_asked_only_for_their_own() {
    let areas = |partner: &str, measure: &str| -> Vec<String> {
        let asked = request(partner).figures();
        asked.iter().filter(|one| one.measure.id.0 == measure).map(|one| one.series.area.to_string()).collect()
    };
    assert_eq!(areas("nuh", "discharged-by-next-day"), ["RX1"]);
    assert_eq!(areas("icb", "suicide-local"), ["E54000060", "E92000001"]);
    assert_eq!(areas("icb", "staff-turnover"), ["QT1"]);
    assert!(areas("city-council", "discharged-by-next-day").is_empty());
    assert_eq!(request("citycare").actions().len(), 0);
    let sheet =
        |partner: &str| Xlsx::new(Cursor::new(request(partner).workbook(&Answers::default()).unwrap())).unwrap().sheet_names();
    assert_eq!(sheet("citycare"), ["About", "Guidance", "Figures", "Comments"]);
    assert_eq!(sheet("icb"), ["About", "Guidance", "Figures", "Key actions", "Comments"]);
}

#[test]
fn split_measures_are_asked_by_group() {
    let asked = request("icb").figures();
    let rows: Vec<(&str, Option<&str>)> = asked
        .iter()
        .filter(|one| one.measure.id.0 == "smoking-at-delivery-local")
        .map(|one| (one.series.area.as_str(), one.series.category.as_ref().map(|category| category.group.as_str())))
        .collect();
    let system = "E54000060";
    let fifths = ["1 - most deprived", "2", "3", "4", "5 - least deprived"].map(|group| (system, Some(group)));
    assert_eq!(rows, [&[(system, None)][..], &fifths, &[("E92000001", None)]].concat());
}

#[test]
fn unasked_groups_are_told_at_their_cell() {
    let figure = FigureAnswer { value: Some(Value::Number(12.0)), ..FigureAnswer::default() };
    let (fifths, of_fifths) =
        ("Deprivation quintiles (IMD 2019)", "one of 1 - most deprived, 2, 3, 4, 5 - least deprived was expected");
    for (by, name, cell, problem) in [
        (fifths, "Middle fifth", "cell I", of_fifths),
        (fifths, "", "cell I", "a figure of a breakdown has no group"),
        ("", "2", "cell H", "a figure of a group has no breakdown"),
        ("Age", "Under 20", "cell H", "Deprivation quintiles (IMD 2019) was expected for smoking-at-delivery-local"),
    ] {
        let measure = "smoking-at-delivery-local";
        let group = Some(Category { scheme: by.to_owned(), group: name.to_owned() });
        let series = SeriesKey::new(MeasureId(measure.to_owned()), AreaCode::new("E54000060").unwrap(), group);
        let figures = BTreeMap::from([(series.at(quarter("2025/26")), figure.clone())]);
        let (_, receipt) = read_back(&request("icb"), &Answers { figures, ..Answers::default() });
        let [fault] = &receipt.findings[..] else { panic!("{:?}", receipt.findings) };
        assert!(fault.place.contains(&format!("sheet Figures, {cell}")), "{}", fault.place);
        assert!(fault.problem.contains(problem), "{}", fault.problem);
    }
}

#[test]
fn the_workbook_says_what_it_was_made_as() {
    let about = cells(&request("icb").workbook(&Answers::default()).unwrap(), "About");
    for [key, value] in [
        ["Partner", "icb"],
        ["Period", "2026-27-Q2"],
        ["Data status", "Real"],
        ["Template version", "1"],
        ["Template partner", "icb"],
        ["Template period", "2026-27-Q2"],
        ["Framework edition", "2024"],
    ] {
        assert!(about.iter().any(|row| row[0] == key && row[1] == value), "{key}: {value}");
    }
    let guidance = cells(&request("icb").workbook(&Answers::default()).unwrap(), "Guidance");
    assert!(guidance.iter().any(|row| row[0] == "Questions: desk@example.org"));
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    let made = || request("icb").workbook(&Answers::default()).unwrap();
    let first = made();
    // Times in a .zip are counted in steps of two seconds.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert!(first == made());
}

#[test]
fn oversized_texts_are_told_not_cut() {
    let request = request("nuh");
    let asked = &request.figures()[0];
    let figure = FigureAnswer { note: "x".repeat(40_000), ..FigureAnswer::default() };
    let fault =
        request.workbook(&Answers { figures: BTreeMap::from([(asked.key(), figure)]), ..Answers::default() }).unwrap_err();
    assert!(fault.to_string().starts_with("nuh_2026-27-Q2.xlsx: the workbook cannot be written"), "{fault}");
}

fn template(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_boardpack"))
        .args(["returns", "template", "--period", "2026-27-Q2", "--out", "asked"])
        .args(arguments)
        .env("BOARDPACK__PATHS__LEDGER", "ledger.sqlite")
        .env("BOARDPACK__PATHS__ARCHIVE", "archive")
        .current_dir(folder)
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
}

#[test]
fn workbooks_are_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = template(folder.path(), &["--partner", "nuh"]);
    assert_eq!((code, said.trim()), (Some(0), "asked/nuh_2026-27-Q2.xlsx"));
    let nuh = folder.path().join("asked/nuh_2026-27-Q2.xlsx");
    let blank = std::fs::read(&nuh).unwrap();
    std::fs::write(&nuh, "a partner's work").unwrap();
    let (code, said) = template(folder.path(), &["--all"]);
    assert_eq!(code, Some(69), "{said}");
    assert!(said.contains("asked/nuh_2026-27-Q2.xlsx: already exists and may be filled in"), "{said}");
    assert_eq!(std::fs::read_dir(folder.path().join("asked")).unwrap().count(), 1, "all or none");
    assert_eq!(std::fs::read(&nuh).unwrap(), b"a partner's work");
    let (code, said) = template(folder.path(), &["--all", "--force"]);
    let asked = SYSTEM.partners.iter().filter(|partner| partner.asked).count();
    assert_eq!((code, said.lines().count()), (Some(0), asked), "{said}");
    assert!(std::fs::read(&nuh).unwrap() == blank);
    let (code, said) = template(folder.path(), &["--partner", "nobody"]);
    assert_eq!(code, Some(64));
    assert!(said.contains("\"nobody\" is not a partner; there are: nuh, sfh"), "{said}");
    assert!(!folder.path().join("ledger.sqlite").exists(), "asking makes no ledger");
}

#[tokio::test]
async fn templates_show_the_last_collections_figures() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
    let now = "2026-11-20T09:00:00Z".parse().unwrap();
    let (period, edition) = (quarter("2026-27-Q2"), "2024");
    let run = NewRun { pack: "board-pack", period, as_at: AS_AT, edition, trigger: "by hand" };
    let run = ledger.start_run(&run, now).await.unwrap();
    let (returns, _) = collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/demo/returns"), "icb");
    let collection = Collection { observations: returns.observations, ..Collection::default() };
    // As the stage leaves it.
    let (name, left) = ("stage/collect.json".to_owned(), records::write(&collection).unwrap());
    let sha256 = Archive::new(folder.path().join("archive")).keep(left.as_bytes()).unwrap();
    ledger.record_output(run, &MadeFile { name, sha256, bytes: left.len() }).await.unwrap();
    ledger.end_stage(run, "evaluate", "", now).await.unwrap();
    ledger.close().await;
    let (code, said) = template(folder.path(), &["--all"]);
    assert_eq!(code, Some(0), "{said}");
    let asked =
        |partner: &str| cells(&std::fs::read(folder.path().join(format!("asked/{partner}_2026-27-Q2.xlsx"))).unwrap(), "Figures");
    let board = asked("icb");
    let row = board.iter().find(|row| row[0] == "learning-disability-autism-inpatients-commissioned").unwrap();
    assert_eq!((row[4].as_str(), row[9].as_str()), ("2026/27 Q2", "given before: 47, illustrative"));
    // It returned nothing, and is not shown what others did.
    assert!(asked("citycare").iter().skip(3).all(|row| row[9].is_empty()));
}

//! Counts by age band in a return: asked band by band, read back as they were filled in, each fault told at its cell, and made
//! into the figure that was asked.

use crate::support::small_framework;

use boardpack::age::AgeBand;
use boardpack::archive::Archive;
use boardpack::area::Areas;
use boardpack::assets::Assets;
use boardpack::collect::workbook::ReaderProcess;
use boardpack::collect::{
    Finding, Grade, Intake, PriorReturns, ReturnOutcome, Returns, RunScope, ValidationReport, collect_returns,
};
use boardpack::component::{Component, GroupComponent};
use boardpack::evaluate::{
    EarlierFigures, Evaluation, EvaluationInputs, FigureVintages, LimitsMethod, disclose_receipts, disclose_revisions, evaluate,
    explain,
};
use boardpack::figure::{Observation, Provenance};
use boardpack::framework::{self, Action, Ambition, Edition, Framework, Measure, MeasureId, Partner};
use boardpack::period::{Period, YearKind};
use boardpack::return_template::{Answers, FigureAnswer, PartnerHistory, RequestedFigure, ReturnRequest};
use boardpack::settings;
use boardpack::value::Value;
use calamine::{Data, Reader, Xlsx};
use jiff::civil::{Date, date};
use rust_xlsxwriter::{Workbook, Worksheet};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::sync::LazyLock;

const AS_AT: Date = date(2026, 11, 20);
const YEAR: &str = "2025/26";
const DECILES: &str = "Deprivation deciles";

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

[[ambition]]
id = "live-longer"
priority = "p"
statement = "Live longer"

[[ambition.measure]]
id = "admission-rate"
target = { kind = "direction", baseline = { period = "2022/23" } }

[[ambition.measure]]
id = "gap"
target = { kind = "direction", baseline = { period = "2022/23" } }

[[measure]]
id = "admission-rate"
title = "Admissions"
definition = "Admissions by age."
numerator = "Admissions of the year"
denominator = "People in mid-year"
multiplier = 100000
unit = "per100k"
statistic = "standardised-rate"
polarity = "low"
year = "financial"
cadence_months = 12
publication_lag_months = 1
disclosure = "standard"
source = { kind = "return", partners = ["icb"] }
made_from = { kind = "directly_standardised_rate", repeats = true }

[[measure]]
id = "gap"
title = "Gap in life expectancy"
definition = "Between the most and the least deprived."
unit = "years"
statistic = "estimate"
polarity = "low"
year = "financial"
cadence_months = 12
publication_lag_months = 1
source = { kind = "return", partners = ["icb"], breakdowns = [
  { by = "Deprivation deciles", groups = ["1 - most deprived", "2", "3", "4", "5", "6", "7", "8", "9", "10 - least deprived"] },
] }
made_from = { kind = "slope_index", by = "Deprivation deciles", of = { kind = "life_expectancy" } }

[[partner]]
id = "icb"
name = "The board"
kind = "icb"
area = "E54000060"
contact = "icb@example.org"
"#;

#[derive(serde::Deserialize)]
struct File {
    edition: Edition,
    ambition: Vec<Ambition>,
    measure: Vec<Measure>,
    #[serde(default)]
    action: Vec<Action>,
    partner: Vec<Partner>,
}

struct System {
    framework: Framework,
    areas: Areas,
    partners: Vec<Partner>,
}

static SYSTEM: LazyLock<System> = LazyLock::new(|| system(FRAMEWORK));

fn system(text: &str) -> System {
    let File { edition, ambition: ambitions, measure: measures, action: actions, partner } = toml::from_str(text).unwrap();
    System {
        framework: Framework { edition, aims: vec![], priorities: vec![], ambitions, measures, actions },
        areas: framework::read_areas(&Assets::config(None)).unwrap(),
        partners: partner,
    }
}
static NOTHING: PartnerHistory = PartnerHistory::new();

fn quarter() -> Period {
    Period::parse("2026-27-Q2", YearKind::Financial).unwrap()
}

fn request() -> ReturnRequest<'static> {
    request_of(&SYSTEM)
}

fn request_of(System { framework, areas, partners }: &System) -> ReturnRequest<'_> {
    let (partner, deadline) = (&partners[0], date(2026, 10, 31));
    ReturnRequest { framework, areas, partner, period: quarter(), earlier: &NOTHING, secretariat: "", deadline }
}

fn wanted(System { framework, partners, .. }: &System) -> RunScope<'_> {
    RunScope { framework, partners, period: quarter(), as_at: AS_AT }
}

/// Collects one workbook.
fn collect(workbook: &[u8]) -> Returns {
    collect_of(&SYSTEM, workbook)
}

fn collect_of(system: &System, workbook: &[u8]) -> Returns {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("icb_2026-27-Q2.xlsx"), workbook).unwrap();
    let limits = settings::load(None, &BTreeMap::new()).unwrap().returns.limits;
    let kept = tempfile::tempdir().unwrap();
    let intake = Intake {
        folder: Path::new(folder.path()),
        limits: &limits,
        reading: &ReaderProcess::Here,
        archive: &Archive::new(kept.path().to_owned()),
        areas: &system.areas,
        mappings: &BTreeMap::new(),
        now: "2026-11-20T09:00:00Z".parse().unwrap(),
        wait: &|| {},
    };
    collect_returns(&intake, &wanted(system), &PriorReturns::default())
}

fn judged(returns: &Returns) -> Evaluation {
    judged_of(&SYSTEM, returns)
}

fn judged_of(System { framework, areas, .. }: &System, returns: &Returns) -> Evaluation {
    let observations = &returns.observations;
    evaluate(&EvaluationInputs::new(framework, areas, observations, &[], quarter(), AS_AT))
}

/// Deaths and people that fall and rise with age as they do.
fn of_band(asked: &RequestedFigure<'_>) -> (f64, f64) {
    let Some(GroupComponent { component: Component::Events(band), group }) = asked.component() else { panic!("{asked:?}") };
    let decile = group.map_or(1.0, |(_, label)| label.split(' ').next().unwrap().parse::<f64>().unwrap());
    let age = f64::from(band.from());
    let people = 2000.0 - 15.0 * age;
    ((people * 0.0005 * (age / 12.0).exp() * (1.3 - 0.05 * decile)).round().min(people), people)
}

/// Every band of the gap, as it was asked.
fn gap() -> Answers {
    let request = request();
    let asked = request.figures();
    let of_gap = asked.iter().filter(|one| one.measure.id.0 == "gap");
    let figures = of_gap.map(|one| {
        let (events, people) = of_band(one);
        let figure = FigureAnswer { numerator: Some(events), denominator: Some(people), ..FigureAnswer::default() };
        (one.key(), figure)
    });
    Answers { figures: figures.collect(), ..Answers::default() }
}

fn cells(workbook: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(workbook)).unwrap();
    workbook.worksheet_range(sheet).unwrap().rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

#[test]
fn only_age_bands_are_asked_in_order() {
    let request = request();
    let asked = request.figures();
    assert_eq!(asked.len(), 19 + 10 * 20);
    assert!(asked.iter().all(|one| one.component().is_some()));
    let sheet = cells(&request.workbook(&Answers::default()).unwrap(), "Age bands");
    assert_eq!(sheet[2][0], "Measure ID");
    let ages: Vec<&str> = sheet[3..22].iter().map(|row| row[7].as_str()).collect();
    assert_eq!((ages[0], ages[1], ages[18]), ("0 to 4", "5 to 9", "90 and over"));
    let of_decile: Vec<(&str, &str)> = sheet[22..42].iter().map(|row| (row[6].as_str(), row[7].as_str())).collect();
    assert_eq!(
        (of_decile[0], of_decile[1], of_decile[19]),
        (("1 - most deprived", "0"), ("1 - most deprived", "1 to 4"), ("1 - most deprived", "90 and over"))
    );
    let figures = cells(&request.workbook(&Answers::default()).unwrap(), "Figures");
    let asked_again = figures[3..].iter().filter(|row| !row[0].is_empty());
    assert!(asked_again.clone().all(|row| row[1].contains("Baseline:")), "no row of the sheet Figures asks for them again");
    assert_eq!(asked_again.count(), 2, "of each baseline the figure itself is asked");
    let guidance = cells(&request.workbook(&Answers::default()).unwrap(), "Guidance").concat().join("\n");
    assert!(guidance.contains("Admissions: Admissions by age. Events: Admissions of the year. Population: People in mid-year."));
}

#[test]
fn blank_age_bands_are_missing_not_faulty() {
    let returns = collect(&request().workbook(&Answers::default()).unwrap());
    let receipt = &returns.receipts[0];
    assert_eq!((receipt.outcome, &receipt.findings[..], receipt.figures), (ReturnOutcome::Blank, &[][..], 0));
    assert_eq!(receipt.lacking, ["admission-rate", "gap"]);
}

#[test]
fn decile_counts_become_the_gap() {
    let returns = collect(&request().workbook(&gap()).unwrap());
    let receipt = &returns.receipts[0];
    assert_eq!((receipt.outcome, &receipt.findings[..]), (ReturnOutcome::Accepted, &[][..]));
    assert_eq!((receipt.figures, receipt.lacking.as_slice()), (10, &["admission-rate".to_owned()][..]));
    let evaluation = judged(&returns);
    let latest = evaluation.measures[1].headline.latest.clone().unwrap();
    let limits = latest.limits.unwrap();
    assert!(limits.lower > 0.0 && limits.contains(latest.value.number().unwrap()), "{latest:?}");
    let cells: Vec<String> = latest.sources.iter().map(Provenance::place).collect();
    assert_eq!(cells, ["sheet Age bands, cells J23:K222"]);
    let id = MeasureId("gap".to_owned());
    let observations = &returns.observations;
    let System { framework, areas, .. } = &*SYSTEM;
    let inputs = EvaluationInputs::new(framework, areas, observations, &[], quarter(), AS_AT);
    let explained = explain(&inputs, &evaluation, &id).unwrap();
    assert_eq!(explained.areas[0].figures[0].observations.len(), 200, "each count is laid open to who judges");
    assert_eq!(explained.areas[0].figures[0].limits.method, LimitsMethod::SlopeIndex);
    assert_eq!(evaluation.measures[1].breakdowns[0].groups.len(), 10);
    let account = ValidationReport::of(receipt, &returns, &wanted(&SYSTEM), areas);
    let [first, ..] = account.figures.as_slice() else { panic!("{account:?}") };
    assert_eq!(account.figures.len(), 10, "a line for each figure, and not for each band");
    assert_eq!((first.value.as_str(), first.cell.as_str()), ("20 of 20 age bands", "Age bands J23:K42"));
    assert_eq!(first.group, "Deprivation deciles: 1 - most deprived");
    assert!(first.counts.contains(" events, population "), "{}", first.counts);
    let published = small_framework::disclosed(&evaluation, framework, areas);
    assert_eq!(published.measures[1].headline.latest.as_ref().unwrap().numerator, None, "no deaths are published");
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    assert!(request().workbook(&gap()).unwrap() == request().workbook(&gap()).unwrap());
}

/// A return whose sheet Age bands has these rows of age, events, population and people by events below its header in row 1.
fn send(rows: &[[&str; 4]]) -> Returns {
    let mut workbook = Workbook::new();
    let about = workbook.add_worksheet().set_name("About").unwrap();
    let keys = [["Partner", "icb"], ["Period", "2026-27-Q2"], ["Data status", "Real"]];
    fill(about, &keys.map(|row| row.to_vec()));
    fill(workbook.add_worksheet().set_name("Figures").unwrap(), &[vec!["Measure ID", "Period", "Value"]]);
    let header = vec!["Measure ID", "Period", "Age", "Events", "Population", "People by number of events"];
    let rows = rows.iter().map(|row| [["admission-rate", YEAR].as_slice(), row].concat());
    let rows: Vec<Vec<&str>> = std::iter::once(header).chain(rows).collect();
    fill(workbook.add_worksheet().set_name("Age bands").unwrap(), &rows);
    collect(&workbook.save_to_buffer().unwrap())
}

fn fill(sheet: &mut Worksheet, rows: &[Vec<&str>]) {
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, *cell).unwrap(),
            };
        }
    }
}

/// 19 good rows.
fn bands() -> Vec<[String; 4]> {
    AgeBand::standard().iter().map(|band| [band.to_string(), "5".into(), "1000".into(), "1: 3; 2: 1".into()]).collect()
}

fn send_changed(row: usize, changed: [&str; 4]) -> Returns {
    let mut rows = bands();
    rows[row] = changed.map(str::to_owned);
    let rows: Vec<[&str; 4]> = rows.iter().map(|row| [&*row[0], &*row[1], &*row[2], &*row[3]]).collect();
    send(&rows)
}

fn told(returns: &Returns) -> Vec<String> {
    let told = |finding: &Finding| {
        assert_eq!(finding.grade, Grade::Error);
        format!("{}: {}", finding.place.trim_start_matches("icb_2026-27-Q2.xlsx, sheet "), finding.problem)
    };
    returns.receipts[0].findings.iter().map(told).collect()
}

#[test]
fn repeated_events_are_given_by_frequency() {
    let returns = send_changed(0, ["0-4", "12", "1000", "1: 4; 4: 2"]);
    assert_eq!((told(&returns), returns.receipts[0].figures), (vec![], 1));
    let squared = |o: &Observation| matches!(o.component().unwrap().component, Component::SquaredEvents(_));
    let squares: Vec<f64> = returns.observations.iter().filter(|o| squared(o)).map(|o| o.value.number().unwrap()).collect();
    // 4·1² + 2·4², and 3·1² + 1·2² in each of the others.
    assert_eq!(squares, [[36.0].as_slice(), &[7.0; 18]].concat());
    let latest = judged(&returns).measures[0].headline.latest.clone().unwrap();
    let weights = 1.0 / 100_000.0;
    // By hand: Σw·events ÷ people.
    assert!((latest.value.number().unwrap() - 100.0 * (12.0 * 5000.0 * weights + 5.0 * 95_000.0 * weights)).abs() < 1e-9);
    assert_eq!((latest.numerator, latest.denominator), (Some(102.0), Some(19_000.0)));
    assert_eq!(latest.sources.iter().map(Provenance::place).collect::<Vec<_>>(), ["sheet Age bands, cells D2:E20, F2:F20"]);
}

#[test]
fn faulty_bands_are_told_and_make_nothing() {
    let lacking = |ages: &str| {
        format!(
            "Age bands: Admissions: 1 of 19 age bands is missing for E54000060 in 2025/26 ({ages}), so the figure is not made"
        )
    };
    for (row, problem) in [
        (["5 to 9", "4.5", "1000", "1: 4"], "cell D3: 4.5 was found; a whole number of events, 0 or more, was expected"),
        (["5 to 9", "-1", "1000", ""], "cell D3: -1 was found; a whole number of events, 0 or more, was expected"),
        (["5 to 9", "5", "0", "1: 5"], "cell E3: 0 was found; a population above 0 was expected"),
        (["5 to 9", "5", "", "1: 5"], "cell E3: there are events and no population"),
        (["5 to 9", "", "1000", ""], "cell D3: there is a population and no number of events"),
        (
            ["5 to 9", "five", "1000", ""],
            "cell D3: the text \"five\" was found where a number, or a mark such as * (suppressed), .. (missing) or n/a, was expected",
        ),
        (["5 to 9", "5", "1000", "1: 3"], "cell F3: it adds up to 3 events; the row has 5"),
        (["5 to 9", "5", "1000", ""], "cell F3: it is not given how many people had how many events"),
        (["5 to 9", "5", "1000", "some"], "cell F3: \"some\" does not say how many people had how many events"),
        (
            ["5 to 8", "5", "1000", "1: 5"],
            "cell C3: the text \"5 to 8\" was found; one of 0 to 4, 5 to 9, 10 to 14, 15 to 19, 20 to 24, 25 to 29, 30 to 34, 35 to 39, 40 to 44, 45 to 49, 50 to 54, 55 to 59, 60 to 64, 65 to 69, 70 to 74, 75 to 79, 80 to 84, 85 to 89, 90 and over was expected for admission-rate",
        ),
    ] {
        let returns = send_changed(1, row);
        let told = told(&returns);
        assert!(told.contains(&format!("Age bands, {problem}")), "{row:?}: {told:#?}");
        assert!(told.contains(&lacking("5 to 9")), "{row:?}: {told:#?}");
        assert_eq!(told.len(), 2);
        let headline = judged(&returns).measures[0].headline.clone();
        assert_eq!(headline.reason, "The figure of 2025/26 is not given: 18 of 19 age bands are given");
        assert_eq!(returns.receipts[0].outcome, ReturnOutcome::AcceptedInPart);
    }
}

#[test]
fn a_suppressed_band_withholds_the_figure() {
    for mark in ["*", "<5"] {
        let returns = send_changed(1, ["5 to 9", mark, "1000", ""]);
        assert_eq!(told(&returns), Vec::<String>::new());
        let headline = judged(&returns).measures[0].headline.clone();
        assert_eq!(headline.reason, "The figure of 2025/26 is not given: counts that it is made from are suppressed");
        assert_eq!(headline.latest.unwrap().value, Value::Suppressed);
    }
}

#[test]
fn packs_tell_no_band_counts() {
    let returns = send_changed(1, ["5 to 9", "5", "1000", "1: 3"]);
    let evaluation = judged(&returns);
    let System { framework, areas, .. } = &*SYSTEM;
    let published = small_framework::disclosed(&evaluation, framework, areas);
    let receipts = disclose_receipts(&returns.receipts, &published, framework);
    let problems: Vec<&str> = receipts[0].findings.iter().map(|finding| finding.problem.as_str()).collect();
    assert_eq!(problems[0], "Admissions for 2025/26: something was found of a figure that is not published, and it is not used");
    assert_eq!(problems.len(), 2);
    // Nor what one was before it was corrected, of a measure whose figures are not protected themselves.
    let gap = collect(&request().workbook(&gap()).unwrap()).observations;
    let was: Vec<Observation> = gap.iter().take(1).map(|o| Observation { value: Value::Number(99.0), ..o.clone() }).collect();
    let restated = FigureVintages::of(&gap).replacing(&was).revisions();
    assert_eq!(restated.iter().map(|restated| restated.old).collect::<Vec<_>>(), [Value::Number(99.0)]);
    let told = disclose_revisions(&restated, &published, &EarlierFigures::default(), framework);
    assert_eq!((told[0].old, told[0].new), (Value::Suppressed, Value::Suppressed));
}

#[test]
fn the_figure_itself_may_answer_for_bands() {
    let request = request();
    let asked = request.figures().into_iter().find(|one| one.measure.id.0 == "gap").unwrap();
    let answers = asked.answered_by();
    let categories: Vec<Option<(&str, &str)>> =
        answers.iter().map(|key| key.category.as_ref().map(|c| (c.scheme.as_str(), c.group.as_str()))).collect();
    let first = asked.series.category.as_ref().unwrap();
    assert_eq!(categories, [Some((&*first.scheme, &*first.group)), Some((DECILES, "1 - most deprived")), None]);
}

#[test]
fn conflicting_bands_are_both_unused() {
    let mut rows: Vec<[String; 4]> = bands();
    rows.push(["0 to 4".into(), "6".into(), "1000".into(), "1: 6".into()]);
    let rows: Vec<[&str; 4]> = rows.iter().map(|row| [&*row[0], &*row[1], &*row[2], &*row[3]]).collect();
    let told = told(&send(&rows));
    assert!(told.iter().any(|told| told.contains("neither is used")), "{told:#?}");
    assert!(told.iter().any(|told| told.contains("(0 to 4), so the figure is not made")), "{told:#?}");
}

#[test]
fn unasked_bands_are_told_at_their_cell() {
    let mut workbook = Workbook::new();
    fill(
        workbook.add_worksheet().set_name("About").unwrap(),
        &[vec!["Partner", "icb"], vec!["Period", "2026-27-Q2"], vec!["Data status", "Real"]],
    );
    fill(workbook.add_worksheet().set_name("Figures").unwrap(), &[vec!["Measure ID", "Period", "Value"]]);
    fill(
        workbook.add_worksheet().set_name("Age bands").unwrap(),
        &[
            vec!["Measure ID", "Period", "Area", "Age", "Events", "Population", "Breakdown", "Group"],
            vec!["admission-rate", YEAR, "E06000018", "0 to 4", "5", "1000"],
            vec!["gap", YEAR, "", "0", "5", "1000"],
            vec!["gap", YEAR, "", "0", "5", "1000", DECILES, "11"],
        ],
    );
    let told = told(&collect(&workbook.save_to_buffer().unwrap()));
    assert!(told[0].starts_with("Age bands, cell C2: \"E06000018\" was found"), "{told:#?}");
    assert_eq!(told[1], "Age bands, cell G3: gap is made from the counts of groups, and none is named");
    assert!(told[2].starts_with("Age bands, cell H4: \"11\" was found; one of 1 - most deprived, 2"), "{told:#?}");
    assert_eq!(told.len(), 3);
}

#[test]
fn a_mean_has_limits_by_its_standard_deviation() {
    let made_from = "made_from = { kind = \"directly_standardised_rate\", repeats = true }";
    let means = system(&FRAMEWORK.replace(made_from, "made_from = { kind = \"mean\" }").replace("standardised-rate", "estimate"));
    let request = request_of(&means);
    let blank = request.workbook(&Answers::default()).unwrap();
    assert_eq!(cells(&blank, "Figures")[2][15..], ["Note", "Standard deviation"]);
    assert_eq!(collect_of(&means, &blank).receipts[0].findings, []);
    let send = |row: Vec<&'static str>| {
        let mut workbook = Workbook::new();
        let keys = [["Partner", "icb"], ["Period", "2026-27-Q2"], ["Data status", "Real"]];
        fill(workbook.add_worksheet().set_name("About").unwrap(), &keys.map(|row| row.to_vec()));
        let header = vec!["Measure ID", "Period", "Value", "Denominator", "Standard deviation"];
        fill(workbook.add_worksheet().set_name("Figures").unwrap(), &[header, row]);
        collect_of(&means, &workbook.save_to_buffer().unwrap())
    };
    // The worked case MEAN-S001: twelve values.
    let returns = send(vec!["admission-rate", YEAR, "231.01", "12", "70.536695025291"]);
    assert_eq!((told(&returns), returns.receipts[0].figures), (vec![], 1));
    let latest = judged_of(&means, &returns).measures[0].headline.latest.clone().unwrap();
    let limits = latest.limits.unwrap();
    assert!((limits.lower - 186.193_122_136_444).abs() < 1e-9 && (limits.upper - 275.826_877_863_556).abs() < 1e-9, "{limits:?}");
    let places: Vec<String> = latest.sources.iter().map(Provenance::place).collect();
    assert_eq!(places, ["sheet Figures, cells C2, E2"]);
    for (row, problem) in [
        (["admission-rate", "2025/26", "231.01", "12", "-1"], "-1 was found; a standard deviation of 0 or more was expected"),
        (
            ["admission-rate", "2025/26", "231.01", "", "70"],
            "there is a standard deviation without the mean and the number of people",
        ),
        (["gap", "2025/26", "7.1", "", "2"], "gap is not a mean, and has no standard deviation"),
    ] {
        assert_eq!(told(&send(row.to_vec())), [format!("Figures, cell E2: {problem}")]);
    }
}

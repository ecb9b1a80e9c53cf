//! Every kind of public source: what is asked, how its answers become figures, and what is told where they do not.

mod descriptions;
mod published;

use crate::support::public_source;

use crate::support::public_source::server::{Server, ok, status};
use crate::support::public_source::{collect, figures, measure, only_reason, settings_of};
use boardpack::archive::Archive;
use boardpack::area::Areas;
use boardpack::assets::Assets;
use boardpack::collect::workbook::ReaderProcess;
use boardpack::collect::{
    Changed, FetchSetup, Files, Finding, Grade, Indicators, RunScope, collect_indicators, search_indicators,
};
use boardpack::evaluate::{EvaluationInputs, evaluate};
use boardpack::figure::{Observation, Provenance};
use boardpack::framework::{self, Framework, MeasureSource};
use boardpack::period::{Period, YearKind};
use boardpack::settings::{self, Settings};
use boardpack::value::{Limits, Value};
use jiff::civil::date;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn tests(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path)
}

fn demo(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/demo").join(path)
}

fn shipped() -> (Framework, Areas) {
    let config = Assets::config(None);
    (framework::load(&config, "2024").unwrap_or_else(|e| panic!("{e}")), framework::read_areas(&config).unwrap())
}

/// What the shipped framework gets out of these settings, descriptions and all.
async fn collected(settings: &Settings, archive: &Archive, at: &str) -> Indicators {
    let (framework, areas) = shipped();
    let config = Assets::config(None);
    let files = Files { config: &config, areas: &areas, limits: &settings.returns.limits, reading: &ReaderProcess::Here };
    let period = Period::parse("2026-27-Q2", YearKind::Financial).unwrap();
    let wanted = RunScope { framework: &framework, partners: &[], period, as_at: at[..10].parse().unwrap() };
    let means = FetchSetup {
        files: Some(files),
        descriptions: true,
        ..FetchSetup::new(&settings.sources, &settings.fetch, archive, at.parse().unwrap())
    };
    collect_indicators(&wanted, &means, &|_, _, _| {}).await
}

fn an_archive() -> (tempfile::TempDir, Archive) {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::new(folder.path().to_owned());
    (folder, archive)
}

/// A folder with these files as answers to these requests.
fn recordings(answers: &[(&str, PathBuf)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut list = String::new();
    for (number, (request, file)) in answers.iter().enumerate() {
        std::fs::copy(file, folder.path().join(number.to_string())).unwrap();
        list += &format!("[[answer]]\nrequest = {request:?}\nfile = \"{number}\"\nretrieved = \"2026-11-02T09:00:00Z\"\n");
    }
    std::fs::write(folder.path().join("recordings.toml"), list).unwrap();
    folder
}

fn place(observation: &Observation) -> String {
    observation.provenance.place()
}

// The generic API: settings and no code.

const NOMIS: &str = r##"
[sources.nomis]
kind = "api"
publisher = "Office for National Statistics (Nomis)"
licence = "Open Government Licence v3.0"
base_url = "BASE"
only = { "/measures/value" = "20599", "/obs_status/value" = "A" }
[sources.nomis.api]
request = "dataset/NM_17_5.data.json?variable={indicator}&geography={areas}&time=latestMINUS8,latestMINUS4,latest"
format = "json"
rows = "/obs"
cut_short = "/header/truncated"
[sources.nomis.columns]
indicator = "/variable/value"
area = "/geography/geogcode"
period = "/time/description"
value = "/obs_value/value"
"##;

const NOMIS_REQUEST: &str = "dataset/NM_17_5.data.json?variable=45&geography=E06000018,E07000170,E54000060,E92000001&time=latestMINUS8,latestMINUS4,latest";

fn employment() -> String {
    measure("employment", "calendar", "source = \"nomis\", indicator = \"45\"").replace("\"years\"", "\"percent\"")
}

#[tokio::test]
async fn nomis_apis_need_only_settings() {
    let folder = recordings(&[(NOMIS_REQUEST, tests("data/sources/nomis_employment_rate.json"))]);
    let indicators = collect(&[employment()], &settings_of(&NOMIS.replace("BASE", folder.path().to_str().unwrap()))).await;
    let found: Vec<_> = figures(&indicators).into_iter().map(|(_, area, period, value)| (area, period, value)).collect();
    let figure = |area, year: i32, value| (area, year.to_string(), Value::Number(value));
    assert_eq!(
        found,
        [
            figure("E06000018", 2021, 71.7),
            figure("E06000018", 2022, 63.7),
            figure("E06000018", 2023, 66.1),
            figure("E92000001", 2021, 75.1),
            figure("E92000001", 2022, 75.8),
            figure("E92000001", 2023, 76.0),
        ]
    );
    assert_eq!(place(&indicators.observations[1]), "/obs/2", "each figure is traced to its row");
}

#[tokio::test]
async fn truncated_answers_are_not_taken_for_whole() {
    let text = std::fs::read_to_string(tests("data/sources/nomis_employment_rate.json")).unwrap();
    for (wrong, expected) in [
        (text.replace("\"truncated\": \"false\"", "\"truncated\": \"true\""), "the source left rows out of its answer"),
        (text.replace("\"geogcode\"", "\"code\""), "/obs/0 has nothing at \"/geography/geogcode\" (sources.nomis.columns says"),
        (text.replace("\"obs_value\"", "\"observed\""), "not one of the 12 rows has a value at \"/obs_value/value\""),
        (text.replace("\"obs\":", "\"rows\":"), "the answer holds no list at \"/obs\""),
        (text[..text.len() / 2].to_owned(), "the answer was cut short"),
        (text.replace("71.7", "\"about 70\""), "/obs/0: \"about 70\" is in \"/obs_value/value\" where a number was expected"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("wrong.json"), wrong).unwrap();
        let list = recordings(&[(NOMIS_REQUEST, folder.path().join("wrong.json"))]);
        let reason =
            only_reason(&collect(&[employment()], &settings_of(&NOMIS.replace("BASE", list.path().to_str().unwrap()))).await);
        assert!(reason.starts_with(expected), "{reason}");
    }
}

#[tokio::test]
async fn ons_apis_are_asked_area_by_area() {
    let settings = r##"
[sources.ons]
kind = "api"
publisher = "Office for National Statistics"
licence = "Open Government Licence v3.0"
base_url = "BASE"
sexes = { Female = "females", Male = "males" }
[sources.ons.areas]
E06000018 = "E06000018"
E92000001 = "E92000001"
[sources.ons.api]
request = "datasets/{indicator}/observations?time=*&geography={area}&sex={sex}"
format = "json"
rows = "/observations"
[sources.ons.columns]
area = "#/dimensions/geography/option/id"
sex = "#/dimensions/sex/option/id"
period = "/dimensions/Time/label"
value = "/observation"
lower = "/metadata/lower_ci"
upper = "/metadata/upper_ci"
"##;
    let request = |area: &str| format!("datasets/healthy-life-expectancy/observations?time=*&geography={area}&sex=females");
    let file = |area: &str| tests(&format!("data/sources/ons_healthy_life_expectancy_{area}.json"));
    let folder = recordings(&[(&request("E06000018"), file("E06000018")), (&request("E92000001"), file("E92000001"))]);
    let settings = settings_of(&settings.replace("BASE", folder.path().to_str().unwrap()));
    let source = "source = \"ons\", indicator = \"healthy-life-expectancy\", sex = \"Female\", years = 3";
    let indicators = collect(&[measure("healthy", "calendar", source)], &settings).await;
    let found: Vec<_> = figures(&indicators).into_iter().map(|(_, area, period, value)| (area, period, value)).collect();
    let figure = |area, period: &str, value| (area, period.to_owned(), Value::Number(value));
    assert_eq!(
        found,
        [
            figure("E06000018", "2020 - 22", 56.0),
            figure("E06000018", "2021 - 23", 56.8),
            figure("E06000018", "2022 - 24", 55.3),
            figure("E92000001", "2020 - 22", 62.8),
            figure("E92000001", "2021 - 23", 61.9),
            figure("E92000001", "2022 - 24", 61.3),
        ]
    );
    assert!(indicators.observations.iter().all(|o| o.limits.is_some_and(|limits| limits.contains(o.value.number().unwrap()))));
    assert_eq!(indicators.receipts.len(), 2, "an answer an area");
}

#[tokio::test]
async fn numbered_pages_end_with_a_short_one() {
    let page = |rows: &[(&str, u32)]| {
        let rows = rows.iter().map(|(area, year)| format!("{area},{year},{}.5,x\n", year - 1950));
        ok(format!("GEOGRAPHY_CODE,DATE,OBS_VALUE,OTHER\n{}", rows.collect::<String>()))
    };
    let (a, b) = ("E06000018", "E92000001");
    let server = Server::start(vec![page(&[(a, 2021), (a, 2022)]), page(&[(b, 2021), (b, 2022)]), page(&[])]).await;
    let settings = settings_of(&format!(
        "[sources.paged]\nkind = \"api\"\npublisher = \"P\"\nlicence = \"L\"\nbase_url = \"{}\"\n[sources.paged.api]\n\
         request = \"d.csv?i={{indicator}}\"\nformat = \"csv\"\n\
         paging = {{ parameter = \"recordoffset\", size = 2, counts = \"rows\" }}\n[sources.paged.columns]\n\
         area = \"GEOGRAPHY_CODE\"\nperiod = \"DATE\"\nvalue = \"OBS_VALUE\"\n",
        server.base
    ));
    let indicators = collect(&[measure("m", "calendar", "source = \"paged\", indicator = \"a b&c\"")], &settings).await;
    assert_eq!(figures(&indicators).len(), 4);
    let lines: Vec<String> = indicators.observations.iter().map(place).collect();
    assert_eq!(lines, ["line 2", "line 3", "line 2", "line 3"]);
    let asked: Vec<String> = server.asked.lock().unwrap().iter().map(|head| head.lines().next().unwrap().to_owned()).collect();
    assert_eq!(
        asked,
        ["GET /api/d.csv?i=a%20b%26c", "GET /api/d.csv?i=a%20b%26c&recordoffset=2", "GET /api/d.csv?i=a%20b%26c&recordoffset=4"]
    );
}

// The UKHSA data dashboard.

fn dashboard(base: &str) -> Settings {
    settings_of(&format!(
        "[sources.ukhsa]\nkind = \"dashboard\"\npublisher = \"UK Health Security Agency\"\nlicence = \"OGL\"\nbase_url = \"{base}\"\n\
         areas = {{ E92000001 = \"Nation/England\" }}\n[fetch]\nfirst_retry_milliseconds = 1\nattempts = 1\n"
    ))
}

fn mrsa(months: u32) -> String {
    let source =
        "source = \"ukhsa\", indicator = \"infectious_disease/healthcare_associated_infection/MRSA/MRSA_cases\", age = \"all\"";
    measure("mrsa", "financial", source).replace("cadence_months = 12", &format!("cadence_months = {months}"))
}

/// A row as the dashboard writes it; the other fields are left out.
fn point(date: &str, value: &str, extra: &str) -> String {
    format!(
        "{{\"geography\":\"England\",\"geography_code\":\"E92000001\",\"metric\":\"MRSA_cases\",\"stratum\":\"default\",\
         \"sex\":\"all\",\"age\":\"all\",\"date\":\"{date}\",\"metric_value\":{value},\"in_reporting_delay_period\":false{extra}}}"
    )
}

fn page(next: &str, points: &[String]) -> String {
    format!("{{\"count\":3,\"next\":{next},\"previous\":null,\"results\":[{}]}}", points.join(","))
}

#[tokio::test]
async fn the_dashboard_is_read_page_by_page() {
    let server = Server::start(vec![]).await;
    let next = format!("\"{}themes/infectious_disease/more?page=2&page_size=365\"", server.base);
    let other = |from: &str, to: &str| point("2026-05-31", "9.0", "").replace(from, to);
    let delayed = other("\"in_reporting_delay_period\":false", "\"in_reporting_delay_period\":true");
    let first = page(&next, &[point("2026-04-30", "71.0", ""), other("\"sex\":\"all\"", "\"sex\":\"m\""), delayed]);
    let second = page("null", &[point("2026-06-30", "64.0", ""), other("\"stratum\":\"default\"", "\"stratum\":\"white\"")]);
    server.then(vec![ok(first), ok(second)]);
    let indicators = collect(&[mrsa(1)], &dashboard(&server.base)).await;
    assert_eq!(
        figures(&indicators),
        [
            ("mrsa", "E92000001", "Apr 2026".to_owned(), Value::Number(71.0)),
            ("mrsa", "E92000001", "Jun 2026".to_owned(), Value::Number(64.0)),
        ]
    );
    let asked: Vec<String> = server.asked.lock().unwrap().iter().map(|head| head.lines().next().unwrap().to_owned()).collect();
    assert_eq!(
        asked,
        [
            "GET /api/themes/infectious_disease/sub_themes/healthcare_associated_infection/topics/MRSA/geography_types/Nation\
             /geographies/England/metrics/MRSA_cases?page_size=365",
            "GET /api/themes/infectious_disease/more?page=2&page_size=365",
        ]
    );
    let Provenance::Answer { url, .. } = &indicators.observations[1].provenance else { panic!() };
    assert!(url.ends_with("more?page=2&page_size=365") && place(&indicators.observations[1]) == "/results/0", "{url}");
}

#[tokio::test]
async fn next_pages_stay_on_their_host() {
    let elsewhere = Server::start(vec![ok(page("null", &[]))]).await;
    let next = format!("\"{}page2\"", elsewhere.base);
    let server = Server::start(vec![ok(page(&next, &[point("2026-04-30", "71.0", "")]))]).await;
    let reason = only_reason(&collect(&[mrsa(1)], &dashboard(&server.base)).await);
    assert!(reason.contains("another host than the source's"), "{reason}");
    assert_eq!(elsewhere.times_asked(), 0);
}

#[tokio::test]
async fn weekly_figures_are_not_taken_for_monthly_ones() {
    let points = [point("2026-04-05", "15.0", ""), point("2026-04-12", "15.0", "")];
    let server = Server::start(vec![ok(page("null", &points))]).await;
    let reason = only_reason(&collect(&[mrsa(1)], &dashboard(&server.base)).await);
    assert_eq!(reason, "/results/1: 2026-04-05 and 2026-04-12 both lie in Apr 2026: daily or weekly figures are not added up");
}

// Published files.

fn files(kind: &str) -> Settings {
    let folder = tests("workbooks");
    settings_of(&format!("[sources.fingertips]\nbase_url = \"\"\n[sources.hcai]\n{kind}\nbase_url = \"{}\"\n", folder.display()))
}

#[tokio::test]
async fn published_workbooks_match_copied_figures_by_cell() {
    let (_folder, archive) = an_archive();
    let settings = files("kind = \"workbook\"\nfile = \"ukhsa_hcai.ods\"\nmapping = \"ukhsa-hcai\"");
    let indicators = collected(&settings, &archive, "2026-11-20T09:00:00Z").await;
    let labels = [
        ("e-coli-rate", "Escherichia coli"),
        ("klebsiella-rate", "Klebsiella genus"),
        ("pseudomonas-rate", "Pseudomonas aeruginosa"),
    ];
    let mut compared = 0;
    for row in csv::Reader::from_path(tests("workbooks/ukhsa_hcai_published.csv")).unwrap().records() {
        let row = row.unwrap();
        let Some((measure, _)) = labels.iter().find(|(_, organism)| *organism == &row[0]) else { continue };
        let of = |o: &&Observation| o.measure.0 == *measure && o.area.as_str() == &row[1] && o.period.to_string() == row[4];
        let found = indicators.observations.iter().find(of).unwrap_or_else(|| panic!("{row:?}"));
        let expected = row[5].parse().map_or(Value::Missing, Value::Number);
        // One of them was saved again by another program: the last of sixteen digits is not the publisher's.
        let apart = found.value.number().unwrap_or_default() - expected.number().unwrap_or_default();
        assert!(apart.abs() < 1e-9 && found.value.number().is_some() == expected.number().is_some(), "{row:?}");
        assert!(place(found).starts_with("sheet Table_S6, cell "), "{}", place(found));
        compared += 1;
    }
    assert!(compared >= 40, "{compared}");
    let Provenance::Answer { url, indicator, .. } = &indicators.observations[0].provenance else { panic!() };
    assert_eq!(url, "file ukhsa_hcai.ods");
    assert_eq!(indicator, "Annual epidemiological commentary: rates by integrated care board");
}

#[tokio::test]
async fn unfitting_files_say_which_sheet_is_missing() {
    let (_folder, archive) = an_archive();
    for (file, expected) in [
        ("nhse_beds.xlsx", "has no sheet \"Table_S6\"; it has"),
        ("ukhsa_hcai_published.csv", "has no sheet \"Table_S6\"; it has \"ukhsa_hcai_published\""),
        ("no-such.ods", "no-such.ods cannot be read"),
    ] {
        let settings = files(&format!("kind = \"workbook\"\nfile = \"{file}\"\nmapping = \"ukhsa-hcai\""));
        let indicators = collected(&settings, &archive, "2026-11-20T09:00:00Z").await;
        let receipt = indicators.receipts.iter().find(|receipt| receipt.source == "hcai").unwrap();
        assert!(format!("{:?}", receipt.outcome).replace('\\', "").contains(expected), "{:?}", receipt.outcome);
    }
}

// Months added up to years.

const MONTHLY: &str = "attendances,emergencies,waits,month\n";

fn admissions(rows: &[(u32, &str)]) -> String {
    let rows = rows.iter().map(|(count, month)| format!("{},{count},{},{month}\n", count * 3, count / 5));
    format!("{MONTHLY}{}", rows.collect::<String>()).replace('\n', ",E54000060\n").replacen("month,E54000060", "month,area", 1)
}

fn year() -> Vec<(u32, String)> {
    (0..12).map(|month| (1000 + month, format!("{}-{:02}", 2024 + (month + 3) / 12, (month + 3) % 12 + 1))).collect()
}

async fn added_up(months: &[(u32, String)]) -> Indicators {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<(u32, &str)> = months.iter().map(|(count, month)| (*count, month.as_str())).collect();
    std::fs::write(folder.path().join("months.csv"), admissions(&rows)).unwrap();
    let settings = settings_of(&format!(
        "[sources.months]\nkind = \"table\"\npublisher = \"NHS England\"\nlicence = \"L\"\nbase_url = \"{}\"\nfile = \"months.csv\"\n\
         period_format = \"iso-month\"\n[sources.months.columns]\narea = \"area\"\nperiod = \"month\"\nvalue = \"emergencies\"\n",
        folder.path().display()
    ));
    let source = "source = \"months\", indicator = \"Emergency admissions\", aggregate = \"sum\"";
    let measure = measure("year", "financial", source).replace("\"estimate\"", "\"count\"").replace("\"years\"", "\"count\"");
    collect(&[measure], &settings).await
}

#[tokio::test]
async fn only_twelve_months_make_a_year() {
    let months = year();
    let whole = added_up(&months).await;
    let expected: u32 = (1000..1012).sum();
    assert_eq!(figures(&whole), [("year", "E54000060", "2024/25".to_owned(), Value::Number(f64::from(expected)))]);
    assert_eq!(place(&whole.observations[0]), "lines 2 to 13");
    assert_eq!(whole.observations[0].note, "Apr 2024 to Mar 2025 added up");
    // It is called as the measure asks for it, not as the column is headed.
    let Provenance::Answer { indicator, .. } = &whole.observations[0].provenance else { panic!() };
    assert_eq!(indicator, "Emergency admissions");
    let reason = only_reason(&added_up(&months[1..]).await);
    assert_eq!(reason, "no period of 12 months is whole, so nothing could be added up");
}

#[tokio::test]
async fn duplicate_months_are_not_summed() {
    let mut months = year();
    months[11].0 = months[2].0;
    let indicators = added_up(&months).await;
    assert_eq!(figures(&indicators), [("year", "E54000060", "2024/25".to_owned(), Value::Missing)]);
    let doubt = "Mar 2025 (line 13) repeats 2024-06 (line 4) in every column";
    assert_eq!(indicators.observations[0].note, format!("not added up: {doubt}"));
    let told: Vec<String> = indicators.findings.iter().map(|f| format!("{:?} {}: {}", f.grade, f.place, f.problem)).collect();
    assert_eq!(
        told,
        [
            format!("Question file months.csv, line 13: t of E54000060, Mar 2025: {doubt}"),
            format!("Question year of E54000060, 2024/25: was not added up: {doubt}"),
        ]
    );
}

/// What a table and a JSON answer give for a measure in this unit whose value is written so.
async fn written(unit: &str, value: &str) -> [Indicators; 2] {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), format!("area,year,value\nE54000060,2024,\"{value}\"\n")).unwrap();
    std::fs::write(
        folder.path().join("j.json"),
        format!(r#"{{"rows":[{{"area":"E54000060","year":"2024","value":"{value}"}}]}}"#),
    )
    .unwrap();
    let answer =
        |file: &str| format!("[[answer]]\nrequest = \"{file}\"\nfile = \"{file}\"\nretrieved = \"2026-11-02T09:00:00Z\"\n");
    std::fs::write(folder.path().join("recordings.toml"), ["t.csv", "j.json"].map(answer).concat()).unwrap();
    let base = folder.path().display();
    let source = |kind: &str, columns: [&str; 3]| {
        let [area, year, value] = columns;
        settings_of(&format!(
            "[sources.x]\npublisher = \"P\"\nlicence = \"L\"\nbase_url = \"{base}\"\n{kind}[sources.x.columns]\narea = \"{area}\"\n\
             period = \"{year}\"\nvalue = \"{value}\"\n"
        ))
    };
    let measure = measure("m", "calendar", "source = \"x\", indicator = \"i\"").replace("\"years\"", unit);
    let table = source("kind = \"table\"\nfile = \"t.csv\"\n", ["area", "year", "value"]);
    let json = source(
        "kind = \"api\"\n[sources.x.api]\nrequest = \"j.json\"\nformat = \"json\"\nrows = \"/rows\"\n",
        ["/area", "/year", "/value"],
    );
    [collect(std::slice::from_ref(&measure), &table).await, collect(&[measure], &json).await]
}

#[tokio::test]
async fn published_units_follow_the_rules_of_returns() {
    let thousands = r#"{ label = "thousand pounds", before = "£", after = "k" }"#;
    let millions = r#"{ label = "million pounds", before = "£", after = "m" }"#;
    let percent = "\"percent\"";
    for (unit, value, read) in [
        (thousands, "£1.2m", 1200.0),
        (thousands, "1.2m", 1200.0),
        (thousands, "£450k", 450.0),
        (thousands, "450k", 450.0),
        (thousands, "1,200,000", 1_200_000.0),
        (thousands, "(£1.2m)", -1200.0),
        (millions, "£1.2m", 1.2),
        (millions, "£1.2 million", 1.2),
        (millions, "450k", 0.45),
        (millions, "£25bn", 25_000.0),
        (millions, "1.2", 1.2),
        ("\"pounds\"", "£1.2k", 1200.0),
        (percent, "6%", 6.0),
        (percent, "6.0 per cent", 6.0),
        (percent, "6", 6.0),
        ("\"per1000\"", "4.5 per 1,000", 4.5),
        ("\"count\"", "1\u{a0}234", 1234.0),
    ] {
        for indicators in written(unit, value).await {
            let found: Vec<Value> = indicators.observations.iter().map(|figure| figure.value).collect();
            assert_eq!(found, [Value::Number(read)], "{value} in {unit}: {:?}", indicators.receipts);
        }
    }
}

#[tokio::test]
async fn ambiguous_published_units_are_not_read() {
    let thousands = r#"{ label = "thousand pounds", before = "£", after = "k" }"#;
    let millions = r#"{ label = "million pounds", before = "£", after = "m" }"#;
    for (unit, value, reason) in [
        (thousands, "£1,200,000", "1,200,000 may mean £1,200k or £1,200,000k"),
        (millions, "1,200,000", "1,200,000 may mean £1.2m or £1,200,000m"),
        (thousands, "6%", "6% was found where the unit is another (thousand pounds)"),
        ("\"percent\"", "£6", "an amount of money was found where the unit is another (%)"),
        ("\"per100k\"", "4.5 per 1,000", "\"4.5 per 1,000\" is in"),
        ("\"per1000\"", "6%", "6% was found where the unit is another (per 1,000)"),
        ("\"count\"", "1234-", "\"1234-\" is in"),
        ("\"count\"", "12,5", "\"12,5\" is in"),
        ("\"count\"", "1'234", "\"1'234\" is in"),
        ("\"count\"", "(5)", "\"(5)\" is in"),
    ] {
        for indicators in written(unit, value).await {
            let told = only_reason(&indicators);
            assert!(told.contains(reason), "{value} in {unit}: {told}");
        }
    }
}

// What sources say of their indicators.

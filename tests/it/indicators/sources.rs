//! Every kind of public source: what is asked, how its answers become figures, and what is told where they do not.

use crate::support::public_source;

use crate::support::public_source::server::{Server, ok, status};
use crate::support::public_source::{collect, figures, measure, only_reason, settings_of};
use boardpack::archive::Archive;
use boardpack::area::Areas;
use boardpack::assets::Assets;
use boardpack::collect::workbook::Reading;
use boardpack::collect::{Changed, Files, Finding, Grade, Indicators, Means, Wanted, collect_indicators, search_indicators};
use boardpack::evaluate::{EvaluationInputs, evaluate};
use boardpack::figure::{Observation, Provenance};
use boardpack::framework::{self, Framework, Source};
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
    let files = Files { config: &config, areas: &areas, limits: &settings.returns.limits, reading: &Reading::Here };
    let period = Period::parse("2026-27-Q2", YearKind::Financial).unwrap();
    let wanted = Wanted { framework: &framework, partners: &[], period, as_at: at[..10].parse().unwrap() };
    let means = Means {
        files: Some(files),
        descriptions: true,
        ..Means::new(&settings.sources, &settings.fetch, archive, at.parse().unwrap())
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
    let source = "source = \"months\", indicator = \"emergencies\", aggregate = \"sum\"";
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

const DESCRIBED: &str = "Indicator ID,Indicator,Definition,Data source,Data re-use,Unit,Value type,Year type,Polarity\r\n";

fn described(name: &str, unit: &str, polarity: &str) -> String {
    format!("{DESCRIBED}90366,{name},How long,OHID,OGL,{unit},Life expectancy,Calendar,{polarity}\r\n")
}

fn problems(indicators: &Indicators, grade: Grade) -> Vec<String> {
    let of = indicators.findings.iter().filter(|finding| finding.grade == grade);
    of.map(|Finding { place, problem, .. }| format!("{place}: {problem}")).collect()
}

async fn fetched(server: &Server, archive: &Archive, at: &str, description: &str) -> Indicators {
    server.then(vec![ok(public_source::good()), ok(description)]);
    let settings = public_source::settings_with(&server.base);
    let text = public_source::life_expectancy("le", "Female", 3);
    let framework = public_source::framework(&[text]);
    let period = Period::parse("2026-27-Q2", YearKind::Financial).unwrap();
    let wanted = Wanted { framework: &framework, partners: &[], period, as_at: at[..10].parse().unwrap() };
    let means = Means { descriptions: true, ..Means::new(&settings.sources, &settings.fetch, archive, at.parse().unwrap()) };
    collect_indicators(&wanted, &means, &|_, _, _| {}).await
}

#[tokio::test]
async fn changed_descriptions_are_queried_at_no_cost() {
    let (_folder, archive) = an_archive();
    let server = Server::start(vec![]).await;
    let good = described("Life expectancy at birth", "Years", "RAG - High is good   ");
    let first = fetched(&server, &archive, "2026-11-01T09:00:00Z", &good).await;
    assert_eq!((first.findings.len(), first.observations.len()), (0, 2), "{:?}", first.findings);
    assert!(server.last_asked().starts_with("GET /api/indicator_metadata/csv/by_indicator_id?indicator_ids=90366\n"));
    let changed = described("Life expectancy at 65", "%", "RAG - Low is good");
    let second = fetched(&server, &archive, "2026-11-10T09:00:00Z", &changed).await;
    assert_eq!(second.observations.len(), 2);
    let expected = [
        "OHID Fingertips 90366: is given in \"%\"; the framework has \"years\" for le",
        "OHID Fingertips 90366: has \"RAG - Low is good\"; the framework has the other way round for le",
        "OHID Fingertips 90366: is called \"Life expectancy at 65\"; on 2026-11-01 it was \"Life expectancy at birth\"",
        "OHID Fingertips 90366: has \"RAG - Low is good\"; on 2026-11-01 it had \"RAG - High is good\"",
    ];
    assert_eq!(problems(&second, Grade::Question), expected);
    let third = fetched(&server, &archive, "2026-11-20T09:00:00Z", &changed).await;
    assert_eq!(problems(&third, Grade::Question), expected, "it is asked until the framework says otherwise");
}

#[tokio::test]
async fn missing_descriptions_cost_no_figure() {
    let (_folder, archive) = an_archive();
    let server = Server::start(vec![]).await;
    let indicators = fetched(&server, &archive, "2026-11-01T09:00:00Z", "<html>Sorry</html>").await;
    assert_eq!(indicators.observations.len(), 2);
    assert!(problems(&indicators, Grade::Question).is_empty());
    let notes = problems(&indicators, Grade::Note);
    assert!(notes[0].contains("its description could not be read: a web page or XML came"), "{notes:?}");
}

#[tokio::test]
async fn words_find_indicators_online_and_archived() {
    let (_folder, archive) = an_archive();
    let all = format!(
        "{}93721,Under 75 mortality rate from causes considered preventable,\"Deaths, per 100,000\",OHID,OGL,\"per 100,000\",DSR,Calendar,RAG - Low is good\r\n",
        described("Life expectancy at birth", "Years", "RAG - High is good")
    );
    let server = Server::start(vec![ok(all), status(500, &[])]).await;
    let settings = public_source::settings_with(&server.base);
    let (framework, _) = shipped();
    let period = Period::parse("2026-27-Q2", YearKind::Financial).unwrap();
    let wanted = Wanted { framework: &framework, partners: &[], period, as_at: date(2026, 11, 20) };
    let means = Means::new(&settings.sources, &settings.fetch, &archive, "2026-11-20T09:00:00Z".parse().unwrap());
    let words = ["Mortality".to_owned(), "per 100,000".to_owned()];
    for _ in 0..2 {
        let found = search_indicators(&words, &wanted, &means).await;
        let ids: Vec<_> = found.indicators.iter().map(|found| found.description.indicator.as_str()).collect();
        assert_eq!((ids, found.of, found.failures), (vec!["93721"], 2, vec![]), "the second time out of the archive");
    }
}

// The real figures.

/// A line of a recording as the framework may ask for it.
struct Published {
    area: String,
    sex: Option<String>,
    age: Option<String>,
    indicator: Option<String>,
    label: String,
    value: Option<f64>,
    limits: Option<Limits>,
    line: u64,
}

/// Every line of a recording, read apart from the code under test.
fn published(source: &str, file: &Path) -> Vec<Published> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let headers = reader.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|header| header == name);
    let (area, label, value, indicator) = match source {
        "fingertips" => ("Area Code", "Time period", "Value", Some("Indicator ID")),
        "oflog" => ("area_code", "financial_year", "value", Some("measure")),
        "hcai" => ("area_code", "financial_year", "value", Some("organism")),
        "discharges" => ("org_code", "month", "patients_a_day_worked_out", None),
        _ => ("icb22_code", "date", "total_emergency_admissions", None),
    };
    let rows = reader.records().enumerate().map(|(index, row)| {
        let row = row.unwrap();
        let text = |name: &str| at(name).map(|column| row[column].to_owned());
        let number = |name: &str| text(name).and_then(|text| text.parse::<f64>().ok());
        let limits = number("Lower CI 95.0 limit").zip(number("Upper CI 95.0 limit"));
        Published {
            area: text(area).unwrap(),
            sex: text("Sex"),
            age: text("Age"),
            indicator: indicator.and_then(text),
            label: text(label).unwrap(),
            value: number(value),
            limits: limits.map(|(lower, upper)| Limits { lower, upper }),
            line: index as u64 + 2,
        }
    });
    rows.collect()
}

#[tokio::test]
async fn published_figures_reach_their_assessment_unchanged() {
    let settings = settings::load(Some(&demo("boardpack.toml")), &BTreeMap::new()).unwrap();
    let (_folder, archive) = an_archive();
    let (framework, areas) = shipped();
    let indicators = collected(&settings, &archive, "2026-11-20T09:00:00Z").await;
    let evaluation = evaluate(&EvaluationInputs::new(
        &framework,
        &areas,
        &indicators.observations,
        &[],
        Period::parse("2026-27-Q2", YearKind::Financial).unwrap(),
        date(2026, 11, 20),
    ));
    let (mut rows, mut numbers, mut files) = (0, 0, 0);
    for source in ["fingertips", "oflog", "hcai", "admissions", "discharges"] {
        let folder = demo("indicators").join(source);
        let list: toml::Table = std::fs::read_to_string(folder.join("recordings.toml")).unwrap().parse().unwrap();
        for answer in list["answer"].as_array().unwrap() {
            files += 1;
            let before = numbers;
            for line in published(source, &folder.join(answer["file"].as_str().unwrap())) {
                for measure in &framework.measures {
                    let Source::Indicator { source: of, indicator, sex, age, years, aggregate: None, .. } = &measure.source
                    else {
                        continue;
                    };
                    let asked = framework.edition.comparator.as_str() == line.area
                        || framework.edition.system.as_str() == line.area
                        || measure.parts.iter().any(|part| part.as_str() == line.area);
                    let Ok(period) = measure.period(&line.label) else { continue };
                    let is_meant = of == source
                        && line.indicator.as_ref().is_none_or(|own| own == indicator)
                        && line.sex.as_ref().is_none_or(|own| *own == sex.to_string())
                        && (age.is_empty() || line.age.as_ref().is_none_or(|own| own == age))
                        && (measure.cadence_months < 12 || period.months() == years * 12 || source != "fingertips");
                    if !asked || !is_meant {
                        continue;
                    }
                    rows += 1;
                    let of_line = |o: &&Observation| {
                        o.measure == measure.id && o.area.as_str() == line.area && o.period == period && o.category.is_none()
                    };
                    let found: Vec<_> = indicators.observations.iter().filter(of_line).collect();
                    let [found] = found[..] else { panic!("{} {} {}: {found:?}", measure.id, line.area, line.label) };
                    assert_eq!((found.value.number(), found.limits), (line.value, line.limits), "{found:?}");
                    assert_eq!(place(found), format!("line {}", line.line));
                    let Some(value) = line.value else { continue };
                    numbers += 1;
                    let assessed = evaluation.measures.iter().find(|assessed| assessed.headline.measure == measure.id);
                    let Some(assessed) = assessed else {
                        // A part of a sum is judged in the whole.
                        assert!(framework.measures.iter().any(|whole| whole.summed().contains(&measure.id)), "{}", measure.id);
                        continue;
                    };
                    let mut of_area = assessed.areas.iter().chain([&assessed.headline]).filter(|a| a.area.as_str() == line.area);
                    match of_area.next() {
                        Some(assessment) => {
                            let point = assessment.series.iter().find(|point| point.period == period);
                            // A measure's series is of one kind of period: the others are kept and not judged.
                            if let Some(point) = point {
                                assert_eq!(point.value, Value::Number(value), "{} {} {}", measure.id, line.area, line.label);
                                assert_eq!(point.sources, std::slice::from_ref(&found.provenance));
                            } else {
                                assert!(assessment.series.iter().all(|p| !p.period.same_series(period)), "{found:?}");
                            }
                        }
                        None => assert_eq!(line.area, "E92000001", "{} has figures and is not assessed", measure.id),
                    }
                }
            }
            assert!(numbers > before, "not one figure of {answer:?} serves the framework");
        }
    }
    // The months of sickness absence are only ever used added up.
    assert_eq!(files, 19, "a recording that is not compared");
    println!("{files} files, {rows} rows, {numbers} numbers");
    assert!(numbers > 700, "{rows} rows, {numbers} numbers");
}

async fn demonstrated() -> Indicators {
    let settings = settings::load(Some(&demo("boardpack.toml")), &BTreeMap::new()).unwrap();
    let (_folder, archive) = an_archive();
    collected(&settings, &archive, "2026-11-20T09:00:00Z").await
}

fn of<'a>(indicators: &'a Indicators, measure: &str, area: &str) -> Vec<&'a Observation> {
    indicators.observations.iter().filter(|o| o.measure.0 == measure && o.area.as_str() == area).collect()
}

#[tokio::test]
async fn two_vintages_are_told_as_a_revision() {
    let (_folder, archive) = an_archive();
    let earlier = std::fs::read(tests("data/sources/20602_year6_overweight_earlier.csv")).unwrap();
    let newer = std::fs::read(demo("indicators/fingertips/20602_year6_overweight.csv")).unwrap();
    let server = Server::start(vec![]).await;
    let settings = public_source::settings_with(&server.base);
    let source = "source = \"fingertips\", indicator = \"20602\", age = \"10-11 yrs\", area_types = [502]";
    let measures = [measure("overweight", "academic", source).replace("\"years\"", "\"percent\"")];
    server.then(vec![ok(earlier.clone())]);
    public_source::collect_at("2026-11-01T09:00:00Z", &measures, &settings, &archive, None).await;
    server.then(vec![ok(newer)]);
    let indicators = public_source::collect_at("2026-11-20T09:00:00Z", &measures, &settings, &archive, None).await;
    let period = Period::parse("2017/18", YearKind::Academic).unwrap();
    let nottingham =
        |period| move |change: &&boardpack::collect::Change| change.area.as_str() == "E06000018" && change.period == period;
    let change = indicators.changes.iter().find(nottingham(period)).unwrap();
    assert_eq!(change.what, Changed::Revised { old: Value::Number(40.8), new: Value::Number(41.43), large: false }, "{change:?}");
    let both = format!(
        "{}{}",
        String::from_utf8(earlier).unwrap(),
        "20602,n,E92000001,England,E06000018,Nottingham,UA,Persons,10-11 yrs,,,2017/18,41.43,,,,,,,,,,,,,,\r\n"
    );
    server.then(vec![ok(both)]);
    let (_folder, empty) = an_archive();
    let indicators = public_source::collect_at("2026-11-20T09:00:00Z", &measures, &settings, &empty, None).await;
    assert!(only_reason(&indicators).contains("give E06000018 two different figures for 2017/18"));
}

#[tokio::test]
async fn the_known_disagreements_show_as_what_they_are() {
    let indicators = demonstrated().await;
    let periods = |measure: &str, area: &str| -> Vec<String> {
        of(&indicators, measure, area).iter().map(|o| o.period.to_string()).collect()
    };
    // Single years and three-year pools under one id: a measure has the one kind only.
    let (framework, _) = shipped();
    let routine =
        framework.measures.iter().find(|m| matches!(&m.source, Source::Indicator { indicator, .. } if indicator == "92445"));
    let routine = &routine.unwrap().id.0;
    let months: std::collections::BTreeSet<i32> =
        of(&indicators, routine, "E06000018").iter().map(|o| o.period.months()).collect();
    assert_eq!(months.len(), 1, "{months:?}");
    // Survey noise is published as it is.
    let smoking = of(&indicators, "smoking-adults", "E07000171");
    assert!(smoking.iter().any(|o| o.period.to_string() == "2023" && o.value == Value::Number(4.7)), "{smoking:?}");
    // The child measurement programme of 2020/21 was not published, and nothing stands in for it.
    let weighed = of(&indicators, "year-6-overweight", "E06000018");
    let lacking: Vec<String> = weighed.iter().filter(|o| o.value == Value::Missing).map(|o| o.period.to_string()).collect();
    assert_eq!((weighed.len(), lacking), (10, vec!["2020/21".to_owned()]));
    // The county is absent from one series, the districts from another.
    assert_eq!(periods("life-expectancy-female", "E10000024"), [""; 0]);
    assert!(!periods("life-expectancy-female", "E07000170").is_empty());
    assert_eq!(periods("healthy-life-expectancy-female", "E07000170"), [""; 0]);
    assert!(!periods("healthy-life-expectancy-female", "E10000024").is_empty());
    // Not collected is missing, never nought.
    let early = of(&indicators, "klebsiella-rate", "E54000060");
    assert!(early.iter().any(|o| o.value == Value::Missing) && early.iter().all(|o| o.value != Value::Number(0.0)));
}

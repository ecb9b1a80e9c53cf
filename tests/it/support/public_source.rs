//! A framework with measures of public indicators, answers in the shape of Fingertips, and what is made of them.

pub mod server;
pub mod written;

use boardpack::archive::Archive;
use boardpack::collect::{FetchSetup, IndicatorOutcome, Indicators, RunScope, collect_indicators};
use boardpack::figure::Observation;
use boardpack::framework::{Edition, Framework, Measure};
use boardpack::period::{Period, YearKind};
use boardpack::settings::{self, Settings};
use boardpack::value::Value;
use jiff::civil::Date;
use std::sync::Mutex;

const EDITION: &str = r#"
[edition]
id = "2024"
title = "Strategy"
system = "E54000060"
comparator = "E92000001"
effective_from = "2024-04-01"
default_due = "2029-03-31"
vision = "v"
status_rules = "proposed"
"#;

/// A measure of the framework with what is particular to it.
pub fn measure(id: &str, year: &str, source: &str) -> String {
    format!(
        r#"
[[measure]]
id = "{id}"
title = "t"
definition = "d"
unit = "years"
statistic = "estimate"
polarity = "high"
year = "{year}"
cadence_months = 12
publication_lag_months = 12
parts = ["E06000018", "E07000170"]
source = {{ kind = "indicator", {source} }}
"#
    )
}

pub fn life_expectancy(id: &str, sex: &str, years: i32) -> String {
    let source = format!(
        "source = \"fingertips\", indicator = \"90366\", sex = \"{sex}\", age = \"All ages\", years = {years}, area_types = [501]"
    );
    measure(id, "calendar", &source)
}

pub const REQUEST: &str = "all_data/csv/by_indicator_id?indicator_ids=90366&child_area_type_id=501&parent_area_type_id=15";
pub const HEADER: &str = "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,\
Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,\
Value note,Recent Trend,Compared to England value or percentiles,Column not used,Time period Sortable,New data,Compared to goal,\
Time period range";

/// A row of indicator 90366 as the source writes it.
pub fn row(parent: &str, area: &str, sex: &str, period: &str, value: &str) -> String {
    format!("90366,Life expectancy at birth,{parent},,{area},,,{sex},All ages,,,{period},{value},,,,,,,,,,,,,,")
}

pub fn answer(rows: &[String]) -> String {
    [HEADER.to_owned()].iter().chain(rows).map(|line| format!("{line}\r\n")).collect()
}

pub fn good() -> String {
    answer(&[row("", "E92000001", "Female", "2022 - 24", "83.1"), row("E92000001", "E06000018", "Female", "2022 - 24", "81.2")])
}

pub fn settings_of(text: &str) -> Settings {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("boardpack.toml");
    std::fs::write(&path, text).unwrap();
    settings::load(Some(&path), &std::collections::BTreeMap::new()).unwrap()
}

pub fn settings_with(base_url: &str) -> Settings {
    settings_of(&format!(
        "[sources.fingertips]\nbase_url = \"{base_url}\"\n[fetch]\nfirst_retry_milliseconds = 1\nattempts = 3\nanswer_timeout_seconds = 5\nmax_answer_mb = 1\n"
    ))
}

/// A framework of these measures.
pub fn framework(measures: &[String]) -> Framework {
    #[derive(serde::Deserialize)]
    struct File {
        edition: Edition,
        measure: Vec<Measure>,
    }
    let file: File = toml::from_str(&format!("{EDITION}{}", measures.concat())).unwrap();
    let (edition, measures) = (file.edition, file.measure);
    Framework { edition, aims: vec![], priorities: vec![], ambitions: vec![], measures, actions: vec![] }
}

/// What is collected on 20 November 2026 with nothing in the archive.
pub async fn collect(measures: &[String], settings: &Settings) -> Indicators {
    let archive = tempfile::tempdir().unwrap();
    collect_at("2026-11-20T09:00:00Z", measures, settings, &Archive::new(archive.path().to_owned()), None).await
}

pub async fn collect_at(
    at: &str,
    measures: &[String],
    settings: &Settings,
    archive: &Archive,
    since: Option<Date>,
) -> Indicators {
    let framework = framework(measures);
    let period = Period::parse("2026-27-Q2", YearKind::Financial).unwrap();
    let wanted = RunScope { framework: &framework, partners: &[], period, as_at: at[..10].parse().unwrap() };
    let told = Mutex::new(Vec::new());
    let means = FetchSetup { since, ..FetchSetup::new(&settings.sources, &settings.fetch, archive, at.parse().unwrap()) };
    let indicators = collect_indicators(&wanted, &means, &|done, total, _| {
        told.lock().unwrap().push((done, total));
    })
    .await;
    let told = told.into_inner().unwrap();
    assert!(told.iter().enumerate().all(|(i, (done, total))| *done == i + 1 && *total == told.len()), "{told:?}");
    indicators
}

/// A folder of recordings, each a request and its answer.
pub fn recorded(answers: &[(&str, &str)]) -> (tempfile::TempDir, Settings) {
    let folder = tempfile::tempdir().unwrap();
    let mut list = String::new();
    for (number, (request, text)) in answers.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{number}.csv")), text).unwrap();
        list += &format!(
            "[[answer]]\nrequest = \"{request}\"\nfile = \"{number}.csv\"\nretrieved = \"2026-11-02T09:00:00Z\"\npublisher = \"ONS\"\nlicence = \"OGL\"\nnote = \"n\"\n"
        );
    }
    std::fs::write(folder.path().join("recordings.toml"), list).unwrap();
    let settings = settings_with(folder.path().to_str().unwrap());
    (folder, settings)
}

pub async fn read(measures: &[String], text: &str) -> Indicators {
    let (_folder, settings) = recorded(&[(REQUEST, text)]);
    collect(measures, &settings).await
}

pub fn figures(indicators: &Indicators) -> Vec<(&str, &str, String, Value)> {
    let figure = |o: &'_ Observation| (o.period.to_string(), o.value);
    indicators.observations.iter().map(|o| (o.measure.0.as_str(), o.area.as_str(), figure(o).0, figure(o).1)).collect()
}

pub fn only_reason(indicators: &Indicators) -> String {
    assert_eq!(indicators.observations, []);
    match &indicators.receipts[..] {
        [receipt] => match &receipt.outcome {
            IndicatorOutcome::Failed { reason } => reason.clone(),
            received => panic!("{received:?}"),
        },
        receipts => panic!("{receipts:?}"),
    }
}

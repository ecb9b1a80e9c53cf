//! What is read out of nested JSON by pointers with indices, how months are labelled, and the decimals that a source wrote.

use crate::support::public_source::{answer, life_expectancy, row};
use crate::support::public_source::{collect, figures, measure, only_reason, read, settings_of};
use boardpack::collect::Indicators;
use boardpack::settings::Settings;
use boardpack::value::{Limits, Value};

/// A source with these answers to its requests, one an area.
fn api(kind: &str, answers: &[(&str, &str)]) -> (tempfile::TempDir, Settings) {
    let folder = tempfile::tempdir().unwrap();
    let mut list = String::new();
    for (area, text) in answers {
        std::fs::write(folder.path().join(area), text).unwrap();
        list += &format!("[[answer]]\nrequest = \"{area}\"\nfile = \"{area}\"\nretrieved = \"2026-11-02T09:00:00Z\"\n");
    }
    std::fs::write(folder.path().join("recordings.toml"), list).unwrap();
    let base = folder.path().display();
    let settings = format!(
        "[sources.x]\nkind = \"api\"\npublisher = \"P\"\nlicence = \"L\"\nbase_url = \"{base}\"\n\
         areas = {{ E06000018 = \"E06000018\" }}\n{kind}"
    );
    (folder, settings_of(&settings))
}

fn of_x(more: &str) -> String {
    measure("m", "calendar", &format!("source = \"x\", indicator = \"i\"{more}"))
}

fn monthly() -> String {
    of_x("").replace("cadence_months = 12", "cadence_months = 1")
}

const NESTED: &str = r##"period_format = "iso-date"
only = { "/deprivation/isAggregate" = "true", "#/areaHealthData/0/indicatorSegments/1/reportingPeriod" = "Yearly" }
[sources.x.api]
request = "{area}"
format = "json"
rows = "/areaHealthData/0/indicatorSegments/1/healthData"
[sources.x.columns]
area = "#/areaHealthData/0/areaCode"
sex = "#/areaHealthData/0/indicatorSegments/1/sex/value"
age = "#/areaHealthData/0/indicatorSegments/1/age/value"
period = "/datePeriod/to"
value = "/value"
lower = "/lowerCi"
upper = "/upperCi"
numerator = "/count"
"##;

/// In the shape of the successor of Fingertips; the figures are made up.
fn nested() -> String {
    let point = |year: u32, value: f64, whole: bool| {
        format!(
            "{{\"year\":{year},\"datePeriod\":{{\"type\":\"Calendar\",\"from\":\"{year}-01-01\",\"to\":\"{year}-12-31\"}},\
             \"count\":512,\"value\":{value},\"lowerCi\":{},\"upperCi\":{},\"deprivation\":{{\"isAggregate\":{whole}}}}}",
            value - 1.0,
            value + 1.0
        )
    };
    let segment = |sex: &str, points: &[String]| {
        format!(
            "{{\"sex\":{{\"value\":\"{sex}\"}},\"age\":{{\"value\":\"18+ yrs\"}},\"reportingPeriod\":\"Yearly\",\"healthData\":[{}]}}",
            points.join(",")
        )
    };
    let persons = [point(2022, 14.5, true), point(2023, 13.5, true), point(2023, 20.5, false)];
    format!(
        "{{\"indicatorId\":1,\"areaHealthData\":[{{\"areaCode\":\"E06000018\",\"indicatorSegments\":[{},{}]}},{{\"areaCode\":\"E07000170\"}}]}}",
        segment("Male", &[point(2023, 99.5, true)]),
        segment("Persons", &persons)
    )
}

#[tokio::test]
async fn pointers_with_indices_lead_to_nested_rows() {
    let (_folder, settings) = api(NESTED, &[("E06000018", &nested())]);
    let indicators = collect(&[of_x(", age = \"18+ yrs\"")], &settings).await;
    let figure = |year: &str, value| ("m", "E06000018", year.to_owned(), Value::Number(value));
    assert_eq!(figures(&indicators), [figure("2022", 14.5), figure("2023", 13.5)]);
    let first = &indicators.observations[0];
    assert_eq!(first.provenance.place(), "/areaHealthData/0/indicatorSegments/1/healthData/0");
    assert_eq!((first.limits, first.numerator), (Some(Limits { lower: 13.5, upper: 15.5 }), Some(512.0)));
}

#[tokio::test]
async fn segments_are_never_confused_by_index() {
    for (wrong, expected) in [
        (nested().replace("\"Persons\"", "\"Female\""), "no row fits m (sex Persons, age \"18+ yrs\""),
        (nested().replace("\"Yearly\"", "\"Quarterly\""), "none of the 3 rows is of indicator i"),
        (nested().replace("\"E06000018\"", "\"E06000019\""), "is about an area that m asks for"),
        (
            nested().replace("indicatorSegments", "segments"),
            "the answer holds no list at \"/areaHealthData/0/indicatorSegments/1/healthData\"",
        ),
    ] {
        let (_folder, settings) = api(NESTED, &[("E06000018", &wrong)]);
        let reason = only_reason(&collect(&[of_x(", age = \"18+ yrs\"")], &settings).await);
        assert!(reason.contains(expected), "{reason}");
    }
}

const LABELLED: &str = "[sources.x.api]\nrequest = \"{area}\"\nformat = \"json\"\nrows = \"/obs\"\n\
                        [sources.x.columns]\narea = \"#/area\"\nperiod = \"/time\"\nvalue = \"/v\"\n";

fn observed(rows: &[(&str, &str)]) -> String {
    let rows: Vec<String> = rows.iter().map(|(time, value)| format!("{{\"time\":\"{time}\",\"v\":{value}}}")).collect();
    format!("{{\"area\":\"E06000018\",\"obs\":[{}]}}", rows.join(","))
}

fn periods_and_values(indicators: &Indicators) -> Vec<(String, Value)> {
    figures(indicators).into_iter().map(|(_, _, period, value)| (period, value)).collect()
}

#[tokio::test]
async fn months_with_two_digit_years_are_read() {
    let text = observed(&[("Jul-26", "\"13.1\""), ("Aug 26", "\"13.0\""), ("September 26", "\"12.9\""), ("Dec-99", "\"9\"")]);
    let (_folder, settings) = api(LABELLED, &[("E06000018", &text)]);
    let figure = |month: &str, value| (month.to_owned(), Value::Number(value));
    assert_eq!(
        periods_and_values(&collect(&[monthly()], &settings).await),
        [figure("Jul 2026", 13.1), figure("Aug 2026", 13.0), figure("Sep 2026", 12.9), figure("Dec 1999", 9.0)]
    );
    let (_folder, settings) = api(LABELLED, &[("E06000018", &observed(&[("26-Jul", "1")]))]);
    let reason = only_reason(&collect(&[monthly()], &settings).await);
    assert!(reason.starts_with("/obs/0: \"26-Jul\" is not a period"), "{reason}");
}

#[tokio::test]
async fn decimals_of_text_values_are_kept() {
    let text = observed(&[("Jul-26", "\"13.10\""), ("Aug-26", "13.10"), ("Sep-26", "\"1,312\""), ("Oct-26", "\"*\"")]);
    let (_folder, settings) = api(LABELLED, &[("E06000018", &text)]);
    let indicators = collect(&[monthly()], &settings).await;
    let decimals: Vec<Option<u8>> = indicators.observations.iter().map(|o| o.decimals).collect();
    assert_eq!(decimals, [Some(2), None, Some(0), None], "a number of JSON has lost its noughts, a mark never had any");
    let rows = [row("", "E92000001", "Female", "2022 - 24", "83.10"), row("", "E06000018", "Female", "2022 - 24", "81.23456")];
    let indicators = read(&[life_expectancy("le", "Female", 3)], &answer(&rows)).await;
    let decimals: Vec<Option<u8>> = indicators.observations.iter().map(|o| o.decimals).collect();
    assert_eq!(decimals, [Some(2), Some(5)]);
    // What was stored before there were any is read as it was.
    let stored = serde_json::to_string(&indicators.observations[0]).unwrap();
    assert!(stored.contains("\"decimals\":2"), "{stored}");
    let before: boardpack::figure::Observation = serde_json::from_str(&stored.replace("\"decimals\":2,", "")).unwrap();
    assert_eq!((before.decimals, before.value), (None, Value::Number(83.1)));
}

#[tokio::test]
async fn tables_without_a_filter_column_are_refused() {
    let kind = "except = { status = \"provisional\" }\n[sources.x.api]\nrequest = \"{area}\"\nformat = \"csv\"\n\
                [sources.x.columns]\narea = \"area\"\nperiod = \"year\"\nvalue = \"v\"\n";
    let (_folder, settings) = api(kind, &[("E06000018", "area,year,v\nE06000018,2024,7.5\n")]);
    let reason = only_reason(&collect(&[of_x("")], &settings).await);
    assert!(reason.contains("the table has no column \"status\""), "{reason}");
}

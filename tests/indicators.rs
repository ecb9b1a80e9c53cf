//! What becomes of public indicators: the figures asked for out of all that comes, the same from a recording as from
//! a server, and a clear reason wherever there is none.

use boardpack::collect::{Archive, IndicatorOutcome, Indicators, Means, Observation, Provenance, Wanted, collect_indicators};
use boardpack::framework::{Edition, Framework, Measure};
use boardpack::period::{Period, YearKind};
use boardpack::settings::{self, Fetch, Settings};
use boardpack::value::{Limits, Value};
use jiff::Timestamp;
use jiff::civil::date;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

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
fn measure(id: &str, year: &str, source: &str) -> String {
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

fn life_expectancy(id: &str, sex: &str, years: i32) -> String {
    let source = format!(
        "source = \"fingertips\", indicator = \"90366\", sex = \"{sex}\", age = \"All ages\", years = {years}, area_types = [501]"
    );
    measure(id, "calendar", &source)
}

const REQUEST: &str = "all_data/csv/by_indicator_id?indicator_ids=90366&child_area_type_id=501&parent_area_type_id=15";
const HEADER: &str = "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,\
Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,\
Value note,Recent Trend,Compared to England value or percentiles,Column not used,Time period Sortable,New data,Compared to goal,\
Time period range";

/// A row of indicator 90366 as the source writes it.
fn row(parent: &str, area: &str, sex: &str, period: &str, value: &str) -> String {
    format!("90366,Life expectancy at birth,{parent},,{area},,,{sex},All ages,,,{period},{value},,,,,,,,,,,,,,")
}

fn answer(rows: &[String]) -> String {
    [HEADER.to_owned()].iter().chain(rows).map(|line| format!("{line}\r\n")).collect()
}

fn good() -> String {
    answer(&[row("", "E92000001", "Female", "2022 - 24", "83.1"), row("E92000001", "E06000018", "Female", "2022 - 24", "81.2")])
}

fn settings_of(text: &str) -> Settings {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("boardpack.toml");
    std::fs::write(&path, text).unwrap();
    settings::load(Some(&path), &std::collections::BTreeMap::new()).unwrap()
}

fn settings_with(base_url: &str) -> Settings {
    settings_of(&format!(
        "[sources.fingertips]\nbase_url = \"{base_url}\"\n[fetch]\nfirst_retry_milliseconds = 1\nattempts = 3\nanswer_timeout_seconds = 5\nmax_answer_mb = 1\n"
    ))
}

async fn collect(measures: &[String], settings: &Settings) -> Indicators {
    #[derive(serde::Deserialize)]
    struct File {
        edition: Edition,
        measure: Vec<Measure>,
    }
    let file: File = toml::from_str(&format!("{EDITION}{}", measures.concat())).unwrap();
    let framework = Framework {
        edition: file.edition,
        aims: vec![],
        priorities: vec![],
        ambitions: vec![],
        measures: file.measure,
        actions: vec![],
    };
    let period = Period::parse("2026-27-Q2", YearKind::Financial).unwrap();
    let wanted = Wanted { framework: &framework, partners: &[], period, as_at: date(2026, 11, 20) };
    let archive = tempfile::tempdir().unwrap();
    let told = Mutex::new(Vec::new());
    let now: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    let archive = Archive::new(archive.path().to_owned());
    let means = Means::new(&settings.sources, &settings.fetch, &archive, now);
    let indicators = collect_indicators(&wanted, &means, &|done, total, _| {
        told.lock().unwrap().push((done, total));
    })
    .await;
    let told = told.into_inner().unwrap();
    assert!(told.iter().enumerate().all(|(i, (done, total))| *done == i + 1 && *total == told.len()), "{told:?}");
    indicators
}

/// A folder of recordings, each a request and its answer.
fn recorded(answers: &[(&str, &str)]) -> (tempfile::TempDir, Settings) {
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

async fn read(measures: &[String], text: &str) -> Indicators {
    let (_folder, settings) = recorded(&[(REQUEST, text)]);
    collect(measures, &settings).await
}

fn figures(indicators: &Indicators) -> Vec<(&str, &str, String, Value)> {
    let figure = |o: &'_ Observation| (o.period.to_string(), o.value);
    indicators.observations.iter().map(|o| (o.measure.0.as_str(), o.area.as_str(), figure(o).0, figure(o).1)).collect()
}

fn only_reason(indicators: &Indicators) -> String {
    assert_eq!(indicators.observations, []);
    match &indicators.receipts[..] {
        [receipt] => match &receipt.outcome {
            IndicatorOutcome::Failed { reason } => reason.clone(),
            received => panic!("{received:?}"),
        },
        receipts => panic!("{receipts:?}"),
    }
}

// --- What is read out of an answer -----------------------------------------------------------------------------------

#[tokio::test]
async fn only_the_rows_asked_for_are_taken() {
    let rows = [
        row("", "E92000001", "Female", "2022 - 24", "83.1"),
        row("", "E92000001", "Male", "2022 - 24", "79.2"),
        row("", "E06000018", "Female", "2022 - 24", "81.2"),
        row("", "E06000018", "Female", "2024", "81.5"),
        row("", "E06000001", "Female", "2022 - 24", "80.0"),
        row("", "E06000018", "Female", "2021 - 23", "81.0").replace("All ages", "65"),
        row("", "E06000018", "Female", "2021 - 23", "81.0").replace("90366,", "90362,"),
    ];
    let indicators = read(&[life_expectancy("le-female", "Female", 3)], &answer(&rows)).await;
    assert_eq!(
        figures(&indicators),
        [
            ("le-female", "E92000001", "2022 - 24".to_owned(), Value::Number(83.1)),
            ("le-female", "E06000018", "2022 - 24".to_owned(), Value::Number(81.2)),
        ]
    );
}

#[tokio::test]
async fn measures_of_one_indicator_share_a_question_and_one_year_is_told_from_three() {
    let measures = [life_expectancy("f3", "Female", 3), life_expectancy("f1", "Female", 1), life_expectancy("m3", "Male", 3)];
    let rows = [
        row("", "E06000018", "Female", "2022 - 24", "81.2"),
        row("", "E06000018", "Male", "2022 - 24", "77.0"),
        row("", "E06000018", "Female", "2024", "81.5"),
    ];
    let indicators = read(&measures, &answer(&rows)).await;
    let found: Vec<_> = figures(&indicators).into_iter().map(|(id, _, period, _)| (id, period)).collect();
    assert_eq!(found, [("f3", "2022 - 24".to_owned()), ("f1", "2024".to_owned()), ("m3", "2022 - 24".to_owned())]);
    let [receipt] = &indicators.receipts[..] else { panic!("{:?}", indicators.receipts) };
    assert_eq!(receipt.measures.len(), 3);
}

#[tokio::test]
async fn an_area_repeated_for_each_parent_is_one_figure() {
    let rows = [
        row("E92000001", "E06000018", "Female", "2022 - 24", "81.2"),
        row("E12000004", "E06000018", "Female", "2022 - 24", "81.2"),
    ];
    assert_eq!(read(&[life_expectancy("le", "Female", 3)], &answer(&rows)).await.observations.len(), 1);
    let rows = [rows[0].clone(), rows[1].replace("81.2", "81.3")];
    let reason = only_reason(&read(&[life_expectancy("le", "Female", 3)], &answer(&rows)).await);
    assert_eq!(reason, "lines 2 and 3 give E06000018 two different figures for 2022 - 24");
}

#[tokio::test]
async fn limits_counts_comparison_trend_note_and_category_are_kept_with_the_line_they_stand_on() {
    let text = format!(
        "{HEADER}\r\n\
         90366,\"Life expectancy, at \"\"birth\"\"\",,,E06000018,Nottingham,UA,Female,All ages,,,2022 - 24,81.2,80.7,81.7,80.1,82.3,\
         \"1,234\",5678,a note,No significant change,Worse,,20220000,,,3y\r\n\
         90366,Life expectancy at birth,,,E06000018,Nottingham,UA,Female,All ages,Deprivation deciles,Most deprived,2022 - 24,74.0,,,,,,,,,,,,,,\r\n\
         90366,Life expectancy at birth,,,E07000170,Ashfield,DC,Female,All ages,,,2022 - 24,,,,,,,,Value suppressed for small numbers,,,,,,,\r\n\
         90366,Life expectancy at birth,,,E54000060,ICB,ICB,Female,All ages,,,2022 - 24,,,,,,,,Value missing in source data,,,,,,,\r\n"
    );
    let indicators = read(&[life_expectancy("le", "Female", 3)], &text).await;
    let [headline, decile, suppressed, missing] = &indicators.observations[..] else { panic!("{:?}", figures(&indicators)) };
    assert_eq!(
        (headline.limits, headline.limits_998),
        (Some(Limits { lower: 80.7, upper: 81.7 }), Some(Limits { lower: 80.1, upper: 82.3 }))
    );
    assert_eq!((headline.numerator, headline.denominator, headline.note.as_str()), (Some(1234.0), Some(5678.0), "a note"));
    assert_eq!(headline.published_comparison.as_deref(), Some("Worse"));
    assert_eq!((headline.published_trend.as_deref(), &headline.category), (Some("No significant change"), &None));
    assert_eq!(decile.category.as_ref().map(|c| c.group.as_str()), Some("Most deprived"));
    assert_eq!((suppressed.value, missing.value), (Value::Suppressed, Value::Missing));
    assert_eq!(missing.note, "Value missing in source data");
    let Provenance::Answer { publisher, indicator, line, retrieved, url, .. } = &headline.provenance else { panic!() };
    assert_eq!((publisher.as_str(), indicator.as_str(), *line), ("ONS", "Life expectancy, at \"birth\"", 2));
    assert_eq!(retrieved.to_string(), "2026-11-02T09:00:00Z");
    assert!(url.starts_with(REQUEST) && url.contains("(recording ") && url.ends_with("/0.csv)"), "{url}");
    let IndicatorOutcome::Received { figures, licence, .. } = &indicators.receipts[0].outcome else { panic!() };
    assert_eq!((*figures, licence.as_str()), (2, "OGL"));
}

#[tokio::test]
async fn a_byte_order_mark_lf_more_columns_and_another_order_change_nothing() {
    let expected = figures(&read(&[life_expectancy("le", "Female", 3)], &good()).await)
        .iter()
        .map(|figure| format!("{figure:?}"))
        .collect::<Vec<_>>();
    let reordered = "new column,value,TIME PERIOD,Age,Sex,Area Code,Indicator ID\n\
        x,83.1,2022 - 24,All ages,Female,E92000001,90366\nx,81.2,2022 - 24,All ages,Female,E06000018,90366\n";
    for text in [format!("\u{feff}{}", good()), good().replace("\r\n", "\n"), reordered.to_owned()] {
        let indicators = read(&[life_expectancy("le", "Female", 3)], &text).await;
        assert_eq!(figures(&indicators).iter().map(|f| format!("{f:?}")).collect::<Vec<_>>(), expected, "{text}");
    }
}

#[tokio::test]
async fn an_answer_without_the_figures_due_says_what_it_holds_instead() {
    let other_area = answer(&[row("", "E06000001", "Female", "2022 - 24", "80.0")]);
    let other_sex = answer(&[row("", "E06000018", "Persons", "2022 - 24", "80.0")]);
    let cases: [(&str, &str); 13] = [
        ("", "the answer is empty"),
        ("<!DOCTYPE html><html><body>Service unavailable</body></html>", "a web page or XML came instead of a table"),
        ("{\"message\": \"no\"}", "JSON came instead of a table"),
        ("An error has occurred", "the table has no column \"Indicator ID\""),
        (&answer(&[]), "the answer holds not one row"),
        (&good().replace("90366,", "90362,"), "none of the 2 rows is of indicator 90366"),
        (&other_area, "none of the 1 rows of indicator 90366 is about an area that le asks for"),
        (
            &other_sex,
            "no row fits le (sex Female, age \"All ages\", periods of 3 years); the rows of its areas have sex Persons; age All ages; periods 2022 - 24",
        ),
        (&good().replace("Area Code", "Area"), "the table has no column \"Area Code\""),
        (&good().replace("81.2", "about 81"), "line 3: \"about 81\" stands in \"Value\" where a number was expected"),
        (&good().replace("2022 - 24", "lately"), "line 2: \"lately\" is not a period"),
        (&good().replace("81.2,,,", "81.2,82,80,"), "line 3: the lower limit 82 is above the upper limit 80"),
        (&good()[..good().len() - 20], "line 3 is broken, or the answer was cut short in it: 13 cells under 27 columns"),
    ];
    for (text, expected) in cases {
        let reason = only_reason(&read(&[life_expectancy("le", "Female", 3)], text).await);
        assert!(reason.contains(expected), "{reason:?} does not say {expected:?}");
    }
}

#[tokio::test]
async fn where_the_framework_names_no_age_an_answer_with_two_is_not_guessed_at() {
    let open = life_expectancy("le", "Female", 3).replace("age = \"All ages\", ", "");
    let row = row("", "E06000018", "Female", "2022 - 24", "81.2");
    assert_eq!(read(std::slice::from_ref(&open), &answer(std::slice::from_ref(&row))).await.observations.len(), 1);
    let two = answer(&[row.clone(), row.replace("All ages", "65")]);
    assert!(only_reason(&read(&[open], &two).await).contains("holds several ages (65, All ages)"));
}

#[tokio::test]
async fn one_measure_without_figures_does_not_cost_another_its_own() {
    let measures = [life_expectancy("female", "Female", 3), life_expectancy("male", "Male", 3)];
    let indicators = read(&measures, &good()).await;
    let outcomes: Vec<_> = indicators
        .receipts
        .iter()
        .map(|receipt| (receipt.measures[0].0.as_str(), matches!(receipt.outcome, IndicatorOutcome::Received { .. })))
        .collect();
    assert_eq!((outcomes, indicators.observations.len()), (vec![("female", true), ("male", false)], 2));
}

#[tokio::test]
async fn a_table_is_read_by_the_columns_that_the_settings_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("t.csv"),
        "what,where,when,how much,low,high\nA,E06000018,2025-04,7.3,7,8\nA,E92000001,2025-04,n.a.,,\nB,E06000018,2025-04,1,,\n",
    )
    .unwrap();
    std::fs::write(
        folder.path().join("recordings.toml"),
        "[[answer]]\nrequest = \"t.csv\"\nfile = \"t.csv\"\nretrieved = \"2026-11-02T09:00:00Z\"\n",
    )
    .unwrap();
    let settings = |value: &str| {
        settings_of(&format!(
            "[sources.own]\nkind = \"table\"\npublisher = \"P\"\nlicence = \"L\"\nbase_url = \"{}\"\nfile = \"t.csv\"\n\
             period_format = \"iso-month\"\nmissing = [\"n.a.\"]\n[sources.own.columns]\nindicator = \"what\"\narea = \"where\"\n\
             period = \"when\"\nvalue = \"{value}\"\nlower = \"low\"\nupper = \"high\"\n",
            folder.path().display()
        ))
    };
    let measures = [measure("a", "financial", "source = \"own\", indicator = \"A\"")];
    let indicators = collect(&measures, &settings("how much")).await;
    assert_eq!(
        figures(&indicators),
        [
            ("a", "E06000018", "Apr 2025".to_owned(), Value::Number(7.3)),
            ("a", "E92000001", "Apr 2025".to_owned(), Value::Missing),
        ]
    );
    assert_eq!(indicators.observations[0].limits, Some(Limits { lower: 7.0, upper: 8.0 }));
    assert_eq!(indicators.receipts[0].publisher, "P");
    let reason = only_reason(&collect(&measures, &settings("amount")).await);
    assert!(reason.contains("no column \"amount\"") && reason.contains("sources.own.columns"), "{reason}");
}

// --- Sources that cannot be asked ------------------------------------------------------------------------------------

#[tokio::test]
async fn what_was_never_to_be_had_is_told_apart_from_what_failed_and_neither_is_the_end() {
    let (_folder, recordings) = recorded(&[]);
    let empty = tempfile::tempdir().unwrap();
    let le = life_expectancy("le", "Female", 3);
    for (measure, settings, failed, expected) in [
        (le.clone(), recordings, false, "is not among the recordings".to_owned()),
        (le.clone(), settings_with(""), false, "has no base_url".to_owned()),
        (le.replace("fingertips", "nobody"), settings_with(""), false, "no source of that name".to_owned()),
        (le.clone(), settings_with(empty.path().to_str().unwrap()), true, "recordings.toml cannot be read".to_owned()),
        (le.replace("[501]", "[]"), settings_with("http://127.0.0.1:9/"), true, "le names no area_types".to_owned()),
        (le.clone(), settings_with("http://"), true, "is not an address".to_owned()),
    ] {
        let indicators = collect(&[measure], &settings).await;
        let [receipt] = &indicators.receipts[..] else { panic!("{:?}", indicators.receipts) };
        let (did_fail, reason) = match &receipt.outcome {
            IndicatorOutcome::Failed { reason } => (true, reason),
            IndicatorOutcome::NotAvailable { reason } => (false, reason),
            received @ IndicatorOutcome::Received { .. } => panic!("{received:?}"),
        };
        assert!(reason.contains(&expected), "{reason:?} does not say {expected:?}");
        assert_eq!((did_fail, receipt.measures.len()), (failed, 1), "{expected}");
    }
}

#[tokio::test]
async fn a_list_of_recordings_is_held_to_its_form_and_its_folder() {
    for (list, expected) in [
        ("[[answer]]\nrequest = \"r\"\nfiel = \"f\"\n", "recordings.toml, line 3: unknown field `fiel`"),
        (
            &*format!("[[answer]]\nrequest = \"{REQUEST}\"\nfile = \"../secret\"\nretrieved = \"2026-11-02T09:00:00Z\"\n"),
            "lies outside its folder",
        ),
    ] {
        let (folder, settings) = recorded(&[]);
        std::fs::write(folder.path().join("recordings.toml"), list).unwrap();
        let reason = only_reason(&collect(&[life_expectancy("le", "Female", 3)], &settings).await);
        assert!(reason.contains(expected), "{reason:?} does not say {expected:?}");
    }
}

// --- Live sources ----------------------------------------------------------------------------------------------------

/// What the server does with one request.
#[derive(Clone)]
enum Reply {
    /// Sent as it stands, then the connection is closed.
    Whole(String),
    /// Sent, then nothing more until the client gives up.
    Silence(String),
}

fn ok(body: &str) -> Reply {
    Reply::Whole(format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    ))
}

fn status(line: &str, headers: &str) -> Reply {
    Reply::Whole(format!("HTTP/1.1 {line}\r\nContent-Length: 4\r\nConnection: close\r\n{headers}\r\noops"))
}

/// A real server on loopback that gives these replies in turn, the last for ever, and notes what it was asked.
async fn serve(replies: Vec<Reply>) -> (String, std::sync::Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/api/", listener.local_addr().unwrap());
    let asked = std::sync::Arc::new(Mutex::new(Vec::new()));
    let notes = std::sync::Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let turn = notes.lock().unwrap().len();
            let reply = replies[turn.min(replies.len() - 1)].clone();
            let head = read_head(stream, reply).await;
            notes.lock().unwrap().push(head);
        }
    });
    (address, asked)
}

async fn read_head(mut stream: TcpStream, reply: Reply) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let text = match &reply {
        Reply::Whole(text) | Reply::Silence(text) => text.clone(),
    };
    // A client that has had enough hangs up, which is its right.
    let _ = stream.write_all(text.as_bytes()).await;
    if matches!(reply, Reply::Silence(_)) {
        tokio::spawn(async move { stream.read_u8().await });
    }
    String::from_utf8(head).unwrap()
}

async fn ask(replies: Vec<Reply>, change: fn(&mut Fetch)) -> (Indicators, Vec<String>) {
    let (address, asked) = serve(replies).await;
    let mut settings = settings_with(&address);
    change(&mut settings.fetch);
    let indicators = collect(&[life_expectancy("le", "Female", 3)], &settings).await;
    let asked = asked.lock().unwrap().clone();
    (indicators, asked)
}

#[tokio::test]
async fn a_live_answer_is_read_like_a_recorded_one_and_kept_with_its_address_and_time() {
    let (live, asked) = ask(vec![ok(&good())], |fetch| fetch.contact = Some("data@example.org".to_owned())).await;
    let recorded = read(&[life_expectancy("le", "Female", 3)], &good()).await;
    assert_eq!(figures(&live), figures(&recorded));
    assert!(asked[0].starts_with(&format!("GET /api/{REQUEST} HTTP/1.1\r\n")), "{}", asked[0]);
    assert!(asked[0].contains(&format!("user-agent: boardpack/{} (+data@example.org)\r\n", env!("CARGO_PKG_VERSION"))));
    assert!(asked[0].contains("accept-encoding: gzip"));
    let Provenance::Answer { url, retrieved, sha256, .. } = &live.observations[0].provenance else { panic!() };
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with(REQUEST));
    assert_eq!(retrieved.to_string(), "2026-11-20T09:00:00Z");
    let Provenance::Answer { sha256: same, .. } = &recorded.observations[0].provenance else { panic!() };
    assert_eq!(sha256, same);
}

#[tokio::test]
async fn what_may_pass_is_asked_again() {
    for passing in [
        status("500 Internal Server Error", ""),
        status("429 Too Many Requests", "Retry-After: 0\r\n"),
        Reply::Whole(String::new()),
        Reply::Whole("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nIndicator".to_owned()),
    ] {
        let (indicators, asked) = ask(vec![passing, ok(&good())], |_| {}).await;
        assert_eq!((indicators.observations.len(), asked.len()), (2, 2));
    }
}

#[tokio::test]
async fn what_does_not_pass_is_told_with_the_address() {
    let page = "<html><body>Sign in</body></html>";
    let cases: [(Reply, usize, &str); 7] = [
        (status("500 Internal Server Error", ""), 3, "answered 500 Internal Server Error: \"oops\" (asked 3 times)"),
        (status("400 Bad Request", ""), 1, "answered 400 Bad Request: \"oops\""),
        (status("503 Service Unavailable", "Retry-After: 3600\r\n"), 1, "asks to wait 3600 seconds"),
        (ok(page), 1, "a web page or XML came instead of a table: \"<html><body>Sign in"),
        (status("302 Found", "Location: http://localhost:1/elsewhere\r\n"), 1, "redirects to http://localhost:1, another host"),
        (ok(&"x".repeat(1024 * 1024 + 1)), 1, "larger than 1 MB (fetch.max_answer_mb)"),
        (Reply::Whole("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nIndicator".to_owned()), 3, "(asked 3 times)"),
    ];
    for (reply, times, expected) in cases {
        let (indicators, asked) = ask(vec![reply], |_| {}).await;
        let reason = only_reason(&indicators);
        assert!(reason.contains(expected), "{reason:?} does not say {expected:?}");
        assert_eq!(asked.len(), times, "{expected}");
        assert!(indicators.receipts[0].url.ends_with(REQUEST), "{expected}");
    }
}

#[tokio::test]
async fn a_redirect_within_the_host_is_followed() {
    let (indicators, asked) = ask(vec![status("301 Moved Permanently", "Location: /new\r\n"), ok(&good())], |_| {}).await;
    assert_eq!((indicators.observations.len(), asked[1].starts_with("GET /new ")), (2, true));
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up_at_the_deadline() {
    let headers = "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nIndicator ID";
    for silence in ["", headers] {
        let started = Instant::now();
        let (indicators, _) = ask(vec![Reply::Silence(silence.to_owned())], |fetch| {
            fetch.answer_timeout_seconds = 1;
            fetch.attempts = 1;
        })
        .await;
        assert!(only_reason(&indicators).contains("within 1 seconds"));
        assert!(started.elapsed() < Duration::from_secs(4));
    }
}

#[tokio::test]
async fn the_order_of_the_figures_does_not_depend_on_which_answer_comes_first() {
    let measures: Vec<String> =
        (0..6).map(|n| life_expectancy(&format!("le{n}"), "Female", 3).replace("90366", &format!("9000{n}"))).collect();
    let requests: Vec<String> = (0..6).map(|n| REQUEST.replace("90366", &format!("9000{n}"))).collect();
    let answers: Vec<String> = (0..6).map(|n| good().replace("90366", &format!("9000{n}"))).collect();
    let pairs: Vec<(&str, &str)> = requests.iter().zip(&answers).map(|(r, a)| (r.as_str(), a.as_str())).collect();
    let (_folder, recordings) = recorded(&pairs);
    let expected = collect(&measures, &recordings).await;

    // The server answers the first questions last.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = settings_with(&format!("http://{}/", listener.local_addr().unwrap()));
    settings.fetch.concurrency = 6;
    tokio::spawn(async move {
        let mut waiting = Vec::new();
        for _ in 0..6 {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            let head = String::from_utf8(head).unwrap();
            let which = (0..6).find(|n| head.contains(&format!("=9000{n}&"))).unwrap();
            waiting.push((which, stream));
        }
        waiting.sort_by_key(|(which, _)| std::cmp::Reverse(*which));
        for (which, mut stream) in waiting {
            let Reply::Whole(text) = ok(&answers[which]) else { unreachable!() };
            stream.write_all(text.as_bytes()).await.unwrap();
        }
    });
    let live = collect(&measures, &settings).await;
    assert_eq!(figures(&live), figures(&expected));
    assert_eq!(live.observations.len(), 12);
}

#[tokio::test]
async fn what_is_collected_can_be_awaited_on_any_thread() {
    fn sendable<T: Send>(value: T) -> T {
        value
    }
    let settings = settings_with(Path::new("/nowhere").to_str().unwrap());
    let measures = [life_expectancy("le", "Female", 3)];
    let indicators = sendable(collect(&measures, &settings)).await;
    assert!(only_reason(&indicators).contains("recordings.toml cannot be read"));
}

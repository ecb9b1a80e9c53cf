//! What becomes of public indicators: the figures asked for out of all that comes, and a clear reason wherever there is
//! none. How live sources are asked is in `fetching.rs`.

use crate::support::public_source::*;
use boardpack::collect::{Grade, IndicatorOutcome, Indicators};
use boardpack::figure::Provenance;
use boardpack::value::{Limits, Value};
use std::path::Path;

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
async fn one_year_differs_from_three_in_shared_questions() {
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
async fn areas_repeated_by_parent_are_one_figure() {
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
async fn figures_keep_limits_counts_and_line() {
    let text = format!(
        "{HEADER}\r\n\
         90366,\"Life expectancy, at \"\"birth\"\"\",,,E06000018,Nottingham,UA,Female,All ages,,,2022 - 24,81.2,80.7,81.7,80.1,82.3,\
         \"1,234\",5678,a note,No significant change,Worse,,20220000,,,3y\r\n\
         90366,Life expectancy at birth,,,E06000018,Nottingham,UA,Female,All ages,Deprivation deciles,Most deprived,2022 - 24,74.0,,,,,,,,,,,,,,\r\n\
         90366,Life expectancy at birth,,,E07000170,Ashfield,DC,Female,All ages,,,2022 - 24,,,,,,,,Value suppressed for small numbers,,,,,,,\r\n\
         90366,Life expectancy at birth,,,E54000060,ICB,ICB,Female,All ages,,,2022 - 24,,,,,,,,Value missing in source data,,,,,,,\r\n\
         90366,Life expectancy at birth,,,E54000060,ICB,ICB,Female,All ages,,,2021 - 23,80.1,79.1,81.1,,,*,5678,,,,,,,,\r\n"
    );
    let indicators = read(&[life_expectancy("le", "Female", 3)], &text).await;
    let [headline, decile, suppressed, missing, marked] = &indicators.observations[..] else {
        panic!("{:?}", figures(&indicators))
    };
    assert_eq!(
        (headline.limits, headline.limits_998),
        (Some(Limits { lower: 80.7, upper: 81.7 }), Some(Limits { lower: 80.1, upper: 82.3 }))
    );
    assert_eq!((headline.numerator, headline.denominator, headline.note.as_str()), (Some(1234.0), Some(5678.0), "a note"));
    assert_eq!(headline.published_comparison.as_deref(), Some("Worse"));
    assert_eq!((headline.published_trend.as_deref(), &headline.category), (Some("No significant change"), &None));
    assert_eq!(decile.category.as_ref().map(|c| c.group.as_str()), Some("Most deprived"));
    assert_eq!((suppressed.value, missing.value), (Value::Suppressed, Value::Missing));
    assert_eq!((marked.value, marked.numerator, marked.limits), (Value::Suppressed, None, None), "its count is marked");
    assert_eq!(missing.note, "Value missing in source data");
    let Provenance::Answer { publisher, indicator, line, retrieved, url, .. } = &headline.provenance else { panic!() };
    assert_eq!((publisher.as_str(), indicator.as_str(), *line), ("ONS", "Life expectancy, at \"birth\"", 2));
    assert_eq!(retrieved.to_string(), "2026-11-02T09:00:00Z");
    assert!(url.starts_with(REQUEST) && url.contains("(recording ") && url.ends_with("/0.csv)"), "{url}");
    let IndicatorOutcome::Received { figures, licence, .. } = &indicators.receipts[0].outcome else { panic!() };
    assert_eq!((*figures, licence.as_str()), (2, "OGL"));
}

#[tokio::test]
async fn byte_order_mark_and_column_order_change_nothing() {
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
async fn answers_without_due_figures_say_their_contents() {
    let other_area = answer(&[row("", "E06000001", "Female", "2022 - 24", "80.0")]);
    let other_sex = answer(&[row("", "E06000018", "Persons", "2022 - 24", "80.0")]);
    let cases: [(&str, &str); 12] = [
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
        (&good().replace("81.2", "about 81"), "line 3: \"about 81\" is in \"Value\" where a number was expected"),
        (&good().replace("2022 - 24", "lately"), "line 2: \"lately\" is not a period"),
        (&good()[..good().len() - 20], "line 3 is broken, or the answer was cut short in it: 13 cells under 27 columns"),
    ];
    for (text, expected) in cases {
        let reason = only_reason(&read(&[life_expectancy("le", "Female", 3)], text).await);
        assert!(reason.contains(expected), "{reason:?} does not say {expected:?}");
    }
}

#[tokio::test]
async fn an_unstated_age_is_not_guessed() {
    let open = life_expectancy("le", "Female", 3).replace("age = \"All ages\", ", "");
    let row = row("", "E06000018", "Female", "2022 - 24", "81.2");
    assert_eq!(read(std::slice::from_ref(&open), &answer(std::slice::from_ref(&row))).await.observations.len(), 1);
    let two = answer(&[row.clone(), row.replace("All ages", "65")]);
    assert!(only_reason(&read(&[open], &two).await).contains("holds several ages (65, All ages)"));
}

#[tokio::test]
async fn one_empty_measure_costs_no_other() {
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
async fn tables_follow_the_configured_columns() {
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

// --- What can be believed ----------------------------------------------------------------------------------------------

/// A table of percentages of one area, read as a proportion or an estimate.
async fn believed(statistic: &str, rows: &[&str]) -> Indicators {
    let folder = tempfile::tempdir().unwrap();
    let lines: String = rows.iter().map(|row| format!("E06000018,{row}\n")).collect();
    std::fs::write(folder.path().join("t.csv"), format!("where,when,value,low,high,count,of\n{lines}")).unwrap();
    let settings = settings_of(&format!(
        "[sources.own]\nkind = \"table\"\npublisher = \"P\"\nlicence = \"L\"\nbase_url = \"{}\"\nfile = \"t.csv\"\n\
         [sources.own.columns]\narea = \"where\"\nperiod = \"when\"\nvalue = \"value\"\nlower = \"low\"\nupper = \"high\"\n\
         numerator = \"count\"\ndenominator = \"of\"\n",
        folder.path().display()
    ));
    let measure =
        measure("a", "calendar", "source = \"own\", indicator = \"A\"").replace("\"years\"", "\"percent\"\nmultiplier = 100");
    collect(&[measure.replace("\"estimate\"", &format!("{statistic:?}"))], &settings).await
}

fn told(indicators: &Indicators) -> Vec<(Grade, &str, &str)> {
    indicators.findings.iter().map(|f| (f.grade, f.place.as_str(), f.problem.as_str())).collect()
}

#[tokio::test]
async fn fractional_counts_of_shares_are_left_out() {
    let indicators = believed("proportion", &["2024,20.0,,,118.5,593"]).await;
    let [figure] = &indicators.observations[..] else { panic!("{:?}", indicators.observations) };
    assert_eq!((figure.value, figure.numerator, figure.denominator), (Value::Number(20.0), None, Some(593.0)));
    let told = told(&indicators);
    assert!(told[0].2.contains("118.5 was found; a count is a whole number; the value is used without it"), "{told:?}");
    let nothing = believed("proportion", &["2024,20.0,,,,0"]).await;
    assert_eq!((nothing.observations[0].value, nothing.observations[0].denominator), (Value::Number(20.0), None));
    assert!(nothing.findings[0].problem.contains("0 was found; beside a value the denominator is above 0"));
    let estimate = believed("estimate", &["2024,20.0,,,118.6,593"]).await;
    assert_eq!((estimate.observations[0].numerator, estimate.findings.len()), (Some(118.6), 0));
}

#[tokio::test]
async fn impossible_published_figures_are_told_and_unused() {
    for (row, problem) in [
        ("2024,1993,,,,", "1993% was found; a percentage from 0 to 100 was expected; it is not used"),
        ("2024,-5,,,,", "-5% was found"),
        ("2024,20,25,30,,", "the value 20 does not lie within its limits, 25 to 30"),
        ("2024,20,,,50,40", "the numerator 50 is above the denominator 40"),
        ("2024,20,,,-5,40", "-5 was found; a count is not below 0"),
        ("2024,20,,,0,0", "the denominator is 0, so there is no value"),
    ] {
        let indicators = believed("proportion", &["2023,19,18,20,19,100", row]).await;
        assert_eq!(figures(&indicators), [("a", "E06000018", "2023".to_owned(), Value::Number(19.0))], "{row}");
        let [(grade, place, found)] = told(&indicators)[..] else { panic!("{row}: {:?}", indicators.findings) };
        assert!(grade == Grade::Error && found.contains(problem), "{found}");
        assert!(place.starts_with("file t.csv") && place.ends_with(", line 3"), "{place}");
        assert_eq!(indicators.findings[0].about.as_ref().unwrap().period.to_string(), "2024", "the pack can tell of which");
    }
    let reason = only_reason(&believed("proportion", &["2024,1993,,,,"]).await);
    assert!(reason.contains("not one of its figures can be, such as t of E06000018, 2024: 1993% was found"), "{reason}");
}

#[tokio::test]
async fn doubtful_published_figures_are_used_and_queried() {
    for (statistic, before, row, problem) in [
        ("proportion", "2023,18.8,,,,", "2024,0.199,,,,", "0.199% was found, about 1/100 of the 18.8% of 2023"),
        ("proportion", "2023,0.19,,,19,100", "2024,0.2,,,20,100", "0.2% was found, and its counts make 20%: it may be a share"),
        ("estimate", "2023,18.8,,,,", "2024,-5,,,,", "-5% was found, and no other figure is below 0"),
        ("proportion", "2023,20,,,20,100", "2024,20,,,40,100", "the value 20 is not what the counts beside it make, 40"),
    ] {
        let indicators = believed(statistic, &[before, row]).await;
        assert_eq!(indicators.observations.len(), 2, "{row}");
        let [(grade, place, found)] = told(&indicators)[..] else { panic!("{row}: {:?}", indicators.findings) };
        assert!(grade == Grade::Question && place.ends_with(", line 3") && found.contains(problem), "{found}");
        assert!(indicators.observations[1].note.starts_with("doubtful: "), "{row}");
    }
}

#[tokio::test]
async fn unusable_limits_do_not_cost_the_value() {
    for (row, findings) in
        [("2024,20,-1,-1,,", 0), ("2024,20,9999,9999,-1,-1", 0), ("2024,20,25,15,,", 1), ("2024,20,15,120,,", 1)]
    {
        let indicators = believed("proportion", &[row]).await;
        let [one] = &indicators.observations[..] else { panic!("{row}: {:?}", indicators.findings) };
        assert_eq!((one.value, one.limits, one.numerator), (Value::Number(20.0), None, None), "{row}");
        assert_eq!(indicators.findings.len(), findings, "{row}: {:?}", indicators.findings);
    }
}

#[tokio::test]
async fn odd_but_plausible_figures_are_not_queried() {
    for (statistic, rows) in [
        // A difference that was below 0 before.
        ("estimate", &["2022,-3,,,,", "2023,2,,,,", "2024,-5,,,,"][..]),
        // Counts of something else: weighted, or of another year.
        ("proportion", &["2023,20,,,40,100", "2024,21,,,42,100"]),
        ("proportion", &["2023,0,,,0,100", "2024,0.4,,,1,250"]),
        ("proportion", &["2022,5,,,,", "2023,0.05,,,,", "2024,0.06,,,,"]),
    ] {
        let indicators = believed(statistic, rows).await;
        assert_eq!((told(&indicators), indicators.observations.len()), (vec![], rows.len()), "{rows:?}");
    }
}

#[tokio::test]
async fn api_months_are_read_as_labelled() {
    let indicators = believed("proportion", &["Jul-26,20,,,,", "Aug 26,21,,,,", "2026-09,22,,,,"]).await;
    let periods: Vec<String> = indicators.observations.iter().map(|o| o.period.to_string()).collect();
    assert_eq!(periods, ["Jul 2026", "Aug 2026", "Sep 2026"]);
}

// --- Sources that cannot be asked ------------------------------------------------------------------------------------

#[tokio::test]
async fn unavailable_differs_from_failed() {
    let (_folder, recordings) = recorded(&[]);
    let empty = tempfile::tempdir().unwrap();
    let le = life_expectancy("le", "Female", 3);
    for (measure, settings, failed, expected) in [
        (le.clone(), recordings, false, "no answer to it was recorded".to_owned()),
        (le.clone(), settings_with(""), false, "no address is set for it".to_owned()),
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
async fn recording_lists_keep_form_and_folder() {
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

#[tokio::test]
async fn collecting_can_be_awaited_on_any_thread() {
    fn sendable<T: Send>(value: T) -> T {
        value
    }
    let settings = settings_with(Path::new("/nowhere").to_str().unwrap());
    let measures = [life_expectancy("le", "Female", 3)];
    let indicators = sendable(collect(&measures, &settings)).await;
    assert!(only_reason(&indicators).contains("recordings.toml cannot be read"));
}

//! What sources say of their indicators.

use super::*;

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
    let wanted = RunScope { framework: &framework, partners: &[], period, as_at: at[..10].parse().unwrap() };
    let means =
        FetchSetup { descriptions: true, ..FetchSetup::new(&settings.sources, &settings.fetch, archive, at.parse().unwrap()) };
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
    let wanted = RunScope { framework: &framework, partners: &[], period, as_at: date(2026, 11, 20) };
    let means = FetchSetup::new(&settings.sources, &settings.fetch, &archive, "2026-11-20T09:00:00Z".parse().unwrap());
    let words = ["Mortality".to_owned(), "per 100,000".to_owned()];
    for _ in 0..2 {
        let found = search_indicators(&words, &wanted, &means).await;
        let ids: Vec<_> = found.indicators.iter().map(|found| found.description.indicator.as_str()).collect();
        assert_eq!((ids, found.of, found.failures), (vec!["93721"], 2, vec![]), "the second time out of the archive");
    }
}

// The real figures.

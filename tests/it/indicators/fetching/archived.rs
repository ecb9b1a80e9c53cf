//! Answers that were archived before: asked for again only if newer, and used where a source fails.

use super::*;

fn retrieved(indicators: &Indicators) -> (String, Option<String>) {
    match &indicators.receipts[0].outcome {
        IndicatorOutcome::Received { retrieved, instead_of, .. } => (retrieved.to_string(), instead_of.clone()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn archived_answers_are_requested_only_if_newer() {
    let tagged = |body: String, tag: &str| Reply::Proper(200, vec![("etag", tag.to_owned())], body.into_bytes());
    let kept = Kept::with(vec![tagged(good(), "\"one\"")]).await;
    let first = kept.ask(FIRST, |_| {}).await;
    assert!(!kept.server.last_asked().contains("if-none-match"));

    kept.server.then(vec![Reply::Proper(304, Vec::new(), Vec::new())]);
    let same = kept.ask(LATER, |_| {}).await;
    assert!(kept.server.last_asked().contains("if-none-match: \"one\"\n"), "{}", kept.server.last_asked());
    assert_eq!(figures(&same), figures(&first));
    assert_eq!((retrieved(&same), same.changes), ((LATER.to_owned(), None), vec![]));

    kept.server.then(vec![tagged(good().replace("81.2", "81.4"), "\"two\"")]);
    let newer = kept.ask("2027-01-20T09:00:00Z", |_| {}).await;
    assert_eq!(newer.observations[1].value, Value::Number(81.4));

    kept.server.then(vec![status(500, &[]), tagged(good(), "\"three\"")]);
    let third = kept.ask("2027-01-21T09:00:00Z", |_| {}).await;
    assert!(!kept.server.last_asked().contains("if-none-match"), "after a failure the whole answer is asked for");

    // So is what is damaged in the archive.
    let Provenance::Answer { sha256, .. } = &third.observations[0].provenance else { panic!() };
    let packed = kept.archive.path(sha256).with_extension("gz");
    std::fs::write(&packed, gzip(b"another text")).unwrap();
    kept.server.then(vec![ok(good())]);
    assert_eq!(kept.ask("2027-01-22T09:00:00Z", |_| {}).await.observations.len(), 2);
    assert!(!kept.server.last_asked().contains("if-none-match"));
}

#[tokio::test]
async fn failed_sources_fall_back_to_the_archive() {
    let kept = Kept::with(vec![ok(good())]).await;
    let first = kept.ask(FIRST, |_| {}).await;
    for (reply, said) in [
        (status(500, &[]), "answered 500 Internal Server Error: \"oops\" (asked 3 times)"),
        (ok("<html>Sign in</html>"), "a web page or XML came instead of a table: \"<html>Sign in</html>\""),
        (ok(answer(&[])), "the answer holds not one row: the source knows no figure of indicator 90366"),
    ] {
        kept.server.then(vec![reply]);
        let failed = kept.ask(LATER, |_| {}).await;
        assert_eq!(failed.observations, first.observations);
        assert_eq!(retrieved(&failed), (FIRST.to_owned(), Some(said.to_owned())));
    }
    let stale = kept.ask(LATER, |fetch| fetch.stale_after_days = 29).await;
    let reason = only_reason(&stale);
    assert!(reason.ends_with("; its last good answer, of 2026-11-20, is more than 29 days old"), "{reason}");
}

#[tokio::test]
async fn offline_runs_use_only_the_archive() {
    let kept = Kept::with(vec![ok(good())]).await;
    let nothing = kept.ask(FIRST, |fetch| fetch.offline = true).await;
    let IndicatorOutcome::NotAvailable { reason } = &nothing.receipts[0].outcome else { panic!("{:?}", nothing.receipts) };
    assert_eq!(reason, "offline, and the archive holds no answer to it");

    let live = kept.ask(FIRST, |_| {}).await;
    kept.server.then(vec![ok(good().replace("81.2", "81.4"))]);
    let revised = kept.ask(LATER, |_| {}).await;
    kept.server.then(vec![status(500, &[])]);
    let stood_in = kept.ask("2026-12-24T09:00:00Z", |_| {}).await;
    let times = kept.server.times_asked();
    for (at, same) in [(FIRST, &live), (LATER, &revised), ("2026-12-24T12:00:00Z", &stood_in)] {
        let offline = kept.ask(at, |fetch| fetch.offline = true).await;
        assert_eq!((&offline.observations, &offline.receipts), (&same.observations, &same.receipts), "as it stood on {at}");
    }
    assert_eq!(kept.server.times_asked(), times);
}

#[tokio::test]
async fn recent_answers_are_not_requested_again() {
    let kept = Kept::with(vec![ok(good())]).await;
    let settings = settings(&kept.server.base, |_| {});
    let since = |day: &str| Some(day.parse().unwrap());
    for (at, day, times) in [(FIRST, "2026-11-20", 1), (LATER, "2026-11-20", 1), (LATER, "2026-11-21", 2)] {
        let indicators = collect_at(at, &le(), &settings, &kept.archive, since(day)).await;
        assert_eq!((indicators.observations.len(), kept.server.times_asked()), (2, times), "{at} {day}");
    }
}

#[tokio::test]
async fn what_a_new_answer_says_otherwise_is_told() {
    let of = |area: &str, period: &str, value: &str| row("", area, "Female", period, value);
    let kept = Kept::with(vec![ok(answer(&[
        of("E06000018", "2020 - 22", "80.0"),
        of("E06000018", "2021 - 23", "81.0"),
        of("E07000170", "2021 - 23", "82.0"),
        of("E92000001", "2021 - 23", "83.0"),
    ]))])
    .await;
    assert_eq!(kept.ask(FIRST, |_| {}).await.changes, []);
    kept.server.then(vec![ok(answer(&[
        of("E06000018", "2020 - 22", "80.1"),
        of("E06000018", "2021 - 23", "90.0"),
        of("E92000001", "2021 - 23", "83.0"),
        of("E92000001", "2022 - 24", "83.5"),
    ]))]);
    let changes: Vec<(String, String, Changed)> = kept
        .ask(LATER, |_| {})
        .await
        .changes
        .into_iter()
        .map(|change| (change.area.to_string(), change.period.to_string(), change.what))
        .collect();
    let number = Value::Number;
    let expected = [
        ("E06000018", "2020 - 22", Changed::Revised { old: number(80.0), new: number(80.1), large: false }),
        ("E06000018", "2021 - 23", Changed::Revised { old: number(81.0), new: number(90.0), large: true }),
        ("E07000170", "2021 - 23", Changed::Withdrawn { old: number(82.0) }),
        ("E92000001", "2022 - 24", Changed::Added { new: number(83.5) }),
    ];
    assert_eq!(changes, expected.map(|(area, period, what)| (area.to_owned(), period.to_owned(), what)));
}

// --- Secrets -----------------------------------------------------------------------------------------------------------

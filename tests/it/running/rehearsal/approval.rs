//! Returns that change while a pack waits for approval.

use super::*;

const TO_APPROVE: [(&str, &str); 2] = [
    (
        "config/recipients.toml",
        "[[list]]\nname = \"board\"\n[[list.recipient]]\naddress = \"board@example.org\"\n\
         [[list]]\nname = \"operators\"\n[[list.recipient]]\naddress = \"desk@example.org\"\n",
    ),
    (
        "config/schedules.toml",
        "schedule = [{ name = \"pack\", kind = \"pack\", cron = \"0 7 20,23 11 *\", recipients = \"board\" }]",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn changed_returns_block_approval() {
    let quarter = Rehearsal::of(
        |folder| {
            let measures = [("config/frameworks/measures/walking.toml", MEASURES)];
            write_files(folder, FILES.iter().chain(&measures).chain(&TO_APPROVE));
        },
        &SETTINGS.replace("[pack]", "[pack]\napproval = true").replace("receipts = true", "receipts = false"),
    )
    .await;
    let (of_quarter, before) = (Period::financial_quarter(2026, 2), Period::financial_quarter(2026, 1));
    let inbox = |name: &str, bytes: Vec<u8>| {
        fs::write(quarter.path("inbox").join(name), &bytes).unwrap();
        sha256(&bytes)
    };
    let old = inbox("hills_2026-27-Q1.xlsx", quarter.workbook_for(before, "hills", Some((180.0, 400.0)), Some(1100.0)));
    let one = inbox("rivers_a.xlsx", quarter.workbook("rivers", Some((300.0, 500.0)), Some(2000.0)));
    inbox("rivers_b.xlsx", quarter.workbook("rivers", Some((300.0, 500.0)), Some(2100.0)));
    let dales = inbox("dales.xlsx", quarter.workbook("dales", Some((1.0, 2.0)), Some(3.0)));
    quarter.serve_at("2026-11-19T08:00:00Z").await;
    let is_for_board = |letter: &&Letter| letter.to == "board@example.org";
    assert_eq!(quarter.serve_at("2026-11-20T07:00:30Z").await.iter().filter(is_for_board).count(), 0);

    let ledger = Ledger::open(&quarter.settings.paths.ledger).await.unwrap();
    let waits = async |last: i64| {
        let mut found = None;
        for run in 1..=last {
            found = if ledger.approval(RunId(run)).await.unwrap().is_some() { Some(RunId(run)) } else { found };
        }
        found.unwrap()
    };
    let approve = async |run: RunId| {
        let config = LoadedConfig::load(&quarter.settings, true, QuarterChoice::default(), now).unwrap();
        boardpack::run::approve(&quarter.settings, &config, run, "Ada", now).await
    };
    let first = waits(9).await;
    let refused = async |expected: &[&str]| {
        let said = approve(first).await.unwrap_err().to_string();
        assert!(expected.iter().all(|part| said.contains(part)), "{expected:?} is not in: {said}");
        assert!(quarter.letters().is_empty());
        assert!(ledger.approval(first).await.unwrap().unwrap().approved_by.is_none(), "it still waits");
    };
    ledger.settle_version(&one, "Ada", now()).await.unwrap();
    refused(&["the returns rivers_a.xlsx and rivers_b.xlsx of rivers differ, and which of them to use has been decided \
        differently since"])
    .await;
    ledger.withdraw_version(&dales, "Ada", "a draft", now()).await.unwrap();
    refused(&["the return dales.xlsx of dales for 2026-27-Q2 has been withdrawn since: a draft"]).await;
    // What an earlier quarter's return gave is in the pack too.
    ledger.withdraw_version(&old, "Ada", "another year", now()).await.unwrap();
    refused(&["hills_2026-27-Q1.xlsx of hills for 2026-27-Q1 has been withdrawn since: another year", ": a draft"]).await;
    let (until, by, reason) = (date(2026, 12, 1), "Ada".to_owned(), "a flood".to_owned());
    ledger.extend(of_quarter, "hills", &Extension { until, by, reason }, now()).await.unwrap();
    refused(&["the deadline of hills has since been extended to 2026-12-01"]).await;

    // A pack that is made after all that can be approved.
    inbox("hills_c.xlsx", quarter.workbook("hills", Some((190.0, 400.0)), Some(1300.0)));
    inbox("dales_c.xlsx", quarter.workbook("dales", Some((200.0, 500.0)), Some(1500.0)));
    assert_eq!(quarter.serve_at("2026-11-23T07:00:30Z").await.iter().filter(is_for_board).count(), 0);
    let second = waits(19).await;
    assert!(second > first);
    approve(second).await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(quarter.letters().iter().filter(is_for_board).count(), 1);
    ledger.close().await;
}

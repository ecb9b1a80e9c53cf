//! Returns after the ledger was lost: what was decided about them stands, and they keep their order.

use super::*;
use boardpack::store::{Adopting, Adoption, Allowance};

const ADOPTING: Adopting<'_> =
    Adopting { by: "Avery", reason: "The disk was changed.", holder: "the test", without_record: false };

/// A server that has been started once: what falls due after that is done.
async fn started() -> Rehearsal {
    let quarter = Rehearsal::new().await;
    quarter.serve_at("2026-10-31T08:00:00Z").await;
    quarter
}

/// Puts a return of Rivers with so many visits into the inbox, and gives its SHA-256.
fn put(quarter: &Rehearsal, name: &str, visits: f64) -> String {
    let bytes = quarter.workbook("rivers", Some((300.0, 500.0)), Some(visits));
    fs::write(quarter.path("inbox").join(name), &bytes).unwrap();
    sha256(&bytes)
}

async fn ledger(quarter: &Rehearsal) -> Ledger {
    Ledger::open_to_work(&quarter.settings.paths, "the test", now()).await.unwrap().0
}

async fn visits(quarter: &Rehearsal) -> Option<f64> {
    let config = quarter.config();
    let setup = Setup { settings: &quarter.settings, config: &config, now, progress: &Unwatched };
    let assessed = run::assess(&setup, None).await.unwrap_or_else(|e| panic!("{e}"));
    let area = boardpack::area::AreaCode::new("X2").unwrap();
    let of_rivers = assessed.evaluation.measures[1].areas.iter().find(|one| one.area == area);
    of_rivers.and_then(|one| one.latest.as_ref()?.value.number())
}

fn lose_ledger(quarter: &Rehearsal) {
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(quarter.path(&format!("ledger.sqlite{end}")));
    }
}

/// Leaves out of the archive's record what an earlier version did not write.
fn forget_decisions(quarter: &Rehearsal) {
    let record = quarter.path("archive/sent/record.jsonl");
    let lines = fs::read_to_string(&record).unwrap();
    let is_before = |line: &&str| !line.starts_with("{\"return\"");
    fs::write(&record, lines.split_inclusive('\n').filter(is_before).collect::<String>()).unwrap();
}

async fn recover(quarter: &Rehearsal, backup: Option<&Path>) -> Adoption {
    lose_ledger(quarter);
    match backup {
        None => Ledger::adopt(&quarter.settings.paths, ADOPTING, now()).await.unwrap(),
        Some(backup) => Ledger::restore(&quarter.settings.paths, backup, ("the test", false), now()).await.unwrap().0,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_survive_a_lost_ledger() {
    for has_backup in [false, true] {
        let quarter = started().await;
        put(&quarter, "rivers_1.xlsx", 1000.0);
        quarter.serve_at("2026-11-01T06:00:30Z").await;
        let backup = quarter.path("backup.sqlite");
        ledger(&quarter).await.back_up(&backup).await.unwrap();
        let wrong = put(&quarter, "rivers_2.xlsx", 2000.0);
        let chosen = put(&quarter, "rivers_3.xlsx", 3000.0);
        put(&quarter, "rivers_4.xlsx", 4000.0);
        quarter.serve_at("2026-11-02T06:00:30Z").await;
        let open = ledger(&quarter).await;
        assert!(matches!(open.withdraw_version(&wrong, "Ada", "figures of another year", now()).await.unwrap(), Word::Done(_)));
        assert!(matches!(open.settle_version(&chosen, "Ada", now()).await.unwrap(), Word::Done(_)));
        let allowance = Allowance { sha256: &chosen, cell: Some("Figures!H7"), by: "Ada", reason: "a street" };
        assert!(open.allow(&allowance, now()).await.unwrap());
        let period = Period::financial_quarter(2026, 2);
        for day in [date(2026, 11, 10), date(2026, 11, 14)] {
            let extension = Extension { until: day, by: "Ada".to_owned(), reason: "a flood".to_owned() };
            open.extend(period, "dales", &extension, now()).await.unwrap();
        }
        let (versions, allowed, extended) =
            (open.versions(period).await.unwrap(), open.allowed().await.unwrap(), open.extensions(period).await.unwrap());
        open.close().await;
        assert_eq!(visits(&quarter).await, Some(3000.0));

        // The second time it is lost there is the record of the first.
        for _ in 0..2 {
            let adoption = recover(&quarter, has_backup.then_some(&*backup)).await;
            let decided = &adoption.decided;
            assert_eq!((decided.returns.len(), adoption.lacks_decisions), (if has_backup { 3 } else { 4 }, false));
            assert_eq!((decided.extensions.len(), decided.allowances.len()), (2, 1));
            let open = ledger(&quarter).await;
            assert_eq!(open.allowed().await.unwrap(), allowed);
            assert_eq!(open.extensions(period).await.unwrap(), extended);
            let as_before = |one: &boardpack::store::RecordedVersion| {
                (one.version.sha256.clone(), one.version.standing.clone(), one.version.settled_by.clone(), one.contents.clone())
            };
            let found = open.versions(period).await.unwrap();
            assert_eq!(found.iter().map(as_before).collect::<Vec<_>>(), versions.iter().map(as_before).collect::<Vec<_>>());
            open.close().await;
            // All of them lie in the inbox still.
            assert_eq!(visits(&quarter).await, Some(3000.0));
        }
        quarter.serve_at("2026-11-03T06:00:30Z").await;
        assert_eq!(visits(&quarter).await, Some(3000.0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_ledger_lacks_a_withdrawal() {
    let quarter = started().await;
    let wrong = put(&quarter, "rivers.xlsx", 2000.0);
    quarter.serve_at("2026-11-01T06:00:30Z").await;
    let backup = quarter.path("backup.sqlite");
    let open = ledger(&quarter).await;
    open.back_up(&backup).await.unwrap();
    open.withdraw_version(&wrong, "Ada", "figures of another year", now()).await.unwrap();
    open.close().await;
    lose_ledger(&quarter);
    fs::copy(&backup, quarter.path("ledger.sqlite")).unwrap();
    let refused = Ledger::open_to_work(&quarter.settings.paths, "the test", now()).await.unwrap_err().to_string();
    assert!(refused.contains("it lacks 1 return or decision about one"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn returns_keep_their_order_without_a_record() {
    let quarter = started().await;
    // By their digests the first would come last.
    let second = put(&quarter, "rivers_2.xlsx", 2000.0);
    fs::remove_file(quarter.path("inbox/rivers_2.xlsx")).unwrap();
    let first = (1..).map(|n| 1000.0 + f64::from(n)).find(|visits| put(&quarter, "rivers_1.xlsx", *visits) > second);
    assert!(first.is_some());
    for other in ["hills", "dales"] {
        let bytes = quarter.workbook(other, Some((200.0, 400.0)), Some(500.0));
        fs::write(quarter.path("inbox").join(format!("{other}.xlsx")), bytes).unwrap();
    }
    quarter.serve_at("2026-11-01T06:00:30Z").await;
    put(&quarter, "rivers_2.xlsx", 2000.0);
    quarter.serve_at("2026-11-02T06:00:30Z").await;
    let sent = quarter.serve_at("2026-11-20T07:00:30Z").await;
    assert!(recipients(&sent).contains(&"board@example.org"), "{:?}", recipients(&sent));
    forget_decisions(&quarter);
    assert!(recover(&quarter, None).await.lacks_decisions);
    assert_eq!(visits(&quarter).await, Some(2000.0));
    fs::remove_file(quarter.path("inbox/rivers_2.xlsx")).unwrap();
    assert_eq!(visits(&quarter).await, Some(2000.0), "the archive has it");
}

#[tokio::test(flavor = "multi_thread")]
async fn purged_files_are_not_missed_after_a_loss() {
    let quarter = started().await;
    let inbox = put(&quarter, "rivers.xlsx", 1000.0);
    for other in ["hills", "dales"] {
        let bytes = quarter.workbook(other, Some((200.0, 400.0)), Some(500.0));
        fs::write(quarter.path("inbox").join(format!("{other}.xlsx")), bytes).unwrap();
    }
    let sent = quarter.serve_at("2026-11-20T07:00:30Z").await;
    assert!(recipients(&sent).contains(&"board@example.org"), "{:?}", recipients(&sent));
    let open = ledger(&quarter).await;
    let keep = Keep { inputs_days: 1, figures_days: 1, packs_days: 1 };
    let far = "2027-11-20T00:00:00Z".parse().unwrap();
    let purge = Purge::due(&open, &quarter.settings.paths, &keep, far).await.unwrap();
    let packs = purge.files.iter().filter(|over| over.file.name.ends_with(".pdf")).count();
    assert!(packs > 0 && purge.files.iter().any(|over| over.file.sha256 == inbox), "{purge:?}");
    purge.carry_out(&open, far).await.unwrap();
    open.close().await;
    set_clock("2027-11-21T00:00:00Z");
    // The second time there is the record of the first.
    for _ in 0..2 {
        recover(&quarter, None).await;
        let open = ledger(&quarter).await;
        let verified = boardpack::retention::verify(&quarter.settings.paths, &open.kept().await.unwrap());
        open.close().await;
        assert_eq!(verified.faults.to_string(), "");
        assert!(verified.purged > packs, "{verified:?}");
    }
}

//! What earlier packs showed decides what a later one may show: where it is lost, none goes out until a person has decided so.

use super::*;

const ADOPT: [&str; 6] = ["ledger", "adopt", "--by", "Avery", "--reason", "The disk was changed."];

/// The SHA-256 of what the run that sent the packs judged.
async fn judged(system: &SmallSystem) -> String {
    let sql = "SELECT sha256 FROM output WHERE name = 'stage/evaluate.json' ORDER BY run_id DESC LIMIT 1";
    sqlx::query_scalar(sql).fetch_one(&mut tables(system).await).await.unwrap()
}

/// Loses the record alone, then the ledger, with the record that the first adoption made; less its lines that match.
async fn lose_both(system: &SmallSystem, drop_line: impl Fn(&str) -> bool) {
    let record = system.path("archive/sent/record.jsonl");
    fs::remove_file(&record).unwrap();
    assert_exit(&system.run(&ADOPT, &[]).await, 0);
    let lines = fs::read_to_string(&record).unwrap();
    fs::write(&record, lines.split_inclusive('\n').filter(|line| !drop_line(line)).collect::<String>()).unwrap();
    take_away(system);
    assert_exit(&system.run(&ADOPT, &[]).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_wait_where_what_others_showed_is_lost() {
    for (how, says) in [
        ("a file", "No such file"),
        ("a damaged file", "it is not what was kept under this name"),
        ("the archive", "No such file"),
        ("deleted by an older version", "what it showed was deleted by a purge"),
        ("a record without files", "the ledger does not say what it showed"),
        ("a record without runs", "the ledger does not know the run that made it"),
    ] {
        let system = sent().await;
        let sha256 = judged(&system).await;
        let file = Archive::new(system.path("archive")).find(&sha256).unwrap();
        match how {
            "a file" => fs::remove_file(file).unwrap(),
            "a damaged file" => fs::write(file, "{}").unwrap(),
            "the archive" => {
                fs::remove_dir_all(system.path("archive")).unwrap();
                assert_exit(&system.run(&ADOPT, &[]).await, 0);
            }
            "deleted by an older version" => {
                fs::remove_file(file).unwrap();
                let purged = format!("INSERT INTO purged VALUES ('{sha256}', '2026-11-01T00:00:00Z')");
                tables(&system).await.execute(sqlx::AssertSqlSafe(purged)).await.unwrap();
            }
            "a record without files" => {
                let record = system.path("archive/sent/record.jsonl");
                let lines = fs::read_to_string(&record).unwrap();
                fs::write(&record, lines.replace("stage/evaluate.json", "stage/other.json")).unwrap();
                take_away(&system);
                assert_exit(&system.run(&ADOPT, &[]).await, 0);
            }
            _ => lose_both(&system, |line| line.starts_with("{\"made\"")).await,
        }
        for run in [&["run", "--period", "2026-27-Q1"][..], &["run", "--no-send", "--period", "2026-27-Q1"]] {
            let said = assert_exit(&system.run(run, &[]).await, 3);
            assert!(said.contains("what the pack of 2026/27 Q2") && said.contains(says), "{how}: {said}");
            assert!(said.contains("`boardpack disclosure accept-loss --by NAME --reason TEXT`"), "{how}: {said}");
            assert_eq!(readers(&system.post.take()), [""; 0], "{how}");
        }
        let audit = text(&system.run(&["disclosure", "audit"], &[]).await);
        assert!(audit.contains("No pack is sent: what the pack of 2026/27 Q2"), "{how}: {audit}");
        let accepted = assert_exit(&system.run(&ACCEPT_LOSS, &[]).await, 0);
        assert!(accepted.contains("without what these showed") && accepted.contains("the pack of 2026/27 Q2"), "{accepted}");
        let again = assert_exit(&system.run(&ACCEPT_LOSS, &[]).await, 0);
        assert!(again.contains("nothing was changed"), "{how}: {again}");
        let audit = text(&system.run(&["disclosure", "audit"], &[]).await);
        assert!(audit.contains("Accepted by Avery, ") && audit.contains("showed is lost: There is no backup."), "{how}: {audit}");
        if how.ends_with("file") {
            let verified = assert_exit(&system.run(&["archive", "verify"], &[]).await, 0);
            assert!(
                verified.contains("2026-27-Q2/stage/evaluate.json of run 2 is lost, which is accepted by Avery"),
                "{verified}"
            );
        }
        assert_exit(&system.run(&["run", "--period", "2026-27-Q1"], &[]).await, 0);
        assert_eq!(readers(&system.post.take()), everybody(THREE), "{how}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_packs_showed_survives_losses_and_purges() {
    for how in ["the record, then the ledger", "the ledger", "its time is over"] {
        let system = sent().await;
        let sha256 = judged(&system).await;
        match how {
            "the record, then the ledger" => lose_both(&system, |_| false).await,
            "the ledger" => {
                take_away(&system);
                assert_exit(&system.run(&ADOPT, &[]).await, 0);
            }
            _ => {
                let old = "UPDATE run SET started_at = '2024-01-01T06:00:00Z'";
                tables(&system).await.execute(old).await.unwrap();
                let purged = assert_exit(&system.run(&["purge"], &[("KEEP__FIGURES_DAYS", "400")]).await, 0);
                assert!(purged.contains("stage/collect.json") && !purged.contains("stage/evaluate.json"), "{purged}");
            }
        }
        assert!(Archive::new(system.path("archive")).find(&sha256).is_some(), "{how}");
        assert_exit(&system.run(&["run", "--period", "2026-27-Q1"], &[]).await, 0);
        assert_eq!(readers(&system.post.take()), everybody(THREE), "{how}");
    }
}

//! Ledgers of earlier versions, and files that are no ledger.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn earlier_ledgers_migrate_completely() {
    for version in 1..=ROWS.len() {
        let system = SmallSystem::new(Script::default(), 2).await;
        let options = SqliteConnectOptions::new().filename(system.path("ledger.sqlite")).create_if_missing(true);
        let pool = SqlitePool::connect_with(options).await.unwrap();
        for (known, rows) in (1..=version).zip(ROWS) {
            let mut earlier = sqlx::migrate!("src/store/migrations");
            earlier.migrations.to_mut().retain(|migration| migration.version <= i64::try_from(known).unwrap());
            earlier.run(&pool).await.unwrap();
            pool.execute(rows).await.unwrap();
        }
        pool.close().await;

        let listed = assert_exit(&system.run(&["runs", "list"], &[]).await, 0);
        assert!(listed.contains("2026-08-20T06:00:00Z  board-pack  2026-27-Q1  quarterly  done"), "{version}: {listed}");
        let shown = assert_exit(&system.run(&["runs", "show", "1"], &[]).await, 0);
        assert!(shown.contains("reader0@example.org  board-pack, issue 1  accepted"), "{version}: {shown}");
        // What was delivered by the earlier version is not sent again by this one, and as it is not kept nobody gets another.
        let run = assert_exit(&system.run(&["run"], &[]).await, 3);
        assert!(run.contains("some readers have issue 1 from run 1, which is no longer kept"), "{run}");
        assert_eq!(readers(&system.post.take()), [""; 0], "{version}");
        let mut tables = tables(&system).await;
        let sound: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut tables).await.unwrap();
        assert_eq!(sound, "ok");
        for table in
            ["run", "message", "schedule", "occurrence", "heartbeat", "return_version", "approval", "purged", "purged_run"]
        {
            let since = match table {
                "return_version" => 3,
                "approval" => 4,
                "purged" | "purged_run" => 5,
                _ => 1,
            };
            assert_eq!(count(&mut tables, table).await > 0, version >= since, "{version}: {table}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_no_ledger_are_refused() {
    let system = SmallSystem::new(Script::default(), 1).await;
    let prose = "These are not the tables you are looking for.\n".repeat(200);
    fs::write(system.path("prose.txt"), &prose).unwrap();
    fs::create_dir(system.path("folder")).unwrap();
    for (path, says) in [
        (
            "prose.txt",
            "its file is not a ledger, or its start is damaged (`boardpack ledger restore FILE` restores a backup; without a \
             backup, move the file elsewhere",
        ),
        ("folder", "unable to open database file (check the path in paths.ledger and its permissions)"),
        ("prose.txt/ledger.sqlite", "its folder cannot be made"),
    ] {
        let path = system.path(path);
        for arguments in [&["run"][..], &["runs", "list"]] {
            let said = assert_exit(&system.run(arguments, &[("PATHS__LEDGER", path.to_str().unwrap())]).await, 69);
            let line = said.lines().find(|line| line.starts_with("error: ")).unwrap_or_default();
            assert!(line.contains(path.to_str().unwrap()) && line.contains(says), "{said}");
        }
    }
    assert_eq!(fs::read_to_string(system.path("prose.txt")).unwrap(), prose);
    assert_eq!(readers(&system.post.take()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_ledgers_end_runs_with_advice() {
    let system = SmallSystem::new(Script::default(), 1).await;
    assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
    let path = system.path("ledger.sqlite");
    let mut bytes = fs::read(&path).unwrap();
    // Its first page, which says where the tables are, stays.
    bytes[4096..].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    let said = assert_exit(&system.run(&["run"], &[]).await, 69);
    assert!(said.contains("error: the ledger") && said.contains("`boardpack ledger restore FILE`"), "{said}");
    assert_eq!(readers(&system.post.take()), [""; 0]);
}

/// Puts another file in the place of what a stage of run 1 left.
async fn put_stage(system: &SmallSystem, stage: &str, change: impl FnOnce(&mut serde_json::Value)) {
    let name = format!("stage/{stage}.json");
    let mut tables = tables(system).await;
    let sha256: String = sqlx::query_scalar("SELECT sha256 FROM output WHERE run_id = 1 AND name = $1")
        .bind(&name)
        .fetch_one(&mut tables)
        .await
        .unwrap();
    let archive = Archive::new(system.path("archive"));
    let mut left: serde_json::Value = serde_json::from_slice(&fs::read(archive.path(&sha256)).unwrap()).unwrap();
    change(&mut left);
    let changed = archive.keep(left.to_string().as_bytes()).unwrap();
    let update = sqlx::query("UPDATE output SET sha256 = $1 WHERE run_id = 1 AND name = $2").bind(changed).bind(&name);
    update.execute(&mut tables).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_records_are_counted_and_skipped() {
    let system = SmallSystem::new(Script::default(), 1).await;
    assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
    put_stage(&system, "collect", |left| {
        assert_eq!(left["format"], 2);
        let figures = left["content"]["observations"].as_array_mut().unwrap();
        figures[0]["value"] = serde_json::json!({ "number": 929.0 });
        figures.extend([serde_json::json!({ "measure": "park-visits" }), serde_json::json!("930")]);
    })
    .await;
    let said = assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
    assert!(said.contains("run 1, stage collect: 2 stored figures of run 1 could not be read"), "{said}");
    assert!(said.contains("1 figure revised since the last run"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn newer_records_are_named_not_guessed() {
    let system = SmallSystem::new(Script::default(), 1).await;
    assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
    for stage in ["collect", "evaluate"] {
        put_stage(&system, stage, |left| left["format"] = 99.into()).await;
    }
    let said = assert_exit(&system.run(&["render"], &[]).await, 78);
    assert!(said.contains("what was judged was written in format 99, and this version reads up to 2"), "{said}");
    let said = assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
    assert!(said.contains("what was collected was written in format 99, and this version reads up to 2"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_without_stage_files_are_still_compared() {
    let system = SmallSystem::new(Script::default(), 1).await;
    let options = SqliteConnectOptions::new().filename(system.path("ledger.sqlite")).create_if_missing(true);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    let mut earlier = sqlx::migrate!("src/store/migrations");
    earlier.migrations.to_mut().retain(|migration| migration.version <= 3);
    earlier.run(&pool).await.unwrap();
    let left = r#"INSERT INTO run (pack, period, as_at, edition, trigger, version, started_at, ended_at, outcome)
           VALUES ('board-pack', '2026-27-Q1', '2026-08-20', 'threeshire', 'by hand', '0.0.1', '2026-08-20T06:00:00Z',
                   '2026-08-20T06:00:09Z', 'done');
           INSERT INTO stage VALUES (1, 'collect', '2026-08-20T06:00:02Z', '1 of 1 indicators, 1 figures');
           INSERT INTO observation VALUES (1, 'park-visits', 'X2', '2026/27 Q1', 920,
               '{"measure":"park-visits","area":"X2","period":"PERIOD","sex":"Persons","age":"","category":null,
                 "value":{"number":920.0},"numerator":null,"denominator":null,"limits":null,"limits_998":null,
                 "published_comparison":null,"published_trend":null,"note":"","illustrative":false,
                 "provenance":{"kind":"answer","publisher":"Rivers","indicator":"visits","url":"recording visits.csv",
                               "retrieved":"2026-08-02T09:00:00Z","sha256":"aa","line":2}}');"#;
    let period = serde_json::to_string(&Period::financial_quarter(2026, 1)).unwrap();
    pool.execute(sqlx::AssertSqlSafe(left.replace("\"PERIOD\"", &period))).await.unwrap();
    pool.close().await;
    let said = assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
    assert!(said.contains("1 figure revised since the last run"), "{said}");
    assert!(!said.contains("could not be read"), "{said}");
}

//! Clocks that jump, and work that was interrupted.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn clock_jumps_repeat_nothing() {
    let _turn = TURN.lock().await;
    let system = SmallSystem::new(Script::default(), 1).await;
    let schedule = "[[schedule]]\nname = \"mornings\"\nkind = \"pack\"\ncron = \"0 7 * * *\"\nrecipients = \"board\"\n";
    std::fs::write(system.path("config/schedules.toml"), schedule).unwrap();
    let settings = unpinned(&system);
    serve_at(&settings, "2026-11-20T06:59:00Z", None).await;
    assert!(outcomes(&system).await.is_empty());

    // The clock is set an hour back while the pack of 07:00 is made: it is run once, and not again when 07:00 comes again.
    serve_at(&settings, "2026-11-20T07:00:30Z", Some(("evaluate", "2026-11-20T06:00:40Z"))).await;
    assert_eq!(outcomes(&system).await, [("done".to_owned(), 1)]);
    assert_eq!(sorted(system.post.take()).0.len(), 1);
    for again in ["2026-11-20T06:59:00Z", "2026-11-20T07:00:30Z", "2026-11-20T07:01:30Z"] {
        serve_at(&settings, again, None).await;
    }
    assert_eq!(outcomes(&system).await, [("done".to_owned(), 1)]);
    assert!(system.post.take().is_empty());

    // It leaps a month: of the thirty times that it leapt over the last is made up for, and the others are noted and told.
    serve_at(&settings, "2026-12-20T09:00:00Z", None).await;
    assert_eq!(outcomes(&system).await, [("done".to_owned(), 2), ("missed".to_owned(), 1)]);
    let (readers, operators) = sorted(system.post.take());
    assert!(readers.is_empty(), "who has the pack gets no second: {readers:?}");
    assert_eq!(operators.len(), 1);
    let told = words(&operators[0]);
    for part in [
        "a scheduled time was missed",
        "The work that was due at 2026-12-19T07:00:00Z was not done, because boardpack was not running in time.",
        "Nor was the work of 28 times before that.",
        "The work of a later time is done now.",
        "No pack was made then, and this is not done later automatically.",
        "`boardpack run`",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }

    // And back: nothing is due until that month has passed.
    serve_at(&settings, "2026-11-21T07:00:30Z", None).await;
    assert_eq!(outcomes(&system).await, [("done".to_owned(), 2), ("missed".to_owned(), 1)]);
    assert!(system.post.take().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn long_interrupted_work_is_given_up() {
    let system = SmallSystem::new(Script::default(), 1).await;
    let at = due(&system, "pack", "grace_hours = 0").await;
    let cut_off = ledger(&system).await;
    let seen = at - SignedDuration::from_mins(1);
    for schedule in ["daily", "gone"] {
        assert!(cut_off.claim_occurrence(schedule, at, "somebody", seen).await.unwrap());
    }
    cut_off.close().await;
    // Whoever had it holds no lock: it is gone.
    let output = system.run(&["run", "--due"], &[]).await;
    assert_exit(&output, 3);
    for reason in [
        "daily  failed: it was not finished, and the grace of its schedule is over",
        "gone  failed: it was not finished, and there is no such schedule",
    ] {
        assert!(text(&output).contains(reason), "{}", text(&output));
    }
    let (readers, operators) = sorted(system.post.take());
    assert_eq!((readers.len(), operators.len()), (0, 2));
    assert!(words(&operators[0]).contains("scheduled work was not finished"));
}

#[tokio::test(flavor = "multi_thread")]
async fn repeatedly_interrupted_work_waits_longer() {
    let system = SmallSystem::new(Script::default(), 1).await;
    let at = due(&system, "pack", "").await;
    let cut_off = ledger(&system).await;
    let now = Timestamp::now();
    assert!(cut_off.claim_occurrence("daily", at, "the first", now).await.unwrap());
    // Three processes that died within a second.
    for next in ["the second", "the third", "the fourth"] {
        let unfinished = cut_off.unfinished_occurrences().await.unwrap().remove(0);
        assert!(cut_off.take_over_occurrence(&unfinished, next, now).await.unwrap());
    }
    let output = system.run(&["run", "--due"], &[]).await;
    assert_exit(&output, 0);
    assert!(output.stdout.is_empty() && system.post.take().is_empty(), "{}", text(&output));
    // Of the fourth nothing was heard for five minutes.
    let unfinished = cut_off.unfinished_occurrences().await.unwrap().remove(0);
    let before = now - SignedDuration::from_mins(5);
    assert!(cut_off.take_over_occurrence(&unfinished, "the fifth", before).await.unwrap());
    assert_eq!(cut_off.unfinished_occurrences().await.unwrap()[0].cut_off, 4);
    assert_exit(&system.run(&["run", "--due"], &[]).await, 0);
    assert!(system.post.take().is_empty(), "eight minutes are not over");
    let unfinished = cut_off.unfinished_occurrences().await.unwrap().remove(0);
    let before = now - SignedDuration::from_mins(17);
    assert!(cut_off.take_over_occurrence(&unfinished, "the sixth", before).await.unwrap());
    cut_off.close().await;
    let output = system.run(&["run", "--due"], &[]).await;
    assert_exit(&output, 0);
    assert!(text(&output).contains("daily  done"), "{}", text(&output));
    let (readers, operators) = sorted(system.post.take());
    assert_eq!((readers.len(), operators.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_quarter_uses_its_own_edition() {
    let system = SmallSystem::new(Script::default(), 1).await;
    let of = |edition: &str, file: &str| system.path(&format!("config/frameworks/{edition}/{file}"));
    std::fs::create_dir_all(of("refresh", "")).unwrap();
    let first = std::fs::read_to_string(of("threeshire", "edition.toml")).unwrap();
    let refresh = first.replace("id = \"threeshire\"", "id = \"refresh\"").replace("2025-04-01", "2026-09-01");
    std::fs::write(of("refresh", "edition.toml"), refresh).unwrap();
    std::fs::copy(of("threeshire", "ambitions.toml"), of("refresh", "ambitions.toml")).unwrap();
    let schedule = |name: &str, period: &str| {
        format!(
            "[[schedule]]\nname = \"{name}\"\nkind = \"pack\"\ncron = \"0 7 * * *\"\nrecipients = \"board\"\nperiod = \"{period}\"\n"
        )
    };
    let both = schedule("last", "last_quarter") + &schedule("before", "quarter_before_last");
    std::fs::write(system.path("config/schedules.toml"), both).unwrap();
    let output = system.run(&["config", "check"], &[("PACK__EDITION", ""), ("PACK__PERIOD", "2026-27-Q1")]).await;
    assert_exit(&output, 0);

    let unset = ["PACK__PERIOD", "PACK__AS_AT", "PACK__EDITION", "SERVE__LISTEN"].map(|name| (name, ""));
    let environment: BTreeMap<String, String> = unset
        .into_iter()
        .chain([("SERVE__STOP_SECONDS", "120")])
        .map(|(name, value)| (format!("BOARDPACK__{name}"), value.to_owned()))
        .collect();
    let settings = settings::load(Some(&system.path("boardpack.toml")), &environment).unwrap();
    let clock: fn() -> Timestamp = || Timestamp::constant(1_795_158_000, 0); // 2026-11-20T07:00:00Z
    let ledger = ledger(&system).await;
    let since = clock() - SignedDuration::from_mins(1);
    for schedule in ["last", "before"] {
        ledger.unsettled_since(schedule, "0 7 * * * Europe/London", since).await.unwrap();
    }
    let ran = boardpack::serve::run_due(settings, clock, Box::new(Jump(None)), std::future::pending()).await.unwrap();
    assert!(ran.iter().all(|(_, outcome)| outcome.is_done()) && ran.len() == 2, "{ran:?}");
    let mut editions: Vec<(String, String)> =
        ledger.last_runs(10).await.unwrap().into_iter().map(|run| (run.period, run.edition)).collect();
    editions.sort();
    let row = |quarter: &str, edition: &str| (quarter.to_owned(), edition.to_owned());
    assert_eq!(editions, [row("2026-27-Q1", "threeshire"), row("2026-27-Q2", "refresh")]);
    ledger.close().await;
}

//! Final packs after interim ones.

use super::*;

/// A partner who owes a figure by the last day of October, and how to ask it for that.
fn with_a_partner(system: &SmallSystem) {
    let partner = "[[partner]]\nid = \"rivers\"\nname = \"Rivers Council\"\nkind = \"council\"\narea = \"X2\"\ncontact = \"rivers@example.org\"\n";
    std::fs::create_dir_all(system.path("inbox")).unwrap();
    std::fs::write(system.path("config/partners.toml"), partner).unwrap();
    let measures = std::fs::read_to_string(system.path("config/frameworks/measures/walking.toml")).unwrap();
    let owed = measures.replace("park-visits", "gates-open").replace("Visits to parks", "Gates that are open").replace(
        "{ kind = \"indicator\", source = \"parks\", indicator = \"visits\" }",
        "{ kind = \"return\", partners = [\"council\"] }",
    );
    std::fs::write(system.path("config/frameworks/measures/walking.toml"), measures + &owed).unwrap();
    let ambitions = std::fs::read_to_string(system.path("config/frameworks/threeshire/ambitions.toml")).unwrap();
    let owed = "[[ambition.measure]]\nid = \"gates-open\"\ntarget = { kind = \"level\", value = 12, due = 2029-03-31, \
                baseline = { period = \"2025/26 Q2\", value = 10 } }\n";
    std::fs::write(system.path("config/frameworks/threeshire/ambitions.toml"), ambitions + owed).unwrap();
}

/// The subjects of what readers were sent.
fn subjects(heard: &[Heard]) -> Vec<String> {
    let readers = heard.iter().filter(|heard| heard.is_whole && to(heard).starts_with("reader"));
    let subject =
        |heard: &Heard| words(heard).lines().find_map(|line| line.strip_prefix("Subject: ").map(str::to_owned)).unwrap();
    readers.map(subject).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn final_packs_follow_interim_ones_once() {
    let _turn = TURN.lock().await;
    let system = SmallSystem::new(Script::default(), 1).await;
    with_a_partner(&system);
    let schedule = "[[schedule]]\nname = \"quarterly\"\nkind = \"pack\"\ncron = \"0 7 15 1,4,7,10 *\"\nrecipients = \"board\"\n";
    std::fs::write(system.path("config/schedules.toml"), schedule).unwrap();
    let settings = unpinned(&system);
    serve_at(&settings, "2026-10-15T05:59:00Z", None).await;
    serve_at(&settings, "2026-10-15T06:00:30Z", None).await;
    let interim = subjects(&system.post.heard(1).await);
    assert!(interim.len() == 1 && interim[0].starts_with("[INTERIM] "), "{interim:?}");
    // The last day for returns is 31 October; the clocks have gone back.
    for early in ["2026-10-20T07:00:30Z", "2026-10-31T07:00:30Z", "2026-11-01T06:59:30Z"] {
        serve_at(&settings, early, None).await;
        assert!(subjects(&system.post.take()).is_empty(), "{early}");
    }
    serve_at(&settings, "2026-11-01T07:00:30Z", None).await;
    let last = subjects(&system.post.heard(1).await);
    assert!(last.len() == 1 && !last[0].contains("INTERIM"), "{last:?}");
    for later in ["2026-11-01T07:01:30Z", "2026-11-02T07:00:30Z", "2027-01-14T07:00:30Z"] {
        serve_at(&settings, later, None).await;
        assert!(subjects(&system.post.take()).is_empty(), "{later}");
    }
    let ledger = ledger(&system).await;
    let occurrences = ledger.overview().await.unwrap().occurrences;
    assert!(occurrences.contains(&("quarterly (final)".to_owned(), "done".to_owned(), 1)), "{occurrences:?}");
    ledger.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn adopted_ledgers_make_the_final_pack() {
    let _turn = TURN.lock().await;
    // The second time a gate holds the interim pack back.
    for (gate, sent) in [(0, 1), (100, 0)] {
        let system = SmallSystem::new(Script::default(), 1).await;
        with_a_partner(&system);
        let schedule =
            "[[schedule]]\nname = \"quarterly\"\nkind = \"pack\"\ncron = \"0 7 15 1,4,7,10 *\"\nrecipients = \"board\"\n";
        std::fs::write(system.path("config/schedules.toml"), schedule).unwrap();
        let mut settings = unpinned(&system);
        settings.gates.returns_accepted_percent = gate;
        serve_at(&settings, "2026-10-15T05:59:00Z", None).await;
        serve_at(&settings, "2026-10-15T06:00:30Z", None).await;
        assert_eq!(subjects(&system.post.heard(1).await).len(), sent, "{gate}");
        settings.gates.returns_accepted_percent = 0;
        set_clock("2026-10-20T07:00:00Z");
        lost_ledger::lose_and_adopt(&settings).await;
        serve_at(&settings, "2026-10-20T07:00:30Z", None).await;
        assert!(subjects(&system.post.take()).is_empty(), "{gate}");
        serve_at(&settings, "2026-11-01T07:00:30Z", None).await;
        let last = subjects(&system.post.heard(1).await);
        assert!(last.len() == 1 && !last[0].contains("INTERIM"), "{gate}: {last:?}");
        // Nor after another loss a second time.
        set_clock("2026-11-01T08:00:00Z");
        lost_ledger::lose_and_adopt(&settings).await;
        serve_at(&settings, "2026-11-01T08:00:30Z", None).await;
        assert!(subjects(&system.post.take()).is_empty(), "{gate}");
    }
}

/// The partner's workbook, with this for the figure that it owes, comes into the inbox.
fn send_return(system: &SmallSystem, settings: &Settings, value: Value) {
    let config = settings.config_assets();
    let (framework, areas) = (framework::load(&config, "threeshire").unwrap(), framework::read_areas(&config).unwrap());
    let partners = framework::load_partners(&config).unwrap();
    let period = Period::financial_quarter(2026, 2);
    let series = SeriesKey::new(MeasureId("gates-open".to_owned()), partners[0].areas[0].clone(), None);
    let figure = FigureAnswer { value: Some(value), ..FigureAnswer::default() };
    let answers = Answers { figures: [(series.at(period), figure)].into(), ..Answers::default() };
    let request = return_template::ReturnRequest {
        framework: &framework,
        areas: &areas,
        partner: &partners[0],
        period,
        earlier: &PartnerHistory::new(),
        secretariat: "",
        deadline: settings.returns.deadline(period),
    };
    std::fs::create_dir_all(system.path("inbox")).unwrap();
    std::fs::write(system.path("inbox/rivers.xlsx"), request.workbook(&answers).unwrap()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn awaited_returns_trigger_the_final_pack() {
    let _turn = TURN.lock().await;
    let system = SmallSystem::new(Script::default(), 1).await;
    with_a_partner(&system);
    let schedules = "[[schedule]]\nname = \"looks\"\nkind = \"collect_returns\"\ncron = \"0 8 * * *\"\n\
                     [[schedule]]\nname = \"quarterly\"\nkind = \"pack\"\ncron = \"0 7 15 1,4,7,10 *\"\nrecipients = \"board\"\n";
    std::fs::write(system.path("config/schedules.toml"), schedules).unwrap();
    let settings = unpinned(&system);
    serve_at(&settings, "2026-10-15T05:59:00Z", None).await;
    serve_at(&settings, "2026-10-15T06:00:30Z", None).await;
    assert!(subjects(&system.post.heard(1).await)[0].starts_with("[INTERIM] "));
    // What comes first says only that the figure is missing: it is owed, and the pack is not final.
    send_return(&system, &settings, Value::Missing);
    serve_at(&settings, "2026-10-15T07:00:30Z", None).await;
    assert!(subjects(&system.post.heard(0).await).is_empty());
    send_return(&system, &settings, Value::Number(11.0));
    for (at, sent) in
        [("2026-10-16T06:59:30Z", 0), ("2026-10-16T07:00:30Z", 1), ("2026-10-16T07:01:30Z", 0), ("2026-11-01T07:00:30Z", 0)]
    {
        serve_at(&settings, at, None).await;
        let subjects = subjects(&system.post.heard(sent).await);
        assert_eq!(subjects.len(), sent, "{at}: {subjects:?}");
        assert!(subjects.iter().all(|subject| !subject.contains("INTERIM")));
    }
    let page = std::fs::read_to_string(system.path("out/2026-27-Q2/board-pack-2026-27-Q2.html")).unwrap();
    let section = page.split("What has changed since the interim pack</h").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(section.contains("Gates that are open") && section.contains("11"), "{section}");
}

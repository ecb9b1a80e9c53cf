//! What was given once, in later quarters.

use super::*;

/// A system as it stands in one quarter, by a clock of its own.
struct Quarter<'a> {
    rehearsal: &'a Rehearsal,
    period: Period,
    as_at: Date,
}

fn long_after() -> Timestamp {
    "2027-05-20T09:00:00Z".parse().unwrap()
}

impl Quarter<'_> {
    fn config(&self) -> LoadedConfig {
        let when = QuarterChoice { period: Some(self.period), as_at: Some(self.as_at) };
        LoadedConfig::load(&self.rehearsal.settings, true, when, long_after).unwrap_or_else(|faults| panic!("{faults}"))
    }

    fn setup<'s>(&'s self, config: &'s LoadedConfig) -> Setup<'s> {
        Setup { settings: &self.rehearsal.settings, config, now: long_after, progress: &Unwatched }
    }

    /// What lies in the inbox is looked at, and taken away.
    async fn collect(&self) -> Status {
        let config = self.config();
        let setup = self.setup(&config);
        let done = run_job(&CollectReturns { sends: false }, &setup, &Trigger::by_hand(Some(self.as_at))).await;
        for file in fs::read_dir(self.rehearsal.path("inbox")).unwrap() {
            fs::remove_file(file.unwrap().path()).unwrap();
        }
        done.unwrap_or_else(|e| panic!("{e}")).status.unwrap()
    }

    async fn assess(&self) -> Assessed {
        let config = self.config();
        run::assess(&self.setup(&config), Some(self.as_at)).await.unwrap_or_else(|e| panic!("{e}"))
    }

    /// A run that is sent to nobody; what its page says.
    async fn page(&self) -> String {
        let config = self.config();
        let job = PackJob { recipients: PackReaders::Nobody, draft: false, reissue: None };
        let made = run_job(&job, &self.setup(&config), &Trigger::by_hand(Some(self.as_at))).await;
        made.unwrap_or_else(|e| panic!("{e}"));
        let quarter = self.period.slug();
        words(&self.rehearsal.path(&format!("out/{quarter}/board-pack-{quarter}.html")))
    }

    fn send(&self, partner: &str, walkers: Option<(f64, f64)>, visits: Option<f64>) {
        let bytes = self.rehearsal.workbook_for(self.period, partner, walkers, visits);
        fs::write(self.rehearsal.path(&format!("inbox/{partner}_{}.xlsx", self.period.slug())), bytes).unwrap();
    }

    fn owed(status: &Status, partner: &str) -> Vec<String> {
        let of = status.partners.iter().find(|one| one.partner == partner).unwrap();
        of.owed.iter().map(|owed| owed.id.clone()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn returned_figures_stand_until_withdrawn_or_stale() {
    let rehearsal = Rehearsal::new().await;
    let quarter =
        |year, quarter, as_at| Quarter { rehearsal: &rehearsal, period: Period::financial_quarter(year, quarter), as_at };
    let autumn = quarter(2026, 2, date(2026, 11, 20));
    for (partner, walkers) in [("rivers", 40.0), ("hills", 50.0), ("dales", 60.0)] {
        autumn.send(partner, Some((walkers, 100.0)), Some(300.0));
    }
    autumn.collect().await;
    let first = autumn.assess().await.evaluation;
    assert_eq!(first.measures[1].headline.latest.as_ref().unwrap().value.number(), Some(900.0));

    // Rivers leaves the year's walkers blank, and the others send nothing: what they gave is neither lost nor owed again.
    let winter = quarter(2026, 3, date(2027, 2, 20));
    winter.send("rivers", None, Some(350.0));
    let status = winter.collect().await;
    assert_eq!(Quarter::owed(&status, "rivers"), Vec::<String>::new());
    assert_eq!(Quarter::owed(&status, "hills"), ["park-visits"]);
    assert_eq!(status.partners[1].arrival, Arrival::Missing, "what is remembered is no return");
    let found = winter.assess().await.evaluation;
    let walkers = &found.measures[0].headline;
    assert_eq!(walkers.latest.as_ref().unwrap().value.number(), Some(50.0));
    assert_eq!(walkers.status, VersionStanding::Achieved, "{}", walkers.reason);
    let visits = &found.measures[1].headline;
    assert_eq!(
        (visits.status, visits.no_figure.clone()),
        (VersionStanding::NoFigure, Some(NoFigure::Incomplete)),
        "{}",
        visits.reason
    );
    assert_eq!(
        visits.reason,
        "Not all parts have a figure for October to December 2026: Rivers has one, and Hills and Dales have not"
    );
    let page = winter.page().await;
    assert!(page.contains("hills_2026-27-Q2.xlsx"), "each figure says in which file it came");

    // The lead's word of the winter stands in spring, and says from when it is.
    let spring = quarter(2026, 4, date(2027, 5, 20));
    let said = "In the return for October to December 2026, received 20 February 2027: On track. Half are mended.";
    let page = spring.page().await;
    assert!(page.contains(said), "{page}");
    assert_eq!(Quarter::owed(&spring.collect().await, "rivers"), ["park-visits"]);
    let summer = quarter(2027, 1, date(2027, 8, 20));
    assert_eq!(Quarter::owed(&summer.collect().await, "rivers"), ["daily-walkers", "park-visits", "footpaths"]);
    let action = summer.assess().await.evaluation.actions.remove(0);
    let too_old = "its lead has reported nothing since the return for October to December 2026";
    assert!(action.reason.contains(too_old) && action.flags.contains(&Flag::Stale), "{action:?}");

    // As things stood in the autumn nothing is another, even when all that may be let go is gone.
    let ledger = Ledger::open(&rehearsal.settings.paths.ledger).await.unwrap();
    let keep = Keep { inputs_days: 1, figures_days: 1, packs_days: 1 };
    let far = "2040-01-01T00:00:00Z".parse().unwrap();
    let purge = Purge::due(&ledger, &rehearsal.settings.paths, &keep, far).await.unwrap();
    assert!(purge.files.iter().any(|over| over.file.name == "hills"), "{purge:?}");
    purge.carry_out(&ledger, far).await.unwrap();
    let again = autumn.assess().await.evaluation;
    assert_eq!(serde_json::to_string(&again).unwrap(), serde_json::to_string(&first).unwrap());
    assert_eq!(winter.assess().await.evaluation.measures[0].headline.reason, walkers.reason);

    // One version that is withdrawn is out of every quarter.
    let of_hills = ledger.versions(autumn.period).await.unwrap().into_iter().find(|one| one.version.partner == "hills").unwrap();
    ledger.withdraw_version(&of_hills.version.sha256, "Ada", "of another year", long_after()).await.unwrap();
    ledger.close().await;
    let without = winter.assess().await.evaluation;
    let reason = &without.measures[0].headline.reason;
    assert!(reason.ends_with("not judged: Hills"), "{reason}");
    assert_eq!(Quarter::owed(&winter.collect().await, "hills"), ["daily-walkers", "park-visits"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn redefined_measures_are_asked_for_again() {
    let rehearsal = Rehearsal::new().await;
    let quarter =
        |year, quarter, as_at| Quarter { rehearsal: &rehearsal, period: Period::financial_quarter(year, quarter), as_at };
    let autumn = quarter(2026, 2, date(2026, 11, 20));
    autumn.send("rivers", Some((40.0, 100.0)), Some(300.0));
    autumn.collect().await;
    let measures = rehearsal.path("config/frameworks/measures/walking.toml");
    let text = fs::read_to_string(&measures).unwrap();
    let thousands = "unit = { label = \"thousand visits\" }\nstatistic = \"quantity\"";
    fs::write(&measures, text.replace("unit = \"count\"\ndecimals = 0\nstatistic = \"count\"", thousands)).unwrap();
    let winter = quarter(2026, 3, date(2027, 2, 20));
    winter.send("rivers", None, Some(0.35));
    winter.collect().await;
    let found = winter.assess().await;
    let visits = &found.evaluation.measures[1];
    let series = visits.areas.iter().find(|area| area.area.as_str() == "X2").unwrap();
    assert_eq!(series.series.iter().map(|point| point.value.number()).collect::<Vec<_>>(), [Some(0.35)]);
    let told = "the figures of \u{2018}Visits to parks\u{2019} were given in number and the measure is in thousand visits now; they are not used";
    assert!(winter.page().await.contains(told));
}

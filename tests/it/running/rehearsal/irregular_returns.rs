//! A round with careless partners: one sends a blank workbook, one has nothing to report, one sends a part, one is late, one
//! sends two workbooks that differ, one has longer than the others; and files of the quarter before lie in the inbox.

use super::*;
use boardpack::store::Extension;

const PARTNERS: [(&str, &str); 6] =
    [("rivers", "Rivers"), ("hills", "Hills"), ("dales", "Dales"), ("moors", "Moors"), ("fens", "Fens"), ("coast", "Coast")];

pub(super) fn first() -> Period {
    Period::financial_quarter(2026, 1)
}

pub(super) fn second() -> Period {
    Period::financial_quarter(2026, 2)
}

impl Rehearsal {
    /// A system of six councils, each asked for the year's walkers and the quarter's visits; Rivers leads a key action.
    pub async fn of_six() -> Self {
        let mut system = Self::new().await;
        // Not all places return all figures, and four of the six return something.
        system.settings.gates.measures_with_figures_percent = 0;
        system.settings.gates.returns_accepted_percent = 66;
        let codes: Vec<String> = (2..8).map(|number| format!("X{number}")).collect();
        let quoted = codes.iter().map(|code| format!("\"{code}\"")).collect::<Vec<_>>().join(", ");
        let places = PARTNERS.iter().zip(&codes);
        let areas: String = places
            .clone()
            .map(|((_, name), code)| format!("  {{ code = \"{code}\", name = \"{name}\", kind = \"authority\" }},\n"))
            .collect();
        let partners: String = places
            .map(|((id, name), code)| {
                format!(
                    "  {{ id = \"{id}\", name = \"{name} Council\", kind = \"council\", area = \"{code}\", contact = \"{id}@example.org\" }},\n"
                )
            })
            .collect();
        let areas = format!(
            "area = [\n  {{ code = \"X1\", name = \"Threeshire\", kind = \"system\", parts = [{quoted}] }},\n  \
             {{ code = \"E92000001\", name = \"England\", kind = \"country\" }},\n{areas}]\n"
        );
        fs::write(system.path("config/areas.toml"), areas).unwrap();
        fs::write(system.path("config/partners.toml"), format!("partner = [\n{partners}]\n")).unwrap();
        let measures = MEASURES.replace("[\"X2\", \"X3\", \"X4\"]", &format!("[{quoted}]"));
        fs::write(system.path("config/frameworks/measures/walking.toml"), measures).unwrap();
        system
    }

    /// Puts a filled-in workbook into the inbox.
    pub fn send(&self, name: &str, partner: &str, period: Period, answers: &Answers) {
        let when = QuarterChoice { period: Some(period), as_at: None };
        let LoadedConfig { framework, areas, partners, .. } = LoadedConfig::load(&self.settings, false, when, now).unwrap();
        let partner = partners.iter().find(|one| one.id == partner).unwrap();
        let request = return_template::ReturnRequest {
            framework: &framework,
            areas: &areas,
            partner,
            period,
            earlier: &PartnerHistory::new(),
            secretariat: "",
            deadline: date(2026, 10, 31),
        };
        fs::write(self.path("inbox").join(name), request.workbook(answers).unwrap()).unwrap();
    }

    /// Why a draft of the pack would not be sent by these settings.
    pub async fn withheld(&self, settings: &Settings, at: &str) -> Vec<String> {
        set_clock(at);
        let config =
            LoadedConfig::load(settings, false, QuarterChoice::default(), now).unwrap_or_else(|faults| panic!("{faults}"));
        let recipients = boardpack::run::PackReaders::List("board".to_owned());
        let job = PackJob { recipients, draft: false, reissue: None };
        let setup = Setup { settings, config: &config, now, progress: &Unwatched };
        run_job(&job, &setup, &Trigger::by_hand(None))
            .await
            .unwrap_or_else(|e| panic!("{e}"))
            .withheld
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// Letters to partners, as who was told what, with the words that each must and must not say.
    async fn told(&self, at: &str) -> Vec<Letter> {
        let letters = self.serve_at(at).await;
        for Letter { to, subject, text, attached } in &letters {
            let attached = attached.as_ref().map_or("", |(name, _)| name);
            println!("\n--- {at} to {to} [{attached}]\n{subject}\n\n{text}");
        }
        letters
    }
}

pub(super) fn given(area: &str, walkers: Option<(f64, f64)>, visits: Option<(&str, f64)>) -> Answers {
    let series = |measure: &str| SeriesKey::new(MeasureId(measure.into()), boardpack::area::AreaCode::new(area).unwrap(), None);
    let mut answers = Answers::default();
    if let Some((numerator, denominator)) = walkers {
        let year = Period::parse("2025/26", YearKind::Financial).unwrap();
        let figure = FigureAnswer { numerator: Some(numerator), denominator: Some(denominator), ..FigureAnswer::default() };
        answers.figures.insert(series("daily-walkers").at(year), figure);
    }
    if let Some((quarter, visits)) = visits {
        let value = Some(boardpack::value::Value::Number(visits));
        let quarter = Period::parse(quarter, YearKind::Financial).unwrap();
        answers.figures.insert(series("park-visits").at(quarter), FigureAnswer { value, ..FigureAnswer::default() });
    }
    answers
}

pub(super) fn only<'l>(letters: &'l [Letter], to: &str) -> &'l Letter {
    let mut theirs = letters.iter().filter(|letter| letter.to == format!("{to}@example.org"));
    let letter = theirs.next().unwrap_or_else(|| panic!("nothing went to {to}"));
    assert!(theirs.next().is_none(), "{to} was written to twice");
    letter
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_tells_no_partner_anything_untrue() {
    let quarter = Rehearsal::of_six().await;
    let both = "2026/27 Q2";
    // The quarter before: Rivers returned, and its file was left where it lay.
    set_clock("2026-07-20T06:00:30Z");
    quarter.send("rivers_2026-27-Q1.xlsx", "rivers", first(), &given("X2", Some((300.0, 500.0)), Some(("2026/27 Q1", 1900.0))));
    quarter.run(&CollectReturns { sends: true }).await;
    let receipts = quarter.letters();
    assert_says(only(&receipts, "rivers"), "your return for April to June 2026: accepted", &["Mend the footpaths"]);

    // The looks of the new quarter find the old file and tell nobody of it.
    assert!(quarter.told("2026-10-01T08:00:00Z").await.is_empty(), "nothing is due when the schedules are first seen");
    let asked = quarter.told("2026-10-06T06:00:30Z").await;
    assert!(asked.iter().all(|letter| letter.subject.contains("your return for July to September 2026, due 31 October 2026")));
    let ledger = Ledger::open(&quarter.settings.paths.ledger).await.unwrap();
    let longer = Extension { until: date(2026, 11, 14), by: "Secretariat".into(), reason: "its offices were flooded".into() };
    ledger.extend(second(), "coast", &longer, now()).await.unwrap();

    // Rivers sends a blank workbook, Hills has nothing to report, Dales sends a part, Fens two that differ; Moors sends the
    // workbook of the quarter before, late.
    quarter.send("rivers_2026-27-Q2.xlsx", "rivers", second(), &Answers::default());
    let nothing = Some("The gates were closed for repairs all summer.".to_owned());
    let by = "Bob Hill".to_owned();
    let nil = Answers { nothing_to_report: nothing, completed_by: by, ..Answers::default() };
    quarter.send("hills_2026-27-Q2.xlsx", "hills", second(), &nil);
    quarter.send("dales_2026-27-Q2.xlsx", "dales", second(), &given("X4", None, Some((both, 800.0))));
    let fens = given("X6", Some((200.0, 400.0)), Some((both, 1200.0)));
    quarter.send("fens_1.xlsx", "fens", second(), &Answers { completed_by: "Cy Fen".into(), ..fens });
    quarter.send("fens_2.xlsx", "fens", second(), &given("X6", None, Some((both, 1350.0))));
    quarter.send("moors_again.xlsx", "moors", first(), &given("X5", None, Some(("2026/27 Q1", 700.0))));
    let receipts = quarter.told("2026-10-20T06:00:30Z").await;
    assert_eq!(receipts.len(), 5);
    let blank = only(&receipts, "rivers");
    assert_says(blank, "your return for July to September 2026: blank", &["A blank workbook does not count as your return."]);
    assert!(!blank.text.contains("accepted"), "{}", blank.text);
    assert_says(
        only(&receipts, "hills"),
        ": nothing to report",
        &["completed by Bob Hill", "The gates were closed for repairs all summer.", "This counts as your return"],
    );
    assert_says(
        only(&receipts, "dales"),
        ": accepted, not complete",
        &[
            "Asked for but missing or not usable (1)\n- People who walk every day",
            "Please send what is missing by 31 October 2026.",
        ],
    );
    let asked = only(&receipts, "fens");
    assert_says(
        asked,
        "which workbook should we use?",
        &[
            "2 workbooks for the return of Fens Council",
            "and they differ:\n\n- Visits to parks",
            "1,200 in fens_1.xlsx, Figures M5, completed by Cy Fen",
            "1,350 in fens_2.xlsx",
            "People who walk every day, Fens, 2025/26: 50.0%",
        ],
    );
    assert!(!asked.text.contains("refused"), "{}", asked.text);
    let late = only(&receipts, "moors");
    assert_says(
        late,
        "your return for April to June 2026: accepted",
        &["We received moors_again.xlsx on 20 October 2026.", "The return was due on 31 July 2026."],
    );

    // Reminders go with the workbook that asks for what is owed; nobody is reminded who has nothing to report.
    let reminders = quarter.told("2026-10-24T08:00:30Z").await;
    assert_eq!(
        recipients(&reminders),
        ["rivers@example.org", "dales@example.org", "moors@example.org", "fens@example.org", "coast@example.org"]
    );
    assert_says(&reminders[0], "due 31 October 2026", &["is blank, so we still need the return of Rivers Council"]);
    assert_says(
        &reminders[3],
        "the rest of your return",
        &["we do not know which to use", "Different in two workbooks", "1,200 in fens_1.xlsx"],
    );
    assert_says(&reminders[4], "due 14 November 2026", &["the later date that was agreed"]);
    let (name, bytes) = reminders[1].attached.as_ref().unwrap();
    assert_eq!(name, "dales_2026-27-Q2.xlsx");
    let limits = &quarter.settings.returns.limits;
    let sheets = boardpack::collect::workbook::open_all(bytes, name, limits).unwrap();
    let figures = sheets.iter().find(|sheet| sheet.name == "Figures").unwrap();
    let ids: Vec<String> = figures.rows().skip(1).map(|row| row.cells[0].text()).filter(|id| id.contains('-')).collect();
    assert_eq!(ids, ["daily-walkers"], "only what Dales owes");

    // After the deadline nobody tells Coast that it is late.
    let reminders = quarter.told("2026-11-03T09:00:30Z").await;
    assert_says(only(&reminders, "rivers"), "overdue since 31 October 2026", &[]);
    assert_says(only(&reminders, "coast"), "due 14 November 2026", &["It is due on 14 November 2026"]);

    // Moors returns late; the secretariat hears from Fens which workbook stands.
    quarter.send("moors_2026-27-Q2.xlsx", "moors", second(), &given("X5", Some((100.0, 300.0)), Some((both, 650.0))));
    let wrong = ledger.versions(second()).await.unwrap().into_iter().find(|one| one.version.file == "fens_2.xlsx").unwrap();
    assert!(matches!(ledger.settle_version(&wrong.version.sha256[..12], "Secretariat", now()).await.unwrap(), Word::Done(_)));
    let receipts = quarter.told("2026-11-05T06:30:30Z").await;
    assert_eq!(recipients(&receipts), ["moors@example.org", "fens@example.org"], "who was asked hears which was chosen");
    assert_says(&receipts[1], ": accepted", &["fens_2.xlsx", "Secretariat decided that we use this one"]);

    let status = quarter.status().await;
    let told: Vec<_> = status.partners.iter().map(|p| (p.partner.as_str(), p.outcome, p.owes())).collect();
    assert_eq!(
        told,
        [
            ("rivers", "blank", true),
            ("hills", "nothing to report", false),
            ("dales", "accepted", true),
            ("moors", "accepted", false),
            ("fens", "accepted", false),
            ("coast", "not due yet", true),
        ]
    );
    assert_eq!(status.partners[5].due, date(2026, 11, 14));
    assert_eq!(
        status.other_files,
        ["2 files of earlier quarters lie in the inbox: moors_again.xlsx (2026-27-Q1), rivers_2026-27-Q1.xlsx (2026-27-Q1)"]
    );

    // The gate counts partners: two workbooks of one are one return, and a blank one is none.
    let mut strict = quarter.settings.clone();
    strict.gates.returns_accepted_percent = 67;
    let withheld = quarter.withheld(&strict, "2026-11-19T07:00:00Z").await;
    assert_eq!(withheld, ["4 of 6 returns are accepted, and gates.returns_accepted_percent is 67"]);

    // The pack tells the same.
    let sent = quarter.told("2026-11-20T07:00:30Z").await;
    let board = sent.iter().find(|letter| letter.to == "board@example.org").unwrap();
    for line in [
        "- Rivers Council: the return is blank\n",
        "- Hills Council: nothing to report: The gates were closed for repairs all summer.\n",
        "- Coast Council: no return received\n",
    ] {
        assert!(board.text.contains(line), "{line:?} is not in:\n{}", board.text);
    }
    let pack = words(&quarter.path("out/2026-27-Q2/board-pack-2026-27-Q2.html"));
    for part in [
        "1 of 6 returns not received: Coast Council.",
        "1 of 6 returns blank: Rivers Council.",
        "1 of 6 returns late: Moors Council.",
        "Hills Council has nothing to report: The gates were closed for repairs all summer.",
        "Completed by Cy Fen",
        "1,350",
    ] {
        assert!(pack.contains(part), "{part:?} is not in:\n{pack}");
    }
    ledger.close().await;
}

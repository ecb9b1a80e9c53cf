//! What partners and the status are told where a return is in doubt: a baseline without counts, a nil return beside something else,
//! a workbook that was chosen and then withdrawn, words that are withheld.

use super::irregular_returns::{first, given, only, second};
use super::partner_messages::{NHS_NUMBER, assert_never_says, nil, system};
use super::*;
use boardpack::value::Value;

fn walkers(period: &str, answer: FigureAnswer) -> Answers {
    let area = boardpack::area::AreaCode::new("X3").unwrap();
    let series = SeriesKey::new(MeasureId("daily-walkers".into()), area, None);
    let figures = BTreeMap::from([(series.at(Period::parse(period, YearKind::Financial).unwrap()), answer)]);
    Answers { figures, ..Answers::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn baselines_are_asked_for_with_counts() {
    let system = system().await;
    let path = system.path("config/frameworks/threeshire/ambitions.toml");
    let ambitions = fs::read_to_string(&path).unwrap();
    fs::write(&path, ambitions.replace("{ period = \"2024/25\", value = 31.5 }", "{ period = \"2024/25\" }")).unwrap();
    let path = system.path("config/frameworks/measures/walking.toml");
    let of_areas = fs::read_to_string(&path).unwrap();
    let of_organisations = of_areas.replacen("parts = [", "parts_are = \"organisations\"\nparts = [", 1);
    fs::write(&path, &of_organisations).unwrap();
    set_clock("2026-10-05T09:00:00Z");
    system.run(&OpenReturns).await;
    let asked = system.letters();
    assert_never_says(only(&asked, "hills"), "It shows what you gave before");
    let (name, bytes) = only(&asked, "hills").attached.as_ref().unwrap();
    let sheets = boardpack::collect::workbook::open_all(bytes, name, &system.settings.returns.limits).unwrap();
    let texts = |sheet: &str| -> Vec<String> {
        let sheet = sheets.iter().find(|one| one.name == sheet).unwrap();
        sheet.rows().flat_map(|row| row.cells).map(|cell| cell.text()).collect()
    };
    let row = texts("Figures").into_iter().find(|text| text.contains("Baseline:")).unwrap();
    assert!(row.contains("Give its numerator and denominator"), "{row}");
    assert!(texts("Guidance").iter().any(|text| text.contains("Where a Baseline row asks for the numerator and denominator")));

    let mut answers = given("X3", Some((200.0, 400.0)), Some(("2026/27 Q2", 1200.0)));
    let alone = FigureAnswer { value: Some(Value::Number(31.5)), ..FigureAnswer::default() };
    answers.figures.extend(walkers("2024/25", alone).figures);
    system.send("hills.xlsx", "hills", second(), &answers);
    let letters = system.heard_on("2026-10-20").await;
    let lacks = "People who walk every day, baseline of 2024/25: the value was given without its numerator and denominator; without \
        them the target cannot be judged";
    let parts = ["Baselines still needed (1)", lacks, "Only the baseline above is still needed"];
    assert_says(only(&letters, "hills"), ": accepted", &parts);
    assert_never_says(only(&letters, "hills"), "Asked for but missing or not usable");
    let status = &system.status().await.partners[1];
    assert_eq!(status.baselines.iter().map(|one| one.in_words()).collect::<Vec<_>>(), [lacks]);
    assert!(!status.owes());
    // Each area is judged by its own baseline, for which the value is enough.
    fs::write(&path, of_areas).unwrap();
    assert_eq!(system.status().await.partners[1].baselines, []);
    fs::write(&path, of_organisations).unwrap();

    let counts = FigureAnswer { numerator: Some(63.0), denominator: Some(200.0), ..FigureAnswer::default() };
    system.send("hills_2.xlsx", "hills", second(), &walkers("2024/25", counts));
    let letters = system.heard_on("2026-10-21").await;
    assert_says(only(&letters, "hills"), ": accepted", &["You do not need to do anything else"]);
    assert_eq!(system.status().await.partners[1].baselines, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn nil_returns_beside_errors_are_asked_about() {
    let system = system().await;
    let mut answers = given("X3", Some((500.0, 400.0)), None);
    answers.nothing_to_report = Some("The gates were closed.".to_owned());
    system.send("hills.xlsx", "hills", second(), &answers);
    system.send("dales.xlsx", "dales", second(), &nil("n/a"));
    system.send("fens.xlsx", "fens", second(), &nil("The gates were closed."));
    let letters = system.heard_on("2026-10-20").await;
    let parts = ["the numerator 500 is above", "holds something that cannot be used", "Asked for but missing or not usable (2)"];
    assert_says(only(&letters, "hills"), "nothing to report, with questions", &parts);
    ["You do not need to send anything else", "the figures are used"]
        .iter()
        .for_each(|part| assert_never_says(only(&letters, "hills"), part));
    assert_says(only(&letters, "dales"), "nothing to report, with questions", &["does not say why"]);
    let owes: Vec<bool> = system.status().await.partners.iter().map(|partner| partner.owes()).collect();
    assert_eq!(owes[1..5], [true, true, true, false]);

    system.send("fens_2.xlsx", "fens", second(), &given("X6", Some((100.0, 400.0)), None));
    let letters = system.heard_on("2026-10-21").await;
    let parts =
        ["This replaces your nil return of 20 October 2026", "Asked for but missing or not usable (1)\n- Visits to parks"];
    assert_says(only(&letters, "fens"), ": accepted, not complete", &parts);
    system.send("fens_3.xlsx", "fens", second(), &given("X6", None, Some(("2026/27 Q2", 900.0))));
    let letters = system.heard_on("2026-10-22").await;
    assert_never_says(only(&letters, "fens"), "nil return");
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawn_workbooks_are_not_chosen() {
    let system = system().await;
    for (name, visits) in [("fens_1.xlsx", 1200.0), ("fens_2.xlsx", 1350.0)] {
        system.send(name, "fens", second(), &given("X6", Some((200.0, 400.0)), Some(("2026/27 Q2", visits))));
    }
    system.heard_on("2026-10-20").await;
    let ledger = Ledger::open(&system.settings.paths.ledger).await.unwrap();
    let versions = ledger.versions(second()).await.unwrap();
    let [one, two] = [&versions[0].version.sha256, &versions[1].version.sha256];
    assert!(matches!(ledger.settle_version(one, "Ada Hill", now()).await.unwrap(), Word::Done(_)));
    let chosen = async || -> Vec<Option<String>> {
        let status = system.status().await;
        status.partners[4].versions.iter().map(|version| version.settled_by.clone()).collect()
    };
    assert_eq!(chosen().await, [Some("Ada Hill".to_owned()), None]);
    assert!(matches!(ledger.withdraw_version(one, "Ada Hill", "the wrong gate", now()).await.unwrap(), Word::Done(_)));
    assert_eq!(chosen().await, [None, None]);
    assert!(matches!(ledger.settle_version(one, "Bob Fen", now()).await.unwrap(), Word::NotInUse(_)));
    assert!(matches!(ledger.settle_version(two, "Bob Fen", now()).await.unwrap(), Word::Alone(_)));
    let letters = system.heard_on("2026-10-21").await;
    assert_says(&letters[0], ": accepted", &["1,350", "You do not need to do anything else"]);
    let parts = ["Another message that we send you now says how your return for July to September 2026 stands."];
    assert_says(&letters[1], "fens_1.xlsx for July to September 2026: withdrawn", &parts);
    assert_eq!(letters.len(), 2);
    ledger.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn choices_between_workbooks_are_told() {
    let system = system().await;
    for (name, visits) in [("fens_1.xlsx", 1200.0), ("fens_2.xlsx", 1350.0)] {
        system.send(name, "fens", second(), &given("X6", Some((200.0, 400.0)), Some(("2026/27 Q2", visits))));
    }
    system.heard_on("2026-10-20").await;
    let ledger = Ledger::open(&system.settings.paths.ledger).await.unwrap();
    let versions = ledger.versions(second()).await.unwrap();
    ledger.settle_version(&versions[1].version.sha256, "Ada Hill", now()).await.unwrap();
    let letters = system.heard_on("2026-10-21").await;
    let told = "We received fens_2.xlsx on 20 October 2026. It differs from another workbook that came with it, and Ada Hill decided \
        that we use this one.";
    assert_says(only(&letters, "fens"), ": accepted", &[told, "1,350", "You do not need to do anything else"]);
    assert_eq!(system.heard_on("2026-10-22").await.len(), 0);
    ledger.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawn_figures_leave_nil_returns_standing() {
    let system = system().await;
    system.send("fens_nil.xlsx", "fens", second(), &nil("The gates were closed."));
    system.heard_on("2026-10-20").await;
    for (name, day, walkers) in [("fens_1.xlsx", "2026-10-21", 200.0), ("fens_2.xlsx", "2026-10-22", 210.0)] {
        system.send(name, "fens", second(), &given("X6", Some((walkers, 400.0)), None));
        system.heard_on(day).await;
    }
    set_clock("2026-10-23T09:00:00Z");
    system.run(&RemindPartners { for_day: None }).await;
    let received = "which we received on 21 October 2026.";
    assert_says(only(&system.letters(), "fens"), "the rest of your return", &[received, "does not have everything"]);

    let ledger = Ledger::open(&system.settings.paths.ledger).await.unwrap();
    for version in ledger.versions(second()).await.unwrap().iter().filter(|one| !one.version.file.contains("nil")) {
        ledger.withdraw_version(&version.version.sha256, "Ada Hill", "the wrong gate", now()).await.unwrap();
    }
    let letters = system.heard_on("2026-10-24").await;
    let again =
        "Your nil return of 20 October 2026, which says that there is nothing to report, counts again: nothing is missing.";
    assert_says(
        &letters[1],
        "fens_2.xlsx for July to September 2026: withdrawn",
        &[again, "You do not need to do anything else"],
    );
    letters.iter().for_each(|letter| assert_never_says(letter, "Missing now"));
    let status = &system.status().await.partners[4];
    assert_eq!((status.outcome, status.owes()), ("nothing to report", false));
    ledger.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_figures_are_listed_in_one_message() {
    let system = system().await;
    let ledger = Ledger::open(&system.settings.paths.ledger).await.unwrap();
    for (name, walkers) in [("fens_1.xlsx", 200.0), ("fens_2.xlsx", 210.0)] {
        system.send(name, "fens", second(), &given("X6", Some((walkers, 400.0)), None));
        system.heard_on(if name == "fens_1.xlsx" { "2026-10-20" } else { "2026-10-21" }).await;
    }
    for version in ledger.versions(second()).await.unwrap() {
        ledger.withdraw_version(&version.version.sha256, "Ada Hill", "the wrong gate", now()).await.unwrap();
    }
    let missing = "- Visits to parks";
    let lists = |letters: &[Letter]| letters.iter().map(|letter| letter.text.contains(missing)).collect::<Vec<_>>();
    assert_eq!(lists(&system.heard_on("2026-10-22").await), [false, true], "of two withdrawals the last says it");

    system.send("fens_3.xlsx", "fens", second(), &given("X6", Some((220.0, 400.0)), None));
    system.heard_on("2026-10-23").await;
    let third = ledger.versions(second()).await.unwrap().pop().unwrap();
    ledger.withdraw_version(&third.version.sha256, "Ada Hill", "the wrong gate", now()).await.unwrap();
    // Beside a receipt the withdrawal leaves it to that.
    system.send("fens_4.xlsx", "fens", second(), &given("X6", Some((500.0, 400.0)), None));
    let letters = system.heard_on("2026-10-24").await;
    assert_eq!(letters.len(), 2);
    assert_says(&letters[0], ": refused", &["the numerator 500 is above", missing]);
    assert_says(
        &letters[1],
        "fens_3.xlsx for July to September 2026: withdrawn",
        &["Another message that we send you now says how"],
    );
    assert_never_says(&letters[1], missing);
    ledger.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn senders_hear_what_is_withheld() {
    let system = system().await;
    let mut answers = given("X3", Some((500.0, 400.0)), None);
    answers.figures.values_mut().for_each(|figure| figure.note = format!("Ask {NHS_NUMBER}"));
    system.send("hills.xlsx", "hills", second(), &answers);
    let letters = system.heard_on("2026-10-20").await;
    let parts = ["sheet Figures, cell P4: seems to hold an NHS number", "send it without personal data"];
    assert_says(only(&letters, "hills"), ": refused", &parts);
    assert_never_says(only(&letters, "hills"), NHS_NUMBER);

    // What is withheld is not shown to its sender as its own words.
    let mut said = Answers::default();
    let commentary = format!("Ask {NHS_NUMBER}");
    let answer = ActionAnswer { status: "On track".into(), commentary, ..ActionAnswer::default() };
    said.reports.insert(ReportKey::new(ActionId("footpaths".into()), None), answer);
    system.send("rivers.xlsx", "rivers", first(), &said);
    system.heard_on("2026-10-21").await;
    system.run(&OpenReturns).await;
    let asked = system.letters();
    let (name, bytes) = only(&asked, "rivers").attached.as_ref().unwrap();
    let sheets = boardpack::collect::workbook::open_all(bytes, name, &system.settings.returns.limits).unwrap();
    let actions = sheets.iter().find(|sheet| sheet.name == "Key actions").unwrap();
    let texts: Vec<String> = actions.rows().flat_map(|row| row.cells).map(|cell| cell.text()).collect();
    assert!(texts.iter().any(|text| text == "On track (return for April to June 2026)"), "{texts:?}");
}

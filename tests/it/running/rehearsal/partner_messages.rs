//! What partners, the board and the status are told of what is still open and still owed: one story, and nothing that it says is
//! contradicted by another message.

use super::irregular_returns::{first, given, only, second};
use super::*;

/// A number of the kind that is kept for tests.
pub(super) const NHS_NUMBER: &str = "999 000 0018";

/// A system of six in which a pack is made of whatever came.
pub(super) async fn system() -> Rehearsal {
    let mut system = Rehearsal::of_six().await;
    system.settings.gates.returns_accepted_percent = 0;
    system
}

pub(super) fn nil(reason: &str) -> Answers {
    Answers { nothing_to_report: Some(reason.to_owned()), ..Answers::default() }
}

impl Rehearsal {
    /// What the partners hear of a look on that day.
    pub async fn heard_on(&self, day: &str) -> Vec<Letter> {
        set_clock(&format!("{day}T06:00:30Z"));
        self.run(&CollectReturns { sends: true }).await;
        self.letters()
    }
}

pub(super) fn assert_never_says(letter: &Letter, part: &str) {
    assert!(!letter.text.contains(part), "{}", letter.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_name_what_is_still_open() {
    let system = system().await;
    let (walkers, visits) = (Some((200.0, 400.0)), Some(("2026/27 Q2", 1200.0)));
    let mut personal = given("X3", walkers, visits);
    personal.figures.values_mut().for_each(|figure| figure.note = format!("Ask {NHS_NUMBER}"));
    system.send("hills_1.xlsx", "hills", second(), &personal);
    assert_says(only(&system.heard_on("2026-10-20").await, "hills"), "accepted, with questions", &["this text is withheld"]);

    // What it leaves blank answers nothing.
    system.send("hills_2.xlsx", "hills", second(), &given("X3", Some((210.0, 400.0)), None));
    let letters = system.heard_on("2026-10-21").await;
    let second_version = only(&letters, "hills");
    let open = "Still to be answered or corrected, from your other workbooks (2)\n- hills_1.xlsx, sheet Figures, cell";
    assert_says(second_version, "accepted, some points are still open", &[open, "Please answer what is asked above"]);
    assert_never_says(second_version, "do not need to do anything else");
    assert_eq!(system.status().await.partners[1].questions, 2);

    // A blank workbook takes nothing away, and does not hide the question.
    system.send("hills_3.xlsx", "hills", second(), &Answers::default());
    let letters = system.heard_on("2026-10-22").await;
    let parts = ["Your return for July to September 2026 has not changed.", "what is still open above"];
    assert_says(only(&letters, "hills"), "hills_3.xlsx for July to September 2026: blank; your return has not changed", &parts);
    assert_never_says(only(&letters, "hills"), "does not count as your return");

    // All of it given anew answers it.
    system.send("hills_4.xlsx", "hills", second(), &given("X3", Some((220.0, 400.0)), Some(("2026/27 Q2", 1250.0))));
    let letters = system.heard_on("2026-10-23").await;
    assert_says(only(&letters, "hills"), "accepted", &["You do not need to do anything else for July to September 2026."]);
    assert_eq!(system.status().await.partners[1].questions, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn unexplained_nil_returns_owe_everything() {
    let system = system().await;
    system.send("dales.xlsx", "dales", second(), &nil(""));
    system.send("fens.xlsx", "fens", second(), &nil(""));
    let letters = system.heard_on("2026-10-20").await;
    let parts = [
        "does not say why",
        "Asked for but missing or not usable (2)\n- People who walk every day\n- Visits to parks",
        "correct the sheet About and send the workbook again, or send what is missing.",
    ];
    assert_says(only(&letters, "dales"), "nothing to report, with questions", &parts);

    system.send("dales_2.xlsx", "dales", second(), &nil("The gates were closed."));
    let letters = system.heard_on("2026-10-21").await;
    assert_says(only(&letters, "dales"), ": nothing to report", &["You do not need to send anything else"]);
    assert_never_says(only(&letters, "dales"), "Asked for but missing or not usable");
    let status = system.status().await;
    assert_eq!((status.partners[2].questions, status.partners[4].questions), (0, 1));

    system.send("hills.xlsx", "hills", second(), &given("X3", Some((200.0, 400.0)), Some(("2026/27 Q2", 1200.0))));
    system.serve_at("2026-11-19T08:00:00Z").await;
    let sent = system.serve_at("2026-11-20T07:00:30Z").await;
    let board = sent.iter().find(|letter| letter.to == "board@example.org").unwrap();
    assert!(board.text.contains("Dales Council: nothing to report: The gates were closed"), "{}", board.text);
    let owed = "Fens Council: nothing to report, no reason given; still needed: People who walk every day; Visits to parks";
    assert!(board.text.contains(owed), "{}", board.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn baselines_are_asked_for_separately() {
    let system = system().await;
    let path = system.path("config/frameworks/threeshire/ambitions.toml");
    let ambitions = fs::read_to_string(&path).unwrap();
    let without = ambitions.replace(", baseline = { period = \"2025/26 Q2\", value = 900 }", "");
    assert_ne!(ambitions, without);
    fs::write(&path, without).unwrap();
    system.send("hills.xlsx", "hills", second(), &given("X3", Some((200.0, 400.0)), Some(("2026/27 Q2", 1200.0))));
    let letters = system.heard_on("2026-11-20").await;
    let parts = ["Baselines still needed (1)", "Your return is complete without them, but", "\n- Visits to parks, baseline of"];
    let letter = only(&letters, "hills");
    assert_says(letter, "your return for July to September 2026: accepted", &parts);
    assert!(letter.subject.ends_with(": accepted"), "{}", letter.subject);
    ["what is missing", "was due on", "Asked for but missing or not usable"]
        .iter()
        .for_each(|part| assert_never_says(letter, part));
}

#[tokio::test(flavor = "multi_thread")]
async fn partners_with_two_workbooks_hear_all_owed() {
    let system = system().await;
    for (name, visits) in [("fens_1.xlsx", 1200.0), ("fens_2.xlsx", 1350.0)] {
        system.send(name, "fens", second(), &given("X6", None, Some(("2026/27 Q2", visits))));
    }
    let letters = system.heard_on("2026-10-20").await;
    let owed = "Asked for but missing or not usable (2)\n- People who walk every day\n- Visits to parks";
    assert_says(only(&letters, "fens"), "which workbook should we use?", &[owed]);
}

#[tokio::test(flavor = "multi_thread")]
async fn misnamed_earlier_workbooks_are_told_once() {
    let system = system().await;
    let answers = given("X3", Some((200.0, 400.0)), Some(("2026/27 Q1", 900.0)));
    system.send("hills_2026-27-Q1.xlsx", "hills", first(), &answers);
    system.heard_on("2026-07-20").await;
    fs::copy(system.path("inbox/hills_2026-27-Q1.xlsx"), system.path("inbox/hills_2026-27-Q2.xlsx")).unwrap();
    let told = "hills_2026-27-Q2.xlsx: is the workbook for April to June 2026, unchanged, that arrived on 20 July 2026 as \
        hills_2026-27-Q1.xlsx; nothing in it is for July to September 2026";
    let letters = system.heard_on("2026-10-20").await;
    assert_says(only(&letters, "hills"), "your return for July to September 2026: refused", &[told]);
    assert_eq!(system.heard_on("2026-10-21").await.len(), 0, "nobody is told twice");
    let status = &system.status().await.partners[1];
    assert_eq!((status.outcome, status.refusal[0].starts_with(told)), ("refused", true), "{:?}", status.refusal);
    assert_eq!(status.versions[0].arrived, Some(date(2026, 10, 20)));
    set_clock("2026-10-24T09:00:00Z");
    system.run(&RemindPartners { for_day: None }).await;
    assert_says(only(&system.letters(), "hills"), "due 31 October 2026", &["We could not use", told]);

    // Filled in anew it is still of the quarter that it says; the receipt says what it changed there.
    let mut changed = given("X3", Some((200.0, 400.0)), Some(("2026/27 Q1", 950.0)));
    changed.completed_by = "Ada Hill".to_owned();
    system.send("hills_2026-27-Q2.xlsx", "hills", first(), &changed);
    let letters = system.heard_on("2026-10-25").await;
    let parts = ["Changed since you last gave it (1)\n- Visits to parks, Hills, 2026/27 Q1: from 900 to 950"];
    assert_says(only(&letters, "hills"), "your return for April to June 2026: accepted", &parts);
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_marks_are_told_as_marks() {
    let system = system().await;
    let mut answers = given("X3", None, Some(("2026/27 Q2", 900.0)));
    answers.figures.values_mut().for_each(|figure| figure.value = Some(boardpack::value::Value::Missing));
    system.send("hills.xlsx", "hills", second(), &answers);
    let letters = system.heard_on("2026-10-20").await;
    assert_says(only(&letters, "hills"), ": blank", &["Nothing is filled in except one mark that a figure is missing"]);
}

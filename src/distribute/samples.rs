//! Made-up messages, on which templates are tried when they are loaded: between them they go through every branch that
//! a sensible template has.

use super::MessageTemplate;
use super::alert::Alert;
use super::board_pack::{BoardPack, MovedAction, PackDocument};
use super::to_partner::{
    self, DifferingVersions, OwedMeasure, Receipt, Reminder, Request, Round, Waiting, Withdrawn, WithdrawnVersion,
};
use crate::collect::{
    ActionLine, ChangedLine, CommentLine, DifferingLine, FigureLine, FindingLine, GivenLine, Lacking, ReturnOutcome,
    ValidationReport,
};
use crate::period::Period;
use jiff::civil::{Date, date};
use minijinja::value::{Serde, Value};

const DEADLINE: Date = date(2026, 10, 31);

/// What the samples of a message say, each with its recipient's name.
pub(super) fn of(message: MessageTemplate) -> Vec<(Value, &'static str)> {
    match message {
        MessageTemplate::BoardPack => packs().map(|(content, recipient)| (Value::from(Serde(content)), recipient)).into(),
        MessageTemplate::ReturnRequest => requests(),
        MessageTemplate::ReturnReceipt => receipts(),
        MessageTemplate::ReturnDiffering => differing_versions(),
        MessageTemplate::ReturnWithdrawn => withdrawn_versions(),
        MessageTemplate::ReturnReminder => reminders(),
        MessageTemplate::Operators => ["", "12"].map(|run| (Value::from(Serde(to_operators(run))), "")).into(),
    }
}

fn to_operators(run: &str) -> Alert {
    let line = || vec!["A line".to_owned()];
    Alert {
        system: "A partnership".to_owned(),
        quarter: quarter().slug(),
        run: run.to_owned(),
        trigger: "by hand".to_owned(),
        headline: "something happened".to_owned(),
        happened: line(),
        means: line(),
        todo: line(),
        log: if run.is_empty() { Vec::new() } else { line() },
    }
}

pub(super) fn packs() -> [(BoardPack, &'static str); 8] {
    let bare = BoardPack::new("A partnership", quarter(), date(2026, 11, 20), "2024");
    let mut full = bare.clone();
    full.messages.push("A measure: 6.2% in 2025/26; target: 5% by March 2027. Off track.".to_owned());
    full.asks.push("Decide how to recover it.".to_owned());
    full.contact = "secretariat@example.org".to_owned();
    full.next_pack = "20 February 2027".to_owned();
    for (file, attached, elsewhere) in
        [("summary.pdf", true, ""), ("evidence.pdf", false, "the shared folder"), ("more.pdf", false, "")]
    {
        full.documents.push(PackDocument {
            title: "Another document".to_owned(),
            about: "What it is about".to_owned(),
            file: file.to_owned(),
            attached,
            elsewhere: elsewhere.to_owned(),
        });
    }
    full.count("On track", 1);
    full.since = "April to June 2026".to_owned();
    full.moved = "1 improved".to_owned();
    full.moved_actions.push(MovedAction {
        title: "An action".to_owned(),
        lead: "A trust".to_owned(),
        how: "now off track".to_owned(),
    });
    full.missing.push("A return".to_owned());
    full.illustrative = true;
    let mut corrected = full.clone();
    corrected.elsewhere = "the shared folder".to_owned();
    corrected.corrects = "A figure was wrong.".to_owned();
    corrected.issue = 2;
    corrected.draft = true;
    let mut smaller = corrected.clone();
    smaller.in_its_place = "summary.pdf".to_owned();
    let mut after_interim = full.clone();
    after_interim.after_interim = true;
    after_interim.changes = 1;
    let mut of_part = full.clone();
    of_part.of_part = true;
    let mut interim = full.clone();
    interim.interim = true;
    let mut past_deadline = interim.clone();
    past_deadline.returns_standing = "Returns were due on 31 October 2026; A trust has until 14 November 2026.".to_owned();
    [
        (bare, ""),
        (full, "A recipient"),
        (corrected, ""),
        (smaller, ""),
        (after_interim, ""),
        (of_part, ""),
        (interim, ""),
        (past_deadline, ""),
    ]
}

fn quarter() -> Period {
    Period::financial_quarter(2026, 2)
}

fn round(today: Date, secretariat: &str) -> Round {
    Round::new("A partnership", "A trust", quarter(), (DEADLINE, false), today, secretariat)
}

/// Before the deadline, and nobody to ask.
fn early() -> Round {
    round(date(2026, 10, 1), "")
}

fn late() -> Round {
    round(date(2026, 11, 5), "desk@example.org")
}

fn requests() -> Vec<(Value, &'static str)> {
    let request = |round, actions| {
        let attachment = "nuh_2026-27-Q2.xlsx".to_owned();
        Value::from(Serde(Request { round, figures: 12, actions, shows_earlier: actions > 0, attachment }))
    };
    vec![(request(early(), 0), ""), (request(late(), 2), "A recipient")]
}

fn taken_out() -> Withdrawn {
    Withdrawn {
        file: "nuh_2026-27-Q2.xlsx".to_owned(),
        arrived: to_partner::in_words(DEADLINE),
        by: "A person".to_owned(),
        reason: "Figures of another year.".to_owned(),
    }
}

fn reminders() -> Vec<(Value, &'static str)> {
    let never = Reminder {
        round: late(),
        returned: String::new(),
        refused: Vec::new(),
        withdrawn: Vec::new(),
        blank: String::new(),
        nil: false,
        waiting: vec![Waiting { file: "nuh_2026-27-Q3.xlsx".to_owned(), quarter: "October to December 2026".to_owned() }],
        differing: Vec::new(),
        attachment: "nuh_2026-27-Q2.xlsx".to_owned(),
        measures: vec![OwedMeasure { title: "A measure".to_owned(), given: 1, due: 2, lacking: "Hills".to_owned() }],
        not_used: Vec::new(),
        actions: Vec::new(),
    };
    let refused = Reminder { refused: vec!["It is damaged.".to_owned()], ..never.clone() };
    let withdrawn = Reminder { withdrawn: vec![taken_out()], ..never.clone() };
    let in_part = Reminder {
        round: early(),
        returned: to_partner::in_words(DEADLINE),
        measures: Vec::new(),
        not_used: vec!["nuh_1.xlsx, sheet Figures, cell F4: is not a number".to_owned()],
        actions: vec!["An action".to_owned()],
        ..never.clone()
    };
    let nil = Reminder { nil: true, ..in_part.clone() };
    let blank = Reminder {
        blank: to_partner::in_words(DEADLINE),
        differing: vec![differing()],
        attachment: String::new(),
        round: Round { extended: true, ..early() },
        ..never.clone()
    };
    let named = [never, refused, withdrawn].map(|reminder| (Value::from(Serde(reminder)), "A recipient"));
    let nameless = [in_part, nil, blank].map(|reminder| (Value::from(Serde(reminder)), ""));
    named.into_iter().chain(nameless).collect()
}

fn withdrawn_versions() -> Vec<(Value, &'static str)> {
    let word = |round: Round, version: Withdrawn, lacking: &[&str]| {
        let lacking: Vec<String> = lacking.iter().map(|title| (*title).to_owned()).collect();
        let still_open = if round.overdue { in_part_only().still_open } else { Vec::new() };
        let said_in_another = version.by.is_empty() && lacking.is_empty();
        let nil_counts = if lacking.is_empty() && !said_in_another { version.arrived.clone() } else { String::new() };
        Value::from(Serde(WithdrawnVersion { round, version, said_in_another, nil_counts, lacking, still_open }))
    };
    let of_nobody = Withdrawn { by: String::new(), ..taken_out() };
    vec![
        (word(early(), taken_out(), &[]), "A recipient"),
        (word(early(), of_nobody.clone(), &["A measure"]), ""),
        (word(early(), of_nobody, &[]), ""),
        (word(late(), taken_out(), &["A measure"]), ""),
    ]
}

fn differing_versions() -> Vec<(Value, &'static str)> {
    let differ = |round| {
        let arrived = to_partner::in_words(DEADLINE);
        let ValidationReport { lacking, still_open, .. } = in_part_only();
        let accounts = vec![in_part_only(), whole()];
        let differing = vec![differing()];
        Value::from(Serde(DifferingVersions {
            round,
            arrived,
            differing,
            accounts,
            lacking,
            baselines: vec![baseline()],
            still_open,
        }))
    };
    vec![(differ(early()), "A recipient"), (differ(late()), "")]
}

fn receipts() -> Vec<(Value, &'static str)> {
    let told = |round, account, stands| Value::from(Serde(Receipt::new(round, account, Some(DEADLINE), stands)));
    let receipt = |round, account| told(round, account, false);
    vec![
        (receipt(early(), whole()), ""),
        (receipt(early(), ValidationReport { baselines: vec![baseline()], ..whole() }), ""),
        (receipt(early(), ValidationReport { still_open: in_part_only().still_open, ..whole() }), ""),
        (receipt(early(), in_part_only()), "A recipient"),
        (receipt(late(), refused_account()), "A recipient"),
        (told(late(), refused_account(), true), ""),
        (told(early(), ValidationReport { lacking: in_part_only().lacking, ..refused_account() }, true), ""),
        (receipt(early(), nothing_in(ReturnOutcome::Blank, "")), "A recipient"),
        (receipt(late(), nothing_in(ReturnOutcome::Nil, "No clinics were held.")), ""),
    ]
}

fn differing() -> DifferingLine {
    let given = |file: &str, by: &str| GivenLine {
        file: file.to_owned(),
        cell: "Figures F4".to_owned(),
        by: by.to_owned(),
        value: "75.0%".to_owned(),
    };
    DifferingLine {
        id: "a-measure".to_owned(),
        what: "A measure".to_owned(),
        given: vec![given("nuh_1.xlsx", ""), given("nuh_2.xlsx", "A person")],
    }
}

fn nothing_in(outcome: ReturnOutcome, reason: &str) -> ValidationReport {
    let verdict = if outcome == ReturnOutcome::Nil { "nothing to report" } else { "blank" };
    ValidationReport { outcome, verdict, by: "A person".to_owned(), nil: reason.to_owned(), ..whole() }
}

/// A return without a flaw.
fn whole() -> ValidationReport {
    ValidationReport {
        partner: "A trust".to_owned(),
        partner_id: "nuh".to_owned(),
        quarter: quarter().in_words(),
        quarter_id: quarter().slug(),
        file: "nuh_2026-27-Q2.xlsx".to_owned(),
        sha256: "00".repeat(32),
        outcome: ReturnOutcome::Accepted,
        verdict: "accepted",
        illustrative: false,
        by: String::new(),
        nil: String::new(),
        replaced_nil: String::new(),
        changed: Vec::new(),
        errors: Vec::new(),
        questions: Vec::new(),
        notes: Vec::new(),
        figures: Vec::new(),
        actions: Vec::new(),
        comments: Vec::new(),
        missing: 0,
        lacking: Vec::new(),
        baselines: Vec::new(),
        still_open: Vec::new(),
    }
}

fn in_part_only() -> ValidationReport {
    let found = FindingLine {
        place: "sheet Figures, cell F4".to_owned(),
        problem: "is not a number".to_owned(),
        remedy: "correct it".to_owned(),
        mended: false,
        measure: "A measure".to_owned(),
    };
    let figure = FigureLine {
        id: "a-measure".to_owned(),
        measure: "A measure".to_owned(),
        period: "2026/27 Q2".to_owned(),
        area: "A trust".to_owned(),
        group: "Sex: Female".to_owned(),
        value: "75.0%".to_owned(),
        counts: "45 of 60".to_owned(),
        limits: "60 to 85".to_owned(),
        note: "A note".to_owned(),
        cell: "Figures F4".to_owned(),
        questioned: true,
    };
    let action = ActionLine {
        id: "an-action".to_owned(),
        action: "An action".to_owned(),
        step: "1. A step".to_owned(),
        status: "On track",
        forecast: "2026-12-31".to_owned(),
        completed: "2026-12-31".to_owned(),
        commentary: "It goes well.".to_owned(),
    };
    ValidationReport {
        outcome: ReturnOutcome::AcceptedInPart,
        verdict: "accepted in part, with questions",
        illustrative: true,
        errors: vec![found.clone()],
        questions: vec![found.clone()],
        notes: vec![FindingLine { remedy: String::new(), mended: true, ..found.clone() }],
        figures: vec![figure],
        actions: vec![action],
        comments: vec![comment("A director"), comment("")],
        changed: vec![ChangedLine {
            what: "A measure, A trust, 2026/27 Q2".to_owned(),
            before: "74.0%".to_owned(),
            now: "75.0%".to_owned(),
        }],
        missing: 1,
        lacking: vec![Lacking {
            id: "another".to_owned(),
            title: "Another measure".to_owned(),
            words: "Another measure: 1 of 2 figures in use (missing: Hills)".to_owned(),
        }],
        baselines: vec![baseline()],
        still_open: vec![FindingLine { place: "nuh_1.xlsx, sheet Figures, cell F4".to_owned(), ..found }],
        ..whole()
    }
}

fn comment(by: &str) -> CommentLine {
    CommentLine {
        id: "an-ambition".to_owned(),
        ambition: "An ambition".to_owned(),
        words: "Why it is so.".to_owned(),
        by: by.to_owned(),
        on: "10 November 2026".to_owned(),
    }
}

fn baseline() -> Lacking {
    let title = "A measure".to_owned();
    Lacking { id: "a-measure".to_owned(), words: "A measure, baseline of 2023/24".to_owned(), title }
}

fn refused_account() -> ValidationReport {
    let found = FindingLine {
        place: "nuh_2026-27-Q2.xlsx".to_owned(),
        problem: "is protected by a password".to_owned(),
        remedy: "take the password off".to_owned(),
        mended: false,
        measure: String::new(),
    };
    ValidationReport {
        outcome: ReturnOutcome::Refused,
        verdict: "refused",
        errors: vec![found],
        sha256: String::new(),
        ..whole()
    }
}

//! Key actions with steps in partners' workbooks: asked step by step, read back, and owed until each is told of.

use boardpack::archive::Archive;
use boardpack::area::Areas;
use boardpack::assets::Assets;
use boardpack::collect::workbook::{ReaderProcess, open_all};
use boardpack::collect::{
    Grade, Intake, PriorReturns, Progress, ReturnOutcome, ReturnReceipt, ReturnVersion, Returns, RunScope, ValidationReport,
    collect_returns,
};
use boardpack::figure::ReportKey;
use boardpack::framework::{self, ActionId, Framework, Partner};
use boardpack::period::{Period, YearKind};
use boardpack::return_template::{ActionAnswer, Answers, PartnerHistory, ReturnRequest};
use boardpack::settings;
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;
use std::fs;
use tempfile::TempDir;

const AS_AT: Date = date(2026, 11, 20);
/// Its steps: in every induction by March 2024, in all reviews by March 2026.
const INDUCTION: &str = "aims-in-induction-and-reviews";
/// Of its two steps the first is complete by the edition's own text.
const REVIEW: &str = "better-care-fund-review";

static NOTHING: PartnerHistory = PartnerHistory::new();

struct Desk {
    framework: Framework,
    areas: Areas,
    partners: Vec<Partner>,
    folder: TempDir,
    known: PriorReturns,
}

impl Desk {
    fn new() -> Self {
        let config = Assets::config(None);
        Self {
            framework: framework::load(&config, "2024").unwrap(),
            areas: framework::read_areas(&config).unwrap(),
            partners: framework::load_partners(&config).unwrap(),
            folder: tempfile::tempdir().unwrap(),
            known: PriorReturns::default(),
        }
    }

    fn period(&self) -> Period {
        Period::parse("2026-27-Q2", YearKind::Financial).unwrap()
    }

    fn request<'a>(&'a self, framework: &'a Framework, partner: &str) -> ReturnRequest<'a> {
        let partner = self.partners.iter().find(|one| one.id == partner).unwrap();
        let deadline = date(2026, 10, 31);
        let period = self.period();
        ReturnRequest { framework, areas: &self.areas, partner, period, earlier: &NOTHING, secretariat: "", deadline }
    }

    fn wanted(&self) -> RunScope<'_> {
        RunScope { framework: &self.framework, partners: &self.partners, period: self.period(), as_at: AS_AT }
    }

    /// Sends a version of the partner's workbook and looks, keeping in mind what was seen as a ledger does.
    fn send(&mut self, partner: &str, name: &str, workbook: &[u8]) -> (Returns, ReturnReceipt) {
        let inbox = self.folder.path().join("inbox");
        fs::create_dir_all(&inbox).unwrap();
        fs::write(inbox.join(name), workbook).unwrap();
        let limits = settings::load(None, &BTreeMap::new()).unwrap().returns.limits;
        let intake = Intake {
            folder: &inbox,
            limits: &limits,
            reading: &ReaderProcess::Here,
            archive: &Archive::new(self.folder.path().join("archive")),
            areas: &self.areas,
            mappings: &BTreeMap::new(),
            now: Timestamp::now() + 1.hour(),
            wait: &|| {},
        };
        let returns = collect_returns(&intake, &self.wanted(), &self.known);
        for version in &returns.versions {
            if self.known.versions.iter().all(|known| known.sha256 != version.sha256) {
                let look = Some(format!("look {}", self.known.versions.len()));
                self.known.versions.push(ReturnVersion { look, ..version.clone() });
            }
        }
        let receipt = returns.receipts.iter().rfind(|receipt| receipt.partner == partner).unwrap().clone();
        (returns, receipt)
    }

    fn tell(&mut self, partner: &str, name: &str, answers: &Answers) -> (Returns, ReturnReceipt) {
        let workbook = self.request(&self.framework, partner).workbook(answers).unwrap();
        self.send(partner, name, &workbook)
    }
}

fn answer(status: &str) -> ActionAnswer {
    ActionAnswer { status: status.to_owned(), ..ActionAnswer::default() }
}

fn whole(action: &str, status: &str) -> (ReportKey, ActionAnswer) {
    (ReportKey::new(ActionId(action.to_owned()), None), answer(status))
}

fn step(action: &str, number: usize, status: &str) -> (ReportKey, ActionAnswer) {
    (ReportKey::new(ActionId(action.to_owned()), Some(number)), answer(status))
}

fn answers(
    actions: impl IntoIterator<Item = (ReportKey, ActionAnswer)>,
    steps: impl IntoIterator<Item = (ReportKey, ActionAnswer)>,
) -> Answers {
    Answers { reports: actions.into_iter().chain(steps).collect(), ..Answers::default() }
}

fn told(returns: &Returns) -> Vec<(&str, Option<usize>, Progress)> {
    returns.action_reports.iter().map(|r| (r.action.0.as_str(), r.step, r.progress)).collect()
}

fn owes(receipt: &ReturnReceipt, action: &str) -> bool {
    receipt.lacking.iter().any(|id| id == action)
}

/// The rows of the sheet Key actions from its headings on.
fn sheet(workbook: &[u8]) -> Vec<Vec<String>> {
    let limits = settings::load(None, &BTreeMap::new()).unwrap().returns.limits;
    let sheets = open_all(workbook, "a.xlsx", &limits).unwrap();
    let sheet = sheets.iter().find(|sheet| sheet.name == "Key actions").unwrap();
    sheet.rows().skip(1).map(|row| (0..8).map(|column| row.text(Some(column))).collect()).collect()
}

#[test]
fn steps_and_their_action_have_rows() {
    let desk = Desk::new();
    let rows = sheet(&desk.request(&desk.framework, "icb").workbook(&Answers::default()).unwrap());
    let headings = ["Action ID", "Action", "Step", "Due", "Status", "Forecast date", "Completed date", "Commentary"];
    assert_eq!(rows[0], headings);
    let of = |action: &str| -> Vec<(String, String)> {
        rows.iter().filter(|row| row[0] == action).map(|row| (row[2].clone(), row[3].clone())).collect()
    };
    let row = |step: &str, due: &str| (step.to_owned(), due.to_owned());
    assert_eq!(
        of(INDUCTION),
        [
            row("All", "31/03/2026"),
            row("1. The aims and principles in every induction", "31/03/2024"),
            row("2. The aims and principles in all performance reviews", "31/03/2026"),
        ]
    );
    let simple = desk.framework.actions.iter().find(|action| action.lead == "icb" && action.steps.is_empty()).unwrap();
    assert_eq!(of(&simple.id.0).len(), 1);
    assert_eq!(of(&simple.id.0)[0].0, "");
}

#[test]
fn a_workbook_without_steps_keeps_its_columns() {
    let desk = Desk::new();
    let rows = sheet(&desk.request(&desk.framework, "nuh").workbook(&Answers::default()).unwrap());
    assert_eq!(rows[0], ["Action ID", "Action", "Due", "Status", "Forecast date", "Completed date", "Commentary", ""]);
}

#[test]
fn actions_are_owed_until_every_step_reports() {
    for (actions, steps, is_owed) in [
        (vec![], vec![], true),
        (vec![], vec![step(INDUCTION, 1, "Complete")], true),
        (vec![], vec![step(INDUCTION, 1, "Complete"), step(INDUCTION, 2, "At risk")], false),
        // What is said of the whole tells of the last step, and of all where it is complete or not started.
        (vec![whole(INDUCTION, "On track")], vec![], true),
        (vec![whole(INDUCTION, "On track")], vec![step(INDUCTION, 1, "Complete")], false),
        (vec![whole(INDUCTION, "Complete")], vec![], false),
        (vec![whole(INDUCTION, "Not started")], vec![], false),
    ] {
        let answers = answers(actions, steps);
        let (_, receipt) = Desk::new().tell("icb", "icb_2026-27-Q2.xlsx", &answers);
        assert_eq!(owes(&receipt, INDUCTION), is_owed, "{:?}", answers.reports);
    }
    let (_, receipt) = Desk::new().tell("icb", "icb_2026-27-Q2.xlsx", &answers([], [step(INDUCTION, 1, "Complete")]));
    let owed = receipt.owed.iter().find(|owed| owed.id == INDUCTION).unwrap().in_words();
    assert!(owed.starts_with("a report on: Build the strategy's aims"), "{owed}");
    assert!(owed.ends_with(" (missing: 2. The aims and principles in all performance reviews)"), "{owed}");
}

#[test]
fn reported_steps_are_not_owed_again() {
    let mut desk = Desk::new();
    let tell = |desk: &mut Desk, name: &str, status: &str| desk.tell("icb", name, &answers([whole(INDUCTION, status)], [])).1;
    assert!(!owes(&tell(&mut desk, "icb_1.xlsx", "Not started"), INDUCTION));
    assert!(!owes(&tell(&mut desk, "icb_2.xlsx", "On track"), INDUCTION));
}

#[test]
fn complete_steps_are_not_asked_again() {
    let answers = answers([], [step(REVIEW, 2, "On track")]);
    let (_, receipt) = Desk::new().tell("county-council", "county-council_2026-27-Q2.xlsx", &answers);
    assert!(!owes(&receipt, REVIEW), "{:?}", receipt.lacking);
}

#[test]
fn stepless_workbooks_speak_of_the_whole() {
    let mut desk = Desk::new();
    let mut older = desk.framework.clone();
    older.actions.iter_mut().for_each(|action| action.steps.clear());
    let workbook = desk.request(&older, "icb").workbook(&answers([whole(INDUCTION, "On track")], [])).unwrap();
    assert!(!sheet(&workbook)[0].contains(&"Step".to_owned()));
    let (returns, receipt) = desk.send("icb", "icb_2026-27-Q2.xlsx", &workbook);
    assert_eq!((receipt.outcome, told(&returns)), (ReturnOutcome::Accepted, vec![(INDUCTION, None, Progress::OnTrack)]));
}

#[test]
fn later_versions_replace_step_by_step() {
    let mut desk = Desk::new();
    let first = answers([whole(INDUCTION, "On track")], [step(INDUCTION, 1, "Complete"), step(INDUCTION, 2, "On track")]);
    desk.tell("icb", "icb_2026-27-Q2.xlsx", &first);
    let (returns, receipt) = desk.tell("icb", "icb_2026-27-Q2.xlsx", &answers([], [step(INDUCTION, 2, "Off track")]));
    let stands = [
        (INDUCTION, None, Progress::OnTrack),
        (INDUCTION, Some(1), Progress::Complete),
        (INDUCTION, Some(2), Progress::OffTrack),
    ];
    assert_eq!(told(&returns), stands);
    assert!(!owes(&receipt, INDUCTION));
}

#[test]
fn steps_compare_with_the_same_step() {
    let mut desk = Desk::new();
    let id = || ActionId(INDUCTION.to_owned());
    let before =
        BTreeMap::from([(ReportKey::new(id(), Some(1)), Progress::Complete), (ReportKey::new(id(), Some(2)), Progress::AtRisk)]);
    desk.known.progress.insert("icb".to_owned(), before);
    desk.known.progress.insert("nuh".to_owned(), BTreeMap::from([(ReportKey::new(id(), Some(1)), Progress::OnTrack)]));
    let now = answers([], [step(INDUCTION, 1, "Complete"), step(INDUCTION, 2, "Off track")]);
    let (_, receipt) = desk.tell("icb", "icb_2026-27-Q2.xlsx", &now);
    let questions: Vec<&str> =
        receipt.findings.iter().filter(|f| f.grade == Grade::Question).map(|f| f.problem.as_str()).collect();
    let of =
        "Build the strategy's aims and principles into induction by March 2024 and into all performance reviews by March 2026";
    assert_eq!(questions, [format!("step 2 of {of} was At risk by your last return and is Off track, without commentary")]);
    // What another partner said is nothing that this one has to explain.
    desk.known.progress.remove("icb");
    desk.known.progress.insert("nuh".to_owned(), BTreeMap::from([(ReportKey::new(id(), Some(2)), Progress::AtRisk)]));
    let (_, receipt) = desk.tell("icb", "icb_2026-27-Q2_b.xlsx", &now);
    assert!(receipt.findings.iter().all(|f| f.grade != Grade::Question), "{:?}", receipt.findings);
}

#[test]
fn complete_actions_with_open_steps_are_queried() {
    let now = answers([whole(INDUCTION, "Complete")], [step(INDUCTION, 1, "Complete"), step(INDUCTION, 2, "On track")]);
    let (returns, receipt) = Desk::new().tell("icb", "icb_2026-27-Q2.xlsx", &now);
    let is_it = |problem: &str| {
        problem.starts_with("step 2 of Build the strategy's aims")
            && problem.ends_with(" is On track, and the action as a whole is given as Complete")
    };
    assert!(receipt.findings.iter().any(|f| f.grade == Grade::Question && is_it(&f.problem)), "{:?}", receipt.findings);
    assert_eq!(returns.action_reports.len(), 3);
}

#[test]
fn the_account_names_the_step() {
    let mut desk = Desk::new();
    let (returns, receipt) = desk.tell("icb", "icb_2026-27-Q2.xlsx", &answers([], [step(INDUCTION, 1, "Complete")]));
    let account = ValidationReport::of(&receipt, &returns, &desk.wanted(), &desk.areas);
    assert_eq!(account.actions.len(), 1);
    assert_eq!(account.actions[0].step, "1. The aims and principles in every induction");
}

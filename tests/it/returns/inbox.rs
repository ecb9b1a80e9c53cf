//! How returns come in: folders, files that are not ready, and one version after another.

mod comments;
mod later_quarters;
mod versions;

use boardpack::archive::{Archive, sha256};
use boardpack::area::Areas;
use boardpack::assets::Assets;
use boardpack::collect::workbook::ReaderProcess;
use boardpack::collect::{
    Arrival, Grade, Intake, PartnerReturn, PriorReturns, Progress, ReturnOutcome, ReturnVersion, Returns, RunScope,
    VersionStanding, collect_returns,
};
use boardpack::evaluate::FigureVintages;
use boardpack::figure::{Provenance, ReportKey, SeriesKey};
use boardpack::framework::{self, Framework, MeasureId, Partner};
use boardpack::period::{Period, YearKind};
use boardpack::return_template::{ActionAnswer, Answers, FigureAnswer, PartnerHistory, PriorFigure, ReturnRequest};
use boardpack::settings;
use boardpack::value::Value;
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use workbook_reader::WorkbookLimits;

struct Desk {
    framework: Framework,
    areas: Areas,
    partners: Vec<Partner>,
    limits: WorkbookLimits,
    folder: tempfile::TempDir,
    known: PriorReturns,
}

const FRONTLINE: &str = "mecc-training-frontline";
const TURNOVER: &str = "staff-turnover";
const DISCHARGED: &str = "discharged-by-next-day";

impl Desk {
    fn new() -> Self {
        let config = Assets::config(None);
        Self {
            framework: framework::load(&config, "2024").unwrap(),
            areas: framework::read_areas(&config).unwrap(),
            partners: framework::load_partners(&config).unwrap(),
            limits: settings::load(None, &BTreeMap::new()).unwrap().returns.limits,
            folder: tempfile::tempdir().unwrap(),
            known: PriorReturns::default(),
        }
    }

    fn inbox(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join("inbox").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    /// A workbook of `partner` with these values of the year 2025/26.
    fn workbook(&self, period: Period, partner: &str, values: &[(&str, Value)]) -> Vec<u8> {
        self.filled(period, partner, &self.answers(partner, values))
    }

    fn answers(&self, partner: &str, values: &[(&str, Value)]) -> Answers {
        let partner = self.partners.iter().find(|one| one.id == partner).unwrap();
        let figures = values.iter().map(|(measure, value)| {
            let series = SeriesKey::new(MeasureId((*measure).to_owned()), partner.areas[0].clone(), None);
            (series.at(Period::year(YearKind::Financial, 2025)), FigureAnswer { value: Some(*value), ..FigureAnswer::default() })
        });
        Answers { figures: figures.collect(), ..Answers::default() }
    }

    fn filled(&self, period: Period, partner: &str, answers: &Answers) -> Vec<u8> {
        let partner = self.partners.iter().find(|one| one.id == partner).unwrap();
        let nothing = PartnerHistory::new();
        let Self { framework, areas, .. } = self;
        let deadline = date(2026, 10, 31);
        let request = ReturnRequest { framework, areas, partner, period, earlier: &nothing, secretariat: "", deadline };
        request.workbook(answers).unwrap()
    }

    fn send_as(&self, by: &str, name: &str, partner: &str, values: &[(&str, Value)]) {
        let answers = Answers { completed_by: by.to_owned(), ..self.answers(partner, values) };
        fs::write(self.inbox(name), self.filled(quarter(), partner, &answers)).unwrap();
    }

    fn send(&self, name: &str, partner: &str, values: &[(&str, Value)]) {
        self.send_for(quarter(), name, partner, values);
    }

    fn send_for(&self, quarter: Period, name: &str, partner: &str, values: &[(&str, Value)]) {
        fs::write(self.inbox(name), self.workbook(quarter, partner, values)).unwrap();
    }

    /// How many files the archive holds.
    fn archived(&self) -> usize {
        let folders = fs::read_dir(self.folder.path().join("archive")).into_iter().flatten();
        folders.map(|folder| fs::read_dir(folder.unwrap().path()).unwrap().count()).sum()
    }

    fn take_away(&self, name: &str) {
        fs::remove_file(self.inbox(name)).unwrap();
    }

    /// Looks long after the files were written.
    fn look(&self, as_at: Date) -> Returns {
        self.look_for(quarter(), as_at)
    }

    fn look_for(&self, quarter: Period, as_at: Date) -> Returns {
        self.look_at(quarter, as_at, Timestamp::now() + 1.hour(), &|| panic!("nothing was written just now"))
    }

    fn look_at(&self, period: Period, as_at: Date, now: Timestamp, wait: &dyn Fn()) -> Returns {
        let Self { framework, areas, partners, limits, folder, known } = self;
        let wanted = RunScope { framework, partners, period, as_at };
        let intake = Intake {
            folder: &folder.path().join("inbox"),
            limits,
            reading: &ReaderProcess::Here,
            archive: &Archive::new(folder.path().join("archive")),
            areas,
            mappings: &BTreeMap::new(),
            now,
            wait,
        };
        collect_returns(&intake, &wanted, known)
    }

    /// Looks, and keeps in mind what was seen as a ledger does.
    fn look_and_remember(&mut self, as_at: Date) -> Returns {
        self.look_for_and_remember(quarter(), as_at)
    }

    fn look_for_and_remember(&mut self, quarter: Period, as_at: Date) -> Returns {
        let returns = self.look_for(quarter, as_at);
        let look = Some(format!("look after {}", self.known.versions.len()));
        for version in &returns.versions {
            if self.known.versions.iter().all(|known| known.sha256 != version.sha256) {
                self.known.versions.push(ReturnVersion { look: look.clone(), ..version.clone() });
            }
        }
        let contents = returns.contents.iter().map(|(sha256, contents)| ((quarter, sha256.clone()), contents.clone()));
        self.known.contents.extend(contents);
        self.known.leave_out_what_differs();
        returns
    }
}

fn quarter() -> Period {
    Period::financial_quarter(2026, 2)
}

fn next_quarter() -> Period {
    Period::financial_quarter(2026, 3)
}

/// The figures of a look, by measure.
fn values(returns: &Returns) -> Vec<(&str, Value)> {
    let asked = returns.observations.iter().filter(|o| o.value != Value::Missing || !o.note.is_empty());
    asked.map(|o| (o.measure.0.as_str(), o.value)).collect()
}

fn outcomes(returns: &Returns) -> Vec<(&str, ReturnOutcome)> {
    let came = returns.receipts.iter().filter(|receipt| receipt.file.is_some());
    came.map(|receipt| (receipt.file.as_deref().unwrap(), receipt.outcome)).collect()
}

const DAY: Date = date(2026, 10, 20);
const LATER: Date = date(2026, 11, 2);
const DEADLINE: Date = date(2026, 10, 31);
const HALF: Value = Value::Number(50.0);
const MORE: Value = Value::Number(55.5);
const TENTH: Value = Value::Number(10.0);

const FEBRUARY: Date = date(2027, 2, 2);

fn stands(returns: &Returns, measure: &str) -> Option<Value> {
    let mut found = returns.observations.iter().filter(|o| o.measure.0 == measure && o.value != Value::Missing);
    let only = found.next().map(|o| o.value);
    assert!(found.next().is_none(), "{measure} stands twice");
    only
}

fn unsettled(returns: &Returns) -> Vec<usize> {
    returns.receipts.iter().filter(|receipt| receipt.file.is_some()).map(|receipt| receipt.unsettled).collect()
}

#[test]
fn returns_come_from_shared_or_own_folders() {
    let desk = Desk::new();
    desk.send("nuh_2026-27-Q2.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    desk.send("sfh/return.xlsx", "sfh", &[(FRONTLINE, MORE)]);
    let returns = desk.look(DAY);
    assert_eq!(outcomes(&returns), [("nuh_2026-27-Q2.xlsx", ReturnOutcome::Accepted), ("return.xlsx", ReturnOutcome::Accepted)]);
    assert_eq!(values(&returns), [(FRONTLINE, HALF), (FRONTLINE, MORE)]);
}

#[test]
fn workbooks_in_wrong_folders_are_refused() {
    let desk = Desk::new();
    desk.send("sfh/nuh_2026-27-Q2.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    desk.send("trusts/nuh.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    desk.send("nuh/Finance/October/nuh.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    let returns = desk.look(DAY);
    assert_eq!(values(&returns), []);
    let refused: Vec<_> = returns.receipts.iter().filter(|receipt| receipt.outcome == ReturnOutcome::Refused).collect();
    let [misplaced, deep, nobodys] = refused[..] else { panic!("{refused:?}") };
    assert!(deep.findings[0].place.ends_with("October") && deep.findings[0].problem.contains("nothing in it is read"));
    assert_eq!(misplaced.partner, "nuh_2026-27-Q2.xlsx", "it is nobody's: neither trust has sent it as its own");
    let sfh = returns.receipts.iter().find(|receipt| receipt.partner == "sfh").unwrap();
    assert_eq!(sfh.outcome, ReturnOutcome::NotReceived);
    assert!(misplaced.findings[0].problem.contains("was sent as the return of sfh and is that of nuh"));
    assert!(nobodys.findings[0].place.ends_with("trusts"));
    assert!(nobodys.findings[0].problem.contains("is not called by a partner's id; there are: nuh, sfh"));
}

#[cfg(unix)]
#[test]
fn links_are_told_and_not_followed() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    let elsewhere = desk.folder.path().join("elsewhere");
    fs::create_dir_all(elsewhere.join("Finance")).unwrap();
    let workbook = desk.workbook(quarter(), "nuh", &[(FRONTLINE, HALF)]);
    for file in ["nuh.xlsx", "Finance/nuh.xlsx"] {
        fs::write(elsewhere.join(file), &workbook).unwrap();
    }
    symlink(elsewhere.join("nuh.xlsx"), desk.inbox("nuh.xlsx")).unwrap();
    symlink(elsewhere.join("gone.xlsx"), desk.inbox("gone.xlsx")).unwrap();
    symlink(&elsewhere, desk.inbox("nuh")).unwrap();
    symlink(elsewhere.join("Finance"), desk.inbox("sfh/Finance")).unwrap();
    let returns = desk.look(DAY);
    let findings = returns.receipts.iter().flat_map(|receipt| &receipt.findings);
    let mut told: Vec<&str> =
        findings.filter(|f| f.problem.contains("is a link")).map(|finding| finding.place.as_str()).collect();
    told.sort_unstable();
    let links = ["gone.xlsx", "nuh", "nuh.xlsx", "sfh/Finance"].map(|name| desk.inbox(name).display().to_string());
    assert_eq!(told, links);
    assert_eq!((values(&returns), desk.archived()), (vec![], 0));
}

#[cfg(unix)]
#[test]
fn the_inbox_itself_may_be_a_link() {
    let desk = Desk::new();
    let share = desk.folder.path().join("share");
    fs::create_dir_all(share.join("nuh")).unwrap();
    fs::write(share.join("nuh/return.xlsx"), desk.workbook(quarter(), "nuh", &[(FRONTLINE, HALF)])).unwrap();
    std::os::unix::fs::symlink(&share, desk.folder.path().join("inbox")).unwrap();
    assert_eq!(values(&desk.look(DAY)), [(FRONTLINE, HALF)]);
}

#[test]
fn other_files_are_refused_and_not_kept() {
    let desk = Desk::new();
    let mut damaged = desk.workbook(quarter(), "nuh", &[(FRONTLINE, HALF)]);
    damaged.truncate(damaged.len() / 2);
    let key = b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n".to_vec();
    for (name, bytes) in [("nuh.xlsx", key), ("nuh-2.xlsx", damaged), ("nuh-3.ods", b"PK\x03\x04".to_vec())] {
        fs::write(desk.inbox(name), bytes).unwrap();
    }
    let returns = desk.look(DAY);
    assert_eq!(outcomes(&returns).iter().map(|(_, outcome)| *outcome).collect::<Vec<_>>(), [ReturnOutcome::Refused; 3]);
    assert_eq!((returns.versions.len(), desk.archived()), (0, 0));
    desk.send("nuh.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    assert_eq!((values(&desk.look(DAY)), desk.archived()), (vec![(FRONTLINE, HALF)], 1));
}

#[test]
fn messages_and_zip_files_are_listed_and_not_read() {
    let desk = Desk::new();
    desk.send("nuh/return.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    for name in ["nuh/Re your return.eml", "nuh/Finance/return.ZIP", "sfh/figures.pdf", "sfh/sfh.xlsx.part", "minutes.pdf"] {
        fs::write(desk.inbox(name), "From: someone@example.org").unwrap();
    }
    let returns = desk.look(DAY);
    // What is still being copied is no such file.
    assert_eq!(returns.other_kinds, ["nuh/Re your return.eml", "nuh/Finance/return.ZIP", "sfh/figures.pdf", "minutes.pdf"]);
    assert_eq!((values(&returns), desk.archived()), (vec![(FRONTLINE, HALF)], 1));
    assert_eq!(outcomes(&returns), [("return.xlsx", ReturnOutcome::Accepted)]);
}

#[test]
fn files_named_after_others_are_queried() {
    let desk = Desk::new();
    desk.send("sfh_2026-27-Q2.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    let returns = desk.look(DAY);
    let [nuh] = &returns.receipts.iter().filter(|receipt| receipt.file.is_some()).collect::<Vec<_>>()[..] else { panic!() };
    assert_eq!((nuh.partner.as_str(), nuh.outcome, nuh.findings[0].grade), ("nuh", ReturnOutcome::Accepted, Grade::Question));
    assert!(nuh.findings[0].problem.contains("is called after sfh and says that it is the return of nuh"));
}

#[test]
fn files_being_copied_wait() {
    let desk = Desk::new();
    let whole = desk.workbook(quarter(), "nuh", &[(FRONTLINE, HALF)]);
    let path = desk.inbox("nuh_2026-27-Q2.xlsx");
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let growing = desk.look_at(quarter(), DAY, Timestamp::now(), &|| fs::write(&path, &whole[..whole.len() - 1]).unwrap());
    assert_eq!((outcomes(&growing), growing.versions.len()), (vec![], 0));
    fs::write(&path, b"").unwrap();
    assert_eq!(outcomes(&desk.look_at(quarter(), DAY, Timestamp::now(), &|| {})), [], "an empty file of this moment");
    fs::write(&path, &whole).unwrap();
    let done = desk.look_at(quarter(), DAY, Timestamp::now(), &|| {});
    assert_eq!(outcomes(&done), [("nuh_2026-27-Q2.xlsx", ReturnOutcome::Accepted)]);
    assert!(fs::read(&path).unwrap() == whole, "the partner's own file is as it was");
}

#[test]
fn temporary_files_are_no_returns() {
    let desk = Desk::new();
    for name in ["~$nuh.xlsx", ".~lock.nuh.xlsx#", ".nuh.xlsx", "nuh.xlsx.part", "nuh.xlsx.tmp", "nuh.xlsx.crdownload"] {
        desk.send(name, "nuh", &[(FRONTLINE, HALF)]);
    }
    assert_eq!(outcomes(&desk.look(DAY)), []);
}

#[test]
fn partial_returns_are_put_together() {
    let desk = Desk::new();
    desk.send_as("Ada Hill", "nuh_frontline.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    desk.send_as("", "nuh/Finance/turnover.xlsx", "nuh", &[(TURNOVER, TENTH), (FRONTLINE, HALF)]);
    let returns = desk.look(DAY);
    assert_eq!(values(&returns), [(FRONTLINE, HALF), (TURNOVER, TENTH)], "they agree");
    assert_eq!(unsettled(&returns), [0, 0]);
    let by: Vec<&str> = returns.receipts[..2].iter().map(|receipt| receipt.by.as_str()).collect();
    assert_eq!(by, ["Ada Hill", "Finance"], "the sheet About says it, or the folder within the partner's");
    let given = returns.observations.iter().find(|o| o.measure.0 == TURNOVER && o.value == TENTH).unwrap();
    assert!(matches!(&given.provenance, Provenance::Cell { by, file, .. } if by == "Finance" && file == "turnover.xlsx"));
    for receipt in &returns.receipts[..2] {
        assert!(!receipt.lacking.iter().any(|id| id == FRONTLINE || id == TURNOVER), "what another person gave is not owed");
    }
}

#[test]
fn other_quarters_files_are_listed_quietly() {
    let mut desk = Desk::new();
    desk.send("icb.xlsx", "icb", &[(FRONTLINE, HALF)]);
    desk.look_and_remember(DAY);
    desk.send("nuh_late.xlsx", "nuh", &[(FRONTLINE, MORE)]);
    desk.send_for(next_quarter(), "nuh_early.xlsx", "nuh", &[(FRONTLINE, TENTH)]);
    fs::write(desk.inbox("nuh_2026-27-Q2_broken.xlsx"), b"PK nothing of use").unwrap();
    let elsewhere = |returns: &Returns| -> Vec<(String, Period, bool)> {
        returns.elsewhere.iter().map(|one| (one.file.clone(), one.quarter, one.known)).collect()
    };
    let next = desk.look_for(next_quarter(), FEBRUARY);
    assert_eq!(
        elsewhere(&next),
        [
            ("icb.xlsx".to_owned(), quarter(), true),
            ("nuh_2026-27-Q2_broken.xlsx".to_owned(), quarter(), false),
            ("nuh_late.xlsx".to_owned(), quarter(), false),
        ]
    );
    assert_eq!(outcomes(&next), [("nuh_early.xlsx", ReturnOutcome::Accepted)]);
    let this = desk.look(LATER);
    assert_eq!(elsewhere(&this), [("nuh_early.xlsx".to_owned(), next_quarter(), false)], "it waits for its quarter");
    assert_eq!(
        outcomes(&this),
        [
            ("nuh_2026-27-Q2_broken.xlsx", ReturnOutcome::Refused),
            ("nuh_late.xlsx", ReturnOutcome::Accepted),
            ("icb.xlsx", ReturnOutcome::Accepted)
        ]
    );
}

#[test]
fn blank_workbooks_are_no_returns() {
    let mut desk = Desk::new();
    desk.send("nuh.xlsx", "nuh", &[]);
    let returns = desk.look_and_remember(DAY);
    let receipt = returns.receipts.iter().find(|receipt| receipt.partner == "nuh").unwrap();
    assert_eq!((receipt.outcome, receipt.figures), (ReturnOutcome::Blank, 0));
    assert_eq!(returns.versions[0].standing, VersionStanding::Blank);
    let nuh = desk.partners.iter().find(|partner| partner.id == "nuh").unwrap();
    let came = PartnerReturn::of(&returns.receipts, nuh, DEADLINE, LATER).unwrap();
    assert_eq!((came.arrival, came.is_returned(), came.outcome()), (Arrival::Blank(DAY), false, "blank"));
    // A blank workbook after a good one takes nothing back.
    desk.send("nuh_2.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    desk.look_and_remember(DAY);
    desk.send("nuh_3.xlsx", "nuh", &[(TURNOVER, Value::Missing)]);
    assert_eq!(values(&desk.look(LATER)), [(FRONTLINE, HALF)]);
}

#[test]
fn missing_marks_alone_take_figures_back() {
    let mut desk = Desk::new();
    let came = |desk: &Desk, returns: &Returns| {
        let nuh = desk.partners.iter().find(|partner| partner.id == "nuh").unwrap();
        let came = PartnerReturn::of(&returns.receipts, nuh, DEADLINE, DAY).unwrap();
        (came.outcome(), came.is_returned(), came.is_complete(), came.owes())
    };
    desk.send("nuh.xlsx", "nuh", &[(FRONTLINE, Value::Missing), (TURNOVER, Value::Missing)]);
    let returns = desk.look_and_remember(DAY);
    assert_eq!(came(&desk, &returns), ("blank", false, false, true));
    assert!(returns.receipts.iter().rfind(|r| r.partner == "nuh").unwrap().lacking.contains(&TURNOVER.to_owned()));
    // That there is nothing to report contradicts no figure then.
    let reason = "No clinics were held.".to_owned();
    let nil = Answers { nothing_to_report: Some(reason), ..desk.answers("nuh", &[]) };
    fs::write(desk.inbox("nuh_2.xlsx"), desk.filled(quarter(), "nuh", &nil)).unwrap();
    let returns = desk.look_and_remember(DAY);
    let last = returns.receipts.iter().rfind(|receipt| receipt.partner == "nuh").unwrap();
    assert_eq!((last.outcome, &last.findings[..]), (ReturnOutcome::Nil, &[][..]));
    assert_eq!(came(&desk, &returns), ("nothing to report", true, true, false));
    let wanted = RunScope { framework: &desk.framework, partners: &desk.partners, period: quarter(), as_at: DAY };
    let nuh = desk.partners.iter().find(|partner| partner.id == "nuh").unwrap();
    assert!(desk.known.is_all_in(nuh, &wanted, &desk.areas), "what the ledger has says the same");
    // After a figure a mark takes it back: it is owed again.
    let mut desk = Desk::new();
    desk.send("nuh.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    let first = desk.look_and_remember(DAY);
    desk.send("nuh_2.xlsx", "nuh", &[(FRONTLINE, Value::Missing)]);
    let second = desk.look_and_remember(DAY);
    let lacks = |returns: &Returns| returns.receipts.iter().rfind(|r| r.partner == "nuh").unwrap().lacking.clone();
    assert!(!lacks(&first).contains(&FRONTLINE.to_owned()) && lacks(&second).contains(&FRONTLINE.to_owned()));
    assert_eq!(came(&desk, &second), ("accepted", true, false, true));
    // Beside a figure that cannot be used they are no return either: every look says the same of it.
    let mut desk = Desk::new();
    desk.send("nuh.xlsx", "nuh", &[(FRONTLINE, Value::Number(4300.0)), (TURNOVER, Value::Missing)]);
    for _ in 0..2 {
        let returns = desk.look_and_remember(DAY);
        assert_eq!(outcomes(&returns), [("nuh.xlsx", ReturnOutcome::Refused)]);
        assert_eq!(returns.versions[0].standing, VersionStanding::Refused);
    }
}

#[test]
fn nil_returns_need_a_reason() {
    let told = |reason: Option<&str>, values: &[(&str, Value)]| {
        let desk = Desk::new();
        let answers = Answers { nothing_to_report: reason.map(str::to_owned), ..desk.answers("nuh", values) };
        fs::write(desk.inbox("nuh.xlsx"), desk.filled(quarter(), "nuh", &answers)).unwrap();
        let receipt = desk.look(DAY).receipts.into_iter().find(|receipt| receipt.file.is_some()).unwrap();
        let arrival = Arrival::of([&receipt], DEADLINE, LATER);
        let questions: Vec<String> =
            receipt.findings.iter().filter(|f| f.grade == Grade::Question).map(|f| f.problem.clone()).collect();
        (receipt.outcome, receipt.nil, arrival, questions)
    };
    let (outcome, nil, arrival, questions) = told(Some("No clinics were held."), &[]);
    assert_eq!((outcome, nil.as_deref()), (ReturnOutcome::Nil, Some("No clinics were held.")));
    assert_eq!((arrival, questions), (Arrival::InTime(DAY), vec![]));
    let (outcome, _, _, questions) = told(Some(""), &[]);
    assert_eq!(outcome, ReturnOutcome::Nil);
    assert_eq!(questions, ["says that there is nothing to report and does not say why"]);
    let (outcome, _, _, questions) = told(Some("No clinics."), &[(FRONTLINE, HALF)]);
    assert_eq!(outcome, ReturnOutcome::Accepted);
    assert_eq!(questions, ["says that there is nothing to report, and gives figures or reports"]);
}

#[test]
fn withdrawn_versions_stay_withdrawn() {
    let mut desk = Desk::new();
    desk.send("nuh_1.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    desk.look_and_remember(DAY);
    desk.known.versions[0].standing = VersionStanding::Withdrawn { reason: "of another year".to_owned() };
    let returns = desk.look(LATER);
    assert_eq!(values(&returns), []);
    assert!(returns.receipts[0].findings[0].problem.contains("was withdrawn: of another year"));
    fs::remove_file(desk.inbox("nuh_1.xlsx")).unwrap();
    let again = desk.look(LATER);
    assert_eq!(outcomes(&again), [("nuh_1.xlsx", ReturnOutcome::Withdrawn)]);
    assert_eq!(again.receipts, returns.receipts);
}

#[test]
fn versions_missing_from_the_archive_still_count() {
    let mut desk = Desk::new();
    desk.send("nuh_1.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    let ReturnVersion { sha256, .. } = desk.look_and_remember(DAY).versions[0].clone();
    fs::remove_file(desk.inbox("nuh_1.xlsx")).unwrap();
    let kept: &Path = &Archive::new(desk.folder.path().join("archive")).path(&sha256);
    fs::write(kept, "something else").unwrap();
    let returns = desk.look(LATER);
    assert_eq!(outcomes(&returns), [("nuh_1.xlsx", ReturnOutcome::Accepted)]);
    assert_eq!(values(&returns), [(FRONTLINE, HALF)]);
    assert!(returns.receipts[0].findings[0].problem.contains("it is not what was kept under this name"));
    // Of a version of before records were kept there is nothing else.
    desk.known.contents.clear();
    assert_eq!(outcomes(&desk.look(LATER)), [("nuh_1.xlsx", ReturnOutcome::Refused)]);
}

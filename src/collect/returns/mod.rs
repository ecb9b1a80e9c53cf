//! Partner returns: every workbook of a folder read, checked and receipted, without one stopping another.
//!
//! `inbox` says which files there are; `sent` reads one, with the readers of its sheets or with a mapping, and has it
//! checked; `versions` lays what a partner sent over what it sent before; `account` tells a return in words.

mod about;
mod account;
mod actions;
mod age_bands;
mod amounts;
mod arrival;
mod by_age_band;
mod checks;
mod components;
mod figures;
mod inbox;
mod known;
mod layout;
mod own_layout;
mod sent;
mod versions;
mod workbook;

pub use account::{Account, ActionLine, FigureLine, Found, Lacking};
pub use arrival::Arrival;
pub use known::{Contents, Expected, Known, ReturnVersion, Standing};

use super::mapping::Mapping;
use super::signs::{Printable, printable};
use super::workbook::{Reading, Sheet};
use super::{
    ActionReport, Archive, Finding, Grade, Observation, Prints, Provenance, ReturnOutcome, ReturnReceipt, Returned, Wanted,
};
use crate::area::Areas;
use crate::fault::Fault;
use crate::framework::Partner;
use crate::period::Period;
use crate::settings::ReturnLimits;
use inbox::Incoming;
use jiff::{Timestamp, civil::Date};
use sent::{Sent, Whence};
use std::collections::BTreeMap;
use std::path::Path;
use versions::{Asked, Stood};

/// All that the partners sent.
#[derive(Debug, Clone, Default)]
pub struct Returns {
    /// In the order of the partners, then of their sheets.
    pub observations: Vec<Observation>,
    pub action_reports: Vec<ActionReport>,
    /// Figures that a later version of a return gave otherwise, in the order in which they came.
    pub replaced: Vec<Observation>,
    /// In the order of the partners, each one's versions as they came; after them the files that could be laid to none.
    pub receipts: Vec<ReturnReceipt>,
    /// Every version that was read, in the order of the receipts; what was not kept is none.
    pub versions: Vec<ReturnVersion>,
    /// What the accepted ones among them gave, by their SHA-256.
    pub contents: BTreeMap<String, Contents>,
    /// Of versions of other quarters whose figures are in use: what was asked about these.
    pub earlier: Vec<ReturnReceipt>,
    /// What is to be told of the look that is about no version in use.
    pub findings: Vec<Finding>,
}

/// Where returns come in and how they are read.
#[derive(Clone, Copy)]
pub struct Intake<'a> {
    /// Where the workbooks lie, or a folder a partner.
    pub folder: &'a Path,
    pub limits: &'a ReturnLimits,
    pub reading: &'a Reading,
    pub archive: &'a Archive,
    pub areas: &'a Areas,
    /// By the partner's id, for those who send a layout of their own.
    pub mappings: &'a BTreeMap<String, Mapping>,
    /// The clock at the time of the look, which says whether a file has only just been written.
    pub now: Timestamp,
    /// Waits until such a file is looked at again.
    pub wait: &'a dyn Fn(),
}

/// A workbook whose sender is known, as its sheets are read.
#[derive(Debug)]
struct Return<'a> {
    partner: &'a Partner,
    file: &'a str,
    sha256: &'a str,
    illustrative: bool,
    returned: Returned,
    /// What can be printed of the partner's own words.
    prints: &'a Prints,
}

impl Return<'_> {
    /// The partner's own words as they can be printed; signs that cannot are asked about at `place`.
    fn words(&self, text: &str, place: impl FnOnce() -> String, findings: &mut Vec<Finding>) -> String {
        let Printable { text, told } = printable(text, self.prints);
        findings.extend(told.map(|(problem, remedy)| Finding::new(Grade::Question, Fault::new(place(), problem, remedy))));
        text
    }

    /// That what is read stands in `cell` of `sheet`: a cell or a range, `J5:K5`.
    fn provenance(&self, sheet: &Sheet, cell: String) -> Provenance {
        Provenance::Cell {
            partner: self.partner.id.clone(),
            file: self.file.to_owned(),
            sha256: self.sha256.to_owned(),
            sheet: sheet.name.clone(),
            cell,
        }
    }
}

/// Reads every workbook that came in for the quarter of `wanted`, keeping each in the archive as it was received, and lays
/// what they give over what was accepted before, of whatever quarter, figure by figure in the order in which it came.
///
/// Versions of the quarter that were accepted in earlier looks are read again, from the archive where their files are gone; of
/// those of other quarters what they gave is known. What came after the day of `wanted` does not count. Nothing here stops a
/// run: a workbook that cannot be used, and a figure that cannot be believed, are told in the receipts. A partner of whom
/// nothing is asked and who sent nothing has no receipt.
pub fn collect_returns(intake: &Intake<'_>, wanted: &Wanted<'_>, known: &Known) -> Returns {
    let (incoming, faults) = inbox::look(intake.folder, wanted.partners, intake.now, intake.wait);
    let mut sent: Vec<Sent<'_>> = Vec::new();
    for Incoming { path, folder } in &incoming {
        let whence = Whence { folder: *folder, keep: true };
        let one = Sent::receive(path, whence, intake, wanted, known);
        // The same file under two names is one version.
        let is_there =
            |other: &Sent<'_>| other.sha256 == one.sha256 && other.partner.map(|p| &p.id) == one.partner.map(|p| &p.id);
        if one.sha256.is_none() || !sent.iter().any(is_there) {
            sent.push(one);
        }
    }
    let own = known.versions.iter().enumerate().filter(|(_, version)| version.quarter == wanted.period);
    let gone = own.filter(|(place, version)| {
        let is_there = sent.iter().any(|one| one.known == Some(*place));
        version.standing == Standing::Accepted && version.arrived <= wanted.as_at && !is_there
    });
    let gone: Vec<Sent<'_>> =
        gone.map(|(place, version)| Sent { known: Some(place), ..Sent::replay(version, intake, wanted, known) }).collect();
    sent.extend(gone);
    let mut returns = Returns::default();
    let (sent, later): (Vec<_>, Vec<_>) = sent.into_iter().partition(|one| one.arrived <= wanted.as_at);
    returns.findings.extend(later.iter().map(|one| came_later(one, wanted.as_at)));
    let mut sent = sent;
    // Stable: what is new stays in the order of the names, after all that is known.
    sent.sort_by_key(|one| one.known.unwrap_or(usize::MAX));
    versions::refuse_second_workbooks(&mut sent);

    for partner in wanted.partners {
        let asked = Asked::of(partner, wanted, intake.areas);
        let (theirs, others): (Vec<_>, Vec<_>) = sent.into_iter().partition(|s| s.partner.is_some_and(|p| p.id == partner.id));
        sent = others;
        returns.add(&partner.id, theirs, &asked, known, wanted);
    }
    for one in sent {
        let name = one.file.clone();
        returns.add(&name, vec![one], &[], known, wanted);
    }
    for gone in known.partners_beside(wanted.partners) {
        returns.add(gone, Vec::new(), &[], known, wanted);
    }
    for fault in faults {
        let refused = Sent { refusal: Some(fault), ..Sent::new(intake.folder.display().to_string(), None, wanted.as_at) };
        returns.add(&intake.folder.display().to_string(), vec![refused], &[], known, wanted);
    }
    returns
}

/// Reads one workbook as [`collect_returns`] would and keeps nothing; `partner` is whose it is said to be.
pub fn check_return(file: &Path, partner: Option<&Partner>, intake: &Intake<'_>, wanted: &Wanted<'_>, known: &Known) -> Returns {
    let folder = partner.and_then(|partner| wanted.partners.iter().find(|one| one.id == partner.id));
    let sent = Sent::receive(file, Whence { folder, keep: false }, intake, wanted, known);
    let (name, asked) = match sent.partner {
        Some(partner) => (partner.id.clone(), Asked::of(partner, wanted, intake.areas)),
        None => (sent.file.clone(), Vec::new()),
    };
    let mut returns = Returns::default();
    returns.add(&name, vec![sent], &asked, known, wanted);
    returns
}

/// What is laid over what a partner gave before.
enum Layer<'a, 's> {
    /// A version that was read in this look.
    Read(Box<Sent<'s>>),
    /// What another gave when it was accepted.
    Known(&'a ReturnVersion, &'a Contents),
}

impl Returns {
    /// Takes in the versions of one partner that were read, in the order in which they came, among those that are known.
    fn add(&mut self, partner: &str, read: Vec<Sent<'_>>, asked: &[Asked<'_>], known: &Known, wanted: &Wanted<'_>) {
        let is_read = |place: usize| read.iter().any(|sent| sent.known == Some(place));
        let before = known.accepted_of(partner, wanted.as_at).filter(|(place, ..)| !is_read(*place));
        let before = before.map(|(place, version, contents)| (place, Layer::Known(version, contents)));
        let mut layers: Vec<(usize, Layer<'_, '_>)> = before.collect();
        let nothing_came = read.is_empty();
        layers.extend(read.into_iter().map(|sent| (sent.known.unwrap_or(usize::MAX), Layer::Read(Box::new(sent)))));
        layers.sort_by_key(|(place, _)| *place);

        let mut stood = Stood::new(wanted.period);
        let mut receipts: Vec<ReturnReceipt> = Vec::new();
        for (_, layer) in layers {
            let sent = match layer {
                Layer::Read(sent) => sent,
                Layer::Known(version, contents) => {
                    stood.remember(contents, wanted);
                    self.earlier.extend(questioned(version, contents));
                    continue;
                }
            };
            if sent.refusal.is_none() {
                if let Some(before) = receipts.iter_mut().rfind(|receipt| receipt.outcome != ReturnOutcome::Refused) {
                    before.superseded_by = Some(sent.file.clone());
                }
                stood.lay_over(&sent.figures, &sent.action_reports);
                self.contents.extend(sent.sha256.clone().map(|sha256| (sha256, sent.contents())));
            }
            self.versions.extend(sent.version(partner, wanted.period));
            receipts.push(sent.receipt(partner, stood.lacking(asked)));
        }
        if nothing_came && !asked.is_empty() {
            receipts.push(not_received(partner, stood.lacking(asked)));
        }
        self.receipts.extend(receipts);
        self.observations.extend(stood.figures());
        self.action_reports.extend(stood.action_reports());
        self.replaced.extend(stood.replaced);
    }
}

impl Sent<'_> {
    /// What it gave, without what it left blank.
    fn contents(&self) -> Contents {
        let given = self.figures.iter().filter(|figure| !figure.blank);
        let questions = self.findings.iter().filter(|finding| finding.grade == Grade::Question && finding.about.is_some());
        Contents {
            figures: given.map(|figure| figure.observation.clone()).collect(),
            action_reports: self.action_reports.clone(),
            questions: questions.cloned().collect(),
        }
    }

    fn version(&self, partner: &str, quarter: Period) -> Option<ReturnVersion> {
        Some(ReturnVersion {
            partner: partner.to_owned(),
            file: self.file.clone(),
            sha256: self.sha256.clone()?,
            quarter,
            arrived: self.arrived,
            standing: match (&self.withdrawn, &self.refusal) {
                (Some(reason), _) => Standing::Withdrawn { reason: reason.clone() },
                (None, Some(_)) => Standing::Refused,
                (None, None) => Standing::Accepted,
            },
        })
    }

    fn receipt(self, partner: &str, lacking: Vec<String>) -> ReturnReceipt {
        let is_partial = self.findings.iter().any(|finding| finding.grade == Grade::Error);
        ReturnReceipt {
            partner: partner.to_owned(),
            outcome: match (&self.refusal, is_partial) {
                (Some(_), _) => ReturnOutcome::Refused,
                (None, false) => ReturnOutcome::Accepted,
                (None, true) => ReturnOutcome::AcceptedInPart,
            },
            figures: figures::number_given(&self.figures),
            actions: self.action_reports.len(),
            file: Some(self.file),
            sha256: self.sha256,
            illustrative: self.illustrative,
            arrived: Some(self.arrived),
            findings: self.refusal.map(Finding::from).into_iter().chain(self.findings).collect(),
            lacking,
            not_kept: self.not_kept,
            withheld: self.withheld,
            superseded_by: None,
        }
    }
}

fn not_received(partner: &str, lacking: Vec<String>) -> ReturnReceipt {
    ReturnReceipt {
        partner: partner.to_owned(),
        outcome: ReturnOutcome::NotReceived,
        file: None,
        sha256: None,
        figures: 0,
        actions: 0,
        illustrative: false,
        arrived: None,
        findings: Vec::new(),
        lacking,
        not_kept: None,
        withheld: Vec::new(),
        superseded_by: None,
    }
}

/// The receipt of a version of another quarter with what was asked about its figures; none where nothing was.
fn questioned(version: &ReturnVersion, contents: &Contents) -> Option<ReturnReceipt> {
    (!contents.questions.is_empty()).then(|| ReturnReceipt {
        outcome: ReturnOutcome::Accepted,
        file: Some(version.file.clone()),
        sha256: Some(version.sha256.clone()),
        arrived: Some(version.arrived),
        findings: contents.questions.clone(),
        ..not_received(&version.partner, Vec::new())
    })
}

/// A file that lies there and came after the day of the look.
fn came_later(sent: &Sent<'_>, as_at: Date) -> Finding {
    let problem = format!("was first seen on {}, after {as_at}, the day that is looked at; it is not used", sent.arrived);
    Finding::new(Grade::Note, Fault::new(&sent.file, problem, "choose a later day where it is to count"))
}

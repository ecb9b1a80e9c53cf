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
pub use known::{Expected, Known, ReturnVersion, Standing};

use super::mapping::Mapping;
use super::workbook::{Reading, Sheet};
use super::{ActionReport, Archive, Finding, Grade, Observation, Provenance, ReturnOutcome, ReturnReceipt, Wanted};
use crate::area::Areas;
use crate::framework::Partner;
use crate::settings::ReturnLimits;
use inbox::Incoming;
use jiff::Timestamp;
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
}

impl Return<'_> {
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

/// Reads every workbook that came in for the quarter of `wanted`, keeping each in the archive as it was received.
///
/// Versions that were accepted in earlier looks are read again, from the archive where their files are gone, and later ones
/// laid over them figure by figure. Nothing here stops a run: a workbook that cannot be used, and a figure that cannot be
/// believed, are told in the receipts. A partner of whom nothing is asked and who sent nothing has no receipt.
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
    let gone =
        known.versions.iter().enumerate().filter(|(place, version)| {
            version.standing == Standing::Accepted && sent.iter().all(|one| one.known != Some(*place))
        });
    let gone: Vec<Sent<'_>> =
        gone.map(|(place, version)| Sent { known: Some(place), ..Sent::replay(version, intake, wanted, known) }).collect();
    sent.extend(gone);
    // Stable: what is new stays in the order of the names, after all that is known.
    sent.sort_by_key(|one| one.known.unwrap_or(usize::MAX));
    versions::refuse_second_workbooks(&mut sent);

    let mut returns = Returns::default();
    for partner in wanted.partners {
        let asked = asked_of(partner, wanted);
        let (theirs, others): (Vec<_>, Vec<_>) = sent.into_iter().partition(|s| s.partner.is_some_and(|p| p.id == partner.id));
        sent = others;
        if theirs.is_empty() && !asked.is_empty() {
            returns.receipts.push(not_received(partner, asked.iter().map(Asked::id).collect()));
        }
        returns.add(&partner.id, theirs, &asked);
    }
    for one in sent {
        let name = one.file.clone();
        returns.add(&name, vec![one], &[]);
    }
    for fault in faults {
        let refused = Sent { refusal: Some(fault), ..Sent::new(intake.folder.display().to_string(), None, wanted.as_at) };
        returns.add(&intake.folder.display().to_string(), vec![refused], &[]);
    }
    returns
}

/// Reads one workbook as [`collect_returns`] would and keeps nothing; `partner` is whose it is said to be.
pub fn check_return(file: &Path, partner: Option<&Partner>, intake: &Intake<'_>, wanted: &Wanted<'_>, known: &Known) -> Returns {
    let folder = partner.and_then(|partner| wanted.partners.iter().find(|one| one.id == partner.id));
    let sent = Sent::receive(file, Whence { folder, keep: false }, intake, wanted, known);
    let (name, asked) = match sent.partner {
        Some(partner) => (partner.id.clone(), asked_of(partner, wanted)),
        None => (sent.file.clone(), Vec::new()),
    };
    let mut returns = Returns::default();
    returns.add(&name, vec![sent], &asked);
    returns
}

impl Returns {
    /// Takes in the versions of one partner, in the order in which they came.
    fn add(&mut self, partner: &str, versions: Vec<Sent<'_>>, asked: &[Asked<'_>]) {
        let mut stood = Stood::default();
        let mut receipts: Vec<ReturnReceipt> = Vec::new();
        for sent in versions {
            if sent.refusal.is_none() {
                if let Some(before) = receipts.iter_mut().rfind(|receipt| receipt.outcome != ReturnOutcome::Refused) {
                    before.superseded_by = Some(sent.file.clone());
                }
                stood.lay_over(&sent.figures, &sent.action_reports);
            }
            let lacking = asked.iter().filter(|asked| !stood.answers(asked)).map(Asked::id).collect();
            self.versions.extend(sent.version(partner));
            receipts.push(sent.receipt(partner, lacking));
        }
        self.receipts.extend(receipts);
        self.observations.extend(stood.figures.into_iter().map(|figure| figure.observation));
        self.action_reports.extend(stood.action_reports);
        self.replaced.extend(stood.replaced);
    }
}

impl Sent<'_> {
    fn version(&self, partner: &str) -> Option<ReturnVersion> {
        Some(ReturnVersion {
            partner: partner.to_owned(),
            file: self.file.clone(),
            sha256: self.sha256.clone()?,
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

fn not_received(partner: &Partner, lacking: Vec<String>) -> ReturnReceipt {
    ReturnReceipt {
        partner: partner.id.clone(),
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

/// The measures asked of a partner and the actions that it leads, in the order of the framework.
fn asked_of<'a>(partner: &Partner, wanted: &Wanted<'a>) -> Vec<Asked<'a>> {
    let measures = wanted.framework.measures.iter().filter(|m| m.is_asked_of(partner)).map(|m| Asked::Measure(&m.id));
    let actions = wanted.framework.actions.iter().filter(|a| a.lead == partner.id).map(Asked::Action);
    measures.chain(actions).collect()
}

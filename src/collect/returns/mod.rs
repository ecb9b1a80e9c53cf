//! Partner returns: every workbook of a folder read, checked and receipted, without one stopping another.

mod about;
mod account;
mod actions;
mod amounts;
mod arrival;
mod figures;
mod known;
mod layout;
mod workbook;

pub use account::{Account, ActionLine, FigureLine, Found, Lacking};
pub use arrival::Arrival;
pub use known::{Known, ReturnVersion, Standing};

use super::mapping::Mapping;
use super::workbook::{Reading, Refusal};
use super::{ActionReport, Archive, Finding, Grade, Observation, ReturnOutcome, ReturnReceipt, Wanted};
use crate::area::Areas;
use crate::fault::Fault;
use crate::framework::{Partner, Source};
use crate::settings::ReturnLimits;
use crate::value::Value;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use workbook::Workbook;

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

/// A file as it came, and what was got out of it.
#[derive(Debug)]
struct Sent<'a> {
    file: String,
    sha256: Option<String>,
    /// By what the workbook says, or by the file's name where it says nothing.
    partner: Option<&'a Partner>,
    illustrative: bool,
    observations: Vec<Observation>,
    action_reports: Vec<ActionReport>,
    /// Figures and reports that were not used.
    faults: Vec<Fault>,
    /// Why nothing of it was used.
    refusal: Option<Fault>,
}

/// More than a person reads through; a workbook of another layout has a fault in every row.
const MOST_FAULTS: usize = 100;

const EXTENSIONS: [&str; 5] = ["xlsx", "xlsm", "xls", "xlsb", "ods"];

/// Reads every workbook that came in for the quarter of `wanted`, keeping each in the archive as it was received.
///
/// Nothing here stops a run: a workbook that cannot be used, and a figure that cannot be believed, are told in the
/// receipts. A partner of whom nothing is asked and who sent nothing has no receipt.
pub fn collect_returns(intake: &Intake<'_>, wanted: &Wanted<'_>, known: &Known) -> Returns {
    let Intake { folder, limits, reading, archive, .. } = *intake;
    let _ = known;
    let mut returns = Returns::default();
    let mut sent: Vec<Sent<'_>> = match workbooks_in(folder) {
        Ok(paths) => paths.iter().map(|path| Sent::receive(path, wanted, limits, reading, archive)).collect(),
        Err(fault) => vec![Sent { refusal: Some(fault), ..Sent::new(folder.display().to_string(), None) }],
    };
    refuse_second_workbooks(&mut sent);
    for partner in wanted.partners {
        let asked = asked_of(partner, wanted);
        let (theirs, others): (Vec<_>, Vec<_>) = sent.into_iter().partition(|s| s.partner.is_some_and(|p| p.id == partner.id));
        sent = others;
        if theirs.is_empty() && !asked.is_empty() {
            returns.receipts.push(not_received(partner, asked));
            continue;
        }
        for one in theirs {
            returns.add(&partner.id, one, asked.clone(), wanted.as_at);
        }
    }
    for one in sent {
        let name = one.file.clone();
        returns.add(&name, one, Vec::new(), wanted.as_at);
    }
    returns
}

impl Returns {
    fn add(&mut self, partner: &str, sent: Sent<'_>, asked: Vec<String>, today: Date) {
        let figures = || sent.observations.iter().filter(|o| o.value != Value::Missing);
        // Groups without the figure of the whole don't answer what was asked.
        let given = |id: &str| {
            figures().any(|o| o.measure.0 == id && o.category.is_none())
                || sent.action_reports.iter().any(|report| report.action.0 == id)
        };
        let lacking = asked.into_iter().filter(|id| !given(id)).collect();
        let outcome = match (&sent.refusal, sent.faults.is_empty()) {
            (Some(_), _) => ReturnOutcome::Refused,
            (None, true) => ReturnOutcome::Accepted,
            (None, false) => ReturnOutcome::AcceptedInPart,
        };
        self.receipts.push(ReturnReceipt {
            partner: partner.to_owned(),
            outcome,
            figures: figures().count(),
            actions: sent.action_reports.len(),
            file: Some(sent.file),
            sha256: sent.sha256,
            illustrative: sent.illustrative,
            arrived: Some(today),
            findings: sent.refusal.into_iter().chain(sent.faults).map(|fault| Finding::new(Grade::Error, fault)).collect(),
            lacking,
            superseded_by: None,
        });
        self.observations.extend(sent.observations);
        self.action_reports.extend(sent.action_reports);
    }
}

impl<'a> Sent<'a> {
    fn new(file: String, partner: Option<&'a Partner>) -> Self {
        Self {
            file,
            sha256: None,
            partner,
            illustrative: false,
            observations: Vec::new(),
            action_reports: Vec::new(),
            faults: Vec::new(),
            refusal: None,
        }
    }

    fn receive(path: &Path, wanted: &Wanted<'a>, limits: &ReturnLimits, reading: &Reading, archive: &Archive) -> Self {
        let file = file_name(path);
        let partner = partner_by_name(&file, wanted);
        let mut sent = Self::new(file, partner);
        sent.refusal = sent.read(path, wanted, limits, reading, archive).err();
        sent
    }

    fn read(
        &mut self,
        path: &Path,
        wanted: &Wanted<'a>,
        limits: &ReturnLimits,
        reading: &Reading,
        archive: &Archive,
    ) -> Result<(), Fault> {
        let bytes = read_limited(path, &self.file, limits.max_file_mb)?;
        let opened = reading.open(&bytes, &self.file, limits);
        if let Err(Refusal::Personal(fault)) = opened {
            return Err(fault);
        }
        let sha256 = archive.keep(&bytes).map_err(|e| {
            let remedy = "make room, or mend the rights of paths.archive, and run again";
            Fault::new(&self.file, format!("could not be kept in the archive, so it is not used: {e}"), remedy)
        })?;
        self.sha256 = Some(sha256.clone());
        let sheets = opened.map_err(Refusal::into_fault)?;
        self.take(&Workbook::of(sheets), &sha256, wanted)
    }

    fn take(&mut self, workbook: &Workbook, sha256: &str, wanted: &Wanted<'a>) -> Result<(), Fault> {
        let no_sheet = |name: &str| {
            let problem = format!("has no sheet {name:?}; the sheets About and Figures were expected");
            Fault::new(&self.file, problem, "send the return in the template's layout")
        };
        let about = workbook.about.as_ref().ok_or_else(|| no_sheet("About"))?;
        let figures = workbook.figures.as_ref().ok_or_else(|| no_sheet("Figures"))?;
        let about = match about::read(about, wanted, &self.file) {
            Ok(about) => about,
            Err(unclear) => {
                self.partner = unclear.partner;
                return Err(unclear.fault);
            }
        };
        self.partner = Some(about.partner);
        self.illustrative = about.illustrative;
        let of = Return { partner: about.partner, file: &self.file, sha256, illustrative: about.illustrative };
        let mut faults = Vec::new();
        self.observations = figures::read(figures, &of, wanted, &mut faults)?;
        if let Some(actions) = &workbook.actions {
            self.action_reports = actions::read(actions, &of, wanted, &mut faults);
        }
        if faults.len() > MOST_FAULTS {
            let more = faults.len() - MOST_FAULTS;
            faults.truncate(MOST_FAULTS);
            let remedy = "mend these first: one cause may be behind them all";
            faults.push(Fault::new(&self.file, format!("{more} more figures or reports are not used"), remedy));
        }
        self.faults = faults;
        Ok(())
    }
}

/// Of two good workbooks of one partner nobody knows which is meant, so the first by name stands until it is taken away.
fn refuse_second_workbooks(sent: &mut [Sent<'_>]) {
    let mut first_of: BTreeMap<String, String> = BTreeMap::new();
    for one in sent.iter_mut().filter(|one| one.refusal.is_none()) {
        let Some(partner) = one.partner else { continue };
        let Some(first) = first_of.get(&partner.id) else {
            first_of.insert(partner.id.clone(), one.file.clone());
            continue;
        };
        let problem = format!("is a second workbook of {} for the quarter; {first} was read", partner.id);
        let fault = Fault::new(&one.file, problem, "leave the right one of the two in the folder");
        let (sha256, illustrative) = (one.sha256.take(), one.illustrative);
        *one = Sent { sha256, illustrative, refusal: Some(fault), ..Sent::new(std::mem::take(&mut one.file), one.partner) };
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
        superseded_by: None,
    }
}

/// The ids of the measures asked of a partner and of the actions that it leads, in the order of the framework.
fn asked_of(partner: &Partner, wanted: &Wanted<'_>) -> Vec<String> {
    let asks = |source: &Source| matches!(source, Source::Return { partners, .. } if partners.contains(&partner.kind));
    let measures = wanted.framework.measures.iter().filter(|m| asks(&m.source)).map(|m| m.id.0.clone());
    let actions = wanted.framework.actions.iter().filter(|a| a.lead == partner.id).map(|a| a.id.0.clone());
    measures.chain(actions).collect()
}

/// The workbooks in a folder by name, without what Excel, editors and file copies leave lying.
fn workbooks_in(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let fault = |e: io::Error| {
        let remedy = "make the folder, or set paths.returns to where the workbooks are";
        Fault::new(folder.display().to_string(), format!("the folder of returns cannot be read: {e}"), remedy)
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let name = file_name(&path);
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
        // A pipe or a device that is named like a workbook would be read for ever.
        if EXTENSIONS.contains(&extension.as_str()) && !name.starts_with("~$") && !name.starts_with('.') && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The partner whose id a file's name begins with: a workbook that cannot be opened is then laid to its sender.
fn partner_by_name<'a>(file: &str, wanted: &Wanted<'a>) -> Option<&'a Partner> {
    let begins = |partner: &&Partner| {
        let rest = file.to_lowercase().strip_prefix(&partner.id.to_lowercase()).map(str::to_owned);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    };
    wanted.partners.iter().filter(begins).max_by_key(|partner| partner.id.len())
}

fn read_limited(path: &Path, file: &str, max_mb: u64) -> Result<Vec<u8>, Fault> {
    let unreadable = |e: io::Error| Fault::new(file, format!("cannot be read: {e}"), "mend its rights, or copy it again");
    let limit = max_mb.saturating_mul(1024 * 1024);
    let mut bytes = Vec::new();
    File::open(path).and_then(|f| f.take(limit.saturating_add(1)).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        let problem = format!("is larger than {max_mb} MB, the most that is read");
        return Err(Fault::new(file, problem, "send a workbook with the return only, or raise returns.max_file_mb"));
    }
    Ok(bytes)
}

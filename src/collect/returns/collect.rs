//! Looking through what came in.

use super::inbox::{self, Inbox, Incoming};
use super::intake::Intake;
use super::known::PriorReturns;
use super::owed::AskedItem;
use super::received::Returns;
use super::submission::{Submission, SubmissionOrigin};
use super::version::VersionStanding;
use crate::collect::{Finding, Grade, NothingToReport, ReturnReceipt, RunScope};
use crate::fault::Fault;
use crate::framework::Partner;
use jiff::civil::Date;
use std::fs::File;
use std::path::Path;

/// Reads every workbook that came in for the quarter of `wanted`, keeping each in the archive as it was received, and lays
/// what they give over what was accepted before, of whatever quarter, figure by figure in the order in which it came.
///
/// Versions of the quarter that were accepted in earlier looks are read again, from the archive where their files are gone; of
/// those of other quarters what they gave is known. What came after the day of `wanted` does not count, and a file of another
/// quarter is listed and nothing else. Nothing here stops a run: a workbook that cannot be used, and a figure that cannot be
/// believed, are told in the receipts. A partner of whom nothing is asked and who sent nothing has no receipt.
pub fn collect_returns(intake: &Intake<'_>, wanted: &RunScope<'_>, known: &PriorReturns) -> Returns {
    let Inbox { found: incoming, others, faults } = inbox::look(intake.folder, wanted.partners, intake.now, intake.wait);
    let mut returns = Returns { other_kinds: others, ..Returns::default() };
    let mut sent: Vec<Submission<'_>> = Vec::new();
    for Incoming { path, folder, within } in &incoming {
        let whence = SubmissionOrigin { folder: *folder, within, keep: true, of_this_quarter: false };
        let opened = inbox::open(intake.folder, path);
        let one = Submission::receive(inbox::file_name(path), opened, whence, intake, wanted, known);
        if let Some(elsewhere) = one.filed_elsewhere(wanted, known) {
            returns.elsewhere.push(elsewhere);
            continue;
        }
        // The same file under two names is one version.
        let is_there =
            |other: &Submission<'_>| other.sha256 == one.sha256 && other.partner.map(|p| &p.id) == one.partner.map(|p| &p.id);
        if one.sha256.is_none() || !sent.iter().any(is_there) {
            sent.push(one);
        }
    }
    let own = known.versions.iter().enumerate().filter(|(_, version)| version.quarter == wanted.period);
    let gone = own.filter(|(place, version)| {
        let is_there = sent.iter().any(|one| one.known == Some(*place));
        let is_told = matches!(version.standing, VersionStanding::Accepted | VersionStanding::Withdrawn { .. });
        is_told && version.arrived <= wanted.as_at && !is_there
    });
    let gone: Vec<Submission<'_>> =
        gone.map(|(place, version)| Submission::replay(place, version, intake, wanted, known)).collect();
    sent.extend(gone);
    let (mut sent, later): (Vec<_>, Vec<_>) = sent.into_iter().partition(|one| one.arrived <= wanted.as_at);
    returns.findings.extend(later.iter().map(|one| came_later(one, wanted.as_at)));
    // Stable: what is new stays in the order of the names, after all that is known; what waited for its quarter by the day on
    // which it came.
    sent.sort_by_key(|one| (one.order(), one.arrived));

    for partner in wanted.partners {
        let asked = AskedItem::of(partner, wanted, intake.areas, known.figures.get(&partner.id));
        let (theirs, others): (Vec<_>, Vec<_>) = sent.into_iter().partition(|s| s.partner.is_some_and(|p| p.id == partner.id));
        sent = others;
        returns.add(&partner.id, &theirs, &asked, known, wanted, intake.areas);
    }
    for one in sent {
        let name = one.file.clone();
        returns.add(&name, &[one], &[], known, wanted, intake.areas);
    }
    for gone in known.partners_beside(wanted.partners) {
        returns.add(gone, &[], &[], known, wanted, intake.areas);
    }
    for fault in faults {
        let refused =
            Submission { refusal: Some(fault), ..Submission::new(intake.folder.display().to_string(), None, wanted.as_at) };
        returns.add(&intake.folder.display().to_string(), &[refused], &[], known, wanted, intake.areas);
    }
    let seen = known.versions.iter().filter(|version| version.arrived <= wanted.as_at);
    returns.first_round = seen.map(|version| version.quarter).chain(known.first_round).chain([wanted.period]).min();
    returns.nothing_to_report = nothing_to_report(&returns.receipts, wanted, known);
    returns
}

/// What those said who gave nothing, for the quarter of `wanted` and those before it.
fn nothing_to_report(receipts: &[ReturnReceipt], wanted: &RunScope<'_>, known: &PriorReturns) -> Vec<NothingToReport> {
    let earlier = known.accepted(|version| version.quarter < wanted.period && version.arrived <= wanted.as_at);
    let gave_nothing =
        earlier.filter(|(_, _, gave)| gave.figures.is_empty() && gave.action_reports.is_empty() && !gave.nil_is_doubted);
    let earlier = gave_nothing.map(|(_, version, gave)| (&version.partner, version.quarter, &gave.nil));
    let now = receipts.iter().filter(|receipt| receipt.excuses());
    let now = now.map(|receipt| (&receipt.partner, wanted.period, &receipt.nil));
    let said = earlier.chain(now).filter_map(|(partner, quarter, nil)| {
        let reason = nil.clone().filter(|reason| !reason.is_empty())?;
        Some(NothingToReport { partner: partner.clone(), quarter, reason })
    });
    let mut said: Vec<NothingToReport> = said.collect();
    said.sort_by_key(|said| said.quarter);
    said
}

/// Reads one workbook as [`collect_returns`] would and keeps nothing; `partner` is whose it is said to be. Where it is said to be
/// `of_this_quarter`, one that says another is refused; otherwise it is listed among those elsewhere, and nothing else.
pub fn check_return(
    file: &Path,
    partner: Option<&Partner>,
    of_this_quarter: bool,
    intake: &Intake<'_>,
    wanted: &RunScope<'_>,
    known: &PriorReturns,
) -> Returns {
    let folder = partner.and_then(|partner| wanted.partners.iter().find(|one| one.id == partner.id));
    let whence = SubmissionOrigin { folder, within: "", keep: false, of_this_quarter };
    let sent = Submission::receive(inbox::file_name(file), File::open(file), whence, intake, wanted, known);
    if let Some(elsewhere) = sent.filed_elsewhere(wanted, known) {
        return Returns { elsewhere: vec![elsewhere], ..Returns::default() };
    }
    let (name, asked) = match sent.partner {
        Some(partner) => (partner.id.clone(), AskedItem::of(partner, wanted, intake.areas, known.figures.get(&partner.id))),
        None => (sent.file.clone(), Vec::new()),
    };
    let mut returns = Returns::default();
    returns.add(&name, &[sent], &asked, known, wanted, intake.areas);
    returns
}

/// How it is told that a file came after the day of the look.
const NOT_USED: &str = "the day that is looked at; it is not used";

/// Whether it says of a file that it came after the day of the look.
pub fn says_that_it_came_later(finding: &Finding) -> bool {
    finding.problem.ends_with(NOT_USED)
}

/// A file that lies there and came after the day of the look.
fn came_later(sent: &Submission<'_>, as_at: Date) -> Finding {
    let problem = format!("was first seen on {}, after {as_at}, {NOT_USED}", sent.arrived);
    Finding::new(Grade::Note, Fault::new(&sent.file, problem, "choose a later day where it is to count"))
}

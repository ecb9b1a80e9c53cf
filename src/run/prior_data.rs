//! What the ledger knows of partners' returns: handed in with each look at the folder, and added to after it.
//!
//! What an accepted version gave is a record in the archive, which the ledger names beside the version. Earlier versions of
//! boardpack left none: of theirs stands in what the last run of the quarter collected.

use super::checkpoints::{self, Checkpoints};
use super::env::Env;
use super::error::RunError;
use super::message_kinds::{self, PACK};
use crate::archive::{Archive, sha256};
use crate::collect::{
    ActionReport, Finding, Grade, LastProgress, PriorReturns, Progress, ReturnReceipt, ReturnVersion, Returned, Returns,
    VersionContents, VersionStanding, without_withheld,
};
use crate::counted::counted;
use crate::fault::Fault;
use crate::figure::{FigureKey, Provenance};
use crate::framework::{Framework, MeasureId, MeasureSource};
use crate::period::Period;
use crate::return_template::{
    ActionAnswer, CommentAnswer, PartnerHistory, PriorComment, PriorCounts, PriorFigure, ReportedAction,
};
use crate::settings::Paths;
use crate::store::records;
use crate::store::{Ledger, LedgerError, NotKept, RecordedVersion, RunId, Seen};
use indicator_stats::spc;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// All that is known before a look at the returns of `period` as they stood on `day`; with it, what of that could not be read or
/// cannot be used.
///
/// # Errors
/// See [`LedgerError`].
pub async fn known(
    ledger: &Ledger,
    archive: &Archive,
    framework: &Framework,
    period: Period,
    day: Date,
) -> Result<(PriorReturns, Vec<Finding>), LedgerError> {
    let extended = ledger.extensions(period).await?.into_iter().map(|(partner, extension)| (partner, extension.until)).collect();
    let allowed = ledger.allowed().await?;
    let not_kept = ledger.not_kept().await?;
    let first_round = ledger.first_round(&message_kinds::of_a_round(), period, day).await?;
    let mut known =
        PriorReturns { expected: Some(spc::limits_after), allowed, not_kept, extended, first_round, ..PriorReturns::default() };
    let mut findings = remember(&mut known, ledger, archive).await?;
    findings.extend(known.leave_out_what_is_counted_otherwise(framework));
    known.figures = given_by_partner(&known, framework, |version| version.quarter < period && version.arrived <= day);
    let before = known.accepted(|version| version.quarter < period && version.arrived <= day);
    let mut reports: Vec<&ActionReport> = before.flat_map(|(.., contents)| &contents.action_reports).collect();
    // Stable: of one quarter the last that came counts.
    reports.sort_by_key(|report| report.quarter());
    let said = reports.into_iter().filter(|report| report.progress != Progress::NotGiven);
    let mut progress: BTreeMap<String, LastProgress> = BTreeMap::new();
    for report in said {
        let of_partner = progress.entry(report.partner.clone()).or_default();
        of_partner.insert(report.key(), report.progress);
    }
    known.progress = progress;
    Ok((known, findings))
}

/// The same where there may be no ledger yet; nothing is written to it.
///
/// # Errors
/// See [`LedgerError`].
pub async fn known_by(
    paths: &Paths,
    framework: &Framework,
    period: Period,
    day: Date,
) -> Result<(PriorReturns, Vec<Finding>), LedgerError> {
    let Some((ledger, doubt)) = Ledger::open_to_read(paths).await? else {
        return Ok((PriorReturns { expected: Some(spc::limits_after), ..PriorReturns::default() }, Vec::new()));
    };
    doubt.iter().for_each(|doubt| tracing::warn!("{doubt}"));
    let known = known(&ledger, &Archive::new(paths.archive.clone()), framework, period, day).await;
    ledger.close().await;
    known
}

/// What each partner gave in returns of `period` and before, by its id, as its next workbook shows it.
pub fn given_by(known: &PriorReturns, framework: &Framework, period: Period) -> BTreeMap<String, PartnerHistory> {
    given_by_partner(known, framework, |version| version.quarter <= period)
}

/// Reads every version, and what the accepted ones gave.
async fn remember(known: &mut PriorReturns, ledger: &Ledger, archive: &Archive) -> Result<Vec<Finding>, LedgerError> {
    let mut unread = Vec::new();
    let recorded = ledger.all_versions().await?;
    for RecordedVersion { version, contents, .. } in &recorded {
        let Some(digest) = contents.as_ref().filter(|_| version.standing == VersionStanding::Accepted) else { continue };
        match contents_of(archive, digest) {
            Ok(contents) => drop(known.contents.insert(version.key(), contents)),
            Err(problem) => {
                known.lost.insert(version.key());
                unread.push(unreadable(version, &problem));
            }
        }
    }
    known.versions = recorded.into_iter().map(|one| one.version).collect();
    for (run, quarter, day) in ledger.last_collections(PACK).await? {
        if lacks_contents(known, quarter) {
            let checkpoints = Checkpoints { ledger, archive: archive.clone(), run };
            unread.extend(fall_back_to_archive(known, &checkpoints, quarter, day).await?);
        }
    }
    known.lost.retain(|of| !known.contents.contains_key(of));
    // Stable: of one day the ledger knows the order.
    known.versions.sort_by_key(|version| version.arrived);
    known.leave_out_what_differs();
    Ok(unread)
}

/// True where there is an accepted version of which no record was read, or there was a run before versions were recorded.
fn lacks_contents(known: &PriorReturns, quarter: Period) -> bool {
    let mut theirs = known.versions.iter().filter(|version| version.quarter == quarter).peekable();
    let lacks = |version: &ReturnVersion| version.standing == VersionStanding::Accepted && known.contents_of(version).is_none();
    theirs.peek().is_none() || theirs.any(lacks)
}

/// Takes what a run collected for what the versions of its quarter gave of which there is no record, in the order in which its
/// receipts have them: what one of them gave and a later one replaced does not come again as if it were new.
async fn fall_back_to_archive(
    known: &mut PriorReturns,
    checkpoints: &Checkpoints<'_>,
    quarter: Period,
    day: Date,
) -> Result<Vec<Finding>, LedgerError> {
    let (figures, reports, receipts) =
        (checkpoints.figures().await?, checkpoints.reports().await?, checkpoints.receipts().await?);
    let mut by_file: BTreeMap<String, (ReturnVersion, VersionContents)> = BTreeMap::new();
    let unseen = |partner: &str, file: &str, sha256: &str| {
        let receipt = receipts.iter().find(|receipt| receipt.sha256.as_deref() == Some(sha256));
        // Those that came in one look were replaced by the same one. Of what has no receipt nobody knows which is the later.
        let before = receipt.and_then(|receipt| receipt.superseded_by.as_deref()).unwrap_or_default();
        let look = Some(format!("before {before}, by run {}", checkpoints.run));
        let arrived = receipt.and_then(|receipt| receipt.arrived).unwrap_or(day);
        let by = receipt.map(|receipt| receipt.by.clone()).unwrap_or_default();
        ReturnVersion { look, arrived, by, ..ReturnVersion::new(partner, file, sha256, quarter) }
    };
    let mut of = |provenance: &Provenance, put: &dyn Fn(&mut VersionContents, Date)| {
        let Provenance::Cell { partner, file, sha256, .. } = provenance else { return };
        let (version, contents) = by_file.entry(sha256.clone()).or_insert_with(|| {
            // A workbook may have been refused in another quarter before it was its own.
            let same = || known.versions.iter().filter(|version| version.sha256 == *sha256);
            let seen = same().find(|version| version.quarter == quarter).or_else(|| same().next());
            (seen.cloned().unwrap_or_else(|| unseen(partner, file, sha256)), VersionContents::default())
        });
        put(contents, version.arrived);
    };
    for figure in figures.content.iter().filter(|figure| figure.value != crate::value::Value::Missing) {
        of(&figure.provenance, &|contents, _| contents.figures.push(figure.clone()));
    }
    for report in &reports.content {
        of(&report.provenance, &|contents, on| {
            let returned = Some(report.returned.unwrap_or(Returned { quarter, on }));
            contents.action_reports.push(ActionReport { returned, ..report.clone() });
        });
    }
    let mut in_order: Vec<(String, (ReturnVersion, VersionContents))> = Vec::new();
    for receipt in receipts.iter().filter(|receipt| receipt.outcome.is_in_use()) {
        let (Some(sha256), Some(file)) = (&receipt.sha256, &receipt.file) else { continue };
        let found = by_file.remove(sha256);
        // All that it gave was replaced.
        let replaced = || (unseen(&receipt.partner, file, sha256), VersionContents::default());
        in_order.push((sha256.clone(), found.unwrap_or_else(replaced)));
    }
    for (sha256, (version, contents)) in in_order.into_iter().chain(by_file) {
        let is_seen = known.versions.iter().any(|other| (&other.sha256, other.quarter) == (&sha256, quarter));
        let is_known = known.contents_of(&version).is_some();
        if version.quarter != quarter || version.standing != VersionStanding::Accepted || is_known {
            continue;
        }
        known.contents.insert(version.key(), contents);
        if !is_seen {
            known.versions.push(version);
        }
    }
    Ok(figures.unread.into_iter().chain(reports.unread).collect())
}

fn contents_of(archive: &Archive, digest: &str) -> Result<VersionContents, String> {
    let bytes = archive.read(digest).map_err(|e| format!("{}: {e}", archive.path(digest).display()))?;
    records::read(&bytes).map_err(|e| e.to_string())
}

fn unreadable(version: &ReturnVersion, problem: &str) -> Finding {
    let ReturnVersion { partner, file, quarter, .. } = version;
    tracing::warn!(partner, quarter = quarter.slug(), problem, "what a return gave cannot be read");
    let problem = format!("what this return of {partner} for {} gave cannot be read: {problem}", quarter.slug());
    let remedy = "what the last run of that quarter used is taken instead; restore the archive from a backup, or use the version \
        that \
         wrote it";
    Finding::new(Grade::Question, Fault::new(file, problem, remedy))
}

/// What partners gave in the versions that `counts` lets through, by the partner's id: one is not held against, nor shown, what
/// another gave or what a public source says.
fn given_by_partner(
    known: &PriorReturns,
    framework: &Framework,
    counts: impl Fn(&ReturnVersion) -> bool,
) -> BTreeMap<String, PartnerHistory> {
    let asked = framework.measures.iter().filter(|measure| matches!(measure.source, MeasureSource::Return { .. }));
    let asked: BTreeSet<&MeasureId> = asked.map(|measure| &measure.id).collect();
    let mut by_partner: BTreeMap<String, PartnerHistory> = BTreeMap::new();
    for (_, version, contents) in known.accepted(counts) {
        let earlier = by_partner.entry(version.partner.clone()).or_default();
        for figure in contents.figures.iter().filter(|figure| asked.contains(&figure.measure)) {
            let counts = PriorCounts { numerator: figure.numerator, denominator: figure.denominator, limits: figure.limits };
            let given = PriorFigure { value: figure.value, illustrative: figure.illustrative };
            earlier.give_with(FigureKey::of(figure).series(), figure.period, given, counts);
        }
        for report in &contents.action_reports {
            let ActionReport { progress, forecast, completed, commentary, .. } = report.clone();
            let status = if progress == Progress::NotGiven { "" } else { progress.in_words() };
            // What is shown to the partner is its own words.
            let commentary = without_withheld(&commentary);
            let answer = ActionAnswer { status: status.to_owned(), forecast, completed, commentary };
            earlier.report(report.key(), ReportedAction::new(answer, version.quarter));
        }
        for said in &contents.comments {
            let answer = CommentAnswer { words: said.words.clone(), by: said.by.clone(), on: Some(said.on) };
            earlier.comment(said.ambition.clone(), PriorComment { answer, quarter: version.quarter });
        }
    }
    by_partner
}

/// Of what a look found in files that which it saw first, and what was refused and can be used now, as where a mapping was
/// mended.
pub(super) fn new<'r>(known: &'r PriorReturns, returns: &'r Returns) -> impl Iterator<Item = &'r ReturnReceipt> {
    let is_new_version = |sha256: &String| {
        let standing = returns.versions.iter().find(|version| version.sha256 == *sha256).map(|version| &version.standing);
        let before = known.versions.iter().find(|other| other.sha256 == *sha256);
        standing.is_some()
            && before.is_none_or(|of| of.standing == VersionStanding::Refused && standing == Some(&VersionStanding::Accepted))
    };
    let is_new_file = |receipt: &ReturnReceipt| {
        receipt.sha256.is_none() && receipt.unkept().is_some_and(|sha256| !known.not_kept.contains_key(sha256))
    };
    returns.receipts.iter().filter(move |receipt| receipt.sha256.as_ref().is_some_and(is_new_version) || is_new_file(receipt))
}

/// Keeps what the accepted versions of a look gave, and records those that it saw first.
pub(super) async fn record(env: &Env<'_>, run: RunId, returns: &Returns) -> Result<(), RunError> {
    let Env { settings, ledger, period, .. } = *env;
    let archive = env.archive();
    let known: BTreeSet<String> = ledger.all_versions().await?.into_iter().filter_map(|one| one.contents).collect();
    let mut contents: BTreeMap<&str, String> = BTreeMap::new();
    let mut put_back = 0;
    for (of, given) in &returns.contents {
        let bytes = records::write(given).map_err(LedgerError::from)?.into_bytes();
        let digest = sha256(&bytes);
        put_back += usize::from(known.contains(&digest) && archive.read(&digest).is_err());
        contents.insert(of, checkpoints::keep(&archive, &bytes)?);
    }
    if put_back > 0 {
        let returns = counted(put_back, "return", "returns");
        tracing::warn!("the archive had lost what {returns} of {} gave, and has it again from the workbooks", period.slug());
    }
    let mut seen: Vec<Seen<'_>> = Vec::new();
    for version in &returns.versions {
        let receipt = returns.receipts.iter().find(|receipt| receipt.sha256.as_ref() == Some(&version.sha256));
        let contents = contents.get(version.sha256.as_str()).map(String::as_str);
        seen.extend(receipt.map(|receipt| Seen { version, receipt, contents }));
    }
    ledger.record_versions(run, period, &settings.paths.returns.display().to_string(), &seen, (env.now)()).await?;
    let not_kept = returns.receipts.iter().filter_map(|receipt| {
        let looks_personal = receipt.not_kept.is_some();
        Some(NotKept { sha256: receipt.unkept()?, arrived: receipt.arrived?, looks_personal })
    });
    // What waits for its quarter came today, not when that is looked at.
    let waiting = returns.elsewhere.iter().filter(|one| one.quarter > period);
    let waiting =
        waiting.filter_map(|one| Some(NotKept { sha256: one.sha256.as_deref()?, arrived: one.arrived, looks_personal: false }));
    ledger.record_not_kept(period, &not_kept.chain(waiting).collect::<Vec<_>>()).await?;
    Ok(())
}

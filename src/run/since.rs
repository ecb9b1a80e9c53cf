//! What of partners' returns is otherwise than when packs were made of them: what came, went, was withdrawn, settled, let
//! through, given longer, or is understood otherwise.

use crate::collect::{
    ActionReport, Collection, Observation, Provenance, ReturnOutcome, ReturnReceipt, Returns, Standing, short_sha256,
};
use crate::store::RecordedVersion;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Each change in words; empty where packs made now would tell the same of the returns.
pub(super) fn changes(was: &Collection, is: &Returns, versions: &[RecordedVersion]) -> Vec<String> {
    let (before, now) = (by_content(&was.returns), by_content(&is.receipts));
    let withdrawn = withdrawn(was, is, versions);
    let told = |receipt: &ReturnReceipt, what: &str, sha256: &str| {
        format!("the return {} {what} (SHA-256 {})", name(receipt), short_sha256(sha256))
    };
    let mut changes: Vec<String> = Vec::new();
    for (sha256, receipt) in now.iter().filter(|(sha256, _)| !before.contains_key(*sha256)) {
        let was_withheld = was.returns.iter().any(|receipt| receipt.not_kept.as_deref() == Some(*sha256));
        changes.push(told(receipt, if was_withheld { "has been let through since" } else { "has come since" }, sha256));
    }
    for (sha256, was) in before.iter().filter(|(sha256, _)| !withdrawn.contains_key(*sha256)) {
        match now.get(sha256) {
            None => changes.push(told(was, "was used and is no longer there", sha256)),
            Some(is) => changes.extend(otherwise(was, is).map(|what| told(is, &what, sha256))),
        }
    }
    changes.extend(withdrawn.into_values());
    changes.extend(deadlines(&was.returns, &is.receipts));
    // Which figures stand follows from all that; where none of it shows why they are others, that is told.
    if changes.is_empty()
        && stands(&was.observations, &was.action_reports, &was.replaced)
            != stands(&is.observations, &is.action_reports, &is.replaced)
    {
        changes.push("what partners gave in returns of this quarter or earlier ones stands otherwise now".to_owned());
    }
    changes
}

/// The versions that were in use, or listed, and have been withdrawn since, each in words, by their SHA-256.
fn withdrawn<'v>(was: &Collection, is: &Returns, versions: &'v [RecordedVersion]) -> BTreeMap<&'v str, String> {
    let used = sources(&was.observations, &was.action_reports);
    let (before, now) = (by_content(&was.returns), by_content(&is.receipts));
    let is_since = |sha256: &str| {
        let listed = before.get(sha256).is_some_and(|was| match now.get(sha256) {
            Some(is) => otherwise(was, is).is_some(),
            None => !was.outcome.is_out_of_use(),
        });
        used.contains(sha256) || listed
    };
    let since = versions.iter().filter(|one| is_since(&one.version.sha256));
    since
        .filter_map(|RecordedVersion { version, .. }| {
            let Standing::Withdrawn { reason } = &version.standing else { return None };
            let (of, sha256) =
                (format!("{} of {} for {}", version.file, version.partner, version.quarter.slug()), &version.sha256);
            let told = format!("the return {of} has been withdrawn since: {reason} (SHA-256 {})", short_sha256(sha256));
            Some((sha256.as_str(), told))
        })
        .collect()
}

/// The SHA-256 of every workbook that gave something.
fn sources<'c>(figures: &'c [Observation], reports: &'c [ActionReport]) -> BTreeSet<&'c str> {
    let all = figures.iter().map(|one| &one.provenance).chain(reports.iter().map(|one| &one.provenance));
    all.filter_map(|one| match one {
        Provenance::Cell { sha256, .. } => Some(sha256.as_str()),
        Provenance::Answer { .. } => None,
    })
    .collect()
}

fn by_content(receipts: &[ReturnReceipt]) -> BTreeMap<&str, &ReturnReceipt> {
    receipts.iter().filter_map(|receipt| Some((receipt.sha256.as_deref()?, receipt))).collect()
}

fn name(receipt: &ReturnReceipt) -> String {
    format!("{} of {}", receipt.file.as_deref().unwrap_or("a workbook"), receipt.partner)
}

/// The partners that have another last day than they had.
fn deadlines(was: &[ReturnReceipt], is: &[ReturnReceipt]) -> Vec<String> {
    let due = |receipts: &[ReturnReceipt]| -> BTreeMap<String, _> {
        receipts.iter().map(|receipt| (receipt.partner.clone(), receipt.due)).collect()
    };
    let before = due(was);
    let changed = due(is).into_iter().filter(|(partner, due)| before.get(partner).is_some_and(|before| before != due));
    changed
        .map(|(partner, due)| match due {
            Some(due) => format!("the return of {partner} is due by {due} since, by an extension"),
            None => format!("the return of {partner} has no longer an extension"),
        })
        .collect()
}

/// How one version is understood otherwise than it was.
fn otherwise(was: &ReturnReceipt, is: &ReturnReceipt) -> Option<String> {
    let as_kept = |receipt: &ReturnReceipt| texts(std::iter::once(&ReturnReceipt { due: None, ..receipt.clone() }));
    let code = |of: ReturnOutcome| of.code().replace('_', " ");
    if as_kept(was) == as_kept(is) {
        None
    } else if was.unsettled != is.unsettled {
        Some("and another differ, and it is settled otherwise since which of them stands".to_owned())
    } else if was.withheld != is.withheld {
        Some("had a text withheld that has been let through since".to_owned())
    } else if was.outcome != is.outcome {
        Some(format!("was {}, and is {}", code(was.outcome), code(is.outcome)))
    } else {
        Some("is understood otherwise than it was".to_owned())
    }
}

/// What of the returns stands, as it is kept.
fn stands(figures: &[Observation], reports: &[ActionReport], replaced: &[Observation]) -> [Vec<String>; 3] {
    let returned = figures.iter().filter(|figure| matches!(figure.provenance, Provenance::Cell { .. }));
    [texts(returned), texts(reports.iter()), texts(replaced.iter())]
}

/// As records keep them: what a record leaves out is no difference.
fn texts<'a, T: Serialize + 'a>(all: impl Iterator<Item = &'a T>) -> Vec<String> {
    all.map(|one| serde_json::to_string(one).unwrap_or_default()).collect()
}

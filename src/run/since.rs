//! What of partners' returns is otherwise than when packs were made of them: what came, went, was withdrawn, settled, let
//! through, given longer, or is understood otherwise.

use crate::archive::short_sha256;
use crate::collect::{ActionReport, AmbitionComment, Collection, ReturnOutcome, ReturnReceipt, Returns, VersionStanding};
use crate::figure::{Observation, Provenance};
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
    // What else is otherwise in the returns of these follows from that.
    let mut told_of: BTreeSet<&str> = withdrawn.keys().filter_map(|sha256| Some(before.get(sha256)?.partner.as_str())).collect();
    for (sha256, receipt) in now.iter().filter(|(sha256, _)| !before.contains_key(*sha256)) {
        let was_withheld = was.returns.iter().any(|receipt| receipt.not_kept.as_deref() == Some(*sha256));
        changes.push(told(receipt, if was_withheld { "has been allowed since" } else { "has arrived since" }, sha256));
        told_of.insert(&receipt.partner);
    }
    let mut settled: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (sha256, was) in before.iter().filter(|(sha256, _)| !withdrawn.contains_key(*sha256)) {
        match now.get(sha256) {
            None => {
                let is_used = !was.outcome.is_out_of_use() && was.outcome != ReturnOutcome::Blank;
                let is_same_name = |new: &&&ReturnReceipt| (&new.partner, &new.file) == (&was.partner, &was.file);
                let is_replaced = now.iter().any(|(new, of)| !before.contains_key(new) && is_same_name(&of));
                // That another of its name has come is told.
                if is_used || !is_replaced {
                    let what = if is_used { "was used and is no longer there" } else { "is no longer there" };
                    changes.push(told(was, what, sha256));
                    told_of.insert(&was.partner);
                }
            }
            Some(is) if was.unsettled != is.unsettled => {
                settled.entry(&was.partner).or_default().push(is.file.clone().unwrap_or_default());
            }
            Some(is) => changes.extend(otherwise(was, is).map(|what| told(is, &what, sha256))),
        }
    }
    for (partner, mut files) in settled {
        files.sort();
        let files = if files.len() == 1 { format!("{} and another", files[0]) } else { files.join(" and ") };
        changes.push(format!(
            "the returns {files} of {partner} differ, and which of them to use has been decided differently \
            since"
        ));
    }
    let is_of = |was: &&&ReturnReceipt| !told_of.contains(was.partner.as_str());
    for (sha256, was) in before.iter().filter(|(_, was)| is_of(was)) {
        if let Some(is) = now.get(sha256).filter(|is| is_understood_otherwise(was, is)) {
            changes.push(told(is, "is read differently now", sha256));
        }
    }
    changes.extend(withdrawn.into_values());
    changes.extend(deadlines(&was.returns, &is.receipts));
    // Which figures stand follows from all that; where none of it shows why they are others, that is told.
    if changes.is_empty()
        && as_recorded(&was.observations, &was.action_reports, &was.comments, &was.replaced)
            != as_recorded(&is.observations, &is.action_reports, &is.comments, &is.replaced)
    {
        changes.push("what partners gave in returns of this quarter or earlier ones has changed".to_owned());
    }
    changes
}

/// The versions that were in use, or listed, and have been withdrawn since, each in words, by their SHA-256.
fn withdrawn<'v>(was: &Collection, is: &Returns, versions: &'v [RecordedVersion]) -> BTreeMap<&'v str, String> {
    let used = sources(was);
    let (before, now) = (by_content(&was.returns), by_content(&is.receipts));
    let is_since = |sha256: &str| {
        let listed = before.get(sha256).is_some_and(|was| match now.get(sha256) {
            Some(is) => otherwise(was, is).is_some() || is_understood_otherwise(was, is),
            None => !was.outcome.is_out_of_use(),
        });
        used.contains(sha256) || listed
    };
    let since = versions.iter().filter(|one| is_since(&one.version.sha256));
    since
        .filter_map(|RecordedVersion { version, .. }| {
            let VersionStanding::Withdrawn { reason } = &version.standing else { return None };
            let (of, sha256) =
                (format!("{} of {} for {}", version.file, version.partner, version.quarter.slug()), &version.sha256);
            let told = format!("the return {of} has been withdrawn since: {reason} (SHA-256 {})", short_sha256(sha256));
            Some((sha256.as_str(), told))
        })
        .collect()
}

/// The SHA-256 of every workbook that gave something.
fn sources(of: &Collection) -> BTreeSet<&str> {
    let figures = of.observations.iter().map(|one| &one.provenance);
    let all =
        figures.chain(of.action_reports.iter().map(|one| &one.provenance)).chain(of.comments.iter().map(|one| &one.provenance));
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
            Some(due) => format!("the deadline of {partner} has since been extended to {due}"),
            None => format!("the deadline of {partner} is no longer extended"),
        })
        .collect()
}

/// How one version is read differently now.
fn otherwise(was: &ReturnReceipt, is: &ReturnReceipt) -> Option<String> {
    let code = |of: ReturnOutcome| of.code().replace('_', " ");
    if was.unsettled != is.unsettled {
        Some("and another differ, and which of them to use has been decided differently since".to_owned())
    } else if was.withheld != is.withheld {
        Some("had a text withheld that has been allowed since".to_owned())
    } else if was.outcome != is.outcome {
        Some(format!("was {}, and is {}", code(was.outcome), code(is.outcome)))
    } else {
        None
    }
}

/// It says otherwise what was found in it, for no reason that is told by itself.
fn is_understood_otherwise(was: &ReturnReceipt, is: &ReturnReceipt) -> bool {
    let as_kept = |receipt: &ReturnReceipt| texts(std::iter::once(&ReturnReceipt { due: None, ..receipt.clone() }));
    otherwise(was, is).is_none() && as_kept(was) != as_kept(is)
}

/// What of the returns stands, as it is kept.
fn as_recorded(
    figures: &[Observation],
    reports: &[ActionReport],
    comments: &[AmbitionComment],
    replaced: &[Observation],
) -> [Vec<String>; 4] {
    let returned = figures.iter().filter(|figure| matches!(figure.provenance, Provenance::Cell { .. }));
    [texts(returned), texts(reports.iter()), texts(comments.iter()), texts(replaced.iter())]
}

/// As records keep them: what a record leaves out is no difference.
fn texts<'a, T: Serialize + 'a>(all: impl Iterator<Item = &'a T>) -> Vec<String> {
    all.map(|one| serde_json::to_string(one).unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(file: &str, sha256: &str, outcome: ReturnOutcome) -> ReturnReceipt {
        let (file, sha256) = (Some(file.to_owned()), Some(sha256.to_owned()));
        ReturnReceipt { file, sha256, ..ReturnReceipt::new("nuh", outcome) }
    }

    fn changes_of(was: &[ReturnReceipt], is: &[ReturnReceipt]) -> Vec<String> {
        let was = Collection { returns: was.to_vec(), ..Collection::default() };
        let is = Returns { receipts: is.to_vec(), ..Returns::default() };
        changes(&was, &is, &[])
    }

    #[test]
    fn which_of_two_workbooks_stands_is_settled_once() {
        let differ = ["aa11", "bb22"].map(|of| receipt(&format!("{of}.xlsx"), of, ReturnOutcome::AcceptedInPart));
        let differ = differ.map(|of| ReturnReceipt { unsettled: 1, ..of });
        let settled = differ.clone().map(|of| ReturnReceipt { unsettled: 0, outcome: ReturnOutcome::Accepted, ..of });
        let told =
            "the returns aa11.xlsx and bb22.xlsx of nuh differ, and which of them to use has been decided differently since";
        assert_eq!(changes_of(&differ, &settled), [told]);
    }

    #[test]
    fn consequences_of_a_new_file_are_not_repeated() {
        let first = receipt("nuh.xlsx", "aa11", ReturnOutcome::Accepted);
        let replaced = ReturnReceipt { superseded_by: Some("nuh.xlsx".to_owned()), figures: 3, ..first.clone() };
        let new = receipt("nuh.xlsx", "bb22", ReturnOutcome::Accepted);
        let told = ["the return nuh.xlsx of nuh has arrived since (SHA-256 bb22)"];
        assert_eq!(changes_of(std::slice::from_ref(&first), &[replaced.clone(), new.clone()]), told);
        let other = ReturnReceipt { partner: "icb".to_owned(), ..receipt("icb.xlsx", "cc33", ReturnOutcome::Accepted) };
        let otherwise = ReturnReceipt { figures: 3, ..other.clone() };
        let both = [told[0], "the return icb.xlsx of icb is read differently now (SHA-256 cc33)"];
        assert_eq!(changes_of(&[first.clone(), other], &[replaced, new.clone(), otherwise]), both);
        // A refused file was not used; that another of its name has come says enough.
        let refused = receipt("nuh.xlsx", "aa11", ReturnOutcome::Refused);
        assert_eq!(changes_of(std::slice::from_ref(&refused), std::slice::from_ref(&new)), told);
        assert_eq!(changes_of(&[refused], &[]), ["the return nuh.xlsx of nuh is no longer there (SHA-256 aa11)"]);
        assert_eq!(changes_of(&[first], &[]), ["the return nuh.xlsx of nuh was used and is no longer there (SHA-256 aa11)"]);
    }
}

//! All that the partners sent.

use super::subject::{Differing, ReturnedItem};
use super::version::{ReturnVersion, VersionContents};
use crate::collect::{ActionReport, AmbitionComment, Finding, NothingToReport, ReturnReceipt};
use crate::figure::Observation;
use crate::period::Period;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// All that the partners sent.
#[derive(Debug, Clone, Default)]
pub struct Returns {
    /// In the order of the partners, then of their sheets.
    pub observations: Vec<Observation>,
    pub action_reports: Vec<ActionReport>,
    /// Of this quarter's returns.
    pub comments: Vec<AmbitionComment>,
    /// Figures that a later version of a return gave otherwise, in the order in which they came.
    pub replaced: Vec<Observation>,
    /// In the order of the partners, each one's versions as they came; after them the files that could be laid to none.
    pub receipts: Vec<ReturnReceipt>,
    /// Every version that was read, in the order of the receipts; what was not kept is none.
    pub versions: Vec<ReturnVersion>,
    /// What the accepted ones among them gave, by their SHA-256.
    pub contents: BTreeMap<String, VersionContents>,
    /// Of versions of other quarters whose figures are in use: what was asked about these.
    pub earlier: Vec<ReturnReceipt>,
    /// What is to be told of the look that is about no version in use.
    pub findings: Vec<Finding>,
    /// What versions of one look give differently, settled or not, in the order of the partners.
    pub differing: Vec<Differing>,
    /// The files that lie there and are of other quarters, in the order of the look.
    pub elsewhere: Vec<Elsewhere>,
    /// Files in partners' folders that are not called like workbooks, and are not read.
    pub other_kinds: Vec<String>,
    /// The first quarter for which partners were asked for returns or sent some, this one among them.
    pub first_round: Option<Period>,
    /// Of those who gave nothing for this quarter or one before it, and said why: earlier quarters first.
    pub nothing_to_report: Vec<NothingToReport>,
}

/// What of a version is used.
#[derive(Debug, Default)]
pub(super) struct UsedContents<'a> {
    pub figures: Vec<&'a Observation>,
    pub reports: Vec<&'a ActionReport>,
    pub comments: Vec<&'a AmbitionComment>,
}

/// A file that is the return of another quarter than the one that is looked at. Nothing is read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// File name without its folder.
    pub file: String,
    /// The id of the partner whose it is, by its folder or its name.
    pub partner: Option<String>,
    pub quarter: Period,
    /// None of what could not be opened.
    pub sha256: Option<String>,
    /// The day on which it was first seen.
    pub arrived: Date,
    /// It was looked at already, in a look for that quarter.
    pub known: bool,
}

impl Returns {
    /// What a version gave, without what another that came with it gives differently.
    pub(super) fn used_of(&self, receipt: &ReturnReceipt) -> UsedContents<'_> {
        let Some(contents) = receipt.sha256.as_ref().and_then(|sha256| self.contents.get(sha256)) else {
            return UsedContents::default();
        };
        let of_partner = self.differing.iter().filter(|one| one.partner == receipt.partner && one.is_open());
        let open: BTreeSet<&ReturnedItem> = of_partner.map(|one| &one.subject).collect();
        let figures = contents.figures.iter().filter(|figure| !open.contains(&ReturnedItem::of_observation(figure)));
        let reports = contents.action_reports.iter().filter(|report| !open.contains(&ReturnedItem::of_report(report)));
        let comments = contents.comments.iter().filter(|comment| !open.contains(&ReturnedItem::of_comment(comment)));
        UsedContents { figures: figures.collect(), reports: reports.collect(), comments: comments.collect() }
    }
}

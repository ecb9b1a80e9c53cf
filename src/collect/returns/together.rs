//! Versions that came in one look. Nobody knows which of them is the later one: what they agree on, or what only one of them
//! gives, is used; what they give differently is not, until somebody says which stands.

use super::returned_figure::ReturnedFigure;
use super::subject::{Differing, ReturnedAnswer, ReturnedItem, Settled, given_differently};
use super::submission::Submission;
use super::version::VersionContents;
use crate::collect::{ActionReport, AmbitionComment, Finding, Grade, MeantFigure, RunScope, checks};
use crate::figure::FigureKey;
use std::collections::{BTreeMap, BTreeSet};

/// The versions of one partner that one look saw first.
pub(super) struct LookVersions<'a> {
    pub versions: &'a [Submission<'a>],
    pub together: Together,
}

/// What versions of one look give together.
#[derive(Debug, Default)]
pub(super) struct Together {
    pub figures: Vec<ReturnedFigure>,
    pub reports: Vec<ActionReport>,
    pub comments: Vec<AmbitionComment>,
    pub differing: Vec<Differing>,
}

impl<'a> LookVersions<'a> {
    pub fn of(partner: &str, versions: &'a [Submission<'a>]) -> Self {
        // What was left blank in a workbook that was read says that it was asked for.
        let read: Vec<&Submission<'_>> = versions.iter().filter(|one| one.refusal.is_none()).collect();
        Self { versions, together: Together::of(partner, &read) }
    }

    pub fn in_use(&self) -> impl Iterator<Item = &Submission<'a>> {
        self.versions.iter().filter(|one| one.is_in_use())
    }
}

/// In which layer each figure, report and comment was given last, layers being counted in the order in which they are laid over each other.
pub(super) struct LastGiven {
    by_subject: BTreeMap<ReturnedItem, usize>,
    /// What was found wrong in versions that are in use, with the last layer that it was found in.
    wrong: Vec<(Finding, usize)>,
    /// The last look with a version that is in use.
    in_use: Option<usize>,
}

impl LastGiven {
    /// `given` are the layers of other quarters' versions, `looks` those of this one's.
    pub fn by<'c>(given: impl Iterator<Item = (usize, &'c VersionContents)>, looks: &[(usize, LookVersions<'_>)]) -> Self {
        let mut by_subject: BTreeMap<ReturnedItem, usize> = BTreeMap::new();
        let mut give = |subject: ReturnedItem, layer: usize| {
            let last = by_subject.entry(subject).or_insert(layer);
            *last = layer.max(*last);
        };
        for (layer, contents) in given {
            let figures = contents.figures.iter().map(ReturnedItem::of_observation);
            figures.chain(contents.action_reports.iter().map(ReturnedItem::of_report)).for_each(|subject| give(subject, layer));
        }
        for (layer, look) in looks {
            look.together.subjects().for_each(|subject| give(subject, *layer));
        }
        let in_use = looks.iter().rev().find(|(_, look)| look.in_use().next().is_some()).map(|(layer, _)| *layer);
        let is_wrong = |finding: &&Finding| finding.grade == Grade::Error;
        let wrong = looks.iter().flat_map(|(layer, look)| {
            look.in_use().flat_map(|one| one.findings.iter().filter(is_wrong)).map(|finding| (finding.clone(), *layer))
        });
        Self { by_subject, wrong: wrong.collect(), in_use }
    }

    /// Something that counts came in a look after that one: whatever was asked about there being nothing to report is answered
    /// by it, or asked of it again.
    pub fn has_answered_nil(&self, layer: usize) -> bool {
        self.in_use.is_some_and(|last| last > layer)
    }

    /// It was given anew in a layer after that one.
    fn is_later(&self, subject: &ReturnedItem, layer: usize) -> bool {
        self.by_subject.get(subject).is_some_and(|last| *last > layer)
    }

    /// What a layer after that one gave is settled.
    pub fn mark_settled_later(&self, differing: &mut [Differing], layer: usize) {
        for one in differing.iter_mut().filter(|one| one.is_open() && self.is_later(&one.subject, layer)) {
            one.settled = Some(Settled::ByLater);
        }
    }

    /// A figure of the length that is asked for came in a layer after that one, in the place of one of another length.
    fn is_of_right_length_later(&self, key: &FigureKey, layer: usize, wanted: &RunScope<'_>) -> bool {
        let is_odd = |of: &FigureKey| {
            let measure = wanted.framework.measure(&of.measure);
            measure.is_some_and(|measure| checks::odd_length(measure, of.period, wanted.period).is_some())
        };
        let is_in_its_place = |(subject, last): (&ReturnedItem, &usize)| match subject {
            ReturnedItem::Figure(later) => {
                *last > layer && FigureKey { period: key.period, ..later.clone() } == *key && !is_odd(later)
            }
            ReturnedItem::Report(_) | ReturnedItem::Comment(_) => false,
        };
        is_odd(key) && self.by_subject.iter().any(is_in_its_place)
    }

    /// A figure that the row can have meant, and that its own version does not give, came with it or after it.
    fn is_given_elsewhere(&self, meant: &MeantFigure, version: &Submission<'_>, layer: usize) -> bool {
        let own: BTreeSet<ReturnedItem> = version.subjects().collect();
        self.by_subject.iter().any(|(subject, last)| match subject {
            ReturnedItem::Figure(key) => *last >= layer && meant.may_be(key) && !own.contains(subject),
            ReturnedItem::Report(_) | ReturnedItem::Comment(_) => false,
        })
    }

    /// A layer after that one gave anew what the finding is about or, where it is about no one figure, all that its version gave;
    /// or the same was found wrong again, and is told there.
    pub fn has_mended(&self, finding: &Finding, version: &Submission<'_>, layer: usize, wanted: &RunScope<'_>) -> bool {
        let is_again = |(other, later): &(Finding, usize)| *later > layer && other.is_again(finding);
        if finding.grade == Grade::Error && self.wrong.iter().any(is_again) {
            return true;
        }
        if let Some(ambition) = &finding.of_comment {
            return self.is_later(&ReturnedItem::Comment(ambition.clone()), layer);
        }
        match (&finding.about, &finding.of_report, &finding.meant) {
            (Some(key), ..) => {
                self.is_later(&ReturnedItem::of_figure(key.clone()), layer) || self.is_of_right_length_later(key, layer, wanted)
            }
            (None, Some(report), _) => self.is_later(&ReturnedItem::Report(report.clone()), layer),
            (None, None, Some(meant)) if self.is_given_elsewhere(meant, version, layer) => true,
            _ => {
                let is_last = self.by_subject.values().all(|last| *last <= layer);
                !is_last && version.subjects().all(|subject| self.is_later(&subject, layer))
            }
        }
    }
}

impl Submission<'_> {
    pub(super) fn subjects(&self) -> impl Iterator<Item = ReturnedItem> {
        ReturnedItem::given(&self.figures, &self.action_reports, &self.comments)
    }
}

impl Together {
    fn subjects(&self) -> impl Iterator<Item = ReturnedItem> {
        ReturnedItem::given(&self.figures, &self.reports, &self.comments)
    }

    /// Of a version's figures those that are used.
    pub fn used_of(&self, version: &Submission<'_>) -> Vec<ReturnedFigure> {
        let open: BTreeSet<&ReturnedItem> = self.differing.iter().filter(|one| one.is_open()).map(|one| &one.subject).collect();
        version.figures.iter().filter(|figure| !open.contains(&ReturnedItem::of(figure))).cloned().collect()
    }

    /// `versions` are all usable.
    fn of(partner: &str, versions: &[&Submission<'_>]) -> Self {
        let differing = differing(partner, versions);
        let differ: BTreeSet<&ReturnedItem> = differing.iter().map(|one| &one.subject).collect();
        let mut together = Self::default();
        for version in versions {
            let is_used = |subject: ReturnedItem| version.settled_by.is_some() || !differ.contains(&subject);
            together.figures.extend(version.figures.iter().filter(|figure| is_used(ReturnedItem::of(figure))).cloned());
            let reports = version.action_reports.iter().filter(|report| is_used(ReturnedItem::of_report(report)));
            together.reports.extend(reports.cloned());
            let comments = version.comments.iter().filter(|comment| is_used(ReturnedItem::of_comment(comment)));
            together.comments.extend(comments.cloned());
        }
        Self { differing, ..together }
    }
}

/// What the versions give differently, in the order of what it is about.
fn differing(partner: &str, versions: &[&Submission<'_>]) -> Vec<Differing> {
    let contents: Vec<VersionContents> = versions.iter().map(|version| version.contents()).collect();
    let stands = |given: &[ReturnedAnswer]| {
        let is_said = |version: &&&Submission<'_>| {
            version.settled_by.is_some() && given.iter().any(|one| one.sha256() == version.sha256.as_deref())
        };
        let version = versions.iter().find(is_said)?;
        Some(Settled::ByWord { sha256: version.sha256.clone()?, by: version.settled_by.clone()? })
    };
    let with_settled = |(subject, given): (ReturnedItem, Vec<ReturnedAnswer>)| {
        let settled = stands(&given);
        Differing { partner: partner.to_owned(), subject, given, settled }
    };
    given_differently(contents.iter()).into_iter().map(with_settled).collect()
}

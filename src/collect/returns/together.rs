//! Versions that came in one look. Nobody knows which of them is the later one: what they agree on, or what only one of them
//! gives, is used; what they give differently is not, until somebody says which stands.

use super::returned_figure::ReturnedFigure;
use super::subject::{Differing, Given, ReturnedItem, Settled, given_differently};
use super::submission::Submission;
use super::version::Contents;
use crate::collect::{ActionReport, Finding, RunScope, checks};
use crate::figure::FigureKey;
use std::collections::{BTreeMap, BTreeSet};

/// The versions of one partner that one look saw first.
pub(super) struct Look<'a> {
    pub versions: &'a [Submission<'a>],
    pub together: Together,
}

/// What versions of one look give together.
#[derive(Debug, Default)]
pub(super) struct Together {
    pub figures: Vec<ReturnedFigure>,
    pub reports: Vec<ActionReport>,
    pub differing: Vec<Differing>,
}

impl<'a> Look<'a> {
    pub fn of(partner: &str, versions: &'a [Submission<'a>]) -> Self {
        // What was left blank in a workbook that was read says that it was asked for.
        let read: Vec<&Submission<'_>> = versions.iter().filter(|one| one.refusal.is_none()).collect();
        Self { versions, together: Together::of(partner, &read) }
    }

    pub fn in_use(&self) -> impl Iterator<Item = &Submission<'a>> {
        self.versions.iter().filter(|one| one.is_in_use())
    }
}

/// In which look each figure and report was given last, looks being counted in their order.
pub(super) struct LastGiven {
    by_subject: BTreeMap<ReturnedItem, usize>,
    /// The last look with a version that is in use.
    in_use: Option<usize>,
}

impl LastGiven {
    pub fn by(looks: &[Look<'_>]) -> Self {
        let numbered = looks.iter().enumerate();
        let given = numbered.flat_map(|(number, look)| look.together.subjects().map(move |subject| (subject, number)));
        Self { by_subject: given.collect(), in_use: looks.iter().rposition(|look| look.in_use().next().is_some()) }
    }

    /// Something that counts came in a look after that one: whatever was asked about there being nothing to report is answered
    /// by it, or asked of it again.
    pub fn has_answered_nil(&self, look: usize) -> bool {
        self.in_use.is_some_and(|last| last > look)
    }

    /// It was given anew in a look after that one.
    fn is_later(&self, subject: &ReturnedItem, look: usize) -> bool {
        self.by_subject.get(subject).is_some_and(|last| *last > look)
    }

    /// What a look after that one gave is settled.
    pub fn settle(&self, differing: &mut [Differing], look: usize) {
        for one in differing.iter_mut().filter(|one| one.is_open() && self.is_later(&one.subject, look)) {
            one.settled = Some(Settled::ByLater);
        }
    }

    /// A figure of the length that is asked for came in a look after that one, in the place of one of another length.
    fn is_of_right_length_later(&self, key: &FigureKey, look: usize, wanted: &RunScope<'_>) -> bool {
        let is_odd = |of: &FigureKey| {
            let measure = wanted.framework.measure(&of.measure);
            measure.is_some_and(|measure| checks::odd_length(measure, of.period, wanted.period).is_some())
        };
        let is_in_its_place = |(subject, last): (&ReturnedItem, &usize)| match subject {
            ReturnedItem::Figure(later) => {
                *last > look && FigureKey { period: key.period, ..later.clone() } == *key && !is_odd(later)
            }
            ReturnedItem::Report(_) => false,
        };
        is_odd(key) && self.by_subject.iter().any(is_in_its_place)
    }

    /// A look after that one gave anew what the finding is about or, where it is about no one figure, all that its version gave.
    pub fn has_mended(&self, finding: &Finding, version: &Submission<'_>, look: usize, wanted: &RunScope<'_>) -> bool {
        match &finding.about {
            Some(key) => {
                self.is_later(&ReturnedItem::of_figure(key.clone()), look) || self.is_of_right_length_later(key, look, wanted)
            }
            None if let Some(report) = &finding.of_report => self.is_later(&ReturnedItem::Report(report.clone()), look),
            None => {
                let is_last = self.by_subject.values().all(|last| *last <= look);
                !is_last && version.subjects().all(|subject| self.is_later(&subject, look))
            }
        }
    }
}

impl Submission<'_> {
    fn subjects(&self) -> impl Iterator<Item = ReturnedItem> {
        ReturnedItem::given(&self.figures, &self.action_reports)
    }
}

impl Together {
    fn subjects(&self) -> impl Iterator<Item = ReturnedItem> {
        ReturnedItem::given(&self.figures, &self.reports)
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
        }
        Self { differing, ..together }
    }
}

/// What the versions give differently, in the order of what it is about.
fn differing(partner: &str, versions: &[&Submission<'_>]) -> Vec<Differing> {
    let contents: Vec<Contents> = versions.iter().map(|version| version.contents()).collect();
    let stands = |given: &[Given]| {
        let is_said = |version: &&&Submission<'_>| {
            version.settled_by.is_some() && given.iter().any(|one| one.sha256() == version.sha256.as_deref())
        };
        let version = versions.iter().find(is_said)?;
        Some(Settled::ByWord { sha256: version.sha256.clone()?, by: version.settled_by.clone()? })
    };
    let with_settled = |(subject, given): (ReturnedItem, Vec<Given>)| {
        let settled = stands(&given);
        Differing { partner: partner.to_owned(), subject, given, settled }
    };
    given_differently(contents.iter()).into_iter().map(with_settled).collect()
}

//! What is known of partners' returns from before a look at the folder. Whoever keeps a ledger hands it in.

use super::checks::{Expected, LastProgress, PastFigures};
use super::counted_in::{CountedIn, change};
use super::subject::{self, ReturnedItem};
use super::version::{ReturnVersion, VersionContents, VersionStanding};
use crate::collect::{Allowed, Finding, Grade, Prints};
use crate::fault::Fault;
use crate::figure::FigureKey;
use crate::framework::{Framework, MeasureId, Partner};
use crate::period::Period;
use crate::return_template::PartnerHistory;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// By default nothing.
#[derive(Debug, Clone, Default)]
pub struct PriorReturns {
    /// Every version that was seen in earlier looks, for whatever quarter, in the order in which they came.
    pub versions: Vec<ReturnVersion>,
    /// What the accepted ones among them gave that counts, by their quarter and SHA-256.
    pub contents: BTreeMap<(Period, String), VersionContents>,
    /// Of accepted ones whose record cannot be read, by the same: what they gave is lost, and no pack may be without it unnoticed.
    pub lost: BTreeSet<(Period, String)>,
    /// The first quarter for which partners were asked for returns, where that is on record.
    pub first_round: Option<Period>,
    /// By the partner's id, the last day in time for the quarter's return of those who have a later one than the others.
    pub extended: BTreeMap<String, Date>,
    /// By the partner's id, what it gave in returns of earlier quarters.
    pub figures: BTreeMap<String, PartnerHistory>,
    /// By the partner's id, how key actions and their steps stood by its last return of an earlier quarter.
    pub progress: BTreeMap<String, LastProgress>,
    /// What somebody let through although it looks like personal data.
    pub allowed: Allowed,
    /// Of files that look like personal data and so were not kept: the day on which each was first seen, by its SHA-256.
    pub not_kept: BTreeMap<String, Date>,
    /// The evaluation knows how, and comes after this stage.
    pub expected: Option<Expected>,
    /// What can be printed of partners' own words: the report knows, and comes after this stage.
    pub prints: Prints,
}

impl PriorReturns {
    /// What a version gave; none where it was not accepted, or left no record.
    pub fn contents_of(&self, version: &ReturnVersion) -> Option<&VersionContents> {
        self.contents.get(&version.key())
    }

    /// The accepted versions that `counts` lets through, in the order in which they came, each with its place among all
    /// versions and what it gave.
    pub fn accepted(
        &self,
        counts: impl Fn(&ReturnVersion) -> bool,
    ) -> impl Iterator<Item = (usize, &ReturnVersion, &VersionContents)> {
        let versions = self.versions.iter().enumerate();
        let accepted = versions.filter(move |(_, version)| version.standing == VersionStanding::Accepted && counts(version));
        accepted.filter_map(|(place, version)| Some((place, version, self.contents_of(version)?)))
    }

    /// What a partner gave in returns of earlier quarters, as it stands by all that came up to the day.
    pub(super) fn standing(&self, partner: &Partner, day: Date) -> PartnerHistory {
        let theirs = self.accepted(|version| version.partner == partner.id && version.arrived <= day);
        PastFigures::new(self.figures.get(&partner.id)).corrected_by(theirs.flat_map(|(_, _, contents)| &contents.figures))
    }

    /// Those who gave something once and are no partners of now, by their ids, in the order in which they first did.
    pub(super) fn partners_beside(&self, partners: &[Partner]) -> Vec<&str> {
        let mut others: Vec<&str> = Vec::new();
        for version in self.versions.iter().filter(|version| version.standing == VersionStanding::Accepted) {
            let id = version.partner.as_str();
            if !others.contains(&id) && partners.iter().all(|partner| partner.id != id) {
                others.push(id);
            }
        }
        others
    }

    /// The place of the version of a quarter with this content.
    pub(super) fn place_of(&self, quarter: Period, sha256: &str) -> Option<usize> {
        self.versions.iter().position(|version| version.sha256 == sha256 && version.quarter == quarter)
    }

    /// The quarter of the version with this content, where it is another than `quarter`.
    pub(super) fn elsewhere(&self, quarter: Period, sha256: &str) -> Option<Period> {
        self.versions.iter().find(|version| version.sha256 == sha256).map(|version| version.quarter).filter(|of| *of != quarter)
    }

    /// Takes out of what accepted versions gave what others that came with them gave differently and nobody has settled.
    pub fn leave_out_what_differs(&mut self) {
        let mut looks: BTreeMap<(Period, &str, &str, Date), Vec<&ReturnVersion>> = BTreeMap::new();
        for version in self.versions.iter().filter(|version| version.standing == VersionStanding::Accepted) {
            if let Some(look) = &version.look {
                looks.entry((version.quarter, &version.partner, look, version.arrived)).or_default().push(version);
            }
        }
        for versions in looks.into_values().filter(|versions| versions.len() > 1) {
            let differ = subject::differ(versions.iter().filter_map(|version| self.contents.get(&version.key())));
            for version in versions.iter().filter(|version| version.settled_by.is_none()) {
                if let Some(contents) = self.contents.get_mut(&version.key()) {
                    contents.figures.retain(|figure| !differ.contains(&ReturnedItem::of_observation(figure)));
                    contents.action_reports.retain(|report| !differ.contains(&ReturnedItem::of_report(report)));
                    contents.comments.retain(|comment| !differ.contains(&ReturnedItem::of_comment(comment)));
                }
            }
        }
    }
}

impl PriorReturns {
    /// Takes out of what accepted versions gave the figures of measures that `framework` counts otherwise, and tells so once a
    /// version and measure.
    pub fn leave_out_what_is_counted_otherwise(&mut self, framework: &Framework) -> Vec<Finding> {
        let mut findings = Vec::new();
        for version in &self.versions {
            let Some(contents) = self.contents.get_mut(&version.key()) else { continue };
            let changed: BTreeSet<MeasureId> = contents
                .counted_in
                .iter()
                .filter(|(id, then)| framework.measure(id).is_some_and(|measure| !then.is_as(&CountedIn::of(measure))))
                .map(|(id, _)| id.clone())
                .collect();
            let told = changed.iter().filter_map(|id| {
                let (then, now) = (contents.counted_in.get(id)?, framework.measure(id)?);
                let about = contents.figures.iter().rfind(|figure| figure.measure == *id).map(FigureKey::of)?;
                let problem = format!("the figures of {id} {}; they are not used", change(then, &CountedIn::of(now)));
                let remedy = "ask for them again, or define another measure for what is counted differently";
                Some(Finding { about: Some(about), ..Finding::new(Grade::Error, Fault::new(&version.file, problem, remedy)) })
            });
            findings.extend(told);
            contents.figures.retain(|figure| !changed.contains(&figure.measure));
            contents.questions.retain(|question| question.about.as_ref().is_none_or(|of| !changed.contains(&of.measure)));
        }
        findings
    }
}

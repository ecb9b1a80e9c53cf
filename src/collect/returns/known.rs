//! What is known of partners' returns from before a look at the folder. Whoever keeps a ledger hands it in.

use super::counted_in::CountedIn;
use super::together::{self, Subject};
use crate::collect::{ActionReport, Allowed, Finding, Prints, Progress};
use crate::figure::Observation;
use crate::framework::{ActionId, MeasureId, Partner};
use crate::period::Period;
use crate::return_template::Earlier;
use crate::value::Limits;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// By the action and the number of its step; none for the action as a whole.
pub type LastProgress = BTreeMap<(ActionId, Option<usize>), Progress>;

/// By default nothing.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Every version that was seen in earlier looks, for whatever quarter, in the order in which they came.
    pub versions: Vec<ReturnVersion>,
    /// What the accepted ones among them gave that counts, by their quarter and SHA-256.
    pub contents: BTreeMap<(Period, String), Contents>,
    /// Of accepted ones whose record cannot be read, by the same: what they gave is lost, and no pack may be without it unnoticed.
    pub lost: BTreeSet<(Period, String)>,
    /// The first quarter for which partners were asked for returns, where that is on record.
    pub first_round: Option<Period>,
    /// By the partner's id, the last day in time for the quarter's return of those who have a later one than the others.
    pub extended: BTreeMap<String, Date>,
    /// By the partner's id, what it gave in returns of earlier quarters.
    pub figures: BTreeMap<String, Earlier>,
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

/// Limits within which the values before, in time order, leave the next one by chance; none where they are too few.
pub type Expected = fn(&[f64]) -> Option<Limits>;

/// One version of a partner's workbook for a quarter, by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnVersion {
    /// The partner's id; the file's name where it could be laid to none.
    pub partner: String,
    /// File name without its folder.
    pub file: String,
    /// SHA-256 of the file, in hexadecimal: the archive has it by this.
    pub sha256: String,
    /// The quarter of the return.
    pub quarter: Period,
    /// The day of the look that saw it first.
    pub arrived: Date,
    pub standing: Standing,
    /// Who filled it in, as it says or as its folder does; empty where nothing says so.
    #[serde(default)]
    pub by: String,
    /// Names the look that recorded it: versions of one look that came on one day came together, and none of them is the later
    /// one. What waited for its quarter was seen before that look, each on a day of its own. None for what is new in this look.
    #[serde(default)]
    pub look: Option<String>,
    /// By whom it was said that its figures stand where another version of the same look gives them otherwise.
    #[serde(default)]
    pub settled_by: Option<String>,
    /// It was refused when it was first seen, and could be used later.
    #[serde(default)]
    pub refused_first: bool,
}

impl ReturnVersion {
    /// One that is accepted and came on the last day there is, with nothing else said of it.
    pub fn new(partner: &str, file: &str, sha256: &str, quarter: Period) -> Self {
        Self {
            partner: partner.to_owned(),
            file: file.to_owned(),
            sha256: sha256.to_owned(),
            quarter,
            arrived: Date::MAX,
            standing: Standing::Accepted,
            by: String::new(),
            look: None,
            settled_by: None,
            refused_first: false,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// Its figures are used, but for those that a later version gives otherwise.
    Accepted,
    /// Nothing was filled in.
    Blank,
    Refused,
    /// Somebody took it out of use; a file with its content is not read again.
    Withdrawn {
        reason: String,
    },
}

/// What a version gave when it was accepted: later looks, and those of other quarters, go by this and not by the workbook, so
/// that a framework that has changed since does not change it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Contents {
    /// Without rows that were left blank.
    pub figures: Vec<Observation>,
    pub action_reports: Vec<ActionReport>,
    /// What was asked about figures that are used, each with its figure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Finding>,
    /// Why there is nothing to report, of a return that says so; empty where it does not say why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nil: Option<String>,
    /// What each measure that it gives was counted in; none in records of versions of boardpack that did not keep it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counted_in: BTreeMap<MeasureId, CountedIn>,
}

impl ReturnVersion {
    /// By what the contents of versions are found.
    pub fn key(&self) -> (Period, String) {
        (self.quarter, self.sha256.clone())
    }
}

impl Known {
    /// What a version gave; none where it was not accepted, or left no record.
    pub fn contents_of(&self, version: &ReturnVersion) -> Option<&Contents> {
        self.contents.get(&version.key())
    }

    /// The accepted versions that `counts` lets through, in the order in which they came, each with its place among all
    /// versions and what it gave.
    pub fn accepted(&self, counts: impl Fn(&ReturnVersion) -> bool) -> impl Iterator<Item = (usize, &ReturnVersion, &Contents)> {
        let versions = self.versions.iter().enumerate();
        let accepted = versions.filter(move |(_, version)| version.standing == Standing::Accepted && counts(version));
        accepted.filter_map(|(place, version)| Some((place, version, self.contents_of(version)?)))
    }

    /// Those who gave something once and are no partners of now, by their ids, in the order in which they first did.
    pub(super) fn partners_beside(&self, partners: &[Partner]) -> Vec<&str> {
        let mut others: Vec<&str> = Vec::new();
        for version in self.versions.iter().filter(|version| version.standing == Standing::Accepted) {
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
        for version in self.versions.iter().filter(|version| version.standing == Standing::Accepted) {
            if let Some(look) = &version.look {
                looks.entry((version.quarter, &version.partner, look, version.arrived)).or_default().push(version);
            }
        }
        for versions in looks.into_values().filter(|versions| versions.len() > 1) {
            let differ = together::differ(versions.iter().filter_map(|version| self.contents.get(&version.key())));
            for version in versions.iter().filter(|version| version.settled_by.is_none()) {
                if let Some(contents) = self.contents.get_mut(&version.key()) {
                    contents.figures.retain(|figure| !differ.contains(&Subject::of_observation(figure)));
                    contents.action_reports.retain(|report| !differ.contains(&Subject::of_report(report)));
                }
            }
        }
    }
}

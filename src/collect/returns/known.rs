//! What is known of partners' returns from before a look at the folder. Whoever keeps a ledger hands it in.

use crate::ask::Earlier;
use crate::collect::{ActionReport, Allowed, Finding, Observation, Prints, Progress};
use crate::framework::{ActionId, Partner};
use crate::period::Period;
use crate::value::Limits;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By default nothing.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Every version that was seen in earlier looks, for whatever quarter, in the order in which they came.
    pub versions: Vec<ReturnVersion>,
    /// What the accepted ones among them gave, by their quarter and SHA-256.
    pub contents: BTreeMap<(Period, String), Contents>,
    /// By the partner's id, what it gave in returns of earlier quarters.
    pub figures: BTreeMap<String, Earlier>,
    /// How key actions stood by the last return of an earlier quarter.
    pub progress: BTreeMap<(ActionId, Option<usize>), Progress>,
    /// What somebody let through although it looks like personal data.
    pub allowed: Allowed,
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
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// Its figures are used, but for those that a later version gives otherwise.
    Accepted,
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
}

impl Known {
    /// The accepted versions of a partner that came by `day`, each with its place among the versions and what it gave.
    pub(super) fn accepted_of<'k>(
        &'k self,
        partner: &'k str,
        day: Date,
    ) -> impl Iterator<Item = (usize, &'k ReturnVersion, &'k Contents)> {
        let theirs = self.versions.iter().enumerate().filter(move |(_, version)| {
            version.partner == partner && version.standing == Standing::Accepted && version.arrived <= day
        });
        theirs
            .filter_map(|(place, version)| Some((place, version, self.contents.get(&(version.quarter, version.sha256.clone()))?)))
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
}

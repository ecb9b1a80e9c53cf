//! A version of a partner's workbook, and what it gave.

use super::counted_in::CountedIn;
use crate::collect::{ActionReport, AmbitionComment, Finding};
use crate::figure::Observation;
use crate::framework::{Framework, MeasureId};
use crate::period::Period;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    pub standing: VersionStanding,
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
            standing: VersionStanding::Accepted,
            by: String::new(),
            look: None,
            settled_by: None,
            refused_first: false,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum VersionStanding {
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
pub struct VersionContents {
    /// Without rows that were left blank.
    pub figures: Vec<Observation>,
    pub action_reports: Vec<ActionReport>,
    /// None in records of versions of boardpack that did not read them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<AmbitionComment>,
    /// What was asked about figures that are used, each with its figure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Finding>,
    /// Why there is nothing to report, of a return that says so; empty where it does not say why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nil: Option<String>,
    /// It says so and holds something that could not be used, so that nobody knows which is meant.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nil_is_doubted: bool,
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

impl VersionContents {
    /// The same with what its measures are counted in now.
    pub(super) fn counted_by(mut self, framework: &Framework) -> Self {
        let measures = self.figures.iter().filter_map(|figure| framework.measure(&figure.measure));
        self.counted_in = measures.map(|measure| (measure.id.clone(), CountedIn::of(measure))).collect();
        self
    }
}

//! What is aimed for: ambitions, each with the measures that it is judged by and their targets.

use super::{MeasureId, Target, TextPlace};
use crate::area::AreaCode;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A bullet of the strategy: what the board counts. A part of a bullet with a number of its own stays inside it, as a
/// measure of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ambition {
    /// Lower-case letters, digits and hyphens; the same in every edition.
    pub id: String,
    /// The id of its priority; none for an overarching ambition.
    pub priority: Option<String>,
    /// What should get better and by how much, in a sentence of your own.
    pub statement: String,
    /// Where in the strategy's text it stands.
    #[serde(default)]
    pub text: TextPlace,
    /// How its leads make one status.
    #[serde(default)]
    pub combine: Combine,
    /// What it is judged by, one or more.
    #[serde(rename = "measure")]
    pub measures: Vec<Aspiration>,
    /// An ambiguity of the text, and the reading chosen.
    #[serde(default)]
    pub notes: String,
}

/// How the deciding measures of an ambition make one status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// The worst status decides.
    #[default]
    Worst,
    /// By how many are met, for a list of equals.
    Tally,
}

/// The part that a measure has in its ambition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Decides the ambition's status.
    #[default]
    Lead,
    /// Decides only while no lead is judged.
    StandIn,
    /// Shown, and never decides.
    Supporting,
}

impl Role {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Role::Lead => "lead",
            Role::StandIn => "stand-in",
            Role::Supporting => "supporting",
        }
    }
}

/// A measure with the target that this edition sets it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Aspiration {
    /// The measure, by its id.
    pub id: MeasureId,
    /// Its part in the ambition.
    #[serde(default)]
    pub role: Role,
    /// The lead that a stand-in replaces while that one is not judged; none where it stands in for all leads.
    #[serde(default)]
    pub stands_in_for: Option<MeasureId>,
    /// What it is judged against.
    pub target: Target,
    /// The document that set the target, where it is not the strategy itself.
    #[serde(default)]
    pub document: String,
    /// Targets that held before this one, the oldest first.
    #[serde(default)]
    pub earlier: Vec<EarlierTarget>,
    /// Values to be reached on the way to a `level`, in the order of their dates.
    #[serde(default)]
    pub interim: Vec<InterimTarget>,
    /// Targets of single areas, which hold there instead of the system's.
    #[serde(default, rename = "area_target")]
    pub area_targets: Vec<AreaTarget>,
    /// Who answers for the measure: an office or a person, as it is printed.
    #[serde(default)]
    pub owner: String,
    /// An ambiguity of the text, and the reading chosen.
    #[serde(default)]
    pub notes: String,
}

/// A target that has ended: replaced or withdrawn by its document, never edited away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EarlierTarget {
    /// What it was judged against.
    pub target: Target,
    /// The last day on which it held.
    pub until: Date,
    /// The document that set it.
    pub document: String,
    /// What ended it.
    pub ended_by: String,
}

/// A value on the way to the target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterimTarget {
    /// In the measure's unit.
    pub value: f64,
    /// The last day to reach it.
    pub due: Date,
}

/// What one area aims at, where that is not what the system does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaTarget {
    /// The area.
    pub area: AreaCode,
    /// What it aims at.
    pub target: Target,
    /// The document that set it, where it is not the strategy itself.
    #[serde(default)]
    pub document: String,
    /// Targets of the area that held before this one, the oldest first.
    #[serde(default)]
    pub earlier: Vec<EarlierTarget>,
}

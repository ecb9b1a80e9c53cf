//! What those who answer for an ambition say of it each quarter.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A comment on an ambition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comment {
    /// The quarter, such as `2026-27-Q2`.
    pub quarter: String,
    /// The id of the ambition.
    pub ambition: String,
    /// Why it stands as it does, what is being done and when it should recover, in a sentence or two. Whoever reads the pack reads
    /// it: write no figure that the pack does not show.
    pub words: String,
    /// Who says so, by role or name: `Director of Public Health`.
    pub by: String,
    /// The day on which it was said.
    pub on: Date,
    /// True for one that was made up to show how the pack works; it is marked so.
    #[serde(default)]
    pub illustrative: bool,
}

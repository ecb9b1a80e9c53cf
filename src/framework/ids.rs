//! Ids that are the same in every edition, and what every id and name must be.

use crate::fault::Faults;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The id of one measure, the same in every edition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct MeasureId(pub String);

impl fmt::Display for MeasureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of one key action, the same in every edition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ActionId(pub String);

impl fmt::Display for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Tells an id of the entry at `place` that is none: files and commands are called by it.
pub(super) fn check_id(id: &str, place: &str, remedy: &str, faults: &mut Faults) {
    if id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        let problem = format!("{id:?} is not an id: lower-case letters, digits and hyphens were expected");
        faults.push(format!("{place}, id"), problem, remedy);
    }
}

/// Tells the texts of the entry at `place` that are printed and say nothing.
pub(super) fn check_words(place: &str, texts: &[(&str, &str)], faults: &mut Faults) {
    for (key, _) in texts.iter().filter(|(_, text)| text.trim().is_empty()) {
        faults.push(format!("{place}, {key}"), "is empty", "write what is to be printed");
    }
}

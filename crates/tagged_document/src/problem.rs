//! What is wrong in a document, said to whoever can correct it.

use serde::{Deserialize, Serialize};

/// One problem: where it is, what it is, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, thiserror::Error)]
#[error("{place}: {problem} ({remedy})")]
pub struct Problem {
    /// The section's `place`, or a file.
    pub place: String,
    pub problem: String,
    pub remedy: String,
}

impl Problem {
    pub fn new(place: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: place.into(), problem: problem.into(), remedy: remedy.into() }
    }
}

//! What is wrong in something we were given, said to the person who can mend it.

use crate::visible::in_one_line;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// One fault: where it is, what is wrong there, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fault {
    /// File and key, sheet and cell, variable, or URL.
    pub place: String,
    /// What was found, and what was expected.
    pub problem: String,
    /// What to do; may be empty where the problem says it all.
    pub remedy: String,
}

impl Fault {
    /// Characters of a text that are not seen are written out, for it may name or quote what others sent.
    pub fn new(place: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        let [place, problem, remedy] = [place.into(), problem.into(), remedy.into()].map(|text| in_one_line(&text).into_owned());
        Self { place, problem, remedy }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)?;
        if !self.remedy.is_empty() {
            write!(f, " ({})", self.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

/// Every fault found, in the order found; never empty when returned as an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    pub fn push(&mut self, place: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Fault::new(place, problem, remedy));
    }

    /// A value, or none where something is wrong with it, which is added to what was found.
    pub fn value_of<T>(&mut self, result: Result<T, Faults>) -> Option<T> {
        result.map_err(|found| self.0.extend(found.0)).ok()
    }

    /// Each once, in the order in which they were found first.
    pub fn distinct(self) -> Self {
        let mut seen = BTreeSet::new();
        Self(self.0.into_iter().filter(|fault| seen.insert(fault.clone())).collect())
    }

    /// `Ok` where nothing was found wrong.
    pub fn into_result(self) -> Result<(), Faults> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Faults(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

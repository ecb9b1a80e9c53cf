//! What partners say of ambitions.

use crate::figure::Provenance;
use crate::period::Period;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a partner says of an ambition in its return of a quarter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AmbitionComment {
    /// The ambition's id.
    pub ambition: String,
    /// The partner's id.
    pub partner: String,
    /// The quarter of the return: how an ambition stands is said anew in each.
    pub quarter: Period,
    pub words: String,
    /// Who says so, by role or name; empty where the workbook does not say.
    pub by: String,
    /// The day on which it was said or, where that is not given, on which the workbook came.
    pub on: Date,
    pub illustrative: bool,
    pub provenance: Provenance,
}

/// What is wrong with a text of a comment that is longer than its place on a page; none where it fits.
pub(crate) fn too_long(text: &str, most: u32) -> Option<String> {
    let length = text.chars().count();
    (length > most as usize).then(|| format!("has {length} characters, and {most} is the most"))
}

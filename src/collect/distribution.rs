//! The figures of every area of a kind for one period: what says in which quarter of them an area stands.

use crate::area::AreaCode;
use crate::figure::Provenance;
use crate::framework::MeasureId;
use crate::period::Period;
use crate::value::Sex;
use serde::{Deserialize, Serialize};

/// A measure's figures for all areas of the kind that its parts are, the parts among them, as one answer of a public
/// source gives them for its latest period. Of the areas that are not the framework's, nothing else is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    pub measure: MeasureId,
    pub period: Period,
    pub sex: Sex,
    /// The source's own age label; empty where it gives none.
    pub age: String,
    /// What the source calls the areas, in the order of the alphabet: `District`, `UA`.
    pub area_types: Vec<String>,
    /// In the measure's unit, in the order of the codes, each once.
    pub values: Vec<(AreaCode, f64)>,
    /// How many areas the answer names without a figure that can be used.
    pub without_figure: usize,
    /// Of the first of the figures.
    pub provenance: Provenance,
}

impl Distribution {
    /// The figure of an area, where it is among them.
    pub fn value(&self, area: &AreaCode) -> Option<f64> {
        let at = self.values.binary_search_by(|(code, _)| code.cmp(area)).ok()?;
        self.values.get(at).map(|(_, value)| *value)
    }
}

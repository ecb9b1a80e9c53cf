//! A figure of a return as it was understood, in words.

use super::amounts_in_words::{plain, value_in_words};
use crate::area::Areas;
use crate::figure::{Observation, Provenance};
use crate::framework::Measure;
use crate::value::Limits;
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureLine {
    pub id: String,
    /// The measure's title.
    pub measure: String,
    /// `2026/27 Q2`.
    pub period: String,
    /// The area's name.
    pub area: String,
    /// `Deprivation quintiles: 1 - most deprived`; empty for the figure of all.
    pub group: String,
    /// With its unit: `75.0%`; or `suppressed`, `missing`, `not applicable`.
    pub value: String,
    /// `45 of 60`; empty where the counts were not given.
    pub counts: String,
    /// `40.1 to 49.8`; empty where they were not given.
    pub limits: String,
    pub note: String,
    /// `Figures F4`.
    pub cell: String,
    /// There is a question to it.
    pub questioned: bool,
}

impl FigureLine {
    pub(super) fn of(of: &Observation, measure: &Measure, areas: &Areas, questioned: bool) -> Self {
        let counts = match (of.numerator, of.denominator) {
            (Some(numerator), Some(denominator)) => format!("{} of {}", plain(numerator), plain(denominator)),
            _ => String::new(),
        };
        let cell = match &of.provenance {
            Provenance::Cell { sheet, cell, .. } => format!("{sheet} {cell}"),
            Provenance::Answer { .. } => String::new(),
        };
        Self {
            id: measure.id.0.clone(),
            measure: measure.title.trim().to_owned(),
            period: of.period.to_string(),
            area: measure.name_of(&of.area, areas).to_owned(),
            group: of.category.as_ref().map_or(String::new(), |category| format!("{}: {}", category.scheme, category.group)),
            value: value_in_words(measure, of.value),
            counts,
            limits: of.limits.map_or(String::new(), |Limits { lower, upper }| format!("{} to {}", plain(lower), plain(upper))),
            note: of.note.clone(),
            cell,
            questioned,
        }
    }
}

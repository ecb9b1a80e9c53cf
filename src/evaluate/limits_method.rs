//! By which method 95% limits were had.

use crate::framework::MadeFrom;
use serde::Serialize;

/// Counts below this have exact limits, others Byar's.
pub(super) const EXACT_BELOW: f64 = 10.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitsMethod {
    Published,
    Wilson,
    /// Of 10 or more events.
    Byar,
    /// Of fewer than 10 events, by the χ² distribution.
    Exact,
    /// Of a directly standardised rate.
    Dobson,
    /// Of a life expectancy.
    Silcocks,
    /// Of a slope index: from the limits of its groups.
    SlopeIndex,
    /// Of a mean: by its standard deviation.
    StudentT,
    None,
}

impl LimitsMethod {
    /// Of an indirectly standardised ratio those of its events: Byar's, or exact ones.
    pub(super) fn of_made(made_from: &MadeFrom, events: Option<f64>) -> Self {
        match made_from {
            MadeFrom::DirectlyStandardisedRate { .. } => LimitsMethod::Dobson,
            MadeFrom::IndirectlyStandardisedRatio { .. } if events.is_some_and(|events| events < EXACT_BELOW) => {
                LimitsMethod::Exact
            }
            MadeFrom::IndirectlyStandardisedRatio { .. } => LimitsMethod::Byar,
            MadeFrom::LifeExpectancy { .. } => LimitsMethod::Silcocks,
            MadeFrom::SlopeIndex { .. } => LimitsMethod::SlopeIndex,
            MadeFrom::Mean => LimitsMethod::StudentT,
        }
    }
}

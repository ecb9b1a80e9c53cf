//! The change of an index between two years.

use super::basket::{Domain, Index, Indicator, index};
use crate::{Confidence, Limits, Withheld};
use serde::{Deserialize, Serialize};

/// The change from an earlier index to a later one, by the same indicators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexChange {
    /// By the indicators that both years have, so not always the index of that year as it is published.
    pub earlier: Index,
    pub later: Index,
    /// Later less earlier, in points.
    pub difference: f64,
    /// None where no indicator has limits.
    pub limits: Option<Limits>,
    /// Whether the limits exclude no change.
    pub significant: bool,
    /// What each indicator adds to the difference, by domain: together the difference. None where it is in one of the years only.
    pub contributions: Vec<Vec<Option<f64>>>,
}

/// I₂ − I₁ over the indicators that have a score on both sides, with the error √(Σ w²(SE₁² + SE₂²)): the years are taken as
/// independent, so a caller leaves out what both rest on. Contribution of an indicator: w(s₂ − s₁).
///
/// # Errors
/// Sides that are not the same basket, or too few domains with scores on both sides.
pub fn change(earlier: &[Domain], later: &[Domain], confidence: Confidence) -> Result<IndexChange, Withheld> {
    let is_same = earlier.len() == later.len() && earlier.iter().zip(later).all(|(a, b)| has_same_weights(a, b));
    if !is_same {
        return Err(Withheld::NotOneBasket);
    }
    let (earlier, later) = (where_both(earlier, later), where_both(later, earlier));
    let (before, after) = (index(&earlier)?, index(&later)?);
    let pairs = earlier.iter().zip(&later).zip(&after.weights);
    let contributions: Vec<Vec<Option<f64>>> = pairs
        .map(|((a, b), weights)| {
            let indicators = a.indicators.iter().zip(&b.indicators).zip(weights);
            let part = |((a, b), weight): ((&Indicator, &Indicator), &f64)| Some(weight * (b.score?.points - a.score?.points));
            indicators.map(|of| part(of).filter(|_| *of.1 > 0.0)).collect()
        })
        .collect();
    let difference: f64 = contributions.iter().flatten().flatten().sum();
    // What has limits on one side only adds what is known of it.
    let error = match (before.score.error, after.score.error) {
        (None, None) => None,
        (a, b) => Some(a.unwrap_or(0.0).hypot(b.unwrap_or(0.0))),
    };
    let limits = error.map(|error| confidence.z() * error);
    let limits = limits.map(|reach| Limits { lower: difference - reach, upper: difference + reach });
    let significant = limits.is_some_and(|limits| !limits.contains(0.0));
    Ok(IndexChange { earlier: before, later: after, difference, limits, significant, contributions })
}

fn has_same_weights(a: &Domain, b: &Domain) -> bool {
    let weights = |domain: &Domain| domain.indicators.iter().map(|indicator| indicator.weight).collect::<Vec<f64>>();
    a.weight == b.weight && weights(a) == weights(b)
}

/// `of` without the scores that `other` lacks.
fn where_both(of: &[Domain], other: &[Domain]) -> Vec<Domain> {
    let kept = |a: &Indicator, b: &Indicator| Indicator { score: a.score.filter(|_| b.score.is_some()), ..*a };
    let domain = |(a, b): (&Domain, &Domain)| Domain {
        weight: a.weight,
        indicators: a.indicators.iter().zip(&b.indicators).map(|(a, b)| kept(a, b)).collect(),
    };
    of.iter().zip(other).map(domain).collect()
}

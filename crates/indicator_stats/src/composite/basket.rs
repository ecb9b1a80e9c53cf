//! An index from the scores of its indicators.

use super::standard::Score;
use crate::Withheld;
use serde::{Deserialize, Serialize};

/// How far the shares of a whole may add up to more or less than 1.
const ROUNDING: f64 = 0.005;

/// The part of a domain's weight that has to have a score.
pub const DOMAIN_NEEDS: f64 = 2.0 / 3.0;

/// A part of an index.
#[derive(Debug, Clone, PartialEq)]
pub struct Domain {
    /// Its share of the index.
    pub weight: f64,
    pub indicators: Vec<Indicator>,
}

/// One indicator of a domain in one area and year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Indicator {
    /// Its share of the domain.
    pub weight: f64,
    /// None where the figure is missing or suppressed, which are the same here: never zero.
    pub score: Option<Score>,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Index {
    pub score: Score,
    /// In the order of the domains; none of one with too few scores.
    pub domains: Vec<Option<Score>>,
    /// What each indicator weighs in the index, by domain: together 1; nothing where it has no score, or its domain too few.
    pub weights: Vec<Vec<f64>>,
}

/// Weights as shares of 1: equal where none is given, otherwise scaled to add up to it.
///
/// # Errors
/// Weights for some only, one that is not above zero, or a sum further than 0.005 from 1.
pub fn shares(given: &[Option<f64>]) -> Result<Vec<f64>, Withheld> {
    if given.iter().all(Option::is_none) {
        return Ok(vec![1.0 / given.len() as f64; given.len()]);
    }
    let weights: Vec<f64> = given.iter().copied().collect::<Option<_>>().ok_or(Withheld::NoWeight)?;
    if !weights.iter().all(|weight| *weight > 0.0) {
        return Err(Withheld::NoWeight);
    }
    let sum: f64 = weights.iter().sum();
    // What is written as 0.005 off is not meant to be refused for the last bit of a float.
    if (sum - 1.0).abs() > ROUNDING + 1e-9 { Err(Withheld::NotShares) } else { Ok(weights.iter().map(|w| w / sum).collect()) }
}

/// The weighted mean of the domains, each that of its indicators. A domain needs scores for two thirds of its weight, the index
/// all of its domains but one; the weight of what is missing goes to the others.
///
/// # Errors
/// Too few domains, or none.
pub fn index(domains: &[Domain]) -> Result<Index, Withheld> {
    let scores: Vec<Option<Score>> = domains.iter().map(Domain::score).collect();
    let given = scores.iter().flatten().count();
    if given == 0 || given + 1 < domains.len() {
        return Err(Withheld::TooFewDomains);
    }
    let counted = || domains.iter().zip(&scores).filter_map(|(domain, score)| Some((domain.weight, (*score)?)));
    let total: f64 = counted().map(|(weight, _)| weight).sum();
    let score = Score::weighted(counted().map(|(weight, score)| (weight / total, score)));
    crate::finite([score.points])?;
    let weights = domains.iter().zip(&scores).map(|(domain, score)| {
        let of_domain = score.map_or(0.0, |_| domain.weight / total / domain.given());
        domain.indicators.iter().map(|i| if i.score.is_some() { i.weight * of_domain } else { 0.0 }).collect()
    });
    Ok(Index { score, weights: weights.collect(), domains: scores })
}

impl Domain {
    /// The part of its weight that has a score.
    fn given(&self) -> f64 {
        self.indicators.iter().filter(|indicator| indicator.score.is_some()).map(|indicator| indicator.weight).sum()
    }

    /// The mean of its indicators; none where too few have a score.
    fn score(&self) -> Option<Score> {
        let (given, all) = (self.given(), self.indicators.iter().map(|indicator| indicator.weight).sum::<f64>());
        let is_enough = given > 0.0 && given >= DOMAIN_NEEDS * all - 1e-9;
        let scored = self.indicators.iter().filter_map(|indicator| Some((indicator.weight / given, indicator.score?)));
        is_enough.then(|| Score::weighted(scored))
    }
}

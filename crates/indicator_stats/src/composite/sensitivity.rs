//! How far an index hangs on choices that could have been others.

use super::basket::{Domain, Index};
use serde::{Deserialize, Serialize};

/// The index as it would have been, in points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sensitivity {
    /// With each domain left out, in their order; none for one that is not in the index, or alone in it.
    pub without: Vec<Option<f64>>,
    /// With the geometric in place of the arithmetic mean of the domains, so that a good domain makes up less for a bad one; none
    /// where a domain is not above zero.
    pub geometric: Option<f64>,
}

impl Sensitivity {
    /// The lowest and the highest of all.
    pub fn range(&self) -> Option<(f64, f64)> {
        let all = || self.without.iter().chain(std::iter::once(&self.geometric)).flatten().copied();
        all().reduce(f64::min).zip(all().reduce(f64::max))
    }
}

/// Of an index that was made of these domains.
pub fn sensitivity(domains: &[Domain], of: &Index) -> Sensitivity {
    let given: Vec<(usize, f64, f64)> = domains
        .iter()
        .zip(&of.domains)
        .enumerate()
        .filter_map(|(at, (domain, score))| Some((at, domain.weight, (*score)?.points)))
        .collect();
    let without = |left_out: usize| {
        let others = || given.iter().filter(|(at, ..)| *at != left_out);
        let total: f64 = others().map(|(_, weight, _)| weight).sum();
        let is_in = given.iter().any(|(at, ..)| *at == left_out);
        (is_in && total > 0.0).then(|| others().map(|(_, weight, points)| weight * points).sum::<f64>() / total)
    };
    let total: f64 = given.iter().map(|(_, weight, _)| weight).sum();
    let logarithm = given.iter().map(|(_, weight, points)| weight * points.ln()).sum::<f64>() / total;
    let is_positive = given.iter().all(|(.., points)| *points > 0.0);
    Sensitivity {
        without: (0..domains.len()).map(without).collect(),
        geometric: is_positive.then(|| logarithm.exp()).filter(|points| points.is_finite()),
    }
}

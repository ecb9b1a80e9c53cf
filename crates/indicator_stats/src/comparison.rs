//! A figure beside a comparator, a goal, or other areas.

use crate::{Limits, Polarity, tolerance};
use serde::{Deserialize, Serialize};

/// How a figure stands beside the comparator's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    Better,
    Similar,
    Worse,
    Higher,
    Lower,
    NotCompared,
}

/// Beside a comparator at two levels of confidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TwoLevelComparison {
    /// Better beyond the 99.8% limits.
    Best,
    /// Better between the 95% and the 99.8% limits.
    Better,
    Similar,
    Worse,
    Worst,
    /// No direction is good: above, beyond the 99.8% limits.
    Highest,
    Higher,
    Lower,
    Lowest,
    NotCompared,
}

/// Beside a goal, or a range that is neither good nor bad.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// One value that has to be reached.
    Single(f64),
    /// Good from one end on, bad beyond the other.
    Range { lower: f64, upper: f64 },
}

/// The comparator, taken as without error, inside the 95% limits (ends included) is similar; otherwise better or
/// worse by polarity, higher or lower where no direction is good. OHID technical guidance, "single overlapping".
pub fn single(value: Option<f64>, limits: Option<Limits>, comparator: Option<f64>, polarity: Polarity) -> Comparison {
    let (Some(value), Some(limits), Some(comparator)) = (value, ordered(limits), comparator) else {
        return Comparison::NotCompared;
    };
    if !value.is_finite() || !comparator.is_finite() {
        return Comparison::NotCompared;
    }
    if limits.contains(comparator) {
        return Comparison::Similar;
    }
    directed(comparator < limits.lower, polarity)
}

/// As [`single`], with best and worst where the comparator is outside the 99.8% limits too.
pub fn single_two_levels(
    value: Option<f64>,
    limits: Option<Limits>,
    limits_998: Option<Limits>,
    comparator: Option<f64>,
    polarity: Polarity,
) -> TwoLevelComparison {
    let (Some(wide), Some(e)) = (ordered(limits_998), comparator) else {
        return TwoLevelComparison::NotCompared;
    };
    let beyond = !wide.contains(e);
    match (single(value, limits, comparator, polarity), beyond) {
        (Comparison::NotCompared, _) => TwoLevelComparison::NotCompared,
        (Comparison::Similar, _) => TwoLevelComparison::Similar,
        (Comparison::Better, true) => TwoLevelComparison::Best,
        (Comparison::Better, false) => TwoLevelComparison::Better,
        (Comparison::Worse, true) => TwoLevelComparison::Worst,
        (Comparison::Worse, false) => TwoLevelComparison::Worse,
        (Comparison::Higher, true) => TwoLevelComparison::Highest,
        (Comparison::Higher, false) => TwoLevelComparison::Higher,
        (Comparison::Lower, true) => TwoLevelComparison::Lowest,
        (Comparison::Lower, false) => TwoLevelComparison::Lower,
    }
}

/// Two estimates that both have error: similar where the intervals overlap or touch. A stricter test than
/// [`single`]; used between two periods of one area. OHID technical guidance, "double overlapping".
pub fn double(value: f64, limits: Option<Limits>, other: f64, other_limits: Option<Limits>, polarity: Polarity) -> Comparison {
    let (Some(limits), Some(other_limits)) = (ordered(limits), ordered(other_limits)) else {
        return Comparison::NotCompared;
    };
    if !value.is_finite() || !other.is_finite() {
        return Comparison::NotCompared;
    }
    let overlap = if value < other { other_limits.lower <= limits.upper } else { limits.lower <= other_limits.upper };
    if overlap { Comparison::Similar } else { directed(value > other, polarity) }
}

/// Beside a goal, by the value or, where `limits` are given, by whether the goal lies within them.
///
/// A single goal that is reached exactly is met. In a range, the good end is reached at the upper value itself
/// where high is good and strictly below the lower one where low is good; between the ends is similar.
pub fn goal(value: f64, limits: Option<Limits>, goal: Goal, polarity: Polarity) -> Comparison {
    let Some(sign) = polarity.sign().filter(|_| value.is_finite()) else {
        return Comparison::NotCompared;
    };
    match goal {
        Goal::Single(target) => match limits {
            Some(limits) if limits.contains(target) => Comparison::Similar,
            _ if tolerance::at_least(sign * value, sign * target) => Comparison::Better,
            _ => Comparison::Worse,
        },
        Goal::Range { lower, upper } => match (value < lower, value >= upper) {
            (true, _) => directed(false, polarity),
            (_, true) => directed(true, polarity),
            _ => Comparison::Similar,
        },
    }
}

fn directed(higher: bool, polarity: Polarity) -> Comparison {
    match (polarity, higher) {
        (Polarity::High, true) | (Polarity::Low, false) => Comparison::Better,
        (Polarity::High, false) | (Polarity::Low, true) => Comparison::Worse,
        (Polarity::None, true) => Comparison::Higher,
        (Polarity::None, false) => Comparison::Lower,
    }
}

fn ordered(limits: Option<Limits>) -> Option<Limits> {
    limits.filter(|l| l.lower.is_finite() && l.upper.is_finite() && l.lower <= l.upper)
}

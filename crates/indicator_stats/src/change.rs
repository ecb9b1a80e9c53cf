//! Tests of the change between two figures of one series that share no day.
//!
//! A change is significant where its interval excludes no change. Overlapping intervals are no such test.

use crate::{Confidence, Limits, Withheld, distributions, finite, tolerance};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Where either count is below this the interval of a ratio is exact.
const EXACT_BELOW: f64 = 10.0;

/// The width of 95% limits in standard errors, as publishers make them.
const WIDTH: f64 = 3.92;

/// The change from an earlier figure to a later one, by the kind of figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    Proportions(ProportionChange),
    Rates(RateChange),
    Estimates(EstimateChange),
}

/// The difference of two proportions, later less earlier, between −1 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ProportionChange {
    pub difference: f64,
    pub limits: Limits,
    pub significant: bool,
}

/// How the interval of a ratio was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatioMethod {
    /// On the logarithmic scale.
    Log,
    /// The exact conditional interval.
    Exact,
    /// No event in either period: nothing is tested, and there is no significant change.
    NotTested,
}

/// The ratio of two rates or counts, later over earlier.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RateChange {
    pub method: RatioMethod,
    /// None where the earlier figure has no event.
    pub ratio: Option<f64>,
    /// None where nothing is tested.
    pub lower: Option<f64>,
    /// None where the earlier figure has no event, or so few that the limit is beyond all numbers.
    pub upper: Option<f64>,
    pub significant: bool,
}

/// The difference of two published estimates, later less earlier, in their own unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EstimateChange {
    pub difference: f64,
    pub limits: Limits,
    /// The difference in standard errors.
    pub z: f64,
    pub significant: bool,
}

impl Change {
    /// True where the interval excludes no change.
    pub fn significant(&self) -> bool {
        match self {
            Change::Proportions(change) => change.significant,
            Change::Rates(change) => change.significant,
            Change::Estimates(change) => change.significant,
        }
    }

    /// How the later figure stands to the earlier one, significantly or not.
    pub fn direction(&self) -> Ordering {
        let compared = match self {
            Change::Proportions(change) => change.difference.partial_cmp(&0.0),
            Change::Estimates(change) => change.difference.partial_cmp(&0.0),
            Change::Rates(RateChange { method: RatioMethod::NotTested, .. }) => Some(Ordering::Equal),
            Change::Rates(change) => change.ratio.map_or(Some(Ordering::Greater), |ratio| tolerance::compare(ratio, 1.0)),
        };
        // No number in a change is NaN.
        compared.unwrap_or(Ordering::Equal)
    }
}

/// O₂/n₂ − O₁/n₁ with the hybrid score interval: d − √((p₂ − l₂)² + (u₁ − p₁)²) to d + √((u₂ − p₂)² + (p₁ − l₁)²), l and u
/// being Wilson's limits. Newcombe 1998, method 10.
///
/// # Errors
/// Counts that are not those of proportions.
pub fn proportions(o1: f64, n1: f64, o2: f64, n2: f64, confidence: Confidence) -> Result<ProportionChange, Withheld> {
    let (earlier, later) = (Score::of(o1, n1, confidence)?, Score::of(o2, n2, confidence)?);
    let difference = later.share - earlier.share;
    // The ends are within −1 and 1 in the formula but not in floating point.
    let limits = Limits {
        lower: (difference - later.below.hypot(earlier.above)).max(-1.0),
        upper: (difference + later.above.hypot(earlier.below)).min(1.0),
    };
    finite([difference, limits.lower, limits.upper])?;
    Ok(ProportionChange { difference, limits, significant: limits.lower > 0.0 || limits.upper < 0.0 })
}

/// A share, and how far Wilson's limits lie from it.
struct Score {
    share: f64,
    below: f64,
    above: f64,
}

impl Score {
    fn of(count: f64, of: f64, confidence: Confidence) -> Result<Self, Withheld> {
        finite([count, of])?;
        if of <= 0.0 {
            return Err(Withheld::NoDenominator);
        }
        if count < 0.0 {
            return Err(Withheld::NegativeCount);
        }
        if count > of {
            return Err(Withheld::CountExceedsDenominator);
        }
        let (share, rest, z) = (count / of, (of - count) / of, confidence.z());
        let z2 = z * z;
        let root = z * (z2 + 4.0 * count * rest).sqrt();
        // The distances themselves, not differences of nearly equal numbers: the smaller one from the product of both.
        let lean = z2 * (rest - share);
        let (wide, product) = ((root + lean.abs()) / (2.0 * (of + z2)), 2.0 * z2 * share * rest);
        let narrow = if product > 0.0 { product / (root + lean.abs()) } else { 0.0 };
        finite([wide, narrow])?;
        let (below, above) = if lean > 0.0 { (narrow, wide) } else { (wide, narrow) };
        Ok(Score { share, below, above })
    }
}

/// (O₂/n₂) ÷ (O₁/n₁) with its interval: ratio × e^(±z√(1/O₁ + 1/O₂)), or where either count is below ten the exact
/// conditional one, Clopper & Pearson's limits of O₂ out of O₁ + O₂ turned into a ratio. For counts n is the length of the
/// period. Breslow & Day 1987; Clopper & Pearson 1934.
///
/// With no event in either there is no test; with none in the earlier there is neither ratio nor upper limit, and the
/// lower limit decides.
///
/// # Errors
/// Negative counts, a denominator that is not above zero, or figures too far apart for a ratio.
pub fn rates(o1: f64, n1: f64, o2: f64, n2: f64, confidence: Confidence) -> Result<RateChange, Withheld> {
    finite([o1, n1, o2, n2])?;
    if n1 <= 0.0 || n2 <= 0.0 {
        return Err(Withheld::NoDenominator);
    }
    if o1 < 0.0 || o2 < 0.0 {
        return Err(Withheld::NegativeCount);
    }
    if o1 == 0.0 && o2 == 0.0 {
        return Ok(RateChange { method: RatioMethod::NotTested, ratio: None, lower: None, upper: None, significant: false });
    }
    let scale = n1 / n2;
    let ratio = (o1 > 0.0).then(|| o2 / o1 * scale);
    let (method, lower, upper) = match ratio {
        Some(ratio) if o1 >= EXACT_BELOW && o2 >= EXACT_BELOW => {
            let reach = confidence.z() * (1.0 / o1 + 1.0 / o2).sqrt();
            (RatioMethod::Log, ratio * (-reach).exp(), ratio * reach.exp())
        }
        _ => {
            let tail = confidence.tail();
            let lower = if o2 == 0.0 { 0.0 } else { distributions::beta_lower_odds(tail, o2, o1 + 1.0) };
            let upper = if o1 == 0.0 { f64::INFINITY } else { distributions::beta_upper_odds(tail, o2 + 1.0, o1) };
            (RatioMethod::Exact, lower * scale, upper * scale)
        }
    };
    finite([ratio.unwrap_or(0.0), scale, lower])?;
    Ok(RateChange {
        method,
        ratio,
        lower: Some(lower),
        upper: Some(upper).filter(|upper| upper.is_finite()),
        significant: lower > 1.0 || upper < 1.0,
    })
}

/// b − a, with SE = (U − L) ÷ 3.92 of each and z = (b − a) ÷ √(SE² + SE²), from the figures' 95% limits. Altman & Bland 2003.
///
/// # Errors
/// Limits of either figure missing, without width or the wrong way round: then there is no test.
pub fn estimates(
    (earlier, earlier_limits): (f64, Option<Limits>),
    (later, later_limits): (f64, Option<Limits>),
    confidence: Confidence,
) -> Result<EstimateChange, Withheld> {
    finite([earlier, later])?;
    let error = standard_error(earlier_limits)?.hypot(standard_error(later_limits)?);
    let difference = if tolerance::equal(earlier, later) { 0.0 } else { later - earlier };
    let reach = confidence.z() * error;
    let (z, limits) = (difference / error, Limits { lower: difference - reach, upper: difference + reach });
    finite([z, limits.lower, limits.upper])?;
    Ok(EstimateChange { difference, limits, z, significant: limits.lower > 0.0 || limits.upper < 0.0 })
}

/// (U − L) ÷ 3.92.
fn standard_error(limits: Option<Limits>) -> Result<f64, Withheld> {
    let limits = limits.ok_or(Withheld::NoLimits)?;
    finite([limits.lower, limits.upper])?;
    if limits.lower > limits.upper {
        return Err(Withheld::LimitsReversed);
    }
    let error = limits.upper / WIDTH - limits.lower / WIDTH;
    if error > 0.0 && !tolerance::equal(limits.lower, limits.upper) { Ok(error) } else { Err(Withheld::NoLimits) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-10 * b.abs(), "{a} is not {b}");
    }

    #[test]
    fn nothing_is_tested_where_nothing_happened() {
        let none = rates(0.0, 1000.0, 0.0, 1000.0, Confidence::P95).unwrap();
        assert_eq!((none.method, none.ratio, none.lower, none.upper), (RatioMethod::NotTested, None, None, None));
        assert!(!Change::Rates(none).significant());
        assert_eq!(Change::Rates(none).direction(), Ordering::Equal);
    }

    /// With no earlier event the limit has a closed form: p = (α/2)^(1/O), turned into odds.
    #[test]
    fn the_lower_limit_decides_where_nothing_happened_before() {
        for (count, significant) in [(3.0, false), (5.0, false), (6.0, true), (40.0, true)] {
            let change = rates(0.0, 1000.0, count, 1000.0, Confidence::P95).unwrap();
            let p = 0.025_f64.powf(1.0 / count);
            near(change.lower.unwrap(), p / (1.0 - p));
            assert_eq!((change.ratio, change.upper, change.significant), (None, None, significant), "{count}");
            assert_eq!(Change::Rates(change).direction(), Ordering::Greater);
        }
        let fell = rates(6.0, 1000.0, 0.0, 1000.0, Confidence::P95).unwrap();
        assert_eq!((fell.ratio, fell.lower, fell.significant), (Some(0.0), Some(0.0), true));
        assert_eq!(Change::Rates(fell).direction(), Ordering::Less);
    }

    #[test]
    fn ten_events_allow_the_logarithmic_interval() {
        let method = |o1, o2| rates(o1, 1.0, o2, 1.0, Confidence::P95).unwrap().method;
        assert_eq!(
            (method(10.0, 10.0), method(9.0, 500.0), method(500.0, 9.0)),
            (RatioMethod::Log, RatioMethod::Exact, RatioMethod::Exact)
        );
    }

    #[test]
    fn any_counts_give_a_number_or_reason() {
        let large = proportions(4.0e14, 1.0e15, 4.000_001e14, 1.0e15, Confidence::P95).unwrap();
        // At this size the interval is that of the normal distribution.
        let variance: f64 = (0.4 * 0.6 + 0.400_000_1 * 0.599_999_9) / 1.0e15;
        near(large.limits.upper - large.difference, Confidence::P95.z() * variance.sqrt());
        assert!(large.significant);
        let tiny = proportions(1e-300, 1.0, 0.0, 1.0, Confidence::P95).unwrap();
        assert!(!tiny.significant && tiny.limits.lower >= -1.0 && tiny.limits.upper <= 1.0, "{tiny:?}");
        let few_of_many = rates(9.0, 2e9, 2e9, 2e9, Confidence::P95).unwrap();
        assert!(few_of_many.significant && few_of_many.lower < few_of_many.ratio && few_of_many.ratio < few_of_many.upper);
        let appeared = rates(1e-300, 1.0, 5.0, 1.0, Confidence::P95).unwrap();
        assert_eq!((appeared.upper, appeared.significant), (None, false));
        near(appeared.lower.unwrap(), rates(0.0, 1.0, 5.0, 1.0, Confidence::P95).unwrap().lower.unwrap());
        let vanished = rates(5.0, 1.0, 1e-300, 1.0, Confidence::P95).unwrap();
        assert_eq!((vanished.lower, vanished.significant), (Some(0.0), false));
        assert_eq!(rates(1e-310, 1.0, 5.0, 1.0, Confidence::P95), Err(Withheld::NotFinite));
    }

    #[test]
    fn without_limits_there_is_no_test() {
        let limits = |lower, upper| Some(Limits { lower, upper });
        let test = |a, b| estimates((10.0, a), (12.0, b), Confidence::P95);
        assert_eq!(test(None, limits(11.0, 13.0)), Err(Withheld::NoLimits));
        assert_eq!(test(limits(10.0, 10.0), limits(11.0, 13.0)), Err(Withheld::NoLimits));
        assert_eq!(test(limits(9.0, 11.0), limits(13.0, 11.0)), Err(Withheld::LimitsReversed));
        assert!(test(limits(9.5, 10.5), limits(11.5, 12.5)).unwrap().significant);
        // Overlapping intervals can be a significant change.
        assert!(test(limits(8.8, 11.2), limits(10.8, 13.2)).unwrap().significant);
        let same = estimates((0.3, limits(0.2, 0.4)), (0.1 + 0.2, limits(0.2, 0.4)), Confidence::P95).unwrap();
        assert_eq!(Change::Estimates(same).direction(), Ordering::Equal);
    }

    #[test]
    fn a_higher_confidence_takes_more_to_be_significant() {
        let at = |confidence| rates(100.0, 1e5, 140.0, 1e5, confidence).unwrap().significant;
        assert_eq!((at(Confidence::P95), at(Confidence::P998)), (true, false));
        let at = |confidence| proportions(300.0, 1000.0, 350.0, 1000.0, confidence).unwrap().significant;
        assert_eq!((at(Confidence::P95), at(Confidence::P998)), (true, false));
    }
}

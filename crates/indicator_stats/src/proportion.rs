//! A share of people or things, with Wilson's limits.

use crate::{Confidence, Estimate, Limits, Withheld, finite};

/// m·O/n with the score limits (2O + z² ∓ z√(z² + 4O(1 − O/n))) ÷ 2(n + z²), times m.
///
/// Needs 0 ≤ O ≤ n and n > 0. The limits stay within 0 and m; O = 0 gives exactly 0 below, O = n exactly m above.
/// Wilson 1927; APHO Technical Briefing 3 (Eayres 2008).
///
/// # Errors
/// Counts that are not those of a proportion.
pub fn wilson(numerator: f64, denominator: f64, multiplier: f64, confidence: Confidence) -> Result<Estimate, Withheld> {
    finite([numerator, denominator, multiplier])?;
    if denominator <= 0.0 {
        return Err(Withheld::NoDenominator);
    }
    if numerator < 0.0 {
        return Err(Withheld::NegativeCount);
    }
    if numerator > denominator {
        return Err(Withheld::CountExceedsDenominator);
    }
    let z = confidence.z();
    let (share, rest) = (numerator / denominator, (denominator - numerator) / denominator);
    let middle = 2.0 * numerator + z * z;
    let spread = z * (z * z + 4.0 * numerator * rest).sqrt();
    // The lower root from the product of both, which keeps its digits for small counts: middle − spread would not.
    let lower = 2.0 * numerator * share / (middle + spread);
    // The ends are exact in the formula but not in floating point.
    let upper = if numerator == denominator { 1.0 } else { (middle + spread) / (2.0 * (denominator + z * z)) };
    Estimate {
        value: share * multiplier,
        limits: Limits { lower: lower.clamp(0.0, 1.0) * multiplier, upper: upper.clamp(0.0, 1.0) * multiplier },
    }
    .checked()
}

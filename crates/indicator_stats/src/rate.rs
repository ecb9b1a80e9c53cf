//! Counts of events and rates over a population, with exact or Byar's limits.

use crate::{Confidence, Estimate, Limits, Withheld, distributions, finite};

/// Counts below this have exact limits; from it on, Byar's approximation is close enough.
const EXACT_BELOW: f64 = 10.0;

/// Limits of a Poisson count O from 0 up, which need not be whole.
///
/// O < 10: L = χ²(α/2; 2O) ÷ 2 (0 where O = 0), U = χ²(1 − α/2; 2O + 2) ÷ 2.
/// O ≥ 10: L = O(1 − 1/9O − z/3√O)³, U the same of O + 1 with + z.
/// Breslow & Day 1987; APHO Technical Briefing 3.
///
/// # Errors
/// A count that is negative or no number, or a level so high that Byar's lower limit is undefined.
pub fn count_limits(count: f64, confidence: Confidence) -> Result<Limits, Withheld> {
    finite([count])?;
    if count < 0.0 {
        return Err(Withheld::NegativeCount);
    }
    if count < EXACT_BELOW {
        let tail = confidence.tail();
        // χ² with 2O degrees of freedom is twice a gamma variable of shape O.
        let lower = if count == 0.0 { 0.0 } else { distributions::gamma_lower(tail, count) };
        return Ok(Limits { lower, upper: distributions::gamma_upper(tail, count + 1.0) });
    }
    let byar = |o: f64, z: f64| 1.0 - 1.0 / (9.0 * o) + z / (3.0 * o.sqrt());
    let z = confidence.z();
    let root = byar(count, -z);
    if root < 0.0 {
        return Err(Withheld::LimitUndefined);
    }
    let limits = Limits { lower: count * root.powi(3), upper: (count + 1.0) * byar(count + 1.0, z).powi(3) };
    finite([limits.lower, limits.upper])?;
    Ok(limits)
}

/// A count with its limits.
///
/// # Errors
/// See [`count_limits`].
pub fn count(events: f64, confidence: Confidence) -> Result<Estimate, Withheld> {
    Ok(Estimate { value: events, limits: count_limits(events, confidence)? })
}

/// m·O/n with the limits of O divided by n, times m. O may exceed n: one person can have several events.
///
/// # Errors
/// See [`count_limits`]; a denominator that is not above zero.
pub fn crude_rate(events: f64, denominator: f64, multiplier: f64, confidence: Confidence) -> Result<Estimate, Withheld> {
    finite([denominator, multiplier])?;
    if denominator <= 0.0 {
        return Err(Withheld::NoDenominator);
    }
    let limits = count_limits(events, confidence)?;
    let scale = multiplier / denominator;
    Estimate { value: events * scale, limits: Limits { lower: limits.lower * scale, upper: limits.upper * scale } }.checked()
}

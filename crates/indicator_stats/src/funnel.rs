//! Funnel plots and control bands around a common average. Spiegelhalter 2005.

use crate::{Confidence, Limits, Withheld, distributions, finite, proportion::wilson, rate::count_limits};
use serde::{Deserialize, Serialize};

/// What kind of figure is in the funnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunnelStatistic {
    /// Numerator out of denominator.
    Proportion,
    /// Events over a population. For an age-standardised rate the denominator is events ÷ rate.
    Rate,
    /// Observed over expected, beside 1.
    Ratio,
}

/// How a point stands in the funnel: the level names the tail beyond the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Significance {
    /// Above the 99.8% limit.
    High001,
    /// Above the 95% limit.
    High025,
    NotSignificant,
    Low025,
    Low001,
}

impl Significance {
    pub fn label(self) -> &'static str {
        match self {
            Significance::High001 => "High (0.001)",
            Significance::High025 => "High (0.025)",
            Significance::NotSignificant => "Not significant",
            Significance::Low025 => "Low (0.025)",
            Significance::Low001 => "Low (0.001)",
        }
    }
}

/// How each `(numerator, denominator)` stands beside the average of all (beside 1 for a ratio).
///
/// A point is outside a limit of the funnel exactly where the average is outside the point's own interval:
/// Wilson's for a proportion, exact or Byar's for counts.
///
/// # Errors
/// Counts that are not those of the statistic, or no points.
pub fn significance(statistic: FunnelStatistic, points: &[(f64, f64)]) -> Result<Vec<Significance>, Withheld> {
    let total: f64 = points.iter().map(|(_, denominator)| denominator).sum();
    if points.is_empty() || points.iter().any(|(_, denominator)| *denominator <= 0.0) {
        return Err(Withheld::NoDenominator);
    }
    let average = match statistic {
        FunnelStatistic::Ratio => 1.0,
        FunnelStatistic::Proportion | FunnelStatistic::Rate => points.iter().map(|(numerator, _)| numerator).sum::<f64>() / total,
    };
    finite([total, average])?;
    points.iter().map(|point| beside(statistic, *point, average)).collect()
}

/// How one `(numerator, denominator)` stands beside an average that has no sampling error; see [`significance`].
///
/// # Errors
/// As [`significance`].
pub fn beside(statistic: FunnelStatistic, (numerator, denominator): (f64, f64), average: f64) -> Result<Significance, Withheld> {
    let interval = |confidence| -> Result<Limits, Withheld> {
        match statistic {
            FunnelStatistic::Proportion => Ok(wilson(numerator, denominator, 1.0, confidence)?.limits),
            FunnelStatistic::Rate | FunnelStatistic::Ratio => {
                let limits = count_limits(numerator, confidence)?;
                Ok(Limits { lower: limits.lower / denominator, upper: limits.upper / denominator })
            }
        }
    };
    let (inner, outer) = (interval(Confidence::P95)?, interval(Confidence::P998)?);
    Ok(match () {
        () if average < outer.lower => Significance::High001,
        () if average < inner.lower => Significance::High025,
        () if average > outer.upper => Significance::Low001,
        () if average > inner.upper => Significance::Low025,
        () => Significance::NotSignificant,
    })
}

/// The funnel of proportions at a population of `n`: average ± z√(average(1 − average) ÷ n), kept within 0 and m.
///
/// # Errors
/// An average outside 0 and 1, or no population.
pub fn proportion_limits(average: f64, n: f64, multiplier: f64, confidence: Confidence) -> Result<Limits, Withheld> {
    finite([average, n, multiplier])?;
    if n <= 0.0 {
        return Err(Withheld::NoDenominator);
    }
    if !(0.0..=1.0).contains(&average) {
        return Err(Withheld::CountExceedsDenominator);
    }
    let reach = confidence.z() * (average * (1.0 - average) / n).sqrt();
    Ok(Limits { lower: (average - reach).max(0.0) * multiplier, upper: (average + reach).min(1.0) * multiplier })
}

/// The funnel of rates or ratios at a number of observed events: average × O ÷ (the exact limit of O) × m.
/// For ratios the average is 1.
///
/// # Errors
/// No events: the funnel has no width there. So few that the upper limit is beyond all numbers.
pub fn rate_limits(average: f64, events: f64, multiplier: f64, confidence: Confidence) -> Result<Limits, Withheld> {
    finite([average, events, multiplier])?;
    if events <= 0.0 {
        return Err(Withheld::TooFewEvents(1));
    }
    let tail = confidence.tail();
    let fewest = distributions::gamma_lower(tail, events);
    let most = distributions::gamma_upper(tail, events + 1.0);
    let limits = Limits { lower: average * events / most * multiplier, upper: average * events / fewest * multiplier };
    finite([limits.lower, limits.upper])?;
    Ok(limits)
}

/// The funnel of rates at a population of `n`: the counts whose own interval, exact or Byar's, just reaches what the average
/// leads to expect there, over n, × m. So a rate is beyond a limit exactly where [`beside`] says that it is.
///
/// # Errors
/// An average below zero, no population, or so many events that no count has such an interval.
pub fn rate_limits_at(average: f64, n: f64, multiplier: f64, confidence: Confidence) -> Result<Limits, Withheld> {
    let expected = average * n;
    finite([expected, multiplier])?;
    if n <= 0.0 {
        return Err(Withheld::NoDenominator);
    }
    // Ten standard deviations, and so many events, are beyond any limit that is used.
    let reach = 10.0 * expected.sqrt() + 50.0;
    let upper = first_count((expected, expected + reach), |count| Ok(count_limits(count, confidence)?.lower >= expected))?;
    let lower = first_count((0.0, expected), |count| Ok(count_limits(count, confidence)?.upper >= expected))?;
    let limits = Limits { lower: lower / n * multiplier, upper: upper / n * multiplier };
    finite([limits.lower, limits.upper])?;
    Ok(limits)
}

/// Halvings after which a count is told to all the digits that a chart needs.
const HALVINGS: usize = 40;

/// The least count between two of which `holds` is true, for one that is false first and then true.
fn first_count((mut low, mut high): (f64, f64), holds: impl Fn(f64) -> Result<bool, Withheld>) -> Result<f64, Withheld> {
    if holds(low)? {
        return Ok(low);
    }
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if holds(middle)? { high = middle } else { low = middle }
    }
    Ok(high)
}

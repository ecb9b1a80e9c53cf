//! The count behind a published figure: given, or worked out as any reader could.

use crate::evaluate::SeriesPoint;
use crate::framework::{Measure, Statistic};
use crate::value::{Limits, Unit, Value};
use indicator_stats::Confidence;
use indicator_stats::rate::count_limits;

/// What is known of the count of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Truth {
    Count(f64),
    /// There is one, and its source withholds it.
    Marked,
    /// There is no figure, or none that a count can be told from.
    Absent,
}

/// Counts above this are not told from limits: the ratio that tells them hardly changes any more.
const MOST_FROM_LIMITS: u32 = 10_000;

/// The count of a figure. One that is not given is worked out from value and denominator, or else from the limits; `usual`
/// is the area's denominator in another period, for figures that come without their own.
pub(super) fn count(measure: &Measure, point: &SeriesPoint, usual: Option<f64>) -> Truth {
    match point.value {
        Value::Suppressed => Truth::Marked,
        Value::NotApplicable => Truth::Count(0.0),
        Value::Missing => Truth::Absent,
        Value::Number(value) if is_count(measure) => Truth::Count(value),
        Value::Number(value) => {
            let worked_out = || from_denominator(measure, value, point.denominator.or(usual));
            let from_limits = || from_limits(measure, value, point.limits?);
            point.numerator.or_else(worked_out).or_else(from_limits).map_or(Truth::Absent, Truth::Count)
        }
    }
}

/// True where the figure itself is the count.
pub(super) fn is_count(measure: &Measure) -> bool {
    matches!(measure.statistic, Statistic::Count | Statistic::Quantity)
}

fn from_denominator(measure: &Measure, value: f64, denominator: Option<f64>) -> Option<f64> {
    let divides = match measure.statistic {
        Statistic::Proportion | Statistic::CrudeRate => true,
        Statistic::Estimate => measure.unit == Unit::Percent,
        Statistic::StandardisedRate | Statistic::Count | Statistic::Quantity => false,
    };
    if divides && value == 0.0 {
        return Some(0.0);
    }
    let denominator = denominator.filter(|of| divides && *of > 0.0)?;
    Some((value * denominator / measure.multiplier).round())
}

/// Wilson's limits of a share give its denominator. Of a rate, (v − L) ÷ (U − v) is a function of the count alone, whatever
/// the population and the standard: (O − L(O)) ÷ (U(O) − O) by the exact limits of a Poisson count, or Byar's.
fn from_limits(measure: &Measure, value: f64, limits: Limits) -> Option<f64> {
    match measure.statistic {
        Statistic::Proportion => from_wilson(value, limits, measure.multiplier),
        Statistic::CrudeRate | Statistic::StandardisedRate => from_poisson(value, limits),
        Statistic::Estimate | Statistic::Count | Statistic::Quantity => None,
    }
}

fn from_wilson(value: f64, limits: Limits, multiplier: f64) -> Option<f64> {
    let z = Confidence::P95.z();
    let [share, lower, upper] = [value, limits.lower, limits.upper].map(|x| x / multiplier);
    let middle = f64::midpoint(lower, upper);
    // The middle is (n·p + z²/2) ÷ (n + z²); where p is a half it says nothing, and the width z ÷ √(n + z²) does.
    let denominator = match (middle - share).abs() > 1e-6 {
        true => z * z * (0.5 - middle) / (middle - share),
        false => (z / (upper - lower)).powi(2) - z * z,
    };
    Some((denominator * share).round()).filter(|count| count.is_finite() && *count >= 0.0)
}

fn from_poisson(value: f64, limits: Limits) -> Option<f64> {
    let found = (value - limits.lower) / (limits.upper - value);
    if !(found > 0.0 && found.is_finite()) {
        return None;
    }
    let ratio = |count: u32| {
        let events = f64::from(count);
        count_limits(events, Confidence::P95).map_or(f64::NAN, |limits| (events - limits.lower) / (limits.upper - events))
    };
    let (mut below, mut above) = (0, MOST_FROM_LIMITS);
    if found >= ratio(above) {
        return None;
    }
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if ratio(middle) <= found { below = middle } else { above = middle }
    }
    let is_nearer_below = below > 0 && (ratio(below) - found).abs() <= (ratio(above) - found).abs();
    Some(f64::from(if is_nearer_below { below } else { above }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use indicator_stats::proportion::wilson;
    use indicator_stats::rate::crude_rate;

    #[test]
    fn limits_of_a_rate_give_its_count() {
        assert_eq!(from_poisson(49.22, Limits { lower: 28.66, upper: 77.31 }), Some(23.0));
        assert_eq!(from_poisson(6.42, Limits { lower: 0.57, upper: 20.49 }), Some(3.0));
        for events in [1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 9.0, 10.0, 23.0, 250.0] {
            let rate = crude_rate(events, 1_234.0, 1e5, Confidence::P95).unwrap();
            assert_eq!(from_poisson(rate.value, rate.limits), Some(events));
        }
        assert_eq!(from_poisson(50.0, Limits { lower: 40.0, upper: 60.0 }), None, "limits of a normal figure");
    }

    #[test]
    fn limits_of_a_share_give_its_count() {
        for (numerator, denominator) in [(1.0, 300.0), (3.0, 6.0), (4.0, 320.0), (50.0, 100.0), (97.0, 100.0)] {
            let share = wilson(numerator, denominator, 100.0, Confidence::P95).unwrap();
            assert_eq!(from_wilson(share.value, share.limits, 100.0), Some(numerator), "{numerator} of {denominator}");
        }
    }
}

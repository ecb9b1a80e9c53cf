//! Straight lines in time: from a baseline to a target, and from the latest figures onward.

use super::{Confidence, Estimate, Withheld, distributions};
use crate::value::Limits;
use jiff::civil::Date;

/// R(t) = b + (T − b)(t − t_b) ÷ (t_T − t_b), in days; before the start b, after the end T.
///
/// # Errors
/// An end that is not after the start.
pub fn expected(start: (Date, f64), end: (Date, f64), at: Date) -> Result<f64, Withheld> {
    Ok(start.1 + (end.1 - start.1) * elapsed(start.0, end.0, at)?)
}

/// The share of the way from `start` to `end` that has gone at `at`, from 0 to 1.
///
/// # Errors
/// As [`expected`].
pub fn elapsed(start: Date, end: Date, at: Date) -> Result<f64, Withheld> {
    let whole = days(start, end);
    if whole <= 0.0 { Err(Withheld::NotInOrder) } else { Ok((days(start, at) / whole).clamp(0.0, 1.0)) }
}

/// Days from one date to another, negative where it is earlier.
pub fn days(from: Date, to: Date) -> f64 {
    f64::from((to - from).get_days())
}

/// Points that a projection looks at, at most.
pub const LATEST: usize = 5;

/// Where the line through the last five points arrives at `to`, with its interval.
///
/// Where every point has 95% limits, each is weighted by 1 ÷ se², se = (U − L) ÷ 3.92, and the interval is the
/// line's own, z√(1/Σw + (x − x̄)²/Σw(x − x̄)²). Otherwise the points count alike and the interval is that of a
/// new observation, by t with n − 2 degrees of freedom. It is shown beside a status and never decides one.
///
/// # Errors
/// Fewer than three points, all on one date, or a value that is no number.
pub fn project(points: &[(Date, f64, Option<Limits>)], to: Date, confidence: Confidence) -> Result<Estimate, Withheld> {
    let mut sorted = points.to_vec();
    sorted.sort_by_key(|(date, _, _)| *date);
    let latest = &sorted[sorted.len().saturating_sub(LATEST)..];
    if latest.len() < 3 {
        return Err(Withheld::TooFewValues(3));
    }
    if latest.iter().any(|(_, value, _)| !value.is_finite()) {
        return Err(Withheld::NotFinite);
    }
    let origin = latest[0].0;
    let weights: Option<Vec<f64>> = latest.iter().map(|(_, _, limits)| weight(*limits)).collect();
    let line = |weights: &[f64]| Line::through(latest.iter().zip(weights).map(|((d, y, _), w)| (days(origin, *d), *y, *w)));
    let x = days(origin, to);
    let (value, reach) = match weights {
        Some(weights) => {
            let line = line(&weights)?;
            (line.at(x), confidence.z() * line.variance_at(x).sqrt())
        }
        None => {
            let line = line(&vec![1.0; latest.len()])?;
            let freedom = latest.len() as f64 - 2.0;
            let residual = latest.iter().map(|(d, y, _)| (y - line.at(days(origin, *d))).powi(2)).sum::<f64>() / freedom;
            let t = distributions::student_t(1.0 - confidence.tail(), freedom);
            (line.at(x), t * (residual * (1.0 + line.variance_at(x))).sqrt())
        }
    };
    Estimate { value, limits: Limits { lower: value - reach, upper: value + reach } }.checked()
}

fn weight(limits: Option<Limits>) -> Option<f64> {
    let error = limits.map(|l| (l.upper - l.lower) / 3.92)?;
    (error.is_finite() && error > 0.0).then(|| error.powi(-2))
}

/// A weighted least-squares line.
struct Line {
    weight: f64,
    x0: f64,
    y0: f64,
    sxx: f64,
    slope: f64,
}

impl Line {
    fn through(points: impl Iterator<Item = (f64, f64, f64)> + Clone) -> Result<Self, Withheld> {
        let weight: f64 = points.clone().map(|(_, _, w)| w).sum();
        let x0 = points.clone().map(|(x, _, w)| w * x).sum::<f64>() / weight;
        let y0 = points.clone().map(|(_, y, w)| w * y).sum::<f64>() / weight;
        let sxx: f64 = points.clone().map(|(x, _, w)| w * (x - x0).powi(2)).sum();
        if sxx <= 0.0 {
            return Err(Withheld::NoSpread);
        }
        let slope = points.map(|(x, y, w)| w * (x - x0) * (y - y0)).sum::<f64>() / sxx;
        Ok(Line { weight, x0, y0, sxx, slope })
    }

    fn at(&self, x: f64) -> f64 {
        self.y0 + self.slope * (x - self.x0)
    }

    fn variance_at(&self, x: f64) -> f64 {
        1.0 / self.weight + (x - self.x0).powi(2) / self.sxx
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_line_is_held_at_its_ends() {
        let (start, end) = ((date(2023, 3, 31), 40.0), (date(2028, 3, 31), 50.0));
        for (at, wanted) in
            [(date(2022, 1, 1), 40.0), (date(2023, 3, 31), 40.0), (date(2028, 3, 31), 50.0), (date(2030, 1, 1), 50.0)]
        {
            assert_eq!(expected(start, end, at), Ok(wanted));
        }
        let halfway = expected(start, end, date(2025, 9, 29)).unwrap();
        assert!((halfway - 45.0).abs() < 0.01, "{halfway}");
        assert_eq!(expected(end, start, date(2025, 1, 1)), Err(Withheld::NotInOrder));
    }

    #[test]
    fn points_on_a_line_are_projected_along_it() {
        let limits = |y: f64| Some(Limits { lower: y - 1.96, upper: y + 1.96 });
        let points: Vec<_> = (0..7).map(|i| (date(2018 + i, 12, 31), 10.0 + f64::from(i), limits(10.0 + f64::from(i)))).collect();
        let weighted = project(&points, date(2027, 12, 31), Confidence::P95).unwrap();
        assert!((weighted.value - 19.0).abs() < 0.01, "{weighted:?}");
        // Five points with se 1: the variance three years after the last is 1/5 + 5²/10.
        assert!((weighted.limits.upper - weighted.value - 1.96 * (2.7_f64).sqrt()).abs() < 0.02, "{weighted:?}");
        let bare: Vec<_> = points.iter().map(|(d, y, _)| (*d, *y, None)).collect();
        assert!((project(&bare, date(2027, 12, 31), Confidence::P95).unwrap().value - 19.0).abs() < 0.01);
        assert_eq!(project(&bare[..2], date(2027, 12, 31), Confidence::P95), Err(Withheld::TooFewValues(3)));
        assert_eq!(project(&[bare[0]; 4], date(2027, 12, 31), Confidence::P95), Err(Withheld::NoSpread));
    }
}

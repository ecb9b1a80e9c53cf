//! Recent trend: has a figure changed significantly over its latest five years?

use crate::{Limits, Polarity, Withheld, finite};
use serde::{Deserialize, Serialize};

/// Years looked at.
pub const YEARS: usize = 5;
/// The width of 95% limits in standard errors, as publishers make them.
const WIDTH: f64 = 3.92;
/// A slope is significant above this: χ² with one degree of freedom at 99.8%.
pub const CRITICAL: f64 = 9.549_535_706_083_24;

/// Which way a figure has gone lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    IncreasingBetter,
    IncreasingWorse,
    Increasing,
    DecreasingBetter,
    DecreasingWorse,
    Decreasing,
    NoSignificantChange,
    CannotBeCalculated,
}

/// One year's figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Year {
    /// Any number that rises by one from year to year.
    pub year: i32,
    /// None where it is missing or suppressed.
    pub value: Option<f64>,
    /// 95% limits.
    pub limits: Option<Limits>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Increasing,
    Decreasing,
    NoSignificantChange,
}

/// The trend, and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RecentTrend {
    pub direction: Direction,
    /// Slope² ÷ its variance: one degree of freedom.
    pub chi_squared: f64,
    /// Change a year; in log odds for [`cochran_armitage`].
    pub slope: f64,
}

impl Direction {
    /// Names it with whether that is for the better.
    pub fn judged(self, polarity: Polarity) -> Trend {
        match (self, polarity) {
            (Direction::NoSignificantChange, _) => Trend::NoSignificantChange,
            (Direction::Increasing, Polarity::High) => Trend::IncreasingBetter,
            (Direction::Increasing, Polarity::Low) => Trend::IncreasingWorse,
            (Direction::Increasing, Polarity::None) => Trend::Increasing,
            (Direction::Decreasing, Polarity::High) => Trend::DecreasingWorse,
            (Direction::Decreasing, Polarity::Low) => Trend::DecreasingBetter,
            (Direction::Decreasing, Polarity::None) => Trend::Decreasing,
        }
    }
}

/// Weighted regression of the value on 1 to 5 with se = (U − L) ÷ 3.92; significant where χ² is beyond 99.8%
/// and the slope keeps its sign with each year left out in turn. For proportions, crude and directly
/// standardised rates and surveys' published percentages (by their published limits) of single years; the caller sees to
/// that. OHID Fingertips.
///
/// # Errors
/// A missing year or value among the latest five, limits missing or without width, a numerator equal to its denominator.
pub fn weighted(years: &[Year]) -> Result<RecentTrend, Withheld> {
    let latest = latest_five(years)?;
    let mut errors = [0.0; YEARS];
    for (error, year) in errors.iter_mut().zip(&latest) {
        let limits = year.limits.ok_or(Withheld::NoLimits)?;
        *error = limits.upper / WIDTH - limits.lower / WIDTH;
        if !error.is_finite() || *error <= 0.0 {
            return Err(Withheld::NoLimits);
        }
    }
    // Weights beside that of the smallest error, so that no square leaves the range of numbers.
    let smallest = errors.iter().copied().fold(f64::MAX, f64::min);
    let mut points = [(0.0, 0.0, 0.0); YEARS];
    for (i, (year, error)) in latest.iter().zip(errors).enumerate() {
        points[i] = ((i + 1) as f64, year.value.ok_or(Withheld::NotFiveYears)?, (smallest / error).powi(2));
    }
    let (slope, variance) = slope(&points)?;
    conclude(&points, slope, (slope / smallest).powi(2) / variance)
}

/// The alternative for proportions with counts: the Cochran–Armitage χ² of the counts, and unweighted slopes of
/// the log odds for the leave-one-out check. Armitage 1955.
///
/// # Errors
/// As [`weighted`]; a count missing, zero or equal to its denominator has no log odds.
pub fn cochran_armitage(years: &[Year]) -> Result<RecentTrend, Withheld> {
    let latest = latest_five(years)?;
    let mut points = [(0.0, 0.0, 1.0); YEARS];
    let (mut n, mut r, mut nt, mut rt, mut ntt) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (i, year) in latest.iter().enumerate() {
        let (count, of) = year.numerator.zip(year.denominator).ok_or(Withheld::NotFiveYears)?;
        let t = (i + 1) as f64;
        let odds = count / (of - count);
        if !odds.is_finite() || odds <= 0.0 {
            return Err(Withheld::OffTheScale);
        }
        points[i] = (t, odds.ln(), 1.0);
        (n, r, nt, rt, ntt) = (n + of, r + count, nt + of * t, rt + count * t, ntt + of * t * t);
    }
    let chi_squared = n * (n * rt - r * nt).powi(2) / (r * (n - r) * (n * ntt - nt * nt));
    let (slope, _) = slope(&points)?;
    conclude(&points, slope, chi_squared)
}

fn latest_five(years: &[Year]) -> Result<[Year; YEARS], Withheld> {
    let mut sorted = years.to_vec();
    sorted.sort_by_key(|y| y.year);
    let start = sorted.len().checked_sub(YEARS).ok_or(Withheld::NotFiveYears)?;
    let latest: [Year; YEARS] = sorted[start..].try_into().map_err(|_| Withheld::NotFiveYears)?;
    let consecutive = latest.windows(2).all(|pair| i64::from(pair[1].year) - i64::from(pair[0].year) == 1);
    if !consecutive || latest.iter().any(|y| y.value.is_none_or(|v| !v.is_finite())) {
        return Err(Withheld::NotFiveYears);
    }
    if latest.iter().any(|y| y.numerator.is_some() && y.numerator == y.denominator) {
        return Err(Withheld::CountEqualsDenominator);
    }
    Ok(latest)
}

/// Weighted least-squares slope of `(x, y, weight)` and its variance.
fn slope(points: &[(f64, f64, f64)]) -> Result<(f64, f64), Withheld> {
    let weight: f64 = points.iter().map(|(_, _, w)| w).sum();
    let mean = |of: fn(&(f64, f64, f64)) -> f64| points.iter().map(|p| p.2 * of(p)).sum::<f64>() / weight;
    let (x0, y0) = (mean(|p| p.0), mean(|p| p.1));
    let sxx: f64 = points.iter().map(|(x, _, w)| w * (x - x0).powi(2)).sum();
    // One year so sure that the others weigh nothing leaves no line; no weight at all is no number.
    if sxx == 0.0 || sxx.is_nan() {
        return Err(Withheld::NoSpread);
    }
    let sxy: f64 = points.iter().map(|(x, y, w)| w * (x - x0) * (y - y0)).sum();
    let (slope, variance) = (sxy / sxx, 1.0 / sxx);
    finite([slope, variance])?;
    Ok((slope, variance))
}

fn conclude(points: &[(f64, f64, f64); YEARS], whole: f64, chi_squared: f64) -> Result<RecentTrend, Withheld> {
    finite([chi_squared])?;
    let mut sign_holds = whole != 0.0;
    for left_out in 0..YEARS {
        let rest: Vec<_> = points.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, p)| *p).collect();
        sign_holds &= slope(&rest)?.0 * whole.signum() > 0.0;
    }
    let significant = sign_holds && chi_squared > CRITICAL;
    let direction = match (significant, whole > 0.0) {
        (false, _) => Direction::NoSignificantChange,
        (true, true) => Direction::Increasing,
        (true, false) => Direction::Decreasing,
    };
    Ok(RecentTrend { direction, chi_squared, slope: whole })
}

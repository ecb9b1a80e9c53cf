//! Where the line through a series of yearly figures leads, and the chance that it meets its target by the date.
//!
//! It is shown beside a status and never decides one. Nothing is clamped: a limit outside what is possible is for the
//! page to say.

use crate::{Limits, Polarity, Withheld, distributions, finite, tolerance, trajectory};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A line is taken from this many points or more.
pub const FEWEST: usize = 5;

/// The interval is drawn up to this many times the range of the figures seen.
const WIDEST: f64 = 2.0;

/// What is left of a perfect fit is at most this share of the figures: then how far they stray is not known.
const PERFECT: f64 = 1e-9;

/// One year's figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProjectionPoint {
    /// The last day of its period.
    pub end: Date,
    pub value: f64,
    /// 95% limits.
    pub limits: Option<Limits>,
}

/// The line at the date, with what it says of the target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Projection {
    pub value: f64,
    /// The 95% prediction interval of a new figure.
    pub limits: Limits,
    /// False where the interval is wider than twice the range of the figures seen: then the line is not drawn.
    pub shown: bool,
    /// The slope of the line: the change a year that the figures have had.
    pub yearly_change: f64,
    /// The chance of meeting the target by its date; none without a target or where no direction is good.
    pub chance: Option<Chance>,
    /// Change a year, from the last figure, that would meet the target on its date; none where the last figure meets it.
    pub yearly_change_needed: Option<f64>,
}

/// A probability between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Chance(f64);

impl Chance {
    /// As it was worked out.
    pub fn probability(self) -> f64 {
        self.0
    }

    /// To the nearest 10%, as it is shown.
    pub fn shown_percent(self) -> u8 {
        self.tenths() * 10
    }

    /// `about 4 in 10`, `less than 1 in 10`, `more than 9 in 10`.
    pub fn words(self) -> String {
        match self.tenths() {
            0 => "less than 1 in 10".to_owned(),
            10 => "more than 9 in 10".to_owned(),
            tenths => format!("about {tenths} in 10"),
        }
    }

    fn tenths(self) -> u8 {
        // Within 0 and 10, as the probability is within 0 and 1.
        (self.0 * 10.0).round().clamp(0.0, 10.0) as u8
    }
}

/// The weighted least-squares line at `due`, with ŷ₀ ± t·√(s²(1 + 1/Σw + (x₀ − x̄)²/Σw(x − x̄)²)).
///
/// t has n − 2 degrees of freedom and s² = Σw·r² ÷ (n − 2). The weights are 1 ÷ SE², SE = (U − L) ÷ 3.92, scaled to a mean
/// of 1, where all points have limits of some width, and otherwise all 1. x is in years by [`trajectory::years`]. The
/// chance of meeting `target` is that of a new figure by the same t distribution. Draper & Smith 1998.
///
/// # Errors
/// Fewer than five points, two of them less than a year apart, a date that is not to come or further ahead than the series
/// is long, figures exactly on a line (how far they stray is not known), or a value that is no number.
pub fn project(points: &[ProjectionPoint], due: Date, target: Option<f64>, polarity: Polarity) -> Result<Projection, Withheld> {
    let mut points = points.to_vec();
    points.sort_by_key(|point| point.end);
    let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) else {
        return Err(Withheld::TooFewValues(FEWEST as u32));
    };
    if points.len() < FEWEST {
        return Err(Withheld::TooFewValues(FEWEST as u32));
    }
    if points.iter().any(|point| !point.value.is_finite()) {
        return Err(Withheld::NotFinite);
    }
    if points.windows(2).any(|pair| tolerance::below(trajectory::years(pair[0].end, pair[1].end), 1.0)) {
        return Err(Withheld::NotYearly);
    }
    let ahead = trajectory::years(last.end, due);
    if ahead <= 0.0 {
        return Err(Withheld::NotInOrder);
    }
    if tolerance::above(ahead, trajectory::years(first.end, last.end)) {
        return Err(Withheld::TooFarAhead);
    }
    let fit = Fit::through(&points, first.end)?;
    let fitted = fit.at(trajectory::years(first.end, due))?;
    let freedom = points.len() as f64 - 2.0;
    let reach = distributions::student_t(0.975, freedom) * fitted.error;
    let limits = Limits { lower: fitted.value - reach, upper: fitted.value + reach };
    finite([limits.lower, limits.upper])?;
    let values = || points.iter().map(|point| point.value);
    let range = values().fold(f64::MIN, f64::max) - values().fold(f64::MAX, f64::min);
    let aim = target.filter(|target| target.is_finite()).zip(polarity.sign());
    let chance =
        aim.map(|(target, sign)| Chance(distributions::student_t_below(sign * (fitted.value - target) / fitted.error, freedom)));
    let needed = aim.filter(|(target, sign)| !tolerance::at_least(sign * last.value, sign * target));
    let yearly_change_needed = needed.map(|(target, _)| (target - last.value) / ahead);
    finite([chance.map_or(0.0, Chance::probability), yearly_change_needed.unwrap_or(0.0)])?;
    Ok(Projection {
        value: fitted.value,
        limits,
        shown: tolerance::at_most(2.0 * reach, WIDEST * range),
        yearly_change: fit.slope,
        chance,
        yearly_change_needed,
    })
}

/// A weighted least-squares line in years.
struct Fit {
    weight: f64,
    x0: f64,
    y0: f64,
    sxx: f64,
    slope: f64,
    /// s², what the points stray from it.
    variance: f64,
}

/// The line at a point, and the standard error of a new figure there.
struct Fitted {
    value: f64,
    error: f64,
}

impl Fit {
    fn through(points: &[ProjectionPoint], origin: Date) -> Result<Self, Withheld> {
        let weights = weights(points).unwrap_or_else(|| vec![1.0; points.len()]);
        let x: Vec<f64> = points.iter().map(|point| trajectory::years(origin, point.end)).collect();
        let sum = |of: &dyn Fn(usize) -> f64| (0..points.len()).map(|i| weights[i] * of(i)).sum::<f64>();
        let weight: f64 = weights.iter().sum();
        let (x0, y0) = (sum(&|i| x[i]) / weight, sum(&|i| points[i].value) / weight);
        let sxx = sum(&|i| (x[i] - x0).powi(2));
        if sxx <= 0.0 {
            return Err(Withheld::NoSpread);
        }
        let slope = sum(&|i| (x[i] - x0) * (points[i].value - y0)) / sxx;
        let residual = |i: usize| points[i].value - (y0 + slope * (x[i] - x0));
        let variance = sum(&|i| residual(i).powi(2)) / (points.len() as f64 - 2.0);
        finite([y0, slope, variance])?;
        let largest = points.iter().fold(0.0_f64, |most, point| most.max(point.value.abs()));
        if variance.sqrt() <= PERFECT * largest {
            return Err(Withheld::NoScatter);
        }
        Ok(Fit { weight, x0, y0, sxx, slope, variance })
    }

    fn at(&self, x: f64) -> Result<Fitted, Withheld> {
        let value = self.y0 + self.slope * (x - self.x0);
        let error = (self.variance * (1.0 + 1.0 / self.weight + (x - self.x0).powi(2) / self.sxx)).sqrt();
        finite([value, error])?;
        Ok(Fitted { value, error })
    }
}

/// 1 ÷ SE² scaled to a mean of 1; none where a point has no limits of some width.
fn weights(points: &[ProjectionPoint]) -> Option<Vec<f64>> {
    let width = |limits: Limits| limits.upper - limits.lower;
    let widths: Vec<f64> = points
        .iter()
        .map(|point| point.limits.map(width).filter(|width| width.is_finite() && *width > 0.0))
        .collect::<Option<_>>()?;
    // Beside the narrowest, so that no square leaves the range of numbers.
    let narrowest = widths.iter().copied().fold(f64::MAX, f64::min);
    let raw: Vec<f64> = widths.iter().map(|width| (narrowest / width).powi(2)).collect();
    let mean = raw.iter().sum::<f64>() / raw.len() as f64;
    Some(raw.into_iter().map(|weight| weight / mean).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn yearly(values: &[f64]) -> Vec<ProjectionPoint> {
        (2016_i16..)
            .zip(values)
            .map(|(year, value)| ProjectionPoint { end: date(year, 3, 31), value: *value, limits: None })
            .collect()
    }

    const VALUES: [f64; 6] = [10.0, 11.2, 11.8, 13.1, 13.9, 15.2];

    fn ahead(points: &[ProjectionPoint], to: i16) -> Result<Projection, Withheld> {
        project(points, date(to, 3, 31), Some(20.0), Polarity::High)
    }

    #[test]
    fn too_little_or_too_far_is_not_projected() {
        let points = yearly(&VALUES);
        assert!(ahead(&points, 2026).is_ok(), "five years seen, five ahead");
        // By hand: Σ(x − x̄)(y − ȳ) ÷ Σ(x − x̄)² = 17.7 ÷ 17.5.
        assert!((ahead(&points, 2026).unwrap().yearly_change - 17.7 / 17.5).abs() < 1e-9);
        assert_eq!(ahead(&points, 2027), Err(Withheld::TooFarAhead));
        assert_eq!(ahead(&points, 2021), Err(Withheld::NotInOrder));
        assert_eq!(ahead(&points[..4], 2020), Err(Withheld::TooFewValues(5)));
        assert_eq!(ahead(&[], 2020), Err(Withheld::TooFewValues(5)));
        let quarterly: Vec<_> =
            points.iter().zip([3, 6, 9, 12]).map(|(p, m)| ProjectionPoint { end: date(2020, m, 28), ..*p }).collect();
        assert_eq!(ahead(&[quarterly, points[..2].to_vec()].concat(), 2022), Err(Withheld::NotYearly));
        assert_eq!(ahead(&yearly(&[f64::NAN; 6]), 2022), Err(Withheld::NotFinite));
    }

    #[test]
    fn an_exact_line_has_no_spread() {
        assert_eq!(ahead(&yearly(&[100.0; 6]), 2023), Err(Withheld::NoScatter));
        assert_eq!(ahead(&yearly(&[0.1, 0.2, 0.3, 0.4, 0.5]), 2022), Err(Withheld::NoScatter));
        assert_eq!(ahead(&yearly(&[0.0; 5]), 2022), Err(Withheld::NoScatter));
    }

    #[test]
    fn limits_weigh_points_only_if_all_have_them() {
        let with = |width: &dyn Fn(usize) -> f64| -> Vec<_> {
            let points = yearly(&VALUES).into_iter().enumerate();
            points
                .map(|(i, p)| ProjectionPoint {
                    limits: Some(Limits { lower: p.value - width(i), upper: p.value + width(i) }),
                    ..p
                })
                .collect()
        };
        let plain = ahead(&yearly(&VALUES), 2023).unwrap();
        let alike = ahead(&with(&|_| 0.7), 2023).unwrap();
        assert!((plain.value - alike.value).abs() < 1e-12 && (plain.limits.upper - alike.limits.upper).abs() < 1e-12);
        assert!((ahead(&with(&|i| 0.2 + i as f64), 2023).unwrap().value - plain.value).abs() > 0.01);
        assert_eq!(ahead(&with(&|i| i as f64), 2023), Ok(plain), "one has no width");
        let narrow: Vec<_> = with(&|_| 1.0)
            .into_iter()
            .map(|p| ProjectionPoint { limits: Some(Limits { lower: 0.0, upper: 1e-200 }), ..p })
            .collect();
        assert!((ahead(&narrow, 2023).unwrap().value - plain.value).abs() < 1e-9);
    }

    #[test]
    fn a_chance_is_told_in_tenths() {
        let said = |p: f64| (Chance(p).shown_percent(), Chance(p).words());
        assert_eq!(said(0.0), (0, "less than 1 in 10".to_owned()));
        assert_eq!(said(0.049), (0, "less than 1 in 10".to_owned()));
        assert_eq!(said(0.074), (10, "about 1 in 10".to_owned()));
        assert_eq!(said(0.5), (50, "about 5 in 10".to_owned()));
        assert_eq!(said(0.949), (90, "about 9 in 10".to_owned()));
        assert_eq!(said(1.0), (100, "more than 9 in 10".to_owned()));
        let without = project(&yearly(&VALUES), date(2023, 3, 31), None, Polarity::High).unwrap();
        assert_eq!((without.chance, without.yearly_change_needed), (None, None));
        assert_eq!(project(&yearly(&VALUES), date(2023, 3, 31), Some(20.0), Polarity::None).unwrap().chance, None);
    }

    #[test]
    fn a_target_that_is_met_needs_no_change() {
        let needed =
            |target| project(&yearly(&VALUES), date(2025, 3, 31), Some(target), Polarity::High).unwrap().yearly_change_needed;
        assert_eq!(needed(15.2), None);
        assert!((needed(17.2).unwrap() - 0.5).abs() < 1e-12);
    }
}

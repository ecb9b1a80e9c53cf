//! One indicator on the scale of the index.

use super::transform::Transform;
use crate::{Confidence, Limits, Polarity, Withheld, finite};
use serde::{Deserialize, Serialize};

/// The points of a figure equal to the mean of the base, and those of one standard deviation.
const MEAN_SCORE: f64 = 100.0;
const POINTS: f64 = 10.0;

/// The mean and the standard deviation of the transformed figures of the areas in the base period.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Base {
    pub mean: f64,
    pub sd: f64,
}

impl Base {
    /// m = Σ nT(x) ÷ Σn and sd = √(Σ n(T(x) − m)² ÷ (Σn − Σn² ÷ Σn)), unbiased where n are weights and no numbers of cases, of
    /// areas as (population n, figure x).
    ///
    /// # Errors
    /// Fewer than two areas, one without people, a figure off the scale, or no area that differs from another.
    pub fn of(areas: &[(f64, f64)], transform: Transform) -> Result<Self, Withheld> {
        if areas.len() < 2 {
            return Err(Withheld::TooFewValues(2));
        }
        if areas.iter().any(|(people, _)| *people <= 0.0) {
            return Err(Withheld::NoDenominator);
        }
        let scaled: Vec<(f64, f64)> =
            areas.iter().map(|(people, value)| Ok((*people, transform.apply(*value)?))).collect::<Result<_, Withheld>>()?;
        let total: f64 = scaled.iter().map(|(people, _)| people).sum();
        let mean = scaled.iter().map(|(people, x)| people * x).sum::<f64>() / total;
        let squares: f64 = scaled.iter().map(|(people, x)| people * (x - mean).powi(2)).sum();
        let free = total - scaled.iter().map(|(people, _)| people * (people / total)).sum::<f64>();
        let sd = (squares / free).sqrt();
        finite([mean, sd])?;
        if sd > 0.0 { Ok(Base { mean, sd }) } else { Err(Withheld::NoDeviation) }
    }
}

/// How the figures of an indicator become scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standard {
    pub transform: Transform,
    pub base: Base,
    /// Which way is good.
    pub polarity: Polarity,
}

impl Standard {
    /// 100 + 10 ± (T(x) − m) ÷ sd. Its error is 10 |T′(x)| SE ÷ sd by the delta method, SE being (U − L) ÷ 2z of the figure's
    /// 95% limits; none where there are no limits that can be used.
    ///
    /// # Errors
    /// A figure off the scale, no direction that is good, a base without deviation.
    pub fn score(&self, value: f64, limits: Option<Limits>) -> Result<Score, Withheld> {
        let sign = self.polarity.sign().ok_or(Withheld::NoDirection)?;
        let Base { mean, sd } = self.base;
        finite([mean, sd])?;
        if sd <= 0.0 {
            return Err(Withheld::NoDeviation);
        }
        let points = MEAN_SCORE + POINTS * sign * (self.transform.apply(value)? - mean) / sd;
        finite([points])?;
        let usable = limits.filter(|l| l.lower < l.upper).zip(self.transform.slope(value).ok());
        let error = usable.map(|(l, slope)| POINTS * slope.abs() * (l.upper - l.lower) / (2.0 * Confidence::P95.z()) / sd);
        Ok(Score { points, error: error.filter(|error| error.is_finite()) })
    }
}

/// Points on the scale of the index: 100 is the mean of the base, 10 one standard deviation, more is better.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Score {
    pub points: f64,
    /// Its standard error in points, as far as it is known; none where it rests on no limits at all.
    pub error: Option<f64>,
}

impl Score {
    /// The interval of the score.
    pub fn limits(self, confidence: Confidence) -> Option<Limits> {
        let reach = confidence.z() * self.error?;
        Some(Limits { lower: self.points - reach, upper: self.points + reach })
    }

    /// Σ wx of independent scores, with the error √(Σ (w·SE)²). What has no error adds nothing to it.
    pub(super) fn weighted(scores: impl Iterator<Item = (f64, Score)>) -> Score {
        let (mut points, mut variance) = (0.0, None);
        for (weight, score) in scores {
            points += weight * score.points;
            let own = score.error.map(|error| (weight * error).powi(2));
            variance = own.map(|own| own + variance.unwrap_or(0.0)).or(variance);
        }
        Score { points, error: variance.map(f64::sqrt) }
    }
}

/// The score of a whole: the mean of its parts' scores by their populations, as (population, score).
///
/// # Errors
/// No part, or one without people.
pub fn whole(parts: &[(f64, Score)]) -> Result<Score, Withheld> {
    let total: f64 = parts.iter().map(|(people, _)| people).sum();
    if parts.is_empty() || parts.iter().any(|(people, _)| *people <= 0.0) {
        return Err(Withheld::NoDenominator);
    }
    finite([total])?;
    Ok(Score::weighted(parts.iter().map(|(people, score)| (people / total, *score))))
}

/// Points as a figure from 0 to 10 for readers: 5 is the mean of the base, 1 a standard deviation; beyond the ends it stays there.
pub fn out_of_ten(points: f64) -> f64 {
    (5.0 + (points - MEAN_SCORE) / POINTS).clamp(0.0, 10.0)
}

//! Statistical process control: XmR charts with Making Data Count's point rules and icons. Wheeler; NHS England.

use crate::value::{Limits, Polarity};
use serde::{Deserialize, Serialize};

/// Limits from fewer points than this are trial limits.
pub const FEWEST_FOR_LIMITS: usize = 13;

/// Limits lie this many mean moving ranges from the mean: three standard deviations.
const LIMIT: f64 = 2.66;
/// A moving range of this many mean ranges or more is an outlier and left out of the mean once.
const OUTLYING_RANGE: f64 = 3.267;
/// Points in a run or a trend.
const RUN: usize = 7;

/// How a chart is drawn up.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    pub polarity: Polarity,
    pub target: Option<f64>,
    /// Leave outlying moving ranges out of the limits.
    pub screen_outliers: bool,
    /// Take limits from the first so many points of each part only.
    pub fix_after: Option<usize>,
    /// Indices of points at which the limits start anew.
    pub rebase_at: Vec<usize>,
}

impl Options {
    /// Screened for outliers, without target, never rebased.
    pub fn new(polarity: Polarity) -> Self {
        Options { polarity, target: None, screen_outliers: true, fix_after: None, rebase_at: Vec::new() }
    }
}

/// What makes a point special, by the first rule that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    Common,
    AboveUpperLimit,
    BelowLowerLimit,
    /// Part of seven points each higher than the one before.
    Rising,
    Falling,
    /// One of two in three near the limit, all three on that side of the mean.
    NearUpperLimit,
    NearLowerLimit,
    /// Part of seven points on one side of the mean.
    RunAboveMean,
    RunBelowMean,
}

impl Cause {
    /// Up, down, or neither.
    fn direction(self) -> i8 {
        match self {
            Cause::Common => 0,
            Cause::AboveUpperLimit | Cause::Rising | Cause::NearUpperLimit | Cause::RunAboveMean => 1,
            Cause::BelowLowerLimit | Cause::Falling | Cause::NearLowerLimit | Cause::RunBelowMean => -1,
        }
    }
}

/// The variation icon, or what one point says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variation {
    CommonCause,
    ImprovementHigh,
    ImprovementLow,
    ConcernHigh,
    ConcernLow,
    NeutralHigh,
    NeutralLow,
}

/// The assurance icon: what the process will do about its target if nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// Will meet it every time.
    Pass,
    /// Will miss it every time.
    Fail,
    HitAndMiss,
}

/// One point with the lines at it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub value: f64,
    pub mean: f64,
    /// Not truncated at zero or 100.
    pub limits: Limits,
    pub cause: Cause,
    pub variation: Variation,
    /// The part of the chart has fewer than [`FEWEST_FOR_LIMITS`] points.
    pub trial: bool,
}

/// A chart: its points in order, and its icons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    pub points: Vec<Point>,
    /// That of the last point; none without points.
    pub variation: Option<Variation>,
    /// None without a target or where no direction is good.
    pub assurance: Option<Assurance>,
}

/// Draws up the chart of `values` in time order, all finite numbers; one that is not is a common-cause point
/// that no line is taken from.
pub fn chart(values: &[f64], options: &Options) -> Chart {
    let mut starts: Vec<usize> = options.rebase_at.iter().copied().filter(|i| (1..values.len()).contains(i)).collect();
    starts.push(0);
    starts.sort_unstable();
    starts.dedup();
    let mut points = Vec::with_capacity(values.len());
    for (i, start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(values.len());
        points.extend(part(&values[*start..end], options));
    }
    let assurance = points.last().zip(options.target).and_then(|(last, target)| assure(last.limits, target, options.polarity));
    Chart { variation: points.last().map(|p| p.variation), assurance, points }
}

/// The limits within which `values`, in time order, leave the next one by chance; none where they are too few for more than
/// trial limits, or never vary.
pub fn limits_after(values: &[f64]) -> Option<Limits> {
    let limits = chart(values, &Options::new(Polarity::None)).points.last().filter(|point| !point.trial)?.limits;
    (limits.lower < limits.upper).then_some(limits)
}

fn assure(limits: Limits, target: f64, polarity: Polarity) -> Option<Assurance> {
    let sign = polarity.sign()?;
    Some(match limits.contains(target) {
        true => Assurance::HitAndMiss,
        false if (limits.upper < target) == (sign > 0.0) => Assurance::Fail,
        false => Assurance::Pass,
    })
}

/// The points of one stretch with common lines.
fn part(values: &[f64], options: &Options) -> Vec<Point> {
    let basis: Vec<f64> =
        values.iter().copied().take(options.fix_after.unwrap_or(usize::MAX)).filter(|v| v.is_finite()).collect();
    let mean = average(&basis);
    let mut ranges: Vec<f64> = basis.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let rough = average(&ranges);
    if options.screen_outliers && rough > 0.0 {
        ranges.retain(|range| *range < OUTLYING_RANGE * rough);
    }
    let reach = LIMIT * average(&ranges);
    let limits = Limits { lower: mean - reach, upper: mean + reach };
    let causes = causes(values, mean, limits, reach * 2.0 / 3.0);
    values
        .iter()
        .zip(causes)
        .map(|(value, cause)| Point {
            value: *value,
            mean,
            limits,
            cause,
            variation: variation(cause, options.polarity),
            trial: values.len() < FEWEST_FOR_LIMITS,
        })
        .collect()
}

fn average(numbers: &[f64]) -> f64 {
    if numbers.is_empty() { 0.0 } else { numbers.iter().sum::<f64>() / numbers.len() as f64 }
}

fn causes(values: &[f64], mean: f64, limits: Limits, near: f64) -> Vec<Cause> {
    let side: Vec<i8> = values.iter().map(|v| sign(v - mean)).collect();
    let outside: Vec<bool> = values.iter().map(|v| *v > limits.upper || *v < limits.lower).collect();
    let close: Vec<bool> = values.iter().zip(&outside).map(|(v, out)| !out && (v - mean).abs() > near).collect();
    let step: Vec<i8> = values.windows(2).map(|pair| sign(pair[1] - pair[0])).collect();

    let mut trend = vec![false; values.len()];
    for (start, steps) in step.windows(RUN - 1).enumerate() {
        if steps[0] != 0 && steps.iter().all(|s| *s == steps[0]) {
            trend[start..start + RUN].fill(true);
        }
    }
    let mut run = vec![false; values.len()];
    for (start, sides) in side.windows(RUN).enumerate() {
        if sides[0] != 0 && sides.iter().all(|s| *s == sides[0]) {
            run[start..start + RUN].fill(true);
        }
    }
    let mut near_limit = vec![false; values.len()];
    for start in 0..values.len().saturating_sub(2) {
        let three = start..start + 3;
        let one_side = side[start] != 0 && side[three.clone()].iter().all(|s| *s == side[start]);
        if one_side && close[three.clone()].iter().filter(|c| **c).count() >= 2 {
            for i in three {
                near_limit[i] |= close[i];
            }
        }
    }
    (0..values.len())
        .map(|i| {
            let above = side[i] > 0;
            if outside[i] {
                return if above { Cause::AboveUpperLimit } else { Cause::BelowLowerLimit };
            }
            if trend[i] {
                // A turning point belongs to two trends and takes the one to its right.
                let to_the_right = trend.get(i + 1).copied().unwrap_or(false);
                let rising = if to_the_right || i == 0 { step[i] > 0 } else { step[i - 1] > 0 };
                return if rising { Cause::Rising } else { Cause::Falling };
            }
            match (near_limit[i], run[i], above) {
                (true, _, true) => Cause::NearUpperLimit,
                (true, _, false) => Cause::NearLowerLimit,
                (_, true, true) => Cause::RunAboveMean,
                (_, true, false) => Cause::RunBelowMean,
                _ => Cause::Common,
            }
        })
        .collect()
}

fn variation(cause: Cause, polarity: Polarity) -> Variation {
    match (cause.direction(), polarity) {
        (1, Polarity::High) => Variation::ImprovementHigh,
        (1, Polarity::Low) => Variation::ConcernHigh,
        (1, Polarity::None) => Variation::NeutralHigh,
        (-1, Polarity::High) => Variation::ConcernLow,
        (-1, Polarity::Low) => Variation::ImprovementLow,
        (-1, Polarity::None) => Variation::NeutralLow,
        _ => Variation::CommonCause,
    }
}

fn sign(x: f64) -> i8 {
    i8::from(x > 0.0) - i8::from(x < 0.0)
}

//! Statistical process control: XmR charts with the point rules and icons of Making Data Count. Wheeler.
//!
//! A chart is drawn up of one [`PeriodValue`] a period, so that a gap is seen: no moving range is taken across it and no run
//! goes on over it. The same holds of a figure that is known to be doubtful.

use crate::{Limits, Polarity, tolerance};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Limits from fewer points than this are trial limits: no icon, no special cause and no assurance rests on them.
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
    /// Step changes: the places of readings at which mean and limits start anew and points count anew.
    pub rebase_at: Vec<usize>,
}

impl Options {
    /// Screened for outliers, without target, never rebased.
    pub fn new(polarity: Polarity) -> Self {
        Options { polarity, target: None, screen_outliers: true, rebase_at: Vec::new() }
    }
}

/// What one period has to say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeriodValue {
    /// None where the period has no figure.
    pub value: Option<f64>,
    /// Known to be doubtful: shown, and left out of mean, limits, runs and counts.
    pub doubtful: bool,
}

impl PeriodValue {
    /// A period without a figure.
    pub const MISSING: PeriodValue = PeriodValue { value: None, doubtful: false };

    /// A figure that is not doubtful.
    pub fn of(value: f64) -> Self {
        PeriodValue { value: Some(value), doubtful: false }
    }

    /// The value that mean, limits and runs rest on.
    fn sound(self) -> Option<f64> {
        self.value.filter(|value| value.is_finite() && !self.doubtful)
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
    /// The place of its reading, from 0.
    pub place: usize,
    pub value: f64,
    pub mean: f64,
    /// Not truncated at zero or 100.
    pub limits: Limits,
    pub cause: Cause,
    pub variation: Variation,
    /// Left out of mean, limits and runs; no cause is looked for.
    pub doubtful: bool,
    /// The part of the chart has fewer than [`FEWEST_FOR_LIMITS`] points that count.
    pub trial: bool,
}

/// A chart: its points in order, and its icons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// One for each reading with a figure.
    pub points: Vec<Point>,
    /// That of the last point that is not doubtful; none where its part has fewer than [`FEWEST_FOR_LIMITS`] that count.
    pub variation: Option<Variation>,
    /// None without a target, where no direction is good, under [`FEWEST_FOR_LIMITS`] points or from limits of no width.
    pub assurance: Option<Assurance>,
}

/// Draws up the chart of `values` in time order, without gaps.
pub fn chart(values: &[f64], options: &Options) -> Chart {
    let readings: Vec<PeriodValue> = values.iter().map(|value| PeriodValue::of(*value)).collect();
    chart_of(&readings, options)
}

/// Draws up the chart of one reading a period, in time order. A value that is no finite number is none; where the lines
/// would be no numbers there are no points.
pub fn chart_of(readings: &[PeriodValue], options: &Options) -> Chart {
    let mut starts: Vec<usize> = options.rebase_at.iter().copied().filter(|i| (1..readings.len()).contains(i)).collect();
    starts.push(0);
    starts.sort_unstable();
    starts.dedup();
    let mut points = Vec::with_capacity(readings.len());
    let mut last: Option<Part> = None;
    for (i, start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(readings.len());
        // A step change after which nothing counts has no lines yet: its points stand beside those before it.
        let own = Part::of(&readings[*start..end], options.screen_outliers);
        let Some(part) = own.or(last) else { continue };
        if !part.is_finite() {
            return Chart { points: Vec::new(), variation: None, assurance: None };
        }
        points.extend(part.points(*start, &readings[*start..end], options.polarity));
        last = Some(part);
    }
    let sound = points.iter().rev().find(|point: &&Point| !point.doubtful).filter(|point| !point.trial);
    let target = options.target.filter(|target| target.is_finite());
    let assurance = last.filter(|part| part.tells()).zip(target).and_then(|(part, target)| part.assure(target, options.polarity));
    Chart { variation: sound.map(|point| point.variation), assurance, points }
}

/// The limits within which `values`, in time order, leave the next one by chance; none where they are too few for more than
/// trial limits, or never vary.
pub fn limits_after(values: &[f64]) -> Option<Limits> {
    let readings: Vec<PeriodValue> = values.iter().map(|value| PeriodValue::of(*value)).collect();
    Part::of(&readings, true).filter(|part| part.tells() && part.is_finite()).map(|part| part.limits)
}

/// The lines of one stretch, and how many points they rest on.
#[derive(Clone, Copy)]
struct Part {
    mean: f64,
    limits: Limits,
    /// A point further from the mean than this is near a limit.
    near: f64,
    counted: usize,
    /// Differences up to this are rounding: of the mean of figures as large as these.
    rounding: f64,
}

impl Part {
    /// None where no reading counts.
    fn of(readings: &[PeriodValue], screen_outliers: bool) -> Option<Self> {
        let sound: Vec<f64> = readings.iter().filter_map(|reading| reading.sound()).collect();
        if sound.is_empty() {
            return None;
        }
        let mean = average(&sound);
        let largest = sound.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let rounding = largest * f64::EPSILON * sound.len() as f64;
        let pairs = readings.windows(2).filter_map(|pair| Some((pair[1].sound()? - pair[0].sound()?).abs()));
        let mut ranges: Vec<f64> = pairs.collect();
        let rough = average(&ranges);
        if screen_outliers && rough > 0.0 {
            ranges.retain(|range| tolerance::below(*range, OUTLYING_RANGE * rough));
        }
        let reach = LIMIT * average(&ranges);
        let limits = Limits { lower: mean - reach, upper: mean + reach };
        Some(Part { mean, limits, near: reach * 2.0 / 3.0, counted: sound.len(), rounding })
    }

    fn is_finite(&self) -> bool {
        [self.mean, self.limits.lower, self.limits.upper, self.rounding].iter().all(|x| x.is_finite())
    }

    /// Whether causes and assurance may be read from the lines: from enough points, whose limits have some width.
    fn tells(&self) -> bool {
        self.counted >= FEWEST_FOR_LIMITS && self.order(self.limits.upper, self.limits.lower) == Ordering::Greater
    }

    /// How `a` stands to `b`, both of the size of the figures.
    fn order(&self, a: f64, b: f64) -> Ordering {
        if (a - b).abs() <= self.rounding { Ordering::Equal } else { tolerance::compare(a, b).unwrap_or(Ordering::Equal) }
    }

    fn assure(&self, target: f64, polarity: Polarity) -> Option<Assurance> {
        let sign = polarity.sign()?;
        let beyond = match (self.order(target, self.limits.lower), self.order(target, self.limits.upper)) {
            (Ordering::Less, _) => -1.0,
            (_, Ordering::Greater) => 1.0,
            _ => return Some(Assurance::HitAndMiss),
        };
        Some(if beyond * sign > 0.0 { Assurance::Fail } else { Assurance::Pass })
    }

    /// The points of `readings`, the first of which has the place `start`.
    fn points(&self, start: usize, readings: &[PeriodValue], polarity: Polarity) -> Vec<Point> {
        let mut causes = vec![Cause::Common; readings.len()];
        if self.tells() {
            let mut from = 0;
            // Runs end at every reading that does not count.
            for run in readings.split(|reading| reading.sound().is_none()) {
                let values: Vec<f64> = run.iter().filter_map(|reading| reading.value).collect();
                causes[from..from + values.len()].copy_from_slice(&self.causes(&values));
                from += values.len() + 1;
            }
        }
        let point = |(i, (reading, cause)): (usize, (&PeriodValue, Cause))| {
            Some(Point {
                place: start + i,
                value: reading.value.filter(|value| value.is_finite())?,
                mean: self.mean,
                limits: self.limits,
                cause,
                variation: variation(cause, polarity),
                doubtful: reading.doubtful,
                trial: self.counted < FEWEST_FOR_LIMITS,
            })
        };
        readings.iter().zip(causes).enumerate().filter_map(point).collect()
    }

    /// The cause of each of `values`, which follow one another without a gap.
    fn causes(&self, values: &[f64]) -> Vec<Cause> {
        let sign = |order: Ordering| order as i8;
        let side: Vec<i8> = values.iter().map(|v| sign(self.order(*v, self.mean))).collect();
        let outside: Vec<bool> = values
            .iter()
            .map(|v| self.order(*v, self.limits.upper).is_gt() || self.order(*v, self.limits.lower).is_lt())
            .collect();
        let beyond_near = |v: f64| self.order(v, self.mean + self.near).is_gt() || self.order(v, self.mean - self.near).is_lt();
        let close: Vec<bool> = values.iter().zip(&outside).map(|(v, out)| !out && beyond_near(*v)).collect();
        let step: Vec<i8> = values.windows(2).map(|pair| sign(self.order(pair[1], pair[0]))).collect();

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
}

fn average(numbers: &[f64]) -> f64 {
    if numbers.is_empty() { 0.0 } else { numbers.iter().sum::<f64>() / numbers.len() as f64 }
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

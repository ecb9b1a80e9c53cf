//! A figure that is far from the last one, or from the run of all before it.

use super::past::Past;
use super::{Doubt, named};
use crate::collect::returns::known::Expected;
use crate::collect::{FigureKey, Grade, Observation};
use crate::framework::Measure;
use crate::value::Unit;

/// Percentage points from one figure to the next that are asked about.
const POINTS: f64 = 10.0;
/// Of other figures, how many times the last one, or such a part of it.
const TIMES: f64 = 1.5;
/// Standard errors beyond which a difference between two counts is not put down to chance.
const BEYOND_CHANCE: f64 = 3.0;

const REMEDY: &str = "correct it, or say in the row's note what has changed";

/// Where the values before, drawn as a control chart, leave no room for this one.
pub(super) fn beyond_the_run(
    measure: &Measure,
    of: &Observation,
    value: f64,
    past: &Past<'_>,
    expected: Option<Expected>,
) -> Option<Doubt> {
    let before: Vec<f64> =
        past.run_before(measure, &FigureKey::of(of), of.illustrative).into_iter().map(|(_, value)| value).collect();
    let limits = expected.and_then(|expected| expected(&before)).filter(|limits| !limits.contains(value))?;
    let figure = |value| measure.unit.format(value, measure.decimals);
    let problem = format!(
        "{}: {} was found; by the {} figures before, {} to {} was expected",
        named(of, measure),
        figure(value),
        before.len(),
        figure(limits.lower),
        figure(limits.upper)
    );
    Some(Doubt { grade: Grade::Question, problem, remedy: REMEDY })
}

/// Where the last figure is far off, and not by the chance that small counts are subject to.
pub(super) fn since_last_time(measure: &Measure, of: &Observation, value: f64, past: &Past<'_>) -> Option<Doubt> {
    let (period, last) = past.last_before(measure, &FigureKey::of(of), of.illustrative)?;
    let difference = (value - last).abs();
    let is_far = match &measure.unit {
        Unit::Percent => difference > POINTS,
        _ => difference > 0.0 && (value * last <= 0.0 || (value / last).max(last / value) > TIMES),
    };
    if !is_far || difference <= BEYOND_CHANCE * error_of_difference(measure, of, value) {
        return None;
    }
    let figure = |value| measure.unit.format(value, measure.decimals);
    let problem = format!("{}: {} was found; it was {} in {period}", named(of, measure), figure(value), figure(last));
    Some(Doubt { grade: Grade::Question, problem, remedy: REMEDY })
}

/// The standard error of the difference between two figures like this one, by its count; 0 where none is known.
fn error_of_difference(measure: &Measure, of: &Observation, value: f64) -> f64 {
    let one = match (of.numerator, of.denominator) {
        (_, Some(out_of)) if measure.unit == Unit::Percent && out_of > 0.0 => (value * (100.0 - value) / out_of).max(0.0).sqrt(),
        (Some(count), _) if count > 0.0 => value / count.sqrt(),
        _ if measure.unit == Unit::Count && value > 0.0 => value.sqrt(),
        _ => 0.0,
    };
    one.abs() * std::f64::consts::SQRT_2
}

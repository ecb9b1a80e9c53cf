//! A figure that is far from the last one, or from the run of all before it.

use super::doubt::{Doubt, asked};
use super::past::{Expected, PastFigures};
use crate::collect::checks::{self, Numbers};
use crate::figure::{FigureKey, Observation};
use crate::framework::Measure;

const REMEDY: &str = "correct it, or say in the row's note what has changed";

/// Where the values before, drawn as a control chart, leave no room for this one.
pub(super) fn beyond_the_run(
    measure: &Measure,
    name: &str,
    of: &Observation,
    value: f64,
    past: &PastFigures<'_>,
    expected: Option<Expected>,
) -> Option<Doubt> {
    let before: Vec<f64> =
        past.run_before(measure, &FigureKey::of(of), of.illustrative).into_iter().map(|(_, value)| value).collect();
    let limits = expected.and_then(|expected| expected(&before)).filter(|limits| !limits.contains(value))?;
    let figure = |value| measure.unit.format(value, measure.decimals);
    let problem = format!(
        "{name}: {} was found; by the {} figures before, {} to {} was expected",
        figure(value),
        before.len(),
        figure(limits.lower),
        figure(limits.upper)
    );
    Some(asked(of, problem, REMEDY))
}

/// The same of a figure that is given for the first time, beside the one before it in the same workbook, such as its baseline: asked
/// where one of the two may be a slip.
pub(super) fn beside_own_baseline(
    measure: &Measure,
    name: &str,
    of: &Observation,
    value: f64,
    own: &PastFigures<'_>,
) -> Option<Doubt> {
    let now = Numbers { value, numerator: of.numerator, denominator: of.denominator, limits: of.limits };
    let (period, last) = own.numbers_before(measure, &FigureKey::of(of), of.illustrative).pop()?;
    let problem = format!("{name}: {}", checks::slip(measure, &now, (period, &last))?);
    Some(asked(of, problem, "correct whichever is wrong, or say in the row's note what has changed"))
}

/// Where the figure, or a count of it, is far from the last one, and not by the chance that small counts are subject to.
pub(super) fn since_last_time(
    measure: &Measure,
    name: &str,
    of: &Observation,
    value: f64,
    past: &PastFigures<'_>,
) -> Option<Doubt> {
    let now = Numbers { value, numerator: of.numerator, denominator: of.denominator, limits: of.limits };
    let before = past.numbers_before(measure, &FigureKey::of(of), of.illustrative);
    let problem = format!("{name}: {}", checks::unusual(measure, &now, &before)?);
    Some(asked(of, problem, REMEDY))
}

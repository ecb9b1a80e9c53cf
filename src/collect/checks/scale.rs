//! A figure that is a hundred, a thousand or a million times the last one, or such a part of it: given in another unit.

use crate::framework::Measure;
use crate::period::Period;

/// How many times larger a figure becomes where a share is given for a percentage, pounds for thousands or millions.
const STEPS: [f64; 3] = [100.0, 1e3, 1e6];

/// How far from such a step, as a factor, a figure may be that has also changed.
const NEAR: f64 = 1.5;

/// What is told of a figure beside the last one, where it may be in another unit: `0.2% was found, about 1/100 of the 18.8%
/// of 2023`.
pub(in crate::collect) fn jump(measure: &Measure, value: f64, (period, last): (Period, f64)) -> Option<String> {
    if value == 0.0 || last == 0.0 {
        return None;
    }
    let ratio = (value / last).abs();
    let times = ratio.max(1.0 / ratio);
    let step = STEPS.into_iter().find(|step| (step / NEAR..=step * NEAR).contains(&times))?;
    let how = if ratio > 1.0 { format!("about {step} times") } else { format!("about 1/{step} of") };
    Some(format!("{} was found, {how} the {} of {period}", plain_figure(measure, value), plain_figure(measure, last)))
}

/// A figure with its unit, without the zeros that end a fraction: `1.2000%` is `1.2%`.
fn plain_figure(measure: &Measure, value: f64) -> String {
    let figure = measure.unit.format(value, 4);
    let Some(point) = figure.find('.') else { return figure };
    let end = figure[point + 1..].find(|c: char| !c.is_ascii_digit()).map_or(figure.len(), |at| point + 1 + at);
    let number = figure[..end].trim_end_matches('0').trim_end_matches('.');
    format!("{number}{}", &figure[end..])
}

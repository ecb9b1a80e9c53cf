//! A figure that is a hundred, a thousand or a million times the last one, or such a part of it: given in another unit.

use super::past::Past;
use super::{Doubt, named};
use crate::collect::{FigureKey, Grade, Observation};
use crate::framework::Measure;

/// How many times larger a figure becomes where a share is given for a percentage, pounds for thousands or millions.
const STEPS: [f64; 3] = [100.0, 1e3, 1e6];

/// How far from such a step, as a factor, a figure may be that has also changed.
const NEAR: f64 = 1.5;

pub(super) fn doubt(measure: &Measure, of: &Observation, value: f64, past: &Past<'_>) -> Option<Doubt> {
    let (period, last) = past.last_before(measure, &FigureKey::of(of), of.illustrative)?;
    if value == 0.0 || last == 0.0 {
        return None;
    }
    let ratio = (value / last).abs();
    let times = ratio.max(1.0 / ratio);
    let step = STEPS.into_iter().find(|step| (step / NEAR..=step * NEAR).contains(&times))?;
    let how = if ratio > 1.0 { format!("about {step} times") } else { format!("about 1/{step} of") };
    let (value, last) = (measure.unit.format(value, 4), measure.unit.format(last, 4));
    let problem = format!("{}: {} was found, {how} the {} of {period}", named(of, measure), trimmed(&value), trimmed(&last));
    Some(if of.note.is_empty() {
        let remedy = "give it in the unit of the template; if it is right, say so in the row's note";
        Doubt { grade: Grade::Error, problem: format!("{problem}: it may be in another unit"), remedy }
    } else {
        let remedy = "look at the unit once more";
        Doubt { grade: Grade::Question, problem: format!("{problem}; it is used, for a note stands beside it"), remedy }
    })
}

/// Without the zeros that end a fraction: `1.2000%` is `1.2%`.
fn trimmed(figure: &str) -> String {
    let Some(point) = figure.find('.') else { return figure.to_owned() };
    let end = figure[point + 1..].find(|c: char| !c.is_ascii_digit()).map_or(figure.len(), |at| point + 1 + at);
    let number = figure[..end].trim_end_matches('0').trim_end_matches('.');
    format!("{number}{}", &figure[end..])
}

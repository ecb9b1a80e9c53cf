//! Amounts as they are shown back to those who sent them.

use crate::framework::Measure;
use crate::value::{Value, format_number};

/// A figure with its unit and the places that it was given with: what is shown back must be what was sent.
pub(super) fn value_in_words(measure: &Measure, value: Value) -> String {
    match value {
        Value::Number(number) => measure.unit.format(number, places(number).unwrap_or(0).max(measure.decimals)),
        Value::Suppressed => "suppressed".to_owned(),
        Value::Missing => "missing".to_owned(),
        Value::NotApplicable => "not applicable".to_owned(),
    }
}

/// Two figures of one measure, with as many places as tell them apart where they differ.
pub(super) fn both_in_words(measure: &Measure, one: Value, other: Value) -> [String; 2] {
    let usual = [one, other].map(|value| value_in_words(measure, value));
    let (Some(a), Some(b)) = (one.number(), other.number()) else { return usual };
    if usual[0] != usual[1] || a == b {
        return usual;
    }
    let mut finer = (measure.decimals..=8).map(|places| [a, b].map(|number| measure.unit.format(number, places)));
    finer.find(|[one, other]| one != other).unwrap_or(usual)
}

pub(super) fn plain(number: f64) -> String {
    format_number(number, places(number).unwrap_or(4))
}

/// As many places as a number was typed with; none where it has more than four, as one worked out from counts has.
fn places(number: f64) -> Option<u8> {
    let is_told = |places: &u8| {
        let scale = 10f64.powi(i32::from(*places));
        ((number * scale).round() / scale - number).abs() <= number.abs() * 1e-12
    };
    (0..=4).find(is_told)
}

//! Figures as a reader sees them. What is missing, suppressed, not applicable and zero stay apart.

use crate::evaluate::{Comparison, Point};
use crate::framework::Measure;
use crate::period::Period;
use crate::value::{Limits, Unit, Value};
use jiff::civil::Date;

/// What stands in a table where there is nothing to print.
pub const NONE: &str = "none";

/// A number with its unit in the measure's places; more places where it would otherwise be taken for zero.
pub fn number(measure: &Measure, value: f64) -> String {
    let shown = |decimals: u8| measure.unit.format(value, decimals);
    let is_zero = |text: &str| !text.chars().take_while(|c| !c.is_alphabetic()).any(|c| ('1'..='9').contains(&c));
    let usual = shown(measure.decimals);
    if value == 0.0 || !is_zero(&usual) {
        return usual;
    }
    (measure.decimals + 1..=8).map(shown).find(|text| !is_zero(text)).unwrap_or(usual)
}

pub fn value(measure: &Measure, value: Value) -> String {
    match value {
        Value::Number(n) => number(measure, n),
        Value::Suppressed => "suppressed".to_owned(),
        Value::Missing => "missing".to_owned(),
        Value::NotApplicable => "not applicable".to_owned(),
    }
}

/// `56.1 to 58.3`, without the unit.
pub fn limits(measure: &Measure, limits: Option<Limits>) -> String {
    let plain = |x: f64| number(&Measure { unit: Unit::Count, ..measure.clone() }, x);
    limits.map_or(NONE.to_owned(), |l| format!("{} to {}", plain(l.lower), plain(l.upper)))
}

/// The comparator's figure beside a point.
pub fn comparator(measure: &Measure, point: &Point) -> String {
    point.comparator.map_or(NONE.to_owned(), |x| number(measure, x))
}

/// A label short enough for a table: `2018–20`, `2021/22`, `2026/27 Q2`.
pub fn period(period: Period) -> String {
    period.to_string().replace(" - ", "–")
}

pub fn date(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// How a figure stands beside the comparator's, in words.
pub fn comparison(comparison: Comparison, comparator: &str) -> String {
    match comparison {
        Comparison::Better => format!("better than {comparator}"),
        Comparison::Similar => format!("similar to {comparator}"),
        Comparison::Worse => format!("worse than {comparator}"),
        Comparison::Higher => format!("higher than {comparator}"),
        Comparison::Lower => format!("lower than {comparator}"),
        Comparison::NotCompared => "not compared".to_owned(),
    }
}

/// `1 measure`, `2 measures`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

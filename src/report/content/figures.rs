//! Figures as a reader sees them. What is missing, suppressed, not applicable and zero stay apart.

use crate::evaluate::{Comparison, Point};
use crate::framework::Measure;
use crate::period::Period;
use crate::value::{Limits, Value, format_number};
use jiff::civil::Date;

/// What stands in a table where there is nothing to print.
pub const NONE: &str = "none";
/// What stands for a comparison that could not be made.
pub const NOT_COMPARED: &str = "not compared";

/// A number with its unit in the measure's places; more places where it would otherwise be taken for zero.
pub fn number(measure: &Measure, value: f64) -> String {
    measure.unit.format(value, places(measure, value))
}

/// The same without the unit.
pub fn plain(measure: &Measure, value: f64) -> String {
    format_number(value, places(measure, value))
}

/// Decimal places that a figure is printed with.
pub fn places(measure: &Measure, value: f64) -> u8 {
    let told_from_zero = |places: u8| format_number(value, places).bytes().any(|b| (b'1'..=b'9').contains(&b));
    let usual = measure.decimals;
    if value == 0.0 { usual } else { (usual..=8).find(|places| told_from_zero(*places)).unwrap_or(usual) }
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
    limits.map_or(NONE.to_owned(), |l| format!("{} to {}", plain(measure, l.lower), plain(measure, l.upper)))
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
        Comparison::NotCompared => NOT_COMPARED.to_owned(),
    }
}

/// Words as a sentence: a capital at its start, a stop at its end.
pub fn sentence(words: &str) -> String {
    let words = words.trim();
    let mut out: String = words.chars().take(1).flat_map(char::to_uppercase).collect();
    out.extend(words.chars().skip(1));
    if !out.is_empty() && !out.ends_with(['.', '!', '?', ':']) {
        out.push('.');
    }
    out
}

/// `1 measure`, `2 measures`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::{Disclosure, MeasureId, Source, Statistic};
    use crate::period::YearKind;
    use crate::value::{Polarity, Unit};

    fn measure() -> Measure {
        Measure {
            id: MeasureId("m".into()),
            title: "M".into(),
            definition: String::new(),
            numerator: String::new(),
            denominator: String::new(),
            multiplier: 1.0,
            unit: Unit::Percent,
            decimals: 1,
            statistic: Statistic::Proportion,
            polarity: Polarity::High,
            year: YearKind::Financial,
            cadence_months: 12,
            publication_lag_months: 12,
            disclosure: Disclosure::None,
            source: Source::None,
            parts: Vec::new(),
            proxy: String::new(),
            notes: String::new(),
        }
    }

    #[test]
    fn a_small_figure_is_never_printed_as_zero() {
        assert_eq!(number(&measure(), 0.004), "0.004%");
        assert_eq!(number(&measure(), 0.0), "0.0%");
        assert_eq!(number(&measure(), 12.34), "12.3%");
        assert_eq!(number(&measure(), -0.004), "\u{2212}0.004%");
    }

    #[test]
    fn what_is_missing_suppressed_and_zero_reads_differently() {
        let said = [Value::Missing, Value::Suppressed, Value::NotApplicable, Value::Number(0.0)].map(|v| value(&measure(), v));
        assert_eq!(said, ["missing", "suppressed", "not applicable", "0.0%"]);
    }
}

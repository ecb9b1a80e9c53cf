//! Figures as a reader sees them. What is missing, suppressed, not applicable and zero stay apart.

use crate::evaluate::SeriesPoint;
use crate::framework::Measure;
use crate::period::Period;
use crate::value::{Limits, Unit, Value, format_number};
use indicator_stats::tolerance;
use jiff::civil::Date;

/// What stands in a table where there is nothing to print.
pub const NONE: &str = "none";
/// What stands for a comparison that could not be made.
pub const NOT_COMPARED: &str = "not compared";

/// What stands for what is not given of an area.
pub const NOT_GIVEN: &str = "not given";

/// A number with its unit, in the places that it has wherever it stands.
pub fn number(measure: &Measure, value: f64) -> String {
    measure.unit.format(value, places(measure, value))
}

/// A difference of two figures: of percentages in percentage points.
pub fn difference(measure: &Measure, value: f64) -> String {
    match &measure.unit {
        Unit::Percent => format!("{} percentage points", plain(measure, value)),
        _ => number(measure, value),
    }
}

/// The same without the unit.
pub fn plain(measure: &Measure, value: f64) -> String {
    format_number(value, places(measure, value))
}

/// Decimal places that a figure is printed with.
pub fn places(measure: &Measure, value: f64) -> u8 {
    measure.unit.places(value, measure.places(value))
}

pub fn value(measure: &Measure, value: Value) -> String {
    match value {
        Value::Number(n) => number(measure, n),
        Value::Suppressed => "suppressed".to_owned(),
        Value::Missing => "missing".to_owned(),
        Value::NotApplicable => "not applicable".to_owned(),
    }
}

/// Two figures of one measure that are not the same, with places enough that they do not read the same; of what is
/// protected it is said that it is.
pub fn changed(measure: &Measure, from: Value, to: Value) -> [String; 2] {
    let protected = || "not shown, to protect people".to_owned();
    let said = |of: Value| if of == Value::Suppressed { protected() } else { value(measure, of) };
    match (from, to) {
        (Value::Number(a), Value::Number(b)) if a != b => {
            let usual = places(measure, a).max(places(measure, b));
            let told_apart = |d: &u8| measure.unit.format(a, *d) != measure.unit.format(b, *d);
            let enough = (usual..=17).find(told_apart).unwrap_or(usual);
            [a, b].map(|x| measure.unit.format(x, enough))
        }
        _ => [said(from), said(to)],
    }
}

/// The same without the unit.
pub fn bare(measure: &Measure, of: Value) -> String {
    of.number().map_or_else(|| value(measure, of), |x| plain(measure, x))
}

/// `56.1 to 58.3`, without the unit.
pub fn limits(measure: &Measure, limits: Option<Limits>) -> String {
    limits.map_or(NONE.to_owned(), |l| format!("{} to {}", plain(measure, l.lower), plain(measure, l.upper)))
}

/// The comparator's figure beside a point.
pub fn comparator(measure: &Measure, point: &SeriesPoint) -> String {
    point.comparator.map_or(NONE.to_owned(), |x| number(measure, x))
}

/// A label short enough for a table: `2018–20`, `2021/22`, `2026/27 Q2`.
pub fn period(period: Period) -> String {
    period.in_short()
}

pub fn date(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// Of two numbers that differ and are printed alike, by how much: `by less than 0.1 percentage points`. A figure has one rounding
/// wherever it stands, and the words say what that hides.
pub fn alike(measure: &Measure, a: f64, b: f64) -> Option<String> {
    (!tolerance::equal(a, b) && number(measure, a) == number(measure, b))
        .then(|| measure.unit.less_than_a_step(places(measure, a)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure() -> Measure {
        toml::from_str(
            "id = \"m\"\ntitle = \"M\"\ndefinition = \"\"\nunit = \"percent\"\nstatistic = \"proportion\"\npolarity = \"high\"\n\
             year = \"financial\"\ncadence_months = 12\npublication_lag_months = 12\nsource = { kind = \"none\" }",
        )
        .unwrap()
    }

    #[test]
    fn changed_figures_never_read_the_same() {
        let said = |from, to| changed(&measure(), from, to);
        assert_eq!(said(Value::Number(12.3), Value::Number(12.4)), ["12.3%", "12.4%"]);
        assert_eq!(said(Value::Number(12.3), Value::Number(12.300_001)), ["12.300000%", "12.300001%"]);
        assert_eq!(said(Value::Suppressed, Value::Number(1.0)), ["not shown, to protect people", "1.0%"]);
    }

    #[test]
    fn a_small_figure_is_never_printed_as_zero() {
        assert_eq!(number(&measure(), 0.004), "0.004%");
        assert_eq!(number(&measure(), 0.0), "0.0%");
        assert_eq!(number(&measure(), 12.34), "12.3%");
        assert_eq!(number(&measure(), -0.004), "\u{2212}0.004%");
    }

    #[test]
    fn a_rounded_rate_has_no_digits_that_are_not_known() {
        let rate = "unit = \"per100k\"\nstatistic = \"standardised-rate\"\ndisclosure = \"hospital-episodes\"";
        let text = format!(
            "id = \"m\"\ntitle = \"M\"\ndefinition = \"\"\n{rate}\npolarity = \"low\"\nyear = \"financial\"\n\
             cadence_months = 12\npublication_lag_months = 12\nsource = {{ kind = \"none\" }}"
        );
        let measure: Measure = toml::from_str(&text).unwrap();
        let said = [460.0, 1200.0, 46.0, 4.6, 0.46, 421.2, 0.0].map(|value| plain(&measure, value));
        assert_eq!(said, ["460", "1,200", "46", "4.6", "0.5", "421.2", "0.0"]);
        // One that is not protected is as exact as it is written.
        assert_eq!(plain(&self::measure(), 46.0), "46.0");
    }

    #[test]
    fn two_figures_that_differ_and_look_alike_say_by_how_much() {
        assert_eq!(alike(&measure(), 12.34, 12.31).as_deref(), Some("by less than 0.1 percentage points"));
        assert_eq!((alike(&measure(), 12.3, 12.3), alike(&measure(), 12.3, 14.0)), (None, None));
    }

    #[test]
    fn what_is_missing_suppressed_and_zero_reads_differently() {
        let said = [Value::Missing, Value::Suppressed, Value::NotApplicable, Value::Number(0.0)].map(|v| value(&measure(), v));
        assert_eq!(said, ["missing", "suppressed", "not applicable", "0.0%"]);
    }
}

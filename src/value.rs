//! Small types shared by every stage: what a figure is, its limits, its unit and which way is good.

mod unit;

pub use indicator_stats::{Limits, Polarity};
pub use unit::{OwnUnit, Unit};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A figure as it was given. Missing, suppressed, not applicable and zero are four different things.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A number that was given, zero included.
    Number(f64),
    /// Withheld to protect people: the figure exists and may not be shown.
    Suppressed,
    /// Asked for and not given.
    Missing,
    /// The question does not apply to this area or partner.
    NotApplicable,
}

impl Value {
    /// The number, where there is one.
    pub fn number(self) -> Option<f64> {
        match self {
            Value::Number(n) => Some(n),
            _ => None,
        }
    }

    /// True where there is a number, or one that is withheld.
    pub fn is_given(self) -> bool {
        matches!(self, Value::Number(_) | Value::Suppressed)
    }
}

/// A number with thousands separators, a true minus sign, and `decimals` places.
pub fn format_number(value: f64, decimals: u8) -> String {
    let fixed = format!("{:.*}", usize::from(decimals), value.abs());
    let (whole, fraction) = fixed.split_once('.').map_or((fixed.as_str(), None), |(w, f)| (w, Some(f)));
    let mut out = String::with_capacity(fixed.len() + whole.len() / 3 + 3);
    // A value that rounds to zero carries no sign.
    if value < 0.0 && fixed.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('\u{2212}');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// The people a figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema)]
pub enum Sex {
    /// Everybody.
    #[default]
    Persons,
    /// Women and girls.
    Female,
    /// Men and boys.
    Male,
}

impl Sex {
    pub fn label(self) -> &'static str {
        match self {
            Sex::Persons => "Persons",
            Sex::Female => "Female",
            Sex::Male => "Male",
        }
    }
}

impl fmt::Display for Sex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_signed() {
        assert_eq!(format_number(12_345_678.0, 0), "12,345,678");
        assert_eq!(format_number(-1234.56, 1), "\u{2212}1,234.6");
        assert_eq!(format_number(0.004, 3), "0.004");
        assert_eq!(format_number(-0.004, 1), "0.0");
        assert_eq!(format_number(999.5, 0), "1,000");
    }
}

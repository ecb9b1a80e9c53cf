//! The numbers and marks that a cell or a field of an answer gives.

use crate::collect::checks;
use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::collect::indicators::readers::excerpt::excerpt;
use crate::collect::value_markers::{self, Money, WrittenValue};
use crate::value::{Limits, Unit, Value};
use std::fmt::Display;

/// A value as an answer gives it.
#[derive(Debug, Clone, Copy)]
pub(in crate::collect::indicators) struct Amount {
    pub value: Value,
    /// Digits after the point; none where it is no number written out.
    pub decimals: Option<u8>,
    pub money: Money,
}

/// Reads a cell where a number in `unit` may stand, or a count where there is none.
///
/// # Errors
/// A text that is neither a number nor a mark, or a number in another unit, with where it stands and the column.
pub(in crate::collect::indicators) fn amount(
    text: &str,
    unit: Option<&Unit>,
    also_missing: &[String],
    at: &dyn Display,
    column: &str,
) -> Result<Amount, AnswerError> {
    let without_decimals = |value| Ok(Amount { value, decimals: None, money: Money::Unsaid });
    if also_missing.iter().any(|mark| mark.trim() == text.trim()) {
        return without_decimals(Value::Missing);
    }
    match value_markers::read(text, unit) {
        Some(WrittenValue::Nothing) => without_decimals(Value::Missing),
        Some(WrittenValue::Mark(mark)) => without_decimals(mark),
        Some(WrittenValue::Number { value, percent, places, money }) => {
            let wrong = match unit {
                Some(unit) => checks::in_another_unit(unit, value, percent, money),
                None => percent.then(|| format!("{value}% was found where a count was expected")),
            };
            match wrong {
                Some(problem) => Err(AnswerError::WrongNumber { at: at.to_string(), column: column.to_owned(), problem }),
                None => Ok(Amount { value: Value::Number(value), decimals: u8::try_from(places).ok(), money }),
            }
        }
        // Computers write 1e-05 where people do not.
        None => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => without_decimals(Value::Number(number)),
            _ => Err(AnswerError::NoNumber { at: at.to_string(), found: excerpt(text), column: column.to_owned() }),
        },
    }
}

/// The same of a count.
///
/// # Errors
/// As [`amount`].
pub(in crate::collect::indicators) fn count(
    text: &str,
    also_missing: &[String],
    at: &dyn Display,
    column: &str,
) -> Result<Value, AnswerError> {
    Ok(amount(text, None, also_missing, at, column)?.value)
}

/// A value with its numerator and denominator: a mark for what is suppressed on any of the three hides the whole figure, of
/// which the denominator alone is kept.
pub(in crate::collect::indicators) fn whole(
    value: Value,
    numerator: Value,
    denominator: Value,
) -> (Value, Option<f64>, Option<f64>) {
    match [value, numerator, denominator].contains(&Value::Suppressed) {
        true => (Value::Suppressed, None, denominator.number()),
        false => (value, numerator.number(), denominator.number()),
    }
}

/// Both limits as they are given, or none; whether they hold their value is seen later.
///
/// # Errors
/// As [`amount`].
pub(in crate::collect::indicators) fn limits(
    unit: &Unit,
    lower: (&str, &str),
    upper: (&str, &str),
    at: &dyn Display,
) -> Result<Option<Limits>, AnswerError> {
    let read = |(text, column)| amount(text, Some(unit), &[], at, column).map(|amount| amount.value.number());
    match (read(lower)?, read(upper)?) {
        (Some(lower), Some(upper)) => Ok(Some(Limits { lower, upper })),
        _ => Ok(None),
    }
}

//! What a partner gave before, shown beside what is asked for now.

use super::{Asked, Series};
use crate::period::Period;
use crate::value::{Value, format_number};
use std::collections::BTreeMap;

/// Figures given before, by what they are about and when.
pub type Earlier = BTreeMap<Series, BTreeMap<Period, Given>>;

/// One of them, in the measure's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Given {
    pub value: Value,
    /// Made up to show how the pack works.
    pub illustrative: bool,
}

/// The last count of an age band up to the period asked for, with its period: `12 in 2023 - 25`; empty where there is none.
pub(super) fn last_count(earlier: &Earlier, asked: &Asked<'_>) -> String {
    told(earlier, asked, |value| format_number(value, 0))
}

/// The last figure up to the period asked for, with its period: `79.0% in 2024/25`; empty where there is none.
pub(super) fn last_time(earlier: &Earlier, asked: &Asked<'_>) -> String {
    told(earlier, asked, |value| asked.measure.unit.format(value, asked.measure.decimals))
}

fn told(earlier: &Earlier, asked: &Asked<'_>, number: impl Fn(f64) -> String) -> String {
    let given = earlier.get(&asked.series).into_iter().flat_map(|by_period| by_period.range(..=asked.period).rev());
    let mut told = given.filter_map(|(period, given)| {
        let figure = match given.value {
            Value::Number(value) => number(value),
            Value::Suppressed => "suppressed".to_owned(),
            Value::NotApplicable => "not applicable".to_owned(),
            Value::Missing => return None,
        };
        Some(format!("{figure} in {period}{}", if given.illustrative { ", illustrative" } else { "" }))
    });
    told.next().unwrap_or_default()
}

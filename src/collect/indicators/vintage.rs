//! What a new answer says otherwise than the one before it.

use crate::area::AreaCode;
use crate::collect::indicators::figure::{AnswerFigure, MeasureFigures};
use crate::figure::{Category, FigureKey};
use crate::framework::MeasureId;
use crate::period::Period;
use crate::precision::{DecimalsSeen, Precision};
use crate::value::{Limits, Value};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// Of a figure published without limits: a revision by more than this share of it is large.
const LARGE_SHARE: f64 = 0.05;

/// One figure that was added, revised or withdrawn by its publisher.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VintageChange {
    pub measure: MeasureId,
    pub area: AreaCode,
    pub period: Period,
    pub category: Option<Category>,
    pub what: Changed,
    /// When the answer before was received.
    pub since: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    Added {
        new: Value,
    },
    Revised {
        old: Value,
        new: Value,
        /// Outside the old 95% limits; where there were none, by more than a twentieth.
        large: bool,
    },
    /// It is not in the answer any more, or is blank in it.
    Withdrawn {
        old: Value,
    },
}

/// How the figures of `new` differ from those of `old`, which was received at `since`: in the order of the measures, then
/// by area and period.
pub(super) fn changes(old: &[MeasureFigures], new: &[MeasureFigures], since: Timestamp) -> Vec<VintageChange> {
    let mut changes = Vec::new();
    // Of a measure that the new answer cannot be read for nothing was withdrawn.
    for new in new.iter().filter(|new| new.figures.is_ok()) {
        let before = old.iter().find(|old| old.measure == new.measure).map(figures).unwrap_or_default();
        let now = figures(new);
        let precision = precision(&before).coarser(precision(&now));
        let mut keys: Vec<&FigureKey> = before.keys().chain(now.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            if let Some(what) = changed(before.get(key).copied(), now.get(key).copied(), precision) {
                let FigureKey { measure, area, period, category, .. } = key.clone();
                changes.push(VintageChange { measure, area, period, category, what, since });
            }
        }
    }
    changes
}

/// A blank says nothing: a figure that is blank is not there.
fn figures(reading: &MeasureFigures) -> BTreeMap<FigureKey, &AnswerFigure> {
    let figures = reading.figures.iter().flatten().filter(|figure| figure.observation.value != Value::Missing);
    figures.map(|figure| (figure.key(), figure)).collect()
}

/// The decimals that an answer gives.
fn precision(figures: &BTreeMap<FigureKey, &AnswerFigure>) -> Precision {
    DecimalsSeen::in_all(figures.values().filter_map(|figure| figure.observation.value.number())).precision()
}

fn differ(old: Value, new: Value, precision: Precision) -> bool {
    match (old.number(), new.number()) {
        (Some(old), Some(new)) => precision.tells_apart(old, new),
        _ => old != new,
    }
}

fn changed(old: Option<&AnswerFigure>, new: Option<&AnswerFigure>, precision: Precision) -> Option<Changed> {
    match (old, new) {
        (None, Some(new)) => Some(Changed::Added { new: new.observation.value }),
        (Some(old), None) => Some(Changed::Withdrawn { old: old.observation.value }),
        (Some(old), Some(new)) if differ(old.observation.value, new.observation.value, precision) => {
            let large = is_large(old.observation.value, old.observation.limits, new.observation.value);
            Some(Changed::Revised { old: old.observation.value, new: new.observation.value, large })
        }
        _ => None,
    }
}

/// A number that became a mark, or a mark a number, is always a large change.
fn is_large(old: Value, limits: Option<Limits>, new: Value) -> bool {
    match (old.number(), new.number(), limits) {
        (Some(_), Some(new), Some(limits)) => new < limits.lower || new > limits.upper,
        (Some(old), Some(new), None) => (new - old).abs() > LARGE_SHARE * old.abs(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_revisions_leave_limits_or_a_twentieth() {
        let limits = Some(Limits { lower: 9.0, upper: 12.0 });
        for (new, limits, large) in [(11.9, limits, false), (12.1, limits, true), (10.5, None, false), (9.4, None, true)] {
            assert_eq!(is_large(Value::Number(10.0), limits, Value::Number(new)), large, "{new} {limits:?}");
        }
        assert!(is_large(Value::Number(10.0), limits, Value::Suppressed));
    }
}

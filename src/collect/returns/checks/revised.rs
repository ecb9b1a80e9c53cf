//! A figure of an earlier period that is given otherwise now.

use super::doubt::Doubt;
use super::past::PastFigures;
use crate::collect::Grade;
use crate::collect::returns::amounts_in_words::both_in_words;
use crate::figure::{FigureKey, Observation};
use crate::framework::Measure;
use crate::precision::Precision;
use crate::value::Value;

pub(super) fn revised(measure: &Measure, name: &str, of: &Observation, past: &PastFigures<'_>) -> Option<Doubt> {
    let old = past.same(&FigureKey::of(of), of.illustrative).filter(|old| *old != Value::Missing && differ(*old, of.value))?;
    let [was, is] = both_in_words(measure, old, of.value);
    let problem = format!("{name} for {} was {was} before and is {is} now", of.period.in_short());
    Some(Doubt { grade: Grade::Note, problem, remedy: "", of_past: false })
}

/// A cell is given in full: only what arithmetic adds to it is no difference.
fn differ(old: Value, new: Value) -> bool {
    match (old.number(), new.number()) {
        (Some(old), Some(new)) => Precision::FULL.tells_apart(old, new),
        _ => old != new,
    }
}

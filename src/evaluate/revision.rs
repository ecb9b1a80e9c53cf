//! Figures that were given anew: the newest vintage is used, the old one is kept, and the change is told.

use crate::area::AreaCode;
use crate::collect::{Category, Observation, Provenance};
use crate::framework::MeasureId;
use crate::period::Period;
use crate::value::{Sex, Value};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One figure that now reads otherwise than it did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Restatement {
    pub measure: MeasureId,
    pub area: AreaCode,
    pub period: Period,
    pub sex: Sex,
    pub age: String,
    pub category: Option<Category>,
    pub old: Value,
    /// What is used now; no number where the figure was withdrawn.
    pub new: Value,
    pub old_source: Provenance,
    pub new_source: Provenance,
}

/// What makes two observations vintages of one figure.
type Key<'a> = (&'a MeasureId, &'a AreaCode, Period, Sex, &'a str, Option<&'a Category>);

fn key(of: &Observation) -> Key<'_> {
    (&of.measure, &of.area, of.period, of.sex, &of.age, of.category.as_ref())
}

/// The vintage that stands: the one received last, and any before one that is missing; on a tie the later line.
pub(super) fn newest<'a>(given: &[&'a Observation]) -> Option<&'a Observation> {
    given.iter().copied().reduce(|kept, other| if rank(other) >= rank(kept) { other } else { kept })
}

fn rank(of: &Observation) -> (bool, Option<Timestamp>) {
    let received = match &of.provenance {
        Provenance::Answer { retrieved, .. } => Some(*retrieved),
        Provenance::Cell { .. } => None,
    };
    (!matches!(of.value, Value::Missing | Value::NotApplicable), received)
}

/// The figures in use, to be held against those of an earlier run one by one.
#[derive(Debug)]
pub struct Vintages<'a> {
    index: BTreeMap<Key<'a>, usize>,
    figures: Vec<Figure<'a>>,
}

#[derive(Debug)]
struct Figure<'a> {
    newest: &'a Observation,
    /// The last other vintage of the same collection that reads otherwise.
    replaced: Option<&'a Observation>,
    /// The vintage that stood in the earlier run.
    earlier: Option<Observation>,
}

impl<'a> Vintages<'a> {
    pub fn of(observations: &'a [Observation]) -> Self {
        let mut given: BTreeMap<Key<'a>, Vec<&'a Observation>> = BTreeMap::new();
        for observation in observations {
            given.entry(key(observation)).or_default().push(observation);
        }
        let mut vintages = Vintages { index: BTreeMap::new(), figures: Vec::with_capacity(given.len()) };
        for (key, given) in given {
            let Some(newest) = newest(&given) else { continue };
            let others: Vec<_> = given.iter().copied().filter(|other| is_restated(other.value, newest.value)).collect();
            vintages.index.insert(key, vintages.figures.len());
            vintages.figures.push(Figure { newest, replaced: self::newest(&others), earlier: None });
        }
        vintages
    }

    /// Takes note of figures that those in use replaced as they were collected, in the order in which they came.
    pub fn replacing(mut self, replaced: &'a [Observation]) -> Self {
        for old in replaced {
            let figure = self.index.get(&key(old)).and_then(|i| self.figures.get_mut(*i));
            if let Some(figure) = figure.filter(|figure| is_restated(old.value, figure.newest.value)) {
                figure.replaced = Some(old);
            }
        }
        self
    }

    /// Takes note of an earlier run's figure; forgets one that has no counterpart now.
    pub fn hold_against(&mut self, earlier: Observation) {
        let Some(figure) = self.index.get(&key(&earlier)).and_then(|i| self.figures.get_mut(*i)) else { return };
        if figure.earlier.as_ref().is_none_or(|kept| rank(&earlier) >= rank(kept)) {
            figure.earlier = Some(earlier);
        }
    }

    /// Every figure that was restated, by measure, area and period: against the earlier run where that had it,
    /// otherwise inside the collection.
    pub fn restatements(&self) -> Vec<Restatement> {
        self.figures
            .iter()
            .filter_map(|figure| {
                let since = figure.earlier.as_ref().filter(|old| is_restated(old.value, figure.newest.value));
                Some(restatement(since.or(figure.replaced)?, figure.newest))
            })
            .collect()
    }
}

/// A number that is another number now, or none. What was missing and has come was not restated.
fn is_restated(old: Value, new: Value) -> bool {
    old.number().is_some() && old != new
}

fn restatement(old: &Observation, new: &Observation) -> Restatement {
    Restatement {
        measure: new.measure.clone(),
        area: new.area.clone(),
        period: new.period,
        sex: new.sex,
        age: new.age.clone(),
        category: new.category.clone(),
        old: old.value,
        new: new.value,
        old_source: old.provenance.clone(),
        new_source: new.provenance.clone(),
    }
}

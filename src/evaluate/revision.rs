//! Figures that were given anew: the newest vintage is used, the old one is kept, and what differs at the precision of
//! publication is told as a revision (`docs/methods.md`, Revisions).

use crate::area::AreaCode;
use crate::figure::{Category, FigureKey, Observation, Provenance};
use crate::framework::MeasureId;
use crate::period::Period;
use crate::precision::{DecimalsSeen, Precision};
use crate::value::{Sex, Value};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One figure that is another now than it was, at the precision at which it is published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
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
    /// Of a figure that is gone, the old one: nothing has come in its place.
    pub new_source: Provenance,
}

impl Revision {
    /// The return that gave it is not used any more, and nothing has come in its place.
    pub fn is_of_gone(&self) -> bool {
        self.new == Value::Missing && self.new_source == self.old_source
    }
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

/// The decimals of each answer's figures of each measure, by the answer's SHA-256. One figure alone does not tell them: a
/// source that gives a decimal may write 12.0 as 12.
#[derive(Debug, Default)]
pub(super) struct Precisions(BTreeMap<(MeasureId, String), DecimalsSeen>);

impl Precisions {
    pub fn of<'a>(figures: impl IntoIterator<Item = &'a Observation>) -> Self {
        let mut precisions = Precisions::default();
        for figure in figures {
            precisions.add(&figure.measure, &figure.provenance, figure.value);
        }
        precisions
    }

    pub fn add(&mut self, measure: &MeasureId, source: &Provenance, value: Value) {
        let (Provenance::Answer { sha256, .. }, Some(number)) = (source, value.number()) else { return };
        self.0.entry((measure.clone(), sha256.clone())).or_default().add(number);
    }

    /// What a partner wrote in a cell, and what was worked out from several sources, was given in full.
    pub fn get(&self, measure: &MeasureId, sources: &[Provenance]) -> Precision {
        let [Provenance::Answer { sha256, .. }] = sources else { return Precision::FULL };
        self.0.get(&(measure.clone(), sha256.clone())).map_or(Precision::FULL, |seen| seen.precision())
    }

    fn at(&self, figure: &Observation) -> (Value, Precision) {
        (figure.value, self.get(&figure.measure, std::slice::from_ref(&figure.provenance)))
    }
}

/// True where two vintages of a figure differ at the coarser of their precisions, or one has no number.
pub(super) fn differ((old, old_precision): (Value, Precision), (new, new_precision): (Value, Precision)) -> bool {
    match (old.number(), new.number()) {
        (Some(old), Some(new)) => old_precision.coarser(new_precision).tells_apart(old, new),
        _ => old != new,
    }
}

/// A number that is another number now, or none. What was missing and has come was not revised.
fn is_revised(old: (Value, Precision), new: (Value, Precision)) -> bool {
    old.0.number().is_some() && differ(old, new)
}

/// The figures in use, to be held against those of an earlier run one by one.
#[derive(Debug)]
pub struct FigureVintages<'a> {
    index: BTreeMap<FigureKey, usize>,
    figures: Vec<VintageFigure<'a>>,
    /// What partners had returned by the earlier run in workbooks of which nothing is used now: they were withdrawn, for a figure
    /// that was returned stays.
    gone: BTreeMap<FigureKey, Observation>,
    /// The workbooks in use, by their SHA-256.
    workbooks: BTreeSet<&'a str>,
    precisions: Precisions,
    /// Of the earlier run.
    earlier: Precisions,
}

#[derive(Debug)]
struct VintageFigure<'a> {
    newest: &'a Observation,
    /// The last other vintage of the same collection that differs.
    replaced: Option<&'a Observation>,
    /// The vintage that stood in the earlier run.
    earlier: Option<Observation>,
}

fn workbook(provenance: &Provenance) -> Option<&str> {
    match provenance {
        Provenance::Cell { sha256, .. } => Some(sha256),
        _ => None,
    }
}

impl<'a> FigureVintages<'a> {
    pub fn of(observations: &'a [Observation]) -> Self {
        let mut given: BTreeMap<FigureKey, Vec<&'a Observation>> = BTreeMap::new();
        for observation in observations {
            given.entry(FigureKey::of(observation)).or_default().push(observation);
        }
        let precisions = Precisions::of(observations);
        let mut index = BTreeMap::new();
        let mut figures = Vec::with_capacity(given.len());
        for (key, given) in given {
            let Some(newest) = newest(&given) else { continue };
            let is_revised = |other: &&Observation| is_revised(precisions.at(other), precisions.at(newest));
            let others: Vec<_> = given.iter().copied().filter(is_revised).collect();
            index.insert(key, figures.len());
            figures.push(VintageFigure { newest, replaced: self::newest(&others), earlier: None });
        }
        let workbooks = observations.iter().filter_map(|of| workbook(&of.provenance)).collect();
        FigureVintages { index, figures, gone: BTreeMap::new(), workbooks, precisions, earlier: Precisions::default() }
    }

    /// Takes note of figures that those in use replaced as they were collected, in the order in which they came.
    pub fn replacing(mut self, replaced: &'a [Observation]) -> Self {
        let precisions = Precisions::of(replaced);
        for old in replaced {
            let figure = self.index.get(&FigureKey::of(old)).and_then(|i| self.figures.get_mut(*i));
            let is_revised = |figure: &&mut VintageFigure<'_>| is_revised(precisions.at(old), self.precisions.at(figure.newest));
            if let Some(figure) = figure.filter(is_revised) {
                figure.replaced = Some(old);
            }
        }
        self
    }

    /// Takes note of an earlier run's figure. A public one that has no counterpart now is forgotten: its source may not have answered.
    pub fn add_earlier(&mut self, earlier: Observation) {
        self.earlier.add(&earlier.measure, &earlier.provenance, earlier.value);
        let key = FigureKey::of(&earlier);
        let Some(figure) = self.index.get(&key).and_then(|i| self.figures.get_mut(*i)) else {
            let is_gone = workbook(&earlier.provenance).is_some_and(|of| !self.workbooks.contains(of));
            if is_gone && earlier.value.number().is_some() {
                self.gone.insert(key, earlier);
            }
            return;
        };
        if figure.earlier.as_ref().is_none_or(|kept| rank(&earlier) >= rank(kept)) {
            figure.earlier = Some(earlier);
        }
    }

    /// Every figure that was revised, by measure, area and period: against the earlier run where that had it,
    /// otherwise inside the collection.
    pub fn revisions(&self) -> Vec<Revision> {
        self.revised(|figure| if figure.earlier.is_some() { self.since(figure) } else { figure.replaced })
    }

    /// Those against the earlier run alone: what that did not have is not revised since.
    pub fn revisions_since(&self) -> Vec<Revision> {
        self.revised(|figure| self.since(figure))
    }

    fn revised<'f>(&'f self, old: impl Fn(&'f VintageFigure<'a>) -> Option<&'f Observation>) -> Vec<Revision> {
        let mut revised: Vec<Revision> =
            self.figures.iter().filter_map(|figure| Some(revision(old(figure)?, figure.newest))).collect();
        let none = |gone: &Observation| Observation { value: Value::Missing, ..gone.clone() };
        revised.extend(self.gone.values().map(|gone| revision(gone, &none(gone))));
        revised.sort_by(|a, b| (&a.measure, &a.area, a.period).cmp(&(&b.measure, &b.area, b.period)));
        revised
    }

    /// The figure as it stood in the earlier run, where it was another.
    fn since<'f>(&self, figure: &'f VintageFigure<'a>) -> Option<&'f Observation> {
        let is_revised = |old: &&Observation| is_revised(self.earlier.at(old), self.precisions.at(figure.newest));
        figure.earlier.as_ref().filter(is_revised)
    }
}

fn revision(old: &Observation, new: &Observation) -> Revision {
    Revision {
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

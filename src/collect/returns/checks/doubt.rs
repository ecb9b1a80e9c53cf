//! What a check finds of a figure, and how it is told.

use crate::collect::own_words::explains;
use crate::collect::{Finding, Grade};
use crate::fault::Fault;
use crate::figure::{FigureKey, Observation, Provenance, cells_in_words};
use crate::framework::Measure;
use std::collections::BTreeMap;

/// The figures of a return that say something.
pub(super) type Given<'a> = BTreeMap<FigureKey, &'a Observation>;

/// What a check found of one figure.
pub(super) struct Doubt {
    pub grade: Grade,
    pub problem: String,
    pub remedy: &'static str,
}

/// A question that the row's note answers: with one it is only told.
pub(super) fn asked(of: &Observation, problem: String, remedy: &'static str) -> Doubt {
    if !explains(&of.note) {
        return Doubt { grade: Grade::Question, problem, remedy };
    }
    Doubt { grade: Grade::Note, problem: format!("{problem}; the row's note says why"), remedy: "there is nothing to do" }
}

pub(super) fn finding(of: &Observation, Doubt { grade, problem, remedy }: Doubt) -> Finding {
    let fault = Fault::new(place(of), problem, remedy);
    Finding::new(grade, fault).about(FigureKey::of(of))
}

pub(super) fn place(of: &Observation) -> String {
    place_of(&of.provenance)
}

pub(super) fn place_of(provenance: &Provenance) -> String {
    match provenance {
        Provenance::Cell { file, sheet, cell, .. } => format!("{file}, sheet {sheet}, {}", cells_in_words(cell)),
        Provenance::Answer { url, .. } => url.clone(),
    }
}

/// What the figure is of, with its group where there is one.
pub(super) fn named(of: &Observation, measure: &Measure) -> String {
    let group = of.category.as_ref().map_or(String::new(), |category| format!(" ({}: {})", category.scheme, category.group));
    format!("{}{group}", measure.title.trim())
}

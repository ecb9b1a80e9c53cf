//! What a check finds of a figure, and how it is told.

use crate::area::{AreaCode, Areas};
use crate::collect::own_words::explains;
use crate::collect::{Finding, Grade};
use crate::fault::Fault;
use crate::figure::{Category, FigureKey, Observation, Provenance, cells_in_words};
use crate::framework::{Measure, Partner};
use std::collections::BTreeMap;

/// The figures of a return that say something.
pub(super) type ReturnFigures<'a> = BTreeMap<FigureKey, &'a Observation>;

/// What a check found of one figure.
pub(super) struct Doubt {
    pub grade: Grade,
    pub problem: String,
    pub remedy: &'static str,
    /// It is held against figures of earlier periods, and stands as long as they do.
    pub of_past: bool,
}

/// A question for what earlier periods were, that the row's note answers: with one it is only told.
pub(super) fn asked(of: &Observation, problem: String, remedy: &'static str) -> Doubt {
    if !explains(&of.note) {
        return Doubt { grade: Grade::Question, problem, remedy, of_past: true };
    }
    let problem = format!("{problem}; the row's note says why");
    Doubt { grade: Grade::Note, problem, remedy: "there is nothing to do", of_past: true }
}

pub(super) fn finding(of: &Observation, Doubt { grade, problem, remedy, of_past }: Doubt) -> Finding {
    let fault = Fault::new(place(of), problem, remedy);
    Finding { of_past, ..Finding::new(grade, fault).about(FigureKey::of(of)) }
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

/// What the figure is of, with its area where the partner gives several, and its group where there is one.
pub(in crate::collect::returns) fn named(
    (area, category): (&AreaCode, Option<&Category>),
    measure: &Measure,
    partner: &Partner,
    areas: &Areas,
) -> String {
    let is_by_area = measure.areas_returned(partner).len() > 1;
    let area = is_by_area.then(|| measure.name_of(area, areas).to_owned());
    let group = category.map(|category| format!("{}: {}", category.scheme, category.group));
    let told: Vec<String> = area.into_iter().chain(group).collect();
    let told = if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) };
    format!("{}{told}", measure.title.trim())
}

//! Every figure of the framework that can be made from what was given.

use super::figure::GivenFigures;
use super::index::MadeFigureIndex;
use super::{counted, means};
use crate::area::Areas;
use crate::figure::Observation;
use crate::framework::Framework;
use jiff::civil::Date;

/// Only periods that end on or before `until` are read.
pub(in crate::evaluate) fn make_figures<'a>(
    framework: &'a Framework,
    areas: &'a Areas,
    observations: &'a [Observation],
    until: Date,
) -> MadeFigureIndex<'a> {
    let mut made = MadeFigureIndex::default();
    let given = GivenFigures { edition: &framework.edition, areas, observations, until };
    for measure in &framework.measures {
        counted::add(&mut made, &given, measure);
        means::add(&mut made, &given, measure);
    }
    for figures in made.0.values_mut() {
        figures.sort_by_key(|figure| figure.period);
    }
    made
}

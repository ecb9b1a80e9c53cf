//! The measures with a figure for the area that a pack is about, by aim.

use super::measure::MeasureView;
use super::view::View;
use std::collections::BTreeSet;

/// Some measures under one heading.
pub struct SpinePart<'v> {
    pub title: String,
    pub measures: Vec<&'v MeasureView>,
}

/// The measures with a figure here by aim, each once.
pub fn spine_parts(view: &View) -> Vec<SpinePart<'_>> {
    let mut seen = BTreeSet::new();
    let parts = view.by_aim().into_iter().map(|(title, mut measures)| {
        measures.retain(|measure: &&MeasureView| !measure.spine.is_empty() && seen.insert(measure.id.as_str()));
        SpinePart { title, measures }
    });
    parts.filter(|part| !part.measures.is_empty()).collect()
}

//! The figures of one measure in every area, for the table of all of them.

use super::figures;
use crate::area::AreaCode;
use crate::evaluate::{Assessment, Comparison, Trend};
use crate::framework::{Measure, PartsAre};
use crate::report::PackInputs;
use crate::report::theme::{BETTER, NEITHER, SIMILAR, WORSE};
use jiff::civil::Date;
use serde::Serialize;

/// One figure of it.
#[derive(Debug, Clone, Serialize)]
pub struct RugCell {
    #[serde(skip)]
    pub area: AreaCode,
    pub name: String,
    /// Without the unit.
    pub value: String,
    #[serde(skip)]
    pub figure: Option<f64>,
    pub period: String,
    #[serde(skip)]
    pub ends: Option<Date>,
    #[serde(skip)]
    pub comparison: Comparison,
    #[serde(skip)]
    pub trend: Trend,
    pub illustrative: bool,
    /// Older than it should be.
    pub old: bool,
    /// It is the comparator's, not an area's.
    pub is_comparator: bool,
}

/// The cells of one measure: the comparator's, the system's and each area's. Organisations are no areas.
pub(super) fn cells(pack: &PackInputs<'_>, measure: &Measure, head: &Assessment, areas: &[Assessment]) -> Vec<RugCell> {
    if measure.parts_are != PartsAre::Areas || areas.is_empty() {
        return Vec::new();
    }
    let cell = |of: &Assessment| {
        let latest = of.latest.as_ref()?;
        Some(RugCell {
            area: of.area.clone(),
            name: measure.name_of(&of.area, pack.areas).to_owned(),
            value: figures::bare(measure, latest.value),
            figure: latest.value.number(),
            period: figures::period(latest.period),
            ends: Some(latest.period.end()),
            comparison: of.comparison,
            trend: if of.is_too_old() { Trend::CannotBeCalculated } else { of.trend },
            illustrative: latest.illustrative,
            old: of.is_too_old(),
            is_comparator: false,
        })
    };
    let all = || std::iter::once(head).chain(areas);
    let compared = all().filter_map(|of| of.latest.as_ref()).filter(|point| point.comparator.is_some());
    let comparator = compared.max_by_key(|point| point.period).map(|point| RugCell {
        area: pack.framework.edition.comparator.clone(),
        name: pack.areas.name(&pack.framework.edition.comparator).to_owned(),
        value: point.comparator.map_or(String::new(), |value| figures::plain(measure, value)),
        figure: point.comparator,
        period: figures::period(point.period),
        ends: Some(point.period.end()),
        comparison: Comparison::NotCompared,
        trend: Trend::CannotBeCalculated,
        illustrative: false,
        old: false,
        is_comparator: true,
    });
    let mut cells: Vec<RugCell> = comparator.into_iter().collect();
    for of in all() {
        if !cells.iter().any(|cell| cell.area == of.area) {
            cells.extend(cell(of));
        }
    }
    cells
}

/// A figure of the last period of which there is one.
pub(super) fn last(cells: &[RugCell]) -> Option<&RugCell> {
    cells.iter().max_by_key(|cell| cell.ends)
}

/// The last period of which one of the figures is.
pub fn last_period(cells: &[RugCell]) -> &str {
    last(cells).map_or("", |cell| cell.period.as_str())
}

/// The letter and the ground for how a figure stands beside the comparator's; none where it is not compared.
pub fn marks(comparison: Comparison) -> (Option<&'static str>, Option<&'static str>) {
    match comparison {
        Comparison::Better => (Some("B"), Some(BETTER)),
        Comparison::Similar => (Some("S"), Some(SIMILAR)),
        Comparison::Worse => (Some("W"), Some(WORSE)),
        Comparison::Higher => (Some("H"), Some(NEITHER)),
        Comparison::Lower => (Some("L"), Some(NEITHER)),
        Comparison::NotCompared => (None, None),
    }
}

//! Every measure in every area, beside the comparator: what the analysts of public health call a tartan rug.

use super::charts;
use super::measure::MeasureView;
use super::rug_cells::{RugCell, last_period};
use crate::area::AreaCode;
use crate::evaluate::Comparison;
use crate::report::PackInputs;
use serde::Serialize;
use tagged_document::model::Figure;

/// The whole of it, by aim.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RugView {
    /// The areas' names, the comparator's first.
    pub columns: Vec<String>,
    pub parts: Vec<RugPart>,
    /// Of the measure in which most areas differ from the comparator, its areas where they lie.
    #[serde(skip)]
    pub map: Option<Figure>,
}

/// Its rows of one aim, those with most areas that are worse first.
#[derive(Debug, Clone, Serialize)]
pub struct RugPart {
    pub title: String,
    pub rows: Vec<RugRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct RugRow {
    /// The measure's key.
    #[serde(skip)]
    pub measure: usize,
    pub title: String,
    pub unit: String,
    pub period: String,
    pub illustrative: bool,
    /// It is older than it should be.
    pub old: bool,
    /// By column; none where there is no figure.
    pub cells: Vec<Option<RugCell>>,
}

impl RugView {
    /// `parts` are the aims with their measures. Of an ambition the measure that decides stands for it, or else its first lead.
    pub(super) fn new(pack: &PackInputs<'_>, parts_of: &[(String, Vec<&MeasureView>)]) -> Self {
        let used = |code: &AreaCode| parts_of.iter().flat_map(|(_, of)| of).any(|m| m.rug.iter().any(|cell| cell.area == *code));
        let edition = &pack.framework.edition;
        let first = [&edition.comparator, &edition.system];
        let others = pack.areas.iter().map(|area| &area.code).filter(|code| !first.contains(code));
        let codes: Vec<&AreaCode> = first.into_iter().chain(others).filter(|code| used(code)).collect();
        let row = |measure: &&&MeasureView| RugRow {
            measure: measure.key,
            title: measure.title.clone(),
            unit: measure.unit.clone(),
            period: last_period(&measure.rug).to_owned(),
            illustrative: measure.rug.iter().any(|cell| cell.illustrative),
            old: measure.stale || measure.rug.iter().any(|cell| cell.old),
            cells: codes.iter().map(|code| measure.rug.iter().find(|cell| cell.area == **code).cloned()).collect(),
        };
        let worse = |row: &RugRow| row.cells.iter().flatten().filter(|cell| cell.comparison == Comparison::Worse).count();
        let parts = parts_of.iter().filter_map(|(title, measures)| {
            let mut rows: Vec<RugRow> = measures.iter().filter(|m| m.decides && !m.rug.is_empty()).map(|m| row(&m)).collect();
            // Stable: rows with as many worse stay in the order of the framework.
            rows.sort_by_key(|row| std::cmp::Reverse(worse(row)));
            (!rows.is_empty()).then(|| RugPart { title: title.clone(), rows })
        });
        let differ = |measure: &&MeasureView| {
            measure.rug.iter().filter(|cell| matches!(cell.comparison, Comparison::Better | Comparison::Worse)).count()
        };
        let is_drawn =
            |m: &&MeasureView| m.decides && m.rug.iter().any(|cell| cell.comparison != Comparison::NotCompared && !cell.old);
        let mut drawn: Vec<&MeasureView> = parts_of.iter().flat_map(|(_, of)| of).copied().filter(is_drawn).collect();
        drawn.sort_by_key(|measure| std::cmp::Reverse(differ(measure)));
        let map = drawn.into_iter().find_map(|measure| charts::map(measure, pack.areas));
        RugView { map, columns: codes.iter().map(|code| pack.areas.name(code).to_owned()).collect(), parts: parts.collect() }
    }
}

//! The measures that organisations give, by aim.

use super::measure::MeasureView;
use super::organisations::{OrganisationFigure, OrganisationFigures};
use super::view::View;

/// The measures of one aim that organisations give.
pub struct OrganisationsPart<'v> {
    pub title: String,
    /// Those that have a figure of any of the measures, once each, by their codes.
    pub columns: Vec<&'v OrganisationFigure>,
    pub rows: Vec<(&'v MeasureView, &'v OrganisationFigures)>,
}

impl OrganisationsPart<'_> {
    /// `3 of 12 figures of organisations meet their target`.
    pub fn finding(&self) -> String {
        let judged = || self.rows.iter().flat_map(|(_, of)| &of.each).filter_map(|figure| figure.meets_target);
        let met = judged().filter(|met| *met).count();
        match (met, judged().count()) {
            (_, 0) => "No figure of an organisation has a target to be judged by".to_owned(),
            (1, all) => format!("1 of {all} figures of organisations meets its target"),
            (0, all) => format!("None of {all} figures of organisations meets its target"),
            (met, all) => format!("{met} of {all} figures of organisations meet their target"),
        }
    }
}

/// The aims with a measure of organisations.
pub fn organisations_parts(view: &View) -> Vec<OrganisationsPart<'_>> {
    let parts = view.by_aim().into_iter().map(|(title, measures)| {
        let rows: Vec<(&MeasureView, &OrganisationFigures)> =
            measures.into_iter().filter_map(|measure| Some((measure, measure.organisations.as_ref()?))).collect();
        let mut columns: Vec<&OrganisationFigure> = Vec::new();
        for figure in rows.iter().flat_map(|(_, of)| &of.each) {
            if columns.iter().all(|column| column.code != figure.code) {
                columns.push(figure);
            }
        }
        OrganisationsPart { title, columns, rows }
    });
    parts.filter(|part| !part.rows.is_empty()).collect()
}

//! What each figure of a measure says of its target: that of the whole, or else those of its areas.

use super::figures;
use super::outlook::Outlook;
use super::sentences;
use crate::evaluate::Assessment;
use crate::framework::Measure;
use crate::report::PackInputs;

#[derive(Debug, Clone)]
pub struct ProspectView {
    /// Whose figure it is, where it is not that of the whole; else empty.
    pub area: String,
    /// The latest figure with its unit, and its period.
    pub latest: String,
    pub period: String,
    pub target: String,
    pub outlook: Outlook,
    pub illustrative: bool,
}

/// `own` is that of the whole.
pub(super) fn prospects(
    pack: &PackInputs<'_>,
    measure: &Measure,
    (head, own): (&Assessment, &Outlook),
    areas: &[Assessment],
) -> Vec<ProspectView> {
    let prospect = |of: &Assessment, area: String, outlook: Outlook| ProspectView {
        area,
        latest: of.latest.as_ref().map_or("no figure".to_owned(), |latest| figures::value(measure, latest.value)),
        period: of.latest.as_ref().map_or(String::new(), |latest| figures::period(latest.period)),
        target: of.target.as_ref().map_or(figures::NONE.to_owned(), |target| target.words.clone()),
        outlook,
        illustrative: of.latest.as_ref().is_some_and(|latest| latest.illustrative),
    };
    let parts = head.by_area.as_ref().filter(|_| head.latest.is_none()).map_or(&[][..], |by| &by.areas);
    let found = parts.iter().filter_map(|standing| areas.iter().find(|of| of.area == standing.area));
    let mut each: Vec<ProspectView> = found
        .map(|of| {
            let name = sentences::whose(measure.name_of(&of.area, pack.areas), of);
            prospect(of, name, Outlook::of(measure, of, pack.evaluation.as_at))
        })
        .collect();
    if each.is_empty() {
        each.push(prospect(head, String::new(), own.clone()));
    }
    each
}

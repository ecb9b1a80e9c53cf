//! Every figure of a run that was to be made.

use super::figure::{GroupName, MadeFigure, NotMade};
use crate::area::AreaCode;
use crate::framework::MeasureId;
use crate::period::Period;
use std::collections::BTreeMap;

/// Every figure of a run that was to be made, found by measure, area and group without a search.
#[derive(Debug, Default)]
pub(in crate::evaluate) struct MadeFigureIndex<'a>(
    pub(super) BTreeMap<(&'a MeasureId, &'a AreaCode, GroupName<'a>), Vec<MadeFigure>>,
);

impl<'a> MadeFigureIndex<'a> {
    pub(super) fn push(&mut self, measure: &'a MeasureId, area: &'a AreaCode, group: GroupName<'a>, figure: MadeFigure) {
        self.0.entry((measure, area, group)).or_default().push(figure);
    }

    /// In time order.
    pub(in crate::evaluate) fn figures<'s>(
        &'s self,
        measure: &'s MeasureId,
        area: &'s AreaCode,
        group: GroupName<'s>,
    ) -> &'s [MadeFigure] {
        self.0.get(&(measure, area, group)).map_or(&[], Vec::as_slice)
    }

    /// Why the last figure that was to be made for an area is not; none where it is, or where none was to be.
    pub(in crate::evaluate) fn why_not<'s>(
        &'s self,
        measure: &'s MeasureId,
        area: &'s AreaCode,
    ) -> Option<(Period, &'s NotMade)> {
        let last = self.figures(measure, area, None).last()?;
        Some((last.period, last.figure.as_ref().err()?))
    }
}

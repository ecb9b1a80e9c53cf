//! A measure in an area, whatever it is judged by: whether its figures are in question, and what stands beside them.

use super::SeriesPoint;
use super::compared::{OtherAreaFigure, RankAmongNeighbours};
use super::context::EvaluationContext;
use super::series::SeriesEntry;
use crate::area::AreaCode;
use crate::collect::{Finding, Grade};
use crate::figure::Observation;
use crate::framework::{Measure, MeasureId, PartsAre};
use crate::period::Period;

#[derive(Clone, Copy)]
pub(super) struct MeasureArea<'a> {
    pub context: &'a EvaluationContext<'a>,
    pub measure: &'a Measure,
    pub area: &'a AreaCode,
}

impl<'a> MeasureArea<'a> {
    /// Whether the published figure of a period, or one that it is made from, is in question: nothing is concluded from it.
    pub fn is_in_question(&self, period: Period) -> bool {
        self.question_of(self.area, period).is_some()
    }

    /// Whether it, or the comparator's of the period, is in question.
    pub fn is_comparison_in_question(&self, period: Period) -> bool {
        let comparator = &self.context.inputs.framework.edition.comparator;
        self.is_in_question(period) || self.question_of(comparator, period).is_some()
    }

    /// What is in question of an area's figure.
    pub fn question_of(&self, area: &AreaCode, period: Period) -> Option<&'a Finding> {
        self.finding_of(area, period, &|finding, about| finding.grade == Grade::Question && about == period)
    }

    /// The first finding that concerns the figure of an area and period, by its own period, or that of a part that it is made from.
    pub fn finding_of(
        &self,
        area: &AreaCode,
        period: Period,
        concerns: &dyn Fn(&Finding, Period) -> bool,
    ) -> Option<&'a Finding> {
        let found = self.context.findings_of(self.measure);
        let mut found = found.into_iter().filter(|(finding, about)| concerns(finding, about.period)).peekable();
        found.peek()?;
        let is_of_measure = |id: &MeasureId| *id == self.measure.id || self.measure.summed().contains(id);
        let is_own = |o: &Observation| is_of_measure(&o.measure) && o.area == *area && o.period == period;
        let is_made = area == self.area && !self.context.inputs.observations.iter().any(is_own);
        let is_of_it = |of: &AreaCode| of == area || is_made && self.measure.parts.contains(of);
        found.find(|(_, about)| is_of_it(&about.area)).map(|(finding, _)| finding)
    }

    /// The region's figure of the same period, where the edition names a region that has one.
    pub fn region(&self, point: &SeriesPoint) -> Option<OtherAreaFigure> {
        self.figure_beside(self.context.inputs.framework.edition.region.as_ref()?, point)
    }

    /// The figures of the same period of the further areas that the edition has shown beside it.
    pub fn others(&self, point: &SeriesPoint) -> Vec<OtherAreaFigure> {
        self.context.inputs.framework.edition.beside.iter().filter_map(|area| self.figure_beside(area, point)).collect()
    }

    fn figure_beside(&self, other: &AreaCode, point: &SeriesPoint) -> Option<OtherAreaFigure> {
        if other == self.area {
            return None;
        }
        let theirs = self.context.headlines.series(self.measure, other).at(point.period).and_then(SeriesEntry::number)?;
        let name = self.context.inputs.areas.name(other);
        Some(OtherAreaFigure::of(name, theirs, point.value.number()?, point.limits, self.measure.polarity))
    }

    /// None of an organisation: its area's neighbours are no likeness of it.
    pub fn neighbours(&self, period: Period) -> Option<RankAmongNeighbours> {
        if self.measure.parts_are == PartsAre::Organisations && self.measure.parts.contains(self.area) {
            return None;
        }
        let inputs = self.context.inputs;
        let mut distributions = inputs.distributions.iter().filter(|distribution| distribution.measure == self.measure.id);
        distributions.find_map(|of| RankAmongNeighbours::of(inputs.areas, self.area, period, of, self.measure.polarity))
    }
}

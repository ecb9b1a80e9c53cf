//! The headline figures of a run, found by measure and area without a search.

use super::made::{MadeFigureIndex, make_figures};
use super::series::FigureSeries;
use crate::area::{AreaCode, Areas};
use crate::figure::Observation;
use crate::framework::{Framework, Measure, MeasureId};
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};

/// Longer chains of areas that take each other's place end here.
const MOST_SUCCESSIONS: usize = 8;

/// The headline figures of a run, found by measure and area without a search. Breakdowns are left out.
pub(super) struct SeriesIndex<'a> {
    areas: &'a Areas,
    observations: HashMap<(&'a MeasureId, &'a AreaCode), Vec<&'a Observation>>,
    /// The measures that others are the sum of.
    summed: HashMap<&'a MeasureId, &'a Measure>,
    /// Figures that are made from counts by age band or from groups.
    pub made: MadeFigureIndex<'a>,
}

impl<'a> SeriesIndex<'a> {
    /// Only periods that ended on or before `quarter_end` are read.
    pub(super) fn of(observations: &'a [Observation], framework: &'a Framework, areas: &'a Areas, quarter_end: Date) -> Self {
        let mut grouped: HashMap<_, Vec<_>> = HashMap::new();
        for observation in observations.iter().filter(|o| o.category.is_none() && o.period.end() <= quarter_end) {
            grouped.entry((&observation.measure, &observation.area)).or_default().push(observation);
        }
        let parts: HashSet<&MeasureId> = framework.measures.iter().flat_map(Measure::summed).collect();
        let summed = framework.measures.iter().filter(|m| parts.contains(&m.id)).map(|m| (&m.id, m)).collect();
        SeriesIndex { areas, observations: grouped, summed, made: make_figures(framework, areas, observations, quarter_end) }
    }

    pub(super) fn series(&self, measure: &Measure, area: &AreaCode) -> FigureSeries {
        if measure.summed().is_empty() {
            return self.given_series(measure, area);
        }
        let parts: Option<Vec<FigureSeries>> =
            measure.summed().iter().map(|id| self.summed.get(id).map(|part| self.given_series(part, area))).collect();
        parts.map_or_else(FigureSeries::default, |parts| FigureSeries::added(measure, &parts))
    }

    fn given_series(&self, measure: &Measure, area: &AreaCode) -> FigureSeries {
        self.given_since(measure, area, 0)
    }

    /// What was given for the area, after what was given for those whose figures go on as its past.
    fn given_since(&self, measure: &Measure, area: &AreaCode, successions: usize) -> FigureSeries {
        let given = self.observations.get(&(&measure.id, area)).map_or(&[][..], Vec::as_slice);
        let own = FigureSeries::of(measure, given).with_made(self.made.figures(&measure.id, area, None));
        let Some((before, from)) = self.areas.past_of(area).filter(|_| successions < MOST_SUCCESSIONS) else { return own };
        let before: Vec<FigureSeries> = before.iter().map(|area| self.given_since(measure, area, successions + 1)).collect();
        own.after(measure, &before, from)
    }
}

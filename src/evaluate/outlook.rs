//! What an assessment's series says of the future. Shown beside a status, and never decides one.

use super::Assessment;
use super::methods::Withheld;
use super::methods::projection::{self, Projection, ProjectionPoint};
use super::methods::spc::{self, Chart, Reading};
use crate::framework::Measure;
use crate::period::{Period, Step};
use crate::value::Polarity;

impl Assessment {
    /// Where the line through the yearly figures arrives on the due date, with its interval and the chance of meeting the
    /// goal. Of pooled years that share days every one is taken that is apart from the one after it, from the latest back.
    ///
    /// # Errors
    /// No date to project to ([`Withheld::NotInOrder`]), and what [`projection::project`] withholds.
    pub fn projection(&self, measure: &Measure) -> Result<Projection, Withheld> {
        let goal = self.goal.as_ref().ok_or(Withheld::NotInOrder)?;
        let mut taken: Vec<(Period, ProjectionPoint)> = Vec::new();
        for point in self.series.iter().rev().filter(|point| point.period.step() == Step::Year) {
            let Some(value) = point.value.number() else { continue };
            let fits = |after: &Period| after.same_series(point.period) && after.is_apart_from(point.period);
            if taken.last().is_none_or(|(after, _)| fits(after)) {
                taken.push((point.period, ProjectionPoint { end: point.period.end(), value, limits: point.limits }));
            }
        }
        let points: Vec<ProjectionPoint> = taken.into_iter().map(|(_, point)| point).collect();
        projection::project(&points, goal.due, goal.value, measure.polarity)
    }

    /// The control chart of monthly or quarterly figures, with the goal's value as its target; none for longer periods. A
    /// period that is missing between two others is a gap in it; places count from the first period of the series.
    pub fn control_chart(&self, polarity: Polarity) -> Option<Chart> {
        self.series.last().filter(|last| last.period.step() != Step::Year)?;
        let given = self.series.iter().map(|point| (point.period, Reading { value: point.value.number(), doubtful: false }));
        let readings: Vec<Reading> = spc::readings(given).into_iter().map(|(_, reading)| reading).collect();
        let target = self.goal.as_ref().and_then(|goal| goal.value);
        Some(spc::chart_of(&readings, &spc::Options { target, ..spc::Options::new(polarity) }))
    }
}

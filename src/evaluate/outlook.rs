//! What an assessment's series says of the future. Shown beside a status, and never decides one.

use super::Assessment;
use super::methods::spc::{Chart, Options, chart};
use super::methods::{Confidence, Estimate, Withheld, trajectory};
use crate::framework::Measure;
use crate::period::Step;
use crate::value::{Limits, Polarity};

impl Assessment {
    /// Where the line through the last five figures arrives on the due date, with its 95% interval, both held within
    /// what a figure of `measure` can be; what was never below 0 is not expected there.
    ///
    /// # Errors
    /// No date to project to ([`Withheld::NotInOrder`]), and what [`trajectory::project`] withholds.
    pub fn projection(&self, measure: &Measure) -> Result<Estimate, Withheld> {
        let last = self.latest.as_ref().map(|latest| latest.period.end());
        let due = self.goal.as_ref().map(|goal| goal.due).filter(|due| last.is_some_and(|last| last < *due));
        let points: Vec<_> = self.series.iter().filter_map(|p| Some((p.period.end(), p.value.number()?, p.limits))).collect();
        let Estimate { value, limits } = trajectory::project(&points, due.ok_or(Withheld::NotInOrder)?, Confidence::P95)?;
        let (least, most) = measure.range();
        let never_below = points.iter().all(|(_, value, _)| *value >= 0.0);
        let least = if never_below { 0.0 } else { least.unwrap_or(f64::MIN) };
        let within = |x: f64| x.clamp(least, most.unwrap_or(f64::MAX));
        Ok(Estimate { value: within(value), limits: Limits { lower: within(limits.lower), upper: within(limits.upper) } })
    }

    /// The control chart of monthly or quarterly figures, with the goal's value as its target; none for longer periods.
    pub fn control_chart(&self, polarity: Polarity) -> Option<Chart> {
        self.series.last().filter(|last| last.period.step() != Step::Year)?;
        let values: Vec<f64> = self.series.iter().filter_map(|p| p.value.number()).collect();
        let target = self.goal.as_ref().and_then(|goal| goal.value);
        Some(chart(&values, &Options { target, ..Options::new(polarity) }))
    }
}

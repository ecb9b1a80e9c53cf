//! What an assessment's series says of the future. Shown beside a status, and never decides one.

use super::Assessment;
use super::methods::spc::{Chart, Options, chart};
use super::methods::{Confidence, Estimate, Withheld, trajectory};
use crate::period::Step;
use crate::value::Polarity;

impl Assessment {
    /// Where the line through the last five figures arrives on the due date, with its 95% interval.
    ///
    /// # Errors
    /// No date to project to ([`Withheld::NotInOrder`]), and what [`trajectory::project`] withholds.
    pub fn projection(&self) -> Result<Estimate, Withheld> {
        let last = self.latest.as_ref().map(|latest| latest.period.end());
        let due = self.goal.as_ref().map(|goal| goal.due).filter(|due| last.is_some_and(|last| last < *due));
        let points: Vec<_> = self.series.iter().filter_map(|p| Some((p.period.end(), p.value.number()?, p.limits))).collect();
        trajectory::project(&points, due.ok_or(Withheld::NotInOrder)?, Confidence::P95)
    }

    /// The control chart of monthly or quarterly figures, with the goal's value as its target; none for longer periods.
    pub fn control_chart(&self, polarity: Polarity) -> Option<Chart> {
        self.series.last().filter(|last| last.period.step() != Step::Year)?;
        let values: Vec<f64> = self.series.iter().filter_map(|p| p.value.number()).collect();
        let target = self.goal.as_ref().and_then(|goal| goal.value);
        Some(chart(&values, &Options { target, ..Options::new(polarity) }))
    }
}

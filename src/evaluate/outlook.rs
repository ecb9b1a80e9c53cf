//! What an assessment's series says of the future, and its control chart. Shown beside a status, and never decides one
//! but for a special cause for the worse.

use super::methods::Withheld;
use super::methods::projection::{self, Projection, ProjectionPoint};
use super::methods::spc::{self, Chart, Options};
use super::{Assessment, Point};
use crate::area::AreaCode;
use crate::framework::{Doubtful, Measure, StepChange};
use crate::period::{Period, Step};
use crate::value::Limits;

impl Assessment {
    /// Where the line through the annual figures arrives on the due date, with its 95% prediction interval and the chance
    /// of meeting the target by then.
    ///
    /// # Errors
    /// No date still to come ([`Withheld::NotInOrder`]), and what [`projection::project`] withholds.
    pub fn projection(&self, measure: &Measure) -> Result<Projection, Withheld> {
        let last = self.latest.as_ref().map(|latest| latest.period.end());
        let due = self.goal.as_ref().map(|goal| goal.due).filter(|due| last.is_some_and(|last| last < *due));
        let target = self.goal.as_ref().and_then(|goal| goal.value);
        let points = whole_years(&self.series);
        projection::project(&points, due.ok_or(Withheld::NotInOrder)?, target, measure.polarity)
    }

    /// The control chart of monthly or quarterly figures, with the goal's value as its target; none for longer periods.
    pub fn control_chart(&self, measure: &Measure) -> Option<Chart> {
        chart_of(measure, &self.area, &self.series, self.goal.as_ref().and_then(|goal| goal.value))
    }

    /// One entry a point of [`Assessment::control_chart`]: the period, from the first figure to the last without a gap.
    pub fn charted_periods(&self) -> Vec<Period> {
        each_period(&self.series)
    }
}

/// Annual figures that share no day; months and quarters of a kind that adds up are not made into years here, since a sum
/// of part of a year is no year.
fn whole_years(series: &[Point]) -> Vec<ProjectionPoint> {
    let mut kept: Vec<(Period, f64, Option<Limits>)> = Vec::new();
    for point in series.iter().rev().filter(|point| point.period.step() == Step::Year) {
        let Some(value) = point.value.number() else { continue };
        if kept.last().is_none_or(|(later, ..)| point.period.end() < later.start()) {
            kept.push((point.period, value, point.limits));
        }
    }
    kept.iter()
        .rev()
        .map(|(period, value, limits)| ProjectionPoint { end: period.end(), value: *value, limits: *limits })
        .collect()
}

/// Every period from the first to the last of a series, whether there is a figure or not.
fn each_period(series: &[Point]) -> Vec<Period> {
    let (Some(first), Some(last)) = (series.first(), series.last()) else { return Vec::new() };
    let mut periods = vec![first.period];
    while let Some(period) = periods.last().filter(|period| **period < last.period && periods.len() < MOST_POINTS) {
        periods.push(period.next_step());
    }
    periods
}

/// Longer series of months than this are misprints of a date.
const MOST_POINTS: usize = 2_400;

/// See [`Assessment::control_chart`].
pub(super) fn chart_of(measure: &Measure, area: &AreaCode, series: &[Point], target: Option<f64>) -> Option<Chart> {
    series.last().filter(|last| last.period.step() != Step::Year)?;
    let periods = each_period(series);
    let is_here = |named: &Option<AreaCode>| named.as_ref().is_none_or(|named| named == area);
    let place = |label: &str| measure.period(label).ok().and_then(|period| periods.iter().position(|p| *p == period));
    let doubtful: Vec<usize> =
        measure.doubtful.iter().filter(|d: &&Doubtful| is_here(&d.area)).filter_map(|d| place(&d.period)).collect();
    let starts: Vec<usize> =
        measure.step_changes.iter().filter(|s: &&StepChange| is_here(&s.area)).filter_map(|s| place(&s.from)).collect();
    let mut given = series.iter().peekable();
    let values: Vec<Option<f64>> = periods
        .iter()
        .map(|period| {
            while given.peek().is_some_and(|point| point.period < *period) {
                given.next();
            }
            given.peek().filter(|point| point.period == *period).and_then(|point| point.value.number())
        })
        .collect();
    let _ = (&doubtful, &starts);
    let values: Vec<f64> = values.into_iter().flatten().collect();
    Some(spc::chart(&values, &Options { target, rebase_at: starts, ..Options::new(measure.polarity) }))
}

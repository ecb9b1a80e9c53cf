//! What an assessment's series says of the future, and its control chart. Shown beside a status; of all this only a
//! special cause for the worse takes part in one.

use super::series_sums::whole_years;
use super::{Assessment, SeriesPoint, Status};
use crate::area::AreaCode;
use crate::framework::Measure;
use crate::period::{Period, PeriodStep, with_gaps};
use crate::value::Polarity;
use indicator_stats::Withheld;
use indicator_stats::projection::{self, Projection, ProjectionPoint};
use indicator_stats::spc::{self, Assurance, Chart, Options, PeriodValue};

impl Assessment {
    /// Where the line through the yearly figures arrives on the due date, with its interval and the chance of meeting the
    /// target. Months and quarters are first made whole years; of pooled years that share days every one is taken that is
    /// apart from the one after it, from the latest back.
    ///
    /// # Errors
    /// No date still to come ([`Withheld::NotInOrder`]), and what [`projection::project`] withholds.
    pub fn projection(&self, measure: &Measure) -> Result<Projection, Withheld> {
        let target = self.target.as_ref().ok_or(Withheld::NotInOrder)?;
        let is_yearly = self.series.last().is_some_and(|point| point.period.step() == PeriodStep::Year);
        let made: Vec<SeriesPoint>;
        let series = if is_yearly {
            &self.series
        } else {
            made = whole_years(measure, &self.series);
            &made
        };
        let mut taken: Vec<(Period, ProjectionPoint)> = Vec::new();
        for point in series.iter().rev().filter(|point| point.period.step() == PeriodStep::Year) {
            let Some(value) = point.value.number() else { continue };
            if taken.first().is_some_and(|(latest, _)| measure.redefined_between(point.period, *latest).is_some()) {
                break;
            }
            let fits = |after: &Period| after.same_series(point.period) && after.is_apart_from(point.period);
            if taken.last().is_none_or(|(after, _)| fits(after)) {
                taken.push((point.period, ProjectionPoint { end: point.period.end(), value, limits: point.limits }));
            }
        }
        let points: Vec<ProjectionPoint> = taken.into_iter().map(|(_, point)| point).collect();
        projection::project(&points, target.due, target.value, measure.polarity)
    }

    /// The control chart of monthly or quarterly figures, with the target's value; none for longer periods. It
    /// has a point for each period with a figure.
    pub fn control_chart(&self, measure: &Measure) -> Option<Chart> {
        let drawn = self.chart_drawn(measure)?;
        // Limits of the figures before say nothing against a target that is met.
        let is_met = matches!(self.status, Status::Achieved | Status::AchievedLate);
        let assurance = drawn.assurance.filter(|assurance| !(is_met && *assurance == Assurance::Fail));
        // Nor do figures that are too old say what is special now.
        if self.is_too_old() {
            return Some(Chart { assurance: None, variation: None, ..drawn });
        }
        Some(Chart { assurance, ..drawn })
    }

    fn chart_drawn(&self, measure: &Measure) -> Option<Chart> {
        chart_of(measure, &self.area, &self.series, self.target.as_ref().and_then(|target| target.value))
    }

    /// Why a chart with lasting limits has no assurance.
    pub fn without_assurance(&self, measure: &Measure) -> &'static str {
        if self.target.as_ref().and_then(|target| target.value).is_none() {
            "no target in figures"
        } else if measure.polarity == Polarity::None {
            "neither way is good in itself"
        } else if self.chart_drawn(measure).is_some_and(|drawn| drawn.assurance.is_some()) {
            "the target is met, and the limits of the figures before do not say how it goes on"
        } else {
            "the figures do not vary"
        }
    }
}

/// See [`Assessment::control_chart`]. Doubtful periods and step changes are those that the measure names for the area.
pub(super) fn chart_of(measure: &Measure, area: &AreaCode, series: &[SeriesPoint], target: Option<f64>) -> Option<Chart> {
    series.last().filter(|last| last.period.step() != PeriodStep::Year)?;
    let is_here = |named: &Option<AreaCode>| named.as_ref().is_none_or(|named| named == area);
    let named = |label: &str| measure.period(label).ok();
    let doubtful: Vec<Period> = measure.doubtful.iter().filter(|d| is_here(&d.area)).filter_map(|d| named(&d.period)).collect();
    let steps = measure.step_changes.iter().filter(|s| is_here(&s.area)).map(|s| &s.from);
    let redefined = measure.redefinitions.iter().map(|r| &r.from);
    let starts: Vec<Period> = steps.chain(redefined).filter_map(|from| named(from)).collect();
    let given = series
        .iter()
        .map(|point| (point.period, PeriodValue { value: point.value.number(), doubtful: doubtful.contains(&point.period) }));
    let readings = with_gaps(given);
    let rebase_at = starts.iter().filter_map(|start| readings.iter().position(|(period, _)| period >= start)).collect();
    let readings: Vec<PeriodValue> = readings.into_iter().map(|(_, reading)| reading.unwrap_or(PeriodValue::MISSING)).collect();
    Some(spc::chart_of(&readings, &Options { target, rebase_at, ..Options::new(measure.polarity) }))
}

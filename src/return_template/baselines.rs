//! The figures of the periods that targets start from: asked for until they are given, since nothing can be judged without.

use super::request::{RequestedFigure, ReturnRequest};
use crate::area::AreaCode;
use crate::figure::{Category, SeriesKey};
use crate::framework::{Aspiration, Framework, Measure, MeasureSource, SetAgainst};
use crate::period::Period;
use crate::value::Value;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The baselines of `measure` that the framework needs a figure of, earliest first: those that a target names without a value,
/// and for a value to be reached by a target that names none the last period before the edition's day for baselines.
///
/// A period that had not ended by the end of `quarter` is none yet, nor one before the measure's first.
fn periods(framework: &Framework, measure: &Measure, quarter: Period) -> BTreeSet<Period> {
    let first = match &measure.source {
        MeasureSource::Return { first: Some(first), .. } => measure.period(first).ok(),
        _ => None,
    };
    let baseline = |aspiration: &Aspiration| match aspiration.target.baseline() {
        Some(baseline) if baseline.value.is_none() => measure.period(&baseline.period).ok(),
        Some(_) => None,
        None if !aspiration.target.is_a_value() || quarter.end() > framework.due(aspiration) => None,
        None => last_before(measure, first, framework.edition.baseline_before()),
    };
    let needed = |aspiration: &Aspiration, figure: &SetAgainst| match figure {
        SetAgainst::Baseline => baseline(aspiration),
        // Of the same period: whoever gives them is asked for that as it falls due.
        SetAgainst::Comparator | SetAgainst::Scenario => None,
    };
    let targets = framework.aspirations().map(|(_, aspiration)| aspiration).filter(|aspiration| aspiration.id == measure.id);
    let is_there = |period: &Period| period.end() <= quarter.end() && first.is_none_or(|first| first.start() <= period.start());
    let all = targets.flat_map(|aspiration| aspiration.target.set_against().iter().filter_map(move |of| needed(aspiration, of)));
    all.filter(is_there).collect()
}

/// The last period of a measure that ended before a day, of the kind of its first where that is stated.
fn last_before(measure: &Measure, first: Option<Period>, day: Date) -> Option<Period> {
    if let Some(first) = first {
        return std::iter::successors(Some(first), |period| Some(period.next_step())).take_while(|p| p.end() < day).last();
    }
    let containing = Period::containing(day.yesterday().ok()?, measure.cadence_months.min(12), measure.year)?;
    Some(if containing.end() < day { containing } else { containing.previous() })
}

impl<'a> ReturnRequest<'a> {
    /// The figures of baselines that the partner has not given yet, or without the counts that they are of use with, in the
    /// order of the framework: of each area the figure itself, whatever it is made from. One that is due anyway is among the
    /// others.
    pub fn baselines(&self) -> Vec<RequestedFigure<'a>> {
        let mut asked = Vec::new();
        for measure in self.measures() {
            let due = self.periods_due(measure);
            for period in periods(self.framework, measure, self.period).into_iter().filter(|period| !due.contains(period)) {
                let of_area = |area: &AreaCode| SeriesKey::new(measure.id.clone(), area.clone(), None);
                // Nobody is asked for what was before it began.
                if self.partner.from.is_some_and(|from| period.end() < from) {
                    continue;
                }
                let areas = measure.areas_returned(self.partner).into_iter();
                asked.extend(areas.map(|area| RequestedFigure { measure, series: of_area(area), period }));
            }
        }
        asked.retain(|one| !self.is_given(one) || self.lacks_counts(one));
        asked
    }

    /// True where the partner gave a number alone, and the figure of all is made from counts.
    pub(super) fn lacks_counts(&self, asked: &RequestedFigure<'_>) -> bool {
        let given = self.earlier.get(&asked.series).and_then(|by_period| by_period.get(&asked.period));
        let counts = self.earlier.counts(&asked.series, asked.period);
        let is_number = given.is_some_and(|given| matches!(given.value, Value::Number(_)));
        asked.is_pooled() && is_number && counts.numerator.zip(counts.denominator).is_none()
    }

    /// True where the partner gave the figure before, or the one that it would make.
    pub fn is_given(&self, asked: &RequestedFigure<'_>) -> bool {
        let SeriesKey { measure, area, .. } = &asked.series;
        let made = asked.component().map(|place| SeriesKey::new(measure.clone(), area.clone(), Category::of_group(place)));
        let is_given = |series: &SeriesKey| {
            let given = self.earlier.get(series).and_then(|by_period| by_period.get(&asked.period));
            given.is_some_and(|given| given.value != Value::Missing)
        };
        is_given(&asked.series) || made.is_some_and(|series| is_given(&series))
    }
}

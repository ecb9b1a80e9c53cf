//! What is drawn of a target: the value of each time, and what is expected on the way to it.

use super::subject::ChartSubject;
use crate::evaluate::rules::{gap_allowed, grown, growth_allowed};
use crate::evaluate::{Assessment, SeriesPoint};
use crate::framework::{MeasureId, Target};
use crate::period::Period;
use crate::report::charts::TargetLine;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The line of the target; none where it has no value of its own, or is set for years and the figures count months.
pub(super) fn target_line(of: &ChartSubject<'_>, head: &Assessment, shown: &BTreeSet<Period>) -> Option<TargetLine> {
    let goal = head.target.as_ref()?;
    // Beside a comparator that moves, its line is the target.
    let value = goal.value.filter(|value| value.is_finite() && !of.target.compares())?;
    let label = format!("Target: {}", goal.words);
    let Target::AnnualTarget { targets, every_year, .. } = of.target else {
        return Some(TargetLine { value, label, years: Vec::new() });
    };
    let months = shown.last().map_or(12, |period| period.months());
    if of.measure.statistic.is_number() && months < 12 {
        return None;
    }
    let years: BTreeSet<Period> = shown.iter().filter_map(|p| Period::containing(p.end(), 12, of.measure.year)).collect();
    let own = |year: &Period| targets.iter().find(|own| of.measure.period(&own.period).is_ok_and(|of| of == *year));
    let of_year = |year: Period| Some((year, own(&year).map(|own| own.value).or(*every_year)?));
    Some(TargetLine { value, label, years: years.into_iter().filter_map(of_year).collect() })
}

/// What is expected on the way from the baseline, oldest first, with a sentence on it. None where the baseline is not shown or was
/// as good as the target already.
pub(super) fn expected_path(of: &ChartSubject<'_>, head: &Assessment) -> Option<(Vec<(Date, f64)>, &'static str)> {
    let goal = head.target.as_ref()?;
    let expected_now = goal.expected_now.filter(|x| x.is_finite())?;
    let baseline = head.baseline.as_ref()?;
    let from = (baseline.period.end(), baseline.value.number().filter(|x| x.is_finite())?);
    let (due, value) = (goal.due, goal.value.filter(|x| x.is_finite()));
    let later = |points: Vec<(Date, f64)>| {
        let on_the_way = points.into_iter().filter(|(at, value)| from.0 < *at && *at <= due && value.is_finite());
        let path: Vec<(Date, f64)> = std::iter::once(from).chain(on_the_way).collect();
        (path.len() > 1).then_some(path)
    };
    let to_go = |value: f64| of.measure.polarity.sign().is_none_or(|sign| sign * (value - from.1) > 0.0);
    match of.target {
        Target::CloseGap { .. } => {
            let (sign, start) = (of.measure.polarity.sign()?, baseline.comparator?);
            let expected = |point: &SeriesPoint| {
                let at = point.period.end();
                Some((at, point.comparator? - sign * gap_allowed(sign, (from, start), due, at)))
            };
            let path = later(head.series.iter().filter_map(expected).collect())?;
            Some((
                path,
                "The expected path closes the gap of the baseline evenly by the due date, beside the comparator of each period.",
            ))
        }
        Target::AgainstGrowth { percent, scenario, annual_growth_percent, .. } => {
            let without = scenario.as_ref().map_or_else(Vec::new, |scenario| projected(of, scenario, head));
            let without = match annual_growth_percent.filter(|_| scenario.is_none()) {
                Some(growth) => {
                    head.series.iter().map(|p| p.period.end()).chain([due]).map(|at| (at, grown(from, growth, at))).collect()
                }
                None => without,
            };
            let allowed = |(at, without): (Date, f64)| (at, growth_allowed(*percent, without, (from.0, due), at));
            let latest = head.latest.as_ref().map(|point| (point.period.end(), expected_now));
            let path = later(without.into_iter().map(allowed).collect()).or_else(|| later(latest.into_iter().collect()))?;
            Some((path, "The expected path is what the target allows of the projected growth."))
        }
        Target::ReductionBand { early, .. } => {
            let path = later(vec![(*early, value.filter(|value| to_go(*value))?)])?;
            Some((
                path,
                "The straight line from the baseline to the target, at the earlier of its two dates, is what is expected on the way.",
            ))
        }
        target if target.has_straight_line() => {
            let between = of.interim.iter().filter(|interim| interim.due < due).map(|interim| (interim.due, interim.value));
            let path = later(between.chain([(due, value.filter(|value| to_go(*value))?)]).collect())?;
            Some(match path.len() {
                2 => (path, "The straight line from the baseline to the target is what is expected on the way."),
                _ => (path, "The line from the baseline by the interim targets to the target is what is expected on the way."),
            })
        }
        _ => None,
    }
}

/// The figures that a scenario projects for the area, as they are published.
fn projected(of: &ChartSubject<'_>, scenario: &MeasureId, head: &Assessment) -> Vec<(Date, f64)> {
    let of_scenario = of.pack.evaluation.measures.iter().filter(|measure| measure.headline.measure == *scenario);
    let here = of_scenario.flat_map(|measure| measure.each()).find(|assessment| assessment.area == head.area);
    let points = here.map_or(&[][..], |assessment| &assessment.series);
    points.iter().filter_map(|point| Some((point.period.end(), point.value.number()?))).collect()
}

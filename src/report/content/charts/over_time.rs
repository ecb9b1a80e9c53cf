//! Lines over time with limits, the comparator, the target, what is expected by now, and where the line leads.

use super::drawn::{Drawn, any_illustrative, drawable, spoken_series};
use super::subject::ChartSubject;
use crate::evaluate::Assessment;
use crate::framework::Measure;
use crate::period::Period;
use crate::report::charts::{Chart, ChartPoint, ChartSeries, LineChart, ProjectionLine, TargetLine};
use crate::report::content::figures;
use crate::report::content::outlook::Outlook;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tagged_document::model::Figure;

pub fn figure(of: &ChartSubject<'_>, shown: &[&Assessment]) -> Figure {
    let ChartSubject { measure, head, compared_with, .. } = *of;
    let comparators: BTreeMap<_, _> =
        shown.iter().flat_map(|a| &a.series).filter_map(|p| Some((p.period, p.comparator?))).collect();
    let comparators: Vec<(Period, f64)> = comparators.into_iter().collect();
    // Before there is a figure of anybody there is nothing to see.
    let figures = shown.iter().flat_map(|a| &a.series).filter(|p| p.value.number().is_some()).map(|p| p.period);
    let first = figures.chain(comparators.iter().map(|(period, _)| *period)).min();
    let from_first = |period: &Period| first.is_none_or(|first| *period >= first);
    let series: Vec<ChartSeries> = shown.iter().map(|a| series(measure, &of.name(a), a, &from_first)).collect();
    let last = comparators.last().copied();
    // Areas that each have a target of their own have none in common to draw.
    let value = |a: &Assessment| a.target.as_ref().and_then(|target| target.value);
    let common = head.target.as_ref().filter(|_| shown.iter().all(|a| value(a) == value(head)));
    let target = common.and_then(|target| Some(TargetLine { value: target.value?, label: format!("Target: {}", target.words) }));
    let single = shown.len() == 1;
    let trajectory = if single { trajectory(of, head) } else { Vec::new() };
    let outlook = Outlook::of(measure, head, of.pack.evaluation.as_at);
    let projection = projection(measure, &outlook).filter(|_| single);

    let mut said = vec!["Line chart.".to_owned()];
    said.extend(shown.iter().map(|a| spoken_series(measure, &of.name(a), a)));
    said.extend(
        last.map(|(period, value)| {
            format!("{compared_with}: {} in {}.", figures::number(measure, value), figures::period(period))
        }),
    );
    said.extend(common.filter(|target| target.value.is_some()).map(|target| format!("Target: {}.", target.words)));
    let expected = head.target.as_ref().and_then(|target| target.expected_now).filter(|_| !trajectory.is_empty());
    said.extend(expected.map(|value| format!("Expected by now: {}.", figures::number(measure, value))));
    said.extend(projection.map(|p| {
        let range = figures::limits(measure, Some(p.limits));
        let due = figures::date(p.due);
        format!(
            "The line through the yearly figures is at {} on {due} (95% interval {range}).",
            figures::number(measure, p.value)
        )
    }));

    let periods: BTreeSet<Period> = shown.iter().flat_map(|a| a.series.iter().map(|p| p.period)).filter(from_first).collect();
    let breaks = breaks(measure, &periods);
    let mut notes = Vec::new();
    if shown.iter().any(|a| a.series.iter().any(|p| p.limits.is_some())) {
        let bars = if single { "The shaded band or the bars show 95% limits." } else { "The bars show 95% limits." };
        notes.push(bars.to_owned());
    }
    if series.iter().any(|s| s.points.iter().any(|p| p.value.is_none())) {
        notes.push("The line is broken where a period has no figure.".to_owned());
    }
    for (period, reason) in &breaks {
        let reason = reason.trim().trim_end_matches('.');
        notes.push(format!(
            "The upright line marks a break: from {} it is counted differently ({reason}).",
            figures::period(*period)
        ));
    }
    said.extend(notes.iter().rev().take(breaks.len()).rev().cloned());
    if !trajectory.is_empty() {
        let line = match trajectory.len() {
            0..=2 => "The straight line from the baseline to the target",
            _ => "The line from the baseline by the interim targets to the target",
        };
        notes.push(format!("{line} is what is expected on the way."));
    }
    if projection.is_some() {
        notes.push(
            "The projection is the line through all yearly figures that share no day, carried to the due date with its 95% \
             prediction interval; it decides no status."
                .to_owned(),
        );
    }
    let ends = periods.first().zip(periods.last());
    let when = ends.map_or("Over time".to_owned(), |(from, to)| {
        format!("Over time: {} to {}", figures::period(*from), figures::period(*to))
    });
    let comparator = last.map(|(_, value)| (format!("{compared_with} {}", figures::plain(measure, value)), comparators));
    let chart = Chart::Lines(LineChart {
        series,
        comparator,
        target,
        trajectory,
        projection,
        breaks: breaks.into_iter().map(|(period, _)| period).collect(),
    });
    Drawn { chart, when, said, notes, illustrative: any_illustrative(shown.iter().copied()) }.figure(measure, of.message)
}

fn series(measure: &Measure, name: &str, assessment: &Assessment, shown: &dyn Fn(&Period) -> bool) -> ChartSeries {
    let last = assessment.series.iter().rev().find_map(|p| p.value.number());
    ChartSeries {
        label: last.map_or(name.to_owned(), |value| format!("{name} {}", figures::plain(measure, value))),
        points: assessment
            .series
            .iter()
            .filter(|p| shown(&p.period))
            .map(|p| ChartPoint {
                period: p.period,
                value: p.value.number().filter(|x| x.is_finite()),
                limits: p.limits.filter(drawable),
            })
            .collect(),
    }
}

/// The line, straight but for interim targets, that the rules of these kinds of target hold a figure against, from the end of the baseline's
/// period to the due date; none from a baseline that was as good as the target already.
fn trajectory(of: &ChartSubject<'_>, head: &Assessment) -> Vec<(Date, f64)> {
    let ChartSubject { measure, target, .. } = *of;
    let straight = target.has_straight_line();
    let line = || {
        let target = head.target.as_ref().filter(|target| target.expected_now.is_some())?;
        let start = head.baseline.as_ref()?;
        let from = (start.period.end(), start.value.number().filter(|x| x.is_finite())?);
        let to = (target.due, target.value.filter(|x| x.is_finite())?);
        let to_go = measure.polarity.sign().is_none_or(|sign| sign * (to.1 - from.1) > 0.0);
        let between = of.interim.iter().map(|interim| (interim.due, interim.value));
        let between = between.filter(|(due, _)| from.0 < *due && *due < to.0);
        (from.0 < to.0 && to_go).then(|| std::iter::once(from).chain(between).chain([to]).collect())
    };
    if straight { line().unwrap_or_default() } else { Vec::new() }
}

/// The first periods shown by another definition than those before, each with what is counted otherwise.
fn breaks<'a>(measure: &'a Measure, shown: &BTreeSet<Period>) -> Vec<(Period, &'a str)> {
    let Some((first, last)) = shown.first().zip(shown.last()) else { return Vec::new() };
    let is_within = |period: &Period| first < period && period <= last;
    let all = measure.redefinitions.iter();
    all.filter_map(|r| Some((measure.period(&r.from).ok().filter(is_within)?, r.reason.as_str()))).collect()
}

/// Where the line arrives, if it may be drawn.
fn projection(measure: &Measure, outlook: &Outlook) -> Option<ProjectionLine> {
    let (due, estimate) = outlook.drawn.filter(|(_, e)| e.value.is_finite() && drawable(&e.limits))?;
    let decimals = figures::places(measure, estimate.value);
    Some(ProjectionLine { due, value: estimate.value, limits: estimate.limits, decimals })
}

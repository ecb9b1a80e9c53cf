//! Lines over time with limits, the comparator, the target, what is expected by now, and where the line leads.

use super::drawn::{
    Drawn, IN_SERIES, Said, TwinTable, any_illustrative, between, drawable, last as latest_of, spoken, with_limits,
};
use super::subject::ChartSubject;
use crate::evaluate::{Assessment, SeriesPoint};
use crate::framework::Measure;
use crate::period::Period;
use crate::report::alternatives::of_whom;
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

    let mut more = vec![format!("{}.", head.status.label())];
    more.extend(
        last.map(|(period, value)| format!("{compared_with}: {} in {}.", spoken(measure, value), figures::period(period))),
    );
    let mut lines = Vec::new();
    if let Some(goal) = common.filter(|goal| goal.value.is_some()) {
        more.push(format!("Target: {}.", goal.words));
        lines.push(("Target".to_owned(), goal.words.clone()));
    }
    let expected = head.target.as_ref().and_then(|goal| goal.expected_now).filter(|_| !trajectory.is_empty());
    lines.extend(expected.map(|value| ("Expected by now".to_owned(), figures::number(measure, value))));
    lines.extend(projection.map(|p| {
        let range = figures::limits(measure, Some(p.limits));
        let words = format!("{} (95% interval {range})", figures::number(measure, p.value));
        (format!("Projected for {}", figures::date(p.due)), words)
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
    let mut head_row = vec!["Period".to_owned()];
    head_row.extend(shown.iter().map(|a| of.name(a)));
    head_row.extend(last.map(|_| compared_with.to_owned()));
    let row = |period: &Period| {
        let mut row = vec![figures::period(*period)];
        row.extend(shown.iter().map(|a| {
            let point = a.series.iter().find(|point| point.period == *period);
            point.map_or(figures::NONE.to_owned(), |point| with_limits(measure, point))
        }));
        let beside = comparators.iter().find(|(of, _)| of == period).map(|(_, value)| figures::plain(measure, *value));
        row.extend(last.map(|_| beside.unwrap_or_else(|| figures::NONE.to_owned())));
        row
    };
    let table = Some(TwinTable { head: head_row, rows: periods.iter().map(row).collect(), lines });
    let latest: Vec<(String, &SeriesPoint)> = shown.iter().filter_map(|a| Some((of.name(a), latest_of(&a.series)?))).collect();
    let first = shown.first().and_then(|a| a.series.iter().find(|point| point.value.number().is_some()));
    let finding = |room: usize| match (latest.as_slice(), first) {
        ([(name, latest)], Some(first)) => format!("{}.", of_whom(name, room, &from_to(measure, first, latest))),
        _ => between(measure, &latest, room),
    };
    let pointer = if of.areas.is_empty() || single { IN_SERIES } else { LATEST_BELOW };
    let said = Said { finding: &finding, more, pointer, table };
    let comparator = last.map(|(_, value)| (format!("{compared_with} {}", figures::plain(measure, value)), comparators));
    let chart = Chart::Lines(LineChart {
        series,
        comparator,
        target,
        trajectory,
        projection,
        breaks: breaks.into_iter().map(|(period, _)| period).collect(),
    });
    Drawn { chart, when, said, notes, illustrative: any_illustrative(shown.iter().copied()) }.figure(measure)
}

/// The table of areas has the latest figures, and others that are drawn are only in the data.
const LATEST_BELOW: &str = "The table below has the latest; the data annex, sheet Series, all.";

/// `19.0% in 2012, 4.7% in 2023`: whether they differ is for a test to say.
fn from_to(measure: &Measure, first: &SeriesPoint, latest: &SeriesPoint) -> String {
    let said = |point: &SeriesPoint| {
        let value = point.value.number().map_or_else(|| figures::bare(measure, point.value), |value| spoken(measure, value));
        format!("{value} in {}", figures::period(point.period))
    };
    if first.period == latest.period { said(latest) } else { format!("{}, {}", said(first), said(latest)) }
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
pub(super) fn breaks<'a>(measure: &'a Measure, shown: &BTreeSet<Period>) -> Vec<(Period, &'a str)> {
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

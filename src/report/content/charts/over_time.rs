//! Lines over time with limits, the comparator, the target, what is expected by now, and where the line leads.

use super::drawn::{
    Drawn, IN_SERIES, Said, TwinTable, WITH_LIMITS, any_illustrative, drawable, last as latest_of, spoken, with_limits,
    with_missing,
};
use super::finding;
use super::subject::ChartSubject;
use super::target_path::{expected_path, target_line};
use crate::evaluate::{Assessment, SeriesPoint, have_own_targets};
use crate::framework::Measure;
use crate::period::Period;
use crate::report::charts::{Chart, ChartPoint, ChartSeries, LineChart, ProjectionLine, TargetLine};
use crate::report::content::doubtful::{doubtful, in_words};
use crate::report::content::outlook::Outlook;
use crate::report::content::{figures, sentences};
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
    let value = |a: &Assessment| a.target.as_ref().and_then(|target| target.value);
    let common = head.target.as_ref().filter(|_| shown.iter().all(|a| value(a) == value(head)));
    let single = shown.len() == 1;
    let path = expected_path(of, head).filter(|_| single);
    let outlook = Outlook::of(measure, head, of.pack.evaluation.as_at);
    let projection = projection(measure, &outlook).filter(|_| single);

    let mut beside: Vec<String> = beside(of, shown, last).into_iter().collect();
    let mut lines = Vec::new();
    if let Some(goal) = common {
        beside.push(format!("target: {}", goal.words));
        lines.push(("Target".to_owned(), goal.words.clone()));
    }
    let expected = head.target.as_ref().and_then(|goal| goal.expected_now).filter(|_| path.is_some());
    lines.extend(expected.map(|value| ("Expected by now".to_owned(), figures::number(measure, value))));
    lines.extend(projection.map(|p| {
        let range = figures::limits(measure, Some(p.limits));
        let words = format!("{} (95% interval {range})", figures::number(measure, p.value));
        (format!("Projected for {}", figures::date(p.due)), words)
    }));

    let periods: BTreeSet<Period> = shown.iter().flat_map(|a| a.series.iter().map(|p| p.period)).filter(from_first).collect();
    let target = common.and_then(|_| target_line(of, head, &periods));
    let own_targets = if have_own_targets(shown) { own_targets(of, shown, &periods) } else { Vec::new() };
    let breaks = breaks(measure, &periods);
    let mut notes = Vec::new();
    if !own_targets.is_empty() {
        let each = own_targets.iter().filter_map(|(i, _)| Some((of.name(shown[*i]), &shown[*i].target.as_ref()?.words)));
        let each: Vec<(String, &String)> = each.collect();
        lines.extend(each.iter().map(|(name, words)| (format!("Target, {name}"), (*words).clone())));
        let each = each.iter().map(|(name, words)| format!("{name}, {words}")).collect::<Vec<_>>().join("; ");
        notes.push(format!("Each area has a target of its own, a dashed line in its colour: {each}."));
    }
    let has_limits = shown.iter().any(|a| a.series.iter().any(|p| p.limits.is_some()));
    if series.iter().any(|s| s.points.iter().any(|p| p.value.is_none())) {
        notes.push("The line is broken where a period has no figure.".to_owned());
    }
    if single {
        notes.extend(doubtful(measure, head).iter().map(|doubt| in_words(doubt, "Ringed")));
    }
    for (period, reason) in &breaks {
        let reason = reason.trim().trim_end_matches('.');
        notes.push(format!(
            "The upright line marks a break: from {} it is counted differently ({reason}).",
            figures::period(*period)
        ));
    }
    notes.extend(path.iter().map(|(_, words)| (*words).to_owned()));
    if projection.is_some() {
        notes.push(
            "The projection is the line through all yearly figures that share no day, carried to the due date with its 95% \
             prediction interval; it decides no status."
                .to_owned(),
        );
    }
    let ends = periods.first().zip(periods.last());
    let when =
        ends.map_or("over time".to_owned(), |(from, to)| format!("{} to {}", figures::period(*from), figures::period(*to)));
    let when = when + if has_limits { WITH_LIMITS } else { "" };
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
    let finding = |room: usize| match shown {
        [one] => finding::over_time(measure, one),
        _ => finding::among_areas(measure, &latest, room),
    };
    let pointer = if of.areas.is_empty() || single { IN_SERIES } else { LATEST_BELOW };
    let more = vec![format!("{}.", head.status.label())];
    let said = Said { finding: &finding, beside, more, pointer, table };
    let is_target = if of.target.compares() { " (target)" } else { "" };
    let comparator =
        last.map(|(_, value)| (format!("{compared_with} {}{is_target}", figures::plain(measure, value)), comparators));
    let chart = Chart::Lines(LineChart {
        series,
        comparator,
        target,
        own_targets,
        trajectory: path.map_or(Vec::new(), |(path, _)| path),
        projection,
        breaks: breaks.into_iter().map(|(period, _)| period).collect(),
    });
    Drawn { chart, when, said, notes, illustrative: any_illustrative(shown.iter().copied()) }.figure(measure)
}

/// The targets of areas that each have their own, with the places of the areas.
fn own_targets(of: &ChartSubject<'_>, shown: &[&Assessment], periods: &BTreeSet<Period>) -> Vec<(usize, TargetLine)> {
    let own = |(i, area): (usize, &&Assessment)| {
        let line = target_line(of, area, periods)?;
        let label = format!("Target, {} {}", of.name(area), figures::plain(of.measure, line.value));
        Some((i, TargetLine { label, ..line }))
    };
    shown.iter().enumerate().filter_map(own).collect()
}

/// The table of areas has the latest figures, and others that are drawn are only in the data.
const LATEST_BELOW: &str = "The table below has the latest; the data annex, sheet Series, all.";

/// `worse than England (51.8%)`, as far as a comparison was made; otherwise the comparator's last figure.
fn beside(of: &ChartSubject<'_>, shown: &[&Assessment], last: Option<(Period, f64)>) -> Option<String> {
    let ChartSubject { measure, compared_with, .. } = *of;
    let theirs = |a: &Assessment| a.latest.as_ref().and_then(|p| p.comparator).map(|value| spoken(measure, value));
    let compared = match shown {
        [one] => sentences::comparison_in_words(one.comparison, compared_with, theirs(one).as_deref()),
        several => finding::beside_comparator(measure, several, compared_with),
    };
    let (period, value) = last?;
    compared.or_else(|| Some(format!("{compared_with} {} in {}", spoken(measure, value), figures::period(period))))
}

fn series(measure: &Measure, name: &str, assessment: &Assessment, shown: &dyn Fn(&Period) -> bool) -> ChartSeries {
    let doubtful = doubtful(measure, assessment);
    let last = assessment.series.iter().rev().find_map(|p| p.value.number());
    ChartSeries {
        label: last.map_or(name.to_owned(), |value| format!("{name} {}", figures::plain(measure, value))),
        // Also periods of which nothing was given: the line is broken there.
        points: with_missing(measure, &assessment.series)
            .into_iter()
            .filter(|(period, _)| shown(period))
            .map(|(period, of)| ChartPoint {
                period,
                value: of.and_then(|point| point.value.number()).filter(|x| x.is_finite()),
                limits: of.and_then(|point| point.limits).filter(drawable),
                doubtful: doubtful.iter().any(|(of, _)| *of == period),
            })
            .collect(),
    }
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

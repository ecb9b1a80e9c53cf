//! Control charts of monthly and quarterly figures.

use super::drawn::{Drawn, any_illustrative, filled, spoken_series};
use super::subject::ChartSubject;
use crate::area::AreaCode;
use crate::evaluate::Assessment;
use crate::framework::Measure;
use crate::period::Period;
use crate::report::charts::{Chart, ControlChart};
use crate::report::content::{figures, sentences};
use indicator_stats::spc::{Assurance, FEWEST_FOR_LIMITS, Point as SpcPoint, Variation};
use std::collections::BTreeMap;
use tagged_document::model::Figure;

/// Fewer points than this are drawn as a line without mean and limits.
const FEWEST_POINTS: usize = 7;

/// The icons of a measure whose last points have lasting limits; none where they are on trial.
pub fn icons(measure: &Measure, head: &Assessment) -> Option<(Variation, Option<Assurance>)> {
    let chart = head.control_chart(measure)?;
    chart.points.last().filter(|last| !last.trial)?;
    Some((chart.variation?, chart.assurance))
}

/// A control chart where its limits are lasting ones or on trial, said so; none where there are too few points.
pub fn figure(of: &ChartSubject<'_>) -> Option<Figure> {
    let ChartSubject { measure, head, .. } = *of;
    let drawn = head.control_chart(measure).filter(|chart| chart.points.len() >= FEWEST_POINTS)?;
    let last = drawn.points.last()?;
    let icons = icons(measure, head);
    // Figures that are too old call nothing special now; their limits were lasting ones all the same.
    let is_lasting = icons.is_some() || head.is_too_old() && !last.trial;
    let mut said = vec![if is_lasting { "Control chart." } else { "Chart over time, with limits on trial." }.to_owned()];
    said.extend(icons.map(|(variation, _)| format!("The latest figure {}.", sentences::variation_in_full(variation))));
    let assurance = icons.and_then(|(_, assurance)| assurance);
    said.extend(assurance.map(|a| format!("If nothing changes, the measure {}.", sentences::assurance(a))));
    said.push(spoken_series(measure, &of.name(head), head));
    let limits = if last.trial { "trial limits" } else { "limits" };
    said.push(format!("Mean {}, {limits} {}.", figures::number(measure, last.mean), figures::limits(measure, Some(last.limits))));
    let target = head.target.as_ref().filter(|target| target.value.is_some_and(f64::is_finite));
    said.extend(target.map(|target| format!("Target: {}.", target.words)));
    let mut notes = vec!["The lines are the mean and the limits of common cause variation.".to_owned()];
    if last.trial {
        notes = vec![format!(
            "The dotted limits are on trial: with fewer than {FEWEST_FOR_LIMITS} figures no special cause is called."
        )];
    }
    let (doubtful, steps) = (doubtful(measure, head), steps(measure, head));
    for (period, reason) in &doubtful {
        let reason = sentences::sentence(reason);
        notes.push(format!("Ringed, and left out of mean and limits: {}. {reason}", figures::period(*period)));
    }
    for (period, reason, by) in &steps {
        let by = if by.is_empty() { String::new() } else { format!(", decided by {by}") };
        let reason = reason.trim().trim_end_matches('.');
        notes.push(format!("Mean and limits start again from {}: {reason}{by}.", figures::period(*period)));
    }
    said.extend(notes.iter().skip(1).cloned());
    let target = target.and_then(|target| Some((target.value?, format!("Target: {}", target.words))));
    let points = points(head, &drawn.points);
    let ends = points.first().zip(points.last());
    let name = if is_lasting { "Control chart" } else { "Over time" };
    let when = ends.map_or(name.to_owned(), |((from, _), (to, _))| {
        format!("{name}: {} to {}", figures::period(*from), figures::period(*to))
    });
    let chart = Chart::Control(ControlChart {
        points,
        target,
        doubtful: doubtful.into_iter().map(|(period, _)| period).collect(),
        steps: steps.into_iter().map(|(period, ..)| period).collect(),
    });
    Some(Drawn { chart, when, said, notes, illustrative: any_illustrative([head]) }.figure(measure, of.message))
}

/// The doubtful periods of the series, each with its reason.
fn doubtful<'a>(measure: &'a Measure, head: &Assessment) -> Vec<(Period, &'a str)> {
    let is_here = |area: &Option<AreaCode>| area.as_ref().is_none_or(|area| *area == head.area);
    let is_shown = |period: &Period| head.series.iter().any(|point| point.period == *period && point.value.number().is_some());
    let named = measure.doubtful.iter().filter(|d| is_here(&d.area));
    named.filter_map(|d| Some((measure.period(&d.period).ok().filter(is_shown)?, d.reason.as_str()))).collect()
}

/// The step changes and redefinitions within the series: the first period of each, its reason, and who decided it.
fn steps<'a>(measure: &'a Measure, head: &Assessment) -> Vec<(Period, &'a str, &'a str)> {
    let is_here = |area: &Option<AreaCode>| area.as_ref().is_none_or(|area| *area == head.area);
    let ends = head.series.first().zip(head.series.last());
    let is_within = |period: &Period| ends.is_some_and(|(first, last)| first.period < *period && *period <= last.period);
    let named = measure.step_changes.iter().filter(|s| is_here(&s.area));
    let named = named.map(|s| (&s.from, s.reason.as_str(), s.decided_by.as_str()));
    let redefined = measure.redefinitions.iter().map(|r| (&r.from, r.reason.as_str(), ""));
    let within = |(from, reason, by): (&String, _, _)| Some((measure.period(from).ok().filter(is_within)?, reason, by));
    let mut steps: Vec<_> = named.chain(redefined).filter_map(within).collect();
    steps.sort_by_key(|(from, ..)| *from);
    steps
}

/// Every period from the first to the last, those without a figure as gaps.
fn points(head: &Assessment, drawn: &[SpcPoint]) -> Vec<(Period, Option<SpcPoint>)> {
    let by_place: BTreeMap<usize, SpcPoint> = drawn.iter().map(|point| (point.place, without_cause(*point))).collect();
    filled(&head.series).into_iter().enumerate().map(|(place, (period, _))| (period, by_place.get(&place).copied())).collect()
}

/// On trial no point is called special.
fn without_cause(point: SpcPoint) -> SpcPoint {
    if point.trial { SpcPoint { variation: Variation::CommonCause, ..point } } else { point }
}

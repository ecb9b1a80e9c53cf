//! Control charts of monthly and quarterly figures.

use super::drawn::{Drawn, IN_SERIES, Said, TwinTable, any_illustrative, filled, spoken};
use super::subject::ChartSubject;
use super::target_path::target_line;
use crate::area::AreaCode;
use crate::evaluate::Assessment;
use crate::framework::Measure;
use crate::period::Period;
use crate::report::charts::{Chart, ControlChart};
use crate::report::content::doubtful::{doubtful, in_words};
use crate::report::content::{figures, sentences};
use indicator_stats::spc::{Assurance, Cause, FEWEST_FOR_LIMITS, Point as SpcPoint, Variation};
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
    let points = points(head, &drawn.points);
    let finding = |_: usize| found(measure, &points, icons.is_some());
    let assurance = icons.and_then(|(_, assurance)| assurance);
    let assured = assurance.map(|of| format!("If nothing changes, it {}.", sentences::assurance(of)));
    let mut more: Vec<String> = assured.into_iter().collect();
    more.push(format!("{}.", head.status.label()));
    let goal = head.target.as_ref().filter(|goal| goal.value.is_some_and(f64::is_finite));
    let beside = goal.map(|goal| format!("target: {}", goal.words)).into_iter().collect();
    let mut notes = vec!["The lines are the mean and the limits of common cause variation.".to_owned()];
    if last.trial {
        notes = vec![format!(
            "The dotted limits are on trial: with fewer than {FEWEST_FOR_LIMITS} figures no special cause is called."
        )];
    }
    let (doubtful, steps) = (doubtful(measure, head), steps(measure, head));
    notes.extend(doubtful.iter().map(|doubt| in_words(doubt, "Ringed, and left out of mean and limits")));
    for (period, reason, by) in &steps {
        let by = if by.is_empty() { String::new() } else { format!(", decided by {by}") };
        let reason = reason.trim().trim_end_matches('.');
        notes.push(format!("Mean and limits start again from {}: {reason}{by}.", figures::period(*period)));
    }
    let target = target_line(of, head, &points.iter().map(|(period, _)| *period).collect());
    let ends = points.first().zip(points.last());
    let name = if is_lasting { "control chart" } else { "over time" };
    let when = ends.map_or(name.to_owned(), |((from, _), (to, _))| {
        format!("{name}, {} to {}", figures::period(*from), figures::period(*to))
    });
    let table = Some(twin(measure, head, &points, goal.map(|goal| goal.words.as_str()), icons));
    let said = Said { finding: &finding, beside, more, pointer: IN_SERIES, table };
    let chart = Chart::Control(ControlChart {
        points: points.clone(),
        target,
        doubtful: doubtful.into_iter().map(|(period, _)| period).collect(),
        steps: steps.into_iter().map(|(period, ..)| period).collect(),
    });
    Some(Drawn { chart, when, said, notes, illustrative: any_illustrative([head]) }.figure(measure))
}

/// `Above the upper control limit, for the worse: 14,123 in July 2026, mean 13,005`: what the last point that is not doubtful says,
/// which is nothing special where `calls` is false.
fn found(measure: &Measure, points: &[(Period, Option<SpcPoint>)], calls: bool) -> String {
    let last = points.iter().rev().find_map(|(period, point)| Some((period, point.filter(|point| !point.doubtful)?)));
    let Some((period, last)) = last else { return "No figure is shown".to_owned() };
    let figure = format!("{} in {}", spoken(measure, last.value), figures::period(*period));
    let mean = format!("mean {}", figures::plain(measure, last.mean));
    let limits = figures::limits(measure, Some(last.limits));
    if last.limits.upper <= last.limits.lower {
        return format!("{figure}, {mean}");
    }
    if !calls {
        return match last.trial {
            true => format!("{figure}, {mean}; limits {limits} are on trial"),
            false => format!("{figure}, {mean}, limits {limits}"),
        };
    }
    let what = match last.cause {
        Cause::Common => return format!("Within the control limits, {limits}: {figure}, {mean}"),
        Cause::AboveUpperLimit => "Above the upper control limit",
        Cause::BelowLowerLimit => "Below the lower control limit",
        Cause::Rising => "One of seven or more figures, each higher than the last",
        Cause::Falling => "One of seven or more figures, each lower than the last",
        Cause::NearUpperLimit => "Two of three figures near the upper control limit",
        Cause::NearLowerLimit => "Two of three figures near the lower control limit",
        Cause::RunAboveMean => "One of seven or more figures above the mean",
        Cause::RunBelowMean => "One of seven or more figures below the mean",
    };
    let for_whom = match last.variation {
        Variation::ImprovementHigh | Variation::ImprovementLow => ", for the better",
        Variation::ConcernHigh | Variation::ConcernLow => ", for the worse",
        Variation::CommonCause | Variation::NeutralHigh | Variation::NeutralLow => "",
    };
    format!("{what}{for_whom}: {figure}, {mean}")
}

/// Each figure with the mean and the limits that it is drawn with.
fn twin(
    measure: &Measure,
    head: &Assessment,
    points: &[(Period, Option<SpcPoint>)],
    target: Option<&str>,
    icons: Option<(Variation, Option<Assurance>)>,
) -> TwinTable {
    let row = |(period, drawn): &(Period, Option<SpcPoint>)| {
        let given = head.series.iter().find(|point| point.period == *period);
        let value = given.map_or(figures::NONE.to_owned(), |point| figures::bare(measure, point.value));
        let of_drawn = |words: &dyn Fn(&SpcPoint) -> String| drawn.as_ref().map_or(figures::NONE.to_owned(), words);
        vec![
            figures::period(*period),
            value,
            of_drawn(&|point| figures::plain(measure, point.mean)),
            of_drawn(&|point| figures::limits(measure, Some(point.limits))),
            of_drawn(&|point| if point.trial { "on trial" } else { sentences::variation(point.variation) }.to_owned()),
        ]
    };
    let lines = [
        ("Target", target),
        ("The latest figure", icons.map(|(variation, _)| sentences::variation_in_full(variation))),
        ("If nothing changes, the measure", icons.and_then(|(_, assurance)| assurance).map(sentences::assurance)),
    ];
    TwinTable {
        head: ["Period", "Figure", "Mean", "Limits", "Variation"].map(str::to_owned).to_vec(),
        rows: points.iter().map(row).collect(),
        lines: lines.into_iter().filter_map(|(name, words)| Some((name.to_owned(), words?.to_owned()))).collect(),
    }
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

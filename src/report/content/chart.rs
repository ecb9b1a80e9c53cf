//! The chart of a measure, with the words that stand for it.

use super::figures;
use super::measure::points;
use crate::evaluate::{Assessment, Flag, Point};
use crate::framework::Measure;
use crate::period::Period;
use crate::report::Pack;
use crate::report::charts::{AreaChart, AreaRow, Chart, ChartPoint, GoalLine, LineChart, Series};
use crate::report::model::Figure;
use crate::value::{Limits, Unit, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Areas beyond this are drawn one below the other rather than as lines that cross.
const MOST_LINES: usize = 4;
/// A chart of more areas than this would not fit a page; the table has them all.
const MOST_AREAS: usize = 30;
/// Periods that an alternative text gives in full.
const MOST_SPOKEN: usize = 10;

/// The chart that says most: lines over time for the system or for a few areas, otherwise the areas
/// beside each other; none for fewer than two figures.
pub fn chart(pack: &Pack<'_>, measure: &Measure, head: &Assessment, areas: &[Assessment], compared_with: &str) -> Option<Figure> {
    let charted = |a: &&Assessment| a.series.iter().filter(|p| p.value.number().is_some()).count() >= 2;
    let by_area = head.flags.contains(&Flag::ByArea) || head.latest.is_none();
    let over_time: Vec<&Assessment> = areas.iter().filter(charted).collect();
    if by_area && !over_time.is_empty() && over_time.len() == areas.len() && areas.len() <= MOST_LINES {
        return Some(line_figure(pack, measure, head, &over_time, compared_with));
    }
    let judged = areas.iter().filter(|a| a.latest.as_ref().is_some_and(|p| p.value.number().is_some())).count();
    if by_area && judged >= 2 && areas.len() <= MOST_AREAS {
        return Some(area_figure(pack, measure, areas, compared_with));
    }
    Some(head).filter(charted).map(|head| line_figure(pack, measure, head, &[head], compared_with))
}

/// True for limits that have a place on an axis.
fn drawable(limits: &Limits) -> bool {
    limits.lower.is_finite() && limits.upper.is_finite()
}

/// The unit as it is named above a chart.
pub fn axis_unit(unit: Unit) -> String {
    match unit {
        Unit::Percent => "per cent".to_owned(),
        other => other.label().to_owned(),
    }
}

fn line_figure(pack: &Pack<'_>, measure: &Measure, head: &Assessment, shown: &[&Assessment], compared_with: &str) -> Figure {
    let series: Vec<Series> = shown
        .iter()
        .map(|assessment| Series {
            label: end_label(measure, pack.areas.name(&assessment.area), assessment),
            points: assessment
                .series
                .iter()
                .map(|p| ChartPoint {
                    period: p.period,
                    value: p.value.number().filter(|x| x.is_finite()),
                    limits: p.limits.filter(drawable),
                })
                .collect(),
        })
        .collect();
    let comparators: BTreeMap<_, _> =
        shown.iter().flat_map(|a| &a.series).filter_map(|p| Some((p.period, p.comparator?))).collect();
    let comparators: Vec<(Period, f64)> = comparators.into_iter().collect();
    let spoken_comparator = comparators
        .last()
        .map(|(period, value)| format!("{compared_with}: {} in {}.", figures::number(measure, *value), figures::period(*period)));
    let comparator = comparators
        .last()
        .map(|(_, value)| format!("{compared_with} {}", figures::plain(measure, *value)))
        .map(|label| (label, comparators.clone()));
    let goal =
        head.goal.as_ref().and_then(|goal| Some(GoalLine { value: goal.value?, label: format!("Target: {}", goal.words) }));
    let limits = shown.iter().any(|a| a.series.iter().any(|p| p.limits.is_some()));
    let gaps = series.iter().any(|s| s.points.iter().any(|p| p.value.is_none()));
    let mut said = vec![format!("Line chart of {}.", measure.title)];
    for assessment in shown {
        said.push(spoken_series(measure, pack.areas.name(&assessment.area), assessment));
    }
    said.extend(spoken_comparator);
    said.extend(head.goal.as_ref().filter(|goal| goal.value.is_some()).map(|goal| format!("Target: {}.", goal.words)));
    let band = shown.len() == 1;
    let chart = Chart::Lines(LineChart { series, comparator, goal, trajectory: Vec::new(), projection: None });
    let mut notes = Vec::new();
    if limits {
        notes.push(if band { "The shaded band or the bars show 95% limits." } else { "The bars show 95% limits." }.to_owned());
    }
    if gaps {
        notes.push("The line is broken where a period has no figure.".to_owned());
    }
    let periods: BTreeSet<Period> = shown.iter().flat_map(|a| a.series.iter().map(|p| p.period)).collect();
    let ends = periods.first().zip(periods.last());
    let when = ends.map_or("Over time".to_owned(), |(from, to)| {
        format!("Over time: {} to {}", figures::period(*from), figures::period(*to))
    });
    figure(measure, shown, chart, said, notes, &when)
}

fn area_figure(pack: &Pack<'_>, measure: &Measure, areas: &[Assessment], compared_with: &str) -> Figure {
    let mut said = vec![format!("Chart of {} by area.", measure.title)];
    let mut rows = Vec::new();
    for area in areas {
        let latest = area.latest.as_ref();
        let name = pack.areas.name(&area.area).to_owned();
        let value = latest.map_or(Value::Missing, |p| p.value);
        said.push(match latest {
            Some(point) => format!("{name}: {}.", spoken_point(measure, point)),
            None => format!("{name}: no figure."),
        });
        let label = value.number().map_or_else(|| figures::value(measure, value), |x| figures::plain(measure, x));
        rows.push(AreaRow {
            name,
            label,
            value: value.number().filter(|x| x.is_finite()),
            limits: latest.and_then(|p| p.limits).filter(drawable),
        });
    }
    // One line for the comparator only where all areas are of the period it is of.
    let latest: Vec<&Point> = areas.iter().filter_map(|a| a.latest.as_ref()).collect();
    let periods: BTreeSet<_> = latest.iter().map(|p| p.period).collect();
    let comparator = latest.iter().find_map(|p| p.comparator).filter(|_| periods.len() == 1);
    said.extend(comparator.iter().map(|value| format!("{compared_with}: {}.", figures::number(measure, *value))));
    let comparator = comparator.map(|value| (format!("{compared_with} {}", figures::plain(measure, value)), value));
    let notes =
        if rows.iter().any(|row| row.limits.is_some()) { vec!["The bars show 95% limits.".to_owned()] } else { Vec::new() };
    let chart = Chart::Areas(AreaChart { rows, comparator });
    let when = match periods.first().filter(|_| periods.len() == 1) {
        Some(period) => format!("By area: {}", figures::period(*period)),
        None => "By area: the latest of each".to_owned(),
    };
    figure(measure, &areas.iter().collect::<Vec<_>>(), chart, said, notes, &when)
}

fn figure(
    measure: &Measure,
    shown: &[&Assessment],
    chart: Chart,
    said: Vec<String>,
    mut notes: Vec<String>,
    when: &str,
) -> Figure {
    if let Some(start) = chart.axis_start() {
        notes.push(format!("The value axis starts at {}, not at zero.", figures::number(measure, start)));
    }
    let illustrative = shown.iter().any(|a| points(a).any(|p| p.illustrative));
    if illustrative {
        notes.insert(0, "Illustrative figures.".to_owned());
    }
    Figure {
        caption: format!("{when}, {}", axis_unit(measure.unit)),
        alternative: said.join(" "),
        note: notes.join(" "),
        chart,
        illustrative,
    }
}

/// A series' name with its last figure.
fn end_label(measure: &Measure, name: &str, assessment: &Assessment) -> String {
    let last = assessment.series.iter().rev().find_map(|p| p.value.number());
    last.map_or(name.to_owned(), |value| format!("{name} {}", figures::plain(measure, value)))
}

/// Every figure of a short series; of a long one the first, the least, the greatest and the latest.
fn spoken_series(measure: &Measure, name: &str, assessment: &Assessment) -> String {
    let numbers: Vec<(&Point, f64)> = assessment.series.iter().filter_map(|p| Some((p, p.value.number()?))).collect();
    if assessment.series.len() <= MOST_SPOKEN {
        let all: Vec<String> = assessment.series.iter().map(|p| spoken_point(measure, p)).collect();
        return format!("{name}: {}.", all.join("; "));
    }
    let (Some((first, _)), Some((last, _))) = (numbers.first(), numbers.last()) else { return format!("{name}: no figure.") };
    let least = numbers.iter().min_by(|a, b| a.1.total_cmp(&b.1)).map_or(*first, |(p, _)| p);
    let most = numbers.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(*last, |(p, _)| p);
    format!(
        "{name}, {} with a figure: first {}; lowest {}; highest {}; latest {}.",
        figures::count(numbers.len(), "period", "periods"),
        spoken_point(measure, first),
        spoken_point(measure, least),
        spoken_point(measure, most),
        spoken_point(measure, last)
    )
}

fn spoken_point(measure: &Measure, point: &Point) -> String {
    let value = figures::value(measure, point.value);
    let limits = match (point.value, point.limits) {
        (Value::Number(_), Some(_)) => format!(" (95% limits {})", figures::limits(measure, point.limits)),
        _ => String::new(),
    };
    format!("{value}{limits} in {}", figures::period(point.period))
}

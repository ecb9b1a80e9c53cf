//! One measure with its target: its figures, its chart, and where they came from.

use super::figures::{self, NONE};
use crate::collect::Provenance;
use crate::evaluate::{Assessment, Flag, MeasureAssessment, Point, Status};
use crate::framework::{Ambition, Aspiration, Measure, Target};
use crate::period::Period;
use crate::report::Pack;
use crate::report::charts::{AreaChart, AreaRow, Chart, ChartPoint, GoalLine, LineChart, Series};
use crate::report::model::Figure;
use crate::value::{Unit, Value};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Serialize)]
pub struct MeasureView {
    pub kind: &'static str,
    /// Finds the measure again when a template hands it to a directive.
    pub key: usize,
    pub id: String,
    pub title: String,
    pub definition: String,
    /// The ambition's own words.
    pub ambition: String,
    pub status: String,
    /// One sentence with the figures in it.
    pub reason: String,
    /// `stale`, `no limits`, …
    pub flags: Vec<String>,
    /// The latest figure with its unit, or why there is none.
    pub latest: String,
    pub latest_period: String,
    pub target: String,
    pub comparator: String,
    /// The area that the latest figure is about, where it is not the system.
    pub area: String,
    pub has_figures: bool,
    pub has_chart: bool,
    pub has_areas: bool,
    /// True where the system has no figure of its own, so that the table of areas says it all.
    pub only_areas: bool,
    pub illustrative: bool,
    /// How a stand-in differs from what the ambition names; empty where it is the thing itself.
    pub proxy: String,
    /// Ambiguities and the readings chosen.
    pub notes: Vec<String>,
    /// When the next figure is due; empty where it is not known.
    pub next_due: String,
    #[serde(skip)]
    pub of: Status,
    #[serde(skip)]
    pub lines: Vec<FigureLine>,
    #[serde(skip)]
    pub areas: Vec<AreaLine>,
    #[serde(skip)]
    pub sources: Vec<SourceLine>,
    #[serde(skip)]
    pub figure: Option<Figure>,
    /// The comparator's name, for headings of tables.
    #[serde(skip)]
    pub compared_with: String,
    /// The unit in words, for captions.
    #[serde(skip)]
    pub unit: String,
    /// The comparator's figure of the areas' latest period: period and value without its unit.
    #[serde(skip)]
    pub comparator_line: Option<(String, String)>,
}

/// A row of the table of a measure's own figures.
#[derive(Debug, Clone)]
pub struct FigureLine {
    pub name: &'static str,
    pub period: String,
    pub value: String,
    pub limits: String,
    pub comparator: String,
    pub illustrative: bool,
}

/// A row of the table of areas.
#[derive(Debug, Clone)]
pub struct AreaLine {
    pub name: String,
    pub period: String,
    /// Without the unit, which the caption names.
    pub value: String,
    pub limits: String,
    pub previous: String,
    pub baseline: String,
    pub comparison: String,
    pub of: Status,
    pub illustrative: bool,
}

/// Where figures came from: words, and the address that they end in, where there is one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceLine {
    pub words: String,
    pub url: Option<String>,
}

/// Areas beyond this are drawn one below the other rather than as lines that cross.
const MOST_LINES: usize = 4;
/// A chart of more areas than this would not fit a page; the table has them all.
const MOST_AREAS: usize = 30;
/// Periods that an alternative text gives in full.
const MOST_SPOKEN: usize = 10;

impl MeasureView {
    pub fn new(
        pack: &Pack<'_>,
        ambition: &Ambition,
        aspiration: &Aspiration,
        measure: &Measure,
        assessment: Option<&MeasureAssessment>,
        key: usize,
    ) -> Self {
        let Subject { head, areas, .. } = Subject::of(assessment);
        let compared_with = pack.areas.name(&pack.framework.edition.comparator).to_owned();
        let of = head.map_or(Status::NoData, |h| h.status);
        let latest = head.and_then(|h| h.latest.as_ref());
        let flags = head.map_or(&[][..], |h| &h.flags);
        let elsewhere = head.filter(|h| h.latest.is_some() && h.area != pack.framework.edition.system);
        let illustrative = flags.contains(&Flag::Illustrative)
            || head.is_some_and(|h| points(h).any(|p| p.illustrative))
            || areas.iter().any(|a| points(a).any(|p| p.illustrative));
        let title = measure.title.trim();
        let figure = head.and_then(|h| chart(pack, measure, h, areas, &compared_with));
        let not_judged = match &aspiration.target {
            Target::NotJudged { needed } => format!("none: {needed}"),
            _ => "none set".to_owned(),
        };
        MeasureView {
            kind: "measure",
            key,
            id: measure.id.0.clone(),
            title: title.to_owned(),
            definition: measure.definition.clone(),
            ambition: figures::sentence(&ambition.statement),
            status: of.label().to_owned(),
            reason: head.map_or("No figure was received.".to_owned(), |h| figures::sentence(&h.reason)),
            flags: flags.iter().filter(|flag| **flag != Flag::Illustrative).map(|flag| flag.label().to_owned()).collect(),
            latest: match latest {
                Some(point) => figures::value(measure, point.value),
                None if areas.iter().any(|a| a.latest.is_some()) => "by area only".to_owned(),
                None => "no figure".to_owned(),
            },
            latest_period: latest.map_or(String::new(), |point| figures::period(point.period)),
            target: head.and_then(|h| h.goal.as_ref()).map_or(not_judged, |goal| goal.words.clone()),
            comparator: latest.map_or(NONE.to_owned(), |point| figures::comparator(measure, point)),
            area: elsewhere.map_or(String::new(), |h| pack.areas.name(&h.area).to_owned()),
            has_figures: latest.is_some() || !areas.is_empty(),
            has_chart: figure.is_some(),
            has_areas: !areas.is_empty(),
            only_areas: !areas.is_empty() && head.is_some_and(|h| h.latest.is_none() || areas.iter().any(|a| a.area == h.area)),
            illustrative,
            proxy: figures::sentence(&measure.proxy),
            notes: [&ambition.notes, &aspiration.notes, &measure.notes]
                .into_iter()
                .filter(|n| !n.trim().is_empty())
                .cloned()
                .collect(),
            next_due: head.and_then(|h| h.next_due).map_or(String::new(), figures::date),
            of,
            lines: head.map_or(Vec::new(), |h| figure_lines(measure, h)),
            areas: areas.iter().map(|area| area_line(pack, measure, area, &compared_with)).collect(),
            sources: sources(pack, measure, head, areas),
            figure,
            compared_with,
            unit: axis_unit(measure.unit),
            comparator_line: comparator_line(measure, areas),
        }
    }
}

/// The headline and the areas of an assessment, where there is one.
#[derive(Default)]
struct Subject<'a> {
    head: Option<&'a Assessment>,
    areas: &'a [Assessment],
}

impl<'a> Subject<'a> {
    fn of(assessment: Option<&'a MeasureAssessment>) -> Self {
        assessment.map_or(Subject::default(), |a| Subject { head: Some(&a.headline), areas: &a.areas })
    }
}

fn points(assessment: &Assessment) -> impl Iterator<Item = &Point> {
    assessment.series.iter().chain(&assessment.latest).chain(&assessment.previous).chain(&assessment.baseline)
}

fn figure_lines(measure: &Measure, head: &Assessment) -> Vec<FigureLine> {
    let named = [("Latest", &head.latest), ("Previous", &head.previous), ("Baseline", &head.baseline)];
    named
        .into_iter()
        .filter_map(|(name, point)| {
            let point = point.as_ref()?;
            Some(FigureLine {
                name,
                period: figures::period(point.period),
                value: figures::value(measure, point.value),
                limits: figures::limits(measure, point.limits),
                comparator: figures::comparator(measure, point),
                illustrative: point.illustrative,
            })
        })
        .collect()
}

fn area_line(pack: &Pack<'_>, measure: &Measure, area: &Assessment, compared_with: &str) -> AreaLine {
    let latest = area.latest.as_ref();
    AreaLine {
        name: pack.areas.name(&area.area).to_owned(),
        period: latest.map_or(NONE.to_owned(), |p| figures::period(p.period)),
        value: latest.map_or("no figure".to_owned(), |p| bare(measure, p)),
        limits: latest.map_or(NONE.to_owned(), |p| figures::limits(measure, p.limits)),
        previous: area.previous.as_ref().map_or(NONE.to_owned(), |p| bare(measure, p)),
        baseline: area.baseline.as_ref().map_or(NONE.to_owned(), |p| bare(measure, p)),
        comparison: figures::comparison(area.comparison, compared_with),
        of: area.status,
        illustrative: latest.is_some_and(|p| p.illustrative),
    }
}

/// The latest of the comparator's figures that stand beside the areas' own.
fn comparator_line(measure: &Measure, areas: &[Assessment]) -> Option<(String, String)> {
    let latest = areas.iter().filter_map(|a| a.latest.as_ref());
    let (period, value) = latest.filter_map(|p| Some((p.period, p.comparator?))).max_by_key(|(period, _)| *period)?;
    Some((figures::period(period), figures::plain(measure, value)))
}

/// A figure without its unit.
fn bare(measure: &Measure, point: &Point) -> String {
    point.value.number().map_or_else(|| figures::value(measure, point.value), |x| figures::plain(measure, x))
}

/// The chart that says most: lines over time for the system or for a few areas, otherwise the areas
/// beside each other; none for fewer than two figures.
fn chart(pack: &Pack<'_>, measure: &Measure, head: &Assessment, areas: &[Assessment], compared_with: &str) -> Option<Figure> {
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

/// The unit as it is named above a chart.
fn axis_unit(unit: Unit) -> String {
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
                .map(|p| ChartPoint { period: p.period, value: p.value.number(), limits: p.limits })
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
    let chart = Chart::Lines(LineChart { series, comparator, goal });
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
        rows.push(AreaRow { name, label, value: value.number(), limits: latest.and_then(|p| p.limits) });
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

/// Where the latest figures came from, each file and each answer once.
fn sources(pack: &Pack<'_>, measure: &Measure, head: Option<&Assessment>, areas: &[Assessment]) -> Vec<SourceLine> {
    let shown = head.into_iter().chain(areas).filter_map(|a| a.latest.as_ref());
    let mut cells: BTreeMap<(String, String, String), BTreeSet<String>> = BTreeMap::new();
    let mut answers: BTreeMap<SourceLine, BTreeSet<String>> = BTreeMap::new();
    for point in shown {
        for source in &point.sources {
            match source {
                Provenance::Cell { partner, file, sheet, cell, .. } => {
                    let name = pack.partners.iter().find(|p| p.id == *partner).map_or(partner, |p| &p.name);
                    cells.entry((name.clone(), file.clone(), sheet.clone())).or_default().insert(cell.clone());
                }
                Provenance::Answer { publisher, indicator, url, retrieved, .. } => {
                    let day = figures::date(retrieved.to_zoned(TimeZone::UTC).date());
                    let words = format!("{publisher}, {indicator}, retrieved {day}");
                    answers
                        .entry(SourceLine { words, url: Some(url.clone()) })
                        .or_default()
                        .insert(figures::period(point.period));
                }
            }
        }
    }
    let mut lines: Vec<SourceLine> = answers
        .into_iter()
        .map(|(line, periods)| {
            let periods: Vec<String> = periods.into_iter().collect();
            SourceLine { words: format!("{}, figures for {}.", line.words, periods.join(" and ")), ..line }
        })
        .collect();
    lines.extend(cells.into_iter().map(|((partner, file, sheet), cells)| {
        let noun = if cells.len() == 1 { "cell" } else { "cells" };
        let cells: Vec<String> = cells.into_iter().collect();
        SourceLine { words: format!("Return of {partner}, {file}, sheet {sheet}, {noun} {}.", cells.join(", ")), url: None }
    }));
    if lines.is_empty() && !measure.title.is_empty() && head.is_some_and(|h| h.latest.is_some()) {
        lines.push(SourceLine { words: "not recorded.".to_owned(), url: None });
    }
    lines
}

//! One measure with its target: its figures, its chart, and where they came from.

use super::chart::{axis_unit, chart};
use super::figures::{self, NONE};
use crate::collect::Provenance;
use crate::evaluate::{Assessment, Flag, MeasureAssessment, Point, Status};
use crate::framework::{Ambition, Aspiration, Measure, Target};
use crate::report::Pack;
use crate::report::model::Figure;
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
            Target::NotJudged { .. } => "none to judge by".to_owned(),
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

pub(super) fn points(assessment: &Assessment) -> impl Iterator<Item = &Point> {
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

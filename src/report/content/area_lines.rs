//! The rows of the table of a measure's areas, and the comparator's below them.

use super::figures::{self, NONE};
use super::sentences;
use super::story::placings;
use crate::evaluate::{Assessment, NoFigure, SeriesPoint, Status};
use crate::framework::{Aspiration, Measure, PartsAre};
use crate::report::PackInputs;
use crate::value::format_number;

/// A row of the table of areas.
#[derive(Debug, Clone)]
pub struct AreaLine {
    pub name: String,
    /// How many live there; `not given` for organisations and where it is not known.
    pub people: String,
    /// Significantly on the wrong side, where the status is made from areas.
    pub is_adverse: bool,
    pub period: String,
    /// Without the unit, which the caption names.
    pub value: String,
    pub limits: String,
    pub previous: String,
    pub baseline: String,
    pub comparison: String,
    /// Beside the region, among its like and among its nearest neighbours.
    pub placings: Vec<String>,
    pub of: Status,
    /// Why there is no figure to judge by, in a few words; empty where there is one.
    pub no_figure: String,
    /// Older than it should be.
    pub is_old: bool,
    pub illustrative: bool,
}

/// The comparator's figures of the areas' periods, without their unit.
#[derive(Debug, Clone)]
pub struct ComparatorLine {
    /// The latest.
    pub period: String,
    pub value: String,
    pub limits: String,
    pub previous: String,
    pub baseline: String,
}

pub(super) fn area_line(
    pack: &PackInputs<'_>,
    (measure, aspiration): (&Measure, &Aspiration),
    head: Option<&Assessment>,
    area: &Assessment,
    compared_with: &str,
) -> AreaLine {
    let latest = area.latest.as_ref();
    let people = Some(&area.area).filter(|_| measure.parts_are == PartsAre::Areas).and_then(|code| pack.areas.population(code));
    let bare = |point: Option<&SeriesPoint>| point.map(|p| figures::bare(measure, p.value));
    AreaLine {
        name: sentences::whose(measure.name_of(&area.area, pack.areas), area),
        people: people.map_or(figures::NOT_GIVEN.to_owned(), |people| format_number(people as f64, 0)),
        is_adverse: head.is_some_and(|head| head.is_adverse_in(&area.area)),
        period: latest.map_or(NONE.to_owned(), |p| figures::period(p.period)),
        value: bare(latest).unwrap_or_else(|| "no figure".to_owned()),
        limits: latest.map_or(NONE.to_owned(), |p| figures::limits(measure, p.limits)),
        previous: bare(area.previous.as_ref()).unwrap_or_else(|| NONE.to_owned()),
        baseline: bare(area.baseline.as_ref()).unwrap_or_else(|| NONE.to_owned()),
        comparison: sentences::comparison_in_words(area.comparison, compared_with, None)
            .unwrap_or_else(|| figures::NOT_COMPARED.to_owned()),
        placings: own_target(area, aspiration)
            .into_iter()
            .chain(past_in_words(pack, measure, area))
            .chain(if head.is_some_and(|h| h.area == area.area) { Vec::new() } else { placings(measure, area) })
            .collect(),
        of: area.status,
        no_figure: no_figure(area),
        is_old: latest.is_some() && area.no_figure != Some(NoFigure::TooOld) && area.flags.iter().any(|flag| flag.is_of_age()),
        illustrative: latest.is_some_and(|p| p.illustrative),
    }
}

/// Why an area has no figure to judge by. Whose it is stands above the table.
pub(super) fn no_figure(area: &Assessment) -> String {
    let last = area.latest.as_ref().map(|point| point.period);
    area.no_figure.as_ref().map_or(String::new(), |why| sentences::no_figure_in_short(why, last))
}

/// What the area itself aims at, where that is not what the system does.
fn own_target(area: &Assessment, aspiration: &Aspiration) -> Option<String> {
    let target = area.target.as_ref().filter(|_| aspiration.area_targets.iter().any(|own| own.area == area.area))?;
    Some(format!("judged by a target of its own: {}", target.words))
}

/// Whose figures its past is made of, where it took others' place and has such.
fn past_in_words(pack: &PackInputs<'_>, measure: &Measure, area: &Assessment) -> Option<String> {
    let (before, from) = pack.areas.past_of(&area.area)?;
    area.series.first().filter(|first| first.period.end() < from)?;
    let names: Vec<&str> = before.iter().map(|code| measure.name_of(code, pack.areas)).collect();
    Some(format!("before {} with the figures of {}", figures::date(from), sentences::joined(&names)))
}

/// The comparator's figure beside the latest of the areas, with its period.
pub(super) fn comparator_of_areas(measure: &Measure, areas: &[Assessment]) -> Option<String> {
    let points = areas.iter().filter_map(|area| area.latest.as_ref()).filter(|point| point.comparator.is_some());
    let latest = points.max_by_key(|point| point.period)?;
    Some(format!("{} {}", figures::comparator(measure, latest), figures::period(latest.period)))
}

/// The comparator's figures of the periods of the areas' own; of the latest, those of the area that has it.
pub(super) fn comparator_line(measure: &Measure, areas: &[Assessment]) -> Option<ComparatorLine> {
    let beside = |a: &Assessment| a.latest.as_ref().is_some_and(|p| p.comparator.is_some());
    let area = areas.iter().filter(|a| beside(a)).max_by_key(|a| a.latest.as_ref().map(|p| p.period))?;
    let latest = area.latest.as_ref()?;
    let figure = |point: &Option<SeriesPoint>| {
        let value = point.as_ref().and_then(|p| p.comparator);
        value.map_or(NONE.to_owned(), |value| figures::plain(measure, value))
    };
    Some(ComparatorLine {
        period: figures::period(latest.period),
        value: figure(&area.latest),
        limits: figures::limits(measure, latest.comparator_limits),
        previous: figure(&area.previous),
        baseline: figure(&area.baseline),
    })
}

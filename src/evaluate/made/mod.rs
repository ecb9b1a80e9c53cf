//! Figures that are made: standardised rates and life expectancies from counts by age band, slope indices from the figures
//! of groups. A figure that is given, by a partner or a publisher, stands before one that is made.

mod counted;
pub(super) mod from_age_bands;
pub(super) mod from_groups;
mod means;

use super::Point;
use super::series::{FigureSeries, SeriesEntry};
use crate::area::{AreaCode, Areas};
use crate::collect::merged;
use crate::figure::{Observation, Provenance};
use crate::framework::{Edition, Framework, MeasureId};
use crate::period::Period;
use crate::value::Value;
use indicator_stats::{Estimate, Withheld};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Breakdown and group; none for all people of the area.
pub(super) type GroupName<'a> = Option<(&'a str, &'a str)>;

/// Every figure of a run that was to be made, found by measure, area and group without a search.
#[derive(Debug, Default)]
pub(super) struct MadeFigureIndex<'a>(BTreeMap<(&'a MeasureId, &'a AreaCode, GroupName<'a>), Vec<MadeFigure>>);

/// All that was given, of whatever measure.
struct GivenFigures<'a> {
    edition: &'a Edition,
    areas: &'a Areas,
    observations: &'a [Observation],
    until: Date,
}

/// One figure that was to be made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MadeFigure {
    pub period: Period,
    pub figure: Result<Estimate, NotMade>,
    /// Events in all, where the figure rests on them; of a life expectancy none are told.
    pub numerator: Option<f64>,
    pub population: Option<f64>,
    pub illustrative: bool,
    /// Every cell or line that it was made from.
    pub sources: Vec<Provenance>,
}

/// Why a figure is not made from what was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotMade {
    /// A count that it needs is withheld by whoever gave it.
    #[error("counts that it is made from are suppressed")]
    Suppressed,
    #[error("{given} of {of} age bands are given")]
    BandsLacking { given: usize, of: usize },
    #[error("there are no counts of the reference population by age band for the same period")]
    NoReference,
    #[error("it is not given how many people had how many events")]
    RepeatsLacking,
    #[error("the order of its groups cannot be told from their names")]
    OrderUnknown,
    #[error("{given} of {of} groups are given")]
    GroupsLacking { given: usize, of: usize },
    #[error("{label:?} has no {what}")]
    GroupWithout { label: String, what: &'static str },
    #[error("of {label:?} no figure can be given: {why}")]
    Group { label: String, why: Box<NotMade> },
    #[error("the unit of its groups' figures has no slope")]
    NoSlope,
    #[error(transparent)]
    Method(#[from] Withheld),
}

impl NotMade {
    /// True where a count is withheld, so that the figure is too.
    pub fn is_suppressed(&self) -> bool {
        match self {
            NotMade::Suppressed => true,
            NotMade::Group { why, .. } => why.is_suppressed(),
            _ => false,
        }
    }
}

impl<'a> MadeFigureIndex<'a> {
    /// Only periods that end on or before `until` are read.
    pub(super) fn of(framework: &'a Framework, areas: &'a Areas, observations: &'a [Observation], until: Date) -> Self {
        let mut made = MadeFigureIndex::default();
        let given = GivenFigures { edition: &framework.edition, areas, observations, until };
        for measure in &framework.measures {
            counted::add(&mut made, &given, measure);
            means::add(&mut made, &given, measure);
        }
        for figures in made.0.values_mut() {
            figures.sort_by_key(|figure| figure.period);
        }
        made
    }

    fn push(&mut self, measure: &'a MeasureId, area: &'a AreaCode, group: GroupName<'a>, figure: MadeFigure) {
        self.0.entry((measure, area, group)).or_default().push(figure);
    }

    /// In time order.
    pub(super) fn figures<'s>(&'s self, measure: &'s MeasureId, area: &'s AreaCode, group: GroupName<'s>) -> &'s [MadeFigure] {
        self.0.get(&(measure, area, group)).map_or(&[], Vec::as_slice)
    }

    /// Why the last figure that was to be made for an area is not; none where it is, or where none was to be.
    pub(super) fn why_not<'s>(&'s self, measure: &'s MeasureId, area: &'s AreaCode) -> Option<(Period, &'s NotMade)> {
        let last = self.figures(measure, area, None).last()?;
        Some((last.period, last.figure.as_ref().err()?))
    }
}

impl MadeFigure {
    /// As a point of a series; a figure that cannot be made is missing, or withheld as its counts are.
    pub(super) fn point(&self) -> Point {
        let estimate = self.figure.as_ref().ok();
        Point {
            period: self.period,
            value: match &self.figure {
                Ok(estimate) => Value::Number(estimate.value),
                Err(why) if why.is_suppressed() => Value::Suppressed,
                Err(_) => Value::Missing,
            },
            numerator: self.numerator.filter(|_| estimate.is_some()),
            denominator: self.population.filter(|_| estimate.is_some()),
            limits: estimate.map(|estimate| estimate.limits),
            comparator: None,
            illustrative: self.illustrative,
            sources: merged(&self.sources),
        }
    }
}

impl FigureSeries {
    /// With the figures that are made, in periods of which nothing was given, and the limits of those that were given without.
    pub(super) fn with_made(mut self, made: &[MadeFigure]) -> Self {
        for figure in made {
            let has = |entry: &SeriesEntry| entry.point.period == figure.period;
            if let Some(given) = self.entries.iter_mut().find(|entry| has(entry)) {
                let made = figure.point();
                if given.point.value == Value::Missing {
                    *given = SeriesEntry::of_made(made);
                } else if given.point.limits.is_none() && given.point.value == made.value {
                    (given.point.limits, given.point.sources) = (made.limits, made.sources);
                }
                continue;
            }
            self.entries.push(SeriesEntry::of_made(figure.point()));
        }
        self.entries.sort_by_key(|entry| entry.point.period);
        self.of_one_kind()
    }
}

impl SeriesEntry {
    fn of_made(point: Point) -> Self {
        SeriesEntry { point, published_comparison: None, published_trend: None, replaced: None, limits_worked_out: false }
    }
}

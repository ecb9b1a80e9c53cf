//! One figure that was to be made, what it is made from, and why it may not be made.

use crate::area::Areas;
use crate::collect::merged;
use crate::evaluate::SeriesPoint;
use crate::figure::{Observation, Provenance};
use crate::framework::Edition;
use crate::period::Period;
use crate::value::Value;
use indicator_stats::{Estimate, Withheld};
use jiff::civil::Date;

/// Breakdown and group; none for all people of the area.
pub(in crate::evaluate) type GroupName<'a> = Option<(&'a str, &'a str)>;

/// All that was given, of whatever measure.
pub(super) struct GivenFigures<'a> {
    pub edition: &'a Edition,
    pub areas: &'a Areas,
    pub observations: &'a [Observation],
    pub until: Date,
}

/// One figure that was to be made.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::evaluate) struct MadeFigure {
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

impl MadeFigure {
    /// As a point of a series; a figure that cannot be made is missing, or withheld as its counts are.
    pub(in crate::evaluate) fn point(&self) -> SeriesPoint {
        let estimate = self.figure.as_ref().ok();
        SeriesPoint {
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
            comparator_limits: None,
            illustrative: self.illustrative,
            sources: merged(&self.sources),
        }
    }
}

//! The figures of a measure's parts, for charts that are drawn only where a template asks for them.

use super::doubtful::{doubtful, in_words};
use super::sentences;
use crate::counted::counted;
use crate::evaluate::{Assessment, Comparison, Trend, have_own_targets};
use crate::framework::{Measure, PartsAre, Target};
use crate::period::Period;
use crate::report::PackInputs;
use crate::value::Value;
use std::collections::BTreeSet;

/// Fewer parts than this say nothing of how they spread: their lines and their table say it all.
pub const FEWEST_PARTS: usize = 5;

/// As much of a measure's assessments as is drawn.
#[derive(Debug, Clone)]
pub struct PartsSource {
    pub measure: Measure,
    pub compared_with: String,
    /// In the order of the measure's definition: those with a figure.
    pub parts: Vec<PartFigures>,
    /// Periods in which a figure of the measure is hidden, be it that of a part or of the whole.
    pub hidden: BTreeSet<Period>,
}

/// One part.
#[derive(Debug, Clone)]
pub struct PartFigures {
    pub name: String,
    pub comparison: Comparison,
    pub trend: Trend,
    /// Oldest first.
    pub points: Vec<PartPoint>,
    /// The value that it is to reach, where each part has one of its own.
    pub own_target: Option<f64>,
    /// Which of them are doubtful, and why, in sentences.
    pub doubts: Vec<String>,
}

/// A figure of one period.
#[derive(Debug, Clone, Copy)]
pub struct PartPoint {
    pub period: Period,
    pub value: Value,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub comparator: Option<f64>,
    /// Known to be doubtful.
    pub doubtful: bool,
    pub illustrative: bool,
}

impl PartsSource {
    /// None where fewer than [`FEWEST_PARTS`] have a figure.
    pub(super) fn of(
        pack: &PackInputs<'_>,
        (measure, goal): (&Measure, &Target),
        head: &Assessment,
        areas: &[Assessment],
    ) -> Option<Self> {
        let has_figure = |of: &&Assessment| of.series.iter().any(|point| point.value.number().is_some());
        let parts: Vec<&Assessment> = areas.iter().filter(|of| measure.parts.contains(&of.area)).filter(has_figure).collect();
        // Beside a comparator that moves, its line is the target.
        let has_own_target = !goal.compares() && have_own_targets(&parts);
        let parts: Vec<PartFigures> = parts.into_iter().map(|of| part(pack, measure, of, has_own_target)).collect();
        if parts.len() < FEWEST_PARTS {
            return None;
        }
        let all = std::iter::once(head).chain(areas).flat_map(|of| of.series.iter().chain(&of.latest));
        Some(PartsSource {
            measure: measure.clone(),
            compared_with: pack.areas.name(&pack.framework.edition.comparator).to_owned(),
            parts,
            hidden: all.filter(|point| point.value == Value::Suppressed).map(|point| point.period).collect(),
        })
    }

    /// `8 areas`, `1 organisation`.
    pub fn counted(&self, count: usize) -> String {
        match self.measure.parts_are {
            PartsAre::Areas => counted(count, "area", "areas"),
            PartsAre::Organisations => counted(count, "organisation", "organisations"),
        }
    }

    /// `Area` or `Organisation`.
    pub fn noun(&self) -> &'static str {
        match self.measure.parts_are {
            PartsAre::Areas => "Area",
            PartsAre::Organisations => "Organisation",
        }
    }
}

impl PartFigures {
    /// The last figure that is a number.
    pub fn last(&self) -> Option<(PartPoint, f64)> {
        self.points.iter().rev().find_map(PartPoint::number)
    }
}

impl PartPoint {
    /// With its number, where it is one.
    pub fn number(&self) -> Option<(PartPoint, f64)> {
        self.value.number().filter(|value| value.is_finite()).map(|value| (*self, value))
    }
}

fn part(pack: &PackInputs<'_>, measure: &Measure, of: &Assessment, has_own_target: bool) -> PartFigures {
    let doubtful = doubtful(measure, of);
    let points = of.series.iter().map(|point| PartPoint {
        period: point.period,
        value: point.value,
        numerator: point.numerator,
        denominator: point.denominator,
        comparator: point.comparator,
        doubtful: doubtful.iter().any(|(period, _)| *period == point.period),
        illustrative: point.illustrative,
    });
    PartFigures {
        name: sentences::whose(measure.name_of(&of.area, pack.areas), of),
        comparison: of.comparison,
        trend: of.trend,
        points: points.collect(),
        own_target: of.target.as_ref().and_then(|target| target.value).filter(|value| has_own_target && value.is_finite()),
        doubts: doubtful.iter().map(|doubt| in_words(doubt, "Ringed")).collect(),
    }
}

#[cfg(test)]
impl PartsSource {
    /// Areas A, B and so on with these counts out of these denominators, a point a year from 2020.
    pub fn sample(statistic: &str, polarity: &str, comparator: Option<f64>, counts: &[&[Option<(f64, f64)>]]) -> Self {
        let text = format!(
            "id = \"m\"\ntitle = \"Asked for\"\ndefinition = \"d\"\ndenominator = \"People asked\"\nmultiplier = 100\nunit = \"percent\"\n\
             statistic = \"{statistic}\"\npolarity = \"{polarity}\"\nyear = \"calendar\"\ncadence_months = 12\n\
             publication_lag_months = 6\nsource = {{ kind = \"none\" }}"
        );
        let measure: Measure = toml::from_str(&text).unwrap();
        let point = |(year, counts): (usize, &Option<(f64, f64)>)| PartPoint {
            period: Period::parse(&format!("{}", 2020 + year), crate::period::YearKind::Calendar).unwrap(),
            value: counts.map_or(Value::Missing, |(events, n)| Value::Number(100.0 * events / n)),
            numerator: counts.map(|(events, _)| events),
            denominator: counts.map(|(_, n)| n),
            comparator,
            doubtful: false,
            illustrative: false,
        };
        let parts = counts.iter().zip('A'..).map(|(counts, letter)| PartFigures {
            name: letter.to_string(),
            comparison: Comparison::NotCompared,
            trend: Trend::CannotBeCalculated,
            points: counts.iter().enumerate().map(point).collect(),
            own_target: None,
            doubts: Vec::new(),
        });
        PartsSource { measure, compared_with: "England".to_owned(), parts: parts.collect(), hidden: BTreeSet::new() }
    }
}

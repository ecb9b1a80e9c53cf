//! A measure's figures by groups of deprivation, and the slope across them.

use super::context::EvaluationContext;
use super::deprivation::{Groups, expected, in_order};
use super::made::MadeFigureIndex;
use super::made::from_groups::{fit, scale, values_by_unit};
use super::series::FigureSeries;
use super::{Breakdown, SeriesPoint, Slope};
use crate::area::AreaCode;
use crate::framework::Measure;
use crate::value::{Limits, Unit, Value};
use indicator_stats::slope_index::{Error, Group};

/// Every scheme's latest figures: of the system, or else of each part that has them, or else of the comparator.
pub(super) fn breakdowns(context: &EvaluationContext<'_>, measure: &Measure, comparator: &FigureSeries) -> Vec<Breakdown> {
    let edition = &context.inputs.framework.edition;
    let Some(schemes) = context.by_deprivation.schemes(&measure.id) else { return Vec::new() };
    let mut found = Vec::new();
    for (scheme, areas) in schemes {
        let of = |area: &AreaCode| {
            // What the comparator is compared with is not itself.
            let beside = Some(comparator).filter(|_| *area != edition.comparator);
            areas.get(area).and_then(|groups| breakdown(&context.headlines.made, measure, (scheme, area), groups, beside))
        };
        let mut of_scheme: Vec<Breakdown> = of(&edition.system).into_iter().collect();
        if of_scheme.is_empty() {
            of_scheme.extend(measure.parts.iter().filter(|part| **part != edition.system).filter_map(of));
        }
        if of_scheme.is_empty() {
            of_scheme.extend(of(&edition.comparator));
        }
        found.extend(of_scheme);
    }
    found
}

/// The groups of the latest period that any of them has a figure for. None where fewer than two can be put in order, or two
/// claim the same place.
fn breakdown(
    made: &MadeFigureIndex<'_>,
    measure: &Measure,
    (scheme, area): (&str, &AreaCode),
    groups: &Groups<'_>,
    comparator: Option<&FigureSeries>,
) -> Option<Breakdown> {
    let labels: Vec<&str> = groups.keys().copied().collect();
    let series = |label: &str| {
        let given = groups.get(label).map_or(&[][..], Vec::as_slice);
        FigureSeries::of(measure, given).with_made(made.figures(&measure.id, area, Some((scheme, label))))
    };
    let placed: Vec<(&str, FigureSeries)> =
        in_order(labels.iter().copied())?.into_iter().map(|at| (labels[at], series(labels[at]))).collect();
    let period = placed.iter().flat_map(|(_, series)| series.latest_given()).max()?;
    let beside = comparator.and_then(|series| series.at(period)?.point.value.number());
    let point = |series: &FigureSeries| {
        let missing = || SeriesPoint::alone(period, Value::Missing);
        SeriesPoint { comparator: beside, ..series.at(period).map_or_else(missing, |entry| entry.point.clone()) }
    };
    let groups: Vec<(String, SeriesPoint)> = placed.iter().map(|(label, series)| ((*label).to_owned(), point(series))).collect();
    let slope = slope(&measure.unit, scheme, &groups);
    Some(Breakdown { scheme: scheme.to_owned(), area: area.clone(), groups, slope })
}

/// None where a group lacks a figure, its limits or its population, where a group of the scheme is not there, and for what is
/// no rate, share or mean.
fn slope(unit: &Unit, scheme: &str, groups: &[(String, SeriesPoint)]) -> Option<Slope> {
    let values = values_by_unit(unit)?;
    let scale = scale(values);
    if expected(scheme).is_some_and(|count| count != groups.len()) {
        return None;
    }
    let scaled = |limits: Limits| Limits { lower: limits.lower / scale, upper: limits.upper / scale };
    let group = |(_, point): &(String, SeriesPoint)| {
        Some(Group {
            population: point.denominator?,
            value: point.value.number()? / scale,
            error: Error::Limits(scaled(point.limits?)),
        })
    };
    let groups: Vec<Group> = groups.iter().map(group).collect::<Option<_>>()?;
    let found = fit(&groups, values).ok()?;
    let (start, index) = (found.intercept * scale, found.sii.value * scale);
    let limits = Limits { lower: found.sii.limits.lower * scale, upper: found.sii.limits.upper * scale };
    Some(Slope { index, limits, ends: (start, start + index) })
}

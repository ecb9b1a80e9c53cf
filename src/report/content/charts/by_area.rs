//! The latest figure of each area, beside the comparator's.

use super::drawn::{BELOW, Drawn, Said, WITH_LIMITS, any_illustrative, drawable, spoken};
use super::finding;
use super::subject::ChartSubject;
use crate::evaluate::SeriesPoint;
use crate::framework::PartsAre;
use crate::report::charts::{AreaChart, AreaRow, Chart};
use crate::report::content::figures;
use crate::value::Value;
use std::collections::BTreeSet;
use tagged_document::model::Figure;

/// The highest first, and those without a figure last.
pub fn figure(of: &ChartSubject<'_>) -> Figure {
    let ChartSubject { measure, areas, compared_with, .. } = *of;
    let noun = match measure.parts_are {
        PartsAre::Areas => "area",
        PartsAre::Organisations => "organisation",
    };
    let latest: Vec<&SeriesPoint> = areas.iter().filter_map(|a| a.latest.as_ref()).collect();
    let periods: BTreeSet<_> = latest.iter().map(|p| p.period).collect();
    let mut rows = Vec::new();
    for area in areas {
        let latest = area.latest.as_ref();
        let value = latest.map_or(Value::Missing, |p| p.value);
        // One that is older than others says of when it is.
        let older = latest.filter(|p| periods.last().is_some_and(|last| p.period < *last));
        let older = older.map_or(String::new(), |p| format!(" ({})", figures::period(p.period)));
        rows.push(AreaRow {
            name: of.name(area) + &older,
            label: figures::bare(measure, value),
            value: value.number().filter(|x| x.is_finite()),
            limits: latest.and_then(|p| p.limits).filter(drawable),
        });
    }
    let height = |row: &AreaRow| row.value.unwrap_or(f64::NEG_INFINITY);
    rows.sort_by(|a, b| height(b).total_cmp(&height(a)));
    // One line for the comparator only where all areas are of the period it is of.
    let comparator = latest.iter().find_map(|p| p.comparator).filter(|_| periods.len() == 1);
    let theirs = comparator.map(|value| spoken(measure, value));
    let with = theirs.as_ref().map_or(compared_with.to_owned(), |theirs| format!("{compared_with} ({theirs})"));
    let beside = finding::beside_comparator(measure, &areas.iter().collect::<Vec<_>>(), &with);
    let beside = beside.or_else(|| theirs.map(|theirs| format!("{compared_with} {theirs}")));
    let mut more = vec![format!("{}.", of.head.status.label())];
    let without = rows.iter().filter(|row| row.value.is_none()).count();
    more.extend((without > 0).then(|| format!("Without a figure: {without} of {}.", rows.len())));
    let named: Vec<(String, &SeriesPoint)> =
        areas.iter().filter_map(|area| Some((of.name(area), area.latest.as_ref()?))).collect();
    let comparator = comparator.map(|value| (format!("{compared_with} {}", figures::plain(measure, value)), value));
    let with = if rows.iter().any(|row| row.limits.is_some()) { WITH_LIMITS } else { "" };
    let when = match periods.first().filter(|_| periods.len() == 1) {
        Some(period) => format!("by {noun}, {}{with}", figures::period(*period)),
        None => format!("by {noun}, the latest of each{with}"),
    };
    let chart = Chart::Areas(AreaChart { rows, comparator });
    let finding = |room: usize| finding::among_areas(measure, &named, room);
    let said = Said { finding: &finding, beside: beside.into_iter().collect(), more, pointer: BELOW, table: None };
    Drawn { chart, when, said, notes: Vec::new(), illustrative: any_illustrative(areas) }.figure(measure)
}

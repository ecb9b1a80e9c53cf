//! The latest figure of each area, beside the comparator's.

use super::drawn::{BELOW, Drawn, Said, any_illustrative, between, drawable, spoken};
use super::subject::ChartSubject;
use crate::evaluate::SeriesPoint;
use crate::framework::PartsAre;
use crate::report::charts::{AreaChart, AreaRow, Chart};
use crate::report::content::figures;
use crate::value::Value;
use std::collections::BTreeSet;
use tagged_document::model::Figure;

pub fn figure(of: &ChartSubject<'_>) -> Figure {
    let ChartSubject { measure, areas, compared_with, .. } = *of;
    let noun = match measure.parts_are {
        PartsAre::Areas => "area",
        PartsAre::Organisations => "organisation",
    };
    let mut rows = Vec::new();
    for area in areas {
        let latest = area.latest.as_ref();
        let name = of.name(area);
        let value = latest.map_or(Value::Missing, |p| p.value);
        rows.push(AreaRow {
            name,
            label: figures::bare(measure, value),
            value: value.number().filter(|x| x.is_finite()),
            limits: latest.and_then(|p| p.limits).filter(drawable),
        });
    }
    // One line for the comparator only where all areas are of the period it is of.
    let latest: Vec<&SeriesPoint> = areas.iter().filter_map(|a| a.latest.as_ref()).collect();
    let periods: BTreeSet<_> = latest.iter().map(|p| p.period).collect();
    let comparator = latest.iter().find_map(|p| p.comparator).filter(|_| periods.len() == 1);
    let mut more = vec![format!("{}.", of.head.status.label())];
    more.extend(comparator.iter().map(|value| format!("{compared_with}: {}.", spoken(measure, *value))));
    let without = rows.iter().filter(|row| row.value.is_none()).count();
    more.extend((without > 0).then(|| format!("Without a figure: {without} of {}.", rows.len())));
    let named: Vec<(String, &SeriesPoint)> =
        areas.iter().filter_map(|area| Some((of.name(area), area.latest.as_ref()?))).collect();
    let comparator = comparator.map(|value| (format!("{compared_with} {}", figures::plain(measure, value)), value));
    let limits = rows.iter().any(|row| row.limits.is_some());
    let notes = if limits { vec!["The bars show 95% limits.".to_owned()] } else { Vec::new() };
    let when = match periods.first().filter(|_| periods.len() == 1) {
        Some(period) => format!("By {noun}: {}", figures::period(*period)),
        None => format!("By {noun}: the latest of each"),
    };
    let chart = Chart::Areas(AreaChart { rows, comparator });
    let finding = |room: usize| between(measure, &named, room);
    let said = Said { finding: &finding, more, pointer: BELOW, table: None };
    Drawn { chart, when, said, notes, illustrative: any_illustrative(areas) }.figure(measure)
}

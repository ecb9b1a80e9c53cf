//! The latest figure of each area, beside the comparator's.

use super::drawn::{Drawn, any_illustrative, drawable, spoken_point};
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
    let mut said = vec![format!("Chart by {noun}.")];
    let mut rows = Vec::new();
    for area in areas {
        let latest = area.latest.as_ref();
        let name = of.name(area);
        let value = latest.map_or(Value::Missing, |p| p.value);
        said.push(match latest {
            Some(point) => format!("{name}: {}.", spoken_point(measure, point)),
            None => format!("{name}: no figure."),
        });
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
    said.extend(comparator.iter().map(|value| format!("{compared_with}: {}.", figures::number(measure, *value))));
    let comparator = comparator.map(|value| (format!("{compared_with} {}", figures::plain(measure, value)), value));
    let limits = rows.iter().any(|row| row.limits.is_some());
    let notes = if limits { vec!["The bars show 95% limits.".to_owned()] } else { Vec::new() };
    let when = match periods.first().filter(|_| periods.len() == 1) {
        Some(period) => format!("By {noun}: {}", figures::period(*period)),
        None => format!("By {noun}: the latest of each"),
    };
    let chart = Chart::Areas(AreaChart { rows, comparator });
    Drawn { chart, when, said, notes, illustrative: any_illustrative(areas) }.figure(measure, of.message)
}

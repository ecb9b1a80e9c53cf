//! A measure's areas where they lie.

use super::drawn::TwinTable;
use crate::area::Areas;
use crate::report::charts::{Chart, MapArea, MapChart};
use crate::report::content::MeasureView;
use crate::report::content::rug_cells::{RugCell, last_period, marks};
use crate::report::content::sentences;
use crate::report::theme::{BETTER, NEITHER, SIMILAR, WORSE};
use std::collections::BTreeSet;
use tagged_document::model::{Figure, Twin};

/// Its areas that have an outline and a figure of its last period; none where they are fewer than two.
pub fn map(measure: &MeasureView, areas: &Areas) -> Option<Figure> {
    let period = last_period(&measure.rug);
    let mut drawn: Vec<(&RugCell, MapArea)> = measure
        .rug
        .iter()
        .filter(|cell| cell.period == period)
        .filter_map(|cell| {
            let rings = areas.boundaries.rings(&cell.area)?.to_vec();
            let (letter, ground) = marks(cell.comparison);
            let label = [cell.value.as_str(), letter.unwrap_or_default()].join(" ").trim().to_owned();
            Some((cell, MapArea { name: cell.name.clone(), label, ground, rings }))
        })
        .collect();
    if drawn.len() < 2 {
        return None;
    }
    // The highest first.
    let figure = |cell: &RugCell| cell.figure.unwrap_or(f64::NEG_INFINITY);
    drawn.sort_by(|(a, _), (b, _)| figure(b).total_cmp(&figure(a)));
    let used: BTreeSet<&str> = drawn.iter().filter_map(|(_, area)| area.ground).collect();
    let with = &measure.compared_with;
    let key = [
        (BETTER, format!("B: better than {with}")),
        (SIMILAR, format!("S: similar to {with}")),
        (WORSE, format!("W: worse than {with}")),
        (NEITHER, format!("H or L: higher or lower than {with}")),
    ];
    let key = key.into_iter().filter(|(ground, _)| used.contains(ground)).collect();
    let with_ground = |wanted: &str| drawn.iter().filter(|(_, area)| area.ground == Some(wanted)).count();
    let (count, how) = match with_ground(NEITHER) {
        0 => (with_ground(WORSE), "worse"),
        neither => (neither, "higher or lower"),
    };
    let finding = format!("{count} of the {} areas drawn are {how} than {with}", drawn.len());
    let in_words = |cell: &RugCell| sentences::comparison_in_words(cell.comparison, with, None);
    let row = |(cell, area): &(&RugCell, MapArea)| {
        vec![area.name.clone(), cell.value.clone(), in_words(cell).unwrap_or_else(|| "not compared".to_owned())]
    };
    let table = TwinTable {
        head: ["Area".to_owned(), measure.unit.clone(), format!("Beside {with}")].to_vec(),
        rows: drawn.iter().map(row).collect(),
        lines: Vec::new(),
    };
    let subject = [measure.title.as_str(), &measure.unit, period].join(", ");
    let twin =
        Twin { alternative: format!("Map: {finding}. The table below has the figures."), table: table.captioned(&subject) };
    let illustrative = drawn.iter().any(|(cell, _)| cell.illustrative);
    Some(Figure {
        caption: finding.clone(),
        subject,
        alternative: format!("Map: {finding}. The list beside it and the table of all areas have the figures."),
        note: areas.boundaries.licence.clone(),
        chart: tagged_document::drawing::Chart::new(Chart::Map(MapChart {
            areas: drawn.into_iter().map(|(_, area)| area).collect(),
            key,
        })),
        twin: Some(twin),
        illustrative,
    })
}

//! How far the measures of a priority have come: baseline, latest, target.

use super::drawn::some_illustrative;
use crate::counted::counted;
use crate::report::alternatives;
use crate::report::charts::{Chart, DumbbellChart, DumbbellRow};
use tagged_document::drawing::Chart as Drawn;
use tagged_document::model::Figure;

/// A measure with all three, each a value and its words.
#[derive(Debug, Clone)]
pub struct DumbbellSource {
    pub title: String,
    pub baseline: (f64, String),
    pub latest: (f64, String),
    pub target: (f64, String),
    pub higher_is_better: bool,
    pub illustrative: bool,
}

/// None for fewer than two measures: one has its own chart.
pub fn dumbbell(rows: &[&DumbbellSource]) -> Option<Figure> {
    if rows.len() < 2 {
        return None;
    }
    let way = |row: &DumbbellSource| {
        let sign = if row.higher_is_better { 1.0 } else { -1.0 };
        sign * (row.latest.0 - row.baseline.0)
    };
    let nearer = rows.iter().filter(|row| way(row) > 0.0).count();
    let reached = rows.iter().filter(|row| has_reached(row)).count();
    let measures = counted(rows.len(), "measure", "measures");
    let reached = if reached == 0 { "none".to_owned() } else { reached.to_string() };
    let finding = format!("{nearer} of {measures} better than at the baseline, {reached} at the target or beyond");
    let illustrative = rows.iter().any(|row| row.illustrative);
    let mut note = some_illustrative(rows.iter().map(|row| row.illustrative)).to_owned();
    note.push_str(
        "Each line has a scale of its own; better is to the right. Each measure’s own section says whether its change is significant.",
    );
    let rows = rows.iter().map(|row| DumbbellRow {
        name: row.title.clone(),
        baseline: Some(row.baseline.clone()),
        latest: Some(row.latest.clone()),
        target: Some(row.target.clone()),
        higher_is_better: row.higher_is_better,
    });
    Some(Figure {
        alternative: alternatives::of_chart("", &|_| format!("{finding}."), &[], "The table of measures above has the figures."),
        caption: finding,
        subject: "From baseline to latest, and the target".to_owned(),
        twin: None,
        note,
        chart: Drawn::new(Chart::Dumbbell(DumbbellChart { rows: rows.collect() })),
        illustrative,
    })
}

fn has_reached(row: &DumbbellSource) -> bool {
    if row.higher_is_better { row.latest.0 >= row.target.0 } else { row.latest.0 <= row.target.0 }
}

//! Any CSV table whose columns the settings name.

use super::collector::Gatherings;
use super::column_reader::{Named, Row};
use super::csv_rows::Lines;
use super::query::{Asking, Question};
use super::repeats::Repeats;
use super::source::Kind;
use crate::framework::Framework;
use crate::settings;
use csv::StringRecord;
use std::borrow::Cow;
use std::io::Read;

/// A table at one address. Where it has no column for sex or age, its figures are taken to be of those that the framework
/// names.
pub(super) struct Table(pub settings::Table);

impl Kind for Table {
    fn requests(&self, _asking: &Asking<'_>, _framework: &Framework) -> Result<Vec<Vec<String>>, String> {
        Ok(vec![vec![self.0.file.clone()]])
    }

    fn read(&self, page: &mut dyn Read, question: &Question<'_>, gatherings: &mut Gatherings<'_>) -> Result<(), String> {
        let table = Named::of(&self.0.rows, false);
        rows(page, table, question, gatherings)
    }
}

/// How many rows a table has.
pub(super) fn count(page: &mut dyn Read) -> Result<u64, String> {
    let mut lines = Lines::open(page, &[])?;
    let mut rows = 0;
    while lines.next()?.is_some() {
        rows += 1;
    }
    Ok(rows)
}

/// Reads the lines of a table as `named` says.
pub(super) fn rows(
    page: &mut dyn Read,
    mut named: Named<'_>,
    question: &Question<'_>,
    gatherings: &mut Gatherings<'_>,
) -> Result<(), String> {
    let name = question.source_name;
    // Also what rows are left out by: with the column gone none would be.
    let needed: Vec<&str> = named.rows.read_columns().map(|(_, column)| column).collect();
    let mut lines = Lines::open(page, &needed).map_err(|e| format!("{e} (sources.{name}.columns says which it should have)"))?;
    let at = |lines: &Lines<'_>, column: &str| lines.column(column).unwrap_or_default();
    let (area, period) = (at(&lines, &named.columns.area), at(&lines, &named.columns.period));
    let mut repeats = Repeats::default();
    let mut cells = StringRecord::new();
    while let Some(line) = lines.next()? {
        let holds = |column: &str, text: &str| lines.cell(at(&lines, column)) == text.as_bytes();
        let is_asked = named.takes(&holds, question.indicator);
        let own = String::from_utf8_lossy(lines.cell(area));
        if gatherings.takes(is_asked, named.area(&own).as_bytes()) {
            lines.text(&mut cells);
            let get = |column: &str| Cow::from(cells.get(at(&lines, column)).unwrap_or_default());
            let row = Row { get: &get, as_text: true, line, place: String::new() };
            let first = repeats.first_like(&cells, period, line);
            gatherings.each(|gathering| {
                let figure = named.figure(&row, gathering)?;
                if let (Some(figure), Some(first)) = (&figure, &first) {
                    let earlier = named.period(&first.label, &gathering.asking).unwrap_or(figure.period);
                    gathering.doubt(&figure.area, figure.period.max(earlier), first.in_words(line, figure.period));
                }
                Ok(figure)
            });
        }
    }
    Ok(())
}

//! Any CSV table whose columns the settings name.

use crate::collect::indicators::collector::AnswerCollector;
use crate::collect::indicators::query::{MeasureQuery, SourceQuery};
use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::collect::indicators::readers::column_reader::{ColumnReader, SourceRow};
use crate::collect::indicators::readers::csv_rows::CsvRows;
use crate::collect::indicators::readers::repeats::Repeats;
use crate::collect::indicators::source::IndicatorSource;
use crate::framework::Framework;
use crate::settings;
use csv::StringRecord;
use std::borrow::Cow;
use std::io::Read;

/// A table at one address. Where it has no column for sex or age, its figures are taken to be of those that the framework
/// names.
pub(in crate::collect::indicators) struct Table(pub settings::Table);

impl IndicatorSource for Table {
    fn requests(&self, _asking: &MeasureQuery<'_>, _framework: &Framework) -> Result<Vec<Vec<String>>, String> {
        Ok(vec![vec![self.0.file.clone()]])
    }

    /// A file is one page.
    fn after(&self, _page: &mut dyn Read, _asked: &str) -> Result<Option<String>, AnswerError> {
        Ok(None)
    }

    fn read(
        &self,
        page: &mut dyn Read,
        question: &SourceQuery<'_>,
        collector: &mut AnswerCollector<'_>,
    ) -> Result<(), AnswerError> {
        let table = ColumnReader::of(&self.0.rows, false);
        rows(page, table, question, collector)
    }
}

/// How many rows a table has.
pub(in crate::collect::indicators) fn count(page: &mut dyn Read) -> Result<u64, AnswerError> {
    let mut lines = CsvRows::open(page, &[])?;
    let mut rows = 0;
    while lines.next()?.is_some() {
        rows += 1;
    }
    Ok(rows)
}

/// Reads the lines of a table as `named` says.
pub(in crate::collect::indicators) fn rows(
    page: &mut dyn Read,
    mut reader: ColumnReader<'_>,
    question: &SourceQuery<'_>,
    collector: &mut AnswerCollector<'_>,
) -> Result<(), AnswerError> {
    let name = question.source_name;
    // Also what rows are left out by: with the column gone none would be.
    let needed: Vec<&str> = reader.rows.read_columns().map(|(_, column)| column).collect();
    let mut lines =
        CsvRows::open(page, &needed).map_err(|e| AnswerError::OfSettings { error: Box::new(e), name: name.to_owned() })?;
    let at = |lines: &CsvRows<'_>, column: &str| lines.column(column).unwrap_or_default();
    let (area, period) = (at(&lines, &reader.columns.area), at(&lines, &reader.columns.period));
    let mut repeats = Repeats::default();
    let mut cells = StringRecord::new();
    while let Some(line) = lines.next()? {
        let holds = |column: &str, text: &str| lines.cell(at(&lines, column)) == text.as_bytes();
        let is_asked = reader.takes(&holds, question.indicator);
        let own = String::from_utf8_lossy(lines.cell(area));
        if collector.takes(is_asked, reader.area(&own).as_bytes()) {
            lines.text(&mut cells);
            let get = |column: &str| Cow::from(cells.get(at(&lines, column)).unwrap_or_default());
            let row = SourceRow { get: &get, as_text: true, line, place: String::new() };
            let first = repeats.first_like(&cells, period, line);
            collector.each(|measure| {
                let figure = reader.figure(&row, measure)?;
                if let (Some(figure), Some(first)) = (&figure, &first) {
                    let earlier = reader.period(&first.label, &measure.query).unwrap_or(figure.observation.period);
                    measure.doubt(
                        &figure.observation.area,
                        figure.observation.period.max(earlier),
                        first.in_words(line, figure.observation.period),
                    );
                }
                Ok(figure)
            });
        }
    }
    Ok(())
}

//! Reading any CSV table whose columns the settings name.

use super::gather::{Figure, Gathering, Reading, limits, value};
use super::lines::Lines;
use super::question::Question;
use crate::collect::Wanted;
use crate::period::Period;
use crate::settings::{Columns, PeriodFormat, Source};
use csv::StringRecord;

/// Reads the figures that each measure of `question` asks for. Such a table has no column for sex or age: its figures
/// are taken to be of those that the framework names.
///
/// # Errors
/// An answer that is no table, or lacks a column that the settings name.
pub(super) fn read(bytes: &[u8], question: &Question<'_>, source: &Source, wanted: &Wanted<'_>) -> Result<Vec<Reading>, String> {
    let name = question.source_name;
    let columns = source.columns.as_ref().ok_or_else(|| format!("sources.{name}.columns is not set in the settings"))?;
    let optional = [&columns.indicator, &columns.lower, &columns.upper];
    let needed: Vec<&str> = [&columns.area, &columns.period, &columns.value]
        .into_iter()
        .chain(optional.into_iter().flatten())
        .map(String::as_str)
        .collect();
    let mut lines = Lines::open(bytes, &needed).map_err(|e| format!("{e} (sources.{name}.columns says which it should have)"))?;
    let mut gatherings = Gathering::of(question, wanted);
    let mut rows: u64 = 0;
    let mut row = StringRecord::new();
    while let Some(line) = lines.next(&mut row)? {
        rows += 1;
        let fields = Fields { lines: &lines, columns, row: &row, line };
        for gathering in &mut gatherings {
            match fields.figure(gathering, source) {
                Ok(Some(figure)) => gathering.add(figure),
                Ok(None) => {}
                Err(reason) => gathering.fail(reason),
            }
        }
    }
    let nothing = |gathering: Gathering<'_>| {
        gathering.finish(|asking| {
            format!(
                "none of the {rows} rows is of indicator {:?} and an area that {} asks for",
                asking.indicator, asking.measure.id
            )
        })
    };
    Ok(gatherings.into_iter().map(nothing).collect())
}

struct Fields<'r> {
    lines: &'r Lines<'r>,
    columns: &'r Columns,
    row: &'r StringRecord,
    line: u64,
}

impl Fields<'_> {
    fn get(&self, column: &str) -> &str {
        self.lines.column(column).and_then(|index| self.row.get(index)).unwrap_or_default().trim()
    }

    fn optional<'c>(&'c self, column: Option<&'c String>) -> (&'c str, &'c str) {
        column.map_or(("", ""), |column| (self.get(column), column.as_str()))
    }

    fn figure(&self, gathering: &Gathering<'_>, source: &Source) -> Result<Option<Figure>, String> {
        let asking = &gathering.asking;
        let Columns { indicator, area, period, value: value_column, lower, upper } = self.columns;
        if indicator.as_ref().is_some_and(|column| self.get(column) != asking.indicator) {
            return Ok(None);
        }
        let Some(area) = gathering.area(self.get(area)) else { return Ok(None) };
        let line = self.line;
        let label = self.get(period);
        let period = match source.period_format {
            PeriodFormat::Label => asking.measure.period(label),
            PeriodFormat::IsoMonth => Period::parse_iso_month(label),
        };
        let number = self.get(value_column);
        Ok(Some(Figure {
            measure: asking.measure.id.clone(),
            area: area.clone(),
            period: period.map_err(|e| format!("line {line}: {e}"))?,
            sex: asking.sex,
            age: asking.age.to_owned(),
            category: None,
            value: value(number, &source.missing, line, value_column)?,
            numerator: None,
            denominator: None,
            limits: limits(self.optional(lower.as_ref()), self.optional(upper.as_ref()), line)?,
            limits_998: None,
            published_comparison: None,
            published_trend: None,
            note: String::new(),
            // A table of one indicator names it by the heading of its figures.
            indicator: indicator.as_ref().map_or_else(|| value_column.clone(), |column| self.get(column).to_owned()),
            line,
        }))
    }
}

//! Any CSV table whose columns the settings name.

use super::gather::{Figure, Gathering, Gatherings, limits, value};
use super::kind::Kind;
use super::lines::Lines;
use super::question::{Asking, Question};
use crate::framework::Framework;
use crate::period::Period;
use crate::settings::{Columns, PeriodFormat, Source};
use csv::StringRecord;
use std::io::Read;

/// Such a table has no column for sex or age: its figures are taken to be of those that the framework names.
pub(super) struct Table;

impl Kind for Table {
    fn requests(&self, _asking: &Asking<'_>, source: &Source, _framework: &Framework) -> Result<Vec<Vec<String>>, String> {
        let file = source.file.clone().ok_or("the source names no file in the settings")?;
        Ok(vec![vec![file]])
    }

    fn read(&self, page: &mut dyn Read, question: &Question<'_>, gatherings: &mut Gatherings<'_>) -> Result<(), String> {
        let name = question.source_name;
        let unset = || format!("sources.{name}.columns is not set in the settings");
        let (source, columns) = question.source.and_then(|s| Some((s, s.columns.as_ref()?))).ok_or_else(unset)?;
        let optional = [&columns.indicator, &columns.lower, &columns.upper];
        let needed: Vec<&str> = [&columns.area, &columns.period, &columns.value]
            .into_iter()
            .chain(optional.into_iter().flatten())
            .map(String::as_str)
            .collect();
        let mut lines =
            Lines::open(page, &needed).map_err(|e| format!("{e} (sources.{name}.columns says which it should have)"))?;
        let indicator = columns.indicator.as_ref().and_then(|column| lines.column(column));
        let area = lines.column(&columns.area).unwrap_or_default();
        let mut row = StringRecord::new();
        while let Some(line) = lines.next()? {
            let is_asked = indicator.is_none_or(|column| lines.cell(column) == question.indicator.as_bytes());
            if gatherings.takes(is_asked, lines.cell(area)) {
                lines.text(&mut row);
                let fields = Fields { lines: &lines, columns, row: &row, line };
                gatherings.each(|gathering| fields.figure(gathering, source));
            }
        }
        Ok(())
    }
}

struct Fields<'r, 'b> {
    lines: &'r Lines<'b>,
    columns: &'r Columns,
    row: &'r StringRecord,
    line: u64,
}

impl Fields<'_, '_> {
    fn get(&self, column: &str) -> &str {
        self.lines.column(column).and_then(|index| self.row.get(index)).unwrap_or_default()
    }

    fn optional<'c>(&'c self, column: Option<&'c String>) -> (&'c str, &'c str) {
        column.map_or(("", ""), |column| (self.get(column), column.as_str()))
    }

    fn figure(&self, gathering: &mut Gathering<'_>, source: &Source) -> Result<Option<Figure>, String> {
        let Columns { indicator, area, period, value: value_column, lower, upper } = self.columns;
        let Some(area) = gathering.area(self.get(area)) else { return Ok(None) };
        let line = self.line;
        let label = self.get(period);
        gathering.note("", "", label);
        let asking = &gathering.asking;
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
            page: 0,
        }))
    }
}

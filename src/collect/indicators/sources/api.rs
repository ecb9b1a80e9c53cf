//! Any JSON or CSV API that the settings describe: what to ask, where rows and fields are, how pages follow.

use crate::area::AreaCode;
use crate::collect::indicators::collector::AnswerCollector;
use crate::collect::indicators::query::{MeasureQuery, SourceQuery};
use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::collect::indicators::readers::column_reader::{ColumnReader, SourceRow, own_sex};
use crate::collect::indicators::readers::json_rows;
use crate::collect::indicators::readers::json_rows::{Outside, Sought};
use crate::collect::indicators::source::IndicatorSource;
use crate::collect::indicators::sources::table;
use crate::collect::indicators::transport::address::escape_component;
use crate::framework::Framework;
use crate::settings::{self, Columns, Format, Json, PageNumbering};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;

/// An API as `sources.NAME.api` describes it.
pub(in crate::collect::indicators) struct Api(pub settings::Api);

impl IndicatorSource for Api {
    /// An answer for each area and each period that the template names one by one.
    fn requests(&self, asking: &MeasureQuery<'_>, framework: &Framework) -> Result<Vec<Vec<String>>, String> {
        let settings::Api { request: template, periods, rows, .. } = &self.0;
        let mut areas: Vec<String> = asking.areas(framework).into_iter().filter_map(|area| own_area(&rows.areas, area)).collect();
        areas.sort();
        areas.dedup();
        if areas.is_empty() {
            return Err(format!("sources.{}.areas names none of the areas of {}", asking.source, asking.measure.id));
        }
        let each_area = if template.contains("{area}") { areas.clone() } else { vec![String::new()] };
        let each_period = if template.contains("{period}") { periods.clone() } else { vec![String::new()] };
        let all = areas.iter().map(|area| escape_component(area)).collect::<Vec<_>>().join(",");
        let mut requests = Vec::new();
        for area in &each_area {
            for period in &each_period {
                let request = [
                    ("{indicator}", escape_component(asking.indicator)),
                    ("{area}", escape_component(area)),
                    ("{areas}", all.clone()),
                    ("{period}", escape_component(period)),
                    ("{sex}", escape_component(&own_sex(rows, asking.sex))),
                    ("{age}", escape_component(asking.age)),
                ];
                let filled = request.iter().fold(template.clone(), |text, (name, value)| text.replace(name, value));
                requests.push(vec![filled]);
            }
        }
        Ok(requests)
    }

    fn after(&self, page: &mut dyn Read, asked: &str) -> Result<Option<String>, AnswerError> {
        if let Format::Json(Json { list, next: Some(next), .. }) = &self.0.format {
            let outside = json_rows::read(page, Sought { rows: list, outside: &[next] }, &mut |_, _, _| Ok(()))?;
            return Ok(outside.get(next).filter(|next| !next.is_empty()).cloned());
        }
        let Some(paging) = &self.0.paging else { return Ok(None) };
        let rows = match &self.0.format {
            Format::Json(json) => {
                let mut rows = 0;
                json_rows::read(page, Sought { rows: &json.list, outside: &[] }, &mut |_, _, _| {
                    rows += 1;
                    Ok(())
                })?;
                rows
            }
            Format::Csv => table::count(page)?,
        };
        let (step, first) = match paging.counts {
            PageNumbering::Rows => (paging.size, 0),
            PageNumbering::Pages => (1, 1),
        };
        Ok((rows >= paging.size && rows > 0).then(|| turned(asked, &paging.parameter, step, first)))
    }

    fn read(
        &self,
        page: &mut dyn Read,
        question: &SourceQuery<'_>,
        collector: &mut AnswerCollector<'_>,
    ) -> Result<(), AnswerError> {
        let reader = ColumnReader::of(&self.0.rows, true);
        match &self.0.format {
            Format::Csv => table::rows(page, reader, question, collector),
            Format::Json(json) => objects(page, reader, json, question, collector),
        }
    }
}

/// Reads the rows of a JSON answer.
fn objects(
    page: &mut dyn Read,
    mut reader: ColumnReader<'_>,
    json: &Json,
    question: &SourceQuery<'_>,
    collector: &mut AnswerCollector<'_>,
) -> Result<(), AnswerError> {
    let name = question.source_name;
    let of_columns = reader.rows.read_columns().filter_map(|(_, column)| column.strip_prefix('#'));
    let outside: Vec<&str> = of_columns.chain(json.cut_short.as_deref()).collect();
    let Columns { indicator, area, period, value: value_column, .. } = reader.columns;
    let needed: Vec<&String> = [area, period].into_iter().chain(indicator).collect();
    let (mut rows, mut valued) = (0, false);
    let found = json_rows::read(page, Sought { rows: &json.list, outside: &outside }, &mut |value, outside, index| {
        let object = Object { value, outside };
        let place = format!("{}/{index}", json.list);
        if let Some(column) = needed.iter().find(|column| !object.has(column)) {
            return Err(AnswerError::NoField { at: place, column: column.to_string(), name: name.to_owned() });
        }
        rows += 1;
        valued |= object.has(value_column);
        let is_asked = reader.takes(&|column, text| object.get(column) == text, question.indicator);
        let own = object.get(area);
        if collector.takes(is_asked, reader.area(&own).as_bytes()) {
            let get = |column: &str| object.get(column);
            let row = SourceRow { get: &get, as_text: object.is_text(value_column), line: index + 1, place };
            collector.each(|measure| reader.figure(&row, measure));
        }
        Ok(())
    })?;
    if rows > 0 && !valued {
        return Err(AnswerError::NoValues { rows, column: value_column.clone(), name: name.to_owned() });
    }
    let cut_short = json.cut_short.as_ref().and_then(|pointer| found.get(pointer));
    match cut_short.filter(|mark| !matches!(mark.as_str(), "" | "0" | "false")) {
        Some(_) => Err(AnswerError::LeftOut),
        None => Ok(()),
    }
}

/// A row with what stands outside it.
struct Object<'r> {
    value: &'r Value,
    outside: &'r Outside,
}

impl<'r> Object<'r> {
    /// Whether the field is there, be it empty.
    fn has(&self, column: &str) -> bool {
        match column.strip_prefix('#') {
            Some(pointer) => self.outside.contains_key(pointer),
            None => self.value.pointer(column).is_some(),
        }
    }

    /// Whether the field is a text: a number of JSON comes without the noughts that its source wrote.
    fn is_text(&self, column: &str) -> bool {
        self.value.pointer(column).is_some_and(Value::is_string)
    }

    fn get(&self, column: &str) -> Cow<'r, str> {
        match column.strip_prefix('#') {
            Some(pointer) => self.outside.get(pointer).map_or(Cow::default(), |text| text.as_str().into()),
            None => match self.value.pointer(column) {
                Some(Value::String(text)) => text.trim().into(),
                Some(other) => json_rows::text(other).into(),
                None => Cow::default(),
            },
        }
    }
}

/// What the source calls an area; none where it is not said and others are.
pub(in crate::collect::indicators) fn own_area(areas: &BTreeMap<String, String>, area: &AreaCode) -> Option<String> {
    match areas.get(area.as_str()) {
        Some(own) => Some(own.clone()),
        None => areas.is_empty().then(|| area.to_string()),
    }
}

/// The request with the number of `parameter` raised by `step`; where it has none, `first` was asked.
fn turned(asked: &str, parameter: &str, step: u64, first: u64) -> String {
    let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
    let mut number = first;
    let mut kept: Vec<&str> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case(parameter) => number = value.parse().unwrap_or(first),
            _ => kept.push(pair),
        }
    }
    let last = format!("{parameter}={}", number.saturating_add(step));
    kept.push(&last);
    format!("{path}?{}", kept.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_requested_by_number() {
        assert_eq!(turned("d.json?a=1", "recordoffset", 25_000, 0), "d.json?a=1&recordoffset=25000");
        assert_eq!(turned("d.json?recordoffset=25000&a=1", "recordoffset", 25_000, 0), "d.json?a=1&recordoffset=50000");
        assert_eq!(turned("d", "page", 1, 1), "d?page=2");
    }
}

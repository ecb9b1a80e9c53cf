//! Any JSON or CSV API that the settings describe: what to ask, where rows and fields are, how pages follow.

use super::collector::Gatherings;
use super::column_reader::{Named, Row, own_sex};
use super::json_rows::{self, Outside, Sought};
use super::query::{Asking, Question};
use super::source::Kind;
use super::table;
use crate::area::AreaCode;
use crate::framework::Framework;
use crate::settings::{self, Columns, Counts, Format, Json};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read;

/// An API as `sources.NAME.api` describes it.
pub(super) struct Api(pub settings::Api);

impl Kind for Api {
    /// An answer for each area and each period that the template names one by one.
    fn requests(&self, asking: &Asking<'_>, framework: &Framework) -> Result<Vec<Vec<String>>, String> {
        let settings::Api { request: template, periods, rows, .. } = &self.0;
        let mut areas: Vec<String> = asking.areas(framework).into_iter().filter_map(|area| own_area(&rows.areas, area)).collect();
        areas.sort();
        areas.dedup();
        if areas.is_empty() {
            return Err(format!("sources.{}.areas names none of the areas of {}", asking.source, asking.measure.id));
        }
        let each_area = if template.contains("{area}") { areas.clone() } else { vec![String::new()] };
        let each_period = if template.contains("{period}") { periods.clone() } else { vec![String::new()] };
        let all = areas.iter().map(|area| escaped(area)).collect::<Vec<_>>().join(",");
        let mut requests = Vec::new();
        for area in &each_area {
            for period in &each_period {
                let request = [
                    ("{indicator}", escaped(asking.indicator)),
                    ("{area}", escaped(area)),
                    ("{areas}", all.clone()),
                    ("{period}", escaped(period)),
                    ("{sex}", escaped(&own_sex(rows, asking.sex))),
                    ("{age}", escaped(asking.age)),
                ];
                let filled = request.iter().fold(template.clone(), |text, (name, value)| text.replace(name, value));
                requests.push(vec![filled]);
            }
        }
        Ok(requests)
    }

    fn after(&self, page: &mut dyn Read, asked: &str) -> Result<Option<String>, String> {
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
            Counts::Rows => (paging.size, 0),
            Counts::Pages => (1, 1),
        };
        Ok((rows >= paging.size && rows > 0).then(|| turned(asked, &paging.parameter, step, first)))
    }

    fn read(&self, page: &mut dyn Read, question: &Question<'_>, gatherings: &mut Gatherings<'_>) -> Result<(), String> {
        let named = Named::of(&self.0.rows, true);
        match &self.0.format {
            Format::Csv => table::rows(page, named, question, gatherings),
            Format::Json(json) => objects(page, named, json, question, gatherings),
        }
    }
}

/// Reads the rows of a JSON answer.
fn objects(
    page: &mut dyn Read,
    mut named: Named<'_>,
    json: &Json,
    question: &Question<'_>,
    gatherings: &mut Gatherings<'_>,
) -> Result<(), String> {
    let name = question.source_name;
    let of_columns = named.rows.read_columns().filter_map(|(_, column)| column.strip_prefix('#'));
    let outside: Vec<&str> = of_columns.chain(json.cut_short.as_deref()).collect();
    let Columns { indicator, area, period, value: value_column, .. } = named.columns;
    let needed: Vec<&String> = [area, period].into_iter().chain(indicator).collect();
    let nothing_at = |column: &str| format!("has nothing at {column:?} (sources.{name}.columns says where its fields are)");
    let (mut rows, mut valued) = (0, false);
    let found = json_rows::read(page, Sought { rows: &json.list, outside: &outside }, &mut |value, outside, index| {
        let object = Object { value, outside };
        let place = format!("{}/{index}", json.list);
        if let Some(column) = needed.iter().find(|column| !object.has(column)) {
            return Err(format!("{place} {}", nothing_at(column)));
        }
        rows += 1;
        valued |= object.has(value_column);
        let is_asked = named.takes(&|column, text| object.get(column) == text, question.indicator);
        let own = object.get(area);
        if gatherings.takes(is_asked, named.area(&own).as_bytes()) {
            let get = |column: &str| object.get(column);
            let row = Row { get: &get, as_text: object.is_text(value_column), line: index + 1, place };
            gatherings.each(|gathering| named.figure(&row, gathering));
        }
        Ok(())
    })?;
    if rows > 0 && !valued {
        return Err(format!("not one of the {rows} rows {}", nothing_at(value_column).replacen("has nothing", "has a value", 1)));
    }
    let cut_short = json.cut_short.as_ref().and_then(|pointer| found.get(pointer));
    match cut_short.filter(|mark| !matches!(mark.as_str(), "" | "0" | "false")) {
        Some(_) => Err("the source left rows out of its answer: ask for less, or set api.paging".to_owned()),
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
pub(super) fn own_area(areas: &BTreeMap<String, String>, area: &AreaCode) -> Option<String> {
    match areas.get(area.as_str()) {
        Some(own) => Some(own.clone()),
        None => areas.is_empty().then(|| area.to_string()),
    }
}

/// A value as part of an address: it adds no path and no parameter of its own.
pub(super) fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            escaped.push(char::from(byte));
        } else {
            write!(escaped, "%{byte:02X}").expect("writing to a String does not fail");
        }
        escaped
    })
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

    #[test]
    fn values_add_no_path_or_parameter() {
        assert_eq!(escaped("E06000018"), "E06000018");
        assert_eq!(escaped("../a?b&c=d é"), "..%2Fa%3Fb%26c%3Dd%20%C3%A9");
    }
}

//! What only the keys of a source together can get wrong, and texts that could never be met with.

use super::kinds::{Json, Rows};
use super::pointer;
use super::reading::SourceReading;
use std::collections::BTreeMap;

/// What a request may have filled in.
const PLACES: [&str; 7] = ["indicator", "area", "areas", "period", "sex", "age", "secret"];
const SEXES: [&str; 3] = ["Persons", "Male", "Female"];

pub(super) fn dashboard_areas(reading: &mut SourceReading<'_>, areas: &BTreeMap<String, String>) {
    for (code, own) in areas {
        if !own.split_once('/').is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty() && !name.contains('/')) {
            let problem = format!("{own:?} is not a geography of the dashboard; type/name was expected, such as Nation/England");
            reading.fault(&format!("areas.{code}"), problem, "write both as the dashboard's addresses have them");
        }
    }
}

pub(super) fn rows(reading: &mut SourceReading<'_>, rows: &Rows) {
    for (key, _) in rows.read_columns().filter(|(_, column)| column.trim().is_empty()) {
        reading.fault(&key, "is blank, which no heading is", "give the heading as the source writes it");
    }
    for own in rows.sexes.keys().filter(|own| !SEXES.iter().any(|sex| sex.eq_ignore_ascii_case(own))) {
        let problem = format!("{own:?} is not a sex of the framework; expected Persons, Male or Female");
        reading.fault(&format!("sexes.{own}"), problem, "write Female = \"the source's own word\"");
    }
    for (column, text) in rows.only.iter().filter(|(column, text)| rows.except.get(*column) == Some(*text)) {
        let problem = format!("{text:?} in {column:?} is wanted by only and left out by except: no row is read");
        reading.fault("except", problem, "keep one of them");
    }
}

/// `periods` is what `{period}` stands for.
pub(super) fn request(reading: &mut SourceReading<'_>, request: &str, periods: &[String]) {
    for name in filled_in(request).filter(|name| !PLACES.contains(name)) {
        let expected = PLACES.map(|place| format!("{{{place}}}")).join(", ");
        let like = |place: &&str| strsim::jaro_winkler(&name.to_lowercase(), place);
        let nearest = PLACES.into_iter().max_by(|a, b| like(a).total_cmp(&like(b))).unwrap_or("indicator");
        let problem = format!("{{{name}}} is never filled in; expected one of {expected}");
        reading.fault("api.request", problem, format!("did you mean {{{nearest}}}?"));
    }
    let names_period = filled_in(request).any(|name| name == "period");
    if names_period && periods.is_empty() && !reading.is_told("api.periods") {
        let problem = "is needed and not given: the request has {period} in it; expected a list of what the source takes there";
        reading.fault("api.periods", problem, "give one or more, such as [\"latest\"], or take {period} out of the request");
    }
    if !names_period && !periods.is_empty() {
        let problem = "is given and never used: the request has no {period} in it";
        reading.fault("api.periods", problem, "put {period} into api.request, or leave api.periods out");
    }
    if periods.iter().any(|period| period.trim().is_empty()) {
        reading.fault("api.periods", "has an empty text, which asks for no period", "take it out");
    }
}

/// The words in braces; anything else in braces is the source's own.
fn filled_in(request: &str) -> impl Iterator<Item = &str> {
    let inside = request.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(inside, _)| inside);
    inside.filter(|inside| !inside.is_empty() && inside.trim().bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'))
}

/// A pointer with the key that has it.
type Keyed<'a> = (String, &'a str);

/// Pointers that can never match: by their form, or beside the others.
pub(super) fn pointers(reading: &mut SourceReading<'_>, json: &Json, rows: &Rows) {
    let in_answer = [("api.next", &json.next), ("api.cut_short", &json.cut_short)];
    let in_answer = in_answer.into_iter().filter_map(|(key, pointer)| Some((key.to_owned(), pointer.as_deref()?)));
    let (outside, in_row): (Vec<Keyed<'_>>, Vec<Keyed<'_>>) =
        rows.read_columns().partition(|(_, column)| column.starts_with('#'));
    let outside = outside.into_iter().map(|(key, column)| (key, column.strip_prefix('#').unwrap_or(column)));
    let around: Vec<Keyed<'_>> = in_answer.chain(outside).collect();
    let list = ("api.rows".to_owned(), json.list.as_str());
    let mut formed = true;
    for (key, text) in std::iter::once(&list).chain(&around).chain(&in_row) {
        if let Some((problem, remedy)) = pointer::problem(text) {
            formed = false;
            reading.fault(key, problem, remedy);
        }
    }
    // How badly formed pointers lie to each other says nothing.
    if formed {
        beside_the_list(reading, &list, &around);
        one_in_another(reading, &around, "the answer");
        one_in_another(reading, &in_row, "a row");
    }
}

fn beside_the_list(reading: &mut SourceReading<'_>, (_, list): &Keyed<'_>, around: &[Keyed<'_>]) {
    for (key, text) in around {
        let (problem, remedy) = if list.is_empty() {
            let problem =
                format!("{text:?} points beside the rows, and the answer itself is the list of rows (api.rows is not set)");
            (problem, "set api.rows to the pointer to the list")
        } else if text == list || pointer::holds(list, text) {
            let problem = format!("{text:?} points into the list of rows {list:?}, whose rows are read one by one");
            (problem, "write a pointer into a row, without #, or one beside the list")
        } else if text.is_empty() || pointer::holds(text, list) {
            let problem = format!("{text:?} holds the list of rows {list:?}, so it is never a text");
            (problem, "point to a text or a number beside the list")
        } else {
            continue;
        };
        reading.fault(key, problem, remedy);
    }
}

/// What holds other fields is never a text itself.
fn one_in_another(reading: &mut SourceReading<'_>, pointers: &[Keyed<'_>], of: &str) {
    for (key, text) in pointers {
        let inner = pointers.iter().find(|(_, other)| pointer::holds(text, other));
        if let Some((other, inner)) = inner {
            let problem = format!("{text:?} of {of} holds {inner:?} ({other}), so it is never a text or a number");
            reading.fault(key, problem, "point to the text or number itself");
        }
    }
}

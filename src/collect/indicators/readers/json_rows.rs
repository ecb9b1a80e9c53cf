//! An answer in JSON, read as it comes: the rows of one list, one after the other, and a few texts outside it.

use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::collect::indicators::readers::excerpt::excerpt;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

/// No publisher's row is near it, nor what stands around the rows.
const LONGEST_ROW: usize = 4 * 1024 * 1024;

/// As much of an answer as tells what it is.
const HEAD: usize = 200;

/// What is looked for in an answer, by JSON pointers from its root.
#[derive(Debug, Clone, Copy)]
pub(in crate::collect::indicators) struct Sought<'a> {
    /// The list of rows; the answer itself where empty.
    pub rows: &'a str,
    /// Texts and numbers outside the rows.
    pub outside: &'a [&'a str],
}

/// Texts and numbers outside the rows that were come upon, by their pointers.
pub(in crate::collect::indicators) type Outside = BTreeMap<String, String>;

/// A row, with what was come upon before it and its place in the list, from 0.
type Each<'e> = &'e mut dyn FnMut(&Value, &Outside, u64) -> Result<(), AnswerError>;

/// Reads `body` to its end and gives each row to `each`.
///
/// # Errors
/// What the answer is instead of JSON; one that is cut short or has no such list; what `each` finds wrong.
pub(in crate::collect::indicators) fn read(
    body: &mut dyn Read,
    sought: Sought<'_>,
    each: Each<'_>,
) -> Result<Outside, AnswerError> {
    let mut head = Vec::new();
    body.take(HEAD as u64).read_to_end(&mut head).map_err(|e| AnswerError::BrokenOff(e.to_string()))?;
    if head.starts_with(b"\xef\xbb\xbf") {
        head.drain(..3);
    }
    tell_from_error_page(&head)?;
    let unread = Rc::new(Cell::new(0));
    let reader = Bounded { inner: io::Cursor::new(head).chain(body), unread: Rc::clone(&unread) };
    let mut reading = RowSearch { sought, each, unread, outside: Outside::new(), rows: None, fault: None };
    let mut document = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, reader));
    let read = Node { reading: &mut reading, at: String::new() }.deserialize(&mut document).and_then(|()| document.end());
    match (read, reading.fault, reading.rows) {
        (_, Some(fault), _) => Err(fault),
        (Err(error), ..) if error.is_eof() => Err(AnswerError::CutShort),
        (Err(error), ..) => Err(AnswerError::NotJson(error.to_string())),
        (Ok(()), None, None) => Err(AnswerError::NoList(sought.rows.to_owned())),
        (Ok(()), None, Some(_)) => Ok(reading.outside),
    }
}

/// The text of a string, number or logical value; empty for anything else.
pub(in crate::collect::indicators) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(logical) => logical.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

fn tell_from_error_page(head: &[u8]) -> Result<(), AnswerError> {
    let head = String::from_utf8_lossy(head);
    let is = |what| Err(AnswerError::AnotherForm { what, expected: "JSON", begins: excerpt(&head) });
    match head.trim_start().chars().next() {
        None => Err(AnswerError::Empty),
        Some('{' | '[') => Ok(()),
        Some('<') => is("a web page or XML"),
        Some(_) => is("a text"),
    }
}

struct RowSearch<'r, 'e> {
    sought: Sought<'r>,
    each: Each<'e>,
    /// Bytes read since the last row began.
    unread: Rc<Cell<usize>>,
    outside: Outside,
    /// How many there were; none before the list is come upon.
    rows: Option<u64>,
    fault: Option<AnswerError>,
}

impl RowSearch<'_, '_> {
    /// Whether something sought lies at `pointer` or below it.
    fn leads_on(&self, pointer: &str) -> bool {
        let below = |sought: &str| sought.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        below(self.sought.rows) || self.sought.outside.iter().any(|outside| below(outside))
    }

    /// The highest index into the list at `pointer` that something sought leads through; none where nothing does.
    fn last_member(&self, pointer: &str) -> Option<u64> {
        let sought = self.sought.outside.iter().chain([&self.sought.rows]);
        let parts = sought.filter_map(|sought| sought.strip_prefix(pointer)?.strip_prefix('/')?.split('/').next());
        // RFC 6901: an index has no leading nought.
        let index = |part: &str| part.parse::<u64>().ok().filter(|index| index.to_string() == part);
        parts.filter_map(index).max()
    }

    fn found(&mut self, pointer: String, value: &Value) {
        if self.sought.outside.contains(&pointer.as_str()) {
            self.outside.insert(pointer, text(value));
        }
    }
}

/// A value of the document at a pointer.
struct Node<'n, 'r, 'e> {
    reading: &'n mut RowSearch<'r, 'e>,
    at: String,
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let at = format!("{}/{}", self.at, key.replace('~', "~0").replace('/', "~1"));
            if self.reading.leads_on(&at) {
                map.next_value_seed(Node { reading: self.reading, at })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let reading = self.reading;
        if self.at != reading.sought.rows {
            return members(reading, &self.at, list);
        }
        let mut row = 0;
        while let Some(value) = list.next_element::<Value>()? {
            reading.unread.set(0);
            if let Err(fault) = (reading.each)(&value, &reading.outside, row) {
                reading.fault = Some(fault);
                return Err(serde::de::Error::custom("stopped"));
            }
            row += 1;
        }
        reading.rows = Some(row);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.reading.found(self.at, &Value::from(text));
        Ok(())
    }

    fn visit_bool<E>(self, logical: bool) -> Result<(), E> {
        self.reading.found(self.at, &Value::from(logical));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.reading.found(self.at, &Value::from(number));
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.reading.found(self.at, &Value::from(number));
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.reading.found(self.at, &Value::from(number));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Goes through a list that is not that of the rows: a pointer may lead on through one of its members.
fn members<'de, A: SeqAccess<'de>>(reading: &mut RowSearch<'_, '_>, at: &str, mut list: A) -> Result<(), A::Error> {
    for index in 0..reading.last_member(at).map_or(0, |last| last.saturating_add(1)) {
        let at = format!("{at}/{index}");
        let more = if reading.leads_on(&at) {
            list.next_element_seed(Node { reading, at })?.is_some()
        } else {
            list.next_element::<IgnoredAny>()?.is_some()
        };
        if !more {
            return Ok(());
        }
    }
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

/// The body, with an end to rows that have none.
struct Bounded<R> {
    inner: R,
    unread: Rc<Cell<usize>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.unread.set(self.unread.get() + read);
        if self.unread.get() > LONGEST_ROW {
            let problem = format!("more than {LONGEST_ROW} bytes without a row of it");
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, rows: &str, outside: &[&str]) -> Result<(Vec<String>, Outside), AnswerError> {
        let mut found = Vec::new();
        let outside = read(&mut text.as_bytes(), Sought { rows, outside }, &mut |row, outside, index| {
            found.push(format!("{index} {row} after {}", outside.len()));
            Ok(())
        })?;
        Ok((found, outside))
    }

    #[test]
    fn rows_are_read_and_their_surroundings_skipped() {
        let text = r#"{"a":{"b/c":"x","n":2.5},"skip":[[1,{"obs":[9]}]],"d":{"obs":[1,{"v":null}]},"next":null,"last":true}"#;
        let (found, outside) = rows(text, "/d/obs", &["/a/b~1c", "/a/n", "/next", "/last"]).unwrap();
        assert_eq!(found, ["0 1 after 2", "1 {\"v\":null} after 2"]);
        let outside: Vec<_> = outside.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(outside, [("/a/b~1c", "x"), ("/a/n", "2.5"), ("/last", "true")]);
        assert_eq!(rows("\u{feff}[3]", "", &[]).unwrap().0, ["0 3 after 0"]);
    }

    #[test]
    fn digits_index_lists_and_name_object_keys() {
        let text =
            r#"{"a":[{"b":{"name":"x","c":[{"obs":[0]},{"age":"all","obs":[1,2]},{"obs":[3]}]}},{"b":4}],"n":[[7,8]],"0":"key"}"#;
        let (found, outside) =
            rows(text, "/a/0/b/c/1/obs", &["/a/0/b/name", "/a/0/b/c/1/age", "/a/1/b", "/n/0/1", "/0"]).unwrap();
        assert_eq!(found, ["0 1 after 2", "1 2 after 2"]);
        let values: Vec<_> = outside.values().map(String::as_str).collect();
        assert_eq!(values, ["key", "all", "x", "4", "8"], "{outside:?}");
        assert_eq!(rows("[[1,2],[3]]", "/1", &[]).unwrap().0, ["0 3 after 0"]);
        assert!(rows("[[1,2],[3]]", "/2", &[]).unwrap_err().is_about("/2"));
        assert!(rows("[[1,2],[3]]", "/01", &[]).unwrap_err().is_about("/01"));
    }

    #[test]
    fn a_wrong_answer_is_not_an_empty_one() {
        for (text, expected) in [
            ("", "the answer is empty"),
            ("<html>Sorry</html>", "a web page or XML came instead of JSON: \"<html>Sorry</html>\""),
            ("Not found", "a text came instead of JSON: \"Not found\""),
            ("{\"obs\":[1,2", "the answer was cut short: its JSON does not end"),
            ("{\"obs\":[1,}", "the answer is not JSON: "),
            ("{\"obs\":[1]} x", "the answer is not JSON: "),
            ("{\"error\":\"no\"}", "the answer holds no list at \"/obs\""),
            ("{\"obs\":7}", "the answer holds no list at \"/obs\""),
        ] {
            let reason = rows(text, "/obs", &[]).unwrap_err().to_string();
            assert!(reason.starts_with(expected), "{reason}");
        }
        let endless = format!("{{\"text\":\"{}\"", "x".repeat(LONGEST_ROW + (1 << 17)));
        assert!(rows(&endless, "/obs", &[]).unwrap_err().to_string().contains("bytes without a row of it"));
    }
}

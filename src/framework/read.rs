//! Reading entries out of framework files, one by one, so that a bad entry hides none of the others.

use crate::fault::{Fault, Faults};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use toml::{Table, Value};

/// A parsed file whose tables are taken out by name; what is left at the end was not expected there.
pub(super) struct File {
    place: String,
    tables: Table,
    expected: Vec<&'static str>,
}

/// What entries of one kind gave.
pub(super) struct Entries<T> {
    /// Each with its place, for later faults.
    pub good: Vec<(String, T)>,
    /// Ids of entries that could not be read: what names them is not at fault itself.
    pub broken: BTreeSet<String>,
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self { good: Vec::new(), broken: BTreeSet::new() }
    }
}

impl<T> Entries<T> {
    pub fn extend(&mut self, other: Self) {
        self.good.extend(other.good);
        self.broken.extend(other.broken);
    }

    pub fn values(self) -> Vec<T> {
        self.good.into_iter().map(|(_, entry)| entry).collect()
    }
}

impl File {
    /// # Errors
    /// Text that is not TOML, with the line and column.
    pub fn parse(text: &str, place: String) -> Result<Self, Fault> {
        match text.parse::<Table>() {
            Ok(mut tables) => {
                tables.iter_mut().for_each(|(_, value)| dates_as_text(value));
                Ok(Self { place, tables, expected: Vec::new() })
            }
            Err(e) => {
                let at = e.span().map(|span| position(text, span.start)).unwrap_or_default();
                Err(Fault::new(format!("{place}{at}"), format!("is not TOML: {}", e.message()), "mend the file at that line"))
            }
        }
    }

    /// The entries `[[name]]` of the file.
    pub fn entries<T: DeserializeOwned>(&mut self, name: &'static str, faults: &mut Faults) -> Entries<T> {
        self.expected.push(name);
        let mut entries = Entries::default();
        let list = match self.tables.remove(name) {
            None => return entries,
            Some(Value::Array(list)) => list,
            Some(other) => {
                faults.push(
                    format!("{}, {name}", self.place),
                    format!("is a {}; a list of entries was expected", other.type_str()),
                    format!("begin each entry with [[{name}]]"),
                );
                return entries;
            }
        };
        for (i, value) in list.into_iter().enumerate() {
            let id = value.get("id").and_then(Value::as_str).map(str::to_owned);
            let place = format!("{}, [[{name}]] {}", self.place, id.clone().unwrap_or_else(|| format!("number {}", i + 1)));
            match entry(value, &place) {
                Ok(entry) => entries.good.push((place, entry)),
                Err(fault) => {
                    faults.0.push(fault);
                    entries.broken.extend(id);
                }
            }
        }
        entries
    }

    /// Changes each entry `[[name]]` before it is read.
    pub fn change(&mut self, name: &str, change: impl Fn(&mut Table)) {
        let list = self.tables.get_mut(name).and_then(Value::as_array_mut);
        list.into_iter().flatten().filter_map(Value::as_table_mut).for_each(change);
    }

    /// The single table `[name]` of the file, where it has one.
    pub fn table<T: DeserializeOwned>(&mut self, name: &'static str, faults: &mut Faults) -> Option<(String, T)> {
        self.expected.push(name);
        let place = format!("{}, [{name}]", self.place);
        match entry(self.tables.remove(name)?, &place) {
            Ok(table) => Some((place, table)),
            Err(fault) => {
                faults.0.push(fault);
                None
            }
        }
    }

    /// A fault for each key that nobody took.
    pub fn finish(self, faults: &mut Faults) {
        for key in self.tables.keys() {
            faults.push(
                format!("{}, {key}", self.place),
                format!("is not known here; {} was expected", self.expected.join(", ")),
                "correct the name, or remove it",
            );
        }
    }
}

fn entry<T: DeserializeOwned>(value: Value, place: &str) -> Result<T, Fault> {
    serde_path_to_error::deserialize(value).map_err(|e| {
        let key = e.path().to_string();
        let place = if key == "." { place.to_owned() } else { format!("{place}, {key}") };
        let message = e.into_inner().to_string();
        Fault::new(place, message.trim_end(), "correct the entry")
    })
}

/// TOML has dates of its own and our types read text: an analyst may write either.
fn dates_as_text(value: &mut Value) {
    match value {
        Value::Datetime(date) => *value = Value::String(date.to_string()),
        Value::Array(items) => items.iter_mut().for_each(dates_as_text),
        Value::Table(table) => table.iter_mut().for_each(|(_, value)| dates_as_text(value)),
        Value::String(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => {}
    }
}

fn position(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!(", line {line}, column {column}")
}

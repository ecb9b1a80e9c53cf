//! A source as it is read: its faults, each with its key, and what it lacks.

use crate::document::words::in_words;
use crate::fault::Faults;
use crate::settings::tree::{describe, put_back};
use config::{Map, Value};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

/// Where a key of the settings was set, as faults name it: `boardpack.toml, sources.nomis.api`.
pub(in crate::settings) type KeyPlace<'a> = &'a dyn Fn(&str) -> String;

/// One source as it is read.
pub(super) struct SourceReading<'a> {
    pub source: &'a str,
    pub kind: &'static str,
    pub place: KeyPlace<'a>,
    /// Keys that a fault was told of: what follows from it is not told as well.
    pub told: BTreeSet<String>,
    pub faults: &'a mut Faults,
}

impl SourceReading<'_> {
    /// `key` is within the source; empty for the source itself.
    pub fn fault(&mut self, key: &str, problem: impl Into<String>, remedy: impl Into<String>) {
        let dot = if key.is_empty() { "" } else { "." };
        let place = (self.place)(&format!("sources.{}{dot}{key}", self.source));
        self.told.insert(key.to_owned());
        self.faults.push(place, problem, remedy);
    }

    /// Whether a fault was told of this very key.
    pub fn is_told(&self, key: &str) -> bool {
        self.told.contains(key)
    }

    pub fn lacks(&mut self, key: &str, expected: &str) {
        if !self.is_told(key) {
            let whose = if self.kind.is_empty() { String::new() } else { format!(" for a source of kind {:?}", self.kind) };
            self.fault(key, format!("is needed{whose} and not given; expected {expected}"), "add it (docs/indicators.md)");
        }
    }

    pub fn needed<T>(&mut self, key: &str, given: Option<T>, expected: &str) -> Option<T> {
        if given.is_none() {
            self.lacks(key, expected);
        }
        given
    }

    /// Reads the keys of a kind. What cannot be read is told and left out, and the rest read again.
    pub fn typed<T: DeserializeOwned + Default>(&mut self, keys: Map<String, Value>) -> T {
        let none = Value::from(Map::<String, Value>::new());
        let mut tree = Value::from(keys);
        loop {
            let error = match serde_path_to_error::deserialize::<_, T>(tree.clone()) {
                Ok(read) => return read,
                Err(error) => error,
            };
            let (key, problem) = describe(&error.path().to_string(), error.inner());
            let (problem, remedy) = match problem.strip_prefix("there is no such setting") {
                Some(rest) if rest.contains("expected") => (
                    format!("a source of kind {:?} has no such setting{rest}", self.kind),
                    "leave it out, or set the kind that has it (docs/indicators.md)",
                ),
                Some(_) => (format!("a source of kind {:?} has no such setting", self.kind), "leave it out"),
                None => (in_words(&problem, None).0, "correct it (docs/indicators.md)"),
            };
            self.fault(&key, problem, remedy);
            // Without progress the loop would not end.
            if !put_back(&mut tree, &none, &key) {
                return T::default();
            }
        }
    }
}

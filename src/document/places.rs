//! Where the entries of files stand, so that whoever finds a fault later, by the entry's name and a key of it, tells its line.

use super::lines::Lines;
use crate::fault::{Fault, Faults};
use std::collections::BTreeMap;

/// The entries of any number of files, by the place that a fault gives them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    entries: BTreeMap<String, Entry>,
    /// The first entry of a name, `measure carbon`.
    names: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The file's.
    pub file: String,
    /// `[[measure]] carbon`; empty for the file as a whole.
    pub heading: String,
    pub lines: Lines,
    /// Keys, as a place names them, of which a fault was told when they were read.
    pub told: Vec<String>,
    /// The file cannot be read as TOML: whatever else is wrong with its entries follows from that.
    pub is_broken: bool,
}

impl Entry {
    /// How faults of the entry begin.
    pub fn place(&self) -> String {
        match self.heading.as_str() {
            "" => self.file.clone(),
            heading => format!("{}, line {}, {heading}", self.file, self.lines.line),
        }
    }

    fn at(&self, key: &str) -> String {
        self.on_line(if key.is_empty() { self.lines.line } else { self.lines.named(key) }, key)
    }

    pub fn on_line(&self, line: usize, key: &str) -> String {
        let mut place = format!("{}, line {line}", self.file);
        for words in [self.heading.as_str(), key].into_iter().filter(|words| !words.is_empty()) {
            place.push_str(", ");
            place.push_str(words);
        }
        place
    }

    fn has_told(&self, key: &str) -> bool {
        let is_within = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ',', ' ']))
        };
        // What is wrong with a whole may be wrong for one of its keys; an entry of a list is no such whole.
        let is_whole = !key.is_empty() && !key.contains(' ');
        let follows = |told: &String| is_within(key, told) || (is_whole && is_within(told, key));
        self.is_broken || self.told.iter().any(follows)
    }
}

impl Places {
    pub(super) fn add(&mut self, name: Option<String>, entry: Entry) {
        let place = entry.place();
        if let Some(name) = name {
            self.names.entry(name).or_insert_with(|| place.clone());
        }
        self.entries.insert(place, entry);
    }

    pub fn extend(&mut self, other: Places) {
        self.entries.extend(other.entries);
        for (name, place) in other.names {
            self.names.entry(name).or_insert(place);
        }
    }

    /// The fault at the line of its key, of an entry that its place begins with; none where it follows from one that was told
    /// when the file was read. A fault of no entry that is here stays as it is.
    pub fn point(&self, fault: Fault) -> Option<Fault> {
        self.at_line(fault, |before| self.entries.get(before))
    }

    /// As [`Places::point`], where the place begins with a name such as `measure carbon`.
    pub fn point_named(&self, fault: Fault) -> Option<Fault> {
        self.at_line(fault, |name| self.names.get(name).and_then(|place| self.entries.get(place)))
    }

    /// As [`Places::point`], of all of them.
    pub fn point_all(&self, faults: Vec<Fault>) -> Vec<Fault> {
        faults.into_iter().filter_map(|fault| self.point(fault)).collect()
    }

    pub fn point_faults(&self, faults: Faults) -> Faults {
        Faults(self.point_all(faults.0))
    }

    /// Whether a fault was told of a key of the entry at `place` when it was read.
    pub fn is_told(&self, place: &str, key: &str) -> bool {
        self.entries.get(place).is_some_and(|entry| entry.has_told(key))
    }

    /// Whether a fault was told of a key within this key of the entry at `place`.
    pub fn is_told_within(&self, place: &str, key: &str) -> bool {
        let is_within = |told: &String| told.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
        self.entries.get(place).is_some_and(|entry| entry.told.iter().any(is_within))
    }

    fn at_line<'a>(&'a self, fault: Fault, find: impl Fn(&str) -> Option<&'a Entry>) -> Option<Fault> {
        let place = fault.place.as_str();
        let ends = std::iter::once(place.len()).chain(place.rmatch_indices(", ").map(|(at, _)| at));
        let found = ends.filter_map(|end| Some((find(&place[..end])?, place[end..].trim_start_matches(", ")))).next();
        let Some((entry, key)) = found else { return Some(fault) };
        let place = (!entry.has_told(key)).then(|| entry.at(key))?;
        Some(Fault { place, ..fault })
    }
}

//! One file: its entries and tables taken out by name, and each fault in them with its line.

use super::entries::Entries;
use super::lines::{Lines, in_words};
use super::places::{Entry, Places};
use super::{mend, words};
use crate::fault::{Fault, Faults};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::de::DeTable;
use toml::{Table, Value};

/// A parsed file whose tables are taken out by name; what is left at the end was not expected there.
pub(crate) struct TomlDocument {
    file: String,
    tables: Table,
    lines: Lines,
    expected: Vec<&'static str>,
    is_broken: bool,
    places: Places,
}

impl TomlDocument {
    /// Reads the text of `file`. Text that is not TOML is told with its line, and what can be read beside it is there.
    pub fn parse(text: &str, file: &str, faults: &mut Faults) -> Self {
        let sound;
        let (mut table, errors) = DeTable::parse_recoverable(text);
        // What follows on the same line, or from a text or list that is not closed, is the same fault.
        if let Some(error) = errors.first() {
            let at = error.span().map(|span| position(text, span.start)).unwrap_or_default();
            let problem = format!("is not TOML: {}", error.message().split_whitespace().collect::<Vec<_>>().join(" "));
            faults.push(format!("{file}{at}"), problem, "correct the file at that line");
            sound = without_bad_lines(text, error);
            if let Some(sound) = &sound {
                table = DeTable::parse_recoverable(sound).0;
            }
        }
        let lines = Lines::of(table.get_ref(), text);
        let read = Table::deserialize(toml::de::Deserializer::from(table));
        let is_broken = !errors.is_empty() || read.is_err();
        // TOML has integers that no value can hold.
        if let Err(error) = &read {
            let at = error.span().map(|span| position(text, span.start)).unwrap_or_default();
            faults.push(format!("{file}{at}"), "holds a number that is too large", "correct it: nothing in the file is read");
        }
        let mut tables = read.unwrap_or_default();
        tables.iter_mut().for_each(|(_, value)| dates_as_text(value));
        Self { file: file.to_owned(), tables, lines, expected: Vec::new(), is_broken, places: Places::default() }
    }

    /// What nobody took yet.
    pub fn tables(&self) -> &Table {
        &self.tables
    }

    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    /// True where the text is not TOML, so that something may be lacking.
    pub fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// The entries `[[name]]` of the file.
    pub fn entries<T: DeserializeOwned>(&mut self, name: &'static str, faults: &mut Faults) -> Entries<T> {
        self.expected.push(name);
        // Some may stand under a name that is misspelt.
        let is_misspelt = self.tables.keys().any(|key| key != name && words::nearest(key, &[name]).is_some());
        let mut entries = Entries { is_incomplete: self.is_broken || is_misspelt, ..Entries::default() };
        let list = match self.tables.remove(name) {
            None => return entries,
            Some(Value::Array(list)) => list,
            Some(other) => {
                let line = self.lines.named(name);
                self.fault(
                    faults,
                    format!("{}, line {line}, {name}", self.file),
                    format!("is a {}; a list of entries was expected", other.type_str()),
                    format!("begin each entry with [[{name}]]"),
                );
                entries.is_incomplete = true;
                return entries;
            }
        };
        let lines = self.lines.key(name).map(|list| list.items().to_vec()).unwrap_or_default();
        for (i, value) in list.into_iter().enumerate() {
            // Lists of neighbours are of areas; everything else that has an area has a name of its own.
            let keys = if name == "neighbours" { &["area"][..] } else { &["id", "code", "name"] };
            let label = keys.iter().find_map(|key| value.get(*key)?.as_str()).map(str::to_owned);
            let heading = format!("[[{name}]] {}", label.clone().unwrap_or_else(|| format!("number {}", i + 1)));
            let entry = self.entry(heading, lines.get(i).cloned().unwrap_or_default());
            let place = entry.place();
            let (read, is_sound) = self.read(value, entry, label.as_ref().map(|label| format!("{name} {label}")), faults);
            match read {
                Some(read) if is_sound => entries.good.push((place, read)),
                Some(read) => entries.mended.push((place, read)),
                None => {}
            }
            if !is_sound {
                entries.is_incomplete |= label.is_none();
                entries.broken.extend(label);
            }
        }
        entries
    }

    /// Changes each entry `[[name]]` before it is read.
    pub fn change(&mut self, name: &str, change: impl Fn(&mut Table)) {
        let list = self.tables.get_mut(name).and_then(Value::as_array_mut);
        list.into_iter().flatten().filter_map(Value::as_table_mut).for_each(change);
    }

    /// The single table `[name]` of the file, where it has one that can be read.
    pub fn table<T: DeserializeOwned>(&mut self, name: &'static str, faults: &mut Faults) -> Option<(String, T)> {
        self.expected.push(name);
        let entry = self.entry(format!("[{name}]"), self.lines.key(name).cloned().unwrap_or_default());
        let place = entry.place();
        let value = self.tables.remove(name)?;
        let id = value.get("id").and_then(Value::as_str).map(|id| format!("{name} {id}"));
        let (read, _) = self.read(value, entry, id, faults);
        Some((place, read?))
    }

    /// Gives the file what it lacks, at any depth, out of `base`.
    pub fn fill_from(&mut self, base: &Table) {
        fill(&mut self.tables, base);
    }

    /// What of the file nobody took yet, as one, with something else where it could not be read; none where nothing can stand
    /// in. The places are those of all of the file.
    pub fn whole<T: DeserializeOwned>(mut self, faults: &mut Faults) -> (Option<T>, Places) {
        let mut tables = std::mem::take(&mut self.tables);
        // A name that is misspelt of what was taken out already.
        let names: Vec<String> = tables.keys().filter(|key| words::nearest(key, &self.expected).is_some()).cloned().collect();
        for name in names {
            let place = format!("{}, line {}, {name}", self.file, self.lines.named(&name));
            let (problem, remedy) = words::unknown_key(&name, &self.expected, &[]);
            self.fault(faults, place, problem, remedy);
            tables.remove(&name);
        }
        let value = Value::Table(tables);
        let entry = self.entry(String::new(), self.lines.clone());
        let (read, _) = self.read(value, entry, None, faults);
        (read, self.places)
    }

    /// A fault for each key that nobody took; gives where the entries stand.
    pub fn finish(self, faults: &mut Faults) -> Places {
        for key in self.tables.keys() {
            let place = format!("{}, line {}, {key}", self.file, self.lines.named(key));
            let (problem, remedy) = words::unknown_key(key, &self.expected, &[]);
            self.fault(faults, place, problem, remedy);
        }
        self.places
    }

    /// An entry of which nothing was told yet.
    fn entry(&self, heading: String, lines: Lines) -> Entry {
        Entry { file: self.file.clone(), heading, lines, told: Vec::new(), is_broken: self.is_broken }
    }

    /// Reads one entry and tells its faults; false where it is not as it was written.
    fn read<T: DeserializeOwned>(
        &mut self,
        value: Value,
        mut entry: Entry,
        name: Option<String>,
        faults: &mut Faults,
    ) -> (Option<T>, bool) {
        let (read, mut found) = mend::read(value.clone());
        found.sort_by_key(|found| entry.lines.at(&found.steps));
        for found in &found {
            let key = in_words(&found.steps, &value);
            let place = entry.on_line(entry.lines.at(&found.steps), &key);
            self.fault(faults, place, found.problem.clone(), found.remedy.clone());
            if !found.is_extra {
                // Of another kind, a table has other keys.
                entry.told.push(key.strip_suffix(".kind").map(str::to_owned).unwrap_or(key));
            }
        }
        self.places.add(name, entry);
        (read, !self.is_broken && found.iter().all(|found| found.is_extra))
    }

    /// Of a file that is not TOML only that is told.
    fn fault(&self, faults: &mut Faults, place: String, problem: String, remedy: String) {
        if !self.is_broken {
            faults.0.push(Fault { place, problem, remedy });
        }
    }
}

fn fill(table: &mut Table, base: &Table) {
    for (key, value) in base {
        match (table.get_mut(key), value) {
            (Some(Value::Table(inner)), Value::Table(value)) => fill(inner, value),
            (Some(_), _) => {}
            (None, value) => drop(table.insert(key.clone(), value.clone())),
        }
    }
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

/// The text with a blank line for each that is not TOML; none where so many would have to go that the rest says little. The
/// parser itself leaves out what stands below such a line as well.
fn without_bad_lines(text: &str, error: &toml::de::Error) -> Option<String> {
    const MOST: usize = 20;
    let mut sound = text.to_owned();
    let mut at = error.span()?.start;
    for _ in 0..MOST {
        let start = sound.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        let end = sound.get(at..)?.find('\n').map_or(sound.len(), |length| at + length);
        sound.replace_range(start..end, &" ".repeat(end - start));
        match DeTable::parse_recoverable(&sound).1.first() {
            None => return Some(sound),
            Some(error) => at = error.span()?.start,
        }
    }
    None
}

fn position(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!(", line {line}, column {column}")
}

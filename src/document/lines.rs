//! On which line each key and entry of a file stands.

use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Value};

/// A table, list or value of a file with its line, from 1: for a key of a table the line of the key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    pub line: usize,
    /// The value itself, where it is a text.
    text: String,
    keys: BTreeMap<String, Lines>,
    items: Vec<Lines>,
}

/// A step into a table or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PathStep {
    Key(String),
    Item(usize),
}

impl Lines {
    pub fn of(table: &DeTable<'_>, text: &str) -> Self {
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        Self { line: 1, ..Self::of_table(table, &ends) }
    }

    fn of_table(table: &DeTable<'_>, ends: &[usize]) -> Self {
        let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
            let key: &Spanned<std::borrow::Cow<'_, str>> = key;
            let lines = Lines { line: line_at(key.span().start, ends), ..Self::of_value(value, ends) };
            (key.get_ref().to_string(), lines)
        };
        Self { keys: table.iter().map(entry).collect(), ..Self::default() }
    }

    fn of_value(value: &Spanned<DeValue<'_>>, ends: &[usize]) -> Self {
        let line = line_at(value.span().start, ends);
        match value.get_ref() {
            DeValue::Table(table) => Self { line, ..Self::of_table(table, ends) },
            DeValue::Array(items) => {
                Self { line, items: items.iter().map(|item| Self::of_value(item, ends)).collect(), ..Self::default() }
            }
            DeValue::String(text) => Self { line, text: text.to_string(), ..Self::default() },
            _ => Self { line, ..Self::default() },
        }
    }

    pub fn key(&self, name: &str) -> Option<&Lines> {
        self.keys.get(name)
    }

    pub fn items(&self) -> &[Lines] {
        &self.items
    }

    /// The line of what `steps` lead to, or of the last of them that there is.
    pub fn at(&self, steps: &[PathStep]) -> usize {
        let mut node = self;
        for step in steps {
            let next = match step {
                PathStep::Key(name) => node.keys.get(name),
                PathStep::Item(index) => node.items.get(*index),
            };
            let Some(next) = next else { break };
            node = next;
        }
        node.line
    }

    /// The line of what a fault's place says after its entry, such as `measure carbon, target.value`, or of as much of it as
    /// there is.
    pub fn named(&self, path: &str) -> usize {
        path.split(", ").fold(self, Lines::part).line
    }

    /// `target.value`, `measure carbon` (the entry of the list `measure` that has this text), `earlier 2`.
    fn part(&self, part: &str) -> &Lines {
        let part = part.trim_matches(['[', ']']);
        if let Some((list, label)) = part.split_once(' ')
            && let Some(list) = self.keys.get(list)
        {
            let labelled = list.items.iter().find(|item| item.keys.values().any(|value| value.text == label));
            let numbered = || label.parse::<usize>().ok().and_then(|number| list.items.get(number.checked_sub(1)?));
            return labelled.or_else(numbered).unwrap_or(list);
        }
        let mut node = self;
        for key in part.split('.') {
            let Some(next) = node.keys.get(key) else { break };
            node = next;
        }
        node
    }
}

fn line_at(offset: usize, ends: &[usize]) -> usize {
    ends.partition_point(|end| *end < offset) + 1
}

/// As a fault's place writes it, `measure carbon, target.value`: entries of lists by their id, or by their number from 1.
pub(crate) fn in_words(steps: &[PathStep], tree: &Value) -> String {
    let mut words = String::new();
    let mut node = Some(tree);
    for step in steps {
        match step {
            PathStep::Key(name) => {
                let is_after_entry = words.ends_with('\u{0}');
                let between = if words.is_empty() || is_after_entry { "" } else { "." };
                words.push_str(between);
                words.push_str(name);
                node = node.and_then(|node| node.get(name));
            }
            PathStep::Item(index) => {
                node = node.and_then(|node| node.get(*index));
                let label = ["id", "name", "code"].iter().find_map(|key| node?.get(*key)?.as_str());
                words.push(' ');
                words.push_str(&label.map_or_else(|| (index + 1).to_string(), str::to_owned));
                words.push('\u{0}');
            }
        }
    }
    words.trim_end_matches('\u{0}').replace('\u{0}', ", ")
}

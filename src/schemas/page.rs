//! The reference of every key as a page, `docs/configuration.md`: a table for each table of each kind of file.

use super::generate::schema;
use super::kind::FileKind;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const HEAD: &str = "# Configuration: every key

Made from the types that read the files, as the schemas are: `boardpack schema KIND` prints one, and `boardpack init` and
`boardpack export-defaults` write them all into `schemas/`. A file whose first line is `#:schema` with the path of its schema
is checked while it is written by editors that know TOML schemas, such as Visual Studio Code with *Even Better TOML*.

*Needed* keys have no default. A key without a default that is not needed may be left out. Days are written `2026-11-20`, with
or without quotation marks.
";

/// The whole page.
pub fn page() -> String {
    let mut text = HEAD.to_owned();
    text.push_str("\n| file | kind | what it holds |\n|---|---|---|\n");
    for kind in FileKind::ALL {
        let (files, name) = (kind.files(), kind.name());
        let _ = writeln!(text, "| [`{files}`](#{}) | `{name}` | {} |", anchor(files), kind.says());
    }
    for kind in FileKind::ALL {
        let schema = schema(kind);
        let _ = write!(text, "\n## `{}`\n\n{}\n", kind.files(), kind.says());
        let mut chapter = Chapter { root: &schema, text: &mut text, told: BTreeMap::new() };
        chapter.file();
    }
    text
}

/// The tables of one kind of file.
struct Chapter<'a> {
    root: &'a Value,
    text: &'a mut String,
    /// The headings of definitions that were told, by their names.
    told: BTreeMap<String, String>,
}

/// A table that is written below the one that names it.
struct Below<'a> {
    heading: String,
    /// `measure.source`.
    path: String,
    node: &'a Value,
    is_needed: bool,
}

impl<'a> Chapter<'a> {
    fn file(&mut self) {
        let mut below = Vec::new();
        let root = self.root;
        let mut rows = String::new();
        for (key, node) in keys(root) {
            let row = self.row(root, key, node, "", &mut below);
            // What is a table of its own needs no line besides.
            if self.table_of(node).is_none() {
                rows.push_str(&row);
            }
        }
        self.rows(&rows);
        if let Some(of_each) = root.get("additionalProperties").filter(|node| node.is_object()) {
            let value = self.value(of_each, "", false, &mut below);
            let _ = writeln!(self.text, "\nEach key has a {value}.");
        }
        self.all(below);
    }

    fn rows(&mut self, rows: &str) {
        if !rows.is_empty() {
            let _ = write!(self.text, "\n| key | value | default | what it says |\n|---|---|---|---|\n{rows}");
        }
    }

    /// What is needed first.
    fn all(&mut self, mut tables: Vec<Below<'a>>) {
        tables.sort_by_key(|table| !table.is_needed);
        for table in tables {
            self.table(&table);
        }
    }

    fn table(&mut self, table: &Below<'a>) {
        let _ = write!(self.text, "\n### `{}`\n", table.heading);
        let (_, node) = self.resolved(table.node);
        if let Some(says) = description(node) {
            let _ = write!(self.text, "\n{says}\n");
        }
        let mut below = Vec::new();
        let mut rows = String::new();
        match node.get("oneOf").and_then(Value::as_array) {
            Some(kinds) => {
                for kind in kinds {
                    rows.push_str(&self.kind(kind, &table.path, &mut below));
                }
            }
            None => {
                for (key, value) in keys(node) {
                    rows.push_str(&self.row(node, key, value, &table.path, &mut below));
                }
            }
        }
        self.rows(&rows);
        self.all(below);
    }

    /// One of the kinds that a table may be of: a line for the kind, then a line for each of its keys.
    fn kind(&mut self, node: &'a Value, path: &str, below: &mut Vec<Below<'a>>) -> String {
        let (_, node) = self.resolved(node);
        let name = keys(node).find_map(|(key, value)| Some((key, value.get("const")?.as_str()?)));
        let Some((tag, name)) = name else { return String::new() };
        let mut rows = format!("| **`{tag} = \"{name}\"`** | | | {} |\n", cell(description(node).unwrap_or_default()));
        for (key, value) in keys(node).filter(|(key, _)| *key != tag) {
            rows.push_str(&self.row(node, key, value, path, below));
        }
        rows
    }

    fn row(&mut self, of: &Value, key: &str, node: &'a Value, path: &str, below: &mut Vec<Below<'a>>) -> String {
        let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        let needed = of.get("required").and_then(Value::as_array).is_some_and(|keys| keys.iter().any(|name| name == key));
        let value = self.value(node, &path, needed, below);
        let default = match node.get("default") {
            _ if needed => "*needed*".to_owned(),
            Some(Value::String(text)) if text.is_empty() => "not set".to_owned(),
            // What is none, or has all its defaults, is as if it were left out.
            Some(Value::Array(items)) if items.is_empty() => String::new(),
            Some(Value::Object(_)) | None => String::new(),
            Some(default) => format!("`{default}`"),
        };
        let says = description(node).or_else(|| description(self.resolved(node).1)).unwrap_or_default();
        let choices = self.choices(node);
        format!("| `{key}` | {value} | {default} | {} |\n", cell(&format!("{says}{choices}")))
    }

    /// What a key may have, in words; a table that was not told yet is put `below`.
    fn value(&mut self, node: &'a Value, path: &str, is_needed: bool, below: &mut Vec<Below<'a>>) -> String {
        if let Some((node, is_list)) = self.table_of(node) {
            let heading = if is_list { format!("[[{path}]]") } else { format!("[{path}]") };
            let name = self.resolved(node).0.unwrap_or(path).to_owned();
            let heading = match self.told.get(&name) {
                Some(told) => told.clone(),
                None => {
                    self.told.insert(name, heading.clone());
                    below.push(Below { heading: heading.clone(), path: path.to_owned(), node, is_needed });
                    heading
                }
            };
            return format!("[`{heading}`](#{})", anchor(&heading));
        }
        let (_, inner) = self.resolved(node);
        if let Some(words) = words(inner) {
            return words.join(", ");
        }
        if let Some(choices) = inner.get("anyOf").and_then(Value::as_array) {
            let said: Vec<String> = choices.iter().map(|choice| self.value(choice, path, is_needed, below)).collect();
            // The last is most often a table of its own.
            return match &said[..] {
                [first @ .., last] if !first.is_empty() => format!("{}, or {last}", first.join(", ")),
                _ => said.concat(),
            };
        }
        match (inner.get("type").and_then(Value::as_str), inner.get("format").and_then(Value::as_str)) {
            (Some("string"), Some("date")) => "day".to_owned(),
            (Some("string"), Some("date-time")) => "instant".to_owned(),
            (Some("string"), _) => "text".to_owned(),
            (Some("integer"), _) => "whole number".to_owned(),
            (Some("number"), _) => "number".to_owned(),
            (Some("boolean"), _) => "`true`, `false`".to_owned(),
            (Some("array"), _) => {
                let items = inner.get("items").map_or_else(String::new, |items| self.value(items, path, is_needed, below));
                format!("list of {}", plural(&items))
            }
            (Some("object"), _) => match inner.get("additionalProperties").filter(|node| node.is_object()) {
                Some(of_each) => {
                    let each = self.value(of_each, &format!("{path}.NAME"), is_needed, below);
                    format!("table of {} by name", plural(&each))
                }
                None => "table".to_owned(),
            },
            _ => String::new(),
        }
    }

    /// What each word of a choice means, where that is said: after the key's own sentence.
    fn choices(&self, node: &'a Value) -> String {
        let (_, mut inner) = self.resolved(node);
        if let Some(items) = inner.get("items") {
            inner = self.resolved(items).1;
        }
        let said: Vec<String> = words_with_meaning(inner)
            .into_iter()
            .filter_map(|(word, says)| Some(format!("`{word}`: {}", says?.trim_end_matches('.'))))
            .collect();
        if said.is_empty() { String::new() } else { format!(" {}.", said.join("; ")) }
    }

    /// The table that a key holds, and whether it is a list of such; none where it holds something else, or a choice.
    fn table_of(&self, node: &'a Value) -> Option<(&'a Value, bool)> {
        let (_, inner) = self.resolved(node);
        let is_table = |node: &'a Value| {
            let (_, inner) = self.resolved(node);
            let of_kinds = inner
                .get("oneOf")
                .and_then(Value::as_array)
                .is_some_and(|kinds| kinds.iter().all(|kind| self.resolved(kind).1.get("properties").is_some()));
            of_kinds || inner.get("properties").is_some()
        };
        match inner.get("items") {
            Some(items) if is_table(items) => Some((items, true)),
            None if is_table(node) => Some((node, false)),
            _ => None,
        }
    }

    /// What a node refers to, with its name; the node itself where it refers to nothing.
    fn resolved(&self, node: &'a Value) -> (Option<&'a str>, &'a Value) {
        let reference = node.get("$ref").or_else(|| node.get("allOf")?.get(0)?.get("$ref"));
        let name = reference.and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
        match name.and_then(|name| Some((name, self.root.get("definitions")?.get(name)?))) {
            Some((name, definition)) => (Some(name), definition),
            None => (None, node),
        }
    }
}

fn keys(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn description(node: &Value) -> Option<&str> {
    node.get("description").and_then(Value::as_str)
}

/// The words that a key may have, in quotation marks; none where it takes others than these.
fn words(node: &Value) -> Option<Vec<String>> {
    let words = words_with_meaning(node);
    (!words.is_empty() && node.get("anyOf").is_none())
        .then(|| words.into_iter().map(|(word, _)| format!("`\"{word}\"`")).collect())
}

fn words_with_meaning(node: &Value) -> Vec<(&str, Option<&str>)> {
    let mut words = Vec::new();
    let choices: Vec<&Value> = match node.get("oneOf").or_else(|| node.get("anyOf")).and_then(Value::as_array) {
        Some(choices) => choices.iter().collect(),
        None => vec![node],
    };
    for choice in choices {
        let listed = choice.get("enum").and_then(Value::as_array).into_iter().flatten();
        words.extend(listed.chain(choice.get("const")).filter_map(Value::as_str).map(|word| {
            let meaning = if std::ptr::eq(choice, node) { None } else { description(choice) };
            (word, meaning)
        }));
    }
    words
}

fn plural(words: &str) -> String {
    match words {
        "text" => "texts".to_owned(),
        "number" => "numbers".to_owned(),
        "whole number" => "whole numbers".to_owned(),
        other => other.to_owned(),
    }
}

/// A text as it may stand in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

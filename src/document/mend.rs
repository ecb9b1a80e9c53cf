//! Reading a value with everything that is wrong in it: each fault is told, something that can be read is put in its place,
//! and the rest is read on.

use super::lines::PathStep;
use super::words::{in_words, nearest, nearest_key, quoted, unknown_key};
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use toml::{Table, Value};

/// More faults than a person would make in one entry.
const MOST: usize = 60;

/// Stands for a text or a date that is not given.
const TEXT: &str = "2000-01-01";

/// A fault of a value, with the key at which it is.
pub(super) struct ValueFault {
    pub steps: Vec<PathStep>,
    pub problem: String,
    pub remedy: String,
    /// A key that is not known: the others are as they were written.
    pub is_extra: bool,
}

/// What a reader said of a tree.
#[derive(PartialEq)]
struct ReadError {
    steps: Vec<PathStep>,
    message: String,
}

/// Reads `tree`, and tells what is wrong in it. The value has stand-ins where it could not be read; none where nothing can
/// stand in.
pub(super) fn read<T: DeserializeOwned>(mut tree: Value) -> (Option<T>, Vec<ValueFault>) {
    let mut found: Vec<ValueFault> = Vec::new();
    // Tables that were put in, or are of a kind that was put in: what they lack follows from that.
    let mut made: Vec<Vec<PathStep>> = Vec::new();
    for _ in 0..MOST {
        let wrong = match attempt::<T>(&tree) {
            Ok(value) => return (Some(value), found),
            Err(wrong) => wrong,
        };
        let mended = if let Some(name) = between(&wrong.message, "unknown field `") {
            match mend_unknown_key(&mut tree, &wrong, &name) {
                // Of another kind of table than was written, its keys are not at fault.
                Some((owner, fault)) => {
                    found.extend((!made.contains(&owner)).then_some(fault));
                    true
                }
                None => false,
            }
        } else if let Some(name) = between(&wrong.message, "missing field `") {
            match mend_missing_key::<T>(&mut tree, &wrong, &name, &mut made) {
                Some(fault) => {
                    found.extend(fault);
                    true
                }
                None => false,
            }
        } else {
            misread::<T>(&mut tree, &wrong, &mut made).map(|fault| found.push(fault)).is_some()
        };
        if !mended {
            let (problem, remedy) = match between(&wrong.message, "missing field `") {
                Some(name) => lacking(&name),
                None => in_words(&wrong.message, node(&tree, &wrong.steps).and_then(Value::as_str)),
            };
            found.push(ValueFault { steps: wrong.steps, problem, remedy, is_extra: false });
            return (None, found);
        }
    }
    (None, found)
}

fn attempt<T: DeserializeOwned>(tree: &Value) -> Result<T, ReadError> {
    serde_path_to_error::deserialize(tree.clone()).map_err(|e| {
        let step = |segment: &Segment| match segment {
            Segment::Map { key } => Some(PathStep::Key(key.clone())),
            Segment::Seq { index } => Some(PathStep::Item(*index)),
            Segment::Enum { .. } | Segment::Unknown => None,
        };
        ReadError { steps: e.path().iter().filter_map(step).collect(), message: e.inner().message().to_owned() }
    })
}

fn between(message: &str, before: &str) -> Option<String> {
    message.strip_prefix(before).and_then(|rest| rest.split('`').next()).map(str::to_owned)
}

fn lacking(name: &str) -> (String, String) {
    ("is needed and not given".to_owned(), format!("add {name} = … there"))
}

/// A key that is not known is taken for the one that it is like, where that one is not there, or left out.
fn mend_unknown_key(tree: &mut Value, wrong: &ReadError, name: &str) -> Option<(Vec<PathStep>, ValueFault)> {
    let start = match wrong.steps.split_last() {
        Some((PathStep::Key(last), parents)) if last == name => parents,
        _ => &wrong.steps[..],
    };
    // Inside an enum of tables only the whole is named.
    let owner = below(tree, start).into_iter().find(|steps| table(tree, steps).is_some_and(|table| table.contains_key(name)))?;
    let expected: Vec<&str> = quoted(&wrong.message).skip(1).collect();
    let table = node_mut(tree, &owner)?.as_table_mut()?;
    let value = table.remove(name)?;
    let given: Vec<String> = table.keys().cloned().collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    if let Some(meant) = nearest_key(name, &expected, &given) {
        table.insert(meant.to_owned(), value);
    }
    let (problem, remedy) = unknown_key(name, &expected, &given);
    let mut steps = owner.clone();
    steps.push(PathStep::Key(name.to_owned()));
    Some((owner, ValueFault { steps, problem, remedy, is_extra: true }))
}

/// Puts something in for a key that is not given. Some(None) where that follows from a fault told already.
fn mend_missing_key<T: DeserializeOwned>(
    tree: &mut Value,
    wrong: &ReadError,
    name: &str,
    made: &mut Vec<Vec<PathStep>>,
) -> Option<Option<ValueFault>> {
    let mut owners = below(tree, &wrong.steps);
    owners.sort_by_key(|steps| !made.contains(steps));
    for owner in owners {
        if table(tree, &owner).is_none_or(|table| table.contains_key(name)) {
            continue;
        }
        let mut steps = owner.clone();
        steps.push(PathStep::Key(name.to_owned()));
        if let Some(placeholder) = put_placeholder::<T>(tree, &steps, wrong) {
            if placeholder.is_table() {
                made.push(steps.clone());
            }
            let (problem, remedy) = lacking(name);
            return Some((!made.contains(&owner)).then_some(ValueFault { steps, problem, remedy, is_extra: false }));
        }
    }
    None
}

/// Puts something in for a value of a wrong type or form.
fn misread<T: DeserializeOwned>(tree: &mut Value, wrong: &ReadError, made: &mut Vec<Vec<PathStep>>) -> Option<ValueFault> {
    let mut culprits = below(tree, &wrong.steps);
    let word = between(&wrong.message, "unknown variant `");
    let said = |steps: &Vec<PathStep>| match node(tree, steps) {
        Some(Value::String(text)) => !text.is_empty() && wrong.message.contains(text.as_str()),
        Some(Value::Integer(number)) => wrong.message.contains(&format!("`{number}`")),
        Some(Value::Float(number)) => wrong.message.contains(&format!("`{number}")),
        Some(Value::Boolean(yes)) => wrong.message.contains(&format!("boolean `{yes}`")),
        Some(Value::Array(_)) => wrong.message.contains("sequence"),
        Some(Value::Table(_)) => wrong.message.contains("map"),
        Some(Value::Datetime(_)) | None => false,
    };
    match word {
        Some(word) => culprits.retain(|steps| node(tree, steps).and_then(Value::as_str) == Some(word.as_str())),
        // Another kind would have other keys, and the fault would seem gone.
        None => culprits.retain(|steps| steps.last() != Some(&PathStep::Key("kind".to_owned()))),
    }
    // A whole table is replaced only where none of its values is to blame.
    let is_whole = |steps: &Vec<PathStep>| matches!(node(tree, steps), Some(Value::Table(_) | Value::Array(_)));
    culprits.sort_by_key(|steps| (!said(steps), is_whole(steps), std::cmp::Reverse(steps.len())));
    for steps in culprits {
        let (problem, remedy) = in_words(&wrong.message, node(tree, &steps).and_then(Value::as_str));
        if put_placeholder::<T>(tree, &steps, wrong).is_some() {
            if let (Some((PathStep::Key(key), owner)), true) = (steps.split_last(), !remedy.starts_with("did you mean"))
                && key == "kind"
            {
                made.push(owner.to_vec());
            }
            return Some(ValueFault { steps, problem, remedy, is_extra: false });
        }
    }
    None
}

/// Puts the first of several values at `steps` with which the reader goes on, and gives it.
fn put_placeholder<T: DeserializeOwned>(tree: &mut Value, steps: &[PathStep], wrong: &ReadError) -> Option<Value> {
    let mut placeholders: Vec<Value> = placeholders(&wrong.message);
    let mut next = 0;
    while next < placeholders.len() {
        let placeholder = placeholders[next].clone();
        next += 1;
        let mut trial = tree.clone();
        set(&mut trial, steps, placeholder.clone())?;
        match attempt::<T>(&trial) {
            Err(still) if still == *wrong || is_about(&placeholder, &still.message) || is_unknown(&still, steps) => {
                // Where one of a few words was expected, the reader now says which.
                if placeholder.as_str() == Some(TEXT) && still.message.starts_with("unknown variant") {
                    let word = quoted(&still.message).nth(1).map(|word| Value::String(word.to_owned()));
                    placeholders.splice(next..next, word);
                }
            }
            _ => {
                *tree = trial;
                return Some(placeholder);
            }
        }
    }
    None
}

fn placeholders(message: &str) -> Vec<Value> {
    let mut words: Vec<&str> = if message.starts_with("unknown variant") { quoted(message).collect() } else { Vec::new() };
    // The likeliest first.
    let word = match words.is_empty() {
        true => None,
        false => {
            let found = words.remove(0);
            nearest(found, &words).or(words.first().copied())
        }
    };
    let text = |text: &str| Value::String(text.to_owned());
    let others = [
        text(TEXT),
        Value::Integer(12),
        Value::Float(12.5),
        Value::Boolean(true),
        // Before lists: a table of keys can be read from a list of their values too.
        Value::Table(Table::new()),
        Value::Array(Vec::new()),
        Value::Array(vec![text(TEXT)]),
        text("#000000"),
    ];
    word.map(text).into_iter().chain(others).collect()
}

/// Whether the reader stumbles over the stand-in itself.
fn is_about(placeholder: &Value, message: &str) -> bool {
    match placeholder {
        Value::String(text) => message.contains(text.as_str()) && !message.starts_with("unknown field"),
        Value::Integer(_) => message.contains("integer `12`"),
        Value::Float(_) => message.contains("floating point `12.5`"),
        Value::Boolean(_) => message.contains("boolean `true`"),
        Value::Array(_) => message.contains("invalid type: sequence") || message.starts_with("invalid length"),
        Value::Table(_) => message.contains("invalid type: map"),
        Value::Datetime(_) => false,
    }
}

/// Whether the key that was put in is not known there.
fn is_unknown(wrong: &ReadError, steps: &[PathStep]) -> bool {
    let name = between(&wrong.message, "unknown field `");
    matches!((name, steps.last()), (Some(name), Some(PathStep::Key(key))) if name == *key)
}

/// The steps to a node and to all below it, the node first.
fn below(tree: &Value, start: &[PathStep]) -> Vec<Vec<PathStep>> {
    let mut found = Vec::new();
    let mut ahead = vec![start.to_vec()];
    while let Some(steps) = ahead.pop() {
        let with = |step: PathStep| steps.iter().cloned().chain([step]).collect::<Vec<_>>();
        match node(tree, &steps) {
            Some(Value::Table(table)) => ahead.extend(table.keys().rev().map(|key| with(PathStep::Key(key.clone())))),
            Some(Value::Array(items)) => ahead.extend((0..items.len()).rev().map(|index| with(PathStep::Item(index)))),
            Some(_) => {}
            None => continue,
        }
        found.push(steps);
    }
    found
}

fn node<'a>(tree: &'a Value, steps: &[PathStep]) -> Option<&'a Value> {
    steps.iter().try_fold(tree, |node, step| match step {
        PathStep::Key(name) => node.as_table()?.get(name),
        PathStep::Item(index) => node.as_array()?.get(*index),
    })
}

fn table<'a>(tree: &'a Value, steps: &[PathStep]) -> Option<&'a Table> {
    node(tree, steps).and_then(Value::as_table)
}

fn node_mut<'a>(tree: &'a mut Value, steps: &[PathStep]) -> Option<&'a mut Value> {
    steps.iter().try_fold(tree, |node, step| match step {
        PathStep::Key(name) => node.as_table_mut()?.get_mut(name),
        PathStep::Item(index) => node.as_array_mut()?.get_mut(*index),
    })
}

fn set(tree: &mut Value, steps: &[PathStep], value: Value) -> Option<()> {
    match steps.split_last() {
        Some((PathStep::Key(name), parents)) => {
            node_mut(tree, parents)?.as_table_mut()?.insert(name.clone(), value);
        }
        _ => *node_mut(tree, steps)? = value,
    }
    Some(())
}

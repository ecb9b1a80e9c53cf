//! A layer of settings as a tree, and its values by keys such as `mail.smtp.port`.

use config::{Value, ValueKind};
use std::collections::BTreeMap;

/// Takes a key such as `returns.receipts` out of a table.
pub(super) fn remove(table: &mut toml::Table, key: &str) {
    match key.split_once('.') {
        None => drop(table.remove(key)),
        Some((first, rest)) => {
            if let Some(inner) = table.get_mut(first).and_then(toml::Value::as_table_mut) {
                remove(inner, rest);
            }
        }
    }
}

/// Leaves in `table` what some layer of `set` has, and the keys of `always`.
pub(super) fn retain_set(table: &mut Value, set: &[&Value], always: &[&str]) {
    let ValueKind::Table(table) = &mut table.kind else { return };
    table.retain(|key, value| {
        let set: Vec<&Value> = set.iter().filter_map(|layer| child(layer, key)).collect();
        retain_set(value, &set, &[]);
        !set.is_empty() || always.contains(&key.as_str())
    });
}

pub(super) fn find<'a>(tree: &'a Value, key: &str) -> Option<&'a Value> {
    key.split('.').try_fold(tree, child)
}

pub(super) fn child<'a>(node: &'a Value, key: &str) -> Option<&'a Value> {
    match &node.kind {
        ValueKind::Table(table) => table.get(key),
        _ => None,
    }
}

/// Puts a value in the place of one that is there.
pub(super) fn put(tree: &mut Value, key: &str, value: Value) {
    let node = key.split('.').try_fold(tree, |node, part| match &mut node.kind {
        ValueKind::Table(table) => table.get_mut(part),
        _ => None,
    });
    if let Some(node) = node {
        *node = value;
    }
}

/// Puts the default back at `key`, or removes the key where there is none; false where neither can be done.
pub(super) fn put_back(tree: &mut Value, defaults: &Value, key: &str) -> bool {
    let default = find(defaults, key).cloned();
    let (parents, name) = key.rsplit_once('.').map_or((None, key), |(p, n)| (Some(p), n));
    let mut node = tree;
    for part in parents.into_iter().flat_map(|p| p.split('.')) {
        let ValueKind::Table(table) = &mut node.kind else { return false };
        let Some(next) = table.get_mut(part) else { return false };
        node = next;
    }
    let ValueKind::Table(table) = &mut node.kind else { return false };
    match default {
        Some(value) => table.insert(name.to_owned(), value).is_some(),
        None => table.remove(name).is_some(),
    }
}

pub(super) fn collect_leaves(node: &Value, path: String, leaves: &mut BTreeMap<String, String>) {
    match &node.kind {
        ValueKind::Table(table) => {
            for (name, value) in table {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect_leaves(value, path, leaves);
            }
        }
        ValueKind::Array(items) => {
            leaves.insert(path, format!("[{}]", items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")));
        }
        _ => {
            leaves.insert(path, node.to_string());
        }
    }
}

/// The key at fault and what is wrong with it, without what `config` adds of its own.
pub(super) fn describe(path: &str, error: &config::ConfigError) -> (String, String) {
    let text = error.to_string();
    // `config` adds the key to what serde says.
    let text = text.split(" for key `").next().unwrap_or(&text).trim();
    // An unknown key is reported at its parent, or at itself, by the shape of the parent.
    if let Some(name) = text.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) {
        let parent = path.strip_suffix(name).map_or(path, |p| p.trim_end_matches('.')).trim_matches('.');
        let key = if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") };
        let expected = text.split_once("`, ").map_or("", |(_, rest)| rest);
        return (key, format!("there is no such setting; {expected}"));
    }
    if let Some(name) = text.strip_prefix("missing field `").or_else(|| text.strip_prefix("missing configuration field \"")) {
        let name = name.trim_end_matches(['`', '"']).rsplit('.').next().unwrap_or(name);
        let path = path.trim_matches('.');
        let key = if path.is_empty() || path.ends_with(name) { path.to_owned() } else { format!("{path}.{name}") };
        return (if key.is_empty() { name.to_owned() } else { key }, "is needed and not given".to_owned());
    }
    (path.to_owned(), text.to_owned())
}

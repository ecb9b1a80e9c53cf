//! The defaults of the settings and of the theme, out of the built-in files, which have them all.

use serde_json::{Value, json};
use toml::Table;

/// Puts `values` into the schema as defaults, and asks for no key: a user's file holds what differs.
pub(super) fn put(node: &mut Value, definitions: &mut Value, values: &Table) {
    if let Some(object) = node.as_object_mut() {
        object.remove("required");
    }
    let properties = node.get_mut("properties").and_then(Value::as_object_mut);
    for (key, property) in properties.into_iter().flatten() {
        match (values.get(key), definition(property)) {
            (Some(toml::Value::Table(table)), Some(name)) => {
                let mut inner = definitions[&name].take();
                put(&mut inner, definitions, table);
                definitions[&name] = inner;
            }
            // Tables by name, such as sources: those that are built in are no defaults of others.
            (Some(toml::Value::Table(_)) | None, _) => {}
            (Some(value), _) => property["default"] = json!(value),
        }
    }
}

fn definition(property: &Value) -> Option<String> {
    property.get("$ref")?.as_str()?.rsplit('/').next().map(str::to_owned)
}

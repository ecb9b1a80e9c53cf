//! Whether the values of a settings file are of the types of their settings, by the schema that is made from those. What comes
//! from the environment is text and is read by the type of its setting; a file says of itself what is a text.

use serde_json::Value as Schema;
use toml::{Table, Value};

/// A value of another type than its setting has.
pub(super) struct WrongType {
    /// `returns.receipts`
    pub key: String,
    pub problem: String,
}

/// Every value of another type, in the order of the file's keys.
pub(super) fn wrong(schema: &Schema, values: &Table) -> Vec<WrongType> {
    let mut found = Vec::new();
    in_table(schema, &alternatives(schema, schema), values, "", &mut found);
    found
}

fn in_table(root: &Schema, of: &[&Schema], table: &Table, within: &str, found: &mut Vec<WrongType>) {
    for (name, value) in table {
        let key = if within.is_empty() { name.clone() } else { format!("{within}.{name}") };
        let schemas: Vec<&Schema> = of.iter().filter_map(|schema| property(schema, name)).collect();
        let schemas: Vec<&Schema> = schemas.into_iter().flat_map(|schema| alternatives(root, schema)).collect();
        // A key that is not known is told elsewhere.
        if !schemas.is_empty() {
            in_value(root, &schemas, value, key, found);
        }
    }
}

fn in_value(root: &Schema, of: &[&Schema], value: &Value, key: String, found: &mut Vec<WrongType>) {
    let fitting: Vec<&Schema> = of.iter().copied().filter(|schema| fits(schema, value)).collect();
    if fitting.is_empty() {
        let mut expected: Vec<&str> = of.iter().flat_map(|schema| types(schema)).filter_map(in_words).collect();
        expected.dedup();
        let problem = format!("is {}; {} was expected", found_in_words(value), expected.join(" or "));
        return found.push(WrongType { key, problem });
    }
    match value {
        Value::Table(table) => in_table(root, &fitting, table, &key, found),
        Value::Array(items) => {
            let of_items: Vec<&Schema> = fitting.iter().filter_map(|schema| schema.get("items")).collect();
            let of_items: Vec<&Schema> = of_items.into_iter().flat_map(|schema| alternatives(root, schema)).collect();
            for item in items.iter().filter(|_| !of_items.is_empty()) {
                // The line of the list is that of its items.
                in_value(root, &of_items, item, key.clone(), found);
            }
        }
        _ => {}
    }
}

/// The schemas that a schema stands for, without references and choices.
fn alternatives<'s>(root: &'s Schema, schema: &'s Schema) -> Vec<&'s Schema> {
    let mut found = Vec::new();
    let mut ahead = vec![schema];
    while let Some(schema) = ahead.pop() {
        if let Some(reference) = schema.get("$ref").and_then(Schema::as_str) {
            ahead.extend(reference.strip_prefix('#').and_then(|path| root.pointer(path)));
        }
        for choices in ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|name| schema.get(name)?.as_array()) {
            ahead.extend(choices);
        }
        if ["type", "properties", "additionalProperties", "const", "enum"].iter().any(|name| schema.get(name).is_some()) {
            found.push(schema);
        }
    }
    found
}

fn property<'s>(schema: &'s Schema, name: &str) -> Option<&'s Schema> {
    let own = schema.get("properties").and_then(|properties| properties.get(name));
    own.or_else(|| schema.get("additionalProperties").filter(|others| others.is_object()))
}

/// The types that a schema names; of one that lists its values, theirs.
fn types(schema: &Schema) -> Vec<&str> {
    match schema.get("type") {
        Some(Schema::String(name)) => vec![name],
        Some(Schema::Array(names)) => names.iter().filter_map(Schema::as_str).collect(),
        _ if schema.get("const").or_else(|| schema.get("enum")?.get(0)).is_some_and(Schema::is_string) => vec!["string"],
        _ if schema.get("properties").is_some() => vec!["object"],
        _ => Vec::new(),
    }
}

fn fits(schema: &Schema, value: &Value) -> bool {
    let types = types(schema);
    let is = |name: &str| types.contains(&name);
    types.is_empty()
        || match value {
            Value::String(_) | Value::Datetime(_) => is("string"),
            Value::Integer(_) => is("integer") || is("number"),
            Value::Float(_) => is("number"),
            Value::Boolean(_) => is("boolean"),
            Value::Array(_) => is("array"),
            Value::Table(_) => is("object"),
        }
}

fn in_words(name: &str) -> Option<&'static str> {
    Some(match name {
        "string" => "a text in quotation marks",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list in square brackets",
        "object" => "a table",
        _ => return None,
    })
}

fn found_in_words(value: &Value) -> String {
    match value {
        Value::String(text) => format!("the text {text:?}"),
        Value::Array(_) => "a list".to_owned(),
        Value::Table(_) => "a table".to_owned(),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => value.to_string(),
    }
}

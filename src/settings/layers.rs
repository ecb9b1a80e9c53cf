//! The layers of settings: the defaults, a file over them, the environment over both.

use super::source;
use super::tree::{child, collect_leaves, find, put, remove, retain_set};
use super::value_types::{WrongType, wrong};
use crate::document::{Lines, TomlDocument};
use crate::fault::{Fault, Faults};
use config::{Config, Environment, File, FileFormat, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

/// Every setting with its default.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");
pub(super) const PREFIX: &str = "BOARDPACK__";

/// What the keys of secrets end in.
pub(super) const SECRETS: [&str; 3] = [".password", ".client_secret", ".secret"];

/// Which layer gave a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Default,
    File(PathBuf),
    /// The variable's name.
    Environment(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File(path) => write!(f, "{}", path.display()),
            Origin::Environment(name) => write!(f, "environment variable {name}"),
        }
    }
}

/// The layers, and all of them as one tree.
#[derive(Debug, Clone)]
pub(super) struct Layers {
    pub(super) defaults: Value,
    pub(super) file: Option<SettingsFile>,
    pub(super) environment: Value,
    pub(super) merged: Value,
}

#[derive(Debug, Clone)]
pub(super) struct SettingsFile {
    pub(super) path: PathBuf,
    pub(super) values: Value,
    /// On which line each key stands.
    pub(super) lines: Lines,
    /// The file is not TOML: what can be read of it is used to look further, and nothing else is said of it.
    pub(super) is_broken: bool,
    /// Settings of another type than theirs, which are left out.
    pub(super) told: BTreeSet<String>,
}

impl SettingsFile {
    /// The file and, where the file has it or the table in which it would be, the line of a key.
    pub(super) fn place(&self, key: &str) -> String {
        let has = |key: &str| find(&self.values, key).is_some();
        let within = std::iter::successors(Some(key), |key| key.rsplit_once('.').map(|(parent, _)| parent)).find(|key| has(key));
        match within {
            Some(within) => format!("{}, line {}, {key}", self.path.display(), self.lines.named(within)),
            None => format!("{}, {key}", self.path.display()),
        }
    }
}

impl Layers {
    /// The same without passwords and secrets: only where they are given is told later.
    pub(super) fn without_secrets(mut self) -> Self {
        let trees = [&mut self.environment, &mut self.merged];
        for tree in trees.into_iter().chain(self.file.as_mut().map(|file| &mut file.values)) {
            let mut keys = BTreeMap::new();
            collect_leaves(tree, String::new(), &mut keys);
            for key in keys.keys().filter(|key| SECRETS.iter().any(|secret| key.ends_with(secret))) {
                put(tree, key, Value::from(String::new()));
            }
        }
        self
    }

    pub(super) fn read(file: Option<&Path>, environment: &BTreeMap<String, String>, faults: &mut Faults) -> Result<Self, Fault> {
        let defaults = File::from_str(DEFAULTS, FileFormat::Toml);
        let variables =
            environment.iter().filter(|(name, _)| name.starts_with(PREFIX)).map(|(n, v)| (n.clone(), v.clone())).collect();
        // Values stay text and are read by the type of their setting, so that a password of digits stays as it is.
        let environment = Environment::with_prefix("BOARDPACK").prefix_separator("__").separator("__").source(Some(variables));
        let mut merged = Config::builder().add_source(defaults.clone());
        let defaults = tree(Config::builder().add_source(defaults)).map_err(|e| Fault::new("config/default.toml", e, ""))?;
        let mut file_layer = None;
        if let Some(path) = file {
            let place = path.display().to_string();
            let text = std::fs::read_to_string(path).map_err(|e| {
                Fault::new(&place, format!("the settings file cannot be read: {e}"), "check the path given with --config")
            })?;
            let document = TomlDocument::parse(&text, &place, faults);
            let mut tables = document.tables().clone();
            let (lines, is_broken) = (document.lines().clone(), document.is_broken());
            let mut told = BTreeSet::new();
            for WrongType { key, problem } in wrong(&schema(), document.tables()) {
                if !is_broken && told.insert(key.clone()) {
                    faults.push(
                        format!("{place}, line {}, {key}", lines.named(&key)),
                        problem,
                        "config/default.toml says what it is for",
                    );
                }
                remove(&mut tables, &key);
            }
            // What is not TOML is left out.
            let read = toml::to_string(&tables).map_err(|e| Fault::new(&place, e.to_string(), "correct the TOML"))?;
            let source = File::from_str(&read, FileFormat::Toml);
            let values =
                tree(Config::builder().add_source(source.clone())).map_err(|e| Fault::new(&place, e, "correct the TOML"))?;
            merged = merged.add_source(source);
            file_layer = Some(SettingsFile { path: path.to_owned(), values, lines, is_broken, told });
        }
        let environment_layer = tree(Config::builder().add_source(environment.clone()))
            .map_err(|e| Fault::new("environment", e, "correct the variable"))?;
        let merged = tree(merged.add_source(environment)).map_err(|e| Fault::new("settings", e, ""))?;
        Ok(Self { defaults, file: file_layer, environment: environment_layer, merged })
    }

    /// The source's table without what the defaults say of one of another kind: only what both kinds have stays of that.
    pub(super) fn without_other_kind(&self, name: &str, table: &Value) -> Value {
        let kind = |tree: &Value| find(tree, &format!("sources.{name}.kind")).and_then(|kind| kind.clone().into_string().ok());
        let mut table = table.clone();
        let (default, in_force) = (kind(&self.defaults), kind(&self.merged));
        if default.is_some() && default != in_force {
            let layers = [Some(&self.environment), self.file.as_ref().map(|file| &file.values)];
            let set: Vec<&Value> =
                layers.into_iter().flatten().filter_map(|layer| child(find(layer, "sources")?, name)).collect();
            let both: Vec<&str> = source::kept(in_force.as_deref()).collect();
            retain_set(&mut table, &set, &both);
        }
        table
    }

    /// The layer that gave the value of `key`; where none has it, that which has the table in which it is lacking.
    pub(super) fn origin_of_lacking(&self, key: &str) -> Origin {
        let mut within = key;
        loop {
            match (self.origin(within), &self.file) {
                (Origin::Default, _) => {}
                // A table that is in the file as well was begun there.
                (Origin::Environment(_), Some(file)) if within != key && find(&file.values, within).is_some() => {
                    return Origin::File(file.path.clone());
                }
                (Origin::Environment(_), _) => return Origin::Environment(variable(key)),
                (file, _) => return file,
            }
            match within.rsplit_once('.') {
                Some((parent, _)) if parent.contains('.') => within = parent,
                _ => return Origin::Default,
            }
        }
    }

    /// The layer that gave the value of `key`, the last that has it.
    pub(super) fn origin(&self, key: &str) -> Origin {
        if find(&self.environment, key).is_some() {
            return Origin::Environment(variable(key));
        }
        match &self.file {
            Some(file) if find(&file.values, key).is_some() => Origin::File(file.path.clone()),
            _ => Origin::Default,
        }
    }

    /// Where the value of `key` was given: the variable, or the file with the line, and the key.
    pub(super) fn place(&self, key: &str) -> String {
        match (self.origin(key), &self.file) {
            (Origin::File(_), Some(file)) => file.place(key),
            (origin, _) => format!("{origin}, {key}"),
        }
    }
}

/// That of a settings file, as editors have it.
fn schema() -> serde_json::Value {
    serde_json::from_str(include_str!("../../schemas/settings.json")).unwrap_or_default()
}

fn tree(builder: config::ConfigBuilder<config::builder::DefaultState>) -> Result<Value, String> {
    builder.build().map(|config| config.cache).map_err(|e| e.to_string())
}

/// The environment variable that sets `key`.
fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

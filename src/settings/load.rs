//! Putting the layers of settings together, and saying which layer a wrong value came from.

mod types;

use super::places::cleaned;
use super::{Secret, Settings, Source, SourceKind, source};
use crate::document::{Document, Lines, words};
use crate::fault::{Fault, Faults};
use config::{Config, Environment, File, FileFormat, Value, ValueKind};
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

/// Every setting with its default.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");
const PREFIX: &str = "BOARDPACK__";

/// What the keys of secrets end in.
const SECRETS: [&str; 3] = [".password", ".client_secret", ".api.secret"];

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
struct Layers {
    defaults: Value,
    file: Option<SettingsFile>,
    environment: Value,
    merged: Value,
}

#[derive(Debug, Clone)]
struct SettingsFile {
    path: PathBuf,
    values: Value,
    /// On which line each key stands.
    lines: Lines,
    /// The file is not TOML: what can be read of it is used to look further, and nothing else is said of it.
    is_broken: bool,
    /// Settings of another type than theirs, which are left out.
    told: BTreeSet<String>,
}

/// Where each setting was given, for a fault that is found in it later.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    layers: Option<Layers>,
    /// Settings that could not be read, and have their default.
    told: BTreeSet<String>,
    /// Tables whose name was misspelt, so that what they were given is not there.
    meant: BTreeSet<String>,
}

impl Origins {
    /// The fault with the layer and the line of the setting that its place begins with; another fault stays as it is.
    /// None where it follows from one that could not be read.
    pub(crate) fn point(&self, fault: Fault) -> Option<Fault> {
        let Some(layers) = &self.layers else { return Some(fault) };
        let key = fault.place.split([',', ':', ' ']).next().unwrap_or_default();
        let is_setting = key.contains('.') && find(&layers.defaults, key.split('.').next().unwrap_or_default()).is_some();
        if !is_setting {
            return Some(fault);
        }
        let is_default = matches!(layers.origin(key), Origin::Default);
        let is_within = |meant: &String| key.strip_prefix(meant.as_str()).is_some_and(|rest| rest.starts_with('.'));
        if self.is_told(key) || (is_default && self.meant.iter().any(is_within)) {
            return None;
        }
        let place = match layers.place(key) {
            default if default.starts_with("default") => match &layers.file {
                // A setting that is not given is best looked for where it would be.
                Some(file) => file.place(key),
                None => return Some(fault),
            },
            place => place,
        };
        Some(Fault { place: format!("{place}{}", &fault.place[key.len()..]), ..fault })
    }

    /// Whether a setting could not be read.
    pub(crate) fn is_told(&self, key: &str) -> bool {
        self.told.contains(key)
    }

    /// Whether a source is set up, and at fault.
    pub(crate) fn lacks_source(&self, name: &str, settings: &Settings) -> bool {
        let is_set = self.layers.as_ref().is_some_and(|layers| find(&layers.merged, &format!("sources.{name}")).is_some());
        is_set && !settings.sources.contains_key(name)
    }
}

impl SettingsFile {
    /// The file and, where the file has it or the table in which it would be, the line of a key.
    fn place(&self, key: &str) -> String {
        let has = |key: &str| find(&self.values, key).is_some();
        let within = std::iter::successors(Some(key), |key| key.rsplit_once('.').map(|(parent, _)| parent)).find(|key| has(key));
        match within {
            Some(within) => format!("{}, line {}, {key}", self.path.display(), self.lines.named(within)),
            None => format!("{}, {key}", self.path.display()),
        }
    }
}

/// Reads the settings: the defaults, `file` over them where there is one, and over both the
/// variables of `environment` that start with `BOARDPACK__`.
///
/// # Errors
/// Every fault there is: a file that cannot be read, an unknown key, a value of the wrong type,
/// a secret's file that cannot be read. Each names the file or variable, and the key.
pub fn load(file: Option<&Path>, environment: &BTreeMap<String, String>) -> Result<Settings, Faults> {
    let (settings, faults) = read(file, environment);
    faults.into_result()?;
    settings.ok_or_else(Faults::default)
}

/// As [`load`], with the settings as far as they can be read: what cannot has its default. They are for looking further, not
/// for use.
pub(crate) fn read(file: Option<&Path>, environment: &BTreeMap<String, String>) -> (Option<Settings>, Faults) {
    let mut faults = Faults::default();
    let layers = match Layers::read(file, environment, &mut faults) {
        Ok(layers) => layers,
        Err(fault) => {
            faults.0.push(fault);
            return (None, faults);
        }
    };
    let of_file = faults.0.len();
    let mut origins = Origins::default();
    origins.told.extend(layers.file.iter().flat_map(|file| file.told.iter().cloned()));
    let settings = layers.deserialise(&mut faults, &mut origins);
    let sources = layers.sources(&mut faults);
    let Some(mut settings) = settings else { return (None, faults) };
    if layers.file.as_ref().is_some_and(|file| file.is_broken) {
        faults.0.truncate(of_file);
    }
    settings.sources = sources;
    layers.resolve_paths(&mut settings);
    let smtp = &mut settings.mail.smtp;
    let secrets = [
        ("mail.smtp.password_file", &smtp.password_file, &mut smtp.password),
        ("mail.smtp.oauth2.client_secret_file", &smtp.oauth2.client_secret_file, &mut smtp.oauth2.client_secret),
    ];
    for (key, path, secret) in secrets {
        let Some(path) = path else { continue };
        match std::fs::read_to_string(path) {
            Ok(text) => *secret = SecretString::from(text.trim_end_matches(['\r', '\n']).to_owned()),
            Err(e) => {
                let problem = format!("{} cannot be read: {e}", path.display());
                faults.push(layers.place(key), problem, "name a file that boardpack may read");
            }
        }
    }
    layers.read_secrets_of_sources(&mut settings.sources, &mut faults);
    let environment = environment.iter().filter(|(name, _)| name.starts_with(PREFIX));
    let environment = environment.map(|(name, value)| (name.clone(), value.clone())).collect();
    settings.read_from = Some(super::ReadFrom { file: file.map(Path::to_owned), environment });
    settings.origins = Origins { layers: Some(layers.without_secrets()), ..origins };
    (Some(settings), faults)
}

/// Each setting in force as `key`, `value` and where it came from, in the order of their keys; secrets hidden.
///
/// # Errors
/// A settings file that cannot be read or is not TOML.
pub fn show(file: Option<&Path>, environment: &BTreeMap<String, String>) -> Result<Vec<(String, String, Origin)>, Faults> {
    let mut faults = Faults::default();
    let layers = Layers::read(file, environment, &mut faults)?;
    faults.into_result()?;
    let mut leaves = BTreeMap::new();
    collect_leaves(&layers.merged, String::new(), &mut leaves);
    Ok(leaves
        .into_iter()
        .map(|(key, value)| {
            let hidden = SECRETS.iter().any(|secret| key.ends_with(secret)) && !value.is_empty();
            let origin = layers.origin(&key);
            (key, if hidden { "(hidden)".to_owned() } else { without_user(value) }, origin)
        })
        .collect())
}

/// That of a settings file, as editors have it.
fn schema() -> serde_json::Value {
    serde_json::from_str(include_str!("../../schemas/settings.json")).unwrap_or_default()
}

/// Takes a key such as `returns.receipts` out of a table.
fn remove(table: &mut toml::Table, key: &str) {
    match key.split_once('.') {
        None => drop(table.remove(key)),
        Some((first, rest)) => {
            if let Some(inner) = table.get_mut(first).and_then(toml::Value::as_table_mut) {
                remove(inner, rest);
            }
        }
    }
}

impl Layers {
    /// The same without passwords and secrets: only where they are given is told later.
    fn without_secrets(mut self) -> Self {
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

    fn read(file: Option<&Path>, environment: &BTreeMap<String, String>, faults: &mut Faults) -> Result<Self, Fault> {
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
            let document = Document::parse(&text, &place, faults);
            let mut tables = document.tables().clone();
            let (lines, is_broken) = (document.lines().clone(), document.is_broken());
            let mut told = BTreeSet::new();
            for types::Wrong { key, problem } in types::wrong(&schema(), document.tables()) {
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

    /// Reads every setting but the sources, gathering all faults: a value at fault is put back to its default, and the rest
    /// read again.
    fn deserialise(&self, faults: &mut Faults, origins: &mut Origins) -> Option<Settings> {
        let mut merged = self.merged.clone();
        loop {
            let error = match serde_path_to_error::deserialize::<_, Settings>(merged.clone()) {
                Ok(settings) => return Some(settings),
                Err(error) => error,
            };
            let path = error.path().to_string();
            let (key, problem) = describe(&path, error.inner());
            let (problem, remedy) = self.in_words(&key, problem);
            faults.push(self.place(&key), problem, remedy.clone());
            origins.told.insert(key.clone());
            origins.meant.extend(remedy.strip_prefix("did you mean ").map(|meant| meant.trim_end_matches('?').to_owned()));
            // Without progress the loop would not end: a fault that putting back does not mend is the last.
            if faults.0.len() > 100 || !put_back(&mut merged, &self.defaults, &key) {
                return None;
            }
        }
    }

    /// Reads the sources, each by its kind.
    fn sources(&self, faults: &mut Faults) -> BTreeMap<String, Source> {
        let Some(node) = find(&self.merged, "sources") else { return BTreeMap::new() };
        let ValueKind::Table(tables) = &node.kind else {
            faults.push(self.place("sources"), "a table was expected", "begin each source with [sources.NAME]");
            return BTreeMap::new();
        };
        // In the order of their names: that of the table is by chance.
        let tables: BTreeMap<&String, &Value> = tables.iter().collect();
        let place = |key: &str| match (self.origin_of_lacking(key), &self.file) {
            (Origin::File(_), Some(file)) => file.place(key),
            (origin, _) => format!("{origin}, {key}"),
        };
        let mut sources = BTreeMap::new();
        for (name, table) in tables {
            let table = self.without_other_kind(name, table);
            let mut found = Faults::default();
            sources.extend(source::read(name, &table, &place, &mut found).map(|source| (name.clone(), source)));
            // A value of another type was told, and is not lacking besides.
            let is_told = |fault: &Fault| self.file.iter().flat_map(|file| &file.told).any(|key| fault.place == place(key));
            faults.0.extend(found.0.into_iter().filter(|fault| !is_told(fault)));
        }
        sources
    }

    /// Reads the files that hold the secrets of sources.
    fn read_secrets_of_sources(&self, sources: &mut BTreeMap<String, Source>, faults: &mut Faults) {
        for (name, source) in sources {
            let SourceKind::Api(api) = &mut source.kind else { continue };
            let Some(path) = &api.secret_file else { continue };
            let problem = match std::fs::read_to_string(path) {
                Ok(text) => {
                    let text = text.trim_end_matches(['\r', '\n']);
                    api.secret = Secret::new(text.to_owned());
                    if !text.is_empty() && !text.chars().any(char::is_control) {
                        continue;
                    }
                    format!("{} holds no secret; one line of text was expected", path.display())
                }
                Err(e) => format!("{} cannot be read: {e}", path.display()),
            };
            faults.push(self.place(&format!("sources.{name}.api.secret_file")), problem, "name a file that boardpack may read");
        }
    }

    /// The source's table without what the defaults say of one of another kind: only what both kinds have stays of that.
    fn without_other_kind(&self, name: &str, table: &Value) -> Value {
        let kind = |tree: &Value| find(tree, &format!("sources.{name}.kind")).and_then(|kind| kind.clone().into_string().ok());
        let mut table = table.clone();
        let (default, in_force) = (kind(&self.defaults), kind(&self.merged));
        if default.is_some() && default != in_force {
            let layers = [Some(&self.environment), self.file.as_ref().map(|file| &file.values)];
            let set: Vec<&Value> =
                layers.into_iter().flatten().filter_map(|layer| child(find(layer, "sources")?, name)).collect();
            let is_file = matches!(in_force.as_deref(), Some("table" | "workbook"));
            let both: &[&str] =
                if is_file { &["publisher", "licence", "base_url", "file"] } else { &["publisher", "licence", "base_url"] };
            retain_set(&mut table, &set, both);
        }
        table
    }

    /// The layer that gave the value of `key`; where none has it, that which has the table in which it is lacking.
    fn origin_of_lacking(&self, key: &str) -> Origin {
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
    fn origin(&self, key: &str) -> Origin {
        if find(&self.environment, key).is_some() {
            return Origin::Environment(variable(key));
        }
        match &self.file {
            Some(file) if find(&file.values, key).is_some() => Origin::File(file.path.clone()),
            _ => Origin::Default,
        }
    }

    /// Where the value of `key` was given: the variable, or the file with the line, and the key.
    fn place(&self, key: &str) -> String {
        match (self.origin(key), &self.file) {
            (Origin::File(_), Some(file)) => file.place(key),
            (origin, _) => format!("{origin}, {key}"),
        }
    }

    /// What was found at a key and what was expected, and what to do, in words for whoever wrote it.
    fn in_words(&self, key: &str, problem: String) -> (String, String) {
        match problem.strip_prefix("there is no such setting") {
            Some(rest) => {
                let name = key.rsplit('.').next().unwrap_or(key);
                let meant = words::nearest(name, &words::quoted(rest).collect::<Vec<_>>());
                let remedy = meant.map(|meant| format!("did you mean {meant}?"));
                (problem, remedy.unwrap_or_else(|| "config/default.toml has every setting".to_owned()))
            }
            None => {
                let problem = self.one_of(key, &problem).unwrap_or(problem);
                let (problem, remedy) = words::in_words(&problem, None);
                let is_plain = remedy == "correct it";
                (problem, if is_plain { "config/default.toml says what it is for".to_owned() } else { remedy })
            }
        }
    }

    /// What serde says of a word that is none of a few: `config` keeps to itself which they are.
    fn one_of(&self, key: &str, problem: &str) -> Option<String> {
        problem.contains("does not have variant constructor").then_some(())?;
        let found = find(&self.merged, key)?.clone().into_string().ok()?;
        let mut sound: toml::Value = toml::from_str(DEFAULTS).ok()?;
        let (parents, name) = key.rsplit_once('.')?;
        let parent = parents.split('.').try_fold(&mut sound, |node, key| node.get_mut(key))?;
        parent.as_table_mut()?.insert(name.to_owned(), toml::Value::String(found));
        Settings::deserialize(sound).err().map(|error| error.message().to_owned())
    }

    /// Makes relative paths that came from the settings file relative to that file.
    fn resolve_paths(&self, settings: &mut Settings) {
        let folder = self.file.as_ref().and_then(|file| file.path.parent()).unwrap_or(Path::new("")).to_owned();
        let from_file = |key: &str| matches!(self.origin(key), Origin::File(_));
        let mut paths: Vec<(&str, &mut PathBuf)> = vec![
            ("paths.returns", &mut settings.paths.returns),
            ("paths.output", &mut settings.paths.output),
            ("paths.state", &mut settings.paths.state),
            ("paths.ledger", &mut settings.paths.ledger),
            ("paths.archive", &mut settings.paths.archive),
        ];
        let optional = [
            ("paths.config", &mut settings.paths.config),
            ("paths.templates", &mut settings.paths.templates),
            ("paths.fonts", &mut settings.paths.fonts),
            ("disclosure.secret_file", &mut settings.disclosure.secret_file),
            ("fetch.ca_file", &mut settings.fetch.ca_file),
            ("mail.smtp.ca_file", &mut settings.mail.smtp.ca_file),
            ("mail.smtp.password_file", &mut settings.mail.smtp.password_file),
            ("mail.smtp.oauth2.client_secret_file", &mut settings.mail.smtp.oauth2.client_secret_file),
            ("mail.dkim.key_file", &mut settings.mail.dkim.key_file),
        ];
        paths.extend(optional.into_iter().filter_map(|(key, path)| Some((key, path.as_mut()?))));
        for (key, path) in paths {
            // One that is not set is not the folder itself.
            if from_file(key) && !path.as_os_str().is_empty() {
                *path = cleaned(folder.join(&path));
            }
        }
        let paths = &mut settings.paths;
        if paths.ledger.as_os_str().is_empty() {
            paths.ledger = paths.ledger_in_state();
        }
        if paths.archive.as_os_str().is_empty() {
            paths.archive = paths.archive_in_state();
        }
        for (name, source) in &mut settings.sources {
            if let SourceKind::Api(api) = &mut source.kind
                && let Some(path) = api.secret_file.as_mut()
                && from_file(&format!("sources.{name}.api.secret_file"))
            {
                *path = cleaned(folder.join(&path));
            }
            if let Some(base) = source.base_url.as_mut().filter(|base| !base.contains("://"))
                && from_file(&format!("sources.{name}.base_url"))
            {
                *base = cleaned(folder.join(&base)).to_string_lossy().into_owned();
            }
        }
    }
}

fn tree(builder: config::ConfigBuilder<config::builder::DefaultState>) -> Result<Value, String> {
    builder.build().map(|config| config.cache).map_err(|e| e.to_string())
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

/// An address with the user and the password in it hidden.
fn without_user(value: String) -> String {
    let Some((scheme, rest)) = value.split_once("://") else { return value };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    match authority.rsplit_once('@') {
        Some((user, _)) => format!("{scheme}://(hidden){}", &rest[user.len()..]),
        None => value,
    }
}

/// The environment variable that sets `key`.
fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

/// Leaves in `table` what some layer of `set` has, and the keys of `always`.
fn retain_set(table: &mut Value, set: &[&Value], always: &[&str]) {
    let ValueKind::Table(table) = &mut table.kind else { return };
    table.retain(|key, value| {
        let set: Vec<&Value> = set.iter().filter_map(|layer| child(layer, key)).collect();
        retain_set(value, &set, &[]);
        !set.is_empty() || always.contains(&key.as_str())
    });
}

fn find<'a>(tree: &'a Value, key: &str) -> Option<&'a Value> {
    key.split('.').try_fold(tree, child)
}

fn child<'a>(node: &'a Value, key: &str) -> Option<&'a Value> {
    match &node.kind {
        ValueKind::Table(table) => table.get(key),
        _ => None,
    }
}

/// Puts a value in the place of one that is there.
fn put(tree: &mut Value, key: &str, value: Value) {
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

fn collect_leaves(node: &Value, path: String, leaves: &mut BTreeMap<String, String>) {
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

#[cfg(test)]
mod tests;

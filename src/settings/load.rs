//! Reading the settings out of their layers, and saying which layer a wrong value came from.

use super::layers::{DEFAULTS, Layers, Origin, PREFIX, SECRETS};
use super::origins::Origins;
use super::places::cleaned;
use super::source::{self, Secret, Source};
use super::tree::{collect_leaves, describe, find, put_back};
use super::{ReadFrom, Settings};
use crate::document::words;
use crate::fault::{Fault, Faults};
use config::{Value, ValueKind};
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    layers.missing_folders(&settings, &mut faults);
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
    settings.read_from = Some(ReadFrom { file: file.map(Path::to_owned), environment });
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

impl Layers {
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

    /// Tells folders that the settings name and that are not there: the built-in files, which may be those of another system,
    /// would be used in their stead.
    fn missing_folders(&self, settings: &Settings, faults: &mut Faults) {
        let paths = &settings.paths;
        for (key, path) in [("paths.config", &paths.config), ("paths.templates", &paths.templates), ("paths.fonts", &paths.fonts)]
        {
            let Some(path) = path.as_ref().filter(|path| !path.is_dir()) else { continue };
            let problem = format!("there is no folder {}: the built-in files would be used instead", path.display());
            faults.push(self.place(key), problem, "correct the path; one in the settings file is relative to that file");
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
            let Some((table, access)) = source.kind.access_mut() else { continue };
            let Some(path) = &access.secret_file else { continue };
            let problem = match std::fs::read_to_string(path) {
                Ok(text) => {
                    let text = text.trim_end_matches(['\r', '\n']);
                    access.secret = Secret::new(text.to_owned());
                    if !text.is_empty() && !text.chars().any(char::is_control) {
                        continue;
                    }
                    format!("{} holds no secret; one line of text was expected", path.display())
                }
                Err(e) => format!("{} cannot be read: {e}", path.display()),
            };
            faults.push(
                self.place(&format!("sources.{name}.{table}.secret_file")),
                problem,
                "name a file that boardpack may read",
            );
        }
    }

    /// What was found at a key and what was expected, and what to do, in words for whoever wrote it.
    fn in_words(&self, key: &str, problem: String) -> (String, String) {
        match problem.strip_prefix("there is no such setting") {
            Some(rest) => {
                let name = key.rsplit('.').next().unwrap_or(key);
                let meant = words::nearest_key(name, &words::quoted(rest).collect::<Vec<_>>(), &[]);
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
            if let Some((table, access)) = source.kind.access_mut()
                && let Some(path) = access.secret_file.as_mut()
                && from_file(&format!("sources.{name}.{table}.secret_file"))
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

/// An address with the user and the password in it hidden.
fn without_user(value: String) -> String {
    let Some((scheme, rest)) = value.split_once("://") else { return value };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    match authority.rsplit_once('@') {
        Some((user, _)) => format!("{scheme}://(hidden){}", &rest[user.len()..]),
        None => value,
    }
}

#[cfg(test)]
mod tests;

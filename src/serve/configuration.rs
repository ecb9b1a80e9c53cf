//! The configuration that the server goes by, as it was read at one time.

use crate::archive::sha256;
use crate::assets::Assets;
use crate::fault::{Fault, Faults};
use crate::period::Period;
use crate::run::{ConfigReview, LoadedConfig, QuarterChoice, RunError, look_over, opening};
use crate::schedule::Schedules;
use crate::settings::{self, Settings, Source};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The SHA-256 of each file of a configuration that is the user's own.
pub(super) type Files = BTreeMap<PathBuf, String>;

/// The configuration as it was read at one time.
pub(super) struct Configuration {
    pub settings: Settings,
    /// For the quarter of that time.
    pub config: Arc<LoadedConfig>,
    pub schedules: Schedules,
    /// For the quarter that was worked on last.
    of_quarter: Mutex<Arc<LoadedConfig>>,
    pub files: Files,
}

impl Configuration {
    /// All that is read before anything is served, with at least one schedule.
    ///
    /// # Errors
    /// Every fault of every file.
    pub fn load(settings: Settings, now: fn() -> Timestamp) -> Result<Self, Faults> {
        // Looked at first: what changes meanwhile is seen at the next look.
        let files = files_of(&settings);
        let config = LoadedConfig::load(&settings, true, QuarterChoice::default(), now)?;
        Self::of(settings, files, config)
    }

    fn of(settings: Settings, files: Files, config: LoadedConfig) -> Result<Self, Faults> {
        let assets = settings.config_assets();
        let schedules = match &config.mail {
            Some(mail) => Schedules::load(&assets, &mail.lists)?,
            None => Schedules::default(),
        };
        if schedules.is_empty() {
            let place = assets.place("schedules.toml");
            return Err(Fault::new(place, "there is no schedule to serve", "add one, as the file's comments show").into());
        }
        let config = Arc::new(config);
        let of_quarter = Mutex::new(config.clone());
        Ok(Self { settings, config, schedules, of_quarter, files })
    }

    /// The configuration for a quarter, or for the one that the settings pin; it is read again for a quarter that is not that of
    /// the work before, since another edition may be in force by then.
    ///
    /// # Errors
    /// As [`LoadedConfig::load`].
    pub fn materials_for(&self, period: Option<Period>, now: fn() -> Timestamp) -> Result<Arc<LoadedConfig>, Faults> {
        let mut of_quarter = self.of_quarter.lock().unwrap_or_else(PoisonError::into_inner);
        if period.is_some_and(|period| period != of_quarter.period) {
            *of_quarter = Arc::new(LoadedConfig::load(&self.settings, true, QuarterChoice { period, as_at: None }, now)?);
        }
        Ok(of_quarter.clone())
    }

    /// The same as it reads now, but for what cannot change while the server runs, and the keys of that. What `config check`
    /// would find in it is found here too.
    pub fn again(&self, now: fn() -> Timestamp) -> Result<(Self, Vec<&'static str>), Faults> {
        let mut settings = self.settings.again()?;
        let mut kept = Vec::new();
        let (was, is) = (&self.settings, &mut settings);
        for (key, is, was) in [
            ("paths.state", &mut is.paths.state, &was.paths.state),
            ("paths.ledger", &mut is.paths.ledger, &was.paths.ledger),
            ("paths.archive", &mut is.paths.archive, &was.paths.archive),
        ] {
            if is != was {
                is.clone_from(was);
                kept.push(key);
            }
        }
        if is.serve.listen != was.serve.listen {
            is.serve.listen = was.serve.listen;
            kept.push("serve.listen");
        }
        if (is.log.level, is.log.format) != (was.log.level, was.log.format) {
            is.log = was.log.clone();
            kept.push("log");
        }
        let files = files_of(&settings);
        let ConfigReview { read, faults, .. } = look_over(&settings, now);
        faults.distinct().into_result()?;
        // Where nothing is wrong everything is there.
        let config = read.config.ok_or_else(Faults::default)?;
        Ok((Self::of(settings, files, config)?, kept))
    }
}

/// Reads the configuration. The operators are told of one at fault, where that can be.
pub(super) async fn configured(settings: &Settings, now: fn() -> Timestamp) -> Result<Configuration, RunError> {
    match Configuration::load(settings.clone(), now) {
        Ok(configuration) => Ok(configuration),
        Err(faults) => {
            opening::tell_of_configuration(settings, &faults, now).await;
            Err(faults.into())
        }
    }
}

/// The settings file, the folders over what is built in, and the files of secrets; what cannot be read is as if it were not
/// there.
pub(super) fn files_of(settings: &Settings) -> Files {
    let mut files = Files::new();
    let mut add = |path: &Path| {
        if let Ok(bytes) = std::fs::read(path) {
            files.insert(path.to_owned(), sha256(&bytes));
        }
    };
    let smtp = &settings.mail.smtp;
    let secrets = [&smtp.password_file, &smtp.oauth2.client_secret_file, &settings.mail.dkim.key_file];
    secrets.into_iter().flatten().for_each(|path| add(path));
    settings.sources.values().filter_map(Source::secret_file).for_each(&mut add);
    settings.read_from.iter().filter_map(|from| from.file()).for_each(&mut add);
    for assets in [settings.config_assets(), settings.template_assets(), settings.font_assets()] {
        of_folder(&assets).iter().for_each(|path| add(path));
    }
    files
}

fn of_folder(assets: &Assets) -> Vec<PathBuf> {
    let Some(folder) = assets.folder() else { return Vec::new() };
    let files = assets.files().unwrap_or_default();
    files.iter().map(|path| folder.join(path)).filter(|path| path.exists()).collect()
}

impl Settings {
    /// The settings as they read now, from where these were read.
    fn again(&self) -> Result<Settings, Faults> {
        let Some(from) = &self.read_from else { return Ok(self.clone()) };
        let program = self.program.clone();
        Ok(Settings { program, ..settings::load(from.file(), from.environment())? })
    }
}

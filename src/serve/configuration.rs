//! The configuration that the server goes by. It is read again when one of its files has changed: a change that is in order is
//! taken over, one that is not is told to the operators once, and the server goes on as it was.

use super::Server;
use crate::assets::Assets;
use crate::collect::sha256;
use crate::fault::{Fault, Faults};
use crate::period::Period;
use crate::run::alerts::OperatorAlerts;
use crate::run::{LoadedConfig, Looked, When, look_over};
use crate::schedule::Schedules;
use crate::settings::{self, Settings, Source};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Whoever changes several files, or a long one, has so long to finish.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// The SHA-256 of each file of a configuration that is the user's own.
pub(super) type Files = BTreeMap<PathBuf, String>;

/// The configuration as it was read at one time.
pub(super) struct Configuration {
    pub settings: Settings,
    /// For the quarter of that time.
    pub materials: Arc<LoadedConfig>,
    pub schedules: Schedules,
    /// For the quarter that was worked on last.
    of_quarter: Mutex<Arc<LoadedConfig>>,
    files: Files,
}

impl Configuration {
    /// All that is read before anything is served, with at least one schedule.
    ///
    /// # Errors
    /// Every fault of every file.
    pub fn load(settings: Settings, now: fn() -> Timestamp) -> Result<Self, Faults> {
        // Looked at first: what changes meanwhile is seen at the next look.
        let files = files_of(&settings);
        let materials = LoadedConfig::load(&settings, true, When::default(), now)?;
        Self::of(settings, files, materials)
    }

    fn of(settings: Settings, files: Files, materials: LoadedConfig) -> Result<Self, Faults> {
        let config = settings.config_assets();
        let schedules = match &materials.mail {
            Some(mail) => Schedules::load(&config, &mail.lists)?,
            None => Schedules::default(),
        };
        if schedules.is_empty() {
            let place = config.place("schedules.toml");
            return Err(Fault::new(place, "there is no schedule to serve", "add one, as the file's comments show").into());
        }
        let materials = Arc::new(materials);
        let of_quarter = Mutex::new(materials.clone());
        Ok(Self { settings, materials, schedules, of_quarter, files })
    }

    /// The configuration for a quarter, or for the one that the settings pin; it is read again for a quarter that is not that of
    /// the work before, since another edition may be in force by then.
    ///
    /// # Errors
    /// As [`LoadedConfig::load`].
    pub fn materials_for(&self, period: Option<Period>, now: fn() -> Timestamp) -> Result<Arc<LoadedConfig>, Faults> {
        let mut of_quarter = self.of_quarter.lock().unwrap_or_else(PoisonError::into_inner);
        if period.is_some_and(|period| period != of_quarter.period) {
            *of_quarter = Arc::new(LoadedConfig::load(&self.settings, true, When { period, as_at: None }, now)?);
        }
        Ok(of_quarter.clone())
    }

    /// The same as it reads now, but for what cannot change while the server runs, and the keys of that. What `config check`
    /// would find in it is found here too.
    fn again(&self, now: fn() -> Timestamp) -> Result<(Self, Vec<&'static str>), Faults> {
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
        let Looked { read, faults, .. } = look_over(&settings, now);
        faults.distinct().into_result()?;
        // Where nothing is wrong everything is there.
        let materials = read.materials.ok_or_else(Faults::default)?;
        Ok((Self::of(settings, files, materials)?, kept))
    }
}

impl Server {
    /// The configuration in force.
    pub(super) fn configuration(&self) -> Arc<Configuration> {
        self.configuration.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The configuration in force, after a look at its files.
    pub(super) async fn look_at_configuration(&self) -> Arc<Configuration> {
        let current = self.configuration();
        let files = files_of(&current.settings);
        let refused = || self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if files == current.files || refused().as_ref() == Some(&files) {
            return current;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
        if files_of(&current.settings) != files {
            return current;
        }
        let changed = changed(&current.files, &files);
        match current.again(self.now) {
            Ok((next, kept)) => {
                tracing::info!(changed, "the configuration has changed, and is taken over");
                for key in kept {
                    tracing::warn!(key, "the setting has changed, and holds only once the server is started again");
                }
                super::log_next(&next.schedules, (self.now)());
                *self.watched.schedules.write().unwrap_or_else(PoisonError::into_inner) = next.schedules.clone();
                let next = Arc::new(next);
                *self.configuration.write().unwrap_or_else(PoisonError::into_inner) = next.clone();
                *refused() = None;
                next
            }
            Err(faults) => {
                tracing::error!(changed, %faults, "the configuration has changed and is at fault; the server goes on as it was");
                *refused() = Some(files);
                let Configuration { settings, materials, .. } = &*current;
                let period = Period::last_quarter_before((self.now)().to_zoned(materials.time_zone.clone()).date());
                let teller = OperatorAlerts::new(settings, materials, &self.ledger, period, "a change", self.now);
                teller.of_changed_configuration(faults.0.iter().map(ToString::to_string).collect()).await;
                current
            }
        }
    }
}

/// The files of which one is not as it was, by their paths.
fn changed(was: &Files, is: &Files) -> String {
    let either = was.keys().chain(is.keys().filter(|path| !was.contains_key(*path)));
    let changed = either.filter(|path| was.get(*path) != is.get(*path));
    changed.map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// The settings file, the folders over what is built in, and the files of secrets; what cannot be read is as if it were not
/// there.
fn files_of(settings: &Settings) -> Files {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Progress;
    use crate::serve::SERVER;

    struct Quiet;

    impl Progress for Quiet {
        fn stage_starts(&self, _: &str) {}
        fn counted(&self, _: usize, _: usize, _: &str) {}
        fn stage_ends(&self, _: &str, _: &str) {}
    }

    fn now() -> Timestamp {
        "2026-11-20T07:00:00Z".parse().unwrap()
    }

    /// The built-in configuration with schedules and lists of its own, and messages in files.
    struct Place(tempfile::TempDir);

    impl Place {
        fn new() -> Self {
            let place = Place(tempfile::tempdir().unwrap());
            for folder in ["config", "inbox"] {
                std::fs::create_dir(place.0.path().join(folder)).unwrap();
            }
            place.settings("ledger.sqlite", "");
            place.lists("chair@example.org");
            place.schedule("mornings", "board");
            place
        }

        fn write(&self, file: &str, text: &str) {
            std::fs::write(self.0.path().join(file), text).unwrap();
        }

        fn settings(&self, ledger: &str, more: &str) {
            let text = format!(
                "[pack]\nedition = \"2024\"\n{more}[paths]\nconfig = \"config\"\nreturns = \"inbox\"\noutput = \"out\"\nledger = \"{ledger}\"\n\
                 archive = \"archive\"\n[mail]\ntransport = \"file\"\nfrom = \"desk@example.org\"\n[serve]\nlisten = \"\"\n"
            );
            self.write("boardpack.toml", &text);
        }

        fn lists(&self, reader: &str) {
            let text = ["board", reader, "operators", "desk@example.org"];
            let text = text
                .chunks(2)
                .map(|list| format!("[[list]]\nname = \"{}\"\n[[list.recipient]]\naddress = \"{}\"\n", list[0], list[1]));
            self.write("config/recipients.toml", &text.collect::<String>());
        }

        fn schedule(&self, name: &str, list: &str) {
            let text =
                format!("[[schedule]]\nname = \"{name}\"\nkind = \"pack\"\ncron = \"0 8 * * *\"\nrecipients = \"{list}\"\n");
            self.write("config/schedules.toml", &text);
        }

        async fn server(&self) -> Server {
            let settings = settings::load(Some(&self.0.path().join("boardpack.toml")), &BTreeMap::new()).unwrap();
            let configuration = Configuration::load(settings.clone(), now).unwrap();
            let ledger = crate::run::opening::open(&settings, false, now).await.unwrap();
            Server::new(configuration, ledger, now, SERVER, Box::new(Quiet))
        }

        /// What the operators were told, a text each.
        fn told(&self) -> Vec<String> {
            let files = std::fs::read_dir(self.0.path().join("messages/operators")).into_iter().flatten();
            files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
        }
    }

    fn schedules(configuration: &Configuration) -> Vec<&str> {
        configuration.schedules.iter().map(|schedule| schedule.name.as_str()).collect()
    }

    #[tokio::test]
    async fn a_valid_change_is_adopted() {
        let place = Place::new();
        let server = place.server().await;
        let first = server.configuration();
        assert!(Arc::ptr_eq(&server.look_at_configuration().await, &first), "nothing has changed");
        place.lists("vice@example.org");
        place.schedule("evenings", "board");
        place.settings("ledger.sqlite", "allow_illustrative = true\n");
        let next = server.look_at_configuration().await;
        assert_eq!(schedules(&next), ["evenings"]);
        assert_eq!(server.watched.schedules.read().unwrap().iter().next().unwrap().name, "evenings");
        let board = next.materials.mail.as_ref().unwrap().lists.get("board").unwrap();
        assert_eq!(board.recipients[0].address.to_string(), "vice@example.org");
        assert!(!first.settings.pack.allow_illustrative && next.settings.pack.allow_illustrative);
        assert!(place.told().is_empty());
    }

    #[tokio::test]
    async fn a_faulty_change_is_told_and_ignored() {
        let place = Place::new();
        let server = place.server().await;
        place.schedule("mornings", "bored");
        for _ in 0..3 {
            assert_eq!(schedules(&*server.look_at_configuration().await), ["mornings"]);
        }
        let told = place.told();
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("the changed configuration is at fault") && told[0].contains("bored"), "{}", told[0]);
        place.schedule("mended", "board");
        assert_eq!(schedules(&*server.look_at_configuration().await), ["mended"]);
        assert_eq!(place.told().len(), 1);
        // What would show only when a pack is held back.
        place.settings("ledger.sqlite", "[gates]\nreturns_accepted_percent = 120\n");
        place.schedule("later", "board");
        assert_eq!(schedules(&*server.look_at_configuration().await), ["mended"]);
        assert!(place.told().iter().any(|told| told.contains("0 to 100 was expected")));
    }

    #[tokio::test]
    async fn an_idle_server_notices_a_swapped_ledger() {
        use crate::distribute::MessageKey;
        use crate::store::{Delivery, LedgerError, RunId, Sending};
        for swapped in ["another's", "a copy", "gone", "without its log"] {
            let place = Place::new();
            let server = Arc::new(place.server().await);
            let ledger = place.0.path().join("ledger.sqlite");
            let log = place.0.path().join("ledger.sqlite-wal");
            assert!(crate::serve::Work::on(&server).settle_what_is_due().await.is_ok(), "{swapped}");
            let copy = std::fs::read(&ledger).unwrap();
            std::fs::remove_file(if swapped == "without its log" { &log } else { &ledger }).unwrap();
            match swapped {
                "another's" => crate::store::Ledger::open(&ledger).await.unwrap().close().await,
                "a copy" => std::fs::write(&ledger, copy).unwrap(),
                _ => {}
            }
            let noticed = crate::serve::Work::on(&server).settle_what_is_due().await;
            assert!(matches!(noticed, Err(LedgerError::Doubtful { .. })), "{swapped}: {noticed:?}");
            let period = Period::financial_quarter(2026, 2);
            let (kind, about, address) = ("board-pack".to_owned(), "X1".to_owned(), "chair@example.org".to_owned());
            let key = MessageKey { kind, period, about, issue: 1, address };
            let delivery = Delivery { key: &key, message_id: "<1@x>", attachment_sha256: "", letter: "{}", waits: false };
            let sending = Sending { transport: "smtp", reaches_people: true, even_if_unknown: false };
            let claimed = server.ledger.claim_message(RunId(1), &delivery, sending, now()).await;
            assert!(matches!(claimed, Err(LedgerError::Doubtful { .. })), "{swapped}: {claimed:?}");
        }
    }

    #[tokio::test]
    async fn the_ledger_cannot_change_under_a_server() {
        let place = Place::new();
        let server = place.server().await;
        place.settings("another.sqlite", "");
        place.schedule("evenings", "board");
        let next = server.look_at_configuration().await;
        assert_eq!(schedules(&next), ["evenings"]);
        assert!(next.settings.paths.ledger.ends_with("ledger.sqlite"));
    }
}

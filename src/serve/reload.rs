//! The configuration is read again when one of its files has changed: a change that is in order is taken over, one that is not is
//! told to the operators once, and the server goes on as it was.

use super::configuration::{Configuration, Files, files_of};
use super::server::Server;
use crate::period::Period;
use crate::run::alerts::OperatorAlerts;
use crate::schedule::Schedules;
use jiff::Timestamp;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// Whoever changes several files, or a long one, has so long to finish.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

impl Server {
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
                tracing::info!(changed, "using the changed configuration");
                for key in kept {
                    tracing::warn!(key, "the setting has changed and takes effect when the server is restarted");
                }
                log_next(&next.schedules, (self.now)());
                *self.watched.schedules.write().unwrap_or_else(PoisonError::into_inner) = next.schedules.clone();
                let next = Arc::new(next);
                *self.configuration.write().unwrap_or_else(PoisonError::into_inner) = next.clone();
                *refused() = None;
                next
            }
            Err(faults) => {
                tracing::error!(changed, %faults, "the changed configuration has errors; the server continues with the one before");
                *refused() = Some(files);
                let Configuration { settings, config, .. } = &*current;
                let period = Period::last_quarter_before((self.now)().to_zoned(config.time_zone.clone()).date());
                let teller = OperatorAlerts::new(settings, config, &self.ledger, period, "a change", self.now);
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

/// When each schedule runs next.
pub(super) fn log_next(schedules: &Schedules, now: Timestamp) {
    for schedule in schedules.iter() {
        let next = schedule.next_after(now).map_or("never".to_owned(), |at| at.to_zoned(schedule.time_zone.clone()).to_string());
        tracing::info!(schedule = schedule.name, next, "serving");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Unwatched;
    use crate::serve::server::{SERVER, Work};
    use crate::settings;
    use std::collections::BTreeMap;

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
            Server::new(configuration, ledger, now, SERVER, Box::new(Unwatched))
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
        let board = next.config.mail.as_ref().unwrap().lists.get("board").unwrap();
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
        assert!(told[0].contains("the changed configuration has errors") && told[0].contains("bored"), "{}", told[0]);
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
        use crate::settings::TransportKind;
        use crate::store::{LedgerError, OutboxEntry, RunId, Sending};
        for swapped in ["another's", "a copy", "gone", "without its log"] {
            let place = Place::new();
            let server = Arc::new(place.server().await);
            let ledger = place.0.path().join("ledger.sqlite");
            let log = place.0.path().join("ledger.sqlite-wal");
            assert!(Work::on(&server).settle_what_is_due().await.is_ok(), "{swapped}");
            let copy = std::fs::read(&ledger).unwrap();
            std::fs::remove_file(if swapped == "without its log" { &log } else { &ledger }).unwrap();
            match swapped {
                "another's" => crate::store::Ledger::open(&ledger).await.unwrap().close().await,
                "a copy" => std::fs::write(&ledger, copy).unwrap(),
                _ => {}
            }
            let noticed = Work::on(&server).settle_what_is_due().await;
            assert!(matches!(noticed, Err(LedgerError::Doubtful { .. })), "{swapped}: {noticed:?}");
            let period = Period::financial_quarter(2026, 2);
            let (kind, about, address) = ("board-pack".to_owned(), "X1".to_owned(), "chair@example.org".to_owned());
            let key = MessageKey { kind, period, about, issue: 1, address };
            let (message_id, content) = ("<1@x>".to_owned(), "{}".to_owned());
            let entry = OutboxEntry { key, message_id, attachment_sha256: String::new(), content };
            let sending = Sending { by: TransportKind::Smtp, even_if_unknown: false };
            let claimed = server.ledger.claim_message(RunId(1), &entry, sending, now()).await;
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

//! What the server works with, and what one look at the schedules works with.

use super::configuration::{Configuration, Files};
use crate::health_server::{self, Watched};
use crate::period::Period;
use crate::run::alerts::OperatorAlerts;
use crate::run::{Progress, stop};
use crate::schedule::Schedule;
use crate::store::{Ledger, LedgerError};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Notify;

/// Everything that the server works with, for as long as it runs.
pub(super) struct Server {
    /// As it was last read and found in order.
    pub configuration: RwLock<Arc<Configuration>>,
    /// The files of a changed one that was not in order, and was told.
    pub refused: Mutex<Option<Files>>,
    pub ledger: Ledger,
    pub watched: Arc<Watched>,
    pub now: fn() -> Timestamp,
    pub regularity: Regularity,
    pub progress: Box<dyn Progress + Send>,
    /// Why the schedules could not be looked at; none since they could.
    pub failing: Mutex<Option<LedgerError>>,
    /// Told where the ledger that it works with is not in its place any more: nothing can be done then.
    pub ledger_is_lost: Notify,
    /// This process, as the ledger has it.
    pub holder: String,
}

/// What one look at the schedules works with: the configuration stays the same until its work is done.
#[derive(Clone)]
pub(super) struct Work {
    pub server: Arc<Server>,
    pub on: Arc<Configuration>,
}

/// How regularly the schedules are looked at, which tells a time that was missed from one that is only late.
#[derive(Debug, Clone, Copy)]
pub(super) struct Regularity {
    /// Looks further apart than this have a break between them: what fell in it was missed.
    pub break_after: SignedDuration,
    /// What fell so long before the first look after a break is not missed yet.
    pub lateness: SignedDuration,
}

pub(super) const SERVER: Regularity = Regularity { break_after: health_server::TOO_OLD, lateness: SignedDuration::ZERO };

/// A timer starts `run_due` at least once an hour.
pub(super) const TIMER: Regularity =
    Regularity { break_after: SignedDuration::from_hours(1), lateness: SignedDuration::from_hours(1) };

/// How long work that was asked to stop may take to send the message in hand.
pub(super) const LAST_MESSAGE: Duration = Duration::from_secs(5);

impl Work {
    pub fn on(server: &Arc<Server>) -> Self {
        Work { server: server.clone(), on: server.configuration() }
    }

    /// For what operators are told of an occurrence.
    pub fn teller<'a>(&'a self, schedule: Option<&Schedule>, name: &'a str, scheduled_for: Timestamp) -> OperatorAlerts<'a> {
        let Configuration { settings, config, .. } = &*self.on;
        let Server { ledger, now, .. } = &*self.server;
        let of_day = || Period::last_quarter_before(scheduled_for.to_zoned(config.time_zone.clone()).date());
        let period = match schedule {
            _ if settings.pack.period.is_some() => config.period,
            Some(schedule) => schedule.period_at(scheduled_for),
            None => of_day(),
        };
        OperatorAlerts::new(settings, config, ledger, period, name, *now)
    }
}

impl Server {
    pub fn new(
        configuration: Configuration,
        ledger: Ledger,
        now: fn() -> Timestamp,
        regularity: Regularity,
        progress: Box<dyn Progress + Send>,
    ) -> Self {
        let holder = ledger.process().to_owned();
        let schedules = RwLock::new(configuration.schedules.clone());
        let watched = Arc::new(Watched { ledger: ledger.clone(), schedules, now });
        let configuration = RwLock::new(Arc::new(configuration));
        let (refused, failing, ledger_is_lost) = (Mutex::new(None), Mutex::new(None), Notify::new());
        Server { configuration, refused, ledger, watched, now, regularity, progress, failing, ledger_is_lost, holder }
    }

    /// The configuration in force.
    pub fn configuration(&self) -> Arc<Configuration> {
        self.configuration.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whoever held it before and came to a sudden end has left it whole.
    pub fn failing(&self) -> MutexGuard<'_, Option<LedgerError>> {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn grace(&self) -> Duration {
        Duration::from_secs(self.configuration().settings.serve.stop_seconds)
    }

    /// Gives back what was abandoned: the next look, of whichever process, takes it up.
    pub async fn release(&self) -> Result<(), LedgerError> {
        tracing::warn!("unfinished work is abandoned; it is resumed at the next start");
        self.ledger.release_occurrences(&self.holder).await
    }
}

/// Asks all work to stop once `grace` is over.
pub(super) async fn ask_to_stop_after(grace: Duration) {
    tokio::time::sleep(grace).await;
    stop::ask();
}

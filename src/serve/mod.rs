//! Runs on schedule: at each beat, what is due is claimed in the ledger and run, and what was cut off is taken up again.

mod occurrences;
mod perform;

use crate::fault::{Fault, Faults};
use crate::period::Period;
use crate::run::{Holder, Materials, Progress, RunError, When, tell};
use crate::schedule::{Drained, Heartbeat, Occurrence, Pace, Schedules};
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError};
use crate::watch::{self, Watched};
use jiff::{SignedDuration, Timestamp};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Everything that the server works with, for as long as it runs.
struct Server {
    settings: Settings,
    /// As they were read at the start.
    materials: Arc<Materials>,
    /// For the quarter that was worked on last.
    of_quarter: Mutex<Arc<Materials>>,
    schedules: Schedules,
    ledger: Ledger,
    now: fn() -> Timestamp,
    regularity: Regularity,
    progress: Box<dyn Progress + Send>,
    /// This process, as it claims occurrences.
    here: Holder,
    /// The same, as the ledger has it.
    holder: String,
}

/// How regularly the schedules are looked at, which tells a time that was missed from one that is only late.
#[derive(Debug, Clone, Copy)]
struct Regularity {
    /// Looks further apart than this have a break between them: what fell in it was missed.
    break_after: SignedDuration,
    /// What fell so long before the first look after a break is not missed yet.
    lateness: SignedDuration,
}

const SERVER: Regularity = Regularity { break_after: watch::TOO_OLD, lateness: SignedDuration::ZERO };

/// A timer starts [`run_due`] at least once an hour.
const TIMER: Regularity = Regularity { break_after: SignedDuration::from_hours(1), lateness: SignedDuration::from_hours(1) };

/// Serves the configured schedules until `stop` is ready, then gives work in hand `serve.stop_seconds` to finish.
///
/// # Errors
/// A configuration at fault, one without a schedule, a ledger that cannot be opened. Once it serves, what goes wrong in
/// a run is logged and recorded, and the next is run all the same.
pub async fn serve(
    settings: Settings,
    now: fn() -> Timestamp,
    progress: Box<dyn Progress + Send>,
    stop: impl Future<Output = ()>,
) -> Result<(), RunError> {
    let server = Arc::new(Server::open(settings, now, SERVER, progress).await?);
    for schedule in server.schedules.iter() {
        let next =
            schedule.next_after(now()).map_or("never".to_owned(), |at| at.to_zoned(schedule.time_zone.clone()).to_string());
        tracing::info!(schedule = schedule.name, next, "serving");
    }
    let mut watching = JoinSet::new();
    let watched = Watched { ledger: server.ledger.clone(), schedules: server.schedules.clone(), now };
    if let Some(listener) = listen(server.settings.serve.listen).await {
        watching.spawn(watch::answer_on(listener, Arc::new(watched)));
    }
    let working = server.clone();
    let heartbeat = Heartbeat::start(Pace::Minute, move || beat(working.clone())).await.map_err(Faults::from)?;
    stop.await;
    tracing::info!("stopping");
    if heartbeat.shutdown(server.grace()).await == Drained::Abandoned {
        server.release().await?;
    }
    watching.shutdown().await;
    server.ledger.clone().close().await;
    Ok(())
}

/// Runs what the schedules have due, as a timer asks it to, and gives each occurrence that it ran with its outcome. Told to
/// stop, it gives work in hand `serve.stop_seconds` to finish.
///
/// # Errors
/// As [`serve`], and a ledger that fails.
pub async fn run_due(
    settings: Settings,
    now: fn() -> Timestamp,
    progress: Box<dyn Progress + Send>,
    stop: impl Future<Output = ()>,
) -> Result<Vec<(Occurrence, String)>, RunError> {
    let server = Arc::new(Server::open(settings, now, TIMER, progress).await?);
    let cut = async {
        stop.await;
        tracing::info!("stopping");
        tokio::time::sleep(server.grace()).await;
    };
    let ran = tokio::select! {
        ran = server.settle_what_is_due() => ran?,
        () = cut => {
            server.release().await?;
            Vec::new()
        }
    };
    server.ledger.clone().close().await;
    Ok(ran)
}

/// What cannot be watched is served all the same: the packs matter more.
async fn listen(address: Option<SocketAddr>) -> Option<TcpListener> {
    let address = address?;
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "serve.listen is open to other machines, and asks for no password");
    }
    let listener = TcpListener::bind(address).await;
    listener.inspect_err(|error| tracing::error!(%address, %error, "health and metrics are not shown; see serve.listen")).ok()
}

async fn beat(server: Arc<Server>) {
    if let Err(error) = server.settle_what_is_due().await {
        tracing::error!(%error, "the schedules could not be looked at; trying again at the next beat");
    }
}

/// All that is read before anything is served, with at least one schedule.
fn load(settings: &Settings, now: fn() -> Timestamp) -> Result<(Materials, Schedules), Faults> {
    let materials = Materials::load(settings, true, When::default(), now)?;
    let config = settings.config_assets();
    let schedules = match &materials.mail {
        Some(mail) => Schedules::load(&config, &mail.lists)?,
        None => Schedules::default(),
    };
    if schedules.is_empty() {
        let place = config.place("schedules.toml");
        return Err(Fault::new(place, "there is no schedule to serve", "add one, as the file's comments show").into());
    }
    Ok((materials, schedules))
}

impl Server {
    /// Reads the configuration and opens the ledger. The operators are told of a configuration at fault, where that can be.
    async fn open(
        settings: Settings,
        now: fn() -> Timestamp,
        regularity: Regularity,
        progress: Box<dyn Progress + Send>,
    ) -> Result<Self, RunError> {
        let (materials, schedules) = match load(&settings, now) {
            Ok(loaded) => loaded,
            Err(faults) => {
                tell::of_configuration(&settings, &faults, now).await;
                return Err(faults.into());
            }
        };
        let ledger = Ledger::open(&settings.paths.ledger).await?;
        let here = Holder::this(now());
        let holder = here.record()?;
        let materials = Arc::new(materials);
        let of_quarter = Mutex::new(materials.clone());
        Ok(Server { settings, materials, of_quarter, schedules, ledger, now, regularity, progress, here, holder })
    }

    /// The configuration for a quarter, or for the one that the settings pin; it is read again for a quarter that is not that of
    /// the work before, since another edition may be in force by then.
    ///
    /// # Errors
    /// As [`Materials::load`].
    fn materials_for(&self, period: Option<Period>) -> Result<Arc<Materials>, Faults> {
        let mut of_quarter = self.of_quarter.lock().unwrap_or_else(PoisonError::into_inner);
        if period.is_some_and(|period| period != of_quarter.period) {
            *of_quarter = Arc::new(Materials::load(&self.settings, true, When { period, as_at: None }, self.now)?);
        }
        Ok(of_quarter.clone())
    }

    fn grace(&self) -> Duration {
        Duration::from_secs(self.settings.serve.stop_seconds)
    }

    /// Gives back what was abandoned: the next look, of whichever process, takes it up.
    async fn release(&self) -> Result<(), LedgerError> {
        tracing::warn!("work in hand is abandoned; it is taken up again at the next start");
        self.ledger.release_occurrences(&self.holder).await
    }
}

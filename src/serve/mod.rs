//! Runs on schedule: at each beat, what is due is claimed in the ledger and run, and what was cut off is taken up again.

mod configuration;
mod finals;
mod occurrences;
mod perform;

use crate::fault::Faults;
use crate::health_server::{self, Watched};
use crate::run::{Progress, RunError, alerts, opening, stop};
use crate::schedule::{Drained, Heartbeat, Occurrence, Pace, Schedules};
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError};
use configuration::{Configuration, Files};
use jiff::{SignedDuration, Timestamp};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// Everything that the server works with, for as long as it runs.
struct Server {
    /// As it was last read and found in order.
    configuration: RwLock<Arc<Configuration>>,
    /// The files of a changed one that was not in order, and was told.
    refused: Mutex<Option<Files>>,
    ledger: Ledger,
    watched: Arc<Watched>,
    now: fn() -> Timestamp,
    regularity: Regularity,
    progress: Box<dyn Progress + Send>,
    /// Why the schedules could not be looked at; none since they could.
    failing: Mutex<Option<LedgerError>>,
    /// Told where the ledger that it works with is not in its place any more: nothing can be done then.
    ledger_is_lost: Notify,
    /// This process, as the ledger has it.
    holder: String,
}

/// What one look at the schedules works with: the configuration stays the same until its work is done.
#[derive(Clone)]
struct Work {
    server: Arc<Server>,
    on: Arc<Configuration>,
}

/// How regularly the schedules are looked at, which tells a time that was missed from one that is only late.
#[derive(Debug, Clone, Copy)]
struct Regularity {
    /// Looks further apart than this have a break between them: what fell in it was missed.
    break_after: SignedDuration,
    /// What fell so long before the first look after a break is not missed yet.
    lateness: SignedDuration,
}

const SERVER: Regularity = Regularity { break_after: health_server::TOO_OLD, lateness: SignedDuration::ZERO };

/// A timer starts [`run_due`] at least once an hour.
const TIMER: Regularity = Regularity { break_after: SignedDuration::from_hours(1), lateness: SignedDuration::from_hours(1) };

/// How long work that was asked to stop may take to send the message in hand.
const LAST_MESSAGE: Duration = Duration::from_secs(5);

/// How often a server looks whether a ledger that it could not open can be opened by now.
const BETWEEN_OPENINGS: Duration = Duration::from_secs(10);

/// Serves the configured schedules until `stop` is ready, then gives work in hand `serve.stop_seconds` to finish. A ledger on a
/// full disk, or that another process keeps locked, is waited for; the operators are told.
///
/// # Errors
/// A configuration at fault, one without a schedule, a ledger that cannot be opened, or that still could not be used when it was
/// told to stop. Once it serves, what goes wrong in a run is logged and recorded, and the next is run all the same.
pub async fn serve(
    settings: Settings,
    now: fn() -> Timestamp,
    progress: Box<dyn Progress + Send>,
    stop: impl Future<Output = ()>,
) -> Result<(), RunError> {
    let mut stop = pin!(stop);
    let configuration = configured(&settings, now).await?;
    let ledger = opened(&settings, now, stop.as_mut()).await?;
    let server = Arc::new(Server::new(configuration, ledger, now, SERVER, progress));
    let at_the_start = server.configuration();
    log_next(&at_the_start.schedules, now());
    if !at_the_start.settings.mail.transport.reaches_people() {
        tracing::warn!("mail.transport is \"file\": messages are written to files, and nobody is sent anything");
    }
    let mut watching = JoinSet::new();
    if let Some(listener) = listen(at_the_start.settings.serve.listen).await {
        watching.spawn(health_server::answer_on(listener, server.watched.clone()));
    }
    let working = server.clone();
    let heartbeat = Heartbeat::start(Pace::Minute, move || beat(working.clone())).await.map_err(Faults::from)?;
    tokio::select! {
        () = stop => {}
        () = server.ledger_is_lost.notified() => {}
    }
    tracing::info!("stopping");
    // What is not finished by then stops after the message in hand.
    let asking = tokio::spawn(ask_to_stop_after(server.grace()));
    let drained = heartbeat.shutdown(server.grace() + LAST_MESSAGE).await;
    asking.abort();
    if drained == Drained::Abandoned && server.failing().is_none() {
        server.release().await?;
    }
    watching.shutdown().await;
    server.ledger.clone().close().await;
    let failing = server.failing().take();
    failing.map_or(Ok(()), |error| Err(error.into()))
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
    let configuration = configured(&settings, now).await?;
    let ledger = opening::open(&settings, true, now).await?;
    let server = Arc::new(Server::new(configuration, ledger, now, TIMER, progress));
    let cut = async {
        stop.await;
        tracing::info!("stopping");
        ask_to_stop_after(server.grace()).await;
        tokio::time::sleep(LAST_MESSAGE).await;
    };
    let work = Work::on(&server);
    let settling = async {
        let held = opening::held();
        work.tell_of_held(&held).await;
        let ran = work.settle_what_is_due().await;
        // The exit code says so as well.
        opening::leave(held);
        ran
    };
    let ran = tokio::select! {
        ran = settling => match ran {
            Ok(ran) => ran,
            Err(error) => {
                alerts::of_ledger(&settings, &error, now).await;
                return Err(error.into());
            }
        },
        () = cut => {
            server.release().await?;
            Vec::new()
        }
    };
    server.ledger.clone().close().await;
    Ok(ran)
}

async fn ask_to_stop_after(grace: Duration) {
    tokio::time::sleep(grace).await;
    stop::ask();
}

/// Reads the configuration. The operators are told of one at fault, where that can be.
async fn configured(settings: &Settings, now: fn() -> Timestamp) -> Result<Configuration, RunError> {
    match Configuration::load(settings.clone(), now) {
        Ok(configuration) => Ok(configuration),
        Err(faults) => {
            opening::tell_of_configuration(settings, &faults, now).await;
            Err(faults.into())
        }
    }
}

/// Opens the ledger, as soon as there is room for it and nobody keeps it locked.
async fn opened(
    settings: &Settings,
    now: fn() -> Timestamp,
    mut stop: Pin<&mut impl Future<Output = ()>>,
) -> Result<Ledger, RunError> {
    let path = &settings.paths.ledger;
    loop {
        let error = match opening::open(settings, false, now).await {
            Err(RunError::Unopened(error)) => error,
            opened => {
                Ledger::note_end_of_trouble(path);
                return opened;
            }
        };
        // Once until it can be used, however often a service manager starts the server meanwhile.
        if Ledger::note_trouble(path, &error.to_string()) {
            alerts::of_ledger(settings, &error, now).await;
        }
        if !error.may_pass() {
            return Err(RunError::Unopened(error));
        }
        tracing::error!(%error, "the ledger is waited for");
        tokio::select! {
            () = tokio::time::sleep(BETWEEN_OPENINGS) => {}
            () = stop.as_mut() => return Err(RunError::Unopened(error)),
        }
    }
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

/// When each schedule runs next.
fn log_next(schedules: &Schedules, now: Timestamp) {
    for schedule in schedules.iter() {
        let next = schedule.next_after(now).map_or("never".to_owned(), |at| at.to_zoned(schedule.time_zone.clone()).to_string());
        tracing::info!(schedule = schedule.name, next, "serving");
    }
}

async fn beat(server: Arc<Server>) {
    server.look_at_configuration().await;
    Work::on(&server).tell_of_held(&opening::held()).await;
    match Work::on(&server).settle_what_is_due().await {
        Ok(_) => {
            if server.failing().take().is_some() {
                tracing::info!("the ledger can be used again");
            }
        }
        Err(error) => {
            tracing::error!(%error, "the schedules could not be looked at; trying again at the next beat");
            // Once until it can be used again.
            if server.failing().is_none() {
                alerts::of_ledger(&server.configuration().settings, &error, server.now).await;
            }
            if error.is_doubt() {
                server.ledger_is_lost.notify_one();
            }
            *server.failing() = Some(error);
        }
    }
}

impl Work {
    fn on(server: &Arc<Server>) -> Self {
        Work { server: server.clone(), on: server.configuration() }
    }
}

impl Server {
    fn new(
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

    /// Whoever held it before and came to a sudden end has left it whole.
    fn failing(&self) -> MutexGuard<'_, Option<LedgerError>> {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn grace(&self) -> Duration {
        Duration::from_secs(self.configuration().settings.serve.stop_seconds)
    }

    /// Gives back what was abandoned: the next look, of whichever process, takes it up.
    async fn release(&self) -> Result<(), LedgerError> {
        tracing::warn!("work in hand is abandoned; it is taken up again at the next start");
        self.ledger.release_occurrences(&self.holder).await
    }
}

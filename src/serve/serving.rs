//! The server: it beats each minute until it is told to stop.

use super::configuration::configured;
use super::reload::log_next;
use super::server::{LAST_MESSAGE, SERVER, Server, Work, ask_to_stop_after};
use crate::fault::Faults;
use crate::health_server;
use crate::run::{Progress, RunError, alerts, opening};
use crate::schedule::{Drained, Heartbeat, Pace};
use crate::settings::Settings;
use crate::store::Ledger;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

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
        tracing::warn!("mail.transport is \"file\": messages are written to files and not sent");
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
        tracing::error!(%error, "waiting for the ledger");
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

async fn beat(server: Arc<Server>) {
    server.look_at_configuration().await;
    Work::on(&server).tell_of_held(&opening::take_cut_off()).await;
    match Work::on(&server).settle_what_is_due().await {
        Ok(_) => {
            if server.failing().take().is_some() {
                tracing::info!("the ledger can be used again");
            }
        }
        Err(error) => {
            match error.is_doubt() {
                true => tracing::error!(%error, "the schedules could not be checked, and the server stops"),
                false => tracing::error!(%error, "the schedules could not be checked; trying again at the next heartbeat"),
            }
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

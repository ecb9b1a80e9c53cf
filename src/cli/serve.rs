//! `boardpack serve`: the configured schedules, until a signal to stop.

use super::{Failure, Sources, clock, exit, progress, runtime, start_logging};
use crate::run::RunError;
use crate::settings::Settings;
use std::pin::Pin;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

pub fn main(sources: &Sources) -> Result<u8, Failure> {
    until_stopped(sources, async |settings, stop| crate::serve::serve(settings, clock, Box::new(progress::Logged), stop).await)?;
    Ok(exit::DONE)
}

/// `boardpack run --due`: what a timer starts in place of a server.
pub fn due(sources: &Sources) -> Result<u8, Failure> {
    let ran = until_stopped(sources, async |settings, stop| {
        crate::serve::run_due(settings, clock, Box::new(progress::Logged), stop).await
    })?;
    for (occurrence, outcome) in &ran {
        println!("{}  {}  {outcome}", occurrence.scheduled_for, occurrence.schedule);
    }
    Ok(if ran.iter().all(|(_, outcome)| outcome.is_done()) { exit::DONE } else { exit::PARTIAL })
}

/// Does work that is told of the first signal to stop.
fn until_stopped<T>(
    sources: &Sources,
    work: impl AsyncFnOnce(Settings, Pin<Box<dyn Future<Output = ()>>>) -> Result<T, RunError>,
) -> Result<T, Failure> {
    let settings = sources.load()?;
    start_logging(&settings.log);
    let runtime = runtime()?;
    let result = runtime.block_on(async {
        let cannot = |e| Failure { code: exit::UNAVAILABLE, message: format!("signals cannot be received: {e}") };
        let terminate = signal(SignalKind::terminate()).map_err(cannot)?;
        let interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
        work(settings, Box::pin(stopped(terminate, interrupt))).await.map_err(Failure::from)
    })?;
    // Work that was abandoned ends at its next await; a thread that does not come to one is not waited for.
    runtime.shutdown_timeout(Duration::from_secs(1));
    Ok(result)
}

async fn stopped(mut terminate: Signal, mut interrupt: Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

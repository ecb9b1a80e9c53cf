//! `boardpack serve`: the configured schedules, until a signal to stop.

use super::{Failure, Sources, clock, exit, progress, runtime, start_logging};
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

pub fn main(sources: &Sources) -> Result<u8, Failure> {
    let settings = sources.load()?;
    start_logging(&settings.log);
    let runtime = runtime()?;
    runtime.block_on(async {
        let cannot = |e| Failure { code: exit::UNAVAILABLE, message: format!("signals cannot be received: {e}") };
        let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
        let stop = stopped(&mut terminate, &mut interrupt);
        crate::serve::serve(settings, clock, Box::new(progress::Logged), stop).await.map_err(Failure::from)
    })?;
    // Work that was abandoned ends at its next await; a thread that does not come to one is not waited for.
    runtime.shutdown_timeout(Duration::from_secs(1));
    Ok(exit::DONE)
}

async fn stopped(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

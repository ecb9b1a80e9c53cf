//! The clock, threads, and signals to stop.

use super::{exit, failure::Failure};
use crate::run::{RunError, stop};
use jiff::Timestamp;
use tokio::signal::unix::{SignalKind, signal};

/// The clock of a run by hand or by schedule.
pub(super) fn clock() -> Timestamp {
    Timestamp::now()
}

/// A runtime for the commands that wait on the network or the clock.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    // At least two, so that on one processor too signs of life are shown while a pack is set.
    let threads = std::thread::available_parallelism().map_or(2, |threads| threads.get().max(2));
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
        .map_err(|e| Failure { code: exit::UNAVAILABLE, message: format!("no threads could be started: {e}") })
}

/// Does work that stops after the message in hand at the first signal to stop, and at once at the second.
pub(super) fn stoppable<T>(work: impl Future<Output = Result<T, RunError>>) -> Result<T, Failure> {
    runtime()?.block_on(async {
        let cannot = |e| Failure { code: exit::UNAVAILABLE, message: format!("signals cannot be received: {e}") };
        let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
        tokio::spawn(async move {
            for is_last in [false, true] {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                if is_last {
                    std::process::exit(i32::from(exit::TRY_AGAIN));
                }
                eprintln!("stopping after the current message; a second signal stops it at once");
                stop::ask();
            }
        });
        Ok(work.await?)
    })
}

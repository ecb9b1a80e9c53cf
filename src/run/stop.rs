//! Being told to stop: work ends between two messages, and what it did not come to is done by the next that asks for it.

use super::error::RunError;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;

/// Of the process, as the signal is that asks for it.
static ASKED: AtomicBool = AtomicBool::new(false);
static TOLD: Notify = Notify::const_new();

/// Asks all work of this process to stop.
pub fn ask() {
    ASKED.store(true, Ordering::SeqCst);
    TOLD.notify_waiters();
}

/// # Errors
/// [`RunError::Stopped`] once it was asked for.
pub(super) fn check() -> Result<(), RunError> {
    if ASKED.load(Ordering::SeqCst) { Err(RunError::Stopped) } else { Ok(()) }
}

/// Waits for `other`, unless work is to stop before it is over.
pub(super) async fn or<T>(other: impl Future<Output = T>) -> Result<T, RunError> {
    let mut told = pin!(TOLD.notified());
    // What is told from here on is heard.
    told.as_mut().enable();
    check()?;
    tokio::select! {
        done = other => Ok(done),
        () = told => Err(RunError::Stopped),
    }
}

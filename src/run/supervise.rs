//! A run's stages, kept from taking more down with them than the run: a panic and time without end are errors of the run.

use super::error::RunError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::time::timeout;

/// Does the stages' work, within the deadline.
///
/// # Errors
/// The stages' own; [`RunError::Overdue`], once they next wait for something; [`RunError::Panicked`].
pub(super) async fn contained<T>(deadline: Duration, stages: impl Future<Output = Result<T, RunError>>) -> Result<T, RunError> {
    let mut stages = pin!(stages);
    let caught = std::future::poll_fn(|context| {
        // Nothing of a run is used after a panic but what the ledger and the archive hold, which is whole at any instant.
        let polled = catch_unwind(AssertUnwindSafe(|| stages.as_mut().poll(context)));
        polled.unwrap_or(Poll::Ready(Err(RunError::Panicked)))
    });
    timeout(deadline, caught).await.unwrap_or(Err(RunError::Overdue { deadline }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn panics_and_timeouts_become_run_errors() {
        let deadline = Duration::from_secs(3600);
        let done = contained(deadline, async { Ok(1) }).await;
        assert!(matches!(done, Ok(1)));
        let panics = contained::<()>(deadline, async {
            tokio::task::yield_now().await;
            panic!("at the disco");
        });
        assert!(matches!(panics.await, Err(RunError::Panicked)));
        let hangs = contained::<()>(Duration::from_millis(10), std::future::pending());
        assert!(matches!(hangs.await, Err(RunError::Overdue { .. })));
    }
}

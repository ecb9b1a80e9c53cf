//! Keeping to what a host can bear: so many questions at a time, and so many a second.

use crate::settings::Fetch;
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// The limits on asking one host, shared by every source that lies there.
#[derive(Debug)]
pub(in crate::collect::indicators) struct HostLimit {
    at_a_time: Semaphore,
    interval: Duration,
    /// When the next question may be put.
    next: Mutex<Option<Instant>>,
}

impl HostLimit {
    pub fn new(fetch: &Fetch) -> Self {
        let per_second = fetch.requests_per_second;
        Self {
            at_a_time: Semaphore::new(fetch.concurrency.get()),
            interval: if per_second == 0 { Duration::ZERO } else { Duration::from_secs(1) / per_second },
            next: Mutex::new(None),
        }
    }

    /// Waits until another question may be put; it may go on until the turn is dropped.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // Never closed.
        let turn = self.at_a_time.acquire().await.ok();
        let at = {
            let mut next = self.next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let at = next.unwrap_or_else(Instant::now).max(Instant::now());
            *next = Some(at + self.interval);
            at
        };
        tokio::time::sleep_until(at).await;
        turn
    }

    /// The host asked to be left alone for so long: every question to it waits.
    pub fn leave_alone(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut next = self.next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *next = Some(next.map_or(until, |next| next.max(until)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings;
    use std::collections::BTreeMap;

    fn host(concurrency: usize, requests_per_second: u32) -> HostLimit {
        let fetch = settings::load(None, &BTreeMap::new()).unwrap().fetch;
        HostLimit::new(&Fetch { concurrency: concurrency.try_into().unwrap(), requests_per_second, ..fetch })
    }

    #[tokio::test]
    async fn concurrent_requests_are_limited() {
        let host = host(2, 0);
        let (_first, second) = (host.turn().await, host.turn().await);
        let third = tokio::time::timeout(Duration::from_millis(20), host.turn()).await;
        assert!(third.is_err());
        drop(second);
        assert!(host.turn().await.is_some());
    }

    #[tokio::test]
    async fn requests_per_second_are_limited() {
        let host = host(10, 50);
        let began = Instant::now();
        for _ in 0..4 {
            drop(host.turn().await);
        }
        assert!(began.elapsed() >= Duration::from_millis(60), "{:?}", began.elapsed());
        let began = Instant::now();
        host.leave_alone(Duration::from_millis(100));
        drop(host.turn().await);
        assert!(began.elapsed() >= Duration::from_millis(100), "{:?}", began.elapsed());
    }
}

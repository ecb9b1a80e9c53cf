//! The beat that asks what is due. tokio-cron-scheduler gives the beat and nothing else: it runs jobs over one
//! another, forgets those in hand when it stops, and keeps an outdated offset from UTC.

use crate::fault::Fault;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio_cron_scheduler::{Job, JobScheduler};

/// How often it beats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// At the start of each minute.
    Minute,
    /// At the start of each second.
    Second,
    /// Only once, at the start, and when [`Heartbeat::beat`] is called.
    Still,
}

/// How a shutdown ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// Nothing was in hand, or it was finished.
    Finished,
    /// What was in hand took longer than the grace and was dropped at its next await.
    Abandoned,
}

/// A beat under which some work is done, never twice at a time. Beats that come while it is being done are one.
pub struct Heartbeat {
    scheduler: Option<JobScheduler>,
    beat: Arc<Notify>,
    stop: watch::Sender<bool>,
    worker: JoinHandle<()>,
}

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Heartbeat {
    /// Does `work` now, and again at each beat. Work that panics is logged, and the next beat comes all the same.
    ///
    /// # Errors
    /// A scheduler that cannot be started.
    pub async fn start<F>(pace: Pace, mut work: impl FnMut() -> F + Send + 'static) -> Result<Self, Fault>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let beat = Arc::new(Notify::new());
        let (stop, stopped) = watch::channel(false);
        let scheduler = match pace {
            Pace::Minute => Some(scheduler("0 * * * * *", beat.clone()).await?),
            Pace::Second => Some(scheduler("* * * * * *", beat.clone()).await?),
            Pace::Still => None,
        };
        let worker = tokio::spawn(keep_working(beat.clone(), stopped, move || Box::pin(work())));
        beat.notify_one();
        Ok(Self { scheduler, beat, stop, worker })
    }

    /// Beats out of turn.
    pub fn beat(&self) {
        self.beat.notify_one();
    }

    /// Stops beating, and gives work in hand `grace` to finish.
    pub async fn shutdown(mut self, grace: Duration) -> Drained {
        // Told first, so that a beat in these moments starts nothing.
        let _ = self.stop.send(true);
        if let Some(scheduler) = &mut self.scheduler
            && let Err(e) = scheduler.shutdown().await
        {
            tracing::warn!("the heartbeat did not stop cleanly: {e}");
        }
        match tokio::time::timeout(grace, &mut self.worker).await {
            Ok(_) => Drained::Finished,
            Err(_) => {
                self.worker.abort();
                Drained::Abandoned
            }
        }
    }
}

async fn scheduler(cron: &str, beat: Arc<Notify>) -> Result<JobScheduler, Fault> {
    let started = async {
        let scheduler = JobScheduler::new().await?;
        scheduler.add(Job::new(cron, move |_, _| beat.notify_one())?).await?;
        scheduler.start().await?;
        Ok::<_, tokio_cron_scheduler::JobSchedulerError>(scheduler)
    };
    started.await.map_err(|e| Fault::new("the heartbeat", format!("cannot be started: {e}"), "report this as a bug"))
}

async fn keep_working(beat: Arc<Notify>, mut stopped: watch::Receiver<bool>, mut work: impl FnMut() -> Work) {
    loop {
        tokio::select! {
            biased;
            // An error means that the heartbeat itself is gone.
            _ = stopped.wait_for(|stop| *stop) => return,
            () = beat.notified() => {}
        }
        // A set of one: it contains a panic, and ends the work when this worker is dropped.
        let mut in_hand = JoinSet::new();
        in_hand.spawn(work());
        if let Some(Err(e)) = in_hand.join_next().await {
            tracing::error!("scheduled work failed: {e}");
        }
    }
}

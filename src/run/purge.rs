//! What need not be kept longer is let go of, while nobody is at work.

use super::env::Env;
use super::error::RunError;
use super::job::{Job, JobReport, StartedRun};
use super::lease::JobLease;
use crate::retention::Purge;
use crate::schedule::JobKind;

/// Removes what the settings need not have kept longer.
pub struct PurgeExpired;

impl Job for PurgeExpired {
    type Report = Purge;

    const NAME: &'static str = "purge";
    const KIND: JobKind = JobKind::Purge;

    fn lease(&self, env: &Env<'_>) -> Result<(JobLease, Option<String>), RunError> {
        JobLease::alone(env.ledger, env.period, env.now).map(|lease| (lease, None))
    }

    async fn run(&self, env: &Env<'_>, _: &StartedRun) -> Result<Purge, RunError> {
        let now = (env.now)();
        let purge = Purge::due(env.ledger, &env.settings.paths, &env.settings.keep, now).await?;
        purge.carry_out(env.ledger, now).await?;
        tracing::info!(files = purge.files.len(), runs = purge.runs.len(), "purged");
        Ok(purge)
    }
}

impl JobReport for Purge {
    fn partial(&self) -> &[String] {
        &[]
    }

    fn unsent(&self) -> Vec<String> {
        Vec::new()
    }

    fn add_held(&mut self, _: Vec<String>) {}
}

//! Each partner is sent its blank workbook, once.

use super::messages::{due, requests, send};
use super::rehearsal::Rehearse;
use super::report::CycleReport;
use crate::run::env::Env;
use crate::run::error::RunError;
use crate::run::job::{Job, StartedRun};
use crate::schedule::JobKind;

/// Sends each partner its blank workbook.
pub struct OpenReturns;

impl Job for OpenReturns {
    type Report = CycleReport;

    const NAME: &'static str = "returns-open";
    const KIND: JobKind = JobKind::OpenReturns;

    async fn run(&self, env: &Env<'_>, started: &StartedRun) -> Result<CycleReport, RunError> {
        let told = send(env, started.run, requests(env).await?).await?;
        Ok(CycleReport { told, ..CycleReport::new(env) })
    }
}

impl Rehearse for OpenReturns {
    async fn rehearse(&self, env: &Env<'_>) -> Result<CycleReport, RunError> {
        let drafts = due(env, requests(env).await?).await?;
        Ok(CycleReport { drafts, ..CycleReport::new(env) })
    }
}

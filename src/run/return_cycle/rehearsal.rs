//! What work on a quarter's returns would do, with nothing recorded and nothing sent.

use super::look::look_only;
use super::report::CycleReport;
use super::status::Status;
use crate::run::env::{Env, Setup};
use crate::run::error::RunError;
use crate::run::opening;
use jiff::civil::Date;

/// Work that can be tried.
pub trait Rehearse: Sync {
    /// # Errors
    /// As of the work itself.
    fn rehearse(&self, env: &Env<'_>) -> impl Future<Output = Result<CycleReport, RunError>> + Send;
}

/// A look that says how things stand, and is always a rehearsal.
pub struct ReturnsStatus;

impl Rehearse for ReturnsStatus {
    async fn rehearse(&self, env: &Env<'_>) -> Result<CycleReport, RunError> {
        let mut done = CycleReport::new(env);
        let looked = look_only(env).await?;
        let status = Status::new(env, &looked);
        done.take_in(looked, status);
        Ok(done)
    }
}

/// Tries work as at a day.
///
/// # Errors
/// See [`RunError`]; what concerns one workbook or one message is in what it gives back.
pub async fn rehearse(work: &impl Rehearse, setup: &Setup<'_>, as_at: Option<Date>) -> Result<CycleReport, RunError> {
    let Setup { settings, config, now, .. } = *setup;
    let when = config.quarter_and_day(as_at, now)?;
    opening::with_ledger(settings, false, now, async |ledger| work.rehearse(&setup.with_ledger(ledger, when)).await).await
}

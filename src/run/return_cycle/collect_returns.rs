//! The inbox is looked at: new versions are recorded, and their partners are told what became of them.

use super::drafts::NoticeDraft;
use super::look::{Looked, look_and_record, look_only};
use super::messages::{due, receipts, send_receipts, withdrawals};
use super::rehearsal::Rehearse;
use super::report::CycleReport;
use super::status::Status;
use crate::run::env::Env;
use crate::run::error::RunError;
use crate::run::job::{Job, StartedRun};
use crate::run::loaded_config::LoadedConfig;
use crate::schedule::JobKind;

/// Looks for workbooks, records new versions and sends their receipts.
pub struct CollectReturns {
    /// False keeps receipts back; the next look that sends makes up for them.
    pub sends: bool,
}

impl Job for CollectReturns {
    type Report = CycleReport;

    const NAME: &'static str = "returns-collect";
    const KIND: JobKind = JobKind::CollectReturns;

    fn alerts_of_ledger(&self, _: &LoadedConfig) -> bool {
        self.sends
    }

    async fn run(&self, env: &Env<'_>, started: &StartedRun) -> Result<CycleReport, RunError> {
        let mut done = CycleReport::new(env);
        let looked = look_and_record(env, started.run).await?;
        let status = Status::new(env, &looked);
        if self.sends {
            done.told = send_receipts(env, started.run, &looked).await?;
        }
        done.take_in(looked, status);
        Ok(done)
    }
}

impl Rehearse for CollectReturns {
    async fn rehearse(&self, env: &Env<'_>) -> Result<CycleReport, RunError> {
        let mut done = CycleReport::new(env);
        let looked = look_only(env).await?;
        let status = Status::new(env, &looked);
        done.drafts = due(env, drafts_of_receipts(env, &looked).await?).await?;
        done.take_in(looked, status);
        Ok(done)
    }
}

/// What partners would be told of what a look found.
pub(super) async fn drafts_of_receipts(env: &Env<'_>, looked: &Looked) -> Result<Vec<NoticeDraft>, RunError> {
    let mut drafts = Vec::new();
    for late in &looked.late {
        drafts.extend(receipts(&late.env(env), &late.returns, &late.extensions, &|receipt| late.is_news(receipt))?);
    }
    let own = receipts(env, &looked.returns, &looked.extensions, &|_| true)?;
    drafts.extend(own.clone());
    drafts.extend(withdrawals(env, looked, own).await?);
    Ok(drafts)
}

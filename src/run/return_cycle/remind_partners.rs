//! The inbox is looked at, and those who owe something are reminded, once a day at most.

use super::collect_returns::drafts_of_receipts;
use super::look::{look_and_record, look_only};
use super::messages::{due, reminders, send, send_receipts};
use super::notice::Notice;
use super::rehearsal::Rehearse;
use super::report::CycleReport;
use super::status::Status;
use crate::run::env::Env;
use crate::run::error::RunError;
use crate::run::job::{Job, StartedRun};
use crate::schedule::JobKind;
use jiff::civil::Date;

/// Collects, and then reminds those who owe something.
pub struct RemindPartners {
    /// The day that reminders are for, of which a partner gets one a day; today where none.
    pub for_day: Option<Date>,
}

impl Job for RemindPartners {
    type Report = CycleReport;

    const NAME: &'static str = "returns-remind";
    const KIND: JobKind = JobKind::Remind;

    async fn run(&self, env: &Env<'_>, started: &StartedRun) -> Result<CycleReport, RunError> {
        let mut done = CycleReport::new(env);
        let looked = look_and_record(env, started.run).await?;
        let status = Status::new(env, &looked);
        done.told = send_receipts(env, started.run, &looked).await?;
        // A receipt of this look says what is lacking and by when already.
        let has_heard = |partner: &str| {
            let of_quarter = |told: &&Notice| told.partner == partner && told.quarter == env.period;
            done.told.iter().filter(of_quarter).any(|told| !told.result.fell_short())
        };
        let mut reminders = reminders(env, &status, &looked, self.for_day).await?;
        reminders.retain(|draft| !has_heard(&draft.partner));
        done.told.extend(send(env, started.run, reminders).await?);
        done.take_in(looked, status);
        Ok(done)
    }
}

impl Rehearse for RemindPartners {
    async fn rehearse(&self, env: &Env<'_>) -> Result<CycleReport, RunError> {
        let mut done = CycleReport::new(env);
        let looked = look_only(env).await?;
        let status = Status::new(env, &looked);
        let mut drafts = due(env, drafts_of_receipts(env, &looked).await?).await?;
        let hears = |partner: &str| drafts.iter().any(|draft| draft.partner == partner && draft.key.period == env.period);
        let mut reminders = reminders(env, &status, &looked, self.for_day).await?;
        reminders.retain(|draft| !hears(&draft.partner));
        drafts.extend(reminders);
        done.drafts = due(env, drafts).await?;
        done.take_in(looked, status);
        Ok(done)
    }
}

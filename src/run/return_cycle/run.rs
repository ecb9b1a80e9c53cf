//! One task for a quarter's returns, as a run of the ledger or only rehearsed.

use super::cycle::Round;
use super::look::Looked;
use super::notice::Told;
use super::report::Done;
use super::status::{Sources, Status};
use super::task::{Request, Task};
use crate::run::alerts::{Chore, OperatorAlerts};
use crate::run::assess;
use crate::run::error::RunError;
use crate::run::lease::Lease;
use crate::run::loaded_config::LoadedConfig;
use crate::run::opening;
use crate::run::outcome::{outcome_of, recorded};
use crate::settings::Settings;
use crate::store::{NewRun, RunId};
use jiff::Timestamp;

/// Does one task. `now` is the clock.
///
/// # Errors
/// See [`RunError`]; what concerns one workbook or one message is in what it gives back.
pub async fn round(
    settings: &Settings,
    materials: &LoadedConfig,
    request: &Request,
    now: fn() -> Timestamp,
) -> Result<Done, RunError> {
    let (period, as_at) = assess::when(materials, request.as_at, now)?;
    let tells = request.sends && !request.dry_run;
    let ledger = opening::open(settings, tells, now).await?;
    let round = Round { settings, materials, ledger: &ledger, period, as_at, now };
    let result = if request.dry_run || request.task == Task::Status {
        round.rehearse(request).await
    } else {
        round.recorded(request).await
    };
    ledger.close().await;
    opening::told(settings, tells, now, result).await
}

/// How a task ended.
pub fn outcome(result: &Result<Done, RunError>) -> String {
    outcome_of(result.as_ref().map(Done::partial))
}

impl Round<'_> {
    /// Does the task as a run of the ledger, one at a time of its kind, and tells the operators where they are needed.
    async fn recorded(&self, request: &Request) -> Result<Done, RunError> {
        let &Round { settings, materials, ledger, period, as_at, now } = self;
        let pack = request.task.name();
        let (_lease, _) = Lease::of((pack, period), ledger, now)?;
        let mut met = request.met.clone();
        for cut_off in ledger.unfinished_runs(pack, period).await? {
            ledger.end_run(cut_off.id, "failed: it was cut off", now()).await?;
        }
        let held = opening::held();
        met.extend(held.iter().cloned());
        let edition = &materials.framework.edition.id;
        let run = ledger.start_run(&NewRun { pack, period, as_at, edition, trigger: &request.trigger }, now()).await?;
        let mut result = self.perform(run, request).await;
        if let Ok(done) = &mut result {
            // Where the settings have such messages sent again, they were.
            done.held = if settings.mail.at_least_once { Vec::new() } else { held };
        }
        let unsent = result.as_ref().map(|done| !done.partial().is_empty());
        ledger.end_run(run, &recorded(unsent.map(|unsent| (&[][..], unsent))), now()).await?;
        if matches!(result, Err(RunError::Stopped)) {
            return result;
        }
        let reasons = result.as_ref().map(Done::partial).map_err(ToString::to_string);
        let teller = OperatorAlerts::new(settings, materials, ledger, period, &request.trigger, now);
        teller.of_chore(Some(run), Chore::Round(request.task), reasons, met).await;
        teller.of_nobodys(Some(run), result.as_ref().map_or(Vec::new(), Done::nobodys)).await;
        result
    }

    /// Records what is new, and sends what is due.
    async fn perform(&self, run: RunId, request: &Request) -> Result<Done, RunError> {
        let mut done = self.nothing();
        if request.task == Task::Open {
            done.told = self.send(run, self.requests().await?).await?;
            return Ok(done);
        }
        let looked = self.look_and_record(run).await?;
        let status = self.status(&looked);
        if request.sends {
            done.told = self.send_receipts(run, &looked).await?;
            if request.task == Task::Remind {
                // A receipt of this look says what is lacking and by when already.
                let has_heard = |partner: &str| {
                    let of_quarter = |told: &&Told| told.partner == partner && told.quarter == self.period;
                    done.told.iter().filter(of_quarter).any(|told| !told.result.fell_short())
                };
                let mut reminders = self.reminders(&status, &looked, request.for_day).await?;
                reminders.retain(|draft| !has_heard(&draft.partner));
                done.told.extend(self.send(run, reminders).await?);
            }
        }
        done.take_in(looked, status);
        Ok(done)
    }

    /// As [`Self::perform`], with nothing recorded and nothing sent.
    async fn rehearse(&self, request: &Request) -> Result<Done, RunError> {
        let (task, mut done) = (request.task, self.nothing());
        let mut drafts = Vec::new();
        if task == Task::Open {
            drafts = self.requests().await?;
        } else {
            let looked = self.look_only().await?;
            let status = self.status(&looked);
            if task != Task::Status {
                for late in &looked.late {
                    drafts.extend(self.of(late).receipts(&late.news(), &late.extensions)?);
                }
                drafts.extend(self.receipts(&looked.returns, &looked.extensions)?);
                drafts.extend(self.withdrawals(&looked)?);
                drafts = self.due(drafts).await?;
            }
            if task == Task::Remind {
                let hears =
                    |partner: &str| drafts.iter().any(|draft| draft.partner == partner && draft.key.period == self.period);
                let mut reminders = self.reminders(&status, &looked, request.for_day).await?;
                reminders.retain(|draft| !hears(&draft.partner));
                drafts.extend(reminders);
            }
            done.take_in(looked, status);
        }
        done.drafts = self.due(drafts).await?;
        Ok(done)
    }

    fn status(&self, looked: &Looked) -> Status {
        let Round { materials, settings, period, as_at, .. } = *self;
        let Looked { returns, extensions, withdrawn, .. } = looked;
        let settings = &settings.returns;
        Status::of(Sources { materials, settings, period, as_at, returns, extensions, withdrawn })
    }
}

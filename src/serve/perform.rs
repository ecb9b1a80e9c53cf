//! What each kind of schedule does when one of its occurrences is run.

use super::configuration::Configuration;
use super::finals;
use super::server::{Server, Work};
use crate::retention::Purge;
use crate::run::alerts::Chore;
use crate::run::fetch::{self, fetch};
use crate::run::return_cycle::{self, Task};
use crate::run::{self, Request, RunError, To};
use crate::schedule::{JobKind, Occurrence, Schedule};
use crate::store::LedgerError;
use jiff::Timestamp;

/// How the work of an occurrence ended.
pub(super) enum Ended {
    /// As the ledger has it: `done`, or `partial: …` or `failed: …` with the reasons.
    With(String),
    /// Another is at work on the same, such as a person by hand.
    NotNow(String),
}

impl Work {
    /// Does what the schedule is for. What the settings pin stays pinned; `met` is told to the operators with the rest.
    pub(super) async fn perform(&self, schedule: &Schedule, occurrence: &Occurrence, met: Vec<String>) -> Ended {
        let Configuration { settings, materials, .. } = &*self.on;
        let Server { now, progress, .. } = &*self.server;
        let scheduled_for = occurrence.scheduled_for;
        // The final pack is of the quarter of the interim one.
        let of_interim = match finals::of_schedule(&occurrence.schedule) {
            Some(_) => match self.quarter_made_last(schedule).await {
                Ok(period) => period,
                Err(error) => return Ended::With(format!("failed: {error}")),
            },
            None => None,
        };
        let of_occurrence = || of_interim.unwrap_or_else(|| schedule.period_at(scheduled_for));
        let period = settings.pack.period.is_none().then(of_occurrence);
        let day = |at: Timestamp| materials.as_at.is_none().then(|| at.to_zoned(schedule.time_zone.clone()).date());
        let (as_at, trigger) = (day(now()), schedule.name.clone());
        let task = match schedule.kind {
            JobKind::Pack => {
                let recipients = schedule.recipients.clone().map_or(To::Nobody, To::List);
                let request = Request { as_at, recipients, draft: false, reissue: None, trigger, met };
                let result = match self.on.materials_for(period, *now) {
                    Ok(materials) => run::run(settings, &materials, &request, *now, &**progress).await,
                    Err(faults) => Err(faults.into()),
                };
                if let Err(error) = &result
                    && !is_told(error)
                {
                    // A run tells of its own failure and of the ledger's, but not where it could not even begin. The same is told once.
                    self.teller(Some(schedule), &schedule.name, scheduled_for).of_run(None, &result, Vec::new()).await;
                }
                return ended(&result, run::outcome(&result));
            }
            JobKind::FetchIndicators => {
                let request = fetch::Request { as_at, trigger, met };
                let result = match self.on.materials_for(period, *now) {
                    Ok(materials) => fetch(settings, &materials, &request, *now, &**progress).await,
                    Err(faults) => Err(faults.into()),
                };
                let outcome = fetch::outcome(&result);
                return self.chore_ended(schedule, scheduled_for, Chore::Fetch, result, outcome).await;
            }
            JobKind::Purge => return self.purge(schedule, scheduled_for, met).await,
            JobKind::OpenReturns => Task::Open,
            JobKind::CollectReturns => Task::Collect,
            JobKind::Remind => Task::Remind,
        };
        let for_day = day(scheduled_for);
        let request = return_cycle::Request { task, as_at, for_day, trigger, met, sends: true, dry_run: false };
        let result = match self.on.materials_for(period, *now) {
            Ok(materials) => return_cycle::round(settings, &materials, &request, *now).await,
            Err(faults) => Err(faults.into()),
        };
        let outcome = return_cycle::outcome(&result);
        self.chore_ended(schedule, scheduled_for, Chore::Round(task), result, outcome).await
    }

    /// As for the pack: what could not even begin is told here.
    async fn chore_ended<T>(
        &self,
        schedule: &Schedule,
        scheduled_for: Timestamp,
        chore: Chore,
        result: Result<T, RunError>,
        outcome: String,
    ) -> Ended {
        if let Err(error) = &result
            && !is_told(error)
        {
            let teller = self.teller(Some(schedule), &schedule.name, scheduled_for);
            teller.of_chore(None, chore, Err(error.to_string()), Vec::new()).await;
        }
        ended(&result, outcome)
    }

    async fn purge(&self, schedule: &Schedule, scheduled_for: Timestamp, met: Vec<String>) -> Ended {
        let Server { ledger, now, .. } = &*self.server;
        let now = now();
        let (paths, keep) = (&self.on.settings.paths, &self.on.settings.keep);
        let purged = async {
            let purge = Purge::due(ledger, paths, keep, now).await?;
            let went = purge.carry_out(ledger, now).await?;
            tracing::info!(files = purge.files.len(), runs = purge.runs.len(), went, "purged");
            Ok::<_, LedgerError>(went)
        };
        let result = match purged.await {
            Ok(false) => return Ended::NotNow("a run is at work, and may need what is to be removed".to_owned()),
            Ok(true) => Ok(Vec::new()),
            Err(error) => Err(error.to_string()),
        };
        let outcome = result.as_ref().map_or_else(|error| format!("failed: {error}"), |_| "done".to_owned());
        self.teller(Some(schedule), &schedule.name, scheduled_for).of_chore(None, Chore::Purge, result, met).await;
        Ended::With(outcome)
    }
}

/// Whether an error needs no telling: another is at work and tells of it, work that was told to stop is gone on with, and of
/// the ledger operators were told.
fn is_told(error: &RunError) -> bool {
    use RunError::{InUse, LeaseLost, Ledger, Stopped, Unopened};
    matches!(error, InUse { .. } | LeaseLost { .. } | Stopped | Unopened(_) | Ledger(_))
}

fn ended<T>(result: &Result<T, RunError>, outcome: String) -> Ended {
    match result {
        Err(error @ (RunError::InUse { .. } | RunError::Stopped)) => Ended::NotNow(error.to_string()),
        _ => Ended::With(outcome),
    }
}

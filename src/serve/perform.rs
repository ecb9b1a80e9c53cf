//! What each kind of schedule does when one of its occurrences is run.

use super::configuration::Configuration;
use super::finals;
use super::server::{Server, Work};
use crate::period::Period;
use crate::run::return_cycle::{CollectReturns, OpenReturns, RemindPartners};
use crate::run::{self, FetchIndicators, Job, JobReport, Met, PackJob, PackReaders, PurgeExpired, RunError, Setup, Trigger};
use crate::schedule::{JobKind, Occurrence, Schedule};
use crate::store::RunOutcome;
use jiff::Timestamp;

/// How the work of an occurrence ended.
pub(super) enum Ended {
    With(RunOutcome),
    /// Another is at work on the same, such as a person by hand.
    NotNow(String),
}

/// What an occurrence is of: the quarter is that of the settings where none.
struct Occasion<'a> {
    schedule: &'a Schedule,
    scheduled_for: Timestamp,
    period: Option<Period>,
}

impl Work {
    /// Does what the schedule is for. What the settings pin stays pinned; `met` is told to the operators with the rest.
    pub(super) async fn perform(&self, schedule: &Schedule, occurrence: &Occurrence, met: Vec<String>) -> Ended {
        let Configuration { settings, config, .. } = &*self.on;
        let Server { now, .. } = &*self.server;
        let scheduled_for = occurrence.scheduled_for;
        // The final pack is of the quarter of the interim one.
        let of_interim = match finals::of_schedule(&occurrence.schedule) {
            Some(_) => match self.quarter_made_last(schedule).await {
                Ok(period) => period,
                Err(error) => return Ended::With(RunOutcome::failed(error)),
            },
            None => None,
        };
        let of_occurrence = || of_interim.unwrap_or_else(|| schedule.period_at(scheduled_for));
        let period = settings.pack.period.is_none().then(of_occurrence);
        let day = |at: Timestamp| config.as_at.is_none().then(|| at.to_zoned(schedule.time_zone.clone()).date());
        let occasion = Occasion { schedule, scheduled_for, period };
        let trigger = Trigger { as_at: day(now()), by: schedule.name.clone(), met };
        match schedule.kind {
            JobKind::Pack => {
                let recipients = schedule.recipients.clone().map_or(PackReaders::Nobody, PackReaders::List);
                self.run_job(&PackJob { recipients, draft: false, reissue: None }, &occasion, &trigger).await
            }
            JobKind::FetchIndicators => self.run_job(&FetchIndicators, &occasion, &trigger).await,
            JobKind::OpenReturns => self.run_job(&OpenReturns, &occasion, &trigger).await,
            JobKind::CollectReturns => self.run_job(&CollectReturns { sends: true }, &occasion, &trigger).await,
            JobKind::Remind => self.run_job(&RemindPartners { for_day: day(scheduled_for) }, &occasion, &trigger).await,
            // It is about no quarter.
            JobKind::Purge => self.run_job(&PurgeExpired, &Occasion { period: None, ..occasion }, &trigger).await,
        }
    }

    /// A job tells the operators of its own failure and of the ledger's, but not where it could not even begin: that is told here.
    /// The same is told once.
    async fn run_job<J: Job>(&self, job: &J, occasion: &Occasion<'_>, trigger: &Trigger) -> Ended {
        let Configuration { settings, .. } = &*self.on;
        let Server { now, progress, .. } = &*self.server;
        let result = match self.on.materials_for(occasion.period, *now) {
            Ok(config) => {
                let setup = Setup { settings, config: &config, now: *now, progress: &**progress };
                run::run_job(job, &setup, trigger).await.inspect(|report| {
                    for line in report.other_files() {
                        tracing::warn!("{line}");
                    }
                })
            }
            Err(faults) => Err(faults.into()),
        };
        if let Err(error) = &result
            && !is_told(error)
        {
            let alerts = self.teller(Some(occasion.schedule), &occasion.schedule.name, occasion.scheduled_for);
            job.alert(&alerts, None, &result, Met::default()).await;
        }
        match &result {
            Err(error @ (RunError::InUse { .. } | RunError::WorkInHand | RunError::Stopped)) => Ended::NotNow(error.to_string()),
            _ => Ended::With(run::outcome(&result)),
        }
    }
}

/// Whether an error needs no telling: another is at work and tells of it, work that was told to stop is gone on with, and of
/// the ledger operators were told.
fn is_told(error: &RunError) -> bool {
    use RunError::{InUse, LeaseLost, Ledger, Stopped, Unopened, WorkInHand};
    matches!(error, InUse { .. } | WorkInHand | LeaseLost { .. } | Stopped | Unopened(_) | Ledger(_))
}

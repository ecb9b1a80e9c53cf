//! The one way in which jobs are run: one at a time, recorded, within a deadline, resumed where they were cut off, and with a word
//! to the operators where they are needed.

use super::alerts::OperatorAlerts;
use super::env::{Env, Setup};
use super::error::RunError;
use super::job::{Job, JobReport, Met, StartedRun};
use super::lease::JobLease;
use super::outcome::{outcome_of, recorded};
use super::{opening, supervise};
use crate::store::{LedgerError, NewRun, RunOutcome};
use jiff::civil::Date;
use tracing::Instrument;

/// Who asked for a job, for which day, and with what in hand.
#[derive(Debug, Clone, Default)]
pub struct Trigger {
    /// What "today" is; the settings' or the clock's date where none.
    pub as_at: Option<Date>,
    /// `by hand`, or the name of a schedule.
    pub by: String,
    /// What was met before the job began, for the operators to be told with the rest.
    pub met: Vec<String>,
}

impl Trigger {
    pub fn by_hand(as_at: Option<Date>) -> Self {
        Self { as_at, by: "by hand".to_owned(), met: Vec::new() }
    }
}

/// Runs a job.
///
/// # Errors
/// See [`RunError`].
pub async fn run_job<J: Job>(job: &J, setup: &Setup<'_>, trigger: &Trigger) -> Result<J::Report, RunError> {
    let Setup { settings, config, now, .. } = *setup;
    let when = config.quarter_and_day(trigger.as_at, now)?;
    let alerts_of_ledger = job.alerts_of_ledger(config);
    opening::with_ledger(settings, alerts_of_ledger, now, async |ledger| {
        locked(job, setup.with_ledger(ledger, when), trigger).await
    })
    .await
}

/// How a job ended, with all that it fell short of.
pub fn outcome<R: JobReport>(result: &Result<R, RunError>) -> RunOutcome {
    outcome_of(result.as_ref().map(JobReport::shortfalls))
}

/// Runs a job under its lease.
async fn locked<J: Job>(job: &J, env: Env<'_>, trigger: &Trigger) -> Result<J::Report, RunError> {
    let (lease, left_by) = job.lease(&env)?;
    let request = job.request(&env).await?;
    let (started, as_at) = started(job, &env, trigger, request, lease).await?;
    // At a level that no setting leaves out, so that every line says of which run it is.
    let span = tracing::error_span!("run", run = started.run.0);
    supervised(job, &Env { as_at, ..env }, trigger, &started, left_by).instrument(span).await
}

/// Resumes a run that was cut off and does what is asked, or starts a new one. Any other that was cut off is recorded as such.
async fn started<J: Job>(
    job: &J,
    env: &Env<'_>,
    trigger: &Trigger,
    request: Option<String>,
    lease: JobLease,
) -> Result<(StartedRun, Date), LedgerError> {
    let Env { ledger, period, now, .. } = *env;
    let mut resumed = None;
    for earlier in ledger.unfinished_runs(J::NAME, period).await? {
        let finished: Vec<String> = ledger.stages(earlier.id).await?.into_iter().map(|stage| stage.name).collect();
        let asked = request.as_ref().filter(|_| resumed.is_none());
        let resumes = asked.and_then(|request| job.resumes(env, request, &earlier, &finished));
        match (resumes, earlier.as_at.parse()) {
            (Some(request), Ok(as_at)) => resumed = Some((earlier.id, as_at, request, finished)),
            _ => {
                ledger
                    .end_run(earlier.id, &RunOutcome::failed("it was cut off, and another was asked for after it"), now())
                    .await?
            }
        }
    }
    let (run, as_at, request, finished) = match resumed {
        Some((run, as_at, request, finished)) => (run, as_at, Some(request), finished),
        None => {
            let edition = &env.config.framework.edition.id;
            let new = NewRun { pack: J::NAME, period, as_at: env.as_at, edition, trigger: &trigger.by };
            (ledger.start_run(&new, now()).await?, env.as_at, request, Vec::new())
        }
    };
    if let Some(request) = &request {
        ledger.record_request(run, request).await?;
    }
    Ok((StartedRun { run, lease, trigger: trigger.by.clone(), request, finished }, as_at))
}

async fn supervised<J: Job>(
    job: &J,
    env: &Env<'_>,
    trigger: &Trigger,
    started: &StartedRun,
    left_by: Option<String>,
) -> Result<J::Report, RunError> {
    let Env { settings, config, ledger, period, now, .. } = *env;
    let mut cut_off = trigger.met.clone();
    let held = if J::KIND.writes_to_people() { opening::take_cut_off() } else { Vec::new() };
    // One that was told to stop, and did, left its lease in order.
    if let Some(holder) = left_by.filter(|_| !started.finished.is_empty()) {
        let line = format!("A run by {holder} was interrupted after: {}.", started.finished.join(", "));
        tracing::warn!(met = line, held = held.join("; "), "resuming an interrupted run");
        cut_off.push(line);
    }
    let met = Met { cut_off, held: held.clone() };
    let mut result = supervise::contained(settings.run.deadline(), job.run(env, started)).await;
    // What others may be at work on is theirs to end; what was told to stop is resumed.
    if started.request.is_some() && matches!(result, Err(RunError::LeaseLost { .. } | RunError::Stopped)) {
        return result;
    }
    // Where the settings have such messages sent again, they were.
    if let Ok(report) = &mut result
        && !settings.mail.at_least_once
    {
        report.add_held(held);
    }
    let recorded = async {
        if result.is_err() {
            // It may have been cut off in the middle of a conversation.
            ledger.hold_own(now()).await?;
        }
        let ended = result.as_ref().map(|report| (report.partial(), !report.unsent().is_empty()));
        ledger.end_run(started.run, &recorded(ended), now()).await
    };
    let recorded = recorded.await;
    // Above all where the ledger fails, somebody must hear of it.
    if !matches!(result, Err(RunError::Stopped)) {
        let alerts = OperatorAlerts::new(settings, config, ledger, period, &trigger.by, now);
        job.alert(&alerts, Some(started.run), &result, met).await;
    }
    let report = result?;
    recorded?;
    Ok(report)
}

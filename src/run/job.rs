//! Jobs: what can be done by hand or on schedule, each as a run of its own. [`runner`](super::runner) runs them all.

use super::alerts::OperatorAlerts;
use super::env::Env;
use super::error::RunError;
use super::lease::JobLease;
use super::loaded_config::LoadedConfig;
use crate::schedule::JobKind;
use crate::store::{RunId, RunRow};

/// Work that is done as a run: one at a time of its name and quarter, recorded in the ledger, within a deadline.
pub trait Job: Sync {
    type Report: JobReport;

    /// What its runs are called in the ledger.
    const NAME: &'static str;
    const KIND: JobKind;

    /// Whether operators are told where the ledger cannot be used.
    fn alerts_of_ledger(&self, _: &LoadedConfig) -> bool {
        true
    }

    /// Takes the lease under which it works; who had it before and died with it comes with it. Others may work beside it.
    ///
    /// # Errors
    /// [`RunError::InUse`] where another run of its name and quarter is at work; the ledger's.
    fn lease(&self, env: &Env<'_>) -> Result<(JobLease, Option<String>), RunError> {
        JobLease::of((Self::NAME, env.period), env.ledger, env.now)
    }

    /// What is asked in full, as the ledger keeps it so that a run that was cut off can be resumed; none where another is started
    /// in its place.
    fn request(&self, _: &Env<'_>) -> impl Future<Output = Result<Option<String>, RunError>> + Send {
        async { Ok(None) }
    }

    /// Whether `earlier`, which was cut off after the stages that it had `finished`, does what is asked by `request`: the request
    /// by which it is resumed.
    fn resumes(&self, _env: &Env<'_>, _request: &str, _earlier: &RunRow, _finished: &[String]) -> Option<String> {
        None
    }

    /// Does the work.
    ///
    /// # Errors
    /// Why it came to nothing; what concerns one return, one source or one recipient is in the report instead.
    fn run(&self, env: &Env<'_>, started: &StartedRun) -> impl Future<Output = Result<Self::Report, RunError>> + Send;

    /// Tells the operators where they are needed. A run that never began has no number.
    fn alert(
        &self,
        alerts: &OperatorAlerts<'_>,
        run: Option<RunId>,
        result: &Result<Self::Report, RunError>,
        met: Met,
    ) -> impl Future<Output = ()> + Send {
        let reasons = result.as_ref().map(JobReport::shortfalls).map_err(ToString::to_string);
        let unmatched = result.as_ref().map_or(Vec::new(), JobReport::unmatched);
        async move {
            alerts.of_job(run, Self::KIND, reasons, met).await;
            alerts.of_unmatched(run, unmatched).await;
        }
    }
}

/// What a job did, for whoever asked for it.
pub trait JobReport: Send + Sync {
    /// Why it is only partly done, whatever becomes of its messages.
    fn partial(&self) -> &[String];

    /// What of its messages was not sent, for whatever reason, as it ended.
    fn unsent(&self) -> Vec<String>;

    /// The workbooks that it saw first and could lay to no partner, each with the reason.
    fn unmatched(&self) -> Vec<String> {
        Vec::new()
    }

    /// What else lies in the inbox, a line each: by hand it is printed, else it is logged.
    fn other_files(&self) -> Vec<String> {
        Vec::new()
    }

    /// Adds what earlier work left held: it may have arrived, and is not sent again.
    fn add_held(&mut self, held: Vec<String>);

    /// Why it is only partly done as it ends; empty where it is done.
    fn shortfalls(&self) -> Vec<String> {
        self.partial().iter().cloned().chain(self.unsent()).collect()
    }
}

/// What was met as a job began.
#[derive(Debug, Clone, Default)]
pub struct Met {
    /// That its own work had been cut off, and is gone on with.
    pub cut_off: Vec<String>,
    /// Messages of whatever work that may have arrived, a line for those of each run.
    pub held: Vec<String>,
}

/// A run that has begun, now or before it was cut off.
pub struct StartedRun {
    pub run: RunId,
    pub lease: JobLease,
    /// Who asked for it.
    pub trigger: String,
    /// By which it is done.
    pub request: Option<String>,
    /// The stages that it had finished before it was cut off.
    pub finished: Vec<String>,
}

//! The public sources asked ahead of a pack, so that the archive has their newest answers and a source that is down is
//! known of in time. A run of the pack may go on beside it: the archive takes answers from several at once, each under its
//! SHA-256, and neither has anything of the other's in hand.

use super::assess;
use super::env::Env;
use super::error::RunError;
use super::job::{Job, JobReport, StartedRun};
use crate::collect::{Collection, IndicatorOutcome};
use crate::counted::counted;
use crate::schedule::JobKind;

/// Its one stage, in the ledger.
const STAGE: &str = "fetch";

/// Asks every public source as a run of the pack would, records what became of each question, and tells the operators of
/// sources that are down.
pub struct FetchIndicators;

/// What became of the questions.
#[derive(Debug)]
pub struct FetchReport {
    /// The sources that are down, with what is the matter.
    pub down: Vec<String>,
}

impl Job for FetchIndicators {
    type Report = FetchReport;

    const NAME: &'static str = "indicators-fetch";
    const KIND: JobKind = JobKind::FetchIndicators;

    async fn run(&self, env: &Env<'_>, started: &StartedRun) -> Result<FetchReport, RunError> {
        env.progress.stage_starts(STAGE);
        let wanted = assess::wanted(env.config, env.period, env.as_at);
        let fetched = assess::indicators(&env.setup(), &wanted).await;
        let down: Vec<String> = fetched.receipts.iter().filter_map(assess::failed_indicator).collect();
        let is_new = |outcome: &IndicatorOutcome| matches!(outcome, IndicatorOutcome::Received { instead_of: None, .. });
        let came = fetched.receipts.iter().filter(|receipt| is_new(&receipt.outcome)).count();
        let detail = format!("{came} of {} received", counted(fetched.receipts.len(), "indicator", "indicators"));
        // The figures themselves are a pack's to record.
        let inputs = Collection { indicators: fetched.receipts, ..Collection::default() };
        env.ledger.record_inputs(started.run, &inputs).await?;
        env.ledger.end_stage(started.run, STAGE, &detail, (env.now)()).await?;
        env.progress.stage_ends(STAGE, &detail);
        Ok(FetchReport { down })
    }
}

impl JobReport for FetchReport {
    fn partial(&self) -> &[String] {
        &self.down
    }

    fn unsent(&self) -> Vec<String> {
        Vec::new()
    }

    fn add_held(&mut self, _: Vec<String>) {}
}

//! The public sources asked ahead of a pack, so that the archive has their newest answers and a source that is down is
//! known of in time. A run of the pack may go on beside it: the archive takes answers from several at once, each under its
//! SHA-256, and neither has anything of the other's in hand.

use super::alerts::{Chore, OperatorAlerts};
use super::error::RunError;
use super::lease::Lease;
use super::loaded_config::LoadedConfig;
use super::outcome::outcome_of;
use super::progress::Progress;
use super::{assess, opening};
use crate::collect::{Collection, IndicatorOutcome};
use crate::counted::counted;
use crate::period::Period;
use crate::settings::Settings;
use crate::store::{Ledger, NewRun};
use jiff::{Timestamp, civil::Date};

/// In the ledger: the name of such a run, and of its one stage.
const FETCH: &str = "indicators-fetch";
const STAGE: &str = "fetch";

/// What is asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// What "today" is; the settings' or the clock's date where none.
    pub as_at: Option<Date>,
    /// Who asked: the name of a schedule.
    pub trigger: String,
    /// What was met before it began, for the operators to be told with the rest.
    pub met: Vec<String>,
}

/// Asks every public source as a run of the pack would, records what became of each question, and tells the operators of
/// sources that are down. Gives why it is only partly done; nothing where it is done.
///
/// # Errors
/// The ledger's, a quarter that has not ended, another fetch at work.
pub async fn fetch(
    settings: &Settings,
    materials: &LoadedConfig,
    request: &Request,
    now: fn() -> Timestamp,
    progress: &dyn Progress,
) -> Result<Vec<String>, RunError> {
    let (period, as_at) = assess::when(materials, request.as_at, now)?;
    let ledger = opening::open(settings, true, now).await?;
    let result = with_ledger(settings, materials, request, now, progress, (&ledger, period, as_at)).await;
    ledger.close().await;
    opening::told(settings, true, now, result).await
}

async fn with_ledger(
    settings: &Settings,
    materials: &LoadedConfig,
    request: &Request,
    now: fn() -> Timestamp,
    progress: &dyn Progress,
    (ledger, period, as_at): (&Ledger, Period, Date),
) -> Result<Vec<String>, RunError> {
    let (_lease, _) = Lease::of((FETCH, period), ledger, now)?;
    for cut_off in ledger.unfinished_runs(FETCH, period).await? {
        ledger.end_run(cut_off.id, "failed: it was cut off", now()).await?;
    }
    let edition = &materials.framework.edition.id;
    let run = ledger.start_run(&NewRun { pack: FETCH, period, as_at, edition, trigger: &request.trigger }, now()).await?;
    progress.stage_starts(STAGE);
    let wanted = assess::wanted(materials, period, as_at);
    let fetched = assess::indicators(settings, materials, &wanted, now, progress).await;
    let down: Vec<String> = fetched.receipts.iter().filter_map(assess::failed_indicator).collect();
    let is_new = |outcome: &IndicatorOutcome| matches!(outcome, IndicatorOutcome::Received { instead_of: None, .. });
    let came = fetched.receipts.iter().filter(|receipt| is_new(&receipt.outcome)).count();
    let detail = format!("{came} of {} received", counted(fetched.receipts.len(), "indicator", "indicators"));
    // The figures themselves are a pack's to record.
    let inputs = Collection { indicators: fetched.receipts, ..Collection::default() };
    ledger.record_inputs(run, &inputs).await?;
    ledger.end_stage(run, STAGE, &detail, now()).await?;
    progress.stage_ends(STAGE, &detail);
    ledger.end_run(run, &outcome_of(Ok(down.clone())), now()).await?;
    let teller = OperatorAlerts::new(settings, materials, ledger, period, &request.trigger, now);
    teller.of_chore(Some(run), Chore::Fetch, Ok(down.clone()), request.met.clone()).await;
    Ok(down)
}

/// How it ended, as the ledger has it.
pub fn outcome(result: &Result<Vec<String>, RunError>) -> String {
    outcome_of(result.as_ref().map(|down| down.to_vec()))
}

//! How a run stands. What happened in it is recorded as it ends and stays so; what has become of its messages and of a pack that
//! waits for approval is worked out whenever somebody asks, for it changes after that.

use super::checkpoints::{Checkpoints, RENDER};
use super::error::RunError;
use super::message_kinds::{INTERIM, PACK};
use super::stage_records::RenderedRun;
use crate::archive::Archive;
use crate::counted::counted;
use crate::distribute::alert;
use crate::period::{Period, YearKind};
use crate::store::{Ledger, LedgerError, LostApproval, MessageRow, MessageState, RunId, RunOutcome, RunRow};
use std::path::Path;

/// Recorded of a run that was cut off and that a person then cancelled.
const CANCELLED: &str = "it was cancelled";

/// Recorded in full by earlier versions of boardpack, whatever became of the pack.
const ONCE_RECORDED: &str = "the pack waits for approval";

/// A run that was cut off and that a person then cancelled.
pub(super) fn cut_off_and_cancelled() -> RunOutcome {
    RunOutcome::failed(CANCELLED)
}

/// What is recorded as a run ends: done, partly done with the reasons that stay what they are, or failed. `unsent` is true where
/// messages did not go or wait, for which no reason is recorded: they may go later.
pub(super) fn recorded(ended: Result<(&[String], bool), &RunError>) -> RunOutcome {
    match ended {
        Ok(([], true)) => RunOutcome::Partial(Vec::new()),
        Ok((reasons, _)) => RunOutcome::of(reasons.to_vec()),
        Err(error) => RunOutcome::failed(error),
    }
}

/// How a run ended, with all that it fell short of.
pub(super) fn outcome_of(shortfalls: Result<Vec<String>, &RunError>) -> RunOutcome {
    shortfalls.map_or_else(RunOutcome::failed, RunOutcome::of)
}

/// What of a run's packs a person was to approve.
enum Approval {
    /// Nothing, or they were approved.
    None,
    /// Its word is awaited, by the number of this run.
    Awaited(RunId),
    /// A later run made other packs; which, where that is known.
    Replaced(Option<RunId>),
    Cancelled,
}

/// How a run stands now, in words: `not ended`, `done`, `partial: …`, `failed: …`, `replaced: …`, `cancelled: …`.
///
/// # Errors
/// See [`LedgerError`].
pub async fn standing(ledger: &Ledger, archive: &Path, run: &RunRow) -> Result<String, LedgerError> {
    let Some(recorded) = &run.outcome else { return Ok("not ended".to_owned()) };
    if *recorded == cut_off_and_cancelled() {
        return Ok("cancelled: it was cut off, and what it had not sent is not sent".to_owned());
    }
    if LostApproval::is_outcome(recorded) {
        let again = next_with_packs(ledger, run, run.id).await?;
        return Ok(again.map_or_else(|| recorded.to_string(), replaced_by));
    }
    let messages = ledger.messages(run.id).await?;
    let mut open = left(&messages);
    // What it could not send may be another run's message, which is held.
    let is_of_messages = *recorded == RunOutcome::Partial(Vec::new());
    let held = if is_of_messages && open.is_empty() { ledger.held_of_others(run).await? } else { 0 };
    if held > 0 {
        let one = "message of an earlier run is held, for it may have arrived";
        open.push(counted(held, one, "messages of earlier runs are held, for they may have arrived"));
    }
    let reasons = match recorded {
        RunOutcome::Done => &[][..],
        RunOutcome::Partial(reasons) => &reasons[..],
        RunOutcome::DoneFor(_) | RunOutcome::Failed(_) | RunOutcome::Missed(_) => {
            return Ok(std::iter::once(recorded.to_string()).chain(open).collect::<Vec<_>>().join("; "));
        }
    };
    match approval(ledger, archive, run).await? {
        Approval::None => {}
        Approval::Awaited(number) => {
            open.insert(0, format!("{ONCE_RECORDED}: `boardpack runs approve {number} --by NAME` sends it"));
        }
        Approval::Replaced(Some(by)) => return Ok(replaced_by(by)),
        Approval::Replaced(None) => return Ok("replaced: another pack took its place".to_owned()),
        Approval::Cancelled => return Ok("cancelled: its pack was not approved and is not sent".to_owned()),
    }
    let lasting = reasons.iter().filter(|reason| !reason.starts_with(ONCE_RECORDED)).cloned();
    Ok(RunOutcome::of(lasting.chain(open).collect()).to_string())
}

fn replaced_by(run: RunId) -> String {
    format!("replaced: run {run} took its place")
}

/// The messages that a run wrote or sent last and that did not arrive. What waits for approval is told as that, and an alert that
/// operators did not get is no part of what the run was to do, unless it is held.
fn left(messages: &[MessageRow]) -> Vec<String> {
    use MessageState::{Cancelled, Pending, Refused, Sending, Unknown};
    let count = |state: MessageState| {
        let counts = |one: &&MessageRow| one.state == state && (one.key.kind != alert::NAME || state == Unknown);
        messages.iter().filter(counts).count()
    };
    let told = [
        (Refused, "was refused", "were refused"),
        (Unknown, "is held, for it may have arrived", "are held, for they may have arrived"),
        (Sending, "is being sent", "are being sent"),
        (Pending, "has not been sent yet", "have not been sent yet"),
        (Cancelled, "was cancelled", "were cancelled"),
    ];
    let told = told.into_iter().map(|(state, one, several)| (count(state), one, several)).filter(|(count, ..)| *count > 0);
    told.map(|(n, one, several)| counted(n, &format!("message {one}"), &format!("messages {several}"))).collect()
}

async fn approval(ledger: &Ledger, archive: &Path, run: &RunRow) -> Result<Approval, LedgerError> {
    let number = match ledger.approval(run.id).await? {
        Some(_) => Some(run.id),
        None => same_as(ledger, archive, run).await?,
    };
    let Some(number) = number else { return Ok(Approval::None) };
    let is_approved = ledger.approval(number).await?.is_some_and(|approval| approval.approved_by.is_some());
    let messages = ledger.messages(number).await?;
    let packs: Vec<&MessageRow> = messages.iter().filter(|row| [PACK, INTERIM].contains(&&*row.key.kind)).collect();
    Ok(if is_approved {
        Approval::None
    } else if packs.iter().any(|row| row.state == MessageState::Waiting) {
        Approval::Awaited(number)
    } else if packs.iter().any(|row| row.state == MessageState::Cancelled && row.detail.is_empty()) {
        Approval::Cancelled
    } else {
        Approval::Replaced(next_with_packs(ledger, run, number).await?)
    })
}

/// The run by whose number the packs of this one were to be approved, where it is another, which made an identical pack.
async fn same_as(ledger: &Ledger, archive: &Path, run: &RunRow) -> Result<Option<RunId>, LedgerError> {
    if run.pack != PACK {
        return Ok(None);
    }
    let checkpoints = Checkpoints { ledger, archive: Archive::new(archive.to_owned()), run: run.id };
    if checkpoints.find(RENDER).await?.is_none() {
        return Ok(None);
    }
    match checkpoints.load::<RenderedRun>(RENDER).await {
        Ok(ready) => Ok(ready.waits_as),
        Err(RunError::Ledger(error)) => Err(error),
        // What a purge let go of waits no more.
        Err(_) => Ok(None),
    }
}

/// The first run after that number that asked for a word on packs of the quarter, or wrote some to its outbox: what it wrote may be
/// another's by now.
async fn next_with_packs(ledger: &Ledger, run: &RunRow, number: RunId) -> Result<Option<RunId>, LedgerError> {
    let Ok(period) = Period::parse(&run.period, YearKind::Financial) else { return Ok(None) };
    let mut later: Vec<RunId> = ledger.asked_after(number, PACK, period).await?.into_iter().collect();
    for kind in [PACK, INTERIM] {
        let rows = ledger.messages_of(kind, period).await?;
        later.extend(rows.into_iter().map(|row| row.run).filter(|other| *other > number));
    }
    Ok(later.into_iter().min())
}

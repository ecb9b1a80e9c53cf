//! Packs that wait for a person's word: the operators get a draft of each, and the word sends the very bytes that were ready
//! with it.

use super::alerts::OperatorAlerts;
use super::checkpoints::{COLLECT, Checkpoints, EVALUATE, RENDER};
use super::env::Env;
use super::error::RunError;
use super::lease::JobLease;
use super::loaded_config::LoadedConfig;
use super::manifest::{self, Manifest};
use super::message_commands::{Successor, unknown};
use super::message_content::MessageContent;
use super::message_kinds::{self, PACK};
use super::post::OutboxSender;
use super::progress::Unwatched;
use super::return_cycle::look::look;
use super::stage_records::{EvaluatedRun, RenderedRun};
use super::{assess, opening, outcome, since};
use crate::archive::{Archive, sha256};
use crate::collect::Collection;
use crate::distribute::{DeliveryResult, OutgoingMessage};
use crate::fault::{Fault, Faults};
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError, MessageRow, MessageState, RunId};
use jiff::Timestamp;

const UNDO: &str = "undo that and approve it again, or run again and approve the new pack";

/// Everything that packs were made from, by one SHA-256: inputs, settings that bear on them, configuration files.
pub(super) fn inputs(settings: &Settings, judged: &EvaluatedRun) -> Result<String, Fault> {
    Ok(sha256(&Manifest::new(settings, &judged.published, Vec::new())?.to_json()))
}

/// What became of the messages of an approved pack, in order, and what was found cut off before, a line for those of each run.
#[derive(Debug)]
pub struct Approved {
    pub delivered: Vec<DeliveryResult>,
    pub held: Vec<String>,
}

/// Approves a run's packs in the name of `by`, and sends them; what became of each message, in order. Where they were
/// approved before and the sending was cut off, or a server refused it, what is left is sent.
///
/// # Errors
/// [`RunError::NotApproved`] where what they were made from has changed since, or nothing of them waits any more: nothing is
/// changed then, so that they can be approved once the change is undone. There is no such run, or it never waited.
pub async fn approve(
    settings: &Settings,
    config: &LoadedConfig,
    run: RunId,
    by: &str,
    now: fn() -> Timestamp,
) -> Result<Approved, RunError> {
    opening::with_ledger(settings, true, now, async |ledger| approved(settings, config, run, by, now, ledger).await).await
}

async fn approved(
    settings: &Settings,
    config: &LoadedConfig,
    run: RunId,
    by: &str,
    now: fn() -> Timestamp,
    ledger: &Ledger,
) -> Result<Approved, RunError> {
    let Some(row) = ledger.run(run).await? else {
        return Err(unknown(format!("run {run}"), "`boardpack runs list` lists the runs, with those that wait for approval"));
    };
    let run = waits_as(ledger, settings, run).await?;
    let Some(approval) = ledger.approval(run).await? else {
        let outcome = outcome::standing(ledger, &settings.paths.archive, &row).await?;
        let remedy = "`boardpack runs list` names those that wait".to_owned();
        return Err(RunError::NotApproved {
            run,
            why: format!("it does not wait for approval; its outcome is: {outcome}"),
            remedy,
        });
    };
    let checkpoints = Checkpoints { ledger, archive: Archive::new(settings.paths.archive.clone()), run };
    let ready: RenderedRun = checkpoints.load(RENDER).await?;
    // By the record of the last run that made an identical pack.
    let last = checkpoints.of(approval.made_by);
    let judged: EvaluatedRun = last.load(EVALUATE).await?;
    let period = judged.published.evaluation.period;
    let (lease, _) = JobLease::take(ledger, period, now)?;
    check_last(settings, &checkpoints, &ready).await?;
    if approval.approved_by.is_none() {
        let obstacle = match waits(ledger, &ready, run).await? {
            false => Some(gone(ledger, &judged, run).await?),
            true => {
                let changes = changes(settings, config, &last, &judged, &approval.inputs, now).await?;
                Some((changes.join("; "), UNDO.to_owned())).filter(|_| !changes.is_empty())
            }
        };
        if let Some((why, remedy)) = obstacle {
            return Err(RunError::NotApproved { run, why, remedy });
        }
        ledger.approve(run, by, now()).await?;
    }
    let held = opening::take_cut_off();
    let rows = ledger.messages(run).await?;
    // What was approved and nothing else; of a pack that is too large to be sent, its notice.
    let is_approved = |row: &&MessageRow| {
        let sent = &row.attachment_sha256;
        row.key.kind == message_kinds::of_pack(ready.interim) && (sent.is_empty() || ready.sends(sent))
    };
    let outgoing = rows.iter().filter(is_approved).map(|row| Ok((row, MessageContent::of(row)?)));
    let outgoing = outgoing.collect::<Result<Vec<_>, LedgerError>>()?;
    let attached = checkpoints.attached(outgoing.iter().flat_map(|(row, content)| content.attached(row)))?;
    let messages: Vec<OutgoingMessage<'_>> = outgoing.iter().map(|(row, content)| content.message(row, &attached)).collect();
    let mut delivered = Vec::new();
    if let Some(mail) = &config.mail {
        let post = OutboxSender::of_packs(settings, mail, ledger, (run, period), &lease, now)?;
        delivered = post.send(&messages).await?.into_iter().map(|(delivered, _)| delivered).collect();
    }
    let shortfalls = (1..).zip(&delivered).filter(|(_, delivered)| delivered.fell_short());
    let shortfalls = shortfalls.map(|(n, delivered)| format!("recipient {n}: {delivered}"));
    let shortfalls: Vec<String> = shortfalls.chain(held.iter().cloned()).collect();
    let failed: Vec<String> = judged.published.indicators.iter().filter_map(assess::failed_indicator).collect();
    ledger.end_run(run, &outcome::recorded(Ok((&failed, !shortfalls.is_empty()))), now()).await?;
    let any_held = !held.is_empty() || delivered.iter().any(|delivered| matches!(delivered, DeliveryResult::Unknown { .. }));
    let teller = OperatorAlerts::new(settings, config, ledger, period, "an approval", now);
    teller.of_approved(run, &shortfalls, any_held).await;
    Ok(Approved { delivered, held })
}

/// The run by whose number the documents of `run` wait: an earlier one may have asked for a word on the very same.
async fn waits_as(ledger: &Ledger, settings: &Settings, run: RunId) -> Result<RunId, RunError> {
    let checkpoints = Checkpoints { ledger, archive: Archive::new(settings.paths.archive.clone()), run };
    if ledger.approval(run).await?.is_some() || checkpoints.find(RENDER).await?.is_none() {
        return Ok(run);
    }
    Ok(checkpoints.load::<RenderedRun>(RENDER).await?.waits_as.unwrap_or(run))
}

/// That no later pack has taken the place of what a run has still to send.
async fn check_last(settings: &Settings, checkpoints: &Checkpoints<'_>, ready: &RenderedRun) -> Result<(), RunError> {
    use MessageState::{Pending, Refused, Waiting, Written};
    for row in checkpoints.ledger.messages(checkpoints.run).await? {
        let is_to_go = matches!(row.state, Waiting | Pending | Refused | Written);
        if !is_to_go || row.key.kind != message_kinds::of_pack(ready.interim) {
            continue;
        }
        if let Some(Successor { why, .. }) = Successor::of(settings, checkpoints, &row).await? {
            let remedy = format!("`boardpack run --period {}` sends that to those who do not have it", row.key.period.slug());
            return Err(RunError::Superseded { what: format!("message {} of run {}", row.id, checkpoints.run), why, remedy });
        }
    }
    Ok(())
}

/// Whether anything of a run waits; what is in place of an interim pack is the final one.
async fn waits(ledger: &Ledger, ready: &RenderedRun, run: RunId) -> Result<bool, LedgerError> {
    let rows = ledger.messages(run).await?;
    Ok(rows.iter().any(|row| row.state == MessageState::Waiting && row.key.kind == message_kinds::of_pack(ready.interim)))
}

/// Why nothing of a run waits any more, and what to do.
async fn gone(ledger: &Ledger, judged: &EvaluatedRun, run: RunId) -> Result<(String, String), LedgerError> {
    let period = judged.published.evaluation.period;
    Ok(match ledger.waiting_for_approval(PACK, period).await?.filter(|later| *later > run) {
        Some(later) => (
            format!("run {later} has made another pack, which replaces it"),
            format!("`boardpack runs approve {later} --by NAME` approves that"),
        ),
        None => {
            let why = "it no longer waits: it was sent or cancelled, or a later run replaced it";
            (why.to_owned(), "run again, and approve the new pack".to_owned())
        }
    })
}

/// What the packs were made from and is otherwise now, each with what it was and is.
async fn changes(
    settings: &Settings,
    config: &LoadedConfig,
    checkpoints: &Checkpoints<'_>,
    judged: &EvaluatedRun,
    inputs: &str,
    now: fn() -> Timestamp,
) -> Result<Vec<String>, RunError> {
    let (period, as_at) = (judged.published.evaluation.period, judged.published.evaluation.as_at);
    let env = Env { settings, config, ledger: checkpoints.ledger, period, as_at, now, progress: &Unwatched };
    let found = look(&env).await?.returns;
    let was: Collection = checkpoints.load(COLLECT).await?;
    let mut changes = since::changes(&was, &found, &checkpoints.ledger.all_versions().await?);
    let is = Manifest::new(settings, &judged.published, Vec::new()).map_err(Faults::from)?.to_json();
    if sha256(&is) != inputs {
        let made = checkpoints.files().await?.into_iter().find(|made| made.name == manifest::FILE);
        let was = made.map(|made| checkpoints.read(&made.sha256)).transpose()?;
        let found = was.map_or(Vec::new(), |was| manifest::changes(&was, &is));
        match found.is_empty() {
            true => changes.push("the settings or the configuration have changed since".to_owned()),
            false => changes.extend(found),
        }
    }
    Ok(changes)
}

//! A pack that waits for a person's word: the operators get a draft, and the word sends the very bytes that were ready with it.

use super::lease::Lease;
use super::manifest::Manifest;
use super::memory::{EVALUATE, Memory, RENDER};
use super::post::{Delivered, Kept, Letter, Post};
use super::resume::{Judged, Ready};
use super::round::Round;
use super::tell::Teller;
use super::{Materials, PACK, RunError, assess, by_hand::unknown, outcome_of};
use crate::collect::{Archive, ReturnReceipt, sha256};
use crate::fault::{Fault, Faults};
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError, MessageRow, RunId};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Everything that a pack was made from, by one SHA-256: inputs, settings that bear on it, configuration files.
pub(super) fn inputs(settings: &Settings, judged: &Judged) -> Result<String, Fault> {
    Ok(sha256(&Manifest::new(settings, &judged.published, Vec::new())?.to_json()))
}

/// Approves a run's pack in the name of `by`, and sends it; what became of each message, in order. Where it was approved
/// before and the sending was cut off, or a server refused it, what is left is sent.
///
/// # Errors
/// [`RunError::Lapsed`] where what it was made from has changed since, or nothing of it waits any more: nothing is sent
/// then, nor can be. There is no such run, or it never waited.
pub async fn approve(
    settings: &Settings,
    materials: &Materials,
    run: RunId,
    by: &str,
    now: fn() -> Timestamp,
) -> Result<Vec<Delivered>, RunError> {
    let ledger = Ledger::open(&settings.paths.ledger).await?;
    let approval = ledger.approval(run).await?;
    let approval =
        approval.ok_or_else(|| unknown(format!("run {run}"), "`boardpack runs list` names those that wait for approval"))?;
    let memory = Memory { ledger: &ledger, archive: Archive::new(settings.paths.archive.clone()), run };
    let judged: Judged = memory.recall(EVALUATE).await?;
    let (period, as_at) = (judged.published.evaluation.period, judged.published.evaluation.as_at);
    let (lease, _) = Lease::take(&ledger, period, now).await?;
    ledger.hold_cut_off(PACK, period, now()).await?;
    let rows = ledger.messages(run).await?;
    if approval.approved_by.is_none() {
        if rows.iter().all(|row| row.state != "waiting") {
            return Err(RunError::Lapsed { run, why: "nothing of it waits: it was cancelled, or a later run took its place" });
        }
        let (found, _) = Round { settings, materials, ledger: &ledger, period, as_at, now }.look().await?;
        let same_returns = versions(&found.receipts) == versions(&judged.published.returns);
        if !same_returns || inputs(settings, &judged).map_err(Faults::from)? != approval.inputs {
            ledger.cancel_messages(run, now()).await?;
            lease.release().await?;
            let returns = "other returns have come in since";
            let configuration = "the settings or the configuration have changed since";
            return Err(RunError::Lapsed { run, why: if same_returns { configuration } else { returns } });
        }
        ledger.approve(run, by, now()).await?;
    }
    let ready: Ready = memory.recall(RENDER).await?;
    // What was approved and nothing else; of a pack that is too large to be sent, its notice.
    let is_approved = |row: &&MessageRow| {
        let sent = &row.attachment_sha256;
        row.key.kind == PACK && (sent.is_empty() || ready.packs.iter().any(|pack| pack.sha256 == *sent))
    };
    let outgoing = rows.iter().filter(is_approved).map(|row| Ok((row, Kept::of(row)?)));
    let outgoing = outgoing.collect::<Result<Vec<_>, LedgerError>>()?;
    let attached = memory.attached(outgoing.iter().map(|(row, _)| *row))?;
    let letters: Vec<Letter<'_>> = outgoing.iter().map(|(row, kept)| kept.letter(row, attached.of(row))).collect();
    let mut delivered = Vec::new();
    if let Some(mail) = &materials.mail {
        let post = Post::of_packs(settings, mail, &ledger, (run, period), &lease, now)?;
        delivered = post.send(&letters).await?.into_iter().map(|(delivered, _)| delivered).collect();
    }
    let shortfalls = (1..).zip(&delivered).filter(|(_, delivered)| !delivered.arrived());
    let shortfalls: Vec<String> = shortfalls.map(|(n, delivered)| format!("recipient {n}: {delivered}")).collect();
    let failed = judged.published.indicators.iter().filter_map(assess::failed_indicator);
    ledger.end_run(run, &outcome_of(Ok(failed.chain(shortfalls.iter().cloned()).collect())), now()).await?;
    let any_held = delivered.iter().any(|delivered| matches!(delivered, Delivered::Held { .. }));
    let teller = Teller::new(settings, materials, &ledger, period, "an approval", now);
    teller.of_approved(run, &shortfalls, any_held).await;
    lease.release().await?;
    ledger.close().await;
    Ok(delivered)
}

fn versions(receipts: &[ReturnReceipt]) -> BTreeSet<&str> {
    receipts.iter().filter_map(|receipt| receipt.sha256.as_deref()).collect()
}

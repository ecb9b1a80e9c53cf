//! A run of the pack from its beginning to its end.

use super::addressees::addressees;
use super::delivery_report::DeliveryReport;
use super::request::{Request, To};
use super::run_request::{RunRequest, StartedRun};
use super::stages::Stages;
use super::summary::Summary;
use crate::archive::Archive;
use crate::evaluate;
use crate::period::Period;
use crate::run::alerts::OperatorAlerts;
use crate::run::checkpoints::{Checkpoints, RENDER};
use crate::run::error::RunError;
use crate::run::issues::Issues;
use crate::run::lease::Lease;
use crate::run::loaded_config::LoadedConfig;
use crate::run::message_kinds::{INTERIM, PACK};
use crate::run::outcome::{outcome_of, recorded};
use crate::run::progress::Progress;
use crate::run::return_cycle;
use crate::run::stage_records::RenderedRun;
use crate::run::{assess, opening, supervise};
use crate::settings::Settings;
use crate::store::{Ledger, NewRun};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeSet;
use tracing::Instrument;

/// Makes a pack and sends it.
///
/// `now` is the clock: it dates the records and the messages, never what is printed in the pack.
///
/// # Errors
/// See [`RunError`]; what concerns one return, one indicator or one recipient is in the [`Summary`] instead.
pub async fn run(
    settings: &Settings,
    materials: &LoadedConfig,
    request: &Request,
    now: fn() -> Timestamp,
    progress: &dyn Progress,
) -> Result<Summary, RunError> {
    let when = assess::when(materials, request.as_at, now)?;
    let ledger = opening::open(settings, materials.mail.is_some(), now).await?;
    let result = with_ledger(settings, materials, request, now, progress, (&ledger, when)).await;
    ledger.close().await;
    opening::told(settings, materials.mail.is_some(), now, result).await
}

async fn with_ledger(
    settings: &Settings,
    materials: &LoadedConfig,
    request: &Request,
    now: fn() -> Timestamp,
    progress: &dyn Progress,
    (ledger, (period, as_at)): (&Ledger, (Period, Date)),
) -> Result<Summary, RunError> {
    let mut addressees = addressees(materials, request)?;
    let (lease, from) = Lease::take(ledger, period, now)?;
    if let To::List(_) = request.recipients {
        let reaches_people = settings.mail.transport.reaches_people();
        let finals = Issues::of(ledger, period, PACK, reaches_people).await?;
        let interims = Issues::of(ledger, period, INTERIM, reaches_people).await?;
        let corrects = request.reissue.is_some();
        if corrects && finals.are_unread() && interims.are_unread() {
            return Err(RunError::NothingToCorrect { period });
        }
        // Whoever has what was wrong is told, in the list or not; so is whoever has the interim pack of what is sent now.
        let asked_for: BTreeSet<_> = addressees.iter().map(|addressee| addressee.part.clone()).collect();
        let corrected = if corrects { finals.readers(materials)? } else { Vec::new() };
        let of_interim = interims.readers(materials)?.into_iter().filter(|reader| corrects || asked_for.contains(&reader.part));
        for reader in corrected.into_iter().chain(of_interim) {
            if !addressees.iter().any(|other| other.is_same(&reader)) {
                addressees.push(reader);
            }
        }
    }
    let asked = RunRequest::new(request, addressees, &materials.only, settings.paths.packs());
    let new = NewRun { pack: PACK, period, as_at, edition: &materials.framework.edition.id, trigger: &request.trigger };
    let begun = StartedRun::or_resumed(ledger, &new, asked, now()).await?;
    let run = begun.run;
    let goes_on = async {
        tracing::info!(quarter = period.slug(), "{}", materials.edition_in_words());
        for warning in materials.edition_warnings() {
            tracing::warn!(quarter = period.slug(), "{warning}");
        }
        let mut met = request.met.clone();
        let held = opening::held();
        // One that was told to stop, and did, left its lease in order.
        if let Some(holder) = from.filter(|_| begun.was_cut_off()) {
            let cut_off = format!("A run by {holder} was cut off after: {}.", begun.finished.join(", "));
            tracing::warn!(met = cut_off, ?held, "a run that was cut off is taken over");
            met.push(cut_off);
        }
        met.extend(held.iter().cloned());
        let memory = Checkpoints { ledger, archive: Archive::new(settings.paths.archive.clone()), run };
        let StartedRun { as_at, asked, finished, .. } = begun;
        let stages = Stages {
            settings,
            materials,
            request,
            now,
            progress,
            ledger,
            lease: &lease,
            memory,
            run,
            period,
            as_at,
            asked,
            finished,
        };
        let mut result = supervise::contained(settings.run.deadline(), stages.all()).await;
        // What others may be at work on is theirs to end; what was told to stop is gone on with.
        if matches!(result, Err(RunError::LeaseLost { .. } | RunError::Stopped)) {
            return result;
        }
        // Where the settings have such messages sent again, they were.
        if let Ok(summary) = &mut result
            && !settings.mail.at_least_once
        {
            summary.unsent.extend(held);
        }
        let recorded = async {
            if result.is_err() {
                // It may have been cut off in the middle of a conversation.
                ledger.hold_own(now()).await?;
            }
            ledger
                .end_run(run, &recorded(result.as_ref().map(|summary| (&summary.partial[..], !summary.unsent.is_empty()))), now())
                .await
        };
        let recorded = recorded.await;
        // Above all where the ledger fails, somebody must hear of it.
        // Whoever asked for one place by hand is told at once.
        if !matches!(result, Err(RunError::NothingOfPlace { .. })) {
            OperatorAlerts::new(settings, materials, ledger, period, &request.trigger, now).of_run(Some(run), &result, met).await;
        }
        let summary = result?;
        recorded?;
        Ok(summary)
    };
    // At a level that no setting leaves out, so that every line says of which run it is.
    goes_on.instrument(tracing::error_span!("run", run = run.0)).await
}

/// How a run ended: `done`, or `partial: …` or `failed: …` with the reasons.
pub fn outcome(result: &Result<Summary, RunError>) -> String {
    outcome_of(result.as_ref().map(Summary::shortfalls))
}

impl Stages<'_> {
    async fn all(&self) -> Result<Summary, RunError> {
        let (judged, came) = self.judged().await?;
        let (ready, files) = self.ready(&judged).await?;
        let published = judged.published;
        let failed = published.indicators.iter().filter_map(assess::failed_indicator);
        let mut summary = Summary {
            run: self.run,
            period: self.period,
            as_at: self.as_at,
            figures: judged.figures,
            findings: judged.findings,
            revisions: judged.since_last_run,
            counts: evaluate::counts(&published.evaluation),
            movements: published.evaluation.movements.clone(),
            partial: failed
                .chain(ready.withheld.iter().map(|reason| format!("the pack was not sent: {reason}")))
                .chain(judged.lost_returns.into_iter().filter(|lost| !ready.withheld.contains(lost)))
                .chain(self.parts_without_pack(&ready))
                .collect(),
            unsent: return_cycle::shortfalls(&came.told),
            returns: judged.receipts,
            indicators: published.indicators,
            without_pack: self.without_pack(&ready),
            packs: ready.packs.iter().map(|pack| (pack.stem.clone(), pack.pages)).collect(),
            illustrative: judged.illustrative,
            warnings: ready.warnings.clone(),
            files,
            deliveries: Vec::new(),
            told: came.told,
            other_files: came.other_files,
            withheld: ready.withheld.clone(),
            waits: ready.waits_as.is_some(),
            interim: ready.interim,
            issue: ready.issue,
            issued_by: ready.issued_by,
        };
        let Some(mail) = self.mail() else {
            self.progress.stage_ends("distribute", "not asked for");
            return Ok(summary);
        };
        // A run that was cut off may have been approved before it is gone on with.
        let is_approved = self.ledger.approval(self.run).await?.is_some_and(|approval| approval.approved_by.is_some());
        if let Some(run) = ready.waits_as.filter(|_| !is_approved) {
            let memory = self.memory.of(run);
            let earlier: Option<RenderedRun> = if run == self.run { None } else { Some(memory.load(RENDER).await?) };
            let drafts = &earlier.as_ref().unwrap_or(&ready).drafts;
            let drafts = drafts.iter().map(|draft| Ok((draft.file.as_str(), memory.read(&draft.sha256)?)));
            let drafts = drafts.collect::<Result<Vec<_>, RunError>>()?;
            self.teller().of_waiting(run, &ready, summary.movements.as_ref(), &drafts).await;
            summary.unsent.push(format!("the pack waits for approval: `boardpack runs approve {run} --by NAME` sends it"));
        } else if ready.withheld.is_empty() {
            summary.deliveries = self.deliver(&ready, mail).await?;
            summary.unsent.extend(summary.deliveries.iter().filter_map(DeliveryReport::shortfall));
            summary.files.extend(summary.deliveries.iter().filter_map(|d| d.file.clone()));
        }
        Ok(summary)
    }
}

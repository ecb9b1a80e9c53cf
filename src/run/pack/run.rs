//! A run of the pack from its beginning to its end.

use super::addressees::addressees;
use super::delivery_report::DeliveryReport;
use super::job::PackJob;
use super::left_out::comments_left_out;
use super::pack_run::PackRun;
use super::readers::{Addressee, PackReaders};
use super::run_request::RunRequest;
use super::summary::Summary;
use crate::evaluate;
use crate::run::alerts::OperatorAlerts;
use crate::run::assess;
use crate::run::checkpoints::{Checkpoints, RENDER};
use crate::run::env::Env;
use crate::run::error::RunError;
use crate::run::issues::Issues;
use crate::run::job::{Job, JobReport, Met, StartedRun};
use crate::run::loaded_config::LoadedConfig;
use crate::run::message_kinds::{INTERIM, PACK};
use crate::run::return_cycle::notice;
use crate::run::stage_records::RenderedRun;
use crate::run::withhold_reason::WithholdReason;
use crate::schedule::JobKind;
use crate::store::records;
use crate::store::{LedgerError, RunId, RunRow};
use jiff::civil::Date;
use std::collections::BTreeSet;

impl Job for PackJob {
    type Report = Summary;

    const NAME: &'static str = PACK;
    const KIND: JobKind = JobKind::Pack;

    fn alerts_of_ledger(&self, config: &LoadedConfig) -> bool {
        config.mail.is_some()
    }

    async fn request(&self, env: &Env<'_>) -> Result<Option<String>, RunError> {
        let readers = self.all_readers(env).await?;
        let request = RunRequest::new(self, readers, &env.config.only, env.settings.paths.packs());
        Ok(Some(records::write(&request).map_err(LedgerError::from)?))
    }

    /// A run whose pack is ready is resumed whatever day it is; one that was not so far, if it is of the same day. One whose request
    /// this version cannot read is not.
    fn resumes(&self, env: &Env<'_>, request: &str, earlier: &RunRow, finished: &[String]) -> Option<String> {
        let before: RunRequest = records::read(earlier.request.as_bytes()).ok()?;
        let now: RunRequest = records::read(request.as_bytes()).ok()?;
        let day: Date = earlier.as_at.parse().ok()?;
        let is_ready = finished.iter().any(|stage| stage == RENDER);
        let is_same = before.is_asked_by(&now) && earlier.edition == env.config.framework.edition.id;
        let resumes = is_same && (is_ready || day == env.as_at);
        resumes.then(|| if is_ready { earlier.request.clone() } else { request.to_owned() })
    }

    async fn run(&self, env: &Env<'_>, started: &StartedRun) -> Result<Summary, RunError> {
        tracing::info!(quarter = env.period.slug(), "{}", env.config.edition_in_words());
        for warning in env.config.warnings() {
            tracing::warn!(quarter = env.period.slug(), "{warning}");
        }
        let request = started.request.as_deref().unwrap_or_default();
        let unreadable = |e: records::UnreadableRecord| {
            let place = format!("the request of run {}", started.run);
            LedgerError::Unreadable { place, problem: e.to_string() }
        };
        let asked = records::read(request.as_bytes()).map_err(unreadable)?;
        let checkpoints = Checkpoints { ledger: env.ledger, archive: env.archive(), run: started.run };
        PackRun { env, job: self, started, asked, checkpoints }.all().await
    }

    async fn alert(&self, alerts: &OperatorAlerts<'_>, run: Option<RunId>, result: &Result<Summary, RunError>, met: Met) {
        // Whoever asked for one place by hand is told at once.
        if !matches!(result, Err(RunError::NothingOfPlace { .. })) {
            alerts.of_run(run, result, met).await;
        }
    }
}

impl JobReport for Summary {
    fn partial(&self) -> &[String] {
        &self.partial
    }

    fn unsent(&self) -> Vec<String> {
        self.unsent.clone()
    }

    fn other_files(&self) -> Vec<String> {
        self.other_files.clone()
    }

    fn add_held(&mut self, held: Vec<String>) {
        self.unsent.extend(held);
    }
}

impl PackJob {
    /// Those who are to get the pack and, of what goes to a list, all who have what it takes the place of.
    async fn all_readers(&self, env: &Env<'_>) -> Result<Vec<Addressee>, RunError> {
        let Env { settings, config, ledger, period, .. } = *env;
        let mut readers = addressees(config, self)?;
        let PackReaders::List(_) = self.recipients else { return Ok(readers) };
        let reaches_people = settings.mail.transport.reaches_people();
        let finals = Issues::of(ledger, period, PACK, reaches_people).await?;
        let interims = Issues::of(ledger, period, INTERIM, reaches_people).await?;
        let corrects = self.reissue.is_some();
        if corrects && finals.are_unread() && interims.are_unread() {
            return Err(RunError::NothingToCorrect { period });
        }
        // Whoever has what was wrong is told, in the list or not; so is whoever has the interim pack of what is sent now.
        let asked_for: BTreeSet<_> = readers.iter().map(|reader| reader.part.clone()).collect();
        let corrected = if corrects { finals.readers(config)? } else { Vec::new() };
        let of_interim = interims.readers(config)?.into_iter().filter(|reader| corrects || asked_for.contains(&reader.part));
        for reader in corrected.into_iter().chain(of_interim) {
            if !readers.iter().any(|other| other.is_same(&reader)) {
                readers.push(reader);
            }
        }
        Ok(readers)
    }
}

impl PackRun<'_> {
    async fn all(&self) -> Result<Summary, RunError> {
        let (judged, came) = self.judged().await?;
        let (ready, files) = self.ready(&judged).await?;
        let would_withhold = if ready.withheld.is_empty() { self.would_withhold(&judged, &ready.warnings) } else { Vec::new() };
        let published = judged.published;
        let left_out = comments_left_out(self.env.config, &published, &judged.receipts);
        let failed = published.indicators.iter().filter_map(assess::failed_indicator);
        let mut summary = Summary {
            run: self.started.run,
            period: self.env.period,
            as_at: self.env.as_at,
            figures: judged.figures,
            findings: judged.findings.into_iter().chain(judged.given_away.iter().cloned()).collect(),
            given_away: judged.given_away,
            left_out,
            revisions: judged.since_last_run,
            counts: evaluate::counts(&published.evaluation),
            movements: published.evaluation.movements.clone(),
            partial: failed
                .chain(ready.withheld.iter().map(|reason| format!("the pack was not sent: {reason}")))
                .chain(judged.lost.into_iter().filter(|lost| !ready.withheld.contains(&WithholdReason::of_lost(lost.clone()))))
                .chain(self.parts_without_pack(&ready))
                .collect(),
            unsent: notice::shortfalls(&came.told),
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
            would_withhold,
            waits: ready.waits_as.is_some(),
            interim: ready.interim,
            issue: ready.issue,
            issued_by: ready.issued_by,
        };
        let Some(mail) = self.mail() else {
            self.env.progress.stage_ends("distribute", "not asked for");
            return Ok(summary);
        };
        // A run that was cut off may have been approved before it is gone on with.
        let is_approved =
            self.env.ledger.approval(self.started.run).await?.is_some_and(|approval| approval.approved_by.is_some());
        if let Some(run) = ready.waits_as.filter(|_| !is_approved) {
            let checkpoints = self.checkpoints.of(run);
            let earlier: Option<RenderedRun> = if run == self.started.run { None } else { Some(checkpoints.load(RENDER).await?) };
            let drafts = &earlier.as_ref().unwrap_or(&ready).drafts;
            let drafts = drafts.iter().map(|draft| Ok((draft.file.as_str(), checkpoints.read(&draft.sha256)?)));
            let drafts = drafts.collect::<Result<Vec<_>, RunError>>()?;
            self.alerts().of_waiting(run, &ready, &summary, &drafts).await;
            summary.unsent.push(format!("the pack waits for approval: `boardpack runs approve {run} --by NAME` sends it"));
        } else if ready.withheld.is_empty() {
            summary.deliveries = self.deliver(&ready, mail).await?;
            summary.unsent.extend(summary.deliveries.iter().filter_map(DeliveryReport::shortfall));
            summary.files.extend(summary.deliveries.iter().filter_map(|d| d.file.clone()));
        }
        Ok(summary)
    }
}

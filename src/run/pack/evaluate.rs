//! The second stage: how what came in is judged, and what was revised.

use super::collect::Came;
use super::pack_run::PackRun;
use crate::collect::{Collection, Finding};
use crate::counted::counted;
use crate::evaluate::{self, DisclosedEvaluation, Evaluation, FigureVintages, Movements, Revision};
use crate::figure::Observation;
use crate::run::assess;
use crate::run::checkpoints::{COLLECT, EVALUATE};
use crate::run::disclosure;
use crate::run::error::RunError;
use crate::run::message_kinds::PACK;
use crate::run::packs::Published;
use crate::run::stage_records::EvaluatedRun;
use crate::store::{LedgerError, RunId};

/// What is told apart from what was judged.
struct Told {
    findings: Vec<Finding>,
    given_away: Vec<Finding>,
}

/// Figures that were revised.
struct Revisions {
    since_last_run: Vec<Revision>,
    /// As they may be published.
    since_last_pack: Vec<Revision>,
    /// What of earlier runs could not be read.
    unread: Vec<Finding>,
}

/// By what came in, not by what was judged: a made-up figure of one area reaches a page all the same.
fn is_illustrative(collection: &Collection) -> bool {
    collection.observations.iter().any(|o| o.illustrative)
        || collection.action_reports.iter().any(|r| r.illustrative)
        || collection.comments.iter().any(|comment| comment.illustrative)
}

impl PackRun<'_> {
    /// True where packs show words that nobody said.
    fn has_illustrative_voices(&self) -> bool {
        let voices = self.env.config.voices.iter().flat_map(|voices| &voices.entries);
        voices.into_iter().any(|voice| voice.illustrative && voice.stands_in(self.env.period.end()))
    }

    /// All that packs are made from, as it was found or as it was left, and what came of looking for it now.
    pub(super) async fn judged(&self) -> Result<(EvaluatedRun, Came), RunError> {
        if self.has_finished(EVALUATE) {
            return Ok((self.checkpoints.load(EVALUATE).await?, Came::default()));
        }
        let (collection, came) = match self.has_finished(COLLECT) {
            true => (self.checkpoints.load(COLLECT).await?, Came::default()),
            false => self.collect().await?,
        };
        self.started.lease.check()?;
        let mut revisions = self.revised_since_last_run(&collection).await?;
        self.env.progress.stage_starts(EVALUATE);
        let mut lost = collection.lost_returns.clone();
        let (DisclosedEvaluation { evaluation, audit, marks }, told) =
            self.evaluate(&collection, &mut revisions, &mut lost).await?;
        let measures = counted(evaluation.measures.len(), "measure", "measures");
        let actions = counted(evaluation.actions.len(), "key action", "key actions");
        let detail = format!("{measures}, {actions}; {}", audit.in_words());
        let returns = evaluate::disclose_receipts(&collection.returns, &evaluation, &self.env.config.framework);
        let is_interim = self.goes_out_as_interim(&evaluation).await?;
        let issues = self.issues(is_interim).await?;
        let interim = if is_interim { None } else { Some(self.issues(true).await?) };
        let reason = self.asked.reissue.as_deref();
        let correction = issues.correction(&self.checkpoints, reason, &evaluation, interim.as_ref()).await?;
        let illustrative = is_illustrative(&collection) || self.has_illustrative_voices();
        let source_findings = assess::source_findings(&collection, &evaluation, self.env.config);
        let remarks = assess::remarks(&collection, &returns, &source_findings, &evaluation, &self.env.config.framework);
        let figures = assess::number_given(&collection);
        let mut findings = collection.findings;
        findings.append(&mut revisions.unread);
        findings.extend(told.findings);
        findings.extend(correction.unread);
        let judged = EvaluatedRun {
            lost,
            figures,
            illustrative,
            since_last_run: revisions.since_last_run,
            findings,
            given_away: told.given_away,
            receipts: collection.returns,
            marks,
            published: Published {
                remarks,
                comments: collection.comments,
                source_findings,
                evaluation,
                returns,
                indicators: collection.indicators,
                revisions: revisions.since_last_pack,
                correction: correction.content,
                audit,
            },
        };
        self.checkpoints.save(EVALUATE, &judged).await?;
        self.ended(EVALUATE, &detail).await?;
        Ok((judged, came))
    }

    /// What was revised: told and listed as against the last run, and inside the collection where that had none.
    async fn revised_since_last_run(&self, collection: &Collection) -> Result<Revisions, RunError> {
        let mut unread = Vec::new();
        let earlier = self.env.ledger.last_collection_before(self.started.run, PACK).await?;
        let since_last_run = self.vintages(earlier, collection, &mut unread).await?.revisions();
        self.env.ledger.record_revisions(self.started.run, &since_last_run).await?;
        Ok(Revisions { since_last_run, since_last_pack: Vec::new(), unread })
    }

    /// What the pack says was revised: as against the pack that its readers last had. For a corrected issue that is the one which
    /// it corrects; else the last of an earlier quarter, since a pack must not depend on how often it was made.
    async fn revised_since_last_pack(
        &self,
        collection: &Collection,
        published: &Evaluation,
        unread: &mut Vec<Finding>,
    ) -> Result<Vec<Revision>, RunError> {
        let is_interim = self.goes_out_as_interim(published).await?;
        let issues = self.issues(is_interim).await?;
        let corrected = issues.corrected(&self.checkpoints, self.asked.reissue.as_deref(), is_interim).await?;
        let pack = match corrected {
            Some(run) => Some(run),
            None => self.last_pack().await?.map(|(run, _)| run),
        };
        let revisions = self.vintages(pack, collection, unread).await?.revisions_since();
        unread.dedup();
        Ok(revisions)
    }

    /// The figures, held against those of an earlier run where there is one.
    async fn vintages<'c>(
        &self,
        earlier: Option<RunId>,
        collection: &'c Collection,
        unread: &mut Vec<Finding>,
    ) -> Result<FigureVintages<'c>, LedgerError> {
        let mut vintages = FigureVintages::of(&collection.observations).replacing(&collection.replaced);
        if let Some(run) = earlier {
            let figures = self.checkpoints.of(run).figures().await?;
            // What was known of later quarters, or is not measured any more, is not gone.
            let framework = &self.env.config.framework;
            let is_of_now =
                |of: &Observation| of.period.end() <= self.env.period.end() && framework.measure(&of.measure).is_some();
            figures.content.into_iter().filter(is_of_now).for_each(|figure| vintages.add_earlier(figure));
            unread.extend(figures.unread);
        }
        Ok(vintages)
    }

    /// Judges, records the judgements as they are, and gives them as they may be published, with what is to be told of that. To
    /// `revisions` it adds what may be published of them, and to `lost` what earlier packs showed and nobody knows any more.
    async fn evaluate(
        &self,
        collection: &Collection,
        revisions: &mut Revisions,
        lost: &mut Vec<String>,
    ) -> Result<(DisclosedEvaluation, Told), RunError> {
        let framework = &self.env.config.framework;
        let inputs = assess::inputs(self.env.config, collection, self.env.period, self.env.as_at);
        let PackRun { env, checkpoints, .. } = self;
        let means = disclosure::HidingSetup::of(env.settings, env.config, checkpoints, env.period, Some((env.now)())).await?;
        lost.extend(means.lost.iter().cloned());
        let (evaluation, disclosed) = means.judge(&inputs, self.env.config);
        let DisclosedEvaluation { evaluation: mut published, audit, marks } = disclosed;
        let given_away = means.to_tell(&audit);
        let mut findings = Vec::new();
        let since_last_pack = self.revised_since_last_pack(collection, &published, &mut revisions.unread).await?;
        revisions.since_last_pack = means.revisions(&since_last_pack, &published, self.env.config);
        if let Some((earlier, since)) = self.last_pack().await? {
            let shown = self.checkpoints.of(earlier).statuses().await?;
            findings.extend(shown.unread);
            published.movements =
                shown.content.map(|(statuses, actions)| Movements::between(since, &statuses, &actions, &published, framework));
        }
        self.env.ledger.record_evaluation(self.started.run, &evaluation, &published).await?;
        Ok((DisclosedEvaluation { evaluation: published, audit, marks }, Told { findings, given_away }))
    }
}

//! One run: the stages in order, each recorded as it ends.

pub(crate) mod alerts;
mod approve;
mod assess;
mod checkpoint;
mod deliver;
pub(crate) mod disclosure;
pub mod fetch;
mod gates;
mod history;
mod interim;
mod issues;
mod lease;
mod look_over;
mod manifest;
mod materials;
mod memory;
mod message_commands;
pub(crate) mod opening;
mod outcome;
mod outgoing;
mod output;
mod packs;
mod post;
mod preview;
mod prior_data;
mod quarter;
pub mod round;
mod since;
pub mod stop;
mod supervise;
mod suspect;

use crate::counted::counted;
pub use approve::{Approved, approve};
pub use assess::{Assessed, assess, when};
pub use deliver::DeliveryReport;
pub(crate) use interim::final_due_from;
pub(crate) use look_over::{Looked, look_over};
pub use manifest::{Manifest, Output};
use materials::Read;
pub use materials::{MailMaterials, Materials, Only, PackTemplates, parse_date, parse_quarter};
pub use message_commands::{cancel, resend};
pub use outcome::standing;
pub use packs::{Made, Published};
pub use post::Delivered;
pub use preview::Preview;
pub(crate) use prior_data::known;
pub use prior_data::{given_by, known_by};
pub use quarter::{When, framework_for, quarter_for};

use crate::collect::{Archive, Collection, Finding, IndicatorReceipt, ReturnReceipt};
use crate::distribute::Recipient;
use crate::evaluate::{self, DisclosedEvaluation, Evaluation, FigureVintages, Movements, Revision, Tally};
use crate::fault::{Fault, Faults};
use crate::period::Period;
use crate::settings::Settings;
use crate::store::{Delivery, Document, Ledger, LedgerError, NewRun, RunId};
use alerts::Teller;
use checkpoint::{Asked, Begun, Judged, Ready, ReadyPack};
use issues::Issues;
use jiff::{Timestamp, civil::Date};
use lease::Lease;
pub(crate) use lease::this_process;
use memory::{COLLECT, EVALUATE, Memory, RENDER};
use outgoing::Outbox;
use round::{Round, Told};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;
use tracing::Instrument;

/// The name of all of a run's packs in the ledger.
pub(crate) const PACK: &str = "board-pack";

/// The kinds of key of what a person has sent to addresses of their own choice, and of previews: neither counts as the
/// pack of the quarter having been delivered.
const COPY: &str = "board-pack-copy";
const PREVIEW: &str = "board-pack-preview";

/// The list of `recipients.toml` that is told what goes wrong, and sees previews.
pub(crate) const OPERATORS: &str = "operators";

/// What is asked of one run.
#[derive(Debug, Clone)]
pub struct Request {
    /// What "today" is; the settings' or the clock's date where none.
    pub as_at: Option<Date>,
    pub recipients: To,
    /// Marked as a draft on every page.
    pub draft: bool,
    /// Why the last issue is to be corrected, where it is: a corrected pack goes to all who have an earlier one.
    pub reissue: Option<String>,
    /// Who asked: `by hand`, or the name of a schedule.
    pub trigger: String,
    /// What was met before the run began, for the operators to be told with the rest.
    pub met: Vec<String>,
}

/// Who gets the pack.
#[derive(Debug, Clone)]
pub enum To {
    Nobody,
    /// The list of this name in `recipients.toml`.
    List(String),
    /// Those that a person named for this run.
    These(Vec<Recipient>),
    /// The operators, as a preview.
    Operators,
}

/// Told how a run goes on.
pub trait Progress: Sync {
    fn stage_starts(&self, name: &str);
    /// So many public indicators of so many, and which was the last.
    fn counted(&self, done: usize, total: usize, last: &str);
    fn stage_ends(&self, name: &str, detail: &str);
}

/// What a run did.
#[derive(Debug)]
pub struct Summary {
    pub run: RunId,
    pub period: Period,
    pub as_at: Date,
    pub figures: usize,
    /// For those who run it, not for publication.
    pub returns: Vec<ReturnReceipt>,
    /// Files of other quarters that lie in the inbox, and what could not be filed; empty of a run that was gone on with.
    pub other_files: Vec<String>,
    pub indicators: Vec<IndicatorReceipt>,
    /// What is doubtful about public figures, or is to be asked of their sources.
    pub findings: Vec<Finding>,
    /// Figures that were revised since the run before.
    pub revisions: Vec<Revision>,
    /// Measures by status.
    pub counts: Tally,
    /// Since the last pack of an earlier quarter.
    pub movements: Option<Movements>,
    /// The packs that were made: what each is called, and its pages. The first is the one that is sent.
    pub packs: Vec<(String, usize)>,
    /// The names of the parts of the system of which no pack was made, for want of figures.
    pub without_pack: Vec<String>,
    pub illustrative: bool,
    /// Nothing lost, but worth an analyst's look: overfull boxes, missing glyphs.
    pub warnings: Vec<Fault>,
    pub files: Vec<PathBuf>,
    pub deliveries: Vec<DeliveryReport>,
    /// Receipts to partners for what they sent.
    pub told: Vec<Told>,
    /// Why the pack is not sent to those who were to get it; empty where it is.
    pub withheld: Vec<String>,
    /// The pack is sent once a person has approved it.
    pub waits: bool,
    /// It was made before returns were due, with some awaited.
    pub interim: bool,
    pub issue: u32,
    /// The run whose pack is sent in place of this one, for some readers have it already as the same issue.
    pub issued_by: Option<RunId>,
    /// Why the run is only partly complete, whatever becomes of its messages: what withholds the pack among it.
    pub partial: Vec<String>,
    /// What of its messages was not sent, for whatever reason, as the run ended.
    pub unsent: Vec<String>,
}

/// Why no pack was made.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("the quarter {} ends on {}, which is not before {as_at}, the day of the pack (choose a quarter that has ended)", period.slug(), period.end())]
    QuarterNotEnded { period: Period, as_at: Date },
    #[error(transparent)]
    Configuration(#[from] Faults),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The ledger could not be opened, and the operators were told of it.
    #[error("{0}")]
    Unopened(LedgerError),
    #[error("{0}; it is not known what has arrived, so no partner is told anything")]
    Inbox(Fault),
    #[error("not one figure could be collected for {period}, so there is nothing to judge: {reasons}")]
    NoFigures { period: String, reasons: String },
    #[error("nobody has been sent the packs of {} yet, so there is nothing to correct (run without --reissue)", period.slug())]
    NothingToCorrect { period: Period },
    #[error("another run of {} is at work ({by}): try again later", period.slug())]
    InUse { period: Period, by: String },
    #[error("the lock of the packs of {} is gone, so that others may be at work on them too, and this run stops (leave the folder of locks beside the ledger alone, and run again)", period.slug())]
    LeaseLost { period: Period },
    #[error(
        "a file that run {run} saved is missing or damaged: {problem} (put it back from a backup of the archive, where `boardpack archive verify` names all that is lost; where there is none, `boardpack runs cancel {run}`, and run again)"
    )]
    Lost { run: RunId, problem: String },
    #[error(
        "the secret by which figures are hidden beside small ones, {}, {problem}, and nothing is made: packs of two secrets together can tell a hidden count (put it back from the backup of the ledger; where there is none, `boardpack disclosure accept-secret --by NAME --reason TEXT` goes on with the one that is there, or a new one)", path.display()
    )]
    SecretLost { path: PathBuf, problem: String },
    #[error("the pack of run {run} is not approved, and nothing was sent or changed: {why} ({remedy})")]
    NotApproved { run: RunId, why: String, remedy: String },
    #[error("{place} has not one figure for {}, so there is no pack of it (choose another place, or leave it out)", period.slug())]
    NothingOfPlace { place: String, period: Period },
    #[error("the run was still at work after {} seconds, and was ended (see what it waited for, or raise run.deadline_seconds)", deadline.as_secs())]
    Overdue { deadline: Duration },
    #[error("it was told to stop, and stopped after the message in hand (run it again to continue)")]
    Stopped,
    #[error("a fault in boardpack ended the run (the log says where; please report it)")]
    Panicked,
    #[error("{}: cannot be written: {problem} (check the path and its permissions)", path.display())]
    Output { path: PathBuf, problem: String },
}

/// Makes a pack and sends it.
///
/// `now` is the clock: it dates the records and the messages, never what is printed in the pack.
///
/// # Errors
/// See [`RunError`]; what concerns one return, one indicator or one recipient is in the [`Summary`] instead.
pub async fn run(
    settings: &Settings,
    materials: &Materials,
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
    materials: &Materials,
    request: &Request,
    now: fn() -> Timestamp,
    progress: &dyn Progress,
    (ledger, (period, as_at)): (&Ledger, (Period, Date)),
) -> Result<Summary, RunError> {
    let mut addressees = deliver::addressees(materials, request)?;
    let (lease, from) = Lease::take(ledger, period, now)?;
    if let To::List(_) = request.recipients {
        let reaches_people = settings.mail.transport.reaches_people();
        let finals = Issues::of(ledger, period, PACK, reaches_people).await?;
        let interims = Issues::of(ledger, period, interim::INTERIM, reaches_people).await?;
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
    let asked = Asked::new(request, addressees, &materials.only, settings.paths.packs());
    let new = NewRun { pack: PACK, period, as_at, edition: &materials.framework.edition.id, trigger: &request.trigger };
    let begun = Begun::or_resumed(ledger, &new, asked, now()).await?;
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
        let memory = Memory { ledger, archive: Archive::new(settings.paths.archive.clone()), run };
        let Begun { as_at, asked, finished, .. } = begun;
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
                .end_run(
                    run,
                    &outcome::recorded(result.as_ref().map(|summary| (&summary.partial[..], !summary.unsent.is_empty()))),
                    now(),
                )
                .await
        };
        let recorded = recorded.await;
        // Above all where the ledger fails, somebody must hear of it.
        // Whoever asked for one place by hand is told at once.
        if !matches!(result, Err(RunError::NothingOfPlace { .. })) {
            Teller::new(settings, materials, ledger, period, &request.trigger, now).of_run(Some(run), &result, met).await;
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

fn outcome_of(shortfalls: Result<Vec<String>, &RunError>) -> String {
    match shortfalls {
        Ok(reasons) => outcome::with_reasons(&reasons),
        Err(error) => format!("failed: {error}"),
    }
}

impl Summary {
    /// Why the run is only partly complete as it ends; empty where it is done.
    pub fn shortfalls(&self) -> Vec<String> {
        self.partial.iter().chain(&self.unsent).cloned().collect()
    }
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
    collection.observations.iter().any(|o| o.illustrative) || collection.action_reports.iter().any(|r| r.illustrative)
}

/// The warnings of every pack, each once.
fn warnings(packs: &[Made]) -> Vec<Fault> {
    let mut all: Vec<Fault> = Vec::new();
    for warning in packs.iter().flat_map(|pack| &pack.rendered.warnings) {
        if !all.contains(warning) {
            all.push(warning.clone());
        }
    }
    all
}

/// What every stage of a run needs.
struct Stages<'a> {
    settings: &'a Settings,
    materials: &'a Materials,
    request: &'a Request,
    now: fn() -> Timestamp,
    progress: &'a dyn Progress,
    ledger: &'a Ledger,
    lease: &'a Lease,
    memory: Memory<'a>,
    run: RunId,
    period: Period,
    as_at: Date,
    asked: Asked,
    /// Before it was cut off.
    finished: Vec<String>,
}

/// What came of looking for returns, beside the returns.
#[derive(Default)]
struct Came {
    /// What partners were told.
    told: Vec<Told>,
    /// Files of other quarters that lie in the inbox, and what could not be filed.
    other_files: Vec<String>,
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
            unsent: round::shortfalls(&came.told),
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
            let earlier: Option<Ready> = if run == self.run { None } else { Some(memory.recall(RENDER).await?) };
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

    fn teller(&self) -> Teller<'_> {
        let &Stages { settings, materials, ledger, period, now, .. } = self;
        Teller::new(settings, materials, ledger, period, &self.request.trigger, now)
    }

    /// None where nothing is to be sent.
    fn mail(&self) -> Option<&MailMaterials> {
        self.materials.mail.as_ref().filter(|_| !matches!(self.request.recipients, To::Nobody))
    }

    fn has_finished(&self, stage: &str) -> bool {
        self.finished.iter().any(|finished| finished == stage)
    }

    /// All that packs are made from, as it was found or as it was left, and what came of looking for it now.
    async fn judged(&self) -> Result<(Judged, Came), RunError> {
        if self.has_finished(EVALUATE) {
            return Ok((self.memory.recall(EVALUATE).await?, Came::default()));
        }
        let (collection, came) = match self.has_finished(COLLECT) {
            true => (self.memory.recall(COLLECT).await?, Came::default()),
            false => self.collect().await?,
        };
        self.lease.check()?;
        let mut revisions = self.revised_since_last_run(&collection).await?;
        self.progress.stage_starts(EVALUATE);
        let (DisclosedEvaluation { evaluation, audit }, of_disclosure) = self.evaluate(&collection, &mut revisions).await?;
        let measures = counted(evaluation.measures.len(), "measure", "measures");
        let actions = counted(evaluation.actions.len(), "key action", "key actions");
        let detail = format!("{measures}, {actions}; {}", audit.in_words());
        let returns = evaluate::disclose_receipts(&collection.returns, &evaluation, &self.materials.framework);
        let is_interim = self.goes_out_as_interim(&evaluation).await?;
        let issues = self.issues(is_interim).await?;
        let interim = if is_interim { None } else { Some(self.issues(true).await?) };
        let reason = self.asked.reissue.as_deref();
        let correction = issues.correction(&self.memory, reason, &evaluation, interim.as_ref()).await?;
        let illustrative = is_illustrative(&collection);
        let source_findings = assess::source_findings(&collection, &evaluation, self.materials);
        let remarks = assess::remarks(&collection, &returns, &source_findings, &evaluation, &self.materials.framework);
        let figures = assess::number_given(&collection);
        let mut findings = collection.findings;
        findings.append(&mut revisions.unread);
        findings.extend(of_disclosure);
        findings.extend(correction.unread);
        let judged = Judged {
            lost_returns: collection.lost_returns,
            figures,
            illustrative,
            since_last_run: revisions.since_last_run,
            findings,
            receipts: collection.returns,
            published: Published {
                remarks,
                source_findings,
                evaluation,
                returns,
                indicators: collection.indicators,
                revisions: revisions.since_last_pack,
                correction: correction.content,
                audit,
            },
        };
        self.memory.keep(EVALUATE, &judged).await?;
        self.ended(EVALUATE, &detail).await?;
        Ok((judged, came))
    }

    /// What came in, and what came of looking for it.
    async fn collect(&self) -> Result<(Collection, Came), RunError> {
        self.progress.stage_starts(COLLECT);
        let &Stages { settings, materials, ledger, period, as_at, now, .. } = self;
        let round = Round { settings, materials, ledger, period, as_at, now };
        let looked = round.look_and_record(self.run).await?;
        // A run that a person sends elsewhere, or nowhere, tells partners nothing.
        let told = match self.request.recipients {
            To::List(_) => round.send_receipts(self.run, &looked).await?,
            To::Nobody | To::These(_) | To::Operators => Vec::new(),
        };
        let other_files = looked.other_files(period);
        let wanted = assess::wanted(materials, period, as_at);
        let collecting = assess::collect(settings, self.materials, &wanted, looked.returns, now, self.progress);
        let mut collection = stop::or(collecting).await?;
        collection.findings.extend(looked.unread);
        collection.lost_returns = looked.lost;
        self.ledger.record_inputs(self.run, &collection).await?;
        assess::at_least_one_figure(&collection, self.settings, self.period)?;
        self.memory.keep(COLLECT, &collection).await?;
        self.ended(COLLECT, &assess::collected(&collection, materials, period, as_at)).await?;
        Ok((collection, Came { told, other_files }))
    }

    /// What was revised: told and listed as against the last run, and inside the collection where that had none.
    async fn revised_since_last_run(&self, collection: &Collection) -> Result<Revisions, RunError> {
        let mut unread = Vec::new();
        let earlier = self.ledger.last_collection_before(self.run, PACK).await?;
        let since_last_run = self.vintages(earlier, collection, &mut unread).await?.revisions();
        self.ledger.record_revisions(self.run, &since_last_run).await?;
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
        let corrected = issues.corrected(&self.memory, self.asked.reissue.as_deref(), is_interim).await?;
        let pack = match corrected {
            Some(run) => Some(run),
            None => self.last_pack().await?.map(|(run, _)| run),
        };
        let revisions = self.vintages(pack, collection, unread).await?.revisions_since();
        unread.dedup();
        Ok(revisions)
    }

    /// The last pack of an earlier quarter, sent before made.
    async fn last_pack(&self) -> Result<Option<(RunId, Period)>, LedgerError> {
        self.ledger.last_pack_before(self.period, PACK, [PACK, interim::INTERIM]).await
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
            let figures = Memory { ledger: self.ledger, archive: self.memory.archive.clone(), run }.figures().await?;
            figures.content.into_iter().for_each(|figure| vintages.hold_against(figure));
            unread.extend(figures.unread);
        }
        Ok(vintages)
    }

    /// Judges, records the judgements as they are, and gives them as they may be published, with what is to be told of that. To
    /// `revisions` it adds what may be published of them.
    async fn evaluate(
        &self,
        collection: &Collection,
        revisions: &mut Revisions,
    ) -> Result<(DisclosedEvaluation, Vec<Finding>), RunError> {
        let framework = &self.materials.framework;
        let inputs = assess::inputs(self.materials, collection, self.period, self.as_at);
        let (means, mut findings) =
            disclosure::Means::of(self.settings, self.materials, &self.memory, self.period, Some((self.now)())).await?;
        let (evaluation, disclosed) = means.judge(&inputs, self.materials);
        let DisclosedEvaluation { evaluation: mut published, audit } = disclosed;
        findings.extend(means.to_tell(&audit));
        let since_last_pack = self.revised_since_last_pack(collection, &published, &mut revisions.unread).await?;
        revisions.since_last_pack = means.revisions(&since_last_pack, &published, self.materials);
        if let Some((earlier, since)) = self.last_pack().await? {
            let statuses = self.ledger.published_statuses(earlier).await?;
            let actions = self.ledger.action_statuses(earlier).await?;
            published.movements = Some(Movements::between(since, &statuses, &actions, &published, framework));
        }
        self.ledger.record_evaluation(self.run, &evaluation, &published).await?;
        Ok((DisclosedEvaluation { evaluation: published, audit }, findings))
    }

    /// The packs with the data behind them, in the output folder, in the archive and in the outbox; the path of the first
    /// pack's PDF comes first. What was ready before is written again as it was.
    async fn ready(&self, judged: &Judged) -> Result<(Ready, Vec<PathBuf>), RunError> {
        let folder = self.settings.paths.packs().join(self.period.slug());
        let mut files = Vec::new();
        if self.has_finished(RENDER) {
            for made in self.memory.files().await? {
                files.push(output::write(&folder, &made.name, &self.memory.read(&made.sha256)?)?);
            }
            return Ok((self.memory.recall(RENDER).await?, files));
        }
        self.lease.check()?;
        self.progress.stage_starts(RENDER);
        let packs = judged.published.make(self.materials, None, self.request.draft)?;
        if packs.is_empty() {
            let place = self.materials.only.place.as_ref().map_or("", |place| self.materials.areas.name(place)).to_owned();
            return Err(RunError::NothingOfPlace { place, period: self.period });
        }
        let mut made = Vec::new();
        let mut outputs = Vec::new();
        // The folder has the last pack of a quarter; the archive has each that was made.
        let mut keep = |name: &str, bytes: &[u8]| {
            files.push(output::write(&folder, name, bytes)?);
            let kept = self.memory.keep_file(name, bytes)?;
            made.push(kept.clone());
            Ok::<_, RunError>(kept.sha256)
        };
        let mut of_packs = Vec::new();
        for (name, bytes, pages) in output::all(&judged.published, &packs, self.materials, self.request.draft)? {
            let sha256 = keep(&name, &bytes)?;
            if let Some(pack) = packs.iter().find(|pack| name.strip_suffix(".pdf") == Some(&pack.stem)) {
                of_packs.push(ReadyPack::of(pack, sha256.clone()));
            }
            outputs.push(Output { file: name, sha256, bytes: bytes.len(), pages });
        }
        let manifest = Manifest::new(self.settings, &judged.published, outputs).map_err(Faults::from)?.to_json();
        keep(manifest::FILE, &manifest)?;

        let warnings = warnings(&packs);
        let withheld = self.withheld(judged, &warnings);
        let pages: usize = packs.iter().map(|pack| pack.rendered.pages).sum();
        let interim = self.goes_out_as_interim(&judged.published.evaluation).await?;
        let (many, pages) = (counted(packs.len(), "pack", "packs"), counted(pages, "page", "pages"));
        let detail = format!("{}{many}, {pages}", if interim { "interim: " } else { "" });
        drop(packs);
        let issue = judged.published.issue();
        let mut ready = Ready { packs: of_packs, warnings, issue, interim, withheld, ..Ready::default() };
        let deadline = self.settings.returns.deadline(self.period);
        let awaited = interim::awaited(&self.materials.partners, &judged.receipts, deadline, self.as_at);
        self.ledger.record_awaited(self.run, if interim { &awaited } else { &[] }).await?;
        let outbox = self.write(judged, &mut ready).await?;
        self.memory.keep(RENDER, &ready).await?;
        let waits = ready.waits_as.is_some();
        let deliveries: Vec<Delivery<'_>> = match ready.waits_as {
            // They are in the outbox already.
            Some(earlier) if earlier != self.run => Vec::new(),
            _ => outbox.letters.iter().map(|(key, record)| record.delivery(key, waits)).collect(),
        };
        self.ledger.record_ready(self.run, (RENDER, &detail), &made, &deliveries, (self.now)()).await?;
        self.progress.stage_ends(RENDER, &detail);
        stop::check()?;
        Ok((ready, files))
    }

    /// What is to be sent, where anything is; a person is asked for a word on it where the settings say so.
    async fn write(&self, judged: &Judged, ready: &mut Ready) -> Result<Outbox, RunError> {
        let Some(mail) = self.mail().filter(|_| ready.withheld.is_empty()) else { return Ok(Outbox::default()) };
        let (earlier, lost) = self.issued_before(ready).await?;
        if !lost.is_empty() {
            ready.withheld = lost;
            return Ok(Outbox::default());
        }
        let outbox = self.outbox(judged, ready, &earlier, mail).await?;
        let is_own = |sha256: &str| ready.packs.iter().any(|pack| pack.sha256 == sha256);
        let others = outbox.documents.iter().find(|document| !is_own(&document.sha256));
        let made_by =
            |document: &Document| earlier.iter().find(|(_, (_, made))| made.packs.iter().any(|p| p.sha256 == document.sha256));
        ready.issued_by = others.and_then(made_by).map(|(run, _)| *run);
        ready.documents.clone_from(&outbox.documents);
        if let To::List(_) = self.request.recipients {
            if !ready.interim {
                // The final pack goes out in place of an interim one that did not.
                let abouts: BTreeSet<&str> = outbox.letters.iter().map(|(key, _)| key.about.as_str()).collect();
                for about in abouts {
                    self.ledger.replace_unsent(interim::INTERIM, self.period, about, (self.now)()).await?;
                }
            }
            if self.settings.pack.approval {
                self.ask_approval(judged, &earlier, &outbox, ready).await?;
            }
        }
        Ok(outbox)
    }

    /// Whether what is made is sent as an interim pack: after the final one there is none.
    async fn goes_out_as_interim(&self, evaluation: &Evaluation) -> Result<bool, LedgerError> {
        Ok(evaluation.interim && self.issues(false).await?.are_unread())
    }

    /// What was sent of the quarter, as interim packs or as final ones.
    async fn issues(&self, interim: bool) -> Result<Issues, LedgerError> {
        Issues::of(self.ledger, self.period, interim::kind(interim), self.settings.mail.transport.reaches_people()).await
    }

    /// Why the pack is not to be sent; empty where it may be, or where it is a preview.
    fn withheld(&self, judged: &Judged, warnings: &[Fault]) -> Vec<String> {
        match self.request.recipients {
            To::Nobody | To::Operators => Vec::new(),
            To::List(_) | To::These(_) => gates::reasons(self.settings, judged, &self.materials.partners, warnings, self.as_at),
        }
    }

    async fn ended(&self, name: &str, detail: &str) -> Result<(), RunError> {
        self.ledger.end_stage(self.run, name, detail, (self.now)()).await?;
        self.progress.stage_ends(name, detail);
        stop::check()
    }
}

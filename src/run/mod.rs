//! One run: the stages in order, each recorded as it ends.

mod assess;
mod deliver;
mod known;
mod manifest;
mod materials;
mod output;
mod packs;
mod post;
mod preview;
pub mod round;

pub use assess::{Assessed, assess, when};
pub use deliver::DeliveryReport;
pub use known::known_before;
pub use manifest::{Manifest, Output};
pub use materials::{MailMaterials, Materials, PackTemplates, parse_date, parse_quarter};
pub use packs::{Made, Published};
pub use post::Delivered;
pub use preview::Preview;

use crate::collect::{Archive, Collection, Finding, IndicatorReceipt, ReturnReceipt};
use crate::distribute::Recipient;
use crate::evaluate::{self, Evaluation, Movements, Restatement, Tally, Vintages};
use crate::fault::{Fault, Faults};
use crate::period::Period;
use crate::report::Remark;
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError, NewRun, RunId};
use jiff::{Timestamp, civil::Date};
use round::{Round, Told};
use std::path::PathBuf;

/// The name of all of a run's packs in the ledger.
pub(crate) const PACK: &str = "board-pack";

/// What is asked of one run.
#[derive(Debug, Clone)]
pub struct Request {
    /// The quarter; the settings' or the last that ended where none.
    pub period: Option<Period>,
    /// What "today" is; the settings' or the clock's date where none.
    pub as_at: Option<Date>,
    pub recipients: To,
    /// Marked as a draft on every page.
    pub draft: bool,
    /// Who asked: `by hand`, or the name of a schedule.
    pub trigger: String,
}

/// Who gets the pack.
#[derive(Debug, Clone)]
pub enum To {
    Nobody,
    /// The list of this name in `recipients.toml`.
    List(String),
    /// Those that a person named for this run.
    These(Vec<Recipient>),
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
    pub returns: Vec<ReturnReceipt>,
    pub indicators: Vec<IndicatorReceipt>,
    /// What is doubtful about public figures, or is to be asked of their sources.
    pub findings: Vec<Finding>,
    /// Figures that read otherwise than in the run before.
    pub restatements: Vec<Restatement>,
    /// Measures by status.
    pub counts: Tally,
    /// Since the last pack of an earlier quarter.
    pub movements: Option<Movements>,
    /// The packs that were made: what each is called, and its pages. The first is the one that is sent.
    pub packs: Vec<(String, usize)>,
    pub illustrative: bool,
    /// Nothing lost, but worth an analyst's look: overfull boxes, missing glyphs.
    pub warnings: Vec<Fault>,
    pub files: Vec<PathBuf>,
    pub deliveries: Vec<DeliveryReport>,
    /// Receipts to partners for what they sent.
    pub told: Vec<Told>,
    /// Why the run is only partly done; empty where it is done.
    pub partial: Vec<String>,
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
    #[error("not one figure could be collected for {period}, so there is nothing to judge: {reasons}")]
    NoFigures { period: String, reasons: String },
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
    let (period, as_at) = assess::when(materials, request.period, request.as_at, now)?;
    let recipients = deliver::recipients(materials, request)?;

    let ledger = Ledger::open(&settings.paths.ledger).await?;
    let new = NewRun { pack: PACK, period, as_at, edition: &materials.framework.edition.id, trigger: &request.trigger };
    let run = ledger.start_run(&new, now()).await?;
    let stages = Stages { settings, materials, request, now, progress, ledger: &ledger, run, period, as_at };
    let result = stages.all(&recipients).await;
    ledger.end_run(run, &outcome(&result), now()).await?;
    ledger.close().await;
    result
}

/// How a run ended, as the ledger has it: `done`, or `partial: …` or `failed: …` with the reasons.
pub fn outcome(result: &Result<Summary, RunError>) -> String {
    outcome_of(result.as_ref().map(|summary| summary.partial.clone()))
}

fn outcome_of(partial: Result<Vec<String>, &RunError>) -> String {
    match partial {
        Ok(reasons) if reasons.is_empty() => "done".to_owned(),
        Ok(reasons) => format!("partial: {}", reasons.join("; ")),
        Err(error) => format!("failed: {error}"),
    }
}

/// Figures that now read otherwise.
struct Restatements {
    since_last_run: Vec<Restatement>,
    /// As they may be published.
    since_last_pack: Vec<Restatement>,
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
    run: RunId,
    period: Period,
    as_at: Date,
}

impl Stages<'_> {
    async fn all(&self, recipients: &[Recipient]) -> Result<Summary, RunError> {
        let (collection, told) = self.collect().await?;
        let restatements = self.restatements(&collection).await?;
        let evaluation = self.evaluate(&collection).await?;
        let illustrative = is_illustrative(&collection);
        let returns = evaluate::disclose_receipts(&collection.returns, &evaluation, &self.materials.framework);
        let published = Published {
            remarks: Remark::all(&collection.observations, &returns, &evaluation),
            evaluation,
            returns,
            indicators: collection.indicators,
            restatements: restatements.since_last_pack,
        };
        self.progress.stage_starts("render");
        let packs = published.make(self.materials, None, self.request.draft)?;
        let files = self.write(&published, &packs).await?;

        let failed = published.indicators.iter().filter_map(assess::failed_indicator);
        let mut partial: Vec<String> = failed.chain(round::shortfalls(&told)).collect();
        let mut summary = Summary {
            run: self.run,
            period: self.period,
            as_at: self.as_at,
            figures: collection.observations.len(),
            findings: collection.findings,
            restatements: restatements.since_last_run,
            counts: evaluate::counts(&published.evaluation),
            movements: published.evaluation.movements,
            returns: published.returns,
            indicators: published.indicators,
            packs: packs.iter().map(|pack| (pack.stem.clone(), pack.rendered.pages)).collect(),
            illustrative,
            warnings: warnings(&packs),
            files,
            deliveries: Vec::new(),
            told,
            partial: Vec::new(),
        };
        let Some(mail) = self.materials.mail.as_ref().filter(|_| !matches!(self.request.recipients, To::Nobody)) else {
            self.progress.stage_ends("distribute", "not asked for");
            summary.partial = partial;
            return Ok(summary);
        };
        if illustrative && !self.settings.pack.allow_illustrative {
            partial.push("the pack was not sent: it holds illustrative figures, and pack.allow_illustrative is false".to_owned());
        } else {
            let pack_file = summary.files[0].clone();
            summary.deliveries = self.deliver(&summary, mail, &packs[0].rendered.pdf, &pack_file, recipients).await?;
            partial.extend(summary.deliveries.iter().filter_map(DeliveryReport::shortfall));
            summary.files.extend(summary.deliveries.iter().filter_map(|d| d.file.clone()));
        }
        summary.partial = partial;
        Ok(summary)
    }

    /// What came in, and what partners were told of it.
    async fn collect(&self) -> Result<(Collection, Vec<Told>), RunError> {
        self.progress.stage_starts("collect");
        let Stages { settings, materials, ledger, period, as_at, now, .. } = *self;
        let round = Round { settings, materials, ledger, period, as_at, now };
        let returns = round.look().await?;
        round.record(self.run, &returns).await?;
        // A run that a person sends elsewhere, or nowhere, tells partners nothing.
        let told = match self.request.recipients {
            To::List(_) => round.send_receipts(self.run, &returns).await?,
            To::Nobody | To::These(_) => Vec::new(),
        };
        let wanted = assess::wanted(materials, period, as_at);
        let collection = assess::collect(settings, self.materials, &wanted, returns, now, self.progress).await;
        self.ledger.record_collection(self.run, &collection).await?;
        assess::at_least_one_figure(&collection, self.settings, self.period)?;
        let detail = assess::collected(&collection);
        self.ended("collect", &detail).await?;
        Ok((collection, told))
    }

    /// What was restated, told and recorded as against the last run; what the pack says is as against the last pack of
    /// an earlier quarter, since a pack must not depend on how often it was made.
    async fn restatements(&self, collection: &Collection) -> Result<Restatements, RunError> {
        let earlier = self.ledger.last_collection_before(self.run, PACK).await?;
        let since_last_run = self.restated_since(earlier, collection).await?;
        self.ledger.record_restatements(self.run, &since_last_run).await?;
        let pack = self.ledger.last_pack_before(self.period, PACK).await?.map(|(run, _)| run);
        let since_last_pack = self.restated_since(pack, collection).await?;
        let since_last_pack = evaluate::disclose_restatements(&since_last_pack, &self.materials.framework);
        Ok(Restatements { since_last_run, since_last_pack })
    }

    /// Inside the collection, and against an earlier run where there is one.
    async fn restated_since(&self, earlier: Option<RunId>, collection: &Collection) -> Result<Vec<Restatement>, LedgerError> {
        let mut vintages = Vintages::of(&collection.observations).replacing(&collection.replaced);
        if let Some(earlier) = earlier {
            for measure in &self.materials.framework.measures {
                let figures = self.ledger.observations(earlier, &measure.id).await?;
                figures.into_iter().for_each(|figure| vintages.hold_against(figure));
            }
        }
        Ok(vintages.restatements())
    }

    /// Judges, records the judgements as they are, and gives them as they may be published.
    async fn evaluate(&self, collection: &Collection) -> Result<Evaluation, RunError> {
        self.progress.stage_starts("evaluate");
        let (framework, areas) = (&self.materials.framework, &self.materials.areas);
        let evaluation = evaluate::evaluate(&assess::inputs(self.materials, collection, self.period, self.as_at));
        let mut published = evaluate::disclose(&evaluation, framework, areas);
        if let Some((earlier, since)) = self.ledger.last_pack_before(self.period, PACK).await? {
            let statuses = self.ledger.published_statuses(earlier).await?;
            published.movements = Some(Movements::between(since, &statuses, &published));
        }
        self.ledger.record_evaluation(self.run, &evaluation, &published).await?;
        let detail = format!("{} measures, {} key actions", evaluation.measures.len(), evaluation.actions.len());
        self.ended("evaluate", &detail).await?;
        Ok(published)
    }

    /// Writes the packs, the data behind them and the manifest; the path of the first pack's PDF comes first.
    async fn write(&self, published: &Published, packs: &[Made]) -> Result<Vec<PathBuf>, RunError> {
        let folder = self.settings.paths.output.join(self.period.slug());
        // The folder has the last pack of a quarter; the archive has each that was made.
        let archive = Archive::new(self.settings.paths.archive.clone());
        let keep = |bytes: &[u8]| {
            let path = self.settings.paths.archive.clone();
            archive.keep(bytes).map_err(|e| RunError::Output { path, problem: e.to_string() })
        };
        let mut files = Vec::new();
        let mut outputs = Vec::new();
        for (name, bytes, pages) in output::all(published, packs, self.materials, self.request.draft)? {
            let path = output::write(&folder, &name, &bytes)?;
            let sha256 = keep(&bytes)?;
            self.ledger.record_output(self.run, &name, &sha256, bytes.len()).await?;
            outputs.push(Output { file: name, sha256, bytes: bytes.len(), pages });
            files.push(path);
        }
        let manifest = Manifest::new(self.settings, published, outputs).map_err(Faults::from)?.to_json();
        files.push(output::write(&folder, "manifest.json", &manifest)?);
        self.ledger.record_output(self.run, "manifest.json", &keep(&manifest)?, manifest.len()).await?;
        let pages: usize = packs.iter().map(|pack| pack.rendered.pages).sum();
        self.ended("render", &format!("{} packs, {pages} pages", packs.len())).await?;
        Ok(files)
    }

    async fn ended(&self, name: &str, detail: &str) -> Result<(), RunError> {
        self.ledger.end_stage(self.run, name, detail, (self.now)()).await?;
        self.progress.stage_ends(name, detail);
        Ok(())
    }
}

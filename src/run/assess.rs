//! The first two stages, which need no ledger: what was collected, and how it is judged.

use super::env::Setup;
use super::error::RunError;
use super::loaded_config::LoadedConfig;
use super::packs::Published;
use super::{disclosure, interim, prior_data};
use crate::collect::workbook::ReaderProcess;
use crate::collect::{
    self, Collection, FetchSetup, Files, Finding, IndicatorOutcome, IndicatorReceipt, Indicators, Intake, PartnerReturn,
    PriorReturns, ReturnReceipt, Returns, RunScope,
};
use crate::counted::counted;
use crate::evaluate::{self, DisclosedEvaluation, Evaluation};
use crate::framework::Framework;
use crate::period::Period;
use crate::report::Remark;
use crate::settings::Settings;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::time::Duration;

/// How long a file that was only just written is given until it is looked at again.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// What was collected and what was made of it.
#[derive(Debug)]
pub struct Assessed {
    pub collection: Collection,
    pub evaluation: Evaluation,
    means: disclosure::HidingSetup,
}

/// Collects and judges in the light of what the ledger knows, and records nothing but inputs in the archive.
///
/// # Errors
/// [`RunError::QuarterNotEnded`], [`RunError::NoFigures`], or a ledger that cannot be read.
pub async fn assess(setup: &Setup<'_>, as_at: Option<Date>) -> Result<Assessed, RunError> {
    let Setup { settings, config, now, progress } = *setup;
    let (period, as_at) = config.quarter_and_day(as_at, now)?;
    progress.stage_starts("collect");
    let wanted = wanted(config, period, as_at);
    let (known, unread) = prior_data::known_by(&settings.paths, &config.framework, period, as_at).await?;
    let known = PriorReturns { prints: config.prints(), ..known };
    let returns = returns(setup, &wanted, &known);
    let mut collection = collect(setup, &wanted, returns).await;
    collection.findings.extend(unread);
    at_least_one_figure(&collection, settings, (period, as_at))?;
    progress.stage_ends("collect", &collected(&collection, config, period, as_at));
    progress.stage_starts("evaluate");
    let means = disclosure::HidingSetup::without_run(settings, config, period).await?;
    let (evaluation, _) = means.judge(&inputs(config, &collection, period, as_at), config);
    progress.stage_ends("evaluate", &counted(evaluation.measures.len(), "measure", "measures"));
    Ok(Assessed { collection, evaluation, means })
}

impl Assessed {
    /// The public sources that failed, in words; empty where all is there that should be.
    pub fn failures(&self) -> Vec<String> {
        self.collection.indicators.iter().filter_map(failed_indicator).collect()
    }

    /// What packs can be made from, as it may be published, without what a ledger knows of earlier packs.
    pub fn published(self, config: &LoadedConfig) -> Published {
        let DisclosedEvaluation { evaluation, audit, .. } = self.disclosed(config);
        let returns = evaluate::disclose_receipts(&self.collection.returns, &evaluation, &config.framework);
        let source_findings = source_findings(&self.collection, &evaluation, config);
        Published {
            remarks: remarks(&self.collection, &returns, &source_findings, &evaluation, &config.framework),
            evaluation,
            returns,
            indicators: self.collection.indicators,
            source_findings,
            revisions: Vec::new(),
            correction: None,
            comments: self.collection.comments,
            audit,
        }
    }

    /// The judgements as they may be published, and what was hidden of them.
    pub fn disclosed(&self, config: &LoadedConfig) -> DisclosedEvaluation {
        self.means.disclose(&self.evaluation, config)
    }

    /// Why no pack would go out, for what earlier packs showed is lost: a sentence each.
    pub fn lost(&self) -> &[String] {
        &self.means.lost
    }

    /// What was judged.
    pub fn inputs<'a>(&'a self, config: &'a LoadedConfig) -> evaluate::EvaluationInputs<'a> {
        inputs(config, &self.collection, self.evaluation.period, self.evaluation.as_at)
    }
}

/// The questions to figures in use and what partners said of them. `returns` are those of the quarter, as they may be published.
pub(super) fn remarks(
    collection: &Collection,
    returns: &[ReturnReceipt],
    source_findings: &[Finding],
    published: &Evaluation,
    framework: &Framework,
) -> Vec<Remark> {
    let mut all = returns.to_vec();
    all.extend(evaluate::disclose_receipts(&collection.earlier_returns, published, framework));
    Remark::all(&collection.observations, &all, source_findings, published)
}

/// Reads the returns. A folder that cannot be read is among the findings; whoever tells partners or readers what came looks first
/// whether it can ([`collect::check_inbox`]).
pub(super) fn returns(setup: &Setup<'_>, wanted: &RunScope<'_>, known: &PriorReturns) -> Returns {
    let Setup { settings, config, now, .. } = *setup;
    let intake = Intake {
        folder: &settings.paths.returns,
        limits: &settings.returns.limits,
        reading: &ReaderProcess::with(settings.program.clone()),
        archive: &setup.archive(),
        areas: &config.areas,
        mappings: &config.mappings,
        now: now(),
        wait: &|| std::thread::sleep(BETWEEN_LOOKS),
    };
    collect::collect_returns(&intake, wanted, known)
}

pub(super) fn wanted(config: &LoadedConfig, period: Period, as_at: Date) -> RunScope<'_> {
    RunScope { framework: &config.framework, partners: &config.partners, period, as_at }
}

/// Asks the public sources.
pub(super) async fn indicators(setup: &Setup<'_>, wanted: &RunScope<'_>) -> Indicators {
    let Setup { settings, config, now, progress } = *setup;
    let archive = setup.archive();
    let (assets, reading) = (settings.config_assets(), ReaderProcess::with(settings.program.clone()));
    let files = Files { config: &assets, areas: &config.areas, limits: &settings.returns.limits, reading: &reading };
    let means = FetchSetup {
        files: Some(files),
        descriptions: true,
        ..FetchSetup::new(&settings.sources, &settings.fetch, &archive, now())
    };
    let counted = |done, total, last: &str| progress.counted(done, total, last);
    collect::collect_indicators(wanted, &means, &counted).await
}

/// Asks the public sources, and puts their answers to what the partners returned.
pub(super) async fn collect(setup: &Setup<'_>, wanted: &RunScope<'_>, returns: Returns) -> Collection {
    let indicators = indicators(setup, wanted).await;
    let mut observations = returns.observations;
    observations.extend(indicators.observations);
    Collection {
        observations,
        distributions: indicators.distributions,
        replaced: returns.replaced,
        action_reports: returns.action_reports,
        comments: returns.comments,
        returns: returns.receipts,
        earlier_returns: returns.earlier,
        first_round: returns.first_round,
        nothing_to_report: returns.nothing_to_report,
        indicators: indicators.receipts,
        findings: returns.findings.into_iter().chain(indicators.findings).collect(),
        lost_returns: Vec::new(),
    }
}

pub(super) fn inputs<'a>(
    config: &'a LoadedConfig,
    collection: &'a Collection,
    period: Period,
    as_at: Date,
) -> evaluate::EvaluationInputs<'a> {
    let deadline = config.returns.deadline(period);
    let awaited = interim::awaited(&config.partners, &collection.returns, deadline, as_at);
    evaluate::EvaluationInputs {
        framework: &config.framework,
        areas: &config.areas,
        observations: &collection.observations,
        action_reports: &collection.action_reports,
        partners: &config.partners,
        indicators: &collection.indicators,
        distributions: &collection.distributions,
        findings: &collection.findings,
        period,
        as_at,
        // Once all are in, nothing is waited for.
        deadline: Some(deadline).filter(|_| !awaited.is_empty()),
        returns: &collection.returns,
        rounds: evaluate::ReturnRounds {
            deadline_days: config.returns.deadline_days,
            first: collection.first_round,
            nothing_to_report: &collection.nothing_to_report,
        },
    }
}

/// What was found in single figures of public sources, as it may be published.
pub(super) fn source_findings(collection: &Collection, evaluation: &Evaluation, config: &LoadedConfig) -> Vec<Finding> {
    let of_figures: Vec<Finding> = collection.findings.iter().filter(|finding| finding.about.is_some()).cloned().collect();
    evaluate::disclose_findings(&of_figures, evaluation, &config.framework)
}

/// # Errors
/// [`RunError::NoFigures`] with the first reasons.
pub(super) fn at_least_one_figure(
    collection: &Collection,
    settings: &Settings,
    (period, as_at): (Period, Date),
) -> Result<(), RunError> {
    if !collection.observations.is_empty() {
        return Ok(());
    }
    let refused = collection.returns.iter().flat_map(|r| r.findings.first()).map(|f| format!("{}: {}", f.place, f.problem));
    let failed = collection.indicators.iter().filter_map(failed_indicator);
    let mut reasons: Vec<String> = refused.chain(failed).take(3).collect();
    let (folder, quarter) = (settings.paths.returns.display(), period.slug());
    if reasons.is_empty() {
        let later = collection.findings.iter().filter(|finding| collect::says_that_it_came_later(finding)).count();
        let held = match later {
            0 => format!("{folder} holds no workbook of {quarter}"),
            _ => {
                let later = counted(later, "workbook that arrived", "workbooks that all arrived");
                format!("{folder} holds {later} after {as_at}, the day of the run (choose a later day)")
            }
        };
        reasons.push(format!("{held}, and no public source gave a figure"));
    }
    Err(RunError::NoFigures { period: quarter, reasons: reasons.join("; ") })
}

/// The figures that were given, without marks that one is missing, suppressed or not applicable.
pub(super) fn number_given(collection: &Collection) -> usize {
    collection.observations.iter().filter(|figure| figure.value.number().is_some()).count()
}

/// How much came, in words.
pub(super) fn collected(collection: &Collection, config: &LoadedConfig, period: Period, as_at: Date) -> String {
    let deadline = config.returns.deadline(period);
    let returns = PartnerReturn::all(&collection.returns, &config.partners, deadline, as_at);
    let came = returns.iter().filter(|one| one.is_returned()).count();
    let received = collection.indicators.iter().filter(|i| matches!(i.outcome, IndicatorOutcome::Received { .. })).count();
    format!(
        "{came} of {}, {received} of {}, {}",
        counted(returns.len(), "return", "returns"),
        counted(collection.indicators.len(), "indicator", "indicators"),
        counted(number_given(collection), "figure", "figures"),
    )
}

/// Words for an indicator that failed, even where its last good answer stands in; one that is only not set up is no failure.
pub(super) fn failed_indicator(receipt: &IndicatorReceipt) -> Option<String> {
    match &receipt.outcome {
        IndicatorOutcome::Failed { reason } => {
            Some(format!("indicator {} of {}: {reason}", receipt.indicator, receipt.publisher))
        }
        IndicatorOutcome::Received { instead_of: Some(reason), retrieved, .. } => {
            let day = retrieved.to_zoned(TimeZone::UTC).date();
            let IndicatorReceipt { indicator, publisher, .. } = receipt;
            Some(format!("indicator {indicator} of {publisher}: {reason}; its answer of {day} stands in"))
        }
        _ => None,
    }
}

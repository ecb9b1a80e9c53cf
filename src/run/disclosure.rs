//! What decides what may be published, beside the figures: the secret of the installation, and what earlier packs showed.

use super::checkpoints::Checkpoints;
use super::error::RunError;
use super::history::ShownFigures;
use super::loaded_config::LoadedConfig;
use super::message_kinds::{PACK, WITH_PACKS};
use super::opening;
use crate::archive::{Archive, sha256};
use crate::collect::{Finding, Grade};
use crate::counted::counted;
use crate::evaluate::{
    self, DisclosedEvaluation, DisclosureAudit, DisclosureTerms, EarlierFigures, Evaluation, EvaluationInputs, RevealedCount,
    Revision, Secret,
};
use crate::fault::{Fault, Faults};
use crate::framework::MeasureId;
use crate::period::Period;
use crate::permissions;
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError, RunId, ShownPack};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The name of the secret's file beside the ledger, where the settings name none.
const FILE: &str = "disclosure.secret";

/// Bytes of a secret that is made here.
const LENGTH: usize = 32;

/// Fewer bytes than these can be tried out.
const LEAST: usize = 16;

/// What is wrong with one that earlier packs were not made with.
const IS_LOST: &str = "is not there";
const IS_ANOTHER: &str = "is not the one of earlier packs";

/// No more is read of what is named as one.
const MOST: u64 = 64 * 1024;

/// By what it is decided which figures are hidden.
#[derive(Debug, Clone)]
pub(super) struct HidingSetup {
    secret: Secret,
    earlier: EarlierFigures,
    /// What was told of before: counts that earlier packs gave away.
    told: Vec<(MeasureId, RevealedCount)>,
    /// Why no pack goes out, for what earlier packs showed is lost: a sentence each.
    pub lost: Vec<String>,
}

impl HidingSetup {
    /// Of a run, at `now`, or of whoever only looks.
    pub async fn of(
        settings: &Settings,
        config: &LoadedConfig,
        checkpoints: &Checkpoints<'_>,
        period: Period,
        now: Option<Timestamp>,
    ) -> Result<Self, RunError> {
        let mut setup = HidingSetup::new(secret(settings, Some(checkpoints.ledger), now).await?);
        for pack in checkpoints.ledger.packs_shown(period, PACK, WITH_PACKS).await? {
            match shown(checkpoints, &pack).await? {
                Ok(ShownFigures { measures, marks, audit }) => {
                    setup.earlier.add(&measures, &marks, &config.framework, &setup.secret);
                    setup.told.extend(given_away(&audit));
                }
                Err(_) if pack.may_be_lost => {}
                Err(problem) => setup.lost.push(lost_in_words(&pack, &problem)),
            }
        }
        Ok(setup)
    }

    fn new(secret: Secret) -> Self {
        HidingSetup { secret, earlier: EarlierFigures::default(), told: Vec::new(), lost: Vec::new() }
    }

    /// Where there may be no ledger yet; nothing is written to it.
    pub async fn without_run(settings: &Settings, config: &LoadedConfig, period: Period) -> Result<Self, RunError> {
        let Some((ledger, doubt)) = Ledger::open_to_read(&settings.paths).await? else {
            return Ok(HidingSetup::new(secret(settings, None, None).await?));
        };
        doubt.iter().for_each(|doubt| tracing::warn!("{doubt}"));
        let checkpoints = Checkpoints { ledger: &ledger, archive: Archive::new(settings.paths.archive.clone()), run: RunId(0) };
        let setup = async {
            opening::found_cut_off(&ledger.cut_off().await?);
            Self::of(settings, config, &checkpoints, period, None).await
        };
        let setup = setup.await;
        ledger.close().await;
        setup
    }

    /// The judgements, and as they may be published. A question to a figure that is hidden is the operators' alone: nothing is
    /// judged by it that readers see.
    pub fn judge(&self, inputs: &EvaluationInputs<'_>, config: &LoadedConfig) -> (Evaluation, DisclosedEvaluation) {
        let evaluation = evaluate::evaluate(inputs);
        let disclosed = self.disclose(&evaluation, config);
        let is_open = |finding: &&Finding| !evaluate::is_question_of_hidden(finding, &disclosed.evaluation);
        let findings: Vec<Finding> = inputs.findings.iter().filter(is_open).cloned().collect();
        if findings.len() == inputs.findings.len() {
            return (evaluation, disclosed);
        }
        let evaluation = evaluate::evaluate(&EvaluationInputs { findings: &findings, ..*inputs });
        let disclosed = self.disclose(&evaluation, config);
        (evaluation, disclosed)
    }

    /// An evaluation as it may be published.
    pub fn disclose(&self, evaluation: &Evaluation, config: &LoadedConfig) -> DisclosedEvaluation {
        let HidingSetup { secret, earlier, .. } = self;
        let LoadedConfig { framework, areas, partners, .. } = config;
        let terms = DisclosureTerms { framework, areas, partners, secret, earlier };
        evaluate::disclose(evaluation, &terms)
    }

    /// Revised figures as they may be published beside `published`.
    pub fn revisions(&self, revised: &[Revision], published: &Evaluation, config: &LoadedConfig) -> Vec<Revision> {
        evaluate::disclose_revisions(revised, published, &self.earlier, &config.framework)
    }

    /// For the operators: the counts that earlier packs give away, each once.
    pub fn to_tell(&self, audit: &DisclosureAudit) -> Vec<Finding> {
        let new = given_away(audit).filter(|of| !self.told.contains(of));
        let finding = |(measure, RevealedCount { area, period, group }): (MeasureId, RevealedCount)| {
            let group = group.map_or(String::new(), |group| format!(", {group}"));
            let place = format!("{measure}, {area}{group}, {period}");
            let problem = "a count that is hidden now, or not given yet, can be worked out from earlier packs";
            let remedy = "hiding more now does not help; tell the people who have those packs, or recall them";
            Finding::new(Grade::Question, Fault::new(place, problem, remedy))
        };
        new.map(finding).collect()
    }
}

/// What a pack showed, or why that is not known any more.
async fn shown(checkpoints: &Checkpoints<'_>, pack: &ShownPack) -> Result<Result<ShownFigures, String>, LedgerError> {
    match pack.is_of_run {
        true => checkpoints.of(pack.run).shown().await,
        false => Ok(Err("the ledger does not know the run that made it".to_owned())),
    }
}

fn lost_in_words(pack: &ShownPack, problem: &str) -> String {
    let made_by = if pack.is_of_run { format!(" of run {}", pack.run) } else { String::new() };
    format!(
        "what the pack of {}{made_by} showed is lost, and a count that is hidden now could be worked out from both: {problem} \
         (restore the archive from a backup; if that is not possible, `boardpack disclosure accept-loss --by NAME --reason TEXT` \
         continues without it)",
        pack.period
    )
}

/// Records that packs go out though what earlier ones showed is lost, because `by` says so; gives what is lost, a line each. Of
/// packs whose loss is accepted, nothing is told again.
pub async fn accept_loss(
    settings: &Settings,
    ledger: &Ledger,
    by: (&str, &str),
    now: Timestamp,
) -> Result<Vec<String>, RunError> {
    let checkpoints = Checkpoints { ledger, archive: Archive::new(settings.paths.archive.clone()), run: RunId(0) };
    // Any quarter that has ended may have a pack.
    let next = Period::last_quarter_before(now.to_zoned(TimeZone::UTC).date()).next_step();
    let mut accepted = Vec::new();
    for pack in ledger.packs_shown(next, PACK, WITH_PACKS).await?.into_iter().filter(|pack| !pack.may_be_lost) {
        if let Err(problem) = shown(&checkpoints, &pack).await? {
            ledger.accept_loss(pack, by, now).await?;
            accepted.push(format!("the pack of {}: {problem}", pack.period));
        }
    }
    Ok(accepted)
}

fn given_away(audit: &DisclosureAudit) -> impl Iterator<Item = (MeasureId, RevealedCount)> {
    audit.measures.iter().flat_map(|of| of.given_away.iter().map(|one| (of.measure.clone(), one.clone())))
}

/// The secret that the settings name, or the one beside the ledger, which is made where none is known yet. A ledger that is worked
/// with knows it from then on.
async fn secret(settings: &Settings, ledger: Option<&Ledger>, now: Option<Timestamp>) -> Result<Secret, RunError> {
    let known = match ledger {
        Some(ledger) => ledger.secret().await?,
        None => None,
    };
    let lost = |problem: &str| RunError::SecretLost { path: file(settings), problem: problem.to_owned() };
    let bytes = match read(settings).map_err(Faults::from)? {
        Some(bytes) => bytes,
        None if known.is_some() => return Err(lost(IS_LOST)),
        None => made(settings)?,
    };
    let digest = digest(&bytes);
    match (known, ledger, now) {
        (Some(known), ..) if known != digest => return Err(lost(IS_ANOTHER)),
        (None, Some(ledger), Some(now)) => ledger.take_secret(&digest, ("", ""), now).await?,
        _ => {}
    }
    Ok(Secret::new(bytes))
}

/// Takes the secret that is there, or a new one where none is, in the place of the one that the ledger knows, because `by` says
/// so. False where it is the one that the ledger knows.
///
/// # Errors
/// A file that cannot be used; a ledger that cannot be written.
pub async fn accept_secret(settings: &Settings, ledger: &Ledger, by: (&str, &str), now: Timestamp) -> Result<bool, RunError> {
    let bytes = match read(settings).map_err(Faults::from)? {
        Some(bytes) => bytes,
        None => made(settings)?,
    };
    let digest = digest(&bytes);
    let is_new = ledger.secret().await?.as_ref() != Some(&digest);
    if is_new {
        ledger.take_secret(&digest, by, now).await?;
    }
    Ok(is_new)
}

/// What is wrong with the secret's file; nothing where a run makes it.
pub(super) fn fault_of_secret(settings: &Settings) -> Option<Fault> {
    read(settings).err()
}

/// Why the secret is not the one of this SHA-256, which earlier packs were made with; none where it is, or cannot be read at all.
pub(crate) fn fault_of_other_secret(settings: &Settings, known: &str) -> Option<Fault> {
    let problem = match read(settings).ok()? {
        Some(bytes) if digest(&bytes) == known => return None,
        Some(_) => IS_ANOTHER,
        None => IS_LOST,
    };
    let path = file(settings);
    Some(Fault::new("disclosure.secret_file", RunError::SecretLost { path, problem: problem.to_owned() }.to_string(), ""))
}

/// Where the secret lies.
pub(crate) fn file(settings: &Settings) -> PathBuf {
    settings.disclosure.secret_file.clone().unwrap_or_else(|| settings.paths.ledger.with_file_name(FILE))
}

/// What the secret's file holds; none where it is the one that a run makes, and is not there.
fn read(settings: &Settings) -> Result<Option<Vec<u8>>, Fault> {
    let path = file(settings);
    let is_named = settings.disclosure.secret_file.is_some();
    let fault = |problem: String, remedy: &str| {
        let place = if is_named { format!("disclosure.secret_file, {}", path.display()) } else { path.display().to_string() };
        Err(Fault::new(place, problem, remedy))
    };
    let mut bytes = Vec::new();
    match fs::File::open(&path).and_then(|file| file.take(MOST).read_to_end(&mut bytes)) {
        Ok(length) if length < LEAST => {
            let remedy = "restore it from a backup; without one, `head -c 32 /dev/urandom > FILE` fills it, and `boardpack disclosure \
                accept-secret --by NAME --reason TEXT` continues with it if packs were made with another";
            fault(format!("it has {}; at least {LEAST} were expected", counted(length, "byte", "bytes")), remedy)
        }
        Ok(_) => Ok(Some(bytes)),
        Err(e) if e.kind() == io::ErrorKind::NotFound && !is_named => Ok(None),
        Err(e) => fault(format!("it cannot be read: {e}"), "name a file that boardpack may read, or give this one to its user"),
    }
}

/// What the ledger knows of a secret. It tells nothing of the secret itself.
fn digest(bytes: &[u8]) -> String {
    sha256(&[b"boardpack disclosure secret", bytes].concat())
}

fn made(settings: &Settings) -> Result<Vec<u8>, RunError> {
    let path = file(settings);
    make(&path).map_err(|e| RunError::Output { path, problem: e.to_string() })
}

/// Makes the file, which only its owner may read. Of two processes that make it at once, the first one's stands.
fn make(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; LENGTH];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    if let Some(folder) = path.parent() {
        permissions::create_folders(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => {
            file.write_all(&bytes)?;
            file.sync_all()?;
            Ok(bytes)
        }
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => fs::read(path),
        Err(e) => Err(e),
    }
}

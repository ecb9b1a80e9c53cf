//! What decides what may be published, beside the figures: the secret of the installation, and what earlier packs showed.

use super::memory::Memory;
use super::{Materials, PACK, RunError};
use crate::collect::{Archive, Finding, Grade};
use crate::evaluate::{self, Audit, Disclosed, EarlierFigures, Evaluation, GivenAway, Inputs, Revision, Secret, Terms};
use crate::fault::{Fault, Faults};
use crate::framework::MeasureId;
use crate::period::Period;
use crate::permissions;
use crate::settings::Settings;
use crate::store::{Ledger, RunId};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// The name of the secret's file beside the ledger, where the settings name none.
const FILE: &str = "disclosure.secret";

/// Bytes of a secret that is made here.
const LENGTH: usize = 32;

/// Fewer bytes than these can be tried out.
const LEAST: usize = 16;

/// What is told apart from the figures themselves.
#[derive(Debug, Clone)]
pub(super) struct Means {
    secret: Secret,
    earlier: EarlierFigures,
    /// What was told of before: counts that earlier packs gave away.
    told: Vec<(MeasureId, GivenAway)>,
}

impl Means {
    /// Of a run; with it, what could not be read of earlier ones.
    pub async fn of(
        settings: &Settings,
        materials: &Materials,
        memory: &Memory<'_>,
        period: Period,
    ) -> Result<(Self, Vec<Finding>), RunError> {
        let secret = secret(settings)?;
        let mut means = Means { secret, earlier: EarlierFigures::default(), told: Vec::new() };
        let mut unread = Vec::new();
        for run in memory.ledger.packs_shown(period, PACK).await? {
            let shown = memory.of(run).shown().await?;
            let (measures, audit) = shown.content;
            means.earlier.add(&measures, &materials.framework);
            means.told.extend(given_away(&audit));
            unread.extend(shown.unread);
        }
        Ok((means, unread))
    }

    /// Where there may be no ledger yet; nothing is written to it.
    pub async fn without_run(settings: &Settings, materials: &Materials, period: Period) -> Result<Self, RunError> {
        let Some((ledger, doubt)) = Ledger::open_to_read(&settings.paths).await? else {
            return Ok(Means { secret: secret(settings)?, earlier: EarlierFigures::default(), told: Vec::new() });
        };
        doubt.iter().for_each(|doubt| tracing::warn!("{doubt}"));
        let memory = Memory { ledger: &ledger, archive: Archive::new(settings.paths.archive.clone()), run: RunId(0) };
        let means = Self::of(settings, materials, &memory, period).await;
        ledger.close().await;
        Ok(means?.0)
    }

    /// The judgements, and as they may be published. A question to a figure that is hidden is the operators' alone: nothing is
    /// judged by it that readers see.
    pub fn judge(&self, inputs: &Inputs<'_>, materials: &Materials) -> (Evaluation, Disclosed) {
        let evaluation = evaluate::evaluate(inputs);
        let disclosed = self.disclose(&evaluation, materials);
        let is_open = |finding: &&Finding| !evaluate::is_question_of_hidden(finding, &disclosed.evaluation);
        let findings: Vec<Finding> = inputs.findings.iter().filter(is_open).cloned().collect();
        if findings.len() == inputs.findings.len() {
            return (evaluation, disclosed);
        }
        let evaluation = evaluate::evaluate(&Inputs { findings: &findings, ..*inputs });
        let disclosed = self.disclose(&evaluation, materials);
        (evaluation, disclosed)
    }

    /// An evaluation as it may be published.
    pub fn disclose(&self, evaluation: &Evaluation, materials: &Materials) -> Disclosed {
        let Means { secret, earlier, .. } = self;
        let terms = Terms { framework: &materials.framework, areas: &materials.areas, secret, earlier };
        evaluate::disclose(evaluation, &terms)
    }

    /// Revised figures as they may be published beside `published`.
    pub fn revisions(&self, revised: &[Revision], published: &Evaluation, materials: &Materials) -> Vec<Revision> {
        evaluate::disclose_revisions(revised, published, &self.earlier, &materials.framework)
    }

    /// For the operators: the counts that earlier packs give away, each once.
    pub fn to_tell(&self, audit: &Audit) -> Vec<Finding> {
        let new = given_away(audit).filter(|of| !self.told.contains(of));
        let finding = |(measure, GivenAway { area, period, group }): (MeasureId, GivenAway)| {
            let group = group.map_or(String::new(), |group| format!(", {group}"));
            let place = format!("{measure}, {area}{group}, {period}");
            let problem = "a count that is hidden now can be worked out of packs that were made before";
            let remedy = "nothing that is hidden now mends it; say so to whoever has those packs, or take them back";
            Finding::new(Grade::Question, Fault::new(place, problem, remedy))
        };
        new.map(finding).collect()
    }
}

fn given_away(audit: &Audit) -> impl Iterator<Item = (MeasureId, GivenAway)> {
    audit.measures.iter().flat_map(|of| of.given_away.iter().map(|one| (of.measure.clone(), one.clone())))
}

/// The secret that the settings name, or the one beside the ledger, which is made where there is none yet.
fn secret(settings: &Settings) -> Result<Secret, RunError> {
    let fault = |place: &str, problem: String, remedy: &str| RunError::from(Faults::from(Fault::new(place, problem, remedy)));
    let (key, path) = match &settings.disclosure.secret_file {
        Some(path) => ("disclosure.secret_file", path.clone()),
        None => ("paths.ledger", settings.paths.ledger.with_file_name(FILE)),
    };
    let bytes = match fs::read(&path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound && settings.disclosure.secret_file.is_none() => made(&path),
        read => read,
    };
    match bytes {
        Ok(bytes) if bytes.len() < LEAST => {
            let problem = format!("{} has {} bytes; at least {LEAST} were expected", path.display(), bytes.len());
            Err(fault(key, problem, "fill it from /dev/urandom"))
        }
        Ok(bytes) => Ok(Secret::new(bytes)),
        Err(e) => {
            let problem = format!("{} cannot be read or made: {e}", path.display());
            Err(fault(key, problem, "set disclosure.secret_file to a file that boardpack may read"))
        }
    }
}

/// Makes the file, which only its owner may read. Of two processes that make it at once, the first one's stands.
fn made(path: &Path) -> io::Result<Vec<u8>> {
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

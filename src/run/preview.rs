//! Packs made again from an assessment that is there already, for whoever edits their templates. Nothing is collected,
//! judged, recorded or sent.

use super::checkpoints::{Checkpoints, EVALUATE};
use super::error::RunError;
use super::loaded_config::LoadedConfig;
use super::message_kinds::PACK;
use super::output;
use super::packs::{Published, RenderedPack};
use super::stage_records::EvaluatedRun;
use crate::archive::Archive;
use crate::fault::{Fault, Faults};
use crate::period::Period;
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError};
use std::path::PathBuf;

/// Where previews are written, below the folder of the quarter: apart from what was or will be sent.
const FOLDER: &str = "preview";

/// An assessment that an earlier run left, and where its previews go.
#[derive(Debug)]
pub struct Preview {
    published: Published,
    folder: PathBuf,
}

impl Preview {
    /// The last assessment of one quarter, or of the latest that was assessed, as the run's stage left it.
    ///
    /// # Errors
    /// The ledger's; inside, no assessment, or one that is no longer there or that this version cannot read.
    pub async fn open(settings: &Settings, ledger: &Ledger, period: Option<Period>) -> Result<Result<Self, Faults>, LedgerError> {
        let make = "make it with `boardpack run --no-send`";
        let Some(run) = ledger.last_judged(period, PACK).await? else {
            let place = settings.paths.ledger.display().to_string();
            let quarter = period.map_or(String::new(), |period| format!(" of {}", period.slug()));
            return Ok(Err(Fault::new(place, format!("knows no assessment{quarter} to make a pack from"), make).into()));
        };
        let checkpoints = Checkpoints { ledger, archive: Archive::new(settings.paths.archive.clone()), run };
        let judged: EvaluatedRun = match checkpoints.load(EVALUATE).await {
            Ok(judged) => judged,
            Err(RunError::Ledger(error)) => return Err(error),
            Err(RunError::Lost { problem, .. }) => return Ok(Err(Fault::new(format!("run {run}"), problem, make).into())),
            Err(other) => return Ok(Err(Fault::new(format!("run {run}"), other.to_string(), make).into())),
        };
        let folder = settings.paths.packs().join(judged.published.evaluation.period.slug()).join(FOLDER);
        Ok(Ok(Preview { published: judged.published, folder }))
    }

    /// The quarter that was assessed.
    pub fn period(&self) -> Period {
        self.published.evaluation.period
    }

    /// The id of the edition by which it was assessed.
    pub fn edition(&self) -> &str {
        &self.published.evaluation.edition
    }

    /// Writes every pack as PDF and HTML (and for Word, where it is asked for), or only those that `only` names; gives the files and
    /// the packs.
    ///
    /// # Errors
    /// Mistakes in templates, a name that no pack has, files that cannot be written.
    pub fn write(
        &self,
        config: &LoadedConfig,
        only: Option<&str>,
        draft: bool,
    ) -> Result<(Vec<PathBuf>, Vec<RenderedPack>), RunError> {
        let packs = match only {
            Some(only) => {
                let named = self.published.named(config, only).map_err(RunError::Unknown)?;
                self.published.make_named(config, &named, draft)?
            }
            None => self.published.make(config, draft)?,
        };
        let mut files = Vec::new();
        for (name, bytes, _) in output::editions(&packs, config) {
            files.push(output::write_preview(&self.folder, &name, &bytes)?);
        }
        Ok((files, packs))
    }
}

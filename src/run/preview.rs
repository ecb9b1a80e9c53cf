//! Packs made again from an assessment that is there already, for whoever edits their templates. Nothing is collected,
//! judged, recorded or sent.

use super::output::{self, PUBLISHED};
use super::{Made, Materials, Published, RunError};
use crate::fault::{Fault, Faults};
use crate::period::Period;
use crate::settings::Settings;
use std::fs;
use std::path::{Path, PathBuf};

/// Where previews are written, below the folder of the quarter: apart from what was or will be sent.
const FOLDER: &str = "preview";

/// An assessment that an earlier run left, and where its previews go.
#[derive(Debug)]
pub struct Preview {
    published: Published,
    folder: PathBuf,
}

impl Preview {
    /// The assessment of one quarter, or of the latest that a run has left.
    ///
    /// # Errors
    /// No assessment, or one that this version cannot read.
    pub fn open(settings: &Settings, period: Option<Period>) -> Result<Self, Faults> {
        let output = &settings.paths.output;
        let folder = match period {
            Some(period) => output.join(period.slug()),
            None => latest(output)?,
        };
        let path = folder.join(PUBLISHED);
        let place = path.display().to_string();
        let text = fs::read(&path)
            .map_err(|e| Fault::new(&place, format!("cannot be read: {e}"), "make it with `boardpack run --no-send`"))?;
        let published = serde_json::from_slice(&text).map_err(|e| {
            Fault::new(
                &place,
                format!("is not an assessment of this version: {e}"),
                "make it again with `boardpack run --no-send`",
            )
        })?;
        Ok(Preview { published, folder: folder.join(FOLDER) })
    }

    /// Writes every pack as PDF and HTML, or only those whose file names start with `only`; gives the files and the packs.
    ///
    /// # Errors
    /// Mistakes in templates, a pack that is not made, files that cannot be written.
    pub fn write(&self, materials: &Materials, only: Option<&str>, draft: bool) -> Result<(Vec<PathBuf>, Vec<Made>), RunError> {
        let packs = self.published.make(materials, only, draft)?;
        let mut files = Vec::new();
        for (name, bytes, _) in output::editions(&packs) {
            files.push(output::write(&self.folder, &name, &bytes)?);
        }
        Ok((files, packs))
    }
}

/// The folder of the latest quarter that holds an assessment. The slugs of quarters sort as the quarters do.
fn latest(output: &Path) -> Result<PathBuf, Fault> {
    let folders = fs::read_dir(output).into_iter().flatten().flatten().map(|entry| entry.path());
    let made = folders.filter(|folder| folder.join(PUBLISHED).is_file()).max();
    made.ok_or_else(|| {
        Fault::new(output.display().to_string(), "holds no assessment to make a pack from", "run `boardpack run --no-send` first")
    })
}

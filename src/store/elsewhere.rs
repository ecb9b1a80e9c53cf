//! What the archive and the folders of packs say of the ledger that they belong to.

use super::LedgerError;
use super::error::{doubtful, doubtful_record};
use super::sent::{MOST_RUNS, SentRecord, plain_file};
use crate::atomic_file;
use crate::permissions;
use crate::settings::Paths;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

const LARGEST_MARK: u64 = 4096;

/// The ledger that a folder of packs belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OutputMark {
    pub ledger: String,
    /// The number of its last run.
    pub run: i64,
}

impl OutputMark {
    const FILE: &'static str = ".boardpack-ledger.json";

    /// None where the folder has none that can be read.
    pub fn read(output: &Path) -> Option<Self> {
        let mut bytes = Vec::new();
        plain_file(&output.join(Self::FILE)).ok()?.take(LARGEST_MARK).read_to_end(&mut bytes).ok()?;
        let mark: Self = serde_json::from_slice(&bytes).ok()?;
        Some(Self { run: mark.run.clamp(0, MOST_RUNS), ..mark })
    }

    /// Whole or not at all.
    pub fn write(&self, output: &Path) -> Result<(), LedgerError> {
        let path = output.join(Self::FILE);
        let bytes = serde_json::to_vec(self)?;
        let written = permissions::create_folders(output).and_then(|()| atomic_file::write_private(&path, &bytes));
        written.map_err(|error| {
            let place = path.display().to_string();
            match error.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => LedgerError::NoRoom { place },
                _ => LedgerError::Beside { place, done: "written", problem: error.to_string() },
            }
        })
    }
}

/// What the archive and the folders of packs say of the ledger that they belong to.
#[derive(Debug)]
pub(super) struct LedgerTraces {
    pub record: SentRecord,
    /// Of each folder that has one.
    pub marks: Vec<(PathBuf, OutputMark)>,
    /// The first folder that has packs, of whichever version.
    pub with_packs: Option<PathBuf>,
}

/// Where the id of a ledger was found.
#[derive(Debug, Clone, Copy)]
pub(super) enum LedgerOwner<'a> {
    Archive(&'a str),
    Output(&'a Path, &'a str),
}

impl LedgerOwner<'_> {
    pub fn display(self, paths: &Paths) -> String {
        match self {
            LedgerOwner::Archive(_) => format!("the archive {}", paths.archive.display()),
            LedgerOwner::Output(folder, _) => format!("the folder of packs {}", folder.display()),
        }
    }
}

impl LedgerTraces {
    pub fn read(paths: &Paths) -> Result<Self, LedgerError> {
        let record = SentRecord::read(&paths.archive)?;
        let mut outputs = outputs(paths);
        let marks = outputs.iter().filter_map(|output| Some((output.clone(), OutputMark::read(output)?))).collect();
        outputs.retain(|output| has_packs(output));
        Ok(Self { record, marks, with_packs: outputs.into_iter().next() })
    }

    fn owners(&self) -> impl Iterator<Item = LedgerOwner<'_>> {
        let archive = self.record.known.ledgers.last().map(|id| LedgerOwner::Archive(id));
        archive.into_iter().chain(self.marks.iter().map(|(folder, mark)| LedgerOwner::Output(folder, &mark.ledger)))
    }

    /// Whose they are; none where they are nobody's yet.
    pub fn owner(&self) -> Option<LedgerOwner<'_>> {
        self.owners().next()
    }

    /// Why a ledger that is missing or empty should be there; none where nothing was done yet.
    pub fn lacks_ledger(&self, paths: &Paths) -> Option<LedgerError> {
        let of_owner = self.owner().map(|owner| format!("{} belongs to a ledger", owner.display(paths)));
        let of_packs = |folder: &PathBuf| format!("{} holds packs of a ledger", folder.display());
        let whose = of_owner.or_else(|| self.with_packs.as_ref().map(of_packs))?;
        let known = &self.record.known;
        let no_record = match known.ledgers.is_empty() && known.damaged.is_empty() {
            true => format!(", and the archive {} has no record of what was sent: restore that first", paths.archive.display()),
            false => String::new(),
        };
        Some(doubtful(&paths.ledger, &format!("{whose}, and this one is missing or empty{no_record}")))
    }

    pub fn owner_other_than(&self, id: &str) -> Option<LedgerOwner<'_>> {
        self.owners().find(|owner| match owner {
            LedgerOwner::Archive(other) => *other != id,
            // One in whose place this was put left its mark in folders that nobody worked with since.
            LedgerOwner::Output(_, other) => *other != id && !self.record.known.ledgers.iter().any(|known| known == other),
        })
    }

    /// A folder of packs is somebody's, and the archive does not say all that that one sent: it has no record, one that ends
    /// before the runs that the folder knows of, or another one's.
    pub fn has_no_record(&self) -> bool {
        let known = &self.record.known;
        if self.marks.is_empty() {
            return self.with_packs.is_some() && known.ledgers.is_empty();
        }
        self.marks.iter().any(|(_, mark)| mark.run > known.last_run || !known.ledgers.contains(&mark.ledger))
    }

    /// The folders of packs know of no run of the ledger of this id that came after the last that it has.
    pub fn proves(&self, id: Option<&str>, last_run: i64) -> bool {
        let is_proof = |mark: &OutputMark| Some(mark.ledger.as_str()) == id && mark.run <= last_run;
        !self.marks.is_empty() && self.marks.iter().all(|(_, mark)| is_proof(mark))
    }

    /// Boardpack was at work, and nothing is recorded of what came from partners.
    pub fn lacks_decisions(&self) -> bool {
        self.last_run() > 0 && self.record.known.decided.is_empty()
    }

    pub fn last_run(&self) -> i64 {
        self.marks.iter().map(|(_, mark)| mark.run).fold(self.record.known.last_run, i64::max)
    }
}

/// What stops every run and shows beside the ledger, without it being opened, which may change it: why it cannot be relied on, and
/// the SHA-256 of the secret that decides what is hidden, each if there is one.
///
/// # Errors
/// A record that cannot be read.
pub fn found_beside_ledger(paths: &Paths) -> Result<(Option<LedgerError>, Option<String>), LedgerError> {
    let traces = LedgerTraces::read(paths)?;
    let known = &traces.record.known;
    let doubt = match is_there(&paths.ledger) {
        false => traces.lacks_ledger(paths),
        true => known.unread_lines().map(|lines| doubtful_record(&traces.record.path, &lines)),
    };
    Ok((doubt, known.secret.clone()))
}

/// Whether there is a ledger that has anything in it.
pub(super) fn is_there(ledger: &Path) -> bool {
    fs::metadata(ledger).is_ok_and(|file| file.len() > 0)
}

/// The folders of packs: that of the settings, and the one of this command.
pub(super) fn outputs(paths: &Paths) -> Vec<PathBuf> {
    let mut outputs = vec![paths.output.clone()];
    outputs.extend(paths.out.clone().filter(|out| *out != paths.output));
    outputs
}

/// Whether a run has made packs there: each quarter's folder has a manifest.
fn has_packs(output: &Path) -> bool {
    let quarters = fs::read_dir(output).into_iter().flatten().filter_map(Result::ok);
    quarters.into_iter().any(|quarter| quarter.path().join("manifest.json").is_file())
}

/// The folder of packs says whose it is; one that cannot be written fails whoever makes a pack.
pub(super) fn mark_output(output: &Path, id: &str, run: i64) {
    let mark = OutputMark { ledger: id.to_owned(), run };
    if let Err(error) = mark.write(output) {
        tracing::warn!(%error, "the folder of packs could not be marked as this ledger's");
    }
}

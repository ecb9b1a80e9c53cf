//! What need not be kept longer, by the settings of `[keep]`. Which runs there were, what they read and made by name and
//! SHA-256, and what was sent to whom, is never let go: it is what "sent once" rests on.

use crate::archive::{Archive, sha256_of_file};
use crate::settings::{Keep, Paths};
use crate::store::{FileUse, KeptFile, Ledger, LedgerError, RunId};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;

/// A file whose time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    /// Its last use; it may have had others, under other names.
    pub file: KeptFile,
    /// Where it is now: in the archive, and among the packs where the same is there.
    pub paths: Vec<PathBuf>,
    pub bytes: u64,
}

/// All whose time is over, looked up and not yet removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Purge {
    pub files: Vec<Over>,
    /// Runs whose figures and judgements are to go.
    pub runs: Vec<RunId>,
}

impl Purge {
    /// What is due to go at `now`. A file that is an input and an output goes when both times are over, and each by the
    /// last run that used it.
    ///
    /// # Errors
    /// A ledger that cannot be read.
    pub async fn due(ledger: &Ledger, paths: &Paths, keep: &Keep, now: Timestamp) -> Result<Self, LedgerError> {
        let before = |days: u32| (days > 0).then(|| now - SignedDuration::from_hours(24 * i64::from(days)));
        let is_over = |file: &KeptFile| {
            let days = match file.kind {
                FileUse::Input => keep.inputs_days,
                FileUse::Figures => keep.figures_days,
                FileUse::Output => keep.packs_days,
            };
            before(days).is_some_and(|before| file.used < before)
        };
        let mut by_content: BTreeMap<String, Vec<KeptFile>> = BTreeMap::new();
        for file in ledger.kept().await? {
            by_content.entry(file.sha256.clone()).or_default().push(file);
        }
        let over = by_content.into_values().filter(|uses| uses.iter().all(|file| is_over(file) && !file.needed));
        let mut files: Vec<Over> = over.filter_map(|uses| lying_about(uses, paths)).collect();
        files.sort_by(|a, b| (a.file.kind, &a.file.name, a.file.run).cmp(&(b.file.kind, &b.file.name, b.file.run)));
        let runs = match before(keep.figures_days) {
            Some(before) => ledger.runs_with_figures_before(before).await?,
            None => Vec::new(),
        };
        Ok(Purge { files, runs })
    }

    /// Removes it all. Nobody may be at work meanwhile, for they may be about to use what is left of it. The ledger notes each file
    /// before it goes, so that a cut in between leaves nothing to be missed.
    ///
    /// # Errors
    /// The first file that cannot be removed, or a ledger that cannot be written.
    pub async fn carry_out(&self, ledger: &Ledger, now: Timestamp) -> Result<(), LedgerError> {
        ledger.check_in_place().await?;
        // A run may have begun and ended since they were looked up.
        let kept = ledger.kept().await?;
        let used_since =
            |over: &Over| kept.iter().any(|file| file.sha256 == over.file.sha256 && (file.needed || file.run > over.file.run));
        for over in self.files.iter().filter(|over| !used_since(over)) {
            ledger.note_purged(&over.file.sha256, now).await?;
            for path in &over.paths {
                match fs::remove_file(path) {
                    Err(e) if e.kind() != io::ErrorKind::NotFound => {
                        return Err(LedgerError::Failed(format!("{} cannot be removed: {e}", path.display())));
                    }
                    _ => {}
                }
            }
        }
        for run in &self.runs {
            ledger.purge_figures(*run, now).await?;
        }
        Ok(())
    }
}

/// A file, by all its uses, with where it is; none where it is nowhere any more.
fn lying_about(uses: Vec<KeptFile>, paths: &Paths) -> Option<Over> {
    let file = uses.iter().max_by_key(|file| file.run)?.clone();
    let among_packs = uses.iter().filter(|file| file.kind == FileUse::Output).map(|file| paths.output.join(&file.name));
    // Among the packs another of the same name may lie by now.
    let found: Vec<(PathBuf, u64)> = Archive::new(paths.archive.clone())
        .find(&file.sha256)
        .into_iter()
        .chain(among_packs)
        .filter_map(|path| {
            sha256_of_file(&path).ok().filter(|(sha256, _)| *sha256 == file.sha256).map(|(_, bytes)| (path, bytes))
        })
        .collect();
    let bytes = found.first()?.1;
    Some(Over { file, paths: found.into_iter().map(|(path, _)| path).collect(), bytes })
}

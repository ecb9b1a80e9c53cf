//! Every file of the archive is hashed again and held against its name, and the ledger against the archive.

use crate::archive::{ASKED, Archive, sha256_of_file};
use crate::fault::{Fault, Faults};
use crate::settings::Paths;
use crate::store::{FileUse, KeptFile, SENT};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// What was found.
#[derive(Debug, Default)]
pub struct Verified {
    /// Files of the archive that are as they were kept.
    pub sound: usize,
    pub bytes: u64,
    /// Inputs and outputs that the ledger records and that are there.
    pub recorded: usize,
    /// Those that were purged, their time being over.
    pub purged: usize,
    /// Those that are lost and of which somebody has accepted that, in words.
    pub accepted: Vec<String>,
    /// What is damaged, strange or missing.
    pub faults: Faults,
}

/// Looks at every file of the archive, and at each input and output that the ledger records. Changes nothing. An archive that is
/// not there at all is one fault.
///
/// An output is kept in the archive; one in the folder of packs that is another than any run made is told too.
pub fn verify(paths: &Paths, kept: &[KeptFile]) -> Verified {
    let mut verified = Verified::default();
    let mut made: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in kept.iter().filter(|file| file.kind == FileUse::Output) {
        made.entry(&file.name).or_default().insert(&file.sha256);
    }
    // What lies in the folder of packs now, by its path below that.
    let mut there: BTreeMap<&str, String> = BTreeMap::new();
    for (name, versions) in &made {
        let path = paths.output.join(name);
        match sha256_of_file(&path) {
            Ok((sha256, _)) => {
                if !versions.contains(sha256.as_str()) {
                    verified.fault(&path, "is not as a run made it", "restore it from the archive, or make it again");
                }
                there.insert(name, sha256);
            }
            // It may have been moved to where it is wanted.
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) => verified.unreadable(&path, &e),
        }
    }
    let copies: BTreeMap<String, PathBuf> =
        there.iter().map(|(name, sha256)| (sha256.clone(), paths.output.join(name))).collect();
    let accepted: BTreeSet<&str> = kept.iter().filter(|file| file.accepted.is_some()).map(|file| file.sha256.as_str()).collect();
    let sound = verified.look_at_the_archive(&paths.archive, &copies, &accepted);
    let is_there = paths.archive.is_dir();
    let mut lost = 0;
    for file in kept {
        if sound.contains(&file.sha256) || file.purged && copies.contains_key(&file.sha256) {
            verified.recorded += 1;
        } else if file.purged {
            verified.purged += 1;
        } else if let Some(by) = &file.accepted {
            verified.accepted.push(format!("{} of run {} is lost, which is accepted by {by}", file.name, file.run));
        } else if !is_there {
            lost += 1;
        } else {
            let archive = Archive::new(paths.archive.clone());
            // A damaged one was told already.
            if archive.find(&file.sha256).is_none() {
                let path = archive.path(&file.sha256);
                let problem = format!("is not there; run {} {} it as {}", file.run, verb(file.kind), file.name);
                verified.fault(&path, &problem, &restore(copies.get(&file.sha256)));
            }
        }
    }
    if lost > 0 {
        let problem = format!("is not there, with {lost} files that the ledger records");
        verified.fault(&paths.archive, &problem, "restore it from a backup, or correct paths.archive");
    }
    verified
}

/// What to do about a file that the archive lacks, and of which there may be a copy among the packs.
fn restore(copy: Option<&PathBuf>) -> String {
    match copy {
        Some(copy) => format!("{} is the same file: copy it there; the next run of its quarter does so too", copy.display()),
        None => "restore it from a backup".to_owned(),
    }
}

/// Left by a process that was cut off: under its final name it was never kept.
fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') && name.ends_with(".tmp")
}

fn verb(kind: FileUse) -> &'static str {
    match kind {
        FileUse::Input => "read",
        FileUse::Figures | FileUse::Output => "made",
    }
}

impl Verified {
    /// The SHA-256 of every file that is as it was kept. `copies` lie elsewhere, by their SHA-256; of what is `accepted` somebody
    /// has accepted that it is lost.
    fn look_at_the_archive(
        &mut self,
        archive: &Path,
        copies: &BTreeMap<String, PathBuf>,
        accepted: &BTreeSet<&str>,
    ) -> BTreeSet<String> {
        let damaged = |all: &mut Self, path: &Path| {
            let sha256 = path.file_stem().unwrap_or_default().to_string_lossy();
            if !accepted.contains(&*sha256) {
                all.fault(path, "has changed since it was archived", &restore(copies.get(&*sha256)));
            }
        };
        let mut sound = BTreeSet::new();
        for folder in self.entries(archive) {
            // Notes, and the record of what was sent, which the ledger is held against: they have no SHA-256 of their own.
            if folder.ends_with(ASKED) || folder.ends_with(SENT) || is_unfinished(&folder) {
                continue;
            }
            if !folder.is_dir() {
                self.fault(&folder, "does not belong to the archive", "move it elsewhere");
                continue;
            }
            for path in self.entries(&folder) {
                if is_unfinished(&path) {
                    continue;
                }
                let is_named_by_hash = path.file_stem().is_some_and(|stem| stem.len() == 64);
                match sha256_of_file(&path) {
                    Ok((sha256, bytes)) if Archive::new(archive.to_owned()).find(&sha256).as_ref() == Some(&path) => {
                        self.sound += 1;
                        self.bytes += bytes;
                        sound.insert(sha256);
                    }
                    Ok(_) if is_named_by_hash => damaged(self, &path),
                    // What is packed and makes no sense can be read as little as what a disk does not give.
                    Err(e) if matches!(e.kind(), ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof) => {
                        damaged(self, &path);
                    }
                    Ok(_) => self.fault(&path, "does not belong to the archive", "move it elsewhere"),
                    Err(e) => self.unreadable(&path, &e),
                }
            }
        }
        sound
    }

    /// In the order of their names; none where the folder is not there yet.
    fn entries(&mut self, folder: &Path) -> Vec<PathBuf> {
        let read =
            fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>());
        match read {
            Ok(mut paths) => {
                paths.sort();
                paths
            }
            Err(e) if e.kind() == ErrorKind::NotFound => Vec::new(),
            Err(e) => {
                self.unreadable(folder, &e);
                Vec::new()
            }
        }
    }

    fn fault(&mut self, path: &Path, problem: &str, remedy: &str) {
        self.faults.push(path.display().to_string(), problem, remedy);
    }

    fn unreadable(&mut self, path: &Path, e: &io::Error) {
        self.faults.0.push(Fault::new(path.display().to_string(), format!("cannot be read: {e}"), "check its permissions"));
    }
}

//! Locks in a folder beside the ledger. The kernel frees a lock when its holder dies, however that comes about, and never
//! while the holder lives: no clock and no number of a process has a say in it.

use super::LedgerError;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Behind the ledger's file name: the folder of its locks.
const FOLDER: &str = "-locks";

/// Shared by all who work on the packs of a quarter or a task of its round; had alone by a purge.
pub(super) const AT_WORK: &str = "at-work";

/// The names of locks by which processes are told apart begin so.
pub(super) const PROCESS: &str = "process-";

/// The folder of a ledger's locks.
#[derive(Debug, Clone)]
pub(super) struct Locks {
    folder: PathBuf,
}

/// A lock, held until it is dropped or its process is gone.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: File,
    /// Others may hold it too, so that its file stays.
    is_shared: bool,
}

/// What became of asking for a lock.
#[derive(Debug)]
pub enum Locked {
    Ours {
        lock: Lock,
        /// Who had it before and died with it, as they wrote themselves.
        left_by: Option<String>,
    },
    /// Another holds it, as it wrote itself.
    Anothers { holder: String },
}

impl Locks {
    /// Those of the ledger at `path`, by whichever link it is reached.
    pub fn of(path: &Path) -> Self {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(FOLDER);
        Self { folder: path.with_file_name(name) }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file for a note on why the ledger cannot be used.
    pub fn note(&self) -> PathBuf {
        self.folder.join("trouble")
    }

    /// Takes a lock, and writes into its file who has it.
    pub fn take(&self, name: &str, holder: &str) -> Result<Locked, LedgerError> {
        let path = self.folder.join(name);
        self.taken(&path, holder).map_err(|e| failed(&path, &e))
    }

    fn taken(&self, path: &Path, holder: &str) -> io::Result<Locked> {
        loop {
            let mut file = self.open(path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(Locked::Anothers { holder: holder_in(&mut file) }),
                Err(TryLockError::Error(error)) => return Err(error),
            }
            let lock = Lock { path: path.to_owned(), file, is_shared: false };
            // Whoever had it may have removed the file between the two.
            if lock.is_in_place() {
                return Ok(lock.signed(holder));
            }
        }
    }

    /// Takes a lock that others may hold as well, who take it so.
    pub fn share(&self, name: &str) -> Result<Locked, LedgerError> {
        let path = self.folder.join(name);
        self.shared(&path).map_err(|e| failed(&path, &e))
    }

    fn shared(&self, path: &Path) -> io::Result<Locked> {
        loop {
            let mut file = self.open(path)?;
            match file.try_lock_shared() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(Locked::Anothers { holder: holder_in(&mut file) }),
                Err(TryLockError::Error(error)) => return Err(error),
            }
            let lock = Lock { path: path.to_owned(), file, is_shared: true };
            if lock.is_in_place() {
                return Ok(Locked::Ours { lock, left_by: None });
            }
        }
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        // For the eyes of their owner, as the ledger is.
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
    }

    /// The words of a process that has joined and lives; none where there is none.
    pub fn a_process(&self) -> Result<Option<String>, LedgerError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&self.folder, &error)),
        };
        for entry in entries {
            let name = entry.map_err(|e| failed(&self.folder, &e))?.file_name().to_string_lossy().into_owned();
            if name.starts_with(PROCESS) && self.is_held(&name)? {
                return Ok(Some(fs::read_to_string(self.folder.join(&name)).unwrap_or_default()));
            }
        }
        Ok(None)
    }

    /// Whether a process lives that holds the lock of this name. The file that a dead one left is removed.
    pub fn is_held(&self, name: &str) -> Result<bool, LedgerError> {
        let path = self.folder.join(name);
        let file = match OpenOptions::new().read(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(failed(&path, &error)),
        };
        match file.try_lock() {
            Ok(()) => {
                drop(Lock { path, file, is_shared: false });
                Ok(false)
            }
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(failed(&path, &error)),
        }
    }
}

impl Lock {
    /// Whether its file is still the one that others find, and so keeps them out.
    pub fn is_in_place(&self) -> bool {
        let ours = self.file.metadata().map(|file| (file.dev(), file.ino())).ok();
        let found = fs::metadata(&self.path).map(|file| (file.dev(), file.ino())).ok();
        ours.is_some() && ours == found
    }

    /// Says who has it, in place of whoever had it before and could not take the words away.
    fn signed(mut self, holder: &str) -> Locked {
        let left = holder_in(&mut self.file);
        // They are for people to read: on a full disk the lock holds without them.
        let _ = self.file.set_len(0).and_then(|()| self.file.write_all(holder.as_bytes()));
        Locked::Ours { lock: self, left_by: Some(left).filter(|left| !left.is_empty()) }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if !self.is_shared && self.is_in_place() {
            // Still locked: whoever opened it in between sees that it is gone, and makes another.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// What its holder wrote into it.
fn holder_in(file: &mut File) -> String {
    let mut words = String::new();
    let _ = file.read_to_string(&mut words);
    // What is written next begins at the beginning.
    let _ = io::Seek::rewind(file);
    words
}

fn failed(path: &Path, error: &io::Error) -> LedgerError {
    if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        return LedgerError::NoRoom { place: path.display().to_string() };
    }
    LedgerError::Failed(format!(
        "{} cannot be locked: {error} (put paths.ledger on a disk of this machine that boardpack may write)",
        path.display()
    ))
}

//! What a ledger is worked with beside its tables: the record of what was sent, and what shows that its files are still the same.

use super::LedgerError;
use super::error::{doubtful, doubtful_record};
use super::locks::Lock;
use super::sent::{KnownMessages, RECORD_CHANGED, SentRecord};
use sqlx::SqliteConnection;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a ledger is worked with beside its tables.
#[derive(Debug)]
pub(super) struct LedgerWork {
    pub id: String,
    /// This process, by the name under which it joined.
    pub name: String,
    /// Shows others that it lives.
    pub _lives: Lock,
    pub path: PathBuf,
    /// The folders of packs.
    pub outputs: Vec<PathBuf>,
    pub record: Mutex<SentRecord>,
    pub record_path: PathBuf,
    /// The files of the ledger as they were opened.
    pub files: [Option<File>; 2],
    /// Never asked anything: as long as one is open, the log of SQLite stays the same file.
    pub connection: Mutex<Option<SqliteConnection>>,
}

/// A file by its device and number.
pub(super) type File = (u64, u64);

impl LedgerWork {
    /// What was read of the record is whole whatever whoever read it came to; so is the connection.
    pub fn record(&self) -> MutexGuard<'_, SentRecord> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn connection(&self) -> MutexGuard<'_, Option<SqliteConnection>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn check_owner(&self, known: &KnownMessages) -> Result<(), LedgerError> {
        match known.ledgers.last() {
            Some(id) if *id != self.id => Err(doubtful(&self.path, "the archive was given to another ledger meanwhile")),
            Some(_) if known.damaged.is_empty() => Ok(()),
            _ => Err(doubtful_record(&self.record_path, RECORD_CHANGED)),
        }
    }

    pub fn check_record_in_place(&self) -> Result<(), LedgerError> {
        if self.record_path.is_file() { Ok(()) } else { Err(doubtful_record(&self.record_path, RECORD_CHANGED)) }
    }
}

/// The ledger itself and the log beside it, in which SQLite writes first.
pub(super) fn files(path: &Path) -> [Option<File>; 2] {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let seen = |path: &Path| fs::metadata(path).map(|file| (file.dev(), file.ino())).ok();
    [seen(path), seen(Path::new(&log))]
}

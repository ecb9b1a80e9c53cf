//! Why the ledger could not be used, and what to do about it.

use std::path::Path;

/// What to do about a ledger that is not where it should be.
pub(super) const ELSEWHERE: &str = "check the path in paths.ledger and its permissions";

/// What to do about a file that is no ledger any more.
const RESTORE: &str = "`boardpack ledger restore FILE` restores a backup; without a backup, move the file elsewhere, and \
    `boardpack ledger adopt --by NAME --reason TEXT` continues with a new one; or correct paths.ledger";

/// What to do about files that this user may not write.
pub(super) const WRITABLE: &str = "give the file of paths.ledger, the files beside it that begin with its name and its folder to the user that boardpack runs as; commands by hand are run as that user too";

/// Codes of SQLite's errors.
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READ_ONLY: i32 = 8;
const INPUT_OUTPUT: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANNOT_OPEN: i32 = 14;
const NO_DATABASE: i32 = 26;

/// Why the ledger could not be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("the ledger {path} cannot be opened: {problem}")]
    Open { path: String, problem: String },
    #[error(
        "the ledger {path} was made by a newer boardpack: {problem} (install that version again, or restore a backup from before \
         it with `boardpack ledger restore FILE`)"
    )]
    Newer { path: String, problem: String },
    #[error("the ledger is in use by another process (try again)")]
    Busy,
    #[error("no room on the disk of the ledger, {place} (make room there, and try again)")]
    NoRoom { place: String },
    #[error("boardpack is using this ledger ({holder}): stop it first")]
    AtWork { holder: String },
    #[error(
        "the ledger {path} cannot be trusted, so nothing is sent: {problem} (`boardpack ledger adopt --dry-run` lists what was \
         sent that it does not know of; then `boardpack ledger restore FILE` restores a backup, or `boardpack ledger adopt --by \
         NAME --reason TEXT` continues with it as it is, if it is this archive's: either way nothing is sent again that the archive \
         records as sent)"
    )]
    Doubtful { path: String, problem: String },
    #[error(
        "the record of what was sent, {path}, cannot be trusted, so nothing is sent: {problem} (restore the archive from a \
         backup, or name the right one in paths.archive; without a backup, `boardpack archive verify` lists what else is lost, \
         and `boardpack ledger adopt --by NAME --reason TEXT` continues with what the ledger knows)"
    )]
    DoubtfulRecord { path: String, problem: String },
    #[error(
        "found among the packs, where earlier versions kept private files: {found}. It belongs in {state}, and nothing is sent \
         until it is there (`boardpack ledger move` moves all of it, with messages in files; or name it in paths.ledger and \
         paths.archive to leave it there)"
    )]
    LeftBehind { found: String, state: String },
    #[error("the ledger's file is damaged ({RESTORE})")]
    Damaged,
    #[error("the ledger failed: {0}")]
    Failed(String),
    /// It is not done, for a reason that a person can see to.
    #[error("{0}")]
    Refused(String),
    /// The archive's record of what was sent, or the mark in the folder of packs.
    #[error(
        "{place} cannot be {done}: {problem} (give it and its folder to the user that boardpack runs as; commands by hand are run as that user too)"
    )]
    Beside { place: String, done: &'static str, problem: String },
    #[error(
        "the ledger cannot be read: {place}: {problem} (use the version that wrote it, or restore a backup with `boardpack ledger \
         restore FILE`)"
    )]
    Unreadable { place: String, problem: String },
}

impl LedgerError {
    /// With the file of the ledger, where it fails by itself.
    pub fn of(self, path: &Path) -> Self {
        match self {
            LedgerError::Damaged => {
                LedgerError::Open { path: path.display().to_string(), problem: format!("its file is damaged ({RESTORE})") }
            }
            other => other,
        }
    }

    /// Whether it cannot be known what was sent, so that a person must decide.
    pub fn is_doubt(&self) -> bool {
        matches!(self, LedgerError::Doubtful { .. } | LedgerError::DoubtfulRecord { .. })
    }

    /// Whether it may be over by itself, without anybody having touched the ledger.
    pub fn may_pass(&self) -> bool {
        matches!(self, LedgerError::Busy | LedgerError::NoRoom { .. })
    }
}

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        // What boardpack wrote can be read, unless its bytes have changed.
        if matches!(error, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) {
            return LedgerError::Damaged;
        }
        // SQLite's codes, with their extended ones in the upper bits.
        let code = error.as_database_error().and_then(|e| e.code()).and_then(|code| code.parse::<i32>().ok());
        let remedy = match code.map(|code| code & 0xff) {
            Some(BUSY | LOCKED) => return LedgerError::Busy,
            Some(READ_ONLY) => WRITABLE,
            Some(CANNOT_OPEN) => ELSEWHERE,
            Some(FULL) => return LedgerError::NoRoom { place: "paths.ledger".to_owned() },
            Some(INPUT_OUTPUT) => "make room on the disk of paths.ledger, and check the disk",
            Some(CORRUPT) => return LedgerError::Damaged,
            Some(NO_DATABASE) => {
                return LedgerError::Failed(format!("its file is not a ledger, or its start is damaged ({RESTORE})"));
            }
            _ => return LedgerError::Failed(error.to_string()),
        };
        LedgerError::Failed(format!("{error} ({remedy})"))
    }
}

impl From<serde_json::Error> for LedgerError {
    fn from(error: serde_json::Error) -> Self {
        LedgerError::Failed(error.to_string())
    }
}

pub(super) fn doubtful_record(path: &Path, problem: &str) -> LedgerError {
    LedgerError::DoubtfulRecord { path: path.display().to_string(), problem: problem.to_owned() }
}

pub(super) fn doubtful(path: &Path, problem: &str) -> LedgerError {
    LedgerError::Doubtful { path: path.display().to_string(), problem: problem.to_owned() }
}

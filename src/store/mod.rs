//! The ledger: an SQLite file that records what every run read, judged, made and sent.
//!
//! It knows the stages' data and none of their work; [`crate::run`] and [`crate::serve`] write to it.

mod adopting;
mod allowed;
mod approvals;
mod cut_off;
mod extensions;
mod history;
mod identity;
mod keeping;
mod locks;
mod messages;
mod moving;
mod opening;
pub mod records;
mod returns;
mod rights;
mod runs;
mod schedules;
mod secret;
mod sent;
mod watching;

pub use adopting::{Adopting, Adoption};
pub use allowed::Allowance;
pub use approvals::{Approval, Document};
pub use cut_off::CutOff;
pub use extensions::Extension;
pub use history::OlderRecord;
pub use keeping::{Kept, Kind};
pub use locks::{Lease, Leased, Lock, words_of};
pub use messages::{Claim, Delivery, MessageRow, Sending};
pub use moving::LeftBehind;
pub use returns::{NotKept, RecordedVersion, Seen, Withdrawal, Word};
pub use rights::close_to_others;
pub use runs::{Made, NewRun, RunId, RunRow, StageRow};
pub use schedules::Unfinished;
pub use sent::{SENT, Sent};
pub use watching::Overview;

use identity::Work;
use locks::Locks;
use sqlx::SqlitePool;
use std::path::Path;
use std::sync::Arc;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("src/store/migrations");

/// What to do about a ledger that is not where it should be.
const ELSEWHERE: &str = "check the path in paths.ledger and its permissions";

/// What to do about a file that is no ledger any more.
const RESTORE: &str = "`boardpack ledger restore FILE` puts a backup in its place; where there is none, move the file elsewhere, and `boardpack ledger adopt --by NAME --reason TEXT` goes on with a new one; or correct paths.ledger";

/// What to do about files that this user may not write.
const WRITABLE: &str = "give the file of paths.ledger, the files beside it that begin with its name and its folder to the user that boardpack runs as; commands by hand are run as that user too";

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
        "the ledger {path} was made by a newer boardpack: {problem} (install that version again, or put a backup from before it in place with `boardpack ledger restore FILE`)"
    )]
    Newer { path: String, problem: String },
    #[error("the ledger is in use by another process (try again)")]
    Busy,
    #[error("no room on the disk of the ledger, {place} (make room there, and try again)")]
    NoRoom { place: String },
    #[error("boardpack is at work with this ledger ({holder}): stop it first")]
    AtWork { holder: String },
    #[error(
        "the ledger {path} is not to be relied on, and nothing is sent: {problem} (`boardpack ledger adopt --dry-run` shows what was sent and it does not know of; then `boardpack ledger restore FILE` puts a backup in its place, or `boardpack ledger adopt --by NAME --reason TEXT` goes on with it as it is: either way nobody gets that again)"
    )]
    Doubtful { path: String, problem: String },
    #[error(
        "the record of what was sent, {path}, is not to be relied on, and nothing is sent: {problem} (put the archive back from a backup, or name the right one in paths.archive; where there is no backup, `boardpack archive verify` tells what else is lost, and `boardpack ledger adopt --by NAME --reason TEXT` goes on by what the ledger knows)"
    )]
    DoubtfulRecord { path: String, problem: String },
    #[error(
        "found among the packs, where earlier versions kept what is private: {found}. It belongs in {state}, and nothing is sent until it is there (`boardpack ledger move` moves it there whole, with messages in files; or name it in paths.ledger and paths.archive to leave it there)"
    )]
    LeftBehind { found: String, state: String },
    #[error("the ledger's file is damaged ({RESTORE})")]
    Damaged,
    #[error("the ledger failed: {0}")]
    Failed(String),
    /// The archive's record of what was sent, or the mark in the folder of packs.
    #[error(
        "{place} cannot be {done}: {problem} (give it and its folder to the user that boardpack runs as; commands by hand are run as that user too)"
    )]
    Beside { place: String, done: &'static str, problem: String },
    #[error(
        "the ledger cannot be read: {place}: {problem} (use the version that wrote it, or put a backup in place with `boardpack ledger restore FILE`)"
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
            Some(INPUT_OUTPUT) => "make room on the disk of paths.ledger, and look whether it is sound",
            Some(CORRUPT) => return LedgerError::Damaged,
            Some(NO_DATABASE) => {
                return LedgerError::Failed(format!("its file is no ledger, or its beginning is damaged ({RESTORE})"));
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

/// An open ledger.
#[derive(Debug, Clone)]
pub struct Ledger {
    pool: SqlitePool,
    locks: Locks,
    /// None where it is only looked at.
    work: Option<Arc<Work>>,
}

impl Ledger {
    /// Closes it once its writes are on the disk.
    pub async fn close(self) {
        self.stop_work().await;
        self.pool.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::sqlite::SqliteConnectOptions;

    #[tokio::test]
    async fn other_files_are_refused_and_left_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite");
        std::fs::write(&path, "these are not the tables you are looking for, but a text of some length\n".repeat(20)).unwrap();
        let before = std::fs::read(&path).unwrap();
        let error = Ledger::open(&path).await.unwrap_err();
        assert!(error.to_string().contains("ledger.sqlite cannot be opened"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[tokio::test]
    async fn earlier_versions_messages_count_as_sent() {
        use crate::distribute::MessageKey;
        use crate::period::Period;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite");
        let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(&path).create_if_missing(true)).await.unwrap();
        let mut earlier = sqlx::migrate!("src/store/migrations");
        earlier.migrations.to_mut().retain(|migration| migration.version <= 2);
        earlier.run(&pool).await.unwrap();
        for statement in [
            "INSERT INTO run (pack, period, as_at, edition, trigger, version, started_at) VALUES ('p', '', '', '', '', '', '')",
            "INSERT INTO message (pack, period, area, issue, recipient, message_id, run_id, attachment_sha256, state, changed_at)
             VALUES ('p', '2026-27-Q2', 'X1', 1, 'a@example.org', '<1@x>', 1, 'aa', 'accepted', '2026-11-20T07:00:00Z')",
        ] {
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
        pool.close().await;
        let ledger = Ledger::open(&path).await.unwrap();
        let period = Period::financial_quarter(2026, 2);
        let (kind, about, address) = ("p".to_owned(), "X1".to_owned(), "a@example.org".to_owned());
        assert!(!ledger.may_be_sent(&MessageKey { kind, period, about, issue: 1, address }, true).await.unwrap());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn concurrent_creation_leaves_a_usable_ledger() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite");
        let mut opening = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let path = path.clone();
            opening.spawn(async move { Ledger::open(&path).await.err() });
        }
        let failed: Vec<LedgerError> = opening.join_all().await.into_iter().flatten().collect();
        assert!(failed.is_empty(), "{failed:?}");
    }

    #[tokio::test]
    async fn a_ledger_of_a_newer_version_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/ledger.sqlite");
        let ledger = Ledger::open(&path).await.unwrap();
        sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)",
        )
        .execute(&ledger.pool)
        .await
        .unwrap();
        ledger.close().await;
        assert!(matches!(Ledger::open(&path).await, Err(LedgerError::Newer { .. })));
    }
}

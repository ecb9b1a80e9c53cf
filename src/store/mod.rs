//! The ledger: an SQLite file that records what every run read, judged, made and sent.
//!
//! It knows the stages' data and none of their work; [`crate::run`] and [`crate::serve`] write to it.

mod allowed;
mod approvals;
mod extensions;
mod history;
mod keeping;
mod leases;
mod messages;
pub mod records;
mod returns;
mod runs;
mod schedules;
mod watching;

pub use allowed::Allowance;
pub use approvals::{Approval, Document};
pub use extensions::Extension;
pub use history::OlderRecord;
pub use keeping::{Kept, Kind};
pub use leases::Taken;
pub use messages::{Claim, Delivery, MessageRow, Sending};
pub use returns::{RecordedVersion, Seen, Word};
pub use runs::{Made, NewRun, RunId, RunRow, StageRow};
pub use schedules::Unfinished;
pub use watching::Overview;

use sqlx::SqlitePool;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::path::{Path, PathBuf};
use std::time::Duration;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("src/store/migrations");

/// How long a writer waits for another process before it gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often, and how long after, it is tried again to bring its tables up to date.
const TRIES: usize = 5;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

/// What to do about a ledger that is not where it should be.
const ELSEWHERE: &str = "check the path in paths.ledger and its permissions";

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
    #[error("the ledger {path} was made by a newer boardpack: {problem} (use that version, or another ledger)")]
    Newer { path: String, problem: String },
    #[error("the ledger is in use by another process (try again)")]
    Busy,
    #[error("the ledger failed: {0}")]
    Failed(String),
    #[error("the ledger cannot be read: {place}: {problem} (use the version that wrote it, or restore the ledger from a backup)")]
    Unreadable { place: String, problem: String },
}

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        // SQLite's codes, with their extended ones in the upper bits.
        let code = error.as_database_error().and_then(|e| e.code()).and_then(|code| code.parse::<i32>().ok());
        let remedy = match code.map(|code| code & 0xff) {
            Some(BUSY | LOCKED) => return LedgerError::Busy,
            Some(READ_ONLY) => "let boardpack write the file of paths.ledger and its folder",
            Some(CANNOT_OPEN) => ELSEWHERE,
            Some(INPUT_OUTPUT | FULL) => "make room on the disk of paths.ledger, and look whether it is sound",
            Some(CORRUPT | NO_DATABASE) => "restore it from a backup, or name another file in paths.ledger",
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
}

impl Ledger {
    /// Opens the ledger at `path`, making it and its folder where they are not there, and brings its tables up to date.
    ///
    /// # Errors
    /// A path that cannot be written, a file that is no ledger, a ledger of a newer version, a ledger that stays locked.
    pub async fn open(path: &Path) -> Result<Self, LedgerError> {
        let failed = |problem: String| LedgerError::Open { path: path.display().to_string(), problem };
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned);
        std::fs::create_dir_all(&folder).map_err(|e| failed(format!("its folder cannot be made: {e} ({ELSEWHERE})")))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A message must not be sent before the disk holds that it is being sent.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        let opening = |error: sqlx::Error| match LedgerError::from(error) {
            LedgerError::Failed(problem) => failed(problem),
            busy => busy,
        };
        let pool = SqlitePoolOptions::new().max_connections(2).connect_with(options).await.map_err(opening)?;
        let mut migrated = MIGRATIONS.run(&pool).await;
        // Of several that bring a ledger up to date at once, one finds it done under its hands, and less to do the next time.
        for _ in 0..TRIES {
            if let Err(MigrateError::Execute(_) | MigrateError::ExecuteMigration(..)) = migrated {
                tokio::time::sleep(BETWEEN_TRIES).await;
                // Where none succeeds the first failure is told: after a full disk, later tries find the ledger locked.
                migrated = MIGRATIONS.run(&pool).await.or(migrated);
            }
        }
        migrated.map_err(|e| match e {
            MigrateError::VersionMissing(version) => {
                let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
                let problem = format!("its tables are of version {version}, and this program knows them up to {known}");
                LedgerError::Newer { path: path.display().to_string(), problem }
            }
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => opening(error),
            other => failed(other.to_string()),
        })?;
        Ok(Self { pool })
    }

    /// Closes it once its writes are on the disk.
    pub async fn close(self) {
        self.pool.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_is_no_ledger_is_said_to_be_so_and_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite");
        std::fs::write(&path, "these are not the tables you are looking for, but a text of some length\n".repeat(20)).unwrap();
        let before = std::fs::read(&path).unwrap();
        let error = Ledger::open(&path).await.unwrap_err();
        assert!(error.to_string().contains("ledger.sqlite cannot be opened"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[tokio::test]
    async fn what_an_earlier_version_sent_is_known_for_sent_by_this_one() {
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
    async fn of_many_who_make_the_ledger_at_once_all_can_use_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite");
        let mut opening = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let path = path.clone();
            opening.spawn(async move { Ledger::open(&path).await.err() });
        }
        let failed: Vec<LedgerError> = opening.join_all().await.into_iter().flatten().collect();
        // One that is busy says so, and may be tried again.
        assert!(failed.iter().all(|error| matches!(error, LedgerError::Busy)), "{failed:?}");
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

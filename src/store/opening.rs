//! Opening a ledger: its tables are up to date, or it is not open.

use super::error::{ELSEWHERE, WRITABLE};
use super::ledger::MIGRATIONS;
use super::locks::{Locked, Locks};
use super::{Ledger, LedgerError};
use crate::permissions;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a writer waits for another process before it gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// The lock of whoever opens the ledger, one at a time; and how often it is looked for.
const OPENING: &str = "opening";
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// The least room, in bytes, that a disk must have to be called otherwise than full: SQLite makes files beside the ledger, and
/// says of one that cannot be made that it cannot be opened or read.
const LEAST_ROOM: usize = 512 * 1024;

impl Ledger {
    /// Opens the ledger at `path`, making it and its folder where they are not there, and brings its tables up to date: all of
    /// what is lacking or none of it, whatever comes in between.
    ///
    /// # Errors
    /// A path that cannot be written, a disk that is full, a file that is no ledger, a ledger of a newer version or one that
    /// stays locked.
    pub async fn open(path: &Path) -> Result<Self, LedgerError> {
        let failed = |problem: String| LedgerError::Open { path: path.display().to_string(), problem };
        let folder = folder_of(path);
        // Packs may lie in the same folder; the files of the ledger are private by themselves.
        permissions::create_folders(&folder).map_err(|e| match e.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => no_room(path),
            _ => failed(format!("its folder cannot be made: {e} ({ELSEWHERE})")),
        })?;
        // SQLite would make the files beside one that may only be read such that they may only be read too, for good.
        if let Err(e) = File::options().write(true).open(path)
            && e.kind() != ErrorKind::NotFound
            && path.is_file()
        {
            return Err(failed(format!("its file cannot be written: {e} ({WRITABLE})")));
        }
        let opened = open(path).await;
        opened.map_err(|error| match error {
            LedgerError::NoRoom { .. } => no_room(path),
            LedgerError::Failed(_) | LedgerError::Open { .. } | LedgerError::Busy if is_full(&folder) => no_room(path),
            LedgerError::Failed(problem) => failed(problem),
            other => other.of(path),
        })
    }
}

impl Ledger {
    /// Notes beside a ledger why it cannot be used; false where the same was noted before. What cannot be noted is new.
    pub fn note_trouble(path: &Path, problem: &str) -> bool {
        let note = Locks::of(path).note();
        let is_new = fs::read_to_string(&note).ok().as_deref() != Some(problem);
        if is_new {
            // It spares the operators a message, and nothing depends on it.
            let _ = fs::write(&note, problem);
        }
        is_new
    }

    /// The ledger can be used, and trouble that comes again is told again.
    pub fn note_end_of_trouble(path: &Path) {
        let _ = fs::remove_file(Locks::of(path).note());
    }
}

async fn open(path: &Path) -> Result<Ledger, LedgerError> {
    let locks = Locks::of(path);
    // One at a time: SQLite makes a new file in steps in which others cannot wait for it.
    let _opening = wait_for(&locks, OPENING).await?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A message must not be sent before the disk holds that it is being sent.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE);
    // By a connection of its own, which is closed whatever comes of it: one in which a transaction failed on a full disk would
    // keep others out.
    let mut connection = options.connect().await?;
    let migrated = bring_up_to_date(&mut connection).await;
    let closed = connection.close().await;
    migrated.map_err(|e| migration(path, e))?;
    closed?;
    let ledger = Ledger { pool: pool(options).await?, locks, work: None };
    match ledger.is_of_this_version().await? {
        true => Ok(ledger),
        false => Err(LedgerError::Failed("its tables were updated, and are still out of date (try again)".to_owned())),
    }
}

/// Takes a lock that is held for a moment only.
pub(super) async fn wait_for(locks: &Locks, name: &str) -> Result<super::Lock, LedgerError> {
    let mut waited = Duration::ZERO;
    loop {
        if let Locked::Ours { lock, .. } = locks.take(name, "")? {
            return Ok(lock);
        }
        if waited >= PATIENCE {
            return Err(LedgerError::Busy);
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
        waited += BETWEEN_LOOKS;
    }
}

async fn bring_up_to_date(connection: &mut SqliteConnection) -> Result<(), MigrateError> {
    let known = MIGRATIONS.iter().map(|migration| migration.version);
    // To look does not wait for whoever writes.
    let applied: Option<Vec<i64>> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")
        .fetch_all(&mut *connection)
        .await
        .ok();
    if applied.is_some_and(|applied| applied.into_iter().eq(known)) {
        return Ok(());
    }
    let mut all = connection.begin_with("BEGIN IMMEDIATE").await?;
    MIGRATIONS.run_direct(None, &mut *all, false).await?;
    all.commit().await?;
    Ok(())
}

async fn pool(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    SqlitePoolOptions::new()
        .max_connections(2)
        // Connections to a file need not be renewed, and sqlx's task that does so counts idle ones in a way that can fall below zero:
        // it then never ends, and neither does the program.
        .idle_timeout(None)
        .max_lifetime(None)
        // After a full disk SQLite has ended a transaction that sqlx takes for open, and would never begin another in it.
        .after_release(|connection, _| {
            Box::pin(async move {
                // What was asked of it before is done then.
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
        .connect_with(options)
        .await
}

fn migration(path: &Path, error: MigrateError) -> LedgerError {
    match error {
        MigrateError::VersionMissing(version) => {
            let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
            let problem = format!("its tables are of version {version}, and this program knows them up to {known}");
            LedgerError::Newer { path: path.display().to_string(), problem }
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => LedgerError::Failed(other.to_string()),
    }
}

fn no_room(path: &Path) -> LedgerError {
    LedgerError::NoRoom { place: path.display().to_string() }
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|p| !p.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// Whether a file of some size cannot be written for want of room.
fn is_full(folder: &Path) -> bool {
    let probe = folder.join(format!(".boardpack-room-{}", std::process::id()));
    let written = File::create(&probe).and_then(|mut file| {
        file.write_all(&vec![0; LEAST_ROOM])?;
        file.sync_all()
    });
    let _ = fs::remove_file(&probe);
    written.is_err_and(|error| matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
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

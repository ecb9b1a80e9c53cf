//! What earlier versions kept among the packs by default, and where it belongs now: the folder of state. It is moved there whole,
//! by a person's word, and nothing works with a ledger until it is.

use super::locks::Locks;
use super::{Ledger, LedgerError};
use crate::archive::sha256_of_file;
use crate::atomic_file::{copy_private, sync_folder};
use crate::counted::counted;
use crate::permissions;
use crate::settings::Paths;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder of packs of earlier versions, where the settings named none.
const OUTPUT: &str = "out";

const LEDGER: &str = "ledger.sqlite";
const ARCHIVE: &str = "archive";
/// The secret by which figures are hidden, beside the ledger.
pub(super) const SECRET: &str = "disclosure.secret";

/// What lies where earlier versions kept it, each with where it belongs.
#[derive(Debug, Default)]
pub struct LeftBehind {
    pub ledger: Option<(PathBuf, PathBuf)>,
    pub archive: Option<(PathBuf, PathBuf)>,
    /// The secret by which figures are hidden, also where the ledger is gone.
    pub secret: Option<(PathBuf, PathBuf)>,
    /// Messages in files, which lie there whatever the settings said of the ledger.
    pub messages: Vec<(PathBuf, PathBuf)>,
}

impl LeftBehind {
    /// What there is of it. What the settings name themselves is where it belongs.
    pub fn of(paths: &Paths) -> Self {
        let folders = [Path::new(OUTPUT), &paths.output];
        let found = |name: &str, belongs: &Path| {
            let lies = |old: &PathBuf| old.exists() && !is_same(old, belongs);
            folders.into_iter().map(|folder| folder.join(name)).find(lies).map(|old| (old, belongs.to_owned()))
        };
        let ledger = Some(paths.ledger_in_state()).filter(|path| *path == paths.ledger).and_then(|path| found(LEDGER, &path));
        let archive = Some(paths.archive_in_state()).filter(|path| *path == paths.archive).and_then(|path| found(ARCHIVE, &path));
        let beside = Some(paths.ledger_in_state()).filter(|path| *path == paths.ledger).map(|path| path.with_file_name(SECRET));
        let secret = beside.and_then(|path| found(SECRET, &path));
        // Another that took its place meanwhile stays, where the ledger has come to its own.
        let secret = secret.filter(|(old, new)| ledger.is_some() || check_not_in_both(old, new).is_ok());
        let mut messages: Vec<(PathBuf, PathBuf)> = Vec::new();
        for folder in folders {
            let to = paths.messages();
            // Where the settings put the ledger among the packs, its messages lie there too.
            for path in messages_in(folder).into_iter().filter(|path| !path.starts_with(&to)) {
                let Ok(name) = path.strip_prefix(folder) else { continue };
                let belongs = to.join(name);
                if !messages.iter().any(|(known, _)| is_same(known, &path)) {
                    messages.push((path, belongs));
                }
            }
        }
        Self { ledger, archive, secret, messages }
    }

    /// That a ledger, an archive or the only secret lies there, as an error; messages alone are in nobody's way, and are given.
    ///
    /// # Errors
    /// [`LedgerError::LeftBehind`].
    pub fn check(paths: &Paths) -> Result<Vec<(PathBuf, PathBuf)>, LedgerError> {
        let Self { ledger, archive, secret, messages } = Self::of(paths);
        let secret = secret.filter(|(_, new)| ledger.is_none() && !new.exists());
        let all: Vec<String> =
            [ledger, archive, secret].into_iter().flatten().map(|(path, _)| path.display().to_string()).collect();
        if all.is_empty() {
            return Ok(messages);
        }
        Err(LedgerError::LeftBehind { found: all.join(" and "), state: paths.state.display().to_string() })
    }

    pub fn is_empty(&self) -> bool {
        self.ledger.is_none() && self.archive.is_none() && self.secret.is_none() && self.messages.is_empty()
    }

    /// Moves all of it to where it belongs, the ledger last of all: whatever cuts it off, it can be gone on with. Nobody may be at
    /// work with the ledger.
    ///
    /// # Errors
    /// [`LedgerError::AtWork`]; what lies in both places and differs; what cannot be moved.
    pub async fn carry_out(&self, holder: &str) -> Result<(), LedgerError> {
        let Some((old, new)) = &self.ledger else { return self.move_others() };
        let beside = |path: &Path| (path.to_owned(), new.with_file_name(path.file_name().unwrap_or_default()));
        let mut with_it: Vec<(PathBuf, PathBuf)> = copies_beside(old).iter().map(|path| beside(path)).collect();
        with_it.extend(self.secret.clone());
        with_it.push((old.clone(), new.clone()));
        if let Err(error) = check_not_in_both(old, new) {
            return Err(with_what_each_did(error, old, new).await);
        }
        for (old, new) in &with_it {
            check_not_in_both(old, new)?;
        }
        // Closed again, it has in its own file all that was written beside it.
        let ledger = Ledger::open(old).await?;
        let alone = ledger.alone(holder);
        ledger.close().await;
        let alone = alone?;
        self.move_others()?;
        for (old, new) in &with_it {
            move_file(old, new)?;
        }
        drop(alone);
        // Nothing but locks that nobody holds.
        let _ = fs::remove_dir_all(Locks::of(old).folder());
        Ok(())
    }

    fn move_others(&self) -> Result<(), LedgerError> {
        let mut all = self.messages.clone();
        all.extend(self.secret.clone().filter(|_| self.ledger.is_none()));
        if let Some((old, new)) = &self.archive {
            for path in files_below(old)? {
                let to = new.join(path.strip_prefix(old).unwrap_or(&path));
                all.push((path, to));
            }
        }
        for (old, new) in &all {
            check_not_in_both(old, new)?;
        }
        for (old, new) in &all {
            move_file(old, new)?;
            // The folder too, where nothing else is in it.
            let _ = old.parent().map(fs::remove_dir);
        }
        if let Some((old, _)) = &self.archive {
            fs::remove_dir_all(old).map_err(|e| failed(old, &e))?;
        }
        Ok(())
    }
}

/// Of two that are the same one is too many, as a move that was cut off leaves them.
fn check_not_in_both(old: &Path, new: &Path) -> Result<(), LedgerError> {
    if !new.exists() {
        return Ok(());
    }
    let sha256 = |path: &Path| sha256_of_file(path).map_err(|e| failed(path, &e));
    if sha256(old)? == sha256(new)? {
        return Ok(());
    }
    let (old, new) = (old.display(), new.display());
    Err(LedgerError::Refused(format!(
        "{old} and {new} both exist and differ, so nothing was moved (move the one that you do not want elsewhere, with the files \
         beside it)"
    )))
}

/// The same error with how far each of the two ledgers has come, by which a person can tell which to keep.
async fn with_what_each_did(error: LedgerError, old: &Path, new: &Path) -> LedgerError {
    let LedgerError::Refused(problem) = error else { return error };
    let mut told = Vec::new();
    for path in [old, new] {
        let did = what_it_did(path).await;
        told.push(format!("{}: {}", path.display(), did.unwrap_or_else(|e| format!("cannot be read as a ledger: {e}"))));
    }
    LedgerError::Refused(format!("{problem}; {}", told.join("; ")))
}

/// `the last run is 7, begun at 2026-11-20T07:00:00Z, and 12 messages were sent, the last at 2026-11-20T07:00:30Z`. It is looked at
/// as it lies there: to open it as a ledger would bring its tables up to date.
async fn what_it_did(path: &Path) -> Result<String, LedgerError> {
    let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path).read_only(true)).await?;
    let run: Option<(i64, String)> =
        sqlx::query_as("SELECT id, started_at FROM run ORDER BY id DESC LIMIT 1").fetch_optional(&mut connection).await?;
    let sql = "SELECT COUNT(*), MAX(changed_at) FROM message WHERE state IN ('sending', 'accepted', 'unknown')";
    let (count, last): (i64, Option<String>) = sqlx::query_as(sql).fetch_one(&mut connection).await?;
    connection.close().await?;
    let run = run.map_or("it has no run".to_owned(), |(id, at)| format!("the last run is {id}, begun at {at}"));
    let messages = counted(usize::try_from(count).unwrap_or_default(), "message was sent", "messages were sent");
    let sent = last.map_or("nothing was sent".to_owned(), |last| format!("{messages}, the last at {last}"));
    Ok(format!("{run}, and {sent}"))
}

/// Whole under its new name before it is gone from the old one, also from one disk to another.
fn move_file(old: &Path, new: &Path) -> Result<(), LedgerError> {
    let moved = || {
        if let Some(folder) = new.parent() {
            permissions::create_private_folders(folder)?;
        }
        permissions::close(old)?;
        if new.exists() {
            return fs::remove_file(old);
        }
        match fs::rename(old, new) {
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                let mut part = new.as_os_str().to_owned();
                part.push("-moving");
                let part = PathBuf::from(part);
                let _ = fs::remove_file(&part);
                copy_private(old, &part)?;
                fs::rename(&part, new)?;
                sync_folder(new);
                fs::remove_file(old)
            }
            renamed => {
                sync_folder(new);
                renamed
            }
        }
    };
    moved().map_err(|e| failed(old, &e))
}

/// Ledgers from before, as `ledger restore` keeps them beside the one that is used.
fn copies_beside(ledger: &Path) -> Vec<PathBuf> {
    let begins = format!("{LEDGER}-before-");
    let folder = ledger.parent().unwrap_or(Path::new(""));
    let files = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut copies: Vec<PathBuf> =
        files.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&begins))).collect();
    copies.sort();
    copies
}

/// The messages in the folders of quarters and in that of operators, where earlier versions wrote them.
fn messages_in(output: &Path) -> Vec<PathBuf> {
    let in_folder = |folder: &Path| {
        let entries = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
        entries.collect::<Vec<PathBuf>>()
    };
    let of_quarters = in_folder(output).into_iter().filter(|path| path.is_dir());
    let folders = of_quarters.flat_map(|folder| [folder.join("returns"), folder]);
    let files = folders.flat_map(|folder| in_folder(&folder));
    let mut messages: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "eml")).collect();
    messages.sort();
    messages
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>, LedgerError> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|e| failed(&folder, &e))? {
            let path = entry.map_err(|e| failed(&folder, &e))?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

fn is_same(path: &Path, other: &Path) -> bool {
    path == other || matches!((path.canonicalize(), other.canonicalize()), (Ok(path), Ok(other)) if path == other)
}

fn failed(path: &Path, error: &io::Error) -> LedgerError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => LedgerError::NoRoom { place: path.display().to_string() },
        _ => LedgerError::Refused(format!("{} cannot be moved: {error} (change its permissions, and try again)", path.display())),
    }
}

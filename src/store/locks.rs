//! Locks in a folder beside the ledger. The kernel frees a lock when its holder dies, however that comes about, and never
//! while the holder lives: no clock and no number of a process has a say in it.

use super::{Ledger, LedgerError};
use crate::period::Period;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Behind the ledger's file name: the folder of its locks.
const FOLDER: &str = "-locks";

/// Shared by all who work on the packs of a quarter or a task of its round; had alone by a purge.
pub(super) const AT_WORK: &str = "at-work";

/// The names of locks by which processes are told apart begin so.
const PROCESS: &str = "process-";

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

/// The right to work on the packs of a quarter, or on a task of its round.
#[derive(Debug)]
pub struct Lease {
    own: Lock,
    /// Keeps a purge away.
    _at_work: Lock,
}

/// What became of asking for a lease.
#[derive(Debug)]
pub enum Leased {
    Ours {
        lease: Lease,
        /// Who had it before and died with it, as they wrote themselves.
        left_by: Option<String>,
    },
    /// Another is at work, as it wrote itself.
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
                Err(TryLockError::WouldBlock) => return Ok(Locked::Anothers { holder: said(&mut file) }),
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
    fn share(&self, name: &str) -> Result<Locked, LedgerError> {
        let path = self.folder.join(name);
        self.shared(&path).map_err(|e| failed(&path, &e))
    }

    fn shared(&self, path: &Path) -> io::Result<Locked> {
        loop {
            let mut file = self.open(path)?;
            match file.try_lock_shared() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(Locked::Anothers { holder: said(&mut file) }),
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
    fn is_held(&self, name: &str) -> Result<bool, LedgerError> {
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
        let left = said(&mut self.file);
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

impl Lease {
    /// Whether it still keeps others out: somebody may have removed its file.
    pub fn is_in_place(&self) -> bool {
        self.own.is_in_place()
    }
}

impl Ledger {
    /// Takes the lease of a pack, or of a task, and a quarter.
    ///
    /// # Errors
    /// A folder of locks that cannot be written, here and below.
    pub fn take_lease(&self, (pack, period): (&str, Period), holder: &str) -> Result<Leased, LedgerError> {
        let at_work = match self.locks.share(AT_WORK)? {
            Locked::Ours { lock, .. } => lock,
            Locked::Anothers { holder } => return Ok(Leased::Anothers { holder }),
        };
        Ok(match self.locks.take(&format!("{pack} {}", period.slug()), holder)? {
            Locked::Ours { lock, left_by } => Leased::Ours { lease: Lease { own: lock, _at_work: at_work }, left_by },
            Locked::Anothers { holder } => Leased::Anothers { holder },
        })
    }

    /// Keeps everybody from beginning work for as long as the lock is held; none where somebody is at work.
    pub fn lock_out_work(&self, holder: &str) -> Result<Option<Lock>, LedgerError> {
        match self.locks.take(AT_WORK, holder)? {
            Locked::Ours { lock, .. } => Ok(Some(lock)),
            Locked::Anothers { .. } => Ok(None),
        }
    }

    /// Gives this process a name in the ledger, which is `words` behind the name of a lock: whatever bears it is in hand for
    /// as long as the lock is held.
    pub async fn join(&self, words: &str) -> Result<(String, Lock), LedgerError> {
        let number: String = sqlx::query_scalar("SELECT lower(hex(randomblob(8)))").fetch_one(&self.pool).await?;
        let name = format!("{PROCESS}{number}");
        match self.locks.take(&name, words)? {
            Locked::Ours { lock, .. } => Ok((format!("{name} {words}"), lock)),
            Locked::Anothers { .. } => Err(LedgerError::Failed(format!("two processes have the name {name}"))),
        }
    }

    /// Whether the process that [joined](Self::join) under this name lives. One that an older version wrote does not: it wrote
    /// no lock.
    pub fn lives(&self, joined: &str) -> Result<bool, LedgerError> {
        let name = joined.split_once(' ').map_or(joined, |(name, _)| name);
        match name.strip_prefix(PROCESS) {
            Some(number) if number.chars().all(|c| c.is_ascii_alphanumeric()) => self.locks.is_held(name),
            _ => Ok(false),
        }
    }
}

/// The words of whoever joined under this name; none of an older version's.
pub fn words_of(joined: &str) -> Option<&str> {
    joined.strip_prefix(PROCESS)?.split_once(' ').map(|(_, words)| words)
}

/// What its holder wrote into it.
fn said(file: &mut File) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    async fn ledger(folder: &Path) -> Ledger {
        Ledger::open(&folder.join("ledger.sqlite")).await.unwrap()
    }

    fn packs() -> (&'static str, Period) {
        ("p", Period::financial_quarter(2026, 2))
    }

    fn ours(leased: Leased) -> (Lease, Option<String>) {
        match leased {
            Leased::Ours { lease, left_by } => (lease, left_by),
            Leased::Anothers { holder } => panic!("{holder} has it"),
        }
    }

    #[tokio::test]
    async fn a_lease_has_one_holder() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, other) = (ledger(folder.path()).await, ledger(folder.path()).await);
        let (lease, left_by) = ours(ledger.take_lease(packs(), "a").unwrap());
        assert_eq!(left_by, None);
        let Leased::Anothers { holder } = other.take_lease(packs(), "b").unwrap() else { panic!("two have it") };
        assert_eq!(holder, "a");
        let (_elsewhere, _) = ours(other.take_lease(("p", packs().1.previous()), "b").unwrap());
        drop(lease);
        assert!(!folder.path().join("ledger.sqlite-locks/p 2026-27-Q2").exists());
        let (_, left_by) = ours(other.take_lease(packs(), "b").unwrap());
        assert_eq!(left_by, None, "a let go of it");
    }

    #[tokio::test]
    async fn a_killed_process_frees_its_lease() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = ledger(folder.path()).await;
        let path = folder.path().join("ledger.sqlite-locks/p 2026-27-Q2");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "process 7").unwrap();
        // It does not leave the lock to what it starts.
        let mut command = Command::new("flock");
        command.arg("--close").arg(&path).arg("cat");
        let mut holder = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        holder.stdin.as_mut().unwrap().write_all(b"!").unwrap();
        holder.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
        let Leased::Anothers { holder: words } = ledger.take_lease(packs(), "b").unwrap() else { panic!("it lives") };
        assert_eq!(words, "process 7");
        holder.kill().unwrap();
        holder.wait().unwrap();
        let (_, left_by) = ours(ledger.take_lease(packs(), "b").unwrap());
        assert_eq!(left_by.as_deref(), Some("process 7"));
    }

    #[tokio::test]
    async fn purge_and_work_exclude_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = ledger(folder.path()).await;
        let lease = ours(ledger.take_lease(packs(), "a").unwrap());
        assert!(ledger.lock_out_work("a purge").unwrap().is_none());
        drop(lease);
        let purge = ledger.lock_out_work("a purge").unwrap().unwrap();
        let Leased::Anothers { holder } = ledger.take_lease(packs(), "b").unwrap() else { panic!("both are at it") };
        assert_eq!(holder, "a purge");
        drop(purge);
        ours(ledger.take_lease(packs(), "b").unwrap());
    }

    #[tokio::test]
    async fn work_in_hand_belongs_to_its_process() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, other) = (ledger(folder.path()).await, ledger(folder.path()).await);
        let (name, lock) = ledger.join("process 7").await.unwrap();
        assert_eq!(words_of(&name), Some("process 7"));
        assert!(other.lives(&name).unwrap() && ledger.lives(&name).unwrap());
        drop(lock);
        assert!(!other.lives(&name).unwrap());
        for older in ["", "somebody", r#"{"format":1,"content":{"host":"h"}}"#, "process-../../x y"] {
            assert!(!other.lives(older).unwrap(), "{older}");
        }
    }

    #[tokio::test]
    async fn a_lock_with_removed_file_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = ledger(folder.path()).await;
        let (lease, _) = ours(ledger.take_lease(packs(), "a").unwrap());
        fs::remove_dir_all(folder.path().join("ledger.sqlite-locks")).unwrap();
        assert!(!lease.is_in_place());
        let (other, _) = ours(ledger.take_lease(packs(), "b").unwrap());
        drop(lease);
        assert!(other.is_in_place(), "a's end takes nothing from b");
    }
}

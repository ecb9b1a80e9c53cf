//! Who is at work: the lease of a quarter's packs or of a task, and the names of the processes that have joined.

use super::locks::{AT_WORK, Lock, Locked, PROCESS};
use super::{Ledger, LedgerError};
use crate::period::Period;

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

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::{Read, Write};
    use std::path::Path;
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

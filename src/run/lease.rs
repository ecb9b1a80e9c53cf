//! One run at a time of the packs of a quarter, or of one task of its round: a lease in the ledger, renewed for as long as
//! its holder lives.

use super::{PACK, RunError};
use crate::period::Period;
use crate::store::records::{self, Record};
use crate::store::{Ledger, LedgerError, Taken};
use jiff::{SignedDuration, Timestamp};
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;

/// How long a holder of another machine that shows no sign of life is waited for.
pub(crate) const HELD_FOR: SignedDuration = SignedDuration::from_mins(2);
pub(crate) const RENEWED_EVERY: Duration = Duration::from_secs(20);

/// Tells apart the leases of one process.
static LEASES: AtomicU64 = AtomicU64::new(0);

/// The leases that this process holds: one that it let go of is nobody's, whether or not the ledger could be told.
static HELD: Mutex<BTreeSet<u64>> = Mutex::new(BTreeSet::new());

/// A process that holds a lease, so that another on the same machine can tell whether it still runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub host: String,
    /// The kernel's name for this start of the machine; empty where it has none.
    boot: String,
    /// The processes that this one can see, by the kernel's name for them.
    namespace: String,
    pub process: u32,
    /// When the process started, as the kernel counts: a later process may have the same number.
    started: String,
    taken_at: Timestamp,
    lease: u64,
}

/// Held until it is released or dropped, or until this process is gone.
pub(super) struct Lease {
    ledger: Ledger,
    pack: &'static str,
    period: Period,
    number: u64,
    holder: String,
    lost: Arc<AtomicBool>,
    renewing: JoinHandle<()>,
}

impl Record for Holder {
    const NAME: &'static str = "the holder of a lease";
}

impl Holder {
    pub fn this(now: Timestamp) -> Self {
        let read = |path: &str| fs::read_to_string(path).map(|text| text.trim().to_owned()).unwrap_or_default();
        Self {
            host: read("/proc/sys/kernel/hostname"),
            boot: read("/proc/sys/kernel/random/boot_id"),
            namespace: fs::read_link("/proc/self/ns/pid").map(|link| link.display().to_string()).unwrap_or_default(),
            process: std::process::id(),
            started: match see(std::process::id()) {
                Seen::Since(start) => start,
                Seen::Gone | Seen::Hidden => String::new(),
            },
            taken_at: now,
            lease: LEASES.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// As the ledger has it.
    ///
    /// # Errors
    /// None that a name or a number can bring about.
    pub fn record(&self) -> Result<String, LedgerError> {
        Ok(records::write(self)?)
    }

    /// Of a holder that cannot be read nothing can be told: only its time says whether it still holds.
    pub fn recorded(text: &str) -> Option<Self> {
        records::read(text.as_bytes()).ok()
    }

    /// Whether its process still runs; none where that cannot be seen from here.
    pub fn lives(&self, here: &Holder) -> Option<bool> {
        if self.host != here.host || self.boot.is_empty() || here.boot.is_empty() {
            return None;
        }
        if self.boot != here.boot {
            return Some(false);
        }
        if self.namespace != here.namespace || self.started.is_empty() {
            return None;
        }
        match see(self.process) {
            Seen::Gone => Some(false),
            Seen::Since(start) => Some(start == self.started),
            Seen::Hidden => None,
        }
    }

    /// Whether it still holds its lease: its process runs, and, where it is this one, has not let go of it.
    fn holds(&self, here: &Holder) -> Option<bool> {
        let is_here = (self.process, &self.started) == (here.process, &here.started);
        Some(self.lives(here)? && (!is_here || held().contains(&self.lease)))
    }
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "process {} on {}, since {}", self.process, self.host, self.taken_at)
    }
}

/// A set of numbers is whole whatever the one who held it before came to.
fn held() -> MutexGuard<'static, BTreeSet<u64>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What can be told of a process by its number.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    /// It is not there, or it is dead and only waits for its parent to look.
    Gone,
    /// It runs, since then.
    Since(String),
    /// There is one, another user's, of which the kernel shows no more.
    Hidden,
}

fn see(process: u32) -> Seen {
    let number = i32::try_from(process).ok().and_then(Pid::from_raw);
    if number.is_none_or(|number| test_kill_process(number) == Err(Errno::SRCH)) {
        return Seen::Gone;
    }
    let Ok(stat) = fs::read_to_string(format!("/proc/{process}/stat")) else { return Seen::Hidden };
    // The name, in brackets, may hold anything; after it come the state and, 19 fields on, the start.
    let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, after)| after).split_whitespace().collect();
    match (fields.first(), fields.get(19)) {
        (Some(&("Z" | "X")), _) => Seen::Gone,
        (_, Some(start)) => Seen::Since((*start).to_owned()),
        _ => Seen::Hidden,
    }
}

impl Lease {
    /// Takes the lease of the packs of `period`; where it is taken over, from whom comes with it.
    ///
    /// # Errors
    /// [`RunError::InUse`] where another run is at work on them; the ledger's.
    pub async fn take(ledger: &Ledger, period: Period, now: fn() -> Timestamp) -> Result<(Self, Option<Holder>), RunError> {
        Self::of((PACK, period), ledger, now).await
    }

    /// As [`Self::take`], of what goes by another name than the packs.
    pub async fn of(
        (pack, period): (&'static str, Period),
        ledger: &Ledger,
        now: fn() -> Timestamp,
    ) -> Result<(Self, Option<Holder>), RunError> {
        let here = Holder::this(now());
        let holder = here.record()?;
        let read = Holder::recorded;
        let holds = |text: &str| read(text).and_then(|other| other.holds(&here));
        let until = move || now().saturating_add(HELD_FOR).unwrap_or(Timestamp::MAX);
        let from = match ledger.take_lease((pack, period), &holder, now(), until(), holds).await? {
            Taken::Free => None,
            Taken::Over { holder } => read(&holder),
            Taken::Not { holder, until } => {
                let by = read(&holder).map_or(holder, |holder| holder.to_string());
                return Err(RunError::InUse { period, by, until });
            }
        };
        held().insert(here.lease);
        let lost = Arc::new(AtomicBool::new(false));
        let renewing = tokio::spawn({
            let (ledger, holder, lost) = (ledger.clone(), holder.clone(), lost.clone());
            async move {
                loop {
                    tokio::time::sleep(RENEWED_EVERY).await;
                    // A ledger that is busy for a moment is asked again; the lease lasts through several tries.
                    if let Ok(false) = ledger.renew_lease((pack, period), &holder, until()).await {
                        lost.store(true, Ordering::Relaxed);
                        return;
                    }
                }
            }
        });
        Ok((Self { ledger: ledger.clone(), pack, period, number: here.lease, holder, lost, renewing }, from))
    }

    /// # Errors
    /// [`RunError::LeaseLost`] where another has taken it over: whatever is left to do is the other's.
    pub fn check(&self) -> Result<(), RunError> {
        if self.lost.load(Ordering::Relaxed) { Err(RunError::LeaseLost { period: self.period }) } else { Ok(()) }
    }

    pub async fn release(self) -> Result<(), LedgerError> {
        self.ledger.release_lease((self.pack, self.period), &self.holder).await
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
        held().remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_has_or_has_lost_its_lease_only_where_that_is_certain() {
        let here = Holder::this(Timestamp::UNIX_EPOCH);
        assert_eq!(here.holds(&here), Some(false), "this process has let go of it");
        held().insert(here.lease);
        assert_eq!(here.holds(&here), Some(true));
        let but = |change: fn(&mut Holder)| {
            let mut holder = here.clone();
            change(&mut holder);
            holder.holds(&here)
        };
        assert_eq!(but(|holder| holder.started = "1".to_owned()), Some(false), "its number is another process's now");
        assert_eq!(but(|holder| holder.boot = "before".to_owned()), Some(false), "the machine was started again");
        assert_eq!(but(|holder| (holder.host, holder.process) = ("elsewhere".to_owned(), 0)), None);
        assert_eq!(but(|holder| (holder.namespace, holder.process) = ("a container's".to_owned(), 0)), None);
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let Seen::Since(started) = see(child.id()) else { panic!("it runs") };
        let other = Holder { process: child.id(), started, ..here.clone() };
        assert_eq!(other.holds(&here), Some(true));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(see(child.id()), Seen::Gone);
        assert_eq!(other.holds(&here), Some(false));
    }
}

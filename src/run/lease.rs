//! One run at a time of a job and a quarter.

use super::error::RunError;
use super::message_kinds::PACK;
use crate::period::Period;
use crate::store::{self, Leased, Ledger};
use jiff::Timestamp;
use std::fs;

/// Held until it is dropped, or until this process is gone.
pub struct JobLease {
    period: Period,
    held: Held,
}

enum Held {
    OfJob(store::Lease),
    /// Nobody begins any work meanwhile.
    Alone(store::Lock),
}

impl JobLease {
    /// Takes the lease of the packs of `period`; who had it before and died with it comes with it.
    ///
    /// # Errors
    /// [`RunError::InUse`] where another run is at work on them; the ledger's.
    pub fn take(ledger: &Ledger, period: Period, now: fn() -> Timestamp) -> Result<(Self, Option<String>), RunError> {
        Self::of((PACK, period), ledger, now)
    }

    /// As [`Self::take`], of the job of that name.
    pub fn of(
        (pack, period): (&str, Period),
        ledger: &Ledger,
        now: fn() -> Timestamp,
    ) -> Result<(Self, Option<String>), RunError> {
        match ledger.take_lease((pack, period), &this_process(now()))? {
            Leased::Ours { lease, left_by } => Ok((Self { period, held: Held::OfJob(lease) }, left_by)),
            Leased::Anothers { holder } => Err(RunError::InUse { period, by: holder }),
        }
    }

    /// Keeps everybody from beginning work.
    ///
    /// # Errors
    /// [`RunError::WorkInHand`] where somebody is at work; the ledger's.
    pub fn alone(ledger: &Ledger, period: Period, now: fn() -> Timestamp) -> Result<Self, RunError> {
        let lock = ledger.lock_out_work(&this_process(now()))?.ok_or(RunError::WorkInHand)?;
        Ok(Self { period, held: Held::Alone(lock) })
    }

    /// # Errors
    /// [`RunError::LeaseLost`] where the lock does not keep others out any more.
    pub fn check(&self) -> Result<(), RunError> {
        let is_in_place = match &self.held {
            Held::OfJob(lease) => lease.is_in_place(),
            Held::Alone(lock) => lock.is_in_place(),
        };
        if is_in_place { Ok(()) } else { Err(RunError::LeaseLost { period: self.period }) }
    }
}

/// This process, as others are told of it.
pub(crate) fn this_process(now: Timestamp) -> String {
    format!("process {} on {}, since {now}", std::process::id(), this_machine())
}

/// The name of this machine.
pub(crate) fn this_machine() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").map(|name| name.trim().to_owned()).unwrap_or_default();
    if name.is_empty() { "this machine".to_owned() } else { name }
}

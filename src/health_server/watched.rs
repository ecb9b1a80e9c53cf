//! What is watched, and when its last sign of life is too old.

use crate::schedule::Schedules;
use crate::store::Ledger;
use jiff::{SignedDuration, Timestamp};
use std::sync::RwLock;

/// The heartbeat comes each minute; three missed ones are too many.
pub const TOO_OLD: SignedDuration = SignedDuration::from_mins(3);

/// What is watched.
pub struct Watched {
    pub ledger: Ledger,
    /// As they are now.
    pub schedules: RwLock<Schedules>,
    pub now: fn() -> Timestamp,
}

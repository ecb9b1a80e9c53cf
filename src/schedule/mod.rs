//! What is to happen by itself, and when.
//!
//! [`due`] works out from the last time settled which occurrences are due now; [`heartbeat`] asks it to, once a
//! minute. Neither remembers anything: each occurrence has a key (schedule name, scheduled instant) by which the
//! ledger claims it once.

pub mod cron;
pub mod due;
pub mod heartbeat;
mod holidays;
mod job_kind;
mod load;
mod period_rule;
mod ping;
mod schedules;

pub use due::{Due, Occurrence};
pub use heartbeat::{Drained, Heartbeat, Pace};
pub use holidays::Holidays;
pub(crate) use holidays::RawHoliday;
pub use job_kind::JobKind;
pub(crate) use load::RawSchedule;
pub use period_rule::PeriodRule;
pub use ping::Ping;
pub use schedules::{Missed, Schedule, Schedules};

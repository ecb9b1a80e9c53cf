//! Runs on schedule: at each beat, what is due is claimed in the ledger and run, and what was cut off is taken up again.

mod configuration;
mod finals;
mod occurrences;
mod perform;
mod reload;
mod run_due;
mod server;
mod serving;

pub use run_due::run_due;
pub use serving::serve;

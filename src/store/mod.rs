//! The ledger: an SQLite file that records what every run read, judged, made and sent.
//!
//! It knows the stages' data and none of their work; [`crate::run`] and [`crate::serve`] write to it.

mod adopting;
mod allowed;
mod approvals;
mod comparison;
mod cut_off;
mod elsewhere;
mod error;
mod extensions;
mod history;
mod identity;
mod keeping;
mod leases;
mod ledger;
mod locks;
mod made_runs;
mod message_state;
mod messages;
mod moving;
mod opening;
mod outbox;
pub mod records;
mod returns;
mod rights;
mod run_outcome;
mod run_row;
mod runs;
mod schedules;
mod secret;
mod sent;
mod watching;
mod work;

pub use adopting::{Adopting, Adoption};
pub use allowed::Allowance;
pub use approvals::{Approval, Document};
pub use cut_off::CutOff;
pub use error::LedgerError;
pub use extensions::Extension;
pub use history::OlderRecord;
pub use keeping::{FileUse, KeptFile};
pub use leases::{Lease, Leased, words_of};
pub use ledger::Ledger;
pub use locks::Lock;
pub use message_state::MessageState;
pub use messages::MessageRow;
pub use moving::LeftBehind;
pub use outbox::{Claim, OutboxEntry, Sending};
pub use returns::{NotKept, RecordedVersion, Seen, Withdrawal, Word};
pub use rights::close_to_others;
pub use run_outcome::{OutcomeKind, RunOutcome};
pub use run_row::{Made, NewRun, RunId, RunRow, StageRow};
pub use schedules::Unfinished;
pub use sent::{SENT, SentMessage};
pub use watching::Overview;

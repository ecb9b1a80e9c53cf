//! Why a run came to nothing.

use crate::fault::{Fault, Faults};
use crate::period::Period;
use crate::store::{LedgerError, RunId};
use jiff::civil::Date;
use std::path::PathBuf;
use std::time::Duration;

/// Why no pack was made.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("the quarter {} ends on {}, which is not before {as_at}, the day of the pack (choose a quarter that has ended)", period.slug(), period.end())]
    QuarterNotEnded { period: Period, as_at: Date },
    #[error(transparent)]
    Configuration(#[from] Faults),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The ledger could not be opened, and the operators were told of it.
    #[error("{0}")]
    Unopened(LedgerError),
    #[error("{0}; it is not known what has arrived, so no partner is told anything")]
    Inbox(Fault),
    #[error("not one figure could be collected for {period}, so there is nothing to judge: {reasons}")]
    NoFigures { period: String, reasons: String },
    #[error("nobody has been sent the packs of {} yet, so there is nothing to correct (run without --reissue)", period.slug())]
    NothingToCorrect { period: Period },
    #[error("another run of {} is at work ({by}): try again later", period.slug())]
    InUse { period: Period, by: String },
    #[error("a run is at work, and may need what is to be removed: try again when it has ended")]
    WorkInHand,
    #[error("the lock of the packs of {} is gone, so that others may be at work on them too, and this run stops (leave the folder of locks beside the ledger alone, and run again)", period.slug())]
    LeaseLost { period: Period },
    #[error(
        "a file that run {run} saved is missing or damaged: {problem} (put it back from a backup of the archive, where `boardpack archive verify` names all that is lost; where there is none, `boardpack runs cancel {run}`, and run again)"
    )]
    Lost { run: RunId, problem: String },
    #[error(
        "the secret by which figures are hidden beside small ones, {}, {problem}, and nothing is made: packs of two secrets together can tell a hidden count (put it back from the backup of the ledger; where there is none, `boardpack disclosure accept-secret --by NAME --reason TEXT` goes on with the one that is there, or a new one)", path.display()
    )]
    SecretLost { path: PathBuf, problem: String },
    #[error("the pack of run {run} is not approved, and nothing was sent or changed: {why} ({remedy})")]
    NotApproved { run: RunId, why: String, remedy: String },
    #[error("{place} has not one figure for {}, so there is no pack of it (choose another place, or leave it out)", period.slug())]
    NothingOfPlace { place: String, period: Period },
    #[error("the run was still at work after {} seconds, and was ended (see what it waited for, or raise run.deadline_seconds)", deadline.as_secs())]
    Overdue { deadline: Duration },
    #[error("it was told to stop, and stopped after the message in hand (run it again to continue)")]
    Stopped,
    #[error("a fault in boardpack ended the run (the log says where; please report it)")]
    Panicked,
    #[error("{}: cannot be written: {problem} (check the path and its permissions)", path.display())]
    Output { path: PathBuf, problem: String },
}

//! Why a run came to nothing.

use crate::fault::{Fault, Faults};
use crate::period::Period;
use crate::store::{LedgerError, RunId};
use jiff::civil::Date;
use std::path::PathBuf;
use std::time::Duration;

/// Why a job came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("the quarter {} ends on {}, which is not before {as_at}, the day of the pack (choose a quarter that has ended)", period.slug(), period.end())]
    QuarterNotEnded { period: Period, as_at: Date },
    #[error(transparent)]
    Configuration(#[from] Faults),
    /// A run, a message or a pack that a person names and that there is not.
    #[error("{0}")]
    Unknown(Fault),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The ledger could not be opened, and the operators were told of it.
    #[error("{0}")]
    Unopened(LedgerError),
    #[error("{0}; it is not known what has arrived, so no partner is told anything")]
    Inbox(Fault),
    #[error("no figure could be collected for {period}, so there is nothing to judge: {reasons}")]
    NoFigures { period: String, reasons: String },
    #[error("nobody has been sent the packs of {} yet, so there is nothing to correct (run without --reissue)", period.slug())]
    NothingToCorrect { period: Period },
    #[error("another run of {} is in progress ({by}): try again later", period.slug())]
    InUse { period: Period, by: String },
    #[error("a run is in progress and may need the files: try again when it has ended")]
    WorkInHand,
    #[error("the lock on the packs of {} was removed, so another run may be working on them and this one stops (do not touch the \
        folder of locks beside the ledger, and run again)", period.slug())]
    LeaseLost { period: Period },
    #[error(
        "a file that run {run} saved is missing or damaged: {problem} (restore it from a backup of the archive: `boardpack \
         archive verify` lists all that is lost; without a backup, `boardpack runs cancel {run}`, and run again)"
    )]
    Lost { run: RunId, problem: String },
    #[error(
        "the secret by which figures are hidden beside small ones, {}, {problem}, so no pack is made: packs made with two secrets \
         can together reveal a hidden count (restore it with the backup of the ledger; without a backup, `boardpack disclosure \
         accept-secret --by NAME --reason TEXT` continues with the one that is there, or a new one)", path.display()
    )]
    SecretLost { path: PathBuf, problem: String },
    #[error("the pack of run {run} is not approved, and nothing was sent or changed: {why} ({remedy})")]
    NotApproved { run: RunId, why: String, remedy: String },
    #[error("{what} is not sent: {why} ({remedy})")]
    Superseded { what: String, why: String, remedy: String },
    #[error(
        "message {message} is not sent: its text is not kept, because it was sent from a ledger that was lost since, or by an earlier \
         version of boardpack (ask its recipient whether it came; `boardpack run --reissue REASON` sends everybody the next issue of \
         a pack)"
    )]
    TextNotKept { message: i64 },
    #[error("{place} has no figure for {}, so there is no pack of it (choose another place, or leave it out)", period.slug())]
    NothingOfPlace { place: String, period: Period },
    #[error("the run was stopped because it took longer than {} seconds (find out what it was waiting for, or raise \
        run.deadline_seconds)", deadline.as_secs())]
    Overdue { deadline: Duration },
    #[error("it was told to stop, and stopped after the current message (run it again to continue)")]
    Stopped,
    #[error("a fault in boardpack ended the run (the log says where; please report it)")]
    Panicked,
    #[error("{}: cannot be written: {problem} (check the path and its permissions)", path.display())]
    Output { path: PathBuf, problem: String },
}

//! Why a command ended without doing its work.

use super::exit;
use crate::fault::{Fault, Faults};
use crate::run::RunError;
use crate::store::LedgerError;

/// Why a command ended without doing its work, with the exit code that says so.
#[derive(Debug)]
pub(super) struct Failure {
    pub code: u8,
    pub message: String,
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Failure { code: exit::CONFIGURATION, message: faults.to_string() }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        let code =
            if matches!(error, LedgerError::Busy | LedgerError::AtWork { .. }) { exit::TRY_AGAIN } else { exit::UNAVAILABLE };
        Failure { code, message: error.to_string() }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Configuration(faults) => faults.into(),
            RunError::Ledger(error) | RunError::Unopened(error) => error.into(),
            RunError::QuarterNotEnded { .. } | RunError::NothingToCorrect { .. } | RunError::Unknown(_) => {
                Failure { code: exit::USAGE, message: error.to_string() }
            }
            RunError::NothingOfPlace { .. } => Failure { code: exit::CONFIGURATION, message: error.to_string() },
            RunError::NotApproved { .. } | RunError::Superseded { .. } | RunError::TextNotKept { .. } => {
                Failure { code: exit::PARTIAL, message: error.to_string() }
            }
            RunError::NoFigures { .. } => Failure { code: exit::BAD_DATA, message: error.to_string() },
            RunError::InUse { .. } | RunError::WorkInHand | RunError::LeaseLost { .. } | RunError::Stopped => {
                Failure { code: exit::TRY_AGAIN, message: error.to_string() }
            }
            RunError::Inbox(_)
            | RunError::Output { .. }
            | RunError::Lost { .. }
            | RunError::SecretLost { .. }
            | RunError::Overdue { .. }
            | RunError::Panicked => Failure { code: exit::UNAVAILABLE, message: error.to_string() },
        }
    }
}

impl Failure {
    pub fn usage(option: &str, problem: impl std::fmt::Display) -> Self {
        Failure { code: exit::USAGE, message: Fault::new(option, problem.to_string(), "see --help").to_string() }
    }
}

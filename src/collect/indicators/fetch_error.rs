//! Why a question to a public source has no answer.

use crate::collect::IndicatorOutcome;
use jiff::civil::Date;

/// Why there is no answer, and where it was asked for.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{problem}")]
pub(super) struct FetchError {
    /// The address or the request; empty where nothing was asked.
    pub url: String,
    pub problem: FetchProblem,
}

#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum FetchProblem {
    #[error("the settings have no source of that name; add it under [sources]")]
    UnknownSource,
    #[error("no address is set for it in the settings")]
    NoAddress,
    #[error("the source is not set up")]
    NotSetUp,
    #[error("there is nothing to ask")]
    NothingToAsk,
    #[error("offline, and the archive holds no answer to it")]
    NotArchived,
    // Without the folder's path: the pack prints this, and is the same wherever the folder lies.
    #[error("no answer to it was recorded")]
    NotRecorded,
    /// The settings or the framework name nothing that can be asked for.
    #[error("{0}")]
    Unaskable(String),
    /// The source did not give a whole answer.
    #[error("{0}")]
    Unreachable(String),
    /// What came is no answer to the question.
    #[error("{0}")]
    Unreadable(String),
    #[error("its last good answer, of {day}, is more than {days} days old")]
    Stale { day: Date, days: u32 },
    #[error("the archive is not whole")]
    ArchiveDamaged,
    #[error("more than {0} pages came")]
    TooManyPages(usize),
    #[error("the request broke off; run again")]
    BrokenOff,
    /// The source failed, and its last good answer cannot stand in.
    #[error("{failure}; {no_fallback}")]
    NoFallback { failure: Box<FetchProblem>, no_fallback: Box<FetchProblem> },
}

impl FetchError {
    pub fn new(url: impl Into<String>, problem: FetchProblem) -> Self {
        Self { url: url.into(), problem }
    }

    /// True where the source was never there to be asked: nothing failed.
    pub fn is_not_available(&self) -> bool {
        match self.problem {
            FetchProblem::UnknownSource
            | FetchProblem::NoAddress
            | FetchProblem::NotSetUp
            | FetchProblem::NothingToAsk
            | FetchProblem::NotArchived
            | FetchProblem::NotRecorded => true,
            FetchProblem::Unaskable(_)
            | FetchProblem::Unreachable(_)
            | FetchProblem::Unreadable(_)
            | FetchProblem::Stale { .. }
            | FetchProblem::ArchiveDamaged
            | FetchProblem::TooManyPages(_)
            | FetchProblem::BrokenOff
            | FetchProblem::NoFallback { .. } => false,
        }
    }

    /// As a receipt tells it.
    pub fn outcome(&self) -> IndicatorOutcome {
        let reason = self.problem.to_string();
        if self.is_not_available() { IndicatorOutcome::NotAvailable { reason } } else { IndicatorOutcome::Failed { reason } }
    }
}

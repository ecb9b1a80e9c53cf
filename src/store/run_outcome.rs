//! How a run, or an occurrence of a schedule, ended.

use super::LedgerError;
use std::fmt;

/// How a run or an occurrence ended. Written out it is what the ledger has: `done`, `done: …`, `partial`, `partial: …`, `failed: …`,
/// `missed` or `missed, and 3 before it`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunOutcome {
    Done,
    /// With what a person said of it.
    DoneFor(String),
    /// With the reasons that stay what they are; none where messages alone are to blame, which may arrive later.
    Partial(Vec<String>),
    Failed(String),
    /// An occurrence that nobody ran, and how many before it were missed too.
    Missed(usize),
}

/// The kinds of outcome by the words that the ledger has for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutcomeKind {
    Done,
    Partial,
    Failed,
    Missed,
}

impl OutcomeKind {
    /// As it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Missed => "missed",
        }
    }
}

impl RunOutcome {
    /// `Done` where there are no reasons why it is only partly done.
    pub fn of(reasons: Vec<String>) -> Self {
        if reasons.is_empty() { Self::Done } else { Self::Partial(reasons) }
    }

    pub fn failed(reason: impl fmt::Display) -> Self {
        Self::Failed(reason.to_string())
    }

    pub const fn kind(&self) -> OutcomeKind {
        match self {
            Self::Done | Self::DoneFor(_) => OutcomeKind::Done,
            Self::Partial(_) => OutcomeKind::Partial,
            Self::Failed(_) => OutcomeKind::Failed,
            Self::Missed(_) => OutcomeKind::Missed,
        }
    }

    pub fn is_done(&self) -> bool {
        self.kind() == OutcomeKind::Done
    }

    /// Reads what the ledger has.
    ///
    /// # Errors
    /// A text that is no outcome.
    pub(super) fn parse(text: &str) -> Result<Self, LedgerError> {
        let unreadable =
            || LedgerError::Unreadable { place: "an outcome".to_owned(), problem: format!("{text:?} is none that is known") };
        if let Some(before) = text.strip_prefix(MISSED_BEFORE).and_then(|rest| rest.strip_suffix(BEFORE_IT)) {
            return before.parse().map(Self::Missed).map_err(|_| unreadable());
        }
        match text.split_once(": ").unwrap_or((text, "")) {
            ("done", "") => Ok(Self::Done),
            ("done", note) => Ok(Self::DoneFor(note.to_owned())),
            ("partial", "") => Ok(Self::Partial(Vec::new())),
            ("partial", reasons) => Ok(Self::Partial(reasons.split("; ").map(str::to_owned).collect())),
            ("failed", reason) => Ok(Self::Failed(reason.to_owned())),
            ("missed", "") => Ok(Self::Missed(0)),
            _ => Err(unreadable()),
        }
    }
}

const MISSED_BEFORE: &str = "missed, and ";
const BEFORE_IT: &str = " before it";

impl fmt::Display for RunOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().name())?;
        match self {
            Self::Done | Self::Missed(0) => Ok(()),
            Self::Partial(reasons) if reasons.is_empty() => Ok(()),
            Self::Partial(reasons) => write!(f, ": {}", reasons.join("; ")),
            Self::DoneFor(note) | Self::Failed(note) => write!(f, ": {note}"),
            Self::Missed(before) => write!(f, ", and {before}{BEFORE_IT}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_read_as_it_was_written() {
        for text in [
            "done",
            "done: by A. Person: the disk was lost",
            "partial",
            "partial: one; two: three",
            "failed: it was cut off; twice",
            "failed: ",
            "missed",
            "missed, and 3 before it",
        ] {
            assert_eq!(RunOutcome::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "odd", "missed, and some before it"] {
            assert!(RunOutcome::parse(text).is_err(), "{text}");
        }
    }
}

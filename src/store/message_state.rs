//! The states of a message in the outbox, and what may happen to a message in which of them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How a message stands. Its texts are what the ledger and the record of the archive have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(rename_all = "snake_case")]
pub enum MessageState {
    /// It waits for a person's word.
    Waiting,
    /// It is to be sent.
    Pending,
    /// It is being sent, or was when its process was cut off.
    Sending,
    /// It is in a file, and nobody was sent it.
    Written,
    /// The mail server answered for it.
    Accepted,
    /// It was refused for certain.
    Refused,
    /// It may have arrived: it is held.
    Unknown,
    /// It is not to be sent.
    Cancelled,
}

/// What happens to a message that is in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transition {
    /// A new run writes it again, with other words or another pack.
    Rewrite,
    /// A person approves its pack.
    Approve,
    /// A run begins to send it.
    Claim,
    /// A person has decided that it is sent, although it may have arrived.
    ClaimAgain,
    /// That it was claimed could not be recorded: it is as it was before.
    Unclaim,
    /// Sending it has ended.
    Settle,
    /// The process that was sending it is gone, or gave up.
    Hold,
    /// The process that was writing it to a file is gone.
    Release,
    /// A person takes it out of the outbox.
    Cancel,
    /// A message of another kind takes its place.
    Replace,
}

impl MessageState {
    pub const ALL: [Self; 8] = [
        Self::Waiting,
        Self::Pending,
        Self::Sending,
        Self::Written,
        Self::Accepted,
        Self::Refused,
        Self::Unknown,
        Self::Cancelled,
    ];

    /// As it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Written => "written",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Cancelled => "cancelled",
        }
    }

    /// It arrived, or may have.
    pub const fn may_have_arrived(self) -> bool {
        matches!(self, Self::Accepted | Self::Sending | Self::Unknown)
    }
}

impl fmt::Display for MessageState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Transition {
    /// The states in which it may happen to a message.
    pub const fn allowed_in(self) -> &'static [MessageState] {
        use MessageState::{Cancelled, Pending, Refused, Sending, Unknown, Waiting, Written};
        match self {
            Self::Rewrite => &[Waiting, Pending, Written, Refused, Cancelled],
            Self::Approve => &[Waiting],
            Self::Claim => &[Pending, Written, Refused],
            Self::ClaimAgain => &[Pending, Written, Refused, Sending, Unknown],
            Self::Unclaim | Self::Settle | Self::Hold | Self::Release => &[Sending],
            Self::Cancel => &[Waiting, Pending],
            Self::Replace => &[Waiting, Pending, Refused],
        }
    }

    /// The states that it may leave a message in.
    #[cfg(test)]
    const fn leads_to(self) -> &'static [MessageState] {
        use MessageState::{Accepted, Cancelled, Pending, Refused, Sending, Unknown, Waiting, Written};
        match self {
            Self::Rewrite => &[Waiting, Pending],
            Self::Approve | Self::Release => &[Pending],
            Self::Claim | Self::ClaimAgain => &[Sending],
            Self::Unclaim => Self::ClaimAgain.allowed_in(),
            Self::Settle => &[Written, Accepted, Refused, Unknown],
            Self::Hold => &[Unknown],
            Self::Cancel | Self::Replace => &[Cancelled],
        }
    }

    /// The states in which it may happen, for an `IN (…)` of SQL.
    pub fn allowed_in_sql(self) -> String {
        let names: Vec<String> = self.allowed_in().iter().map(|state| format!("'{state}'")).collect();
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::MessageState::{Accepted, Cancelled, Pending, Refused, Sending, Unknown, Waiting, Written};
    use super::Transition::{Approve, Cancel, Claim, ClaimAgain, Hold, Release, Replace, Rewrite, Settle, Unclaim};
    use super::*;

    /// What may happen in a state, and the states that it leads to.
    type Allowed = &'static [(Transition, &'static [MessageState])];

    const TRANSITIONS: [Transition; 10] = [Rewrite, Approve, Claim, ClaimAgain, Unclaim, Settle, Hold, Release, Cancel, Replace];

    #[test]
    fn each_state_may_become_these_and_no_other() {
        let table: [(MessageState, Allowed); 8] = [
            (Waiting, &[(Rewrite, &[Waiting, Pending]), (Approve, &[Pending]), (Cancel, &[Cancelled]), (Replace, &[Cancelled])]),
            (
                Pending,
                &[
                    (Rewrite, &[Waiting, Pending]),
                    (Claim, &[Sending]),
                    (ClaimAgain, &[Sending]),
                    (Cancel, &[Cancelled]),
                    (Replace, &[Cancelled]),
                ],
            ),
            (
                Sending,
                &[
                    (ClaimAgain, &[Sending]),
                    (Unclaim, &[Pending, Written, Refused, Sending, Unknown]),
                    (Settle, &[Written, Accepted, Refused, Unknown]),
                    (Hold, &[Unknown]),
                    (Release, &[Pending]),
                ],
            ),
            (Written, &[(Rewrite, &[Waiting, Pending]), (Claim, &[Sending]), (ClaimAgain, &[Sending])]),
            (Accepted, &[]),
            (Refused, &[(Rewrite, &[Waiting, Pending]), (Claim, &[Sending]), (ClaimAgain, &[Sending]), (Replace, &[Cancelled])]),
            (Unknown, &[(ClaimAgain, &[Sending])]),
            (Cancelled, &[(Rewrite, &[Waiting, Pending])]),
        ];
        assert_eq!(table.map(|(state, _)| state), MessageState::ALL);
        for (state, expected) in table {
            let allowed = TRANSITIONS.into_iter().filter(|transition| transition.allowed_in().contains(&state));
            let allowed: Vec<_> = allowed.map(|transition| (transition, transition.leads_to())).collect();
            assert_eq!(allowed, expected, "{state}");
        }
    }

    #[test]
    fn every_state_is_stored_by_its_name() {
        for state in MessageState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
        assert!(serde_json::from_str::<MessageState>("\"odd\"").is_err());
    }
}

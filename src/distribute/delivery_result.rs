//! What became of a message to one recipient.

use std::fmt;

/// How sending a message ended, or why it was not sent now. The recipient's address is left out of the reasons, so that they can
/// be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryResult {
    /// The mail server answered for it.
    Accepted,
    /// It is in a file, and has reached nobody.
    Written,
    /// It was not taken, for certain. `permanent` is true where the same message would be refused again.
    Refused { reason: String, permanent: bool },
    /// It may have arrived, now or when it was sent before: it is held, and never sent again unasked.
    Unknown { reason: String },
    /// An earlier run sent it; `changed` where what is attached is no longer what was sent.
    AcceptedBefore { at: String, changed: bool },
    /// A person took it out of the outbox.
    Cancelled,
    /// Its pack waits for a person's word.
    AwaitsApproval,
}

impl DeliveryResult {
    pub(super) fn refused_for_now(reason: impl Into<String>) -> Self {
        DeliveryResult::Refused { reason: reason.into(), permanent: false }
    }

    pub(super) fn refused_for_good(reason: impl Into<String>) -> Self {
        DeliveryResult::Refused { reason: reason.into(), permanent: true }
    }

    /// The recipient has it.
    pub fn arrived(&self) -> bool {
        matches!(self, DeliveryResult::Accepted | DeliveryResult::AcceptedBefore { .. })
    }

    /// What was to be done with it was not done: the recipient lacks it, and no file was asked for in its place.
    pub fn fell_short(&self) -> bool {
        !self.arrived() && *self != DeliveryResult::Written
    }

    /// Another attempt may go better.
    pub fn may_be_retried(&self) -> bool {
        matches!(self, DeliveryResult::Refused { permanent: false, .. })
    }
}

impl fmt::Display for DeliveryResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeliveryResult::Accepted => f.write_str("sent"),
            DeliveryResult::Written => f.write_str("written, not sent"),
            DeliveryResult::AcceptedBefore { at, changed: false } => write!(f, "not sent again: delivered at {at}"),
            DeliveryResult::AcceptedBefore { at, changed: true } => {
                write!(f, "not sent again: one was delivered at {at}, and this one differs from it")
            }
            DeliveryResult::Refused { reason, .. } => write!(f, "not delivered: {reason}"),
            DeliveryResult::Unknown { reason } => write!(f, "held, for it may have arrived: {reason}"),
            DeliveryResult::Cancelled => f.write_str("not sent: it was cancelled"),
            DeliveryResult::AwaitsApproval => f.write_str("not sent: its pack waits for approval"),
        }
    }
}

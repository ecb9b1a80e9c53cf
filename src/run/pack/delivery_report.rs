//! What became of the pack's messages.

use crate::distribute::DeliveryResult;
use std::fmt;
use std::path::PathBuf;

/// What became of one recipient's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryReport {
    pub address: String,
    /// Which of the recipients, counted from 1: an address must not be logged.
    pub recipient: usize,
    pub result: DeliveryResult,
    /// False where its text was lost with the ledger that it was claimed in.
    pub has_text: bool,
    /// The message's file, where the transport writes one.
    pub file: Option<PathBuf>,
}

impl DeliveryReport {
    /// Why this leaves the run partly done, where it does; without the address.
    pub fn shortfall(&self) -> Option<String> {
        self.result.fell_short().then(|| format!("recipient {}: {}", self.recipient, self.result))
    }
}

impl fmt::Display for DeliveryReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let can_be_resent = matches!(self.result, DeliveryResult::Unknown { .. }) && self.has_text;
        let remedy = if can_be_resent { " (`boardpack runs resend` sends it anyway)" } else { "" };
        write!(f, "{}: {}{remedy}", self.address, self.result)
    }
}

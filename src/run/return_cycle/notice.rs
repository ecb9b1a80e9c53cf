//! What became of the messages to partners.

use crate::distribute::DeliveryResult;
use crate::period::Period;
use std::fmt;
use std::path::PathBuf;

/// What became of a message to a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The kind of message, such as `return_receipt`.
    pub kind: String,
    /// The quarter of the return.
    pub quarter: Period,
    /// The partner's id.
    pub partner: String,
    /// Which of its contacts, counted from 1.
    pub contact: usize,
    pub result: DeliveryResult,
    /// The message's file, where the transport writes one.
    pub file: Option<PathBuf>,
}

/// The messages that did not arrive, for certain.
pub(in crate::run) fn shortfalls(told: &[Notice]) -> Vec<String> {
    told.iter().filter(|told| told.result.fell_short()).map(ToString::to_string).collect()
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Notice { kind, partner, contact, result, .. } = self;
        write!(f, "{} to {partner}, contact {contact}: {result}", kind.replace('_', " "))
    }
}

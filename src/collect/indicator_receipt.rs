//! What became of a question to a public source.

use crate::framework::MeasureId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What became of one question to a public source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndicatorReceipt {
    /// The source's name in the settings.
    pub source: String,
    pub publisher: String,
    pub indicator: String,
    /// The measures that it serves.
    pub measures: Vec<MeasureId>,
    pub url: String,
    pub outcome: IndicatorOutcome,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum IndicatorOutcome {
    Received {
        retrieved: Timestamp,
        sha256: String,
        figures: usize,
        licence: String,
        /// Where the source failed and this is its last good answer: how it failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead_of: Option<String>,
    },
    /// The source is not set up, or its recordings do not have it.
    NotAvailable {
        reason: String,
    },
    Failed {
        reason: String,
    },
}

impl IndicatorOutcome {
    /// The word in data: `not_available`.
    pub fn code(&self) -> &'static str {
        match self {
            IndicatorOutcome::Received { .. } => "received",
            IndicatorOutcome::NotAvailable { .. } => "not_available",
            IndicatorOutcome::Failed { .. } => "failed",
        }
    }
}

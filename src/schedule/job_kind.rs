//! What can be done on schedule.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a schedule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Kind")]
pub enum JobKind {
    /// Make the pack of the last quarter that ended, and send it.
    Pack,
    /// Ask the public sources ahead of a pack, so that the archive has their newest answers.
    FetchIndicators,
    /// Send each partner its workbook for the last quarter that ended, once.
    OpenReturns,
    /// Look for partners' workbooks, record new versions and send their receipts.
    CollectReturns,
    /// Collect, and then remind those partners who owe something.
    Remind,
    /// Let go of what need not be kept longer.
    Purge,
}

impl JobKind {
    /// A later occurrence does all that those before it were to do: it is about what there is, and not about a quarter.
    pub fn catches_up(self) -> bool {
        match self {
            JobKind::FetchIndicators | JobKind::CollectReturns | JobKind::Purge => true,
            JobKind::Pack | JobKind::OpenReturns | JobKind::Remind => false,
        }
    }

    /// It may send messages to readers or partners.
    pub fn writes_to_people(self) -> bool {
        match self {
            JobKind::Pack | JobKind::OpenReturns | JobKind::CollectReturns | JobKind::Remind => true,
            JobKind::FetchIndicators | JobKind::Purge => false,
        }
    }
}

impl std::fmt::Display for JobKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize(f)
    }
}

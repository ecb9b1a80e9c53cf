//! Which report on a key action is meant.

use crate::framework::ActionId;
use serde::{Deserialize, Serialize};

/// Which report is meant: on a key action as a whole, or on a step of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReportKey {
    pub action: ActionId,
    /// Counted from 1; none for the action as a whole.
    pub step: Option<usize>,
}

impl ReportKey {
    pub fn new(action: ActionId, step: Option<usize>) -> Self {
        Self { action, step }
    }
}

//! What a rule finds.

use crate::evaluate::{AssessedTarget, Flag, Status};

/// What a rule finds.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleOutcome {
    pub status: Status,
    /// One sentence, without a full stop.
    pub reason: String,
    pub flags: Vec<Flag>,
    pub target: Option<AssessedTarget>,
}

impl RuleOutcome {
    pub(in crate::evaluate) fn new(status: Status, reason: impl Into<String>) -> Self {
        RuleOutcome { status, reason: reason.into(), flags: Vec::new(), target: None }
    }

    pub(in crate::evaluate) fn flag(mut self, flag: Flag, when: bool) -> Self {
        if when {
            self.flags.push(flag);
        }
        self
    }

    pub(super) fn target(mut self, target: AssessedTarget) -> Self {
        self.target = Some(target);
        self
    }
}

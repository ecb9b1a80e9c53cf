//! Why packs are not sent: in words, and of what kind, so that nobody needs to look at the words.

use crate::evaluate::UnprotectedCounts;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why packs are not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum WithholdReason {
    /// No gate lets it pass.
    Counts(UnprotectedCounts),
    /// The archive has lost what readers were shown or sent, in a sentence: no gate lets it pass either.
    Lost { lost: String },
    /// A sentence; all that an older version left is such.
    Other(String),
}

impl WithholdReason {
    pub fn of_lost(lost: String) -> Self {
        WithholdReason::Lost { lost }
    }
}

impl fmt::Display for WithholdReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WithholdReason::Counts(counts) => counts.fmt(f),
            WithholdReason::Lost { lost: sentence } | WithholdReason::Other(sentence) => f.write_str(sentence),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::WithholdReason;
    use crate::evaluate::UnprotectedCounts;
    use crate::framework::MeasureId;

    #[test]
    fn reasons_are_kept_and_those_of_older_versions_are_read() {
        let counts = WithholdReason::Counts(UnprotectedCounts { unprotected: vec![MeasureId("falls".to_owned())] });
        let lost = WithholdReason::of_lost("what run 3 showed is lost".to_owned());
        let reasons = vec![WithholdReason::Other("1 of 2 returns is accepted".to_owned()), counts, lost];
        let kept = serde_json::to_string(&reasons).unwrap();
        assert_eq!(serde_json::from_str::<Vec<WithholdReason>>(&kept).unwrap(), reasons);
        assert_eq!(serde_json::from_str::<Vec<WithholdReason>>("[\"1 of 2 returns is accepted\"]").unwrap(), reasons[..1]);
    }
}

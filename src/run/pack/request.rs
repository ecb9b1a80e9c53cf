//! What is asked of a run that makes packs.

use crate::area::AreaCode;
use crate::distribute::Recipient;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What is asked of one run.
#[derive(Debug, Clone)]
pub struct Request {
    /// What "today" is; the settings' or the clock's date where none.
    pub as_at: Option<Date>,
    pub recipients: To,
    /// Marked as a draft on every page.
    pub draft: bool,
    /// Why the last issue is to be corrected, where it is: a corrected pack goes to all who have an earlier one.
    pub reissue: Option<String>,
    /// Who asked: `by hand`, or the name of a schedule.
    pub trigger: String,
    /// What was met before the run began, for the operators to be told with the rest.
    pub met: Vec<String>,
}

/// Who gets the pack.
#[derive(Debug, Clone)]
pub enum To {
    Nobody,
    /// The list of this name in `recipients.toml`.
    List(String),
    /// Those that a person named for this run.
    These(Vec<Recipient>),
    /// The operators, as a preview.
    Operators,
}

/// Somebody who is to get a pack, and of which part of the system; of the whole where none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::run) struct Addressee {
    pub recipient: Recipient,
    pub part: Option<AreaCode>,
}

impl Addressee {
    /// The same pack goes to the same address.
    pub fn is_same(&self, other: &Addressee) -> bool {
        let (one, another) = (self.recipient.address.to_string(), other.recipient.address.to_string());
        self.part == other.part && one.eq_ignore_ascii_case(&another)
    }
}

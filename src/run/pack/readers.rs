//! Who is to get a pack.

use crate::area::AreaCode;
use crate::distribute::Recipient;
use serde::{Deserialize, Serialize};

/// Who gets the pack.
#[derive(Debug, Clone)]
pub enum PackReaders {
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

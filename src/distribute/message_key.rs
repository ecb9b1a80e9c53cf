//! What makes a message the same message.

use crate::period::Period;
use sha2::{Digest, Sha256};
use std::fmt;

/// What "once" means: a message with this key is delivered at most once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageKey {
    /// What it is: a kind of pack, or the name of a message to a partner, such as `return_receipt`.
    pub kind: String,
    pub period: Period,
    /// What it is about: the area of a pack, the SHA-256 of the workbook that a receipt is for, a partner and a day.
    pub about: String,
    /// 1 for the first issue of a pack; a corrected one has the next number.
    pub issue: u32,
    /// As written; two spellings that differ in case only are one recipient.
    pub address: String,
}

/// A Message-ID as it stands in the header, angle brackets included.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(String);

impl MessageKey {
    /// The Message-ID of this message as sent from `domain`. The same key gives the same id for ever, so that a
    /// second copy can be known for one by the ledger and by the recipient's server.
    pub fn message_id(&self, domain: &str) -> MessageId {
        MessageId(format!("<{}@{}>", &self.digest()[..40], domain.to_ascii_lowercase()))
    }

    /// SHA-256 of the key's parts, 64 hexadecimal digits.
    pub fn digest(&self) -> String {
        let issue = self.issue.to_string();
        let address = self.address.to_lowercase();
        let mut hash = Sha256::new();
        for part in [self.kind.as_str(), &self.period.slug(), self.about.as_str(), &issue, &address] {
            // The length in front keeps ("ab", "c") and ("a", "bc") apart.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl MessageId {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`: the digits of the key.
    pub fn local_part(&self) -> &str {
        self.0.trim_start_matches('<').split('@').next().unwrap_or_default()
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(address: &str, issue: u32) -> MessageKey {
        MessageKey {
            kind: "board_pack".into(),
            period: Period::financial_quarter(2026, 2),
            about: "E54000010".into(),
            issue,
            address: address.into(),
        }
    }

    #[test]
    fn one_key_gives_one_message_id() {
        assert_eq!(
            key("chair@example.org", 1).message_id("Example.org").as_str(),
            "<0054653fd57fbb5d9db9a1dc87ad34e3915bb870@example.org>"
        );
    }

    #[test]
    fn the_case_of_an_address_is_ignored() {
        assert_eq!(key("Chair@Example.org", 1).digest(), key("chair@example.org", 1).digest());
    }

    #[test]
    fn another_recipient_or_pack_is_another_message() {
        let first = key("chair@example.org", 1);
        for other in [
            key("vice@example.org", 1),
            key("chair@example.org", 2),
            MessageKey { period: Period::financial_quarter(2026, 3), ..first.clone() },
            MessageKey { kind: "reminder".into(), ..first.clone() },
        ] {
            assert_ne!(first.digest(), other.digest(), "{other:?}");
        }
    }
}

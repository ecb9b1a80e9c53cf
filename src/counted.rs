//! Counted nouns.

/// `1 message`, `2 messages`.
pub(crate) fn counted(n: usize, one: &str, several: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { several })
}

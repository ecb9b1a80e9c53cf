//! Counted nouns.

/// `1 message`, `2 messages`.
pub(crate) fn counted(n: usize, one: &str, several: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { several })
}

/// `1 of 3 returns is late`, `0 of 1 return is late`, `2 of 3 returns are late`: `verbs` are for one and for several.
pub(crate) fn counted_of(n: usize, all: usize, (one, several): (&str, &str), verbs: (&str, &str)) -> String {
    let verb = if n == 1 || all == 1 { verbs.0 } else { verbs.1 };
    format!("{n} of {} {verb}", counted(all, one, several))
}

#[cfg(test)]
mod tests {
    use super::{counted, counted_of};

    #[test]
    fn one_is_one_and_none_is_several() {
        for (n, expected) in [(0, "0 measures"), (1, "1 measure"), (2, "2 measures")] {
            assert_eq!(counted(n, "measure", "measures"), expected);
        }
        for (n, all, expected) in [
            (0, 1, "0 of 1 return is late"),
            (1, 3, "1 of 3 returns is late"),
            (0, 3, "0 of 3 returns are late"),
            (2, 2, "2 of 2 returns are late"),
        ] {
            assert_eq!(counted_of(n, all, ("return", "returns"), ("is late", "are late")), expected);
        }
    }
}

//! How a text of a mapping is compared with a text of a workbook.

/// A text that is looked for: the whole of a cell, or, where it ends in `*`, its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    written: String,
    plain: String,
    begins: bool,
}

impl Pattern {
    /// None where there is nothing to look for.
    pub fn new(written: &str) -> Option<Self> {
        let (text, begins) = written.strip_suffix('*').map_or((written, false), |text| (text, true));
        let plain = plain(text);
        (!plain.is_empty()).then(|| Self { written: written.to_owned(), plain, begins })
    }

    /// As the mapping has it.
    pub fn written(&self) -> &str {
        &self.written
    }

    pub fn begins(&self) -> bool {
        self.begins
    }

    /// True where both look for the same.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.plain, self.begins) == (&other.plain, other.begins)
    }

    pub fn matches(&self, text: &str) -> bool {
        let text = plain(text);
        if self.begins { text.starts_with(&self.plain) } else { text == self.plain }
    }

    /// What follows the looked-for text in `text`, wherever it stands there: `30 April 2017` after `as at`.
    pub fn rest<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut seen = String::new();
        // Where each character of `seen` ends in `text`.
        let mut ends: Vec<(usize, usize)> = Vec::new();
        for (at, c) in text.char_indices() {
            push_plain(c, &mut seen);
            ends.push((seen.len(), at + c.len_utf8()));
        }
        let end = seen.find(&self.plain)? + self.plain.len();
        ends.iter().find(|(plain_end, _)| *plain_end >= end).and_then(|(_, end)| text.get(*end..))
    }

    /// How much of a text it decides: of two that match, the one that says more is meant.
    pub fn weight(&self) -> (bool, usize) {
        (!self.begins, self.plain.len())
    }
}

/// A text without what people do not see or type alike: case, every kind of space, kinds of dash and quotation mark.
///
/// Signs stay, unlike in headings of the template: `1-4` and `14`, `<1` and `1` are different ages.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    text.chars().for_each(|c| push_plain(c, &mut plain));
    plain
}

fn push_plain(c: char, plain: &mut String) {
    let like = match c {
        c if c.is_whitespace() || c.is_control() => return,
        // A soft hyphen and a space of no width.
        '\u{ad}' | '\u{200b}' => return,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        other => other,
    };
    plain.extend(like.to_lowercase());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(text).unwrap()
    }

    #[test]
    fn case_spaces_and_dashes_are_ignored() {
        assert!(pattern("Community-onset cases").matches("Community\u{2013}\nonset\u{a0}Cases "));
        assert!(!pattern("1-4").matches("14"));
        assert!(!pattern("<1").matches("1"));
        assert!(Pattern::new(" ").is_none() && Pattern::new("*").is_none());
    }

    #[test]
    fn a_final_star_matches_beginnings() {
        assert!(pattern("All reported cases*").matches("All reported cases [Note 1]"));
        assert!(!pattern("All reported cases").matches("All reported cases [Note 1]"));
        assert_eq!(pattern("Weekly figures *").rest("weekly  Figures 2019"), Some(" 2019"));
        assert_eq!(pattern("Weekly figures *").rest("Contents"), None);
        assert_eq!(pattern("as at").rest("in England, as  at 30 April 2017"), Some(" 30 April 2017"));
    }
}

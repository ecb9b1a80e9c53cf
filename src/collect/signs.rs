//! Signs in partners' own words that a pack's fonts may not have: the usual ones are written as words, others are told to the
//! partner with the cell.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use tagged_document::unseen::is_left_out;

/// Stands for what cannot be printed.
const NOT_PRINTED: &str = "[not printed]";

/// Signs that a message names.
const MOST_NAMED: usize = 4;

/// Characters before the first of them that tell where it stands.
const SHOWN_BEFORE: usize = 30;

/// Signs with which the state of a thing is told, or a list is made: emoji, and what Word's bullets are outside Word.
const WORDS: [(&str, &str); 15] = [
    ("\u{1f534}\u{1f7e5}", "[red]"),
    ("\u{1f7e0}\u{1f7e7}", "[amber]"),
    ("\u{1f7e1}\u{1f7e8}", "[yellow]"),
    ("\u{1f7e2}\u{1f7e9}\u{1f49a}", "[green]"),
    ("\u{1f535}\u{1f7e6}", "[blue]"),
    ("\u{1f7e3}\u{1f7ea}", "[purple]"),
    ("\u{1f7e4}\u{1f7eb}", "[brown]"),
    ("\u{26aa}\u{2b1c}", "[white]"),
    ("\u{26ab}\u{2b1b}", "[black]"),
    ("\u{2705}\u{2714}\u{2713}\u{2611}\u{f0fc}", "[tick]"),
    ("\u{274c}\u{2716}\u{2717}\u{2718}\u{274e}\u{2612}\u{f0fb}", "[cross]"),
    ("\u{26a0}\u{2757}\u{2755}\u{203c}\u{1f6a9}", "[warning]"),
    ("\u{2b06}\u{1f53a}\u{1f53c}\u{1f4c8}", "[up]"),
    ("\u{2b07}\u{1f53b}\u{1f53d}\u{1f4c9}", "[down]"),
    ("\u{f0b7}\u{f0a7}\u{f0d8}\u{f076}", "\u{2022}"),
];

/// Whether the fonts of all packs have a character; by default they have every one.
#[derive(Clone)]
pub struct Prints(Arc<dyn Fn(char) -> bool + Send + Sync>);

impl Prints {
    pub fn new(has: impl Fn(char) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(has))
    }
}

impl Default for Prints {
    fn default() -> Self {
        Self::new(|_| true)
    }
}

impl fmt::Debug for Prints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prints")
    }
}

/// A text that can be printed, and what is told of it where signs of it cannot.
#[derive(Debug, PartialEq)]
pub(super) struct Printable {
    pub text: String,
    /// The problem, and what to do.
    pub told: Option<(String, &'static str)>,
}

/// The text with the usual signs as words.
pub(super) fn printable(text: &str, prints: &Prints) -> Printable {
    let mut printed = String::with_capacity(text.len());
    let mut lacking: BTreeSet<char> = BTreeSet::new();
    let mut first = None;
    for c in text.chars() {
        // What says only how the sign before it looks, or joins it to the next.
        if matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{200d}' | '\u{1f3fb}'..='\u{1f3ff}') {
            continue;
        }
        match WORDS.iter().find(|(signs, _)| signs.contains(c)) {
            Some((_, words)) => printed.push_str(words),
            None if is_printed(c, prints) => printed.push(c),
            None => {
                lacking.insert(c);
                first.get_or_insert(printed.len());
                if !printed.trim_end().ends_with(NOT_PRINTED) {
                    printed.push_str(NOT_PRINTED);
                }
            }
        }
    }
    let told = first.map(|at| {
        let before = printed[..at].chars().rev().take(SHOWN_BEFORE).collect::<Vec<_>>().into_iter().rev().collect::<String>();
        let codes = lacking.iter().take(MOST_NAMED).map(|c| format!("U+{:04X}", u32::from(*c))).collect::<Vec<_>>().join(", ");
        let more = lacking.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let place = if before.trim().is_empty() { String::new() } else { format!(" after {:?}", before.trim()) };
        (format!("signs{place} cannot be printed ({codes}{more}); {NOT_PRINTED} stands for them"), "write them in words")
    });
    Printable { text: printed, told }
}

/// Space and what is never seen are for whoever sets the text.
fn is_printed(c: char, prints: &Prints) -> bool {
    c == '\u{2011}' || is_left_out(c) || c.is_whitespace() || (prints.0)(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latin() -> Prints {
        Prints::new(|c| u32::from(c) < 0x250 || c == '\u{2022}')
    }

    #[test]
    fn usual_signs_are_printed_as_words() {
        for (text, words) in [
            ("RAG: \u{1f534}", "RAG: [red]"),
            ("\u{1f7e0}\u{1f7e2}", "[amber][green]"),
            ("\u{2705} done, \u{274c} not", "[tick] done, [cross] not"),
            ("\u{26a0}\u{fe0f} late", "[warning] late"),
            ("\u{f0b7} first", "\u{2022} first"),
            ("\u{2b06}\u{fe0f}", "[up]"),
        ] {
            assert_eq!(printable(text, &latin()), Printable { text: words.to_owned(), told: None }, "{text}");
        }
    }

    #[test]
    fn unprintable_signs_are_marked_and_told_once() {
        let Printable { text, told } = printable("Caf\u{e9} \u{5e9}\u{5dc} \u{5dd}, soft\u{ad}hyphen", &latin());
        assert_eq!(text, "Caf\u{e9} [not printed] , soft\u{ad}hyphen");
        let (problem, remedy) = told.unwrap();
        let expected = "signs after \"Caf\u{e9}\" cannot be printed (U+05DC, U+05DD, U+05E9); [not printed] stands for them";
        assert_eq!((problem.as_str(), remedy), (expected, "write them in words"));
    }
}

//! Characters that nobody sees and that change what is seen: those that rule a terminal, end a line, or turn the direction of
//! writing. Pages leave them out.

/// Whether a character is to be written out: controls, separators of lines, and what turns the direction of writing.
pub fn is_unseen(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || turns
}

/// Whether a page leaves a character out: what is written out elsewhere, and what has no width and no sign of its own.
pub fn is_left_out(c: char) -> bool {
    is_unseen(c) || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A text as a page has it: on one line, without what is left out.
pub fn on_a_page(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter_map(|c| match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        c => (!is_left_out(c)).then_some(c),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_leaves_out_what_nobody_sees() {
        let text: String = on_a_page("\u{feff}a\u{202e}b\u{61c}\tc\u{9b}\u{2067}d\u{200f}\r\u{206d}é\u{a0}≥").collect();
        assert_eq!(text, "ab cd é\u{a0}≥");
    }
}

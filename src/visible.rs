//! Characters that nobody sees and that change what is seen: those that rule a terminal, end a line, or turn the direction of
//! writing. What others name or say may hold them, so they are written out wherever it is told: `\u202e`, as JSON does it. Pages
//! leave them out ([`tagged_document::unseen`]), for what is set in type is not typed in again.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};
use tagged_document::unseen::is_unseen;

/// A text that stands on one line.
pub fn in_one_line(text: &str) -> Cow<'_, str> {
    written_out(text, is_unseen)
}

/// A text of several lines: their ends and tabs stay.
pub fn in_lines(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") {
        let lines = text.split("\r\n").map(|line| written_out(line, is_unseen_in_lines));
        return Cow::Owned(lines.collect::<Vec<_>>().join("\r\n"));
    }
    written_out(text, is_unseen_in_lines)
}

fn is_unseen_in_lines(c: char) -> bool {
    is_unseen(c) && !matches!(c, '\n' | '\t')
}

fn written_out(text: &str, is_unseen: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_unseen) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_unseen(c) {
            write!(shown, "\\u{:04x}", u32::from(c)).expect("writing to a String does not fail");
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Writes text of several lines on to where people or programs read it.
#[derive(Debug)]
pub struct Visible<W>(pub W);

impl<W: Write> Write for Visible<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.utf8_chunks() {
            self.0.write_all(in_lines(part.valid()).as_bytes())?;
            // The halves of a character that two writes share.
            self.0.write_all(part.invalid())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_written_out() {
        let name = "nuh\u{1b}[2J\n\u{202e}xslx.\u{9b}1m\u{7f}";
        assert_eq!(in_one_line(name), r"nuh\u001b[2J\u000a\u202exslx.\u009b1m\u007f");
        assert_eq!(in_lines("a\tb\r\nc\rd\u{2066}"), "a\tb\r\nc\\u000dd\\u2066");
        for plain in ["", "Caf\u{e9} \u{5e9}\u{5dc}\u{5d5}\u{5dd}", "soft\u{ad}hyphen", "\u{1f534}"] {
            assert!(matches!(in_one_line(plain), Cow::Borrowed(same) if same == plain), "{plain}");
        }
    }

    #[test]
    fn json_that_is_written_so_says_the_same() {
        let said = serde_json::json!({ "file": "a\u{202e}b\u{7f}\n\u{1b}" });
        let mut shown = Vec::new();
        serde_json::to_writer(Visible(&mut shown), &said).unwrap();
        assert!(!shown.contains(&0x7f) && !String::from_utf8_lossy(&shown).contains('\u{202e}'));
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&shown).unwrap(), said);
    }

    #[test]
    fn a_character_in_two_writes_stays_whole() {
        let mut shown = Vec::new();
        for byte in "\u{e9}\u{1b}".bytes() {
            Visible(&mut shown).write_all(&[byte]).unwrap();
        }
        assert_eq!(shown, "\u{e9}\\u001b".as_bytes());
    }
}

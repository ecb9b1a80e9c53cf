//! What the text of a cell gives away.

/// True where a text is the word of an error, as Excel, LibreOffice and Google write them in any language: `#REF!`,
/// `#SPILL!`, `#NAME?`, `#N/A`, `#NV`, `#GETTING_DATA`, `Err:502`. `####` is a number for which the column is too narrow.
pub(super) fn is_error(text: &str) -> bool {
    let text = text.trim();
    if let Some(code) = text.strip_prefix("Err:") {
        return !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    }
    let Some(word) = text.strip_prefix('#') else { return false };
    let of_errors = |c: char| c.is_uppercase() || matches!(c, '/' | '0' | '_' | '.' | '!' | '?' | '\u{a1}' | '\u{bf}' | ' ');
    let begins = |c: char| c.is_uppercase() || matches!(c, '\u{a1}' | '\u{bf}');
    (2..=24).contains(&word.chars().count()) && word.starts_with(begins) && word.chars().all(of_errors)
}

/// At most as much of an error's word as a message needs.
pub(super) fn error_word(text: &str) -> String {
    text.trim().chars().take(40).collect()
}

/// The text of paragraphs, with white space as OpenDocument counts it: a row of spaces, tabs and line ends is one space,
/// and none at either end of a paragraph.
#[derive(Debug, Default)]
pub(super) struct Paragraphs {
    text: String,
    is_begun: bool,
    /// White space that counts once something follows it.
    space_before: bool,
    at_start: bool,
}

impl Paragraphs {
    pub fn begin(&mut self) {
        if self.is_begun {
            self.text.push('\n');
        }
        self.is_begun = true;
        self.space_before = false;
        self.at_start = true;
    }

    pub fn text(&mut self, text: &str) {
        for character in text.chars() {
            if matches!(character, ' ' | '\t' | '\r' | '\n') {
                self.space_before = !self.at_start;
            } else {
                self.put(character);
            }
        }
    }

    /// A character that counts wherever it stands, such as a space of `text:s`.
    pub fn put(&mut self, character: char) {
        if std::mem::take(&mut self.space_before) {
            self.text.push(' ');
        }
        self.text.push(character);
        self.at_start = false;
    }

    /// None where there was no paragraph.
    pub fn take(&mut self) -> Option<String> {
        let Self { text, is_begun, .. } = std::mem::take(self);
        is_begun.then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_recognised_in_any_language() {
        let errors = [
            "#DIV/0!",
            "#N/A",
            "#NAME?",
            "#NULL!",
            "#NUM!",
            "#REF!",
            "#VALUE!",
            "#SPILL!",
            "#CALC!",
            "#FIELD!",
            "#BLOCKED!",
            "#CONNECT!",
            "#BUSY!",
            "#UNKNOWN!",
            "#GETTING_DATA",
            "#ERROR!",
            "#WERT!",
            "#BEZUG!",
            "#NV",
            "#¡DIV/0!",
            "#¿NOMBRE?",
            "Err:502",
            " #REF! ",
        ];
        assert_eq!(errors.iter().filter(|text| !is_error(text)).collect::<Vec<_>>(), Vec::<&&str>::new());
        for text in ["####", "#1", "#5", "# sites", "#", "Err:", "Error", "12", "", "#Teams", "no. #4"] {
            assert!(!is_error(text), "{text}");
        }
    }

    #[test]
    fn paragraph_spaces_count_as_shown() {
        let mut paragraphs = Paragraphs::default();
        paragraphs.begin();
        paragraphs.text("\n   staff\n   turnover ");
        paragraphs.put(' ');
        paragraphs.text("x\n  ");
        paragraphs.begin();
        paragraphs.text(" second");
        assert_eq!(paragraphs.take().unwrap(), "staff turnover  x\nsecond");
    }
}

//! Whether a text that is given as a reason says anything: a partner's, an administrator's or that of a file.

/// What is written where there is nothing to say, by its letters and digits.
const NO_WORDS: [&str; 18] = [
    "na",
    "nil",
    "none",
    "nothing",
    "null",
    "no",
    "yes",
    "xx",
    "xxx",
    "tba",
    "tbc",
    "tbd",
    "blank",
    "unknown",
    "notapplicable",
    "notknown",
    "nocomment",
    "nothingtoreport",
];

/// True where a text explains something: it has a word, which a mark such as `n/a` or `-` is not.
pub(crate) fn explains(text: &str) -> bool {
    let squeezed: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let has_word = text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().nth(1).is_some());
    has_word && !NO_WORDS.contains(&squeezed.as_str())
}

/// What is wrong with a reason; none where it is one.
pub(crate) fn no_reason(text: &str) -> Option<String> {
    match text.trim() {
        "" => Some("is empty".to_owned()),
        text => (!explains(text)).then(|| format!("is {text:?}, which says nothing")),
    }
}

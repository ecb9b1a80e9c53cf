//! What others say, made fit to be told: one line, of a length that fits a log, and without anybody's address.

use lettre::Address;

/// Characters of what is quoted.
const LONGEST: usize = 300;

/// What a server says is not ours: one line of it, of a length that fits a log.
pub fn one_line(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

/// The innermost cause says what happened; the outer ones only that something did.
pub fn innermost(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    let text = one_line(&innermost.to_string());
    if text.contains("UnknownIssuer") {
        return format!("{text} (if you trust the authority that signed it, name its certificate in mail.smtp.ca_file)");
    }
    text
}

/// `text` with the recipient's address named by what it is, and all others by being one.
pub fn without_addresses(text: &str, recipient: &Address) -> String {
    let text = without(text, recipient.as_ref());
    let words = text.split(' ').map(|word| if word.contains('@') { "(an address)" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// `text` with each `address` in it, in whatever case, left out.
fn without(text: &str, address: &str) -> String {
    // Lowering the case of ASCII alone moves no byte.
    let (lower, address) = (text.to_ascii_lowercase(), address.to_ascii_lowercase());
    let mut kept = String::new();
    let mut from = 0;
    for (at, found) in lower.match_indices(&address) {
        kept.push_str(&text[from..at]);
        kept.push_str("(the recipient)");
        from = at + found.len();
    }
    kept + &text[from..]
}

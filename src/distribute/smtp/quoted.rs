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

/// What a word has in it that is an address, or may be one: as it is, as in a URL, HTML or against collectors, and as in a header that
/// is encoded.
const SIGNS_OF_ADDRESSES: [&str; 7] = ["@", "%40", "&#64;", "&commat;", "(at)", "[at]", "=?"];

/// `text` with the recipient's address named by what it is, and all others by being one.
pub fn without_addresses(text: &str, recipient: &Address) -> String {
    let text = without(text, recipient.as_ref());
    let is_address = |word: &str| SIGNS_OF_ADDRESSES.iter().any(|sign| word.to_ascii_lowercase().contains(sign));
    let words = text.split(' ').map(|word| if is_address(word) { "(an address)" } else { word });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_cut_out_however_they_are_written() {
        let chair: Address = "chair@example.org".parse().unwrap();
        for word in [
            "secretary@example.org",
            "<https://help.example.org/?to=secretary%40example.org>",
            "Secretary(AT)example.org",
            "secretary[at]example.org",
            "secretary&#64;example.org",
            "=?utf-8?q?secretary=40example.org?=",
        ] {
            let told = without_addresses(&format!("5.1.1 {word} is unknown to <Chair@Example.org>, SIZE=4096"), &chair);
            assert_eq!(told, "5.1.1 (an address) is unknown to <(the recipient)>, SIZE=4096", "{word}");
        }
    }
}

//! Words and addresses as they may stand in HTML and XML.

use crate::model::Elsewhere;
use crate::unseen::on_a_page;

/// Words without what cannot be seen, turns the direction of the text or may not stand in a page; not escaped.
pub fn seen(text: &str) -> String {
    on_a_page(text).filter(|c| !is_no_character(*c)).collect()
}

/// Words within an element or a quoted attribute, of what is [`seen`].
pub fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in on_a_page(text) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if is_no_character(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// The code points that Unicode keeps for no character.
fn is_no_character(c: char) -> bool {
    let code = u32::from(c);
    (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
}

/// An address that a reader may follow, as it stands in `href`.
pub fn address(url: &str) -> Option<String> {
    followed(url).map(|url| url.replace('&', "&amp;"))
}

/// An address that a reader may follow, not escaped; none for `javascript:` and whatever else runs or loads something.
pub fn followed(url: &str) -> Option<String> {
    let url = url.trim();
    let scheme = url.split_once(':')?.0.to_ascii_lowercase();
    if !["http", "https", "mailto"].contains(&scheme.as_str()) {
        return None;
    }
    let mut out = String::with_capacity(url.len());
    let bytes = url.as_bytes();
    for (i, &byte) in bytes.iter().enumerate() {
        let is_code = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_hexdigit);
        match byte {
            b'%' if is_code(i + 1) && is_code(i + 2) => out.push('%'),
            b if b.is_ascii_alphanumeric() || b"-._~:/?#@!$&()*+,;='".contains(&b) => out.push(char::from(b)),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    Some(out)
}

impl Elsewhere {
    /// Where a PDF leads to it: beside itself to the PDF, which lies there even where no page does, by a name that its readers and
    /// browsers know (RFC 8118); at an address to the page, which every browser opens at the heading.
    pub fn from_pdf(&self) -> String {
        match followed(&self.file) {
            Some(_) => self.page(),
            None => format!("{}.pdf#nameddest={}", encoded(&self.file), encoded(&self.anchor)),
        }
    }

    /// The heading on the page.
    pub fn page(&self) -> String {
        let file = followed(&self.file).unwrap_or_else(|| encoded(&self.file));
        format!("{file}.html#{}", encoded(&self.anchor))
    }
}

/// A name as a part of an address, in which nothing has a meaning of its own.
fn encoded(name: &str) -> String {
    let one = |byte: u8| match byte {
        b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    name.bytes().map(one).collect()
}

/// A picture's bytes in the alphabet of RFC 4648, section 4.
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= three.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_end_a_tag_or_line() {
        assert_eq!(words("<b title=\"x\">&amp;\u{0}\u{202e}\u{ffff}\u{1ffff}é≥\n"), "&lt;b title=&quot;x&quot;&gt;&amp;amp;é≥ ");
    }

    #[test]
    fn only_addresses_that_a_reader_follows_become_links() {
        assert_eq!(
            address("https://example.org/a b?x=1&y=\"é\"#z").unwrap(),
            "https://example.org/a%20b?x=1&amp;y=%22%C3%A9%22#z"
        );
        assert_eq!(address("https://example.org/100%25%").unwrap(), "https://example.org/100%25%25");
        for url in ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "//example.org", "file:///etc/passwd", ""]
        {
            assert_eq!(address(url), None, "{url}");
        }
    }

    #[test]
    fn headings_elsewhere_are_found_beside_the_file_or_at_an_address() {
        let place = |file: &str| Elsewhere { file: file.into(), title: "Evidence".into(), anchor: "measure-3".into() };
        assert_eq!(place("evidence-Q2").from_pdf(), "evidence-Q2.pdf#nameddest=measure-3");
        assert_eq!(place("evidence-Q2").page(), "evidence-Q2.html#measure-3");
        let published = place("https://example.org/packs/evidence-Q2");
        assert_eq!(published.from_pdf(), "https://example.org/packs/evidence-Q2.html#measure-3");
        assert_eq!(published.page(), published.from_pdf());
        assert_eq!(place("javascript:a b/#").page(), "javascript%3Aa%20b%2F%23.html#measure-3");
    }

    #[test]
    fn pictures_are_written_in_base64() {
        let written = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base64(text.as_bytes()));
        assert_eq!(written, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }
}

//! Text of files that do not say how it is written.

use encoding_rs::WINDOWS_1252;
use std::borrow::Cow;

/// Bytes as text: UTF-8, as publishers say they write; where they are not, Windows-1252, which is what their tools then
/// wrote.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn bytes_outside_utf_8_are_windows_1252() {
        assert_eq!(text("£5 – 7".as_bytes()), "£5 – 7");
        assert_eq!(text(b"\xa35 \x96 7, \x80 \x92 \xff"), "£5 – 7, € ’ ÿ");
        // Five bytes stand for no character of the code page; they stay, and nothing is lost.
        assert_eq!(text(b"a\x81\x8d\x8f\x90\x9db"), "a\u{81}\u{8d}\u{8f}\u{90}\u{9d}b");
    }
}

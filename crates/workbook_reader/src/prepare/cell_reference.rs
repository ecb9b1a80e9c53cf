//! Cells by their names, such as `C7`.

use super::prepared::{MOST_COLUMNS, MOST_ROWS};

/// Row and column of `C7`, counted from 0; none where it names no cell of a worksheet.
pub(super) fn position(name: &str) -> Option<(u32, u32)> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = &name[letters..];
    if !(1..=3).contains(&letters) || !(1..=7).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let letter = |byte: u8| u32::from(byte.to_ascii_uppercase() - b'A') + 1;
    let column = name[..letters].bytes().fold(0, |column, byte| column * 26 + letter(byte)) - 1;
    let row = digits.parse::<u32>().ok()?.checked_sub(1)?;
    (row < MOST_ROWS && column < MOST_COLUMNS).then_some((row, column))
}

/// True for `A1` and `A1:F6`, in this order.
pub(super) fn is_range(text: &str) -> bool {
    let (from, to) = text.split_once(':').unwrap_or((text, text));
    matches!((position(from), position(to)), (Some(from), Some(to)) if from.0 <= to.0 && from.1 <= to.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_by_their_names() {
        assert_eq!(position("C7"), Some((6, 2)));
        assert_eq!(position("XFD1048576"), Some((1_048_575, 16_383)));
        for name in ["", "C", "7", "C0", "XFE1", "A1048577", "A1B", "é1", "AAAA1"] {
            assert_eq!(position(name), None, "{name}");
        }
        assert!(is_range("A1") && is_range("A1:F6") && !is_range("F6:A1") && !is_range(""));
    }
}

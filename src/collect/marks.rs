//! What people and publishers write where a number stands or is lacking, one reading for every source.

use crate::value::Value;

/// What a text says in a place where a number is due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Said {
    /// Nothing, not even a mark.
    Nothing,
    /// `..`, `*`, `n/a`: anything but [`Value::Number`].
    Mark(Value),
    Number {
        value: f64,
        /// A percent sign followed it.
        percent: bool,
        /// Digits after the point.
        places: u32,
    },
}

/// Reads a text where a number is due; `None` where it is neither a number nor a mark.
///
/// Thousands are separated by commas or by spaces that do not break, in groups of three, so that `12,5` is not taken for
/// either 125 or 12.5. Any other space or a line break within the digits parts two numbers, which are not one.
pub(super) fn read(text: &str) -> Option<Said> {
    let text = text.trim().to_lowercase();
    let joined: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    match joined.as_str() {
        "" => return Some(Said::Nothing),
        "*" | "c" | "[c]" | "suppressed" => return Some(Said::Mark(Value::Suppressed)),
        ".." | "-" | "\u{2013}" | "\u{2014}" | "[x]" => return Some(Said::Mark(Value::Missing)),
        "n/a" | "na" | "[z]" | "notapplicable" => return Some(Said::Mark(Value::NotApplicable)),
        _ => {}
    }
    if let Some(below) = text.strip_prefix('<') {
        // `<5` and `<8` protect small numbers; `<1000` would be something else.
        let small = matches!(below.trim_start().parse::<u8>(), Ok(1..=10));
        return small.then_some(Said::Mark(Value::Suppressed));
    }
    let (number, percent) = text.strip_suffix('%').map_or((text.as_str(), false), |number| (number.trim_end(), true));
    let (number, scale) = scaled(number);
    let (sign, digits) = match number.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (-1.0, digits),
        None => (1.0, number),
    };
    let digits = digits.strip_prefix('£').map_or(digits, str::trim_start);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = ungroup(whole)?;
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(&whole) || !all_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    // One number with its exponent, so that 1.2m is 1200000 to the last bit.
    let value = format!("{whole}.{fraction}e{scale}").parse::<f64>().ok().filter(|value| value.is_finite())?;
    if percent && scale > 0 {
        return None;
    }
    Some(Said::Number { value: sign * value, percent, places: u32::try_from(fraction.len()).ok()?.saturating_sub(scale) })
}

/// A number without the letters that say how many noughts it is short for: `£1.2m`. Without the pound sign a letter may
/// mean months or metres.
fn scaled(number: &str) -> (&str, u32) {
    let suffixes: &[_] = if number.contains('£') { &[("million", 6), ("bn", 9), ("m", 6), ("k", 3)] } else { &[("million", 6)] };
    suffixes.iter().find_map(|(end, scale)| Some((number.strip_suffix(end)?.trim_end(), *scale))).unwrap_or((number, 0))
}

/// Whether letters after an amount of pounds say how many noughts it is short for: `£1.2m`.
pub(super) fn is_short_amount(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    text.contains('£') && scaled(&text).1 > 0
}

/// Takes the commas out of `1,234,567`, or the spaces that do not break; `None` where they stand anywhere else.
fn ungroup(whole: &str) -> Option<String> {
    let separator = whole.chars().find(|c| matches!(c, ',' | '\u{a0}' | '\u{2009}' | '\u{202f}'));
    let Some(separator) = separator else { return Some(whole.to_owned()) };
    let mut groups = whole.split(separator);
    let first = groups.next()?;
    let grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    grouped.then(|| whole.replace(separator, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, value, percent, places) in [
            ("1,234", 1234.0, false, 0),
            (" 12.3 % ", 12.3, true, 1),
            ("1,234,567.89", 1_234_567.89, false, 2),
            ("\u{a0}7", 7.0, false, 0),
            ("-0.50", -0.5, false, 2),
            ("\u{2212}3", -3.0, false, 0),
            (".5", 0.5, false, 1),
            ("0", 0.0, false, 0),
            ("£1.2m", 1_200_000.0, false, 0),
            ("-£3,000.50", -3000.5, false, 2),
            ("£4.25 k", 4250.0, false, 0),
            ("1.1 million", 1_100_000.0, false, 0),
            ("£ 3,000", 3000.0, false, 0),
            ("212\u{a0}198", 212_198.0, false, 0),
            ("1\u{202f}234\u{202f}567.5 %", 1_234_567.5, true, 1),
            ("\t12\r\n", 12.0, false, 0),
        ] {
            assert_eq!(read(text), Some(Said::Number { value, percent, places }), "{text}");
        }
    }

    #[test]
    fn two_numbers_in_one_cell_are_not_one() {
        for text in [
            "212\n198",
            "212\r\n198",
            "212\u{b}198",
            "212\t198",
            "212 198",
            "212  198",
            "92 95",
            "92\u{a0}95",
            "212\u{a0}\u{a0}198",
            "212\u{a0}198 212\u{a0}198",
            "4.9 5.1",
            "4.9\n5.1",
            "4.9%\n5.1%",
            "212, 198",
            "212,\n198",
            "1,234 1,250",
            "1 234,567",
            "12/15",
            "3-5",
            "3 - 5",
            "- 5",
            "4 .9",
            "4. 9",
            "<5 <5",
            "< 5 7",
            "£1 £2",
            "£1.2m £1.3m",
            "12; 15",
            "12 (of 15)",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn suppressed_missing_and_not_applicable_are_three_things() {
        for (marks, value) in [
            (&["*", "c", "[c]", "<5", "< 8"][..], Value::Suppressed),
            (&["..", "-", "\u{2013}", "[x]"], Value::Missing),
            (&["n/a", "N/A", "[z]", "not applicable"], Value::NotApplicable),
        ] {
            for mark in marks {
                assert_eq!(read(mark), Some(Said::Mark(value)), "{mark}");
            }
        }
        assert_eq!(read(" \u{a0}"), Some(Said::Nothing));
    }

    #[test]
    fn what_might_mean_two_things_is_not_read() {
        for text in [
            "12,5", "1,23", ",123", "1,2345", "<1000", "12.3.4", "1e5", "inf", "nan", "about 5", "5-6", "12%%", "£1.2m%", "3m",
            "£", ".", "%", "--5",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

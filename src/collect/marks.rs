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
    parse(text, None)
}

/// The same where an amount of money is due, in a unit of so many pounds: `£1.3m`, `450k` and `1.3 million` say themselves
/// what they are in, and come out in that unit; other numbers as they stand.
pub(super) fn read_money(text: &str, pounds: f64) -> Option<Said> {
    parse(text, Some(pounds))
}

fn parse(text: &str, pounds: Option<f64>) -> Option<Said> {
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
    let (number, scale) = scaled(number, pounds.is_some());
    let (sign, digits) = match number.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (-1.0, digits),
        None => (1.0, number),
    };
    let digits = digits.strip_prefix('£').map_or(digits, str::trim_start);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = ungroup(whole)?;
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(&whole) || !all_digits(fraction) || (whole.is_empty() && fraction.is_empty()) || percent && scale > 0 {
        return None;
    }
    let noughts = pounds.filter(|_| scale > 0).map_or(scale, |pounds| scale - noughts_of(pounds));
    // One number with its exponent, so that 1.2m is 1200000 to the last bit.
    let value = format!("{whole}.{fraction}e{noughts}").parse::<f64>().ok().filter(|value| value.is_finite())?;
    let places = u32::try_from(i32::try_from(fraction.len()).ok()? - noughts).unwrap_or(0);
    Some(Said::Number { value: sign * value, percent, places })
}

fn noughts_of(pounds: f64) -> i32 {
    if pounds >= 1e9 {
        9
    } else if pounds >= 1e6 {
        6
    } else if pounds >= 1e3 {
        3
    } else {
        0
    }
}

/// A number without the letters that say how many noughts it is short for: `£1.2m`. Where it need not be money, and has no
/// pound sign, a letter may mean months or metres.
fn scaled(number: &str, is_money: bool) -> (&str, i32) {
    const OF_POUNDS: [(&str, i32); 9] =
        [("billion", 9), ("bn", 9), ("million", 6), ("mill", 6), ("mn", 6), ("m", 6), ("thousand", 3), ("k", 3), ("'000", 3)];
    let is_money = is_money || number.contains('£');
    let number = if is_money { number.strip_suffix("pounds").map_or(number, str::trim_end) } else { number };
    let suffixes: &[_] = if is_money { &OF_POUNDS } else { &[("million", 6)] };
    suffixes.iter().find_map(|(end, scale)| Some((number.strip_suffix(end)?.trim_end(), *scale))).unwrap_or((number, 0))
}

/// Whether letters after an amount of pounds say how many noughts it is short for: `£1.2m`.
pub(super) fn is_short_amount(text: &str) -> bool {
    scaled(&text.trim().to_lowercase(), true).1 > 0
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
    fn an_amount_that_says_its_unit_is_read_in_the_one_that_is_due() {
        for (text, in_pounds, in_thousands, in_millions, places_of_millions) in [
            ("1.3m", 1_300_000.0, 1300.0, 1.3, 1),
            ("£1.3M", 1_300_000.0, 1300.0, 1.3, 1),
            ("£1.3 million", 1_300_000.0, 1300.0, 1.3, 1),
            ("1.3 million pounds", 1_300_000.0, 1300.0, 1.3, 1),
            ("£1.30mn", 1_300_000.0, 1300.0, 1.3, 2),
            ("450k", 450_000.0, 450.0, 0.45, 3),
            ("-£450 thousand", -450_000.0, -450.0, -0.45, 3),
            ("£1,250k", 1_250_000.0, 1250.0, 1.25, 3),
            ("£2bn", 2e9, 2e6, 2000.0, 0),
        ] {
            for (pounds, value, places) in
                [(1.0, in_pounds, None), (1e3, in_thousands, None), (1e6, in_millions, Some(places_of_millions))]
            {
                let Some(Said::Number { value: read, percent: false, places: given }) = read_money(text, pounds) else {
                    panic!("{text}")
                };
                assert_eq!(read, value, "{text} in {pounds}");
                assert!(places.is_none_or(|places| places == given), "{text}: {given} places");
            }
            assert!(is_short_amount(text), "{text}");
        }
        // As it stands, where it says no unit of its own.
        for (text, value) in [("1.3", 1.3), ("£1300000", 1_300_000.0), ("1,300 pounds", 1300.0)] {
            assert!(matches!(read_money(text, 1e6), Some(Said::Number { value: read, .. }) if read == value), "{text}");
            assert!(!is_short_amount(text), "{text}");
        }
        for text in ["1.3 mil", "about £1m", "£1.2m-£1.3m", "1.3m pa", "m", "£m", "1.3mk", "5%m"] {
            assert_eq!(read_money(text, 1e6), None, "{text}");
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

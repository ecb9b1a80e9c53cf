//! What people and publishers write where a number stands or is lacking, one reading for every source.

use crate::value::{Unit, Value};

/// What a text says in a place where a number is due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum WrittenValue {
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
        money: Money,
    },
}

/// What a number says of pounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Money {
    /// Nothing: it is in the unit that is due.
    #[default]
    Unsaid,
    /// `£1,200`: pounds, or so many thousands or millions of them as the unit that is due has.
    Sign,
    /// `£1.2m`, `450k`: an amount with a unit of its own, given in the one that is due.
    OwnUnit,
}

/// Reads a text where a number in `unit` is due, or a plain number where there is none; `None` where it is neither a number
/// nor a mark.
///
/// Thousands are separated by commas or by spaces that do not break, in groups of three, so that `12,5` is not taken for
/// either 125 or 12.5. Any other space or a line break within the digits parts two numbers, which are not one. Words of the
/// unit may follow, those of another may not. Where the unit is money, `£1.3m`, `450k` and `1.3 million` say themselves what
/// they are in, and brackets stand for a minus.
pub(super) fn read(text: &str, unit: Option<&Unit>) -> Option<WrittenValue> {
    let text = text.trim().to_lowercase();
    let joined: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    match joined.as_str() {
        "" => return Some(WrittenValue::Nothing),
        "*" | "c" | "[c]" | "suppressed" => return Some(WrittenValue::Mark(Value::Suppressed)),
        ".." | "..." | "\u{2026}" | ":" | "-" | "\u{2013}" | "\u{2014}" | "[x]" => {
            return Some(WrittenValue::Mark(Value::Missing));
        }
        "n/a" | "na" | "[z]" | "notapplicable" => return Some(WrittenValue::Mark(Value::NotApplicable)),
        _ => {}
    }
    if let Some(below) = text.strip_prefix("<=").or_else(|| text.strip_prefix(['<', '\u{2264}'])) {
        // `<5` and `<8` protect small numbers; `<1000` would be something else.
        let small = matches!(below.trim_start().parse::<u8>(), Ok(1..=10));
        return small.then_some(WrittenValue::Mark(Value::Suppressed));
    }
    number(&text, unit)
}

fn number(text: &str, unit: Option<&Unit>) -> Option<WrittenValue> {
    let pounds = unit.and_then(Unit::pounds);
    let (text, percent) = without_any(text, &PER_CENT).map_or((text, false), |number| (number, true));
    let text = match unit {
        Some(unit) if !percent && pounds.is_none() => without_unit(text, unit),
        _ => text,
    };
    let has_sign = text.contains('£') || text.ends_with("pounds");
    let (in_brackets, text) = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        Some(inner) if pounds.is_some() || has_sign => (true, inner.trim()),
        _ => (false, text),
    };
    let (number, scale) = scaled(text, pounds.is_some() || has_sign);
    let (is_below, number) = signed(number);
    let digits = number.strip_prefix('£').map_or(number, str::trim_start);
    // £-3 is -£3.
    let (is_below, digits) = if is_below.is_none() && has_sign { signed(digits) } else { (is_below, digits) };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = ungroup(whole)?;
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let is_number = all_digits(&whole) && all_digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    // 1.2 million in a unit of millions that are no pounds may be 1.2 of it, or as it stands.
    let may_be_two = scale > 0 && (percent || pounds.is_none() && unit.is_some_and(counts_many));
    if !is_number || may_be_two || in_brackets && is_below.is_some() {
        return None;
    }
    let noughts = pounds.filter(|_| scale > 0).map_or(scale, |pounds| scale - noughts_of(pounds));
    // One number with its exponent, so that 1.2m is 1200000 to the last bit.
    let value = format!("{whole}.{fraction}e{noughts}").parse::<f64>().ok().filter(|value| value.is_finite())?;
    let places = u32::try_from(i32::try_from(fraction.len()).ok()? - noughts).unwrap_or(0);
    let money = match (pounds, has_sign) {
        (Some(_), _) if scale > 0 => Money::OwnUnit,
        (_, true) => Money::Sign,
        (_, false) => Money::Unsaid,
    };
    let value = if in_brackets || is_below == Some(true) { -value } else { value };
    Some(WrittenValue::Number { value, percent, places, money })
}

const PER_CENT: [&str; 3] = ["%", "per cent", "percent"];

/// The text without the first of these ends that it has, which is not all of it.
fn without_any<'t>(text: &'t str, ends: &[&str]) -> Option<&'t str> {
    ends.iter().find_map(|end| text.strip_suffix(end)).map(str::trim_end).filter(|rest| !rest.is_empty())
}

/// A number without the words of its unit around it.
fn without_unit<'t>(text: &'t str, unit: &Unit) -> &'t str {
    let ends: &[&str] = match unit {
        Unit::Years => &[" years", " year"],
        Unit::Days => &[" days", " day"],
        Unit::Per1000 => &["per 1,000", "per 1000", "/1,000", "/1000"],
        Unit::Per100k => &["per 100,000", "per 100000", "/100,000", "/100000"],
        Unit::TonnesCo2e => &["tonnes co\u{2082}e", "tonnes co2e", "tco2e", "tonnes"],
        Unit::Own(own) => {
            let [before, after, label] = [&own.before, &own.after, &own.label].map(|words| words.trim().to_lowercase());
            let text = text.strip_prefix(&before).map_or(text, str::trim_start);
            let ends: Vec<&str> = [&after, &label].into_iter().map(String::as_str).filter(|end| !end.is_empty()).collect();
            return without_any(text, &ends).unwrap_or(text);
        }
        Unit::Percent | Unit::Ratio | Unit::Count | Unit::Pounds | Unit::Score => &[],
    };
    without_any(text, ends).unwrap_or(text)
}

/// Whether the unit is thousands or millions of something.
fn counts_many(unit: &Unit) -> bool {
    let Unit::Own(own) = unit else { return false };
    let words = format!("{} {}", own.label, own.after).to_lowercase();
    let is_many = |word: &str| {
        ["thousand", "million", "billion"].iter().any(|many| word.starts_with(many))
            || ["k", "m", "mn", "bn", "000", "000s"].contains(&word)
    };
    words.split(|c: char| !c.is_alphanumeric()).any(is_many)
}

/// Whether a number is below 0 where it has a sign, and the rest of it.
fn signed(number: &str) -> (Option<bool>, &str) {
    // An en dash is what Word makes of a hyphen; the last is a hyphen that does not break.
    match number.strip_prefix(['-', '\u{2212}', '\u{2013}', '\u{2011}']) {
        Some(rest) => (Some(true), rest),
        None => number.strip_prefix('+').map_or((None, number), |rest| (Some(false), rest)),
    }
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
    const OF_ANYTHING: [(&str, i32); 3] = [("billion", 9), ("million", 6), ("thousand", 3)];
    let number = if is_money { number.strip_suffix("pounds").map_or(number, str::trim_end) } else { number };
    let suffixes: &[_] = if is_money { &OF_POUNDS } else { &OF_ANYTHING };
    suffixes.iter().find_map(|(end, scale)| Some((number.strip_suffix(end)?.trim_end(), *scale))).unwrap_or((number, 0))
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
            ("6 per cent", 6.0, true, 0),
            ("+0.3", 0.3, false, 1),
            ("\u{2013}4", -4.0, false, 0),
            ("12 thousand", 12_000.0, false, 0),
        ] {
            let Some(WrittenValue::Number { value: found, percent: is_percent, places: given, .. }) = read(text, None) else {
                panic!("{text}")
            };
            assert_eq!((found, is_percent, given), (value, percent, places), "{text}");
        }
    }

    #[test]
    fn stated_units_are_converted_to_the_due_one() {
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
                let Some(WrittenValue::Number { value: found, percent: false, places: given, money }) =
                    read(text, Some(&money_in(pounds)))
                else {
                    panic!("{text}")
                };
                assert_eq!((found, money), (value, Money::OwnUnit), "{text} in {pounds}");
                assert!(places.is_none_or(|places| places == given), "{text}: {given} places");
            }
        }
        // As it stands, where it says no unit of its own.
        for (text, value, said) in [
            ("1.3", 1.3, Money::Unsaid),
            ("£1300000", 1_300_000.0, Money::Sign),
            ("1,300 pounds", 1300.0, Money::Sign),
            ("(1.3)", -1.3, Money::Unsaid),
            ("(£1,300)", -1300.0, Money::Sign),
            ("£-3", -3.0, Money::Sign),
        ] {
            let expected = WrittenValue::Number { value, percent: false, places: u32::from(text.contains('.')), money: said };
            assert_eq!(read(text, Some(&money_in(1e6))), Some(expected), "{text}");
        }
        assert!(matches!(
            read("(£450k)", Some(&money_in(1e6))),
            Some(WrittenValue::Number { value: -0.45, money: Money::OwnUnit, .. })
        ));
        for text in ["1.3 mil", "about £1m", "£1.2m-£1.3m", "1.3m pa", "m", "£m", "1.3mk", "5%m", "(-£1m)", "((1))", "--1", "1-"]
        {
            assert_eq!(read(text, Some(&money_in(1e6))), None, "{text}");
        }
    }

    fn money_in(pounds: f64) -> Unit {
        let after = if pounds == 1e6 { "m" } else { "k" };
        let own = format!(r#"{{ "label": "pounds", "before": "£", "after": "{after}" }}"#);
        if pounds == 1.0 { Unit::Pounds } else { serde_json::from_str(&own).unwrap() }
    }

    #[test]
    fn only_words_of_its_unit_follow_a_number() {
        let own = |text: &str| serde_json::from_str::<Unit>(text).unwrap();
        let euros = own(r#"{ "label": "million euros", "before": "€", "after": "m" }"#);
        let a_head = own(r#"{ "label": "pounds a head", "before": "£", "after": " a head" }"#);
        let bed_days = own(r#"{ "label": "bed days" }"#);
        for (text, unit, value) in [
            ("4.5 per 1,000", &Unit::Per1000, Some(4.5)),
            ("4.5 per 1000", &Unit::Per1000, Some(4.5)),
            ("4.5 per 1,000", &Unit::Per100k, None),
            ("93.0 per 100,000", &Unit::Per100k, Some(93.0)),
            ("93.0 per 100,000", &Unit::Per1000, None),
            ("93.0 per 100,000", &Unit::Count, None),
            ("7.2 days", &Unit::Days, Some(7.2)),
            ("2 weeks", &Unit::Days, None),
            ("78.4 Years", &Unit::Years, Some(78.4)),
            ("1,234 tonnes CO₂e", &Unit::TonnesCo2e, Some(1234.0)),
            ("1,234 bed days", &bed_days, Some(1234.0)),
            ("€1.2m", &euros, Some(1.2)),
            ("€1.2bn", &euros, None),
            ("€1.2 million", &euros, None),
            ("1.2 thousand", &own(r#"{ "label": "staff (000s)" }"#), None),
            ("1.2 thousand", &bed_days, Some(1200.0)),
            ("£742", &a_head, Some(742.0)),
            ("£742 a head", &a_head, Some(742.0)),
            ("-£3", &a_head, Some(-3.0)),
            ("3m", &Unit::Days, None),
        ] {
            let found = match read(text, Some(unit)) {
                Some(WrittenValue::Number { value, .. }) => Some(value),
                _ => None,
            };
            assert_eq!(found, value, "{text} in {unit:?}");
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
            assert_eq!(read(text, None), None, "{text:?}");
        }
    }

    #[test]
    fn suppressed_missing_and_not_applicable_are_three_things() {
        for (marks, value) in [
            (&["*", "c", "[c]", "<5", "< 8", "\u{2264}5", "<= 4"][..], Value::Suppressed),
            (&["..", "...", "\u{2026}", ":", "-", "\u{2013}", "[x]"], Value::Missing),
            (&["n/a", "N/A", "[z]", "not applicable"], Value::NotApplicable),
        ] {
            for mark in marks {
                assert_eq!(read(mark, None), Some(WrittenValue::Mark(value)), "{mark}");
            }
        }
        assert_eq!(read(" \u{a0}", None), Some(WrittenValue::Nothing));
    }

    #[test]
    fn what_might_mean_two_things_is_not_read() {
        for text in [
            "12,5",
            "1,23",
            ",123",
            "1,2345",
            "<1000",
            "12.3.4",
            "1e5",
            "inf",
            "nan",
            "about 5",
            "5-6",
            "12%%",
            "£1.2m%",
            "3m",
            "£",
            ".",
            "%",
            "--5",
            "5-",
            "(5)",
            "+-5",
            "\u{2264}50",
            "1-4",
            "1 to 4",
            "0*",
            "x",
            "1'234",
            "1.234,5",
            "12k",
            "4.5 per 1,000",
        ] {
            assert_eq!(read(text, None), None, "{text}");
        }
    }
}

//! What a reader of values finds wrong, in words for whoever wrote the file.

/// What was found and what was expected; and what to do.
///
/// `found` is the text at the key, where it is one.
pub(crate) fn in_words(message: &str, found: Option<&str>) -> (String, String) {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    for kind in ["invalid type: ", "invalid value: ", "invalid length "] {
        if let Some((found, expected)) = message.strip_prefix(kind).and_then(|rest| rest.split_once(", expected ")) {
            return (format!("is {}; {} was expected", found_in_words(found), expected_in_words(expected)), "correct it".into());
        }
    }
    if let Some((found, expected)) = message.strip_prefix("unknown variant `").and_then(|rest| rest.split_once("`, ")) {
        let words: Vec<&str> = quoted(expected).collect();
        let one_of = if words.len() > 1 { "one of " } else { "" };
        let remedy = if words.len() > 1 { "use one of them" } else { "use that word" };
        return (format!("is {found:?}; {one_of}{} was expected", words.join(", ")), meant(found, &words, remedy));
    }
    if message.starts_with("data did not match any variant") {
        return ("is written in a form that is not known here".into(), "write it as the built-in file does".into());
    }
    // What jiff says of a text that is no date begins so.
    if message.contains("failed to parse") || message.contains("parsing failed") {
        let found = found.unwrap_or_default();
        return (
            format!("{found:?} is not a date; one such as 2027-03-31 was expected"),
            "write the year, the month and the day".into(),
        );
    }
    (message, "correct it".into())
}

/// What is wrong with a key that is not known among `expected`; `given` are the keys that stand beside it.
pub(crate) fn unknown_key(key: &str, expected: &[&str], given: &[&str]) -> (String, String) {
    let there_are = match expected {
        [] => "no key is expected there".to_owned(),
        [one] => format!("{one} was expected"),
        more => format!("one of {} was expected", more.join(", ")),
    };
    let meant = nearest_key(key, expected, given);
    let remedy = meant.map_or_else(|| "correct it, or leave it out".to_owned(), |word| format!("did you mean {word}?"));
    (format!("is not a known key here; {there_are}"), remedy)
}

/// The likeliest of the keys that were expected: none that stands there already, and of days the end for an end.
pub(crate) fn nearest_key<'a>(key: &str, expected: &[&'a str], given: &[&str]) -> Option<&'a str> {
    const SAME: [(&[&str], &str); 2] =
        [(&["to", "till", "end", "ends"], "until"), (&["since", "start", "starts", "begin"], "from")];
    let open: Vec<&str> = expected.iter().filter(|word| !given.contains(word)).copied().collect();
    let (before, last) = key.rsplit_once('_').map_or(("", key), |(_, last)| (&key[..key.len() - last.len()], last));
    let same = SAME.iter().find(|(others, _)| others.contains(&last)).map(|(_, word)| format!("{before}{word}"));
    let same = same.and_then(|same| open.iter().find(|word| **word == same).copied());
    same.or_else(|| nearest(key, &open))
}

/// The likeliest of the words that were expected.
pub(crate) fn nearest<'a>(found: &str, expected: &[&'a str]) -> Option<&'a str> {
    let likeness = |word: &&&str| strsim::jaro_winkler(&found.to_lowercase(), &word.to_lowercase());
    let best = expected.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(&best) > 0.84).then_some(*best)
}

fn meant(found: &str, expected: &[&str], otherwise: &str) -> String {
    nearest(found, expected).map_or_else(|| otherwise.to_owned(), |word| format!("did you mean {word}?"))
}

/// What stands between backticks.
pub(crate) fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// `string "abc"` is the text "abc".
fn found_in_words(found: &str) -> String {
    let value = quoted(found).next();
    match found.split(' ').next().unwrap_or(found) {
        "string" => format!("the text {}", found.trim_start_matches("string").trim()),
        "integer" | "floating" | "64-bit" | "128-bit" => value.unwrap_or(found).to_owned(),
        "boolean" => value.unwrap_or("true or false").to_owned(),
        "sequence" => "a list".to_owned(),
        "map" | "table" => "a table".to_owned(),
        "unit" => "nothing".to_owned(),
        _ => found.to_owned(),
    }
}

fn expected_in_words(expected: &str) -> String {
    let expected = expected.trim_end_matches('.');
    let words = match expected {
        "f32" | "f64" | "float" | "a float" | "floating point" | "a floating point" => "a number",
        "i8" | "i16" | "i32" | "i64" | "an integer" | "integer" => "a whole number",
        "u8" | "an unsigned 8 bit integer" => "a whole number from 0 to 255",
        "u16" | "an unsigned 16 bit integer" => "a whole number from 0 to 65535",
        "u32" | "u64" | "usize" | "u128" | "an unsigned integer" => "a whole number, 0 or more",
        "an unsigned 32 bit integer" | "an unsigned 64 bit integer" => "a whole number, 0 or more",
        "a nonzero u16" => "a whole number from 1 to 65535",
        "a nonzero u32" | "a nonzero u64" | "a nonzero usize" => "a whole number, 1 or more",
        "bool" | "a boolean" | "boolean" => "true or false",
        "a string" | "string" | "str" | "any string" => "a text in quotation marks",
        "a sequence" | "sequence" | "an array" => "a list in square brackets",
        "a map" | "map" | "a table" => "a table",
        _ if expected.ends_with("integer") && expected.contains("unsigned") => "a whole number, 0 or more",
        _ if expected.ends_with("integer") => "a whole number",
        _ if expected.starts_with("struct ") || expected.contains("tagged enum") => "a table of keys",
        _ => expected,
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_a_person() {
        for (message, expected) in [
            ("invalid type: string \"60%\", expected f64", "is the text \"60%\"; a number was expected"),
            ("invalid type: integer `5`, expected a string", "is 5; a text in quotation marks was expected"),
            ("invalid value: integer `-3`, expected u64", "is -3; a whole number, 0 or more was expected"),
            (
                "invalid value: integer `-3`, expected an unsigned 64 bit or less integer",
                "is -3; a whole number, 0 or more was expected",
            ),
            ("invalid value: integer `9`, expected a signed 8 bit or less integer", "is 9; a whole number was expected"),
            ("invalid type: map, expected a sequence", "is a table; a list in square brackets was expected"),
            ("unknown variant `hihg`, expected one of `high`, `low`", "is \"hihg\"; one of high, low was expected"),
        ] {
            assert_eq!(in_words(message, None).0, expected);
        }
        assert_eq!(in_words("unknown variant `hihg`, expected one of `high`, `low`", None).1, "did you mean high?");
    }

    #[test]
    fn misspelt_keys_suggest_the_right_one() {
        let (problem, remedy) = unknown_key("titel", &["id", "title"], &["id"]);
        assert_eq!(problem, "is not a known key here; one of id, title was expected");
        assert_eq!(remedy, "did you mean title?");
        let days = ["effective_from", "effective_until"];
        assert_eq!(nearest_key("effective_to", &days, &["effective_from"]), Some("effective_until"));
        assert_eq!(nearest_key("effective_to", &days, &[]), Some("effective_until"));
        assert_eq!(nearest_key("to", &["from", "until"], &[]), Some("until"));
        assert_eq!(nearest_key("effective_form", &days, &["effective_until"]), Some("effective_from"));
    }
}

//! Names of people, as they stand in lists: told by their form and by common given names.

use super::given_names::GIVEN;

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameForm {
    /// `SMITH, Jane (Mrs)`, `Mrs J Smith`.
    Formal,
    /// `Jane Smith`.
    Plain,
}

/// Doctors are left out: practices are called after them.
const TITLES: [&str; 5] = ["mr", "mrs", "ms", "miss", "master"];

/// Words of the name of a place, a service or an office, and not of a person.
const OF_PLACES: [&str; 50] = [
    "academy", "amu", "avenue", "bay", "borough", "care", "centre", "city", "clinic", "close", "college", "council", "county",
    "court", "day", "district", "drive", "gardens", "group", "health", "hill", "home", "hospice", "hospital", "house", "hub",
    "icu", "itu", "lane", "lodge", "park", "place", "practice", "primary", "project", "rehab", "road", "royal", "school",
    "service", "services", "street", "suite", "surgery", "team", "theatre", "trust", "unit", "ward", "wing",
];

/// Given names that are words, months, towns or countries as well.
const WORDS_TOO: [&str; 42] = [
    "alexandra",
    "amber",
    "ava",
    "beverley",
    "carol",
    "daisy",
    "dale",
    "dawn",
    "dean",
    "faith",
    "florence",
    "frank",
    "georgia",
    "grace",
    "guy",
    "hazel",
    "heather",
    "holly",
    "hope",
    "jack",
    "jasmine",
    "jordan",
    "joy",
    "june",
    "kimberley",
    "lee",
    "lewis",
    "lily",
    "mark",
    "mason",
    "max",
    "pat",
    "poppy",
    "robin",
    "rosemary",
    "ross",
    "ruby",
    "stanley",
    "stella",
    "victor",
    "victoria",
    "violet",
];

/// How a text that is the name of a person is written; none for any other text.
pub(super) fn kind(text: &str) -> Option<NameForm> {
    let text = text.trim();
    if text.split(|c: char| !c.is_alphanumeric()).any(is_of_place) {
        return None;
    }
    if let Some((surname, rest)) = text.split_once(',') {
        let given = rest.split('(').next().unwrap_or_default();
        let first = given.split_whitespace().next()?;
        let is_given = is_given(first) || is_initial(first) || is_title(first) || rest.contains('(');
        let formal = is_surname(surname) && is_given && given.split_whitespace().all(is_word);
        return (formal && (is_in_capitals(surname) || is_title(first))).then_some(NameForm::Formal);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let first = words.first()?;
    if !(2..=4).contains(&words.len()) || !words[1..].iter().all(|word| is_word(word)) {
        return None;
    }
    if is_title(first) {
        return Some(NameForm::Formal);
    }
    // `Alex CDU`: a place's letters after a name that is not in capitals.
    let is_code = |word: &&str| word.chars().count() > 1 && is_in_capitals(word);
    (is_given(first) && (is_in_capitals(first) || !words[1..].iter().any(is_code))).then_some(NameForm::Plain)
}

/// A part of a name by itself, as it stands under `Surname`.
pub(super) fn is_part(text: &str) -> bool {
    is_surname(text) && text.chars().count() > 1
}

/// True of a common given name.
pub(super) fn is_given(word: &str) -> bool {
    GIVEN.binary_search(&word.trim_end_matches('.').to_lowercase().as_str()).is_ok()
}

pub(super) fn is_title(word: &str) -> bool {
    TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str())
}

fn is_initial(word: &str) -> bool {
    word.trim_end_matches('.').chars().count() == 1 && word.starts_with(char::is_uppercase)
}

fn is_surname(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    (1..=3).contains(&words.len()) && words.iter().all(|word| is_word(word)) && !words.iter().any(|word| is_of_place(word))
}

fn is_in_capitals(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() > 1 && !text.chars().any(char::is_lowercase)
}

/// True of a word of the name of a place, a service or an office.
pub(super) fn is_of_place(word: &str) -> bool {
    OF_PLACES.binary_search(&word.to_lowercase().as_str()).is_ok()
}

/// True of a given name, in small letters, that is also a word, a month, a town or a country: by itself it says nothing of a person.
pub(super) fn is_common_word(word: &str) -> bool {
    WORDS_TOO.binary_search(&word).is_ok()
}

/// A word of a name, `O'Model`, `Sample-Jones`, `K.`: letters, the first a capital.
pub(super) fn is_word(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '\u{2019}' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_recognised_by_form() {
        for (text, expected) in [
            ("SPECIMEN, Jane", Some(NameForm::Formal)),
            ("SAMPLE, R (Mr)", Some(NameForm::Formal)),
            ("Sample, Mrs Ann", Some(NameForm::Formal)),
            ("Mrs A Sample", Some(NameForm::Formal)),
            ("Grace O'Model", Some(NameForm::Plain)),
            ("JANE SAMPLE", Some(NameForm::Plain)),
            ("BRISTOL, City of", None),
            ("DURHAM, County", None),
            ("Kingston upon Hull, City of", None),
            ("Edith Ward", None),
            ("Alex AMU", None),
            ("Alex CDU", None),
            ("Charlotte on C33", None),
            ("Victoria Hospital", None),
            ("Smoking at delivery", None),
            ("Newark and Sherwood", None),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
    }

    #[test]
    fn the_lists_are_in_order() {
        assert!(GIVEN.is_sorted() && OF_PLACES.is_sorted() && WORDS_TOO.is_sorted());
    }
}

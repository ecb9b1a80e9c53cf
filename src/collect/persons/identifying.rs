//! Whether a story or a quotation, as people tell it, says who somebody is.

use super::names::{self, is_common_word, is_given, is_of_place, is_title, is_word};
use super::text::personal;

/// Titles that stand before a surname beside those of lists: in a story a doctor or a nurse is a person.
const OTHER_TITLES: [&str; 9] = ["dame", "doctor", "dr", "lady", "mx", "prof", "professor", "rev", "sir"];

/// Who is told of, before a name: `my son James`.
const RELATIONS: [&str; 36] = [
    "aunt",
    "baby",
    "boy",
    "brother",
    "carer",
    "colleague",
    "dad",
    "daughter",
    "father",
    "friend",
    "girl",
    "grandad",
    "granddaughter",
    "grandfather",
    "grandma",
    "grandmother",
    "grandson",
    "granny",
    "husband",
    "mother",
    "mum",
    "nan",
    "neighbour",
    "nephew",
    "niece",
    "nurse",
    "partner",
    "patient",
    "sister",
    "son",
    "stepdaughter",
    "stepson",
    "twin",
    "uncle",
    "wife",
    "worker",
];

/// Between them and the name.
const BETWEEN: [&str; 4] = ["called", "is", "named", "was"];

const WHOSE: [&str; 5] = ["her", "his", "my", "our", "their"];

/// Before a name that is a saint's, a queen's or a hospital's.
const BEFORE_OTHER_NAMES: [&str; 8] = ["king", "prince", "princess", "queen", "royal", "saint", "ss", "st"];

/// Capitals that are no names.
const DAYS_AND_MONTHS: [&str; 19] = [
    "april",
    "august",
    "december",
    "february",
    "friday",
    "january",
    "july",
    "june",
    "march",
    "may",
    "monday",
    "november",
    "october",
    "saturday",
    "september",
    "sunday",
    "thursday",
    "tuesday",
    "wednesday",
];

/// What in a text says who somebody is, in words without the text itself; none where nothing seems to. Texts that are to hold
/// a name, such as who did something, are asked [`identifier`].
pub fn identifying(text: &str) -> Option<&'static str> {
    identifier(text).or_else(|| names_somebody(text).then_some("a person's name"))
}

/// A number or an address by which a person is found.
pub fn identifier(text: &str) -> Option<&'static str> {
    personal(text)
        .or_else(|| has_email(text).then_some("an e-mail address"))
        .or_else(|| has_telephone(text).then_some("a telephone number"))
        .or_else(|| has_postcode(text).then_some("a postcode"))
}

fn has_email(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '%');
    text.match_indices('@').any(|(at, _)| {
        let domain: String = text[at + 1..].chars().take_while(|c| is_part(*c)).collect();
        text[..at].ends_with(is_part) && domain.trim_end_matches('.').contains('.')
    })
}

/// `0115 496 0123`, `+44 (0)115 496 0123`: as many digits as numbers in the United Kingdom have, begun as they are.
fn has_telephone(text: &str) -> bool {
    let is_between = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '-' | '\u{2010}'..='\u{2013}');
    let runs = text.split(|c: char| !c.is_ascii_digit() && c != '+' && !is_between(c));
    runs.into_iter().any(|run| {
        // Another number may stand before it.
        let starts = run.char_indices().filter(|(at, _)| !run[..*at].ends_with(|c: char| c.is_ascii_digit() || c == '+'));
        let digits = starts.map(|(at, _)| run[at..].chars().filter(|c| !is_between(*c)).collect::<String>());
        digits.into_iter().any(|digits| {
            let is_abroad = digits.starts_with("+44") || digits.starts_with("0044");
            let is_home = digits.starts_with('0') && !digits.starts_with("00");
            digits.len() >= if is_abroad { 12 } else { 10 } && (is_abroad || is_home)
        })
    })
}

/// `NG1 5DT`, `ng15dt`.
fn has_postcode(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_one_case = |word: &str| !word.chars().any(char::is_lowercase) || !word.chars().any(char::is_uppercase);
    let is_inward = |word: &str| {
        let mut characters = word.chars();
        let is_ordinal = ["st", "nd", "rd", "th"].iter().any(|end| word.ends_with(end));
        word.len() == 3
            && characters.next().is_some_and(|c| c.is_ascii_digit())
            && characters.all(|c| c.is_ascii_alphabetic())
            && !is_ordinal
    };
    let is_outward = |word: &str| {
        let letters = word.chars().take_while(char::is_ascii_alphabetic).count();
        (2..=4).contains(&word.len())
            && (1..=2).contains(&letters)
            && word[letters..].starts_with(|c: char| c.is_ascii_digit())
            && word[letters + 1..].chars().count() <= 1
    };
    let is_whole = |word: &str| {
        let at = word.len().saturating_sub(3);
        is_one_case(word) && is_inward(&word[at..]) && is_outward(&word[..at])
    };
    words.iter().any(|word| is_whole(word))
        || words.windows(2).any(|pair| is_one_case(pair[0]) && is_one_case(pair[1]) && is_outward(pair[0]) && is_inward(pair[1]))
}

/// A word of a text, with what stands around it.
struct Word<'a> {
    bare: &'a str,
    lower: String,
    /// It begins a sentence.
    is_first: bool,
    /// A comma or another sign stands after it.
    is_last_of_part: bool,
}

impl Word<'_> {
    /// `James`, and no `GP`, `I` or `NHS`.
    fn is_name_like(&self) -> bool {
        let mut characters = self.bare.chars();
        let is_capital = characters.next().is_some_and(char::is_uppercase);
        let rest = characters.next().is_some_and(char::is_lowercase);
        is_capital && rest && is_word(self.bare) && !DAYS_AND_MONTHS.contains(&self.lower.as_str())
    }
}

fn words_of(text: &str) -> Vec<Word<'_>> {
    let mut is_first = true;
    let mut words = Vec::new();
    for written in text.split_whitespace() {
        let bare = written.trim_matches(|c: char| !c.is_alphanumeric());
        let bare = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("\u{2019}s")).unwrap_or(bare);
        let end = written.trim_end_matches(['"', '\'', ')', '\u{2019}', '\u{201d}']);
        if !bare.is_empty() {
            let is_last_of_part = end.ends_with([',', ';', ':', '.', '!', '?']);
            words.push(Word { bare, lower: bare.to_lowercase(), is_first, is_last_of_part });
        }
        let is_short_form = is_title(bare) || OTHER_TITLES.contains(&bare.to_lowercase().as_str());
        is_first = end.ends_with(['.', '!', '?']) && !is_short_form;
    }
    words
}

/// `Mrs Sample`, `Dr Test`, `my son James`, `James Sample`, `thanks to James`.
fn names_somebody(text: &str) -> bool {
    let words = words_of(text);
    (0..words.len()).any(|at| has_title(&words, at) || is_related(&words, at) || is_full_name(&words, at) || is_name(&words, at))
}

fn has_title(words: &[Word<'_>], at: usize) -> bool {
    let word = &words[at];
    let is_title = is_title(&word.lower) || OTHER_TITLES.contains(&word.lower.as_str());
    let next = words.get(at + 1);
    // `I miss Nottingham`: without a capital it is a word like any other.
    let is_written_so = word.bare.starts_with(char::is_uppercase) || ["mr", "mrs", "ms", "dr"].contains(&word.lower.as_str());
    is_title && is_written_so && next.is_some_and(|next| next.is_name_like() && !is_of_place(next.bare))
}

fn is_related(words: &[Word<'_>], at: usize) -> bool {
    if !RELATIONS.contains(&words[at].lower.as_str()) {
        return false;
    }
    let is_somebodys = at > 0 && WHOSE.contains(&words[at - 1].lower.as_str());
    let between = words[at + 1..].iter().take_while(|next| BETWEEN.contains(&next.lower.as_str())).count();
    let name = at + 1 + between;
    let Some(next) = words.get(name).filter(|next| next.is_name_like() && !next.is_first && !is_around_place(words, name)) else {
        return false;
    };
    // After a comma, or of nobody in particular, only what is a name elsewhere too.
    is_given(next.bare) || (is_somebodys && !words[at].is_last_of_part && !is_common_word(&next.lower))
}

fn is_full_name(words: &[Word<'_>], at: usize) -> bool {
    let Some(next) = words.get(at + 1).filter(|_| !words[at].is_last_of_part) else { return false };
    let both = words[at].is_name_like() && next.is_name_like() && !is_around_place(words, at);
    both && names::kind(&format!("{} {}", words[at].bare, next.bare)).is_some()
        && !(words[at].is_first && is_common_word(&words[at].lower))
}

/// A given name by itself.
fn is_name(words: &[Word<'_>], at: usize) -> bool {
    words[at].is_name_like() && is_given(words[at].bare) && !is_common_word(&words[at].lower) && !is_around_place(words, at)
}

/// Whether the words in capitals around one name a place or a service: `St Mary's`, `Royal Victoria Infirmary`, `Martin Road`.
fn is_around_place(words: &[Word<'_>], at: usize) -> bool {
    let is_capital = |word: &&Word<'_>| word.bare.starts_with(char::is_uppercase);
    let before = words[..at].iter().rev().take_while(is_capital);
    let after = words[at + 1..].iter().take_while(is_capital);
    let is_other = |word: &Word<'_>| BEFORE_OTHER_NAMES.contains(&word.lower.as_str());
    words[..at].last().is_some_and(is_other) || before.chain(after).any(|word| is_of_place(word.bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stories_that_say_who_somebody_is_are_told() {
        for (text, what) in [
            ("Her NHS number is 999 000 0026", "an NHS number"),
            ("I was born on 3 April 1961 and wait still", "a date of birth"),
            ("Write to ann@example.org.", "an e-mail address"),
            ("Ring me on 0115 496 0123", "a telephone number"),
            ("ring +44 (0)115 496 0123", "a telephone number"),
            ("ring 07700-900123 after six", "a telephone number"),
            ("I live in NG1 5DT", "a postcode"),
            ("at ng15dt", "a postcode"),
            ("Dr Test was kind", "a person's name"),
            ("I saw Mrs. Sample twice", "a person's name"),
            ("my son Zebedee waits", "a person's name"),
            ("My mum is called Oonagh and waits", "a person's name"),
            ("my daughter, Amina, waits", "a person's name"),
            ("Ravi and James Sample came", "a person's name"),
            ("Thanks to Sarah's help", "a person's name"),
            ("Sarah helped me", "a person's name"),
            ("the nurse Sarah helped", "a person's name"),
        ] {
            assert_eq!(identifying(text), Some(what), "{text}");
        }
    }

    #[test]
    fn stories_about_places_services_and_times_are_not() {
        for text in [
            "",
            "My son waited for 18 weeks. Dentists in Mansfield take nobody on.",
            "My mum, Nottingham City Hospital said, would wait until Monday",
            "We saw our partner NHS trust in May 2026",
            "People in Kimberley and Beverley ring the practice at 8",
            "St Mary's Hospital, Queen Elizabeth Park and Royal Victoria Infirmary",
            "Will you mark it? Mark it, then. Hope is there; Faith groups helped. Grace matters.",
            "I miss Nottingham; the doctor Nottingham had was good",
            "From 1 May 2026 to 15 July 2026, 42 of 120 said so, up from 0.35",
            "The GP rang back in 10 days; A1 2nd floor; ward B2 3rd bay",
            "In 2026 0 of 1234567890 came",
            "My friend. James Street was shut",
            "Reply @ the desk",
        ] {
            assert_eq!(identifying(text), None, "{text}");
        }
    }
}

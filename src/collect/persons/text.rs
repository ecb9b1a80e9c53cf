//! Whether a comment says who somebody is.

use super::names;
use super::numbers::is_nhs_number;

/// What stands on a page in place of a comment that is withheld.
pub const WITHHELD: &str = "(This comment is withheld: it seems to hold personal data.)";

/// A partner's own words, without what stands in place of those that are withheld.
pub fn without_withheld(text: &str) -> String {
    text.replace(WITHHELD, "").trim().to_owned()
}

/// How many characters after `born` its day is looked for.
const NEAR: usize = 25;

/// What in a free text is personal data, in words without the text itself; none where nothing seems to be.
pub fn personal(text: &str) -> Option<&'static str> {
    if has_nhs_number(text) {
        return Some("an NHS number");
    }
    if has_birth_date(text) {
        return Some("a date of birth");
    }
    names_a_patient(text).then_some("a patient's name")
}

/// Ten digits that pass the check, in one piece or grouped with spaces, dashes or dots. With the letters `NHS` before them they
/// need not pass it.
fn has_nhs_number(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < characters.len() {
        if !characters[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let (digits, end) = run(&characters, at);
        let before: String = characters[at.saturating_sub(16)..at].iter().collect();
        let is_money = before.trim_end().ends_with(['\u{a3}', '$', '\u{20ac}']);
        // `+44 (0)1633 456935`
        let is_telephone = before.trim_end().ends_with("(0)");
        let is_said = before.to_lowercase().contains("nhs");
        if digits.len() == 10 && !is_money && !is_telephone && (is_said || is_nhs_number(&digits)) {
            return true;
        }
        at = end;
    }
    false
}

/// The digits that begin at `start`, single signs between them passed over, and where they end.
fn run(characters: &[char], start: usize) -> (String, usize) {
    let mut digits = String::new();
    let mut at = start;
    while let Some(c) = characters.get(at) {
        let is_between = |c: &char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2013}');
        let goes_on = characters.get(at + 1).is_some_and(char::is_ascii_digit);
        match c {
            c if c.is_ascii_digit() => digits.push(*c),
            c if is_between(c) && goes_on => {}
            _ => break,
        }
        at += 1;
    }
    (digits, at)
}

/// `DOB 3/4/1961`, `born on 3 April 1961`.
fn has_birth_date(text: &str) -> bool {
    let lower = text.to_lowercase().replace("d.o.b.", "dob").replace("d.o.b", "dob");
    ["dob", "date of birth", "birth date", "birthdate", "born", "birthday"].iter().any(|said| {
        lower.match_indices(said).any(|(at, _)| {
            let is_word = !lower[..at].ends_with(char::is_alphanumeric);
            let near: String = lower[at + said.len()..].chars().take(NEAR).collect();
            is_word && !near.starts_with(char::is_alphabetic) && holds_day(&near)
        })
    })
}

/// True of a text that is a day of the calendar with its year.
pub(super) fn is_day(text: &str) -> bool {
    text.chars().count() <= NEAR && holds_day(&text.to_lowercase())
}

/// A day, a month and a year that follow each other, in any order and with any signs between them.
fn holds_day(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(3).any(|window| {
        let [first, middle, last] = [window[0], window[1], window[2]];
        let number = |word: &str| {
            let digits = word.trim_end_matches(char::is_alphabetic);
            if digits.len() <= 4 { digits.parse::<u32>().ok() } else { None }
        };
        let is_day = |word: &str| number(word).is_some_and(|n| (1..=31).contains(&n));
        let is_month = |word: &str| MONTHS.iter().any(|month| word.starts_with(month)) || is_day(word);
        let is_year = |word: &str| word.len() == 4 && number(word).is_some_and(|n| (1900..2100).contains(&n)) || word.len() == 2;
        is_day(first) && is_month(middle) && is_year(last) && number(last).is_some()
            || is_year(first) && first.len() == 4 && is_month(middle) && is_day(last)
            || is_month(first) && number(first).is_none() && is_day(middle) && is_year(last) && last.len() == 4
    })
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// `Patient Ann Sample`, `the client is called Mr Ravi Test`; the name of a member of staff is none.
fn names_a_patient(text: &str) -> bool {
    const PATIENTS: [&str; 10] = ["patient", "pt", "client", "resident", "user", "child", "pupil", "baby", "mother", "mum"];
    const BETWEEN: [&str; 6] = ["is", "was", "called", "named", "name", "of"];
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    words.iter().enumerate().any(|(at, word)| {
        if !PATIENTS.contains(&word.to_lowercase().as_str()) {
            return false;
        }
        let mut rest = words[at + 1..].iter().skip_while(|word| BETWEEN.contains(&word.to_lowercase().as_str()));
        let (Some(first), Some(second)) = (rest.next(), rest.next()) else { return false };
        names::kind(&format!("{first} {second}")).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_that_say_who_somebody_is_are_told() {
        for (text, what) in [
            ("Checked by Ann Sample DOB 3/4/1961 NHS 999 000 0026", "an NHS number"),
            ("see 9990000034", "an NHS number"),
            ("see 999-000-0042, twice", "an NHS number"),
            ("NHS no 999 000 0027 (mistyped)", "an NHS number"),
            ("d.o.b. 03.04.61", "a date of birth"),
            ("Mr Test, born on 3 April 1961", "a date of birth"),
            ("date of birth: 1961-04-03", "a date of birth"),
            ("Patient Ann Sample waited 12 hours", "a patient's name"),
            ("the resident is called Mrs Test", "a patient's name"),
        ] {
            assert_eq!(personal(text), Some(what), "{text}");
        }
    }

    #[test]
    fn comments_about_figures_and_staff_are_not() {
        for text in [
            "",
            "Checked by Ann Sample, Head of Performance, on 3 April 2026",
            "Ring 0115 496 0123 for details",
            "Deaths team, telephone: +44 (0)1633 456935",
            "\u{a3}9990000026 over the year",
            "45 of 60 patients; 1,234,567,890 contacts",
            "Babies born in 2026: 3,120",
            "Born in Bradford data to 3 April 2026 are excluded",
            "Patient Safety Lead Ann Sample has left",
            "NHS England changed the definition on 1 April 2026",
            "NHS 111 calls rose from 12500 to 13000",
            "Quarter 2: 999 of 1000",
        ] {
            assert_eq!(personal(text), None, "{text}");
        }
    }
}

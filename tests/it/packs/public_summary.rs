//! What the public reads: two pages in plain words.

use super::alternatives::assert_short;
use crate::support::demonstration::PACKS;
use boardpack::run::RenderedPack;

fn summary() -> &'static RenderedPack {
    PACKS.iter().find(|pack| pack.stem.starts_with("public-summary")).expect("a summary")
}

/// The words of one kind of element, each element by itself.
fn texts(html: &str, tag: &str) -> Vec<String> {
    let opening = format!("<{tag}");
    let elements = html.split(&opening).skip(1).filter(|rest| rest.starts_with([' ', '>']));
    elements
        .filter_map(|rest| rest.split_once('>')?.1.split(&format!("</{tag}>")).next())
        .map(|inner| {
            let plain: String = inner.split('<').map(|part| part.split_once('>').map_or(part, |(_, words)| words)).collect();
            plain.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect()
}

/// Vowels next to each other are one syllable, and a silent e at the end is none.
fn syllables(word: &str) -> usize {
    let word = word.to_lowercase();
    let is_vowel = |c: char| "aeiouy".contains(c);
    let groups = word.chars().fold((0, false), |(count, was), c| (count + usize::from(is_vowel(c) && !was), is_vowel(c))).0;
    let silent = word.ends_with('e') && !word.ends_with("le") && groups > 1;
    (groups - usize::from(silent)).max(1)
}

/// The grade of Flesch and Kincaid (1975): a school year of the United States, whose pupils are five years older.
fn grade(texts: &[String]) -> f64 {
    let sentences: usize =
        texts.iter().map(|text| text.split_inclusive(['.', '?', '!']).filter(|one| one.contains(' ')).count()).sum();
    let words: Vec<&str> = texts
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’'))
        .filter(|word| !word.is_empty())
        .collect();
    let spoken: usize = words.iter().map(|word| syllables(word)).sum();
    0.39 * words.len() as f64 / sentences as f64 + 11.8 * spoken as f64 / words.len() as f64 - 15.59
}

#[test]
fn the_measure_of_reading_ease_tells_easy_from_hard() {
    let of = |text: &str| grade(&[text.to_owned()]);
    assert!(of("The cat sat on the mat. It was warm in the sun.") < 3.0);
    let hard =
        "Directly standardised rates of preventable premature mortality demonstrate statistically significant deterioration.";
    assert!(of(hard) > 15.0);
}

#[test]
fn a_twelve_year_old_can_read_it_on_two_pages() {
    let summary = summary();
    assert_eq!(summary.rendered.pages, 2, "{:?}", summary.rendered.warnings);
    let main = summary.rendered.html.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
    // The names of the partnership's organisations and of the licence are not ours to choose.
    let mut texts = [texts(main, "p"), texts(main, "li")].concat();
    texts.retain(|text| !text.starts_with("Contains public sector information") && !text.starts_with("Illustrative figures"));
    assert!(texts.len() > 15, "{texts:#?}");
    let grade = grade(&texts);
    assert!(grade <= 7.0, "grade {grade:.1}: {texts:#?}");
    for jargon in ["significant", "95%", "limits", "comparator", "trajectory", "per 100,000", "prevalence", "indicator"] {
        assert!(texts.iter().all(|text| !text.contains(jargon)), "{jargon}: {texts:#?}");
    }
}

#[test]
fn a_status_promises_nothing_of_the_future() {
    // A goal may be on track with a small chance of being met: statuses are of the line to the target, and chances stand beside.
    let items = texts(&summary().rendered.html, "li");
    let of = |status: &str| items.iter().find(|item| item.starts_with(status)).unwrap_or_else(|| panic!("{status}: {items:#?}"));
    for status in ["Achieved:", "On track:", "At risk:", "Off track:"] {
        assert!(["will", "should get", "in time"].iter().all(|promise| !of(status).contains(promise)), "{}", of(status));
    }
    let said = texts(&summary().rendered.html, "p").join(" ");
    assert!(said.contains("A goal that is on track may still be missed"), "{said}");
}

#[test]
fn its_figures_are_those_of_the_pack() {
    let html = &summary().rendered.html;
    let items = texts(html, "li").join("\n");
    let told = items.matches(" We want ").count();
    assert!(told >= 1 && items.contains(" of 100") || items.contains("Of 100 "), "{items}");
    assert!(assert_short(&summary().stem, &summary().rendered) >= 2);
    assert!(html.contains("How many of 100") && html.contains("How to be heard"));
}

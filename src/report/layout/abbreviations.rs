//! Short forms are said in full where a section first uses them.

use super::references::texts;
use crate::report::model::{Document, Inline, Run};

/// Gives the first use of each short form in a section what it stands for. Words within links are left: a link says
/// where it leads.
pub fn expand(document: &mut Document) {
    let mut known = document.abbreviations.clone();
    // The longest first: `NHS England` is not `NHS` and a word.
    known.sort_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then(a.cmp(b)));
    known.retain(|(short, full)| !short.is_empty() && !full.is_empty());
    for section in &mut document.sections {
        let mut due: Vec<&(String, String)> = known.iter().collect();
        for text in section.blocks.iter_mut().flat_map(texts) {
            if due.is_empty() {
                break;
            }
            expand_in(text, &mut due);
        }
    }
}

fn expand_in(text: &mut Vec<Run>, due: &mut Vec<&(String, String)>) {
    let mut i = 0;
    while i < text.len() {
        let run = &text[i];
        if let (Inline::Text(words), None, None) = (&run.inline, &run.link, &run.expansion)
            && let Some((at, place)) = first_use(words, due)
        {
            let (short, full) = due.remove(place);
            let part = |words: &str| Run { inline: Inline::Text(words.to_owned()), ..run.clone() };
            let parts =
                [part(&words[..at]), Run { expansion: Some(full.clone()), ..part(short) }, part(&words[at + short.len()..])];
            let parts: Vec<Run> =
                parts.into_iter().filter(|run| !matches!(&run.inline, Inline::Text(words) if words.is_empty())).collect();
            // What is before it and what is after it are looked at again, for other short forms.
            text.splice(i..=i, parts);
        } else {
            i += 1;
        }
    }
}

/// Where one of the short forms stands as a whole word, and which: the earliest in the words.
fn first_use(words: &str, due: &[&(String, String)]) -> Option<(usize, usize)> {
    let uses = due.iter().enumerate().filter_map(|(i, (short, _))| Some((whole_word(words, short)?, i)));
    uses.min_by_key(|(at, i)| (*at, *i))
}

fn whole_word(words: &str, short: &str) -> Option<usize> {
    words.match_indices(short).map(|(at, _)| at).find(|at| {
        let before = words[..*at].chars().next_back();
        let after = words[at + short.len()..].chars().next();
        !before.into_iter().chain(after).any(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::model::{Block, Paragraph, ParagraphKind, Section, SectionLayout};

    fn section(paragraphs: &[&str]) -> Section {
        let paragraph = |words: &&str| {
            Block::Paragraph(Paragraph {
                kind: ParagraphKind::Body,
                runs: vec![Run::text(*words)],
                keep_next: false,
                illustrative: false,
            })
        };
        let blocks = paragraphs.iter().map(paragraph).collect();
        Section { place: "a.md".into(), layout: SectionLayout::NewPage, landscape: false, blocks }
    }

    fn expanded(sections: Vec<Section>) -> Vec<(String, String)> {
        let abbreviations = [("NHS", "National Health Service"), ("NHS England", "the national body"), ("CO₂e", "carbon")];
        let mut document = Document {
            title: String::new(),
            author: String::new(),
            subject: String::new(),
            head: Default::default(),
            foot: String::new(),
            abbreviations: abbreviations.map(|(short, full)| (short.into(), full.into())).to_vec(),
            marks: Vec::new(),
            sections,
        };
        expand(&mut document);
        let runs = document.sections.iter_mut().flat_map(|section| &mut section.blocks).flat_map(texts).flatten();
        runs.filter_map(|run| match (&run.inline, &run.expansion) {
            (Inline::Text(words), Some(full)) => Some((words.clone(), full.clone())),
            _ => None,
        })
        .collect()
    }

    fn pair(short: &str, full: &str) -> (String, String) {
        (short.into(), full.into())
    }

    #[test]
    fn the_first_use_in_each_section_is_said_in_full() {
        let found = expanded(vec![section(&["The NHS and the NHS", "NHS again"]), section(&["(NHS) here"])]);
        assert_eq!(found, [pair("NHS", "National Health Service"), pair("NHS", "National Health Service")]);
    }

    #[test]
    fn a_short_form_within_a_word_is_not_one_and_the_longest_is_meant() {
        let found = expanded(vec![section(&["NHSX, tCO₂e; CO₂e by NHS England"])]);
        assert_eq!(found, [pair("CO₂e", "carbon"), pair("NHS England", "the national body")]);
    }
}

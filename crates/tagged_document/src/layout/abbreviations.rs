//! Short forms are said in full where a section first uses them.

use super::references::texts;
use crate::model::{Block, Document, Inline, Row, Run, Section, plain_text};

/// Gives the first use of each short form in a section what it stands for. Words within links are left: a link says
/// where it leads.
pub fn expand(document: &mut Document) {
    let mut known = document.abbreviations.clone();
    // The longest first: `WHO Europe` is not `WHO` and a word.
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

/// Leaves in lists of short forms those that the document has elsewhere.
pub fn list_used(sections: &mut [Section], known: &[(String, String)]) {
    let entry = |row: &Row| match &row.cells[..] {
        [short, full] => known.iter().find(|(s, f)| *s == plain_text(&short.runs) && *f == plain_text(&full.runs)),
        _ => None,
    };
    let is_list = |block: &Block| matches!(block, Block::Table(table) if table.rows.iter().any(|row| entry(row).is_some()));
    let blocks = sections.iter_mut().flat_map(|section| &mut section.blocks);
    let words: Vec<String> = blocks.filter(|block| !is_list(block)).flat_map(texts).map(|runs| plain_text(runs)).collect();
    let is_used = |short: &str| words.iter().any(|words| whole_word(words, short).is_some());
    for section in sections {
        section.blocks.retain_mut(|block| {
            if !is_list(block) {
                return true;
            }
            let Block::Table(table) = block else { return true };
            table.rows.retain(|row| entry(row).is_none_or(|(short, _)| is_used(short)));
            !table.rows.is_empty()
        });
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
    use crate::model::{Cell, Column};
    use crate::model::{Paragraph, ParagraphKind, SectionLayout};
    use crate::specimen::{document, table};

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
        let abbreviations = [("WHO", "World Health Organization"), ("WHO Europe", "its office for Europe"), ("CO₂e", "carbon")];
        let abbreviations = abbreviations.map(|(short, full)| (short.into(), full.into())).to_vec();
        let mut document = Document { abbreviations, ..document(sections) };
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
    fn first_use_in_a_section_is_expanded() {
        let found = expanded(vec![section(&["The WHO and the WHO", "WHO again"]), section(&["(WHO) here"])]);
        assert_eq!(found, [pair("WHO", "World Health Organization"), pair("WHO", "World Health Organization")]);
    }

    #[test]
    fn only_whole_words_are_abbreviations() {
        let found = expanded(vec![section(&["WHOX, tCO₂e; CO₂e by WHO Europe"])]);
        assert_eq!(found, [pair("CO₂e", "carbon"), pair("WHO Europe", "its office for Europe")]);
    }

    #[test]
    fn the_list_has_only_what_is_used() {
        let known = [pair("WHO", "World Health Organization"), pair("MRSA", "a bacterium")];
        let mut sections = [section(&["The WHO and nothing of MRSAs"])];
        let rows = known.iter().map(|(short, full)| vec![Cell::head(vec![Run::text(short)]), Cell::text(full)]);
        sections[0].blocks.push(Block::Table(table("", vec![Column::left(); 2], &["Short", "In full"], rows.collect())));
        list_used(&mut sections, &known);
        let Some(Block::Table(table)) = sections[0].blocks.last() else { panic!() };
        assert_eq!(table.rows.iter().map(|row| plain_text(&row.cells[0].runs)).collect::<Vec<_>>(), ["WHO"]);
    }
}

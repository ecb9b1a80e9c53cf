//! What refers to what: headings and the names they are linked by, links to nothing.

use crate::Problem;
use crate::model::{Block, Document, Inline, Link, List, Run, Section, plain_text};
use std::collections::BTreeSet;

/// A heading as the contents and the bookmarks list it.
#[derive(Debug, Clone)]
pub struct HeadingEntry {
    pub level: u8,
    pub title: String,
    pub anchor: String,
}

/// Every heading of the document with the anchor that names it, its own or one made up.
pub fn name_headings(document: &Document) -> Vec<HeadingEntry> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut headings = Vec::new();
    for heading in document.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
        Block::Heading(heading) => Some(heading),
        _ => None,
    }) {
        // A name used twice belongs to its first heading.
        let anchor =
            heading.anchor.clone().filter(|name| !taken.contains(name)).unwrap_or(format!("heading-{}", headings.len() + 1));
        taken.insert(anchor.clone());
        headings.push(HeadingEntry { level: heading.level, title: plain_text(&heading.runs), anchor });
    }
    headings
}

/// The headings that follow the contents: what a reader has passed is not listed.
pub fn after_contents(document: &Document, headings: &[HeadingEntry]) -> Vec<HeadingEntry> {
    let mut passed = 0;
    for block in document.sections.iter().flat_map(|section| &section.blocks) {
        match block {
            Block::Contents(_) => return headings[passed..].to_vec(),
            Block::Heading(_) => passed += 1,
            _ => {}
        }
    }
    Vec::new()
}

/// Turns links to headings that are not there into plain text, with a warning each.
pub fn unlink_dangling(document: &mut Document, headings: &[HeadingEntry]) -> Vec<Problem> {
    let known: BTreeSet<&str> = headings.iter().map(|heading| heading.anchor.as_str()).collect();
    let mut warnings = BTreeSet::new();
    for Section { place, blocks, .. } in &mut document.sections {
        for run in blocks.iter_mut().flat_map(texts).flatten() {
            unlink(run, &known, place, &mut warnings);
        }
    }
    warnings.into_iter().collect()
}

fn unlink(run: &mut Run, known: &BTreeSet<&str>, place: &str, warnings: &mut BTreeSet<Problem>) {
    let mut lost = |anchor: &str| {
        warnings.insert(Problem::new(place, format!("no heading is named #{anchor}"), "name one, or correct the link"))
    };
    if let Some(Link::Anchor(anchor)) = &run.link
        && !known.contains(anchor.as_str())
    {
        lost(anchor);
        run.link = None;
    }
    match &mut run.inline {
        Inline::PageOf(anchor) if !known.contains(anchor.as_str()) => {
            lost(anchor);
            run.inline = Inline::Text("–".to_owned());
        }
        Inline::Note(note) => note.iter_mut().for_each(|run| unlink(run, known, place, warnings)),
        _ => {}
    }
}

/// The runs of a block, text by text, in the order in which they are read.
pub fn texts(block: &mut Block) -> Vec<&mut Vec<Run>> {
    match block {
        Block::Heading(heading) => vec![&mut heading.runs],
        Block::Paragraph(paragraph) => vec![&mut paragraph.runs],
        Block::List(list) => texts_of_list(list),
        Block::Table(table) => {
            let cells = table.rows.iter_mut().flat_map(|row| &mut row.cells).map(|cell| &mut cell.runs);
            table.head.iter_mut().chain(cells).collect()
        }
        Block::Figure(_) | Block::Cards(_) | Block::Picture(_) | Block::Contents(_) | Block::Rule => Vec::new(),
    }
}

fn texts_of_list(list: &mut List) -> Vec<&mut Vec<Run>> {
    let mut texts = Vec::new();
    for item in &mut list.items {
        texts.push(&mut item.runs);
        texts.extend(item.inner.iter_mut().flat_map(texts_of_list));
    }
    texts
}

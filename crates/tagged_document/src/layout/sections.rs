//! Sections set side by side, on as many threads as there are cores: each is fragments and a tree of its own, which do not depend on
//! the page on which they will stand.

use super::context::LayoutContext;
use super::fonts::Fonts;
use super::fragment::Fragment;
use super::references::HeadingEntry;
use super::text::Shaper;
use crate::Problem;
use crate::canvas::PageFrame;
use crate::cores::largest_first_on_all_cores;
use crate::look::Look;
use crate::model::{Block, Document, Paragraph, ParagraphKind, Run, Section, SectionLayout, plain_text};
use crate::tags::{Role, Tree};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What all sections are set with.
pub struct Around<'a> {
    pub look: &'a Look,
    pub fonts: &'a Fonts,
    /// Every heading of the document, for the contents.
    pub contents: &'a [HeadingEntry],
    /// What footnotes say, by their numbers from 1.
    pub notes: &'a [Vec<Run>],
}

/// A section in fragments.
pub struct SetSection {
    pub steps: Vec<Step>,
    pub tree: Tree,
    pub warnings: Vec<Problem>,
    /// Characters that the fonts lack, with their place.
    pub missing: BTreeSet<(char, String)>,
}

/// What is done with a page, one after the other.
pub enum Step {
    Put(Vec<Fragment>),
    /// Goes on where a cover's title stands, unless that is above what is there.
    ToCoverTitle,
    /// Ends the band of a cover.
    EndBand,
}

/// The sections in the order of the document. `headings` are those of the document in order.
pub fn set_all(document: &Document, headings: Vec<HeadingEntry>, around: &Around<'_>) -> Vec<SetSection> {
    let mut headings = headings.into_iter();
    let is_heading = |block: &&Block| matches!(block, Block::Heading(_));
    let work: Vec<(&Section, Vec<HeadingEntry>)> = document
        .sections
        .iter()
        .map(|section| (section, headings.by_ref().take(section.blocks.iter().filter(is_heading).count()).collect()))
        .collect();
    let shaper = || Shaper::new(around.look, around.fonts);
    largest_first_on_all_cores(
        work,
        |(section, _)| size(section),
        shaper,
        |shaper, (section, headings)| set(section, &headings, around, shaper),
    )
}

/// How long setting a section takes beside others: by its texts.
fn size(section: &Section) -> usize {
    let of_block = |block: &Block| match block {
        Block::Table(table) => table.head.len() + table.rows.iter().map(|row| row.cells.len()).sum::<usize>(),
        Block::List(list) => list.items.len(),
        _ => 1,
    };
    section.blocks.iter().map(of_block).sum()
}

fn set<'a>(section: &Section, headings: &[HeadingEntry], around: &Around<'a>, shaper: &mut Shaper<'a>) -> SetSection {
    let mut tree = Tree::default();
    shaper.set_place(&section.place);
    let node = tree.add(Tree::ROOT, Role::Sect);
    let frame = PageFrame::of(around.look.page, section.landscape);
    let cover = section.layout == SectionLayout::Cover;
    let mut context = LayoutContext {
        shaper: &mut *shaper,
        look: around.look,
        tree: &mut tree,
        section: node,
        width: frame.width(),
        height: frame.height(),
        place: Arc::from(section.place.as_str()),
        on_band: cover,
        headings: around.contents,
        notes: around.notes,
        called: Vec::new(),
        warnings: Vec::new(),
    };
    let (mut steps, mut fragments) = (Vec::new(), Vec::new());
    let mut headings = headings.iter().cloned();
    if cover && !matches!(section.blocks.first(), Some(Block::Picture(_))) {
        steps.push(Step::ToCoverTitle);
    }
    for (i, block) in section.blocks.iter().enumerate() {
        if context.on_band && matches!(block, Block::Rule) {
            steps.extend([Step::Put(std::mem::take(&mut fragments)), Step::EndBand]);
            context.on_band = false;
            continue;
        }
        let here = if matches!(block, Block::Heading(_)) { headings.next() } else { None };
        let mut block_fragments = context.block(block, node, here);
        if leads_on(&section.blocks, i) {
            block_fragments.iter_mut().for_each(|fragment| fragment.keep_next = true);
        }
        // The source of its figures stays with a table's or a chart's end.
        if let (Block::Table(_) | Block::Figure(_), Some(Block::Paragraph(Paragraph { kind: ParagraphKind::Small, .. }))) =
            (block, section.blocks.get(i + 1))
            && let Some(last) = block_fragments.last_mut()
        {
            last.keep_next = true;
        }
        fragments.extend(block_fragments);
        // A logo stands above the title, not with it.
        if cover && i == 0 && matches!(block, Block::Picture(_)) {
            steps.extend([Step::Put(std::mem::take(&mut fragments)), Step::ToCoverTitle]);
        }
    }
    let warnings = std::mem::take(&mut context.warnings);
    steps.push(Step::Put(fragments));
    SetSection { steps, tree, warnings, missing: shaper.take_missing() }
}

/// True where block `i` stays with the next: the first words under a small heading, words that lead to a list, and
/// words that lead to a chart or a table. A chart and the table below it may part, so that pages fill.
fn leads_on(blocks: &[Block], i: usize) -> bool {
    const MOST_WORDS: usize = 3;
    let after_heading = i > 0 && matches!(&blocks[i - 1], Block::Heading(heading) if heading.level >= 3);
    let is_small = |block: &Block| matches!(block, Block::Paragraph(Paragraph { kind: ParagraphKind::Small, .. }));
    let after_figures = i > 0 && matches!(&blocks[i - 1], Block::Table(_) | Block::Figure(_));
    match &blocks[i..] {
        // Notes and sources belong to what they stand below.
        [note, ..] if after_figures && is_small(note) => false,
        [Block::Paragraph(_), Block::Paragraph(_), ..] if after_heading => true,
        // `No data:` and the list it leads to.
        [Block::Paragraph(paragraph), Block::List(_), ..] => plain_text(&paragraph.runs).ends_with(':'),
        [Block::Paragraph(_), rest @ ..] => {
            let words = rest.iter().take_while(|block| matches!(block, Block::Paragraph(_))).count();
            words < MOST_WORDS && matches!(rest.get(words), Some(Block::Figure(_) | Block::Table(_)))
        }
        _ => false,
    }
}

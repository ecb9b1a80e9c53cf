//! A document on pages: its sections set block by block, the cover's band, heads and feet, page numbers.

use super::context::LayoutContext;
use super::flow::{Anchor, Flow};
use super::references::{self, HeadingEntry};
use super::text::{Shaper, Style};
use super::{abbreviations, fonts::Fonts, furniture, notes};
use crate::Problem;
use crate::canvas::{Artifact, Mark, Page, PageFrame};
use crate::look::{Look, PageSize};
use crate::model::{Align, Block, Document, Paragraph, ParagraphKind, SectionLayout, plain_text};
use crate::shapes::Shape;
use crate::tags::{Role, Tree};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The frame of a page, upright or on its side.
fn frame(page: PageSize, landscape: bool) -> PageFrame {
    const POINTS: f32 = 72.0 / 25.4;
    let (width, height) = if landscape { (page.height, page.width) } else { (page.width, page.height) };
    PageFrame {
        page_width: width * POINTS,
        page_height: height * POINTS,
        left: page.margin_side * POINTS,
        top: page.margin_top * POINTS,
        bottom: (height - page.margin_bottom) * POINTS,
    }
}

/// A document on pages.
pub struct LaidOut {
    pub pages: Vec<Page>,
    pub tree: Tree,
    pub anchors: BTreeMap<String, Anchor>,
    pub outline: Vec<HeadingEntry>,
    /// Missing characters, boxes that overflow, references to nothing.
    pub warnings: Vec<Problem>,
}

pub fn lay_out(mut document: Document, look: &Look, fonts: &Fonts) -> LaidOut {
    let mut shaper = Shaper::new(look, fonts);
    let mut tree = Tree::default();
    let mut flow = Flow::new(frame(look.page, false), look.colours.quiet);
    let headings = references::name_headings(&document);
    flow.warnings.extend(references::unlink_dangling(&mut document, &headings));
    let texts = document.sections.iter_mut().flat_map(|section| &mut section.blocks).flat_map(references::texts);
    let notes = notes::take_out(texts, fonts);
    abbreviations::expand(&mut document);
    let contents: Vec<HeadingEntry> = references::after_contents(&document, &headings);
    let mut here = headings.into_iter();
    let mut turned = false;
    for section in &document.sections {
        shaper.set_place(&section.place);
        let node = tree.add(Tree::ROOT, Role::Sect);
        if section.layout != SectionLayout::Continue || section.landscape != turned || flow.pages.is_empty() {
            flow.start_page(frame(look.page, section.landscape), &mut tree);
        }
        turned = section.landscape;
        let frame = flow.frame();
        let cover = section.layout == SectionLayout::Cover;
        let mut context = LayoutContext {
            shaper: &mut shaper,
            look,
            tree: &mut tree,
            section: node,
            width: frame.width(),
            height: frame.height(),
            place: Rc::from(section.place.as_str()),
            on_band: cover,
            headings: &contents,
            notes: &notes,
            called: Vec::new(),
            warnings: Vec::new(),
        };
        let mut fragments = Vec::new();
        if cover && let Some(page) = flow.pages.last_mut() {
            page.cover = true;
            if !matches!(section.blocks.first(), Some(Block::Picture(_))) {
                flow.skip_to(frame.page_height * COVER_TITLE);
            }
        }
        for (i, block) in section.blocks.iter().enumerate() {
            if context.on_band && matches!(block, Block::Rule) {
                flow.put_all(std::mem::take(&mut fragments), context.tree);
                context.on_band = false;
                end_band(&mut flow, frame, look);
                continue;
            }
            let anchor = if matches!(block, Block::Heading(_)) { here.next() } else { None };
            let mut block_fragments = context.block(block, node, anchor);
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
                flow.put_all(std::mem::take(&mut fragments), context.tree);
                flow.skip_to(flow.y().max(frame.page_height * COVER_TITLE));
            }
        }
        flow.warnings.append(&mut context.warnings);
        flow.put_all(fragments, &mut tree);
    }
    flow.end_page(&mut tree);
    let Flow { mut pages, anchors, outline, mut warnings, .. } = flow;
    furniture::furnish(&mut pages, &document, look, &mut shaper);
    number_pages(&mut pages, &anchors, &mut shaper);
    warnings.extend(shaper.warnings());
    LaidOut { pages, tree, anchors, outline, warnings }
}

/// How far down the cover its title stands.
const COVER_TITLE: f32 = 0.2;

/// True where block `i` stays with the next: the first words under a small heading, words that lead to a list, and
/// words that lead to a chart or a table. A chart and the table below it may part, so that pages fill.
fn leads_on(blocks: &[Block], i: usize) -> bool {
    const MOST_WORDS: usize = 3;
    let after_heading = i > 0 && matches!(&blocks[i - 1], Block::Heading(heading) if heading.level >= 3);
    match &blocks[i..] {
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

/// Puts the band behind what the cover's page holds so far.
fn end_band(flow: &mut Flow, frame: PageFrame, look: &Look) {
    let bottom = (flow.y() + 36.0).max(frame.page_height * 0.46);
    if let Some(page) = flow.pages.last_mut() {
        let band = Shape::rectangle(0.0, 0.0, frame.page_width, bottom, look.colours.brand);
        page.marks.insert(0, Mark::artifact(Artifact::Layout, vec![band]));
    }
    flow.skip_to(bottom + 30.0);
}

/// Sets the page numbers that stand in the text, right-aligned in the room that was kept for them.
fn number_pages(pages: &mut [Page], anchors: &BTreeMap<String, Anchor>, shaper: &mut Shaper<'_>) {
    for shape in pages.iter_mut().flat_map(|page| &mut page.marks).flat_map(|mark| &mut mark.shapes) {
        let Shape::Text { at, text } = shape else { continue };
        let Some(anchor) = text.page_of.take() else { continue };
        let number = anchors.get(&anchor).map_or("–".to_owned(), |anchor| (anchor.page + 1).to_string());
        let style = Style { size: text.size, leading: 1.0, bold: text.face % 2 == 1, colour: text.colour, align: Align::Left };
        let set = shaper.label(&number, style);
        at.0 += text.width() - set.width();
        text.glyphs = set.glyphs;
        text.face = set.face;
    }
}

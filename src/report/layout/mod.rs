//! From the document to pages: lines, columns, page breaks, and the tree that says what each mark is.

mod blocks;
mod flow;
mod furniture;
mod signs;
mod table;
pub mod text;

pub use flow::{HeadingHere, OutlineEntry};
pub use furniture::ILLUSTRATIVE;
pub use signs::sign;

use self::blocks::Setting;
use self::flow::Flow;
use self::text::{Fonts, Shaper, Style};
use super::canvas::{Artifact, Mark, Page, Shape};
use super::model::{Align, Block, Document, Inline, Link, Paragraph, ParagraphKind, Run, Section, SectionLayout, plain_text};
use super::tags::{Role, Tree};
use super::theme::Theme;
use crate::fault::Fault;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Points from the top left corner of the page.
#[derive(Debug, Clone, Copy)]
pub struct PageFrame {
    pub page_width: f32,
    pub page_height: f32,
    pub left: f32,
    pub top: f32,
    pub bottom: f32,
}

impl PageFrame {
    fn new(theme: &Theme) -> Self {
        const POINTS: f32 = 72.0 / 25.4;
        let page = theme.page;
        PageFrame {
            page_width: page.width * POINTS,
            page_height: page.height * POINTS,
            left: page.margin_side * POINTS,
            top: page.margin_top * POINTS,
            bottom: (page.height - page.margin_bottom) * POINTS,
        }
    }

    fn width(self) -> f32 {
        self.page_width - 2.0 * self.left
    }

    fn height(self) -> f32 {
        self.bottom - self.top
    }
}

/// Where a heading stands: page from 0, points from the top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anchor {
    pub page: usize,
    pub y: f32,
}

/// A document on pages.
pub struct LaidOut {
    pub frame: PageFrame,
    pub pages: Vec<Page>,
    pub tree: Tree,
    pub anchors: BTreeMap<String, Anchor>,
    pub outline: Vec<OutlineEntry>,
    /// Missing characters, boxes that overflow, references to nothing.
    pub warnings: Vec<Fault>,
}

pub fn lay_out(mut document: Document, theme: &Theme, fonts: &Fonts) -> LaidOut {
    let frame = PageFrame::new(theme);
    let mut shaper = Shaper::new(theme, fonts);
    let mut tree = Tree::default();
    let mut flow = Flow::new(frame);
    let headings = name_headings(&mut document);
    flow.warnings.extend(unlink_dangling(&mut document, &headings));
    let contents: Vec<HeadingHere> = after_contents(&document, &headings);
    let mut here = headings.into_iter();
    for section in &document.sections {
        shaper.set_place(&section.place);
        let node = tree.add(Tree::ROOT, Role::Sect);
        if section.layout != SectionLayout::Continue || flow.pages.is_empty() {
            flow.new_page();
        }
        let cover = section.layout == SectionLayout::Cover;
        let mut setting = Setting {
            shaper: &mut shaper,
            theme,
            tree: &mut tree,
            width: frame.width(),
            place: Rc::from(section.place.as_str()),
            on_band: cover,
            headings: &contents,
        };
        if cover {
            flow.skip_to(frame.page_height * 0.2);
            flow.pages.last_mut().expect("a page was started").cover = true;
        }
        let mut pieces = Vec::new();
        for (i, block) in section.blocks.iter().enumerate() {
            if setting.on_band && matches!(block, Block::Rule) {
                flow.put_all(std::mem::take(&mut pieces), setting.tree);
                setting.on_band = false;
                end_band(&mut flow, frame, theme);
                continue;
            }
            let anchor = if matches!(block, Block::Heading(_)) { here.next() } else { None };
            let mut block_pieces = setting.block(block, node, anchor);
            if leads_on(&section.blocks, i) {
                block_pieces.iter_mut().for_each(|piece| piece.keep_next = true);
            }
            // The source of its figures stays with a table's end.
            if let (Block::Table(_), Some(Block::Paragraph(Paragraph { kind: ParagraphKind::Small, .. }))) =
                (block, section.blocks.get(i + 1))
                && let Some(last) = block_pieces.last_mut()
            {
                last.keep_next = true;
            }
            pieces.extend(block_pieces);
        }
        flow.put_all(pieces, &mut tree);
    }
    let Flow { mut pages, anchors, outline, mut warnings, .. } = flow;
    furniture::furnish(&mut pages, &document, frame, theme, &mut shaper);
    number_pages(&mut pages, &anchors, &mut shaper);
    warnings.extend(shaper.warnings());
    LaidOut { frame, pages, tree, anchors, outline, warnings }
}

/// True where block `i` stays with the next: the first words under a small heading, words that lead to a chart, and
/// a chart with the small table of its figures.
fn leads_on(blocks: &[Block], i: usize) -> bool {
    const MOST_WORDS: usize = 3;
    let after_heading = i > 0 && matches!(&blocks[i - 1], Block::Heading(heading) if heading.level >= 3);
    match &blocks[i..] {
        [Block::Paragraph(_), Block::Paragraph(_), ..] if after_heading => true,
        // `No data:` and the list it leads to.
        [Block::Paragraph(paragraph), Block::List(_), ..] => plain_text(&paragraph.runs).ends_with(':'),
        [Block::Paragraph(_), rest @ ..] => {
            let words = rest.iter().take_while(|block| matches!(block, Block::Paragraph(_))).count();
            words < MOST_WORDS && matches!(rest.get(words), Some(Block::Figure(_)))
        }
        [Block::Figure(_), Block::Table(table), ..] => table.rows.len() <= table::FEW_ROWS,
        _ => false,
    }
}

/// Puts the band behind what the cover's page holds so far.
fn end_band(flow: &mut Flow, frame: PageFrame, theme: &Theme) {
    let bottom = (flow.y() + 36.0).max(frame.page_height * 0.46);
    if let Some(page) = flow.pages.last_mut() {
        let band = Shape::rectangle(0.0, 0.0, frame.page_width, bottom, theme.colours.brand);
        page.marks.insert(0, Mark::artifact(Artifact::Layout, vec![band]));
    }
    flow.skip_to(bottom + 30.0);
}

/// Every heading of the document with the anchor that names it, its own or one made up.
pub fn name_headings(document: &mut Document) -> Vec<HeadingHere> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut headings = Vec::new();
    for heading in document.sections.iter_mut().flat_map(|section| &mut section.blocks).filter_map(|block| match block {
        Block::Heading(heading) => Some(heading),
        _ => None,
    }) {
        // A name used twice belongs to its first heading.
        let anchor =
            heading.anchor.clone().filter(|name| !taken.contains(name)).unwrap_or(format!("heading-{}", headings.len() + 1));
        taken.insert(anchor.clone());
        headings.push(HeadingHere { level: heading.level, title: plain_text(&heading.runs), anchor });
    }
    headings
}

/// The headings that follow the contents: what a reader has passed is not listed.
pub fn after_contents(document: &Document, headings: &[HeadingHere]) -> Vec<HeadingHere> {
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
pub fn unlink_dangling(document: &mut Document, headings: &[HeadingHere]) -> Vec<Fault> {
    let known: BTreeSet<&str> = headings.iter().map(|heading| heading.anchor.as_str()).collect();
    let mut warnings = BTreeSet::new();
    for Section { place, blocks, .. } in &mut document.sections {
        for run in blocks.iter_mut().flat_map(runs_of) {
            let (linked, paged) = match (&run.link, &run.inline) {
                (Some(Link::Anchor(anchor)), _) if !known.contains(anchor.as_str()) => (Some(anchor.clone()), false),
                (_, Inline::PageOf(anchor)) if !known.contains(anchor.as_str()) => (Some(anchor.clone()), true),
                _ => continue,
            };
            let anchor = linked.unwrap_or_default();
            run.link = None;
            if paged {
                run.inline = Inline::Text("–".to_owned());
            }
            warnings.insert(Fault::new(&*place, format!("no heading is named #{anchor}"), "name one, or correct the link"));
        }
    }
    warnings.into_iter().collect()
}

fn runs_of(block: &mut Block) -> Vec<&mut Run> {
    match block {
        Block::Heading(heading) => heading.runs.iter_mut().collect(),
        Block::Paragraph(paragraph) => paragraph.runs.iter_mut().collect(),
        Block::List(list) => list.items.iter_mut().flat_map(|item| &mut item.runs).collect(),
        Block::Table(table) => {
            let cells = table.rows.iter_mut().flat_map(|row| &mut row.cells).flat_map(|cell| &mut cell.runs);
            table.head.iter_mut().flatten().chain(cells).collect()
        }
        Block::Figure(_) | Block::Cards(_) | Block::Picture(_) | Block::Contents(_) | Block::Rule => Vec::new(),
    }
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

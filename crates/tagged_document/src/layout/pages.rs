//! A document on pages: its sections set block by block, the cover's band, heads and feet, page numbers.

use super::flow::{Anchor, Flow};
use super::references::{self, HeadingEntry};
use super::sections::{self, Around, Step};
use super::text::{Shaper, Style};
use super::{abbreviations, fonts::Fonts, furniture, notes};
use crate::Problem;
use crate::canvas::{Artifact, Mark, Page, PageFrame};
use crate::look::Look;
use crate::model::{Align, Document, SectionLayout};
use crate::shapes::Shape;
use crate::tags::Tree;
use std::collections::BTreeMap;

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
    let mut tree = Tree::default();
    let mut flow = Flow::new(PageFrame::of(look.page, false), look.colours.quiet);
    let headings = references::name_headings(&document);
    flow.warnings.extend(references::unlink_dangling(&mut document, &headings));
    let texts = document.sections.iter_mut().flat_map(|section| &mut section.blocks).flat_map(references::texts);
    let notes = notes::take_out(texts, fonts);
    abbreviations::expand(&mut document);
    let contents: Vec<HeadingEntry> = references::after_contents(&document, &headings);
    let sections = sections::set_all(&document, headings, &Around { look, fonts, contents: &contents, notes: &notes });
    let mut shaper = Shaper::new(look, fonts);
    let mut turned = false;
    for (section, set) in document.sections.iter().zip(sections) {
        if section.layout != SectionLayout::Continue || section.landscape != turned || flow.pages.is_empty() {
            flow.start_page(PageFrame::of(look.page, section.landscape), &mut tree);
        }
        turned = section.landscape;
        if section.layout == SectionLayout::Cover
            && let Some(page) = flow.pages.last_mut()
        {
            page.cover = true;
        }
        let by = tree.graft(set.tree);
        for step in set.steps {
            match step {
                Step::Put(fragments) => {
                    flow.put_all(fragments.into_iter().map(|fragment| fragment.grafted(by)).collect(), &mut tree);
                }
                Step::ToCoverTitle => flow.skip_to(flow.y().max(flow.frame().page_height * COVER_TITLE)),
                Step::EndBand => end_band(&mut flow, look),
            }
        }
        flow.warnings.extend(set.warnings);
        shaper.set_place(&section.place);
        shaper.add_missing(set.missing);
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

/// Puts the band behind what the cover's page holds so far.
fn end_band(flow: &mut Flow, look: &Look) {
    let frame = flow.frame();
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

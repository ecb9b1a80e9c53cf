//! Sections: which pages they stand on, with which head and foot.

use super::body::{Body, Relation, hex, text, twips};
use super::xml::{ROOT, Xml};
use crate::look::Look;
use crate::model::{Block, Document, Paragraph, ParagraphKind, Section, SectionLayout};

const POINTS: f32 = 72.0 / 25.4;
/// The head of a page with its marks, and its foot, in points: they end where the text begins.
const HEAD: f32 = 36.0;
const FOOT: f32 = 26.0;
/// From the edge of the paper to the words at its head and foot, in points.
const EDGE: (f32, f32) = (11.0, 36.0);

/// The parts of heads and feet, and the ids by which sections name them.
pub struct Pages {
    pub parts: Vec<(String, Xml)>,
    /// Upright, then on its side: the head without and with the mark of made-up figures, and the foot.
    ids: [[String; 3]; 2],
    marks: Vec<String>,
}

impl Pages {
    pub fn new(body: &mut Body<'_>, document: &Document) -> Self {
        let mut pages = Pages { parts: Vec::new(), ids: Default::default(), marks: document.marks.clone() };
        for (turned, ids) in [false, true].into_iter().zip(0..) {
            let width = column(body.look, turned).0;
            let marks = [pages.marks.clone(), [pages.marks.as_slice(), std::slice::from_ref(&document.illustrative)].concat()];
            for (of, marks) in marks.iter().enumerate() {
                let name = format!("header{}.xml", 2 * ids + of + 1);
                pages.ids[ids][of] = body.relation(Relation::Part("header", name.clone()));
                pages.parts.push((name, head(body.look, document, marks, width)));
            }
            let name = format!("footer{}.xml", ids + 1);
            pages.ids[ids][2] = body.relation(Relation::Part("footer", name.clone()));
            pages.parts.push((name, foot(&document.foot, width)));
        }
        pages
    }
}

/// The width and height of the column that text stands in, in points.
fn column(look: &Look, turned: bool) -> (f32, f32) {
    let page = look.page;
    let (width, height) = if turned { (page.height, page.width) } else { (page.width, page.height) };
    let (width, height) = (width - 2.0 * page.margin_side, height - page.margin_top - page.margin_bottom);
    ((width * POINTS).max(1.0), (height * POINTS).max(1.0))
}

/// Sections that stand on pages of one kind, the first of which starts a page.
pub fn grouped(sections: &[Section]) -> Vec<&[Section]> {
    let goes_on = |before: &Section, next: &Section| {
        next.layout == SectionLayout::Continue && next.landscape == before.landscape && before.layout != SectionLayout::Cover
    };
    sections.chunk_by(goes_on).collect()
}

impl Body<'_> {
    /// Sections on their pages.
    pub fn group(&mut self, sections: &[Section], pages: &Pages, is_last: bool) {
        let Some(first) = sections.first() else { return };
        (self.width, self.height) = column(self.look, first.landscape);
        for section in sections {
            self.shaper.set_place(&section.place);
            self.section(section);
        }
        let illustrative = sections.iter().flat_map(|section| &section.blocks).any(Block::is_illustrative);
        let cover = first.layout == SectionLayout::Cover;
        if is_last {
            if self.after_table {
                self.styled("Gap", |_| {});
            }
            self.end_contents();
            self.page_setup(first.landscape, cover, illustrative, pages);
            return;
        }
        self.element("w:p", |body| {
            body.element("w:pPr", |body| {
                body.xml.value("w:pStyle", "Gap");
                body.page_setup(first.landscape, cover, illustrative, pages);
            });
        });
        self.after_table = false;
    }

    fn page_setup(&mut self, turned: bool, cover: bool, illustrative: bool, pages: &Pages) {
        let ids = &pages.ids[usize::from(turned)];
        let page = self.look.page;
        let (width, height) = if turned { (page.height, page.width) } else { (page.width, page.height) };
        let edge = |margin: f32, room: f32| twips((margin * POINTS - room).clamp(EDGE.0, EDGE.1));
        let (above, below) = (edge(page.margin_top, HEAD), edge(page.margin_bottom, FOOT));
        let [width, height, side, top, bottom] =
            [width, height, page.margin_side, page.margin_top, page.margin_bottom].map(|mm| twips(mm * POINTS));
        self.xml.element("w:sectPr", &[], |xml| {
            xml.empty("w:headerReference", &[("w:type", "default"), ("r:id", &ids[usize::from(illustrative)])]);
            xml.empty("w:footerReference", &[("w:type", "default"), ("r:id", &ids[2])]);
            xml.value("w:type", "nextPage");
            let size = [("w:w", width.as_str()), ("w:h", &height)];
            let orient = [("w:orient", "landscape")];
            xml.empty("w:pgSz", &if turned { [&size[..], &orient].concat() } else { size.to_vec() });
            xml.empty(
                "w:pgMar",
                &[
                    ("w:top", &top),
                    ("w:right", &side),
                    ("w:bottom", &bottom),
                    ("w:left", &side),
                    ("w:header", &above),
                    ("w:footer", &below),
                    ("w:gutter", "0"),
                ],
            );
            xml.empty("w:cols", &[("w:space", "720")]);
            // The first page of a cover has neither head nor foot: it says it in words of its own.
            if cover {
                xml.empty("w:titlePg", &[]);
            }
        });
    }

    fn section(&mut self, section: &Section) {
        let mut rest = section.blocks.as_slice();
        if section.layout == SectionLayout::Cover {
            // As in the PDF, what stands before the first rule lies on the band.
            let band = rest.iter().position(|block| matches!(block, Block::Rule)).unwrap_or(rest.len());
            self.on_band = true;
            self.blocks(&rest[..band]);
            self.on_band = false;
            self.styled("Gap", |_| {});
            rest = rest.get(band + 1..).unwrap_or_default();
        }
        self.blocks(rest);
    }

    fn blocks(&mut self, blocks: &[Block]) {
        let mut rest = blocks;
        while let [block, after @ ..] = rest {
            rest = after;
            if self.after_table && !has_room_above(block) {
                self.styled("Gap", |_| {});
            }
            match (block, after) {
                (Block::Heading(heading), _) => {
                    self.heading(heading);
                    // A mark where the words below it, down to the next heading, do not say it first.
                    let mut below = after.iter().take_while(|block| !matches!(block, Block::Heading(_)));
                    let said = matches!(after.first(), Some(Block::Paragraph(p)) if p.kind == ParagraphKind::Warning);
                    if !said && below.any(Block::is_illustrative) {
                        self.mark();
                    }
                }
                (Block::Paragraph(caption), [Block::Table(table), ..])
                    if caption.kind == ParagraphKind::Caption && table.caption.is_empty() =>
                {
                    self.table(table, &caption.runs);
                    rest = &after[1..];
                }
                (Block::Table(table), _) => self.table(table, &super::table::own_caption(table)),
                (Block::Paragraph(paragraph), after) => self.paragraph(paragraph, leads_on(paragraph, after)),
                _ => self.block(block),
            }
        }
    }

    /// The mark of what was made up.
    pub fn mark(&mut self) {
        let words = self.illustrative.clone();
        self.styled("Mark", |body| {
            body.element("w:r", |body| {
                body.xml.element("w:rPr", &[], |xml| xml.value("w:rStyle", "MarkText"));
                text(&mut body.xml, &format!(" {words} "));
            });
        });
    }
}

/// True where a block does not touch the table above it.
fn has_room_above(block: &Block) -> bool {
    match block {
        Block::Heading(_) | Block::Figure(_) => true,
        Block::Paragraph(paragraph) => matches!(paragraph.kind, ParagraphKind::Small | ParagraphKind::Caption),
        Block::Table(table) => !table.caption.is_empty(),
        Block::List(_) | Block::Cards(_) | Block::Picture(_) | Block::Contents(_) | Block::Rule => false,
    }
}

/// True where words stay with what follows: those that lead to a list, a table or a chart.
fn leads_on(paragraph: &Paragraph, after: &[Block]) -> bool {
    match after.first() {
        Some(Block::List(_)) => crate::model::plain_text(&paragraph.runs).ends_with(':'),
        Some(Block::Table(_) | Block::Figure(_)) => paragraph.kind != ParagraphKind::Small,
        _ => false,
    }
}

/// The head of pages: what the document is, its marks, the time that it is about.
fn head(look: &Look, document: &Document, marks: &[String], width: f32) -> Xml {
    let mut xml = Xml::new();
    xml.element("w:hdr", &ROOT, |xml| {
        xml.element("w:p", &[], |xml| {
            ends(xml, "Header", width);
            xml.element("w:r", &[], |xml| text(xml, &document.head.0));
            xml.element("w:r", &[], |xml| xml.empty("w:tab", &[]));
            xml.element("w:r", &[], |xml| text(xml, &document.head.1));
        });
        if !marks.is_empty() {
            xml.element("w:p", &[], |xml| {
                xml.element("w:pPr", &[], |xml| xml.value("w:pStyle", "HeaderMarks"));
                for (i, mark) in marks.iter().enumerate() {
                    if i > 0 {
                        xml.element("w:r", &[], |xml| text(xml, "  "));
                    }
                    xml.element("w:r", &[], |xml| {
                        xml.element("w:rPr", &[], |xml| {
                            xml.value("w:rStyle", "MarkText");
                            xml.empty("w:bdr", &frame(&hex(look.colours.text)));
                        });
                        text(xml, &format!(" {mark} "));
                    });
                }
            });
        }
    });
    xml
}

/// A thin line around words.
fn frame(colour: &str) -> [(&str, &str); 4] {
    [("w:val", "single"), ("w:sz", "4"), ("w:space", "1"), ("w:color", colour)]
}

/// The foot of pages: who publishes it, and the page among all pages.
fn foot(words: &str, width: f32) -> Xml {
    let mut xml = Xml::new();
    xml.element("w:ftr", &ROOT, |xml| {
        xml.element("w:p", &[], |xml| {
            ends(xml, "Footer", width);
            xml.element("w:r", &[], |xml| text(xml, words));
            xml.element("w:r", &[], |xml| xml.empty("w:tab", &[]));
            for (before, field) in [("Page ", "PAGE"), (" of ", "NUMPAGES")] {
                xml.element("w:r", &[], |xml| text(xml, before));
                xml.element("w:fldSimple", &[("w:instr", field)], |xml| xml.element("w:r", &[], |xml| text(xml, "1")));
            }
        });
    });
    xml
}

/// What a paragraph is that has words at both ends of its line.
fn ends(xml: &mut Xml, style: &str, width: f32) {
    xml.element("w:pPr", &[], |xml| {
        xml.value("w:pStyle", style);
        xml.element("w:tabs", &[], |xml| xml.empty("w:tab", &[("w:val", "right"), ("w:pos", &twips(width))]));
    });
}

//! Blocks but tables and cards: headings, paragraphs, lists, figures, pictures, contents.

use super::body::{Body, text};
use super::inline::Manner;
use crate::layout::Style;
use crate::look::Colour;
use crate::model::{Align, Block, Figure, Heading, List, Paragraph, ParagraphKind, Run};

/// The deepest level that a list of Word's has.
const DEEPEST: usize = 8;
/// The bookmark of what the contents list.
const LISTED: &str = "listed_in_contents";

impl Body<'_> {
    pub fn block(&mut self, block: &Block) {
        match block {
            Block::List(list) => self.list(list, 0),
            Block::Figure(figure) => self.figure(figure),
            Block::Cards(cards) => self.cards(cards),
            Block::Picture(picture) => self.picture(picture),
            Block::Contents(depth) => self.contents(*depth),
            Block::Rule => self.styled("Rule", |_| {}),
            Block::Paragraph(paragraph) => self.paragraph(paragraph, false),
            Block::Heading(_) | Block::Table(_) => {}
        }
    }

    pub fn heading(&mut self, heading: &Heading) {
        let Some((number, named)) = self.headings.next() else { return };
        let is_title = std::mem::take(&mut self.is_title);
        // As in HTML: the document has one title, and what stands below it goes no deeper than a heading of the first level.
        self.is_under_title = is_title || self.is_under_title && heading.level > 1;
        let level = if self.is_under_title { heading.level.saturating_sub(1) } else { heading.level }.clamp(1, 4);
        let style = match (is_title, self.on_band) {
            (true, true) => "CoverTitle".to_owned(),
            (true, false) => "Title".to_owned(),
            (false, true) => "CoverText".to_owned(),
            (false, false) => format!("Heading{level}"),
        };
        self.styled(&style, |body| {
            let name = body.bookmarks.get(&named.anchor).cloned().unwrap_or_default();
            let id = number.to_string();
            body.xml.empty("w:bookmarkStart", &[("w:id", &id), ("w:name", &name)]);
            body.runs(&heading.runs, Manner::default());
            body.xml.empty("w:bookmarkEnd", &[("w:id", &id)]);
        });
        self.here = named.title;
    }

    /// `leads_on` keeps it on the page of what follows.
    pub fn paragraph(&mut self, paragraph: &Paragraph, leads_on: bool) {
        let style = match paragraph.kind {
            ParagraphKind::CallOut => "CallOut",
            ParagraphKind::Warning => "Warning",
            _ if self.on_band => "CoverText",
            ParagraphKind::Body => "BodyText",
            ParagraphKind::Small => "Small",
            ParagraphKind::Caption => "Caption",
        };
        self.in_style(style, leads_on || paragraph.keep_next, |body| body.runs(&paragraph.runs, Manner::default()));
    }

    fn in_style(&mut self, style: &str, keep_next: bool, within: impl FnOnce(&mut Self)) {
        self.element("w:p", |body| {
            body.xml.element("w:pPr", &[], |xml| {
                xml.value("w:pStyle", style);
                if keep_next {
                    xml.empty("w:keepNext", &[]);
                }
            });
            within(body);
        });
        self.after_table = false;
    }

    fn list(&mut self, list: &List, level: usize) {
        // Numbering 1 is that of all lists without numbers.
        let numbering = if list.ordered {
            self.numbered.push(level);
            self.numbered.len() + 1
        } else {
            1
        };
        for item in &list.items {
            self.element("w:p", |body| {
                body.xml.element("w:pPr", &[], |xml| {
                    xml.value("w:pStyle", "ListParagraph");
                    xml.element("w:numPr", &[], |xml| {
                        xml.value("w:ilvl", &level.to_string());
                        xml.value("w:numId", &numbering.to_string());
                    });
                });
                body.runs(&item.runs, Manner::default());
            });
            if let Some(inner) = &item.inner {
                self.list(inner, (level + 1).min(DEEPEST));
            }
        }
        self.after_table = false;
    }

    fn figure(&mut self, figure: &Figure) {
        let words = self.illustrative.clone();
        self.styled("Caption", |body| {
            body.runs(&[Run::text(&*figure.caption)], Manner::default());
            if figure.illustrative {
                body.xml.element("w:r", &[], |xml| text(xml, " "));
                body.xml.element("w:r", &[], |xml| {
                    xml.element("w:rPr", &[], |xml| xml.value("w:rStyle", "MarkText"));
                    text(xml, &format!(" {words} "));
                });
            }
        });
        if !figure.subject.is_empty() {
            self.in_style("Small", true, |body| body.runs(&[Run::text(&*figure.subject)], Manner::default()));
        }
        let width = self.width;
        let shaper = &mut self.shaper;
        let mut set = |text: &str, size: f32, bold: bool, colour: Colour| {
            shaper.label(text, Style { size, leading: 1.22, bold, colour, align: Align::Left })
        };
        let drawing = figure.chart.draw(width, self.look, &mut set);
        let alternative = figure.twin.as_ref().map_or(&figure.alternative, |twin| &twin.alternative);
        self.in_style("Figure", !figure.note.is_empty(), |body| {
            body.element("w:r", |body| body.drawing(&drawing.shapes, (width, drawing.height), alternative));
        });
        if !figure.note.is_empty() {
            self.line("Small", &figure.note);
        }
        if let Some(twin) = &figure.twin {
            self.table(&twin.table, &super::table::own_caption(&twin.table));
        }
    }

    /// Headings down to a level, each a link, in a field that Word can make anew. Their pages are not known here: Word adds them
    /// when the field is updated.
    fn contents(&mut self, depth: u8) {
        let listed: Vec<(u8, String, String)> = self
            .contents
            .iter()
            .filter(|heading| heading.level <= depth)
            .filter_map(|heading| Some((heading.level, self.bookmarks.get(&heading.anchor)?.clone(), heading.title.clone())))
            .collect();
        let last = listed.len().saturating_sub(1);
        for (i, (level, bookmark, title)) in listed.iter().enumerate() {
            self.styled(&format!("TOC{}", level.clamp(&1, &4)), |body| {
                if i == 0 {
                    let depth = depth.clamp(1, 4);
                    field(body, "begin");
                    body.xml.element("w:r", &[], |xml| {
                        let instruction = format!(" TOC \\o \"1-{depth}\" \\h \\z \\u \\b {LISTED} ");
                        xml.words("w:instrText", &[("xml:space", "preserve")], &instruction);
                    });
                    field(body, "separate");
                }
                let title = if title.is_empty() { "Section without a title" } else { title };
                body.xml.element("w:hyperlink", &[("w:anchor", bookmark), ("w:history", "1")], |xml| {
                    xml.element("w:r", &[], |xml| {
                        xml.element("w:rPr", &[], |xml| xml.value("w:rStyle", "Hyperlink"));
                        text(xml, title);
                    });
                });
                if i == last {
                    field(body, "end");
                }
            });
        }
        if !listed.is_empty() && !self.has_contents {
            self.has_contents = true;
            let id = self.id_of_listed();
            self.xml.empty("w:bookmarkStart", &[("w:id", &id), ("w:name", LISTED)]);
        }
    }

    /// Ends what the contents list.
    pub fn end_contents(&mut self) {
        if self.has_contents {
            let id = self.id_of_listed();
            self.xml.empty("w:bookmarkEnd", &[("w:id", &id)]);
        }
    }

    /// A number that no heading has.
    fn id_of_listed(&self) -> String {
        self.bookmarks.len().to_string()
    }
}

/// A mark of a field: where it begins, where its result does, where it ends.
fn field(body: &mut Body<'_>, kind: &str) {
    body.xml.element("w:r", &[], |xml| xml.empty("w:fldChar", &[("w:fldCharType", kind)]));
}

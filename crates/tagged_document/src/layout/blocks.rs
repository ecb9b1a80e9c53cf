//! Blocks to pieces: headings, paragraphs, lists, contents, figures.

use super::flow::{HeadingHere, Piece};
use super::lines::{Line, Lines, Part};
use super::notes::{self, Footnote};
use super::text::{Shaper, Style};
use super::{cards, pictures, table};
use crate::Problem;
use crate::canvas::{Artifact, Mark, Target};
use crate::look::{Colour, Look};
use crate::model::{Align, Block, Figure, Heading, Inline, Item, Link, List, Paragraph, ParagraphKind, Run};
use crate::shapes::Shape;
use crate::tags::{NodeId, Numbering, Role, Tree};
use std::rc::Rc;

/// What setting a block needs to know.
pub struct Setting<'s, 'a> {
    pub shaper: &'s mut Shaper<'a>,
    pub look: &'a Look,
    pub tree: &'s mut Tree,
    /// The section that is being set.
    pub section: NodeId,
    /// Width and height of the column in points.
    pub width: f32,
    pub height: f32,
    /// The template that is being set.
    pub place: Rc<str>,
    /// On the cover's band: white and large.
    pub on_band: bool,
    /// Every heading of the document, for the contents.
    pub headings: &'s [HeadingHere],
    /// What footnotes say, by their numbers from 1.
    pub notes: &'s [Vec<Run>],
    /// Notes whose marks were set since the last piece was made.
    pub called: Vec<Footnote>,
    pub warnings: Vec<Problem>,
}

const BODY_LEADING: f32 = 1.38;
const TIGHT_LEADING: f32 = 1.22;

impl Setting<'_, '_> {
    /// The pieces of a block, its nodes below `parent`.
    pub fn block(&mut self, block: &Block, parent: NodeId, anchor: Option<HeadingHere>) -> Vec<Piece> {
        match block {
            Block::Heading(heading) => self.heading(heading, parent, anchor),
            Block::Paragraph(paragraph) => self.paragraph(paragraph, parent),
            Block::List(list) => self.list(list, parent, 0),
            Block::Table(table) => table::pieces(self, table, parent),
            Block::Figure(figure) => self.figure(figure, parent),
            Block::Cards(cards) => cards::pieces(self, cards, parent),
            Block::Picture(picture) => pictures::pieces(self, picture, parent),
            Block::Contents(depth) => self.contents(*depth, parent),
            Block::Rule => {
                let line = Shape::line((0.0, 0.0), (self.width, 0.0), 0.6, self.look.colours.line);
                let marks = vec![Mark::artifact(Artifact::Layout, vec![line])];
                vec![Piece { before: 10.0, height: 1.0, after: 10.0, ..self.marked(marks) }]
            }
        }
    }

    /// A piece of these marks, with the notes that they call for.
    pub fn marked(&mut self, marks: Vec<Mark>) -> Piece {
        Piece { marks, notes: std::mem::take(&mut self.called), place: self.place.clone(), ..Piece::default() }
    }

    pub fn style(&self, size: f32, bold: bool, colour: Colour) -> Style {
        let colour = if self.on_band { Colour::WHITE } else { colour };
        Style { size, leading: BODY_LEADING, bold, colour, align: Align::Left }
    }

    fn heading(&mut self, heading: &Heading, parent: NodeId, here: Option<HeadingHere>) -> Vec<Piece> {
        let t = self.look.text;
        let colours = &self.look.colours;
        let (size, colour, before, after) = match heading.level {
            1 => (t.heading_1, colours.brand, 24.0, 9.0),
            2 => (t.heading_2, colours.brand, 22.0, 6.0),
            3 => (t.heading_3, colours.text, 16.0, 3.0),
            _ => (t.heading_4, colours.text, 13.0, 3.0),
        };
        let size = if self.on_band && heading.level == 1 { t.cover } else { size };
        let style = Style { leading: TIGHT_LEADING, ..self.style(size, true, colour) };
        let lines = self.shaper.set(&heading.runs, style, self.width);
        let node = self.tree.add(parent, Role::Heading(heading.level));
        let marks = self.line_marks(&lines.lines, node, 0.0, 0.0, &mut None);
        vec![Piece { before, height: lines.height(), after, keep_next: true, heading: here, ..self.marked(marks) }]
    }

    fn paragraph(&mut self, paragraph: &Paragraph, parent: NodeId) -> Vec<Piece> {
        let t = self.look.text;
        let colours = &self.look.colours;
        let node = self.tree.add(parent, Role::Paragraph);
        let (size, bold, colour) = match paragraph.kind {
            ParagraphKind::Body if self.on_band => (t.heading_3 + 2.0, false, Colour::WHITE),
            ParagraphKind::Body | ParagraphKind::CallOut | ParagraphKind::Warning => (t.body, false, colours.text),
            ParagraphKind::Small => (t.small, false, colours.quiet),
            ParagraphKind::Caption => (t.table, true, colours.text),
        };
        let panel = match paragraph.kind {
            ParagraphKind::CallOut => Some((colours.panel, colours.brand)),
            ParagraphKind::Warning => Some((colours.warning_panel, colours.text)),
            _ => None,
        };
        let style = self.style(size, bold, colour);
        let inset = if panel.is_some() { 12.0 } else { 0.0 };
        let lines = self.shaper.set(&paragraph.runs, style, self.width - 2.0 * inset);
        let (before, after) = match paragraph.kind {
            ParagraphKind::Caption => (7.0, 3.0),
            ParagraphKind::Small => (2.0, 3.0),
            _ => (3.0, 4.5),
        };
        let mut pieces = self.line_pieces(lines, node, inset, (before, after));
        if let Some((ground, bar)) = panel {
            let count = pieces.len();
            for (i, piece) in pieces.iter_mut().enumerate() {
                let (above, below) = (if i == 0 { 7.0 } else { 0.0 }, if i + 1 == count { 7.0 } else { 0.0 });
                let height = piece.height + above + below;
                let shapes =
                    vec![Shape::rectangle(0.0, 0.0, self.width, height, ground), Shape::rectangle(0.0, 0.0, 3.0, height, bar)];
                let words = std::mem::take(&mut piece.marks).into_iter().map(|mark| mark.moved(0.0, above));
                piece.marks = std::iter::once(Mark::artifact(Artifact::Layout, shapes)).chain(words).collect();
                piece.height = height;
            }
        }
        for piece in &mut pieces {
            piece.illustrative = paragraph.illustrative;
        }
        if paragraph.keep_next || paragraph.kind == ParagraphKind::Caption {
            pieces.iter_mut().for_each(|piece| piece.keep_next = true);
        }
        pieces
    }

    /// A piece a line; neither the first nor the last line stands alone on a page.
    fn line_pieces(&mut self, lines: Lines, node: NodeId, x: f32, (before, after): (f32, f32)) -> Vec<Piece> {
        let count = lines.lines.len();
        let mut open_link = None;
        let mut pieces = Vec::with_capacity(count);
        for (i, line) in lines.lines.into_iter().enumerate() {
            let height = line.height;
            let marks = self.line_marks(&[line], node, x, 0.0, &mut open_link);
            let keep_next = i + 1 < count && (i == 0 || i + 2 == count);
            let before = if i == 0 { before } else { 0.0 };
            let after = if i + 1 == count { after } else { 0.0 };
            pieces.push(Piece { before, height, after, keep_next, ..self.marked(marks) });
        }
        pieces
    }

    /// Marks of lines one below the other from `(x, y)`; a link or a short form that goes on from the line before
    /// keeps its node.
    pub fn line_marks(
        &mut self,
        lines: &[Line],
        node: NodeId,
        x: f32,
        mut y: f32,
        open: &mut Option<(Part, NodeId)>,
    ) -> Vec<Mark> {
        let mut marks = Vec::new();
        for line in lines {
            for piece in &line.pieces {
                let shapes: Vec<Shape> = piece.shapes.iter().cloned().map(|shape| shape.moved(x, y)).collect();
                let going_on = open.as_ref().filter(|(part, _)| part.goes_on(&piece.part)).map(|(_, owner)| *owner);
                let owner = match (going_on, &piece.part) {
                    (_, Part::Plain) => node,
                    (Some(owner), _) => owner,
                    (None, part) => self.part_node(part, node),
                };
                *open = (piece.part != Part::Plain).then(|| (piece.part.clone(), owner));
                let mut mark = Mark::node(owner, shapes);
                match &piece.part {
                    Part::Link(link) => {
                        self.tree.say(owner, &words(&mark.shapes));
                        let target = match link {
                            Link::Anchor(anchor) => Target::Anchor(anchor.clone()),
                            Link::Url(url) => Target::Url(url.clone()),
                        };
                        mark.link = Some((target, [x + piece.x, y, piece.width, line.height]));
                    }
                    Part::Spark { height, top, .. } => mark.figure = Some([x + piece.x, y + top, piece.width, *height]),
                    Part::Plain | Part::Expansion(_) => {}
                }
                marks.push(mark);
            }
            y += line.height;
        }
        marks
    }

    /// A new node below `node` for a part of a line; the mark of a note calls for the note.
    fn part_node(&mut self, part: &Part, node: NodeId) -> NodeId {
        match part {
            Part::Plain => node,
            Part::Expansion(full) => self.tree.add(node, Role::Span(full.clone())),
            Part::Spark { alternative, .. } => {
                self.tree.add(node, Role::Figure { alternative: alternative.clone(), place: None, inline: true })
            }
            Part::Link(link) => match notes::number(link) {
                Some(number) => {
                    let note = self.footnote(number);
                    self.called.extend(note);
                    let reference = self.tree.add(node, Role::Reference);
                    self.tree.add(reference, Role::Link("Note ".to_owned()))
                }
                None => self.tree.add(node, Role::Link(String::new())),
            },
        }
    }

    fn list(&mut self, list: &List, parent: NodeId, depth: usize) -> Vec<Piece> {
        const INDENT: f32 = 16.0;
        let style = self.style(self.look.text.body, false, self.look.colours.text);
        // However deep a list is, half the column is left for its words.
        let left = (INDENT * depth as f32).min(self.width / 2.0);
        let numbering = if list.ordered { Numbering::Decimal } else { Numbering::Disc };
        let node = self.tree.add(parent, Role::List(numbering));
        let mut pieces = Vec::new();
        for (i, Item { runs, inner }) in list.items.iter().enumerate() {
            let item = self.tree.add(node, Role::ListItem);
            let label = self.tree.add(item, Role::Label);
            let body = self.tree.add(item, Role::ListBody);
            let sign = match (list.ordered, depth) {
                (true, _) => format!("{}.", i + 1),
                (false, 0) => "•".to_owned(),
                (false, _) => "–".to_owned(),
            };
            let sign = self.shaper.set(&[Run::text(sign)], style, INDENT);
            let lines = self.shaper.set(runs, style, self.width - left - INDENT);
            let mut item_pieces = self.line_pieces(lines, body, left + INDENT, (2.0, 3.0));
            if let Some(first) = item_pieces.first_mut() {
                let mut marks = self.line_marks(&sign.lines, label, left + 2.0, 0.0, &mut None);
                marks.append(&mut first.marks);
                first.marks = marks;
            }
            // Neither the first nor the last item stands alone on a page, nor an item apart from those below it.
            if let Some(last) = item_pieces.last_mut() {
                let count = list.items.len();
                last.keep_next = inner.is_some() || i + 1 < count && (i == 0 || i + 2 == count);
            }
            pieces.extend(item_pieces);
            if let Some(inner) = inner.as_ref().filter(|inner| !inner.items.is_empty()) {
                pieces.extend(self.list(inner, body, depth + 1));
            }
        }
        if depth == 0
            && let Some(last) = pieces.last_mut()
        {
            last.keep_next = false;
        }
        pieces
    }

    fn contents(&mut self, depth: u8, parent: NodeId) -> Vec<Piece> {
        const NUMBER: f32 = 30.0;
        let t = self.look.text;
        let root = self.tree.add(parent, Role::Contents);
        let mut pieces = Vec::new();
        for heading in self.headings.iter().filter(|heading| heading.level <= depth) {
            let item = self.tree.add(root, Role::ContentsItem);
            let reference = self.tree.add(item, Role::Reference);
            let top = heading.level == 1;
            let indent = f32::from(heading.level.saturating_sub(1)) * 14.0;
            let style = self.style(t.body, top, self.look.colours.text);
            let title =
                self.shaper.set(&[Run::text(&heading.title).linked(&heading.anchor)], style, self.width - indent - NUMBER);
            let number = Run { inline: Inline::PageOf(heading.anchor.clone()), ..Run::default() }.linked(&heading.anchor);
            // The space parts the title from the number in what is heard and copied.
            let apart = Run::text(" ").linked(&heading.anchor);
            let number = self.shaper.set(&[apart, number], Style { align: Align::Right, ..style }, NUMBER);
            let mut open = None;
            let mut marks = self.line_marks(&title.lines, reference, indent, 0.0, &mut open);
            let last = title.lines.last().map_or(0.0, |line| line.height);
            marks.extend(self.line_marks(&number.lines, reference, self.width - NUMBER, title.height() - last, &mut open));
            pieces.push(Piece {
                before: if top { 9.0 } else { 1.5 },
                height: title.height(),
                after: 1.5,
                keep_next: top,
                ..self.marked(marks)
            });
        }
        if let Some(last) = pieces.last_mut() {
            last.keep_next = false;
        }
        pieces
    }

    fn figure(&mut self, figure: &Figure, parent: NodeId) -> Vec<Piece> {
        let sentence = |kind, text: &str, keep_next| Paragraph {
            kind,
            runs: vec![Run::text(text)],
            keep_next,
            illustrative: figure.illustrative,
        };
        let mut pieces = self.paragraph(&sentence(ParagraphKind::Caption, &figure.caption, true), parent);
        let role = Role::Figure { alternative: figure.alternative.clone(), place: None, inline: false };
        let node = self.tree.add(parent, role);
        let shaper = &mut *self.shaper;
        let mut set = |words: &str, size: f32, bold: bool, colour: Colour| {
            shaper.label(words, Style { size, leading: TIGHT_LEADING, bold, colour, align: Align::Left })
        };
        let drawing = figure.chart.draw(self.width, self.look, &mut set);
        let area = [0.0, 0.0, self.width, drawing.height];
        let mark = Mark { figure: Some(area), ..Mark::node(node, drawing.shapes) };
        pieces.push(Piece {
            before: 2.0,
            height: drawing.height,
            after: 4.0,
            keep_next: !figure.note.is_empty(),
            illustrative: figure.illustrative,
            ..self.marked(vec![mark])
        });
        if !figure.note.is_empty() {
            pieces.extend(self.paragraph(&sentence(ParagraphKind::Small, &figure.note, false), parent));
        }
        pieces
    }
}

/// What shapes say.
fn words(shapes: &[Shape]) -> String {
    let texts = shapes.iter().filter_map(|shape| match shape {
        Shape::Text { text, .. } if text.page_of.is_none() => Some(text),
        _ => None,
    });
    texts.flat_map(|text| text.glyphs.iter().map(|glyph| glyph.text.as_str())).collect()
}

//! Blocks to fragments: headings, contents, figures, and each other kind by the file that sets it.

use super::context::{LayoutContext, TIGHT_LEADING};
use super::fragment::Fragment;
use super::references::HeadingEntry;
use super::text::Style;
use super::{cards, pictures, table};
use crate::canvas::{Artifact, Mark};
use crate::colour::Colour;
use crate::model::{Align, Block, Figure, Heading, Inline, Paragraph, ParagraphKind, Run};
use crate::shapes::Shape;
use crate::tags::{NodeId, Role};

impl LayoutContext<'_, '_> {
    /// The fragments of a block, its nodes below `parent`.
    pub fn block(&mut self, block: &Block, parent: NodeId, anchor: Option<HeadingEntry>) -> Vec<Fragment> {
        match block {
            Block::Heading(heading) => self.heading(heading, parent, anchor),
            Block::Paragraph(paragraph) => self.paragraph(paragraph, parent),
            Block::List(list) => self.list(list, parent, 0),
            Block::Table(table) => table::fragments(self, table, parent),
            Block::Figure(figure) => self.figure(figure, parent),
            Block::Cards(cards) => cards::fragments(self, cards, parent),
            Block::Picture(picture) => pictures::fragments(self, picture, parent),
            Block::Contents(depth) => self.contents(*depth, parent),
            Block::Rule => {
                let line = Shape::line((0.0, 0.0), (self.width, 0.0), 0.6, self.look.colours.line);
                let marks = vec![Mark::artifact(Artifact::Layout, vec![line])];
                vec![Fragment { before: 10.0, height: 1.0, after: 10.0, ..self.fragment(marks) }]
            }
        }
    }

    fn heading(&mut self, heading: &Heading, parent: NodeId, here: Option<HeadingEntry>) -> Vec<Fragment> {
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
        let heading = here.map(|here| (here, node));
        vec![Fragment { before, height: lines.height(), after, keep_next: true, heading, ..self.fragment(marks) }]
    }

    fn contents(&mut self, depth: u8, parent: NodeId) -> Vec<Fragment> {
        const NUMBER: f32 = 30.0;
        let t = self.look.text;
        let root = self.tree.add(parent, Role::Contents);
        let mut fragments = Vec::new();
        for heading in self.headings.iter().filter(|heading| heading.level <= depth) {
            let item = self.tree.add(root, Role::ContentsItem);
            let reference = self.tree.add(item, Role::Reference(String::new()));
            let top = heading.level == 1;
            let indent = f32::from(heading.level.saturating_sub(1)) * 14.0;
            let style = Style { leading: TIGHT_LEADING, ..self.style(t.body, top, self.look.colours.text) };
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
            fragments.push(Fragment {
                before: if top { 5.5 } else { 1.0 },
                height: title.height(),
                after: 1.0,
                keep_next: top,
                ..self.fragment(marks)
            });
        }
        if let Some(last) = fragments.last_mut() {
            last.keep_next = false;
        }
        fragments
    }

    fn figure(&mut self, figure: &Figure, parent: NodeId) -> Vec<Fragment> {
        let sentence = |kind, text: &str, keep_next| Paragraph {
            kind,
            runs: vec![Run::text(text)],
            keep_next,
            illustrative: figure.illustrative,
        };
        let mut fragments = self.paragraph(&sentence(ParagraphKind::Caption, &figure.caption, true), parent);
        if !figure.subject.is_empty() {
            fragments.extend(self.paragraph(&sentence(ParagraphKind::Small, &figure.subject, true), parent));
        }
        let role = Role::Figure { alternative: figure.alternative.clone(), place: None, inline: false };
        let node = self.tree.add(parent, role);
        let shaper = &mut *self.shaper;
        let mut set = |words: &str, size: f32, bold: bool, colour: Colour| {
            shaper.label(words, Style { size, leading: TIGHT_LEADING, bold, colour, align: Align::Left })
        };
        let drawing = figure.chart.draw(self.width, self.look, &mut set);
        let area = [0.0, 0.0, self.width, drawing.height];
        let mark = Mark { figure: Some(area), ..Mark::node(node, drawing.shapes) };
        fragments.push(Fragment {
            before: 2.0,
            height: drawing.height,
            after: 4.0,
            keep_next: !figure.note.is_empty(),
            illustrative: figure.illustrative,
            ..self.fragment(vec![mark])
        });
        if !figure.note.is_empty() {
            fragments.extend(self.paragraph(&sentence(ParagraphKind::Small, &figure.note, false), parent));
        }
        fragments
    }
}

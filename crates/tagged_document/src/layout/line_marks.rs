//! Lines to marks: every part of a line under its node, and the notes that it calls for.

use super::context::LayoutContext;
use super::lines::{Line, Part};
use super::notes::{self, Footnote};
use super::text::Style;
use crate::canvas::{Mark, Target};
use crate::model::{Link, Run};
use crate::shapes::Shape;
use crate::tags::{NodeId, Role};

/// Points.
const NOTE_INDENT: f32 = 14.0;
const BELOW_NOTE: f32 = 2.0;

impl LayoutContext<'_, '_> {
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
            for segment in &line.segments {
                let shapes: Vec<Shape> = segment.shapes.iter().cloned().map(|shape| shape.moved(x, y)).collect();
                let going_on = open.as_ref().filter(|(part, _)| part.goes_on(&segment.part)).map(|(_, owner)| *owner);
                let owner = match (going_on, &segment.part) {
                    (_, Part::Plain) => node,
                    (Some(owner), _) => owner,
                    (None, part) => self.part_node(part, node),
                };
                *open = (segment.part != Part::Plain).then(|| (segment.part.clone(), owner));
                let mut mark = Mark::node(owner, shapes);
                match &segment.part {
                    Part::Link(link) => {
                        self.tree.say(owner, &words(&mark.shapes));
                        let target = match link {
                            Link::Anchor(anchor) => Target::Anchor(anchor.clone()),
                            Link::Url(url) => Target::Url(url.clone()),
                            Link::Elsewhere(place) => Target::Url(place.from_pdf()),
                        };
                        mark.link = Some((target, [x + segment.x, y, segment.width, line.height]));
                    }
                    Part::Spark { height, top, .. } => mark.figure = Some([x + segment.x, y + top, segment.width, *height]),
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
                    let reference = self.tree.add(node, Role::Reference(String::new()));
                    self.tree.add(reference, Role::Link("Note ".to_owned()))
                }
                None => {
                    let said = if let Link::Elsewhere(place) = link { format!("{}: ", place.title) } else { String::new() };
                    self.tree.add(node, Role::Link(said))
                }
            },
        }
    }

    /// A note for the foot of the page, below the section in the tree.
    fn footnote(&mut self, number: usize) -> Option<Footnote> {
        let runs = self.notes.get(number.checked_sub(1)?)?;
        let colours = &self.look.colours;
        let style = Style { leading: 1.25, ..self.style(self.look.text.small, false, colours.text) };
        let style = Style { colour: colours.text, ..style };
        let node = self.tree.add(self.section, Role::Note(number));
        let label = self.tree.add(node, Role::Label);
        let words = self.tree.add(node, Role::Paragraph);
        let sign = self.shaper.set(&[Run::text(number.to_string())], style, NOTE_INDENT);
        let lines = self.shaper.set(runs, style, self.width - NOTE_INDENT);
        let mut marks = self.line_marks(&sign.lines, label, 0.0, 0.0, &mut None);
        marks.extend(self.line_marks(&lines.lines, words, NOTE_INDENT, 0.0, &mut None));
        Some(Footnote { number, node, height: lines.height().max(sign.height()) + BELOW_NOTE, marks })
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

//! How many stand where, as one bar with its words in it.

use super::marks::{LABEL, LINE_STEP, set_lines, wrap};
use tagged_document::drawing::{Drawing, Setter};
use tagged_document::look::{Colour, Look};
use tagged_document::shapes::{Glyphs, Shape};

#[derive(Debug, Clone, PartialEq)]
pub struct StatusBar {
    pub parts: Vec<StatusPart>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct StatusPart {
    pub count: usize,
    /// `9 achieved`.
    pub words: String,
    /// The name of a tone of the look.
    pub tone: &'static str,
}

const HEIGHT: f32 = 30.0;
const GAP: f32 = 1.5;
const PAD: f32 = 4.0;
const SQUARE: f32 = 7.0;

impl StatusBar {
    /// What has no room in its part of the bar stands below it.
    pub(super) fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        let all: usize = self.parts.iter().map(|part| part.count).sum();
        let mut shapes = Vec::new();
        let mut below: Vec<(&StatusPart, Colour)> = Vec::new();
        let mut x = 0.0;
        for part in self.parts.iter().filter(|part| part.count > 0) {
            let share = width * part.count as f32 / all.max(1) as f32;
            let colour = look.tone(part.tone);
            shapes.push(Shape::rectangle(x, 0.0, (share - GAP).max(0.5), HEIGHT, colour));
            let room = share - GAP - 2.0 * PAD;
            let lines = wrap(&part.words, LABEL, true, Colour::WHITE, room.max(1.0), set);
            let widest = lines.iter().map(Glyphs::width).fold(0.0, f32::max);
            if lines.len() <= 2 && widest <= room {
                let top = (HEIGHT - lines.len() as f32 * LINE_STEP) / 2.0 + LABEL * 0.9;
                shapes.extend(set_lines(lines, (x + PAD, top)));
            } else {
                below.push((part, colour));
            }
            x += share;
        }
        let mut height = HEIGHT;
        let mut at = 0.0;
        for (part, colour) in below {
            let text = set(&part.words, LABEL, true, look.colours.text);
            let needed = SQUARE + PAD + text.width() + 3.0 * PAD;
            if at == 0.0 || at + needed > width {
                (at, height) = (0.0, height + LINE_STEP + 3.0);
            }
            let base = height - 2.0;
            shapes.push(Shape::rectangle(at, base - SQUARE, SQUARE, SQUARE, colour));
            shapes.push(Shape::Text { at: (at + SQUARE + PAD, base), text });
            at += needed;
        }
        Drawing { height: height + 2.0, shapes }
    }
}

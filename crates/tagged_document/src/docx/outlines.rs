//! The outlines of glyphs, as closed lines through points.

use crate::layout::Fonts;
use crate::shapes::{Glyphs, Position};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider, OutlineGlyphCollection};

/// A curve becomes so many lines: at the sizes of charts the eye sees no corner.
const PIECES: u8 = 5;

/// The outlines that the faces of a document have.
pub struct Outlines<'a>(Vec<Option<OutlineGlyphCollection<'a>>>);

impl<'a> Outlines<'a> {
    pub fn new(fonts: &'a Fonts) -> Self {
        let of = |bytes: &'a [u8]| FontRef::new(bytes).ok().map(|font| font.outline_glyphs());
        Outlines(fonts.faces.iter().map(|face| of(&face.bytes)).collect())
    }

    /// Words whose baseline starts at a position.
    pub fn of(&self, (x, y): Position, text: &Glyphs) -> Vec<Vec<Position>> {
        let mut pen = Pen { x, y, outlines: Vec::new() };
        let Some(Some(glyphs)) = self.0.get(text.face) else { return Vec::new() };
        for glyph in &text.glyphs {
            if let Some(outline) = glyphs.get(GlyphId::from(glyph.id)) {
                // A glyph that cannot be read leaves its room.
                let _ = outline.draw(DrawSettings::unhinted(Size::new(text.size), LocationRef::default()), &mut pen);
            }
            pen.x += glyph.advance;
        }
        pen.outlines
    }
}

/// Draws down a page what a font has upwards.
struct Pen {
    x: f32,
    y: f32,
    outlines: Vec<Vec<Position>>,
}

impl Pen {
    fn place(&self, x: f32, y: f32) -> Position {
        (self.x + x, self.y - y)
    }

    fn curve(&mut self, to: impl Fn(Position, f32) -> Position) {
        let Some(outline) = self.outlines.last_mut() else { return };
        let Some(from) = outline.last().copied() else { return };
        outline.extend((1..=PIECES).map(|piece| to(from, f32::from(piece) / f32::from(PIECES))));
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.outlines.push(vec![self.place(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.place(x, y);
        if let Some(outline) = self.outlines.last_mut() {
            outline.push(to);
        }
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let (c, to) = (self.place(cx, cy), self.place(x, y));
        self.curve(|from, t| between(between(from, c, t), between(c, to, t), t));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let (c0, c1, to) = (self.place(cx0, cy0), self.place(cx1, cy1), self.place(x, y));
        self.curve(|from, t| {
            let (a, b, c) = (between(from, c0, t), between(c0, c1, t), between(c1, to, t));
            between(between(a, b, t), between(b, c, t), t)
        });
    }

    fn close(&mut self) {}
}

fn between((x0, y0): Position, (x1, y1): Position, t: f32) -> Position {
    (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t)
}

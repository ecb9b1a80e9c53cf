//! What is drawn: text, lines and filled shapes, without a word of what they mean.

use crate::colour::Colour;

/// Points from the left and from the top of the page (or, before it is placed, of what it belongs to).
pub type Position = (f32, f32);

/// What is further from zero has no place on an axis: the span of two such would not be a number.
const GREATEST: f64 = 1e300;

/// Whether a value has a place on an axis.
pub fn drawable(value: f64) -> bool {
    value.abs() <= GREATEST
}

#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Glyphs on one baseline.
    Text { at: Position, text: Glyphs },
    /// Lines through points.
    Line { points: Vec<Position>, width: f32, colour: Colour, dash: Vec<f32> },
    /// A filled shape.
    Fill { points: Vec<Position>, colour: Colour },
}

/// Glyphs of one face and size.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyphs {
    /// Index of the face among the four.
    pub face: usize,
    pub size: f32,
    pub colour: Colour,
    pub glyphs: Vec<Glyph>,
    /// Stands for the number of the page of this anchor, which is set when all pages are known.
    pub page_of: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    pub id: u16,
    /// Points to the next glyph.
    pub advance: f32,
    /// The characters it stands for.
    pub text: GlyphText,
}

/// The characters of one glyph: nearly always one, and kept without an allocation of their own.
#[derive(Clone, PartialEq, Eq)]
pub enum GlyphText {
    Short { length: u8, bytes: [u8; 14] },
    Long(Box<str>),
}

impl GlyphText {
    pub fn as_str(&self) -> &str {
        match self {
            GlyphText::Short { length, bytes } => std::str::from_utf8(&bytes[..usize::from(*length)]).unwrap_or_default(),
            GlyphText::Long(text) => text,
        }
    }

    pub fn push_str(&mut self, more: &str) {
        if !more.is_empty() {
            *self = GlyphText::from(&*format!("{}{more}", self.as_str()));
        }
    }
}

impl From<&str> for GlyphText {
    fn from(text: &str) -> Self {
        let mut bytes = [0; 14];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(room), Ok(length)) => {
                room.copy_from_slice(text.as_bytes());
                GlyphText::Short { length, bytes }
            }
            _ => GlyphText::Long(text.into()),
        }
    }
}

impl std::fmt::Debug for GlyphText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_str().fmt(f)
    }
}

impl Glyphs {
    pub fn width(&self) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.advance).sum()
    }
}

impl Shape {
    pub fn rectangle(x: f32, y: f32, width: f32, height: f32, colour: Colour) -> Self {
        Shape::Fill { points: vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)], colour }
    }

    pub fn line(from: Position, to: Position, width: f32, colour: Colour) -> Self {
        Shape::Line { points: vec![from, to], width, colour, dash: Vec::new() }
    }

    /// A filled disc, as a many-sided polygon: at the sizes of signs the eye sees no corner.
    pub fn disc(centre: Position, radius: f32, colour: Colour) -> Self {
        Shape::Fill { points: circle(centre, radius), colour }
    }

    /// The same shape further right and down.
    pub fn moved(self, dx: f32, dy: f32) -> Self {
        let shift = |points: Vec<Position>| points.into_iter().map(|(x, y)| (x + dx, y + dy)).collect();
        match self {
            Shape::Text { at: (x, y), text } => Shape::Text { at: (x + dx, y + dy), text },
            Shape::Line { points, width, colour, dash } => Shape::Line { points: shift(points), width, colour, dash },
            Shape::Fill { points, colour } => Shape::Fill { points: shift(points), colour },
        }
    }
}

/// A circle's outline, closed.
pub fn circle((x, y): Position, radius: f32) -> Vec<Position> {
    const SIDES: u8 = 28;
    (0..=SIDES)
        .map(|i| {
            let angle = f32::from(i) / f32::from(SIDES) * std::f32::consts::TAU;
            (x + radius * angle.cos(), y + radius * angle.sin())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::GlyphText;

    #[test]
    fn long_glyph_text_is_kept_whole() {
        let mut text = GlyphText::from("é");
        text.push_str("");
        assert_eq!(text.as_str(), "é");
        text.push_str(&"\u{301}".repeat(20));
        assert_eq!(text.as_str(), format!("é{}", "\u{301}".repeat(20)));
    }
}

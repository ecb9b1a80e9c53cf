//! Pages as marks: each piece of ink belongs to a node of the structure tree or is an artifact.
//! There is no way to put ink on a page without saying which.

use crate::look::Colour;
use crate::tags::NodeId;
use std::sync::Arc;

/// Points from the left and from the top of the page (or, before it is placed, of its piece).
pub type Spot = (f32, f32);

/// What is further from zero has no place on an axis: the span of two such would not be a number.
const GREATEST: f64 = 1e300;

/// Whether a value has a place on an axis.
pub fn drawable(value: f64) -> bool {
    value.abs() <= GREATEST
}

#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Glyphs on one baseline.
    Text { at: Spot, text: Glyphs },
    /// Lines through points.
    Line { points: Vec<Spot>, width: f32, colour: Colour, dash: Vec<f32> },
    /// A filled shape.
    Fill { points: Vec<Spot>, colour: Colour },
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
    pub text: Said,
}

/// The characters of one glyph: nearly always one, and kept without an allocation of their own.
#[derive(Clone, PartialEq, Eq)]
pub enum Said {
    Short { length: u8, bytes: [u8; 14] },
    Long(Box<str>),
}

impl Said {
    pub fn as_str(&self) -> &str {
        match self {
            Said::Short { length, bytes } => std::str::from_utf8(&bytes[..usize::from(*length)]).unwrap_or_default(),
            Said::Long(text) => text,
        }
    }

    pub fn push_str(&mut self, more: &str) {
        if !more.is_empty() {
            *self = Said::from(&*format!("{}{more}", self.as_str()));
        }
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        let mut bytes = [0; 14];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(room), Ok(length)) => {
                room.copy_from_slice(text.as_bytes());
                Said::Short { length, bytes }
            }
            _ => Said::Long(text.into()),
        }
    }
}

impl std::fmt::Debug for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_str().fmt(f)
    }
}

impl Glyphs {
    pub fn width(&self) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.advance).sum()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Node(NodeId),
    Artifact(Artifact),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Artifact {
    Header,
    Footer,
    /// Rules, grounds, repeated table heads.
    Layout,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub owner: Owner,
    pub shapes: Vec<Shape>,
    /// Where a click follows the link that owns the mark: left, top, width, height.
    pub link: Option<(Target, [f32; 4])>,
    /// The room that the figure that owns the mark takes, likewise.
    pub figure: Option<[f32; 4]>,
    /// A picture and its room, likewise, below the shapes.
    pub picture: Option<(Arc<Raster>, [f32; 4])>,
}

/// A picture in points of colour, none of them transparent.
#[derive(Debug, PartialEq, Eq)]
pub struct Raster {
    pub width: u32,
    pub height: u32,
    /// Red, green, blue, row by row from the top.
    pub rgb: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    Anchor(String),
    Url(String),
}

/// Points from the top left corner of a page: the page, and the column that text stands in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageFrame {
    pub page_width: f32,
    pub page_height: f32,
    pub left: f32,
    pub top: f32,
    pub bottom: f32,
}

impl PageFrame {
    /// The column's width.
    pub fn width(self) -> f32 {
        self.page_width - 2.0 * self.left
    }

    /// The column's height.
    pub fn height(self) -> f32 {
        self.bottom - self.top
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub frame: PageFrame,
    pub marks: Vec<Mark>,
    /// Holds a figure made up to show how the document works.
    pub illustrative: bool,
    pub cover: bool,
}

impl Shape {
    pub fn rectangle(x: f32, y: f32, width: f32, height: f32, colour: Colour) -> Self {
        Shape::Fill { points: vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)], colour }
    }

    pub fn line(from: Spot, to: Spot, width: f32, colour: Colour) -> Self {
        Shape::Line { points: vec![from, to], width, colour, dash: Vec::new() }
    }

    /// A filled disc, as a many-sided polygon: at the sizes of signs the eye sees no corner.
    pub fn disc(centre: Spot, radius: f32, colour: Colour) -> Self {
        Shape::Fill { points: circle(centre, radius), colour }
    }

    /// The same shape further right and down.
    pub fn moved(self, dx: f32, dy: f32) -> Self {
        let shift = |points: Vec<Spot>| points.into_iter().map(|(x, y)| (x + dx, y + dy)).collect();
        match self {
            Shape::Text { at: (x, y), text } => Shape::Text { at: (x + dx, y + dy), text },
            Shape::Line { points, width, colour, dash } => Shape::Line { points: shift(points), width, colour, dash },
            Shape::Fill { points, colour } => Shape::Fill { points: shift(points), colour },
        }
    }
}

/// A circle's outline, closed.
pub fn circle((x, y): Spot, radius: f32) -> Vec<Spot> {
    const SIDES: u8 = 28;
    (0..=SIDES)
        .map(|i| {
            let angle = f32::from(i) / f32::from(SIDES) * std::f32::consts::TAU;
            (x + radius * angle.cos(), y + radius * angle.sin())
        })
        .collect()
}

impl Page {
    pub fn new(frame: PageFrame) -> Self {
        Page { frame, marks: Vec::new(), illustrative: false, cover: false }
    }
}

impl Mark {
    pub fn node(node: NodeId, shapes: Vec<Shape>) -> Self {
        Mark { owner: Owner::Node(node), shapes, link: None, figure: None, picture: None }
    }

    pub fn artifact(kind: Artifact, shapes: Vec<Shape>) -> Self {
        Mark { owner: Owner::Artifact(kind), shapes, link: None, figure: None, picture: None }
    }

    /// The same mark further right and down.
    pub fn moved(self, dx: f32, dy: f32) -> Self {
        let shift = |[x, y, w, h]: [f32; 4]| [x + dx, y + dy, w, h];
        Mark {
            owner: self.owner,
            shapes: self.shapes.into_iter().map(|shape| shape.moved(dx, dy)).collect(),
            link: self.link.map(|(target, area)| (target, shift(area))),
            figure: self.figure.map(shift),
            picture: self.picture.map(|(raster, area)| (raster, shift(area))),
        }
    }

    /// True where it may become part of the mark before it, of the same owner.
    pub fn is_plain(&self) -> bool {
        self.link.is_none() && self.figure.is_none() && self.picture.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::Said;

    #[test]
    fn long_glyph_text_is_kept_whole() {
        let mut said = Said::from("é");
        said.push_str("");
        assert_eq!(said.as_str(), "é");
        said.push_str(&"\u{301}".repeat(20));
        assert_eq!(said.as_str(), format!("é{}", "\u{301}".repeat(20)));
    }
}

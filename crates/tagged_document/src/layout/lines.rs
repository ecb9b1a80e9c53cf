//! Lines of glyphs, as paragraphs and cells are made of.

use crate::model::{Inline, Link, Run};
use crate::shapes::Shape;

/// One line of a paragraph.
#[derive(Debug, Clone)]
pub struct Line {
    pub height: f32,
    pub segments: Vec<LineSegment>,
}

/// A part of a line in points from the line's top left corner.
#[derive(Debug, Clone)]
pub struct LineSegment {
    pub part: Part,
    pub x: f32,
    pub width: f32,
    pub shapes: Vec<Shape>,
}

/// What a part of a line is, beside words.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    Plain,
    Link(Link),
    /// A short form, with what it stands for.
    Expansion(String),
    /// A small chart: the words that stand for it, and how high it stands on the line.
    Spark {
        alternative: String,
        height: f32,
        top: f32,
    },
}

impl Part {
    pub fn of(run: &Run) -> Self {
        match (&run.link, &run.expansion) {
            (Some(link), _) => Part::Link(link.clone()),
            (None, Some(full)) if matches!(run.inline, Inline::Text(_)) => Part::Expansion(full.clone()),
            _ => Part::Plain,
        }
    }

    /// True where a part of the same kind that follows is one with it.
    pub fn goes_on(&self, next: &Part) -> bool {
        self == next && !matches!(self, Part::Spark { .. })
    }
}

/// A paragraph in glyphs.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    pub lines: Vec<Line>,
}

impl Lines {
    pub fn height(&self) -> f32 {
        self.lines.iter().map(|line| line.height).sum()
    }
}

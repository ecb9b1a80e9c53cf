//! Charts as geometry: whoever has figures draws them, with the document's own fonts, so that the words in a chart are text.

use crate::look::{Colour, Look};
use crate::shapes::{Glyphs, Shape};
use std::fmt;
use std::sync::Arc;

/// Sets one line of text: words, size in points, bold, colour.
pub type Setter<'a> = dyn FnMut(&str, f32, bool, Colour) -> Glyphs + 'a;

/// A drawn chart, in points from its top left corner.
pub struct Drawing {
    pub height: f32,
    pub shapes: Vec<Shape>,
}

/// What can be drawn in a column.
pub trait Draw: fmt::Debug + Send + Sync {
    /// Drawn `width` points wide. The same width, look and setter give the same shapes.
    fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing;
}

/// A chart of a document.
#[derive(Debug, Clone)]
pub struct Chart(Arc<dyn Draw>);

impl Chart {
    pub fn new(chart: impl Draw + 'static) -> Self {
        Chart(Arc::new(chart))
    }

    pub fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        self.0.draw(width, look, set)
    }
}

/// The very same chart: two that would look the same are not compared.
impl PartialEq for Chart {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

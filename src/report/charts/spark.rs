//! A line without axes, as high as a word, for a cell of a table.

use crate::report::canvas::Shape;
use crate::report::theme::Theme;

#[derive(Debug, Clone, PartialEq)]
pub struct Sparkline {
    /// Oldest first, evenly spaced in time; none is a gap.
    pub values: Vec<Option<f64>>,
    pub target: Option<f64>,
}

impl Sparkline {
    /// Its shapes in a box of this size, in points from its top left corner.
    pub fn draw(&self, _width: f32, _height: f32, _theme: &Theme) -> Vec<Shape> {
        Vec::new()
    }
}

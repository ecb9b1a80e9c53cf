//! The value axis at the left of a plot: its lines and its labels.

use super::axis::Scale;
use super::marks::LABEL;
use tagged_document::drawing::Setter;
use tagged_document::look::{Colour, Look};
use tagged_document::shapes::{Glyphs, Shape};

/// Where the figures are drawn, in points from the chart's top left corner.
#[derive(Debug, Clone)]
pub struct Plot {
    pub left: f32,
    pub right: f32,
    pub top: f32,
    pub bottom: f32,
    scale: Scale,
}

impl Plot {
    /// A plot between `top` and `bottom` that ends at `right`, with the shapes of its value axis.
    pub fn new(scale: Scale, (top, bottom): (f32, f32), right: f32, look: &Look, set: &mut Setter<'_>) -> (Self, Vec<Shape>) {
        let colours = &look.colours;
        let ticks: Vec<Glyphs> = scale.ticks.iter().map(|tick| set(&scale.label(*tick), LABEL, false, colours.quiet)).collect();
        let left = ticks.iter().map(Glyphs::width).fold(0.0, f32::max) + 7.0;
        let plot = Plot { left, right: right.max(left + 40.0), top, bottom, scale };
        let mut shapes = Vec::new();
        for (tick, label) in plot.scale.ticks.iter().zip(ticks) {
            let at = plot.y(*tick);
            let weight = if *tick == plot.scale.low { 0.8 } else { 0.4 };
            shapes.push(Shape::line((left, at), (plot.right, at), weight, colours.line));
            shapes.push(Shape::Text { at: (left - 5.0 - label.width(), at + LABEL * 0.33), text: label });
        }
        if plot.scale.low != 0.0 {
            shapes.extend(axis_break((left, bottom), colours.quiet));
        }
        (plot, shapes)
    }

    /// A plot with these edges, without its axis.
    pub fn within((left, right): (f32, f32), (top, bottom): (f32, f32), scale: Scale) -> Self {
        Plot { left, right, top, bottom, scale }
    }

    pub fn y(&self, value: f64) -> f32 {
        self.bottom - self.scale.share(value) * (self.bottom - self.top)
    }
}

/// Two strokes at the foot of an axis that does not start at zero.
pub(super) fn axis_break((x, y): (f32, f32), colour: Colour) -> [Shape; 2] {
    [0.0, 3.0].map(|along| Shape::line((x + along - 2.0, y + 3.0), (x + along + 2.0, y - 3.0), 1.0, colour))
}

//! A line without axes, as high as a word, for a cell of a table.

use crate::look::Look;
use crate::shapes::drawable;
use crate::shapes::{Position, Shape};

#[derive(Debug, Clone, PartialEq)]
pub struct Sparkline {
    /// Oldest first, evenly spaced in time; none is a gap.
    pub values: Vec<Option<f64>>,
    pub target: Option<f64>,
}

/// The latest figure's dot.
const DOT: f32 = 1.7;

impl Sparkline {
    /// Its shapes in a box of this size, in points from its top left corner; none without a figure.
    pub fn draw(&self, width: f32, height: f32, look: &Look) -> Vec<Shape> {
        let values: Vec<Option<f64>> = self.values.iter().map(|value| value.filter(|v| drawable(*v))).collect();
        let Some(latest) = values.iter().rposition(Option::is_some) else { return Vec::new() };
        let target = self.target.filter(|target| drawable(*target));
        let (low, high) = values
            .iter()
            .flatten()
            .chain(&target)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)));
        let colour = look.colours.series.first().copied().unwrap_or(look.colours.text);
        let inset = (DOT + 0.3).min(width / 2.0).min(height / 2.0);
        let x = |i: usize| {
            let share = if values.len() > 1 { i as f32 / (values.len() - 1) as f32 } else { 1.0 };
            inset + share * (width - 2.0 * inset)
        };
        let y = |value: f64| {
            let share = if high > low { (((value - low) / (high - low)) as f32).clamp(0.0, 1.0) } else { 0.5 };
            height - inset - share * (height - 2.0 * inset)
        };
        let mut shapes = Vec::new();
        if let Some(target) = target {
            let points = vec![(0.0, y(target)), (width, y(target))];
            shapes.push(Shape::Line { points, width: 0.6, colour: look.colours.target, dash: vec![2.0, 1.5] });
        }
        let spots: Vec<Option<Position>> = values.iter().enumerate().map(|(i, value)| Some((x(i), y((*value)?)))).collect();
        for run in spots.split(Option::is_none) {
            let run: Vec<Position> = run.iter().copied().flatten().collect();
            match run.as_slice() {
                [] => {}
                [alone] => shapes.push(Shape::disc(*alone, 0.9, colour)),
                _ => shapes.push(Shape::Line { points: run, width: 1.1, colour, dash: Vec::new() }),
            }
        }
        shapes.extend(spots[latest].map(|spot| Shape::disc(spot, DOT.min(inset), colour)));
        shapes
    }
}

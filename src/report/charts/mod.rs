//! Charts as pure geometry: figures in, shapes out. Text is set by the caller's own setter, so that a
//! chart has the document's fonts and its words are real text.

mod areas;
mod axis;
mod control;
mod dumbbell;
mod inequality;
mod lines;
mod spark;

pub use areas::{AreaChart, AreaRow};
pub use control::ControlChart;
pub use dumbbell::{DumbbellChart, DumbbellRow};
pub use inequality::InequalityChart;
pub use lines::{ChartPoint, GoalLine, LineChart, Projection, Series};
pub use spark::Sparkline;

use super::canvas::{Glyphs, Shape, Spot};
use super::theme::{Colour, Theme};

#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// Values over time.
    Lines(LineChart),
    /// One value an area, with limits.
    Areas(AreaChart),
    /// Values over time with the limits of chance.
    Control(ControlChart),
    /// One value a group of deprivation.
    Inequality(InequalityChart),
    /// Baseline, latest and target of several measures.
    Dumbbell(DumbbellChart),
}

/// Sets one line of text: words, size in points, bold, colour.
pub type Setter<'a> = dyn FnMut(&str, f32, bool, Colour) -> Glyphs + 'a;

/// A drawn chart, in points from its top left corner.
pub struct Drawing {
    pub height: f32,
    pub shapes: Vec<Shape>,
}

impl Chart {
    pub fn draw(&self, width: f32, theme: &Theme, set: &mut Setter<'_>) -> Drawing {
        match self {
            Chart::Lines(chart) => chart.draw(width, theme, set),
            Chart::Areas(chart) => chart.draw(width, theme, set),
            Chart::Control(chart) => chart.draw(width, theme, set),
            Chart::Inequality(chart) => chart.draw(width, theme, set),
            Chart::Dumbbell(chart) => chart.draw(width, theme, set),
        }
    }

    /// Where its value axis starts, where that is not zero.
    pub fn axis_start(&self) -> Option<f64> {
        let scale = match self {
            Chart::Lines(chart) => chart.scale(),
            Chart::Areas(chart) => chart.scale(),
            Chart::Control(chart) => chart.scale(),
            Chart::Inequality(chart) => chart.scale(),
            Chart::Dumbbell(_) => return None,
        };
        Some(scale.low).filter(|low| *low != 0.0)
    }
}

const LABEL: f32 = 8.5;
const MARKER: f32 = 2.6;

/// The mark of a series by its place: circle, square, triangle, diamond.
fn marker(series: usize, (x, y): Spot, colour: Colour) -> Shape {
    let r = MARKER;
    match series % 4 {
        0 => Shape::disc((x, y), r, colour),
        1 => Shape::rectangle(x - r, y - r, 2.0 * r, 2.0 * r, colour),
        2 => Shape::Fill { points: vec![(x, y - r * 1.2), (x + r * 1.2, y + r), (x - r * 1.2, y + r)], colour },
        _ => {
            let d = r * 1.3;
            Shape::Fill { points: vec![(x, y - d), (x + d, y), (x, y + d), (x - d, y)], colour }
        }
    }
}

/// Words in as few lines as fit in `width` points; a single word that is wider keeps its own line.
fn wrap(words: &str, size: f32, bold: bool, colour: Colour, width: f32, set: &mut Setter<'_>) -> Vec<Glyphs> {
    let mut lines: Vec<Glyphs> = Vec::new();
    let mut current = String::new();
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let longer = if current.is_empty() { word.to_owned() } else { format!("{current} {word}") };
        if !current.is_empty() && set(&longer, size, bold, colour).width() > width {
            lines.push(set(&current, size, bold, colour));
            word.clone_into(&mut current);
        } else {
            current = longer;
        }
    }
    if !current.is_empty() {
        lines.push(set(&current, size, bold, colour));
    }
    lines
}

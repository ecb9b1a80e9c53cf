//! Shares as a hundred squares each, as many filled as there are of 100.

use super::marks::{LABEL, LINE_STEP};
use tagged_document::drawing::{Drawing, Setter};
use tagged_document::look::Look;
use tagged_document::shapes::Shape;

#[derive(Debug, Clone, PartialEq)]
pub struct Of100Chart {
    pub rows: Vec<Of100Row>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Of100Row {
    /// `Breastfeeding, Nottingham: 47 of 100; 56 wanted`
    pub words: String,
    pub of_100: f64,
    /// The square up to which they are wanted to be filled.
    pub wanted: Option<f64>,
}

const LINES: usize = 2;
const IN_LINE: usize = 50;
/// Between squares, as a share of the room of one.
const GAP: f32 = 0.22;
const LARGEST: f32 = 9.0;
const AFTER: f32 = 9.0;

impl Of100Chart {
    pub(super) fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        let step = (width / IN_LINE as f32).min(LARGEST);
        let side = step * (1.0 - GAP);
        let mut shapes = Vec::new();
        let mut y = 0.0;
        for row in &self.rows {
            shapes.push(Shape::Text { at: (0.0, y + LABEL), text: set(&row.words, LABEL, true, look.colours.text) });
            y += LINE_STEP + 3.0;
            let filled = (row.of_100.round().clamp(0.0, 100.0)) as usize;
            let wanted = row.wanted.map(|wanted| wanted.round().clamp(1.0, 100.0) as usize);
            // Down each column first, so that the filled ones are one block from the left.
            for i in 0..LINES * IN_LINE {
                let (x, top) = ((i / LINES) as f32 * step, y + (i % LINES) as f32 * step);
                let colour = if i < filled { look.colours.brand } else { look.colours.line };
                shapes.push(Shape::rectangle(x, top, side, side, colour));
            }
            let height = step * LINES as f32;
            if let Some(wanted) = wanted {
                let x = wanted.div_ceil(LINES) as f32 * step - (step - side) / 2.0;
                shapes.push(Shape::line((x, y - 3.0), (x, y + height + 1.0), 1.6, look.colours.text));
            }
            y += height + AFTER;
        }
        Drawing { height: y, shapes }
    }
}

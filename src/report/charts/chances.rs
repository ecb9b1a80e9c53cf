//! Chances as ten circles each, as many filled as there are of ten.

use super::marks::{LABEL, LINE_STEP, outlined, set_lines, without_figures, wrap};
use tagged_document::drawing::{Drawing, Setter};
use tagged_document::look::Look;
use tagged_document::shapes::{Shape, circle};

#[derive(Debug, Clone, PartialEq)]
pub struct ChancesChart {
    pub rows: Vec<ChanceRow>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ChanceRow {
    pub name: String,
    /// `about 3 in 10`
    pub words: String,
    pub of_ten: u8,
}

const CIRCLES: u8 = 10;
const LARGEST_STEP: f32 = 10.0;
/// The shares of the width that names and words have.
const NAMES: f32 = 0.5;
const WORDS: f32 = 0.2;
const GAP: f32 = 8.0;

impl ChancesChart {
    pub(super) fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        if self.rows.is_empty() {
            return without_figures(look, set);
        }
        let colours = &look.colours;
        let left = width * NAMES;
        let step = ((width * (1.0 - NAMES - WORDS) - GAP) / f32::from(CIRCLES)).min(LARGEST_STEP);
        let after = left + step * f32::from(CIRCLES) + GAP;
        let mut shapes = Vec::new();
        let mut y = 0.0;
        for row in &self.rows {
            let name = wrap(&row.name, LABEL, false, colours.text, left - GAP, set);
            let words = wrap(&row.words, LABEL, true, colours.text, width - after, set);
            let height = name.len().max(words.len()) as f32 * LINE_STEP;
            shapes.extend(set_lines(name, (0.0, y + LABEL)));
            shapes.extend(set_lines(words, (after, y + LABEL)));
            for i in 0..CIRCLES {
                let centre = (left + (f32::from(i) + 0.5) * step, y + LABEL * 0.67);
                if i < row.of_ten {
                    shapes.push(Shape::disc(centre, step * 0.4, colours.brand));
                } else {
                    shapes.extend(outlined(circle(centre, step * 0.36), 0.8, colours.quiet));
                }
            }
            y += height + 4.0;
        }
        Drawing { height: y, shapes }
    }
}

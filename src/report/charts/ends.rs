//! Labels at the right of a plot, each beside a sample of its line, so that no legend is needed.

use super::marks::{LABEL, LINE_STEP, set_lines, wrap};
use super::plot::Plot;
use tagged_document::drawing::Setter;
use tagged_document::look::Colour;
use tagged_document::shapes::{Glyphs, Position, Shape};

/// Labels being gathered; each stands as near to the end of its line as the others let it.
pub struct EndLabels {
    labels: Vec<EndLabel>,
    /// Points from the sample's left end to the right edge of the words.
    room: f32,
}

struct EndLabel {
    /// The value at which its line ends.
    value: f64,
    lines: Vec<Glyphs>,
    /// Around (0, 0), which is the sample's left end.
    sample: Vec<Shape>,
}

/// The width of a sample of a line.
pub const SAMPLE: f32 = 12.0;
const SAMPLE_GAP: f32 = 4.0;
/// Between the plot and the samples.
pub const MARGIN: f32 = 6.0;
/// Narrower than this a chart gives a larger share to its labels: names are no shorter there.
const NARROW: f32 = 360.0;
/// Labels may stand so far above and below the plot.
const BEYOND: f32 = 6.0;

impl EndLabels {
    /// Points that the labels take of a chart of this width, margin included.
    pub fn room(width: f32) -> f32 {
        if width < NARROW { width * 0.38 } else { (width * 0.28).min(124.0) }
    }

    pub fn new(width: f32) -> Self {
        EndLabels { labels: Vec::new(), room: Self::room(width) - MARGIN }
    }

    pub fn add(&mut self, words: &str, bold: bool, colour: Colour, value: f64, sample: Vec<Shape>, set: &mut Setter<'_>) {
        let lines = wrap(words, LABEL, bold, colour, self.room - SAMPLE - SAMPLE_GAP, set);
        self.labels.push(EndLabel { value, lines, sample });
    }

    /// The least height of a plot beside which all labels stand one below the other.
    pub fn height(&self) -> f32 {
        self.labels.iter().map(|label| height(label.lines.len())).sum::<f32>() - 2.0 * BEYOND
    }

    /// The labels at the right of the plot.
    pub fn shapes(mut self, plot: &Plot) -> Vec<Shape> {
        self.labels.sort_by(|a, b| b.value.total_cmp(&a.value));
        let wanted: Vec<(f32, usize)> = self.labels.iter().map(|label| (plot.y(label.value), label.lines.len())).collect();
        let placed = spread(&wanted, plot.top - BEYOND, plot.bottom + BEYOND);
        let x = plot.right + MARGIN;
        let mut shapes = Vec::new();
        for (label, y) in self.labels.into_iter().zip(placed) {
            shapes.extend(label.sample.into_iter().map(|shape| shape.moved(x, y)));
            shapes.extend(set_lines(label.lines, (x + SAMPLE + SAMPLE_GAP, y + LABEL * 0.33)));
        }
        shapes
    }
}

/// A piece of a line as it is drawn in the plot.
pub fn line_sample(width: f32, colour: Colour, dash: &[f32]) -> Vec<Shape> {
    let points: Vec<Position> = vec![(0.0, 0.0), (SAMPLE, 0.0)];
    vec![Shape::Line { points, width, colour, dash: dash.to_vec() }]
}

/// Points that a label of so many lines takes.
fn height(lines: usize) -> f32 {
    lines.max(1) as f32 * LINE_STEP + 2.0
}

/// Labels, each with where its line ends and its number of lines, from the top down: the middle of the first
/// line of each, such that none touches another and all are between `top` and `bottom`.
fn spread(labels: &[(f32, usize)], top: f32, bottom: f32) -> Vec<f32> {
    let mut least = top;
    let mut placed = Vec::with_capacity(labels.len());
    for (target, lines) in labels {
        // A label of several lines stands around the end of its line.
        let wanted = target - (lines.max(&1) - 1) as f32 * LINE_STEP / 2.0;
        let y = wanted.max(least + LINE_STEP / 2.0);
        least = y - LINE_STEP / 2.0 + height(*lines);
        placed.push(y);
    }
    let mut most = bottom;
    for (y, (_, lines)) in placed.iter_mut().zip(labels).rev() {
        *y = y.min(most - height(*lines) + LINE_STEP / 2.0);
        most = *y - LINE_STEP / 2.0;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn end_labels_are_stacked() {
        let labels = [(49.0, 2), (50.0, 1), (50.0, 3), (51.0, 1)];
        let placed = spread(&labels, 0.0, 116.0);
        for (pair, (_, lines)) in placed.windows(2).zip(labels) {
            assert!(pair[1] - pair[0] >= lines as f32 * LINE_STEP, "{} {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn low_labels_move_up_into_the_chart() {
        let placed = spread(&[(110.0, 2), (112.0, 2)], 0.0, 116.0);
        assert!(placed.iter().all(|y| y + LINE_STEP <= 116.0));
    }
}

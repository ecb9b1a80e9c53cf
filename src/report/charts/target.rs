//! The line of a target: one value, or one for each year.

use super::ends::{EndLabels, line_sample};
use super::plot::Plot;
use super::time::TimeAxis;
use crate::period::Period;
use tagged_document::drawing::Setter;
use tagged_document::look::Colour;
use tagged_document::shapes::{Shape, drawable};

#[derive(Debug, Clone, PartialEq)]
pub struct TargetLine {
    /// That of the latest figure.
    pub value: f64,
    /// `Target 60.0 by March 2030`.
    pub label: String,
    /// Those of each year, where they are set anew for each; otherwise it holds all along.
    pub years: Vec<(Period, f64)>,
}

const WIDTH: f32 = 1.2;
const DASH: [f32; 2] = [7.0, 3.0];

impl TargetLine {
    /// What needs a place on the axis.
    pub(super) fn values(&self) -> impl Iterator<Item = f64> {
        std::iter::once(self.value).chain(self.years.iter().map(|(_, value)| *value))
    }

    pub(super) fn shapes(&self, time: &TimeAxis, plot: &Plot, colour: Colour) -> Vec<Shape> {
        let level = |from: f32, to: f32, value: f64| {
            let points = vec![(from.max(plot.left), plot.y(value)), (to.min(plot.right), plot.y(value))];
            Shape::Line { points, width: WIDTH, colour, dash: DASH.to_vec() }
        };
        let all_along = Some(self.value).filter(|_| self.years.is_empty());
        let all_along = all_along.map(|value| (plot.left, plot.right, value));
        // A year is drawn up to its last day, as its figure is, and the first from before it.
        let years = self.years.iter().map(|(year, value)| {
            let end = time.date(year.end());
            (end - time.year(), end, *value)
        });
        all_along
            .into_iter()
            .chain(years)
            .filter(|(.., value)| drawable(*value))
            .map(|(from, to, value)| level(from, to, value))
            .collect()
    }

    /// Adds its label to those at the right of the plot.
    pub(super) fn label_end(&self, ends: &mut EndLabels, colour: Colour, set: &mut Setter<'_>) {
        if drawable(self.value) {
            ends.add(&self.label, false, colour, self.value, line_sample(WIDTH, colour, &DASH), set);
        }
    }
}

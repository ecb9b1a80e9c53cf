//! One value a group, from the most to the least deprived, with the line whose slope is the index of inequality.

use super::areas::AreaRow;
use super::axis::Scale;
use super::ends::{EndLabels, line_sample};
use super::plot::Plot;
use super::series::whisker;
use super::{Drawing, LABEL, LINE_STEP, Setter, drawable, extent, marker, set_lines, without_figures, wrap};
use crate::report::canvas::{Glyphs, Shape};
use crate::report::theme::Theme;

#[derive(Debug, Clone, PartialEq)]
pub struct InequalityChart {
    /// The most deprived group first.
    pub groups: Vec<AreaRow>,
    /// Values of the fitted line at the most and at the least deprived end.
    pub slope: Option<(f64, f64)>,
    /// Printed beside the line: `Slope index 7.4 years (6.1 to 8.7)`.
    pub slope_label: String,
    /// The label of the comparator's line, and its value.
    pub comparator: Option<(String, f64)>,
}

const HEIGHT: f32 = 124.0;
/// Room above the highest limit for a figure in words.
const TOP: f32 = 15.0;
const SLOPE_DASH: [f32; 2] = [6.0, 2.5];
const COMPARATOR_DASH: [f32; 2] = [1.5, 2.0];
/// The least size of words within a group's room, in points.
const SMALL: f32 = 7.0;

impl InequalityChart {
    pub fn scale(&self) -> Scale {
        let own = self.groups.iter().filter_map(AreaRow::drawn).flat_map(extent);
        let line = self.slope().into_iter().flat_map(|(from, to)| [from, to]);
        Scale::over(own.chain(line).chain(self.comparator.iter().map(|(_, value)| *value)), 5)
    }

    fn slope(&self) -> Option<(f64, f64)> {
        self.slope.filter(|(from, to)| drawable(*from) && drawable(*to))
    }

    pub(super) fn draw(&self, width: f32, theme: &Theme, set: &mut Setter<'_>) -> Drawing {
        if self.groups.iter().all(|group| group.drawn().is_none()) {
            return without_figures(theme, set);
        }
        let colours = &theme.colours;
        let (own, slope_colour) = (series(theme, 0), series(theme, 1));
        let mut ends = EndLabels::new(width);
        if let Some((_, to)) = self.slope() {
            let sample = line_sample(1.3, slope_colour, &SLOPE_DASH);
            ends.add(&self.slope_label, false, slope_colour, to, sample, set);
        }
        if let Some((name, value)) = self.comparator.as_ref().filter(|(_, value)| drawable(*value)) {
            let sample = line_sample(1.0, colours.comparator, &COMPARATOR_DASH);
            ends.add(name, false, colours.comparator, *value, sample, set);
        }
        let bottom = (HEIGHT - 26.0).max(TOP + ends.height());
        let (plot, mut shapes) = Plot::new(self.scale(), (TOP, bottom), width - EndLabels::room(width), theme, set);
        let slot = (plot.right - plot.left) / self.groups.len() as f32;
        let centre = |i: usize| plot.left + (i as f32 + 0.5) * slot;
        let (labels, height) = self.group_labels(&plot, slot, theme, set);
        shapes.extend(labels);
        if let Some((_, value)) = self.comparator.as_ref().filter(|(_, value)| drawable(*value)) {
            let points = vec![(plot.left, plot.y(*value)), (plot.right, plot.y(*value))];
            shapes.push(Shape::Line { points, width: 1.0, colour: colours.comparator, dash: COMPARATOR_DASH.to_vec() });
        }
        if let Some((from, to)) = self.slope() {
            let points = vec![(plot.left, plot.y(from)), (plot.right, plot.y(to))];
            shapes.push(Shape::Line { points, width: 1.3, colour: slope_colour, dash: SLOPE_DASH.to_vec() });
        }
        for (i, group) in self.groups.iter().enumerate() {
            let Some((value, limits)) = group.drawn() else {
                if let Some(text) = fitting(&group.label, false, slot, theme, set) {
                    shapes.push(Shape::Text { at: (centre(i) - text.width() / 2.0, plot.bottom - 4.0), text });
                }
                continue;
            };
            let mut highest = plot.y(value) - 4.0;
            if let Some(limits) = limits {
                shapes.extend(whisker(centre(i), limits, &plot, 1.0, own));
                highest = highest.min(plot.y(limits.upper.max(limits.lower)) - 2.0);
            }
            shapes.push(marker(0, (centre(i), plot.y(value)), own));
            if let Some(text) = fitting(&group.label, true, slot, theme, set) {
                shapes.push(Shape::Text { at: (centre(i) - text.width() / 2.0, highest - 1.0), text });
            }
        }
        shapes.extend(ends.shapes(&plot));
        Drawing { height: bottom + height, shapes }
    }

    /// The groups' names where each fits its own room, otherwise their numbers; the two ends are named in any case. With the
    /// height that they take.
    fn group_labels(&self, plot: &Plot, slot: f32, theme: &Theme, set: &mut Setter<'_>) -> (Vec<Shape>, f32) {
        let colour = theme.colours.quiet;
        let names: Vec<Vec<Glyphs>> =
            self.groups.iter().map(|group| wrap(&group.name, LABEL, false, colour, slot - 6.0, set)).collect();
        // A word that had to be broken is no name.
        let whole =
            self.groups.iter().flat_map(|g| g.name.split(' ')).all(|word| set(word, LABEL, false, colour).width() <= slot - 6.0);
        let rows = names.iter().map(Vec::len).max().unwrap_or(1);
        let first = plot.bottom + 4.0 + LABEL;
        let mut shapes = Vec::new();
        let centre = |i: usize| plot.left + (i as f32 + 0.5) * slot;
        if whole && rows <= 2 {
            for (i, lines) in names.into_iter().enumerate() {
                for (row, text) in lines.into_iter().enumerate() {
                    shapes.push(Shape::Text { at: (centre(i) - text.width() / 2.0, first + row as f32 * LINE_STEP), text });
                }
            }
            return (shapes, 8.0 + rows as f32 * LINE_STEP);
        }
        for i in 0..self.groups.len() {
            if let Some(text) = fitting(&(i + 1).to_string(), false, slot, theme, set) {
                shapes.push(Shape::Text { at: (centre(i) - text.width() / 2.0, first), text });
            }
        }
        let half = (plot.right - plot.left) / 2.0 - 4.0;
        let most = wrap("most deprived", LABEL, false, colour, half, set);
        let least = wrap("least deprived", LABEL, false, colour, half, set);
        let lines = most.len().max(least.len());
        let start = plot.right - least.iter().map(Glyphs::width).fold(0.0, f32::max);
        shapes.extend(set_lines(most, (plot.left, first + LINE_STEP)));
        shapes.extend(set_lines(least, (start, first + LINE_STEP)));
        (shapes, 8.0 + (1 + lines) as f32 * LINE_STEP)
    }
}

/// Words on one line within a group's room, smaller where they must be; none where even so they don't fit.
fn fitting(words: &str, bold: bool, room: f32, theme: &Theme, set: &mut Setter<'_>) -> Option<Glyphs> {
    [LABEL, SMALL].into_iter().map(|size| set(words, size, bold, theme.colours.text)).find(|text| text.width() <= room - 2.0)
}

fn series(theme: &Theme, index: usize) -> crate::report::theme::Colour {
    let colours = &theme.colours.series;
    colours.get(index).or(colours.first()).copied().unwrap_or(theme.colours.text)
}

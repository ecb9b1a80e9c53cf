//! One value a group, from the most to the least deprived, with the line whose slope is the index of inequality.

use super::areas::AreaRow;
use super::axis::Scale;
use super::ends::{EndLabels, line_sample};
use super::marks::{LABEL, LINE_STEP, extent, marker, set_lines, without_figures, wrap};
use super::plot::Plot;
use super::series::whisker;
use std::collections::BTreeMap;
use tagged_document::drawing::{Drawing, Setter};
use tagged_document::look::{Colour, Look};
use tagged_document::shapes::drawable;
use tagged_document::shapes::{Glyphs, Shape};

#[derive(Debug, Clone, PartialEq)]
pub struct InequalityChart {
    /// The most deprived group first.
    pub groups: Vec<AreaRow>,
    /// Each group's share of all people, which the line is fitted by; where none are given, all groups are alike.
    pub shares: Vec<f64>,
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
/// The least size of words within a group's room, in points: 9 pixels on a phone, where a chart of 240 points is 304 pixels wide.
const SMALL: f32 = 7.2;

impl InequalityChart {
    pub fn scale(&self) -> Scale {
        let own = self.groups.iter().filter_map(AreaRow::drawn).flat_map(extent);
        let line = self.slope().into_iter().flat_map(|(from, to)| [from, to]);
        Scale::over(own.chain(line).chain(self.comparator.iter().map(|(_, value)| *value)), 5)
    }

    fn slope(&self) -> Option<(f64, f64)> {
        self.slope.filter(|(from, to)| drawable(*from) && drawable(*to))
    }

    /// The middle of each group and its room, both as shares of the whole width.
    fn places(&self) -> Vec<(f32, f32)> {
        let known = self.shares.len() == self.groups.len() && self.shares.iter().all(|share| *share > 0.0 && *share <= 1.0);
        let even = 1.0 / self.groups.len().max(1) as f64;
        let mut before = 0.0;
        (0..self.groups.len())
            .map(|i| {
                let share = if known { self.shares[i] } else { even };
                before += share;
                ((before - share / 2.0) as f32, share as f32)
            })
            .collect()
    }

    pub(super) fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        if self.groups.iter().all(|group| group.drawn().is_none()) {
            return without_figures(look, set);
        }
        let colours = &look.colours;
        let (own, slope_colour) = (series(look, 0), series(look, 1));
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
        let (plot, mut shapes) = Plot::new(self.scale(), (TOP, bottom), width - EndLabels::room(width), look, set);
        let (places, breadth) = (self.places(), plot.right - plot.left);
        let centre = |i: usize| plot.left + places[i].0 * breadth;
        let slot = |i: usize| places[i].1 * breadth;
        let (labels, mut height) = self.group_labels(&plot, look, set);
        shapes.extend(labels);
        let mut over = Vec::new();
        if let Some((_, value)) = self.comparator.as_ref().filter(|(_, value)| drawable(*value)) {
            let points = vec![(plot.left, plot.y(*value)), (plot.right, plot.y(*value))];
            shapes.push(Shape::Line { points, width: 1.0, colour: colours.comparator, dash: COMPARATOR_DASH.to_vec() });
        }
        if let Some((from, to)) = self.slope() {
            let points = vec![(plot.left, plot.y(from)), (plot.right, plot.y(to))];
            shapes.push(Shape::Line { points, width: 1.3, colour: slope_colour, dash: SLOPE_DASH.to_vec() });
        }
        let mut put = |words: &str, bold: bool, i: usize, y: f32, set: &mut Setter<'_>| -> bool {
            let Some(text) = fitting(words, bold, slot(i), look, set) else { return false };
            let (start, size) = (centre(i) - text.width() / 2.0, text.size);
            // On white, so that no line crosses it.
            over.push(Shape::rectangle(start - 0.5, y - size * 0.7, text.width() + 1.0, size * 0.76, Colour::WHITE));
            over.push(Shape::Text { at: (start, y), text });
            true
        };
        let mut unsaid: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (i, group) in self.groups.iter().enumerate() {
            let Some((value, limits)) = group.drawn() else {
                if !put(&group.label, false, i, plot.bottom - 4.0, set) {
                    put("–", false, i, plot.bottom - 4.0, set);
                    unsaid.entry(&group.label).or_default().push((i + 1).to_string());
                }
                continue;
            };
            let mut highest = plot.y(value) - 4.0;
            if let Some(limits) = limits {
                shapes.extend(whisker(centre(i), limits, &plot, 1.0, own));
                highest = highest.min(plot.y(limits.upper.max(limits.lower)) - 2.0);
            }
            shapes.push(marker(0, (centre(i), plot.y(value)), own));
            put(&group.label, true, i, highest - 1.0, set);
        }
        shapes.extend(over);
        for (words, groups) in unsaid {
            let words = format!("{}: {words}", groups.join(", "));
            let lines = wrap(&words, LABEL, false, colours.quiet, width - plot.left, set);
            let below = lines.len() as f32 * LINE_STEP;
            shapes.extend(set_lines(lines, (plot.left, bottom + height + LABEL * 0.8)));
            height += below;
        }
        shapes.extend(ends.shapes(&plot));
        Drawing { height: bottom + height, shapes }
    }

    /// The groups' names where each fits its own room, otherwise their numbers; below them which end is which, where
    /// the names don't say. With the height that they take.
    fn group_labels(&self, plot: &Plot, look: &Look, set: &mut Setter<'_>) -> (Vec<Shape>, f32) {
        let colour = look.colours.quiet;
        let (places, breadth) = (self.places(), plot.right - plot.left);
        let slot = |i: usize| places[i].1 * breadth;
        let room = |i: usize| slot(i) - 6.0;
        // A word that had to be broken is no name.
        let words = self.groups.iter().enumerate().flat_map(|(i, g)| g.name.split(' ').map(move |word| (i, word)));
        let whole = words.into_iter().all(|(i, word)| set(word, LABEL, false, colour).width() <= room(i));
        let named = self.groups.iter().enumerate();
        let names: Vec<Vec<Glyphs>> = named.map(|(i, group)| wrap(&group.name, LABEL, false, colour, room(i), set)).collect();
        let first = plot.bottom + 4.0 + LABEL;
        let centre = |i: usize| plot.left + places[i].0 * breadth;
        let mut shapes = Vec::new();
        let mut rows = names.iter().map(Vec::len).max().unwrap_or(1);
        let named = whole && rows <= 2;
        if named {
            for (i, lines) in names.into_iter().enumerate() {
                for (row, text) in lines.into_iter().enumerate() {
                    shapes.push(Shape::Text { at: (centre(i) - text.width() / 2.0, first + row as f32 * LINE_STEP), text });
                }
            }
        } else {
            rows = 1;
            for i in 0..self.groups.len() {
                if let Some(text) = fitting(&(i + 1).to_string(), false, slot(i), look, set) {
                    shapes.push(Shape::Text { at: (centre(i) - text.width() / 2.0, first), text });
                }
            }
        }
        let says = |group: Option<&AreaRow>| group.is_some_and(|group| group.name.to_lowercase().contains("depriv"));
        if !(named && says(self.groups.first()) && says(self.groups.last())) {
            let half = (plot.right - plot.left) / 2.0 - 4.0;
            let y = first + rows as f32 * LINE_STEP;
            let most = wrap("most deprived", LABEL, false, colour, half, set);
            let least = wrap("least deprived", LABEL, false, colour, half, set);
            rows += most.len().max(least.len());
            let start = plot.right - least.iter().map(Glyphs::width).fold(0.0, f32::max);
            shapes.extend(set_lines(most, (plot.left, y)));
            shapes.extend(set_lines(least, (start, y)));
        }
        (shapes, 8.0 + rows as f32 * LINE_STEP)
    }
}

/// Words on one line within a group's room, smaller where they must be; none where even so they don't fit.
fn fitting(words: &str, bold: bool, room: f32, look: &Look, set: &mut Setter<'_>) -> Option<Glyphs> {
    [LABEL, SMALL].into_iter().map(|size| set(words, size, bold, look.colours.text)).find(|text| text.width() <= room - 2.0)
}

fn series(look: &Look, index: usize) -> Colour {
    let colours = &look.colours.series;
    colours.get(index).or(colours.first()).copied().unwrap_or(look.colours.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(shares: Vec<f64>) -> InequalityChart {
        let group = |name: &str| AreaRow { name: name.to_owned(), label: "1".to_owned(), value: Some(1.0), limits: None };
        let groups = vec![group("1"), group("2"), group("3")];
        InequalityChart { groups, shares, slope: None, slope_label: String::new(), comparator: None }
    }

    #[test]
    fn groups_stand_at_their_shares_midpoint() {
        let near = |found: Vec<(f32, f32)>, expected: [(f32, f32); 3]| {
            assert!(found.iter().zip(expected).all(|(a, b)| (a.0 - b.0).abs() < 1e-6 && (a.1 - b.1).abs() < 1e-6), "{found:?}");
        };
        near(chart(vec![0.5, 0.3, 0.2]).places(), [(0.25, 0.5), (0.65, 0.3), (0.9, 0.2)]);
        let even = 1.0 / 3.0;
        near(chart(Vec::new()).places(), [(even / 2.0, even), (0.5, even), (1.0 - even / 2.0, even)]);
    }
}

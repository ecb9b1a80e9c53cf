//! One value an area with its limits, beside the comparator's line.

use super::axis::{Scale, spaced};
use super::marks::{LABEL, LINE_STEP, drawn, extent, marker, set_lines, without_figures, wrap};
use super::plot::axis_break;
use crate::value::Limits;
use tagged_document::drawing::{Drawing, Setter};
use tagged_document::look::Look;
use tagged_document::shapes::drawable;
use tagged_document::shapes::{Glyphs, Shape};

#[derive(Debug, Clone, PartialEq)]
pub struct AreaChart {
    pub rows: Vec<AreaRow>,
    /// The label of the comparator's line, and its value.
    pub comparator: Option<(String, f64)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct AreaRow {
    pub name: String,
    /// Its value in words: `31.4`, `suppressed`.
    pub label: String,
    pub value: Option<f64>,
    pub limits: Option<Limits>,
}

impl AreaRow {
    /// The figure with its limits, where it has a place on an axis.
    pub(super) fn drawn(&self) -> Option<(f64, Option<Limits>)> {
        self.value.filter(|value| drawable(*value)).map(|value| (value, drawn(self.limits)))
    }
}

const ROW: f32 = 14.0;

impl AreaChart {
    pub fn scale(&self) -> Scale {
        let own = self.rows.iter().filter_map(AreaRow::drawn).flat_map(extent);
        Scale::over(own.chain(self.comparator.iter().map(|(_, value)| *value)), 6)
    }

    pub(super) fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        let comparator = self.comparator.as_ref().filter(|(_, value)| drawable(*value));
        if self.rows.is_empty() {
            return without_figures(look, set);
        }
        let colours = &look.colours;
        let scale = self.scale();
        let label =
            comparator.map(|(name, _)| wrap(name, LABEL, false, colours.comparator, width * 0.5, set)).unwrap_or_default();
        let top = if label.is_empty() { 2.0 } else { label.len() as f32 * LINE_STEP + 6.0 };
        let names: Vec<Vec<Glyphs>> =
            self.rows.iter().map(|row| wrap(&row.name, LABEL, false, colours.text, width * 0.34, set)).collect();
        let said: Vec<Vec<Glyphs>> =
            self.rows.iter().map(|row| wrap(&row.label, LABEL, row.value.is_some(), colours.text, width * 0.18, set)).collect();
        let widest = |lines: &[Vec<Glyphs>]| lines.iter().flatten().map(Glyphs::width).fold(0.0, f32::max);
        let left = widest(&names).max(40.0) + 10.0;
        let right = width - widest(&said) - 14.0;
        let x = |value: f64| left + 4.0 + scale.share(value) * (right - left - 8.0);
        let row_height = |lines: usize| ROW.max(lines as f32 * LINE_STEP + 4.0);
        let heights: Vec<f32> = names.iter().zip(&said).map(|(a, b)| row_height(a.len().max(b.len()))).collect();
        let bottom = top + heights.iter().sum::<f32>() + 4.0;
        let mut shapes = Vec::new();
        // Without a figure there is nothing to read off an axis.
        if comparator.is_some() || self.rows.iter().any(|row| row.drawn().is_some()) {
            let ticks: Vec<(f32, Glyphs)> =
                scale.ticks.iter().map(|tick| (x(*tick), set(&scale.label(*tick), LABEL, false, colours.quiet))).collect();
            let centres: Vec<f32> = ticks.iter().map(|(at, _)| *at).collect();
            let widths: Vec<f32> = ticks.iter().map(|(_, glyphs)| glyphs.width()).collect();
            let kept = spaced(&centres, &widths, 8.0, &[]);
            for (i, (at, text)) in ticks.into_iter().enumerate() {
                let weight = if i == 0 { 0.8 } else { 0.4 };
                shapes.push(Shape::line((at, top), (at, bottom), weight, colours.line));
                if kept.contains(&i) {
                    let start = (at - text.width() / 2.0).min(width - text.width());
                    shapes.push(Shape::Text { at: (start, bottom + 3.0 + LABEL), text });
                }
            }
        }
        if scale.low != 0.0 {
            shapes.extend(axis_break((x(scale.low), bottom), colours.quiet));
        }
        if let Some((_, value)) = comparator {
            let at = x(*value);
            for (i, text) in label.into_iter().enumerate() {
                let start = (at - text.width() / 2.0).min(width - text.width()).max(0.0);
                shapes.push(Shape::Text { at: (start, LABEL + i as f32 * LINE_STEP), text });
            }
            let points = vec![(at, top - 3.0), (at, bottom)];
            shapes.push(Shape::Line { points, width: 1.0, colour: colours.comparator, dash: vec![1.5, 2.0] });
        }
        let colour = colours.series.first().copied().unwrap_or(colours.text);
        let mut y = top + 2.0;
        for (((row, name), said), height) in self.rows.iter().zip(names).zip(said).zip(heights) {
            let centre = y + height / 2.0;
            let first = |lines: usize| centre - (lines.max(1) - 1) as f32 * LINE_STEP / 2.0 + LABEL * 0.33;
            let (name_at, said_at) = (first(name.len()), first(said.len()));
            shapes.extend(set_lines(name, (0.0, name_at)));
            if let Some((value, limits)) = row.drawn() {
                if let Some(limits) = limits {
                    let (from, to) = (x(limits.lower), x(limits.upper));
                    shapes.push(Shape::line((from, centre), (to, centre), 1.0, colour));
                    shapes.extend([from, to].map(|end| Shape::line((end, centre - 2.5), (end, centre + 2.5), 1.0, colour)));
                }
                shapes.push(marker(0, (x(value), centre), colour));
            }
            for (i, text) in said.into_iter().enumerate() {
                shapes.push(Shape::Text { at: (width - text.width(), said_at + i as f32 * LINE_STEP), text });
            }
            y += height;
        }
        Drawing { height: bottom + LABEL + 8.0, shapes }
    }
}

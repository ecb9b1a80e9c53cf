//! One value an area with its limits, beside the comparator's line.

use super::axis::{Scale, spaced};
use super::{Drawing, LABEL, Setter, marker, wrap};
use crate::report::canvas::{Glyphs, Shape};
use crate::report::theme::Theme;
use crate::value::{Limits, format_number};

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

const ROW: f32 = 15.0;
const LINE_STEP: f32 = LABEL * 1.15;
/// Room for the comparator's label.
const LABEL_TOP: f32 = 16.0;

impl AreaChart {
    pub fn scale(&self) -> Scale {
        let own = self.rows.iter().flat_map(|row| {
            let limits = row.limits.filter(|_| row.value.is_some());
            [row.value, limits.map(|l| l.lower), limits.map(|l| l.upper)]
        });
        Scale::over(own.chain([self.comparator.as_ref().map(|(_, value)| *value)]).flatten(), 6)
    }

    pub(super) fn draw(&self, width: f32, theme: &Theme, set: &mut Setter<'_>) -> Drawing {
        let colours = &theme.colours;
        let scale = self.scale();
        let top = if self.comparator.is_some() { LABEL_TOP } else { 2.0 };
        let names: Vec<Vec<Glyphs>> =
            self.rows.iter().map(|row| wrap(&row.name, LABEL, false, colours.text, width * 0.34, set)).collect();
        let left = names.iter().flatten().map(Glyphs::width).fold(40.0, f32::max).min(width * 0.45) + 10.0;
        let right = width - 58.0;
        let x = |value: f64| left + 4.0 + scale.share(value) * (right - left - 8.0);
        let heights: Vec<f32> = names.iter().map(|lines| ROW.max(lines.len() as f32 * LINE_STEP + 4.0)).collect();
        let bottom = top + heights.iter().sum::<f32>() + 4.0;
        let mut shapes = Vec::new();
        let ticks: Vec<(f32, Glyphs)> = scale
            .ticks
            .iter()
            .map(|tick| (x(*tick), set(&format_number(*tick, scale.decimals), LABEL, false, colours.quiet)))
            .collect();
        let centres: Vec<f32> = ticks.iter().map(|(at, _)| *at).collect();
        let widths: Vec<f32> = ticks.iter().map(|(_, glyphs)| glyphs.width()).collect();
        let kept = spaced(&centres, &widths, 8.0);
        for (i, (at, glyphs)) in ticks.into_iter().enumerate() {
            shapes.push(Shape::line((at, top), (at, bottom), 0.4, colours.line));
            if kept.contains(&i) {
                shapes.push(Shape::Text { at: (at - glyphs.width() / 2.0, bottom + 3.0 + LABEL), text: glyphs });
            }
        }
        if let Some((name, value)) = &self.comparator {
            let label = set(name, LABEL, false, colours.comparator);
            let at = x(*value);
            let start = (at - label.width() / 2.0).clamp(left, (right - label.width()).max(left));
            shapes.push(Shape::Text { at: (start, LABEL), text: label });
            let points = vec![(at, top - 3.0), (at, bottom)];
            shapes.push(Shape::Line { points, width: 1.0, colour: colours.comparator, dash: vec![1.5, 2.0] });
        }
        let colour = colours.series.first().copied().unwrap_or(colours.text);
        let mut y = top + 2.0;
        for ((row, lines), height) in self.rows.iter().zip(names).zip(heights) {
            let centre = y + height / 2.0;
            let first = centre - (lines.len().max(1) - 1) as f32 * LINE_STEP / 2.0 + LABEL * 0.33;
            for (i, glyphs) in lines.into_iter().enumerate() {
                shapes.push(Shape::Text { at: (0.0, first + i as f32 * LINE_STEP), text: glyphs });
            }
            if let (Some(_), Some(limits)) = (row.value, row.limits) {
                let (from, to) = (x(limits.lower), x(limits.upper));
                shapes.push(Shape::line((from, centre), (to, centre), 1.0, colour));
                shapes.extend([from, to].map(|end| Shape::line((end, centre - 2.5), (end, centre + 2.5), 1.0, colour)));
            }
            if let Some(value) = row.value {
                shapes.push(marker(0, (x(value), centre), colour));
            }
            let said = set(&row.label, LABEL, row.value.is_some(), colours.text);
            shapes.push(Shape::Text { at: (width - said.width(), centre + LABEL * 0.33), text: said });
            y += height;
        }
        Drawing { height: bottom + LABEL + 8.0, shapes }
    }
}

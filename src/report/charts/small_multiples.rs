//! A small chart an area, all with one scale, so that their shapes and levels can be told apart.

use super::axis::Scale;
use super::marks::{LABEL, LINE_STEP, MARKER, set_lines, without_figures, wrap};
use super::plot::Plot;
use super::series::{ChartPoint, ChartSeries};
use super::time::TimeAxis;
use crate::period::Period;
use tagged_document::drawing::{Drawing, Setter};
use tagged_document::look::Look;
use tagged_document::shapes::{Glyphs, Shape, drawable};

#[derive(Debug, Clone, PartialEq)]
pub struct SmallMultiplesChart {
    pub panels: Vec<Panel>,
    /// Whose line is thin and dashed in each panel.
    pub comparator: String,
    /// The first periods by another definition: the lines are broken before each.
    pub breaks: Vec<Period>,
}

/// One area.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Its label is the head of the panel: name and last figure.
    pub series: ChartSeries,
    /// The comparator's figures of the same periods; may be empty.
    pub comparator: ChartSeries,
    /// The value that it is to reach, where each area has its own.
    pub target: Option<f64>,
}

/// No panel is narrower than this, unless the chart is.
const NARROWEST: f32 = 104.0;
const MOST_IN_LINE: usize = 6;
const BETWEEN: f32 = 12.0;
const HEIGHT: f32 = 34.0;
const SAMPLE: f32 = 16.0;
const DASH: [f32; 2] = [1.5, 2.0];
const TARGET_DASH: [f32; 2] = [5.0, 2.5];

impl SmallMultiplesChart {
    pub fn scale(&self) -> Scale {
        let series = self.panels.iter().flat_map(|panel| [&panel.series, &panel.comparator]);
        let values = series.flat_map(|series| &series.points).filter_map(ChartPoint::drawn).map(|(value, _)| value);
        Scale::closely_over(
            values.chain(self.panels.iter().filter_map(|panel| panel.target).filter(|target| drawable(*target))),
            4,
        )
    }

    pub(super) fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        if self.panels.iter().all(|panel| panel.series.latest().is_none()) {
            return without_figures(look, set);
        }
        let colours = &look.colours;
        let scale = self.scale();
        // The least and the greatest value, at the left of each line of panels.
        let ends = [scale.high, scale.low].map(|tick| (tick, set(&scale.label(tick), LABEL, false, colours.quiet)));
        let left = ends.iter().map(|(_, text)| text.width()).fold(0.0, f32::max) + 6.0;
        let (count, each) = columns(self.panels.len(), width - left);
        let mut shapes = Vec::new();
        let mut y = 0.0;
        let targets = if self.panels.iter().any(|panel| panel.target.is_some()) { "Target of each" } else { "" };
        let keys = [(self.comparator.as_str(), colours.comparator, DASH), (targets, colours.target, TARGET_DASH)];
        for (key, colour, dash) in keys.into_iter().filter(|(key, ..)| !key.is_empty()) {
            let points = vec![(left, y + LABEL * 0.7), (left + SAMPLE, y + LABEL * 0.7)];
            shapes.push(Shape::Line { points, width: 1.0, colour, dash: dash.to_vec() });
            let words = wrap(key, LABEL, false, colour, width - left - SAMPLE - 4.0, set);
            let height = words.len() as f32 * LINE_STEP;
            shapes.extend(set_lines(words, (left + SAMPLE + 4.0, y + LABEL)));
            y += height + 4.0;
        }
        for line in self.panels.chunks(count) {
            let heads: Vec<Vec<Glyphs>> =
                line.iter().map(|panel| wrap(&panel.series.label, LABEL, true, colours.text, each, set)).collect();
            let lines = heads.iter().map(Vec::len).max().unwrap_or(1);
            // Room for the marks of figures at either end of the scale.
            let top = y + lines as f32 * LINE_STEP + MARKER + 2.0;
            let bottom = top + HEIGHT;
            for (i, (panel, head)) in line.iter().zip(heads).enumerate() {
                let from = left + i as f32 * (each + BETWEEN);
                let height = head.len();
                // Heads of fewer lines stand at the foot, above their panels.
                shapes.extend(set_lines(head, (from, y + (lines - height) as f32 * LINE_STEP + LABEL)));
                let plot = Plot::within((from, from + each), (top, bottom), scale.clone());
                shapes.extend(self.panel(panel, &plot, look, set));
            }
            for (tick, text) in ends.clone() {
                let at = if tick == scale.high { top } else { bottom };
                shapes.push(Shape::Text { at: (left - 5.0 - text.width(), at + LABEL * 0.33), text });
            }
            y = bottom + 4.0 + LINE_STEP + 6.0;
        }
        Drawing { height: y, shapes }
    }

    fn panel(&self, panel: &Panel, plot: &Plot, look: &Look, set: &mut Setter<'_>) -> Vec<Shape> {
        let colours = &look.colours;
        let edge = |y: f32, weight: f32| Shape::line((plot.left, y), (plot.right, y), weight, colours.line);
        let mut shapes = vec![edge(plot.top, 0.4), edge(plot.bottom, 0.8)];
        let all = self.panels.iter().flat_map(|panel| panel.series.points.iter().map(|point| point.period));
        let time = TimeAxis::over(all, std::iter::empty(), plot);
        if let Some(target) = panel.target.filter(|target| drawable(*target)) {
            let points = vec![(plot.left, plot.y(target)), (plot.right, plot.y(target))];
            shapes.push(Shape::Line { points, width: 1.0, colour: colours.target, dash: TARGET_DASH.to_vec() });
        }
        shapes.extend(panel.comparator.dashed(colours.comparator, &DASH, &self.breaks, &time, plot));
        let colour = colours.series.first().copied().unwrap_or(colours.text);
        shapes.extend(panel.series.shapes(0, colour, &self.breaks, &time, plot));
        let ends = [time.periods.first(), time.periods.last()].map(|of| of.map(|period| period.in_short()));
        let [first, last] = ends.map(|words| set(&words.unwrap_or_default(), LABEL, false, colours.quiet));
        let base = plot.bottom + 4.0 + LABEL;
        let last_at = plot.right - last.width();
        // The first has no room beside a last that is long.
        if time.periods.len() > 1 && plot.left + first.width() + 4.0 <= last_at {
            shapes.push(Shape::Text { at: (plot.left, base), text: first });
        }
        shapes.push(Shape::Text { at: (last_at.max(plot.left), base), text: last });
        shapes
    }
}

/// How many panels stand side by side, in lines as even as can be, and how wide each is.
fn columns(panels: usize, width: f32) -> (usize, f32) {
    let fit = ((width + BETWEEN) / (NARROWEST + BETWEEN)).floor().clamp(1.0, MOST_IN_LINE as f32) as usize;
    let lines = panels.div_ceil(fit);
    let count = panels.div_ceil(lines.max(1)).max(1);
    // Lines of few panels are no wider than full ones.
    (count, (width - (count - 1) as f32 * BETWEEN) / count as f32)
}

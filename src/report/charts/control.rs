//! A control chart: points with their limits, special causes marked by colour and by shape.

use super::axis::Scale;
use super::ends::{EndLabels, line_sample};
use super::marks::{LABEL, LINE_STEP, outlined, ring, without_figures};
use super::plot::Plot;
use super::target::TargetLine;
use super::time::TimeAxis;
use crate::period::Period;
use crate::report::theme::{COMMON, CONCERN, IMPROVEMENT, NEUTRAL};
use indicator_stats::spc::{FEWEST_FOR_LIMITS, Point, Variation};
use tagged_document::drawing::{Drawing, Setter};
use tagged_document::look::{Colour, Look};
use tagged_document::shapes::drawable;
use tagged_document::shapes::{Position, Shape};

#[derive(Debug, Clone, PartialEq)]
pub struct ControlChart {
    /// Oldest first; a period without a figure is a gap.
    pub points: Vec<(Period, Option<Point>)>,
    pub target: Option<TargetLine>,
    /// Periods whose figure is known to be doubtful: ringed.
    pub doubtful: Vec<Period>,
    /// First periods of a new level: marked by an upright line.
    pub steps: Vec<Period>,
}

const HEIGHT: f32 = 118.0;
const BOTTOM: f32 = 20.0;
const LIMIT_DASH: [f32; 2] = [4.0, 2.5];
const TRIAL_DASH: [f32; 2] = [1.0, 2.5];
const STEP_DASH: [f32; 2] = [2.0, 2.0];
const MARK: f32 = 3.2;

/// Periods that share their lines: indices of the first and the last.
type Part = (usize, usize, Point);

impl ControlChart {
    pub fn scale(&self) -> Scale {
        let points = self.points.iter().filter_map(|(_, point)| drawn(*point));
        let own = points.flat_map(|point| [point.value, point.limits.lower, point.limits.upper]);
        Scale::closely_over(own.chain(self.target.iter().flat_map(TargetLine::values)), 5)
    }

    pub(super) fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        let parts = self.parts();
        let Some((.., last)) = parts.last().copied() else { return without_figures(look, set) };
        let colours = &look.colours;
        let scale = self.scale();
        let ends = self.end_labels(width, &scale, last, look, set);
        let trial = parts.iter().any(|(.., point)| point.trial);
        let top = if trial { 7.0 + LINE_STEP + 3.0 } else { 7.0 };
        let bottom = (HEIGHT - BOTTOM).max(top + ends.height());
        let (plot, axis) = Plot::new(scale, (top, bottom), width - EndLabels::room(width), look, set);
        let time = TimeAxis::over(self.points.iter().map(|(period, _)| *period), std::iter::empty(), &plot);
        let mut shapes = axis;
        shapes.extend(time.labels(&plot, (plot.left - 6.0, plot.right + 4.0), colours.quiet, set));
        if trial {
            let which = if last.trial { "Trial limits" } else { "Some earlier limits are trial limits" };
            let words = format!("{which}: fewer than {FEWEST_FOR_LIMITS} points");
            shapes.push(Shape::Text { at: (plot.left, LABEL), text: set(&words, LABEL, false, colours.quiet) });
        }
        shapes.extend(self.target.iter().flat_map(|target| target.shapes(&time, &plot, colours.target)));
        shapes.extend(self.lines(&parts, &time, &plot, colours.quiet));
        shapes.extend(self.marks(&time, &plot, look));
        shapes.extend(ends.shapes(&plot));
        let (key, height) = self.key((plot.left, bottom + BOTTOM), width, look, set);
        shapes.extend(key);
        Drawing { height: bottom + BOTTOM + height, shapes }
    }

    /// Stretches between one start of the limits and the next.
    fn parts(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for (i, (_, point)) in self.points.iter().enumerate() {
            let Some(point) = drawn(*point) else { continue };
            match parts.last_mut() {
                Some((_, to, of)) if of.mean == point.mean && of.limits == point.limits => *to = i,
                _ => parts.push((i, i, point)),
            }
        }
        parts
    }

    /// Mean and limits: each part from half a step before its first point to half a step after its last.
    fn lines(&self, parts: &[Part], time: &TimeAxis, plot: &Plot, colour: Colour) -> Vec<Shape> {
        let half = time.step().min(plot.right - plot.left) / 2.0;
        let mut shapes = Vec::new();
        for (from, to, point) in parts {
            let [from, to] =
                [(*from, -half), (*to, half)].map(|(i, by)| (time.period(self.points[i].0) + by).clamp(plot.left, plot.right));
            let mut line = |value: f64, width: f32, dash: &[f32]| {
                let points = vec![(from, plot.y(value)), (to, plot.y(value))];
                shapes.push(Shape::Line { points, width, colour, dash: dash.to_vec() });
            };
            line(point.mean, 1.0, &[]);
            if has_limits(point) {
                let dash = if point.trial { &TRIAL_DASH } else { &LIMIT_DASH };
                line(point.limits.upper, 0.8, dash);
                line(point.limits.lower, 0.8, dash);
            }
        }
        for step in &self.steps {
            let x = (time.period(*step) - half).clamp(plot.left, plot.right);
            let points = vec![(x, plot.top), (x, plot.bottom)];
            shapes.push(Shape::Line { points, width: 0.8, colour, dash: STEP_DASH.to_vec() });
        }
        shapes
    }

    /// The points and the line through them, broken where a period has no figure.
    fn marks(&self, time: &TimeAxis, plot: &Plot, look: &Look) -> Vec<Shape> {
        let spots: Vec<Option<(Position, Variation)>> = self
            .points
            .iter()
            .map(|(period, point)| drawn(*point).map(|p| ((time.period(*period), plot.y(p.value)), p.variation)))
            .collect();
        let (mut shapes, mut over) = (Vec::new(), Vec::new());
        let size = if time.step() < 2.0 * MARK { MARK * 0.7 } else { MARK };
        for run in spots.split(Option::is_none) {
            let run: Vec<(Position, Variation)> = run.iter().copied().flatten().collect();
            if run.len() > 1 {
                let points = run.iter().map(|(spot, _)| *spot).collect();
                shapes.push(Shape::Line { points, width: 1.0, colour: look.tone(COMMON), dash: Vec::new() });
            }
            over.extend(run.into_iter().flat_map(|(spot, variation)| mark(variation, spot, size, look)));
        }
        for (period, point) in self.points.iter().filter(|(period, _)| self.doubtful.contains(period)) {
            if let Some(point) = drawn(*point) {
                over.push(ring((time.period(*period), plot.y(point.value)), size * 1.9, look.colours.text));
            }
        }
        shapes.extend(over);
        shapes
    }

    fn end_labels(&self, width: f32, scale: &Scale, last: Point, look: &Look, set: &mut Setter<'_>) -> EndLabels {
        let colours = &look.colours;
        let mut ends = EndLabels::new(width);
        let mut line = |name: &str, value: f64, width: f32, dash: &[f32]| {
            let words = format!("{name} {}", scale.reading(value));
            ends.add(&words, false, colours.quiet, value, line_sample(width, colours.quiet, dash), set);
        };
        line("Mean", last.mean, 1.0, &[]);
        if has_limits(&last) {
            let (upper, lower) =
                if last.trial { ("Trial upper limit", "Trial lower limit") } else { ("Upper limit", "Lower limit") };
            let dash = if last.trial { &TRIAL_DASH } else { &LIMIT_DASH };
            line(upper, last.limits.upper, 0.8, dash);
            line(lower, last.limits.lower, 0.8, dash);
        }
        if let Some(target) = &self.target {
            target.label_end(&mut ends, colours.target, set);
        }
        ends
    }

    /// What the marks that occur mean, in rows from `at` on; and how high it is.
    fn key(&self, (left, top): Position, width: f32, look: &Look, set: &mut Setter<'_>) -> (Vec<Shape>, f32) {
        let lasting = self.points.iter().filter_map(|(_, point)| drawn(*point).filter(|point| !point.trial));
        let found: Vec<Variation> = lasting.map(|point| point.variation).collect();
        let mut shapes = Vec::new();
        let (mut x, mut y) = (left, top + LABEL);
        for (variation, words) in KEY.into_iter().filter(|(variation, _)| found.contains(variation)) {
            let text = set(words, LABEL, false, look.colours.text);
            let room = 2.0 * MARK + 4.0 + text.width();
            if x > left && x + room > width {
                (x, y) = (left, y + LINE_STEP);
            }
            shapes.extend(mark(variation, (x + MARK, y - LABEL * 0.33), MARK, look));
            shapes.push(Shape::Text { at: (x + 2.0 * MARK + 4.0, y), text });
            x += room + 14.0;
        }
        (shapes, y - top + 4.0)
    }
}

const KEY: [(Variation, &str); 7] = [
    (Variation::ImprovementHigh, "Special cause, high: improvement"),
    (Variation::ImprovementLow, "Special cause, low: improvement"),
    (Variation::ConcernHigh, "Special cause, high: concern"),
    (Variation::ConcernLow, "Special cause, low: concern"),
    (Variation::NeutralHigh, "Special cause, high"),
    (Variation::NeutralLow, "Special cause, low"),
    (Variation::CommonCause, "Common cause"),
];

/// A point: triangles point up for high and down for low; filled for concern, hollow for improvement. Where no direction is
/// good they are cut off at the tip. Common cause is a small dot.
fn mark(variation: Variation, (x, y): Position, r: f32, look: &Look) -> Vec<Shape> {
    let triangle = |up: bool| {
        let sign = if up { 1.0 } else { -1.0 };
        vec![(x, y - sign * r * 1.15), (x + r * 1.1, y + sign * r * 0.85), (x - r * 1.1, y + sign * r * 0.85)]
    };
    let blunt = |up: bool| {
        let sign = if up { 1.0 } else { -1.0 };
        let (narrow, wide) = (r * 0.4, r);
        let (tip, foot) = (y - sign * r * 0.9, y + sign * r * 0.9);
        vec![(x - narrow, tip), (x + narrow, tip), (x + wide, foot), (x - wide, foot)]
    };
    match variation {
        Variation::CommonCause => vec![Shape::disc((x, y), r * 0.55, look.tone(COMMON))],
        Variation::ImprovementHigh => outlined(triangle(true), r * 0.4, look.tone(IMPROVEMENT)).into(),
        Variation::ImprovementLow => outlined(triangle(false), r * 0.4, look.tone(IMPROVEMENT)).into(),
        Variation::ConcernHigh => vec![Shape::Fill { points: triangle(true), colour: look.tone(CONCERN) }],
        Variation::ConcernLow => vec![Shape::Fill { points: triangle(false), colour: look.tone(CONCERN) }],
        Variation::NeutralHigh => vec![Shape::Fill { points: blunt(true), colour: look.tone(NEUTRAL) }],
        Variation::NeutralLow => vec![Shape::Fill { points: blunt(false), colour: look.tone(NEUTRAL) }],
    }
}

/// A single figure, and figures that are all alike, show no variation to take limits from.
fn has_limits(point: &Point) -> bool {
    point.limits.upper > point.limits.lower
}

/// The point, where it and its lines have a place on an axis.
fn drawn(point: Option<Point>) -> Option<Point> {
    point.filter(|p| [p.value, p.mean, p.limits.lower, p.limits.upper].into_iter().all(drawable))
}

//! One line of a chart over time: in unbroken runs, with its limits and its marks.

use super::marks::{MARKER, drawn, marker, ring};
use super::plot::Plot;
use super::time::TimeAxis;
use crate::period::Period;
use crate::value::Limits;
use tagged_document::look::Colour;
use tagged_document::shapes::drawable;
use tagged_document::shapes::{Position, Shape};

#[derive(Debug, Clone, PartialEq)]
pub struct ChartSeries {
    /// Printed at the end of its line: `Nottingham 57.4`.
    pub label: String,
    /// Oldest first; a point without a value is a gap.
    pub points: Vec<ChartPoint>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChartPoint {
    pub period: Period,
    pub value: Option<f64>,
    pub limits: Option<Limits>,
    /// Known to be doubtful: ringed.
    pub doubtful: bool,
}

impl ChartPoint {
    /// The figure with its limits, where it has a place on an axis.
    pub fn drawn(&self) -> Option<(f64, Option<Limits>)> {
        self.value.filter(|value| drawable(*value)).map(|value| (value, drawn(self.limits)))
    }
}

/// Marks nearer to each other than this are drawn as small dots.
pub const CROWDED: f32 = 6.5;
/// Bars of limits nearer to each other than this would be a hatching.
const HATCHED: f32 = 5.0;

impl ChartSeries {
    /// The latest figure.
    pub fn latest(&self) -> Option<(Period, f64)> {
        self.points.iter().rev().find_map(|p| Some((p.period, p.drawn()?.0)))
    }

    /// Its limits, to be drawn below every line: as a band where `band` gives the colour, otherwise as bars.
    pub fn limits(&self, colour: Colour, band: Option<Colour>, breaks: &[Period], time: &TimeAxis, plot: &Plot) -> Vec<Shape> {
        let mut shapes = Vec::new();
        for run in self.runs(breaks, time) {
            let limited = run.len() > 1 && run.iter().all(|(_, _, limits)| limits.is_some());
            if let (Some(band), true) = (band, limited) {
                let edge = |pick: fn(Limits) -> f64| run.iter().filter_map(move |(at, _, l)| Some((*at, plot.y(pick((*l)?)))));
                let mut points: Vec<Position> = edge(|l| l.upper).collect();
                points.extend(edge(|l| l.lower).collect::<Vec<_>>().into_iter().rev());
                shapes.push(Shape::Fill { points, colour: band });
            } else if time.step() >= HATCHED || run.len() == 1 {
                for (at, _, limits) in run {
                    shapes.extend(limits.iter().flat_map(|limits| whisker(at, *limits, plot, 0.8, colour)));
                }
            }
        }
        shapes
    }

    /// Figures without a gap or a break between them.
    fn runs(&self, breaks: &[Period], time: &TimeAxis) -> Vec<Vec<(f32, f64, Option<Limits>)>> {
        let mut runs = vec![Vec::new()];
        let mut before: Option<Period> = None;
        for point in &self.points {
            let parts = |b: &Period| before.is_some_and(|before| before < *b && *b <= point.period);
            if breaks.iter().any(parts) {
                runs.push(Vec::new());
            }
            before = Some(point.period);
            match (point.drawn(), runs.last_mut()) {
                (Some((value, limits)), Some(run)) => run.push((time.period(point.period), value, limits)),
                _ => runs.push(Vec::new()),
            }
        }
        runs.retain(|run| !run.is_empty());
        runs
    }

    /// Its line alone, dashed; a dash for a figure that has none beside it.
    pub fn dashed(&self, colour: Colour, dash: &[f32], breaks: &[Period], time: &TimeAxis, plot: &Plot) -> Vec<Shape> {
        let line = |run: Vec<(f32, f64, Option<Limits>)>| {
            let mut points: Vec<Position> = run.iter().map(|(at, value, _)| (*at, plot.y(*value))).collect();
            if let [(x, y)] = points[..] {
                points = vec![((x - 6.0).max(plot.left), y), ((x + 6.0).min(plot.right), y)];
            }
            Shape::Line { points, width: 1.0, colour, dash: dash.to_vec() }
        };
        self.runs(breaks, time).into_iter().map(line).collect()
    }

    /// Its line, broken where a period has no figure, and its marks.
    pub fn shapes(&self, index: usize, colour: Colour, breaks: &[Period], time: &TimeAxis, plot: &Plot) -> Vec<Shape> {
        let latest = self.latest().map(|(period, _)| time.period(period));
        let crowded = time.step() < CROWDED;
        let mut shapes = Vec::new();
        for run in self.runs(breaks, time) {
            let spots: Vec<Position> = run.iter().map(|(at, value, _)| (*at, plot.y(*value))).collect();
            for spot in &spots {
                let marked = !crowded || spots.len() == 1 || Some(spot.0) == latest;
                shapes.push(if marked { marker(index, *spot, colour) } else { Shape::disc(*spot, 1.0, colour) });
            }
            if spots.len() > 1 {
                let width = if crowded { 1.2 } else { 1.6 };
                shapes.push(Shape::Line { points: spots, width, colour, dash: Vec::new() });
            }
        }
        let doubtful = self.points.iter().filter(|point| point.doubtful);
        let spots = doubtful.filter_map(|point| Some((time.period(point.period), plot.y(point.drawn()?.0))));
        shapes.extend(spots.map(|spot| ring(spot, MARKER * 2.0, colour)));
        shapes
    }
}

/// Limits as an upright bar with a foot at each end.
pub fn whisker(x: f32, limits: Limits, plot: &Plot, width: f32, colour: Colour) -> [Shape; 3] {
    let (upper, lower) = (plot.y(limits.upper), plot.y(limits.lower));
    let foot = |y: f32| Shape::line((x - 2.0, y), (x + 2.0, y), width, colour);
    [Shape::line((x, upper), (x, lower), width, colour), foot(upper), foot(lower)]
}

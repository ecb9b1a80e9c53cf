//! Values over time with their limits, the comparator and the target.

use super::axis::{Scale, spaced};
use super::{Drawing, LABEL, Setter, marker, wrap};
use crate::period::Period;
use crate::report::canvas::{Glyphs, Shape, Spot};
use crate::report::theme::{Colour, Theme};
use crate::value::{Limits, format_number};
use jiff::civil::Date;

#[derive(Debug, Clone, PartialEq)]
pub struct LineChart {
    /// One or more; the first is the measure's own.
    pub series: Vec<Series>,
    /// The label of the comparator's line, and its values.
    pub comparator: Option<(String, Vec<(Period, f64)>)>,
    pub goal: Option<GoalLine>,
    /// What is expected on the way from the baseline to the goal: dates with values, oldest first.
    pub trajectory: Vec<(Date, f64)>,
    /// Where the line through the last figures arrives.
    pub projection: Option<Projection>,
}

/// From the latest figure to the due date, with the 95% interval there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Projection {
    pub due: Date,
    pub value: f64,
    pub limits: Limits,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Series {
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
}

#[derive(Debug, Clone, PartialEq)]
pub struct GoalLine {
    pub value: f64,
    /// `Target 60.0 by March 2030`.
    pub label: String,
}

/// A label at the end of a line, wrapped, with where its line ends.
struct EndLabel {
    y: f32,
    lines: Vec<Glyphs>,
    target: f32,
}

const HEIGHT: f32 = 102.0;
const TOP: f32 = 7.0;
const BOTTOM: f32 = 20.0;
const LABEL_ROOM: f32 = 112.0;
const LINE_STEP: f32 = LABEL * 1.18;

impl LineChart {
    /// The value axis.
    pub fn scale(&self) -> Scale {
        let own = self.series.iter().flat_map(|s| &s.points).flat_map(|p| {
            let limits = p.limits.filter(|_| p.value.is_some());
            [p.value, limits.map(|l| l.lower), limits.map(|l| l.upper)]
        });
        let comparator = self.comparator.iter().flat_map(|(_, points)| points.iter().map(|(_, value)| Some(*value)));
        let goal = self.goal.iter().map(|goal| Some(goal.value));
        Scale::over(own.chain(comparator).chain(goal).flatten(), 5)
    }

    /// Every period of the chart once, in order.
    fn periods(&self) -> Vec<Period> {
        let mut periods: Vec<Period> = self.series.iter().flat_map(|s| s.points.iter().map(|p| p.period)).collect();
        periods.sort();
        periods.dedup();
        periods
    }

    pub(super) fn draw(&self, width: f32, theme: &Theme, set: &mut Setter<'_>) -> Drawing {
        let (scale, periods) = (self.scale(), self.periods());
        let colours = &theme.colours;
        let (top, bottom) = (TOP, HEIGHT - BOTTOM);
        let ticks: Vec<Glyphs> =
            scale.ticks.iter().map(|tick| set(&format_number(*tick, scale.decimals), LABEL, false, colours.quiet)).collect();
        let left = ticks.iter().map(Glyphs::width).fold(0.0, f32::max) + 7.0;
        let right = (width - LABEL_ROOM - 10.0).max(left + 40.0);
        let y = |value: f64| bottom - scale.share(value) * (bottom - top);
        let x = self.time_axis(&periods, left, right);
        let mut shapes = Vec::new();
        for (tick, label) in scale.ticks.iter().zip(ticks) {
            let at = y(*tick);
            let weight = if *tick == scale.low { 0.8 } else { 0.4 };
            shapes.push(Shape::line((left, at), (right, at), weight, colours.line));
            shapes.push(Shape::Text { at: (left - 5.0 - label.width(), at + LABEL * 0.33), text: label });
        }
        shapes.extend(period_labels(&periods, &x, bottom, (left, width), colours.quiet, set));

        let mut ends: Vec<EndLabel> = Vec::new();
        let mut end_label = |words: &str, bold: bool, colour: Colour, at: f32, set: &mut Setter<'_>| {
            ends.push(EndLabel { y: at, target: at, lines: wrap(words, LABEL, bold, colour, LABEL_ROOM, set) });
        };
        if let Some(goal) = &self.goal {
            let at = y(goal.value);
            let dash = vec![5.0, 3.0];
            shapes.push(Shape::Line { points: vec![(left, at), (right, at)], width: 1.2, colour: colours.target, dash });
            end_label(&goal.label, false, colours.target, at, set);
        }
        if let Some((name, points)) = &self.comparator {
            // Broken where a period has no figure, as the measure's own line is.
            let at = |period: &Period| {
                points.iter().find(|(of, _)| of == period).and_then(|(_, value)| Some((x(*period)?, y(*value))))
            };
            let spots: Vec<Option<Spot>> = periods.iter().map(at).collect();
            if let Some((_, last)) = spots.iter().rev().find_map(|spot| *spot) {
                end_label(name, false, colours.comparator, last, set);
            }
            for run in spots.split(Option::is_none) {
                let run: Vec<Spot> = run.iter().copied().flatten().collect();
                shapes.extend(run.iter().map(|spot| Shape::disc(*spot, 1.3, colours.comparator)));
                if run.len() > 1 {
                    shapes.push(Shape::Line { points: run, width: 1.0, colour: colours.comparator, dash: vec![1.5, 2.0] });
                }
            }
        }
        for (i, series) in self.series.iter().enumerate() {
            let colour = colours.series.get(i % colours.series.len().max(1)).copied().unwrap_or(colours.text);
            let band = self.series.len() == 1;
            shapes.extend(series.shapes(i, colour, band.then_some(colours.band), &x, &y));
            if let Some(at) = series.points.iter().rev().find_map(|p| p.value.map(&y)) {
                end_label(&series.label, true, colour, at, set);
            }
        }
        for label in spread(ends, top - 6.0, bottom + 4.0) {
            for (line, glyphs) in label.lines.into_iter().enumerate() {
                shapes.push(Shape::Text { at: (right + 10.0, label.y + line as f32 * LINE_STEP + LABEL * 0.33), text: glyphs });
            }
        }
        Drawing { height: HEIGHT, shapes }
    }

    /// Where a period stands: by its middle, so that a missing one leaves its own room.
    fn time_axis(&self, periods: &[Period], left: f32, right: f32) -> impl Fn(Period) -> Option<f32> + use<> {
        let ends = periods.first().zip(periods.last()).map(|(first, last)| (middle(*first), middle(*last)));
        let inset = ((right - left) * 0.5 / periods.len().max(1) as f32).clamp(8.0, 30.0);
        move |period| {
            let (first, last) = ends?;
            if last - first < 0.5 {
                return Some((left + right) / 2.0);
            }
            let share = (middle(period) - first) / (last - first);
            // A comparator's figure from before or after the measure's own has no place here.
            (-0.001..=1.001).contains(&share).then_some(left + inset + share as f32 * (right - left - 2.0 * inset))
        }
    }
}

/// The middle of a period in days.
fn middle(period: Period) -> f64 {
    let days = |date: jiff::civil::Date| f64::from(date.year()) * 365.2425 + f64::from(date.day_of_year());
    f64::midpoint(days(period.start()), days(period.end()))
}

fn period_labels(
    periods: &[Period],
    x: &dyn Fn(Period) -> Option<f32>,
    bottom: f32,
    (left, width): (f32, f32),
    colour: Colour,
    set: &mut Setter<'_>,
) -> Vec<Shape> {
    let labels: Vec<(f32, Glyphs)> = periods
        .iter()
        .filter_map(|period| Some((x(*period)?, set(&period.to_string().replace(" - ", "–"), LABEL, false, colour))))
        .collect();
    let centres: Vec<f32> = labels.iter().map(|(centre, _)| *centre).collect();
    let widths: Vec<f32> = labels.iter().map(|(_, glyphs)| glyphs.width()).collect();
    let kept = spaced(&centres, &widths, 8.0);
    let mut shapes = Vec::new();
    for (i, (centre, glyphs)) in labels.into_iter().enumerate() {
        let printed = kept.contains(&i);
        shapes.push(Shape::line((centre, bottom), (centre, bottom + if printed { 4.0 } else { 2.0 }), 0.6, colour));
        if printed {
            let start = (centre - glyphs.width() / 2.0).clamp(left - 6.0, (width - glyphs.width()).max(left - 6.0));
            shapes.push(Shape::Text { at: (start, bottom + 4.0 + LABEL), text: glyphs });
        }
    }
    shapes
}

impl Series {
    /// Its line in unbroken runs, its limits as a band (`band` gives the colour) or as whiskers, its marks.
    fn shapes(
        &self,
        index: usize,
        colour: Colour,
        band: Option<Colour>,
        x: &dyn Fn(Period) -> Option<f32>,
        y: &dyn Fn(f64) -> f32,
    ) -> Vec<Shape> {
        let mut runs: Vec<Vec<(f32, f64, Option<Limits>)>> = vec![Vec::new()];
        for point in &self.points {
            match (x(point.period), point.value) {
                (Some(at), Some(value)) => runs.last_mut().expect("starts with one").push((at, value, point.limits)),
                _ => runs.push(Vec::new()),
            }
        }
        let (mut under, mut over) = (Vec::new(), Vec::new());
        for run in runs.iter().filter(|run| !run.is_empty()) {
            let limited = run.len() > 1 && run.iter().all(|(_, _, limits)| limits.is_some());
            if let (Some(band), true) = (band, limited) {
                let edge = |pick: fn(Limits) -> f64| run.iter().filter_map(move |(at, _, l)| Some((*at, y(pick((*l)?)))));
                let mut points: Vec<Spot> = edge(|l| l.upper).collect();
                points.extend(edge(|l| l.lower).collect::<Vec<_>>().into_iter().rev());
                under.push(Shape::Fill { points, colour: band });
            } else {
                for (at, _, limits) in run {
                    let Some(limits) = limits else { continue };
                    let (upper, lower) = (y(limits.upper), y(limits.lower));
                    under.push(Shape::line((*at, upper), (*at, lower), 0.8, colour));
                    under.extend([upper, lower].map(|end| Shape::line((at - 2.0, end), (at + 2.0, end), 0.8, colour)));
                }
            }
            let spots: Vec<Spot> = run.iter().map(|(at, value, _)| (*at, y(*value))).collect();
            // Marks of a crowded line would hide it.
            let crowded = spots.len() > 30;
            let last = spots.len() - 1;
            over.extend(
                spots.iter().enumerate().filter(|(i, _)| !crowded || *i == last).map(|(_, spot)| marker(index, *spot, colour)),
            );
            if spots.len() > 1 {
                over.push(Shape::Line { points: spots, width: 1.6, colour, dash: Vec::new() });
            }
        }
        under.extend(over);
        under
    }
}

/// Labels moved up and down until none touches another, kept between `top` and `bottom`.
fn spread(mut labels: Vec<EndLabel>, top: f32, bottom: f32) -> Vec<EndLabel> {
    labels.sort_by(|a, b| a.target.total_cmp(&b.target));
    let height = |label: &EndLabel| label.lines.len() as f32 * LINE_STEP + 2.0;
    let mut least = top;
    for label in &mut labels {
        // A label of several lines stands around the end of its line.
        let wanted = label.target - (label.lines.len().max(1) - 1) as f32 * LINE_STEP / 2.0;
        label.y = wanted.max(least + LINE_STEP / 2.0);
        least = label.y - LINE_STEP / 2.0 + height(label);
    }
    let mut most = bottom;
    for label in labels.iter_mut().rev() {
        let lowest = most - height(label) + LINE_STEP / 2.0;
        label.y = label.y.min(lowest);
        most = label.y - LINE_STEP / 2.0;
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(target: f32, lines: usize) -> EndLabel {
        let line = Glyphs { face: 0, size: LABEL, colour: Colour([0; 3]), glyphs: Vec::new(), page_of: None };
        EndLabel { y: 0.0, target, lines: vec![line; lines] }
    }

    #[test]
    fn labels_of_lines_that_end_together_stand_one_below_the_other() {
        let placed = spread(vec![label(50.0, 1), label(50.0, 3), label(51.0, 1), label(49.0, 2)], 0.0, 116.0);
        for pair in placed.windows(2) {
            assert!(pair[1].y - pair[0].y >= pair[0].lines.len() as f32 * LINE_STEP, "{} {}", pair[0].y, pair[1].y);
        }
    }

    #[test]
    fn labels_at_the_foot_are_moved_up_rather_than_off_the_chart() {
        let placed = spread(vec![label(110.0, 2), label(112.0, 2)], 0.0, 116.0);
        assert!(placed.iter().all(|label| label.y + (label.lines.len() - 1) as f32 * LINE_STEP <= 116.0));
    }
}

//! Values over time with their limits, the comparator, the target, and what is expected on the way to it.

use super::axis::Scale;
use super::ends::{EndLabels, SAMPLE, line_sample};
use super::marks::{MARKER, extent, marker, outlined, without_figures};
use super::plot::Plot;
use super::series::ChartSeries;
use super::series::{CROWDED, ChartPoint, whisker};
use super::target::TargetLine;
use super::time::TimeAxis;
use crate::period::Period;
use crate::value::{Limits, format_number};
use jiff::civil::Date;
use tagged_document::drawing::{Drawing, Setter};
use tagged_document::look::{Colour, Look};
use tagged_document::shapes::drawable;
use tagged_document::shapes::{Position, Shape, circle};

#[derive(Debug, Clone, PartialEq)]
pub struct LineChart {
    /// One or more; the first is the measure's own.
    pub series: Vec<ChartSeries>,
    /// The label of the comparator's line, and its values.
    pub comparator: Option<(String, Vec<(Period, f64)>)>,
    pub target: Option<TargetLine>,
    /// Where series have targets of their own: each with the place of its series, in whose colour it is drawn.
    pub own_targets: Vec<(usize, TargetLine)>,
    /// What is expected on the way from the baseline to the target: dates with values, oldest first.
    pub trajectory: Vec<(Date, f64)>,
    /// Where the line through the last figures arrives. Left out where its date is not after the latest figure.
    pub projection: Option<ProjectionLine>,
    /// The first periods by another definition: the lines are broken before each, and an upright line marks it.
    pub breaks: Vec<Period>,
}

/// From the latest figure to the due date, with the 95% interval there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProjectionLine {
    pub due: Date,
    pub value: f64,
    pub limits: Limits,
    /// Places that the value is printed with.
    pub decimals: u8,
}

const HEIGHT: f32 = 102.0;
const TOP: f32 = 7.0;
const BOTTOM: f32 = 20.0;

/// Lines that differ without their colours.
const TRAJECTORY_DASH: [f32; 2] = [2.5, 2.0];
const COMPARATOR_DASH: [f32; 2] = [1.5, 2.0];
const BREAK_DASH: [f32; 2] = [2.0, 2.0];
const PROJECTION_DASH: [f32; 2] = [1.0, 2.4];

impl LineChart {
    /// The value axis.
    pub fn scale(&self) -> Scale {
        let own = self.series.iter().flat_map(|s| &s.points).filter_map(ChartPoint::drawn).flat_map(extent);
        let comparator = self.comparator.iter().flat_map(|(_, points)| points.iter().map(|(_, value)| *value));
        let target = self.target.iter().chain(self.own_targets.iter().map(|(_, own)| own)).flat_map(TargetLine::values);
        let trajectory = self.trajectory.iter().map(|(_, value)| *value);
        let projection = self.projection().into_iter().flat_map(|p| [p.value, p.limits.lower, p.limits.upper]);
        Scale::over(own.chain(comparator).chain(target).chain(trajectory).chain(projection), 5)
    }

    fn projection(&self) -> Option<ProjectionLine> {
        let latest = self.series.first().and_then(ChartSeries::latest);
        let numbers = |p: &ProjectionLine| [p.value, p.limits.lower, p.limits.upper].into_iter().all(drawable);
        self.projection.filter(|p| numbers(p) && latest.is_some_and(|(period, _)| period.end() < p.due))
    }

    pub(super) fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        let comparator = self.comparator.iter().flat_map(|(_, points)| points).any(|(_, value)| drawable(*value));
        if self.series.iter().all(|series| series.latest().is_none()) && !comparator {
            return without_figures(look, set);
        }
        let ends = self.end_labels(width, look, set);
        let bottom = (HEIGHT - BOTTOM).max(TOP + ends.height());
        let right = width - EndLabels::room(width);
        let (plot, axis) = Plot::new(self.scale(), (TOP, bottom), right, look, set);
        let trajectory: Vec<(Date, f64)> = self.trajectory.iter().copied().filter(|(_, value)| drawable(*value)).collect();
        let projection = self.projection();
        let periods = self.series.iter().flat_map(|s| s.points.iter().map(|p| p.period));
        let dates = trajectory.iter().map(|(date, _)| *date).chain(projection.map(|p| p.due));
        let time = TimeAxis::over(periods, dates, &plot);

        let colours = &look.colours;
        let mut shapes = Vec::new();
        if let Some(from) = time.figures_end() {
            shapes.push(Shape::rectangle(from, plot.top, plot.right - from, plot.bottom - plot.top, colours.panel));
        }
        shapes.extend(axis);
        shapes.extend(time.labels(&plot, (plot.left - 6.0, plot.right + 4.0), colours.quiet, set));
        let band = (self.series.len() == 1).then_some(colours.band);
        for (i, series) in self.series.iter().enumerate() {
            shapes.extend(series.limits(series_colour(look, i), band, &self.breaks, &time, &plot));
        }
        shapes.extend(self.target.iter().flat_map(|target| target.shapes(&time, &plot, colours.target)));
        let own_targets = self.own_targets.iter();
        shapes.extend(own_targets.flat_map(|(of, target)| target.shapes(&time, &plot, series_colour(look, *of))));
        if trajectory.len() > 1 {
            let points = trajectory.iter().map(|(date, value)| (time.date(*date), plot.y(*value))).collect();
            shapes.push(Shape::Line { points, width: 0.9, colour: colours.target, dash: TRAJECTORY_DASH.to_vec() });
        }
        for period in &self.breaks {
            let x = time.date(period.start()).clamp(plot.left, plot.right);
            let points = vec![(x, plot.top), (x, plot.bottom)];
            shapes.push(Shape::Line { points, width: 0.8, colour: colours.quiet, dash: BREAK_DASH.to_vec() });
        }
        shapes.extend(self.comparator_shapes(&time, &plot, colours.comparator));
        for (i, series) in self.series.iter().enumerate() {
            shapes.extend(series.shapes(i, series_colour(look, i), &self.breaks, &time, &plot));
        }
        if let Some((projection, (period, latest))) = projection.zip(self.series.first().and_then(ChartSeries::latest)) {
            let colour = series_colour(look, 0);
            let end = (time.date(projection.due), plot.y(projection.value));
            let points = vec![(time.period(period), plot.y(latest)), end];
            shapes.push(Shape::Line { points, width: 1.4, colour, dash: PROJECTION_DASH.to_vec() });
            shapes.extend(whisker(end.0, projection.limits, &plot, 0.9, colour));
            shapes.extend(outlined(circle(end, MARKER), 1.1, colour));
        }
        shapes.extend(ends.shapes(&plot));
        Drawing { height: bottom + BOTTOM, shapes }
    }

    fn end_labels(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> EndLabels {
        let colours = &look.colours;
        let mut ends = EndLabels::new(width);
        if let Some(target) = &self.target {
            target.label_end(&mut ends, colours.target, set);
        }
        for (of, target) in &self.own_targets {
            target.label_end(&mut ends, series_colour(look, *of), set);
        }
        if let Some((_, value)) = self.trajectory.last().filter(|(_, value)| drawable(*value) && self.trajectory.len() > 1) {
            let sample = line_sample(0.9, colours.target, &TRAJECTORY_DASH);
            ends.add("Expected path", false, colours.target, *value, sample, set);
        }
        if let Some((name, points)) = &self.comparator
            && let Some((_, value)) = points.iter().rev().find(|(_, value)| drawable(*value))
        {
            let sample = line_sample(1.0, colours.comparator, &COMPARATOR_DASH);
            ends.add(name, false, colours.comparator, *value, sample, set);
        }
        for (i, series) in self.series.iter().enumerate() {
            let Some((_, value)) = series.latest() else { continue };
            let colour = series_colour(look, i);
            let mut sample = line_sample(1.6, colour, &[]);
            sample.push(marker(i, (SAMPLE / 2.0, 0.0), colour));
            ends.add(&series.label, true, colour, value, sample, set);
        }
        if let Some(projection) = self.projection() {
            let colour = series_colour(look, 0);
            let mut sample = line_sample(1.4, colour, &PROJECTION_DASH);
            sample.extend(outlined(circle((SAMPLE / 2.0, 0.0), MARKER), 1.1, colour));
            let words = format!("Projected {}", format_number(projection.value, projection.decimals));
            ends.add(&words, false, colour, projection.value, sample, set);
        }
        ends
    }

    /// Broken where a period has no figure, as the measure's own line is.
    fn comparator_shapes(&self, time: &TimeAxis, plot: &Plot, colour: Colour) -> Vec<Shape> {
        let Some((_, points)) = &self.comparator else { return Vec::new() };
        // A figure from before or after the measure's own has no place here.
        let value = |period: &Period| points.iter().find(|(of, value)| of == period && drawable(*value)).map(|(_, value)| *value);
        let mut spots: Vec<Option<Position>> = Vec::new();
        for (i, period) in time.periods.iter().enumerate() {
            let before = i.checked_sub(1).map(|i| time.periods[i]);
            let is_apart = |b: &Period| before.is_some_and(|before| before < *b && *b <= *period);
            spots.extend(self.breaks.iter().any(is_apart).then_some(None));
            spots.push(value(period).map(|value| (time.period(*period), plot.y(value))));
        }
        let mut shapes = Vec::new();
        for run in spots.split(Option::is_none) {
            let run: Vec<Position> = run.iter().copied().flatten().collect();
            if let [(x, y)] = run[..] {
                // A dot would be lost on the bar of limits that it may lie on.
                shapes.push(Shape::line((x - 6.0, y), (x + 6.0, y), 1.4, colour));
                continue;
            }
            if time.step() >= CROWDED {
                shapes.extend(run.iter().map(|spot| Shape::disc(*spot, 1.3, colour)));
            }
            if !run.is_empty() {
                shapes.push(Shape::Line { points: run, width: 1.0, colour, dash: COMPARATOR_DASH.to_vec() });
            }
        }
        shapes
    }
}

fn series_colour(look: &Look, index: usize) -> Colour {
    let colours = &look.colours.series;
    colours.get(index % colours.len().max(1)).copied().unwrap_or(look.colours.text)
}

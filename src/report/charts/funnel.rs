//! Figures by how many people or events they are of, in the limits within which chance alone would leave them.

use super::axis::{Scale, spaced};
use super::ends::{EndLabels, line_sample};
use super::marks::{LABEL, LINE_STEP, MARKER, outlined, set_lines, without_figures, wrap};
use super::plot::Plot;
use crate::value::Limits;
use tagged_document::drawing::{Drawing, Setter};
use tagged_document::look::{Colour, Look};
use tagged_document::shapes::{Position, Shape, circle, drawable};

#[derive(Debug, Clone, PartialEq)]
pub struct FunnelChart {
    pub dots: Vec<FunnelDot>,
    /// What the middle line is with its figure, and that figure.
    pub middle: (String, f64),
    /// In ascending order of their denominators, from left to right.
    pub bands: Vec<FunnelBand>,
    /// What the denominators count.
    pub across: String,
}

/// One area or organisation.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelDot {
    pub name: String,
    pub denominator: f64,
    pub value: f64,
    pub beyond: FunnelBeyond,
}

/// Which limits a figure is outside of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunnelBeyond {
    Neither,
    /// Those of 95% only.
    P95,
    P998,
}

/// The limits at one denominator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FunnelBand {
    pub denominator: f64,
    pub limits: Limits,
    pub limits_998: Limits,
}

const HEIGHT: f32 = 138.0;
const TOP: f32 = 7.0;
const MIDDLE_DASH: [f32; 2] = [1.5, 2.0];
const DASH_95: [f32; 2] = [5.0, 2.5];

impl FunnelChart {
    pub fn scale(&self) -> Scale {
        let dots = self.dots.iter().map(|dot| dot.value);
        let bands = self.bands.iter().flat_map(|band| EDGES.map(|edge| edge(band)));
        Scale::closely_over(dots.chain(bands).chain([self.middle.1]), 5)
    }

    pub(super) fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        let is_drawn = |dot: &&FunnelDot| drawable(dot.value) && drawable(dot.denominator);
        let dots: Vec<&FunnelDot> = self.dots.iter().filter(is_drawn).collect();
        let bands: Vec<&FunnelBand> = self.bands.iter().filter(|band| drawable(band.denominator)).collect();
        if dots.is_empty() {
            return without_figures(look, set);
        }
        let colours = &look.colours;
        let ends = self.end_labels(&bands, width, look, set);
        let bottom = (TOP + HEIGHT).max(TOP + ends.height());
        let (plot, mut shapes) = Plot::new(self.scale(), (TOP, bottom), width - EndLabels::room(width), look, set);
        let across =
            Scale::closely_over(dots.iter().map(|dot| dot.denominator).chain(bands.iter().map(|band| band.denominator)), 6);
        let x = |denominator: f64| plot.left + 4.0 + across.share(denominator) * (plot.right - plot.left - 8.0);
        let mut lines: Vec<Vec<Position>> = EDGES
            .iter()
            .map(|edge| bands.iter().filter(|band| drawable(edge(band))).map(|band| (x(band.denominator), plot.y(edge(band)))))
            .map(Iterator::collect)
            .collect();
        for (points, dash) in lines.iter().zip([&[][..], &DASH_95, &DASH_95, &[]]).filter(|(points, _)| points.len() > 1) {
            shapes.push(Shape::Line { points: points.clone(), width: 0.9, colour: colours.quiet, dash: dash.to_vec() });
        }
        if drawable(self.middle.1) {
            let y = plot.y(self.middle.1);
            let points = vec![(plot.left, y), (plot.right, y)];
            lines.push(points.clone());
            shapes.push(Shape::Line { points, width: 1.0, colour: colours.comparator, dash: MIDDLE_DASH.to_vec() });
        }
        let colour = colours.series.first().copied().unwrap_or(colours.text);
        for dot in &dots {
            shapes.extend(mark(dot.beyond, (x(dot.denominator), plot.y(dot.value)), colour));
        }
        let spots: Vec<(Position, &FunnelDot)> = dots.iter().map(|dot| ((x(dot.denominator), plot.y(dot.value)), *dot)).collect();
        let unplaced = name_outliers(&spots, &lines, &plot, colours.text, set, &mut shapes);
        shapes.extend(ends.shapes(&plot));
        let mut y = plot.bottom + axis_below(&across, &plot, &x, look, set, &mut shapes);
        let mut below = vec![wrap(&self.across, LABEL, false, colours.quiet, plot.right - plot.left, set)];
        if !unplaced.is_empty() {
            let words = format!("Also outside the 99.8% limits: {}", unplaced.join(", "));
            below.push(wrap(&words, LABEL, true, colours.text, plot.right - plot.left, set));
        }
        for lines in below {
            let height = lines.len() as f32 * LINE_STEP + 2.0;
            shapes.extend(set_lines(lines, (plot.left, y + LABEL)));
            y += height;
        }
        Drawing { height: y.max(bottom) + 4.0, shapes }
    }

    fn end_labels(&self, bands: &[&FunnelBand], width: f32, look: &Look, set: &mut Setter<'_>) -> EndLabels {
        let colours = &look.colours;
        let mut ends = EndLabels::new(width);
        if let Some(last) = bands.last() {
            for (words, value, dash) in
                [("99.8% limits", last.limits_998.upper, &[][..]), ("95% limits", last.limits.upper, &DASH_95)]
            {
                if drawable(value) {
                    ends.add(words, false, colours.quiet, value, line_sample(0.9, colours.quiet, dash), set);
                }
            }
        }
        let (words, value) = &self.middle;
        if drawable(*value) {
            ends.add(words, false, colours.comparator, *value, line_sample(1.0, colours.comparator, &MIDDLE_DASH), set);
        }
        ends
    }
}

/// One of the four curves at a denominator.
type Edge = fn(&FunnelBand) -> f64;

const EDGES: [Edge; 4] =
    [|band| band.limits_998.upper, |band| band.limits.upper, |band| band.limits.lower, |band| band.limits_998.lower];

/// A ring within the limits, a disc outside those of 95%, a diamond outside those of 99.8%.
fn mark(beyond: FunnelBeyond, (x, y): Position, colour: Colour) -> Vec<Shape> {
    match beyond {
        FunnelBeyond::Neither => outlined(circle((x, y), MARKER), 1.1, colour).to_vec(),
        FunnelBeyond::P95 => vec![Shape::disc((x, y), MARKER + 0.3, colour)],
        FunnelBeyond::P998 => {
            let d = MARKER * 1.6;
            vec![Shape::Fill { points: vec![(x, y - d), (x + d, y), (x, y + d), (x - d, y)], colour }]
        }
    }
}

/// The names of those outside the 99.8% limits, each at its mark or a little above or below, with a line to it; on a line of the
/// funnel only where there is no other room. Gives those that have none.
fn name_outliers(
    spots: &[(Position, &FunnelDot)],
    lines: &[Vec<Position>],
    plot: &Plot,
    colour: Colour,
    set: &mut Setter<'_>,
    shapes: &mut Vec<Shape>,
) -> Vec<String> {
    const ASIDE: f32 = 7.0;
    const STEPS: [f32; 9] = [0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 4.0, -4.0];
    /// From the middle of a line of words to its edges.
    const HALF: f32 = LINE_STEP / 2.0;
    let mut taken: Vec<[f32; 4]> = spots.iter().map(|((x, y), _)| [x - MARKER, y - MARKER, x + MARKER, y + MARKER]).collect();
    let mut unplaced = Vec::new();
    for ((x, y), dot) in spots.iter().filter(|(_, dot)| dot.beyond == FunnelBeyond::P998) {
        let text = set(&dot.name, LABEL, true, colour);
        let wide = text.width();
        let places = || STEPS.iter().flat_map(|step| [(x + ASIDE, *step), (x - ASIDE - wide, *step)]);
        let boxed = |(left, step): (f32, f32)| {
            let middle = y + step * LINE_STEP;
            [left, middle - HALF, left + wide, middle + HALF]
        };
        let is_free = |here: &[f32; 4]| {
            let is_within = here[0] >= plot.left && here[2] <= plot.right && here[1] >= plot.top && here[3] <= plot.bottom;
            is_within && !taken.iter().any(|of| here[0] < of[2] && of[0] < here[2] && here[1] < of[3] && of[1] < here[3])
        };
        let is_off_lines = |here: &[f32; 4]| lines.iter().all(|line| !crosses(line, *here));
        let free = places().map(boxed).filter(is_free).find(is_off_lines).or_else(|| places().map(boxed).find(is_free));
        let Some(here) = free else {
            unplaced.push(dot.name.clone());
            continue;
        };
        taken.push(here);
        let (left, middle) = (here[0], here[1] + HALF);
        if (middle - y).abs() > 1.0 {
            let end = if left > *x { left - 1.0 } else { left + wide + 1.0 };
            shapes.push(Shape::line((*x, *y), (end, middle), 0.5, colour));
        }
        shapes.push(Shape::Text { at: (left, middle + LABEL * 0.33), text });
    }
    unplaced
}

/// Whether a line goes through a box of left, top, right and bottom.
fn crosses(line: &[Position], [left, top, right, bottom]: [f32; 4]) -> bool {
    line.windows(2).any(|pair| {
        let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
        let (from, to) = (x0.max(left), x1.min(right));
        let at = |x: f32| if x1 > x0 { y0 + (x - x0) / (x1 - x0) * (y1 - y0) } else { y0 };
        from <= to && at(from).min(at(to)) < bottom && at(from).max(at(to)) > top
    })
}

/// The ticks of the denominators with their labels. Gives how much room they take below the plot.
fn axis_below(
    across: &Scale,
    plot: &Plot,
    x: &dyn Fn(f64) -> f32,
    look: &Look,
    set: &mut Setter<'_>,
    shapes: &mut Vec<Shape>,
) -> f32 {
    let colour = look.colours.quiet;
    let labels: Vec<_> = across.ticks.iter().map(|tick| (x(*tick), set(&across.label(*tick), LABEL, false, colour))).collect();
    let start = |at: f32, width: f32| (at - width / 2.0).min(plot.right + 4.0 - width).max(plot.left - 6.0);
    let centres: Vec<f32> = labels.iter().map(|(at, text)| start(*at, text.width()) + text.width() / 2.0).collect();
    let widths: Vec<f32> = labels.iter().map(|(_, text)| text.width()).collect();
    let kept = spaced(&centres, &widths, 8.0, &[]);
    for (i, (at, text)) in labels.into_iter().enumerate() {
        let is_kept = kept.contains(&i);
        shapes.push(Shape::line((at, plot.bottom), (at, plot.bottom + if is_kept { 4.0 } else { 2.0 }), 0.6, colour));
        if is_kept {
            shapes.push(Shape::Text { at: (start(at, text.width()), plot.bottom + 4.0 + LABEL), text });
        }
    }
    4.0 + LINE_STEP + 2.0
}

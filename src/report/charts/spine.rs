//! Figures of one place beside the comparator's and those of all areas of its kind: what the analysts of public health call a
//! spine chart.

use super::marks::{LABEL, LINE_STEP, drawn, outlined, set_lines, wrap};
use crate::value::Limits;
use tagged_document::drawing::{Drawing, Setter};
use tagged_document::look::{Colour, Look};
use tagged_document::shapes::{Glyphs, Position, Shape, circle, drawable};

#[derive(Debug, Clone, PartialEq)]
pub struct SpineChart {
    pub rows: Vec<SpineRow>,
    /// The comparator's name.
    pub comparator: String,
    /// Each letter and ground in use with its words; empty for a chart that goes on from one with its key.
    pub key: Vec<SpineKey>,
}

/// What a mark means.
#[derive(Debug, Clone, PartialEq)]
pub struct SpineKey {
    pub mark: SpineMark,
    pub words: String,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SpineMark {
    /// A figure, with the letter and the ground for how it stands beside the comparator's.
    Figure {
        letter: Option<&'static str>,
        ground: Option<&'static str>,
    },
    Limits,
    All,
    MiddleHalf,
    Neighbours,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SpineRow {
    /// Above the row, over the whole width: what it and those below it belong to; may be empty.
    pub heading: String,
    /// Below that, for the rows of one measure: its name; else empty.
    pub title: String,
    /// How far the ends are from the comparator's figure, on the title's line; empty where the row says it or bars do.
    pub reach: String,
    pub name: String,
    /// Below the name, in quiet type: unit and period; may be empty.
    pub below: String,
    /// In words, without the unit; the count may be empty.
    pub count: String,
    pub value: String,
    pub comparator: String,
    pub letter: Option<&'static str>,
    pub ground: Option<&'static str>,
    pub figures: SpineFigures,
}

/// The figures of a row as numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpineFigures {
    pub value: f64,
    pub limits: Option<Limits>,
    pub comparator: f64,
    /// Of all areas of the kind: the lowest, the lower and the upper quartile, the highest.
    pub spread: Option<[f64; 4]>,
    /// Without that a row reaches so far below and above the comparator's figure, as a share of it.
    pub reach: f64,
    /// The mean of the nearest neighbours.
    pub neighbours: Option<f64>,
    /// True where lower is better: the row is drawn so that better is always to the right.
    pub lower_is_better: bool,
}

/// How far a row may reach without the figures of all areas. Life expectancies lie within a few per cent of each other, rates do not.
const REACHES: [f64; 4] = [0.05, 0.1, 0.25, 0.5];

impl SpineFigures {
    /// The shortest reach that has room for the figures of one measure and their limits; what is beyond the longest is marked.
    pub fn reach<'f>(of: impl Iterator<Item = &'f SpineFigures>) -> f64 {
        let farthest = |of: &SpineFigures| {
            let ends = of.limits.map_or([of.value; 2], |limits| [limits.lower, limits.upper]);
            let far = ends.into_iter().chain([of.value]).map(|value| (value - of.comparator).abs()).fold(0.0, f64::max);
            far / of.comparator.abs()
        };
        let farthest = of.map(farthest).fold(0.0, f64::max);
        let [.., longest] = REACHES;
        REACHES.into_iter().find(|reach| farthest <= *reach).unwrap_or(longest)
    }

    /// Where a value lies: 0 is the comparator's figure, -1 the end for the worse and 1 the end for the better, and what is
    /// beyond them lies beyond. The longer of the two sides, to the best and to the worst of all areas, fills its half. None where
    /// there is no scale.
    pub fn at(&self, value: f64) -> Option<f64> {
        let half = match self.spread {
            Some([lowest, _, _, highest]) => (lowest - self.comparator).abs().max((highest - self.comparator).abs()),
            None => self.comparator.abs() * self.reach,
        };
        let sign = if self.lower_is_better { -1.0 } else { 1.0 };
        let at = sign * (value - self.comparator) / half;
        (half > 0.0 && drawable(half) && at.is_finite()).then_some(at)
    }
}

const PAD: f32 = 3.0;
const GAP: f32 = 8.0;
const RADIUS: f32 = 6.0;
/// Half the height of the bars.
const BAR: f32 = 4.5;
/// Narrower than this a chart has no columns for count and comparator.
const NARROW: f32 = 360.0;
/// The share of the width that names have.
const NAMES: f32 = 0.36;

/// Right edges of the columns of figures, and where the chart is.
struct Columns {
    name: f32,
    count: Option<f32>,
    value: f32,
    comparator: Option<f32>,
    line: (f32, f32),
}

impl SpineChart {
    pub(super) fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        if self.rows.is_empty() {
            return super::marks::without_figures(look, set);
        }
        let columns = self.columns(width, look, set);
        let (mut shapes, top) = self.heading(&columns, look, set);
        let mut y = top;
        let mut spines = Vec::new();
        for row in &self.rows {
            if !row.heading.is_empty() {
                let lines = wrap(&row.heading, LABEL, true, look.colours.text, width - 2.0, set);
                let height = lines.len() as f32 * LINE_STEP + 2.0 * PAD;
                shapes.push(Shape::rectangle(0.0, y, width, height, look.colours.panel));
                shapes.extend(set_lines(lines, (1.0, y + PAD + LABEL * 0.9)));
                y += height;
            }
            let height = row.height(&columns, look, set);
            if !row.title.is_empty() || !row.below.is_empty() {
                shapes.push(Shape::line((0.0, y), (width, y), 0.4, look.colours.line));
            }
            if !row.title.is_empty() {
                let lines = wrap(&row.title, LABEL, false, look.colours.text, columns.line.0 - GAP - RADIUS, set);
                let below = lines.len() as f32 * LINE_STEP + PAD;
                shapes.extend(set_lines(lines, (0.0, y + PAD + LABEL * 0.9)));
                let reach = set(&row.reach, LABEL, false, look.colours.quiet);
                let right = columns.line.0 + columns.line.1 - reach.width();
                shapes.push(Shape::Text { at: (right.max(0.0), y + PAD + LABEL * 0.9), text: reach });
                let middle = columns.line.0 + columns.line.1 / 2.0;
                spines.push(Shape::line((middle, y), (middle, y + below), 1.2, look.colours.comparator));
                y += below;
            }
            row.words(&columns, (y, height), look, set, &mut shapes);
            let (left, length) = columns.line;
            let middle = left + length / 2.0;
            spines.push(Shape::line((middle, y), (middle, y + height), 1.2, look.colours.comparator));
            row.marks(columns.line, y + height / 2.0, (look, set), &mut spines);
            y += height;
        }
        shapes.extend(spines);
        shapes.push(Shape::line((0.0, y), (width, y), 0.4, look.colours.line));
        y = self.draw_key((y + 2.0 * PAD, width), look, set, &mut shapes);
        Drawing { height: y + 2.0, shapes }
    }

    fn columns(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Columns {
        let mut widest = |words: &mut dyn Iterator<Item = &str>| {
            words.map(|words| set(words, LABEL, true, look.colours.text).width()).fold(0.0, f32::max).min(width * 0.2)
        };
        let count = widest(&mut self.rows.iter().map(|row| row.count.as_str()).chain(["Count"]));
        let value = widest(&mut self.rows.iter().map(|row| row.value.as_str()).chain(["Figure"]));
        let comparator = widest(&mut self.rows.iter().map(|row| row.comparator.as_str()).chain([self.comparator.as_str()]));
        let name = width * NAMES;
        let has_counts = self.rows.iter().any(|row| !row.count.is_empty());
        let mut edge = name;
        let mut column = |width: f32, is_there: bool| {
            if is_there {
                edge += GAP + width;
            }
            is_there.then_some(edge)
        };
        let count = column(count, width >= NARROW && has_counts);
        let value = column(value, true).unwrap_or(name);
        let comparator = column(comparator, width >= NARROW);
        let left = edge + GAP + RADIUS;
        Columns { name, count, value, comparator, line: (left, (width - RADIUS - left).max(1.0)) }
    }

    /// What the columns are; with where the rows begin.
    fn heading(&self, columns: &Columns, look: &Look, set: &mut Setter<'_>) -> (Vec<Shape>, f32) {
        let quiet = look.colours.quiet;
        let mut shapes = Vec::new();
        let base = LABEL;
        let mut at_right = |words: &str, edge: f32| {
            let text = set(words, LABEL, true, quiet);
            Shape::Text { at: ((edge - text.width()).max(0.0), base), text }
        };
        let named = [(columns.count, "Count"), (Some(columns.value), "Figure"), (columns.comparator, &*self.comparator)];
        shapes.extend(named.into_iter().filter_map(|(edge, words)| Some(at_right(words, edge?))));
        let (left, length) = columns.line;
        shapes.push(at_right("better", left + length));
        let worse = set("worse", LABEL, true, quiet);
        shapes.push(Shape::Text { at: (left, base), text: worse });
        shapes.push(Shape::Text { at: (0.0, base), text: set("Measure", LABEL, true, quiet) });
        (shapes, base + PAD)
    }

    /// The key, as many entries in a line as have room; with where it ends.
    fn draw_key(&self, (top, width): (f32, f32), look: &Look, set: &mut Setter<'_>, shapes: &mut Vec<Shape>) -> f32 {
        const MARK: f32 = 22.0;
        let (mut x, mut y) = (0.0, top);
        let step = 2.0 * RADIUS + 3.0;
        for key in &self.key {
            for (i, text) in wrap(&key.words, LABEL, false, look.colours.text, width - MARK, set).into_iter().enumerate() {
                if i > 0 || x > 0.0 && x + MARK + text.width() > width {
                    (x, y) = (0.0, y + step);
                }
                let middle = y + RADIUS;
                if i == 0 {
                    key.mark.draw((x + RADIUS + 2.0, middle), look, set, shapes);
                }
                let end = x + MARK + text.width() + 2.0 * GAP;
                shapes.push(Shape::Text { at: (x + MARK, middle + LABEL * 0.33), text });
                x = end;
            }
        }
        if self.key.is_empty() { top - PAD } else { y + step }
    }
}

impl SpineMark {
    fn draw(self, (x, y): Position, look: &Look, set: &mut Setter<'_>, shapes: &mut Vec<Shape>) {
        match self {
            SpineMark::Figure { letter, ground } => figure((x, y), (letter, ground), look, set, shapes),
            SpineMark::Limits => {
                shapes.push(Shape::line((x - RADIUS, y), (x + RADIUS, y), 1.2, look.colours.text));
            }
            SpineMark::All => shapes.push(bar((x - RADIUS, x + RADIUS), y, look.colours.line)),
            SpineMark::MiddleHalf => shapes.push(bar((x - RADIUS, x + RADIUS), y, darker(look))),
            SpineMark::Neighbours => shapes.push(diamond((x, y), look.colours.text)),
        }
    }
}

impl SpineRow {
    /// Its name's lines, and those below it.
    fn lines(&self, columns: &Columns, look: &Look, set: &mut Setter<'_>) -> Vec<Glyphs> {
        let mut lines = wrap(&self.name, LABEL, false, look.colours.text, columns.name - self.indent(), set);
        // Where there are no columns for them, the comparator's figure and the count stand here.
        let count = if self.count.is_empty() { String::new() } else { format!("count {}", self.count) };
        let others = [self.below.clone(), count, format!("comparator {}", self.comparator)];
        let below = match columns.comparator {
            Some(_) => self.below.clone(),
            None => others.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join("; "),
        };
        lines.extend(wrap(&below, LABEL, false, look.colours.quiet, columns.name - self.indent(), set));
        lines
    }

    /// What stands below a title of its own is set in.
    fn indent(&self) -> f32 {
        if self.below.is_empty() { GAP } else { 0.0 }
    }

    fn height(&self, columns: &Columns, look: &Look, set: &mut Setter<'_>) -> f32 {
        let lines = self.lines(columns, look, set).len().max(1) as f32;
        // Rows of one measure stand close together.
        let pad = if self.below.is_empty() { PAD / 2.0 } else { PAD };
        (lines * LINE_STEP + 2.0 * pad).max(2.0 * RADIUS + 1.5)
    }

    fn words(&self, columns: &Columns, (y, height): (f32, f32), look: &Look, set: &mut Setter<'_>, shapes: &mut Vec<Shape>) {
        let lines = self.lines(columns, look, set);
        let first = y + (height - (lines.len().max(1) - 1) as f32 * LINE_STEP) / 2.0 + LABEL * 0.33;
        shapes.extend(set_lines(lines, (self.indent(), first)));
        let base = y + height / 2.0 + LABEL * 0.33;
        let figures = [
            (columns.count, &self.count, false),
            (Some(columns.value), &self.value, true),
            (columns.comparator, &self.comparator, false),
        ];
        for (edge, words, bold) in figures {
            let Some(edge) = edge else { continue };
            let text = set(words, LABEL, bold, look.colours.text);
            shapes.push(Shape::Text { at: ((edge - text.width()).max(0.0), base), text });
        }
    }

    /// Its marks on a line from `left` on, `length` points long, around the height `y`.
    fn marks(&self, (left, length): (f32, f32), y: f32, (look, set): (&Look, &mut Setter<'_>), shapes: &mut Vec<Shape>) {
        let of = &self.figures;
        let half = length / 2.0;
        let place = |value: f64| of.at(value).map(|at| left + half + half * at.clamp(-1.0, 1.0) as f32);
        let mut under = Vec::new();
        if let Some([lowest, lower, upper, highest]) = of.spread {
            for (ends, colour) in [((lowest, highest), look.colours.line), ((lower, upper), darker(look))] {
                let ends = place(ends.0).zip(place(ends.1));
                under.extend(ends.map(|(a, b)| bar((a.min(b), a.max(b)), y, colour)));
            }
        }
        // The bars lie under the comparator's line, which is there already.
        let line = shapes.len().saturating_sub(1);
        shapes.splice(line..line, under);
        if let Some((from, to)) = drawn(of.limits).and_then(|limits| place(limits.lower).zip(place(limits.upper))) {
            shapes.push(Shape::line((from.min(to), y), (from.max(to), y), 1.2, look.colours.text));
        }
        shapes.extend(of.neighbours.and_then(place).map(|x| diamond((x, y + RADIUS), look.colours.text)));
        let Some((x, at)) = place(of.value).zip(of.at(of.value)) else { return };
        figure((x, y), (self.letter, self.ground), look, set, shapes);
        if at.abs() > 1.0 {
            // Beyond the end: an arrow from the figure outwards would leave the chart, so it points from within.
            let way = at.signum() as f32;
            let tip = x - way * (RADIUS + 2.0);
            let points = vec![(tip, y), (tip - way * 5.0, y - 3.0), (tip - way * 5.0, y + 3.0)];
            shapes.push(Shape::Fill { points, colour: look.colours.text });
        }
    }
}

/// A disc of the ground with the letter in it; without a comparison it is white and empty.
fn figure(
    (x, y): Position,
    (letter, ground): (Option<&str>, Option<&str>),
    look: &Look,
    set: &mut Setter<'_>,
    shapes: &mut Vec<Shape>,
) {
    let colour = ground.and_then(|name| look.ground(name)).unwrap_or(Colour::WHITE);
    let [_, edge] = outlined(circle((x, y), RADIUS), 0.9, look.colours.text);
    shapes.extend([Shape::disc((x, y), RADIUS, colour), edge]);
    if let Some(letter) = letter {
        let text = set(letter, LABEL, true, look.colours.text);
        shapes.push(Shape::Text { at: (x - text.width() / 2.0, y + LABEL * 0.34), text });
    }
}

fn bar((from, to): (f32, f32), y: f32, colour: Colour) -> Shape {
    Shape::rectangle(from, y - BAR, (to - from).max(0.5), 2.0 * BAR, colour)
}

fn diamond((x, y): Position, colour: Colour) -> Shape {
    const R: f32 = 3.2;
    Shape::Fill { points: vec![(x, y - R), (x + R, y), (x, y + R), (x - R, y)], colour }
}

/// Between the colour of lines and that of labels.
fn darker(look: &Look) -> Colour {
    let (Colour(light), Colour(dark)) = (look.colours.line, look.colours.quiet);
    let between = |i: usize| u8::try_from((2 * u16::from(light[i]) + u16::from(dark[i])) / 3).unwrap_or(light[i]);
    Colour([between(0), between(1), between(2)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(value: f64, comparator: f64, spread: Option<[f64; 4]>, lower_is_better: bool) -> SpineFigures {
        SpineFigures { value, limits: None, comparator, spread, reach: 0.5, neighbours: None, lower_is_better }
    }

    #[test]
    fn the_longer_side_fills_its_half() {
        // The comparator 12: 8 below it is the best, 12 above it the worst.
        let of = figures(18.0, 12.0, Some([4.0, 10.0, 15.0, 24.0]), true);
        let at = |value: f64| of.at(value).unwrap();
        assert_eq!([at(12.0), at(24.0), at(18.0), at(6.0)], [0.0, -1.0, -0.5, 0.5]);
        assert!((at(4.0) - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(figures(18.0, 12.0, Some([4.0, 10.0, 15.0, 24.0]), false).at(18.0), Some(0.5));
    }

    #[test]
    fn figures_that_lie_close_are_drawn_apart() {
        let of = |values: &[f64]| values.iter().map(|value| figures(*value, 83.5, None, false)).collect::<Vec<_>>();
        let reach = |values: &[f64]| SpineFigures::reach(of(values).iter());
        assert_eq!([reach(&[81.6, 83.7]), reach(&[76.0]), reach(&[100.0]), reach(&[200.0])], [0.05, 0.1, 0.25, 0.5]);
        let near = SpineFigures { reach: reach(&[81.6]), ..figures(81.6, 83.5, None, false) };
        assert!(near.at(81.6).unwrap() < -0.4, "a marker is wider than a tenth of the row");
        let wide = SpineFigures { limits: Some(Limits { lower: 60.0, upper: 84.0 }), ..near };
        assert_eq!(SpineFigures::reach([wide].iter()), 0.5, "its limits have room too");
    }

    #[test]
    fn without_all_areas_an_end_is_half_the_comparator_away() {
        let of = figures(145.0, 100.0, None, true);
        assert_eq!([of.at(150.0), of.at(50.0), of.at(100.0), of.at(200.0)], [Some(-1.0), Some(1.0), Some(0.0), Some(-2.0)]);
        assert_eq!(figures(1.0, 0.0, None, false).at(1.0), None);
        assert_eq!(figures(5.0, 5.0, Some([5.0; 4]), false).at(5.0), None);
        assert_eq!(figures(f64::NAN, 5.0, None, false).at(f64::NAN), None);
    }
}

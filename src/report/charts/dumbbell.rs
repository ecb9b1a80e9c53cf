//! From the baseline to the latest figure, beside the target, one line each.

use super::marks::{LABEL, LINE_STEP, outlined, set_lines, wrap};
use tagged_document::drawing::{Drawing, Setter};
use tagged_document::look::{Colour, Look};
use tagged_document::shapes::drawable;
use tagged_document::shapes::{Glyphs, Position, Shape, circle};

/// Each row has an axis of its own: measures of a priority share no unit.
#[derive(Debug, Clone, PartialEq)]
pub struct DumbbellChart {
    pub rows: Vec<DumbbellRow>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DumbbellRow {
    pub name: String,
    /// Each a value and its words with the unit.
    pub baseline: Option<(f64, String)>,
    pub latest: Option<(f64, String)>,
    pub target: Option<(f64, String)>,
    /// False where lower is better: the row is drawn so that better is always to the right.
    pub higher_is_better: bool,
}

const ROW: f32 = 17.0;
const GAP: f32 = 8.0;
/// The baseline's ring is wider than the latest figure's disc, so that both show where they fall together.
const RING: f32 = 3.8;
const DISC: f32 = 2.7;
/// Half the height of a target's mark.
const TICK: f32 = 6.0;

/// Narrower than this a chart has its names above the rows.
const NARROW: f32 = 360.0;

/// Left edges and widths of the columns: names, lines, and the three figures in words.
struct Columns {
    name: f32,
    /// Names stand above the rows, and the words of the heading below their marks.
    stacked: bool,
    line: (f32, f32),
    words: [(f32, f32); 3],
}

impl Columns {
    fn of(width: f32) -> Self {
        let stacked = width < NARROW;
        let name = if stacked { width } else { width * 0.27 };
        let word = width * if stacked { 0.19 } else { 0.145 };
        let words = [3.0, 2.0, 1.0].map(|from_right| (width - from_right * word + GAP, word - GAP));
        let start = if stacked { 0.0 } else { name + GAP };
        Columns { name, stacked, line: (start, words[0].0 - GAP - start), words }
    }
}

impl DumbbellChart {
    pub(super) fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        let colours = &look.colours;
        let columns = Columns::of(width);
        let (mut shapes, mut y) = heading(&columns, look, set);
        for row in &self.rows {
            let name = wrap(&row.name, LABEL, false, colours.text, columns.name, set);
            let words: Vec<Vec<Glyphs>> = [(&row.baseline, "no figure"), (&row.latest, "no figure"), (&row.target, "none")]
                .into_iter()
                .zip(columns.words)
                .enumerate()
                .map(|(i, ((figure, none), (_, room)))| {
                    let colour = if figure.is_some() { colours.text } else { colours.quiet };
                    let said = figure.as_ref().map_or(none, |(_, words)| words);
                    wrap(said, LABEL, i == 1 && figure.is_some(), colour, room, set)
                })
                .collect();
            let beside = words.iter().chain(Some(&name).filter(|_| !columns.stacked));
            let lines = beside.map(Vec::len).max().unwrap_or(1);
            let above = if columns.stacked { name.len() as f32 * LINE_STEP + 3.0 } else { 0.0 };
            let height = above + ROW.max(lines as f32 * LINE_STEP + 5.0);
            let centre = y + (above + height) / 2.0;
            let first = |lines: usize| centre - (lines.max(1) - 1) as f32 * LINE_STEP / 2.0 + LABEL * 0.33;
            shapes.push(Shape::line((0.0, y), (width, y), 0.4, colours.line));
            let name_at = if columns.stacked { y + 3.0 + LABEL * 0.9 } else { first(name.len()) };
            shapes.extend(set_lines(name, (0.0, name_at)));
            for (lines, (x, _)) in words.into_iter().zip(columns.words) {
                let from = first(lines.len());
                shapes.extend(set_lines(lines, (x, from)));
            }
            shapes.extend(row.marks(columns.line, centre, look));
            y += height;
        }
        Drawing { height: y + 2.0, shapes }
    }
}

impl DumbbellRow {
    /// Its marks on a line from `x` on, `length` points long, around the height `y`.
    fn marks(&self, (x, length): (f32, f32), y: f32, look: &Look) -> Vec<Shape> {
        let colour = own_colour(look);
        let value = |figure: &Option<(f64, String)>| figure.as_ref().map(|(value, _)| *value).filter(|value| drawable(*value));
        let [baseline, latest, target] = [value(&self.baseline), value(&self.latest), value(&self.target)];
        let all = [baseline, latest, target];
        let low = all.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        let high = all.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
        let inset = RING + 2.0;
        let at = |value: f64| {
            let share = if high > low { (((value - low) / (high - low)) as f32).clamp(0.0, 1.0) } else { 0.5 };
            let share = if self.higher_is_better { share } else { 1.0 - share };
            x + inset + share * (length - 2.0 * inset)
        };
        let mut shapes = vec![Shape::line((x, y), (x + length, y), 0.4, look.colours.line)];
        if let Some(target) = target.map(at) {
            shapes.push(Shape::line((target, y - TICK), (target, y + TICK), 1.6, look.colours.target));
        }
        if let (Some(from), Some(to)) = (baseline.map(at), latest.map(at)) {
            shapes.extend(arrow(from, to, y, colour));
        }
        shapes.extend(baseline.map(at).into_iter().flat_map(|at| outlined(circle((at, y), RING), 1.2, colour)));
        shapes.extend(latest.map(|value| Shape::disc((at(value), y), DISC, colour)));
        shapes
    }
}

/// From the edge of the ring to the edge of the disc; its head where there is room for one.
fn arrow(from: f32, to: f32, y: f32, colour: Colour) -> Vec<Shape> {
    let sign = (to - from).signum();
    let (start, end) = (from + sign * RING, to - sign * (DISC + 0.5));
    let room = (end - start) * sign;
    if room <= 1.0 {
        return Vec::new();
    }
    let mut shapes = vec![Shape::line((start, y), (end - sign * 1.0, y), 1.5, colour)];
    if room > 6.0 {
        shapes.push(Shape::Fill { points: vec![(end, y), (end - sign * 5.0, y - 2.8), (end - sign * 5.0, y + 2.8)], colour });
    }
    shapes
}

/// What the columns and the marks are; with where the rows begin.
fn heading(columns: &Columns, look: &Look, set: &mut Setter<'_>) -> (Vec<Shape>, f32) {
    let colours = &look.colours;
    let colour = own_colour(look);
    let mut shapes = Vec::new();
    let middle = LABEL * 0.67 + 1.0;
    let baseline = middle + LABEL * 0.33;
    let (x, length) = columns.line;
    for (words, right) in [("worse", false), ("better", true)] {
        let text = set(words, LABEL, false, colours.quiet);
        let (start, tip) = if right { (x + length - text.width(), -1.0) } else { (x, 1.0) };
        let edge = if right { start - 3.0 } else { start + text.width() + 3.0 };
        shapes.push(Shape::Text { at: (start, baseline), text });
        // A thin arrow from the middle to the word.
        let tail = edge + tip * 10.0;
        shapes.push(Shape::line((tail, middle), (edge, middle), 0.7, colours.quiet));
        for dy in [-2.0, 2.0] {
            shapes.push(Shape::line((edge + tip * 2.5, middle + dy), (edge, middle), 0.7, colours.quiet));
        }
    }
    let mark = |i: usize, at: Position| match i {
        0 => outlined(circle(at, RING), 1.2, colour).to_vec(),
        1 => vec![Shape::disc(at, DISC, colour)],
        _ => vec![Shape::line((at.0, at.1 - TICK * 0.8), (at.0, at.1 + TICK * 0.8), 1.6, colours.target)],
    };
    for (i, (words, (x, room))) in ["Baseline", "Latest", "Target"].into_iter().zip(columns.words).enumerate() {
        shapes.extend(mark(i, (x + RING + 0.6, middle)));
        let (indent, below) = if columns.stacked { (0.0, LINE_STEP + 2.0) } else { (2.0 * RING + 4.0, 0.0) };
        let lines = wrap(words, LABEL, true, colours.quiet, room - indent, set);
        shapes.extend(set_lines(lines.into_iter().take(1).collect(), (x + indent, baseline + below)));
    }
    (shapes, middle + TICK + 3.0 + if columns.stacked { LINE_STEP } else { 0.0 })
}

fn own_colour(look: &Look) -> Colour {
    look.colours.series.first().copied().unwrap_or(look.colours.text)
}

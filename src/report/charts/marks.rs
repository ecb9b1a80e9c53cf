//! The marks and words that charts have in common.

use crate::value::Limits;
use tagged_document::drawing::{Drawing, Setter};
use tagged_document::look::{Colour, Look};
use tagged_document::shapes::{Glyphs, Position, Shape, drawable};

/// The size of the words of a chart, in points.
pub(super) const LABEL: f32 = 8.5;
pub(super) const LINE_STEP: f32 = LABEL * 1.18;
pub(super) const MARKER: f32 = 2.6;

/// Limits of a figure where both have a place on an axis.
pub(super) fn drawn(limits: Option<Limits>) -> Option<Limits> {
    limits.filter(|l| drawable(l.lower) && drawable(l.upper))
}

/// What a figure and its limits need of an axis.
pub(super) fn extent((value, limits): (f64, Option<Limits>)) -> impl Iterator<Item = f64> {
    [Some(value), limits.map(|l| l.lower), limits.map(|l| l.upper)].into_iter().flatten()
}

/// A chart without a figure: said in words, since an axis would need figures that nobody gave.
pub(super) fn without_figures(look: &Look, set: &mut Setter<'_>) -> Drawing {
    let text = set("No figures to draw.", LABEL, false, look.colours.quiet);
    Drawing { height: LINE_STEP + 4.0, shapes: vec![Shape::Text { at: (0.0, LABEL + 1.0), text }] }
}

/// The mark of a series by its place: circle, square, triangle, diamond.
pub(super) fn marker(series: usize, (x, y): Position, colour: Colour) -> Shape {
    let r = MARKER;
    match series % 4 {
        0 => Shape::disc((x, y), r, colour),
        1 => Shape::rectangle(x - r, y - r, 2.0 * r, 2.0 * r, colour),
        2 => Shape::Fill { points: vec![(x, y - r * 1.2), (x + r * 1.2, y + r), (x - r * 1.2, y + r)], colour },
        _ => {
            let d = r * 1.3;
            Shape::Fill { points: vec![(x, y - d), (x + d, y), (x, y + d), (x - d, y)], colour }
        }
    }
}

/// Words in as few lines as fit in `width` points; a word that is wider is broken.
pub(super) fn wrap(words: &str, size: f32, bold: bool, colour: Colour, width: f32, set: &mut Setter<'_>) -> Vec<Glyphs> {
    let mut lines: Vec<Glyphs> = Vec::new();
    let mut current = String::new();
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let longer = if current.is_empty() { word.to_owned() } else { format!("{current} {word}") };
        if set(&longer, size, bold, colour).width() <= width {
            current = longer;
            continue;
        }
        if !current.is_empty() {
            lines.push(set(&current, size, bold, colour));
        }
        current.clear();
        let whole = set(word, size, bold, colour).width();
        if whole <= width {
            word.clone_into(&mut current);
            continue;
        }
        // Pieces of even length, each sure to fit: nine tenths of what would fit if all letters were alike.
        let letters: Vec<char> = word.chars().collect();
        let room = (width / whole * 0.9 * letters.len() as f32).floor().max(1.0) as usize;
        for piece in letters.chunks(room) {
            if !current.is_empty() {
                lines.push(set(&current, size, bold, colour));
            }
            current = piece.iter().collect();
        }
    }
    if !current.is_empty() {
        lines.push(set(&current, size, bold, colour));
    }
    lines
}

/// Lines of words one below the other; `at` is the baseline's left end of the first.
pub(super) fn set_lines(lines: Vec<Glyphs>, (x, y): Position) -> impl Iterator<Item = Shape> {
    lines.into_iter().enumerate().map(move |(i, text)| Shape::Text { at: (x, y + i as f32 * LINE_STEP), text })
}

/// A ring or another outline: white within, so that it stands out from the line it lies on.
pub(super) fn outlined(points: Vec<Position>, width: f32, colour: Colour) -> [Shape; 2] {
    let mut closed = points.clone();
    closed.extend(points.first().copied());
    [Shape::Fill { points, colour: Colour::WHITE }, Shape::Line { points: closed, width, colour, dash: Vec::new() }]
}

/// A circle round a point.
pub(super) fn ring((x, y): Position, r: f32, colour: Colour) -> Shape {
    const SIDES: u8 = 20;
    let points = (0..=SIDES).map(|i| {
        let turn = f32::from(i) / f32::from(SIDES) * std::f32::consts::TAU;
        (x + r * turn.cos(), y + r * turn.sin())
    });
    Shape::Line { points: points.collect(), width: 0.8, colour, dash: Vec::new() }
}

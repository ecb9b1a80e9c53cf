//! Shapes as points of colour: polygons filled with soft edges, lines as the polygons that they cover.

use super::outlines::Outlines;
use crate::colour::Colour;
use crate::pictures::Raster;
use crate::shapes::{Position, Shape, circle};

/// Points of colour an inch: sharp in print.
const DOTS_PER_INCH: f32 = 200.0;
/// Points of colour a point.
const SCALE: f32 = DOTS_PER_INCH / 72.0;
/// Each row of the picture is looked at on so many lines.
const LINES: usize = 5;
/// A picture has no more rows or columns than this: a chart fills a page at most.
const MOST: f32 = 6000.0;

/// The shapes on white, in a box of `width` and `height` points.
pub fn raster(shapes: &[Shape], width: f32, height: f32, outlines: &Outlines<'_>) -> Raster {
    let size = |points: f32| (points * SCALE).ceil().clamp(1.0, MOST) as usize;
    let mut canvas = Canvas { width: size(width), height: size(height), rgb: Vec::new() };
    canvas.rgb = vec![255; canvas.width * canvas.height * 3];
    for shape in shapes {
        match shape {
            Shape::Text { at, text } => canvas.fill(&outlines.of(*at, text), text.colour),
            Shape::Line { points, width, colour, dash } => canvas.fill(&stroke(points, *width, dash), *colour),
            Shape::Fill { points, colour } => canvas.fill(std::slice::from_ref(points), *colour),
        }
    }
    Raster { width: canvas.width as u32, height: canvas.height as u32, rgb: canvas.rgb }
}

/// A picture as a PNG file; nothing where it cannot be written, which no picture brings about.
pub fn png(raster: &Raster) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, raster.width, raster.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&raster.rgb));
    if written.is_ok() { bytes } else { Vec::new() }
}

struct Canvas {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Canvas {
    /// Fills what closed lines go round at least once.
    fn fill(&mut self, outlines: &[Vec<Position>], colour: Colour) {
        // Where each line of the picture crosses an edge, and whether that goes down.
        let mut crossings: Vec<Vec<(f32, i32)>> = vec![Vec::new(); self.height * LINES];
        for outline in outlines {
            let next = outline.iter().cycle().skip(1);
            for (from, to) in outline.iter().zip(next) {
                cross(*from, *to, &mut crossings);
            }
        }
        let mut cover = vec![0.0_f32; self.width];
        for (row, lines) in crossings.chunks_mut(LINES).enumerate() {
            if lines.iter().all(Vec::is_empty) {
                continue;
            }
            cover.fill(0.0);
            for line in lines {
                line.sort_by(|a, b| a.0.total_cmp(&b.0));
                let mut winding = 0;
                for pair in line.windows(2) {
                    winding += pair[0].1;
                    if winding != 0 {
                        span(&mut cover, pair[0].0, pair[1].0);
                    }
                }
            }
            self.blend(row, &cover, colour);
        }
    }

    fn blend(&mut self, row: usize, cover: &[f32], Colour(colour): Colour) {
        let points = self.rgb[row * self.width * 3..].chunks_exact_mut(3);
        for (point, cover) in points.zip(cover).filter(|(_, cover)| **cover > 0.0) {
            let share = (cover / LINES as f32).min(1.0);
            for (part, ink) in point.iter_mut().zip(colour) {
                *part = (f32::from(*part) + (f32::from(ink) - f32::from(*part)) * share).round() as u8;
            }
        }
    }
}

/// Notes where an edge crosses the middles of the lines.
fn cross(from: Position, to: Position, crossings: &mut [Vec<(f32, i32)>]) {
    let place = |(x, y): Position| (x * SCALE, y * SCALE * LINES as f32 - 0.5);
    let ((x0, y0), (x1, y1)) = (place(from), place(to));
    if ![x0, y0, x1, y1].iter().all(|part| part.is_finite()) || y0 == y1 {
        return;
    }
    let (first, end) = (y0.min(y1).ceil().max(0.0) as usize, y0.max(y1).ceil().max(0.0) as usize);
    let end = end.min(crossings.len());
    for (line, crossed) in crossings.iter_mut().enumerate().take(end).skip(first) {
        let x = x0 + (line as f32 - y0) / (y1 - y0) * (x1 - x0);
        crossed.push((x, if y1 > y0 { 1 } else { -1 }));
    }
}

/// Adds the part of each point that lies between two places of a line.
fn span(cover: &mut [f32], from: f32, to: f32) {
    let (from, to) = (from.clamp(0.0, cover.len() as f32), to.clamp(0.0, cover.len() as f32));
    let (first, last) = (from as usize, to.ceil() as usize);
    for (x, cover) in cover.iter_mut().enumerate().take(last).skip(first) {
        *cover += (to.min(x as f32 + 1.0) - from.max(x as f32)).max(0.0);
    }
}

/// The polygons that a line covers: one a piece, and a disc at each bend.
fn stroke(points: &[Position], width: f32, dash: &[f32]) -> Vec<Vec<Position>> {
    let half = width / 2.0;
    let mut polygons = Vec::new();
    for line in dashes(points, dash) {
        for pair in line.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let length = (x1 - x0).hypot(y1 - y0);
            if length > 0.0 {
                let (dx, dy) = ((y0 - y1) / length * half, (x1 - x0) / length * half);
                // All in the direction of a circle's points, so that what overlaps is one.
                polygons.push(vec![(x0 - dx, y0 - dy), (x1 - dx, y1 - dy), (x1 + dx, y1 + dy), (x0 + dx, y0 + dy)]);
            }
        }
        let bends = line.get(1..line.len().saturating_sub(1)).unwrap_or_default();
        polygons.extend(bends.iter().map(|bend| circle(*bend, half)));
        if line.len() > 2 && line.first() == line.last() {
            polygons.push(circle(line[0], half));
        }
    }
    polygons
}

/// A line cut into dashes: lengths drawn and passed over in turn.
fn dashes(points: &[Position], dash: &[f32]) -> Vec<Vec<Position>> {
    // A shorter one is not seen, and would make many.
    const LEAST: f32 = 0.1;
    if dash.is_empty() || dash.iter().any(|part| *part < LEAST || !part.is_finite()) {
        return vec![points.to_vec()];
    }
    let mut lines = Vec::new();
    let mut parts = dash.iter().copied().cycle();
    let (mut left, mut is_drawn) = (parts.next().unwrap_or(LEAST), true);
    let mut line: Vec<Position> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let length = (x1 - x0).hypot(y1 - y0);
        let mut done = 0.0;
        while length.is_finite() && length - done > left {
            done += left;
            let at = (x0 + (x1 - x0) * done / length, y0 + (y1 - y0) * done / length);
            if is_drawn {
                line.push(at);
                lines.push(std::mem::take(&mut line));
            } else {
                line = vec![at];
            }
            is_drawn = !is_drawn;
            left = parts.next().unwrap_or(LEAST);
        }
        left -= length - done;
        if is_drawn {
            line.push((x1, y1));
        }
    }
    if is_drawn && line.len() > 1 {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::specimen::fonts;

    const INK: Colour = Colour([0; 3]);

    /// The sum of the ink, in square points.
    fn ink(shapes: &[Shape]) -> f32 {
        let fonts = fonts();
        let raster = raster(shapes, 36.0, 36.0, &Outlines::new(&fonts));
        let dark: f32 = raster.rgb.iter().step_by(3).map(|part| f32::from(255 - part) / 255.0).sum();
        dark / (SCALE * SCALE)
    }

    #[test]
    fn shapes_cover_as_much_as_they_should() {
        let line = |points: Vec<Position>, dash: Vec<f32>| Shape::Line { points, width: 2.0, colour: INK, dash };
        for (shape, expected) in [
            (Shape::rectangle(3.3, 4.4, 10.0, 5.0, INK), 50.0),
            (Shape::disc((18.0, 18.0), 5.0, INK), 78.5),
            (line(vec![(2.0, 3.0), (32.0, 33.0)], vec![]), 84.9),
            (line(vec![(2.0, 5.0), (32.0, 5.0)], vec![4.0, 2.0]), 40.0),
            // A bend is covered once, and what is outside is cut off.
            (line(vec![(5.0, 5.0), (15.0, 5.0), (15.0, 15.0)], vec![]), 39.8),
            // So is a way there and back.
            (line(vec![(5.0, 5.0), (25.0, 5.0), (5.0, 5.0)], vec![]), 41.6),
            (Shape::rectangle(30.0, -10.0, 100.0, 20.0, INK), 60.0),
            (Shape::rectangle(f32::NAN, 0.0, 1.0, 1.0, INK), 0.0),
        ] {
            let covered = ink(std::slice::from_ref(&shape));
            assert!((covered - expected).abs() < 0.035 * expected.max(1.0), "{shape:?}: {covered}, not {expected}");
        }
    }

    #[test]
    fn words_are_drawn_where_they_stand() {
        let fonts = fonts();
        let style = crate::Style { size: 20.0, leading: 1.2, bold: true, colour: INK, align: crate::model::Align::Left };
        let text = crate::Shaper::new(&crate::specimen::look(), &fonts).label("l", style);
        let raster = raster(&[Shape::Text { at: (5.0, 25.0), text }], 36.0, 36.0, &Outlines::new(&fonts));
        let dark = |x: f32, y: f32| {
            let at = (y * SCALE) as usize * raster.width as usize + (x * SCALE) as usize;
            raster.rgb[at * 3] < 100
        };
        // The stem of the letter, from its baseline up to its height, and nothing below.
        assert!(dark(7.5, 24.0) && dark(7.5, 14.0) && !dark(7.5, 27.0) && !dark(3.0, 20.0) && !dark(20.0, 20.0));
    }
}

//! Shapes as SVG that stands within an HTML page: no script, no style sheet, no file beside it.

use crate::colour::Colour;
use crate::drawing::Drawing;
use crate::escape;
use crate::inks::Inks;
use crate::shapes::{Glyphs, Position, Shape};
use std::fmt::Write;

/// Where the reader's machine lacks the document's own font, these stand in; `textLength` holds their widths.
const FAMILIES: &str = "'Source Sans 3','Source Sans Pro',Arial,Helvetica,sans-serif";

/// How colours are written.
pub(crate) enum Paint<'a> {
    /// Each where it is used: the drawing is right wherever it stands.
    Plain,
    /// As classes, which the page's style sheet has.
    Classes(&'a mut Inks),
}

/// A chart as a picture with a name and a description. `width` is that which it was drawn for, in points;
/// `id` is unique in the page.
pub fn svg(drawing: &Drawing, width: f32, title: &str, description: &str, id: &str) -> String {
    named(drawing, width, (title, description), id, &mut Paint::Plain)
}

/// A chart with its name and its description.
pub(crate) fn named(drawing: &Drawing, width: f32, said: (&str, &str), id: &str, paint: &mut Paint<'_>) -> String {
    let id = escape::words(id);
    let mut out = String::new();
    open_as(&mut out, &id, width, drawing);
    let _ = write!(out, "<title id=\"{id}-title\">{}</title>", escape::words(said.0));
    let _ = write!(out, "<desc id=\"{id}-desc\">{}</desc>", escape::words(said.1));
    close(&mut out, drawing, paint);
    out
}

/// The same chart drawn for another width: its name and its description are those of the first, whether that shows or not.
pub(crate) fn named_alike(drawing: &Drawing, width: f32, id: &str, paint: &mut Paint<'_>) -> String {
    let mut out = String::new();
    open_as(&mut out, &escape::words(id), width, drawing);
    close(&mut out, drawing, paint);
    out
}

/// Shapes beside words that say the same, such as a sign: passed over by a screen reader.
pub fn svg_shapes(drawn: &[Shape], width: f32, height: f32) -> String {
    passed_over(drawn, width, height, &mut Paint::Plain)
}

pub(crate) fn passed_over(drawn: &[Shape], width: f32, height: f32, paint: &mut Paint<'_>) -> String {
    let mut out = String::from("<svg aria-hidden=\"true\" focusable=\"false\" ");
    open(&mut out, width, height, 0.0);
    shapes(&mut out, drawn, 0.0, paint);
    out.push_str("</svg>");
    out
}

fn open_as(out: &mut String, id: &str, width: f32, drawing: &Drawing) {
    let _ = write!(out, "<svg role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" ");
    open(out, width, drawing.height, usual_size(&drawing.shapes));
}

fn close(out: &mut String, drawing: &Drawing, paint: &mut Paint<'_>) {
    shapes(out, &drawing.shapes, usual_size(&drawing.shapes), paint);
    out.push_str("</svg>");
}

/// That of the first words, which is said once.
fn usual_size(drawn: &[Shape]) -> f32 {
    let size = |shape: &Shape| if let Shape::Text { text, .. } = shape { Some(text.size) } else { None };
    drawn.iter().find_map(size).unwrap_or(0.0)
}

fn open(out: &mut String, width: f32, height: f32, size: f32) {
    let (w, h) = (number(width), number(height));
    let _ = write!(out, "xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}pt\" height=\"{h}pt\"");
    if size > 0.0 {
        let _ = write!(out, " font-family=\"{FAMILIES}\" font-size=\"{}\"", number(size));
    }
    out.push('>');
}

/// The elements of shapes, to stand within an `svg` element whose words have the size `usual`.
pub(crate) fn shapes(out: &mut String, drawn: &[Shape], usual: f32, paint: &mut Paint<'_>) {
    for shape in drawn {
        match shape {
            Shape::Text { at, text } => words(out, *at, text, usual, paint),
            Shape::Line { points, width, colour, dash } => {
                let attributes = match paint {
                    Paint::Plain => format!("fill=\"none\" stroke=\"{}\" stroke-linejoin=\"round\"", colour.hex()),
                    Paint::Classes(inks) => format!("class=\"l {}\"", inks.class(*colour)),
                };
                let _ = write!(out, "<{} {attributes} stroke-width=\"{}\"", outline(points, false), number(*width));
                if !dash.is_empty() {
                    let dash: Vec<String> = dash.iter().map(|part| number(*part)).collect();
                    let _ = write!(out, " stroke-dasharray=\"{}\"", dash.join(" "));
                }
                out.push_str("/>");
            }
            Shape::Fill { points, colour } => {
                let _ = write!(out, "<{} {}/>", outline(points, true), fill(*colour, paint));
            }
        }
    }
}

fn fill(colour: Colour, paint: &mut Paint<'_>) -> String {
    match paint {
        Paint::Plain => format!("fill=\"{}\"", colour.hex()),
        Paint::Classes(inks) => format!("class=\"{}\"", inks.class(colour)),
    }
}

/// Faces are regular, bold, italic, bold italic, as the document has them.
fn words(out: &mut String, (x, y): Position, text: &Glyphs, usual: f32, paint: &mut Paint<'_>) {
    let words: String = text.glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
    if words.trim().is_empty() {
        return;
    }
    let _ = write!(
        out,
        "<text x=\"{}\" y=\"{}\" {} textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"",
        number(x),
        number(y),
        fill(text.colour, paint),
        number(text.width())
    );
    if text.size != usual {
        let _ = write!(out, " font-size=\"{}\"", number(text.size));
    }
    if text.face % 2 == 1 {
        out.push_str(" font-weight=\"700\"");
    }
    if text.face >= 2 {
        out.push_str(" font-style=\"italic\"");
    }
    let _ = write!(out, ">{}</text>", escape::words(&words));
}

/// The element of an outline with its place: a circle where it is one.
fn outline(points: &[Position], closed: bool) -> String {
    if let Some(((x, y), radius)) = as_circle(points) {
        return format!("circle cx=\"{}\" cy=\"{}\" r=\"{}\"", number(x), number(y), number(radius));
    }
    format!("path d=\"{}{}\"", path(points), if closed { "Z" } else { "" })
}

/// The middle and the radius of a polygon of so many sides that it stands for a circle.
fn as_circle(points: &[Position]) -> Option<(Position, f32)> {
    const FEWEST: usize = 20;
    let (first, last) = (points.first()?, points.last()?);
    let near = |a: f32, b: f32| (a - b).abs() < 0.02;
    if points.len() < FEWEST || !near(first.0, last.0) || !near(first.1, last.1) {
        return None;
    }
    // The last is the first once more.
    let corners = &points[1..];
    let count = corners.len() as f32;
    let sum = corners.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
    let (x, y) = (sum.0 / count, sum.1 / count);
    let radius = (first.0 - x).hypot(first.1 - y);
    corners.iter().all(|point| near((point.0 - x).hypot(point.1 - y), radius)).then_some(((x, y), radius))
}

/// The first point, then the way to each next: in tenths of a point, so that no rounding adds up.
fn path(points: &[Position]) -> String {
    let tenths = |x: f32| if x.is_finite() { (f64::from(x) * 10.0).round().clamp(-1e9, 1e9) as i64 } else { 0 };
    let mut path = String::new();
    let mut at = (0, 0);
    for (i, (x, y)) in points.iter().enumerate() {
        let (x, y) = (tenths(*x), tenths(*y));
        match i {
            0 => path.push('M'),
            1 => path.push('l'),
            _ => separate(&mut path, x - at.0),
        }
        path.push_str(&of_tenths(x - at.0));
        separate(&mut path, y - at.1);
        path.push_str(&of_tenths(y - at.1));
        at = (x, y);
    }
    path
}

/// A minus parts two numbers as well as a space does.
fn separate(path: &mut String, next: i64) {
    if next >= 0 {
        path.push(' ');
    }
}

fn of_tenths(tenths: i64) -> String {
    let (sign, whole, rest) = (if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10);
    match (whole, rest) {
        (_, 0) => format!("{sign}{whole}"),
        (0, _) => format!("{sign}.{rest}"),
        _ => format!("{sign}{whole}.{rest}"),
    }
}

/// To the hundredth of a point, without zeros that say nothing; what is not a number has no place and stands at 0.
fn number(x: f32) -> String {
    let rounded = (f64::from(x) * 100.0).round() / 100.0;
    if rounded.is_finite() && rounded != 0.0 { rounded.to_string() } else { "0".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Glyph;

    fn text(words: &str, face: usize) -> Shape {
        let glyphs = words.chars().map(|c| Glyph { id: 1, advance: 4.0, text: c.to_string().as_str().into() }).collect();
        let text = Glyphs { face, size: 8.5, colour: Colour([0, 94, 184]), glyphs, page_of: None };
        Shape::Text { at: (1.234_567, 10.0), text }
    }

    #[test]
    fn text_keeps_its_width_and_is_escaped() {
        let svg = svg_shapes(&[text("A<b>&", 1)], 50.0, 20.0);
        assert!(svg.contains(">A&lt;b&gt;&amp;</text>"), "{svg}");
        assert!(svg.contains("x=\"1.23\" y=\"10\"") && svg.contains("textLength=\"20\""), "{svg}");
        assert!(svg.contains("font-weight=\"700\"") && !svg.contains("italic"), "{svg}");
    }

    #[test]
    fn a_chart_has_a_name_and_description() {
        let drawing = Drawing { height: 20.0, shapes: vec![text("x", 0)] };
        let chart = svg(&drawing, 50.0, "Falls \"2026\"", "Fell from 3 to 2.", "c1");
        assert!(chart.contains("role=\"img\" aria-labelledby=\"c1-title c1-desc\""), "{chart}");
        assert!(chart.contains("<title id=\"c1-title\">Falls &quot;2026&quot;</title><desc id=\"c1-desc\">Fell from"), "{chart}");
        assert!(svg_shapes(&drawing.shapes, 50.0, 20.0).contains("aria-hidden=\"true\""));
    }

    #[test]
    fn outlines_are_short_and_never_drift() {
        let zigzag: Vec<Position> = (0..100).map(|i| (i as f32 * 0.34, if i % 2 == 0 { 0.0 } else { -1.04 })).collect();
        let path = path(&zigzag);
        assert!(path.starts_with("M0 0l.3-1 .4 1"), "{path}");
        // The steps add up to where the last point is, to the tenth.
        let spaced = path.replace('M', "").replace('l', " ").replace('-', " -");
        let numbers: Vec<f64> = spaced.split_whitespace().map(|n| n.parse().unwrap()).collect();
        assert!((numbers.iter().step_by(2).sum::<f64>() - 33.7).abs() < 1e-9, "{path}");
        assert_eq!(super::path(&[(f32::NAN, 1.0), (f32::INFINITY, 2.0)]), "M0 1l0 1");
    }

    #[test]
    fn discs_are_circles_and_others_are_not() {
        let colour = Colour([0, 94, 184]);
        let disc = svg_shapes(&[Shape::disc((10.0, 12.0), 2.6, colour)], 20.0, 20.0);
        assert!(disc.contains("<circle cx=\"10\" cy=\"12\" r=\"2.6\" fill=\"#005EB8\"/>"), "{disc}");
        let rounded: Vec<Position> = (0..=40)
            .map(|i| {
                let a = i as f32 * std::f32::consts::TAU / 40.0;
                (3.0 * a.cos(), 2.0 * a.sin())
            })
            .collect();
        assert!(svg_shapes(&[Shape::Fill { points: rounded, colour }], 9.0, 9.0).contains("<path"));
    }

    #[test]
    fn coordinates_are_short_and_always_numbers() {
        assert_eq!([0.004, -0.001, 1.0, 12.345, f32::NAN, f32::INFINITY].map(number), ["0", "0", "1", "12.35", "0", "0"]);
    }
}

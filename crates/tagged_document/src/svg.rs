//! Shapes as SVG that stands within an HTML page: no script, no style sheet, no file beside it.

use crate::drawing::Drawing;
use crate::escape;
use crate::shapes::{Glyphs, Position, Shape};
use std::fmt::Write;

/// Where the reader's machine lacks the document's own font, these stand in; `textLength` holds their widths.
const FAMILIES: &str = "'Source Sans 3','Source Sans Pro',Arial,Helvetica,sans-serif";

/// A chart as a picture with a name and a description. `width` is that which it was drawn for, in points;
/// `id` is unique in the page.
pub fn svg(drawing: &Drawing, width: f32, title: &str, description: &str, id: &str) -> String {
    let id = escape::words(id);
    let mut out = String::new();
    let _ = write!(out, "<svg role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" ");
    open(&mut out, width, drawing.height);
    let _ = write!(out, "<title id=\"{id}-title\">{}</title>", escape::words(title));
    let _ = write!(out, "<desc id=\"{id}-desc\">{}</desc>", escape::words(description));
    shapes(&mut out, &drawing.shapes);
    out.push_str("</svg>");
    out
}

/// Shapes beside words that say the same, such as a sign: passed over by a screen reader.
pub fn svg_shapes(drawn: &[Shape], width: f32, height: f32) -> String {
    let mut out = String::from("<svg aria-hidden=\"true\" focusable=\"false\" ");
    open(&mut out, width, height);
    shapes(&mut out, drawn);
    out.push_str("</svg>");
    out
}

fn open(out: &mut String, width: f32, height: f32) {
    let (w, h) = (number(width), number(height));
    let _ = write!(
        out,
        "xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}pt\" height=\"{h}pt\" font-family=\"{FAMILIES}\">"
    );
}

/// The elements of shapes, to stand within an `svg` element.
pub fn shapes(out: &mut String, drawn: &[Shape]) {
    for shape in drawn {
        match shape {
            Shape::Text { at, text } => words(out, *at, text),
            Shape::Line { points, width, colour, dash } => {
                let (path, width) = (path(points), number(*width));
                let _ = write!(
                    out,
                    "<path d=\"{path}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"",
                    colour.hex()
                );
                if !dash.is_empty() {
                    let dash: Vec<String> = dash.iter().map(|part| number(*part)).collect();
                    let _ = write!(out, " stroke-dasharray=\"{}\"", dash.join(" "));
                }
                out.push_str("/>");
            }
            Shape::Fill { points, colour } => {
                let _ = write!(out, "<path d=\"{}Z\" fill=\"{}\"/>", path(points), colour.hex());
            }
        }
    }
}

/// Faces are regular, bold, italic, bold italic, as the document has them.
fn words(out: &mut String, (x, y): Position, text: &Glyphs) {
    let words: String = text.glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
    if words.trim().is_empty() {
        return;
    }
    let _ = write!(
        out,
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"",
        number(x),
        number(y),
        number(text.size),
        text.colour.hex(),
        number(text.width())
    );
    if text.face % 2 == 1 {
        out.push_str(" font-weight=\"700\"");
    }
    if text.face >= 2 {
        out.push_str(" font-style=\"italic\"");
    }
    let _ = write!(out, ">{}</text>", escape::words(&words));
}

fn path(points: &[Position]) -> String {
    let mut path = String::new();
    for (i, (x, y)) in points.iter().enumerate() {
        let _ = write!(path, "{}{} {}", if i == 0 { 'M' } else { 'L' }, number(*x), number(*y));
    }
    path
}

/// To the hundredth of a point, without zeros that say nothing; what is not a number has no place and stands at 0.
fn number(x: f32) -> String {
    let rounded = (f64::from(x) * 100.0).round() / 100.0;
    if rounded.is_finite() && rounded != 0.0 { rounded.to_string() } else { "0".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::Colour;
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
    fn coordinates_are_short_and_always_numbers() {
        assert_eq!([0.004, -0.001, 1.0, 12.345, f32::NAN, f32::INFINITY].map(number), ["0", "0", "1", "12.35", "0", "0"]);
    }
}

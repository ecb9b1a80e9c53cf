//! Pages of marks to printpdf operations: every mark inside its tag or its artifact, nothing outside.

use super::layout::Fonts;
use super::layout::LaidOut;
use crate::canvas::{Artifact, Mark, Owner, Page, Target};
use crate::look::Colour;
use crate::pictures::Raster;
use crate::shapes::{Glyphs, Shape};
use printpdf::{
    Actions, BorderArray, Codepoint, Color, ColorArray, CurTransMat, Destination, DictItem, FontId, HighlightingMode, Line,
    LineCapStyle, LineDashPattern, LineJoinStyle, LinePoint, LinkAnnotation, Mm, Op, PaintMode, PdfFontHandle, PdfPage, Point,
    Polygon, PolygonRing, Pt, Rect, Rgb, TextItem, TextMatrix, WindingOrder, XObjectId, XObjectTransform,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use subsetter::GlyphRemapper;

/// What all pages have in common.
pub struct Used {
    /// Of each face.
    pub glyphs: Vec<UsedGlyphs>,
    /// In the order of [`picture_id`].
    pub pictures: Vec<Arc<Raster>>,
}

/// The glyphs of a face that are used, with the numbers under which they stand in the file, and by these the text that each stands for.
#[derive(Default)]
pub struct UsedGlyphs {
    pub numbers: GlyphRemapper,
    pub texts: BTreeMap<u16, String>,
}

/// The name under which a picture stands in the file.
pub fn picture_id(picture: usize) -> XObjectId {
    XObjectId(format!("Picture{picture}"))
}

/// The name under which a face stands in the file.
pub fn font_id(face: usize) -> FontId {
    FontId(format!("Face{face}"))
}

/// Goes through all pages for what they have in common, in their order.
pub fn used(laid: &LaidOut, fonts: &Fonts) -> Used {
    let mut glyphs: Vec<UsedGlyphs> = fonts.faces.iter().map(|_| UsedGlyphs::default()).collect();
    let mut pictures: Vec<Arc<Raster>> = Vec::new();
    for mark in laid.pages.iter().flat_map(|page| &page.marks) {
        if let Some((raster, _)) = &mark.picture
            && !pictures.contains(raster)
        {
            pictures.push(raster.clone());
        }
        for shape in &mark.shapes {
            let Shape::Text { text, .. } = shape else { continue };
            let Some(of_face) = glyphs.get_mut(text.face) else { continue };
            for glyph in &text.glyphs {
                let number = of_face.numbers.remap(glyph.id);
                let known = of_face.texts.entry(number).or_default();
                if known != glyph.text.as_str() {
                    glyph.text.as_str().clone_into(known);
                }
            }
        }
    }
    Used { glyphs, pictures }
}

/// Operations that show every glyph that is used, with the text that it stands for.
pub fn all_glyphs(used: &Used) -> Vec<Op> {
    let show = |(face, of_face): (usize, &UsedGlyphs)| {
        let glyphs = of_face.texts.iter().map(|(number, text)| Codepoint::with_cid(*number, 0.0, text.clone()));
        let items = vec![TextItem::GlyphIds(glyphs.collect())];
        [Op::SetFont { font: PdfFontHandle::External(font_id(face)), size: Pt(1.0) }, Op::ShowText { items }]
    };
    used.glyphs.iter().enumerate().filter(|(_, of_face)| !of_face.texts.is_empty()).flat_map(show).collect()
}

/// The page with its content, and the same with its links alone.
pub fn paint(page: &Page, laid: &LaidOut, fonts: &Fonts, used: &Used) -> (PdfPage, PdfPage) {
    Painter { page_height: page.frame.page_height, laid, fonts, used, ops: Vec::new(), links: Vec::new() }.page(page)
}

struct Painter<'a> {
    /// In points.
    page_height: f32,
    laid: &'a LaidOut,
    fonts: &'a Fonts,
    used: &'a Used,
    ops: Vec<Op>,
    links: Vec<Op>,
}

impl Painter<'_> {
    fn page(mut self, page: &Page) -> (PdfPage, PdfPage) {
        self.ops.push(Op::SetLineCapStyle { cap: LineCapStyle::Butt });
        self.ops.push(Op::SetLineJoinStyle { join: LineJoinStyle::Round });
        let mut mcid = 0;
        for mark in &page.marks {
            self.open(mark, &mut mcid);
            if let Some((raster, area)) = &mark.picture {
                self.picture(raster, *area);
            }
            self.shapes(&mark.shapes);
            self.ops.push(Op::EndMarkedContent);
            if let Some((target, area)) = &mark.link {
                self.link(target, *area);
            }
        }
        let millimetres = |points: f32| Mm(points * 25.4 / 72.0);
        let (width, height) = (millimetres(page.frame.page_width), millimetres(page.frame.page_height));
        (PdfPage::new(width, height, self.ops), PdfPage::new(width, height, self.links))
    }

    fn open(&mut self, mark: &Mark, mcid: &mut i64) {
        let name = |name: &str| DictItem::Name(name.as_bytes().to_vec());
        let (tag, entries) = match mark.owner {
            Owner::Node(node) => {
                let entry = ("MCID", DictItem::Int(*mcid));
                *mcid += 1;
                (self.laid.tree.node(node).role.name(), vec![entry])
            }
            Owner::Artifact(Artifact::Header) => ("Artifact", vec![("Type", name("Pagination")), ("Subtype", name("Header"))]),
            Owner::Artifact(Artifact::Footer) => ("Artifact", vec![("Type", name("Pagination")), ("Subtype", name("Footer"))]),
            Owner::Artifact(Artifact::Layout) => ("Artifact", vec![("Type", name("Layout"))]),
        };
        let map: BTreeMap<String, DictItem> = entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        self.ops.push(Op::BeginMarkedContentWithProperties { tag: tag.to_owned(), properties: DictItem::Dict { map } });
    }

    fn shapes(&mut self, shapes: &[Shape]) {
        let mut in_text = false;
        for shape in shapes {
            let is_text = matches!(shape, Shape::Text { .. });
            if is_text != in_text {
                self.ops.push(if is_text { Op::StartTextSection } else { Op::EndTextSection });
                in_text = is_text;
            }
            match shape {
                Shape::Text { at, text } => self.text(*at, text),
                Shape::Line { points, width, colour, dash } => {
                    self.ops.push(Op::SetOutlineColor { col: color(*colour) });
                    self.ops.push(Op::SetOutlineThickness { pt: Pt(*width) });
                    self.ops.push(Op::SetLineDashPattern { dash: LineDashPattern::new(0.0, dash) });
                    self.ops.push(Op::DrawLine { line: Line { points: self.points(points), is_closed: false } });
                }
                Shape::Fill { points, colour } => {
                    self.ops.push(Op::SetFillColor { col: color(*colour) });
                    let rings = vec![PolygonRing { points: self.points(points) }];
                    let polygon = Polygon { rings, mode: PaintMode::Fill, winding_order: WindingOrder::NonZero };
                    self.ops.push(Op::DrawPolygon { polygon });
                }
            }
        }
        if in_text {
            self.ops.push(Op::EndTextSection);
        }
    }

    fn text(&mut self, (x, y): (f32, f32), text: &Glyphs) {
        let Some((face, used)) = self.fonts.faces.get(text.face).zip(self.used.glyphs.get(text.face)) else { return };
        let font = PdfFontHandle::External(font_id(text.face));
        self.ops.push(Op::SetFont { font, size: Pt(text.size) });
        self.ops.push(Op::SetFillColor { col: color(text.colour) });
        let matrix = TextMatrix::Raw([1.0, 0.0, 0.0, 1.0, tidy(x), self.up(y)]);
        self.ops.push(Op::SetTextMatrix { matrix });
        let units = f32::from(face.parsed.units_per_em);
        let glyphs = text.glyphs.iter().map(|glyph| {
            let declared = f32::from(face.width(glyph.id)) * 1000.0 / units;
            // The file gives widths in whole thousandths; what differs from the shaper's advance is made good here.
            let offset = tidy(declared.trunc() - glyph.advance * 1000.0 / text.size);
            let offset = if offset.abs() < 0.05 { 0.0 } else { offset };
            // What it stands for is told once for all pages.
            Codepoint::new(used.numbers.get(glyph.id).unwrap_or(0), offset)
        });
        let items = vec![TextItem::GlyphIds(glyphs.collect())];
        self.ops.push(Op::ShowText { items });
    }

    fn picture(&mut self, raster: &Arc<Raster>, [x, y, width, height]: [f32; 4]) {
        let Some(index) = self.used.pictures.iter().position(|known| known == raster) else { return };
        // A picture is a square of one unit, until it is told its room.
        let matrix = [tidy(width), 0.0, 0.0, tidy(height), tidy(x), self.up(y + height)];
        self.ops.push(Op::SaveGraphicsState);
        self.ops.push(Op::SetTransformationMatrix { matrix: CurTransMat::Raw(matrix) });
        self.ops.push(Op::UseXobject { id: picture_id(index), transform: XObjectTransform::default() });
        self.ops.push(Op::RestoreGraphicsState);
    }

    fn link(&mut self, target: &Target, [x, y, width, height]: [f32; 4]) {
        let actions = match target {
            Target::Url(url) => Actions::Uri(url.clone()),
            Target::Anchor(anchor) => {
                // Links to nothing were taken out before layout.
                let (page, top) = self.laid.anchors.get(anchor).map_or((0, 0.0), |anchor| (anchor.page, anchor.y));
                let height = self.laid.pages.get(page).map_or(self.page_height, |page| page.frame.page_height);
                let top = Some(tidy(height - (top - 8.0).max(0.0)));
                Actions::Goto(Destination::Xyz { page: page + 1, left: Some(0.0), top, zoom: None })
            }
        };
        let area = Rect::from_xywh(Pt(tidy(x)), Pt(self.up(y + height)), Pt(tidy(width)), Pt(tidy(height)));
        let border = BorderArray::Solid([0.0; 3]);
        let link =
            LinkAnnotation::new(area, actions, Some(border), Some(ColorArray::Transparent), Some(HighlightingMode::Invert));
        self.links.push(Op::LinkAnnotation { link });
    }

    /// Points from the foot of the page.
    fn up(&self, y: f32) -> f32 {
        tidy(self.page_height - y)
    }

    fn points(&self, points: &[(f32, f32)]) -> Vec<LinePoint> {
        points.iter().map(|(x, y)| LinePoint { p: Point { x: Pt(tidy(*x)), y: Pt(self.up(*y)) }, bezier: false }).collect()
    }
}

/// To the hundredth of a point: finer than any printer, and shorter in the file.
fn tidy(x: f32) -> f32 {
    (x * 100.0).round() / 100.0
}

fn color(Colour(parts): Colour) -> Color {
    let [r, g, b] = parts.map(|part| (f32::from(part) / 255.0 * 1000.0).round() / 1000.0);
    Color::Rgb(Rgb { r, g, b, icc_profile: None })
}

//! Pictures in the text, each with the words that stand for it.

use super::body::{Body, Relation};
use super::raster::{png, raster};
use crate::model::Picture;
use crate::pictures::decode;
use crate::shapes::Shape;

/// English Metric Units a point.
const EMU: f32 = 12700.0;
const POINTS: f32 = 72.0 / 25.4;
const PICTURE: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";
const DECORATIVE: [(&str, &str); 2] =
    [("xmlns:adec", "http://schemas.microsoft.com/office/drawing/2017/decorative"), ("val", "1")];

impl Body<'_> {
    /// Shapes as a picture, in a box of points.
    pub fn drawing(&mut self, shapes: &[Shape], size: (f32, f32), alternative: &str) {
        let picture = png(&raster(shapes, size.0, size.1, &self.outlines));
        self.inline_picture(picture, size, alternative);
    }

    /// A picture from a file, no wider than the column and no higher than half of it; its words where it cannot be read.
    pub fn picture(&mut self, picture: &Picture) {
        let style = if self.on_band { "CoverText" } else { "Figure" };
        let ground = if self.on_band { self.look.colours.brand } else { crate::look::Colour::WHITE };
        let Ok(read) = decode(&picture.png, ground) else {
            return self.line(if self.on_band { style } else { "Small" }, &picture.alternative);
        };
        let shape = read.height as f32 / read.width as f32;
        let width = (picture.width.max(1.0) * POINTS).min(self.width).min(self.height / 2.0 / shape);
        // Written anew: of the file nothing but its points of colour is of use.
        let bytes = png(&read);
        self.styled(style, |body| {
            body.element("w:r", |body| body.inline_picture(bytes, (width, width * shape), &picture.alternative));
        });
    }

    fn inline_picture(&mut self, bytes: Vec<u8>, (width, height): (f32, f32), alternative: &str) {
        let known = self.pictures.iter().position(|known| *known == bytes);
        let place = known.unwrap_or_else(|| {
            self.pictures.push(bytes);
            self.pictures.len() - 1
        });
        let relation = self.relation(Relation::Picture(place));
        self.drawn += 1;
        let (id, name) = (self.drawn.to_string(), format!("Picture {}", self.drawn));
        let emu = |points: f32| ((points * EMU).round().clamp(1.0, 2e7) as u32).to_string();
        let (cx, cy) = (emu(width), emu(height));
        let size = [("cx", cx.as_str()), ("cy", &cy)];
        self.xml.element("w:drawing", &[], |xml| {
            xml.element("wp:inline", &[("distT", "0"), ("distB", "0"), ("distL", "0"), ("distR", "0")], |xml| {
                xml.empty("wp:extent", &size);
                let named = [("id", id.as_str()), ("name", &name), ("descr", alternative)];
                if alternative.trim().is_empty() {
                    xml.element("wp:docPr", &named, |xml| {
                        xml.element("a:extLst", &[], |xml| {
                            xml.element("a:ext", &[("uri", "{C183D7F6-B498-43B3-948B-1728B52AA6E4}")], |xml| {
                                xml.empty("adec:decorative", &DECORATIVE);
                            });
                        });
                    });
                } else {
                    xml.empty("wp:docPr", &named);
                }
                xml.element("wp:cNvGraphicFramePr", &[], |xml| xml.empty("a:graphicFrameLocks", &[("noChangeAspect", "1")]));
                xml.element("a:graphic", &[], |xml| {
                    xml.element("a:graphicData", &[("uri", PICTURE)], |xml| {
                        xml.element("pic:pic", &[], |xml| {
                            xml.element("pic:nvPicPr", &[], |xml| {
                                xml.empty("pic:cNvPr", &named);
                                xml.empty("pic:cNvPicPr", &[]);
                            });
                            xml.element("pic:blipFill", &[], |xml| {
                                xml.empty("a:blip", &[("r:embed", &relation)]);
                                xml.element("a:stretch", &[], |xml| xml.empty("a:fillRect", &[]));
                            });
                            xml.element("pic:spPr", &[], |xml| {
                                xml.element("a:xfrm", &[], |xml| {
                                    xml.empty("a:off", &[("x", "0"), ("y", "0")]);
                                    xml.empty("a:ext", &size);
                                });
                                xml.element("a:prstGeom", &[("prst", "rect")], |xml| xml.empty("a:avLst", &[]));
                            });
                        });
                    });
                });
            });
        });
    }
}

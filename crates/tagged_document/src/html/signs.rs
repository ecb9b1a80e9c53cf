//! The signs of the look, drawn once and used by name wherever their words stand.

use super::ids::Ids;
use crate::inks::Inks;
use crate::look::{Look, SignSize};
use crate::shapes::Shape;
use crate::svg::{self, Paint};
use std::fmt::Write;

/// A sign's square, in the units of its drawing.
const SIZE: f32 = 100.0;

/// Each sign's name, class and id.
pub struct DefinedSigns(Vec<(&'static str, &'static str, String)>);

impl DefinedSigns {
    /// Takes an id for each sign.
    pub fn new(look: &Look, ids: &mut Ids) -> Self {
        let named = look.signs.iter().map(|sign| {
            let class = match sign.size {
                SignSize::Letter => "sign",
                SignSize::Line => "icon",
            };
            (sign.name, class, ids.fresh(&format!("{class}-{}", sign.name)))
        });
        DefinedSigns(named.collect())
    }

    /// The drawings, which by themselves take no room.
    pub fn define(&self, out: &mut String, look: &Look, inks: &mut Inks) {
        out.push_str("<svg class=\"defined\" aria-hidden=\"true\" focusable=\"false\" width=\"0\" height=\"0\">");
        for (sign, (_, _, id)) in look.signs.iter().zip(&self.0) {
            symbol(out, id, &(sign.draw)((0.0, 0.0), SIZE, None), inks);
        }
        out.push_str("</svg>\n");
    }

    /// The sign of that name, where there is one. Its word stands beside it, so that it is passed over by a screen reader.
    pub fn put(&self, name: &str, out: &mut String) -> bool {
        let Some((_, class, id)) = self.0.iter().find(|(of, _, _)| *of == name) else { return false };
        let _ = write!(out, "<svg class=\"{class}\" aria-hidden=\"true\" focusable=\"false\"><use href=\"#{id}\"/></svg>");
        true
    }
}

fn symbol(out: &mut String, id: &str, shapes: &[Shape], inks: &mut Inks) {
    let _ = write!(out, "<symbol id=\"{id}\" viewBox=\"0 0 {SIZE} {SIZE}\">");
    svg::shapes(out, shapes, 0.0, &mut Paint::Classes(inks));
    out.push_str("</symbol>");
}

//! The signs of the statuses, drawn once and used by name wherever their words stand.

use super::ids::Ids;
use crate::evaluate::Status;
use crate::report::layout::sign;
use crate::report::svg;
use crate::report::theme::Theme;
use std::fmt::Write;

/// A sign's square, in the units of its drawing.
const SIZE: f32 = 100.0;

pub struct Defined {
    statuses: Vec<(Status, String)>,
}

impl Defined {
    /// Takes a name for each sign.
    pub fn new(ids: &mut Ids) -> Self {
        Defined { statuses: Status::ALL.map(|status| (status, ids.fresh(&format!("sign-{}", status.code())))).to_vec() }
    }

    /// The drawings, which by themselves take no room.
    pub fn define(&self, out: &mut String, theme: &Theme) {
        out.push_str("<svg class=\"defined\" aria-hidden=\"true\" focusable=\"false\" width=\"0\" height=\"0\">");
        for (status, id) in &self.statuses {
            let _ = write!(out, "<symbol id=\"{id}\" viewBox=\"0 0 {SIZE} {SIZE}\">");
            svg::shapes(out, &sign(*status, (0.0, 0.0), SIZE, theme.status(*status)));
            out.push_str("</symbol>");
        }
        out.push_str("</svg>\n");
    }

    /// The sign of a status. Its word stands beside it, so that it is passed over by a screen reader.
    pub fn status(&self, status: Status, out: &mut String) {
        if let Some((_, id)) = self.statuses.iter().find(|(of, _)| *of == status) {
            let _ = write!(out, "<svg class=\"sign\" aria-hidden=\"true\" focusable=\"false\"><use href=\"#{id}\"/></svg>");
        }
    }
}

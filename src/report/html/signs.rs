//! The signs of the statuses and the icons of statistical process control, drawn once and used by name wherever their
//! words stand.

use super::ids::Ids;
use crate::evaluate::Status;
use crate::report::canvas::Shape;
use crate::report::charts::icon;
use crate::report::layout::sign;
use crate::report::model::Icon;
use crate::report::svg;
use crate::report::theme::Theme;
use indicator_stats::spc::{Assurance, Variation};
use std::fmt::Write;

/// A sign's square, in the units of its drawing.
const SIZE: f32 = 100.0;

/// Every icon there is.
const ICONS: [Icon; 10] = [
    Icon::Variation(Variation::CommonCause),
    Icon::Variation(Variation::ImprovementHigh),
    Icon::Variation(Variation::ImprovementLow),
    Icon::Variation(Variation::ConcernHigh),
    Icon::Variation(Variation::ConcernLow),
    Icon::Variation(Variation::NeutralHigh),
    Icon::Variation(Variation::NeutralLow),
    Icon::Assurance(Assurance::Pass),
    Icon::Assurance(Assurance::Fail),
    Icon::Assurance(Assurance::HitAndMiss),
];

pub struct Defined {
    statuses: Vec<(Status, String)>,
    icons: Vec<(Icon, String)>,
}

impl Defined {
    /// Takes a name for each sign.
    pub fn new(ids: &mut Ids) -> Self {
        Defined {
            statuses: Status::ALL.map(|status| (status, ids.fresh(&format!("sign-{}", status.code())))).to_vec(),
            icons: (1..).zip(ICONS).map(|(n, icon)| (icon, ids.fresh(&format!("icon-{n}")))).collect(),
        }
    }

    /// The drawings, which by themselves take no room.
    pub fn define(&self, out: &mut String, theme: &Theme) {
        out.push_str("<svg class=\"defined\" aria-hidden=\"true\" focusable=\"false\" width=\"0\" height=\"0\">");
        for (status, id) in &self.statuses {
            symbol(out, id, &sign(*status, (0.0, 0.0), SIZE, theme.status(*status)));
        }
        for (of, id) in &self.icons {
            symbol(out, id, &icon(*of, (0.0, 0.0), SIZE, theme));
        }
        out.push_str("</svg>\n");
    }

    /// The sign of a status. Its word stands beside it, so that it is passed over by a screen reader.
    pub fn status(&self, status: Status, out: &mut String) {
        if let Some((_, id)) = self.statuses.iter().find(|(of, _)| *of == status) {
            used(out, "sign", id);
        }
    }

    /// An icon, whose word stands beside it too.
    pub fn icon(&self, icon: Icon, out: &mut String) {
        if let Some((_, id)) = self.icons.iter().find(|(of, _)| *of == icon) {
            used(out, "icon", id);
        }
    }
}

fn symbol(out: &mut String, id: &str, shapes: &[Shape]) {
    let _ = write!(out, "<symbol id=\"{id}\" viewBox=\"0 0 {SIZE} {SIZE}\">");
    svg::shapes(out, shapes);
    out.push_str("</symbol>");
}

fn used(out: &mut String, class: &str, id: &str) {
    let _ = write!(out, "<svg class=\"{class}\" aria-hidden=\"true\" focusable=\"false\"><use href=\"#{id}\"/></svg>");
}

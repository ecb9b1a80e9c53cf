//! What setting a block needs to know, whichever kind it is.

use super::fragment::Fragment;
use super::notes::Footnote;
use super::references::HeadingEntry;
use super::text::{Shaper, Style};
use crate::Problem;
use crate::canvas::Mark;
use crate::colour::Colour;
use crate::look::Look;
use crate::model::{Align, Run};
use crate::tags::{NodeId, Tree};
use std::sync::Arc;

const BODY_LEADING: f32 = 1.38;
pub const TIGHT_LEADING: f32 = 1.22;

/// What setting a block needs to know.
pub struct LayoutContext<'s, 'a> {
    pub shaper: &'s mut Shaper<'a>,
    pub look: &'a Look,
    pub tree: &'s mut Tree,
    /// The section that is being set.
    pub section: NodeId,
    /// Width and height of the column in points.
    pub width: f32,
    pub height: f32,
    /// The template that is being set.
    pub place: Arc<str>,
    /// On the cover's band: white and large.
    pub on_band: bool,
    /// Every heading of the document, for the contents.
    pub headings: &'s [HeadingEntry],
    /// What footnotes say, by their numbers from 1.
    pub notes: &'s [Vec<Run>],
    /// Notes whose marks were set since the last fragment was made.
    pub called: Vec<Footnote>,
    pub warnings: Vec<Problem>,
}

impl LayoutContext<'_, '_> {
    /// A fragment of these marks, with the notes that they call for.
    pub fn fragment(&mut self, marks: Vec<Mark>) -> Fragment {
        Fragment { marks, notes: std::mem::take(&mut self.called), place: self.place.clone(), ..Fragment::default() }
    }

    pub fn style(&self, size: f32, bold: bool, colour: Colour) -> Style {
        let colour = if self.on_band { Colour::WHITE } else { colour };
        Style { size, leading: BODY_LEADING, bold, colour, align: Align::Left }
    }
}

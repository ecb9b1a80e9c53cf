//! How a document looks: its page, type and colours, and the signs that stand beside words.

pub use crate::colour::Colour;

use crate::shapes::{Position, Shape};
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;

/// In millimetres.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PageSize {
    /// The page's width.
    pub width: f32,
    /// The page's height.
    pub height: f32,
    /// Left and right.
    pub margin_side: f32,
    /// Above the text.
    pub margin_top: f32,
    /// Below the text.
    pub margin_bottom: f32,
}

/// In points.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TextSizes {
    /// Running text.
    pub body: f32,
    /// Notes.
    pub small: f32,
    /// Tables.
    pub table: f32,
    /// Headings of the first level.
    pub heading_1: f32,
    /// Of the second.
    pub heading_2: f32,
    /// Of the third.
    pub heading_3: f32,
    /// Of the fourth.
    pub heading_4: f32,
    /// The title on the cover.
    pub cover: f32,
}

/// Colours of text, lines, grounds and charts.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Colours {
    /// Headings, the cover's band, rules of tables.
    pub brand: Colour,
    /// Running text.
    pub text: Colour,
    /// Notes and labels.
    pub quiet: Colour,
    /// Links.
    pub link: Colour,
    /// Lines of tables and axes: decoration, not information.
    pub line: Colour,
    /// Behind call-outs and table heads.
    pub panel: Colour,
    /// Behind what warns.
    pub warning_panel: Colour,
    /// The comparator's line.
    pub comparator: Colour,
    /// The target's line.
    pub target: Colour,
    /// The lines of a chart, in order.
    pub series: Vec<Colour>,
    /// Confidence limits behind the first line.
    pub band: Colour,
}

/// A colour that words, cards or the grounds of cells may have, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedTone {
    /// Also a class of the HTML edition: letters, digits, `_` and `-`.
    pub name: &'static str,
    pub colour: Colour,
}

/// How large a sign is beside its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignSize {
    /// As high as a capital.
    Letter,
    /// As high as a line: for what has detail.
    Line,
}

/// Draws a sign in a square of that size with its top left corner at that position; in one ink, where it lies on a ground on which
/// its own colours do not show.
pub type DrawSign = dyn Fn(Position, f32, Option<Colour>) -> Vec<Shape> + Send + Sync;

/// A small drawing that stands beside its word, and is passed over by a screen reader for that.
#[derive(Clone)]
pub struct Sign {
    /// By which text names it; letters, digits, `_` and `-`.
    pub name: &'static str,
    pub size: SignSize,
    /// The character that stands for it where nothing is drawn; empty where there is none.
    pub text: &'static str,
    pub draw: Arc<DrawSign>,
}

impl fmt::Debug for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sign").field("name", &self.name).field("size", &self.size).finish_non_exhaustive()
    }
}

/// How a document looks.
#[derive(Debug, Clone)]
pub struct Look {
    pub page: PageSize,
    pub text: TextSizes,
    pub colours: Colours,
    /// What the tones of words and cards may be, beside plain and quiet.
    pub tones: Vec<NamedTone>,
    /// What the grounds of cells may be: light enough for running text.
    pub grounds: Vec<NamedTone>,
    pub signs: Vec<Sign>,
    pub dark: Dark,
}

/// The colours of the HTML edition for readers who have asked for dark pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dark {
    /// The page, in the place of white.
    pub ground: Colour,
    /// Colours of the look, each with what stands for it. What is not among them is derived: see [`Colour::on_dark`].
    pub instead: Vec<(Colour, Colour)>,
}

impl Default for Dark {
    fn default() -> Self {
        Dark { ground: Colour([0x12, 0x18, 0x1D]), instead: Vec::new() }
    }
}

impl Dark {
    /// What stands for a colour on a dark page.
    pub fn of(&self, colour: Colour) -> Colour {
        let given = self.instead.iter().find(|(light, _)| *light == colour).map(|(_, dark)| *dark);
        given.unwrap_or_else(|| colour.on_dark(self.ground))
    }
}

impl Look {
    /// The colour of that name; that of running text where there is none.
    pub fn tone(&self, name: &str) -> Colour {
        self.tones.iter().find(|tone| tone.name == name).map_or(self.colours.text, |tone| tone.colour)
    }

    /// The ground of that name, where there is one.
    pub fn ground(&self, name: &str) -> Option<Colour> {
        self.grounds.iter().find(|ground| ground.name == name).map(|ground| ground.colour)
    }

    pub fn sign(&self, name: &str) -> Option<&Sign> {
        self.signs.iter().find(|sign| sign.name == name)
    }
}

//! The document as far as it is written: what its parts share.

use super::outlines::Outlines;
use super::xml::Xml;
use crate::layout::Shaper;
use crate::layout::references::HeadingEntry;
use crate::look::Look;
use crate::model::Run;
use std::collections::BTreeMap;

/// Twentieths of a point.
pub const TWIPS: f32 = 20.0;

/// What a part refers to: a kind of relation and its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    /// A picture, by its place among the pictures.
    Picture(usize),
    /// An address outside the document.
    Address(String),
    /// A part beside it, by its kind and name.
    Part(&'static str, String),
}

pub struct Body<'a> {
    pub look: &'a Look,
    pub shaper: Shaper<'a>,
    pub outlines: Outlines<'a>,
    /// The part that is being written, and what it refers to: `rId1` and so on.
    pub xml: Xml,
    pub relations: Vec<Relation>,
    /// PNG files, each once.
    pub pictures: Vec<Vec<u8>>,
    /// Pictures and bookmarks have numbers of their own.
    pub drawn: usize,
    /// What figures that were made up are marked with.
    pub illustrative: String,
    /// The column that text stands in, in points.
    pub width: f32,
    pub height: f32,
    /// On the cover's band, where text is white.
    pub on_band: bool,
    /// A table was written last: what follows must not run into it.
    pub after_table: bool,
    /// The title begins with the words of the first heading, which is its title here; false once that is written.
    pub is_title: bool,
    /// No heading of the first level came after the title yet.
    pub is_under_title: bool,
    /// Those that are still to come, with their numbers.
    pub headings: std::iter::Enumerate<std::vec::IntoIter<HeadingEntry>>,
    /// What the contents list, down to what level: none once they are written.
    pub contents: Vec<HeadingEntry>,
    pub has_contents: bool,
    /// The bookmark of each heading, by its anchor.
    pub bookmarks: BTreeMap<String, String>,
    /// The words of the last heading, to name what has no name of its own.
    pub here: String,
    /// Notes so far, the first of number 1.
    pub notes: Vec<Vec<Run>>,
    /// The level of each numbered list: each starts at 1.
    pub numbered: Vec<usize>,
}

impl Body<'_> {
    /// An element with what is written within it.
    pub fn element(&mut self, name: &str, within: impl FnOnce(&mut Self)) {
        self.xml.open(name, &[]);
        within(self);
        self.xml.close(name);
    }

    /// A paragraph in a style.
    pub fn styled(&mut self, style: &str, within: impl FnOnce(&mut Self)) {
        self.element("w:p", |body| {
            body.xml.element("w:pPr", &[], |xml| xml.value("w:pStyle", style));
            within(body);
        });
        self.after_table = false;
    }

    /// A paragraph of words in a style.
    pub fn line(&mut self, style: &str, words: &str) {
        self.styled(style, |body| body.xml.element("w:r", &[], |xml| text(xml, words)));
    }

    /// The id of a relation of the part that is being written.
    pub fn relation(&mut self, relation: Relation) -> String {
        let known = self.relations.iter().position(|known| *known == relation);
        let place = known.unwrap_or_else(|| {
            self.relations.push(relation);
            self.relations.len() - 1
        });
        format!("rId{}", place + 1)
    }
}

/// Words within a run: spaces at their ends stay.
pub fn text(xml: &mut Xml, words: &str) {
    xml.words("w:t", &[("xml:space", "preserve")], words);
}

/// Points in twentieths of a point.
pub fn twips(points: f32) -> String {
    let twips = (points * TWIPS).round();
    format!("{}", if twips.is_finite() { twips as i64 } else { 0 })
}

/// A colour as WordprocessingML has it.
pub fn hex(colour: crate::colour::Colour) -> String {
    colour.hex().trim_start_matches('#').to_owned()
}

/// A style of a tone: letters, digits, `_` and `-` after a word that no built-in style begins with.
pub fn tone_style(name: &str) -> String {
    format!("Tone-{name}")
}

//! Runs of text: emphasis, links, signs, small charts and the marks of notes.

use super::body::{Body, Relation, text, tone_style};
use super::xml::Xml;
use crate::escape::followed;
use crate::model::{Inline, Link, Run, Tone};

/// A small chart within a cell, in points.
pub const SPARK: (f32, f32) = (60.0, 12.0);

/// What all runs of a paragraph have in common.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    pub bold: bool,
    /// Within a note, which Word lets have no note.
    in_note: bool,
}

impl Manner {
    pub const BOLD: Manner = Manner { bold: true, in_note: false };
}

impl Body<'_> {
    /// Runs in their order; neighbours with one link are one link.
    pub fn runs(&mut self, runs: &[Run], manner: Manner) {
        for linked in runs.chunk_by(|a, b| a.link == b.link) {
            match linked[0].link.as_ref().and_then(|link| self.target(link)) {
                Some((name, target)) => {
                    self.xml.open("w:hyperlink", &[(name, &target), ("w:history", "1")]);
                    self.unlinked(linked, manner, true);
                    self.xml.close("w:hyperlink");
                }
                None => self.unlinked(linked, manner, false),
            }
        }
    }

    /// The runs of a note. One within it follows in brackets.
    pub fn note_runs(&mut self, runs: &[Run]) {
        self.runs(runs, Manner { in_note: true, ..Manner::default() });
    }

    /// The attribute of a link, and its value.
    fn target(&mut self, link: &Link) -> Option<(&'static str, String)> {
        match link {
            Link::Anchor(anchor) => Some(("w:anchor", self.bookmarks.get(anchor)?.clone())),
            Link::Url(url) => followed(url).map(|url| ("r:id", self.relation(Relation::Address(url)))),
            Link::Elsewhere(place) => Some(("r:id", self.relation(Relation::Address(place.page())))),
        }
    }

    fn unlinked(&mut self, runs: &[Run], manner: Manner, is_link: bool) {
        // A sign that no character stands for leaves the space before its word out too.
        let mut is_bare = false;
        for run in runs {
            match &run.inline {
                Inline::Text(words) => {
                    let words = if is_bare { words.trim_start_matches('\u{a0}') } else { words };
                    self.run(run, manner, is_link, |xml| text(xml, words));
                }
                Inline::Break => self.xml.element("w:r", &[], |xml| xml.empty("w:br", &[])),
                Inline::Sign(name) => {
                    let sign = self.look.sign(name).map_or("", |sign| sign.text);
                    if !sign.is_empty() {
                        self.run(run, manner, is_link, |xml| text(xml, sign));
                    }
                    is_bare = sign.is_empty();
                    continue;
                }
                // The number of a page is not known here: the words of its heading stand for it.
                Inline::PageOf(anchor) => self.place_of(anchor, run, manner, is_link),
                Inline::Spark { chart, alternative } => {
                    let shapes = chart.draw(SPARK.0, SPARK.1, self.look);
                    self.element("w:r", |body| body.drawing(&shapes, SPARK, alternative));
                }
                Inline::Note(runs) if manner.in_note => {
                    self.xml.element("w:r", &[], |xml| text(xml, " ("));
                    self.runs(runs, manner);
                    self.xml.element("w:r", &[], |xml| text(xml, ")"));
                }
                Inline::Note(runs) => {
                    self.notes.push(runs.clone());
                    let id = self.notes.len().to_string();
                    self.xml.element("w:r", &[], |xml| {
                        xml.element("w:rPr", &[], |xml| xml.value("w:rStyle", "FootnoteReference"));
                        xml.empty("w:footnoteReference", &[("w:id", &id)]);
                    });
                }
            }
            is_bare = false;
        }
    }

    fn place_of(&mut self, anchor: &str, run: &Run, manner: Manner, is_link: bool) {
        let title = self.contents.iter().find(|heading| heading.anchor == anchor).map(|heading| heading.title.clone());
        let title = title.filter(|title| !title.is_empty()).unwrap_or_else(|| "this section".to_owned());
        match self.bookmarks.get(anchor).filter(|_| !is_link).cloned() {
            Some(bookmark) => {
                self.xml.open("w:hyperlink", &[("w:anchor", &bookmark), ("w:history", "1")]);
                self.run(run, manner, true, |xml| text(xml, &title));
                self.xml.close("w:hyperlink");
            }
            None => self.run(run, manner, is_link, |xml| text(xml, &title)),
        }
    }

    /// A run with what it looks like.
    fn run(&mut self, run: &Run, manner: Manner, is_link: bool, within: impl FnOnce(&mut Xml)) {
        let style = match run.tone {
            // On the cover's band everything is white.
            _ if self.on_band => None,
            _ if is_link => Some("Hyperlink".to_owned()),
            Tone::Plain => None,
            Tone::Quiet => Some("Quiet".to_owned()),
            Tone::Named(name) => self.look.tones.iter().any(|tone| tone.name == name).then(|| tone_style(name)),
        };
        let (bold, italic) = (run.bold || manner.bold, run.italic);
        let xml = &mut self.xml;
        xml.open("w:r", &[]);
        if style.is_some() || bold || italic {
            xml.element("w:rPr", &[], |xml| {
                if let Some(style) = &style {
                    xml.value("w:rStyle", style);
                }
                for (set, name) in [(bold, "w:b"), (italic, "w:i")] {
                    if set {
                        xml.empty(name, &[]);
                    }
                }
            });
        }
        within(xml);
        xml.close("w:r");
    }
}

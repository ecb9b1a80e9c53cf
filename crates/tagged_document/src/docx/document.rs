//! The whole file: its body, then the parts beside it.

use super::body::{Body, Relation};
use super::outlines::Outlines;
use super::sections::{Pages, grouped};
use super::xml::{ROOT, Xml};
use super::{package, parts, styles};
use crate::Problem;
use crate::layout::references::{after_contents, name_headings, unlink_dangling};
use crate::layout::{Fonts, Shaper};
use crate::look::Look;
use crate::model::{Document, Run};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The whole file. `date` is the day that it is dated. The same document, look, fonts and day give the same bytes.
///
/// # Errors
/// A file that cannot be put together, which no words bring about.
pub fn write(document: &Document, look: &Look, fonts: &Fonts, date: Date) -> Result<Vec<u8>, Problem> {
    let mut document = document.clone();
    let headings = name_headings(&document);
    // The PDF's layout tells of each link that leads nowhere.
    let _ = unlink_dangling(&mut document, &headings);
    let contents = after_contents(&document, &headings);
    let bookmark = |(i, anchor): (usize, &String)| (anchor.clone(), format!("heading_{}", i + 1));
    let bookmarks: BTreeMap<String, String> = headings.iter().map(|heading| &heading.anchor).enumerate().map(bookmark).collect();
    let is_title = headings.first().is_some_and(|first| !first.title.is_empty() && document.title.starts_with(&first.title));
    let mut body = Body {
        look,
        shaper: Shaper::new(look, fonts),
        outlines: Outlines::new(fonts),
        xml: Xml::new(),
        relations: Vec::new(),
        pictures: Vec::new(),
        drawn: 0,
        illustrative: document.illustrative.clone(),
        width: 0.0,
        height: 0.0,
        on_band: false,
        after_table: false,
        is_title,
        is_under_title: false,
        headings: headings.into_iter().enumerate(),
        contents,
        has_contents: false,
        bookmarks,
        here: String::new(),
        notes: Vec::new(),
        numbered: Vec::new(),
    };
    let pages = Pages::new(&mut body, &document);
    body.xml.open("w:document", &ROOT);
    body.xml.open("w:body", &[]);
    let groups = grouped(&document.sections);
    let count = groups.len();
    for (i, group) in groups.into_iter().enumerate() {
        body.group(group, &pages, i + 1 == count);
    }
    body.xml.close("w:body");
    body.xml.close("w:document");
    let main = std::mem::replace(&mut body.xml, Xml::new());
    for (kind, name) in [
        ("styles", "styles.xml"),
        ("numbering", "numbering.xml"),
        ("settings", "settings.xml"),
        ("fontTable", "fontTable.xml"),
        ("footnotes", "footnotes.xml"),
    ] {
        body.relation(Relation::Part(kind, name.to_owned()));
    }
    let main_relations = std::mem::take(&mut body.relations);
    body.footnotes();
    let notes = std::mem::replace(&mut body.xml, Xml::new());
    let mut file = package::Package::new(&body.pictures);
    file.add("word/document.xml", main, &main_relations);
    file.add("word/footnotes.xml", notes, &body.relations);
    for (name, part) in pages.parts {
        file.add(&format!("word/{name}"), part, &[]);
    }
    file.add("word/styles.xml", styles::sheet(look, &document.language), &[]);
    file.add("word/numbering.xml", parts::numbering(&body.numbered, look), &[]);
    file.add("word/settings.xml", parts::settings(&document.language), &[]);
    file.add("word/fontTable.xml", parts::font_table(), &[]);
    file.add("docProps/core.xml", parts::core(&document, date), &[]);
    file.add("docProps/app.xml", parts::app(&document), &[]);
    file.finish()
}

impl Body<'_> {
    /// The part of the notes. A note within a note, which Word has not, follows it.
    fn footnotes(&mut self) {
        self.xml.open("w:footnotes", &ROOT);
        for (id, kind, line) in [("-1", "separator", "w:separator"), ("0", "continuationSeparator", "w:continuationSeparator")] {
            self.xml.element("w:footnote", &[("w:type", kind), ("w:id", id)], |xml| {
                xml.element("w:p", &[], |xml| xml.element("w:r", &[], |xml| xml.empty(line, &[])));
            });
        }
        let mut written = 0;
        while let Some(runs) = self.notes.get_mut(written).map(std::mem::take) {
            written += 1;
            self.xml.open("w:footnote", &[("w:id", &written.to_string())]);
            self.note(&runs);
            self.xml.close("w:footnote");
        }
        self.xml.close("w:footnotes");
    }

    fn note(&mut self, runs: &[Run]) {
        self.styled("FootnoteText", |body| {
            body.element("w:r", |body| {
                body.xml.element("w:rPr", &[], |xml| xml.value("w:rStyle", "FootnoteReference"));
                body.xml.empty("w:footnoteRef", &[]);
            });
            body.element("w:r", |body| super::body::text(&mut body.xml, " "));
            body.note_runs(runs);
        });
    }
}

//! The whole file: its head, the parts of its body, and the blocks of each section.

use super::ids::Ids;
use super::page::Page;
use super::signs::DefinedSigns;
use super::style;
use crate::escape::words;
use crate::inks::Inks;
use crate::layout::references::{after_contents, name_headings, unlink_dangling};
use crate::layout::{Fonts, Shaper, abbreviations};
use crate::look::Look;
use crate::model::{Block, Document, ParagraphKind, Run, Section, SectionLayout, Table};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Nothing is fetched and nothing runs: styles stand in the file, pictures in their `src`.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The whole file. The same document and look give the same text.
pub fn write(document: &Document, look: &Look, fonts: &Fonts) -> String {
    let mut document = document.clone();
    let headings = name_headings(&document);
    // The PDF's layout tells of each link that leads nowhere.
    let _ = unlink_dangling(&mut document, &headings);
    abbreviations::expand(&mut document);
    let contents = after_contents(&document, &headings);
    let mut ids = Ids::of(headings.iter().map(|heading| heading.anchor.as_str()));
    let main = ids.fresh("content");
    let of_title = headings.first().and_then(|first| after(&document.title, &first.title)).map(str::to_owned);
    let signs = DefinedSigns::new(look, &mut ids);
    let mut page = Page {
        out: String::new(),
        look,
        illustrative: document.illustrative.clone(),
        width: (look.page.width - 2.0 * look.page.margin_side) * 72.0 / 25.4,
        shaper: Shaper::new(look, fonts),
        ids,
        signs,
        inks: Inks::default(),
        chosen_by: BTreeSet::new(),
        choices: 0,
        of_title,
        is_under_title: false,
        headings: headings.into_iter(),
        contents,
        here: String::new(),
        notes: Vec::new(),
        noted: 0,
    };
    // What the style sheet has to say shows in the body.
    page.body(&document, &main);
    let body = std::mem::take(&mut page.out);
    page.head(&document);
    page.out + &body
}

impl Page<'_> {
    fn head(&mut self, document: &Document) {
        let (title, author, subject) = (words(&document.title), words(&document.author), words(&document.subject));
        // An empty title is no title.
        let title = if title.trim().is_empty() { "Document".to_owned() } else { title };
        let _ = write!(
            self.out,
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title} (web page)</title>\n<meta name=\"author\" content=\"{author}\">\n\
             <meta name=\"description\" content=\"{subject}\">\n<style>\n{}</style>\n</head>\n",
            words(&document.language),
            style::sheet(self.look, &self.inks, &self.chosen_by)
        );
    }

    fn body(&mut self, document: &Document, main: &str) {
        let _ = write!(self.out, "<body>\n<a class=\"skip\" href=\"#{main}\">Skip to the content</a>\n");
        self.signs.define(&mut self.out, self.look, &mut self.inks);
        let (left, right) = (words(&document.head.0), words(&document.head.1));
        let _ = write!(self.out, "<header class=\"top\"><p><strong>{left}</strong> <span>{right}</span></p>");
        for mark in &document.marks {
            let _ = write!(self.out, "<p class=\"mark\">{}</p>", words(mark));
        }
        if document.sections.iter().any(|section| section.blocks.iter().any(Block::is_illustrative)) {
            let _ = write!(self.out, "<p class=\"mark\">{}</p>", words(&self.illustrative));
        }
        let _ = write!(self.out, "</header>\n<main id=\"{main}\">\n");
        if self.of_title.is_none() {
            let title = if document.title.trim().is_empty() { "Document" } else { &document.title };
            let _ = writeln!(self.out, "<h1 class=\"unseen\">{}</h1>", words(title));
        }
        for section in &document.sections {
            self.section(section, &document.marks);
        }
        let _ = write!(self.out, "</main>\n<footer><p>{}</p>", words(&document.foot));
        for (said, file) in &document.links {
            let _ = write!(self.out, "<p><a href=\"{}\">{}</a></p>", words(file), words(said));
        }
        self.out.push_str("</footer>\n</body>\n</html>\n");
    }

    fn section(&mut self, section: &Section, marks: &[String]) {
        self.shaper.set_place(&section.place);
        let class = match section.layout {
            SectionLayout::Cover => "cover",
            SectionLayout::NewPage => "part",
            SectionLayout::Continue if section.landscape => "part",
            SectionLayout::Continue => "on",
        };
        let _ = writeln!(self.out, "<section class=\"{class}\">");
        // The cover has the marks of the whole page above it.
        for mark in marks.iter().filter(|_| class == "part") {
            let _ = writeln!(self.out, "<p class=\"mark again\">{}</p>", words(mark));
        }
        let mut rest = section.blocks.as_slice();
        if section.layout == SectionLayout::Cover {
            // As on paper, what stands before the first rule lies on the band.
            let band = rest.iter().position(|block| matches!(block, Block::Rule)).unwrap_or(rest.len());
            self.out.push_str("<div class=\"band\">\n");
            self.blocks(&rest[..band]);
            self.out.push_str("</div>\n");
            rest = rest.get(band + 1..).unwrap_or_default();
        }
        self.blocks(rest);
        self.notes();
        self.out.push_str("</section>\n");
    }

    fn blocks(&mut self, blocks: &[Block]) {
        let mut rest = blocks;
        while let [block, after @ ..] = rest {
            rest = after;
            match (block, after) {
                (Block::Heading(heading), _) => {
                    self.heading(heading);
                    // A mark where the words below it, down to the next heading, do not say it first.
                    let below = after.iter().take_while(|block| !matches!(block, Block::Heading(_)));
                    let said = matches!(after.first(), Some(Block::Paragraph(p)) if p.kind == ParagraphKind::Warning);
                    if !said && below.clone().any(Block::is_illustrative) {
                        let _ = writeln!(self.out, "<p class=\"mark\">{}</p>", words(&self.illustrative));
                    }
                }
                (Block::Paragraph(caption), [Block::Table(table), ..])
                    if caption.kind == ParagraphKind::Caption && table.caption.is_empty() =>
                {
                    self.table(table, &caption.runs);
                    rest = &after[1..];
                }
                (Block::Table(table), _) => self.table(table, &own_caption(table)),
                _ => self.block(block),
            }
        }
    }
}

/// What follows the words of the first heading in the title.
fn after<'a>(title: &'a str, heading: &str) -> Option<&'a str> {
    title.strip_prefix(heading).filter(|_| !heading.is_empty())
}

fn own_caption(table: &Table) -> Vec<Run> {
    if table.caption.is_empty() { Vec::new() } else { vec![Run::text(table.caption.clone())] }
}

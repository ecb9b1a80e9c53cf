//! Runs of text: emphasis, links, abbreviations, signs, small charts and notes.

use super::page::{Note, Page};
use crate::escape::{address, words};
use crate::model::{Inline, Link, Run, Tone};
use crate::svg::{Paint, passed_over};
use std::fmt::Write;

impl Page<'_> {
    /// Runs in their order; neighbours with one link are one link.
    pub fn runs(&mut self, runs: &[Run]) {
        for linked in runs.chunk_by(|a, b| a.link == b.link) {
            match linked[0].link.as_ref().and_then(|link| self.href(link)) {
                Some(href) => {
                    let _ = write!(self.out, "<a href=\"{href}\">");
                    self.unlinked(linked, true);
                    self.out.push_str("</a>");
                }
                None => self.unlinked(linked, false),
            }
        }
    }

    fn unlinked(&mut self, runs: &[Run], within_link: bool) {
        let mut rest = runs;
        while let [run, after @ ..] = rest {
            rest = after;
            match after.first() {
                // A no-break space does not hold a picture: the sign and its word are kept on one line by their box.
                Some(word) if is_sign(run) && is_bound(word) => {
                    self.out.push_str("<span class=\"pair\">");
                    self.run(run, within_link);
                    self.run(word, within_link);
                    self.out.push_str("</span>");
                    rest = &after[1..];
                }
                _ => self.run(run, within_link),
            }
        }
    }

    fn href(&self, link: &Link) -> Option<String> {
        match link {
            Link::Anchor(anchor) => self.ids.anchor(anchor).map(|id| format!("#{id}")),
            Link::Url(url) => address(url),
            Link::Elsewhere(place) => Some(words(&place.page())),
        }
    }

    fn run(&mut self, run: &Run, within_link: bool) {
        let mut ends: Vec<&str> = Vec::new();
        match run.tone {
            Tone::Plain => {}
            Tone::Quiet => {
                self.out.push_str("<span class=\"quiet\">");
                ends.push("</span>");
            }
            Tone::Named(name) => {
                let _ = write!(self.out, "<span class=\"{name}\">");
                ends.push("</span>");
            }
        }
        for (set, tag, end) in [(run.bold, "<strong>", "</strong>"), (run.italic, "<em>", "</em>")] {
            if set {
                self.out.push_str(tag);
                ends.push(end);
            }
        }
        if let Some(expansion) = run.expansion.as_ref().filter(|expansion| !expansion.trim().is_empty()) {
            let _ = write!(self.out, "<abbr title=\"{}\">", words(expansion));
            ends.push("</abbr>");
        }
        self.inline(&run.inline, within_link);
        ends.iter().rev().for_each(|end| self.out.push_str(end));
    }

    fn inline(&mut self, inline: &Inline, within_link: bool) {
        match inline {
            Inline::Text(text) => self.out.push_str(&words(text)),
            Inline::Break => self.out.push_str("<br>"),
            Inline::Sign(name) => {
                self.signs.put(name, &mut self.out);
            }
            // A page has no number here: the words of its heading stand for it.
            Inline::PageOf(anchor) => self.place_of(anchor, within_link),
            Inline::Spark { chart, alternative } => {
                const SPARK: (f32, f32) = (60.0, 12.0);
                let shapes = chart.draw(SPARK.0, SPARK.1, self.look);
                let drawn = passed_over(&shapes, SPARK.0, SPARK.1, &mut Paint::Classes(&mut self.inks));
                let _ =
                    write!(self.out, "<span class=\"spark\" role=\"img\" aria-label=\"{}\">{drawn}</span>", words(alternative));
            }
            Inline::Note(runs) => self.mark(runs, within_link),
        }
    }

    fn place_of(&mut self, anchor: &str, within_link: bool) {
        let title = self.contents.iter().find(|heading| heading.anchor == anchor).map(|heading| words(&heading.title));
        let title = title.filter(|title| !title.is_empty()).unwrap_or_else(|| "this section".to_owned());
        match self.ids.anchor(anchor) {
            Some(id) if !within_link => {
                let _ = write!(self.out, "<a href=\"#{id}\">{title}</a>");
            }
            _ => self.out.push_str(&title),
        }
    }

    fn mark(&mut self, runs: &[Run], within_link: bool) {
        self.noted += 1;
        let number = self.noted;
        let note = Note {
            runs: runs.to_vec(),
            number,
            mark: self.ids.fresh(&format!("note-mark-{number}")),
            id: self.ids.fresh(&format!("note-{number}")),
        };
        // A link within a link is not possible; the note is found by its number.
        let _ = if within_link {
            write!(self.out, "<sup id=\"{}\">{number}</sup>", note.mark)
        } else {
            write!(
                self.out,
                "<sup><a id=\"{}\" href=\"#{}\" role=\"doc-noteref\" aria-label=\"Note {number}\">{number}</a></sup>",
                note.mark, note.id
            )
        };
        self.notes.push(note);
    }

    /// The notes of the section, each with its way back.
    pub fn notes(&mut self) {
        if self.notes.is_empty() {
            return;
        }
        let _ =
            writeln!(self.out, "<div class=\"notes\" role=\"doc-endnotes\" aria-label=\"Notes from {}\">", self.notes[0].number);
        let _ = writeln!(self.out, "<ol start=\"{}\">", self.notes[0].number);
        // A note may hold a note, which then follows.
        let mut written = 0;
        while written < self.notes.len() {
            let note = &mut self.notes[written];
            let (runs, number) = (std::mem::take(&mut note.runs), note.number);
            let (mark, id) = (note.mark.clone(), note.id.clone());
            let _ = write!(self.out, "<li id=\"{id}\">");
            self.runs(&runs);
            let _ = writeln!(
                self.out,
                " <a href=\"#{mark}\" role=\"doc-backlink\" aria-label=\"Back to the words of note {number}\">\u{21a9}</a></li>"
            );
            written += 1;
        }
        self.out.push_str("</ol>\n</div>\n");
        self.notes.clear();
    }
}

fn is_sign(run: &Run) -> bool {
    matches!(run.inline, Inline::Sign(_))
}

fn is_bound(run: &Run) -> bool {
    matches!(&run.inline, Inline::Text(text) if text.starts_with('\u{a0}'))
}

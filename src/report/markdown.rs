//! Markdown, as a template gives it once its expressions are filled in, to blocks of the model.
//!
//! What a directive made stands in the text as a token; text from outside has every sign that Markdown
//! could take for its own escaped, and tokens removed, so it stays text whatever it holds.

use super::alternatives;
use super::pictures::Pictures;
use crate::fault::{Fault, Faults};
use pulldown_cmark::{Alignment, Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeMap;
use tagged_document::model::{
    Align, Block, Cell, Column, Heading, Inline, Item, Link, List, Paragraph, ParagraphKind, Picture, Row, Run, Table, plain_text,
};
use tagged_document::unseen::is_left_out;

/// What a directive of a template made.
#[derive(Debug, Clone, PartialEq)]
pub enum Made {
    /// Stands alone in its paragraph.
    Blocks(Vec<Block>),
    /// Part of a line.
    Runs(Vec<Run>),
}

const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// The token that stands for what a directive made.
pub fn token(index: usize) -> String {
    format!("{OPEN}{index}{CLOSE}")
}

/// Text from outside as Markdown that shows exactly that text, on one line.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            OPEN | CLOSE => {}
            c if c.is_whitespace() && c != '\u{a0}' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if is_left_out(c) => {}
            c => {
                if c.is_ascii_punctuation() {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
    out
}

/// Reads Markdown; `place` names the template in any fault.
///
/// # Errors
/// What the model has no place for: code, HTML, lists of three levels, quotations within lists; pictures that are not
/// there or have no words; marks of notes that are not there.
pub fn parse(markdown: &str, made: &[Made], pictures: &Pictures, place: &str) -> Result<Vec<Block>, Faults> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_FOOTNOTES;
    let reader = |notes| Reader { made, pictures: Some(pictures), place, notes, ..Reader::default() };
    // A note may stand below its mark.
    let mut notes = Notes::default();
    let mut open: Option<(String, Reader<'_>)> = None;
    let mut faults = Faults::default();
    for event in Parser::new_ext(markdown, options) {
        match (event, &mut open) {
            (Event::Start(Tag::FootnoteDefinition(name)), _) => open = Some((name.to_string(), reader(Notes::default()))),
            (Event::End(TagEnd::FootnoteDefinition), _) => {
                let Some((name, reader)) = open.take() else { continue };
                faults.0.extend(reader.faults.0.iter().cloned());
                notes.insert(name, reader.words_of_note());
            }
            (event, Some((_, reader))) => reader.event(event),
            (_, None) => {}
        }
    }
    for name in marks_of_notes(markdown).filter(|name| !notes.contains_key(*name)) {
        faults.push(place, format!("there is no note [^{name}]"), format!("write it on a line of its own: `[^{name}]: words`"));
    }
    let mut reader = reader(notes);
    let mut in_note = false;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::FootnoteDefinition(_)) => in_note = true,
            Event::End(TagEnd::FootnoteDefinition) => in_note = false,
            event if !in_note => reader.event(event),
            _ => {}
        }
    }
    faults.0.extend(reader.faults.0);
    faults.into_result()?;
    Ok(reader.blocks)
}

/// The names that `[^name]` gives in a template's own words: those from outside are escaped.
fn marks_of_notes(markdown: &str) -> impl Iterator<Item = &str> {
    markdown.match_indices("[^").filter(|(at, _)| !markdown[..*at].ends_with('\\')).filter_map(|(at, _)| {
        let name = markdown[at + 2..].split_once(']')?.0;
        (!name.is_empty() && !name.contains(char::is_whitespace)).then_some(name)
    })
}

/// What notes say, by their names.
type Notes = BTreeMap<String, Vec<Run>>;

#[derive(Default)]
struct Reader<'a> {
    made: &'a [Made],
    pictures: Option<&'a Pictures>,
    place: &'a str,
    notes: Notes,
    blocks: Vec<Block>,
    runs: Vec<Run>,
    bold: usize,
    italic: usize,
    link: Option<Link>,
    heading: Option<(u8, Option<String>)>,
    quoted: usize,
    /// Lists that are open, the innermost last, each with its open item.
    lists: Vec<(List, Item)>,
    /// A picture that is open: its file, its title, and the runs before it.
    picture: Option<(String, String, Vec<Run>)>,
    table: Option<Table>,
    row: Vec<Vec<Run>>,
    in_head: bool,
    faults: Faults,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.push(Run { inline: Inline::Break, ..Run::default() }),
            Event::Rule => self.blocks.push(Block::Rule),
            Event::Code(text) => self.text(&text),
            // A mark without its note is text to the parser, and a fault already.
            Event::FootnoteReference(name) => {
                let note = self.notes.get(&*name).cloned().unwrap_or_default();
                self.push(Run { inline: Inline::Note(note), ..Run::default() });
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                // A comment is a note between analysts.
                if !html.trim_start().starts_with("<!--") {
                    self.unsupported("HTML");
                }
            }
            _ => self.unsupported("this kind of Markdown"),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            // Paragraphs of an item are parted by a line break.
            Tag::Paragraph if !self.lists.is_empty() && !self.runs.is_empty() => {
                self.push(Run { inline: Inline::Break, ..Run::default() });
            }
            Tag::Paragraph | Tag::HtmlBlock | Tag::TableRow | Tag::TableCell => {}
            Tag::Heading { level, id, .. } => self.heading = Some((level as u8, id.map(|id| id.to_string()))),
            Tag::BlockQuote(_) if self.lists.is_empty() => self.quoted += 1,
            Tag::Strong => self.bold += 1,
            Tag::Emphasis => self.italic += 1,
            Tag::Link { dest_url, .. } => {
                let link =
                    dest_url.strip_prefix('#').map_or_else(|| Link::Url(dest_url.to_string()), |a| Link::Anchor(a.to_owned()));
                self.link = Some(link);
            }
            Tag::List(first) => {
                if self.lists.len() == 2 {
                    self.unsupported("a list of three levels");
                }
                let runs = std::mem::take(&mut self.runs);
                if let Some((_, item)) = self.lists.last_mut() {
                    item.runs.extend(runs);
                }
                self.lists.push((List { ordered: first.is_some(), items: Vec::new() }, Item::default()));
            }
            Tag::Item => {}
            Tag::Image { dest_url, title, .. } => {
                self.picture = Some((dest_url.to_string(), title.to_string(), std::mem::take(&mut self.runs)));
            }
            Tag::Table(alignments) => {
                let column = |alignment: Alignment| match alignment {
                    Alignment::Right => Column::right(),
                    Alignment::Center => Column { align: Align::Centre, ..Column::left() },
                    Alignment::Left | Alignment::None => Column::left(),
                };
                let columns = alignments.into_iter().map(column).collect();
                self.table = Some(Table {
                    caption: String::new(),
                    full_width: false,
                    grid: false,
                    columns,
                    head: Vec::new(),
                    rows: Vec::new(),
                });
            }
            Tag::TableHead => self.in_head = true,
            Tag::BlockQuote(_) => self.unsupported("a quotation within a list"),
            Tag::CodeBlock(_) => self.unsupported("a block of code (four spaces at the start of a line make one)"),
            _ => self.unsupported("this kind of Markdown"),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph if !self.lists.is_empty() => {}
            TagEnd::Paragraph => self.paragraph(),
            TagEnd::Heading(_) => {
                let runs = std::mem::take(&mut self.runs);
                if let Some((level, anchor)) = self.heading.take() {
                    if level > 4 {
                        self.unsupported("a heading below the fourth level");
                    }
                    self.blocks.push(Block::Heading(Heading { level: level.min(4), runs, anchor }));
                }
            }
            TagEnd::BlockQuote(_) => self.quoted = self.quoted.saturating_sub(1),
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Link => self.link = None,
            TagEnd::Item => {
                let runs = std::mem::take(&mut self.runs);
                let Some((list, item)) = self.lists.last_mut() else { return };
                let mut item = std::mem::take(item);
                let after_inner = item.inner.is_some() && !runs.is_empty();
                item.runs.extend(runs);
                list.items.push(item);
                if after_inner {
                    self.unsupported("text after a list within an item");
                }
            }
            TagEnd::List(_) => self.end_list(),
            TagEnd::Image => self.end_picture(),
            TagEnd::TableCell => self.row.push(std::mem::take(&mut self.runs)),
            TagEnd::TableHead => {
                self.in_head = false;
                let head = std::mem::take(&mut self.row);
                if let Some(table) = &mut self.table {
                    table.head = head;
                }
            }
            TagEnd::TableRow => {
                let cells = std::mem::take(&mut self.row).into_iter().enumerate();
                let cells = cells.map(|(i, runs)| if i == 0 { Cell::head(runs) } else { Cell::new(runs) }).collect();
                if let Some(table) = &mut self.table {
                    table.rows.push(Row { cells, illustrative: false });
                }
            }
            TagEnd::Table => self.blocks.extend(self.table.take().map(Block::Table)),
            _ => {}
        }
    }

    /// Text, with what directives made in place of their tokens.
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            self.words(before);
            let (index, tail) = after.split_once(CLOSE).unwrap_or((after, ""));
            match index.parse().ok().and_then(|i: usize| self.made.get(i)) {
                Some(Made::Runs(runs)) => {
                    for run in runs.clone() {
                        self.push(run);
                    }
                }
                Some(Made::Blocks(blocks)) => self.blocks_here(blocks.clone()),
                None => {}
            }
            rest = tail;
        }
        self.words(rest);
    }

    fn words(&mut self, words: &str) {
        if !words.is_empty() {
            self.push(Run::text(words));
        }
    }

    fn push(&mut self, run: Run) {
        let link = run.link.clone().or_else(|| self.link.clone());
        self.runs.push(Run { bold: run.bold || self.bold > 0, italic: run.italic || self.italic > 0, link, ..run });
    }

    fn blocks_here(&mut self, blocks: Vec<Block>) {
        if self.heading.is_some() || !self.lists.is_empty() || self.table.is_some() {
            self.unsupported("a table, chart or picture within a heading, a list or a table");
        }
        // Words before it on the same line are a paragraph of their own.
        self.paragraph();
        self.blocks.extend(blocks);
    }

    fn end_list(&mut self) {
        let Some((list, _)) = self.lists.pop().filter(|(list, _)| !list.items.is_empty()) else { return };
        match self.lists.last_mut() {
            None => self.blocks.push(Block::List(list)),
            Some((_, outer)) => {
                if outer.inner.replace(list).is_some() {
                    self.unsupported("a second list within an item");
                }
            }
        }
    }

    /// The words of a note, its paragraphs parted by line breaks.
    fn words_of_note(self) -> Vec<Run> {
        let mut words: Vec<Run> = Vec::new();
        for block in self.blocks {
            let Block::Paragraph(paragraph) = block else { continue };
            if !words.is_empty() {
                words.push(Run { inline: Inline::Break, ..Run::default() });
            }
            words.extend(paragraph.runs);
        }
        words
    }

    fn end_picture(&mut self) {
        let Some((file, title, before)) = self.picture.take() else { return };
        let alternative = plain_text(&std::mem::replace(&mut self.runs, before));
        if alternative.is_empty() {
            self.fault(format!("the picture {file:?} has no words"), "say what it shows: `![words](file.png)`");
            return;
        }
        if let Some((problem, remedy)) = alternatives::fault_of(&alternative) {
            self.fault(format!("the picture {file:?}: {problem}"), &remedy);
            return;
        }
        match self.pictures.map_or_else(|| Err(String::new()), |pictures| pictures.find(&file)) {
            Ok(png) => {
                let given = title.strip_suffix("mm").and_then(|width| width.trim().parse().ok());
                let width = given.unwrap_or_else(|| tagged_document::natural_width(&png));
                self.blocks_here(vec![Block::Picture(Picture { alternative, png, width })]);
            }
            Err(there_are) => self.fault(format!("there is no picture {file:?}"), &there_are),
        }
    }

    fn paragraph(&mut self) {
        let runs = std::mem::take(&mut self.runs);
        let blank = runs.iter().all(|run| matches!(&run.inline, Inline::Text(text) if text.trim().is_empty()));
        if blank {
            return;
        }
        let kind = if self.quoted > 0 { ParagraphKind::CallOut } else { ParagraphKind::Body };
        self.blocks.push(Block::Paragraph(Paragraph { kind, runs, keep_next: false, illustrative: false }));
    }

    fn unsupported(&mut self, what: &str) {
        self.fault(
            format!("{what} has no place in a pack"),
            "there are: headings (# to ####), paragraphs, lists of two levels, tables, quotations, **bold**, *italic*, links, notes, pictures, rules, and directives on a line of their own",
        );
    }

    fn fault(&mut self, problem: String, remedy: &str) {
        let fault = Fault::new(self.place, problem, remedy);
        if !self.faults.0.contains(&fault) {
            self.faults.0.push(fault);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagged_document::model::plain_text;

    fn words(blocks: &[Block]) -> Vec<String> {
        blocks
            .iter()
            .map(|block| match block {
                Block::Paragraph(paragraph) => plain_text(&paragraph.runs),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn text_from_outside_stays_text() {
        for hostile in [
            "# Not a heading",
            "**bold** and [a link](https://example.org)",
            "- item",
            "1. item",
            "<b>bold</b> <!-- hidden -->",
            "| a | b |",
            "`code` &amp; \\ {{ pack.title }} {% for %}",
            "==== ---- ***",
            "    four spaces",
            "a {#anchor}",
            "https://example.org",
        ] {
            let blocks = parse(&escape(hostile), &[], &Pictures::default(), "test").unwrap();
            assert_eq!(words(&blocks), [hostile.trim()]);
        }
    }

    #[test]
    fn a_token_cannot_be_smuggled_in() {
        let made = [Made::Runs(vec![Run::text("SECRET")])];
        let blocks = parse(&escape(&format!("x{}y", token(0))), &made, &Pictures::default(), "test").unwrap();
        assert_eq!(words(&blocks), ["x0y"]);
    }

    #[test]
    fn several_paragraphs_in_a_comment_become_one() {
        assert_eq!(
            words(&parse(&escape("one\n\ntwo\r\n# three"), &[], &Pictures::default(), "test").unwrap()),
            ["one two # three"]
        );
    }

    #[test]
    fn unsupported_markdown_is_refused_by_name() {
        let message = parse("    code", &[], &Pictures::default(), "summary.md").unwrap_err().to_string();
        assert!(message.starts_with("summary.md: a block of code"), "{message}");
    }

    #[test]
    fn directives_stand_where_their_tokens_do() {
        let made = [Made::Blocks(vec![Block::Rule]), Made::Runs(vec![Run::bold("On track")])];
        let blocks = parse(&format!("{}\n\nIt is {}.", token(0), token(1)), &made, &Pictures::default(), "test").unwrap();
        assert_eq!(blocks[0], Block::Rule);
        assert_eq!(words(&blocks[1..]), ["It is On track."]);
    }

    #[test]
    fn lists_nest_only_once() {
        let none = Pictures::default();
        let blocks = parse("- one\n  1. inner *a*\n  2. inner b\n- two\n", &[], &none, "test").unwrap();
        let [Block::List(list)] = &blocks[..] else { panic!("{blocks:?}") };
        assert_eq!(list.items.iter().map(|item| plain_text(&item.runs)).collect::<Vec<_>>(), ["one", "two"]);
        let inner = list.items[0].inner.as_ref().unwrap();
        assert!(inner.ordered && !list.ordered && list.items[1].inner.is_none());
        assert_eq!(inner.items.iter().map(|item| plain_text(&item.runs)).collect::<Vec<_>>(), ["inner a", "inner b"]);
        let message = parse("- a\n  - b\n    - c\n", &[], &none, "test").unwrap_err().to_string();
        assert!(message.contains("a list of three levels has no place"), "{message}");
    }

    #[test]
    fn notes_follow_their_marks() {
        let none = Pictures::default();
        let blocks = parse("Up by half[^n] since.\n\n[^n]: Of *adults*.\n\nMore.", &[], &none, "test").unwrap();
        assert_eq!(words(&blocks), ["Up by half since.", "More."]);
        let Block::Paragraph(paragraph) = &blocks[0] else { panic!() };
        let Inline::Note(note) = &paragraph.runs[1].inline else { panic!("{:?}", paragraph.runs) };
        assert_eq!(plain_text(note), "Of adults.");
        let message = parse("Up[^x].", &[], &none, "a.md").unwrap_err().to_string();
        assert!(message.contains("a.md: there is no note [^x]"), "{message}");
        assert_eq!(words(&parse(&escape("a[^x]"), &[], &none, "test").unwrap()), ["a[^x]"]);
    }

    #[test]
    fn a_picture_needs_words_and_its_file() {
        let message = parse("![](a.png)\n\n![A map](b.png)", &[], &Pictures::default(), "a.md").unwrap_err().to_string();
        assert!(message.contains("a.md: the picture \"a.png\" has no words"), "{message}");
        assert!(message.contains("a.md: there is no picture \"b.png\""), "{message}");
        let long = format!("![{}](a.png)", "x".repeat(151));
        let message = parse(&long, &[], &Pictures::default(), "a.md").unwrap_err().to_string();
        assert!(
            message.contains("the picture \"a.png\": the words for those who cannot see it have 151 characters"),
            "{message}"
        );
    }
}

//! Markdown, as a template gives it once its expressions are filled in, to blocks of the model.
//!
//! What a directive made stands in the text as a token; text from outside has every sign that Markdown
//! could take for its own escaped, and tokens removed, so it stays text whatever it holds.

use super::model::{Align, Block, Cell, Column, Heading, Inline, Item, Link, List, Paragraph, ParagraphKind, Row, Run, Table};
use crate::fault::{Fault, Faults};
use pulldown_cmark::{Alignment, Event, Options, Parser, Tag, TagEnd};

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
            c if c.is_control() => {}
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
/// What the model has no place for: code, images, nested lists, HTML, quotations within lists.
pub fn parse(markdown: &str, made: &[Made], place: &str) -> Result<Vec<Block>, Faults> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut reader = Reader { made, place, ..Reader::default() };
    for event in Parser::new_ext(markdown, options) {
        reader.event(event);
    }
    reader.faults.into_result()?;
    Ok(reader.blocks)
}

#[derive(Default)]
struct Reader<'a> {
    made: &'a [Made],
    place: &'a str,
    blocks: Vec<Block>,
    runs: Vec<Run>,
    bold: usize,
    italic: usize,
    link: Option<Link>,
    heading: Option<(u8, Option<String>)>,
    quoted: usize,
    list: Option<List>,
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
            Tag::Paragraph | Tag::HtmlBlock | Tag::TableRow | Tag::TableCell => {}
            Tag::Heading { level, id, .. } => self.heading = Some((level as u8, id.map(|id| id.to_string()))),
            Tag::BlockQuote(_) if self.list.is_none() => self.quoted += 1,
            Tag::Strong => self.bold += 1,
            Tag::Emphasis => self.italic += 1,
            Tag::Link { dest_url, .. } => {
                let link =
                    dest_url.strip_prefix('#').map_or_else(|| Link::Url(dest_url.to_string()), |a| Link::Anchor(a.to_owned()));
                self.link = Some(link);
            }
            Tag::List(first) if self.list.is_none() => self.list = Some(List { ordered: first.is_some(), items: Vec::new() }),
            Tag::Item => {}
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
            Tag::List(_) => self.unsupported("a list within a list"),
            Tag::BlockQuote(_) => self.unsupported("a quotation within a list"),
            Tag::CodeBlock(_) => self.unsupported("a block of code (four spaces at the start of a line make one)"),
            Tag::Image { .. } => self.unsupported("an image"),
            _ => self.unsupported("this kind of Markdown"),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph if self.list.is_some() => {}
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
                if let Some(list) = &mut self.list {
                    list.items.push(Item { runs, inner: None });
                }
            }
            TagEnd::List(_) => self.blocks.extend(self.list.take().filter(|list| !list.items.is_empty()).map(Block::List)),
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
        if self.heading.is_some() || self.list.is_some() || self.table.is_some() {
            self.unsupported("a table or chart within a heading, a list or a table");
        }
        // Words before it on the same line are a paragraph of their own.
        self.paragraph();
        self.blocks.extend(blocks);
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
        let fault = Fault::new(
            self.place,
            format!("{what} has no place in a pack"),
            "there are: headings (# to ####), paragraphs, lists of one level, tables, quotations, **bold**, *italic*, links, rules, and directives on a line of their own",
        );
        if !self.faults.0.contains(&fault) {
            self.faults.0.push(fault);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::model::plain_text;

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
            let blocks = parse(&escape(hostile), &[], "test").unwrap();
            assert_eq!(words(&blocks), [hostile.trim()]);
        }
    }

    #[test]
    fn a_token_cannot_be_smuggled_in() {
        let made = [Made::Runs(vec![Run::text("SECRET")])];
        let blocks = parse(&escape(&format!("x{}y", token(0))), &made, "test").unwrap();
        assert_eq!(words(&blocks), ["x0y"]);
    }

    #[test]
    fn several_paragraphs_in_a_comment_become_one() {
        assert_eq!(words(&parse(&escape("one\n\ntwo\r\n# three"), &[], "test").unwrap()), ["one two # three"]);
    }

    #[test]
    fn what_has_no_place_in_a_pack_is_refused_by_name() {
        let message = parse("![a](b.png)", &[], "summary.md").unwrap_err().to_string();
        assert!(message.starts_with("summary.md: an image has no place in a pack"), "{message}");
    }

    #[test]
    fn directives_stand_where_their_tokens_do() {
        let made = [Made::Blocks(vec![Block::Rule]), Made::Runs(vec![Run::bold("On track")])];
        let blocks = parse(&format!("{}\n\nIt is {}.", token(0), token(1)), &made, "test").unwrap();
        assert_eq!(blocks[0], Block::Rule);
        assert_eq!(words(&blocks[1..]), ["It is On track."]);
    }
}

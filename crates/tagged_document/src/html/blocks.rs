//! Blocks but tables: headings, paragraphs, lists, cards, figures, pictures, contents.

use super::page::Page;
use crate::escape::{base64, words};
use crate::layout::Style;
use crate::look::Colour;
use crate::model::{Align, Block, Card, Figure, Heading, List, Paragraph, ParagraphKind, Picture, Run, Tone};
use crate::svg::{Paint, named, named_alike};
use std::fmt::Write;

/// The width that charts are drawn for beside that of the PDF's column, in points: that of a phone.
const NARROW: f32 = 240.0;

impl Page<'_> {
    pub fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(paragraph) => self.paragraph(paragraph),
            Block::List(list) => self.list(list),
            Block::Figure(figure) => self.figure(figure),
            Block::Cards(cards) => self.cards(cards),
            Block::Picture(picture) => self.picture(picture),
            Block::Contents(depth) => self.contents(*depth),
            Block::Rule => self.out.push_str("<hr>\n"),
            Block::Heading(_) | Block::Table(_) => {}
        }
    }

    pub fn heading(&mut self, heading: &Heading) {
        let Some(named) = self.headings.next() else { return };
        let of_title = self.of_title.take();
        // The page has one title; what stands beside it on paper stands below it here, and what stands below it goes no deeper.
        self.is_under_title = of_title.is_some() || self.is_under_title && heading.level > 1;
        let level = match (of_title.is_some(), self.is_under_title) {
            (true, _) => 1,
            (false, true) => heading.level.clamp(2, 6),
            (false, false) => heading.level.saturating_add(1).clamp(2, 6),
        };
        let id = self.ids.anchor(&named.anchor).unwrap_or_default().to_owned();
        let _ = write!(self.out, "<h{level} id=\"{id}\">");
        self.runs(&heading.runs);
        if let Some(rest) = of_title.filter(|rest| !rest.trim().is_empty()) {
            let _ = write!(self.out, "<span class=\"unseen\">{}</span>", words(&rest));
        }
        let _ = writeln!(self.out, "</h{level}>");
        self.here = named.title;
    }

    fn paragraph(&mut self, paragraph: &Paragraph) {
        self.out.push_str(match paragraph.kind {
            ParagraphKind::Body => "<p>",
            ParagraphKind::Small => "<p class=\"small\">",
            ParagraphKind::Caption => "<p class=\"caption\">",
            ParagraphKind::CallOut => "<p class=\"callout\">",
            ParagraphKind::Warning => "<p class=\"callout warning\">",
        });
        self.runs(&paragraph.runs);
        self.out.push_str("</p>\n");
    }

    fn list(&mut self, list: &List) {
        if list.items.is_empty() {
            return;
        }
        let tag = if list.ordered { "ol" } else { "ul" };
        let _ = writeln!(self.out, "<{tag}>");
        for item in &list.items {
            self.out.push_str("<li>");
            self.runs(&item.runs);
            if let Some(inner) = &item.inner {
                self.out.push('\n');
                self.list(inner);
            }
            self.out.push_str("</li>\n");
        }
        let _ = writeln!(self.out, "</{tag}>");
    }

    fn cards(&mut self, cards: &[Card]) {
        if cards.is_empty() {
            return;
        }
        self.out.push_str("<dl class=\"cards\">\n");
        for card in cards {
            let class = match card.tone {
                Tone::Named(name) => name,
                Tone::Plain | Tone::Quiet => "plain",
            };
            let _ = write!(self.out, "<div class=\"card {class}\"><dt>");
            if let Tone::Named(name) = card.tone
                && self.signs.put(name, &mut self.out)
            {
                self.out.push(' ');
            }
            let _ = write!(self.out, "{}</dt><dd class=\"value\">{}</dd>", words(&card.label), words(&card.value));
            if !card.note.is_empty() {
                let _ = write!(self.out, "<dd>{}</dd>", words(&card.note));
            }
            self.out.push_str("</div>\n");
        }
        self.out.push_str("</dl>\n");
    }

    fn figure(&mut self, figure: &Figure) {
        let shaper = &mut self.shaper;
        let mut set = |text: &str, size: f32, bold: bool, colour: Colour| {
            shaper.label(text, Style { size, leading: 1.22, bold, colour, align: Align::Left })
        };
        let [wide, narrow] = [self.width, NARROW].map(|width| figure.chart.draw(width, self.look, &mut set));
        let id = self.ids.chart();
        let _ = write!(self.out, "<figure>\n<figcaption>{}", words(&figure.caption));
        if figure.illustrative {
            let _ = write!(self.out, " <span class=\"mark\">{}</span>", words(&self.illustrative));
        }
        let alternative = figure.twin.as_ref().map_or(&figure.alternative, |twin| &twin.alternative);
        let mut paint = Paint::Classes(&mut self.inks);
        let wide = named(&wide, self.width, (&figure.caption, alternative), &id, &mut paint);
        let narrow = named_alike(&narrow, NARROW, &id, &mut paint);
        self.out.push_str("</figcaption>\n");
        if !figure.subject.is_empty() {
            let _ = writeln!(self.out, "<p class=\"small\">{}</p>", words(&figure.subject));
        }
        let _ = writeln!(self.out, "<div class=\"chart\">{wide}</div>\n<div class=\"chart narrow\">{narrow}</div>");
        if !figure.note.is_empty() {
            let _ = writeln!(self.out, "<p class=\"small\">{}</p>", words(&figure.note));
        }
        if let Some(twin) = &figure.twin {
            self.out.push_str("<details>\n<summary>The figures of this chart</summary>\n");
            self.table(&twin.table, &[Run::text(twin.table.caption.clone())]);
            self.out.push_str("</details>\n");
        }
        self.out.push_str("</figure>\n");
    }

    fn picture(&mut self, picture: &Picture) {
        let millimetres = if picture.width.is_finite() { picture.width } else { 0.0 };
        let pixels = (millimetres * 96.0 / 25.4).clamp(1.0, 4000.0).round();
        let _ = writeln!(
            self.out,
            "<p class=\"picture\"><img src=\"data:image/png;base64,{}\" width=\"{pixels}\" alt=\"{}\"></p>",
            base64(&picture.png),
            words(&picture.alternative)
        );
    }

    /// Headings down to a level as lists within lists, each a link.
    fn contents(&mut self, depth: u8) {
        let listed: Vec<(u8, String, String)> = self
            .contents
            .iter()
            .filter(|heading| heading.level <= depth)
            .filter_map(|heading| Some((heading.level, self.ids.anchor(&heading.anchor)?.to_owned(), words(&heading.title))))
            .collect();
        if listed.is_empty() {
            return;
        }
        self.out.push_str("<nav aria-label=\"Contents\">\n");
        // The levels of the lists that are open: a level that is passed over opens none.
        let mut open: Vec<u8> = Vec::new();
        for (level, id, title) in listed {
            while open.last().is_some_and(|last| *last > level) && open.len() > 1 {
                self.out.push_str("</li>\n</ul>");
                open.pop();
            }
            match open.last() {
                Some(last) if *last >= level => self.out.push_str("</li>\n"),
                _ => {
                    self.out.push_str("\n<ul>\n");
                    open.push(level);
                }
            }
            let title = if title.is_empty() { "Section without a title" } else { &title };
            let _ = write!(self.out, "<li><a href=\"#{id}\">{title}</a>");
        }
        for _ in open {
            self.out.push_str("</li>\n</ul>\n");
        }
        self.out.push_str("</nav>\n");
    }
}

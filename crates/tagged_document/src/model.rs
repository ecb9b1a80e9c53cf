//! The document without geometry: what it says, in reading order.
//!
//! Everything on a page passes through here, apart from the furniture at its head and foot.

use crate::drawing::Chart;
use crate::spark::Sparkline;
use crate::{Attachment, Standard};
use std::sync::Arc;

/// A whole document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub title: String,
    /// Who publishes it.
    pub author: String,
    pub subject: String,
    /// The program that makes it, with its version.
    pub producer: String,
    /// That it is in, such as `en-GB`.
    pub language: String,
    /// Printed at the head of every page but the cover: left and right.
    pub head: (String, String),
    /// Printed at the foot of every page but the cover, beside the page number.
    pub foot: String,
    /// Short forms with what they stand for: the first use in a section is tagged with its expansion.
    pub abbreviations: Vec<(String, String)>,
    /// Said at the head of every page but the cover: that it is a draft, that it is corrected.
    pub marks: Vec<String>,
    /// What every page is marked with that holds a figure made up to show how the document works.
    pub illustrative: String,
    /// At the foot of the HTML edition: words, and the name of a file beside it.
    pub links: Vec<(String, String)>,
    pub sections: Vec<Section>,
    /// Which standards its PDF keeps to.
    pub standard: Standard,
    /// Files within its PDF.
    pub attachments: Vec<Attachment>,
}

/// What one template made.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The template it came from, for messages.
    pub place: String,
    pub layout: SectionLayout,
    /// On pages turned on their side; such a section starts a page whatever its layout.
    pub landscape: bool,
    pub blocks: Vec<Block>,
}

/// How the pages of a section begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SectionLayout {
    /// Starts a page.
    #[default]
    NewPage,
    /// Follows what is before it.
    Continue,
    /// The front page: what stands before the first rule lies on a band in the brand's colour.
    Cover,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    Heading(Heading),
    Paragraph(Paragraph),
    List(List),
    Table(Table),
    Figure(Figure),
    /// Key figures side by side, each on a panel of its own.
    Cards(Vec<Card>),
    Picture(Picture),
    /// Headings of the document down to this level, with their pages.
    Contents(u8),
    /// On the cover, the end of the band; elsewhere a line across the page.
    Rule,
}

impl Block {
    /// True where it holds a figure that was made up to show how the document works.
    pub fn is_illustrative(&self) -> bool {
        match self {
            Block::Paragraph(paragraph) => paragraph.illustrative,
            Block::Table(table) => table.rows.iter().any(|row| row.illustrative),
            Block::Figure(figure) => figure.illustrative,
            Block::Heading(_) | Block::List(_) | Block::Cards(_) | Block::Picture(_) | Block::Contents(_) | Block::Rule => false,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// 1 to 4.
    pub level: u8,
    pub runs: Vec<Run>,
    /// What links and the contents name it by.
    pub anchor: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Paragraph {
    pub kind: ParagraphKind,
    pub runs: Vec<Run>,
    /// Stays on the page of what follows.
    pub keep_next: bool,
    /// Its figures were made up to show how the document works.
    pub illustrative: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParagraphKind {
    Body,
    /// Sources, notes.
    Small,
    /// Above a table or a figure.
    Caption,
    /// On a panel of its own.
    CallOut,
    /// A call-out that says that figures are illustrative.
    Warning,
}

#[derive(Debug, Clone, PartialEq)]
pub struct List {
    pub ordered: bool,
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Item {
    pub runs: Vec<Run>,
    /// A list below it.
    pub inner: Option<List>,
}

/// A figure in large type with what it is and what it is beside.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    pub label: String,
    pub value: String,
    /// May be empty.
    pub note: String,
    pub tone: Tone,
}

/// A picture from a file, such as a logo.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    pub alternative: String,
    /// A PNG file's bytes.
    pub png: Arc<[u8]>,
    /// Millimetres; its height follows.
    pub width: f32,
}

/// A piece of text in one style.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    pub inline: Inline,
    pub bold: bool,
    pub italic: bool,
    pub link: Option<Link>,
    pub tone: Tone,
    /// What its text, an abbreviation, stands for.
    pub expansion: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    Text(String),
    /// A sign of the look, by its name, beside which its word must stand.
    Sign(&'static str),
    /// The number of the page on which an anchor is.
    PageOf(String),
    /// The mark of a footnote, and what the note says.
    Note(Vec<Run>),
    /// A small chart within a cell, with the words that stand for it.
    Spark {
        chart: Sparkline,
        alternative: String,
    },
    Break,
}

impl Default for Inline {
    fn default() -> Self {
        Inline::Text(String::new())
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Link {
    Anchor(String),
    Url(String),
    Elsewhere(Elsewhere),
}

/// A heading of another document that is there as a PDF and as a page of the same name.
#[derive(Debug, Clone, PartialEq)]
pub struct Elsewhere {
    /// Its file without the ending: the name of one beside this document, or an address.
    pub file: String,
    /// What it is called, said before the link's words to those who hear them alone.
    pub title: String,
    pub anchor: String,
}

/// How much a run stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Plain,
    Quiet,
    /// One of the look's, by its name.
    Named(&'static str),
}

impl Run {
    pub fn text(text: impl Into<String>) -> Self {
        Run { inline: Inline::Text(text.into()), ..Run::default() }
    }

    pub fn bold(text: impl Into<String>) -> Self {
        Run { bold: true, ..Run::text(text) }
    }

    pub fn quiet(text: impl Into<String>) -> Self {
        Run { tone: Tone::Quiet, ..Run::text(text) }
    }

    /// The same run as a link within the document.
    pub fn linked(self, anchor: &str) -> Self {
        Run { link: Some(Link::Anchor(anchor.to_owned())), ..self }
    }
}

/// The words of some runs, as they are spoken.
pub fn plain_text(runs: &[Run]) -> String {
    let mut text = String::new();
    for run in runs {
        match &run.inline {
            Inline::Text(words) => text.push_str(words),
            Inline::Break => text.push(' '),
            Inline::Sign(_) | Inline::PageOf(_) | Inline::Note(_) | Inline::Spark { .. } => {}
        }
    }
    text.replace('\u{a0}', " ").trim().to_owned()
}

/// Rows and columns with header cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub caption: String,
    /// As wide as the page, however little is in it.
    pub full_width: bool,
    /// Lines between all cells, as in a matrix; otherwise below each row only.
    pub grid: bool,
    pub columns: Vec<Column>,
    /// One cell a column.
    pub head: Vec<Vec<Run>>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    pub align: Align,
    /// The share of the page that it may not exceed, where that matters.
    pub at_most: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    #[default]
    Left,
    Right,
    Centre,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub cells: Vec<Cell>,
    /// Some figure in it was made up to show how the document works.
    pub illustrative: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    pub runs: Vec<Run>,
    /// Names its row (or, where it spans the table, the rows below it).
    pub header: bool,
    /// Columns that it covers.
    pub span: usize,
    /// Rows that it covers; the rows below it have a cell less each.
    pub rows: usize,
    /// The colour behind it, by its name among the look's grounds: it says nothing that its words do not.
    pub ground: Option<&'static str>,
}

impl Cell {
    pub fn new(runs: Vec<Run>) -> Self {
        Cell { runs, header: false, span: 1, rows: 1, ground: None }
    }

    pub fn text(text: impl Into<String>) -> Self {
        Cell::new(vec![Run::text(text)])
    }

    /// A cell that names its row.
    pub fn head(runs: Vec<Run>) -> Self {
        Cell { runs, header: true, span: 1, rows: 1, ground: None }
    }
}

impl Column {
    pub fn left() -> Self {
        Column { align: Align::Left, at_most: 1.0 }
    }

    pub fn right() -> Self {
        Column { align: Align::Right, at_most: 1.0 }
    }

    /// The same column, no wider than a share of the page.
    pub fn at_most(self, share: f32) -> Self {
        Column { at_most: share, ..self }
    }
}

/// A chart with the words that stand for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Printed above it: what it shows, with the main figures.
    pub caption: String,
    /// What is drawn, of which time and in which unit, in a quieter line below the caption; may be empty.
    pub subject: String,
    /// What the chart says, for those who cannot see it, and where its figures are. Never empty.
    pub alternative: String,
    /// Its figures as a table, where none of the document has them.
    pub twin: Option<Twin>,
    /// How its axes are to be read; may be empty.
    pub note: String,
    pub chart: Chart,
    pub illustrative: bool,
}

/// The figures of a chart as a table. In HTML it stands folded below the chart; pages have no room for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Twin {
    /// What stands for the chart where the table is below it.
    pub alternative: String,
    pub table: Table,
}

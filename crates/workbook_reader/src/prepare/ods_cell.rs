//! A cell of an .ods: what it holds, and what is to be known of it beside that.

use super::cell_text::{Paragraphs, error_word, is_error};
use super::prepared::Mark;
use super::xml::{self, Reader, prefixed, referred};
use quick_xml::events::{BytesStart, Event};
use std::io::{self, BufRead};

/// Nobody types more in a row.
const MOST_SPACES: u16 = 1000;

/// A cell as it is written.
#[derive(Debug, Default)]
pub(super) struct Cell {
    /// How many cells in a row it stands for.
    pub repeats: u64,
    pub style: Option<String>,
    kind: String,
    is_error: bool,
    has_formula: bool,
    /// `office:value` and its kin.
    value: Option<String>,
    /// As it is shown; none where nothing says how.
    text: Option<String>,
    /// Comments and text boxes within it.
    pub beside: Vec<(&'static str, String)>,
}

/// What a cell holds.
pub(super) enum Content<'a> {
    Blank,
    Text(&'a str),
    Number(f64),
    Date(&'a str),
    Time(&'a str),
    Logical(bool),
}

impl Cell {
    /// Reads what stands between the tags of `element`.
    ///
    /// # Errors
    /// XML that is not well formed, or that breaks off.
    pub fn read(reader: &mut Reader<impl BufRead>, element: &BytesStart<'_>) -> Result<Self, quick_xml::Error> {
        let mut cell = Self {
            repeats: repeated(element, "table:number-columns-repeated"),
            style: prefixed(element, "table:style-name"),
            kind: prefixed(element, "office:value-type").unwrap_or_default(),
            is_error: prefixed(element, "calcext:value-type").as_deref() == Some("error"),
            has_formula: prefixed(element, "table:formula").is_some_and(|formula| !formula.is_empty()),
            ..Self::default()
        };
        let value = match cell.kind.as_str() {
            "string" => "office:string-value",
            "date" => "office:date-value",
            "time" => "office:time-value",
            "boolean" => "office:boolean-value",
            _ => "office:value",
        };
        cell.value = prefixed(element, value);
        let mut text = Paragraphs::default();
        let mut depth: u64 = 0;
        // Only what stands in a paragraph is text of the cell.
        let mut in_paragraph: Option<u64> = None;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer)? {
                Event::Start(part) => match part.name().0 {
                    // A comment, a drawing or a sheet within the cell.
                    "text:ruby-text" => xml::skip(reader, &part)?,
                    "office:annotation" => cell.beside.push(("comment", xml::paragraphs(reader, &part)?)),
                    drawing if drawing == "table:table" || drawing.starts_with("draw:") => {
                        cell.beside.push(("text box", xml::paragraphs(reader, &part)?));
                    }
                    name => {
                        depth += 1;
                        match name {
                            "text:p" | "text:h" if in_paragraph.is_none() => {
                                in_paragraph = Some(depth);
                                text.begin();
                            }
                            "text:s" => {
                                let count = prefixed(&part, "text:c").and_then(|count| count.parse().ok()).unwrap_or(1);
                                (0..u16::min(count, MOST_SPACES)).for_each(|_| text.put(' '));
                            }
                            "text:tab" => text.put('\t'),
                            "text:line-break" => text.put('\n'),
                            _ => {}
                        }
                    }
                },
                Event::Text(part) if in_paragraph.is_some() => text.text(&part.xml10_content()),
                Event::CData(part) if in_paragraph.is_some() => text.text(&part.xml10_content()),
                Event::GeneralRef(reference) if in_paragraph.is_some() => {
                    let mut referenced = String::new();
                    referred(&reference, &mut referenced);
                    text.text(&referenced);
                }
                Event::End(_) if depth == 0 => {
                    cell.text = text.take();
                    return Ok(cell);
                }
                Event::End(_) => {
                    if in_paragraph == Some(depth) {
                        in_paragraph = None;
                    }
                    depth -= 1;
                }
                Event::Eof => return Err(quick_xml::Error::Io(io::Error::from(io::ErrorKind::UnexpectedEof).into())),
                _ => {}
            }
        }
    }

    /// What it holds, and what is to be known of it beside that.
    pub fn understood(&self) -> (Content<'_>, Option<Mark>) {
        let is_text = matches!(self.kind.as_str(), "string" | "");
        let text = self.text.as_deref().unwrap_or_default();
        // Excel writes 0 for an error and shows its word; a person may type such a word as a text.
        if self.is_error || is_error(text) && (!is_text || self.has_formula) {
            let word = error_word(text);
            return (Content::Blank, Some(if word.is_empty() { Mark::Unreadable } else { Mark::Error(word) }));
        }
        let value = self.value.as_deref().map(str::trim);
        let unreadable = (Content::Blank, Some(Mark::Unreadable));
        match (self.kind.as_str(), value) {
            ("string", _) => (Content::Text(self.value.as_deref().unwrap_or(text)), None),
            ("float" | "currency" | "percentage", Some(value)) => {
                let Ok(number) = value.parse() else { return unreadable };
                let mark = (self.kind == "percentage" || is_percentage(number, text)).then_some(Mark::Percent);
                (Content::Number(number), mark)
            }
            ("date", Some(date)) => (Content::Date(date), None),
            ("time", Some(time)) => (Content::Time(time), None),
            ("boolean", Some(logical)) => match logical.to_ascii_lowercase().as_str() {
                "true" => (Content::Logical(true), None),
                "false" => (Content::Logical(false), None),
                _ => unreadable,
            },
            // A formula with an empty text as its result shows that.
            _ if self.has_formula && self.text.is_none() => (Content::Blank, Some(Mark::Uncached)),
            ("" | "void", _) if text.is_empty() && !self.has_formula => (Content::Blank, None),
            ("" | "void", _) => (Content::Text(text), None),
            _ => unreadable,
        }
    }
}

/// True where 0.118 is shown as 11.8%: some programs (SheetJS) call every number a float. A format may put the sign after
/// 11.8 as well, which is no percentage then.
fn is_percentage(number: f64, shown: &str) -> bool {
    let shown = shown.strip_suffix('%').and_then(|shown| shown.trim().parse::<f64>().ok());
    shown.is_some_and(|shown| (shown - number * 100.0).abs() < (shown - number).abs())
}

/// How often a cell, a row or a column is meant.
pub(super) fn repeated(element: &BytesStart<'_>, name: &str) -> u64 {
    prefixed(element, name).and_then(|repeats| repeats.trim().parse().ok()).unwrap_or(1)
}

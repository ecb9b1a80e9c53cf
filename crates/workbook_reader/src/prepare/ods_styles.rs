//! What the styles of an .ods say of its sheets and dates.

use super::xml::{self, prefixed};
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

/// What styles say that matters here.
#[derive(Debug, Default)]
pub(super) struct Styles {
    /// Of sheets that are not to be seen.
    pub hidden: BTreeSet<String>,
    /// The format of each style of cells.
    formats: BTreeMap<String, String>,
    /// Formats of dates: whether a month, a day and hours are shown.
    dates: BTreeMap<String, [bool; 3]>,
    /// Formats that show a number in its thousands or millions.
    scaled: BTreeSet<String>,
    /// The style, the format of dates and that of numbers that are being read.
    style: String,
    date: String,
    number: String,
}

impl Styles {
    /// Those that sheets have in common have a part of their own.
    ///
    /// # Errors
    /// XML that is not well formed.
    pub fn read(&mut self, part: impl BufRead) -> Result<(), quick_xml::Error> {
        let mut reader = xml::reader(part);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer)? {
                Event::Start(element) => self.take(&element),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// Takes in what an element says of styles; of others nothing.
    pub fn take(&mut self, element: &BytesStart<'_>) {
        let mut shows = |part: usize| {
            if let Some(shown) = self.dates.get_mut(&self.date) {
                shown[part] = true;
            }
        };
        match element.name().0 {
            "style:style" => {
                self.style = prefixed(element, "style:name").unwrap_or_default();
                if let Some(format) = prefixed(element, "style:data-style-name") {
                    self.formats.insert(self.style.clone(), format);
                }
            }
            "style:table-properties" if prefixed(element, "table:display").as_deref() == Some("false") => {
                self.hidden.insert(self.style.clone());
            }
            "number:date-style" => {
                self.date = prefixed(element, "style:name").unwrap_or_default();
                self.dates.insert(self.date.clone(), [false; 3]);
            }
            "number:month" => shows(0),
            "number:day" => shows(1),
            "number:hours" => shows(2),
            "number:number-style" | "number:currency-style" => {
                self.date.clear();
                self.number = prefixed(element, "style:name").unwrap_or_default();
            }
            "number:percentage-style" | "number:time-style" => self.date.clear(),
            "number:number" => {
                let factor = prefixed(element, "number:display-factor").and_then(|factor| factor.parse::<f64>().ok());
                if factor.is_some_and(|factor| factor >= 1000.0) {
                    self.scaled.insert(self.number.clone());
                }
            }
            _ => {}
        }
    }

    /// Whether a number in a cell of that style is shown in its thousands or millions.
    pub fn shows_thousands(&self, style: &str) -> bool {
        self.formats.get(style).is_some_and(|format| self.scaled.contains(format))
    }

    /// Whether a date in a cell of that style is shown as a month.
    pub fn shows_month(&self, style: &str) -> bool {
        self.formats.get(style).and_then(|format| self.dates.get(format)) == Some(&[true, false, false])
    }
}

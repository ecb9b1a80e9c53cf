//! XML that is well formed whatever is put into it.

use crate::escape::seen;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A name of an attribute and its value.
pub type Attribute<'a> = (&'a str, &'a str);

/// What the first element of a part of text has.
pub const ROOT: [(&str, &str); 5] = [
    ("xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    ("xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    ("xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
    ("xmlns:a", "http://schemas.openxmlformats.org/drawingml/2006/main"),
    ("xmlns:pic", "http://schemas.openxmlformats.org/drawingml/2006/picture"),
];

/// A part of the file as far as it is written. Text and values are escaped; what no page has is left out of them.
pub struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// A part with its declaration.
    pub fn new() -> Self {
        let mut xml = Xml(Writer::new(Vec::new()));
        xml.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), Some("yes"))));
        xml
    }

    pub fn open(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.write(Event::Start(start(name, attributes)));
    }

    pub fn close(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    pub fn element(&mut self, name: &str, attributes: &[Attribute<'_>], within: impl FnOnce(&mut Self)) {
        self.open(name, attributes);
        within(self);
        self.close(name);
    }

    pub fn empty(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.write(Event::Empty(start(name, attributes)));
    }

    /// An element that has a `w:val` and nothing else.
    pub fn value(&mut self, name: &str, value: &str) {
        self.empty(name, &[("w:val", value)]);
    }

    /// An element with words in it.
    pub fn words(&mut self, name: &str, attributes: &[Attribute<'_>], words: &str) {
        self.open(name, attributes);
        self.write(Event::Text(BytesText::new(&seen(words))));
        self.close(name);
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner()
    }

    fn write(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("writing to a Vec does not fail");
    }
}

fn start<'a>(name: &'a str, attributes: &[Attribute<'_>]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, seen(value).as_str()));
    }
    start
}

//! XML as it is written, element by element.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A document that is being written.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    pub(super) fn new() -> Self {
        let mut xml = Xml(Writer::new(Vec::new()));
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner()
    }

    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.event(Event::Start(BytesStart::new(name).with_attributes(attributes.iter().copied())));
    }

    pub(super) fn close(&mut self, name: &str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.event(Event::Empty(BytesStart::new(name).with_attributes(attributes.iter().copied())));
    }

    /// What XML cannot hold is replaced.
    pub(super) fn text(&mut self, words: &str) {
        let can_be_held = |c: char| matches!(c, '\t' | '\n' | ' '..='\u{fffd}' | '\u{10000}'..);
        let held: String = words.chars().map(|c| if can_be_held(c) { c } else { char::REPLACEMENT_CHARACTER }).collect();
        self.event(Event::Text(BytesText::new(&held)));
    }

    /// An element that has words in it and nothing else.
    pub(super) fn said(&mut self, name: &str, attributes: &[(&str, &str)], words: &str) {
        self.open(name, attributes);
        self.text(words);
        self.close(name);
    }

    fn event(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("memory takes everything");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_end_their_element() {
        let mut xml = Xml::new();
        xml.said("a", &[("b", "\"<'&")], "</a>&\u{1}\u{ffff}\u{1f600}");
        let text = String::from_utf8(xml.into_bytes()).unwrap();
        let expected = "<a b=\"&quot;&lt;&apos;&amp;\">&lt;/a&gt;&amp;\u{fffd}\u{fffd}\u{1f600}</a>";
        assert!(text.ends_with(expected), "{text}");
    }
}

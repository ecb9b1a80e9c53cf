//! What the readers of XML parts share.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::io::BufRead;

pub(super) use quick_xml::Reader;

/// A reader for which `<a/>` is `<a></a>`.
pub(super) fn reader<R: BufRead>(part: R) -> Reader<R> {
    let mut reader = Reader::from_reader(part);
    reader.config_mut().expand_empty_elements = true;
    reader
}

/// The same for parts of an .xlsx, whose end tags nobody holds to their names.
pub(super) fn lenient<R: BufRead>(part: R) -> Reader<R> {
    let mut reader = reader(part);
    reader.config_mut().check_end_names = false;
    reader
}

/// Goes past the end of an element that has begun.
pub(super) fn skip(reader: &mut Reader<impl BufRead>, element: &BytesStart<'_>) -> Result<(), quick_xml::Error> {
    reader.read_to_end_into(element.name(), &mut Vec::new()).map(|_| ())
}

/// The paragraphs of OpenDocument within an element that has begun, a line each; the cells of a row of a table are parted by
/// tabs. Reads past the end of the element.
pub(super) fn paragraphs(reader: &mut Reader<impl BufRead>, element: &BytesStart<'_>) -> Result<String, quick_xml::Error> {
    const CELL: &str = "table:table-cell";
    let is_paragraph = |name: &str| matches!(name, "text:p" | "text:h");
    let mut text = String::new();
    let (mut depth, mut paragraphs) = (1_u64, u64::from(is_paragraph(element.name().0)));
    let mut in_cell = false;
    let mut buffer = Vec::new();
    while depth > 0 {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(part) => {
                depth += 1;
                in_cell |= part.name().0 == CELL;
                paragraphs += u64::from(is_paragraph(part.name().0));
            }
            Event::End(part) => {
                depth -= 1;
                match part.name().0 {
                    name if is_paragraph(name) => {
                        paragraphs = paragraphs.saturating_sub(1);
                        text.push(if in_cell { ' ' } else { '\n' });
                    }
                    CELL => {
                        in_cell = false;
                        text.push('\t');
                    }
                    "table:table-row" => text.push('\n'),
                    _ => {}
                }
            }
            Event::Text(part) if paragraphs > 0 => text.push_str(&part.xml10_content()),
            Event::CData(part) if paragraphs > 0 => text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) if paragraphs > 0 => referred(&reference, &mut text),
            Event::Eof => return Err(quick_xml::Error::Io(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into())),
            _ => {}
        }
    }
    Ok(text)
}

/// An attribute by its local name; none where there is none that can be read.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().with_checks(false).flatten().find(|found| found.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Explicit1_0).ok().map(Into::into)
}

/// An attribute by its name with its prefix.
pub(super) fn prefixed(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().with_checks(false).flatten().find(|found| found.key.0 == name)?;
    found.normalized_value(XmlVersion::Explicit1_0).ok().map(Into::into)
}

/// What `&amp;` or `&#38;` stands for; nothing for an entity of the document's own, which are refused before.
pub(super) fn referred(reference: &BytesRef<'_>, to: &mut String) {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => to.push(character),
        _ => to.push_str(resolve_predefined_entity(reference).unwrap_or_default()),
    }
}

/// A text as it may stand in an element or an attribute; what XML cannot hold becomes a space.
pub(super) fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\n' => written.push_str("&#10;"),
            '\t' => written.push_str("&#9;"),
            '\r' => written.push_str("&#13;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => written.push(' '),
            other => written.push(other),
        }
    }
    written
}

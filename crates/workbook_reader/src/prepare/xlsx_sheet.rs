//! A worksheet of an .xlsx gone through cell by cell: what calamine would not tell of it is marked, and where calamine
//! would read a cell wrong or refuse the sheet for it, the sheet is written anew, plainly.

use super::beside;
use super::cell_reference::{is_range, position};
use super::cell_text::error_word;
use super::gathered::SheetScan;
use super::prepared::{MOST_COLUMNS, MOST_ROWS, Mark};
use super::xml::{self, Reader, attribute, escaped, referred};
use crate::problem::{Problem, damaged};
use quick_xml::events::{BytesStart, Event};
use std::io::{self, BufRead, Write};

/// The errors whose words calamine knows.
const KNOWN: [&str; 7] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];

/// Goes through the worksheet `part`, in whose workbook there are `texts` shared texts, and writes it plainly to `to`. Says
/// what was seen, and whether calamine would not read the part right as it is; none where it is no worksheet.
///
/// # Errors
/// XML that is not well formed, or more than `most` marked cells.
pub(super) fn look(
    part: impl BufRead,
    to: &mut impl Write,
    texts: usize,
    most: u64,
    place: &str,
) -> Result<Option<(SheetScan, bool)>, Problem> {
    let mut reader = xml::lenient(part);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|e| damaged(place, &e))? {
            Event::Start(element) if element.local_name().as_ref() == "worksheet" => break,
            Event::Start(_) => return Ok(None),
            Event::Eof => return Err(damaged(place, &"a worksheet breaks off")),
            _ => {}
        }
    }
    let mut scan = Scan { to, texts, row: 0, column: 0, look: SheetScan::default(), is_odd: false };
    let fault = |e: io::Error| damaged(place, &e);
    let mut in_data = false;
    write!(scan.to, "<worksheet><sheetData>").map_err(fault)?;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|e| damaged(place, &e))? {
            Event::Start(element) => match element.local_name().as_ref() {
                // Calamine wants to understand it, and nothing here needs it.
                "dimension" if !in_data => scan.is_odd |= !is_range(&attribute(&element, "ref").unwrap_or_default()),
                "sheetData" => in_data = true,
                "row" if in_data => scan.begin_row(&element),
                "c" if in_data => {
                    let cell = read_cell(&mut reader, &element).map_err(|e| damaged(place, &e))?;
                    scan.take(&cell).map_err(fault)?;
                    scan.look.hold_to(most, place)?;
                }
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "row" if in_data => {
                    scan.row = scan.row.saturating_add(1);
                    scan.column = 0;
                }
                "sheetData" => {
                    scan.look.beside = beside::after_cells(&mut reader);
                    break;
                }
                "worksheet" if !in_data => {
                    // No data at all: calamine would look on for them.
                    scan.is_odd = true;
                    break;
                }
                _ => {}
            },
            Event::Eof => return Err(damaged(place, &"a worksheet breaks off")),
            _ => {}
        }
    }
    write!(scan.to, "</sheetData></worksheet>").map_err(fault)?;
    Ok(Some((scan.look, scan.is_odd)))
}

/// A cell as it is written.
#[derive(Debug, Default)]
struct Cell {
    at: Option<String>,
    style: Option<String>,
    kind: Option<String>,
    has_formula: bool,
    /// What `<v>` holds.
    value: Option<String>,
    /// What `<is>` holds, runs joined and without phonetic hints.
    inline: Option<String>,
    /// It holds what calamine does not read.
    is_odd: bool,
}

fn read_cell(reader: &mut Reader<impl BufRead>, element: &BytesStart<'_>) -> Result<Cell, quick_xml::Error> {
    let mut cell =
        Cell { at: attribute(element, "r"), style: attribute(element, "s"), kind: attribute(element, "t"), ..Cell::default() };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(part) => match part.local_name().as_ref() {
                "v" => {
                    let (text, form) = read_text(reader)?;
                    // Of a number with a reference in it calamine takes what stands before it.
                    let is_text = cell.kind.as_deref() == Some("str");
                    cell.is_odd |= form == Form::Mixed || form == Form::WithReferences && !is_text;
                    cell.value = Some(text);
                }
                "f" => {
                    cell.has_formula = true;
                    xml::skip(reader, &part)?;
                }
                "is" => cell.inline = Some(read_runs(reader)?),
                _ => {
                    cell.is_odd = true;
                    xml::skip(reader, &part)?;
                }
            },
            Event::End(_) => return Ok(cell),
            Event::Eof => return Err(breaks_off()),
            _ => {}
        }
    }
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Plain,
    /// With `&amp;` or `&#38;`.
    WithReferences,
    /// With CDATA, comments, instructions or elements.
    Mixed,
}

/// The text up to the end of the element.
fn read_text(reader: &mut Reader<impl BufRead>) -> Result<(String, Form), quick_xml::Error> {
    let mut text = String::new();
    let mut form = Form::Plain;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::CData(part) => {
                form = Form::Mixed;
                text.push_str(&part.xml10_content());
            }
            Event::GeneralRef(reference) => {
                form = form.max(Form::WithReferences);
                referred(&reference, &mut text);
            }
            Event::Start(part) => {
                form = Form::Mixed;
                xml::skip(reader, &part)?;
            }
            Event::End(_) => return Ok((text, form)),
            Event::Eof => return Err(breaks_off()),
            _ => form = Form::Mixed,
        }
    }
}

/// The text of `<is>`: that of `<t>`, or of the runs one after another.
fn read_runs(reader: &mut Reader<impl BufRead>) -> Result<String, quick_xml::Error> {
    let mut text = String::new();
    let mut depth = 0_u32;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(part) => match part.local_name().as_ref() {
                "t" => {
                    let keeps_spaces = attribute(&part, "space").is_some_and(|space| space == "preserve");
                    let (run, _) = read_text(reader)?;
                    text.push_str(if keeps_spaces { &run } else { run.trim_matches([' ', '\t', '\r', '\n']) });
                }
                "rPh" => xml::skip(reader, &part)?,
                _ => depth += 1,
            },
            Event::End(_) if depth == 0 => return Ok(text),
            Event::End(_) => depth -= 1,
            Event::Eof => return Err(breaks_off()),
            _ => {}
        }
    }
}

fn breaks_off() -> quick_xml::Error {
    quick_xml::Error::Io(io::Error::from(io::ErrorKind::UnexpectedEof).into())
}

/// What is made of a cell.
enum Taken<'a> {
    Nothing,
    /// With the type that it is written with, if any.
    Value(Option<&'static str>, &'a str),
    Unreadable,
}

struct Scan<'a, W> {
    to: &'a mut W,
    texts: usize,
    /// Where the next cell is, unless it says otherwise.
    row: u32,
    column: u32,
    look: SheetScan,
    is_odd: bool,
}

impl<W: Write> Scan<'_, W> {
    fn begin_row(&mut self, element: &BytesStart<'_>) {
        self.column = 0;
        let Some(said) = attribute(element, "r") else { return };
        match said.parse::<u32>().ok().and_then(|row| row.checked_sub(1)).filter(|row| *row < MOST_ROWS) {
            Some(row) => self.row = row,
            None => self.is_odd = true,
        }
    }

    fn take(&mut self, cell: &Cell) -> io::Result<()> {
        let said = cell.at.as_deref().map(position);
        let at = said.flatten().unwrap_or((self.row, self.column));
        self.column = at.1.saturating_add(1);
        self.is_odd |= cell.is_odd;
        let value = cell.value.as_deref();
        let is_blank = value.is_none_or(|value| value.trim().is_empty());
        let taken = if said == Some(None) || at.0 >= MOST_ROWS || at.1 >= MOST_COLUMNS {
            Taken::Unreadable
        } else {
            self.understand(cell, at)
        };
        let may_be_text = matches!(cell.kind.as_deref(), Some("str")) && value.is_some();
        if cell.has_formula && is_blank && cell.inline.is_none() && !may_be_text {
            self.look.marks.insert(at, Mark::Uncached);
            return Ok(());
        }
        match taken {
            Taken::Nothing => Ok(()),
            Taken::Unreadable => {
                self.is_odd = true;
                self.look.marks.insert(at, Mark::Unreadable);
                Ok(())
            }
            Taken::Value(kind, text) => self.write(at, cell.style.as_deref(), kind, text),
        }
    }

    fn understand<'a>(&mut self, cell: &'a Cell, at: (u32, u32)) -> Taken<'a> {
        let value = cell.value.as_deref().unwrap_or_default();
        let trimmed = value.trim();
        match cell.kind.as_deref() {
            None | Some("n") => {
                if let Some(text) = &cell.inline {
                    return Taken::Value(Some("str"), text);
                }
                self.is_odd |= trimmed.len() != value.len();
                match trimmed.parse::<f64>() {
                    _ if trimmed.is_empty() => Taken::Nothing,
                    Ok(number) => {
                        let is_usual = |b: u8| matches!(b, b'0'..=b'9' | b'.' | b'-' | b'E' | b'e' | b'+');
                        self.is_odd |= trimmed.starts_with('+') || !trimmed.bytes().all(is_usual);
                        if cell.has_formula {
                            self.look.result(at, number);
                        }
                        Taken::Value(None, trimmed.trim_start_matches('+'))
                    }
                    // Some programs write a text where they say that a number is.
                    Err(_) => {
                        self.is_odd = true;
                        Taken::Value(Some("str"), value)
                    }
                }
            }
            Some("s") => {
                self.is_odd |= trimmed.len() != value.len();
                let is_number = trimmed.bytes().all(|byte| byte.is_ascii_digit());
                match trimmed.parse::<usize>() {
                    _ if trimmed.is_empty() => Taken::Nothing,
                    Ok(text) if is_number && text < self.texts => Taken::Value(Some("s"), trimmed),
                    _ => Taken::Unreadable,
                }
            }
            Some("b") => match trimmed {
                "" => Taken::Nothing,
                "0" | "1" => Taken::Value(Some("b"), trimmed),
                other if other.eq_ignore_ascii_case("true") => Taken::Value(Some("b"), "1"),
                other if other.eq_ignore_ascii_case("false") => Taken::Value(Some("b"), "0"),
                _ => Taken::Unreadable,
            },
            Some("e") if KNOWN.contains(&value) => Taken::Value(Some("e"), value),
            Some("e") if trimmed.is_empty() => Taken::Unreadable,
            Some("e") => {
                self.is_odd = true;
                self.look.marks.insert(at, Mark::Error(error_word(trimmed)));
                Taken::Nothing
            }
            Some("d") if !trimmed.is_empty() => Taken::Value(Some("d"), trimmed),
            Some("str" | "inlineStr" | "is") => {
                self.is_odd |= cell.inline.is_none() && cell.kind.as_deref() != Some("str");
                match (&cell.inline, &cell.value) {
                    (Some(text), _) | (None, Some(text)) => Taken::Value(Some("str"), text),
                    (None, None) => Taken::Nothing,
                }
            }
            Some(_) if trimmed.is_empty() && cell.inline.is_none() => {
                self.is_odd = true;
                Taken::Nothing
            }
            Some(_) => Taken::Unreadable,
        }
    }

    fn write(&mut self, (row, column): (u32, u32), style: Option<&str>, kind: Option<&str>, text: &str) -> io::Result<()> {
        write!(self.to, "<c r=\"{}\"", crate::cell_name(row, column))?;
        if let Some(style) = style {
            write!(self.to, " s=\"{}\"", escaped(style))?;
        }
        if let Some(kind) = kind {
            write!(self.to, " t=\"{kind}\"")?;
        }
        write!(self.to, "><v>{}</v></c>", escaped(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::Marks;

    fn looked(rows: &str) -> (SheetScan, bool, String) {
        let xml = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
        let mut written = Vec::new();
        let (look, is_odd) = look(xml.as_bytes(), &mut written, 2, 100, "file").unwrap().unwrap();
        (look, is_odd, String::from_utf8(written).unwrap())
    }

    #[test]
    fn ordinary_sheets_are_not_odd() {
        let (look, is_odd, _) = looked(
            "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" s=\"2\"><v>-1.5E-3</v></c><c r=\"C1\" t=\"inlineStr\"><is><t>x</t></is></c>\
             <c r=\"D1\" t=\"e\"><v>#N/A</v></c><c r=\"E1\" t=\"str\"><f>\"\"</f><v></v></c><c r=\"F1\"/></row>",
        );
        assert!(!is_odd && look.marks.is_empty());
    }

    #[test]
    fn what_calamine_would_read_wrong_is_written_plainly() {
        for (cell, plain) in [
            ("<c r=\"A1\"><v><![CDATA[4.9]]></v></c>", "<c r=\"A1\"><v>4.9</v></c>"),
            ("<c r=\"A1\"><v><!-- x -->4.9</v></c>", "<c r=\"A1\"><v>4.9</v></c>"),
            ("<c r=\"A1\"><v>4<?x y?>.9</v></c>", "<c r=\"A1\"><v>4.9</v></c>"),
            ("<c r=\"A1\" t=\"n\"><v>+4.9</v></c>", "<c r=\"A1\"><v>4.9</v></c>"),
            ("<c r=\"A1\"><v>4&#46;9</v></c>", "<c r=\"A1\"><v>4.9</v></c>"),
            ("<c r=\"A1\" t=\"n\"><v>\n 4.9 </v></c>", "<c r=\"A1\"><v>4.9</v></c>"),
            ("<c t=\"str\"><v>a<![CDATA[ & b]]></v></c>", "<c r=\"A1\" t=\"str\"><v>a &amp; b</v></c>"),
            ("<c t=\"inlineStr\"><v>abc</v></c>", "<c r=\"A1\" t=\"str\"><v>abc</v></c>"),
            ("<c r=\"A1\"><v>1</v><extLst><ext/></extLst></c>", "<c r=\"A1\"><v>1</v></c>"),
            ("<c r=\"A1\" t=\"n\"><v>n/a</v></c>", "<c r=\"A1\" t=\"str\"><v>n/a</v></c>"),
            (
                "<c t=\"x\"/><c t=\"inlineStr\"><is><r><t xml:space=\"preserve\">a </t></r><rPh><t>z</t></rPh><r><t>b</t></r></is></c>",
                "<c r=\"B1\" t=\"str\"><v>a b</v></c>",
            ),
        ] {
            let (_, is_odd, written) = looked(&format!("<row>{cell}</row>"));
            assert!(is_odd, "{cell}");
            assert_eq!(written, format!("<worksheet><sheetData>{plain}</sheetData></worksheet>"), "{cell}");
        }
    }

    #[test]
    fn unreadable_cells_are_marked_and_others_read() {
        for (cell, mark) in [
            ("<c r=\"B1\" t=\"e\"><v>#SPILL!</v></c>", Mark::Error("#SPILL!".to_owned())),
            ("<c r=\"B1\" t=\"e\"><v>#ERROR!</v></c>", Mark::Error("#ERROR!".to_owned())),
            ("<c r=\"B1\" t=\"s\"><v>2</v></c>", Mark::Unreadable),
            ("<c r=\"B1\" t=\"s\"><v>x</v></c>", Mark::Unreadable),
            ("<c r=\"B1\" t=\"b\"><v>2</v></c>", Mark::Unreadable),
            ("<c r=\"B1\" t=\"rich\"><v>2</v></c>", Mark::Unreadable),
            ("<c r=\"1B\"><v>2</v></c>", Mark::Unreadable),
            ("<c r=\"B1\"><f>1+1</f></c>", Mark::Uncached),
            ("<c r=\"B1\"><f>1+1</f><v/></c>", Mark::Uncached),
        ] {
            let (look, _, written) = looked(&format!("<row><c r=\"A1\"><v>1</v></c>{cell}</row>"));
            assert_eq!(look.marks, Marks::from([((0, 1), mark)]), "{cell}");
            assert!(written.contains("<c r=\"A1\"><v>1</v></c></sheetData>"), "{cell}");
        }
    }
}

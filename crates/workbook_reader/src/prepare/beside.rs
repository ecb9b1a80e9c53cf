//! The texts of an .xlsx or .xlsb that stand beside its cells: comments, text boxes, charts, what pivot tables and links to
//! other workbooks keep. Nobody reads a figure there; they are looked over for personal data like the cells.
//!
//! A part that makes no sense here is passed over: it costs nobody a return.

use super::cell_reference::position;
use super::lines::{Lines, MOST_LINES, MOST_TEXT, rows_of};
use super::package::{Package, Relation, is_binary};
use super::records;
use super::xlsb_beside::{self, PivotCache};
use super::xml::{self, Reader, attribute, referred};
use crate::sheet::Beside;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;
use std::io::BufRead;

/// Kinds of records ([MS-XLSB] 2.3.2) of comments.
const BEGIN_COMMENT: u16 = 0x027b;
const COMMENT_TEXT: u16 = 0x027d;

/// Kinds of relationships to what cannot be looked through.
const EMBEDDED: [&str; 3] = ["package", "oleObject", "powerPivotData"];

/// What stands beside the cells of the worksheet `part`.
pub(super) fn of_sheet(package: &mut Package<'_>, part: &str) -> Vec<Beside> {
    let mut beside = Vec::new();
    for relation in package.relations(part).unwrap_or_default() {
        match relation.kind.as_str() {
            "comments" if is_binary(&relation.target) => binary_comments(package, &relation.target, &mut beside),
            "comments" => comments(package, &relation.target, "comment", &mut beside),
            "threadedComment" => comments(package, &relation.target, "threadedComment", &mut beside),
            "drawing" | "vmlDrawing" => drawing(package, &relation, &mut beside),
            kind if EMBEDDED.contains(&kind) => beside.push(Beside::embedded()),
            _ => {}
        }
    }
    beside
}

/// What stands in a workbook beside all of its sheets, by the relationships of its own part.
pub(super) fn of_book(package: &mut Package<'_>, relations: &[Relation]) -> Vec<Beside> {
    let mut beside = Vec::new();
    for relation in relations {
        let text = match relation.kind.as_str() {
            "pivotCacheDefinition" => pivot_cache(package, &relation.target),
            "externalLink" => linked_cells(package, &relation.target),
            kind if EMBEDDED.contains(&kind) => {
                beside.push(Beside::embedded());
                continue;
            }
            _ => continue,
        };
        let name = if relation.kind == "externalLink" { "data of a linked workbook" } else { "data of a pivot table" };
        beside.extend(Beside::named(name, None, text.unwrap_or_default()));
    }
    beside
}

/// Header, footer, lists to choose from and prompts: what follows the cells of a worksheet, up to its end.
pub(super) fn after_cells(reader: &mut Reader<impl BufRead>) -> Vec<Beside> {
    let (mut margins, mut lists) = (Lines::default(), Lines::default());
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let Ok(event) = reader.read_event_into(&mut buffer) else { break };
        match event {
            Event::Start(element) => match element.local_name().as_ref() {
                "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter" => {
                    margins.add(&text_of(reader, &element, |_| true).unwrap_or_default());
                }
                "dataValidation" => {
                    for said in ["promptTitle", "prompt", "errorTitle", "error"] {
                        lists.add(&attribute(&element, said).unwrap_or_default());
                    }
                }
                "formula1" => {
                    let formula = text_of(reader, &element, |_| true).unwrap_or_default();
                    // Otherwise it says where the list stands, and that is looked through.
                    if let Some(list) = formula.trim().strip_prefix('"') {
                        list.trim_end_matches('"').split(',').for_each(|choice| lists.add(choice));
                    }
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    let named = [("header or footer", margins), ("list to choose from", lists)];
    named.into_iter().filter_map(|(name, lines)| Beside::named(name, None, lines.text)).collect()
}

/// The text of an element of a workbook's names that is no reference, such as `="a text"`.
pub(super) fn name_text(reader: &mut Reader<impl BufRead>, element: &BytesStart<'_>) -> Option<Beside> {
    let text = text_of(reader, element, |_| true)?;
    text.contains('"')
        .then(|| Beside::named("defined name", None, text.replace(['"', '{', '}'], "").replace([',', ';'], "\n")))?
}

/// The text within an element that has begun, of those elements in it that `takes`; a paragraph ends a line.
fn text_of(reader: &mut Reader<impl BufRead>, element: &BytesStart<'_>, takes: fn(&str) -> bool) -> Option<String> {
    let mut text = String::new();
    let mut open = vec![takes(element.local_name().as_ref())];
    let mut buffer = Vec::new();
    while let Some(is_taken) = open.last().copied() {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(part) => open.push(takes(part.local_name().as_ref())),
            Event::End(part) => {
                open.pop();
                if matches!(part.local_name().as_ref(), "p" | "v" | "div") {
                    text.push('\n');
                }
            }
            Event::Text(part) if is_taken => text.push_str(&part.xml10_content()),
            Event::CData(part) if is_taken => text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) if is_taken => referred(&reference, &mut text),
            Event::Eof => return None,
            _ => {}
        }
        if text.len() > MOST_TEXT {
            return Some(text);
        }
    }
    Some(text)
}

/// Each comment with its cell; `what` is the element that holds one.
fn comments(package: &mut Package<'_>, part: &str, what: &str, beside: &mut Vec<Beside>) {
    let Ok(part) = package.open(part) else { return };
    let mut reader = xml::lenient(part);
    let mut authors = BTreeSet::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let Ok(event) = reader.read_event_into(&mut buffer) else { return };
        match event {
            Event::Start(element) if element.local_name().as_ref() == "author" => {
                authors.extend(text_of(&mut reader, &element, |_| true).map(|author| author.trim().to_owned()));
            }
            Event::Start(element) if element.local_name().as_ref() == what => {
                let at = attribute(&element, "ref").as_deref().and_then(position);
                let Some(text) = text_of(&mut reader, &element, |name| matches!(name, "t" | "text")) else { return };
                // Excel begins a comment with the name of whoever wrote it.
                let first = text.split_once(':').filter(|(first, _)| authors.contains(first.trim()));
                beside.extend(Beside::named("comment", at, first.map_or(text.as_str(), |(_, rest)| rest).to_owned()));
            }
            Event::Eof => return,
            _ => {}
        }
        if beside.len() > MOST_LINES {
            return;
        }
    }
}

fn binary_comments(package: &mut Package<'_>, part: &str, beside: &mut Vec<Beside>) {
    let Ok(mut part) = package.open(part) else { return };
    let (mut at, mut body) = (None, Vec::new());
    while let Ok(Some(kind)) = records::next(&mut part, &mut body) {
        match kind {
            // Whose it is, then the first and last row and the first and last column.
            BEGIN_COMMENT => at = records::number(&body, 4).zip(records::number(&body, 12)),
            COMMENT_TEXT if beside.len() <= MOST_LINES => {
                let text = records::text(&body, 1).map(|(text, _)| text).unwrap_or_default();
                beside.extend(Beside::named("comment", at, text));
            }
            _ => {}
        }
    }
}

/// Text boxes and captions, and what the charts and diagrams of a drawing show.
fn drawing(package: &mut Package<'_>, relation: &Relation, beside: &mut Vec<Beside>) {
    beside.extend(shown_texts(package, &relation.target).and_then(|text| Beside::named("text box", None, text)));
    for relation in package.relations(&relation.target).unwrap_or_default() {
        let name = match relation.kind.as_str() {
            "chart" | "chartEx" => "chart",
            "diagramData" => "diagram",
            _ => continue,
        };
        beside.extend(shown_texts(package, &relation.target).and_then(|text| Beside::named(name, None, text)));
    }
}

fn shown_texts(package: &mut Package<'_>, part: &str) -> Option<String> {
    let mut reader = xml::lenient(package.open(part).ok()?);
    let mut lines = Lines::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element) => {
                let text = text_of(&mut reader, &element, |name| matches!(name, "t" | "v" | "div" | "font" | "span"))?;
                text.lines().for_each(|line| lines.add(line));
            }
            Event::Eof => return Some(lines.text),
            _ => {}
        }
    }
}

/// The rows behind a pivot table, which stay in the file when their sheet is deleted: a column a field, under its name.
fn pivot_cache(package: &mut Package<'_>, part: &str) -> Option<String> {
    let records = package.relations(part).ok()?.into_iter().find(|relation| relation.kind == "pivotCacheRecords");
    if is_binary(part) {
        let cache = PivotCache::fields(&mut package.open(part).ok()?);
        let Some(relation) = records else { return Some(cache.text()) };
        return Some(match package.open(&relation.target) {
            Ok(mut rows) => cache.with_rows(&mut rows).text(),
            Err(_) => cache.text(),
        });
    }
    let mut columns: Vec<Vec<String>> = Vec::new();
    items(xml::lenient(package.open(part).ok()?), |name, value, _| match name {
        "cacheField" => columns.push(vec![value]),
        _ => columns
            .last_mut()
            .into_iter()
            .filter(|column| column.len() < MOST_LINES)
            .for_each(|column| column.push(value.clone())),
    });
    if let Some(relation) = records
        && let Ok(part) = package.open(&relation.target)
    {
        items(xml::lenient(part), |_, value, place| {
            if let Some(column) = columns.get_mut(place).filter(|column| column.len() < MOST_LINES) {
                column.push(value);
            }
        });
    }
    Some(rows_of(&columns))
}

/// Goes through fields and their items, or through records: name, value and place in its record, from 0.
fn items(mut reader: Reader<impl BufRead>, mut take: impl FnMut(&str, String, usize)) {
    let mut place = 0;
    let mut buffer = Vec::new();
    while let Ok(event) = reader.read_event_into(&mut buffer) {
        match event {
            Event::Start(element) => match element.local_name().as_ref() {
                "cacheField" => take("cacheField", attribute(&element, "name").unwrap_or_default(), 0),
                "r" => place = 0,
                // The number of a shared item, which was taken with its field.
                "x" | "m" => place += 1,
                item @ ("s" | "n" | "d" | "b" | "e") => {
                    let value = attribute(&element, "v").unwrap_or_default();
                    let value = if item == "d" { value.split('T').next().unwrap_or_default().to_owned() } else { value };
                    take(item, value, place);
                    place += 1;
                }
                _ => {}
            },
            Event::Eof => return,
            _ => {}
        }
        buffer.clear();
    }
}

/// What a link keeps of the cells of another workbook.
fn linked_cells(package: &mut Package<'_>, part: &str) -> Option<String> {
    if is_binary(part) {
        return Some(xlsb_beside::linked_cells(&mut package.open(part).ok()?));
    }
    let mut reader = xml::lenient(package.open(part).ok()?);
    let (mut lines, mut row) = (Lines::default(), Vec::new());
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element) if element.local_name().as_ref() == "cell" => {
                row.push(text_of(&mut reader, &element, |name| name == "v")?.trim().to_owned());
            }
            Event::End(element) if element.local_name().as_ref() == "row" => {
                lines.add(&row.join("\t"));
                row.clear();
            }
            Event::Eof => return Some(lines.text),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::xlsx;
    use super::*;
    use crate::prepare::prepared::Most;
    use std::io::{Cursor, Write};
    use zip::write::SimpleFileOptions;
    use zip::{ZipArchive, ZipWriter};

    /// What stands beside the cells of a workbook of one sheet, with these parts besides, each named with what leads to it.
    fn beside(
        sheet: &str,
        of_sheet: &[(&str, &str, &str)],
        of_book: &[(&str, &str, &str)],
        more: &[(&str, &str)],
    ) -> Vec<String> {
        let relations = |of: &[(&str, &str, &str)]| {
            let one = |(kind, target, _): &(&str, &str, &str)| {
                format!("<Relationship Id=\"{kind}\" Type=\"t/{kind}\" Target=\"/{target}\"/>")
            };
            format!("<Relationships>{}</Relationships>", of.iter().map(one).collect::<String>())
        };
        let book = [of_book, &[("worksheet", "xl/s.xml", "")]].concat();
        let names = "<definedNames><definedName name=\"who\">\"a name\"</definedName><definedName name=\"x\">S!$A$1</definedName></definedNames>";
        let workbook = format!("<workbook><sheets><sheet name=\"S\" id=\"worksheet\"/></sheets>{names}</workbook>");
        let sheet = format!("<worksheet><sheetData/>{sheet}</worksheet>");
        let (of_s, of_b) = (relations(of_sheet), relations(&book));
        let mut parts = vec![
            ("xl/workbook.xml", &*workbook),
            ("xl/_rels/workbook.xml.rels", &*of_b),
            ("xl/s.xml", &*sheet),
            ("xl/_rels/s.xml.rels", &*of_s),
        ];
        parts.extend(of_sheet.iter().chain(of_book).map(|(_, target, content)| (*target, *content)));
        parts.extend(more);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (part, content) in parts {
            zip.start_file(part, SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        let mut package = Package::new(ZipArchive::new(Cursor::new(&bytes[..])).unwrap(), "w.xlsx");
        let mut prepared = xlsx(&mut package, "xl/workbook.xml", Most { sheets: 9, cells: 99 }).unwrap();
        prepared.sheets.remove(0).beside.iter().map(|one| format!("{}: {}", one.place("S"), one.text.trim())).collect()
    }

    const NAME: &str = "defined name on sheet S: a name";

    #[test]
    fn comments_have_their_cells_without_their_authors() {
        let comments = "<comments><authors><author>A Writer</author></authors><commentList><comment ref=\"B4\" authorId=\"0\"><text>\
            <r><t>A Writer:</t></r><r><t xml:space=\"preserve\"> one &amp; two</t></r></text></comment></commentList></comments>";
        let threads =
            "<ThreadedComments><threadedComment ref=\"C5\" id=\"1\"><text>three</text></threadedComment></ThreadedComments>";
        let found = beside("", &[("comments", "xl/c.xml", comments), ("threadedComment", "xl/t.xml", threads)], &[], &[]);
        assert_eq!(found, ["comment on S!B4: one & two", "comment on S!C5: three", NAME]);
    }

    #[test]
    fn text_boxes_charts_and_lists_are_read() {
        let drawing =
            "<wsDr><sp><txBody><p><r><t>a </t></r><r><t>box</t></r></p><p><r><t>line 2</t></r></p></txBody></sp></wsDr>";
        let to_chart = "<Relationships><Relationship Id=\"1\" Type=\"t/chart\" Target=\"c.xml\"/></Relationships>";
        let chart =
            "<chartSpace><strCache><pt idx=\"0\"><v>North</v></pt><pt idx=\"1\"><v>South</v></pt></strCache></chartSpace>";
        let after = "<dataValidations><dataValidation prompt=\"Choose\"><formula1>\"Yes,No\"</formula1></dataValidation>\
            <dataValidation><formula1>S!$A$1:$A$9</formula1></dataValidation></dataValidations>\
            <headerFooter><oddHeader>&amp;CTop</oddHeader></headerFooter>";
        let more = [("xl/_rels/d.xml.rels", to_chart), ("xl/c.xml", chart)];
        let found = beside(after, &[("drawing", "xl/d.xml", drawing), ("oleObject", "xl/e.bin", "")], &[], &more);
        assert_eq!(
            found,
            [
                "header or footer on sheet S: &CTop",
                "list to choose from on sheet S: Choose\nYes\nNo",
                "text box on sheet S: a box\nline 2",
                "chart on sheet S: North\nSouth",
                "embedded file on sheet S: ",
                NAME
            ]
        );
    }

    #[test]
    fn pivot_and_link_caches_are_rows() {
        let cache = "<pivotCacheDefinition><cacheFields><cacheField name=\"Member number\"><sharedItems/></cacheField>\
            <cacheField name=\"Born\"><sharedItems><d v=\"1961-04-03T00:00:00\"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>";
        let records = "<pivotCacheRecords><r><s v=\"9990000026\"/><x v=\"0\"/></r><r><n v=\"9990000034\"/><x v=\"0\"/></r></pivotCacheRecords>";
        let to_records = "<Relationships><Relationship Id=\"1\" Type=\"t/pivotCacheRecords\" Target=\"r.xml\"/></Relationships>";
        let link = "<externalLink><sheetData><row r=\"1\"><cell r=\"A1\" t=\"str\"><v>Ward</v></cell><cell r=\"B1\"><v>12</v></cell></row></sheetData></externalLink>";
        let found = beside(
            "",
            &[],
            &[("pivotCacheDefinition", "xl/p.xml", cache), ("externalLink", "xl/l.xml", link)],
            &[("xl/_rels/p.xml.rels", to_records), ("xl/r.xml", records)],
        );
        let pivot = "data of a pivot table on sheet S: Member number\tBorn\n9990000026\t1961-04-03\n9990000034";
        assert_eq!(found, [NAME, pivot, "data of a linked workbook on sheet S: Ward\t12"]);
    }

    #[test]
    fn a_part_that_makes_no_sense_costs_nothing() {
        let parts = [("comments", "xl/c.xml", "<comments><comment ref=\"B4\"><text><t>cut"), ("drawing", "xl/d.xml", "<a><b")];
        assert_eq!(beside("<headerFooter><oddHeader>", &parts, &[("pivotCacheDefinition", "xl/p.xml", "no")], &[]), [NAME]);
    }
}

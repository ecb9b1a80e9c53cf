//! The texts of an .xls that stand beside its cells, record by record ([MS-XLS] 2.4): comments, text boxes, charts, headers and
//! footers, lists to choose from, names, and what pivot tables and links to other workbooks keep.

use super::lines::{Lines, rows_of};
use super::xls_records::{Record, kind as shared, records};
use crate::sheet::Beside;
use std::collections::BTreeMap;

/// Kinds of records.
mod kind {
    pub const HEADER: u16 = 0x0014;
    pub const FOOTER: u16 = 0x0015;
    pub const NOTE: u16 = 0x001c;
    pub const CONTINUE: u16 = 0x003c;
    pub const LINKED_CELLS: u16 = 0x005a;
    pub const OBJECT: u16 = 0x005d;
    pub const FIELD_OF_PIVOT: u16 = 0x00c7;
    pub const RECORD_OF_PIVOT: u16 = 0x00c8;
    pub const NUMBER_OF_PIVOT: u16 = 0x00c9;
    pub const LOGICAL_OF_PIVOT: u16 = 0x00ca;
    pub const ERROR_OF_PIVOT: u16 = 0x00cb;
    pub const INTEGER_OF_PIVOT: u16 = 0x00cc;
    pub const TEXT_OF_PIVOT: u16 = 0x00cd;
    pub const DAY_OF_PIVOT: u16 = 0x00ce;
    pub const NOTHING_OF_PIVOT: u16 = 0x00cf;
    pub const TEXT_OF_OBJECT: u16 = 0x01b6;
    pub const CHOICES: u16 = 0x01be;
    pub const TEXT_OF_CHART: u16 = 0x100d;
}

/// A text in a formula.
const TEXT_IN_FORMULA: u8 = 0x17;

/// What is come upon beside the cells as the records go by.
#[derive(Debug, Default)]
pub(super) struct Texts {
    is_biff8: bool,
    beside: Vec<Beside>,
    /// The texts of objects by their numbers, and those of which more is to follow.
    objects: BTreeMap<u16, String>,
    object: u16,
    is_text_to_come: bool,
    chart: Lines,
    choices: Lines,
    linked: Lines,
}

impl Texts {
    pub fn new(is_biff8: bool) -> Self {
        Self { is_biff8, ..Self::default() }
    }

    /// A record of a sheet, or of a chart in it, or of what comes before the sheets.
    pub fn take(&mut self, record: Record<'_>, is_of_chart: bool) {
        let body = record.body;
        let from = |at: usize| body.get(at..).unwrap_or_default();
        match record.kind {
            kind::HEADER | kind::FOOTER => {
                let text = if self.is_biff8 { text(body, 0).map(|(text, _)| text) } else { Some(characters(from(1), false)) };
                self.beside.extend(Beside::named("header or footer", None, text.unwrap_or_default()));
            }
            kind::OBJECT => self.object = record.short(6).unwrap_or_default(),
            kind::TEXT_OF_OBJECT => self.is_text_to_come = true,
            // Its text follows in a record of its own, and after that how it is written.
            kind::CONTINUE if self.is_text_to_come => {
                self.is_text_to_come = false;
                let is_wide = body.first().is_some_and(|flags| flags & 1 != 0);
                self.objects.insert(self.object, characters(from(1), is_wide));
            }
            kind::NOTE if self.is_biff8 => {
                let text = record.short(6).and_then(|object| self.objects.remove(&object)).unwrap_or_default();
                self.beside.extend(Beside::named("comment", record.cell(), text));
            }
            kind::NOTE => self.beside.extend(Beside::named("comment", record.cell(), characters(from(6), false))),
            kind::TEXT_OF_CHART => self.chart.add(&short_text(from(2)).unwrap_or_default()),
            shared::LABEL if is_of_chart => self.chart.add(&text(body, 6).map(|(text, _)| text).unwrap_or_default()),
            shared::NUMBER if is_of_chart => self.chart.add(&double(body, 6).map(|n| n.to_string()).unwrap_or_default()),
            kind::CHOICES if self.is_biff8 => choices(body, &mut self.choices),
            kind::LINKED_CELLS if self.is_biff8 => self.linked.add(&linked_cells(body)),
            shared::NAME if self.is_biff8 => self.beside.extend(name(body)),
            _ => {}
        }
    }

    pub fn finish(self) -> Vec<Beside> {
        let mut beside = self.beside;
        beside.extend(self.objects.into_values().filter_map(|text| Beside::named("text box", None, text)));
        let gathered = [("chart", self.chart), ("list to choose from", self.choices), ("data of a linked workbook", self.linked)];
        beside.extend(gathered.into_iter().filter_map(|(name, lines)| Beside::named(name, None, lines.text)));
        beside
    }
}

/// The rows behind a pivot table: a column a field, under its name.
pub(super) fn pivot_cache(stream: &[u8]) -> Option<Beside> {
    let mut columns: Vec<Vec<String>> = Vec::new();
    // The fields that have no list of what occurs in them stand in the rows themselves, in their order.
    let mut in_rows: Option<Vec<usize>> = None;
    let mut place = 0;
    for record in records(stream, 0) {
        let text = match record.kind {
            kind::FIELD_OF_PIVOT => {
                columns.push(vec![text(record.body, 14).map(|(name, _)| name).unwrap_or_default()]);
                continue;
            }
            kind::RECORD_OF_PIVOT => {
                place = 0;
                in_rows.get_or_insert_with(|| without_items(&columns));
                continue;
            }
            kind::NUMBER_OF_PIVOT => double(record.body, 0).map(|number| number.to_string()),
            kind::INTEGER_OF_PIVOT => record.short(0).map(|number| number.cast_signed().to_string()),
            kind::TEXT_OF_PIVOT => text(record.body, 0).map(|(text, _)| text),
            kind::DAY_OF_PIVOT => day(record),
            kind::LOGICAL_OF_PIVOT | kind::ERROR_OF_PIVOT | kind::NOTHING_OF_PIVOT => Some(String::new()),
            _ => continue,
        };
        let column = match &in_rows {
            Some(fields) => {
                place += 1;
                fields.get(place - 1).and_then(|field| columns.get_mut(*field))
            }
            None => columns.last_mut(),
        };
        if let Some(column) = column {
            column.push(text.unwrap_or_default());
        }
    }
    Beside::named("data of a pivot table", None, rows_of(&columns))
}

fn without_items(columns: &[Vec<String>]) -> Vec<usize> {
    (0..columns.len()).filter(|field| columns[*field].len() == 1).collect()
}

fn day(record: Record<'_>) -> Option<String> {
    let (year, month, day) = (record.short(0)?, record.short(2)?, record.body.get(4)?);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// The prompts of a list to choose from, and the list where it is a text.
fn choices(body: &[u8], lines: &mut Lines) {
    let mut at = 4;
    for _ in 0..4 {
        let Some((prompt, end)) = text(body, at) else { return };
        lines.add(&prompt);
        at = end;
    }
    // The length of the formula, and two bytes that say nothing.
    let formula = body.get(at + 4..).unwrap_or_default();
    if formula.first() == Some(&TEXT_IN_FORMULA) {
        let list = short_text(&formula[1..]).unwrap_or_default();
        list.split(['\0', ',']).for_each(|choice| lines.add(choice));
    }
}

/// A name that stands for a text and not for cells.
fn name(body: &[u8]) -> Option<Beside> {
    let (length, is_wide) = (usize::from(*body.get(3)?), body.get(14)? & 1 != 0);
    let formula = body.get(15 + length * if is_wide { 2 } else { 1 }..)?;
    let text = formula.strip_prefix(&[TEXT_IN_FORMULA]).and_then(short_text)?;
    Beside::named("defined name", None, text)
}

/// What a link keeps of a row of another workbook.
fn linked_cells(body: &[u8]) -> String {
    let (mut cells, mut at) = (Vec::new(), 4);
    while let Some(sign) = body.get(at) {
        let (cell, end) = match sign {
            0x01 => (double(body, at + 1).map(|number| number.to_string()), at + 9),
            0x02 => match text(body, at + 1) {
                Some((text, end)) => (Some(text), end),
                None => break,
            },
            // Nothing, a logical value, an error.
            0x00 | 0x04 | 0x10 => (None, at + 9),
            _ => break,
        };
        cells.push(cell.unwrap_or_default());
        at = end;
    }
    cells.join("\t")
}

/// A text after its length of two bytes and one that says whether it is wide, and where it ends.
fn text(body: &[u8], at: usize) -> Option<(String, usize)> {
    let length = usize::from(u16::from_le_bytes(body.get(at..at + 2)?.try_into().ok()?));
    let is_wide = body.get(at + 2)? & 1 != 0;
    // One that runs on in the next record is read as far as it is here.
    let end = body.len().min(at + 3 + length * if is_wide { 2 } else { 1 });
    Some((characters(&body[at + 3..end], is_wide), end))
}

/// The same with a length of one byte.
fn short_text(body: &[u8]) -> Option<String> {
    let (length, is_wide) = (usize::from(*body.first()?), body.get(1)? & 1 != 0);
    let end = body.len().min(2 + length * if is_wide { 2 } else { 1 });
    Some(characters(&body[2..end], is_wide))
}

fn characters(bytes: &[u8], is_wide: bool) -> String {
    if !is_wide {
        return bytes.iter().map(|byte| char::from(*byte)).collect();
    }
    let pairs: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&pairs)
}

fn double(body: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(body.get(at..at + 8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, body: &[&[u8]]) -> Vec<u8> {
        let body = body.concat();
        [&kind.to_le_bytes()[..], &u16::try_from(body.len()).unwrap().to_le_bytes(), &body].concat()
    }

    fn plain(text: &str) -> Vec<u8> {
        [&u16::try_from(text.len()).unwrap().to_le_bytes()[..], &[0], text.as_bytes()].concat()
    }

    fn brief(text: &str) -> Vec<u8> {
        [&[u8::try_from(text.len()).unwrap(), 0][..], text.as_bytes()].concat()
    }

    #[test]
    fn rows_that_a_pivot_table_keeps_are_rows() {
        let field = |name: &str| record(kind::FIELD_OF_PIVOT, &[&[0; 14], &plain(name)]);
        let number = |number: f64| record(kind::NUMBER_OF_PIVOT, &[&number.to_le_bytes()]);
        let row = |item: u8| record(kind::RECORD_OF_PIVOT, &[&[item]]);
        let cache = [
            field("Ward"),
            record(kind::TEXT_OF_PIVOT, &[&plain("North")]),
            record(kind::TEXT_OF_PIVOT, &[&plain("South")]),
            field("Member number"),
            field("Born"),
            row(0),
            number(9_990_000_026.0),
            record(kind::DAY_OF_PIVOT, &[&[0xa9, 7, 4, 0, 3, 0, 0, 0]]),
            row(1),
            number(9_990_000_034.0),
        ];
        let found = pivot_cache(&cache.concat()).unwrap();
        assert_eq!(found.text, "Ward\tMember number\tBorn\nNorth\t9990000026\t1961-04-03\nSouth\t9990000034\t\n");
        assert_eq!(pivot_cache(b"no records"), None);
    }

    #[test]
    fn xls_texts_beside_cells_are_found() {
        let formula = |text: &str| [&[TEXT_IN_FORMULA][..], &brief(text)].concat();
        let prompts = ["a", "b", "c", "d"].map(plain).concat();
        let named = [&[0; 3][..], &[2], &[0; 10], &[0], b"at", &formula("called so")].concat();
        let linked = [&[1, 0, 0, 0, 2][..], &plain("Ward"), &[1], &12_f64.to_le_bytes()].concat();
        let bytes = [
            record(kind::HEADER, &[&plain("top")]),
            record(kind::TEXT_OF_CHART, &[&[0, 0], &brief("title")]),
            record(shared::LABEL, &[&[0; 6], &plain("North")]),
            record(kind::CHOICES, &[&[0; 4], &prompts, &[9, 0, 0, 0], &formula("Yes\0No")]),
            record(shared::NAME, &[&named]),
            record(kind::LINKED_CELLS, &[&linked]),
        ]
        .concat();
        let mut texts = Texts::new(true);
        records(&bytes, 0).for_each(|record| texts.take(record, true));
        let found: Vec<String> = texts.finish().into_iter().map(|beside| format!("{}: {}", beside.name, beside.text)).collect();
        let expected = [
            "header or footer: top",
            "defined name: called so",
            "chart: title\nNorth\n",
            "list to choose from: a\nb\nc\nd\nYes\nNo\n",
            "data of a linked workbook: Ward\t12\n",
        ];
        assert_eq!(found, expected);
    }
}

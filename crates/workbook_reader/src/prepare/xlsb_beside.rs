//! The texts of an .xlsb that stand beside its cells and are told in records ([MS-XLSB] 2.4): headers and footers, lists to
//! choose from, names, and what pivot tables and links to other workbooks keep. Comments are in [`super::beside`], with the parts
//! that are XML in both formats.

use super::lines::{Lines, rows_of};
use super::records::{self, number, text};
use crate::sheet::Beside;
use std::io::BufRead;

/// Kinds of records.
mod kind {
    pub const PIVOT_NOTHING: u16 = 0x0014;
    pub const PIVOT_NUMBER: u16 = 0x0015;
    pub const PIVOT_LOGICAL: u16 = 0x0016;
    pub const PIVOT_ERROR: u16 = 0x0017;
    pub const PIVOT_TEXT: u16 = 0x0018;
    pub const PIVOT_DAY: u16 = 0x0019;
    pub const PIVOT_INDEX: u16 = 0x001a;
    /// The same in the same order, with more about them.
    pub const PIVOT_NOTHING_MORE: u16 = 0x001b;
    pub const PIVOT_DAY_MORE: u16 = 0x0020;
    pub const PIVOT_RECORD: u16 = 0x0021;
    pub const PIVOT_RECORD_IN_PARTS: u16 = 0x0022;
    pub const CHOICES: u16 = 0x0040;
    pub const PIVOT_FIELD: u16 = 0x00b7;
    pub const PIVOT_ITEMS: u16 = 0x00bd;
    pub const LINKED_ROW: u16 = 0x016e;
    pub const LINKED_NUMBER: u16 = 0x0170;
    pub const LINKED_TEXT: u16 = 0x0173;
    pub const MARGINS: u16 = 0x01df;
}

/// A text in a formula.
const TEXT_IN_FORMULA: u8 = 0x17;

/// Flags of what occurs in a field: texts, days, numbers only.
const HAS_DAYS: u16 = 0x04;
const HAS_TEXTS: u16 = 0x08;
const IS_NUMBERS: u16 = 0x40;

/// Header, footer, lists to choose from and prompts: what follows the cells of a worksheet, up to its end.
pub(super) fn after_cells(part: &mut impl BufRead) -> Vec<Beside> {
    let (mut margins, mut lists) = (Lines::default(), Lines::default());
    let mut body = Vec::new();
    while let Ok(Some(kind)) = records::next(part, &mut body) {
        match kind {
            kind::MARGINS => drop(texts(&body, 2, 6, &mut margins)),
            kind::CHOICES => drop(choices(&body, &mut lists)),
            _ => {}
        }
    }
    let named = [("header or footer", margins), ("list to choose from", lists)];
    named.into_iter().filter_map(|(name, lines)| Beside::named(name, None, lines.text)).collect()
}

/// A name that stands for a text and not for cells.
pub(super) fn name(body: &[u8]) -> Option<Beside> {
    let (_, end) = text(body, 9)?;
    Beside::named("defined name", None, text_in_formula(body, end)?)
}

/// So many texts, each of which may be none; gives where the last ends.
fn texts(body: &[u8], mut at: usize, count: usize, lines: &mut Lines) -> Option<usize> {
    for _ in 0..count {
        if number(body, at)? == u32::MAX {
            at += 4;
            continue;
        }
        let (text, end) = text(body, at)?;
        lines.add(&text);
        at = end;
    }
    Some(at)
}

fn choices(body: &[u8], lines: &mut Lines) -> Option<()> {
    // Where the list applies: a count of areas, of sixteen bytes each.
    let areas = usize::try_from(number(body, 4)?).ok()?.checked_mul(16)?;
    let end = texts(body, areas.checked_add(8)?, 4, lines)?;
    text_in_formula(body, end)?.split(['\0', ',']).for_each(|choice| lines.add(choice));
    Some(())
}

/// The text that a formula is, after its length.
fn text_in_formula(body: &[u8], at: usize) -> Option<String> {
    let formula = body.get(at + 4..)?.strip_prefix(&[TEXT_IN_FORMULA])?;
    let length = usize::from(u16::from_le_bytes(formula.get(..2)?.try_into().ok()?));
    let pairs = formula.get(2..2 + 2 * length)?.chunks_exact(2);
    Some(String::from_utf16_lossy(&pairs.map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect::<Vec<_>>()))
}

/// What a link keeps of the cells of another workbook.
pub(super) fn linked_cells(part: &mut impl BufRead) -> String {
    let (mut lines, mut row, mut body) = (Lines::default(), Vec::new(), Vec::new());
    while let Ok(Some(kind)) = records::next(part, &mut body) {
        match kind {
            kind::LINKED_ROW => {
                lines.add(&row.join("\t"));
                row.clear();
            }
            kind::LINKED_NUMBER => row.extend(double(&body, 4).map(|number| number.to_string())),
            kind::LINKED_TEXT => row.extend(text(&body, 4).map(|(text, _)| text)),
            _ => {}
        }
    }
    lines.add(&row.join("\t"));
    lines.text
}

/// The rows behind a pivot table: a column a field, under its name.
#[derive(Debug, Default)]
pub(super) struct PivotCache {
    columns: Vec<Vec<String>>,
    /// Of each field, what occurs in it.
    flags: Vec<u16>,
}

impl PivotCache {
    /// The fields, each with what occurs in it where that is listed.
    pub fn fields(part: &mut impl BufRead) -> Self {
        let (mut cache, mut body) = (Self::default(), Vec::new());
        while let Ok(Some(kind)) = records::next(part, &mut body) {
            match kind {
                kind::PIVOT_FIELD => {
                    cache.columns.push(vec![text(&body, 20).map(|(name, _)| name).unwrap_or_default()]);
                    cache.flags.push(0);
                }
                kind::PIVOT_ITEMS => {
                    let flags = body.get(..2).map(|flags| u16::from_le_bytes([flags[0], flags[1]]));
                    cache.flags.last_mut().into_iter().for_each(|last| *last = flags.unwrap_or_default());
                }
                _ => {
                    if let (Some(item), Some(column)) = (item(kind, &body), cache.columns.last_mut()) {
                        column.push(item);
                    }
                }
            }
        }
        cache
    }

    /// The fields with what stands in the rows.
    pub fn with_rows(mut self, part: &mut impl BufRead) -> Self {
        let are_listed: Vec<bool> = self.columns.iter().map(|column| column.len() > 1).collect();
        let (mut place, mut body) = (0, Vec::new());
        while let Ok(Some(kind)) = records::next(part, &mut body) {
            match kind {
                kind::PIVOT_RECORD => drop(self.row(&body, &are_listed)),
                kind::PIVOT_RECORD_IN_PARTS => place = 0,
                kind::PIVOT_INDEX => place += 1,
                _ => {
                    if let Some(item) = item(kind, &body) {
                        self.columns.get_mut(place).into_iter().for_each(|column| column.push(item.clone()));
                        place += 1;
                    }
                }
            }
        }
        self
    }

    /// A row in one record: for each field its place in the list, or what stands there.
    fn row(&mut self, body: &[u8], are_listed: &[bool]) -> Option<()> {
        let mut at = 0;
        for ((column, flags), is_listed) in self.columns.iter_mut().zip(&self.flags).zip(are_listed) {
            if *is_listed {
                at += 4;
            } else if flags & IS_NUMBERS != 0 {
                column.push(double(body, at)?.to_string());
                at += 8;
            } else if flags & HAS_DAYS != 0 && flags & HAS_TEXTS == 0 {
                column.push(day(body.get(at..)?)?);
                at += 8;
            } else {
                let (text, end) = text(body, at)?;
                column.push(text);
                at = end;
            }
        }
        Some(())
    }

    pub fn text(&self) -> String {
        rows_of(&self.columns)
    }
}

/// An item of a field as a text; none for another record.
fn item(kind: u16, body: &[u8]) -> Option<String> {
    let has_more = (kind::PIVOT_NOTHING_MORE..=kind::PIVOT_DAY_MORE).contains(&kind);
    match if has_more { kind - kind::PIVOT_NOTHING_MORE + kind::PIVOT_NOTHING } else { kind } {
        kind::PIVOT_NUMBER => double(body, 0).map(|number| number.to_string()),
        kind::PIVOT_TEXT => text(body, 0).map(|(text, _)| text),
        kind::PIVOT_DAY => day(body),
        kind::PIVOT_NOTHING | kind::PIVOT_LOGICAL | kind::PIVOT_ERROR => Some(String::new()),
        _ => None,
    }
}

fn day(body: &[u8]) -> Option<String> {
    let (year, month) = (u16::from_le_bytes([*body.first()?, *body.get(1)?]), u16::from_le_bytes([*body.get(2)?, *body.get(3)?]));
    Some(format!("{year:04}-{month:02}-{:02}", body.get(4)?))
}

fn double(body: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(body.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::super::records::{put_text, write};
    use super::*;

    fn part(records: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let mut part = Vec::new();
        records.iter().for_each(|(kind, body)| write(&mut part, *kind, body).unwrap());
        part
    }

    fn with_text(before: &[u8], text: &str) -> Vec<u8> {
        let mut body = before.to_vec();
        put_text(&mut body, text);
        body
    }

    #[test]
    fn rows_that_a_pivot_table_keeps_are_rows() {
        let field = |name: &str| (kind::PIVOT_FIELD, with_text(&[0; 20], name));
        let items = |flags: u16| (kind::PIVOT_ITEMS, [&flags.to_le_bytes()[..], &[0; 4]].concat());
        let fields = part(&[
            field("Ward"),
            items(HAS_TEXTS),
            (kind::PIVOT_TEXT, with_text(&[], "North")),
            field("Member number"),
            items(IS_NUMBERS),
            field("Born"),
            items(HAS_DAYS),
        ]);
        let row = |number: f64| (kind::PIVOT_RECORD, [&[0; 4][..], &number.to_le_bytes(), &[0xa9, 7, 4, 0, 3, 0, 0, 0]].concat());
        let rows = part(&[
            row(9_990_000_026.0),
            (kind::PIVOT_RECORD_IN_PARTS, Vec::new()),
            (kind::PIVOT_INDEX, vec![0; 4]),
            (kind::PIVOT_NUMBER, 9_990_000_034_f64.to_le_bytes().to_vec()),
        ]);
        let cache = PivotCache::fields(&mut fields.as_slice()).with_rows(&mut rows.as_slice());
        assert_eq!(cache.text(), "Ward\tMember number\tBorn\nNorth\t9990000026\t1961-04-03\n\t9990000034\t\n");
    }

    #[test]
    fn xlsb_texts_beside_cells_are_found() {
        let formula = |text: &str| {
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [&[0; 4][..], &[TEXT_IN_FORMULA], &u16::try_from(text.len()).unwrap().to_le_bytes(), &units].concat()
        };
        let none = u32::MAX.to_le_bytes();
        let prompts = [&none[..], &none, &with_text(&[], "Ward"), &none].concat();
        let list = [&[0; 4][..], &[1, 0, 0, 0], &[0; 16], &prompts, &formula("Yes,No")].concat();
        let margins = [&[0; 2][..], &with_text(&[], "top"), &none, &none, &none, &none, &none].concat();
        let found = after_cells(&mut part(&[(kind::CHOICES, list), (kind::MARGINS, margins)]).as_slice());
        let found: Vec<String> = found.into_iter().map(|beside| format!("{}: {}", beside.name, beside.text)).collect();
        assert_eq!(found, ["header or footer: top\n", "list to choose from: Ward\nYes\nNo\n"]);
        let named = [with_text(&[0; 9], "at"), formula("called so")].concat();
        assert_eq!(name(&named).map(|beside| beside.text).as_deref(), Some("called so"));
        let linked = part(&[
            (kind::LINKED_ROW, vec![0; 4]),
            (kind::LINKED_TEXT, with_text(&[0; 4], "Ward")),
            (kind::LINKED_NUMBER, [&[0; 4][..], &12_f64.to_le_bytes()].concat()),
        ]);
        assert_eq!(linked_cells(&mut linked.as_slice()), "Ward\t12\n");
    }
}

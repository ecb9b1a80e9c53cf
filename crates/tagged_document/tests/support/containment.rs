//! What may stand within what, by `tests/data/pdf_containment.csv`: a row an element that a document of ours may have, in which
//! standard and namespace, whether it may hold words or links itself, and which elements; `?` is for one at most.

use super::Standard;
use std::collections::BTreeMap;

const TABLE: &str = include_str!("../data/pdf_containment.csv");

#[derive(Debug)]
pub struct Kind {
    standard: Option<Standard>,
    /// Its namespace in PDF 2.0.
    pub namespace: &'static str,
    words: bool,
    may_hold: Vec<&'static str>,
    in_ua_1_also: &'static str,
}

pub fn kinds() -> BTreeMap<&'static str, Kind> {
    let rows = TABLE.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        let [element, standard, namespace, words, may_hold, in_ua_1_also] = cells[..] else { panic!("{line}") };
        let standard = match standard {
            "ua-1" => Some(Standard::Ua1),
            "ua-2" => Some(Standard::Ua2),
            _ => None,
        };
        let namespace = if namespace == "1.7" { "http://iso.org/pdf/ssn" } else { "http://iso.org/pdf2/ssn" };
        let may_hold = may_hold.split(' ').collect();
        (element, Kind { standard, namespace, words: words == "yes", may_hold, in_ua_1_also })
    });
    rows.collect()
}

/// `H` for every heading.
pub fn family(role: &str) -> &str {
    if heading_level(role).is_some() { "H" } else { role }
}

pub fn heading_level(role: &str) -> Option<u32> {
    role.strip_prefix('H')?.parse().ok()
}

impl Kind {
    pub fn is_in(&self, standard: Standard) -> bool {
        self.standard.is_none_or(|only| only == standard)
    }

    /// What is wrong with what an element of this kind holds.
    pub fn holds(&self, standard: Standard, held: &[String], words: bool) -> Option<String> {
        if words && !self.words {
            return Some("words of its own".into());
        }
        held.iter().find_map(|role| {
            let role = family(role);
            let may = |entry: &&str| entry.trim_end_matches('?') == role;
            match self.may_hold.iter().find(|entry| may(entry)) {
                Some(entry) if entry.ends_with('?') && held.iter().filter(|other| family(other) == role).count() > 1 => {
                    Some(format!("more than one {role}"))
                }
                Some(_) => None,
                None if standard == Standard::Ua1 && self.in_ua_1_also == role => None,
                None => Some(format!("a {role}")),
            }
        })
    }
}

/// What is wrong with the rows of a part of a table, told by the columns and rows that each cell covers.
pub fn irregular(rows: &[Vec<(usize, usize)>], width: &mut Option<usize>) -> Option<&'static str> {
    let mut below: Vec<usize> = Vec::new();
    for cells in rows {
        let mut row = below.clone();
        let mut at = 0;
        for (columns, rows) in cells {
            while row.get(at).is_some_and(|taken| *taken > 0) {
                at += 1;
            }
            for column in at..at + columns {
                row.resize(row.len().max(column + 1), 0);
                if row[column] > 0 {
                    return Some("cells that lie over each other");
                }
                row[column] = *rows;
            }
            at += columns;
        }
        let filled = row.iter().filter(|rows| **rows > 0).count();
        if *width.get_or_insert(filled) != filled {
            return Some("rows of different width");
        }
        below = row.into_iter().map(|rows| rows.saturating_sub(1)).collect();
    }
    below.iter().any(|rows| *rows > 0).then_some("cells that go past its last row")
}

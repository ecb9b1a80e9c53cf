//! Rows of a table that repeat an earlier one in every column but the period: a copying fault, more likely than not.

use crate::period::Period;
use csv::StringRecord;
use std::collections::BTreeMap;

/// Fewer numbers may well be the same twice.
const FEWEST_NUMBERS: usize = 3;

/// Rows remembered; a longer table is not looked through.
const MOST_ROWS: usize = 20_000;

#[derive(Debug, Default)]
pub(in crate::collect::indicators) struct Repeats {
    first: BTreeMap<Vec<String>, Like>,
}

/// The first row of that content.
#[derive(Debug, Clone)]
pub(in crate::collect::indicators) struct Like {
    pub line: u64,
    /// Its period as the table writes it.
    pub label: String,
}

impl Repeats {
    /// The first row with the same cells but for its period, which stands in the column `period`; none where this is
    /// the first, or where it holds too few numbers to tell.
    pub fn first_like(&mut self, row: &StringRecord, period: usize, line: u64) -> Option<Like> {
        let cells: Vec<String> =
            row.iter().enumerate().filter(|(column, _)| *column != period).map(|(_, cell)| cell.to_owned()).collect();
        let is_number = |cell: &&String| cell.parse::<f64>().is_ok_and(|number| number != 0.0);
        if cells.iter().filter(is_number).count() < FEWEST_NUMBERS {
            return None;
        }
        let label = row.get(period).unwrap_or_default();
        match self.first.get(&cells) {
            // The same row twice is a duplicate, not another period's.
            Some(first) => (first.label != label).then(|| first.clone()),
            None if self.first.len() < MOST_ROWS => {
                self.first.insert(cells, Like { line, label: label.to_owned() });
                None
            }
            None => None,
        }
    }
}

impl Like {
    /// What is doubtful about the row at `line`.
    pub fn in_words(&self, line: u64, period: Period) -> String {
        format!("{period} (line {line}) repeats {} (line {}) in every column", self.label, self.line)
    }
}

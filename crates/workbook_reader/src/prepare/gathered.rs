//! The sheets of a workbook as they are made ready, one after another, and what is only known once all were seen: whether
//! a formula's 0 was calculated.

use super::prepared::{Mark, Marks, PreparedSheet, key_of};
use crate::problem::{Problem, ProblemKind};
use crate::sheet::Beside;

/// What was seen in a sheet.
#[derive(Debug, Default)]
pub(super) struct SheetScan {
    pub marks: Marks,
    /// What stands beside the cells.
    pub beside: Vec<Beside>,
    /// Formulas with the result 0, which was calculated or stands for none.
    noughts: Vec<(u32, u32)>,
    /// A formula has a result that is a number and not 0.
    has_results: bool,
}

impl SheetScan {
    /// A formula's result that is a number.
    pub fn result(&mut self, at: (u32, u32), number: f64) {
        if number == 0.0 {
            self.noughts.push(at);
        } else {
            self.has_results = true;
        }
    }

    /// # Errors
    /// More than `most` cells are remembered.
    pub fn hold_to(&self, most: u64, place: &str) -> Result<(), Problem> {
        if (self.marks.len() + self.noughts.len()) as u64 <= most {
            return Ok(());
        }
        let problem = format!("has more than {most} cells, the most that is read");
        Err(Problem::new(place, ProblemKind::TooManyCells, problem))
    }
}

#[derive(Debug)]
pub(super) struct Gathered {
    pub sheets: Vec<PreparedSheet>,
    /// How many cells may still be remembered.
    pub cells_left: u64,
    noughts: Vec<(usize, (u32, u32))>,
    was_calculated: bool,
}

impl Gathered {
    /// A workbook asks to be calculated when it is opened where its program writes formulas and cannot calculate. Some of
    /// these (XlsxWriter and its kin) save 0 as each formula's result. Excel takes the request away when it has
    /// calculated and saves.
    pub fn new(asks_to_be_calculated: bool, max_cells: u64) -> Self {
        Self { sheets: Vec::new(), cells_left: max_cells, noughts: Vec::new(), was_calculated: !asks_to_be_calculated }
    }

    /// By which calamine will find the next sheet.
    pub fn next_key(&self) -> String {
        key_of(self.sheets.len())
    }

    pub fn take(&mut self, name: String, hidden: bool, look: SheetScan) {
        self.cells_left = self.cells_left.saturating_sub((look.marks.len() + look.noughts.len()) as u64);
        self.noughts.extend(look.noughts.into_iter().map(|at| (self.sheets.len(), at)));
        self.was_calculated |= look.has_results;
        self.sheets.push(PreparedSheet { name, hidden, key: self.next_key(), marks: look.marks, beside: look.beside });
    }

    /// What stands beside all sheets is looked at with the first.
    pub fn take_beside_all(&mut self, beside: Vec<Beside>) {
        if let Some(first) = self.sheets.first_mut() {
            first.beside.extend(beside);
        }
    }

    /// The sheets; in a workbook that was never calculated no formula has a result.
    pub fn finish(mut self) -> Vec<PreparedSheet> {
        if !self.was_calculated {
            for (sheet, at) in self.noughts {
                self.sheets[sheet].marks.insert(at, Mark::Uncached);
            }
        }
        self.sheets
    }
}

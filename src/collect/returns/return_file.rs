//! A workbook whose sender is known, as its sheets are read.

use crate::collect::own_words::words_of;
use crate::collect::signs::{Printable, printable};
use crate::collect::{Finding, Grade, Prints, Returned};
use crate::fault::Fault;
use crate::figure::Provenance;
use crate::framework::Partner;
use workbook_reader::Cell;

/// A workbook whose sender is known, as its sheets are read.
#[derive(Debug)]
pub(super) struct ReturnFile<'a> {
    pub partner: &'a Partner,
    pub file: &'a str,
    pub sha256: &'a str,
    pub illustrative: bool,
    /// Who filled it in; may be empty.
    pub by: &'a str,
    pub returned: Returned,
    /// What can be printed of the partner's own words.
    pub prints: &'a Prints,
}

impl ReturnFile<'_> {
    /// The text of a cell where the partner's own words are due; empty where there is no cell.
    ///
    /// # Errors
    /// Asks for the words at `place` where there is an error, or a formula without its result, in their place.
    pub fn text_in(&self, cell: Option<&Cell>, place: impl FnOnce() -> String) -> Result<String, Box<Finding>> {
        cell.map_or(Ok(String::new()), words_of).map_err(|found| no_words(place(), &found).into())
    }

    /// The partner's own words as they can be printed; signs that cannot are asked about at `place`.
    pub fn words(&self, text: &str, place: impl FnOnce() -> String, findings: &mut Vec<Finding>) -> String {
        let Printable { text, told } = printable(text, self.prints);
        findings.extend(told.map(|(problem, remedy)| Finding::new(Grade::Question, Fault::new(place(), problem, remedy))));
        text
    }

    /// That what is read stands in `cell` of `sheet`: a cell or a range, `J5:K5`.
    pub fn provenance(&self, sheet: &str, cell: String) -> Provenance {
        Provenance::Cell {
            partner: self.partner.id.clone(),
            file: self.file.to_owned(),
            sha256: self.sha256.to_owned(),
            sheet: sheet.to_owned(),
            cell,
            by: self.by.to_owned(),
        }
    }
}

/// What is asked of a cell where words were expected and something else was found.
pub(super) fn no_words(place: String, found: &str) -> Finding {
    let problem = format!("{found} was found where words were expected; nothing is shown in its place");
    Finding::new(Grade::Question, Fault::new(place, problem, "type the words again, or leave the cell empty"))
}

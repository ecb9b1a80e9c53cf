//! What looks like personal data is held back, until somebody who looked has let it through.

use super::text::{WITHHELD, personal};
use crate::collect::workbook::{ReaderProcess, Refusal};
use crate::collect::{Finding, Grade};
use crate::fault::Fault;
use std::collections::BTreeSet;
use workbook_reader::{Beside, Sheet, WorkbookLimits, cell_name};

/// What was let through although it looks like personal data, by the SHA-256 of its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed(BTreeSet<(String, String)>);

/// Where a text stands, as it is let through by: `Figures!H7`.
pub fn cell_in_sheet(sheet: &str, cell: &str) -> String {
    format!("{sheet}!{cell}")
}

impl Allowed {
    /// Each with the SHA-256 of its file and the cell (`Figures!H7`), which is empty where it is the file as a whole.
    pub fn new(allowed: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(allowed.into_iter().collect())
    }

    /// True where a workbook is read although it looks like data about persons one by one.
    pub fn file(&self, sha256: &str) -> bool {
        self.text(sha256, "")
    }

    fn text(&self, sha256: &str, cell: &str) -> bool {
        self.0.contains(&(sha256.to_owned(), cell.to_owned()))
    }
}

/// What of a workbook is withheld as long as nobody lets it through.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Withheld {
    /// The workbook as a whole, which is refused.
    pub whole: bool,
    /// The cells (`Figures!H7`) whose text is, and the texts beside cells (`comment on Figures!B4`).
    pub cells: Vec<String>,
}

impl Withheld {
    /// Of a workbook; `file` is its name.
    ///
    /// # Errors
    /// It cannot be read, whatever it holds.
    pub fn of(bytes: &[u8], file: &str, reading: &ReaderProcess, limits: &WorkbookLimits) -> Result<Self, Fault> {
        let (whole, sheets) = match reading.open(bytes, file, limits) {
            Ok(sheets) => (false, sheets),
            Err(Refusal::Personal { sheets, .. }) => (true, sheets.unwrap_or_default()),
            Err(Refusal::Unreadable(fault)) => return Err(fault),
        };
        let mut sheets = sheets;
        let cells = withhold(&mut sheets, file, "", &Allowed::default(), &mut Vec::new());
        Ok(Self { whole, cells })
    }
}

/// Takes every text that says who somebody is out of the sheets of a workbook, so that nothing that reads them can pass it on;
/// gives the cells (`Figures!H7`), and adds what the sender is told of each.
pub fn withhold(sheets: &mut [Sheet], file: &str, sha256: &str, allowed: &Allowed, findings: &mut Vec<Finding>) -> Vec<String> {
    let mut withheld = Vec::new();
    for sheet in sheets {
        let name = sheet.name.clone();
        sheet.replace_texts(|cell, text| {
            let what = personal(text)?;
            let cell = cell_name(cell.row, cell.column);
            let place = cell_in_sheet(&name, &cell);
            if allowed.text(sha256, &place) {
                return None;
            }
            findings.push(Finding::new(Grade::Question, withheld_text(format!("{file}, sheet {name}, cell {cell}"), what)));
            withheld.push(place);
            Some(WITHHELD.to_owned())
        });
        withhold_beside(sheet, &mut |place, what| {
            if !allowed.text(sha256, &place) {
                findings.push(Finding::new(Grade::Question, withheld_text(format!("{file}, {place}"), what)));
                withheld.push(place);
            }
        });
        if sheet.beside.iter().any(Beside::is_embedded) {
            let problem = "holds a file within the workbook, which is not looked through for personal data";
            let remedy = "take it out, unless it is needed";
            findings.push(Finding::new(Grade::Note, Fault::new(format!("{file}, sheet {name}"), problem, remedy)));
        }
    }
    withheld
}

fn withheld_text(place: String, what: &str) -> Fault {
    let problem = format!("seems to hold {what}, so that this text is withheld from every page");
    Fault::new(place, problem, "send it without personal data; if it has none, tell the secretariat, who can allow it")
}

/// Tells of each text beside the cells that says who somebody is: its place (`comment on Figures!B4`) and what it seems to hold.
/// Of several texts of one place one is told.
fn withhold_beside(sheet: &Sheet, tell: &mut dyn FnMut(String, &str)) {
    let mut places = BTreeSet::new();
    for beside in &sheet.beside {
        let Some(what) = personal(&beside.text) else { continue };
        let place = beside.place(&sheet.name);
        if places.insert(place.clone()) {
            tell(place, what);
        }
    }
}

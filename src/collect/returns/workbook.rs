//! The sheets of a return among those of a workbook.

use crate::collect::entry::squeeze;
use crate::collect::{Finding, Grade};
use crate::fault::Fault;
use std::collections::BTreeSet;
use workbook_reader::{Sheet, cell_name, clip};

/// More names than a message needs.
const MOST_NAMES: usize = 20;

/// The sheets of a return, by their names.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    pub about: Option<Sheet>,
    pub figures: Option<Sheet>,
    pub age_bands: Option<Sheet>,
    pub actions: Option<Sheet>,
    pub comments: Option<Sheet>,
    /// The names of all sheets, as the workbook writes them.
    names: Vec<String>,
    /// The names of sheets that hold something and are not read.
    unread: Vec<String>,
}

impl Workbook {
    /// True where the sheets are those of the template and not of a layout of the sender's own.
    pub fn is_template(sheets: &[Sheet]) -> bool {
        let has = |name| sheets.iter().any(|sheet| squeeze(&sheet.name) == name);
        has("about") && has("figures")
    }

    /// The sheet that says whose return it is and for when.
    pub fn about(sheets: &[Sheet]) -> Option<&Sheet> {
        sheets.iter().find(|sheet| squeeze(&sheet.name) == "about")
    }

    /// Of two sheets whose names differ in case or spaces only, the first is read.
    pub fn of(sheets: Vec<Sheet>) -> Self {
        let mut workbook = Self { names: sheets.iter().map(|sheet| sheet.name.clone()).collect(), ..Self::default() };
        for sheet in sheets {
            match squeeze(&sheet.name).as_str() {
                "about" if workbook.about.is_none() => workbook.about = Some(sheet),
                "figures" if workbook.figures.is_none() => workbook.figures = Some(sheet),
                "agebands" if workbook.age_bands.is_none() => workbook.age_bands = Some(sheet),
                "keyactions" if workbook.actions.is_none() => workbook.actions = Some(sheet),
                "comments" if workbook.comments.is_none() => workbook.comments = Some(sheet),
                // The template's own, which holds nothing of its sender's.
                "guidance" => {}
                _ if sheet.is_empty() => {}
                _ => workbook.unread.push(sheet.name),
            }
        }
        workbook
    }

    /// No sheet holds something that is not read.
    pub fn is_read_whole(&self) -> bool {
        self.unread.is_empty()
    }

    /// Why nothing can be read of a workbook without the sheet `name`: it may be there under another name.
    pub fn lacks(&self, name: &str, file: &str) -> Fault {
        let problem = format!("has no sheet called {name}; found: {}", listed(&self.names));
        Fault::new(file, problem, format!("call the sheet {name}, and send the return in the template's layout"))
    }

    /// What was not read of the workbook: sheets that are none of the return's, and cells of its own that could not be
    /// read. `told` is what was said of its cells before.
    pub fn not_read(&self, file: &str, told: &[Finding]) -> Vec<Finding> {
        let told: BTreeSet<&str> = told.iter().map(|finding| finding.place.as_str()).collect();
        let mut findings = Vec::new();
        let sheets = [&self.about, &self.figures, &self.age_bands, &self.actions, &self.comments];
        for sheet in sheets.into_iter().flatten() {
            for cell in sheet.unreadable() {
                let place = format!("{file}, sheet {}, cell {}", sheet.name, cell_name(cell.row, cell.column));
                if !told.contains(place.as_str()) {
                    let problem = format!("{} was found; none of it is used", cell.found());
                    findings.push(
                        Fault::new(place, problem, "type it again, save the workbook in Excel as .xlsx, and send that").into(),
                    );
                }
            }
        }
        if !self.unread.is_empty() {
            let (sheets, are) = if self.unread.len() == 1 { ("the sheet", "is") } else { ("the sheets", "are") };
            let problem = format!("{sheets} {} {are} not read", listed(&self.unread));
            let remedy = "nothing needs to be done, unless figures are there: then copy them to the sheets of the template";
            findings.push(Finding::new(Grade::Note, Fault::new(file, problem, remedy)));
        }
        findings
    }
}

fn listed(names: &[String]) -> String {
    let mut listed: Vec<String> = names.iter().take(MOST_NAMES).map(|name| format!("{:?}", clip(name, 40))).collect();
    if names.len() > MOST_NAMES {
        listed.push(format!("and {} more", names.len() - MOST_NAMES));
    }
    listed.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use workbook_reader::{Cell, CellContent, NumberFormat};

    fn sheet(name: &str, contents: &[CellContent]) -> Sheet {
        let cell =
            |(row, content): (u32, &CellContent)| Cell { row, column: 0, content: content.clone(), shown: NumberFormat::Plain };
        Sheet::new(name.to_owned(), false, (0..).zip(contents).map(cell).collect())
    }

    #[test]
    fn unread_sheets_are_told_on_one_line() {
        let text = [CellContent::Text("x".to_owned())];
        let names = ["About", "Guidance", "Figures", "figures ", "Workings"];
        let mut sheets: Vec<Sheet> = names.iter().map(|name| sheet(name, &text)).collect();
        sheets.push(sheet("Empty", &[]));
        let told = Workbook::of(sheets).not_read("nuh.xlsx", &[]);
        assert_eq!(
            told.iter().map(|finding| finding.problem.as_str()).collect::<Vec<_>>(),
            ["the sheets \"figures \", \"Workings\" are not read"]
        );
        assert_eq!(told[0].grade, Grade::Note);
    }

    #[test]
    fn an_unreadable_cell_is_told_once() {
        let sheets = || vec![sheet("About", &[]), sheet("Figures", &[CellContent::Unreadable, CellContent::Unreadable])];
        let told = Workbook::of(sheets()).not_read("nuh.xlsx", &[]);
        let places: Vec<&str> = told.iter().map(|finding| finding.place.as_str()).collect();
        assert_eq!(places, ["nuh.xlsx, sheet Figures, cell A1", "nuh.xlsx, sheet Figures, cell A2"]);
        assert_eq!(Workbook::of(sheets()).not_read("nuh.xlsx", &told[..1]).len(), 1);
    }
}

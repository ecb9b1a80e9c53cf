//! The sheet of comments: what the partner says of ambitions. Comments are optional, and whatever is wrong with one is asked
//! about and costs that one only.

use super::dates::date_in;
use super::layout::{ColumnHeading, Table};
use super::return_file::ReturnFile;
use crate::collect::entry::squeeze;
use crate::collect::own_words::explains;
use crate::collect::persons::{WITHHELD, without_withheld};
use crate::collect::{AmbitionComment, Finding, Grade, RunScope, too_long};
use crate::fault::Fault;
use crate::framework::Ambition;
use crate::return_template::{LONGEST_COMMENT, LONGEST_SPEAKER};
use jiff::civil::Date;
use std::collections::BTreeSet;
use workbook_reader::{Row, Sheet, cell_name, clip, one_line};

const HEADINGS: [ColumnHeading; 5] = [
    ColumnHeading { name: "Ambition ID", also: &["ID"], needed: true },
    ColumnHeading { name: "Ambition", also: &[], needed: false },
    ColumnHeading { name: "Comment", also: &["Comments", "Commentary"], needed: true },
    ColumnHeading { name: "Said by", also: &["By", "Said by (role or name)"], needed: false },
    ColumnHeading { name: "On", also: &["Said on", "Date"], needed: false },
];

/// Reads every comment that can be used, in the order of the sheet.
pub(super) fn read(
    sheet: &Sheet,
    of: &ReturnFile<'_>,
    wanted: &RunScope<'_>,
    findings: &mut Vec<Finding>,
) -> Vec<AmbitionComment> {
    if sheet.rows().next().is_none() {
        return Vec::new();
    }
    let table = match Table::find(sheet, &HEADINGS, &format!("{}, sheet {}", of.file, sheet.name)) {
        Ok(table) => table,
        Err(fault) => {
            findings.push(Finding::new(Grade::Question, fault));
            return Vec::new();
        }
    };
    let mut reader = Reader { sheet, of, wanted, table: &table, findings };
    let mut comments: Vec<AmbitionComment> = Vec::new();
    let mut differing: BTreeSet<String> = BTreeSet::new();
    for row in table.rows(sheet) {
        let Some(comment) = reader.row(row) else { continue };
        match comments.iter().find(|first| first.ambition == comment.ambition) {
            None => comments.push(comment),
            Some(first) if first.words == comment.words => {}
            Some(first) => {
                let problem =
                    format!("there is another comment on {} in {}; neither is used", first.ambition, first.provenance.place());
                reader.ask(row, "Comment", problem, "keep the right one", &comment.ambition);
                differing.insert(comment.ambition);
            }
        }
    }
    comments.retain(|comment| !differing.contains(&comment.ambition));
    comments
}

struct Reader<'r> {
    sheet: &'r Sheet,
    of: &'r ReturnFile<'r>,
    wanted: &'r RunScope<'r>,
    table: &'r Table,
    findings: &'r mut Vec<Finding>,
}

impl Reader<'_> {
    /// None where the row says nothing that can be used.
    fn row(&mut self, row: Row<'_>) -> Option<AmbitionComment> {
        let given = row.text(self.table.column("Comment"));
        if given.is_empty() {
            return None;
        }
        let ambition = self.ambition(row)?;
        let words = self.words(row, "Comment", &ambition);
        if !explains(&words) {
            self.tell_no_words(row, given.contains(WITHHELD), &words, &ambition);
            return None;
        }
        if let Some(problem) = too_long(&words, LONGEST_COMMENT) {
            self.ask(row, "Comment", format!("the comment {problem}; it is not used"), "shorten it", &ambition);
            return None;
        }
        let mut by = self.words(row, "Said by", &ambition);
        if let Some(problem) = too_long(&by, LONGEST_SPEAKER) {
            let problem = format!("who says it {problem}; the comment is used, and what is beyond that is left out");
            self.ask(row, "Said by", problem, "shorten it", &ambition);
            by = clip(&by, LONGEST_SPEAKER as usize);
        }
        let cell = cell_name(row.number, self.table.column("Comment").unwrap_or_default());
        Some(AmbitionComment {
            partner: self.of.partner.id.clone(),
            quarter: self.of.returned.quarter,
            words,
            by,
            on: self.on(row, &ambition),
            illustrative: self.of.illustrative,
            provenance: self.of.provenance(&self.sheet.name, cell),
            ambition,
        })
    }

    /// Tells of a comment that has no words, unless it is a mark such as `n/a`. What was given is not quoted: it may be a number that
    /// nobody is to see.
    fn tell_no_words(&mut self, row: Row<'_>, is_withheld: bool, given: &str, ambition: &str) {
        if is_withheld {
            // Whoever sent it is asked about its text already.
            let problem =
                format!("the comment on {ambition} is not used, for its text is withheld: it seems to hold personal data");
            let told = Finding::new(Grade::Note, Fault::new(self.place(row, "Comment"), problem, ""));
            self.findings.push(told.of_comment(ambition));
        } else if given.contains(|c: char| c.is_ascii_digit()) {
            let problem = "the comment has a number or a date and no words; it is not used".to_owned();
            self.ask(row, "Comment", problem, "say it in words, or empty the cell", ambition);
        }
    }

    /// The id of the ambition that the row is about; none where the partner is not asked about it.
    fn ambition(&mut self, row: Row<'_>) -> Option<String> {
        let (framework, partner) = (self.wanted.framework, self.of.partner);
        let id = row.text(self.table.column("Ambition ID"));
        let is_it = |ambition: &&Ambition| squeeze(&ambition.id) == squeeze(&id);
        let (problem, remedy) = match framework.ambitions.iter().find(is_it) {
            Some(ambition) if framework.ambitions_asked_of(partner).any(|asked| asked.id == ambition.id) => {
                return Some(ambition.id.clone());
            }
            Some(ambition) => (
                format!("{} is not asked for a comment on {}; it is not used", partner.id, ambition.id),
                "take it out, or ask the secretariat to add the ambition to your workbook",
            ),
            None if id.is_empty() => {
                ("a comment is in a row without an ambition ID; it is not used".to_owned(), "give the ID of the template")
            }
            None => (
                format!(
                    "{:?} is not an ambition of the {} framework; the comment is not used",
                    clip(&id, 40),
                    framework.edition.id
                ),
                "use the IDs of the template",
            ),
        };
        self.findings.push(Finding::new(Grade::Question, Fault::new(self.place(row, "Ambition ID"), problem, remedy)));
        None
    }

    /// The partner's own words on one line, as they can be printed; empty where they are withheld.
    fn words(&mut self, row: Row<'_>, column: &str, ambition: &str) -> String {
        let cell = self.table.column(column).and_then(|column| row.get(column));
        let place = self.place(row, column);
        let given = self.of.text_in(cell, || place.clone()).unwrap_or_else(|asked| {
            self.findings.push(asked.of_comment(ambition));
            String::new()
        });
        self.of.words(&one_line(&without_withheld(&given)), || place, self.findings)
    }

    /// The day on which it was said; that on which the workbook came, where no other is given that can be.
    fn on(&mut self, row: Row<'_>, ambition: &str) -> Date {
        // The day on which it came, so that every look says the same.
        let came = self.of.returned.on;
        let given = self.table.column("On").and_then(|column| row.get(column)).map_or(Ok(None), date_in);
        let problem = match given {
            Ok(Some(on)) if on > came => format!("the date {on} is later than {came}, the day on which the workbook came"),
            Ok(on) => return on.unwrap_or(came),
            Err(problem) => problem,
        };
        let problem = format!("{problem}; the comment is used with the day on which it came");
        self.ask(row, "On", problem, "correct the date, or leave it out", ambition);
        came
    }

    fn ask(&mut self, row: Row<'_>, column: &str, problem: String, remedy: &str, ambition: &str) {
        let asked = Finding::new(Grade::Question, Fault::new(self.place(row, column), problem, remedy));
        self.findings.push(asked.of_comment(ambition));
    }

    fn place(&self, row: Row<'_>, column: &str) -> String {
        format!("{}, sheet {}, {}", self.of.file, self.sheet.name, self.table.place(row, column))
    }
}

//! The sheet of comments on ambitions: optional, a row each.

use super::actions::{day, text};
use super::answers::Answers;
use super::checks::{self, LONGEST_COMMENT, LONGEST_SPEAKER};
use super::given_before;
use super::request::ReturnRequest;
use super::style::{Styles, finish, fit, table};
use crate::framework::Ambition;
use crate::visible::in_lines;
use rust_xlsxwriter::{TableColumn, Worksheet, XlsxError};

const HEADER: u32 = 2;
const ID: (&str, f64) = ("Ambition ID", 26.0);
const AMBITION: (&str, f64) = ("Ambition", 50.0);
/// There where something was said before.
const LAST_TIME: (&str, f64) = ("Last time", 50.0);
/// Headings and widths, in characters.
const REST: [(&str, f64); 3] = [("Comment", 70.0), ("Said by", 30.0), ("On", 14.0)];

/// A comment is a few lines long.
const LINES: usize = 4;

impl<'a> ReturnRequest<'a> {
    /// The ambitions on which the partner may comment.
    pub fn ambitions(&self) -> Vec<&'a Ambition> {
        self.framework.ambitions_asked_of(self.partner).collect()
    }

    /// A comment that was made before stands in the workbook.
    pub(super) fn shows_comments(&self) -> bool {
        self.ambitions().iter().any(|ambition| self.earlier.commented(&ambition.id).is_some())
    }
}

pub(super) fn write(sheet: &mut Worksheet, of: &ReturnRequest<'_>, answers: &Answers, styles: &Styles) -> Result<(), XlsxError> {
    let ambitions = of.ambitions();
    let with_earlier = of.shows_comments();
    let columns = [ID, AMBITION].into_iter().chain(with_earlier.then_some(LAST_TIME)).chain(REST);
    let columns: Vec<(&str, f64)> = columns.collect();
    let comment = if with_earlier { 3 } else { 2 };
    let [by, on] = [comment + 1, comment + 2];
    sheet.set_name("Comments")?;
    sheet.write_string_with_format(0, 0, "Comments on ambitions (optional)", &styles.title)?;
    let headings: Vec<TableColumn> =
        columns.iter().map(|(heading, _)| TableColumn::new().set_header(*heading).set_header_format(&styles.heading)).collect();
    let last = HEADER + u32::try_from(ambitions.len()).unwrap_or(u32::MAX);
    let alt_text = "A row an ambition, with a comment on it to fill in, who says it and when";
    sheet.add_table(HEADER, 0, last, on, &table("Comments", alt_text).set_columns(&headings))?;
    for (column, (_, width)) in (0..).zip(&columns) {
        sheet.set_column_width(column, *width)?;
    }
    for (row, ambition) in (HEADER + 1..).zip(ambitions) {
        let last_said = given_before::last_comment(of.earlier, &ambition.id);
        let last_said = in_lines(&last_said);
        fit(sheet, row, LINES, &[(&ambition.statement, AMBITION.1), (&last_said, LAST_TIME.1)])?;
        sheet.write_string_with_format(row, 0, &ambition.id, &styles.cell)?;
        sheet.write_string_with_format(row, 1, &ambition.statement, &styles.cell)?;
        if with_earlier {
            sheet.write_string_with_format(row, 2, last_said, &styles.cell)?;
        }
        let answer = answers.comments.get(&ambition.id).cloned().unwrap_or_default();
        text(sheet, row, comment, &answer.words, &styles.input_text)?;
        text(sheet, row, by, &answer.by, &styles.input_text)?;
        day(sheet, row, on, answer.on, &styles.input_date)?;
    }
    for (column, check) in [
        (comment, checks::text_up_to(LONGEST_COMMENT, "Comment")?),
        (by, checks::text_up_to(LONGEST_SPEAKER, "Said by")?),
        (on, checks::day("On")?),
    ] {
        sheet.add_data_validation(HEADER + 1, column, last, column, &check)?;
    }
    sheet.set_freeze_panes(HEADER + 1, 1)?.set_selection(HEADER + 1, comment, HEADER + 1, comment)?;
    finish(sheet, &of.partner.name, Some(HEADER))
}

//! The sheet of key actions that the partner leads.

use super::answers::{ActionAnswer, Answers, STATUSES};
use super::checks::{self, LONGEST_COMMENTARY};
use super::given_before;
use super::request::ReturnRequest;
use super::style::{Styles, finish, fit, table};
use crate::figure::ReportKey;
use crate::framework::{Action, ActionStep};
use crate::visible::in_lines;
use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, TableColumn, Worksheet, XlsxError};

/// In the column Step, for the action with all its steps.
pub const WHOLE: &str = "All";

const HEADER: u32 = 2;
const ID: (&str, f64) = ("Action ID", 26.0);
const ACTION: (&str, f64) = ("Action", 50.0);
/// There where some action has steps.
const STEP: (&str, f64) = ("Step", 40.0);
const DUE: (&str, f64) = ("Due", 12.0);
/// There where something was said before.
const LAST_TIME: (&str, f64) = ("Last time", 44.0);
/// Headings and widths, in characters.
const REST: [(&str, f64); 4] = [("Status", 14.0), ("Forecast date", 14.0), ("Completed date", 14.0), ("Commentary", 70.0)];

/// What one row asks of.
struct Row<'a> {
    action: &'a Action,
    /// With its number; none for the action as a whole.
    step: Option<(usize, &'a ActionStep)>,
}

impl<'a> Row<'a> {
    /// A row for each action, and after it one for each of its steps.
    fn all(of: &ReturnRequest<'a>) -> Vec<Self> {
        let steps = |action: &'a Action| (1..).zip(&action.steps).map(move |step| Self { action, step: Some(step) });
        of.actions().into_iter().flat_map(|action| std::iter::once(Self { action, step: None }).chain(steps(action))).collect()
    }

    fn step_in_words(&self) -> String {
        match self.step {
            Some((number, step)) => step.named(number),
            None if self.action.steps.is_empty() => String::new(),
            None => WHOLE.to_owned(),
        }
    }

    fn due(&self) -> Option<Date> {
        self.step.map_or(self.action.due, |(_, step)| step.due)
    }

    fn key(&self) -> ReportKey {
        ReportKey::new(self.action.id.clone(), self.step.map(|(number, _)| number))
    }

    fn last_said(&self, of: &ReturnRequest<'_>) -> String {
        given_before::last_said(of.earlier, &self.key())
    }

    fn answer(&self, answers: &Answers) -> ActionAnswer {
        answers.reports.get(&self.key()).cloned().unwrap_or_default()
    }
}

impl ReturnRequest<'_> {
    /// Something that was said of a key action before stands in the workbook.
    pub(super) fn shows_reports(&self) -> bool {
        Row::all(self).iter().any(|row| !row.last_said(self).is_empty())
    }
}

pub(super) fn write(sheet: &mut Worksheet, of: &ReturnRequest<'_>, answers: &Answers, styles: &Styles) -> Result<(), XlsxError> {
    let rows = Row::all(of);
    let with_steps = rows.iter().any(|row| row.step.is_some());
    let with_earlier = of.shows_reports();
    let columns = [ID, ACTION].into_iter().chain(with_steps.then_some(STEP)).chain([DUE]);
    let columns: Vec<(&str, f64)> = columns.chain(with_earlier.then_some(LAST_TIME)).chain(REST).collect();
    let due = if with_steps { 3 } else { 2 };
    let status = if with_earlier { due + 2 } else { due + 1 };
    let [forecast, completed, commentary] = [status + 1, status + 2, status + 3];
    sheet.set_name("Key actions")?;
    sheet.write_string_with_format(0, 0, "Key actions", &styles.title)?;
    let headings: Vec<TableColumn> =
        columns.iter().map(|(heading, _)| TableColumn::new().set_header(*heading).set_header_format(&styles.heading)).collect();
    let last = HEADER + u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let alt_text = if with_steps {
        "A row a key action, and one for each of its steps, with status, dates and commentary to fill in"
    } else {
        "A row a key action, with its status, dates and commentary to fill in"
    };
    sheet.add_table(HEADER, 0, last, commentary, &table("KeyActions", alt_text).set_columns(&headings))?;
    for (column, (_, width)) in (0..).zip(&columns) {
        sheet.set_column_width(column, *width)?;
    }
    for (row, asked) in (HEADER + 1..).zip(rows) {
        sheet.write_string_with_format(row, 0, &asked.action.id.0, &styles.cell)?;
        sheet.write_string_with_format(row, 1, &asked.action.statement, &styles.cell)?;
        let step = asked.step_in_words();
        if with_steps {
            sheet.write_string_with_format(row, 2, &step, &styles.cell)?;
        }
        // Room for a few lines of commentary.
        let last_said = in_lines(&asked.last_said(of)).into_owned();
        fit(sheet, row, 3, &[(&asked.action.statement, ACTION.1), (&step, STEP.1), (&last_said, LAST_TIME.1)])?;
        if with_earlier {
            sheet.write_string_with_format(row, due + 1, last_said, &styles.cell)?;
        }
        let day_due = asked.due().map_or_else(String::new, |due| due.strftime("%d/%m/%Y").to_string());
        sheet.write_string_with_format(row, due, day_due, &styles.cell)?;
        let answer = asked.answer(answers);
        text(sheet, row, status, &answer.status, &styles.input_text)?;
        day(sheet, row, forecast, answer.forecast, &styles.input_date)?;
        day(sheet, row, completed, answer.completed, &styles.input_date)?;
        text(sheet, row, commentary, &answer.commentary, &styles.input_text)?;
    }
    for (column, check) in [
        (status, checks::one_of(&STATUSES, "Status")?),
        (forecast, checks::day("Forecast date")?),
        (completed, checks::day("Completed date")?),
        (commentary, checks::text_up_to(LONGEST_COMMENTARY, "Commentary")?),
    ] {
        sheet.add_data_validation(HEADER + 1, column, last, column, &check)?;
    }
    sheet.set_freeze_panes(HEADER + 1, 1)?.set_selection(HEADER + 1, status, HEADER + 1, status)?;
    finish(sheet, &of.partner.name, Some(HEADER))
}

/// An open cell with a text, or blank.
pub(super) fn text(sheet: &mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    match text {
        "" => sheet.write_blank(row, column, format)?,
        text => sheet.write_string_with_format(row, column, in_lines(text), format)?,
    };
    Ok(())
}

/// An open cell with a day, or blank.
pub(super) fn day(sheet: &mut Worksheet, row: u32, column: u16, day: Option<Date>, format: &Format) -> Result<(), XlsxError> {
    match day {
        None => sheet.write_blank(row, column, format)?,
        Some(day) => {
            let (year, month, day) = (day.year().unsigned_abs(), day.month().unsigned_abs(), day.day().unsigned_abs());
            sheet.write_datetime_with_format(row, column, ExcelDateTime::from_ymd(year, month, day)?, format)?
        }
    };
    Ok(())
}

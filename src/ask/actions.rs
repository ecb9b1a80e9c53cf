//! The sheet of key actions that the partner leads.

use super::style::{Styles, finish, fit, table};
use super::{Answers, Request, checks};
use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, TableColumn, Worksheet, XlsxError};

/// The words for how an action goes, as the list in the sheet has them.
pub const STATUSES: [&str; 5] = ["Not started", "On track", "At risk", "Off track", "Complete"];

/// In characters.
pub const LONGEST_COMMENTARY: u32 = 1000;

const HEADER: u32 = 2;
/// Headings and widths, in characters.
const COLUMNS: [(&str, f64); 7] = [
    ("Action ID", 26.0),
    ("Action", 50.0),
    ("Due", 12.0),
    ("Status", 14.0),
    ("Forecast date", 14.0),
    ("Completed date", 14.0),
    ("Commentary", 70.0),
];
const DUE: u16 = 2;
const STATUS: u16 = 3;
const FORECAST: u16 = 4;
const COMPLETED: u16 = 5;
const COMMENTARY: u16 = 6;

pub(super) fn write(sheet: &mut Worksheet, of: &Request<'_>, answers: &Answers, styles: &Styles) -> Result<(), XlsxError> {
    let actions = of.actions();
    sheet.set_name("Key actions")?;
    sheet.write_string_with_format(0, 0, "Key actions", &styles.title)?;
    let columns: Vec<TableColumn> =
        COLUMNS.iter().map(|(heading, _)| TableColumn::new().set_header(*heading).set_header_format(&styles.heading)).collect();
    let last = HEADER + u32::try_from(actions.len()).unwrap_or(u32::MAX);
    let alt_text = "A row a key action, with its status, dates and commentary to fill in";
    sheet.add_table(HEADER, 0, last, COMMENTARY, &table("KeyActions", alt_text).set_columns(&columns))?;
    for (column, (_, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
    }
    for (row, action) in (HEADER + 1..).zip(actions) {
        sheet.write_string_with_format(row, 0, &action.id.0, &styles.cell)?;
        sheet.write_string_with_format(row, 1, &action.statement, &styles.cell)?;
        // Room for a few lines of commentary.
        fit(sheet, row, 3, &[(&action.statement, COLUMNS[1].1)])?;
        let due = action.due.map_or_else(String::new, |due| due.strftime("%d/%m/%Y").to_string());
        sheet.write_string_with_format(row, DUE, due, &styles.cell)?;
        let answer = answers.actions.get(&action.id).cloned().unwrap_or_default();
        text(sheet, row, STATUS, &answer.status, &styles.input_text)?;
        day(sheet, row, FORECAST, answer.forecast, &styles.input_date)?;
        day(sheet, row, COMPLETED, answer.completed, &styles.input_date)?;
        text(sheet, row, COMMENTARY, &answer.commentary, &styles.input_text)?;
    }
    for (column, check) in [
        (STATUS, checks::one_of(&STATUSES, "Status")?),
        (FORECAST, checks::day("Forecast date")?),
        (COMPLETED, checks::day("Completed date")?),
        (COMMENTARY, checks::text_up_to(LONGEST_COMMENTARY, "Commentary")?),
    ] {
        sheet.add_data_validation(HEADER + 1, column, last, column, &check)?;
    }
    sheet.set_freeze_panes(HEADER + 1, 1)?.set_selection(HEADER + 1, STATUS, HEADER + 1, STATUS)?;
    finish(sheet, &of.partner.name, Some(HEADER))
}

/// An open cell with a text, or blank.
pub(super) fn text(sheet: &mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    match text {
        "" => sheet.write_blank(row, column, format)?,
        text => sheet.write_string_with_format(row, column, text, format)?,
    };
    Ok(())
}

fn day(sheet: &mut Worksheet, row: u32, column: u16, day: Option<Date>, format: &Format) -> Result<(), XlsxError> {
    match day {
        None => sheet.write_blank(row, column, format)?,
        Some(day) => {
            let (year, month, day) = (day.year().unsigned_abs(), day.month().unsigned_abs(), day.day().unsigned_abs());
            sheet.write_datetime_with_format(row, column, ExcelDateTime::from_ymd(year, month, day)?, format)?
        }
    };
    Ok(())
}

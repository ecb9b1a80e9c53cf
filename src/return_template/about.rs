//! The sheet that says whose return it is, for when, and whether its figures are real.

use super::answers::Answers;
use super::checks;
use super::request::ReturnRequest;
use super::style::{Styles, finish};
use crate::visible::in_lines;
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Counts up whenever a sheet, a column or a key of the workbook changes its meaning.
pub const TEMPLATE_VERSION: u32 = 1;

const REAL: &str = "Real";
const ILLUSTRATIVE: &str = "Illustrative";

pub(super) fn write(sheet: &mut Worksheet, of: &ReturnRequest<'_>, answers: &Answers, styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_name("About")?;
    sheet.set_column_width(0, 30)?.set_column_width(1, 70)?;
    let heading = format!("Return for {}", of.period.in_words());
    sheet.write_string_with_format(0, 0, heading, &styles.title)?;
    let areas: Vec<String> = of.partner.areas.iter().map(|area| format!("{} ({area})", of.areas.name(area))).collect();
    let area = areas.join(", ");
    let quarter = of.period.slug();
    let locked = [
        ("Strategy", of.framework.edition.title.as_str()),
        ("Partner", &of.partner.id),
        ("Name", &of.partner.name),
        ("Figures are about", &area),
        ("Period", &quarter),
    ];
    let mut row = 2;
    for (key, value) in locked {
        sheet.write_string_with_format(row, 0, key, &styles.key)?.write_string_with_format(row, 1, value, &styles.text)?;
        row += 1;
    }
    let status = if answers.illustrative { ILLUSTRATIVE } else { REAL };
    sheet.write_string_with_format(row, 0, "Data status", &styles.key)?;
    sheet.write_string_with_format(row, 1, status, &styles.input_text)?;
    sheet.add_data_validation(row, 1, row, 1, &checks::one_of(&[REAL, ILLUSTRATIVE], "Data status")?)?;
    row += 1;
    open_cell(sheet, row, "Completed by", &answers.completed_by, styles)?;
    sheet.add_data_validation(row, 1, row, 1, &checks::text_up_to(200, "Completed by")?)?;
    row += 2;
    // What the workbook was made as, whatever is changed above.
    let hidden = [
        ("Template version", TEMPLATE_VERSION.to_string()),
        ("Template partner", of.partner.id.clone()),
        ("Template period", quarter.clone()),
        ("Framework edition", of.framework.edition.id.clone()),
    ];
    for (key, value) in hidden {
        sheet.write_string_with_format(row, 0, key, &styles.key)?.write_string_with_format(row, 1, value, &styles.text)?;
        sheet.set_row_hidden(row)?;
        row += 1;
    }
    let nothing = if answers.nothing_to_report.is_some() { "Yes" } else { "" };
    open_cell(sheet, row, "Nothing to report", nothing, styles)?;
    sheet.add_data_validation(row, 1, row, 1, &checks::one_of(&["Yes", "No"], "Nothing to report")?)?;
    row += 1;
    let reason = "Reason for nothing to report";
    open_cell(sheet, row, reason, answers.nothing_to_report.as_deref().unwrap_or_default(), styles)?;
    sheet.add_data_validation(row, 1, row, 1, &checks::text_up_to(1000, reason)?)?;
    finish(sheet, &of.partner.name, None)
}

/// A key with the cell beside it that is to be filled in, and what stands there already.
fn open_cell(sheet: &mut Worksheet, row: u32, key: &str, said: &str, styles: &Styles) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, 0, key, &styles.key)?;
    if said.is_empty() {
        sheet.write_blank(row, 1, &styles.input_text)?;
    } else {
        sheet.write_string_with_format(row, 1, in_lines(said), &styles.input_text)?;
    }
    Ok(())
}

//! The workbook, sheet by sheet.

use super::answers::Answers;
use super::request::ReturnRequest;
use super::style::Styles;
use super::{about, actions, age_bands, comments, figures, guidance};
use crate::fault::Fault;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

impl ReturnRequest<'_> {
    /// The workbook, .xlsx.
    ///
    /// # Errors
    /// Texts or numbers that a cell cannot hold.
    pub fn workbook(&self, answers: &Answers) -> Result<Vec<u8>, Fault> {
        self.write(answers).map_err(|e| {
            let problem = format!("the workbook cannot be written: {e}");
            Fault::new(self.file_name(), problem, "shorten the texts of the framework that it holds")
        })
    }

    fn write(&self, answers: &Answers) -> Result<Vec<u8>, XlsxError> {
        let styles = Styles::new();
        let mut workbook = Workbook::new();
        let made = self.period.end();
        let title = format!("Return of {} for {}", self.partner.name, self.period.in_words());
        // Of the quarter, not of the clock: the same request gives the same bytes.
        let made = ExcelDateTime::from_ymd(made.year().unsigned_abs(), made.month().unsigned_abs(), made.day().unsigned_abs())?;
        let properties = DocProperties::new().set_title(&title).set_author("boardpack").set_creation_datetime(&made);
        workbook.set_properties(&properties);
        about::write(workbook.add_worksheet(), self, answers, &styles)?;
        guidance::write(workbook.add_worksheet(), self, &styles)?;
        figures::write(workbook.add_worksheet(), self, answers, &styles)?;
        if self.rows().iter().any(|row| row.asked.component().is_some()) {
            age_bands::write(workbook.add_worksheet(), self, answers, &styles)?;
        }
        if !self.actions().is_empty() {
            actions::write(workbook.add_worksheet(), self, answers, &styles)?;
        }
        if !self.ambitions().is_empty() {
            comments::write(workbook.add_worksheet(), self, answers, &styles)?;
        }
        workbook.save_to_buffer()
    }
}

//! The rows of the workbook that ask for a figure.

use super::request::{RequestedFigure, ReturnRequest};

/// A row that asks for a figure.
pub(super) struct Row<'a> {
    pub asked: RequestedFigure<'a>,
    /// It is of a period that a target starts from.
    pub is_baseline: bool,
}

impl Row<'_> {
    /// The measure's title, and what is meant by a baseline.
    pub fn title(&self) -> String {
        let title = &self.asked.measure.title;
        if !self.is_baseline {
            return title.clone();
        }
        let counts = if self.asked.is_pooled() {
            ". Give its numerator and denominator: the figure of all is made from them, and the target cannot be judged without them"
        } else {
            ""
        };
        format!("{title}\nBaseline: later figures are compared with it{counts}")
    }
}

impl<'a> ReturnRequest<'a> {
    /// The rows of the workbook that ask for a figure: those due, then the baselines.
    pub(super) fn rows(&self) -> Vec<Row<'a>> {
        let due = self.figures().into_iter().map(|asked| Row { asked, is_baseline: false });
        due.chain(self.baselines().into_iter().map(|asked| Row { asked, is_baseline: true })).collect()
    }
}

//! The rows of the workbook that ask for a figure.

use super::given_before;
use super::request::{RequestedFigure, ReturnRequest};

/// A row that asks for a figure.
pub(super) struct Row<'a> {
    pub asked: RequestedFigure<'a>,
    /// It is of a period that a target starts from.
    pub is_baseline: bool,
    /// Its value was given before, and its counts are still needed.
    pub lacks_counts: bool,
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

impl Row<'_> {
    /// What was given before, as it stands in the column *Last time*.
    pub fn last_time(&self, of: &ReturnRequest<'_>) -> String {
        let told = given_before::last_time(of.earlier, &self.asked);
        if self.lacks_counts { format!("value {told}; its counts are still needed") } else { told }
    }
}

impl<'a> ReturnRequest<'a> {
    /// Something that was given before stands in the workbook.
    pub fn shows_earlier(&self) -> bool {
        let shows_count =
            |row: &Row<'_>| row.asked.component().is_some() && !given_before::last_count(self.earlier, &row.asked).is_empty();
        self.rows().iter().any(|row| shows_count(row) || !row.last_time(self).is_empty())
            || self.shows_reports()
            || self.shows_comments()
    }

    /// The rows of the workbook that ask for a figure: those due, then the baselines.
    pub(super) fn rows(&self) -> Vec<Row<'a>> {
        let due = self.figures().into_iter().map(|asked| Row { asked, is_baseline: false, lacks_counts: false });
        let baselines = self.baselines().into_iter();
        let baselines = baselines.map(|asked| Row { lacks_counts: self.lacks_counts(&asked), asked, is_baseline: true });
        due.chain(baselines).collect()
    }
}

//! Which quarter a workbook is the return of. It is filed under that one, whichever quarter is being looked at.

use super::layout::value_beside;
use super::workbook::Workbook;
use crate::collect::mapping::Mapped;
use crate::framework::{Framework, Measure};
use crate::period::{Period, YearKind};
use crate::return_template::periods_due;
use crate::value::Value;
use jiff::civil::Date;
use workbook_reader::Sheet;

/// What else than its own sheets says of which quarter a workbook is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clues<'a> {
    pub file: &'a str,
    /// What "today" is.
    pub as_at: Date,
}

impl Clues<'_> {
    /// Of a file that says nothing of it itself: the quarter that its name says, or the last that had ended.
    pub fn without_content(&self) -> Period {
        of_name(self.file).unwrap_or_else(|| self.last_ended())
    }

    /// Of a workbook in the template's layout: what its sheet About says.
    pub fn of_template(&self, sheets: &[Sheet]) -> Period {
        let about = Workbook::about(sheets);
        let said = |key| about.and_then(|sheet| value_beside(sheet, key)).and_then(|cell| of_text(&cell.text()));
        match (said("Period"), said("Template period")) {
            // A workbook that says two things is refused; it is the later one that is being worked on, once that has ended.
            (Some(said), Some(made_for)) => {
                let (earlier, later) = (said.min(made_for), said.max(made_for));
                if later.end() < self.as_at { later } else { earlier }
            }
            (Some(said), None) | (None, Some(said)) => said,
            (None, None) => self.without_content(),
        }
    }

    /// Of a workbook in its sender's own layout: the quarter that its name says, where its figures do not run on after that;
    /// else that of its latest figures.
    pub fn of_figures(&self, mapped: &Mapped, framework: &Framework) -> Period {
        let measured =
            mapped.figures().filter(|figure| figure.value != Value::Missing && !framework.is_scenario(&figure.measure));
        let figures: Vec<(Period, &Measure)> =
            measured.filter_map(|figure| Some((figure.period, framework.measure(&figure.measure)?))).collect();
        let Some(end) = figures.iter().map(|(period, _)| period.end()).max() else { return self.without_content() };
        let Some(earliest) = Period::containing(end, 3, YearKind::Financial) else { return self.without_content() };
        if let Some(named) = of_name(self.file).filter(|named| *named >= earliest) {
            return named;
        }
        // A yearly figure is the latest that is due for several quarters.
        let latest = || figures.iter().filter(|(period, _)| period.end() == end);
        let is_due = |quarter: Period| {
            let is_last = |(period, measure): &(Period, &Measure)| {
                periods_due(measure, quarter, None).last().is_none_or(|due| due.end() <= period.end())
            };
            latest().any(is_last)
        };
        let quarters = std::iter::successors(Some(self.last_ended()), |quarter| Some(quarter.previous()));
        quarters.take_while(|quarter| *quarter > earliest).find(|quarter| is_due(*quarter)).unwrap_or(earliest)
    }

    fn last_ended(&self) -> Period {
        Period::last_quarter_before(self.as_at)
    }
}

/// The financial quarter that a text names, in whatever words.
pub(super) fn of_text(text: &str) -> Option<Period> {
    let period = Period::parse(text, YearKind::Financial).ok().filter(|period| period.months() == 3)?;
    Period::containing(period.end(), 3, YearKind::Financial).filter(|quarter| quarter.same_days(period))
}

/// The one financial quarter that a file's name says: `nuh_2026-27-Q2 (2).xlsx`, `dashboard Q2 2026-27.xlsx`.
pub(super) fn of_name(file: &str) -> Option<Period> {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let words: Vec<&str> = stem.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let year = |start: &str, end: &str| {
        let start = if start.len() == 2 { format!("20{start}") } else { start.to_owned() };
        let digits = [start.as_str(), end].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        (digits && start.len() == 4 && matches!(end.len(), 2 | 4)).then(|| format!("{start}-{end}"))
    };
    let named = words.windows(3).filter_map(|three| {
        let [first, second, third] = three else { return None };
        let (quarter, year) = match (first.strip_prefix(['Q', 'q']), third.strip_prefix(['Q', 'q'])) {
            (Some(quarter), _) => (quarter, year(second, third)?),
            (None, Some(quarter)) => (quarter, year(first, second)?),
            (None, None) => return None,
        };
        Period::parse(&format!("{year}-Q{quarter}"), YearKind::Financial).ok()
    });
    let mut named: Vec<Period> = named.collect();
    named.sort_unstable();
    named.dedup();
    (named.len() == 1).then(|| named[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use workbook_reader::{Cell, CellContent, NumberFormat};

    #[test]
    fn a_files_name_says_one_quarter_or_none() {
        let second = Some(Period::financial_quarter(2026, 2));
        for name in [
            "nuh_2026-27-Q2.xlsx",
            "nuh_2026-27-Q2 (2).xlsx",
            "Q2 2026-27 dashboard.xlsx",
            "dashboard_q2_2026_2027.ods",
            "nuh Q2 26-27.xls",
            "2026-27 Q2 and again 2026-27 Q2.xlsx",
        ] {
            assert_eq!(of_name(name), second, "{name}");
        }
        for name in ["nuh.xlsx", "dashboard 2026-27.xlsx", "Q2.xlsx", "2026-27-Q1 to 2026-27-Q2.xlsx", "nuh_2026-28-Q2.xlsx"] {
            assert_eq!(of_name(name), None, "{name}");
        }
    }

    #[test]
    fn the_later_ended_quarter_counts() {
        let cell = |row, column, text: &str| Cell {
            row,
            column,
            content: CellContent::Text(text.to_owned()),
            shown: NumberFormat::Plain,
        };
        let about = |said: &str, made_for: &str| {
            let cells = vec![cell(0, 0, "Period"), cell(0, 1, said), cell(1, 0, "Template period"), cell(1, 1, made_for)];
            [Sheet::new("About".to_owned(), false, cells)]
        };
        let of = |said, made_for, as_at| Clues { file: "nuh.xlsx", as_at }.of_template(&about(said, made_for));
        let (second, third) = (Period::financial_quarter(2026, 2), Period::financial_quarter(2026, 3));
        for (said, made_for) in [("2026-27-Q2", "2026-27-Q3"), ("2026-27-Q3", "2026-27-Q2")] {
            assert_eq!(of(said, made_for, date(2026, 10, 20)), second, "nobody works on a quarter that has not ended");
            assert_eq!(of(said, made_for, date(2026, 12, 31)), second);
            assert_eq!(of(said, made_for, date(2027, 1, 1)), third);
        }
        assert_eq!(of("2026-27-Q3", "2026-27-Q3", date(2026, 10, 20)), third, "which waits until then");
    }

    #[test]
    fn a_quarter_is_one_of_the_financial_year() {
        assert_eq!(of_text("2026-27-Q2"), Some(Period::financial_quarter(2026, 2)));
        assert_eq!(of_text("Jul 2026 - Sep 2026"), Some(Period::financial_quarter(2026, 2)));
        for text in ["2026/27", "Aug 2026 - Oct 2026", "soon"] {
            assert_eq!(of_text(text), None, "{text}");
        }
    }
}

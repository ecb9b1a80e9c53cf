//! What a cell says where a number is due, and how cells and headings are named and compared.

use super::value_markers::{self, Money, WrittenValue};
use crate::value::{Unit, Value};
use workbook_reader::{Cell, CellContent, NumberFormat, Row, as_percent};

/// What is said in a cell where a number is due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum CellEntry {
    Nothing,
    Mark(Value),
    Number(Number),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    /// As shown: a percent cell that holds 0.123 gives 12.3.
    pub value: f64,
    pub shown: NumberFormat,
    /// Decimal places given, by which a rounded figure is compared.
    pub places: u32,
    pub money: Money,
}

impl CellEntry {
    /// What the cell of a row in `column` says where a number in `unit` is due, or a plain number where there is none.
    ///
    /// # Errors
    /// What was found instead.
    pub fn of(row: Row<'_>, column: Option<u32>, unit: Option<&Unit>) -> Result<Self, String> {
        column.and_then(|column| row.get(column)).map_or(Ok(CellEntry::Nothing), |cell| Self::of_cell(cell, unit))
    }

    fn of_cell(cell: &Cell, unit: Option<&Unit>) -> Result<Self, String> {
        let (value, shown, places, money) = match &cell.content {
            CellContent::Number(number) if cell.shown == NumberFormat::Percent => {
                let value = as_percent(*number);
                (value, NumberFormat::Percent, places(value), Money::Unsaid)
            }
            CellContent::Number(number) => (*number, cell.shown, places(*number), money(cell, unit)),
            CellContent::Text(text) => match value_markers::read(text, unit) {
                Some(WrittenValue::Nothing) => return Ok(CellEntry::Nothing),
                Some(WrittenValue::Mark(mark)) => return Ok(CellEntry::Mark(mark)),
                Some(WrittenValue::Number { value, percent, places, money }) => {
                    (value, if percent { NumberFormat::Percent } else { NumberFormat::Plain }, places, money)
                }
                None => return Err(cell.found()),
            },
            CellContent::Date(_)
            | CellContent::Time
            | CellContent::Logical(_)
            | CellContent::Error(_)
            | CellContent::Uncached
            | CellContent::Unreadable => return Err(cell.found()),
        };
        if !value.is_finite() {
            return Err(format!("the number {value}"));
        }
        Ok(CellEntry::Number(Number { value, shown, places, money }))
    }
}

/// What a number says of pounds by how it is shown: 1200000 that is shown as 1,200 is so many pounds, or is in thousands of
/// them as its row is.
pub(super) fn money(cell: &Cell, unit: Option<&Unit>) -> Money {
    let is_money = unit.is_some_and(|unit| unit.pounds().is_some());
    if cell.shown == NumberFormat::Scaled && is_money { Money::Sign } else { Money::Unsaid }
}

/// The decimal places of a number as it is written.
pub(super) fn places(value: f64) -> u32 {
    let text = value.to_string();
    text.split_once('.').map_or(0, |(_, fraction)| u32::try_from(fraction.len()).unwrap_or(u32::MAX))
}

/// A text as headings and keys are compared: letters and digits only, in lower case.
pub(super) fn squeeze(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(content: CellContent, shown: NumberFormat, unit: Option<&Unit>) -> Result<CellEntry, String> {
        CellEntry::of(Row { number: 0, cells: &[Cell { row: 0, column: 0, content, shown }] }, Some(0), unit)
    }

    #[test]
    fn percent_cells_give_the_figure_they_show() {
        let number = |n, shown| match entry(CellContent::Number(n), shown, None) {
            Ok(CellEntry::Number(number)) => (number.value, number.places),
            other => panic!("{other:?}"),
        };
        assert_eq!(number(0.123, NumberFormat::Percent), (12.3, 1));
        assert_eq!(number(0.57, NumberFormat::Percent), (57.0, 0));
        assert_eq!(number(0.123, NumberFormat::Plain), (0.123, 3));
        assert_eq!(number(45.0, NumberFormat::Plain), (45.0, 0));
    }

    #[test]
    fn numbers_shown_in_thousands_may_be_pounds() {
        let said = |shown, unit: &Unit| match entry(CellContent::Number(1_200_000.0), shown, Some(unit)) {
            Ok(CellEntry::Number(number)) => (number.value, number.money),
            other => panic!("{other:?}"),
        };
        assert_eq!(said(NumberFormat::Scaled, &Unit::Pounds), (1_200_000.0, Money::Sign));
        assert_eq!(said(NumberFormat::Scaled, &Unit::Count), (1_200_000.0, Money::Unsaid));
        assert_eq!(said(NumberFormat::Plain, &Unit::Pounds), (1_200_000.0, Money::Unsaid));
    }

    #[test]
    fn errors_dates_and_words_are_no_numbers() {
        for (content, found) in [
            (CellContent::Error("#REF!".to_owned()), "the error #REF!"),
            (CellContent::Text("see\n note".to_owned()), "the text \"see note\""),
            (CellContent::Date(jiff::civil::date(2026, 7, 1)), "the date 2026-07-01"),
            (CellContent::Number(f64::INFINITY), "the number inf"),
            (CellContent::Uncached, "a formula whose result was not saved"),
        ] {
            assert_eq!(entry(content, NumberFormat::Plain, None).unwrap_err(), found);
        }
    }

    #[test]
    fn no_cell_and_no_column_say_nothing() {
        let row = Row { number: 0, cells: &[] };
        assert_eq!(
            [CellEntry::of(row, Some(3), None), CellEntry::of(row, None, None)],
            [Ok(CellEntry::Nothing), Ok(CellEntry::Nothing)]
        );
    }
}

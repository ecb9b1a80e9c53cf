//! The sheet of figures: a row for each that is asked for, and some for earlier periods that have changed.

use super::actions::text;
use super::answers::{Answers, FigureAnswer};
use super::checks;
use super::request::ReturnRequest;
use super::rows::Row;
use super::style::{Styles, finish, fit, table};
use crate::figure::FigureKey;
use crate::framework::{Measure, Statistic};
use crate::value::{Unit, Value};
use rust_xlsxwriter::{Format, TableColumn, Worksheet, XlsxError};
use std::collections::BTreeSet;

/// Rows for earlier periods.
const SPARE: usize = 10;

const EARLIER_PERIOD: &str = "An earlier period that has changed";

const HEADER: u32 = 2;
/// Headings and widths, in characters.
const COLUMNS: [(&str, f64); 16] = [
    ("Measure ID", 24.0),
    ("Measure", 30.0),
    ("Definition", 50.0),
    ("Unit", 11.0),
    ("Period", 11.0),
    ("Area", 12.0),
    ("Area name", 22.0),
    ("Breakdown", 14.0),
    ("Group", 16.0),
    ("Last time", 18.0),
    ("Numerator", 13.0),
    ("Denominator", 14.0),
    ("Value", 12.0),
    ("Lower", 10.0),
    ("Upper", 10.0),
    ("Note", 40.0),
];
const ID: u16 = 0;
const MEASURE: u16 = 1;
const DEFINITION: u16 = 2;
const UNIT: u16 = 3;
const PERIOD: u16 = 4;
const AREA: u16 = 5;
const AREA_NAME: u16 = 6;
const BREAKDOWN: u16 = 7;
const GROUP: u16 = 8;
const LAST_TIME: u16 = 9;
const NUMERATOR: u16 = 10;
const DENOMINATOR: u16 = 11;
const VALUE: u16 = 12;
const LOWER: u16 = 13;
const UPPER: u16 = 14;
const NOTE: u16 = 15;
/// Only where a mean is asked: last, so that all other columns stay where they are.
const DEVIATION: u16 = 16;
const DEVIATION_COLUMN: (&str, f64) = ("Standard deviation", 13.0);

pub(super) fn write(sheet: &mut Worksheet, of: &ReturnRequest<'_>, answers: &Answers, styles: &Styles) -> Result<(), XlsxError> {
    let asked: Vec<Row<'_>> = of.rows().into_iter().filter(|row| row.asked.component().is_none()).collect();
    let keys: BTreeSet<FigureKey> = asked.iter().map(|row| row.asked.key()).collect();
    let others: Vec<_> = answers.figures.iter().filter(|(key, _)| !keys.contains(key) && key.component().is_none()).collect();
    let count = asked.len() + SPARE.max(others.len());
    let last = HEADER + u32::try_from(count).unwrap_or(u32::MAX);
    sheet.set_name("Figures")?;
    sheet.write_string_with_format(0, 0, "Figures", &styles.title)?;
    let means = asked.iter().any(|row| row.asked.measure.is_mean());
    let headings: Vec<(&str, f64)> = COLUMNS.into_iter().chain(means.then_some(DEVIATION_COLUMN)).collect();
    let last_column = if means { DEVIATION } else { NOTE };
    let columns: Vec<TableColumn> =
        headings.iter().map(|(heading, _)| TableColumn::new().set_header(*heading).set_header_format(&styles.heading)).collect();
    let alt_text = "A row for each figure asked for, with what it is about on the left and the cells to fill in on the right";
    sheet.add_table(HEADER, 0, last, last_column, &table("Figures", alt_text).set_columns(&columns))?;
    for (column, (_, width)) in (0..).zip(&headings) {
        sheet.set_column_width(column, *width)?;
    }
    let mut rows = Rows { sheet, of, styles };
    let mut row = HEADER;
    for one in &asked {
        row += 1;
        let figure = answers.figures.get(&one.asked.key()).cloned().unwrap_or_default();
        rows.asked(row, one, &figure)?;
        if means {
            rows.deviation(row, one.asked.measure.is_mean())?;
        }
    }
    let ids = format!("$A${}:$A${}", HEADER + 2, row + 1);
    let mut others = others.into_iter();
    while row < last {
        row += 1;
        rows.spare(row, &ids, others.next())?;
        if means {
            rows.deviation(row, true)?;
        }
    }
    sheet.add_data_validation(HEADER + 1, NOTE, last, NOTE, &checks::note()?)?;
    sheet.set_freeze_panes(HEADER + 1, DEFINITION)?.set_selection(HEADER + 1, NUMERATOR, HEADER + 1, NUMERATOR)?;
    finish(sheet, &of.partner.name, Some(HEADER))
}

struct Rows<'r> {
    sheet: &'r mut Worksheet,
    of: &'r ReturnRequest<'r>,
    styles: &'r Styles,
}

impl Rows<'_> {
    fn asked(&mut self, row: u32, of: &Row<'_>, figure: &FigureAnswer) -> Result<(), XlsxError> {
        let asked = &of.asked;
        let (measure, series) = (asked.measure, &asked.series);
        let (by, group) =
            series.category.as_ref().map_or(("", ""), |category| (category.scheme.as_str(), category.group.as_str()));
        let said = [
            (ID, series.measure.0.clone()),
            (MEASURE, of.title()),
            (DEFINITION, definition(measure)),
            (UNIT, measure.unit.in_words().to_owned()),
            (PERIOD, asked.period.to_string()),
            (AREA, series.area.to_string()),
            (AREA_NAME, asked.measure.name_of(&series.area, self.of.areas).to_owned()),
            (BREAKDOWN, by.to_owned()),
            (GROUP, group.to_owned()),
            (LAST_TIME, of.last_time(self.of)),
        ];
        let texts: Vec<(&str, f64)> =
            said.iter().map(|(column, text)| (text.as_str(), COLUMNS[usize::from(*column)].1)).collect();
        fit(self.sheet, row, 1, &texts)?;
        for (column, text) in said {
            self.sheet.write_string_with_format(row, column, text, &self.styles.cell)?;
        }
        self.amounts(row, &measure.unit, figure, |column| is_asked(measure, column))?;
        let cell = |column: u16| cell(row, column);
        for (column, check) in [
            (NUMERATOR, checks::count(measure, &cell(NUMERATOR), &cell(DENOMINATOR), true)?),
            (DENOMINATOR, checks::count(measure, &cell(DENOMINATOR), &cell(NUMERATOR), false)?),
            (VALUE, checks::value(measure, &cell(VALUE), "Value", true)?),
            (LOWER, checks::value(measure, &cell(LOWER), "Lower 95% limit", false)?),
            (UPPER, checks::value(measure, &cell(UPPER), "Upper 95% limit", false)?),
        ] {
            if is_asked(measure, column) {
                self.sheet.add_data_validation(row, column, row, column, &check)?;
            }
        }
        Ok(())
    }

    /// The cell for the standard deviation of a mean.
    fn deviation(&mut self, row: u32, asked: bool) -> Result<(), XlsxError> {
        let format = if asked { &self.styles.input } else { &self.styles.not_asked };
        self.sheet.write_blank(row, DEVIATION, format)?;
        if asked {
            let check = checks::deviation(&cell(row, DEVIATION))?;
            self.sheet.add_data_validation(row, DEVIATION, row, DEVIATION, &check)?;
        }
        Ok(())
    }

    /// A row that names no measure yet, open throughout.
    fn spare(&mut self, row: u32, ids: &str, given: Option<(&FigureKey, &FigureAnswer)>) -> Result<(), XlsxError> {
        let styles = self.styles;
        fit(self.sheet, row, 1, &[(EARLIER_PERIOD, COLUMNS[usize::from(MEASURE)].1)])?;
        self.sheet.write_string_with_format(row, MEASURE, EARLIER_PERIOD, &styles.cell)?;
        for column in [DEFINITION, UNIT, AREA_NAME, LAST_TIME] {
            self.sheet.write_blank(row, column, &styles.not_asked)?;
        }
        let (by, group) = given
            .and_then(|(key, _)| key.category.as_ref())
            .map_or(("", ""), |category| (category.scheme.as_str(), category.group.as_str()));
        let id = given.map_or("", |(key, _)| key.measure.0.as_str());
        let area = given.map_or("", |(key, _)| key.area.as_str());
        let period = given.map_or_else(String::new, |(key, _)| key.period.to_string());
        for (column, said) in [(ID, id), (PERIOD, &period), (AREA, area), (BREAKDOWN, by), (GROUP, group)] {
            text(self.sheet, row, column, said, &styles.input_text)?;
        }
        let blank = FigureAnswer::default();
        let unit = given.and_then(|(key, _)| self.of.framework.measure(&key.measure)).map_or(&Unit::Score, |m| &m.unit);
        self.amounts(row, unit, given.map_or(&blank, |(_, figure)| figure), |_| true)?;
        self.sheet.add_data_validation(row, ID, row, ID, &checks::known_id(&cell(row, ID), ids)?)?;
        for column in [NUMERATOR, DENOMINATOR, VALUE, LOWER, UPPER] {
            let title = COLUMNS[usize::from(column)].0;
            self.sheet.add_data_validation(row, column, row, column, &checks::any_number(&cell(row, column), title)?)?;
        }
        Ok(())
    }

    fn amounts(&mut self, row: u32, unit: &Unit, figure: &FigureAnswer, asked: impl Fn(u16) -> bool) -> Result<(), XlsxError> {
        let limits = figure.limits;
        let number = |number: Option<f64>| number.map(Value::Number);
        for (column, said) in [
            (NUMERATOR, number(figure.numerator)),
            (DENOMINATOR, number(figure.denominator)),
            (VALUE, figure.value),
            (LOWER, number(limits.map(|limits| limits.lower))),
            (UPPER, number(limits.map(|limits| limits.upper))),
        ] {
            let format = if asked(column) { &self.styles.input } else { &self.styles.not_asked };
            self.amount(row, column, said, unit, format)?;
        }
        text(self.sheet, row, NOTE, &figure.note, &self.styles.input_text)
    }

    fn amount(&mut self, row: u32, column: u16, said: Option<Value>, unit: &Unit, format: &Format) -> Result<(), XlsxError> {
        let mark = match said {
            // 0.45 might be read as 45%; with its sign it means what it says.
            Some(Value::Number(number)) if column == VALUE && *unit == Unit::Percent && number > 0.0 && number <= 1.0 => {
                &format!("{number}%")
            }
            Some(Value::Number(number)) => {
                self.sheet.write_number_with_format(row, column, number, format)?;
                return Ok(());
            }
            Some(Value::Suppressed) => "*",
            Some(Value::Missing) => "..",
            Some(Value::NotApplicable) => "n/a",
            None => "",
        };
        text(self.sheet, row, column, mark, format)
    }
}

/// Whether a column is asked for: a number of events or tonnes is a value and nothing else, and limits are worked out
/// wherever counts allow.
fn is_asked(measure: &Measure, column: u16) -> bool {
    match column {
        // A mean has a number of people, and limits by its standard deviation.
        NUMERATOR | LOWER | UPPER if measure.is_mean() => false,
        NUMERATOR | DENOMINATOR => !matches!(measure.statistic, Statistic::Count | Statistic::Quantity),
        LOWER | UPPER => matches!(measure.statistic, Statistic::StandardisedRate | Statistic::Estimate),
        _ => true,
    }
}

fn definition(measure: &Measure) -> String {
    let mut words = measure.definition.clone();
    for (key, said) in [("Numerator", &measure.numerator), ("Denominator", &measure.denominator), ("Note", &measure.notes)] {
        if !said.is_empty() {
            words.push_str(&format!("\n{key}: {said}"));
        }
    }
    words
}

/// `M4`, both counted from 0; a table has fewer than 27 columns.
fn cell(row: u32, column: u16) -> String {
    rust_xlsxwriter::utility::row_col_to_cell(row, column)
}

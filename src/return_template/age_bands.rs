//! The sheet of counts by age band, for figures that are made from them: a row a band, in the order of age.

use super::actions::text;
use super::answers::{Answers, FigureAnswer};
use super::request::ReturnRequest;
use super::rows::Row;
use super::style::{Styles, finish, fit, table};
use super::{checks, given_before};
use crate::age::AgeBand;
use crate::component::{Component, GroupComponent};
use crate::figure::FigureKey;
use crate::framework::{MadeFrom, Measure};
use crate::value::Value;
use rust_xlsxwriter::{Format, TableColumn, Worksheet, XlsxError};
use std::collections::BTreeSet;

/// Rows for an earlier period that has changed: as many as the most bands.
const SPARE: usize = 20;

const EARLIER_PERIOD: &str = "An earlier period that has changed";

const HEADER: u32 = 2;
/// Headings and widths, in characters.
const COLUMNS: [(&str, f64); 13] = [
    ("Measure ID", 24.0),
    ("Measure", 34.0),
    ("Period", 11.0),
    ("Area", 12.0),
    ("Area name", 22.0),
    ("Breakdown", 18.0),
    ("Group", 20.0),
    ("Age", 13.0),
    ("Last time", 18.0),
    ("Events", 13.0),
    ("Population", 14.0),
    ("People by number of events", 26.0),
    ("Note", 40.0),
];
const ID: u16 = 0;
const MEASURE: u16 = 1;
const PERIOD: u16 = 2;
const AREA: u16 = 3;
const AREA_NAME: u16 = 4;
const BREAKDOWN: u16 = 5;
const GROUP: u16 = 6;
const AGE: u16 = 7;
const LAST_TIME: u16 = 8;
const EVENTS: u16 = 9;
const POPULATION: u16 = 10;
const REPEATS: u16 = 11;
const NOTE: u16 = 12;

/// Writes the sheet of a partner who is asked for some.
pub(super) fn write(sheet: &mut Worksheet, of: &ReturnRequest<'_>, answers: &Answers, styles: &Styles) -> Result<(), XlsxError> {
    let asked = of.rows();
    let asked: Vec<(&Row<'_>, Band<'_>)> = asked.iter().filter_map(|row| Some((row, events(row.asked.component())?))).collect();
    let keys: BTreeSet<FigureKey> = asked.iter().map(|(row, _)| row.asked.key()).collect();
    let others: Vec<_> =
        answers.figures.iter().filter(|(key, _)| !keys.contains(key) && events(key.component()).is_some()).collect();
    let count = asked.len() + SPARE.max(others.len());
    let last = HEADER + u32::try_from(count).unwrap_or(u32::MAX);
    sheet.set_name("Age bands")?;
    sheet.write_string_with_format(0, 0, "Age bands", &styles.title)?;
    let columns: Vec<TableColumn> =
        COLUMNS.iter().map(|(heading, _)| TableColumn::new().set_header(*heading).set_header_format(&styles.heading)).collect();
    let alt_text = "A row for each age band, with what it is about on the left and the cells to fill in on the right";
    sheet.add_table(HEADER, 0, last, NOTE, &table("AgeBands", alt_text).set_columns(&columns))?;
    for (column, (_, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
    }
    let mut rows = Rows { sheet, of, styles };
    let mut row = HEADER;
    for (one, band) in &asked {
        row += 1;
        let figure = answers.figures.get(&one.asked.key()).cloned().unwrap_or_default();
        rows.asked(row, one, *band, &figure)?;
    }
    let ids = format!("$A${}:$A${}", HEADER + 2, row + 1);
    let mut others = others.into_iter();
    while row < last {
        row += 1;
        rows.spare(row, &ids, others.next())?;
    }
    sheet.add_data_validation(HEADER + 1, NOTE, last, NOTE, &checks::note()?)?;
    sheet.set_freeze_panes(HEADER + 1, PERIOD)?.set_selection(HEADER + 1, EVENTS, HEADER + 1, EVENTS)?;
    finish(sheet, &of.partner.name, Some(HEADER))
}

/// An age band, and the breakdown and group of its people; none for all.
type Band<'a> = (AgeBand, Option<(&'a str, &'a str)>);

/// The band whose events a series holds.
fn events(component: Option<GroupComponent<'_>>) -> Option<Band<'_>> {
    match component? {
        GroupComponent { component: Component::Events(band), group } => Some((band, group)),
        GroupComponent { component: Component::SquaredEvents(_) | Component::StandardDeviation, .. } => None,
    }
}

struct Rows<'r> {
    sheet: &'r mut Worksheet,
    of: &'r ReturnRequest<'r>,
    styles: &'r Styles,
}

impl Rows<'_> {
    fn asked(&mut self, row: u32, of: &Row<'_>, (band, group): Band<'_>, figure: &FigureAnswer) -> Result<(), XlsxError> {
        let asked = &of.asked;
        let (measure, series) = (asked.measure, &asked.series);
        let (by, group) = group.unwrap_or_default();
        let said = [
            (ID, series.measure.0.clone()),
            (MEASURE, of.title()),
            (PERIOD, asked.period.to_string()),
            (AREA, series.area.to_string()),
            (AREA_NAME, asked.measure.name_of(&series.area, self.of.areas).to_owned()),
            (BREAKDOWN, by.to_owned()),
            (GROUP, group.to_owned()),
            (AGE, band.to_string()),
            (LAST_TIME, given_before::last_count(self.of.earlier, asked)),
        ];
        let texts: Vec<(&str, f64)> =
            said.iter().map(|(column, text)| (text.as_str(), COLUMNS[usize::from(*column)].1)).collect();
        fit(self.sheet, row, 1, &texts)?;
        for (column, text) in said {
            self.sheet.write_string_with_format(row, column, text, &self.styles.cell)?;
        }
        let repeats = asks_repeats(measure);
        self.counts(row, figure, repeats)?;
        let (events, population) = (cell(row, EVENTS), cell(row, POPULATION));
        let check = checks::events(measure, &events, &population)?;
        self.sheet.add_data_validation(row, EVENTS, row, EVENTS, &check)?;
        let check = checks::population(&measure.denominator, &population)?;
        self.sheet.add_data_validation(row, POPULATION, row, POPULATION, &check)?;
        if repeats {
            self.sheet.add_data_validation(row, REPEATS, row, REPEATS, &checks::repeats()?)?;
        }
        Ok(())
    }

    /// A row that names no measure yet, open throughout.
    fn spare(&mut self, row: u32, ids: &str, given: Option<(&FigureKey, &FigureAnswer)>) -> Result<(), XlsxError> {
        let styles = self.styles;
        fit(self.sheet, row, 1, &[(EARLIER_PERIOD, COLUMNS[usize::from(MEASURE)].1)])?;
        self.sheet.write_string_with_format(row, MEASURE, EARLIER_PERIOD, &styles.cell)?;
        for column in [AREA_NAME, LAST_TIME] {
            self.sheet.write_blank(row, column, &styles.not_asked)?;
        }
        let place = given.and_then(|(key, _)| events(key.component()));
        let (by, group) = place.and_then(|(_, group)| group).unwrap_or_default();
        let age = place.map_or_else(String::new, |(band, _)| band.to_string());
        let id = given.map_or("", |(key, _)| key.measure.0.as_str());
        let area = given.map_or("", |(key, _)| key.area.as_str());
        let period = given.map_or_else(String::new, |(key, _)| key.period.to_string());
        let said = [(ID, id), (PERIOD, &period), (AREA, area), (BREAKDOWN, by), (GROUP, group), (AGE, &age)];
        for (column, said) in said {
            text(self.sheet, row, column, said, &styles.input_text)?;
        }
        let blank = FigureAnswer::default();
        self.counts(row, given.map_or(&blank, |(_, figure)| figure), true)?;
        self.sheet.add_data_validation(row, ID, row, ID, &checks::known_id(&cell(row, ID), ids)?)?;
        for column in [EVENTS, POPULATION] {
            let title = COLUMNS[usize::from(column)].0;
            self.sheet.add_data_validation(row, column, row, column, &checks::any_number(&cell(row, column), title)?)?;
        }
        Ok(())
    }

    fn counts(&mut self, row: u32, figure: &FigureAnswer, repeats: bool) -> Result<(), XlsxError> {
        let mark = match figure.value {
            Some(Value::Suppressed) => "*",
            Some(Value::Missing) => "..",
            Some(Value::NotApplicable) => "n/a",
            Some(Value::Number(_)) | None => "",
        };
        self.number(row, EVENTS, figure.numerator, mark, &self.styles.input)?;
        self.number(row, POPULATION, figure.denominator, "", &self.styles.input)?;
        let format = if repeats { &self.styles.input_text } else { &self.styles.not_asked };
        text(self.sheet, row, REPEATS, "", format)?;
        text(self.sheet, row, NOTE, &figure.note, &self.styles.input_text)
    }

    fn number(&mut self, row: u32, column: u16, number: Option<f64>, mark: &str, format: &Format) -> Result<(), XlsxError> {
        match number {
            Some(number) => self.sheet.write_number_with_format(row, column, number, format).map(|_| ()),
            None => text(self.sheet, row, column, mark, format),
        }
    }
}

fn asks_repeats(measure: &Measure) -> bool {
    measure.made_from.as_ref().is_some_and(MadeFrom::repeats)
}

fn cell(row: u32, column: u16) -> String {
    rust_xlsxwriter::utility::row_col_to_cell(row, column)
}

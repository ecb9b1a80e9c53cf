//! A figure out of a row whose columns the settings name, whether it is a line of a table or an object of JSON.

use crate::collect::indicators::collector::MeasureCollector;
use crate::collect::indicators::figure::AnswerFigure;
use crate::collect::indicators::query::MeasureQuery;
use crate::collect::indicators::readers::amounts::{self, Amount, limits, whole};
use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::figure::Observation;
use crate::framework::Measure;
use crate::period::Period;
use crate::settings::{Columns, PeriodFormat, Rows};
use crate::value::{Sex, Value};
use jiff::civil::Date;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How the rows of an answer are read.
pub(in crate::collect::indicators) struct ColumnReader<'s> {
    pub rows: &'s Rows,
    pub columns: &'s Columns,
    /// Whether periods of another length than the measure asks for are left out; where not, they are another series of it.
    by_length: bool,
    /// Which day stood for a period: two days of one period are no figure of it.
    days: BTreeMap<(String, Period), String>,
}

/// One row.
pub(in crate::collect::indicators) struct SourceRow<'r> {
    /// The text in a column; empty where there is none.
    pub get: &'r dyn Fn(&str) -> Cow<'r, str>,
    /// Whether the value came as text, digit by digit as the source wrote it.
    pub as_text: bool,
    pub line: u64,
    /// Empty where the line says it.
    pub place: String,
}

impl<'s> ColumnReader<'s> {
    pub fn of(rows: &'s Rows, by_length: bool) -> Self {
        Self { rows, columns: &rows.columns, by_length, days: BTreeMap::new() }
    }

    /// The code of an area by what the source calls it.
    pub fn area<'t>(&'t self, own: &'t str) -> &'t str {
        self.rows.areas.iter().find(|(_, named)| *named == own).map_or(own, |(code, _)| code)
    }

    /// Whether a row is of the indicator and one of those that the settings want; `holds` says whether a column holds a
    /// text.
    pub fn takes(&self, holds: &dyn Fn(&str, &str) -> bool, indicator: &str) -> bool {
        let Rows { only, except, .. } = self.rows;
        self.columns.indicator.as_ref().is_none_or(|column| holds(column, indicator))
            && only.iter().all(|(column, text)| holds(column, text))
            && !except.iter().any(|(column, text)| holds(column, text))
    }

    /// The period that a label of the source means.
    ///
    /// # Errors
    /// What was expected instead.
    pub fn period(&self, label: &str, asking: &MeasureQuery<'_>) -> Result<Period, String> {
        match self.rows.period_format {
            PeriodFormat::Label => asking.measure.period(label).map_err(|e| e.to_string()),
            PeriodFormat::IsoMonth => Period::parse_iso_month(label).map_err(|e| e.to_string()),
            PeriodFormat::IsoDate => of_day(label, asking.measure),
        }
    }

    /// The figure of a row, where the measure asks for it.
    ///
    /// # Errors
    /// What cannot be read in it, with where it stands.
    pub fn figure(
        &mut self,
        row: &SourceRow<'_>,
        collector: &mut MeasureCollector<'_>,
    ) -> Result<Option<AnswerFigure>, AnswerError> {
        let Columns { indicator, area, period, value: value_column, lower, upper, numerator, denominator, sex, age, note } =
            self.columns;
        let get = |column: &str| (row.get)(column);
        let at = if row.place.is_empty() { format!("line {}", row.line) } else { row.place.clone() };
        let code = get(area);
        let Some(area) = collector.area(self.area(&code)) else { return Ok(None) };
        let optional = |column: &Option<String>| column.as_deref().map_or_else(Cow::default, get);
        let (own_sex, own_age, label) = (optional(sex), optional(age), get(period));
        collector.note(&own_sex, &own_age, &label);
        let asking = collector.query;
        if sex.is_some() && !self.is_sex(&own_sex, asking.sex) {
            return Ok(None);
        }
        if age.is_some() && !asking.age.is_empty() && asking.age != own_age {
            return Ok(None);
        }
        let period = self.period(&label, &asking).map_err(|problem| AnswerError::NoPeriod { at: at.clone(), problem })?;
        if self.by_length && !asking.takes(period) {
            return Ok(None);
        }
        if self.rows.period_format == PeriodFormat::IsoDate {
            let key = (format!("{area} {own_sex} {own_age}"), period);
            let first = self.days.entry(key).or_insert_with(|| label.to_string());
            if *first != label {
                let (first, second) = (first.clone(), label.into_owned());
                return Err(AnswerError::TwoDays { at, first, second, period });
            }
        }
        let count = |column: &Option<String>| match column {
            Some(column) => amounts::count(&get(column), &self.rows.missing, &at, column),
            None => Ok(Value::Missing),
        };
        let unit = &asking.measure.unit;
        let Amount { value, decimals, money } =
            amounts::amount(&get(value_column), Some(unit), &self.rows.missing, &at, value_column)?;
        let (given, numerator, denominator) = whole(value, count(numerator)?, count(denominator)?);
        let pair = |column: &Option<String>| (optional(column), column.clone().unwrap_or_default());
        let (lower, upper) = (pair(lower), pair(upper));
        let indicator = match indicator {
            Some(column) => get(column).into_owned(),
            // The heading of a column is no name that a reader knows; the measure has one.
            None => asking.indicator.to_owned(),
        };
        let observation = Observation {
            measure: asking.measure.id.clone(),
            area: area.clone(),
            period,
            sex: asking.sex,
            age: if age.is_some() { own_age.into_owned() } else { asking.age.to_owned() },
            category: None,
            value: given,
            decimals: decimals.filter(|_| row.as_text),
            numerator,
            denominator,
            limits: match given {
                Value::Suppressed => None,
                _ => limits(unit, (&lower.0, &lower.1), (&upper.0, &upper.1), &at)?,
            },
            limits_998: None,
            published_comparison: None,
            published_trend: None,
            note: optional(note).into_owned(),
            illustrative: false,
            provenance: collector.provenance(indicator, row.line, row.place.clone()),
        };
        Ok(Some(AnswerFigure { observation, money, page: 0 }))
    }

    fn is_sex(&self, own: &str, sex: Sex) -> bool {
        own_sex(self.rows, sex).eq_ignore_ascii_case(own)
    }
}

/// What the source calls a sex.
pub(in crate::collect::indicators) fn own_sex(rows: &Rows, sex: Sex) -> String {
    let name = sex.to_string();
    rows.sexes.iter().find(|(ours, _)| ours.eq_ignore_ascii_case(&name)).map_or(name, |(_, own)| own.clone())
}

/// The month, quarter or year of the measure that a day lies in.
fn of_day(label: &str, measure: &Measure) -> Result<Period, String> {
    let expected = || format!("{label:?} is not a day such as 2025-04-30");
    let day: Date = label.get(..10).unwrap_or(label).parse().map_err(|_| expected())?;
    let months = measure.cadence_months;
    Period::containing(day, months, measure.year).ok_or_else(|| format!("no period of {months} months can be told from a day"))
}

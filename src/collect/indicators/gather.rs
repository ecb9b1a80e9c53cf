//! Gathering the figures of an answer, measure by measure: repeats dropped, contradictions told.

use super::question::{Asking, Question};
use crate::area::AreaCode;
use crate::collect::marks::{self, Said};
use crate::collect::{Category, Observation, Provenance, Wanted};
use crate::framework::MeasureId;
use crate::period::Period;
use crate::value::{Limits, Sex, Value};
use std::collections::BTreeMap;

/// A figure of an answer before it is told where it came from.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    pub measure: MeasureId,
    pub area: AreaCode,
    pub period: Period,
    pub sex: Sex,
    pub age: String,
    pub category: Option<Category>,
    pub value: Value,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub limits: Option<Limits>,
    pub limits_998: Option<Limits>,
    pub published_comparison: Option<String>,
    pub published_trend: Option<String>,
    pub note: String,
    /// The indicator's name as the answer gives it.
    pub indicator: String,
    /// Line of the answer, the header being 1.
    pub line: u64,
}

impl Figure {
    pub fn into_observation(self, provenance: impl FnOnce(String, u64) -> Provenance) -> Observation {
        Observation {
            measure: self.measure,
            area: self.area,
            period: self.period,
            sex: self.sex,
            age: self.age,
            category: self.category,
            value: self.value,
            numerator: self.numerator,
            denominator: self.denominator,
            limits: self.limits,
            limits_998: self.limits_998,
            published_comparison: self.published_comparison,
            published_trend: self.published_trend,
            note: self.note,
            illustrative: false,
            provenance: provenance(self.indicator, self.line),
        }
    }
}

/// What an answer holds for one measure.
#[derive(Debug)]
pub(super) struct Reading {
    pub measure: MeasureId,
    /// At least one figure, in the order of the answer; or why there is none.
    pub figures: Result<Vec<Figure>, String>,
}

type Key = (AreaCode, Period, Sex, String, Option<Category>);

/// The figures of one measure as its rows go by.
#[derive(Debug)]
pub(super) struct Gathering<'a> {
    pub asking: Asking<'a>,
    /// The areas whose figures are kept.
    areas: Vec<&'a AreaCode>,
    figures: Vec<Figure>,
    at: BTreeMap<Key, usize>,
    fault: Option<String>,
}

impl<'a> Gathering<'a> {
    /// One for each measure of the question.
    pub fn of(question: &Question<'a>, wanted: &Wanted<'a>) -> Vec<Gathering<'a>> {
        let edition = &wanted.framework.edition;
        let areas = |asking: &Asking<'a>| {
            let mut areas: Vec<&AreaCode> = asking.measure.parts.iter().collect();
            areas.extend([&edition.system, &edition.comparator]);
            areas
        };
        let gathering = |asking: &Asking<'a>| Gathering {
            asking: *asking,
            areas: areas(asking),
            figures: Vec::new(),
            at: BTreeMap::new(),
            fault: None,
        };
        question.measures.iter().map(gathering).collect()
    }

    /// The area of that code, where it is one whose figures are kept.
    pub fn area(&self, code: &str) -> Option<&'a AreaCode> {
        self.areas.iter().find(|area| area.as_str() == code).copied()
    }

    /// The same figure repeated is dropped: an area comes once for each of its parents.
    pub fn add(&mut self, figure: Figure) {
        let key = (figure.area.clone(), figure.period, figure.sex, figure.age.clone(), figure.category.clone());
        let Some(first) = self.at.get(&key).map(|index| &self.figures[*index]) else {
            self.at.insert(key, self.figures.len());
            self.figures.push(figure);
            return;
        };
        if first.value != figure.value {
            let (area, period) = (&figure.area, figure.period);
            let problem = format!("lines {} and {} give {area} two different figures for {period}", first.line, figure.line);
            self.fail(problem);
        }
    }

    /// Marks the measure as unreadable; the first reason stands.
    pub fn fail(&mut self, reason: String) {
        self.fault.get_or_insert(reason);
    }

    /// `held` describes what the answer has instead, for the message where nothing was found.
    pub fn finish(self, held: impl FnOnce(&Asking<'_>) -> String) -> Reading {
        let figures = match self.fault {
            Some(fault) => Err(fault),
            None if self.figures.is_empty() => Err(held(&self.asking)),
            None => one_age_only(&self.asking, self.figures),
        };
        Reading { measure: self.asking.measure.id.clone(), figures }
    }
}

/// Where the framework names no age the answer must hold one only: otherwise nobody knows which figure is meant.
fn one_age_only(asking: &Asking<'_>, figures: Vec<Figure>) -> Result<Vec<Figure>, String> {
    let mut ages: Vec<&str> = figures.iter().map(|figure| figure.age.as_str()).collect();
    ages.sort_unstable();
    ages.dedup();
    if ages.len() > 1 {
        let ages = ages.join(", ");
        return Err(format!("holds several ages ({ages}); give {} one of them as its age in the framework", asking.measure.id));
    }
    Ok(figures)
}

/// Reads a cell where a number may stand.
///
/// # Errors
/// A text that is neither a number nor a mark, with the line and the column.
pub(super) fn value(text: &str, also_missing: &[String], line: u64, column: &str) -> Result<Value, String> {
    if also_missing.iter().any(|mark| mark.trim() == text.trim()) {
        return Ok(Value::Missing);
    }
    match marks::read(text) {
        Some(Said::Nothing) => Ok(Value::Missing),
        Some(Said::Mark(mark)) => Ok(mark),
        Some(Said::Number { value, percent: false, .. }) => Ok(Value::Number(value)),
        // Computers write 1e-05 where people do not.
        _ => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Number(number)),
            _ => Err(format!("line {line}: {:?} stands in {column:?} where a number was expected", clip(text))),
        },
    }
}

/// Both limits, or none.
///
/// # Errors
/// As [`value`], and limits the wrong way round.
pub(super) fn limits(lower: (&str, &str), upper: (&str, &str), line: u64) -> Result<Option<Limits>, String> {
    let read = |(text, column)| value(text, &[], line, column).map(Value::number);
    match (read(lower)?, read(upper)?) {
        (Some(lower), Some(upper)) if lower <= upper => Ok(Some(Limits { lower, upper })),
        (Some(lower), Some(upper)) => Err(format!("line {line}: the lower limit {lower} is above the upper limit {upper}")),
        _ => Ok(None),
    }
}

/// Enough of a foreign text to recognise it by.
pub(super) fn clip(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

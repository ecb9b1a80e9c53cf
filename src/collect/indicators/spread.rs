//! The figures of all areas of an answer for its latest period, kept as its rows go by.
//!
//! A source that is asked by kind of area answers with every such area. Only the latest period of each kind is held, a code
//! and a number an area, so that memory stays flat however long the answer is.

use crate::area::AreaCode;
use crate::collect::indicators::figure::{AnswerFigure, At, FoundDistribution};
use crate::collect::indicators::query::MeasureQuery;
use crate::period::Period;
use std::collections::BTreeMap;

/// There are far fewer authorities of a kind in a country; a kind with more is not theirs.
const MOST_AREAS: usize = 1_000;

/// More kinds of area than any answer to one question has.
const MOST_TYPES: usize = 50;

/// More labels of periods than any series has.
const MOST_LABELS: usize = 2_000;

/// What a row says that may be an area's figure.
pub(super) struct Row<'r> {
    /// What the source calls this kind of area.
    pub area_type: &'r [u8],
    pub area: &'r [u8],
    pub period: &'r [u8],
    /// The indicator's name.
    pub indicator: &'r [u8],
    pub line: u64,
    pub page: usize,
}

#[derive(Debug, Default)]
pub(super) struct Spread {
    types: BTreeMap<Vec<u8>, OfType>,
    /// The period of each label; none where the measure does not take it.
    periods: BTreeMap<Vec<u8>, Option<Period>>,
}

/// The areas of one kind in the latest period so far.
#[derive(Debug)]
struct OfType {
    period: Period,
    /// None where the area has no figure, or two that differ.
    values: BTreeMap<Vec<u8>, Option<f64>>,
    first: At,
}

impl Spread {
    /// Takes a row of the measure's indicator, sex and age, and of no breakdown. `value` is only asked for where the row is
    /// of the latest period.
    pub fn add(&mut self, asking: &MeasureQuery<'_>, row: &Row<'_>, value: impl FnOnce() -> Option<f64>) {
        let Some(period) = self.period(asking, row.period) else { return };
        let first = || At { line: row.line, page: row.page, indicator: String::from_utf8_lossy(row.indicator).into_owned() };
        let types = self.types.len();
        let of_type = match self.types.get_mut(row.area_type) {
            Some(of_type) => of_type,
            None if types == MOST_TYPES => return,
            None => {
                let new = OfType { period, values: BTreeMap::new(), first: first() };
                self.types.entry(row.area_type.to_vec()).or_insert(new)
            }
        };
        if period < of_type.period {
            return;
        }
        if period > of_type.period {
            *of_type = OfType { period, values: BTreeMap::new(), first: first() };
        }
        let (value, areas) = (value(), of_type.values.len());
        match of_type.values.get_mut(row.area) {
            // An area comes once for each of its parents. Of two figures nobody knows which is right.
            Some(before) if *before != value => *before = None,
            Some(_) => {}
            // One more than may be shows that there are too many.
            None if areas > MOST_AREAS => {}
            None => {
                of_type.values.insert(row.area.to_vec(), value);
            }
        }
    }

    fn period(&mut self, asking: &MeasureQuery<'_>, label: &[u8]) -> Option<Period> {
        if let Some(period) = self.periods.get(label) {
            return *period;
        }
        let read = asking.measure.period(&String::from_utf8_lossy(label)).ok();
        let period = read.filter(|period| asking.takes(*period) && !asking.sums);
        if self.periods.len() < MOST_LABELS {
            self.periods.insert(label.to_vec(), period);
        }
        period
    }

    /// The distribution of the kinds of area that the measure's parts are of; none where the answer holds the framework's
    /// own areas only. `figures` are the measure's own.
    pub fn finish(self, asking: &MeasureQuery<'_>, own: &[&AreaCode], figures: &[AnswerFigure]) -> Option<FoundDistribution> {
        let is_of_parts =
            |of_type: &OfType| asking.measure.parts.iter().any(|part| of_type.values.contains_key(part.as_str().as_bytes()));
        let mut types: Vec<(Vec<u8>, OfType)> = self.types.into_iter().filter(|(_, of_type)| is_of_parts(of_type)).collect();
        let period = types.iter().map(|(_, of_type)| of_type.period).max()?;
        types.retain(|(_, of_type)| of_type.period == period);
        if types.iter().any(|(_, of_type)| of_type.values.len() > MOST_AREAS) {
            return None;
        }
        let area_types = types.iter().map(|(name, _)| String::from_utf8_lossy(name).into_owned()).collect();
        let first = types.iter().map(|(_, of_type)| &of_type.first).min_by_key(|first| (first.page, first.line))?.clone();
        let (mut values, mut without_figure) = (BTreeMap::new(), 0);
        for (area, value) in types.into_iter().flat_map(|(_, of_type)| of_type.values) {
            let code = AreaCode::new(String::from_utf8_lossy(&area)).ok();
            match code.zip(value) {
                Some((code, value)) => drop(values.insert(code, value)),
                None => without_figure += 1,
            }
        }
        if values.keys().all(|area| own.contains(&area)) {
            return None;
        }
        let age = figures
            .iter()
            .find(|figure| figure.observation.period == period)
            .map_or(asking.age, |figure| &figure.observation.age)
            .to_owned();
        let (measure, sex) = (asking.measure.id.clone(), asking.sex);
        let values = values.into_iter().collect();
        Some(FoundDistribution { measure, period, sex, age, area_types, values, without_figure, first })
    }
}

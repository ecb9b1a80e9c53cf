//! Which series of a public indicator a measure is made from.

use super::{Measure, MeasureSource};
use crate::value::Sex;

/// A series as its source publishes it. Two measures of one are the same figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndicatorSeries<'a> {
    pub source: &'a str,
    pub indicator: &'a str,
    pub sex: Sex,
    pub age: &'a str,
    pub years: i32,
    /// It is made of figures of shorter periods.
    pub is_aggregate: bool,
}

impl MeasureSource {
    /// None where it is no public indicator.
    pub fn series(&self) -> Option<IndicatorSeries<'_>> {
        match self {
            MeasureSource::Indicator { source, indicator, sex, age, years, aggregate, .. } => {
                Some(IndicatorSeries { source, indicator, sex: *sex, age, years: *years, is_aggregate: aggregate.is_some() })
            }
            MeasureSource::Return { .. } | MeasureSource::Sum { .. } | MeasureSource::None => None,
        }
    }
}

impl Measure {
    /// Whether it is the indicator of `other` about people of that sex.
    pub fn is_of_sex(&self, wanted: Sex, other: &Measure) -> bool {
        let (own, others) = (self.source.series(), other.source.series());
        own.zip(others).is_some_and(|(own, others)| own == IndicatorSeries { sex: wanted, ..others })
    }
}

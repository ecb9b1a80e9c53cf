//! The parts of a whole, which begin and end: a whole is made of those that were its parts when a period ended.

use super::SeriesPoint;
use super::series::FigureSeries;
use crate::area::AreaCode;
use crate::period::{Period, lies_within};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The figures of one part of a whole, and between which days it is one.
#[derive(Debug, Clone, Default)]
pub(super) struct SeriesPart {
    pub area: Option<AreaCode>,
    pub series: FigureSeries,
    pub from: Option<Date>,
    pub until: Option<Date>,
}

impl SeriesPart {
    /// Whether it was a part when the period ended.
    pub(super) fn is_one_in(&self, period: Period) -> bool {
        lies_within(period.end(), self.from, self.until)
    }

    /// Whether it was a part when the period ended, of which was said that the figure does not apply to it.
    pub(super) fn is_left_out_in(&self, period: Period) -> bool {
        self.is_one_in(period) && self.series.is_left_out_in(period)
    }

    /// With its figure of one period only.
    pub(super) fn only(self, period: Period) -> Self {
        Self { series: self.series.only(period), ..self }
    }
}

/// The points of each period, of those that were parts when it ended.
pub(super) fn by_period<'a>(parts: impl Iterator<Item = &'a SeriesPart>) -> BTreeMap<Period, Vec<&'a SeriesPoint>> {
    let mut by_period: BTreeMap<Period, Vec<&SeriesPoint>> = BTreeMap::new();
    for part in parts {
        for entry in part.series.entries.iter().filter(|entry| part.is_one_in(entry.point.period)) {
            by_period.entry(entry.point.period).or_default().push(&entry.point);
        }
    }
    by_period
}

//! Figures that are known to be doubtful: they are ringed.

use super::{figures, sentences};
use crate::area::AreaCode;
use crate::evaluate::Assessment;
use crate::framework::Measure;
use crate::period::Period;

/// The doubtful periods of the series, each with its reason.
pub fn doubtful<'a>(measure: &'a Measure, of: &Assessment) -> Vec<(Period, &'a str)> {
    let is_here = |area: &Option<AreaCode>| area.as_ref().is_none_or(|area| *area == of.area);
    let is_shown = |period: &Period| of.series.iter().any(|point| point.period == *period && point.value.number().is_some());
    let named = measure.doubtful.iter().filter(|d| is_here(&d.area));
    named.filter_map(|d| Some((measure.period(&d.period).ok().filter(is_shown)?, d.reason.as_str()))).collect()
}

/// `Ringed: 2020/21. The reason.`
pub fn in_words((period, reason): &(Period, &str), how: &str) -> String {
    format!("{how}: {}. {}", figures::period(*period), sentences::sentence(reason))
}

//! Small charts for cells of tables.

use super::drawn::{IN_SERIES, spoken, with_missing};
use crate::evaluate::{Assessment, SeriesPoint};
use crate::framework::Measure;
use crate::report::alternatives;
use crate::report::content::figures;
use tagged_document::Sparkline;
use tagged_document::model::{Inline, Run};

/// The latest so many periods: more are a smear in a cell.
const MOST: usize = 24;

/// None for fewer than three figures.
pub fn spark(measure: &Measure, head: &Assessment) -> Option<Run> {
    // A survey of every second year has no figure between: that is no gap.
    let all: Vec<Option<&SeriesPoint>> = with_missing(measure, &head.series).into_iter().map(|(_, point)| point).collect();
    let recent = &all[all.len().saturating_sub(MOST)..];
    let number = |point: &SeriesPoint| point.value.number().filter(|x| x.is_finite());
    let values: Vec<Option<f64>> = recent.iter().map(|point| point.and_then(number)).collect();
    let mut given = recent.iter().copied().flatten().filter(|point| number(point).is_some());
    let first = given.next()?;
    let last = given.next_back()?;
    given.next()?;
    let said = |point: &SeriesPoint| {
        let value = number(point).map_or_else(|| figures::value(measure, point.value), |value| spoken(measure, value));
        format!("{value} in {}", figures::period(point.period))
    };
    let finding = |_: usize| format!("{}, {}.", said(first), said(last));
    let alternative = alternatives::of_chart("", &finding, &[], IN_SERIES);
    let target = head.target.as_ref().and_then(|goal| goal.value).filter(|x| x.is_finite());
    Some(Run { inline: Inline::Spark { chart: Sparkline { values, target }, alternative }, ..Run::default() })
}

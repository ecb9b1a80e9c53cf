//! The chart of a measure that says most.

use super::subject::ChartSubject;
use super::{by_area, control, over_time};
use crate::evaluate::{Assessment, Flag};
use tagged_document::model::Figure;

/// Areas beyond this are drawn one below the other rather than as lines that cross.
const MOST_LINES: usize = 4;

/// A chart of more areas than this would not fit a page; the table has them all.
const MOST_AREAS: usize = 30;

/// The chart that says most: a control chart for monthly or quarterly figures; lines over time for the system or for
/// a few areas; otherwise the areas beside each other. None for fewer than two figures.
pub fn chart(of: &ChartSubject<'_>) -> Option<Figure> {
    let charted = |a: &&Assessment| a.series.iter().filter(|p| p.value.number().is_some()).count() >= 2;
    let by_area = of.head.flags.contains(&Flag::ByArea) || of.head.latest.is_none();
    let over_time: Vec<&Assessment> = of.areas.iter().filter(charted).collect();
    if by_area && !over_time.is_empty() && over_time.len() == of.areas.len() && of.areas.len() <= MOST_LINES {
        return Some(over_time::figure(of, &over_time));
    }
    let judged = of.areas.iter().filter(|a| a.latest.as_ref().is_some_and(|p| p.value.number().is_some())).count();
    if by_area && judged >= 2 && of.areas.len() <= MOST_AREAS {
        return Some(by_area::figure(of));
    }
    if let Some(figure) = control::figure(of) {
        return Some(figure);
    }
    Some(of.head).filter(charted).map(|head| over_time::figure(of, &[head]))
}

//! The period of a figure that a partner gives: over, and as long as the measure's figures are.

use crate::framework::{Framework, Measure};
use crate::period::{Period, PeriodStep};
use crate::return_template;

/// Why a figure cannot be for the period, and what to do. `quarter` is that of the pack.
pub(in crate::collect) fn period_to_come(
    framework: &Framework,
    measure: &Measure,
    period: Period,
    quarter: Period,
) -> Option<(String, &'static str)> {
    // A projection runs ahead; a figure cannot.
    if period.end() <= quarter.end() || framework.is_scenario(&measure.id) {
        return None;
    }
    let (last, quarter) = (quarter.end(), quarter.slug());
    let problem = format!("{period} ends on {}, after the quarter of the pack ({quarter}, to {last})", period.end());
    Some((problem, "correct the period; a figure for part of a year is given by quarter or as a range, 2026/27 Q1-Q2"))
}

/// What is odd about the length of the period: of figures of two lengths, those of the measure's own make its series.
pub(in crate::collect) fn odd_length(measure: &Measure, period: Period, quarter: Period) -> Option<String> {
    let like = return_template::period_like(measure)?;
    let is_alike = period.months() == like.months()
        && (period.step() != PeriodStep::Year || like.step() != PeriodStep::Year || period.year_kind() == like.year_kind());
    if is_alike {
        return None;
    }
    let found = match period.months() {
        1 => "1 month".to_owned(),
        months if months == like.months() => "a year of another kind".to_owned(),
        months => format!("{months} months"),
    };
    let latest = Period::containing(quarter.end(), like.months(), measure.year).unwrap_or(like);
    let example = if latest.end() > quarter.end() { latest.previous() } else { latest };
    Some(format!("{period} is {found}, and a figure is asked for a period such as {example}"))
}

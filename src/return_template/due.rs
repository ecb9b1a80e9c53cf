//! Which periods of a measure are asked for in the return of a quarter.

use crate::framework::{Measure, MeasureSource};
use crate::period::{Period, YearKind};
use jiff::ToSpan;
use jiff::civil::Date;

/// A return is filled in within this many months of the end of its quarter: what comes out later is asked for next time.
const MONTHS_TO_RETURN: i32 = 1;

/// Where the run of periods starts whose first is not stated.
const FIRST_YEAR: i32 = 2000;

/// No projection is asked for further ahead than this.
const MOST_YEARS_AHEAD: i32 = 10;

/// The periods of `measure` that are asked for in the return of `quarter`, earliest first: the latest whose figure is out
/// by then, and of a measure that comes more often than quarterly as many as a quarter holds.
///
/// A projection is asked for from that period on as far as `projected_to`.
pub fn periods_due(measure: &Measure, quarter: Period, projected_to: Option<Date>) -> Vec<Period> {
    let Some(first) = period_like(measure) else { return Vec::new() };
    let last = quarter.last_month();
    let is_out = |period: &Period| {
        let end = period.last_month();
        end <= last && end.saturating_add(measure.publication_lag_months) <= last + MONTHS_TO_RETURN
    };
    let mut due: Vec<Period> = Vec::new();
    let mut period = first;
    while is_out(&period) {
        due.push(period);
        period = following(period, measure.cadence_months);
    }
    let in_a_quarter = usize::try_from(3 / measure.cadence_months.max(1)).unwrap_or(1).max(1);
    due.drain(..due.len().saturating_sub(in_a_quarter));
    let horizon = projected_to.map(|day| day.min(months_after(quarter.end(), 12 * MOST_YEARS_AHEAD)));
    while horizon.is_some_and(|horizon| period.end() <= horizon) {
        due.push(period);
        period = following(period, measure.cadence_months);
    }
    due
}

/// The same day so many months on, the month's last for its last.
fn months_after(end: Date, months: i32) -> Date {
    let next_day = |date: Date| date.tomorrow().unwrap_or(Date::MAX);
    next_day(end).saturating_add(months.months()).yesterday().unwrap_or(Date::MIN)
}

fn following(period: Period, cadence_months: i32) -> Period {
    let steps = (cadence_months / period.step().months()).max(1);
    (0..steps).fold(period, |period, _| period.next_step())
}

/// A period as the measure is counted in them: as stated, or as long as the cadence says.
pub fn period_like(measure: &Measure) -> Option<Period> {
    if let MeasureSource::Return { first: Some(first), .. } = &measure.source {
        return measure.period(first).ok();
    }
    let months = measure.cadence_months;
    if months >= 12 {
        return Some(Period::year(measure.year, FIRST_YEAR));
    }
    let (year, first_month) = match measure.year {
        YearKind::Calendar => ("2000", 1),
        YearKind::Financial => ("2000/01", 4),
        YearKind::Academic => ("2000/01", 9),
    };
    let label = match (months % 3, months / 3) {
        (0, 1) => format!("{year} Q1"),
        (0, quarters) => format!("{year} Q1-Q{quarters}"),
        _ => return measure.period(&format!("{first_month:02}/{FIRST_YEAR}")).ok(),
    };
    measure.period(&label).ok()
}

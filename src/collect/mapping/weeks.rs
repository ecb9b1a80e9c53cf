//! Weekly figures added up to months, quarters or years, by the day on which a week ends.

use super::explanation::{Figure, Left, TableFound};
use super::grammar::Span;
use super::periods;
use crate::area::AreaCode;
use crate::collect::Finding;
use crate::fault::Fault;
use crate::figure::FigureKey;
use crate::framework::{Framework, MeasureId};
use crate::period::Period;
use crate::value::Value;
use jiff::civil::Date;
use jiff::{Span as Days, ToSpan};
use std::collections::BTreeMap;
use workbook_reader::cell_name;

/// The figure of one week.
#[derive(Debug, Clone)]
pub(super) struct Week {
    pub measure: MeasureId,
    pub area: AreaCode,
    pub ended: Date,
    pub value: Value,
    /// Of its cell, counted from 0.
    pub row: u32,
    pub column: u32,
}

/// Adds weeks up to whole periods: one of which a week is lacking gives no figure. A period holds the weeks that end in it.
pub(super) fn add_up(
    weeks: Vec<Week>,
    span: Span,
    framework: &Framework,
    place: &str,
    found: &mut TableFound,
    faults: &mut Vec<Finding>,
) {
    let mut sums: BTreeMap<FigureKey, BTreeMap<Date, Week>> = BTreeMap::new();
    for week in weeks {
        let Some(measure) = framework.measure(&week.measure) else { continue };
        let Some(period) = periods::holding(week.ended, span, measure.year) else { continue };
        let sum = sums.entry(FigureKey::new(week.measure.clone(), week.area.clone(), period, None)).or_default();
        if let Some(first) = sum.get(&week.ended).filter(|first| first.value != week.value) {
            let problem = format!("the week ended {} was given before, differently, in cell {}", week.ended, name(first));
            faults.push(Fault::new(format!("{place}, cell {}", name(&week)), problem, "keep the right one").into());
        }
        sum.entry(week.ended).or_insert(week);
    }
    for (FigureKey { measure, area, period, .. }, weeks) in sums {
        let (Some((first_day, first)), Some((last_day, last))) = (weeks.first_key_value(), weeks.last_key_value()) else {
            continue;
        };
        let cell = if name(first) == name(last) { name(first) } else { format!("{}:{}", name(first), name(last)) };
        let expected = week_ends(*first_day, period);
        let have = weeks.keys().filter(|day| expected.contains(day)).count();
        if have != expected.len() || weeks.len() != expected.len() {
            let given = format!("{measure}, {period}: {have} of {}", expected.len());
            found.skip(&cell, &Left { why: "not all weeks that end in the period are given", found: given });
            continue;
        }
        let numbers: Option<Vec<f64>> = weeks.values().map(|week| week.value.number()).collect();
        let has = |mark| weeks.values().any(|week| week.value == mark);
        let value = match numbers {
            Some(numbers) => Value::Number(numbers.iter().sum()),
            None if has(Value::Suppressed) => Value::Suppressed,
            None if has(Value::Missing) => Value::Missing,
            None => Value::NotApplicable,
        };
        found.figures.push(Figure {
            measure,
            area,
            period,
            value,
            numerator: None,
            denominator: None,
            limits: None,
            rounding: 0.0,
            note: format!("The sum of {} weeks, ended {first_day} to {last_day}.", weeks.len()),
            sheet: found.sheet.clone(),
            cell,
            found: format!("{} weekly figures", weeks.len()),
        });
    }
}

fn name(week: &Week) -> String {
    cell_name(week.row, week.column)
}

/// The days of `period` on which weeks end, where one ends on `day`.
fn week_ends(day: Date, period: Period) -> Vec<Date> {
    let week: Days = 7.days();
    let mut first = day;
    while let Some(earlier) = first.checked_sub(week).ok().filter(|earlier| *earlier >= period.start()) {
        first = earlier;
    }
    std::iter::successors(Some(first), |day| day.checked_add(week).ok()).take_while(|day| *day <= period.end()).collect()
}

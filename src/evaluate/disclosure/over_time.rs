//! Periods that share days: each is the sum of the spans of days between the first and last days of all of them, so that three
//! pooled years less three others are what one year has more than another.

use super::count::Truth;
use super::same::SameCounts;
use super::table::{Sum, Table};
use crate::figure::{Category, FigureKey};
use crate::framework::MeasureId;
use crate::period::Period;
use jiff::civil::Date;
use microlp::{ComparisonOp, OptimizationDirection, Problem};
use std::collections::{BTreeMap, BTreeSet};

/// Periods that hang together by days that they share, each in one group.
pub(super) fn groups(periods: impl Iterator<Item = Period>) -> Vec<Vec<Period>> {
    let mut sorted: Vec<Period> = periods.collect();
    sorted.sort_by_key(|period| (period.start(), period.end()));
    let mut groups: Vec<(Date, Vec<Period>)> = Vec::new();
    for period in sorted {
        match groups.last_mut() {
            Some((end, group)) if period.start() <= *end => {
                *end = period.end().max(*end);
                group.push(period);
            }
            _ => groups.push((period.end(), vec![period])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The spans of days that periods cut each other into, with the days that are in none left out: their first days, and which of
/// the spans each period has.
struct Spans {
    starts: Vec<Date>,
    of: Vec<Vec<usize>>,
}

impl Spans {
    fn of(periods: &[Period]) -> Self {
        let next = |day: Date| day.tomorrow().unwrap_or(day);
        let cuts: BTreeSet<Date> = periods.iter().flat_map(|period| [period.start(), next(period.end())]).collect();
        let starts: Vec<Date> = cuts.into_iter().collect();
        let within = |period: &Period| -> Vec<usize> {
            let is_within = |start: &Date| period.start() <= *start && *start <= period.end();
            (0..starts.len()).filter(|at| is_within(&starts[*at])).collect()
        };
        let of = periods.iter().map(within).collect();
        Spans { starts, of }
    }
}

/// The sums that tie the figures of one area and group over periods, those of measures of one count together, which are added to
/// the table with their unknowns. Figures that are no numbers of events, such as how many there were on a day, do not add up so,
/// and are left as they are.
pub(super) fn tie(table: &mut Table, same: &SameCounts<'_>, add: impl Fn(&mut Table, FigureKey) -> usize) {
    let mut families: BTreeMap<FigureKey, Vec<usize>> = BTreeMap::new();
    for (at, cell) in table.cells.iter().enumerate() {
        if cell.truth != Truth::Absent || cell.before.is_some() {
            // Whatever the period, they are of one family.
            let measure = same.first(&cell.key.measure).clone();
            let family = FigureKey { measure, period: table.cells[0].key.period, ..cell.key.clone() };
            families.entry(family).or_default().push(at);
        }
    }
    for figures in families.into_values() {
        let mut by_measure: BTreeMap<MeasureId, Vec<usize>> = BTreeMap::new();
        for at in &figures {
            by_measure.entry(table.cells[*at].key.measure.clone()).or_default().push(*at);
        }
        if !tie_family(table, &figures, &add) && by_measure.len() > 1 {
            by_measure.into_values().for_each(|figures| _ = tie_family(table, &figures, &add));
        }
    }
}

/// False where the figures do not add up, so that nothing was tied.
fn tie_family(table: &mut Table, figures: &[usize], add: &impl Fn(&mut Table, FigureKey) -> usize) -> bool {
    let periods: Vec<Period> = figures.iter().map(|at| table.cells[*at].key.period).collect();
    let spans = Spans::of(&periods);
    let shares_days = spans.of.iter().flatten().count() > spans.of.iter().flatten().collect::<BTreeSet<_>>().len();
    let windows: Vec<(Option<f64>, &Vec<usize>)> =
        figures.iter().zip(&spans.of).map(|(at, spans)| (table.cells[*at].known(), spans)).collect();
    if !shares_days || !adds_up(spans.starts.len(), &windows) {
        return false;
    }
    let family = FigureKey { period: table.cells[0].key.period, ..table.cells[figures[0]].key.clone() };
    let mut unknown: BTreeMap<usize, usize> = BTreeMap::new();
    for (whole, spans_of) in figures.iter().zip(&spans.of) {
        let parts: Vec<usize> = spans_of
            .iter()
            .map(|span| {
                *unknown.entry(*span).or_insert_with(|| {
                    let (scheme, group) = family.category.as_ref().map_or(("", ""), |of| (&of.scheme, &of.group));
                    let (scheme, group) = (format!("{scheme} from"), format!("{group} {}", spans.starts[*span]));
                    add(table, FigureKey { category: Some(Category { scheme, group }), ..family.clone() })
                })
            })
            .collect();
        table.sums.push(Sum { whole: *whole, parts, rest: false, off: 0.0 });
    }
    true
}

/// Whether there are counts of the spans, none of them below zero, that make the figures.
fn adds_up(spans: usize, windows: &[(Option<f64>, &Vec<usize>)]) -> bool {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let of_span: Vec<_> = (0..spans).map(|_| problem.add_var(0.0, (0.0, f64::INFINITY))).collect();
    for (count, spans) in windows {
        if let Some(count) = count {
            problem.add_constraint(spans.iter().map(|span| (of_span[*span], 1.0)), ComparisonOp::Eq, *count);
        }
    }
    problem.solve().is_ok_and(|outcome| outcome.into_solution().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::YearKind;

    fn years(first: i32, count: i32) -> Period {
        Period::parse(&format!("{first} - {:02}", (first + count - 1) % 100), YearKind::Calendar).unwrap()
    }

    #[test]
    fn periods_that_share_days_hang_together() {
        let quarter = |q| Period::financial_quarter(2026, q);
        assert_eq!(groups([quarter(2), quarter(1)].into_iter()), [vec![quarter(1)], vec![quarter(2)]]);
        let pooled = [years(2021, 3), years(2022, 3), years(2015, 3)];
        assert_eq!(groups(pooled.into_iter()), [vec![pooled[2]], vec![pooled[0], pooled[1]]]);
    }

    #[test]
    fn pooled_years_cut_each_other_into_spans() {
        let spans = Spans::of(&[years(2021, 3), years(2022, 3)]);
        assert_eq!(spans.of, [vec![0, 1], vec![1, 2]]);
        let [first, both, last] = [[0], [1], [2]].map(|of| of.to_vec());
        assert!(adds_up(4, &[(Some(5.0), &spans.of[0]), (Some(2.0), &first), (Some(3.0), &both), (Some(9.0), &last)]));
        assert!(!adds_up(4, &[(Some(5.0), &spans.of[0]), (Some(6.0), &both)]), "more in one year than in both");
    }
}

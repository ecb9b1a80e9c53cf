//! Periods that share days: each is the sum of the spans of days between the first and last days of all of them, so that three
//! pooled years less three others are what one year has more than another. So they were in earlier packs, of which some spans were
//! revised since.

use super::before_revisions::Past;
use super::count::Truth;
use super::same::SameCounts;
use super::table::{Cell, Sum, Table};
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

/// The figures of one area and group, and the spans of days that they are made of.
pub(super) struct Family {
    /// Each with the places of its spans in `unknown`.
    windows: Vec<(usize, Vec<usize>)>,
    /// The cells of the spans.
    unknown: Vec<usize>,
    /// What is known of them, and of what they were in earlier packs.
    rows: Rows,
}

/// Sums of unknown counts, none of them below zero, each with the least and the greatest that it is.
#[derive(Debug)]
struct Rows {
    unknown: usize,
    sums: Vec<Row>,
}

type Row = (Vec<usize>, (f64, f64));

/// The sums that tie the figures of one area and group over periods, those of measures of one count together, which are added to
/// the table with their unknowns. Figures that are no numbers of events, such as how many there were on a day, do not add up so,
/// and are left as they are.
pub(super) fn tie(
    table: &mut Table,
    same: &SameCounts<'_>,
    is_revised_since: impl Fn(&Cell, &Cell) -> bool,
    add: impl Fn(&mut Table, FigureKey) -> usize,
) -> Vec<Family> {
    let tie_family = |table: &mut Table, figures: &[usize]| tie_family(table, figures, &is_revised_since, &add);
    let mut families: BTreeMap<FigureKey, Vec<usize>> = BTreeMap::new();
    for (at, cell) in table.cells.iter().enumerate() {
        if cell.truth != Truth::Absent || cell.before.is_some() || cell.is_awaited {
            // Whatever the period, they are of one family.
            let measure = same.first(&cell.key.measure).clone();
            let family = FigureKey { measure, period: table.cells[0].key.period, ..cell.key.clone() };
            families.entry(family).or_default().push(at);
        }
    }
    let mut tied = Vec::new();
    for figures in families.into_values() {
        let mut by_measure: BTreeMap<MeasureId, Vec<usize>> = BTreeMap::new();
        for at in &figures {
            by_measure.entry(table.cells[*at].key.measure.clone()).or_default().push(*at);
        }
        match tie_family(table, &figures) {
            None if by_measure.len() > 1 => {
                tied.extend(by_measure.into_values().filter_map(|figures| tie_family(table, &figures)));
            }
            family => tied.extend(family),
        }
    }
    tied
}

/// None where the figures do not add up, so that nothing was tied.
fn tie_family(
    table: &mut Table,
    figures: &[usize],
    is_revised_since: &impl Fn(&Cell, &Cell) -> bool,
    add: &impl Fn(&mut Table, FigureKey) -> usize,
) -> Option<Family> {
    let periods: Vec<Period> = figures.iter().map(|at| table.cells[*at].key.period).collect();
    let spans = Spans::of(&periods);
    let used: BTreeSet<usize> = spans.of.iter().flatten().copied().collect();
    if spans.of.iter().flatten().count() == used.len() {
        return None;
    }
    let places: BTreeMap<usize, usize> = used.iter().enumerate().map(|(place, span)| (*span, place)).collect();
    let of_window = |of: &Vec<usize>| of.iter().filter_map(|span| places.get(span).copied()).collect::<Vec<usize>>();
    let windows: Vec<(usize, Vec<usize>)> = figures.iter().copied().zip(spans.of.iter().map(of_window)).collect();
    // What there is no more, and shares days with what was revised since, may be another now.
    let is_shared = |of: &[usize], other: &[usize]| of.iter().any(|span| other.contains(span));
    for (at, of) in &windows {
        let is_revised = |(other, spans): &(usize, Vec<usize>)| {
            is_shared(of, spans) && is_revised_since(&table.cells[*at], &table.cells[*other])
        };
        if table.cells[*at].is_remembered() && windows.iter().any(is_revised) {
            table.cells[*at].forget();
        }
    }
    let rows_of = |cells: &[Cell], is_in: &dyn Fn(&Cell) -> bool| {
        let kept = windows.iter().filter(|(at, _)| is_in(&cells[*at]));
        Rows { unknown: used.len(), sums: kept.map(|(at, of)| (of.clone(), cells[*at].between())).collect() }
    };
    let mut rows = rows_of(&table.cells, &|_| true);
    if rows.solved(&[]).is_none() {
        rows = rows_of(&table.cells, &Cell::is_given);
        rows.solved(&[])?;
        // What there is no more, and does not fit what is given now, was revised since.
        for at in windows.iter().map(|(at, _)| *at) {
            if !table.cells[at].is_given() {
                table.cells[at].forget();
            }
        }
    }
    let family = FigureKey { period: table.cells[0].key.period, ..table.cells[figures[0]].key.clone() };
    let (scheme, group) = family.category.as_ref().map_or(("", ""), |of| (&of.scheme, &of.group));
    let of_span = |span: &usize| Category { scheme: format!("{scheme} from"), group: format!("{group} {}", spans.starts[*span]) };
    let keys = used.iter().map(|span| FigureKey { category: Some(of_span(span)), ..family.clone() });
    let unknown: Vec<usize> = keys.map(|key| add(table, key)).collect();
    for (whole, of) in &windows {
        table.sums.push(Sum { whole: *whole, parts: of.iter().map(|of| unknown[*of]).collect(), rest: false, off: 0.0, pack: 0 });
    }
    Some(Family { windows, unknown, rows })
}

impl Family {
    /// The sums of the figures that earlier packs showed, of which some were revised since. It is taken of each span in turn that it
    /// alone was another, or else of each two; where none explain it, that as few events as can be came or went.
    pub fn before_revisions(mut self, past: &mut Past<'_>) -> Vec<Sum> {
        let mut sums = Vec::new();
        for pack in past.packs_of(self.windows.iter().map(|(at, _)| *at)) {
            if !self.windows.iter().any(|(at, _)| past.is_otherwise(*at, pack)) {
                continue;
            }
            let count = self.unknown.len();
            let single = (0..count).map(|span| BTreeSet::from([span]));
            let mut found: Vec<Sum> = single.flat_map(|others| self.with_others(past, pack, &others)).collect();
            if found.is_empty() {
                let pairs = (0..count).flat_map(|one| (one + 1..count).map(move |other| BTreeSet::from([one, other])));
                found = pairs.flat_map(|others| self.with_others(past, pack, &others)).collect();
            }
            if found.is_empty() {
                let spans = [true, false].into_iter().find_map(|are_hidden| self.nearest(past, pack, are_hidden));
                found = spans.map(|spans| self.with_others(past, pack, &spans)).unwrap_or_default();
            }
            sums.extend(found);
        }
        sums
    }

    /// What readers knew of the figures from a pack, each by its place.
    fn known_then(&self, past: &Past<'_>, pack: usize, are_hidden: bool) -> Vec<(usize, (f64, f64))> {
        let hidden = |at: usize| Some((1.0, f64::INFINITY)).filter(|_| are_hidden && past.was_hidden(at, pack));
        let known = self.windows.iter().enumerate();
        known.filter_map(|(place, (at, _))| Some((place, past.was(*at, pack).or_else(|| hidden(*at))?))).collect()
    }

    /// The sums as they were in a pack where these spans were others and the rest was as it is now; none where that cannot be.
    fn with_others(&mut self, past: &mut Past<'_>, pack: usize, others: &BTreeSet<usize>) -> Vec<Sum> {
        let has_other = |of: &[usize]| of.iter().any(|of| others.contains(of));
        if self.windows.iter().any(|(at, of)| past.was_another(*at, pack).is_some_and(|was| was != has_other(of))) {
            return Vec::new();
        }
        let then: BTreeMap<usize, usize> = others.iter().enumerate().map(|(i, of)| (*of, self.rows.unknown + i)).collect();
        let row = |(place, range): &(usize, (f64, f64))| -> Row {
            (self.windows[*place].1.iter().map(|of| then.get(of).copied().unwrap_or(*of)).collect(), *range)
        };
        // What was hidden was not zero, where that can be.
        let ways = [true, false].map(|are_hidden| self.known_then(past, pack, are_hidden));
        let ways = ways.map(|known| (known.iter().map(row).collect::<Vec<Row>>(), known));
        let found = ways.into_iter().find_map(|(rows, known)| self.rows.take(others.len(), rows).then_some(known));
        let Some(known) = found else { return Vec::new() };
        let mut sums = Vec::new();
        for (place, _) in known {
            let (at, of) = &self.windows[place];
            let is_other = has_other(of);
            let whole = match past.had(*at, pack) {
                true => past.then(*at, pack, is_other),
                false if is_other => past.unknown(*at, pack, 1.0),
                false => *at,
            };
            // It is there as it is now.
            if whole == *at && !is_other {
                continue;
            }
            let part = |of: &usize| match others.contains(of) {
                true => past.unknown(self.unknown[*of], pack, 0.0),
                false => self.unknown[*of],
            };
            sums.push(Sum { whole, parts: of.iter().map(part).collect(), rest: false, off: 0.0, pack });
        }
        sums
    }

    /// The spans that were others where these differ by as few events as can be.
    fn nearest(&self, past: &Past<'_>, pack: usize, are_hidden: bool) -> Option<BTreeSet<usize>> {
        let (spans, before) = (self.unknown.len(), self.rows.unknown);
        let known = self.known_then(past, pack, are_hidden);
        let then = |(place, range): (usize, (f64, f64))| {
            (self.windows[place].1.iter().map(|of| before + of).collect::<Vec<usize>>(), range)
        };
        let sums = self.rows.sums.iter().cloned().chain(known.into_iter().map(then)).collect();
        let pairs: Vec<(usize, usize)> = (0..spans).map(|of| (of, before + of)).collect();
        let found = Rows { unknown: before + spans, sums }.solved(&pairs)?;
        Some((0..spans).filter(|of| (found[*of] - found[before + of]).abs() > 1e-6).collect())
    }
}

impl Rows {
    /// Adds sums of these and of so many more unknowns; false where they cannot hold with those that are there.
    fn take(&mut self, unknown: usize, more: Vec<Row>) -> bool {
        let (unknown_before, sums_before) = (self.unknown, self.sums.len());
        self.unknown += unknown;
        self.sums.extend(more);
        let hold = self.solved(&[]).is_some();
        if !hold {
            self.unknown = unknown_before;
            self.sums.truncate(sums_before);
        }
        hold
    }

    /// Counts with which the sums hold, if there are any; of each pair the two differ by as little as can be.
    fn solved(&self, pairs: &[(usize, usize)]) -> Option<Vec<f64>> {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let counts: Vec<_> = (0..self.unknown).map(|_| problem.add_var(0.0, (0.0, f64::INFINITY))).collect();
        for (one, other) in pairs {
            let [up, down] = [(); 2].map(|()| problem.add_var(1.0, (0.0, f64::INFINITY)));
            let terms = [(counts[*one], 1.0), (counts[*other], -1.0), (up, 1.0), (down, -1.0)];
            problem.add_constraint(terms, ComparisonOp::Eq, 0.0);
        }
        for (of, (least, most)) in &self.sums {
            let terms = || of.iter().map(|of| (counts[*of], 1.0));
            if least == most {
                problem.add_constraint(terms(), ComparisonOp::Eq, *least);
                continue;
            }
            problem.add_constraint(terms(), ComparisonOp::Ge, *least);
            if most.is_finite() {
                problem.add_constraint(terms(), ComparisonOp::Le, *most);
            }
        }
        let solution = problem.solve().ok()?.into_solution().ok()?;
        Some(counts.into_iter().map(|count| solution.var_value(count)).collect())
    }
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
        let adds_up = |counts: &[(f64, &Vec<usize>)]| {
            let sums = counts.iter().map(|(count, of)| ((*of).clone(), (*count, *count))).collect();
            Rows { unknown: 3, sums }.solved(&[]).is_some()
        };
        assert!(adds_up(&[(5.0, &spans.of[0]), (2.0, &first), (3.0, &both), (9.0, &last)]));
        assert!(!adds_up(&[(5.0, &spans.of[0]), (6.0, &both)]), "more in one year than in both");
    }
}

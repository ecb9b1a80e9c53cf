//! What can be worked out of a table as it is published: for a hidden count and a value, whether the value is possible. By a
//! linear programme over the sums, confirmed in whole numbers.

use super::count::Truth;
use super::table::{Sum, Table};
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use std::collections::{BTreeMap, BTreeSet};

/// Linear programmes for one question at most; a question that takes more is answered with no, so that more is hidden.
const MOST_PROGRAMMES: u32 = 64;

/// How far from a whole number the solver leaves one.
const NOTHING: f64 = 1e-6;

/// What is hidden of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hidden {
    pub cells: Vec<bool>,
    /// Those that may be zero for all that a reader knows, because zeros are hidden with them.
    pub or_zero: Vec<bool>,
}

impl Hidden {
    pub fn nothing(table: &Table) -> Self {
        Self { cells: vec![false; table.cells.len()], or_zero: vec![false; table.cells.len()] }
    }

    /// The least and the greatest count that a cell can have by itself, for all that a reader knows.
    pub fn range(&self, table: &Table, at: usize) -> (f64, f64) {
        let cell = &table.cells[at];
        match (cell.truth, cell.before) {
            (Truth::Count(count), _) if !self.cells[at] => cell.rule.map_or((count, count), |rule| rule.range(count)),
            (_, Some(before)) => before,
            _ => (if self.or_zero[at] { 0.0 } else { cell.least }, f64::INFINITY),
        }
    }

    pub fn is_known(&self, table: &Table, at: usize) -> bool {
        let (lower, upper) = self.range(table, at);
        lower == upper
    }
}

/// One way in which the unknown counts can be filled in: some cells and their counts.
pub(super) type Way = BTreeMap<usize, f64>;

/// Unknown counts that hang together, and the sums that tie them.
#[derive(Debug, Clone)]
pub(super) struct Component {
    /// The cells, each with its own range.
    pub unknown: Vec<(usize, (f64, f64))>,
    /// By place in `unknown`.
    rows: Vec<SumConstraint>,
    /// All counts are whole numbers.
    is_whole: bool,
}

/// The parts less the whole, and what is known of them: nothing is left, or nothing or less where the whole has a rest.
#[derive(Debug, Clone)]
struct SumConstraint {
    terms: Vec<(usize, f64)>,
    known: f64,
    rest: bool,
}

/// What more must be hidden so that a cell can have a count.
#[derive(Debug)]
pub(super) struct More {
    pub cells: Vec<usize>,
    /// The way in which it then can, where it is in whole numbers.
    pub way: Option<Way>,
}

/// The cheapest figures to hide beside what is hidden, so that the cell can have that count. `cost` is what it costs to let a
/// figure differ by one from what it is; none where it must stay as it is shown. None where that cannot be had.
pub(super) fn cheapest(
    table: &Table,
    hidden: &Hidden,
    (cell, count): (usize, f64),
    cost: impl Fn(usize) -> Option<f64>,
) -> Option<More> {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let mut terms: BTreeMap<usize, Vec<(Variable, f64)>> = BTreeMap::new();
    for at in around(table, cell, |at| !hidden.is_known(table, at) || cost(at).is_some()) {
        let (lower, upper) = hidden.range(table, at);
        let range = if at == cell { (count, count) } else { (lower, upper) };
        let mut of_cell = vec![(problem.add_var(0.0, range), 1.0)];
        if let Some(cost) = cost(at).filter(|_| at != cell) {
            of_cell.push((problem.add_var(cost, (0.0, f64::INFINITY)), 1.0));
            // What is hidden is not zero.
            of_cell.push((problem.add_var(cost, (0.0, (lower - 1.0).max(0.0))), -1.0));
        }
        terms.insert(at, of_cell);
    }
    let mut is_whole = true;
    for sum in table.sums.iter().filter(|sum| members(sum).any(|(at, _)| terms.contains_key(&at))) {
        let mut row = Vec::new();
        let mut known = sum.off;
        for (at, sign) in members(sum) {
            match terms.get(&at) {
                Some(of_cell) => row.extend(of_cell.iter().map(|(variable, factor)| (*variable, sign * factor))),
                None => known += sign * hidden.range(table, at).0,
            }
        }
        is_whole &= known.fract() == 0.0;
        problem.add_constraint(row, operation(sum.rest), -known);
    }
    let solution = problem.solve().ok()?.into_solution().ok()?;
    let value = |(variable, factor): &(Variable, f64)| factor * solution.var_value(*variable);
    let differs = |of_cell: &[(Variable, f64)]| of_cell.iter().skip(1).any(|term| value(term).abs() > NOTHING);
    let cells = terms.iter().filter(|(_, of_cell)| differs(of_cell)).map(|(at, _)| *at).collect();
    let way: Way = terms.iter().map(|(at, of_cell)| (*at, of_cell.iter().map(value).sum::<f64>())).collect();
    is_whole &= way.values().all(|count| (count - count.round()).abs() <= NOTHING);
    let way = is_whole.then(|| way.into_iter().map(|(at, count)| (at, count.round())).collect());
    Some(More { cells, way })
}

/// The cells that hang together with this one by sums, as far as what is not fixed reaches.
fn around(table: &Table, cell: usize, is_free: impl Fn(usize) -> bool) -> BTreeSet<usize> {
    let mut reached = BTreeSet::from([cell]);
    loop {
        let before = reached.len();
        for sum in &table.sums {
            if members(sum).any(|(at, _)| reached.contains(&at)) {
                reached.extend(members(sum).map(|(at, _)| at).filter(|at| is_free(*at)));
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

/// The cells of a sum, the parts as they are and the whole taken off.
fn members(sum: &Sum) -> impl Iterator<Item = (usize, f64)> {
    sum.parts.iter().map(|part| (*part, 1.0)).chain([(sum.whole, -1.0)])
}

fn operation(rest: bool) -> ComparisonOp {
    if rest { ComparisonOp::Le } else { ComparisonOp::Eq }
}

/// Every component of a table in the order of its cells.
pub(super) fn components(table: &Table, hidden: &Hidden) -> Vec<Component> {
    let count = table.cells.len();
    let ranges: Vec<(f64, f64)> = (0..count).map(|at| hidden.range(table, at)).collect();
    let is_unknown = |at: usize| ranges[at].0 < ranges[at].1;
    let mut group: Vec<usize> = (0..count).collect();
    for sum in &table.sums {
        let mut unknown = sum.parts.iter().chain([&sum.whole]).copied().filter(|at| is_unknown(*at));
        if let Some(first) = unknown.next() {
            unknown.for_each(|other| join(&mut group, first, other));
        }
    }
    let mut found: BTreeMap<usize, Component> = BTreeMap::new();
    for at in (0..count).filter(|at| is_unknown(*at)) {
        let empty = || Component { unknown: Vec::new(), rows: Vec::new(), is_whole: true };
        found.entry(root(&mut group, at)).or_insert_with(empty).unknown.push((at, ranges[at]));
    }
    for sum in &table.sums {
        let (unknown, known): (Vec<_>, Vec<_>) = members(sum).partition(|(at, _)| is_unknown(*at));
        let Some((first, _)) = unknown.first() else { continue };
        let Some(component) = found.get_mut(&root(&mut group, *first)) else { continue };
        let known: f64 = sum.off + known.into_iter().map(|(at, sign)| sign * ranges[at].0).sum::<f64>();
        component.is_whole &= known.fract() == 0.0;
        component.rows.push(SumConstraint { terms: unknown, known, rest: sum.rest });
    }
    found.into_values().collect()
}

fn root(group: &mut [usize], at: usize) -> usize {
    let mut at = at;
    while group[at] != at {
        group[at] = group[group[at]];
        at = group[at];
    }
    at
}

fn join(group: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(group, one), root(group, other));
    group[one.max(other)] = one.min(other);
}

impl Component {
    /// A way in which the cell has that count, if there is one.
    pub fn with(&self, cell: usize, count: f64) -> Option<Way> {
        let ranges: Option<Vec<(f64, f64)>> = self
            .unknown
            .iter()
            .map(|(at, (lower, upper))| match *at == cell {
                true => (*lower <= count && count <= *upper).then_some((count, count)),
                false => Some((*lower, *upper)),
            })
            .collect();
        let found = self.in_whole_numbers(ranges?, &mut MOST_PROGRAMMES.clone())?;
        Some(self.unknown.iter().map(|(at, _)| *at).zip(found).collect())
    }

    /// Whether there are counts, not in whole numbers, with which the sums hold.
    pub fn is_possible(&self) -> bool {
        let ranges: Vec<(f64, f64)> = self.unknown.iter().map(|(_, range)| *range).collect();
        self.solve(&ranges, None).is_some()
    }

    /// The least count that the cell can have, not in whole numbers.
    pub fn least(&self, cell: usize) -> Option<f64> {
        self.bound(cell, 1.0)
    }

    /// The greatest count that the cell can have, not in whole numbers; none where there is no such.
    pub fn greatest(&self, cell: usize) -> Option<f64> {
        self.bound(cell, -1.0)
    }

    /// The least and the greatest count that the cell can have where no cell is more than `most`.
    pub fn range(&self, cell: usize, most: &impl Fn(usize) -> f64) -> (f64, f64) {
        let ranges: Vec<(f64, f64)> = self.unknown.iter().map(|(at, (lower, upper))| (*lower, upper.min(most(*at)))).collect();
        let bound = |weight: f64| self.bound_within(&ranges, cell, weight);
        (bound(1.0).unwrap_or(0.0), bound(-1.0).unwrap_or(f64::INFINITY))
    }

    /// The count of the cell that weighs least.
    fn bound(&self, cell: usize, weight: f64) -> Option<f64> {
        let ranges: Vec<(f64, f64)> = self.unknown.iter().map(|(_, range)| *range).collect();
        self.bound_within(&ranges, cell, weight)
    }

    fn bound_within(&self, ranges: &[(f64, f64)], cell: usize, weight: f64) -> Option<f64> {
        let place = self.unknown.iter().position(|(at, _)| *at == cell)?;
        let found = self.solve(ranges, Some((place, weight)))?[place];
        Some(if (found - found.round()).abs() <= NOTHING { found.round() } else { found })
    }

    /// Branch and bound: where the programme leaves a count between two whole numbers, it is below or above.
    fn in_whole_numbers(&self, ranges: Vec<(f64, f64)>, programmes: &mut u32) -> Option<Vec<f64>> {
        *programmes = programmes.checked_sub(1)?;
        let found = self.solve(&ranges, None)?;
        if !self.is_whole {
            return Some(found);
        }
        let Some(between) = found.iter().position(|x| (x - x.round()).abs() > NOTHING) else {
            let whole: Vec<f64> = found.into_iter().map(f64::round).collect();
            return self.holds(&whole).then_some(whole);
        };
        let (lower, upper) = ranges[between];
        let part = found[between].floor();
        let mut side = |range: (f64, f64)| {
            let mut ranges = ranges.clone();
            ranges[between] = range;
            if range.0 <= range.1 { self.in_whole_numbers(ranges, programmes) } else { None }
        };
        side((lower, part)).or_else(|| side((part + 1.0, upper)))
    }

    fn solve(&self, ranges: &[(f64, f64)], weighs: Option<(usize, f64)>) -> Option<Vec<f64>> {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let weight = |place: usize| weighs.filter(|(of, _)| *of == place).map_or(0.0, |(_, weight)| weight);
        let variables: Vec<_> = ranges.iter().enumerate().map(|(place, range)| problem.add_var(weight(place), *range)).collect();
        let places: BTreeMap<usize, usize> = self.unknown.iter().enumerate().map(|(place, (at, _))| (*at, place)).collect();
        for row in &self.rows {
            let terms: Vec<_> = row.terms.iter().filter_map(|(at, sign)| Some((variables[*places.get(at)?], *sign))).collect();
            problem.add_constraint(terms, operation(row.rest), -row.known);
        }
        // What the solver cannot answer counts as not possible.
        let solution = problem.solve().ok()?.into_solution().ok()?;
        Some(variables.into_iter().map(|variable| solution.var_value(variable)).collect())
    }

    fn holds(&self, counts: &[f64]) -> bool {
        let by_cell: BTreeMap<usize, f64> = self.unknown.iter().map(|(at, _)| *at).zip(counts.iter().copied()).collect();
        self.rows.iter().all(|row| {
            let total: f64 = row.terms.iter().map(|(at, sign)| sign * by_cell.get(at).copied().unwrap_or(0.0)).sum();
            let left = total + row.known;
            if row.rest { left <= 0.0 } else { left == 0.0 }
        })
    }
}

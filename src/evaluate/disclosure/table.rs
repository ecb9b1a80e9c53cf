//! The counts that are published together, and how they add up.

use super::count::Truth;
use super::rule::Rule;
use crate::figure::FigureKey;
use std::collections::BTreeSet;

/// The count of one figure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    pub key: FigureKey,
    pub truth: Truth,
    /// None where the measure is not protected, so that the count is published whatever it is.
    pub rule: Option<Rule>,
    /// The least and the greatest count that earlier packs leave possible, where they showed this very figure.
    pub before: Option<(f64, f64)>,
    /// The least that it can be while it is hidden: what is hidden is not zero. A source may mark zeros too; but a reader who
    /// takes a mark for one or more must not be told a count by it.
    pub least: f64,
    /// What earlier packs hid and what is no more: there is no figure now, or this is what one was before it was revised. What
    /// they showed beside it is known, so it is still to be kept from being told; it is not hidden anew.
    pub is_gone: bool,
    /// There is no figure, somebody is asked for it, and one of that size would be hidden: it may be small.
    pub is_awaited: bool,
    /// 0 where it is no sum of others, 1 where it is one, 2 for the whole system: in this order figures are hidden beside
    /// small ones, whatever their size.
    pub level: u8,
}

impl Cell {
    /// One of which nothing is known.
    pub fn unknown(key: FigureKey, rule: Option<Rule>) -> Self {
        Self { key, truth: Truth::Absent, rule, before: None, least: 0.0, is_gone: false, is_awaited: false, level: 0 }
    }

    /// There is a figure now, and its count is known.
    pub fn is_given(&self) -> bool {
        matches!(self.truth, Truth::Count(_))
    }

    /// There is no figure now, or its source withholds it, and an earlier pack showed one.
    pub fn is_remembered(&self) -> bool {
        !self.is_given() && self.before.is_some()
    }

    /// What was shown of it says nothing of it now.
    pub fn forget(&mut self) {
        (self.before, self.least) = (None, 0.0);
    }

    /// The count, as it is or as an earlier pack gave it.
    pub fn known(&self) -> Option<f64> {
        match (self.truth, self.before) {
            (Truth::Count(count), _) => Some(count),
            (_, Some((lower, upper))) if lower == upper => Some(lower),
            _ => None,
        }
    }

    /// The least and the greatest count for those who know the truth of what there is now.
    pub fn between(&self) -> (f64, f64) {
        self.known().map(|known| (known, known)).or(self.before).unwrap_or((self.least, f64::INFINITY))
    }
}

/// One count is the sum of others.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sum {
    pub whole: usize,
    pub parts: Vec<usize>,
    /// The whole may have more than these parts, such as people of whom the group is not known.
    pub rest: bool,
    /// By how much the whole, as it is given, is more than its parts (less, where negative), where that is so little that readers
    /// take the one for the sum of the others.
    pub off: f64,
    /// The earlier pack in which it is taken to have held, counted from 1; 0 of one that holds now.
    pub pack: usize,
}

impl Sum {
    /// True where it says no more than that two measures have the same count.
    pub fn is_same_count(&self, cells: &[Cell]) -> bool {
        let whole = &cells[self.whole].key;
        matches!(self.parts.as_slice(), [part] if cells[*part].key == FigureKey { measure: cells[*part].key.measure.clone(), ..whole.clone() })
    }
}

impl Table {
    /// Whether a sum need not hold: one of an earlier pack, and that a figure which is not given is the same count as another.
    pub fn is_doubtful(&self, sum: &Sum) -> bool {
        let is_not_given = |at: &usize| !self.cells[*at].is_given();
        sum.pack > 0 || sum.is_same_count(&self.cells) && sum.parts.iter().chain([&sum.whole]).any(is_not_given)
    }

    /// Without the doubtful sums that tie one of these cells, which come beside it.
    pub fn without_doubtful(&self, cells: &BTreeSet<usize>) -> (Self, Vec<Sum>) {
        let is_of = |sum: &Sum| self.is_doubtful(sum) && sum.parts.iter().chain([&sum.whole]).any(|at| cells.contains(at));
        let (doubtful, sums) = self.sums.iter().cloned().partition(is_of);
        (Table { cells: self.cells.clone(), sums }, doubtful)
    }

    /// Of each cell all that are the same count, itself among them.
    pub fn same_counts(&self) -> Vec<BTreeSet<usize>> {
        let mut same: Vec<BTreeSet<usize>> = (0..self.cells.len()).map(|at| BTreeSet::from([at])).collect();
        for sum in self.sums.iter().filter(|sum| sum.is_same_count(&self.cells)) {
            let all: BTreeSet<usize> = same[sum.whole].union(&same[sum.parts[0]]).copied().collect();
            all.iter().for_each(|at| same[*at].clone_from(&all));
        }
        same
    }
}

/// All counts of one period that hang together by sums.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub cells: Vec<Cell>,
    pub sums: Vec<Sum>,
}

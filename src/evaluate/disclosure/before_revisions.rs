//! Sums as earlier packs showed them: of a sum some figures of which were revised, what they were then still adds up with those
//! that were not.

use super::count::Truth;
use super::earlier::{EarlierFigures, range};
use super::same::is_near;
use super::table::{Cell, Sum};
use crate::figure::{Category, FigureKey};
use std::collections::{BTreeMap, BTreeSet};

/// The cells of a table, with what revised figures were in earlier packs.
pub(super) struct Past<'a> {
    cells: &'a mut Vec<Cell>,
    earlier: &'a EarlierFigures,
    /// By the cell.
    then: BTreeMap<(usize, Then), usize>,
}

/// What a pack had of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Then {
    /// The bits of the count that it showed.
    Shown(u64),
    /// Nothing, in the pack of this number.
    Hidden(usize),
}

impl<'a> Past<'a> {
    pub fn of(cells: &'a mut Vec<Cell>, earlier: &'a EarlierFigures) -> Self {
        Past { cells, earlier, then: BTreeMap::new() }
    }

    /// The packs from which on another count of one of these was shown.
    pub fn packs_of(&self, cells: impl Iterator<Item = usize>) -> BTreeSet<usize> {
        cells.flat_map(|at| self.earlier.packs_of(&self.cells[at].key)).collect()
    }

    /// The sums as earlier packs showed them, where that is otherwise than now.
    ///
    /// Readers know which figures were revised. Of those that were hidden then and are hidden now it is not known here: where a sum
    /// does not hold with what they are now, it is taken of each in turn that this one was another, and so of all together that
    /// were never given.
    pub fn sums(&mut self, sums: &[Sum]) -> Vec<Sum> {
        let mut seen: BTreeSet<(usize, Vec<usize>)> = BTreeSet::new();
        let mut found = Vec::new();
        for sum in sums {
            let members = || sum.parts.iter().chain([&sum.whole]).copied();
            for pack in self.packs_of(members()) {
                let then = self.as_shown(sum, pack);
                if then == *sum {
                    continue;
                }
                let (holds, nearly) = self.holds(&then, sum);
                let never_given: Vec<usize> = members().filter(|at| self.is_unknown(*at)).collect();
                let mut others: Vec<Vec<usize>> = Vec::new();
                if !holds {
                    others.extend(members().filter(|at| self.was_hidden(*at, pack)).map(|at| vec![at]));
                    others.extend(Some(never_given).filter(|of| !of.is_empty()));
                }
                let with_others: Vec<Sum> = others.iter().filter_map(|of| self.with_others((&then, sum), of, pack)).collect();
                let all = Some(then).filter(|_| holds || nearly).into_iter().chain(with_others);
                let all = all.map(|sum| Sum { pack, ..sum });
                found.extend(all.filter(|sum| seen.insert((sum.whole, sum.parts.clone()))));
            }
        }
        found
    }

    /// The sum with what readers knew of its figures from a pack, where that is otherwise than now.
    fn as_shown(&mut self, sum: &Sum, pack: usize) -> Sum {
        let parts: Vec<usize> = sum.parts.iter().map(|part| self.shown(*part, pack, false)).collect();
        // A rounded whole may read as before, and be another with a part of it.
        let whole = self.shown(sum.whole, pack, parts != sum.parts);
        Sum { whole, parts, rest: sum.rest, off: 0.0, pack: 0 }
    }

    /// The cell of a figure as readers knew it from a pack; itself where it reads as it does now.
    pub fn shown(&mut self, at: usize, pack: usize, is_revised: bool) -> usize {
        let Some(shown) = self.earlier.as_of(&self.cells[at].key, pack) else { return at };
        let rounds = self.cells[at].rule.is_some_and(|rule| rule.round_to.is_some());
        if is_shown_as(&self.cells[at], shown) && !(rounds && is_revised) {
            return at;
        }
        let before = Some(range(shown, self.cells[at].rule));
        self.cell_then((at, Then::Shown(shown.to_bits())), pack, before, 0.0)
    }

    /// The cell of a figure as it was when a pack hid it, or did not have it.
    pub fn unknown(&mut self, at: usize, pack: usize, least: f64) -> usize {
        self.cell_then((at, Then::Hidden(pack)), pack, None, least)
    }

    fn cell_then(&mut self, of: (usize, Then), pack: usize, before: Option<(f64, f64)>, least: f64) -> usize {
        if let Some(found) = self.then.get(&of) {
            return *found;
        }
        let Cell { key, rule, .. } = &self.cells[of.0];
        let (scheme, group) = key.category.as_ref().map_or(("", ""), |of| (&of.scheme, &of.group));
        let how = if before.is_some() { "shown in" } else { "hidden in" };
        let category = Category { scheme: format!("{scheme} as {how} pack {pack}"), group: group.to_owned() };
        let key = FigureKey { category: Some(category), ..key.clone() };
        self.cells.push(Cell { before, least, ..Cell::unknown(key, *rule) });
        self.then.insert(of, self.cells.len() - 1);
        self.cells.len() - 1
    }

    /// What readers knew of a count from a pack: the least and the greatest that it was.
    pub fn was(&self, at: usize, pack: usize) -> Option<(f64, f64)> {
        let shown = self.earlier.as_of(&self.cells[at].key, pack)?;
        Some(range(shown, self.cells[at].rule))
    }

    /// Whether the figure reads otherwise now than in the pack.
    pub fn reads_otherwise(&self, at: usize, pack: usize) -> bool {
        let cell = &self.cells[at];
        self.earlier.as_of(&cell.key, pack).is_some_and(|shown| !is_shown_as(cell, shown))
    }

    /// Whether there is a figure now that readers did not know from the pack.
    pub fn was_hidden(&self, at: usize, pack: usize) -> bool {
        self.cells[at].truth != Truth::Absent && self.earlier.as_of(&self.cells[at].key, pack).is_none()
    }

    /// The sum with unknowns in the place of these; none where the rest leaves nothing for them.
    fn with_others(&mut self, (sum, now): (&Sum, &Sum), others: &[usize], pack: usize) -> Option<Sum> {
        let rest = self.sum_of(sum.parts.iter().copied().filter(|part| !others.contains(part)));
        // What was never given, and is as it is now, has what is left of the others now.
        let left = self.left_by(now, |at| self.is_unknown(*at));
        let keeps_unknown = |at: &usize| !others.contains(at) && self.is_unknown(*at);
        let (unknown_whole, unknown_parts) = (keeps_unknown(&sum.whole), sum.parts.iter().any(keeps_unknown));
        let most = match (unknown_whole, unknown_parts) {
            _ if others.contains(&sum.whole) => rest.1,
            (true, true) => f64::INFINITY,
            (true, false) => -left.0 - rest.0,
            (false, true) => self.cells[sum.whole].between().1 - rest.0 - left.0.max(0.0),
            (false, false) => self.cells[sum.whole].between().1 - rest.0,
        };
        if most < 0.0 {
            return None;
        }
        let mut then = |at: usize| match others.contains(&at) {
            // What is hidden is not zero, where that can be.
            true => self.unknown(at, pack, f64::from(u8::from(most >= 1.0 && !self.is_unknown(at)))),
            false => at,
        };
        Some(Sum { whole: then(sum.whole), parts: sum.parts.iter().map(|part| then(*part)).collect(), ..*sum })
    }

    /// The least and the greatest that these can be together.
    fn sum_of(&self, cells: impl Iterator<Item = usize>) -> (f64, f64) {
        cells.map(|at| self.cells[at].between()).fold((0.0, 0.0), |sum, of| (sum.0 + of.0, sum.1 + of.1))
    }

    fn is_unknown(&self, at: usize) -> bool {
        self.cells[at].truth == Truth::Absent && self.cells[at].before.is_none()
    }

    /// Whether the sum holds as it was, and whether it nearly does. What was never given, or is withheld, then leaves as much as it does now.
    fn holds(&self, then: &Sum, now: &Sum) -> (bool, bool) {
        let whole = self.cells[then.whole].between();
        let nothing = 1e-6 * whole.0.abs().max(1.0);
        let is_open = |at: &usize| !matches!(self.cells[*at].truth, Truth::Count(_)) && self.cells[*at].before.is_none();
        if now.parts.iter().chain([&now.whole]).any(is_open) && !now.rest {
            let (then, now) = (self.left_by(then, is_open), self.left_by(now, is_open));
            return (then.0 <= now.1 + nothing && now.0 <= then.1 + nothing, false);
        }
        let parts = self.sum_of(then.parts.iter().copied());
        let are_known = whole.0 == whole.1 && parts.0 == parts.1;
        let holds = parts.0 <= whole.1 + nothing && (parts.1 >= whole.0 - nothing || then.rest);
        (holds, are_known && is_near(whole.0, parts.0))
    }

    /// The least and the greatest that the whole is more than its parts, without those that are left out.
    fn left_by(&self, sum: &Sum, is_left_out: impl Fn(&usize) -> bool) -> (f64, f64) {
        let whole = self.sum_of([sum.whole].into_iter().filter(|at| !is_left_out(at)));
        let parts = self.sum_of(sum.parts.iter().copied().filter(|at| !is_left_out(at)));
        (whole.0 - parts.1, whole.1 - parts.0)
    }
}

fn is_shown_as(cell: &Cell, shown: f64) -> bool {
    match (cell.truth, cell.rule.filter(|rule| rule.round_to.is_some())) {
        (Truth::Count(count), Some(rule)) => rule.rounded(count) == shown,
        (Truth::Count(count), None) => count == shown,
        (Truth::Marked | Truth::Absent, _) => cell.before == Some(range(shown, cell.rule)),
    }
}

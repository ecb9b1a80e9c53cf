//! Sums as earlier packs showed them: of a sum some figures of which were revised, what they were then still adds up with those
//! that were not.

use super::count::Truth;
use super::earlier::{EarlierFigures, range};
use super::same::is_near;
use super::table::{Cell, Sum};
use crate::figure::{Category, FigureKey};
use std::collections::{BTreeMap, BTreeSet};

/// The sums of `sums` as earlier packs showed them, where that is otherwise than now; what revised figures were is added to the
/// cells.
///
/// Readers know which figures were revised. Of those that were hidden then and are hidden now it is not known here: where a sum
/// does not hold with what they are now, it is taken of each in turn that this one was another.
pub(super) fn before_revisions(sums: &[Sum], cells: &mut Vec<Cell>, earlier: &EarlierFigures) -> Vec<Sum> {
    let mut past = Past { cells, earlier, known: BTreeMap::new(), unknown: BTreeMap::new() };
    let mut seen: BTreeSet<(usize, Vec<usize>)> = BTreeSet::new();
    let mut found = Vec::new();
    for sum in sums {
        let members = || sum.parts.iter().chain([&sum.whole]).copied();
        let packs: BTreeSet<usize> = members().flat_map(|at| earlier.packs_of(&past.cells[at].key)).collect();
        for pack in packs {
            let then = past.as_shown(sum, pack);
            if then == *sum {
                continue;
            }
            let (holds, nearly) = past.holds(&then);
            let of_each: Vec<usize> = members().filter(|at| !holds && past.was_hidden(*at, pack)).collect();
            let with_another: Vec<Sum> = of_each.into_iter().filter_map(|at| past.with_another(&then, at, pack)).collect();
            let all = Some(then).filter(|_| holds || nearly).into_iter().chain(with_another);
            found.extend(all.filter(|sum| seen.insert((sum.whole, sum.parts.clone()))));
        }
    }
    found
}

/// The cells, with what revised figures were.
struct Past<'a> {
    cells: &'a mut Vec<Cell>,
    earlier: &'a EarlierFigures,
    /// By the cell and what a pack showed of it.
    known: BTreeMap<(usize, u64), usize>,
    /// By the cell and the pack that hid it.
    unknown: BTreeMap<(usize, usize), usize>,
}

impl Past<'_> {
    /// The sum with what readers knew of its figures from a pack, where that is otherwise than now.
    fn as_shown(&mut self, sum: &Sum, pack: usize) -> Sum {
        let parts: Vec<usize> = sum.parts.iter().map(|part| self.shown(*part, pack, false)).collect();
        // A rounded whole may read as before, and be another with a part of it.
        let whole = self.shown(sum.whole, pack, parts != sum.parts);
        Sum { whole, parts, rest: sum.rest, off: 0.0 }
    }

    fn shown(&mut self, at: usize, pack: usize, is_revised: bool) -> usize {
        let Some(shown) = self.earlier.as_of(&self.cells[at].key, pack) else { return at };
        let rounds = self.cells[at].rule.is_some_and(|rule| rule.round_to.is_some());
        if is_shown_as(&self.cells[at], shown) && !(rounds && is_revised) {
            return at;
        }
        let before = Some(range(shown, self.cells[at].rule));
        match self.known.get(&(at, shown.to_bits())) {
            Some(old) => *old,
            None => {
                let old = self.add(at, pack, before, 0.0);
                self.known.insert((at, shown.to_bits()), old);
                old
            }
        }
    }

    fn add(&mut self, at: usize, pack: usize, before: Option<(f64, f64)>, least: f64) -> usize {
        let Cell { key, rule, .. } = &self.cells[at];
        let (scheme, group) = key.category.as_ref().map_or(("", ""), |of| (&of.scheme, &of.group));
        let how = if before.is_some() { "shown in" } else { "hidden in" };
        let category = Category { scheme: format!("{scheme} as {how} pack {pack}"), group: group.to_owned() };
        let key = FigureKey { category: Some(category), ..key.clone() };
        self.cells.push(Cell { key, truth: Truth::Absent, rule: *rule, before, least, is_gone: false, level: 0 });
        self.cells.len() - 1
    }

    /// Whether there is a figure now that readers did not know from the pack.
    fn was_hidden(&self, at: usize, pack: usize) -> bool {
        self.cells[at].truth != Truth::Absent && self.earlier.as_of(&self.cells[at].key, pack).is_none()
    }

    /// The sum with an unknown in the place of one that the pack hid; none where the others leave nothing for it.
    fn with_another(&mut self, sum: &Sum, at: usize, pack: usize) -> Option<Sum> {
        let whole = self.between(sum.whole);
        let others = sum.parts.iter().filter(|part| **part != at).map(|part| self.between(*part));
        let others = others.fold((0.0, 0.0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
        let most = if at == sum.whole { others.1 } else { whole.1 - others.0 };
        if most < 0.0 {
            return None;
        }
        let unknown = match self.unknown.get(&(at, pack)) {
            Some(unknown) => *unknown,
            None => {
                // What is hidden is not zero, where that can be.
                let unknown = self.add(at, pack, None, f64::from(u8::from(most >= 1.0)));
                self.unknown.insert((at, pack), unknown);
                unknown
            }
        };
        let then = |of: usize| if of == at { unknown } else { of };
        Some(Sum { whole: then(sum.whole), parts: sum.parts.iter().map(|part| then(*part)).collect(), ..*sum })
    }

    /// The least and the greatest count of a cell for those who know the truth of what there is now.
    fn between(&self, at: usize) -> (f64, f64) {
        let cell = &self.cells[at];
        cell.known().map(|known| (known, known)).or(cell.before).unwrap_or((cell.least, f64::INFINITY))
    }

    /// Whether the sum holds, and whether it nearly does.
    fn holds(&self, sum: &Sum) -> (bool, bool) {
        let whole = self.between(sum.whole);
        let parts = sum.parts.iter().map(|part| self.between(*part)).fold((0.0, 0.0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
        let nothing = 1e-6 * whole.0.abs().max(1.0);
        let are_known = whole.0 == whole.1 && parts.0 == parts.1;
        let holds = parts.0 <= whole.1 + nothing && (parts.1 >= whole.0 - nothing || sum.rest);
        (holds, are_known && is_near(whole.0, parts.0))
    }
}

fn is_shown_as(cell: &Cell, shown: f64) -> bool {
    match (cell.truth, cell.rule.filter(|rule| rule.round_to.is_some())) {
        (Truth::Count(count), Some(rule)) => rule.rounded(count) == shown,
        (Truth::Count(count), None) => count == shown,
        (Truth::Marked | Truth::Absent, _) => cell.before == Some(range(shown, cell.rule)),
    }
}

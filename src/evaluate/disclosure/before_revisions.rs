//! Sums as earlier packs showed them: of a sum some figures of which were revised, what they were then still adds up with those
//! that were not.

use super::asked::AskedAreas;
use super::count::Truth;
use super::earlier::{EarlierFigures, Vintage, range};
use super::same::is_near;
use super::secret::Secret;
use super::table::{Cell, Sum};
use crate::figure::{Category, FigureKey};
use std::collections::{BTreeMap, BTreeSet};

/// The cells of a table, with what revised figures were in earlier packs.
pub(super) struct Past<'a> {
    cells: &'a mut Vec<Cell>,
    earlier: &'a EarlierFigures,
    asked: &'a AskedAreas<'a>,
    secret: &'a Secret,
    /// Those from here on are of earlier packs.
    first_then: usize,
    /// By the cell.
    then: BTreeMap<(usize, Then), usize>,
}

/// What a figure was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Then {
    /// From the pack of this number on.
    From(usize),
    /// In the pack of this number, of which nobody knows whether it had the figure as it is now.
    In(usize),
}

impl<'a> Past<'a> {
    pub fn of(cells: &'a mut Vec<Cell>, (earlier, asked): (&'a EarlierFigures, &'a AskedAreas<'a>), secret: &'a Secret) -> Self {
        let first_then = cells.len();
        Past { cells, earlier, asked, secret, first_then, then: BTreeMap::new() }
    }

    /// The packs from which on one of these was another.
    pub fn packs_of(&self, cells: impl Iterator<Item = usize>) -> BTreeSet<usize> {
        cells.flat_map(|at| self.earlier.packs_of(&self.cells[at].key)).collect()
    }

    /// The sums as earlier packs showed them, where that is otherwise than now.
    ///
    /// Readers know which figures were revised. Where it is not known here, for the pack left no mark of a figure that it hid or
    /// did not have, and a sum does not hold with what they are now, it is taken of each in turn that this one was another, and so
    /// of all together that were never given.
    pub fn sums(&mut self, sums: &[Sum]) -> Vec<Sum> {
        let mut seen: BTreeSet<(usize, Vec<usize>)> = BTreeSet::new();
        let mut found = Vec::new();
        for pack in self.packs_of(0..self.first_then) {
            let revised = self.revised_with_others(sums, pack);
            for sum in sums {
                let then = self.as_shown(sum, pack, &revised);
                if then == *sum {
                    continue;
                }
                let members = || sum.parts.iter().chain([&sum.whole]).copied();
                let (holds, nearly) = self.holds(&then, sum);
                let never_given: Vec<usize> = members().filter(|at| self.is_unknown(*at) && !revised.contains(at)).collect();
                let mut others: Vec<Vec<usize>> = Vec::new();
                if !holds {
                    let both = members().zip(then.parts.iter().chain([&then.whole]));
                    others.extend(both.filter(|(at, _)| self.is_uncertain(*at, pack)).map(|(_, then)| vec![*then]));
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

    /// What a pack did not have and what was another then, as others of its sums tell: a sum some parts of which were others, and
    /// what must have been where a single figure of a sum was another.
    fn revised_with_others(&mut self, sums: &[Sum], pack: usize) -> BTreeSet<usize> {
        let members = |sum: &Sum| sum.parts.iter().chain([&sum.whole]).copied().collect::<Vec<usize>>();
        let lacking: Vec<&Sum> = sums.iter().filter(|sum| members(sum).into_iter().any(|at| self.lacks(at, pack))).collect();
        let mut revised = BTreeSet::new();
        loop {
            let before = revised.len();
            for sum in &lacking {
                if self.lacks(sum.whole, pack) && sum.parts.iter().any(|part| self.is_revised(*part, (sum.whole, pack), &revised))
                {
                    revised.insert(sum.whole);
                }
            }
            if revised.len() > before {
                continue;
            }
            for sum in &lacking {
                let open: Vec<usize> = members(sum).into_iter().filter(|at| self.lacks(*at, pack)).collect();
                let is_alone = |past: &mut Self, at: usize| {
                    members(sum).into_iter().filter(|other| past.is_revised(*other, (at, pack), &revised)).count() == 1
                };
                let must_be: Vec<usize> = open.into_iter().filter(|at| !revised.contains(at) && is_alone(self, *at)).collect();
                if !must_be.is_empty() {
                    revised.extend(must_be);
                    break;
                }
            }
            if revised.len() == before {
                return revised;
            }
        }
    }

    /// Whether a pack did not have a figure as it was before or is now.
    fn lacks(&self, at: usize, pack: usize) -> bool {
        self.is_unknown(at) || self.earlier.as_of(&self.cells[at].key, pack).is_some_and(|vintage| vintage.until < pack)
    }

    /// Whether a figure was another in a pack than when one that the pack lacks was last known.
    fn is_revised(&mut self, at: usize, (of, pack): (usize, usize), revised: &BTreeSet<usize>) -> bool {
        let known = self.earlier.as_of(&self.cells[of].key, pack).map(|vintage| vintage.until);
        let when = |pack| self.earlier.as_of(&self.cells[at].key, pack).map(|vintage| vintage.pack);
        match known {
            _ if revised.contains(&at) => true,
            Some(known) => when(known).is_some_and(|then| when(pack) != Some(then)),
            None => self.then(at, pack, false) != at,
        }
    }

    /// The sum with its figures as they were in a pack, where that is otherwise than now.
    fn as_shown(&mut self, sum: &Sum, pack: usize, revised: &BTreeSet<usize>) -> Sum {
        let mut then = |at: usize, is_revised: bool| match revised.contains(&at) {
            true => self.unknown(at, pack, 0.0),
            false => self.then(at, pack, is_revised),
        };
        let parts: Vec<usize> = sum.parts.iter().map(|part| then(*part, false)).collect();
        // A rounded whole may read as before, and be another with a part of it.
        let whole = then(sum.whole, parts != sum.parts);
        Sum { whole, parts, rest: sum.rest, off: 0.0, pack: 0 }
    }

    /// The cell of a figure as it was in a pack; itself where that is as it is now. One that came later is taken to have been
    /// what it was when it came.
    pub fn then(&mut self, at: usize, pack: usize, is_revised: bool) -> usize {
        let key = &self.cells[at].key;
        let Some(vintage) = self.earlier.as_of(key, pack).or_else(|| self.earlier.first(key)).copied() else { return at };
        let may_be_another =
            is_revised && !vintage.is_certain() && self.cells[at].rule.is_some_and(|rule| rule.round_to.is_some());
        if self.is_now(at, &vintage) && !may_be_another {
            return at;
        }
        let before = vintage.shown.map(|shown| range(shown, self.cells[at].rule));
        let least = if vintage.shown.is_some() { 0.0 } else { 1.0 };
        self.cell_then((at, Then::From(vintage.pack)), before, least)
    }

    /// Whether a figure is now what it was once.
    fn is_now(&self, at: usize, vintage: &Vintage) -> bool {
        let cell = &self.cells[at];
        // What there is no figure of now was forgotten where it does not fit.
        let is_known = || cell.before == vintage.shown.map(|shown| range(shown, cell.rule));
        let now = (&cell.key, cell.truth, cell.rule);
        self.earlier.is_still(vintage, now, self.secret) && (cell.is_given() || is_known())
    }

    /// The cell of a figure as it was in a pack of which nobody knows what it had.
    pub fn unknown(&mut self, at: usize, pack: usize, least: f64) -> usize {
        self.cell_then((at, Then::In(pack)), None, least)
    }

    fn cell_then(&mut self, of: (usize, Then), before: Option<(f64, f64)>, least: f64) -> usize {
        if let Some(found) = self.then.get(&of) {
            return *found;
        }
        let Cell { key, rule, .. } = &self.cells[of.0];
        // What was awaited then may have been small, whatever came.
        let was_awaited = matches!(of.1, Then::In(_)) && self.asked.may_be_small(key, *rule);
        let (scheme, group) = key.category.as_ref().map_or(("", ""), |of| (&of.scheme, &of.group));
        let when = match of.1 {
            Then::From(pack) => format!("from pack {pack} on"),
            Then::In(pack) => format!("in pack {pack}"),
        };
        let category = Category { scheme: format!("{scheme} {when}"), group: group.to_owned() };
        let key = FigureKey { category: Some(category), ..key.clone() };
        // What packs hid stays hidden as it was then.
        let is_hidden = matches!(of.1, Then::From(_)) && before.is_none();
        let truth = if is_hidden { Truth::Marked } else { Truth::Absent };
        let (is_gone, is_awaited) = (is_hidden || was_awaited, was_awaited);
        self.cells.push(Cell { truth, before, least, is_gone, is_awaited, ..Cell::unknown(key, *rule) });
        self.then.insert(of, self.cells.len() - 1);
        self.cells.len() - 1
    }

    /// The least and the greatest that a count was in a pack, if a pack showed what it was then.
    pub fn was(&self, at: usize, pack: usize) -> Option<(f64, f64)> {
        let shown = self.earlier.as_of(&self.cells[at].key, pack)?.shown?;
        Some(range(shown, self.cells[at].rule))
    }

    /// Whether a figure is not what is known of it from a pack.
    pub fn is_otherwise(&self, at: usize, pack: usize) -> bool {
        self.earlier.as_of(&self.cells[at].key, pack).is_some_and(|vintage| !self.is_now(at, vintage))
    }

    /// Whether a figure was another in a pack; none where that is not known.
    pub fn was_another(&self, at: usize, pack: usize) -> Option<bool> {
        let vintage = self.earlier.as_of(&self.cells[at].key, pack).filter(|_| self.cells[at].is_given())?;
        let is_now = self.is_now(at, vintage);
        (vintage.is_certain() || !is_now).then_some(!is_now)
    }

    /// Whether there is a figure now that readers did not know from the pack.
    pub fn was_hidden(&self, at: usize, pack: usize) -> bool {
        self.cells[at].truth != Truth::Absent && self.was(at, pack).is_none()
    }

    /// Whether it is known what a figure was in a pack, or that it was what an earlier pack showed.
    pub fn had(&self, at: usize, pack: usize) -> bool {
        self.earlier.as_of(&self.cells[at].key, pack).is_some()
    }

    /// Whether there is a figure now, and nobody knows what it was in a pack.
    fn is_uncertain(&self, at: usize, pack: usize) -> bool {
        self.cells[at].truth != Truth::Absent && !self.had(at, pack)
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

    /// A figure that there is none of, and never was.
    fn is_unknown(&self, at: usize) -> bool {
        at < self.first_then && self.cells[at].truth == Truth::Absent && self.cells[at].before.is_none()
    }

    /// Whether the sum holds as it was, and whether it nearly does. What was never given, or is withheld, then leaves as much as it does now.
    fn holds(&self, then: &Sum, now: &Sum) -> (bool, bool) {
        let whole = self.cells[then.whole].between();
        let nothing = 1e-6 * whole.0.abs().max(1.0);
        let is_open = |at: &usize| *at < self.first_then && !self.cells[*at].is_given() && self.cells[*at].before.is_none();
        let members = |sum: &Sum| sum.parts.iter().chain([&sum.whole]).copied().filter(is_open).collect::<Vec<usize>>();
        // Where one of them was another then, nothing tells what they left.
        if !members(now).is_empty() && members(then) == members(now) && !now.rest {
            let (then, now) = (self.left_by(then, is_open), self.left_by(now, is_open));
            return (then.0 <= now.1 + nothing && now.0 <= then.1 + nothing, false);
        }
        let parts = self.sum_of(then.parts.iter().copied());
        let are_known = whole.0 == whole.1 && parts.0 == parts.1;
        let holds = parts.0 <= whole.1 + nothing && (parts.1 >= whole.0 - nothing || then.rest);
        // One that is exact now is no near one then.
        let left = self.left_by(now, |_| false);
        (holds, are_known && left != (0.0, 0.0) && is_near(whole.0, parts.0))
    }

    /// The least and the greatest that the whole is more than its parts, without those that are left out.
    fn left_by(&self, sum: &Sum, is_left_out: impl Fn(&usize) -> bool) -> (f64, f64) {
        let whole = self.sum_of([sum.whole].into_iter().filter(|at| !is_left_out(at)));
        let parts = self.sum_of(sum.parts.iter().copied().filter(|at| !is_left_out(at)));
        (whole.0 - parts.1, whole.1 - parts.0)
    }
}

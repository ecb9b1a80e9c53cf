//! Which figures of a table are hidden, so that of each count that is hidden for its size three values stay possible.

use super::audit::{Component, Hidden, Way, cheapest, components};
use super::count::Truth;
use super::figures::as_shown;
use super::secret::Secret;
use super::table::{Cell, Table};
use crate::figure::FigureKey;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How many values of the protected range a hidden count keeps.
pub(super) const LEAST_POSSIBLE: usize = 3;

/// Of so many figures that stand in a sum with a hidden one, one is hidden without need, by the secret alone: that a figure
/// is hidden does then not tell that it had to be.
const ONE_IN: u64 = 16;

/// What is hidden of a table, and how well that protects.
#[derive(Debug, Clone, Default)]
pub(super) struct Outcome {
    pub hidden: BTreeMap<FigureKey, Why>,
    /// Of each count that is hidden for its size, or may be, the values of the protected range that are possible.
    pub possible: BTreeMap<FigureKey, BTreeSet<u8>>,
    /// Of each count that is hidden beside others, the least and the greatest that it can be for who knows which these are.
    pub ranges: BTreeMap<FigureKey, (f64, f64)>,
    /// All that the table has is hidden, since less would not do.
    pub is_whole_table: bool,
    /// Counts that earlier packs give away by themselves.
    pub given_away: BTreeSet<FigureKey>,
    /// Counts that are not protected even so.
    pub unprotected: BTreeSet<FigureKey>,
}

impl Outcome {
    /// By the figures as they are shown.
    pub fn into_shown(self) -> Self {
        let keys = |of: BTreeSet<FigureKey>| of.iter().map(as_shown).collect();
        Outcome {
            hidden: self.hidden.into_iter().map(|(key, why)| (as_shown(&key), why)).collect(),
            possible: self.possible.into_iter().map(|(key, values)| (as_shown(&key), values)).collect(),
            ranges: self.ranges.into_iter().map(|(key, range)| (as_shown(&key), range)).collect(),
            is_whole_table: self.is_whole_table,
            given_away: keys(self.given_away),
            unprotected: keys(self.unprotected),
        }
    }
}

/// Why a figure is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// For the size of its count.
    Small,
    /// Its source withholds it.
    Marked,
    /// Beside others that could be worked out otherwise.
    Beside,
}

/// Hides the small counts of a table, then others until the small ones cannot be worked out: what costs least, no sum before
/// what is one, and for the rest as only the secret tells. Where no figure but zeros is left to hide and it does not do, zeros
/// of the sums in which the count stands are hidden, and then the whole table.
pub(super) fn protect(table: &Table, secret: &Secret) -> Outcome {
    let hiding = Hiding::of(table, secret);
    if hiding.at_risk().next().is_none() {
        return hiding.outcome();
    }
    let possible = without_what_cannot_be(table, secret);
    let table = possible.as_ref().unwrap_or(table);
    let mut hiding = Hiding::of(table, secret);
    hiding.set_aside_what_was_given_away();
    while let Some((at, component)) = hiding.first_told() {
        if hiding.hide_beside(at, component.as_ref())
            || hiding.leaves_others(at, component.as_ref())
            || hiding.hide_zeros_around(at)
        {
            continue;
        }
        match hiding.is_whole_table {
            false => hiding.hide_all(),
            true => _ = hiding.unprotected.insert(at),
        }
    }
    if !hiding.is_whole_table {
        hiding.hide_some_without_need();
    }
    hiding.outcome()
}

/// The table without sums that cannot hold beside the others: of earlier packs, where something that was hidden was taken for
/// unchanged and was revised, and between measures that are not the same count everywhere. Of two that contradict each other those
/// of now are kept, and then that of the later pack. None where there are no such sums. With them nothing would be possible, and
/// every count would pass for given away.
fn without_what_cannot_be(table: &Table, secret: &Secret) -> Option<Table> {
    if !table.sums.iter().any(|sum| table.is_doubtful(sum)) {
        return None;
    }
    let cannot_be = |table: &Table, hidden: &Hidden| -> BTreeSet<usize> {
        let impossible = components(table, hidden).into_iter().filter(|component| !component.is_possible());
        impossible.flat_map(|component| component.unknown).map(|(at, _)| at).collect()
    };
    let all: BTreeSet<usize> = (0..table.cells.len()).collect();
    let mut hidden = Hidden::nothing(table);
    // A mark may stand for a zero, which is not held possible.
    if !cannot_be(&table.without_doubtful(&all).0, &hidden).is_empty() {
        let mut bare = Hiding::of(table, secret);
        bare.hide_all();
        hidden = bare.hidden;
    }
    let cells = cannot_be(table, &hidden);
    if cells.is_empty() {
        return None;
    }
    let (mut kept, mut doubtful) = table.without_doubtful(&cells);
    doubtful.sort_by_key(|sum| (sum.pack > 0, Reverse(sum.pack)));
    for sum in doubtful {
        kept.sums.push(sum);
        if !cannot_be(&kept, &hidden).is_disjoint(&cells) {
            kept.sums.pop();
        }
    }
    Some(kept)
}

struct Hiding<'a> {
    table: &'a Table,
    secret: &'a Secret,
    hidden: Hidden,
    /// The sums in which each cell stands.
    sums: Vec<Vec<usize>>,
    /// The cells that are the same count as each: they are hidden together.
    same: Vec<BTreeSet<usize>>,
    /// Ways of filling in what is unknown that were found so far. More that is hidden leaves them possible.
    ways: Vec<Way>,
    set_aside: BTreeSet<usize>,
    /// Counts that are not given, and that may be larger than the protected range.
    left_open: BTreeSet<usize>,
    unprotected: BTreeSet<usize>,
    is_whole_table: bool,
}

impl<'a> Hiding<'a> {
    fn of(table: &'a Table, secret: &'a Secret) -> Self {
        let is_hidden = |cell: &Cell| match cell.truth {
            Truth::Count(count) => cell.rule.is_some_and(|rule| rule.is_small(count)),
            Truth::Marked => true,
            Truth::Absent => false,
        };
        let mut sums = vec![Vec::new(); table.cells.len()];
        for (i, sum) in table.sums.iter().enumerate() {
            sum.parts.iter().chain([&sum.whole]).for_each(|at| sums[*at].push(i));
        }
        let mut hiding = Hiding {
            table,
            secret,
            hidden: Hidden::nothing(table),
            sums,
            same: table.same_counts(),
            ways: Vec::new(),
            set_aside: BTreeSet::new(),
            left_open: BTreeSet::new(),
            unprotected: BTreeSet::new(),
            is_whole_table: false,
        };
        let small_or_marked = (0..table.cells.len()).filter(|at| is_hidden(&table.cells[*at]));
        small_or_marked.for_each(|at| hiding.hide(at));
        hiding
    }

    /// Hides a figure, and those of other measures that are the same count.
    fn hide(&mut self, at: usize) {
        for at in &self.same[at] {
            let cell = &self.table.cells[*at];
            if cell.truth != Truth::Absent && cell.rule.is_some() {
                self.hidden.cells[*at] = true;
                // A zero beside a mark.
                self.hidden.or_zero[*at] |= cell.truth == Truth::Count(0.0) && cell.before.is_none();
            }
        }
    }

    /// The counts that are hidden for their size, and those that may be: what a source withholds, and what is not given yet.
    fn at_risk(&self) -> impl Iterator<Item = usize> {
        (0..self.table.cells.len()).filter(|at| {
            let cell = &self.table.cells[*at];
            let is_kept = [&self.set_aside, &self.left_open, &self.unprotected].into_iter().all(|of| !of.contains(at));
            is_kept
                && match (cell.truth, cell.rule) {
                    (Truth::Count(count), Some(rule)) => rule.is_small(count),
                    (Truth::Marked, Some(_)) => true,
                    (Truth::Absent, _) => cell.is_awaited,
                    _ => false,
                }
        })
    }

    /// The first count that can be worked out, or nearly, with what it hangs together with; nothing where it is fixed.
    fn first_told(&mut self) -> Option<(usize, Option<Component>)> {
        let at_risk: BTreeSet<usize> = self.at_risk().collect();
        for component in components(self.table, &self.hidden) {
            let told =
                component.unknown.iter().map(|(at, _)| *at).find(|at| at_risk.contains(at) && !self.is_safe(*at, &component));
            if told.is_some() {
                return told.map(|at| (at, Some(component)));
            }
        }
        at_risk.into_iter().find(|at| self.hidden.is_known(self.table, *at)).map(|at| (at, None))
    }

    fn is_safe(&mut self, at: usize, component: &Component) -> bool {
        if self.possible(at, component, LEAST_POSSIBLE).len() >= LEAST_POSSIBLE {
            return true;
        }
        let cell = &self.table.cells[at];
        let most = cell.rule.map_or(0.0, |rule| f64::from(rule.most));
        let least = || component.least(at).map_or(0.0, f64::ceil);
        match cell.truth {
            // A mark that stands for no small count keeps three counts of any size.
            Truth::Marked => least() > most && self.leaves_three(at, component),
            // One that is not given is not small, whatever else it is.
            Truth::Absent => least() > most || component.greatest(at).is_some_and(|greatest| greatest < 1.0),
            Truth::Count(_) => false,
        }
    }

    /// Whether the count can be its least and each of the two above.
    fn leaves_three(&self, at: usize, component: &Component) -> bool {
        let least = component.least(at).map_or(0.0, f64::ceil).max(1.0);
        (0..3).all(|more| component.with(at, least + f64::from(more)).is_some())
    }

    /// A count that is not given and may be small or not is left open where three counts are, of any size. False for any other.
    fn leaves_others(&mut self, at: usize, component: Option<&Component>) -> bool {
        let leaves = self.table.cells[at].is_awaited && component.is_some_and(|component| self.leaves_three(at, component));
        if leaves {
            self.left_open.insert(at);
        }
        leaves
    }

    /// Values of the protected range that the count can have; no more are looked for than are `wanted`.
    fn possible(&mut self, at: usize, component: &Component, wanted: usize) -> BTreeSet<u8> {
        let Some(rule) = self.table.cells[at].rule else { return BTreeSet::new() };
        let range = 1..=rule.most;
        let seen = |value: &u8| self.ways.iter().any(|way| way.get(&at) == Some(&f64::from(*value)));
        let mut found: BTreeSet<u8> = range.clone().filter(seen).collect();
        for value in range {
            if found.len() < wanted
                && !found.contains(&value)
                && let Some(way) = component.with(at, f64::from(value))
            {
                self.ways.push(way);
                found.insert(value);
            }
        }
        found
    }

    /// Whether the figure can be hidden beside a small one: it is shown, is not zero, and was not shown before.
    fn can_be_hidden(&self, at: usize) -> bool {
        let cell = &self.table.cells[at];
        let is_shown = matches!(cell.truth, Truth::Count(count) if count != 0.0) && !self.hidden.cells[at];
        is_shown && cell.rule.is_some() && cell.before.is_none()
    }

    /// Hides what costs least so that the count can have as many values as it must. What a figure costs is by the secret, and
    /// more where it is a sum of others; it is never by its size. False where nothing was left to hide.
    fn hide_beside(&mut self, at: usize, component: Option<&Component>) -> bool {
        let (Some(rule), Some(component)) = (self.table.cells[at].rule, component) else { return false };
        let mut possible = self.possible(at, component, LEAST_POSSIBLE);
        let mut changes = false;
        for value in 1..=rule.most {
            if possible.len() >= LEAST_POSSIBLE {
                break;
            }
            if possible.contains(&value) {
                continue;
            }
            let cost = |at: usize| self.can_be_hidden(at).then(|| self.cost(at));
            let Some(more) = cheapest(self.table, &self.hidden, (at, f64::from(value)), cost) else { continue };
            changes |= !more.cells.is_empty();
            more.cells.into_iter().for_each(|at| self.hide(at));
            self.ways.extend(more.way);
            possible.insert(value);
        }
        changes
    }

    fn cost(&self, at: usize) -> f64 {
        let cell = &self.table.cells[at];
        let of_level = [1.0, 4.0, 16.0][usize::from(cell.level.min(2))];
        // From 0 to 1.
        let drawn =
            f64::from(u32::try_from(self.secret.number("order", &cell.key) >> 32).unwrap_or(u32::MAX)) / f64::from(u32::MAX);
        of_level * (1.0 + drawn)
    }

    fn members(&self, sum: usize) -> impl Iterator<Item = usize> {
        let sum = &self.table.sums[sum];
        sum.parts.iter().chain([&sum.whole]).copied()
    }

    /// Hides the zeros of the sums in which the count stands, so that nothing of their parts is known not to be zero. False
    /// where that was done before.
    fn hide_zeros_around(&mut self, at: usize) -> bool {
        let mut changes = false;
        for sum in self.sums[at].clone() {
            let parts: BTreeSet<usize> = self.table.sums[sum].parts.iter().flat_map(|part| &self.same[*part]).copied().collect();
            for part in parts {
                let cell = &self.table.cells[part];
                // One that an earlier pack showed too: beside a zero that is shown, what is hidden is none.
                if cell.truth != Truth::Absent && !cell.is_gone && cell.rule.is_some() && !self.hidden.or_zero[part] {
                    self.hidden.cells[part] = true;
                    self.hidden.or_zero[part] = true;
                    changes = true;
                }
            }
        }
        changes
    }

    fn hide_all(&mut self) {
        self.is_whole_table = true;
        for (at, cell) in self.table.cells.iter().enumerate().filter(|(_, cell)| cell.truth != Truth::Absent) {
            // A measure that is not protected is hidden with one that cannot be protected otherwise.
            self.hidden.cells[at] = true;
            self.hidden.or_zero[at] = cell.before.is_none();
        }
    }

    /// What earlier packs give away by themselves is not protected any more by hiding what these would show.
    fn set_aside_what_was_given_away(&mut self) {
        if self.table.cells.iter().all(|cell| cell.before.is_none()) {
            return;
        }
        let mut bare = Hiding::of(self.table, self.secret);
        bare.hide_all();
        while let Some((at, component)) = bare.first_told() {
            if !bare.leaves_others(at, component.as_ref()) {
                bare.set_aside.insert(at);
            }
        }
        (self.set_aside, self.left_open) = (bare.set_aside, bare.left_open);
    }

    fn hide_some_without_need(&mut self) {
        let is_hidden = |at: &usize| self.hidden.cells[*at];
        let sums = (0..self.table.sums.len()).filter(|sum| self.members(*sum).any(|at| is_hidden(&at)));
        let beside: BTreeSet<usize> = sums.flat_map(|sum| self.members(sum)).collect();
        // One draw for all figures that are the same count.
        let drawn = |at: &usize| {
            let first = self.same[*at].first().unwrap_or(at);
            let number = self.secret.number("without need", &self.table.cells[*first].key);
            let can_be_hidden = |at: &usize| self.table.cells[*at].truth == Truth::Absent || self.can_be_hidden(*at);
            let is_system = |at: &usize| self.table.cells[*at].level == 2;
            number.is_multiple_of(ONE_IN)
                && self.can_be_hidden(*at)
                && self.same[*at].iter().all(|at| can_be_hidden(at) && !is_system(at))
        };
        let drawn: BTreeSet<usize> = beside.into_iter().filter(drawn).flat_map(|at| self.same[at].clone()).collect();
        drawn.iter().for_each(|at| self.hide(*at));
        // One that would be told all the same is shown.
        let components = components(self.table, &self.hidden);
        let is_told = |at: &usize| {
            let Truth::Count(count) = self.table.cells[*at].truth else { return false };
            let of = components.iter().find(|component| component.unknown.iter().any(|(unknown, _)| unknown == at));
            !of.is_some_and(|of| of.with(*at, count + 1.0).is_some() && of.with(*at, count + 2.0).is_some())
        };
        let told: BTreeSet<usize> = drawn.iter().copied().filter(is_told).flat_map(|at| self.same[at].clone()).collect();
        told.into_iter().for_each(|at| self.hidden.cells[at] = false);
    }

    fn outcome(mut self) -> Outcome {
        let key = |at: &usize| self.table.cells[*at].key.clone();
        let is_gone = |at: &usize| self.table.cells[*at].is_gone;
        let mut outcome = Outcome {
            is_whole_table: self.is_whole_table,
            unprotected: self.unprotected.iter().map(key).collect(),
            given_away: self.set_aside.iter().filter(|at| !is_gone(at)).map(key).collect(),
            ..Outcome::default()
        };
        for (_, cell) in self.table.cells.iter().enumerate().filter(|(at, cell)| self.hidden.cells[*at] && !cell.is_gone) {
            let why = match (cell.truth, cell.rule) {
                (Truth::Count(count), Some(rule)) if rule.is_small(count) => Why::Small,
                (Truth::Marked, _) => Why::Marked,
                _ => Why::Beside,
            };
            outcome.hidden.insert(cell.key.clone(), why);
        }
        let at_risk: BTreeSet<usize> = self.at_risk().filter(|at| self.hidden.cells[*at]).collect();
        for component in components(self.table, &self.hidden) {
            for at in component.unknown.iter().map(|(at, _)| *at).filter(|at| at_risk.contains(at)) {
                let possible = self.possible(at, &component, usize::MAX);
                outcome.possible.insert(self.table.cells[at].key.clone(), possible);
            }
            let most = |at: usize| match (self.table.cells[at].truth, self.table.cells[at].rule) {
                (Truth::Count(_), Some(rule)) if at_risk.contains(&at) => f64::from(rule.most),
                _ => f64::INFINITY,
            };
            for at in component.unknown.iter().map(|(at, _)| *at).filter(|at| self.hidden.cells[*at] && !at_risk.contains(at)) {
                let range = component.range(at, &most);
                outcome.ranges.insert(self.table.cells[at].key.clone(), range);
            }
        }
        outcome
    }
}

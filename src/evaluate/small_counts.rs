//! Which counts of one period must be hidden so that no small one can be had, not even by subtraction.

use crate::area::AreaCode;
use std::collections::{BTreeMap, BTreeSet};

/// What a reader could know of one area's count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    Count(f64),
    /// The source withholds it already.
    Withheld,
}

/// An area and the parts that make its whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sum<'a> {
    pub whole: &'a AreaCode,
    pub parts: &'a [AreaCode],
}

/// The counts of one measure and period over all areas, and how they add up.
pub(super) struct Counts<'a> {
    pub cells: BTreeMap<&'a AreaCode, Cell>,
    pub sums: Vec<Sum<'a>>,
    /// Counts of 1 up to this are small.
    pub most: f64,
}

impl<'a> Counts<'a> {
    /// The small counts, and the smallest others that must go with them; zeros stay.
    ///
    /// A hidden count is had where the sums fix it: by elimination over all of them (districts add up to
    /// authorities and to places at once), or because so many hidden counts of one sum can add up to what is left
    /// of it in one way only, each being at least 1 and, where all are small, at most `most`. While one is had, the
    /// smallest published count of its sums is hidden too.
    pub(super) fn hidden(&self) -> BTreeSet<&'a AreaCode> {
        let small = |cell: &Cell| match cell {
            Cell::Count(count) => *count > 0.0 && *count <= self.most,
            Cell::Withheld => true,
        };
        let mut hidden: BTreeSet<&AreaCode> = self.cells.iter().filter(|(_, cell)| small(cell)).map(|(code, _)| *code).collect();
        while let Some(had) = self.had(&hidden) {
            let of_its_sums = |code: &AreaCode| self.sums.iter().any(|sum| sum.has(had) && sum.has(code));
            let Some(next) = self.smallest(&hidden, of_its_sums).or_else(|| self.smallest(&hidden, |_| true)) else { break };
            hidden.insert(next);
        }
        hidden
    }

    /// The smallest count above zero that is still published, of the areas asked for.
    fn smallest(&self, hidden: &BTreeSet<&AreaCode>, wanted: impl Fn(&AreaCode) -> bool) -> Option<&'a AreaCode> {
        let published = self.cells.iter().filter_map(|(code, cell)| match cell {
            Cell::Count(count) if *count > 0.0 && !hidden.contains(code) && wanted(code) => Some((*code, *count)),
            _ => None,
        });
        published.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(code, _)| code)
    }

    /// A hidden count that a reader can work out.
    fn had(&self, hidden: &BTreeSet<&AreaCode>) -> Option<&'a AreaCode> {
        let sums: Vec<Sum<'a>> = self.sums.iter().copied().filter(|sum| hidden.iter().any(|code| sum.has(code))).collect();
        sums.iter().find_map(|sum| self.had_by_bounds(sum, hidden)).or_else(|| self.had_by_elimination(&sums, hidden))
    }

    fn had_by_bounds(&self, sum: &Sum<'a>, hidden: &BTreeSet<&AreaCode>) -> Option<&'a AreaCode> {
        let published = |code: &AreaCode| match self.cells.get(code) {
            Some(Cell::Count(count)) if !hidden.contains(code) => Some(*count),
            _ => None,
        };
        let mut left = published(sum.whole)?;
        let (mut first, mut number, mut all_small, mut all_known) = (None, 0.0, true, true);
        for part in sum.parts {
            match (published(part), hidden.get(part)) {
                (Some(count), _) => left -= count,
                (None, Some(part)) => {
                    first = first.or(Some(*part));
                    number += 1.0;
                    all_small &= !matches!(self.cells.get(part), Some(Cell::Count(count)) if *count > self.most);
                }
                (None, None) => all_known = false,
            }
        }
        let first = first.filter(|_| left <= number || (all_small && all_known && left >= number * self.most))?;
        self.cells.get_key_value(first).map(|(code, _)| *code)
    }

    /// By the sums and what follows from them: a row with a single unknown left fixes it, and so do rows that bound
    /// it from both sides, every hidden count being at least 1.
    fn had_by_elimination(&self, sums: &[Sum<'a>], hidden: &BTreeSet<&AreaCode>) -> Option<&'a AreaCode> {
        let unknown = |code: &AreaCode| hidden.contains(code) || !self.cells.contains_key(code);
        let areas = sums.iter().flat_map(|sum| sum.parts.iter().chain([sum.whole]));
        let columns: Vec<&'a AreaCode> = areas.filter(|code| unknown(code)).collect::<BTreeSet<_>>().into_iter().collect();
        // The parts less the whole are nothing: what is published of that stands in the last column.
        let given: Vec<Vec<f64>> = sums
            .iter()
            .map(|sum| {
                let coefficient = |code: &AreaCode| match (sum.parts.contains(code), sum.whole == code) {
                    (true, false) => 1.0,
                    (false, true) => -1.0,
                    _ => 0.0,
                };
                let published = self.cells.iter().filter(|(code, _)| !unknown(code)).map(|(code, cell)| match cell {
                    Cell::Count(count) => -coefficient(code) * count,
                    Cell::Withheld => 0.0,
                });
                columns.iter().map(|code| coefficient(code)).chain([published.sum()]).collect()
            })
            .collect();
        let mut rows = reduced(given.clone(), 0..columns.len());
        rows.extend(reduced(given.clone(), (0..columns.len()).rev()));
        let single = rows.iter().find_map(|row| {
            let mut left = columns.iter().zip(row).filter(|(_, x)| x.abs() > TINY).map(|(code, _)| *code);
            left.next().filter(|code| hidden.contains(code) && left.next().is_none())
        });
        rows.extend(given);
        let had = single.or_else(|| {
            let least = columns.iter().map(|code| if hidden.contains(code) { 1.0 } else { 0.0 }).collect();
            let bounds = bounds(&rows, least);
            let fixed =
                columns.iter().zip(bounds).find(|(code, (lower, upper))| hidden.contains(*code) && (upper - lower).abs() < 0.5);
            fixed.map(|(code, _)| *code)
        })?;
        self.cells.get_key_value(had).map(|(code, _)| *code)
    }
}

/// What counts as nothing among coefficients.
const TINY: f64 = 1e-9;

/// Gauss and Jordan, the columns taken in the order given.
fn reduced(mut rows: Vec<Vec<f64>>, columns: impl Iterator<Item = usize>) -> Vec<Vec<f64>> {
    let mut done = 0;
    for column in columns {
        let Some(pivot) = (done..rows.len()).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs())) else {
            break;
        };
        if rows[pivot][column].abs() < TINY {
            continue;
        }
        rows.swap(done, pivot);
        let by = rows[done][column];
        rows[done].iter_mut().for_each(|x| *x /= by);
        let leading = rows[done].clone();
        for (i, row) in rows.iter_mut().enumerate() {
            let times = row[column];
            if i != done && times != 0.0 {
                row.iter_mut().zip(&leading).for_each(|(x, lead)| *x -= times * lead);
            }
        }
        done += 1;
    }
    rows
}

/// The narrowest bounds of each unknown that can be had by going over the rows again and again.
fn bounds(rows: &[Vec<f64>], least: Vec<f64>) -> Vec<(f64, f64)> {
    let mut bounds: Vec<(f64, f64)> = least.into_iter().map(|least| (least, f64::INFINITY)).collect();
    // Each round reaches one row further; what matters is reached in as many as there are rows.
    for _ in 0..rows.len() {
        for row in rows {
            let Some((total, coefficients)) = row.split_last() else { continue };
            let used = |j: &usize| coefficients[*j].abs() > TINY;
            for j in (0..coefficients.len()).filter(used) {
                let (mut from, mut to) = (*total, *total);
                for k in (0..coefficients.len()).filter(used).filter(|k| *k != j) {
                    let (c, (lower, upper)) = (coefficients[k], bounds[k]);
                    from -= if c > 0.0 { c * upper } else { c * lower };
                    to -= if c > 0.0 { c * lower } else { c * upper };
                }
                let ends = (from / coefficients[j], to / coefficients[j]);
                let (lower, upper) = if coefficients[j] > 0.0 { ends } else { (ends.1, ends.0) };
                bounds[j] = (bounds[j].0.max(lower), bounds[j].1.min(upper));
            }
        }
    }
    bounds
}

impl Sum<'_> {
    fn has(&self, code: &AreaCode) -> bool {
        self.whole == code || self.parts.contains(code)
    }
}

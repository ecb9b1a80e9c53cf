//! Whether a figure that a pack hid or rounded has the same count now: kept as marks, which tell no count.

use super::secret::Secret;
use crate::figure::FigureKey;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A mark of each count that a pack hid or rounded. Two packs have the same mark of a figure where it had the same count; nobody
/// can tell the count from it who has not the installation's secret.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CountMarks {
    /// Tells by which secret they were made.
    secret: u64,
    marks: Vec<(FigureKey, u64)>,
}

impl CountMarks {
    pub(super) fn of(counts: &BTreeMap<FigureKey, f64>, secret: &Secret) -> Self {
        let marks = counts.iter().map(|(key, count)| (key.clone(), secret.mark(key, *count))).collect();
        CountMarks { secret: secret.own_mark(), marks }
    }

    /// By the figures; none where they were made by another secret.
    pub(super) fn by_figure(&self, secret: &Secret) -> BTreeMap<&FigureKey, u64> {
        match self.secret == secret.own_mark() {
            true => self.marks.iter().map(|(key, mark)| (key, *mark)).collect(),
            false => BTreeMap::new(),
        }
    }
}

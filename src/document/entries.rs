//! What the entries of one kind in a file gave.

use std::collections::BTreeSet;

/// What entries of one kind gave.
pub(crate) struct Entries<T> {
    /// Each with its place, for later faults.
    pub good: Vec<(String, T)>,
    /// Those that could be read in part only: what could not has something else in its place. They are checked, and never
    /// used.
    pub mended: Vec<(String, T)>,
    /// Ids of entries that could not be read as they are: what names them is not at fault itself.
    pub broken: BTreeSet<String>,
    /// There are more, of which not even the id is known.
    pub is_incomplete: bool,
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self { good: Vec::new(), mended: Vec::new(), broken: BTreeSet::new(), is_incomplete: false }
    }
}

impl<T> Entries<T> {
    pub fn extend(&mut self, other: Self) {
        self.good.extend(other.good);
        self.mended.extend(other.mended);
        self.broken.extend(other.broken);
        self.is_incomplete |= other.is_incomplete;
    }

    pub fn values(self) -> Vec<T> {
        self.good.into_iter().map(|(_, entry)| entry).collect()
    }

    /// Those that are sound, then the mended ones.
    pub fn all(&self) -> impl Iterator<Item = &(String, T)> {
        self.good.iter().chain(&self.mended)
    }
}
